"""Statistics kept up to date by moves, against numpy and scipy on the same rows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from swvtypes.reconstruction.quantities import Quantity
from swvtypes.reconstruction.statistics import (
    Additive,
    Alpha,
    Correlation,
    Groups,
    Moments,
    Ordered,
    Statistic,
)
from swvtypes.reconstruction.stream import Stream
from swvtypes.reconstruction.terms import SCALE, Term, penalty
from swvtypes.reconstruction.windows import (
    critical_f,
    critical_r,
    exact_window,
    f_limits_from_p,
    r_limits_from_p,
    share_window,
    to_window,
)

N = 40


def quantity(name: str, values: list[int | None], unit: int = 1) -> Quantity:
    made = Quantity(name, unit, (name,), lambda row: values[row])
    made.refresh(len(values))
    return made


def hitting(kind: str, value: float, **more: object) -> Term:
    """Make a term whose price is nothing within 1e-7 of a value."""
    at = round(value * SCALE)
    return Term("t", kind, lambda n: (at - 100, at + 100), **more)  # type: ignore[arg-type]


def random_rows(seed: int) -> tuple[Quantity, Quantity, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 6, N).astype(float)
    y = rng.integers(1, 4, N).astype(float)
    x[rng.random(N) < 0.1] = np.nan
    y[rng.random(N) < 0.1] = np.nan
    as_list = [[None if np.isnan(v) else int(v) for v in column] for column in (x, y)]
    return quantity("x", as_list[0]), quantity("y", as_list[1]), x, y


def expected(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
    both = ~np.isnan(x) & ~np.isnan(y)
    parts = [x[both & (y == g)] for g in (1, 2, 3)]
    pooled = np.sqrt(
        ((len(parts[0]) - 1) * parts[0].var(ddof=1) + (len(parts[2]) - 1) * parts[2].var(ddof=1))
        / (len(parts[0]) + len(parts[2]) - 2)
    )
    return {
        "r": float(np.corrcoef(x[both], y[both])[0, 1]),
        "mean": float(np.nanmean(x)),
        "sd": float(np.nanstd(x, ddof=1)),
        "F": float(stats.f_oneway(*parts).statistic),
        "group": float(parts[1].mean()),
        "effect": float((parts[2].mean() - parts[0].mean()) / pooled),
    }


def built(x: Quantity, y: Quantity, want: dict[str, float]) -> list[Additive]:
    rows = range(N)
    return [
        Correlation([x, y], rows, [hitting("r", want["r"])]),
        Moments([x], rows, [hitting("mean", want["mean"]), hitting("sd", want["sd"])]),
        Groups(
            [x, y],
            rows,
            [
                hitting("F", want["F"]),
                hitting("mean", want["group"], groups=(2,)),
                hitting("effect_size", want["effect"], groups=(3, 1)),
            ],
            (1, 2, 3),
        ),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_values_agree_with_numpy_and_scipy(seed: int) -> None:
    x, y, xs, ys = random_rows(seed)
    for statistic in built(x, y, expected(xs, ys)):
        statistic.refresh()
        assert statistic.cost == 0, type(statistic).__name__


@pytest.mark.parametrize("seed", range(4))
def test_proposals_price_like_a_fresh_start(seed: int) -> None:
    x, y, xs, ys = random_rows(seed)
    everything: list[Statistic] = [*built(x, y, expected(xs, ys))]
    everything.append(
        Ordered(
            [x],
            range(N),
            [hitting("median", 3), Term("m", "min", lambda n: (2 * SCALE, 2 * SCALE))],
        )
    )
    for statistic in everything:
        statistic.refresh()
    stream = Stream(seed)
    for step in range(120):
        first, second = stream.below(N), stream.below(N)
        for row, other in ((first, second), (second, first)):
            x.trial[row] = x.values[other]
        prices = [statistic.propose([first, second]) for statistic in everything]
        if step % 2:
            x.values[:] = x.trial
            for statistic in everything:
                statistic.accept()
            kept = [statistic.cost for statistic in everything]
            for statistic in everything:
                statistic.refresh()
            assert prices == kept == [statistic.cost for statistic in everything]
        else:
            x.trial[:] = x.values


def test_alpha_is_listwise() -> None:
    rng = np.random.default_rng(5)
    rows = np.clip(rng.normal(3, 1, (N, 1)) + rng.normal(0, 0.8, (N, 4)), 1, 5).round()
    columns: list[list[int | None]] = [[int(v) for v in column] for column in rows.T]
    columns[1][3] = columns[2][7] = None
    complete = np.delete(rows, [3, 7], axis=0)
    alpha = 4 / 3 * (1 - complete.var(axis=0, ddof=1).sum() / complete.sum(axis=1).var(ddof=1))
    items = [quantity(str(i), column) for i, column in enumerate(columns)]
    statistic = Alpha(items, range(N), [hitting("alpha", float(alpha))])
    statistic.refresh()
    assert statistic.cost == 0
    assert statistic.sums[0] == N - 2


def test_price_is_nothing_inside_and_grows_outside() -> None:
    assert penalty(0, 10) == penalty(-5, 10) == 0
    prices = [penalty(d, SCALE) for d in (1, SCALE, 2 * SCALE, 9 * SCALE)]
    assert prices == sorted(set(prices))


def test_windows_from_p_agree_with_scipy() -> None:
    x = np.linspace(0, 1, 60)
    noise = np.random.default_rng(0).normal(size=60)
    for weight in (0.2, 0.5, 1.0):
        r, p = stats.pearsonr(x * weight + noise * 0.3, noise)
        low, high = r_limits_from_p(f"{p:.3f}", 3, 60, 1)
        assert float(low) <= r <= float(high)
    assert critical_r(0.05, 123) == pytest.approx(0.1771, abs=1e-4)
    low, high = f_limits_from_p("0.049", 3, 2, 120)
    for f in (float(low), float(high)):
        assert 0.0485 <= stats.f.sf(f, 2, 120) <= 0.0495
    assert critical_f(0.05, 2, 120) == pytest.approx(3.0718, abs=1e-4)


def test_share_window_lists_counts() -> None:
    assert share_window("11", 0, 123) == (13 * SCALE, 14 * SCALE)
    assert share_window("44", 0, 65) == (1, 0)
    assert exact_window("4.5", 1) == (4_450_000_000, 4_549_999_999)
    low, high = to_window(r_limits_from_p("0.000", 3, 123, -1))
    assert low == -SCALE
    assert high < 0


def test_stream_is_the_same_everywhere() -> None:
    assert [Stream(1, 2, 3).below(1000) for _ in range(1)] == [Stream(1, 2, 3).below(1000)]
    first = Stream(2016, 1)
    assert [first.below(10**6) for _ in range(4)] == EXPECTED
    assert [Stream(2016, 2).below(10**6) for _ in range(1)] != EXPECTED[:1]


def test_stream_is_even() -> None:
    stream = Stream(4)
    counts = np.bincount([stream.below(7) for _ in range(14_000)], minlength=7)
    assert stats.chisquare(counts).pvalue > 1e-4
    items = list(range(50))
    stream.shuffle(items)
    assert sorted(items) == list(range(50))
    assert items != list(range(50))


EXPECTED = [674116, 82434, 565794, 900858]
