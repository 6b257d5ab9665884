"""Faults of single entries of a table file, in plain sentences with their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from swvtypes.survey.plain_faults import plain_fault
from swvtypes.survey.wording import shown

from .schema import Entry, TableFile

_OURS = "Value error, "


def entry_sentence(raw: Mapping[str, Any], fault: Any) -> str:
    """Say a fault that pydantic found in one line.

    Parameters
    ----------
    raw : mapping
        What the file holds.
    fault : mapping
        One of ``pydantic.ValidationError.errors()``.

    Returns
    -------
    str
        Place (the locator of its table where it has one), what was expected and what came.
    """
    where = ".".join(_place(raw, fault["loc"])) or "file"
    if fault["type"] == "value_error":
        return f"{where}: {fault['msg'].removeprefix(_OURS)}"
    if where == "schema_version" and fault["type"] != "missing":
        return f"{where}: this release reads version 1, got {shown(fault['input'])}"
    known = _known(fault["loc"])
    text = plain_fault(fault, known)
    if text == "unknown key":
        text += f"; known are {', '.join(known)}"
    is_chapter = fault["loc"][-1:] == ("chapter",) or fault["loc"][:1] == ("chapters",)
    if is_chapter and fault["type"] == "string_pattern_mismatch":
        text = f"expected small letters, digits and underscores, got {shown(fault['input'])}"
    return f"{where}: {text}"


def _place(raw: Mapping[str, Any], loc: tuple[str | int, ...]) -> list[str]:
    """Give the steps to an entry; a table goes by its locator."""
    steps = list(map(str, loc))
    if len(loc) > 1 and loc[0] == "tables" and isinstance(loc[1], int):
        entry = raw["tables"][loc[1]]
        locator = entry.get("locator") if isinstance(entry, dict) else None
        return [str(locator or f"table {loc[1] + 1}"), *steps[2:]]
    return steps


def _known(loc: tuple[str | int, ...]) -> list[str]:
    """Give the keys that the entry around a place may have."""
    model: type[Entry] = TableFile
    for step in loc[:-1]:
        if isinstance(step, str) and step in model.model_fields:
            model = _entry_of(model.model_fields[step].annotation) or model
    return list(model.model_fields)


def _entry_of(annotation: Any) -> type[Entry] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    found = (_entry_of(part) for part in get_args(annotation))
    return next((entry for entry in found if entry is not None), None)
