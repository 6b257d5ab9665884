"""The shipped table specifications against the printed record."""

from __future__ import annotations

from collections import Counter

import pytest

from swvtypes import published
from swvtypes.resources import data_path
from swvtypes.survey import Codebook
from swvtypes.tables import TableSet, cells_of, load_tables


@pytest.fixture(scope="module")
def shipped() -> TableSet:
    return load_tables("monitor_2016")


def test_every_printed_cell_has_one_specification(shipped: TableSet) -> None:
    record = published.load("monitor_2016_tables")
    printed = set(
        record[["locator", "row_no", "sector", "measure"]].itertuples(index=False, name=None)
    )
    counts = Counter(cell.key for cell in cells_of(shipped, ("po", "vo")))
    assert set(counts) == printed
    assert len(printed) == 1680
    assert set(counts.values()) == {1}


def test_the_codebook_fits_every_specification(shipped: TableSet) -> None:
    book = Codebook.load(data_path("codebooks", f"{shipped.codebook}.toml"))
    for cell in cells_of(shipped, book.sectors):
        for variable in cell.members:
            assert book.asked(variable, cell.sector), cell.key
        if cell.variable is not None:
            codes = {category.code for category in book.categories(cell.variable)}
            reasons = {reason.id for reason in book.reasons(cell.variable)}
            assert cell.codes <= codes, cell.key
            assert cell.reasons <= reasons, cell.key
        if cell.scale is not None:
            assert cell.scale in book.scales, cell.key


def test_every_rule_that_departs_says_why_in_both_languages(shipped: TableSet) -> None:
    departing = [cell for cell in cells_of(shipped, ("po", "vo")) if cell.departs]
    assert departing
    assert all(cell.why is not None and cell.why.nl and cell.why.en for cell in departing)


def test_only_three_tables_were_computed_from_rounded_percentages(shipped: TableSet) -> None:
    rounded = [table.locator for table in shipped if table.arithmetic != "counts"]
    assert rounded == ["Tabel 5.6", "Tabel 6.2", "Tabel 6.3"]
