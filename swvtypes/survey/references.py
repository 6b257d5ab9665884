"""What the entries of a codebook must agree on among themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .draft import KINDS, Draft, Drafts
from .schema import Variable
from .wording import listed, meant, shown

COLUMNS = ("organisation", "sector", "synthetic", "seed", "survey_weight", "year")
IMPLICIT = ("blank", "routed_past", "not_asked")
CATEGORICAL = ("binary", "nominal", "ordinal")
_POINTERS = {
    "theme": "themes",
    "answers": "answers",
    "scale": "scales",
    "battery": "batteries",
    "set": "sets",
    "composition": "compositions",
}


@dataclass(frozen=True)
class _Index:
    """Drafts by kind and id (the first of duplicates)."""

    drafts: Drafts
    by_id: dict[str, dict[str, Draft[Any]]]

    def find(self, kind: str, identity: str | None) -> Draft[Any] | None:
        return None if identity is None else self.by_id[kind].get(identity)

    def members(self, key: str, identity: str) -> list[Draft[Any]]:
        """Variables whose `key` names this entry."""
        return [d for d in self.drafts.kinds["variables"] if getattr(d.entry, key) == identity]

    def codes(self, variable: Draft[Any]) -> set[int] | None:
        """Codes of a variable's categories; None when they cannot be told."""
        entry: Variable = variable.entry
        if not variable.sound("answers", "type"):
            return None
        if entry.answers is None:
            return {0, 1} if entry.type == "binary" else set()
        answers = self.find("answers", entry.answers)
        if answers is None or not answers.sound("categories"):
            return None
        return {category.code for category in answers.entry.categories}

    def missing(self, variable: Draft[Any]) -> dict[str, int]:
        """Codes of a variable's missing reasons, as far as they can be told."""
        found = {name: self.find("missing", name) for name in variable.entry.missing}
        return {
            name: reason.entry.code
            for name, reason in found.items()
            if reason is not None and reason.sound("code") and reason.entry.code is not None
        }


def cross_faults(drafts: Drafts) -> list[str]:
    """Check the entries of a codebook against each other.

    Parameters
    ----------
    drafts : Drafts
        All entries, faulty ones with their sound parts.

    Returns
    -------
    list of str
        One sentence a fault.
    """
    by_id: dict[str, dict[str, Draft[Any]]] = {}
    for kind, entries in drafts.kinds.items():
        by_id[kind] = {}
        for entry in entries:
            if entry.sound("id"):
                by_id[kind].setdefault(entry.entry.id, entry)
    index = _Index(drafts, by_id)
    faults = list(_identities(index))
    for variable in drafts.kinds["variables"]:
        for check in _VARIABLE_CHECKS:
            faults += [f"{variable.name}: {text}" for text in check(index, variable)]
    for check_file in (
        _cycles, _answer_lists, _missing_reasons, _scales, _sets, _compositions,
    ):  # fmt: skip
        faults += check_file(index)
    return faults


def _identities(index: _Index) -> Iterator[str]:
    for kind, (noun, _) in KINDS.items():
        drafts = index.drafts.kinds[kind]
        counts = Counter(d.entry.id for d in drafts if d.sound("id"))
        for identity, count in counts.items():
            if count > 1:
                yield f"{noun} {identity!r}: expected an id of its own, found it {count} times"
    for identity in sorted(index.by_id["variables"].keys() & set(COLUMNS)):
        yield f"variable {identity!r}: this id is kept for a column that every data file may have"
    for identity in sorted(index.by_id["missing"].keys() & set(IMPLICIT)):
        yield f"missing reason {identity!r}: every codebook has it of itself"
    for identity in sorted(index.by_id["sets"].keys() & index.by_id["compositions"].keys()):
        yield f"set {identity!r}: a composition has the same id"


def _pointers(index: _Index, variable: Draft[Any]) -> Iterator[str]:
    for key, kind in _POINTERS.items():
        target = getattr(variable.entry, key)
        if target is not None and variable.sound(key) and target not in index.by_id[kind]:
            yield _unknown(index, key, kind, target)
    for key, kind in (("sectors", "sectors"), ("missing", "missing")):
        names = getattr(variable.entry, key)
        for target, count in Counter(names).items():
            if target in IMPLICIT and key == "missing":
                yield f"key 'missing': {target!r} need not be named, every variable has it"
            elif target not in index.by_id[kind]:
                yield _unknown(index, key, kind, target)
            if count > 1:
                yield f"key {key!r}: {target!r} is named {count} times"


