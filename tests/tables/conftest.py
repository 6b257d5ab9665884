"""Fixtures of the made-up survey."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bakery import CODEBOOK, HEAD, as_frame

from swvtypes.survey import Codebook, Wave
from swvtypes.tables import TableSet, TableSpec, parse_tables


@pytest.fixture(scope="session")
def bakery_book() -> Codebook:
    return Codebook.parse(CODEBOOK, "bakeries.toml")


@pytest.fixture(scope="session")
def bakeries(bakery_book: Codebook) -> Wave:
    return Wave.from_frame(as_frame(), bakery_book, name="bakeries")


@pytest.fixture(scope="session")
def weighted_bakeries(bakery_book: Codebook) -> Wave:
    frame = as_frame()
    frame["survey_weight"] = [3.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0]
    return Wave.from_frame(frame, bakery_book, name="bakeries")


@pytest.fixture(scope="session")
def make_tables() -> Callable[..., TableSet]:
    """Parse TOML text of tables below a valid head."""

    def make(text: str, head: str = HEAD) -> TableSet:
        return parse_tables(head + text, "made_up.toml")

    return make


@pytest.fixture(scope="session")
def make_table(make_tables: Callable[..., TableSet]) -> Callable[[str], TableSpec]:
    """Parse the TOML body of one table."""

    def make(body: str) -> TableSpec:
        title = 'title = {nl = "T", en = "T"}'
        text = f'[[tables]]\nlocator = "Table 1"\nchapter = "1"\n{title}\n{body}'
        return make_tables(text).tables[0]

    return make
