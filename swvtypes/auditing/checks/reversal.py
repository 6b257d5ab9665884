"""Marks of items that were turned round: missing, superfluous, or not the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from swvtypes.auditing.facts import statistics
from swvtypes.auditing.finding import Confidence, Finding, Place
from swvtypes.auditing.meaning import Scale
from swvtypes.auditing.record import Record
from swvtypes.auditing.scores import score


def check_reversal(record: Record) -> Iterator[Finding]:
    """Find places that list a scale's items without the mark of one that was turned round.

    Which items were turned round is told by the printed means: a coding under which a mean
    cannot be had is refuted. Where the means leave it open, the wording decides and the finding
    is no more than likely.
    """
    if "marks" not in record.parts:
        return
    for scale in record.meaning.scales:
        for place in scale.listed:
            marked = {
                m.subject
                for m in record.marks
                if m.kind == "reversed" and m.locator == place and m.subject in scale.names
            }
            yield from _place(record, scale, place, marked)


def _fits(record: Record, scale: Scale, turned: set[str]) -> bool | None:
    """Say whether every printed mean can be had under a coding; None where none is printed."""
    judged = []
    for fact in statistics(record):
        if fact.variable != scale.variable or fact.kind != "mean":
            continue
        held = score(record, scale, fact.sector, turned)
        if held is not None:
            judged.append(fact.printed.overlaps(*held.mean_bounds()))
    return all(judged) if judged else None


def _place(record: Record, scale: Scale, place: str, marked: set[str]) -> Iterator[Finding]:
    negative = set(scale.negative)
    if marked == negative:
        return
    as_marked, as_worded = _fits(record, scale, marked), _fits(record, scale, negative)
    confidence: Confidence = "certain" if as_worded and as_marked is False else "likely"
    if as_marked and as_worded is False:
        return
    for name in scale.names:
        if (name in marked) == (name in negative):
            continue
        missing = name in negative
        key = "mark_missing" if missing else "mark_superfluous"
        yield Finding(
            Place(place, 0, "", name),
            "reversed_mark",
            "" if missing else name,
            name if missing else "",
            key if confidence == "likely" else f"{key}_mean",
            confidence,
            {"item": name.replace("_", " ")},
        )