def _unknown(index: _Index, key: str, kind: str, target: str) -> str:
    known = index.by_id[kind]
    return f"key {key!r}: no {KINDS[kind][0]} has the id {target!r}{meant(target, known)}"


def _types(index: _Index, variable: Draft[Any]) -> Iterator[str]:
    entry: Variable = variable.entry
    if not variable.sound("type"):
        return
    if entry.type in ("nominal", "ordinal") and entry.answers is None and variable.sound("answers"):
        yield f"key 'answers': a variable of type {entry.type!r} needs an answer list"
    if entry.type in ("count", "continuous") and entry.answers is not None:
        yield f"key 'answers': a variable of type {entry.type!r} has no answer list"
    codes = index.codes(variable)
    if entry.type == "binary" and codes is not None:
        if entry.set is not None and codes != {0, 1}:
            came = listed(sorted(codes))
            yield f"key 'answers': an option of a set has the codes 0 and 1, got {came}"
        elif len(codes) != 2:
            yield f"key 'answers': a binary variable has two categories, got {len(codes)}"
    if entry.set is not None and entry.type != "binary":
        yield f"key 'set': expected an option of type 'binary', got {entry.type!r}"
    if entry.composition is not None and entry.type not in ("count", "continuous"):
        yield f"key 'composition': expected type 'continuous' or 'count', got {entry.type!r}"
    if entry.set is not None and entry.composition is not None:
        yield f"in both the set {entry.set!r} and the composition {entry.composition!r}"


def _ranges(_: _Index, variable: Draft[Any]) -> Iterator[str]:
    entry: Variable = variable.entry
    low, high = entry.minimum, entry.maximum
    if low is not None and high is not None and low > high:
        yield f"key 'minimum': expected at most the maximum {shown(high)}, got {shown(low)}"
    if not variable.sound("type"):
        return
    if entry.type in CATEGORICAL and (low is not None or high is not None):
        yield f"keys 'minimum' and 'maximum': a variable of type {entry.type!r} has no range"
    if entry.type == "count" and low is not None and low < 0:
        yield f"key 'minimum': a count is not below 0, got {shown(low)}"


def _codes(index: _Index, variable: Draft[Any]) -> Iterator[str]:
    entry: Variable = variable.entry
    missing = index.missing(variable)
    categories = index.codes(variable) or set()
    first: dict[int, str] = {}
    for name, code in missing.items():
        if code in categories:
            yield f"code {code} is both a category and the missing reason {name!r}"
        if code in first and first[code] != name:
            yield f"code {code} is both the missing reasons {first[code]!r} and {name!r}"
        first.setdefault(code, name)
        if not variable.sound("type", "minimum", "maximum") or entry.type in CATEGORICAL:
            continue
        low = entry.minimum
        if low is None and (entry.type == "count" or entry.composition is not None):
            low = 0.0
        if (low is None or code >= low) and (entry.maximum is None or code <= entry.maximum):
            yield f"code {code} of the missing reason {name!r} lies in the range of the values"


def _gates(index: _Index, variable: Draft[Any]) -> Iterator[str]:
    gate = variable.entry.gate
    if gate is None:
        return
    target = index.find("variables", gate.variable)
    if target is None:
        yield _unknown(index, "gate", "variables", gate.variable)
        return
    order = index.drafts.kinds["variables"]
    if target is variable:
        yield "key 'gate': points at the variable itself"
        return
    if order.index(target) > order.index(variable):
        yield f"key 'gate': {gate.variable!r} comes later in the file, a gate comes earlier"
    if target.entry.origin == "register" and target.sound("origin"):
        yield f"key 'gate': {gate.variable!r} is a register figure, a gate is a question"
    if target.sound("type"):
        if target.entry.type not in CATEGORICAL:
            yield f"key 'gate': {gate.variable!r} has no categories (type {target.entry.type!r})"
        else:
            codes = index.codes(target)
            unknown = [] if codes is None else set(gate.codes) - codes
            unknown = sorted(set(unknown) - set(index.missing(target).values()))
            if unknown:
                yield f"key 'gate': {gate.variable!r} has no code {listed(unknown)}"
    yield from _gate_sectors(index, variable, target)


