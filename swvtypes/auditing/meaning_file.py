"""Read the file that says what a report's printed places mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from swvtypes.errors import RecordError

from .meaning import (
    AnswerSet,
    Arithmetic,
    Choice,
    Linked,
    LinkKind,
    Meaning,
    Operation,
    RowRef,
    Scale,
    Span,
    cell_specs,
)

_ROW = re.compile(r"^(?P<locator>[^#]+)#(?P<row>\d+)$")
_T = TypeVar("_T")


def read_meaning(path: Path, name: str) -> Meaning:
    """Read a meaning file.

    Raises
    ------
    RecordError
        When it is no TOML or an entry has another form than documented; lists all faults.
    """
    subject = f"meaning of printed record {name!r}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, OverflowError) as fault:
        raise RecordError(subject, [f"{path.name}: expected TOML in UTF-8: {fault}"]) from fault
    return meaning_from(content, subject)


def meaning_from(content: Mapping[str, Any], subject: str = "meaning") -> Meaning:
    """Build a meaning from the content of its file; see :func:`read_meaning`."""
    reader = _Reader()
    known = {
        "schema", "respondents", "answers", "variables", "complements", "choice", "linked",
        "scale", "range", "arithmetic", "same", "together", "partial", "multiple", "figures",
    }  # fmt: skip
    reader.faults += [f"{key}: unknown entry" for key in content if key not in known]
    if content.get("schema", 1) != 1:
        reader.faults.append(f"schema: expected 1, got {content['schema']!r}")
    get = content.get
    meaning = Meaning(
        respondents=reader.item("respondents", _whole_numbers, get("respondents", {})),
        answers=tuple(reader.named("answers", get("answers", {}), _answers).values()),
        variables=reader.named("variables", get("variables", {}), lambda _, refs: _refs(refs)),
        complements=frozenset(reader.item("complements", _names, get("complements", []))),
        choices=reader.listed("choice", get("choice", []), _choice),
        linked=reader.listed("linked", get("linked", []), _linked),
        scales=reader.listed("scale", get("scale", []), _scale),
        spans=reader.listed("range", get("range", []), _span),
        arithmetic=reader.listed("arithmetic", get("arithmetic", []), _arithmetic),
        same=reader.listed("same", get("same", []), _names),
        partial=reader.listed("partial", get("partial", []), _ref),
        multiple=reader.item("multiple", _names, get("multiple", [])),
        together=reader.listed("together", get("together", []), _names),
        figures=reader.item("figures", _names, get("figures", [])),
    )
    if reader.faults:
        raise RecordError(subject, reader.faults)
    return meaning


class _Reader:
    """Collects the faults of all entries."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def item(self, where: str, build: Callable[[Any], _T], entry: Any) -> _T:
        try:
            return build(entry)
        except KeyError as absent:
            self.faults.append(f"{where}: {absent.args[0]} is absent")
        except (TypeError, ValueError, AttributeError) as fault:
            self.faults.append(f"{where}: {fault}")
        return cast(_T, ())  # never seen: the faults are raised before the meaning is used

    def listed(self, key: str, entries: Any, build: Callable[[Any], _T]) -> tuple[_T, ...]:
        if not isinstance(entries, list):
            self.faults.append(f"{key}: expected a list, got {entries!r}")
            return ()
        return tuple(
            self.item(f"{key} {number}", build, entry)
            for number, entry in enumerate(entries, start=1)
        )

    def named(self, key: str, entries: Any, build: Callable[[str, Any], _T]) -> dict[str, _T]:
        if not isinstance(entries, dict):
            self.faults.append(f"{key}: expected a table, got {entries!r}")
            return {}
        return {
            name: self.item(f"{key}.{name}", partial(build, name), entry)
            for name, entry in entries.items()
        }


def _whole_numbers(entry: Mapping[str, Any]) -> dict[str, int]:
    numbers = {name: value for name, value in entry.items() if type(value) is int and value > 0}
    if len(numbers) < len(entry):
        raise ValueError("expected a whole number above 0 for each sector")
    return numbers


