"""Put answers of incomplete rows in place before a search, and keep the search off them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from .extremes import admissible_answers, complete_rows_suffice, scale_counts
from .objective import Signature
from .project import Project, QuantitySpec, Target
from .quantities import BLANK
from .stream import Stream

Columns = dict[str, list[int]]
Pins = dict[str, frozenset[int]]


def pin_minima(
    project: Project,
    relevant: Mapping[Signature, Sequence[Target]],
    columns: Columns,
    stream: Stream,
) -> Pins:
    """Swap admissible answers into the incomplete rows of scales that need it.

    Returns
    -------
    dict of str to frozenset of int
        Rows that the search must leave alone, by column. Empty where complete rows can have the
        printed minimum.
    """
    pins: Pins = {}
    sectors = project.rows()
    for sign, targets in relevant.items():
        spec = project.quantities.get(sign.var1)
        lowest = [t for t in targets if t.kind == "min"]
        if spec is None or spec.kind != "scale" or not lowest:
            continue
        if complete_rows_suffice(spec, lowest[0]):
            continue
        rows = [r for r, s in enumerate(sectors) if sign.sector in (s, "both")]
        prints = [
            t
            for other, group in relevant.items()
            if (other.var1, other.var2, other.sector) == (sign.var1, "", sign.sector)
            for t in group
        ]
        pins |= _pin(project, spec, prints, columns, rows, stream)
    return pins


def _pin(
    project: Project,
    spec: QuantitySpec,
    prints: Sequence[Target],
    columns: Columns,
    rows: Sequence[int],
    stream: Stream,
) -> Pins:
    names = [name for name, _ in spec.variables]
    answered = {
        row: tuple(place for place, name in enumerate(names) if _given(project, name, columns, row))
        for row in rows
    }
    incomplete = [row for row in rows if 0 < len(answered[row]) < len(names)]
    counts = [Counter(columns[name][row] for row in rows) for name in names]
    for count in counts:
        del count[BLANK]
    scale = scale_counts(project, spec, counts, [answered[row] for row in incomplete])
    options = admissible_answers(scale, prints)
    if not options:
        return {}
    low, high = (int(code) for code in spec.codes.split())
    for row, values in zip(incomplete, options[stream.below(len(options))], strict=True):
        for place, value in zip(answered[row], values, strict=True):
            name, reverse = spec.variables[place]
            _bring(columns[name], low + high - value if reverse else value, row, incomplete, rows)
    return {name: frozenset(incomplete) for name in names}


def _given(project: Project, name: str, columns: Columns, row: int) -> bool:
    value = columns[name][row]
    return value > BLANK and value not in project.variables[name].missing


def _bring(
    column: list[int], value: int, row: int, pinned: Sequence[int], rows: Sequence[int]
) -> None:
    """Swap a value into a row, from a row that is not itself being put in place."""
    if column[row] == value:
        return
    free = [r for r in rows if column[r] == value and r not in pinned]
    later = [r for r in pinned if column[r] == value and r > row]
    other = (free + later)[0]
    column[row], column[other] = column[other], column[row]
