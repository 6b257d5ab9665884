"""Weights that give respondents the margins of everyone, by raking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import RakingError

from .wording import listed

Floats = NDArray[np.float64]
Margin = Mapping[Any, float] | pd.Series


@dataclass(frozen=True)
class RakingOptions:
    """When raking stops.

    Attributes
    ----------
    max_iter : int
        Most rounds over all margins.
    tolerance : float
        Largest difference between a share that is reached and its target.
    """

    max_iter: int = 2000
    tolerance: float = 1e-10

    def __post_init__(self) -> None:
        faults = []
        if not isinstance(self.max_iter, int) or self.max_iter < 1:
            faults.append(f"max_iter: expected at least 1, got {self.max_iter!r}")
        if not isinstance(self.tolerance, int | float) or not self.tolerance > 0:
            faults.append(f"tolerance: expected a number above 0, got {self.tolerance!r}")
        if faults:
            raise RakingError("RakingOptions", faults)


@dataclass(frozen=True, eq=False)
class Raking:
    """Weights, and how they were reached.

    Attributes
    ----------
    weights : Series of float by organisation
        Survey weights with mean one. They are not frequencies.
    table : DataFrame
        variable, category, n, target, before, after (shares).
    rounds : DataFrame
        round, difference: the largest gap between a share and its target after each round.
    design_effect : float
        Kish's (1965) ``n sum w^2 / (sum w)^2``: what the weights cost in precision.
    effective_n : float
        Respondents over the design effect.
    """

    weights: pd.Series[float]
    table: pd.DataFrame
    rounds: pd.DataFrame
    design_effect: float
    effective_n: float

    @property
    def n_rounds(self) -> int:
        """Rounds that were needed."""
        return len(self.rounds)


def population_margins(everyone: pd.DataFrame, variables: list[str]) -> dict[str, pd.Series]:
    """Count the categories of everyone, in the form that :func:`rake_weights` takes.

    Parameters
    ----------
    everyone : DataFrame by organisation
        All organisations that exist. Cut numbers into classes first.
    variables : list of str

    Raises
    ------
    RakingError
        Lists variables that are absent or have gaps.
    """
    faults = [
        f"{name!r}: everyone has no such column" for name in variables if name not in everyone
    ]
    faults += [
        f"{name!r}: {int(everyone[name].isna().sum())} organisations lack it"
        for name in variables
        if name in everyone and everyone[name].isna().any()
    ]
    if faults:
        raise RakingError("population_margins", faults)
    return {name: everyone[name].value_counts(sort=False) for name in variables}


def rake_weights(
    respondents: pd.DataFrame,
    margins: Mapping[str, Margin],
    options: RakingOptions | None = None,
    initial: pd.Series[float] | None = None,
) -> Raking:
    """Weight respondents to the margins of everyone (iterative proportional fitting).

    Parameters
    ----------
    respondents : DataFrame by organisation
        Those that answered, with the variables of `margins` as categories.
    margins : mapping of variable to (category to number or share)
        Numbers must add up to the same total for each variable.
    options : RakingOptions, optional
    initial : Series of float by organisation, optional
        Weights to start from; one each when left out.

    Returns
    -------
    Raking

    Raises
    ------
    RakingError
        When no weights can meet the margins: lists empty categories, categories without a
        target, gaps in the answers, totals that differ; or, after the last round, the targets
        that are not met because the margins contradict the cells that are empty.

    References
    ----------
    Deming, W. E. & Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known. *Annals of Mathematical Statistics*, 11,
    427-444.

    Examples
    --------
    >>> frame = pd.DataFrame({"sector": ["po", "po", "po", "vo"], "size": list("abab")})
    >>> raked = rake_weights(frame, {"sector": {"po": 77, "vo": 75}, "size": {"a": 0.5, "b": 0.5}})
    Traceback (most recent call last):
    ...
    swvtypes.errors.RakingError: rake_weights: 1 fault
    - margins: expected the same total for each variable, got sector 152, size 1
    """
    options = options or RakingOptions()
    faults = _faults(respondents, margins, initial)
    if faults:
        raise RakingError("rake_weights", faults)
    targets = {name: _shares(margin) for name, margin in margins.items()}
    groups = {name: _members(respondents[name], t) for name, t in targets.items()}
    start = np.ones(len(respondents)) if initial is None else _aligned(initial, respondents.index)
    start = start / start.sum()
    w, rounds = start.copy(), []
    for _ in range(options.max_iter):
        for name, target in targets.items():
            reached = groups[name].T @ w
            w = w * (groups[name] @ (target.to_numpy() / reached))
        gap = max(float(np.abs(groups[k].T @ w - t.to_numpy()).max()) for k, t in targets.items())
        rounds.append(gap)
        if gap <= options.tolerance:
            break
    table = _table(groups, targets, start, w)
    if rounds[-1] > options.tolerance:
        raise RakingError("rake_weights", _unmet(table, len(rounds)))
    effect = float(len(w) * (w**2).sum() / w.sum() ** 2)
    numbers = np.arange(1, len(rounds) + 1)
    return Raking(
        pd.Series(w * len(w), index=respondents.index, name="survey_weight"),
        table,
        pd.DataFrame({"round": numbers, "difference": rounds}),
        effect,
        len(w) / effect,
    )


def _faults(
    frame: pd.DataFrame, margins: Mapping[str, Margin], initial: pd.Series[float] | None
) -> list[str]:
    faults = []
    if not margins or not len(frame):
        faults.append("expected at least one margin and one respondent")
    totals = {}
    for name, margin in margins.items():
        target = pd.Series(margin, dtype=float)
        if not np.isfinite(target).all() or (target < 0).any() or not target.sum() > 0:
            faults.append(f"{name!r}: expected targets of at least 0, got {listed(target)}")
            continue
        totals[name] = float(target.sum())
        faults += _category_faults(frame, name, target)
    if totals and max(totals.values()) - min(totals.values()) > 1e-9 * max(totals.values()):
        found = ", ".join(f"{name} {total:g}" for name, total in totals.items())
        faults.append(f"margins: expected the same total for each variable, got {found}")
    if initial is not None:
        known = initial.reindex(frame.index).astype(float)
        if not (np.isfinite(known) & (known > 0)).all():
            faults.append("initial: expected a number above 0 for each respondent")
    return faults


def _category_faults(frame: pd.DataFrame, name: str, target: pd.Series[float]) -> list[str]:
    if name not in frame:
        return [f"{name!r}: respondents have no such column"]
    column = frame[name]
    faults = []
    if column.isna().any():
        faults.append(f"{name!r}: {int(column.isna().sum())} respondents lack it")
    found = set(column.dropna().unique())
    empty = [c for c, t in target.items() if t > 0 and c not in found]
    strange = [c for c in column.dropna().unique() if not target.get(c, 0.0) > 0]
    if empty:
        faults.append(
            f"{name!r}: nobody answered in {listed(empty)}; join it with another category"
        )
    if strange:
        faults.append(f"{name!r}: respondents in {listed(strange)}, which has no target above 0")
    return faults


def _shares(margin: Margin) -> pd.Series[float]:
    target = pd.Series(margin, dtype=float)
    target = target[target > 0]
    return target / target.sum()


def _members(column: pd.Series, target: pd.Series[float]) -> Floats:
    values = column.astype(object).to_numpy()
    return np.column_stack([(values == category).astype(float) for category in target.index])


def _aligned(weights: pd.Series[float], index: pd.Index) -> Floats:
    return np.asarray(weights.reindex(index), dtype=float)


def _table(
    groups: dict[str, Floats], targets: dict[str, pd.Series[float]], start: Floats, w: Floats
) -> pd.DataFrame:
    rows = []
    for name, target in targets.items():
        members = groups[name]
        parts = zip(
            target.index, members.sum(axis=0), target, members.T @ start, members.T @ w, strict=True
        )
        rows += [(name, c, int(n), t, before, after) for c, n, t, before, after in parts]
    return pd.DataFrame(rows, columns=["variable", "category", "n", "target", "before", "after"])


def _unmet(table: pd.DataFrame, n_rounds: int) -> list[str]:
    gap = (table["after"] - table["target"]).abs()
    worst = table[gap > 1e-8] if (gap > 1e-8).any() else table[gap == gap.max()]
    parts = zip(worst["variable"], worst["category"], worst["after"], worst["target"], strict=True)
    return [
        f"{name!r}, {category!r}: share {after:.6f} after {n_rounds} rounds, target {target:.6f}; "
        "the margins contradict the combinations that nobody has"
        for name, category, after, target in parts
    ]
