"""A codebook file as it came: what of each entry is sound, and what is at fault.

An entry with a fault keeps its sound parts, so that the checks among entries still see them and
one error can list all faults.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from .plain_faults import plain_fault
from .schema import (
    AnswerList,
    Category,
    CodebookFile,
    Composition,
    Entry,
    Header,
    MissingReason,
    Named,
    ResponseSet,
    Scale,
    Sector,
    Variable,
)
from .wording import shown

E = TypeVar("E", bound=Entry)

KINDS: dict[str, tuple[str, type[Entry]]] = {
    "sectors": ("sector", Sector),
    "variables": ("variable", Variable),
    "themes": ("theme", Named),
    "batteries": ("battery", Named),
    "scales": ("scale", Scale),
    "sets": ("set", ResponseSet),
    "compositions": ("composition", Composition),
    "answers": ("answer list", AnswerList),
    "missing": ("missing reason", MissingReason),
}
_NEEDED = ("sectors", "variables")
_LABEL = {"nl": "-", "en": "-"}
_STAND_INS: dict[str, Any] = {
    "id": "unnamed",
    "label": _LABEL,
    "type": "continuous",
    "enters": "random",
    "population": 1,
    "code": 0,
    "categories": [{"code": 0, "label": _LABEL}, {"code": 1, "label": _LABEL}],
}


@dataclass(frozen=True)
class Draft(Generic[E]):
    """One entry: its sound parts, stand-ins for the `broken` ones, and what to call it."""

    entry: E
    name: str
    broken: frozenset[str] = frozenset()

    def sound(self, *keys: str) -> bool:
        """Whether all these keys are sound."""
        return self.broken.isdisjoint(keys)


@dataclass(frozen=True)
class Drafts:
    """A whole file: the drafts of each kind, and the faults of the single entries."""

    kinds: dict[str, list[Draft[Any]]]
    faults: list[str] = field(default_factory=list)
    file: CodebookFile | None = None


def read_draft(raw: dict[str, Any]) -> Drafts:
    """Check every entry by itself.

    Parameters
    ----------
    raw : dict
        The parsed file.

    Returns
    -------
    Drafts
        ``file`` is None when there are faults.
    """
    try:
        file = CodebookFile.model_validate(raw)
    except ValidationError:
        return _salvage_file(raw)
    kinds = {
        kind: [Draft(entry, f"{noun} {entry.id!r}") for entry in getattr(file, kind)]
        for kind, (noun, _) in KINDS.items()
    }
    return Drafts(kinds, [], file)


def _salvage_file(raw: dict[str, Any]) -> Drafts:
    faults: list[str] = []
    try:
        Header.model_validate({key: value for key, value in raw.items() if key not in KINDS})
    except ValidationError as error:
        known = [*Header.model_fields, *KINDS]
        faults += [f"codebook, {_explain(item, known)}" for item in error.errors()]
    kinds: dict[str, list[Draft[Any]]] = {}
    for kind, (noun, model) in KINDS.items():
        kinds[kind] = []
        entries = raw.get(kind, [])
        if not isinstance(entries, list):
            faults.append(
                f"codebook, key {kind!r}: expected a list of tables, got {shown(entries)}"
            )
            continue
        if kind in _NEEDED and not entries:
            faults.append(f"codebook, key {kind!r}: expected at least one {noun}, found none")
        for number, entry in enumerate(entries, start=1):
            salvaged, found = _salvage(model, entry, _name(noun, entry, number))
            faults += found
            if salvaged is not None:
                kinds[kind].append(salvaged)
    return Drafts(kinds, faults)


def _name(noun: str, raw: object, number: int) -> str:
    identity = raw.get("id") if isinstance(raw, dict) else None
    return f"{noun} {shown(identity)}" if isinstance(identity, str) else f"{noun} number {number}"


def _salvage(model: type[E], raw: object, name: str) -> tuple[Draft[E] | None, list[str]]:
    if not isinstance(raw, dict):
        return None, [f"{name}: expected a table with keys, got {shown(raw)}"]
    try:
        return Draft(model.model_validate(raw), name), []
    except ValidationError as error:
        items = error.errors()
    faults = [f"{name}, {_explain(item, list(model.model_fields))}" for item in items]
    broken = frozenset(str(item["loc"][0]) for item in items if item["loc"])
    kept = {key: value for key, value in raw.items() if key not in broken}
    kept |= {key: _STAND_INS[key] for key in broken & _STAND_INS.keys() & model.model_fields.keys()}
    entry = model.model_validate(kept)
    if "categories" in broken:
        entry = entry.model_copy(update={"categories": _categories(raw.get("categories"))})
    return Draft(entry, name, broken), faults


def _categories(raw: object) -> tuple[Category, ...]:
    """Give the categories whose code is sound."""
    found: list[Category] = []
    for entry in raw if isinstance(raw, list) else []:
        salvaged, _ = _salvage(Category, entry, "category")
        if salvaged is not None and salvaged.sound("code"):
            found.append(salvaged.entry)
    return tuple(found)


def _explain(item: Any, known: list[str]) -> str:
    """Give one fault of pydantic as ``key 'x': expected ..., got ...``."""
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in item["loc"])
    return f"key {key!r}: {plain_fault(item, known)}"
