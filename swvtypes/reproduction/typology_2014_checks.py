"""How a run of a typology is held against one claim on the typology of 2014."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .typology_2014_runs import TypologyRun

_THEMES_AT_LEAST = 0.5


@dataclass(frozen=True)
class Found:
    """Whether a claim holds in one run, and the number that says so (None where there is none)."""

    holds: bool
    value: float | None = None


@dataclass(frozen=True)
class Rule:
    """How to hold a run against a claim: a check, its indicators and answers, its bounds."""

    check: str
    indicators: tuple[str, ...]
    codes: tuple[int, ...]
    low: float
    high: float


def _share(run: TypologyRun, rule: Rule) -> Found:
    extended = run.extended
    if extended is None:
        return Found(False)
    value = float(run.shares[extended])
    return Found(rule.low <= value <= rule.high, value)


def _contrast(run: TypologyRun, rule: Rule) -> Found:
    value = run.contrast(rule.indicators, rule.codes)
    return Found(run.exist is not False and rule.low <= value <= rule.high, value)


def _two_poles(run: TypologyRun, rule: Rule) -> Found:
    found = _contrast(run, rule)
    return Found(found.holds and len(run.shares) == 2, found.value)


def _types(run: TypologyRun, rule: Rule) -> Found:
    return Found(run.exist is True and len(run.shares) > 1, float(len(run.shares)))


def _contrast_themes(run: TypologyRun, rule: Rule) -> Found:
    by_theme = run.selection.groupby("theme")["selected"].any()
    value = float(by_theme.mean()) if len(by_theme) else 0.0
    return Found(value >= _THEMES_AT_LEAST, value)


def _mostly_positive(run: TypologyRun, rule: Rule) -> Found:
    rows = run.figures[run.figures["figure"].isin(rule.indicators)].set_index("type")
    if run.extended not in rows.index or run.exist is False:
        return Found(False)
    value = float(rows["positive"].to_dict()[run.extended])
    median = float(rows["median"].to_dict()[run.extended])
    return Found(rule.low < value <= rule.high and median > 0, value)


def _register(run: TypologyRun, rule: Rule) -> Found:
    return Found(not run.figures.empty)


def _each_theme(run: TypologyRun, rule: Rule) -> Found:
    return Found(run.selection["theme"].nunique() > 1, float(run.selection["theme"].nunique()))


def _selected_only(run: TypologyRun, rule: Rule) -> Found:
    chosen = set(run.selection.loc[run.selection["selected"].astype(bool), "indicator"])
    return Found(bool(run.used) and set(run.used) <= chosen, float(len(run.used)))


def _one_analysis(run: TypologyRun, rule: Rule) -> Found:
    theme = run.selection.set_index("indicator")["theme"]
    return Found(len({theme.get(name) for name in run.used}) > 1)


def _members(run: TypologyRun, rule: Rule) -> Found:
    return Found(bool(run.modal.notna().all()) and run.modal.index.is_unique)


CHECKS: Mapping[str, Callable[[TypologyRun, Rule], Found]] = {
    "share": _share,
    "contrast": _contrast,
    "two_poles": _two_poles,
    "types": _types,
    "contrast_themes": _contrast_themes,
    "mostly_positive": _mostly_positive,
    "register": _register,
    "each_theme": _each_theme,
    "selected_only": _selected_only,
    "one_analysis": _one_analysis,
    "both_sectors": _members,
    "can_be_run": _members,
    "members_kept": _members,
}
