"""Which items a judgement is about: a set that is asked, or every set a codebook suggests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.survey import Codebook, Wave

WHOLE = "(all)"
_CATEGORICAL = ("binary", "ordinal", "nominal")


@dataclass(frozen=True)
class Candidate:
    """Items that may form a scale.

    Attributes
    ----------
    name : str
    label : Label
    items : tuple of str
    declared : tuple of str
        Those that the codebook puts in a scale; empty where it declares none.
    """

    name: str
    label: Label
    items: tuple[str, ...]
    declared: tuple[str, ...] = ()


def suggested_sets(codebook: Codebook) -> tuple[Candidate, ...]:
    """Give every set of two or more items that a codebook suggests.

    Each scale, with the items of no scale that were asked in the same block (where the scale
    lies within one block); what is left of a block whose scale spans several; blocks without a
    scale; multi-response sets without their exclusive option, unless coded from open answers.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    tuple of Candidate
    """
    found = []
    taken: set[str] = set()
    for name, scale in codebook.scales.items():
        items = codebook.items(name)
        blocks = {codebook.variable(x).battery for x in items}
        block = next(iter(blocks)) if len(blocks) == 1 else None
        mates = codebook.battery(block) if block is not None else ()
        extra = [x for x in mates if codebook.variable(x).scale is None]
        label = Label(scale.label.nl, scale.label.en)
        found.append(Candidate(name, label, (*items, *extra), items))
        taken.update(items, extra)
    for name, block_entry in codebook.batteries.items():
        rest = tuple(x for x in codebook.battery(name) if x not in taken)
        found.append(Candidate(name, Label(block_entry.label.nl, block_entry.label.en), rest))
    for name, entry in codebook.sets.items():
        members = tuple(
            x
            for x in codebook.members(name)
            if x != entry.exclusive and codebook.variable(x).origin == "questionnaire"
        )
        found.append(Candidate(name, Label(entry.label.nl, entry.label.en), members))
    return tuple(candidate for candidate in found if len(candidate.items) >= 2)


def choose(
    source: Wave | pd.DataFrame, items: str | Sequence[str] | None, name: str | None
) -> Candidate:
    """Give the set that is asked.

    Raises
    ------
    InputError
        Lists every fault.
    """
    if isinstance(source, Wave):
        found = _of_wave(source.codebook, items, name)
    else:
        columns = [str(column) for column in source.columns if column != "sector"]
        chosen = columns if items is None else [items] if isinstance(items, str) else list(items)
        found = Candidate(
            name or "items", Label(name or "uitspraken", name or "items"), tuple(chosen)
        )
    faults = _faults(source, found.items)
    if faults:
        raise InputError("judge", faults)
    return found


def _of_wave(book: Codebook, items: str | Sequence[str] | None, name: str | None) -> Candidate:
    if items is None:
        raise InputError(
            "judge", ["items: a wave needs a scale, a block of items or items by name"]
        )
    if not isinstance(items, str):
        label = Label(name or "uitspraken", name or "items")
        return Candidate(name or "items", label, tuple(items))
    if items in book.scales:
        text, members = book.scales[items].label, book.items(items)
    elif items in book.batteries:
        text, members = book.batteries[items].label, book.battery(items)
    else:
        known = ", ".join(map(repr, [*book.scales, *book.batteries])) or "none"
        raise InputError("judge", [f"items: expected a scale or block of {known}, got {items!r}"])
    return Candidate(name or items, Label(text.nl, text.en), members)


def _faults(source: Wave | pd.DataFrame, items: Sequence[str]) -> list[str]:
    faults = []
    if len(set(items)) < 2:
        faults.append(f"items: expected at least two, got {len(set(items))}")
    faults += [f"item {x!r}: given twice" for x in dict.fromkeys(items) if items.count(x) > 1]
    for x in dict.fromkeys(items):
        if isinstance(source, Wave):
            if x not in source.codebook.variables:
                faults.append(f"item {x!r}: the codebook has no such variable")
            elif source.codebook.variable(x).type not in _CATEGORICAL:
                kind = source.codebook.variable(x).type
                faults.append(f"item {x!r}: expected answers in categories, got {kind}")
        elif x not in source.columns:
            faults.append(f"item {x!r}: the frame has no such column")
        elif not pd.api.types.is_numeric_dtype(source[x].dtype):
            faults.append(f"item {x!r}: expected numbers, the column holds {source[x].dtype}")
    return faults


def by_sector(source: Wave | pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give the rows of each sector; one part where a frame tells none."""
    if isinstance(source, Wave):
        return {sector: source.sector(sector).frame for sector in source.sectors}
    if "sector" not in source.columns:
        return {WHOLE: source}
    return {str(key): part for key, part in source.groupby("sector", sort=True)}
