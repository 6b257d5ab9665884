"""Counts behind percentages, against enumeration of every distribution."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

from swvtypes.errors import ReconstructionError
from swvtypes.reconstruction.counts import (
    binary_bases,
    derived_matches,
    distribution,
    member_count,
    set_base,
    solutions,
)
from swvtypes.reconstruction.project import Target, read_project
from swvtypes.rounding import half_up

from .conftest import Report


def every_distribution(k: int, n: int) -> list[tuple[int, ...]]:
    return [c for c in itertools.product(range(n + 1), repeat=k) if sum(c) == n]


@pytest.mark.parametrize("n", [1, 3, 7, 11])
@pytest.mark.parametrize("k", [2, 3])
def test_solutions_are_exactly_the_distributions_that_print_so(n: int, k: int) -> None:
    everything = every_distribution(k, n)
    for counts in everything[:: max(1, len(everything) // 12)]:
        printed = [str(half_up(Fraction(100 * c, n), 0)) for c in counts]
        wanted = [
            other
            for other in everything
            if [str(half_up(Fraction(100 * c, n), 0)) for c in other] == printed
        ]
        found = [c for base, c in solutions([(p, 0) for p in printed], [n]) if base == n]
        assert found == wanted
        assert counts in found


def test_solutions_try_each_base_in_order() -> None:
    found = solutions([("25", 0), ("50", 0), ("25", 0)], range(1, 9))
    assert [n for n, _ in found] == [4, 8]


def test_binary_bases_need_every_percentage() -> None:
    assert binary_bases([("44", 0), ("72", 0)], [65, 32, 25]) == [32, 25]
    assert binary_bases([("44", 0)], [65]) == []


def check(codes: str, base: str, printed: str) -> Target:
    return Target("t", "x", "percent", "v", "", codes, base, "", "settle", printed, 0, None, None)


def test_derived_cells_use_their_own_base() -> None:
    counts = {1: 2, 2: 3, 9: 5}
    assert derived_matches(counts, frozenset({9}), [check("1", "substantive", "40")]) == 1
    assert derived_matches(counts, frozenset({9}), [check("1", "answered", "20")]) == 1
    assert derived_matches(counts, frozenset({9}), [check("1 2", "substantive", "50")]) == 0


def test_monitor_bases_are_settled_by_derived_tables() -> None:
    project = read_project("monitor_2016")
    found = distribution(project, "gap_above_school", "po", 65)
    assert found is not None
    assert found.n == 58
    assert found.rivals >= 1
    assert (found.settled, found.checks) == (1, 1)
    clear = distribution(project, "gap_sbo", "po", 65)
    assert clear is not None
    assert (clear.n, dict(clear.counts)) == (63, {1: 3, 2: 5, 3: 3, 4: 48, 99: 4})


def test_monitor_routed_question_was_put_to_32_and_40() -> None:
    project = read_project("monitor_2016")
    members = [v for v, s in project.variables.items() if s.response_set == "assurance"]
    assert set_base(project, members, "po", 32) == 32
    assert set_base(project, members, "vo", 40) == 40
    assert member_count(project, "assurance_agreements", "po", 32) == 23


def test_impossible_base_is_named() -> None:
    project = read_project("monitor_2016")
    with pytest.raises(ReconstructionError, match=r"service_allocation \(po\): no base up to 3"):
        set_base(project, ["service_allocation"], "po", 3)
    with pytest.raises(ReconstructionError, match="91% is no count of 7"):
        member_count(project, "service_allocation", "po", 7)


def test_silent_variable_has_no_distribution(report: Report) -> None:
    project = read_project(report.project, report.record)
    assert distribution(project, "size", "north", 30) is None
