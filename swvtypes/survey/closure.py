"""Compositions: shares that must add up, and what happens when they do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .answers import Answers, Place
from .codebook import Codebook
from .raw import BoolArray, FloatArray
from .rows import Report
from .schema import Composition
from .wording import listed, shown

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Change:
    """One line of a wave's log: sums before and after."""

    row: int
    what: str
    before: float
    after: float


def close_compositions(
    report: Report, codebook: Codebook, found: dict[str, Answers], places: dict[str, Place]
) -> list[Change]:
    """Check that compositions add up; rescale those whose rule says so.

    Parameters
    ----------
    report : Report
        Takes the faults. Under ``reject``: sums off the total, and rows with some parts blank.
        Under ``rescale``: sums of 0, and rows with some parts blank whose other parts do not add
        up (how much was left out cannot be known; where they do, the blank stays blank).
    codebook : Codebook
        The rules.
    found : dict of str to Answers
        Columns read; parts of rescaled rows are replaced in place.
    places : dict of str to Place
        A part that was not put to a row does not count for it.

    Returns
    -------
    list of Change
        Rows that were rescaled or tolerated.
    """
    changes: list[Change] = []
    for identity, entry in codebook.compositions.items():
        parts = [name for name in codebook.members(identity) if name in found]
        if parts:
            changes += _close(report, entry, parts, (found, places))
    return changes


def _close(
    report: Report,
    entry: Composition,
    parts: list[str],
    columns: tuple[dict[str, Answers], dict[str, Place]],
) -> list[Change]:
    found, places = columns
    values = np.column_stack([found[name].answer for name in parts])
    asked = np.column_stack([places[name].asked & places[name].let_in for name in parts])
    judged = ~np.column_stack(
        [found[name].given & np.isnan(found[name].coded) for name in parts]
    ).any(axis=1)
    filled = ~np.isnan(values)
    sums = np.where(filled & asked, values, 0.0).sum(axis=1)
    partly = (filled & asked).any(axis=1) & (~filled & asked).any(axis=1)
    some = (filled & asked).any(axis=1) & judged
    off = some & ~partly & (np.abs(sums - entry.total) > _slack(entry))
    changes: list[Change] = []
    for at in np.flatnonzero((partly & some) | off).tolist():
        blank = [name for name, has in zip(parts, filled[at] | ~asked[at], strict=True) if not has]
        changes += _judge(report, entry, at, (blank, float(sums[at])))
    rescaled = [change.row for change in changes if change.what.endswith("rescaled")]
    _rescale(rescaled, (values, sums), entry.total, (parts, found))
    return changes


def _slack(entry: Composition) -> float:
    return entry.tolerance + _ROUNDING


def _judge(
    report: Report, entry: Composition, at: int, seen: tuple[list[str], float]
) -> list[Change]:
    """Fault or change: what the rule says of a row whose parts do not add up."""
    blank, total = seen
    name = f"{report.row(at)}, composition {entry.id!r}"
    if entry.closure == "tolerate":
        what = f"{entry.id}: {'partly blank' if blank else 'off the total'}, kept"
        return [Change(at, what, total, total)]
    if blank and entry.closure == "rescale" and abs(total - entry.total) <= _slack(entry):
        return [Change(at, f"{entry.id}: partly blank but closed, kept", total, total)]
    if blank:
        report.add(f"{name}: expected all parts or none, found none in {listed(blank)}")
        return []
    wanted = f"a total of {shown(entry.total)}"
    if entry.tolerance:
        wanted += f" (give or take {shown(entry.tolerance)})"
    if entry.closure == "reject":
        report.add(f"{name}: expected {wanted}, got {shown(round(total, 6))}")
        return []
    if total <= 0:
        report.add(f"{name}: expected {wanted} or parts to rescale, got {shown(total)}")
        return []
    return [Change(at, f"{entry.id}: rescaled", total, entry.total)]


def _rescale(
    rows: list[int],
    numbers: tuple[FloatArray, FloatArray],
    total: float,
    columns: tuple[list[str], dict[str, Answers]],
) -> None:
    values, sums = numbers
    parts, found = columns
    if not rows:
        return
    chosen: BoolArray = np.zeros(len(sums), dtype=bool)
    chosen[rows] = True
    for at, name in enumerate(parts):
        old = found[name]
        new = np.where(chosen, values[:, at] / np.where(chosen, sums, 1.0) * total, old.answer)
        coded = np.where(chosen, new, old.coded)
        found[name] = Answers(new, coded, old.given, old.sound)