def _gate_reasons(index: _Index, variable: Draft[Any]) -> Iterator[str]:
    """Note reasons of being routed past on a question that nobody was routed past."""
    if variable.entry.gate is not None or not variable.sound("gate"):
        return
    for name in dict.fromkeys(variable.entry.missing):
        reason = index.find("missing", name)
        if reason is not None and reason.sound("enters") and reason.entry.enters == "gate":
            yield f"key 'missing': {name!r} enters as 'gate', and the variable has no gate"


def _gate_sectors(index: _Index, variable: Draft[Any], target: Draft[Any]) -> Iterator[str]:
    every = set(index.by_id["sectors"])
    asked = set(variable.entry.sectors) or every
    lacking = sorted((asked & every) - set(target.entry.sectors)) if target.entry.sectors else []
    if lacking and variable.sound("sectors") and target.sound("sectors"):
        yield f"key 'gate': {target.entry.id!r} was not asked in sector {listed(lacking)}"


def _turned(_: _Index, variable: Draft[Any]) -> Iterator[str]:
    if variable.entry.reversed and variable.entry.scale is None and variable.sound("scale"):
        yield "key 'reversed': only an item of a scale can be reversed"


def _cycles(index: _Index) -> Iterator[str]:
    seen: set[str] = set()
    variables = index.by_id["variables"]
    for start in variables:
        path: list[str] = []
        at: str | None = start
        while at is not None and at in variables and at not in seen:
            if at in path:
                circle = path[path.index(at) :]
                if len(circle) > 1:
                    yield f"gates form a cycle: {' -> '.join([*circle, at])}"
                break
            path.append(at)
            gate = variables[at].entry.gate
            at = None if gate is None else gate.variable
        seen.update(path)


def _answer_lists(index: _Index) -> Iterator[str]:
    for answers in index.drafts.kinds["answers"]:
        for code, count in Counter(c.code for c in answers.entry.categories).items():
            if count > 1:
                yield f"{answers.name}: code {code} stands for {count} categories"


def _missing_reasons(index: _Index) -> Iterator[str]:
    for reason in index.drafts.kinds["missing"]:
        if reason.entry.code is None and reason.sound("code"):
            yield f"{reason.name}, key 'code': expected a value, found none"


def _scales(index: _Index) -> Iterator[str]:
    for scale in index.drafts.kinds["scales"]:
        items = index.members("scale", scale.entry.id)
        if scale.sound("id") and not items:
            yield f"{scale.name}: no variable names it"
        for item in items:
            if item.sound("type") and item.entry.type == "nominal":
                yield f"{item.name}: an item of {scale.name} cannot be of type 'nominal'"
        lists = {item.entry.answers: item.entry.id for item in items if item.sound("answers")}
        if len(lists) > 1:
            named = ", ".join(f"{item!r} has {answers!r}" for answers, item in lists.items())
            yield f"{scale.name}: expected one answer list for all items; {named}"


def _sets(index: _Index) -> Iterator[str]:
    for entry in index.drafts.kinds["sets"]:
        members = [member.entry.id for member in index.members("set", entry.entry.id)]
        if entry.sound("id") and not members:
            yield f"{entry.name}: no variable names it"
        exclusive = entry.entry.exclusive
        if exclusive is not None and exclusive not in members:
            yield f"{entry.name}, key 'exclusive': {exclusive!r} is no option of this set"


def _compositions(index: _Index) -> Iterator[str]:
    for entry in index.drafts.kinds["compositions"]:
        parts = index.members("composition", entry.entry.id)
        if entry.sound("id") and len(parts) < 2:
            yield f"{entry.name}: expected two parts or more, found {len(parts)}"
        if entry.sound("total", "tolerance") and entry.entry.tolerance >= entry.entry.total:
            yield (
                f"{entry.name}, key 'tolerance': expected less than the total "
                f"{shown(entry.entry.total)}, got {shown(entry.entry.tolerance)}"
            )
        for part in parts:
            if (
                entry.entry.closure == "rescale"
                and part.sound("type")
                and part.entry.type == "count"
            ):
                yield f"{part.name}: a part of a rescaled composition is of type 'continuous'"


_VARIABLE_CHECKS: tuple[Callable[[_Index, Draft[Any]], Iterator[str]], ...] = (
    _pointers,
    _types,
    _ranges,
    _codes,
    _gates,
    _gate_reasons,
    _turned,
)
