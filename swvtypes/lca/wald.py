"""What each indicator has to do with the classes: Wald test and explained variance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from .design import Design, Floats, Integers
from .diagnostics import marginal_tables
from .families import Parameters, Table
from .inference_chart import Unit
from .inference_intervals import degenerate_effects, effect_slopes
from .model import Indicator
from .standard_errors import Covariance, invert


@dataclass(frozen=True)
class WaldTest:
    """A Wald test.

    Attributes
    ----------
    statistic : float
        NaN when nothing is left to test.
    df : int
        Contrasts tested.
    p_value : float
        From the chi-square distribution.
    n_left_out : int
        Contrasts left out because an estimate lies on the boundary or is not identified.
    """

    statistic: float
    df: int
    p_value: float
    n_left_out: int


def wald_statistic(difference: Floats, V: Floats) -> tuple[float, int]:
    """Quadratic form of differences in the inverse of their covariance, and its rank."""
    if not len(difference):
        return float("nan"), 0
    inverse, _ = invert(V)
    rank = int(np.linalg.matrix_rank(V, tol=1e-9 * float(np.diag(V).max()), hermitian=True))
    return float(difference @ inverse @ difference), rank


def indicator_wald(cov: Covariance, item: int) -> WaldTest:
    """Test that an indicator has the same profile in all classes, in every known group.

    The hypothesis is stated in the natural parameters: log odds of the categories for nominal
    items (df (K - 1)(m - 1)), effects for ordinal items, log rates, and means (K - 1 each); with
    profiles free over groups in all groups at once. An item of a local-dependence pair is tested
    given the other item. Contrasts that involve an estimate on the boundary are left out.

    Parameters
    ----------
    cov : Covariance
        Of the free parameters.
    item : int
        Its position.

    Returns
    -------
    WaldTest
        ``W = d' (C V C')^-1 d`` with ``d = C theta`` (Wald 1943).
    """
    rows: list[Floats] = []
    differences: list[float] = []
    left_out = 0
    for unit in cov.chart.units:
        if item not in unit.items:
            continue
        L, d, lost = _contrasts(unit, cov.chart.theta[unit.columns], item)
        left_out += lost
        for row, value in zip(L, d, strict=True):
            whole = np.zeros(len(cov.chart.theta))
            whole[unit.columns] = row
            if (np.abs(whole) > 1e-12)[~cov.identified].any():
                left_out += 1
                continue
            rows.append(whole)
            differences.append(float(value))
    if not rows:
        return WaldTest(float("nan"), 0, float("nan"), left_out)
    C = np.stack(rows)
    statistic, df = wald_statistic(np.array(differences), C @ cov.matrix @ C.T)
    return WaldTest(statistic, df, float(chdtrc(df, statistic)), left_out)


def _contrasts(unit: Unit, theta: Floats, item: int) -> tuple[Floats, Floats, int]:
    """Contrasts over classes (r, q), their values (r,), and how many had to be left out."""
    K, q = unit.M.shape[0], unit.M.shape[2]
    kind = unit.block.kind
    if kind == "ordinal":
        keep = np.flatnonzero(~degenerate_effects(unit))
        slopes = effect_slopes(unit)
        return *_against_first(slopes[keep], slopes[keep] @ theta), K - len(keep)
    eta = unit.offset + unit.M @ theta
    if kind in ("count", "continuous"):
        keep = np.flatnonzero(~unit.boundary[:, 0])
        return *_against_first(unit.M[keep, 0], eta[keep, 0]), K - len(keep)
    L: list[Floats] = [np.empty((0, q))]
    d: list[Floats] = [np.empty(0)]
    lost = 0
    for cells in _categories(unit, item):
        ok = ~_vanishing(unit, theta)[:, cells]
        reference = int(ok.sum(axis=0).argmax())
        for c in range(len(cells)):
            if c == reference:
                continue
            keep = np.flatnonzero(ok[:, c] & ok[:, reference])
            a, b = cells[c], cells[reference]
            slopes, values = _against_first(
                unit.M[keep, a] - unit.M[keep, b], eta[keep, a] - eta[keep, b]
            )
            L.append(slopes)
            d.append(values)
            lost += K - 1 - len(slopes)
    return np.concatenate(L), np.concatenate(d), lost


def _vanishing(unit: Unit, theta: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Cells whose probability is on its lower boundary, shape (K, c)."""
    return np.asarray(unit.boundary & (unit.values(theta=_padded(unit, theta)) < 0.5))


