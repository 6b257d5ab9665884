"""Superclusters in plain form, and what rows are under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats, Integers, Layout
from swvtypes.lca.families import Parameters, Table, log_joint, unpack

from .coupling import Coupled
from .messages import State

_TINY = 1e-300


@dataclass(frozen=True)
class Hierarchy:
    """A fitted model in plain form.

    Attributes
    ----------
    shares : ndarray, shape (P,)
        Probabilities of the superclusters; with covariates their average over the rows.
    conditional : tuple of ndarray, shape (P, C)
        Probability of each theme class in each supercluster, one array a theme.
    tables : tuple of tuple of Table
        Measurement of each theme.
    coefficients : ndarray, shape (Q, P), optional
        Multinomial logit of the superclusters on covariates, a constant first.
    """

    shares: Floats
    conditional: tuple[Floats, ...]
    tables: tuple[tuple[Table, ...], ...]
    coefficients: Floats | None = None

    @property
    def n_classes(self) -> tuple[int, ...]:
        """Classes of each theme."""
        return tuple(rho.shape[1] for rho in self.conditional)

    def log_densities(self, coupled: Coupled) -> list[Floats]:
        """Log-density of each theme's answers given its classes, shape (N, C)."""
        found = []
        for design, tables, C in zip(coupled.designs, self.tables, self.n_classes, strict=True):
            joint = log_joint(design, Parameters(np.zeros((1, C)), tables))
            found.append(joint + design.base[:, None])
        return found

    def log_shares(self, coupled: Coupled) -> Floats:
        """Log probabilities of the superclusters, shape (1, P), or (N, P) with covariates."""
        if self.coefficients is None or coupled.covariates is None:
            return np.log(np.maximum(self.shares, _TINY))[None]
        eta = coupled.covariates @ self.coefficients
        eta = eta - eta.max(axis=1, keepdims=True)
        return np.asarray(eta - np.log(np.exp(eta).sum(axis=1, keepdims=True)))


@dataclass(frozen=True)
class Scored:
    """What rows are under a model.

    Attributes
    ----------
    log_density : ndarray, shape (N,)
    superclusters : ndarray, shape (N, P)
        Posterior probabilities.
    joint : tuple of ndarray, shape (N, P, C)
        Posterior probabilities of supercluster and theme class together, one array a theme.
    """

    log_density: Floats
    superclusters: Floats
    joint: tuple[Floats, ...]


def score(coupled: Coupled, model: Hierarchy) -> Scored:
    """Posterior probabilities and log-densities of rows; a row without answers has 0."""
    logs = model.log_densities(coupled)
    total = np.repeat(model.log_shares(coupled), len(coupled.weight), axis=0) if (
        model.coefficients is None or coupled.covariates is None
    ) else model.log_shares(coupled)  # fmt: skip
    total = total.copy()
    within = []
    for one, rho in zip(logs, model.conditional, strict=True):
        # (N, P, C): share of the class in the supercluster times density of the answers.
        cell = one[:, None] + np.log(np.maximum(rho, _TINY))
        top = cell.max(axis=2, keepdims=True)
        raised = np.exp(cell - top)
        given = raised.sum(axis=2, keepdims=True)
        total += (np.log(given) + top)[..., 0]
        within.append(raised / given)
    top = total.max(axis=1, keepdims=True)
    raised = np.exp(total - top)
    sums = raised.sum(axis=1, keepdims=True)
    posterior = raised / sums
    joint = tuple(posterior[..., None] * w for w in within)
    return Scored(np.log(sums[:, 0]) + top[:, 0], posterior, joint)


def read_state(
    layouts: Sequence[Layout], state: State, covariates: Floats | None, weight: Floats
) -> Hierarchy:
    """Give the only run of a state in plain form."""
    conditional = tuple(rho[:, :, 0, 0].copy() for rho in state.conditional)
    tables = tuple(
        unpack(layout, A[:, 0]).tables for layout, A in zip(layouts, state.natural, strict=True)
    )
    if covariates is None:
        return Hierarchy(state.shares[:, 0, 0, 0].copy(), conditional, tables)
    average = state.shares[:, 0, 0] @ weight / weight.sum()
    return Hierarchy(average, conditional, tables, state.extra[0][:, :, 0].T.copy())


def in_order(model: Hierarchy) -> Hierarchy:
    """Put the largest supercluster first, and the largest class of each theme."""
    order = np.argsort(-model.shares, kind="stable")
    coefficients = model.coefficients
    if coefficients is not None:
        coefficients = coefficients[:, order] - coefficients[:, order[:1]]
    conditional, tables = [], []
    for rho, theme in zip(model.conditional, model.tables, strict=True):
        classes: Integers = np.argsort(-(model.shares @ rho), kind="stable")
        conditional.append(np.ascontiguousarray(rho[order][:, classes]))
        C = rho.shape[1]
        tables.append(Parameters(np.zeros((1, C)), theme).reorder(classes).tables)
    return Hierarchy(model.shares[order], tuple(conditional), tuple(tables), coefficients)


def in_equal_order(model: Hierarchy) -> Hierarchy:
    """As :func:`in_order`, the classes of all themes alike, for one shared matrix."""
    order = np.argsort(-model.shares, kind="stable")
    average = np.mean([model.shares @ rho for rho in model.conditional], axis=0)
    classes = np.argsort(-average, kind="stable")
    coefficients = model.coefficients
    if coefficients is not None:
        coefficients = coefficients[:, order] - coefficients[:, order[:1]]
    return Hierarchy(
        model.shares[order],
        tuple(np.ascontiguousarray(rho[order][:, classes]) for rho in model.conditional),
        tuple(
            Parameters(np.zeros((1, len(classes))), theme).reorder(classes).tables
            for theme in model.tables
        ),
        coefficients,
    )
