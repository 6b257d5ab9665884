"""Notes under one table that repeat those of another."""

from __future__ import annotations

from collections.abc import Iterable

from swvtypes.auditing.finding import Finding
from swvtypes.auditing.record import Record


def mark_repeated_notes(record: Record, findings: Iterable[Finding]) -> list[Finding]:
    """Say of a misfit in a note that the note repeats another one, where the number does fit.

    Two notes are the same when they print the same numbers of the same kinds and sectors, about
    different variables.
    """
    notes: dict[str, list[tuple[str, str, str]]] = {}
    variables: dict[str, set[str]] = {}
    for s in record.statements:
        if s.printed is not None:
            notes.setdefault(s.locator, []).append((s.kind, s.sector, s.printed.text))
            variables.setdefault(s.locator, set()).add(s.var1)
    repeated = {
        locator: other
        for locator, numbers in notes.items()
        for other, others in notes.items()
        if locator != other
        and len(numbers) > 1
        and numbers == others
        and not variables[locator] & variables[other]
    }
    wrong = {f.place.locator for f in findings}
    out = []
    for finding in findings:
        other = repeated.get(finding.place.locator)
        if other is not None and other not in wrong and finding.check == "derived":
            out.append(
                Finding(
                    finding.place,
                    "repeated_note",
                    finding.printed,
                    finding.expected,
                    "repeated_note",
                    finding.confidence,
                    {**finding.words, "other": other},
                )
            )
        else:
            out.append(finding)
    return out
