"""Casewise scores and observed information.

Scores are complete-data scores weighted by the posterior class probabilities. The observed
information is exact: complete information less the information lost by not seeing the classes
(Louis 1982, equation 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .design import Design, Floats, Layout
from .families import Parameters, Table, pack
from .inference_chart import Booleans, Chart, Unit

_ROWS = 4096


@dataclass(frozen=True)
class Evidence:
    """What the parameters are judged by: rows, and what is held fixed about them.

    Attributes
    ----------
    design : Design
        The answers that the units of the chart describe; N rows or patterns.
    Z : ndarray, shape (N, Q)
        Covariates of the class shares; indicators of the known groups in a plain model.
    fixed : ndarray, shape (N, K)
        Log-density of each row given the class that no parameter of the chart touches.
    weight : ndarray, shape (N,)
        Weights of the rows.
    """

    design: Design
    Z: Floats
    fixed: Floats
    weight: Floats


def plain_evidence(design: Design, n_classes: int) -> Evidence:
    """Evidence of a model without covariates: patterns and known groups."""
    Z = (design.group[:, None] == np.arange(design.layout.n_groups)).astype(float)
    return Evidence(design, Z, np.zeros((len(Z), n_classes)), design.weight)


@dataclass(frozen=True)
class Expectation:
    """E step at given parameters.

    Attributes
    ----------
    prior, posterior : ndarray, shape (N, K)
        Class probabilities before and after the answers.
    log_density : ndarray, shape (N,)
        Log-density of each row.
    tables : tuple of Table
        Profiles.
    """

    prior: Floats
    posterior: Floats
    log_density: Floats
    tables: tuple[Table, ...]


def class_log_density(design: Design, tables: tuple[Table, ...], n_classes: int) -> Floats:
    """Log-density of each row given each class, shape (N, K)."""
    if not design.layout.blocks:
        return np.zeros((len(design.values), n_classes))
    flat = np.zeros((design.layout.n_groups, n_classes))
    A = pack(design.layout, Parameters(flat, tables))
    return np.asarray(design.X @ A + design.base[:, None])


def log_softmax(eta: Floats) -> Floats:
    """Log probabilities of a multinomial logit along the last axis."""
    raised = eta - eta.max(axis=-1, keepdims=True)
    return np.asarray(raised - np.log(np.exp(raised).sum(axis=-1, keepdims=True)))


def expect(evidence: Evidence, chart: Chart, theta: Floats) -> Expectation:
    """Class probabilities and log-densities of all rows at `theta`."""
    tables = chart.tables(theta)
    log_prior = log_softmax(evidence.Z @ chart.coefficients(theta))
    joint = log_prior + evidence.fixed
    joint = joint + class_log_density(evidence.design, tables, chart.n_classes)
    top = joint.max(axis=1, keepdims=True)
    raised = np.exp(joint - top)
    total = raised.sum(axis=1, keepdims=True)
    return Expectation(np.exp(log_prior), raised / total, np.log(total[:, 0]) + top[:, 0], tables)


def _residuals(design: Design, unit: Unit, values: Floats, rows: slice) -> Floats:
    """Differentiate log f(x | k) to the cells of a unit, shape (n, K, c)."""
    x = design.values[rows][:, list(unit.items)]
    group = design.group[rows]
    inside = np.ones(len(x), dtype=bool) if unit.group < 0 else group == unit.group
    if unit.block.kind in ("joint", "direct"):
        return _pair_residuals(x, values, unit.block.shape, inside)
    answered = inside & ~np.isnan(x[:, 0])
    first = np.nan_to_num(x[:, 0])
    if unit.block.kind == "count":
        out = (first[:, None] - values[:, 0])[..., None]
    elif unit.block.kind == "continuous":
        deviation = first[:, None] - values[:, 0]
        spread = 0.5 * (deviation**2 / values[:, 1] - 1.0)
        out = np.stack([deviation / values[:, 1], spread], axis=2)
    else:
        hit = (first[:, None] == np.arange(unit.block.size)).astype(float)
        out = hit[:, None] - values[None]
    return np.asarray(out * answered[:, None, None])


def _pair_residuals(x: Floats, values: Floats, shape: tuple[int, int], inside: Booleans) -> Floats:
    """As :func:`_residuals` for a pair, of which one item only may have been answered."""
    m1, m2 = shape
    table = values.reshape(-1, m1, m2)
    hits = [
        np.where(np.isnan(x[:, i])[:, None], 1.0, x[:, i, None] == np.arange(m))
        for i, m in ((0, m1), (1, m2))
    ]
    possible = hits[0][:, None, :, None] * hits[1][:, None, None, :]
    expected = possible * table[None]
    total = np.maximum(expected.sum(axis=(2, 3), keepdims=True), 1e-300)
    out = (expected / total - table[None]).reshape(len(x), -1, m1 * m2)
    answered = inside & ~np.isnan(x).all(axis=1)
    return np.asarray(out * answered[:, None, None])


def class_scores(evidence: Evidence, chart: Chart, e: Expectation, rows: slice) -> Floats:
    """Complete-data scores of the rows for each class, shape (K, n, P)."""
    K = chart.n_classes
    Z, prior = evidence.Z[rows], e.prior[rows]
    out = np.zeros((K, len(Z), len(chart.theta)))
    for column, (q, c) in enumerate(np.argwhere(chart.gamma_free)):
        out[:, :, column] = -Z[:, q] * prior[:, c]
        out[c, :, column] += Z[:, q]
    found = {(t.items, t.group): t.values for t in e.tables}
    for unit in chart.units:
        values = found[unit.items, unit.group]
        residual = _residuals(evidence.design, unit, values, rows)
        out[:, :, unit.columns] = np.matmul(residual.transpose(1, 0, 2), unit.M)
    return out


def casewise_scores(evidence: Evidence, chart: Chart, e: Expectation) -> Floats:
    """Casewise scores: derivatives of each row's log-density, shape (N, P)."""
    out = np.empty((len(evidence.weight), len(chart.theta)))
    for low in range(0, len(out), _ROWS):
        rows = slice(low, low + _ROWS)
        S = class_scores(evidence, chart, e, rows)
        out[rows] = np.einsum("nk,knp->np", e.posterior[rows], S)
    return out


