"""Budget lines: shares as printed, and log-ratios, which shares with a fixed total need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, OptionError
from swvtypes.language import Label
from swvtypes.survey import Wave

from .asking import Question, answer, ask, filled
from .composition import isometric_basis, log_ratios, replace_zeros
from .engine import Related
from .findings import Floats
from .options import ValidationOptions, ZeroReplacement
from .outcomes import Outcome, as_numbers
from .reading import By, Continuum
from .result import DISAGREEMENTS, FIRST, Validation
from .wording import REMARKS


def against_budget(
    wave: Wave,
    by: By,
    options: ValidationOptions | None = None,
    *,
    composition: str = "budget",
    weights: pd.Series[float] | None = None,
) -> Validation:
    """Hold the parts of a composition against a continuum, hard groups or types.

    Parameters
    ----------
    wave : Wave
    by : str, Series or Membership
        A variable of the wave, a Series by organisation (numbers: a continuum; texts, categories,
        booleans: groups), or types with their classification error.
    options : ValidationOptions, optional
    composition : str
        A composition of the codebook.
    weights : Series of float by organisation, optional
        Survey weights; those of the wave when left out.

    Returns
    -------
    Validation
        For each post the share (as printed) and its log-ratio; under the composition's own name
        all posts at once. `disagreements` sets share and log-ratio side by side.

    Raises
    ------
    OptionError
        For a composition that the codebook lacks.
    InputError
        Lists what else cannot be used.

    Notes
    -----
    Shares use every row that has the post; log-ratios need all posts of a row. A post that is
    itself `by` is not held against itself; the log-ratios of the others still contain it.
    """
    question = ask(wave, by, options, weights)
    compositions = wave.codebook.compositions
    if composition not in compositions:
        known = ", ".join(map(repr, compositions)) or "none (the codebook has none)"
        raise OptionError("composition", f"one of {known}", composition)
    names = [name for name in wave.codebook.members(composition) if name in wave.variables]
    if len(names) < 2:
        raise InputError("composition", [f"{composition!r}: expected at least two parts"])
    shares = np.column_stack([as_numbers(wave.column(name)) for name in names])
    parts = _Parts(wave, composition, tuple(names), shares)
    zeros, entry = question.options.zeros, compositions[composition]
    plain, ratios = parts.plain(), parts.ratios(question.options, zeros)
    complete = shares[~np.isnan(shares).any(axis=1)]
    remarks = (
        REMARKS["shares_sum"],
        filled(
            "zeros", n=len(complete), zeros=int((complete == 0).sum()),
            value=f"{zeros.value(entry.total):g}",
        ),
    )  # fmt: skip
    return answer(
        question,
        Label(entry.label.nl, entry.label.en),
        [*plain, *ratios, parts.whole(zeros)],
        remarks=remarks,
        disagreements=_disagreements(question, parts, plain),
    )


class _Parts:
    """The parts of a composition, and outcomes made of them."""

    def __init__(
        self, wave: Wave, composition: str, names: tuple[str, ...], shares: Floats
    ) -> None:
        self.names, self.shares = names, shares
        self.entry = wave.codebook.compositions[composition]
        labels = [wave.codebook.variable(name).label for name in names]
        self.labels = [Label(label.nl, label.en) for label in labels]

    def plain(self) -> list[Outcome]:
        return [
            Outcome(name, label, "number", self.shares[:, [at]], "share", (), frozenset({name}))
            for at, (name, label) in enumerate(zip(self.names, self.labels, strict=True))
        ]

    def filled_up(self, zeros: ZeroReplacement) -> Floats:
        return replace_zeros(self.shares, zeros, self.entry.total)

    def ratios(self, options: ValidationOptions, zeros: ZeroReplacement) -> list[Outcome]:
        values = log_ratios(self.filled_up(zeros), options.coordinates)
        every = frozenset(self.names)
        return [
            Outcome(name, label, "number", values[:, [at]], "log_ratio", (), every)
            for at, (name, label) in enumerate(zip(self.names, self.labels, strict=True))
        ]

    def whole(self, zeros: ZeroReplacement) -> Outcome:
        values = isometric_basis(self.filled_up(zeros))
        label = Label(self.entry.label.nl, self.entry.label.en)
        every = frozenset(self.names)
        return Outcome(self.entry.id, label, "whole", values, "log_ratio", (), every)


def _disagreements(question: Question, parts: _Parts, plain: list[Outcome]) -> pd.DataFrame:
    """Set shares beside log-ratios, the latter with zeros replaced by half, once and double."""
    options = replace(question.options, exact="never")
    quick = replace(question, options=options)
    out = quick.left_out(plain)
    shares = _first(quick.related(plain))
    runs = []
    for factor in (1.0, 0.5, 2.0):
        zeros = replace(options.zeros, limit=options.zeros.smallest(parts.entry.total) * factor)
        ratios = [o for o in parts.ratios(options, zeros) if o.name not in out]
        runs.append(_first(quick.related(ratios)))
    alpha = 1 - options.level
    signed = isinstance(question.grounds, Continuum)
    rows = []
    for key, (analysis, estimate, p) in shares.items():
        _, ratio, ratio_p = runs[0].get(key, ("", np.nan, np.nan))
        around = [run[key][2] for run in runs if key in run]
        known = [x for x in around if not np.isnan(x)]
        lowest, highest = (min(known), max(known)) if known else (np.nan, np.nan)
        both = not np.isnan(p) and not np.isnan(ratio_p)
        rows.append(
            (
                *key, analysis, estimate, p, ratio, ratio_p, lowest, highest,
                bool(signed and both and estimate * ratio < 0),
                bool(both and (p < alpha) != (ratio_p < alpha)),
                bool(known and (lowest < alpha) != (highest < alpha)),
            )
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(DISAGREEMENTS))


def _first(related: list[Related]) -> dict[tuple[str, str], tuple[str, float, float]]:
    """Give analysis, estimate and p of the first test, by outcome and scope."""
    found = {}
    for one in related:
        test = next((t for t in one.findings.tests if t.analysis in FIRST), None)
        if test is not None:
            found[one.outcome.name, one.scope] = (test.analysis, test.estimate, test.p_value)
    return found
