"""Groups on the continuum, set against each other on every aspect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.scales.moments import FloatArray
from swvtypes.survey import Wave

from .aspects import NO_ASPECTS, Aspect, AspectChoice, aspect_values, choose_aspects
from .cut_sensitivity import try_every_cut
from .cutting import Cuts, make_cuts
from .equivalence import check_margin
from .group_rows import Grouped, Row, grouped, mean_rows, pair_rows, tests_row
from .group_text import group_lines
from .multiplicity import adjust
from .options import SteeringOptions
from .relating import seed_key
from .scopes import POOLED, Positions, position_labels, read_positions, rows_by_scope
from .weighted_moments import share_estimate


@dataclass(frozen=True, eq=False)
class SteeringGroups:
    """Groups on the continuum, set against each other.

    Attributes
    ----------
    variable : str
    cuts : Cuts
    sizes : DataFrame
        A row a sector (and pooled) and group: sector, group, range, n, share, lower, upper
        (Wilson).
    membership : Series of str, index organisation
        Group of each organisation; missing where it gave no position.
    means : DataFrame
        A row an aspect, scope and group: aspect, block, scope, group, n, mean, sd, lower, upper.
        The scope ``"(adjusted)"`` repeats the plain pooled means; its test takes sectors out.
    tests : DataFrame
        A row an aspect and scope: aspect, block, scope, n, smallest_group, f, df1, df2, p_value
        (F; with sectors taken out in ``"(adjusted)"``; Wald under weights), welch_f, welch_df2,
        p_welch, kruskal_h, p_kruskal, eta_squared, omega_squared, detectable_f (Cohen's f that
        this design shows with the power asked), p_permutation (F by rearrangement, within
        sectors where adjusted), p_holm (within block and scope), p_holm_all and q_all (over all
        aspects of a scope).
    pairs : DataFrame
        A row an aspect, scope and pair of groups: aspect, block, scope, first, second, n_first,
        n_second, difference (second less first), lower, upper, p_value (Welch), p_exact (for
        yes-or-no answers: every rearrangement counted; else NaN), p_holm (over the pairs, of
        p_exact where there is one, else of p_value), cohen_d, hedges_g, g_lower, g_upper,
        detectable, p_equivalence, provable, verdict (on p_holm and the raw p_equivalence).
    other_cuts : DataFrame
        A row an aspect, scope and admissible cut into as many groups: aspect, block, scope,
        cuts, chosen, smallest_group, f, df1, df2, p_value, order (groups from the lowest to the
        highest mean).
    sensitivity : DataFrame
        A row an aspect and scope: aspect, block, scope, n_cuts, n_significant, p_chosen,
        p_smallest, p_largest, p_permutation, p_any_cut (the largest F over all cuts, by
        rearrangement), same_order (share of cuts with the same order of means), reading:
        "always", "mostly", "seldom" (significant as cut, and under all, more than half, at most
        half of the cuts), "elsewhere" (not as cut, under another cut), "never", "undefined".
    labels : dict of str to Label
        Of aspects.
    margin : float or None
        Standardised difference stated beforehand.
    options : SteeringOptions
    synthetic, carries_weights : bool
    """

    variable: str
    cuts: Cuts
    sizes: pd.DataFrame
    membership: pd.Series
    means: pd.DataFrame
    tests: pd.DataFrame
    pairs: pd.DataFrame
    other_cuts: pd.DataFrame
    sensitivity: pd.DataFrame
    labels: Mapping[str, Label]
    margin: float | None
    options: SteeringOptions
    synthetic: bool
    carries_weights: bool

    def text(self, language: Language = "nl") -> str:
        """Say in sentences what was found, with what must be said of the rows.

        Raises
        ------
        OptionError
            When the language is neither ``"nl"`` nor ``"en"``.
        """
        check_language(language)
        return "\n".join(group_lines(self, language))


def groups(
    wave: Wave,
    cuts: Sequence[int] = (3, 7),
    *,
    variable: str = "steering",
    aspects: AspectChoice = None,
    margin: float | None = None,
    options: SteeringOptions | None = None,
) -> SteeringGroups:
    """Cut the continuum into groups and set them against each other.

    Parameters
    ----------
    wave : Wave
    cuts : sequence of int
        Last position of each group but the last: ``(3, 7)`` is 1-3, 4-7 and 8-10.
    variable : str
        An ordinal variable, or a count with a minimum and a maximum.
    aspects : sequence of str or Aspect, optional
        :func:`standard_aspects` unless given.
    margin : float, optional
        Standardised difference from which groups would matter, stated before the answers were
        seen; without one nothing is said about equivalence.
    options : SteeringOptions, optional

    Returns
    -------
    SteeringGroups
        Missing answers are left out aspect by aspect. Under ``options.weighted`` means are
        weighted, F is a Wald test with linearised errors, and Welch, Kruskal-Wallis,
        rearrangements, intervals of effect sizes and what the design shows are NaN.

    Raises
    ------
    InputError
        Lists every fault of the variable, the cuts, the aspects (also a wave without any of the
        standard ones, when none are named) or the margin (also one stated
        under weights).

    Notes
    -----
    With ties and skew as in these answers F, Kruskal-Wallis and the tests by rearrangement keep
    their level at n = 65 while the groups spread alike; where spreads differ and the smallest
    group spreads most they do not (0.13 for 0.05), Welch nearly does (0.06), and the pairs do
    (stored study ``steering_level``). The text names Welch wherever the two disagree.
    """
    options = options or SteeringOptions()
    if margin is not None:
        check_margin(margin, np.inf)
        if options.weighted:
            fault = "expected none under weights: equivalence of weighted means is not offered"
            raise InputError("groups", [f"margin: {fault}"])
    positions = read_positions(wave, variable, options.weighted)
    division = make_cuts(cuts, list(position_labels(wave.codebook, variable)))
    chosen = [a for a in choose_aspects(wave, aspects) if a.source != variable]
    if not chosen:
        raise InputError("groups", [NO_ASPECTS])
    values = aspect_values(wave, chosen)
    parts = list(_parts(positions, division, chosen, values))
    tables = _tables(parts, margin, options)
    codes = division.codes(positions.x)
    names = [division.names[code] if code >= 0 else None for code in codes]
    return SteeringGroups(
        variable,
        division,
        _sizes(positions, division, options),
        pd.Series(names, index=wave.frame.index, dtype="str", name="group"),
        *tables,
        {aspect.id: aspect.label(wave.codebook) for aspect in chosen},
        margin,
        options,
        bool(wave.provenance.get("synthetic")),
        wave.survey_weight is not None,
    )


def _parts(
    positions: Positions, cuts: Cuts, aspects: Sequence[Aspect], values: Mapping[str, FloatArray]
) -> Iterator[tuple[Aspect, Grouped]]:
    for aspect in aspects:
        for rows in rows_by_scope(positions, values[aspect.id]):
            yield aspect, grouped(rows, cuts)


def _tables(
    parts: list[tuple[Aspect, Grouped]], margin: float | None, options: SteeringOptions
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Make the tables of means, tests, pairs, other cuts and sensitivity."""
    means: list[Row] = []
    tests: list[Row] = []
    pairs: list[Row] = []
    others: list[Row] = []
    sensitivity: list[Row] = []
    for aspect, part in parts:
        head: Row = {"aspect": aspect.id, "block": aspect.block}
        found = try_every_cut(part, options, seed_key(aspect.id, part.rows.scope, 1))
        again = {"p_permutation": found.summary["p_permutation"]}
        means += [head | row for row in mean_rows(part, options)]
        tests.append(head | tests_row(part, options) | again)
        pairs += [head | row for row in pair_rows(part, margin, options)]
        others += [head | row for row in found.rows]
        sensitivity.append(head | found.summary)
    table = pd.DataFrame(tests)
    table["p_holm"] = adjust(table, "p_value", ["block", "scope"])
    table["p_holm_all"] = adjust(table, "p_value", ["scope"])
    table["q_all"] = adjust(table, "p_value", ["scope"], "false_discovery")
    frames = [pd.DataFrame(rows) for rows in (means, pairs, others, sensitivity)]
    return frames[0], table, frames[1], frames[2], frames[3]


def _sizes(positions: Positions, cuts: Cuts, options: SteeringOptions) -> pd.DataFrame:
    codes = cuts.codes(positions.x)
    wanted: list[tuple[str, int | None]] = [(s, at) for at, s in enumerate(positions.sectors)]
    if len(wanted) > 1:
        wanted.append((POOLED, None))
    rows = []
    for sector, at in wanted:
        here = codes >= 0 if at is None else (codes >= 0) & (positions.sector == at)
        weights = None if positions.weights is None else positions.weights[here]
        for group, (name, where) in enumerate(zip(cuts.names, cuts.ranges, strict=True)):
            found = share_estimate(codes[here] == group, weights, options.level)
            rows.append((sector, name, where, found.count, found.share, found.lower, found.upper))
    columns = ["sector", "group", "range", "n", "share", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)