def _names(entry: Any) -> tuple[str, ...]:
    if not isinstance(entry, list) or not all(isinstance(name, str) for name in entry):
        raise ValueError(f"expected a list of texts, got {entry!r}")
    return tuple(entry)


def _text(entry: Any) -> str:
    if not isinstance(entry, str):
        raise TypeError(f"expected a text, got {entry!r}")
    return entry


def _texts(entry: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(value) for key, value in entry.items()}


def _answers(name: str, entry: Mapping[str, Any]) -> AnswerSet:
    groups = {key: _names(value) for key, value in entry.get("groups", {}).items()}
    return AnswerSet(
        name,
        _names(entry["measures"]),
        _names(entry.get("missing", [])),
        tuple(int(score) for score in entry.get("scores", ())),
        groups,
    )


def _ref(text: str) -> RowRef:
    found = _ROW.match(text)
    if found is None:
        raise ValueError(f"{text!r}: expected a locator, # and a row, such as 'Tabel 2.1#4'")
    return found["locator"], int(found["row"])


def _refs(entry: Mapping[str, str]) -> dict[str, RowRef]:
    return {sector: _ref(text) for sector, text in entry.items()}


def _rows(value: Any) -> tuple[int, ...]:
    return tuple(int(row) for row in value) if isinstance(value, list) else (int(value),)


def _choice(entry: Mapping[str, Any]) -> Choice:
    return Choice(
        _text(entry["variable"]),
        _texts(entry["source"]),
        {key: _rows(value) for key, value in entry["categories"].items()},
        _rows(entry.get("without", [])),
        bool(entry.get("partition", False)),
    )


def _linked(entry: Mapping[str, Any]) -> Linked:
    kind = entry["kind"]
    if kind not in get_args(LinkKind):
        raise ValueError(f"kind: expected one of {', '.join(get_args(LinkKind))}, got {kind!r}")
    source = _texts(entry["source"])
    rows = entry["rows"]
    nested = any(isinstance(value, dict) for value in rows.values())
    by_sector = rows if nested else dict.fromkeys(source, rows)
    return Linked(
        table=_text(entry["table"]),
        kind=kind,
        source=source,
        rows={
            sector: {int(target): _rows(value) for target, value in by_sector[sector].items()}
            for sector in source
        },
        measure=_text(entry.get("measure", "percent")),
        base_measure=_text(entry.get("base_measure", "n")),
        columns={key: _names(value) for key, value in entry.get("columns", {}).items()},
        without=_rows(entry.get("without", [])),
        split={int(row): _rows(value) for row, value in entry.get("split", {}).items()},
    )


def _scale(entry: Mapping[str, Any]) -> Scale:
    items = {sector: tuple(map(_ref, refs)) for sector, refs in entry["items"].items()}
    names = _names(entry["names"])
    for sector, refs in items.items():
        if len(refs) != len(names):
            raise ValueError(f"items.{sector}: expected {len(names)} items, got {len(refs)}")
    negative = _names(entry.get("negative", []))
    strange = [name for name in negative if name not in names]
    if strange:
        raise ValueError(f"negative: {', '.join(strange)} is not among the names")
    return Scale(
        _text(entry["variable"]), items, names, negative, _names(entry.get("listed", [])),
        _text(entry.get("table", "")),
    )  # fmt: skip


def _span(entry: Mapping[str, Any]) -> Span:
    cells = _names(entry["cells"])
    for spec in cells:
        cell_specs(spec)
    return Span(_text(entry["low"]), _text(entry["high"]), cells)


def _arithmetic(entry: Mapping[str, Any]) -> Arithmetic:
    operation = entry["operation"]
    if operation not in get_args(Operation):
        raise ValueError(
            f"operation: expected one of {', '.join(get_args(Operation))}, got {operation!r}"
        )
    return Arithmetic(_text(entry["id"]), operation, _names(entry["of"]))
