"""Read a table file into frozen specifications, with every fault at once."""

from __future__ import annotations

import contextlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from swvtypes.errors import ResourceError, TableError
from swvtypes.language import Label
from swvtypes.resources import data_path

from .entry_faults import entry_sentence
from .faults import table_faults
from .schema import (
    Arithmetic,
    Base,
    Chapter,
    Column,
    ColumnSet,
    Entry,
    Kind,
    Row,
    Table,
    TableFile,
)

Sound = TypeVar("Sound", bound=Entry)


@dataclass(frozen=True)
class TableSpec:
    """One printed table: what is asked of a wave.

    Attributes
    ----------
    locator, chapter, kind, title, sectors, variable, composition, base, arithmetic, rounded_base
        As in :class:`swvtypes.tables.schema.Table`.
    columns : tuple of Column
        Columns, those of a column set filled in.
    rows : tuple of Row
        Rows.
    why : Label or None
        Why we believe in a base or an arithmetic that departs from the defaults.
    """

    locator: str
    chapter: str
    kind: Kind
    title: Label
    sectors: tuple[str, ...]
    variable: str | None
    composition: str | None
    base: Base
    arithmetic: Arithmetic
    rounded_base: Base | None
    why: Label | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, repr=False)
class TableSet:
    """All printed tables of one report.

    Attributes
    ----------
    id : str
        Name of the set.
    codebook : str
        Codebook that the tables were written for; they run on any with the same variables.
    title : Label
        Title.
    chapters : mapping of str to Label
        Chapters in printed order.
    tables : tuple of TableSpec
        Tables in printed order.
    """

    id: str
    codebook: str
    title: Label
    chapters: Mapping[str, Label]
    tables: tuple[TableSpec, ...]

    def __iter__(self) -> Iterator[TableSpec]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def __repr__(self) -> str:
        """Name the report and count its tables, on one line."""
        return f"<TableSet {self.id!r}: {len(self)} tables>"

    def table(self, locator: str) -> TableSpec:
        """Give one table by its locator.

        Raises
        ------
        TableError
            When the set has no such table; lists those it has.
        """
        for table in self.tables:
            if table.locator == locator:
                return table
        known = ", ".join(repr(table.locator) for table in self.tables)
        raise TableError(f"tables {self.id!r}", [f"no table {locator!r}; known: {known}"])


def load_tables(name: str | Path) -> TableSet:
    """Load the table specifications of a report.

    Parameters
    ----------
    name : str or Path
        Name of a packaged file (``"monitor_2016"``), or the path of a TOML file.

    Returns
    -------
    TableSet
        Frozen specifications.

    Raises
    ------
    TableError
        When the file is absent or at fault; lists every fault.

    Examples
    --------
    >>> tables = load_tables("monitor_2016")
    >>> tables.table("Tabel 3.2").variable
    'risk_analysis'
    """
    path = Path(name)
    if path.suffix != ".toml":
        try:
            path = data_path("tables", f"{name}.toml")
        except ResourceError as absent:
            raise TableError(f"tables {str(name)!r}", [str(absent)]) from absent
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        fault = f"expected a readable file in UTF-8: {error}"
        raise TableError(f"tables {str(name)!r}", [fault]) from error
    return parse_tables(text, path.name)


def parse_tables(text: str, name: str = "tables") -> TableSet:
    """Read table specifications from TOML text; see :func:`load_tables`."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TableError(f"tables {name!r}", [f"expected TOML: {error}"]) from error
    return tables_from(raw, name)


def tables_from(raw: Mapping[str, Any], name: str = "tables") -> TableSet:
    """Read table specifications from what a TOML file holds; see :func:`load_tables`."""
    faults = []
    try:
        file = TableFile.model_validate(raw)
    except ValidationError as error:
        faults = [entry_sentence(raw, fault) for fault in _own_faults(error)]
        file = _sound_part(raw)
    sets = {shared.id: shared.columns for shared in file.column_sets}
    faults += _file_faults(file, sets)
    specs = []
    for table in file.tables:
        columns = table.columns or sets.get(table.column_set or "", ())
        if columns:
            specs.append(_resolve(table, columns))
            faults += table_faults(table, columns)
    if faults:
        raise TableError(f"tables {name!r}", faults)
    chapters = {chapter.id: Label(*_pair(chapter.label)) for chapter in file.chapters}
    return TableSet(
        file.id, file.codebook, Label(*_pair(file.title)), MappingProxyType(chapters), tuple(specs)
    )


def _resolve(table: Table, columns: tuple[Column, ...]) -> TableSpec:
    return TableSpec(
        locator=table.locator,
        chapter=table.chapter,
        kind=table.kind,
        title=Label(*_pair(table.title)),
        sectors=table.sectors,
        variable=table.variable,
        composition=table.composition,
        base=table.base,
        arithmetic=table.arithmetic,
        rounded_base=table.rounded_base,
        why=Label(*_pair(table.why)) if table.why else None,
        columns=columns,
        rows=table.rows,
    )


def _pair(text: Any) -> tuple[str, str]:
    return text.nl, text.en


def _file_faults(file: TableFile, sets: Mapping[str, tuple[Column, ...]]) -> list[str]:
    """List what tables, chapters and column sets do not agree on among themselves."""
    faults = []
    chapters = {chapter.id for chapter in file.chapters}
    for noun, names in (
        ("table", [table.locator for table in file.tables]),
        ("chapter", [chapter.id for chapter in file.chapters]),
        ("column set", [shared.id for shared in file.column_sets]),
    ):
        repeated = [name for name, count in Counter(names).items() if count > 1]
        faults += [f"{noun} {name!r}: expected once, stands more than once" for name in repeated]
    for table in file.tables:
        if table.chapter not in chapters:
            faults.append(f"{table.locator}: no chapter {table.chapter!r}")
        if table.column_set is not None and table.column_set not in sets:
            faults.append(f"{table.locator}: no column set {table.column_set!r}")
    return faults


def _sound_part(raw: Mapping[str, Any]) -> TableFile:
    """Keep the entries that are valid by themselves, so that they can be checked further."""

    def valid(key: str, model: type[Sound]) -> tuple[Sound, ...]:
        entries = raw.get(key)
        kept = []
        for entry in entries if isinstance(entries, list) else []:
            with contextlib.suppress(ValidationError):
                kept.append(model.model_validate(entry))
        return tuple(kept)

    return TableFile.model_construct(
        chapters=valid("chapters", Chapter),
        tables=valid("tables", Table),
        column_sets=valid("column_sets", ColumnSet),
    )


def _own_faults(error: ValidationError) -> list[Any]:
    """Leave out lists that are called too short only because their entries are at fault."""
    found = error.errors(include_url=False)
    places = [fault["loc"] for fault in found]

    def follows(fault: Any) -> bool:
        at = fault["loc"]
        return fault["type"] == "too_short" and any(
            len(place) > len(at) and place[: len(at)] == at for place in places
        )

    return [fault for fault in found if not follows(fault)]
