"""Rounding half up, and the counts that percentages allow."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swvtypes.rounding import (
    distribution_counts,
    half_up,
    mean_totals,
    percent_counts,
    prints_as,
    window,
)


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (0.125, 2, "0.13"),
        (2.675, 2, "2.68"),  # binary 2.67499...: the tie that a reader sees is rounded up
        (Decimal("0.45"), 1, "0.5"),
        (Fraction(5 * 100, 40), 0, "13"),
        (-0.285, 2, "-0.29"),
        (0, 2, "0.00"),
    ],
)
def test_half_up(value: float | Fraction | Decimal, decimals: int, printed: str) -> None:
    assert half_up(value, decimals) == Decimal(printed)
    assert str(half_up(value, decimals)).lstrip("-") == printed.lstrip("-")


@given(st.integers(-(10**6), 10**6), st.integers(1, 500), st.integers(0, 3))
def test_half_up_is_within_half_a_unit_and_in_the_window(
    top: int, bottom: int, decimals: int
) -> None:
    value = Fraction(top, bottom)
    rounded = Fraction(half_up(value, decimals))
    assert abs(rounded - value) <= Fraction(1, 2 * 10**decimals)
    low, high = window(str(half_up(value, decimals)), decimals)
    assert low <= value <= high
    assert prints_as(value, str(half_up(value, decimals)), decimals)


@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 2))
def test_percent_counts_against_brute_force(count: int, n: int, decimals: int) -> None:
    count = min(count, n)
    printed = str(half_up(Fraction(100 * count, n), decimals))
    brute = tuple(
        k for k in range(n + 1) if str(half_up(Fraction(100 * k, n), decimals)) == printed
    )
    assert percent_counts(printed, decimals, n) == brute
    assert count in brute


@given(st.lists(st.integers(0, 9), min_size=2, max_size=3).filter(lambda c: sum(c) > 0))
def test_distribution_counts_against_brute_force(counts: list[int]) -> None:
    n = sum(counts)
    printed = [str(half_up(Fraction(100 * k, n), 0)) for k in counts]
    brute = [
        c
        for c in product(range(n + 1), repeat=len(counts))
        if sum(c) == n and [str(half_up(Fraction(100 * k, n), 0)) for k in c] == printed
    ]
    assert distribution_counts(printed, 0, n) == brute
    assert tuple(counts) in brute


def test_distribution_counts_stop_at_the_limit() -> None:
    assert len(distribution_counts(["50", "50"], 0, 1001)) > 3
    assert len(distribution_counts(["50", "50"], 0, 1001, limit=2)) == 2


def test_impossible_distribution() -> None:
    assert distribution_counts(["44", "56"], 0, 65) == []


def test_mean_totals() -> None:
    assert mean_totals("3.5", 1, 10) == (35,)
    assert mean_totals("3.5", 1, 40) == (138, 139, 140, 141)
