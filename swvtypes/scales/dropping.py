"""Taking items away from a set until the rest is a scale or the set has failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.survey import Wave

from .horn import ParallelOptions, parallel_analysis
from .internal_consistency import Reliability, ReliabilityOptions, describe_responses
from .moments import weighted_moments
from .responses import read_responses
from .reversal import end_points, turn_round
from .rules import Reason, ScaleRules, Verdict

STATISTICS = ("item_rest", "loading", "alpha_if_dropped")
_QUIET = ReliabilityOptions(interval="none")


@dataclass
class Course:
    """Where taking items away has got to (internal to a judgement)."""

    rules: ScaleRules
    labels: Mapping[str, Label]
    frames: dict[str, pd.DataFrame]
    kept: list[str]
    by_design: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    turned: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    found: dict[str, Reliability | None] = field(default_factory=dict)
    n_factors: dict[str, float] = field(default_factory=dict)

    def because(
        self,
        code: str,
        item: str = "",
        sector: str = "",
        *,
        value: float = np.nan,
        limit: float = np.nan,
    ) -> None:
        """Note a reason."""
        label = self.labels.get(item, Label("", ""))
        self.reasons.append(Reason(code, item, sector, value, limit, label))


def leave_out_without_order(course: Course, wave: Wave) -> bool:
    """Leave every item out when answers of one have no order; say whether all have one."""
    unordered = [x for x in course.kept if wave.codebook.variable(x).type == "nominal"]
    if not unordered:
        return True
    course.because("no_order", value=len(unordered))
    course.by_design, course.kept = list(course.kept), []
    course.rows += [{"item": x, "sector": s} for x in course.by_design for s in course.frames]
    return False


def leave_out_by_design(course: Course, wave: Wave | None) -> None:
    """Leave out items that the data lack or that one sector was not asked."""
    for item in tuple(course.kept):
        absent = any(item not in frame.columns for frame in course.frames.values())
        asked = wave is None or all(wave.codebook.asked(item, s) for s in wave.codebook.sectors)
        if absent or (course.rules.comparable and not asked):
            course.because("absent" if absent else "not_comparable", item)
            course.kept.remove(item)
            course.by_design.append(item)
            course.rows += [{"item": item, "sector": sector} for sector in course.frames]


def turn_items(course: Course, wave: Wave) -> None:
    """Turn round what the codebook marks, and items of no scale that fit better so."""
    book = wave.codebook
    marked = [x for x in course.kept if book.variable(x).reversed]
    course.frames = {s: _turned(frame, marked, wave) for s, frame in course.frames.items()}
    if not course.rules.turn or len(course.kept) < 2:
        return
    core = [x for x in course.kept if book.variable(x).scale is not None]
    course.turned = _misfits(course, core)
    course.frames = {s: _turned(f, course.turned, wave) for s, f in course.frames.items()}
    for item in course.turned:
        course.because("turned", item)


def _turned(frame: pd.DataFrame, items: Sequence[str], wave: Wave) -> pd.DataFrame:
    frame = frame.copy()
    for item in items:
        ends = end_points(wave.codebook, item)
        if ends is not None:
            frame[item] = turn_round(frame[item], *ends)
    return frame


def _misfits(course: Course, core: Sequence[str]) -> list[str]:
    """Items of no scale that relate negatively to the scale, or to what the others share."""
    parts = []
    for frame in course.frames.values():
        values = frame[course.kept].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        moments = weighted_moments(values, np.ones(len(values)))
        parts.append(np.where(moments.counts >= 3, moments.correlation, np.nan))
    together = np.nan_to_num(np.stack(parts)).mean(axis=0)
    if core:
        at = [course.kept.index(x) for x in core]
        signs = together[:, at].sum(axis=1)
    else:
        signs = np.linalg.eigh(together)[1][:, -1]
        signs = signs * (-1 if (signs < 0).sum() * 2 > len(signs) else 1)
    return [x for x, sign in zip(course.kept, signs, strict=True) if sign < 0 and x not in core]


def take_away(course: Course) -> None:
    """Take failing items away, the weakest first, as far as the rules allow."""
    rules = course.rules
    n_items = len(course.kept)
    while True:
        course.found = {s: _compute(course, f) for s, f in course.frames.items()}
        failing = _failing(course)
        if not failing:
            return
        gone = len(course.failed) + 1
        most = int(np.floor(rules.maximum_dropped * n_items + 1e-9))
        if len(course.kept) - 1 < rules.minimum_items:
            value = len(course.kept) - len(failing)
            course.because("too_few_items", value=value, limit=rules.minimum_items)
            return
        if gone > most:
            course.because("too_many_dropped", value=gone + len(failing) - 1, limit=most)
            return
        _drop(course, min(failing, key=lambda item: _strength(course, item)))


def _compute(course: Course, frame: pd.DataFrame) -> Reliability | None:
    """Reliability of the items that are left; None where it cannot be computed."""
    try:
        responses = read_responses(frame, course.kept, missing=course.rules.missing)
        return describe_responses(responses, _QUIET)
    except InputError:
        return None


def _failing(course: Course) -> list[str]:
    """Items that fail in every sector, or in any; none where a sector cannot be computed."""
    results = [found for found in course.found.values() if found is not None]
    if len(results) < len(course.found) or len(course.kept) < 2:
        return []
    quorum = all if course.rules.fails_in == "every" else any
    return [x for x in course.kept if quorum(_fails(found, x, course.rules) for found in results)]


def _fails(found: Reliability, item: str, rules: ScaleRules) -> bool:
    row = _statistics(found, item)
    alone = not row["item_rest"] >= rules.minimum_item_rest
    apart = bool(row["loading"] < rules.minimum_loading)
    rises = np.isnan(row["alpha_if_dropped"]) or row["alpha_if_dropped"] > found.alpha
    return bool((alone or apart) and rises)


def _strength(course: Course, item: str) -> float:
    results = [found for found in course.found.values() if found is not None]
    values = [_statistics(found, item)["item_rest"] for found in results]
    return float(np.mean([-1.0 if np.isnan(value) else value for value in values]))


def _drop(course: Course, item: str) -> None:
    rules = course.rules
    for sector, found in course.found.items():
        if found is None or not _fails(found, item, rules):
            continue
        row = _statistics(found, item)
        if row["sd"] == 0:
            course.because("constant", item, sector)
            continue
        if row["item_rest"] < rules.minimum_item_rest:
            course.because(
                "low_item_rest", item, sector, value=row["item_rest"], limit=rules.minimum_item_rest
            )
        if row["loading"] < rules.minimum_loading:
            course.because(
                "low_loading", item, sector, value=row["loading"], limit=rules.minimum_loading
            )
        course.because(
            "alpha_rises", item, sector, value=row["alpha_if_dropped"], limit=found.alpha
        )
    course.rows += _rows(course, item)
    course.kept.remove(item)
    course.failed.append(item)


def _statistics(found: Reliability, item: str) -> dict[str, float]:
    table = found.items
    row = table.to_numpy(dtype=float)[table.index.get_loc(item)]
    return dict(zip(table.columns, row.tolist(), strict=True))


def _rows(course: Course, item: str) -> list[dict[str, object]]:
    return [
        {
            "item": item,
            "sector": sector,
            **{k: np.nan if found is None else _statistics(found, item)[k] for k in STATISTICS},
        }
        for sector, found in course.found.items()
    ]


def conclude(course: Course) -> Verdict:
    """Give the verdict over the items that are left, and note why."""
    rules = course.rules
    if not course.found:
        return "no_scale"
    for item in course.kept:
        course.rows += _rows(course, item)
    fails = any(r.code in ("too_few_items", "too_many_dropped") for r in course.reasons)
    if len(course.kept) < rules.minimum_items:
        course.because("too_few_items", value=len(course.kept), limit=rules.minimum_items)
        fails = True
    for sector, found in course.found.items():
        if found is None:
            course.because("not_computable", sector=sector)
            fails = True
            continue
        low = not found.alpha >= rules.minimum_alpha
        course.because(
            "low_alpha" if low else "enough_alpha",
            sector=sector,
            value=found.alpha,
            limit=rules.minimum_alpha,
        )
        course.n_factors[sector] = _count_factors(course, course.frames[sector])
        flat = rules.require_factor and not course.n_factors[sector] >= 1
        if flat:
            course.because("no_factor", sector=sector)
        fails = fails or low or flat
    if fails:
        return "no_scale"
    return "drop_items" if course.failed or course.by_design else "forms_scale"


def _count_factors(course: Course, frame: pd.DataFrame) -> float:
    rules = course.rules
    options = ParallelOptions(n_replicates=rules.n_parallel, seed=rules.seed)
    try:
        responses = read_responses(frame, course.kept, missing=rules.missing)
        return parallel_analysis(responses, options).n_factors
    except InputError:
        return np.nan
