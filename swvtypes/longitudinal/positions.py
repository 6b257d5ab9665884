"""Positions on a scale at two occasions: shifts, and movements towards each other.

The self-rated continuum is one number an organisation. Two waves give paired means and paired
variances; how much of a change is error of rating is not identified with two waves, so reliability
is an input here, and an estimate from three waves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from swvtypes.errors import InputError, OptionError
from swvtypes.lca.design import Floats

from .pairs import index_faults

_LEAST = 5


@dataclass(frozen=True, eq=False)
class PositionChange:
    """Change of positions between two occasions.

    Attributes
    ----------
    n : int
        Organisations with a position at both.
    table : DataFrame
        One row a question (mean, variance, distance): statistic, estimate, low, high, p_value,
        p_robust and what is estimated. The p-value is that of the textbook test (paired t,
        Pitman-Morgan, paired t of distances); p_robust is by permutation within organisations.
    summary : DataFrame
        Rows before and after: n, mean, sd, mean distance to the middle.
    reliability : DataFrame
        For each assumed reliability at the first occasion: ratio of the true variances (after over
        before), correlation of the true positions. NaN where the reliability is impossible.
    """

    n: int
    table: pd.DataFrame
    summary: pd.DataFrame
    reliability: pd.DataFrame


def position_change(
    before: pd.Series[float],
    after: pd.Series[float],
    *,
    middle: float = 5.5,
    organisations: Mapping[Any, Any] | None = None,
    reliabilities: Sequence[float] = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    level: float = 0.95,
    n_draws: int = 4999,
    random_state: int = 0,
) -> PositionChange:
    """Compare positions of the same organisations at two occasions.

    Parameters
    ----------
    before, after : Series of float by organisation
        Positions; organisations without one of them are left out.
    middle : float
        Middle of the scale, from which distances are taken; that of 1 to 10 when left out.
    organisations : mapping, optional
        Identity of earlier organisations at the later occasion, where it changed.
    reliabilities : sequence of float
        Assumed shares of true variance at the first occasion; the variance of the error is taken
        to be the same at the second.
    level : float
        Coverage of intervals.
    n_draws : int
        Random exchanges within organisations.
    random_state : int

    Returns
    -------
    PositionChange

    Raises
    ------
    InputError, OptionError

    Notes
    -----
    Equal variances of paired values are tested by the correlation of their sums and differences
    (Pitman 1939; Morgan 1939), which needs normal values; the robust form exchanges deviations
    from the medians within organisations (after Grambsch 1994). No weights are taken.
    """
    x, y = _paired(before, after, organisations)
    _check_options(reliabilities, level, n_draws)
    generator = np.random.default_rng(random_state)
    signs = generator.choice((-1.0, 1.0), size=(n_draws, len(x)))
    rows = [
        _shift("mean", y - x, signs, level),
        _variances(x, y, signs, level),
        _shift("distance to the middle", np.abs(y - middle) - np.abs(x - middle), signs, level),
    ]
    table = pd.DataFrame(rows).set_index("question")
    summary = pd.DataFrame(
        [
            {"n": len(v), "mean": v.mean(), "sd": v.std(ddof=1),
             "distance": np.abs(v - middle).mean()}
            for v in (x, y)
        ],
        index=["before", "after"],
    )  # fmt: skip
    return PositionChange(len(x), table, summary, _sensitivity(x, y, reliabilities))


def three_wave_reliability(
    first: pd.Series[float],
    second: pd.Series[float],
    third: pd.Series[float],
    *,
    level: float = 0.95,
    n_boot: int = 999,
    random_state: int = 0,
) -> pd.Series[float]:
    """Estimate the reliability of one self-rating from three waves (Heise 1969, equation 9).

    Parameters
    ----------
    first, second, third : Series of float by organisation
        Positions; organisations without one of them are left out.
    level : float
    n_boot : int
        Resamples of organisations.
    random_state : int

    Returns
    -------
    Series
        reliability (r12 r23 / r13; above 1 where the assumptions fail), low, high, n. It assumes
        the same reliability at each wave, errors without memory, and change that follows from the
        wave before only.

    Raises
    ------
    InputError, OptionError
    """
    _check_draws("n_boot", n_boot, level)
    names = ("first", "second", "third")
    values = _complete(names, (first, second, third), "three positions")
    generator = np.random.default_rng(random_state)
    drawn = []
    for _ in range(n_boot):
        sample = values[generator.integers(len(values), size=len(values))]
        if sample.std(axis=0).min() > 0:
            drawn.append(_heise(sample))
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(drawn, [tail, 100.0 - tail])
    found = {"reliability": _heise(values), "low": low, "high": high, "n": float(len(values))}
    return pd.Series(found)


def _heise(values: Floats) -> float:
    r = np.asarray(np.corrcoef(values, rowvar=False))
    return float(r[0, 1] * r[1, 2] / r[0, 2]) if r[0, 2] else float("nan")


def _paired(
    before: pd.Series[float], after: pd.Series[float], organisations: Mapping[Any, Any] | None
) -> tuple[Floats, Floats]:
    first = before
    if organisations and isinstance(before, pd.Series):
        first = before.set_axis(pd.Index([organisations.get(o, o) for o in before.index]))
    values = _complete(("before", "after"), (first, after), "both positions")
    return values[:, 0], values[:, 1]


def _complete(names: Sequence[str], waves: Sequence[pd.Series[float]], what: str) -> Floats:
    """Give the positions of the organisations that have all, shape (n, waves)."""
    faults = [
        f"{name}: expected a Series by organisation, got {type(series).__name__}"
        for name, series in zip(names, waves, strict=True)
        if not isinstance(series, pd.Series)
    ]
    faults = faults or index_faults(names, [series.index for series in waves])
    if faults:
        raise InputError("positions", faults)
    both = pd.concat(list(waves), axis=1, join="inner", keys=list(names)).dropna()
    if len(both) < _LEAST:
        raise InputError(
            "positions", [f"expected at least {_LEAST} organisations with {what}, got {len(both)}"]
        )
    values = both.to_numpy(dtype=float)
    constant = [name for name, v in zip(names, values.T, strict=True) if np.ptp(v) == 0]
    if constant:
        raise InputError("positions", [f"{name}: every position is the same" for name in constant])
    return values


def _check_options(reliabilities: Sequence[float], level: float, n_draws: int) -> None:
    _check_draws("n_draws", n_draws, level)
    wrong = [r for r in reliabilities if not 0.0 < r <= 1.0]
    if wrong:
        raise OptionError("reliabilities", "numbers above 0, at most 1", wrong)


def _check_draws(name: str, n_draws: int, level: float) -> None:
    if not 0.0 < level < 1.0:
        raise OptionError("level", "a number between 0 and 1", level)
    if n_draws < 1:
        raise OptionError(name, "at least 1", n_draws)


def _shift(question: str, d: Floats, signs: Floats, level: float) -> dict[str, Any]:
    n, sd = len(d), float(d.std(ddof=1))
    error = sd / np.sqrt(n)
    if error > 0:
        t = float(d.mean() / error)
    else:  # every organisation shifted alike
        t = float(np.copysign(np.inf, d.mean())) if d.mean() else 0.0
    half = stats.t.ppf(0.5 + level / 2.0, n - 1) * error
    return {
        "question": question, "estimated": "difference, after less before", "statistic": t,
        "estimate": float(d.mean()), "low": float(d.mean() - half), "high": float(d.mean() + half),
        "p_value": float(2.0 * stats.t.sf(abs(t), n - 1)), "p_robust": _exchange(d, signs),
    }  # fmt: skip


def _variances(x: Floats, y: Floats, signs: Floats, level: float) -> dict[str, Any]:
    n = len(x)
    r = float(np.corrcoef(x + y, y - x)[0, 1]) if np.ptp(y - x) > 0 and np.ptp(x + y) > 0 else 0.0
    t = r * np.sqrt((n - 2) / max(1.0 - r**2, 1e-15))
    ratio = float(y.var(ddof=1) / x.var(ddof=1))
    rho = float(np.clip(np.corrcoef(x, y)[0, 1], -1.0, 1.0))
    k = 1.0 + 2.0 * (1.0 - rho**2) * stats.t.ppf(0.5 + level / 2.0, n - 2) ** 2 / (n - 2)
    root = np.sqrt(k**2 - 1.0)
    spread = np.abs(y - np.median(y)) - np.abs(x - np.median(x))
    return {
        "question": "variance", "estimated": "ratio, after over before", "statistic": float(t),
        "estimate": ratio, "low": float(ratio * (k - root)), "high": float(ratio * (k + root)),
        "p_value": float(2.0 * stats.t.sf(abs(t), n - 2)), "p_robust": _exchange(spread, signs),
    }  # fmt: skip


def _exchange(d: Floats, signs: Floats) -> float:
    """p-value of a mean difference when the two values of an organisation are exchanged."""
    drawn = np.abs(signs @ d)
    return float(((drawn >= abs(d.sum()) - 1e-9).sum() + 1) / (len(signs) + 1))


def _sensitivity(x: Floats, y: Floats, reliabilities: Sequence[float]) -> pd.DataFrame:
    s1, s2 = x.var(ddof=1), y.var(ddof=1)
    covariance = float(np.cov(x, y)[0, 1])
    rows = []
    for reliability in reliabilities:
        error = (1.0 - reliability) * s1
        true1, true2 = s1 - error, s2 - error
        possible = true2 > 0 and abs(covariance) <= np.sqrt(max(true1 * true2, 0.0)) + 1e-12
        rows.append(
            {
                "reliability": reliability,
                "variance_ratio": true2 / true1 if possible else np.nan,
                "correlation": covariance / np.sqrt(true1 * true2) if possible else np.nan,
            }
        )
    return pd.DataFrame(rows).set_index("reliability")
