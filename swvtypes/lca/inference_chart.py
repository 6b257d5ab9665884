"""The free parameters of a fitted model as one vector, and the way back.

Every unit (an item, or a pair) is, class by class, a linear predictor: ``eta_k = offset_k + M_k
theta``. Its cells are log odds of categories (up to a constant), a log rate, or a mean and a log
variance. Class shares are a multinomial logit on covariates, which are the indicators of the known
groups unless others are given. Scores, information and the delta method need nothing else.

Estimates on the boundary of their range keep their value and have no coordinate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .design import Block, Floats, Layout
from .families import Parameters, Table, Variances

Booleans = NDArray[np.bool_]

BOUNDARY = 1e-6
_LOWEST = -600.0


@dataclass(frozen=True)
class Unit:
    """Coordinates of one unit.

    Attributes
    ----------
    block : Block
        Block of the layout in which it stands.
    position : int
        Its place there.
    offset : ndarray, shape (K, c)
        Linear predictor without the free parameters; c cells.
    M : ndarray, shape (K, c, q)
        How the q free parameters of the unit enter.
    start : int
        Place of its first parameter in the vector.
    boundary : ndarray of bool, shape (K, c)
        Estimates on the boundary of their range.
    """

    block: Block
    position: int
    offset: Floats
    M: Floats
    start: int
    boundary: Booleans

    @property
    def items(self) -> tuple[int, ...]:
        """Its item, or its two items."""
        return self.block.items[self.position]

    @property
    def group(self) -> int:
        """Its known group, -1 where it holds in all."""
        return self.block.groups[self.position]

    @property
    def columns(self) -> slice:
        """Its parameters in the vector."""
        return slice(self.start, self.start + self.M.shape[2])

    def values(self, theta: Floats) -> Floats:
        """Probabilities (K, m), rates (K, 1), or means and variances (K, 2)."""
        eta = self.offset + self.M @ theta[self.columns]
        if self.block.kind == "count":
            return np.asarray(np.exp(eta))
        if self.block.kind == "continuous":
            return np.stack([eta[:, 0], np.exp(eta[:, 1])], axis=1)
        raised = np.exp(eta - eta.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def slopes(self, values: Floats) -> Floats:
        """Differentiate the values to the free parameters of the unit, shape (K, c, q)."""
        if self.block.kind == "count":
            return np.asarray(values[:, :, None] * self.M)
        if self.block.kind == "continuous":
            return np.stack([self.M[:, 0], values[:, 1, None] * self.M[:, 1]], axis=1)
        inner = np.einsum("kc,kcq->kq", values, self.M)
        return np.asarray(values[:, :, None] * (self.M - inner[:, None]))


@dataclass(frozen=True)
class Chart:
    """Free parameters of a model.

    Attributes
    ----------
    gamma : ndarray, shape (Q, K)
        Coefficients of the multinomial logit of the classes; zero for the base class, log share
        odds where the Q covariates are the indicators of known groups.
    gamma_free : ndarray of bool, shape (Q, K)
        Which of them are parameters; they come first in the vector, row by row.
    units : tuple of Unit
        The items and pairs that can vary, in the order of the layout.
    theta : ndarray, shape (P,)
        The estimates.
    fixed : tuple of Table
        Tables of items with one category.
    """

    gamma: Floats
    gamma_free: Booleans
    units: tuple[Unit, ...]
    theta: Floats
    fixed: tuple[Table, ...] = ()

    @property
    def n_classes(self) -> int:
        """Classes, K."""
        return int(self.gamma.shape[1])

    @property
    def n_structural(self) -> int:
        """Parameters of the class shares; those of the units follow."""
        return int(self.gamma_free.sum())

    def coefficients(self, theta: Floats) -> Floats:
        """Coefficients of the class shares at `theta`, shape (Q, K)."""
        gamma = self.gamma.copy()
        gamma[self.gamma_free] = theta[: self.n_structural]
        return gamma

    def tables(self, theta: Floats) -> tuple[Table, ...]:
        """Profiles at `theta`."""
        made = tuple(Table(u.block.kind, u.items, u.group, u.values(theta)) for u in self.units)
        return made + self.fixed

    def parameters(self, theta: Floats) -> Parameters:
        """Model at `theta`, for class shares by known group."""
        gamma = self.coefficients(theta)
        raised = gamma - gamma.max(axis=1, keepdims=True)
        log_shares = raised - np.log(np.exp(raised).sum(axis=1, keepdims=True))
        return Parameters(log_shares, self.tables(theta))


@dataclass(frozen=True)
class _Draft:
    """Coordinates of one unit under construction."""

    offset: Floats
    M: Floats
    start: Floats
    boundary: Booleans


def build_chart(
    layout: Layout,
    parameters: Parameters,
    variances: Variances | None = None,
    gamma: Floats | None = None,
    free_shares: bool = True,
) -> Chart:
    """Lay out the free parameters of a model around its estimates.

    Parameters
    ----------
    layout : Layout
        What the units are.
    parameters : Parameters
        The estimates.
    variances : Variances, optional
        How Gaussian variances are held.
    gamma : ndarray, shape (Q, K), optional
        Coefficients of the class shares, zero for the first class; the log share odds of the known
        groups when left out.
    free_shares : bool
        Whether given coefficients are parameters.

    Returns
    -------
    Chart
    """
    variances = variances or Variances()
    if gamma is None:
        gamma, gamma_free = _share_logits(parameters.log_shares)
    else:
        gamma = np.array(gamma, dtype=float)
        gamma_free = np.full(gamma.shape, free_shares)
        gamma_free[:, 0] = False
    found = {(t.items, t.group): t for t in parameters.tables}
    theta = [gamma[gamma_free]]
    start = int(gamma_free.sum())
    units: list[Unit] = []
    fixed: list[Table] = []
    for block in layout.blocks:
        for j, (members, g) in enumerate(zip(block.items, block.groups, strict=True)):
            draft = _draft(layout, block, j, found[members, g].values, variances)
            if found[members, g].values.shape[1] == 1 and block.kind != "count":
                fixed.append(found[members, g])
                continue
            units.append(Unit(block, j, draft.offset, draft.M, start, draft.boundary))
            theta.append(draft.start)
            start += len(draft.start)
    return Chart(gamma, gamma_free, tuple(units), np.concatenate(theta), tuple(fixed))


def _share_logits(log_shares: Floats) -> tuple[Floats, Booleans]:
    """Log odds against the largest class of each group; empty classes are not free."""
    base = log_shares.argmax(axis=1)
    rows = np.arange(len(base))
    gamma = np.maximum(log_shares - log_shares[rows, base][:, None], _LOWEST)
    free = log_shares > np.log(BOUNDARY)
    free[rows, base] = False
    return gamma, free


def _draft(layout: Layout, block: Block, j: int, values: Floats, variances: Variances) -> _Draft:
    if block.kind == "count":
        return _positive(values)
    if block.kind == "continuous":
        least = variances.floor * layout.scale[block.items[j][0]] ** 2
        return _gaussian(values, least, variances.free)
    makers: dict[str, Callable[[Floats], _Draft]] = {
        "nominal": _nominal,
        "joint": _nominal,
        "ordinal": lambda p: _ordinal(p, block.scores[j]),
        "direct": lambda p: _direct(p, block.shape),
    }
    return makers[block.kind](values)


def _logs(values: Floats) -> Floats:
    return np.maximum(np.log(np.maximum(values, 1e-300)), _LOWEST)


def _keep(
    full: Floats, start: Floats, free: Booleans, offset: Floats, boundary: Booleans
) -> _Draft:
    """Drop the columns that are not free; what they contribute becomes offset."""
    offset = offset + full[:, :, ~free] @ start[~free]
    return _Draft(offset, full[:, :, free], start[free], boundary)


def _nominal(p: Floats) -> _Draft:
    """Log odds of each category against the class's largest, class by class."""
    K, m = p.shape
    logs, base = _logs(p), p.argmax(axis=1)
    cells = [(k, c) for k in range(K) for c in range(m) if c != base[k]]
    full = np.zeros((K, m, len(cells)))
    start = np.empty(len(cells))
    free = np.empty(len(cells), dtype=bool)
    for i, (k, c) in enumerate(cells):
        full[k, c, i] = 1.0
        start[i] = logs[k, c] - logs[k, base[k]]
        free[i] = p[k, c] > BOUNDARY
    return _keep(full, start, free, np.zeros((K, m)), _edge(p))