def information(
    evidence: Evidence, chart: Chart, e: Expectation, pseudo: Floats | None = None
) -> Floats:
    """Observed information by Louis' identity.

    Parameters
    ----------
    evidence, chart, e
        Rows, parameters, and the E step at them.
    pseudo : ndarray, shape (D, K), optional
        Sums that a prior adds to those of each class.

    Returns
    -------
    ndarray, shape (P, P)
        Negative second derivatives of the log-likelihood, or of the log posterior density.
    """
    P = len(chart.theta)
    lost = np.zeros((P, P))
    active = [np.flatnonzero(_touches(chart, k)) for k in range(chart.n_classes)]
    T = np.zeros((evidence.design.layout.width, chart.n_classes))
    for low in range(0, len(evidence.weight), _ROWS):
        rows = slice(low, low + _ROWS)
        p = e.posterior[rows] * evidence.weight[rows, None]
        S = class_scores(evidence, chart, e, rows)
        mean = np.einsum("nk,knp->np", e.posterior[rows], S)
        for k, own in enumerate(active):
            mine = S[k][:, own]
            lost[np.ix_(own, own)] += mine.T @ (p[:, k, None] * mine)
        lost -= mean.T @ (evidence.weight[rows, None] * mean)
        T += evidence.design.X[rows].T @ p
    complete = complete_information(evidence, chart, e, T if pseudo is None else T + pseudo)
    n_structural = chart.n_structural
    complete[:n_structural, :n_structural] = share_information(
        evidence.Z, e.prior, evidence.weight, chart.gamma_free
    )
    if pseudo is not None:
        G = evidence.design.layout.n_groups
        shares = np.exp(log_softmax(chart.coefficients(chart.theta)))
        complete[:n_structural, :n_structural] += share_information(
            np.eye(G), shares, pseudo[:G].sum(axis=1), chart.gamma_free
        )
    return complete - lost