def _padded(unit: Unit, theta: Floats) -> Floats:
    whole = np.zeros(unit.columns.stop)
    whole[unit.columns] = theta
    return whole


def _categories(unit: Unit, item: int) -> list[Integers]:
    """Cells that differ in an item's categories only, one list for each answer to the other."""
    if len(unit.items) == 1:
        return [np.arange(unit.M.shape[1])]
    grid = np.arange(unit.M.shape[1]).reshape(unit.block.shape)
    lists = list(grid.T) if item == unit.items[0] else list(grid)
    return lists[:1] if unit.block.kind == "direct" else lists


def _against_first(slopes: Floats, values: Floats) -> tuple[Floats, Floats]:
    return slopes[1:] - slopes[:1], values[1:] - values[:1]


def explained_variance(design: Design, parameters: Parameters, item: int) -> float:
    """Share of an indicator's variance that the classes explain, Latent GOLD's R-squared.

    With class shares ``pi_k`` in a known group, ``R2 = B / (B + W)``. For ordinal items (through
    their category scores), counts and measurements ``B = sum_k pi_k (mu_k - mu)^2`` and
    ``W = sum_k pi_k var_k``. For nominal items B and W are summed over the 0/1 variables of the
    categories, that is the average of their R-squared weighted by their variances, or Goodman and
    Kruskal's tau: ``B = sum_k sum_m pi_k (p_km - p_m)^2``, ``B + W = sum_m p_m (1 - p_m)``
    (Vermunt and Magidson 2016). With several groups B and W are averaged over them.

    Parameters
    ----------
    design : Design
        For the weights of the groups.
    parameters : Parameters
        The model.
    item : int
        Its position.

    Returns
    -------
    float
        NaN for an indicator without variance.
    """
    shares = np.exp(parameters.log_shares)
    weight = np.bincount(design.group, weights=design.weight, minlength=len(shares))
    between = within = 0.0
    for table in marginal_tables(design, parameters):
        if table.items != (item,):
            continue
        for g in range(len(shares)):
            if table.group in (-1, g):
                b, w = _spread(design, table, shares[g])
                between += weight[g] * b
                within += weight[g] * w
    total = between + within
    return between / total if total > 1e-300 else float("nan")


def _spread(design: Design, table: Table, shares: Floats) -> tuple[float, float]:
    values = table.values  # noqa: PD011
    if table.kind == "count":
        means, variances = values, values
    elif table.kind == "continuous":
        means, variances = values[:, :1], values[:, 1:]
    elif table.kind == "ordinal":
        item = design.layout.items[table.items[0]]
        scores = np.array(item.scores or range(item.n_categories), dtype=float)
        means = (values @ scores)[:, None]
        variances = (values @ scores**2)[:, None] - means**2
    else:
        means, variances = values, values * (1.0 - values)
    overall = shares @ means
    return float((shares @ (means - overall) ** 2).sum()), float((shares @ variances).sum())


def indicator_frame(
    cov: Covariance, design: Design, parameters: Parameters, indicators: Sequence[Indicator]
) -> pd.DataFrame:
    """Wald test and R-squared of every indicator.

    Returns
    -------
    DataFrame
        Indexed by indicator: wald, df, p_value, r2, and a note that says how many contrasts were
        left out and why (empty otherwise). A Wald test from which contrasts were left out says
        less than the indicator tells: prefer
        :func:`~swvtypes.lca.inference_indicator_lr.indicator_ratio_tests` there.
    """
    rows = []
    for j, indicator in enumerate(indicators):
        test = indicator_wald(cov, j)
        r2 = explained_variance(design, parameters, j)
        note = ""
        if indicator.constant:
            note = "one value only"
        elif test.n_left_out:
            note = f"{test.n_left_out} contrasts left out: on the boundary or not identified"
        rows.append((test.statistic, test.df, test.p_value, r2, note))
    return pd.DataFrame(
        rows,
        columns=["wald", "df", "p_value", "r2", "note"],
        index=pd.Index([i.name for i in indicators], name="indicator"),
    )