def _edge(p: Floats) -> Booleans:
    if p.shape[1] == 1:
        return np.zeros(p.shape, dtype=bool)
    return np.asarray((p < BOUNDARY) | (p > 1.0 - BOUNDARY))


def _ordinal(p: Floats, scores: Floats) -> _Draft:
    """Cuts common to the classes, then one effect a class against the least extreme class."""
    K, m = p.shape
    logs = _logs(p)
    base = int(p.min(axis=1).argmax())
    reference = int(p[base].argmax())
    distance = scores - scores[reference]
    effects = np.zeros(K)
    for k in range(K):
        weight = p[k] * p[base] + 1e-300
        s = scores - weight @ scores / weight.sum()
        effects[k] = weight @ (s * (logs[k] - logs[base])) / (weight @ s**2)
    cuts = [c for c in range(m) if c != reference]
    others = [k for k in range(K) if k != base]
    full = np.zeros((K, m, len(cuts) + len(others)))
    for i, c in enumerate(cuts):
        full[:, c, i] = 1.0
    for i, k in enumerate(others):
        full[k, :, len(cuts) + i] = distance
    start = np.concatenate([logs[base, cuts] - logs[base, reference], effects[others]])
    seen = p.max(axis=0)[cuts] > BOUNDARY
    free = np.concatenate([seen, p.max(axis=1)[others] < 1.0 - BOUNDARY])
    return _keep(full, start, free, np.zeros((K, m)), _edge(p))


