"""Fixtures of the made-up report."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from choirs import (
    CODEBOOK,
    FITTED,
    PRINT,
    TABLES,
    as_record,
    as_targets,
    as_text,
    make_wave,
)

from swvtypes.reproduction import Inputs, Reproduction, reproduce
from swvtypes.survey import Codebook, Wave
from swvtypes.tables import TableSet, parse_tables


@pytest.fixture(scope="session")
def book() -> Codebook:
    return Codebook.parse(CODEBOOK, "choirs.toml")


@pytest.fixture(scope="session")
def tables() -> TableSet:
    return parse_tables(TABLES, "choirs.toml")


@pytest.fixture(scope="session")
def waves(book: Codebook) -> dict[int, Wave]:
    return {seed: make_wave(book, seed) for seed in (1, 2, 3)}


@pytest.fixture
def compare(tables: TableSet, waves: dict[int, Wave]) -> Callable[..., Reproduction]:
    """Compare the print, with changes, to the rows."""

    def run(
        changes: dict[tuple[str, int, str, str], float] | None = None,
        text: Iterable[dict[str, object]] = (),
        fitted: frozenset[str] = FITTED,
        rows: dict[int, Wave] | None = None,
    ) -> Reproduction:
        entries = [(*e[:4], (changes or {}).get(e[:4], e[4]), e[5]) for e in PRINT]
        given = Inputs(
            source="choirs",
            record=as_record(entries),
            text=as_text(text),
            tables=tables,
            waves=waves if rows is None else rows,
            targets=as_targets(fitted),
        )
        return reproduce(inputs=given)

    return run
