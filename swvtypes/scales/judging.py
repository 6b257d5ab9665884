"""The judgement over items: a scale, no scale, or a scale without some of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from swvtypes.language import Label
from swvtypes.survey import Wave

from .candidates import Candidate, by_sector, choose, suggested_sets
from .dropping import (
    STATISTICS,
    Course,
    conclude,
    leave_out_by_design,
    leave_out_without_order,
    take_away,
    turn_items,
)
from .evidence import item_evidence, set_evidence
from .judgement import Judgement, Judgements
from .rules import Evidence, ScaleRules


def judge(
    source: Wave | pd.DataFrame,
    items: str | Sequence[str] | None = None,
    rules: ScaleRules | None = None,
    *,
    name: str | None = None,
) -> Judgement:
    """Decide whether items form a scale, by stated rules.

    Parameters
    ----------
    source : Wave or DataFrame
        Raw answers of a wave (its codebook says what is reversed), or a frame with one column an
        item, turned round already; a column ``sector`` makes sectors.
    items : str or sequence of str, optional
        A scale or battery of the codebook, or items by name; every column of a frame unless
        given.
    rules : ScaleRules, optional
    name : str, optional
        What to call the set.

    Returns
    -------
    Judgement

    Raises
    ------
    InputError
        Lists every fault: fewer than two items, unknown ones, columns without numbers.

    Notes
    -----
    Survey weights do not enter. Items whose answers have no order (nominal) form no scale; recode
    them into a frame of one's own to try. Items are never added back. A sector with too few
    answers makes no scale.
    """
    if isinstance(source, pd.DataFrame):
        source = source.rename(columns=str)
    return _judged(source, choose(source, items, name), rules or ScaleRules())


def judge_all(wave: Wave, rules: ScaleRules | None = None) -> Judgements:
    """Judge every set that the codebook suggests, and hold it against what it declares.

    Parameters
    ----------
    wave : Wave
    rules : ScaleRules, optional

    Returns
    -------
    Judgements
        One for each of :func:`swvtypes.scales.suggested_sets`.
    """
    rules = rules or ScaleRules()
    asked = suggested_sets(wave.codebook)
    return Judgements(asked, tuple(_judged(wave, candidate, rules) for candidate in asked))


def _judged(source: Wave | pd.DataFrame, asked: Candidate, rules: ScaleRules) -> Judgement:
    wave = source if isinstance(source, Wave) else None
    labels = {item: _label(wave, item) for item in asked.items}
    course = Course(rules, labels, by_sector(source), list(asked.items))
    ordered = wave is None or leave_out_without_order(course, wave)
    if ordered:
        leave_out_by_design(course, wave)
        if wave is not None:
            turn_items(course, wave)
        take_away(course)
    verdict = conclude(course)
    evidence: dict[str, Evidence] = {
        item: "questionnaire"
        if item in course.by_design
        else item_evidence(wave, item, asked.items)
        for item in asked.items
    }
    dropped = tuple(item for item in asked.items if item not in course.kept)
    return Judgement(
        asked.name,
        asked.label,
        verdict,
        () if verdict == "no_scale" else tuple(course.kept),
        dropped,
        tuple(course.turned),
        tuple(course.reasons),
        set_evidence(list(evidence.values())),
        evidence,
        rules,
        labels,
        _item_table(course, asked.items, dropped, evidence),
        _sector_table(course),
    )


def _label(wave: Wave | None, item: str) -> Label:
    if wave is None:
        return Label(item, item)
    text = wave.codebook.variable(item).label
    return Label(text.nl, text.en)


def _item_table(
    course: Course, items: Sequence[str], dropped: Sequence[str], evidence: dict[str, Evidence]
) -> pd.DataFrame:
    table = pd.DataFrame(course.rows, columns=["item", "sector", *STATISTICS])
    table = table.astype(dict.fromkeys(STATISTICS, float))
    order = {item: at for at, item in enumerate(items)}
    table = table.sort_values("item", key=lambda column: column.map(order), kind="stable")
    table["decision"] = ["drop" if item in dropped else "keep" for item in table["item"]]
    table["evidence"] = [evidence[item] for item in table["item"]]
    return table.reset_index(drop=True)


def _sector_table(course: Course) -> pd.DataFrame:
    nan = float("nan")
    rows = [
        {
            "sector": sector,
            "n": 0.0 if found is None else found.n,
            "n_items": len(course.kept),
            "alpha": nan if found is None else found.alpha,
            "n_factors": course.n_factors.get(sector, nan),
        }
        for sector, found in course.found.items()
    ]
    return pd.DataFrame(rows, columns=["sector", "n", "n_items", "alpha", "n_factors"])