def _direct(p: Floats, shape: tuple[int, int]) -> _Draft:
    """Margins in each class and one association for all, against cell (0, 0)."""
    K, (m1, m2) = len(p), shape
    logs = _logs(p).reshape(K, m1, m2)
    columns: list[Floats] = []
    start: list[float] = []
    for k in range(K):
        for axis, m in ((0, m1), (1, m2)):
            for c in range(1, m):
                column = np.zeros((K, m1, m2))
                column[k].swapaxes(0, axis)[c] = 1.0
                columns.append(column)
                first = logs[k].swapaxes(0, axis)
                start.append(float(first[c, 0] - first[0, 0]))
    interior = int(p.min(axis=1).argmax())
    odds = logs[interior]
    for a in range(1, m1):
        for b in range(1, m2):
            column = np.zeros((K, m1, m2))
            column[:, a, b] = 1.0
            columns.append(column)
            start.append(float(odds[a, b] - odds[a, 0] - odds[0, b] + odds[0, 0]))
    full = np.stack([c.reshape(K, -1) for c in columns], axis=2)
    mass = np.einsum("km,kmq->q", p, full)
    free = (mass > BOUNDARY) & (mass < full.any(axis=1).sum(axis=0) - BOUNDARY)
    return _keep(full, np.array(start), free, np.zeros((K, m1 * m2)), _edge(p))


def _positive(rates: Floats) -> _Draft:
    K = len(rates)
    free = rates[:, 0] > BOUNDARY
    return _keep(np.eye(K)[:, None, :], _logs(rates)[:, 0], free, np.zeros((K, 1)), ~free[:, None])


def _gaussian(values: Floats, least: float, free_variances: bool) -> _Draft:
    K = len(values)
    spreads = K if free_variances else 1
    full = np.zeros((K, 2, K + spreads))
    full[range(K), 0, range(K)] = 1.0
    full[range(K), 1, [K + (k if free_variances else 0) for k in range(K)]] = 1.0
    start = np.concatenate([values[:, 0], np.log(values[:spreads, 1])])
    edge = values[:, 1] <= least * (1.0 + 1e-6)
    free = np.concatenate([np.ones(K, dtype=bool), ~edge[:spreads]])
    boundary = np.stack([np.zeros(K, dtype=bool), edge], axis=1)
    return _keep(full, start, free, np.zeros((K, 2)), boundary)
