"""Fitted models in plain form: shares and tables instead of natural parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Block, Floats, Integers, Layout

from .steps import FLOOR, Variances, gaussian_constant, log_normaliser, pair_columns, stacked


@dataclass(frozen=True)
class Table:
    """Parameters of one unit (an item, or a pair) in plain form.

    Attributes
    ----------
    kind : str
        Kind of its block.
    items : tuple of int
        Its item or items.
    group : int
        Its group, -1 where it holds in all groups.
    values : ndarray
        Probabilities (K, m) for nominal, ordinal and pairs (m = m1 * m2, second item fastest);
        rates (K, 1); means and variances (K, 2) in the data's own units.
    """

    kind: str
    items: tuple[int, ...]
    group: int
    values: Floats


@dataclass(frozen=True)
class Parameters:
    """A fitted model in plain form.

    Attributes
    ----------
    log_shares : ndarray, shape (G, K)
        Log class shares in each known group.
    tables : tuple of Table
        One a unit, in the order of the layout.
    """

    log_shares: Floats
    tables: tuple[Table, ...]

    @property
    def n_classes(self) -> int:
        """Classes, K."""
        return int(self.log_shares.shape[1])

    def reorder(self, order: Sequence[int] | Integers) -> Parameters:
        """Return the same model with its classes in another order (positions from 0)."""
        index = np.asarray(order, dtype=np.intp)
        return Parameters(
            self.log_shares[:, index],
            tuple(Table(t.kind, t.items, t.group, t.values[index]) for t in self.tables),
        )


def unpack(layout: Layout, A: Floats) -> Parameters:
    """Turn the natural parameters of one run, shape (D, K), into plain tables."""
    log_shares = A[: layout.n_groups].copy()
    tables: list[Table] = []
    for block in layout.blocks:
        eta = stacked(block, A[:, None])[:, :, 0]
        for j, (members, g) in enumerate(zip(block.items, block.groups, strict=True)):
            if len(members) == 2:
                values = np.exp(eta[0, : block.size].T)
            else:
                values, constant = _plain(layout, block, eta[j].T, j)
                if block.indicator[j] < layout.n_groups:
                    log_shares[block.indicator[j]] -= constant
            values = np.ascontiguousarray(values)
            tables.append(Table(block.kind, members, g, values))
    log_shares -= log_shares.max(axis=1, keepdims=True)
    log_shares -= np.log(np.exp(log_shares).sum(axis=1, keepdims=True))
    return Parameters(log_shares, tuple(tables))


def _plain(layout: Layout, block: Block, eta: Floats, j: int) -> tuple[Floats, Floats]:
    """Plain parameters and normalising constant (K,) of one unit, eta (K, columns)."""
    if block.kind == "count":
        return np.exp(eta), -np.exp(eta[:, 0])
    if block.kind == "continuous":
        item = block.items[j][0]
        variance = -0.5 / eta[:, 1]
        mean = eta[:, 0] * variance
        scale = layout.scale[item]
        plain = np.stack([mean * scale + layout.center[item], variance * scale**2], axis=1)
        return plain, gaussian_constant(mean, variance)
    constant = -log_normaliser(eta) if block.size > 1 else np.zeros(len(eta))
    base = int(block.reference[j])
    logs = np.concatenate([eta[:, :base], np.zeros((len(eta), 1)), eta[:, base:]], axis=1)
    logs += constant[:, None]
    plain = np.exp(logs)
    plain[plain < 1e-250] = 0.0
    return plain, constant


def pack(layout: Layout, parameters: Parameters) -> Floats:
    """Turn plain tables into natural parameters, shape (D, K), for any layout of these items.

    A unit is looked up by its items and group, so that a model fitted on one data set can score
    another with other missing cells.
    """
    found = {(t.items, t.group): t.values for t in parameters.tables}
    A = np.zeros((layout.width, parameters.n_classes))
    A[: layout.n_groups] = parameters.log_shares
    for block in layout.blocks:
        for j, (members, g) in enumerate(zip(block.items, block.groups, strict=True)):
            values = found[members, g]
            if len(members) == 2:
                A[block.start : block.stop] = pair_columns(values.T.reshape(*block.shape, -1))
                continue
            eta, constant = _natural(layout, block, values, j)
            width = len(eta)
            A[block.start + j * width : block.start + (j + 1) * width] = eta
            A[block.indicator[j]] += constant
    return A


def _natural(layout: Layout, block: Block, values: Floats, j: int) -> tuple[Floats, Floats]:
    """Natural parameters (columns, K) and normalising constant (K,) of one unit."""
    if block.kind == "count":
        rate = np.maximum(values.T, FLOOR)
        return np.log(rate), -rate[0]
    if block.kind == "continuous":
        item = block.items[j][0]
        mean = (values[:, 0] - layout.center[item]) / layout.scale[item]
        variance = values[:, 1] / layout.scale[item] ** 2
        return np.stack([mean / variance, -0.5 / variance]), gaussian_constant(mean, variance)
    logs = np.log(np.maximum(values.T, FLOOR))
    constant = logs[block.reference[j]]
    return np.delete(logs, int(block.reference[j]), axis=0) - constant, constant


def count_parameters(layout: Layout, n_classes: int, variances: Variances) -> int:
    """Free parameters of a model with `n_classes` classes."""
    K = n_classes
    total = layout.n_groups * (K - 1)
    for block in layout.blocks:
        m, (m1, m2) = block.size, block.shape
        each = {
            "nominal": K * (m - 1),
            "ordinal": (m - 1) + (K - 1) * (m > 1),
            "count": K,
            "continuous": 2 * K if variances.free else K + 1,
            "joint": K * (m - 1),
            "direct": K * (m1 - 1 + m2 - 1) + (m1 - 1) * (m2 - 1),
        }
        total += len(block.items) * each[block.kind]
    return total
