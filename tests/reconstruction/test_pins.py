"""A printed minimum that only a row with a blank can have is put in place before the search."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from swvtypes.reconstruction.marginals import Columns, first_rows
from swvtypes.reconstruction.objective import gather
from swvtypes.reconstruction.pins import pin_minima
from swvtypes.reconstruction.project import Project, read_project
from swvtypes.reconstruction.stream import Stream

SCALE, SECTOR, PRINTED = "consensus", "vo", Decimal("2.4")
WRONG = (SCALE, SECTOR, "0.56")


@pytest.fixture(scope="module")
def project() -> Project:
    return read_project("monitor_2016")


@pytest.fixture
def columns(project: Project) -> Columns:
    return first_rows(project, Stream(1, 0))


def _scores(project: Project, columns: Columns, rows: list[int]) -> dict[int, Decimal]:
    """Give the mean of the answers of each row that left some out, but not all."""
    spec = project.quantities[SCALE]
    low, high = map(int, spec.codes.split())
    found = {}
    for row in rows:
        given = [
            low + high - columns[name][row] if reverse else columns[name][row]
            for name, reverse in spec.variables
            if low <= columns[name][row] <= high
        ]
        if 0 < len(given) < len(spec.variables):
            found[row] = Decimal(sum(given)) / len(given)
    return found


def test_rows_with_a_blank_get_the_printed_minimum_and_are_left_alone(
    project: Project, columns: Columns
) -> None:
    # The spread is printed twice, as .58 and .56: no rows have both.
    skip = {t.target for t in project.targets if (t.var1, t.sector, t.printed) == WRONG}
    assert len(skip) == 1
    relevant = {
        sign: targets
        for sign, targets in gather(project, skip).items()
        if (sign.var1, sign.var2, sign.sector) == (SCALE, "", SECTOR)
    }
    names = [name for name, _ in project.quantities[SCALE].variables]
    rows = [row for row, sector in enumerate(project.rows()) if sector == SECTOR]
    before = {name: Counter(columns[name][row] for row in rows) for name in names}

    pins = pin_minima(project, relevant, columns, Stream(1, 2, 1))

    scores = _scores(project, columns, rows)
    assert set(pins) == set(names)
    assert all(pinned == frozenset(scores) for pinned in pins.values())
    # No mean of six whole answers prints as 2.4, and one of five does.
    assert min(scores.values()) == PRINTED
    after = {name: Counter(columns[name][row] for row in rows) for name in names}
    assert after == before


def test_a_minimum_that_complete_rows_can_have_moves_nothing(
    project: Project, columns: Columns
) -> None:
    relevant = {
        sign: targets
        for sign, targets in gather(project, frozenset()).items()
        if (sign.var1, sign.sector) == ("trust", "po")
    }
    assert any(target.kind == "min" for targets in relevant.values() for target in targets)
    before = {name: list(values) for name, values in columns.items()}
    assert pin_minima(project, relevant, columns, Stream(1, 2, 1)) == {}
    assert columns == before