def _touches(chart: Chart, k: int) -> Booleans:
    """Which parameters enter the complete-data log-density of class k, shape (P,)."""
    out = np.ones(len(chart.theta), dtype=bool)
    for unit in chart.units:
        out[unit.columns] = unit.M[k].any(axis=0)
    return out


def share_information(Z: Floats, prior: Floats, weight: Floats, free: Booleans) -> Floats:
    """Information of a multinomial logit for its free coefficients, in row-major order."""
    Q, K = free.shape
    full = np.empty((Q, K, Q, K))
    for a in range(K):
        for b in range(K):
            w = weight * prior[:, a] * ((a == b) - prior[:, b])
            full[:, a, :, b] = Z.T @ (w[:, None] * Z)
    which = free.ravel()
    return np.asarray(full.reshape(Q * K, Q * K)[np.ix_(which, which)])


def complete_information(evidence: Evidence, chart: Chart, e: Expectation, T: Floats) -> Floats:
    """Complete information of the units from expected sums T, shape (D, K)."""
    P = len(chart.theta)
    out = np.zeros((P, P))
    found = {(t.items, t.group): t.values for t in e.tables}
    for unit in chart.units:
        V = _curvature(evidence.design.layout, unit, found[unit.items, unit.group], T)
        out[unit.columns, unit.columns] = np.einsum("kcp,kcd,kdq->pq", unit.M, V, unit.M)
    return out


def _curvature(layout: Layout, unit: Unit, values: Floats, T: Floats) -> Floats:
    """Negative second derivatives of the expected log-density to the cells, (K, c, c)."""
    block, j = unit.block, unit.position
    if block.kind in ("joint", "direct"):
        return _pair_curvature(unit, values, T)
    n = T[block.indicator[j]]
    if block.kind == "count":
        return np.asarray((n * values[:, 0])[:, None, None])
    if block.kind == "continuous":
        item = unit.items[0]
        scale, away = layout.scale[item], layout.center[item] - values[:, 0]
        s1, s2 = T[block.start + 2 * j], T[block.start + 2 * j + 1]
        first = scale * s1 + n * away
        second = scale**2 * s2 + 2.0 * scale * away * s1 + n * away**2
        out = np.empty((len(n), 2, 2))
        out[:, 0, 0] = n / values[:, 1]
        out[:, 0, 1] = out[:, 1, 0] = first / values[:, 1]
        out[:, 1, 1] = 0.5 * second / values[:, 1]
        return out
    return np.asarray(n[:, None, None] * _multinomial(values))


def _multinomial(p: Floats) -> Floats:
    """Covariance of one draw, p (..., c)."""
    out = -p[..., :, None] * p[..., None, :]
    cells = np.arange(p.shape[-1])
    out[..., cells, cells] += p
    return np.asarray(out)


def _pair_curvature(unit: Unit, values: Floats, T: Floats) -> Floats:
    m1, m2 = unit.block.shape
    counts = T[unit.block.start : unit.block.stop]
    n = counts.sum(axis=0)
    out = n[:, None, None] * _multinomial(values)
    table = values.reshape(-1, m1, m2)
    first, second = counts[m1 * m2 : m1 * m2 + m1], counts[m1 * m2 + m1 :]
    for axis, sums in ((1, first), (2, second)):
        for c in range(len(sums)):
            inside = np.zeros_like(table)
            index: list[slice | int] = [slice(None)] * 3
            index[axis] = c
            inside[tuple(index)] = table[tuple(index)]
            given = inside.reshape(len(table), -1)
            given = given / np.maximum(given.sum(axis=1, keepdims=True), 1e-300)
            out -= sums[c][:, None, None] * _multinomial(given)
    return np.asarray(out)
