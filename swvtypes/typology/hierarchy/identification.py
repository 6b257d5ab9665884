"""How many superclusters the themes can tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from swvtypes.errors import OptionError
from swvtypes.lca.design import Floats, Integers, Item
from swvtypes.lca.families import Parameters, Table, Variances
from swvtypes.lca.simulate import simulate_values

from .coordinates import lay_out, rank_of, scores
from .coupling import Coupled, couple
from .parameters import Hierarchy

_MOST_CELLS = 4096
_MOST_SUPERCLUSTERS = 12
_AWAY = 0.1


@dataclass(frozen=True)
class HierarchyIdentification:
    """Local identification of a fitted hierarchy.

    Attributes
    ----------
    identified : bool
        Whether the Jacobian has full rank near the estimates.
    rank, n_parameters : int
        Rank of the Jacobian of the log-densities of answer patterns drawn from the model, and
        free parameters.
    structural_rank, n_structural : int
        The same of the table of theme classes alone, as if these were observed.
    most_superclusters : int
        Largest number of superclusters that the table of theme classes can bear.
    """

    identified: bool
    rank: int
    n_parameters: int
    structural_rank: int
    n_structural: int
    most_superclusters: int


def structural_jacobian(shares: Floats, conditional: Sequence[Floats]) -> Floats:
    """Differentiate the cells of the table of theme classes to the free parameters.

    Parameters
    ----------
    shares : ndarray, shape (P,)
    conditional : sequence of ndarray, shape (P, C)

    Returns
    -------
    ndarray, shape (cells, P - 1 + P * sum of (C - 1))
    """
    P = len(shares)
    kept = [rho for rho in conditional if rho.shape[1] > 1]
    sizes = [rho.shape[1] for rho in kept]
    grids = np.indices(sizes).reshape(len(sizes), -1) if sizes else np.zeros((0, 1), np.intp)
    if grids.shape[1] > _MOST_CELLS:
        chosen = np.random.default_rng(0).choice(grids.shape[1], _MOST_CELLS, replace=False)
        grids = grids[:, chosen]
    factors = [rho[:, cell] for rho, cell in zip(kept, grids, strict=True)]
    product = np.prod(factors, axis=0) if factors else np.ones((P, 1))
    columns = [product[p] - product[-1] for p in range(P - 1)]
    for rho, cell, factor in zip(kept, grids, factors, strict=True):
        others = shares[:, None] * product / factor
        for p in range(P):
            base = rho.shape[1] - 1
            columns += [
                others[p] * ((cell == c).astype(float) - (cell == base)) for c in range(base)
            ]
    return np.stack(columns, axis=1) if columns else np.empty((grids.shape[1], 0))


def structural_rank(n_classes: Sequence[int], n_superclusters: int) -> tuple[int, int]:
    """Rank at random parameter values, and free parameters, of the table of theme classes."""
    generator = np.random.default_rng(20141)
    shares = generator.dirichlet(np.full(n_superclusters, 5.0))
    conditional = [generator.dirichlet(np.full(C, 3.0), n_superclusters) for C in n_classes]
    J = structural_jacobian(shares, conditional)
    return rank_of(J, 1e-9), J.shape[1]


def identified_superclusters(
    n_theme_classes: Mapping[str, int] | Sequence[int], most: int | None = None
) -> int:
    """Largest number of superclusters that themes of these sizes can tell apart.

    A number P is within reach when the Jacobian of the table of theme classes to the shares and
    conditional probabilities has full column rank at random values (Goodman 1974; Skrondal and
    Rabe-Hesketh 2004), which asks at least that there are fewer parameters than cells. Four
    themes of two classes bear two superclusters, not three, although three take 14 parameters
    and the table has 15 free cells. Themes with one class do not count.

    Parameters
    ----------
    n_theme_classes : mapping or sequence of int
        Classes of each theme.
    most : int, optional
        Look no further than this; 12 when left out.

    Returns
    -------
    int
        At least 1.

    Examples
    --------
    >>> identified_superclusters([2, 2, 2, 2])
    2
    >>> identified_superclusters([2, 2])
    1
    """
    numbers = n_theme_classes.values() if isinstance(n_theme_classes, Mapping) else n_theme_classes
    sizes = [int(C) for C in numbers]
    if not sizes or min(sizes) < 1:
        raise OptionError("n_theme_classes", "a positive number for each theme", n_theme_classes)
    found = 1
    for P in range(2, (most or _MOST_SUPERCLUSTERS) + 1):
        rank, parameters = structural_rank(sizes, P)
        if rank < parameters:
            break
        found = P
    return found


def identify(
    coupled: Coupled, model: Hierarchy, variances: Sequence[Variances], equal: bool, uniform: bool
) -> HierarchyIdentification:
    """Ranks of the Jacobian close to the estimates, away from the boundary."""
    near = _off_the_boundary(model)
    near = Hierarchy(near.shares, near.conditional, near.tables)
    at = lay_out(coupled, near, variances, equal, uniform)
    n = len(at.theta)
    drawn = _draw(coupled, near, max(400, 4 * n))
    S = scores(drawn, at, at.theta)[0]
    J = structural_jacobian(near.shares, near.conditional)
    sizes = model.n_classes
    rank = rank_of(S)
    return HierarchyIdentification(
        rank == n, rank, n, rank_of(J, 1e-9), J.shape[1], identified_superclusters(sizes)
    )


def _mixed(table: Floats) -> Floats:
    """Move probabilities towards even ones, each row a little differently."""
    wobble = np.random.default_rng(table.size).dirichlet(np.full(table.shape[1], 4.0), len(table))
    return np.asarray((1.0 - _AWAY) * table + _AWAY * wobble)


def _off_the_boundary(model: Hierarchy) -> Hierarchy:
    tables = tuple(
        tuple(
            Table(t.kind, t.items, t.group, _mixed(t.values)) if t.kind == "nominal" else t
            for t in theme
        )
        for theme in model.tables
    )
    return Hierarchy(
        _mixed(model.shares[None])[0], tuple(_mixed(rho) for rho in model.conditional), tables
    )


def _draw(coupled: Coupled, model: Hierarchy, n: int) -> Coupled:
    """Rows drawn from a model, complete."""
    generator = np.random.default_rng(20142)
    values = draw_values(coupled, model, n, generator)
    drawn = couple(values, [d.layout.items for d in coupled.designs])
    return drawn


def draw_values(
    coupled: Coupled, model: Hierarchy, n: int, generator: np.random.Generator
) -> list[Floats]:
    """Draw complete answers of each theme, shape (n, J)."""
    superclusters = generator.choice(len(model.shares), size=n, p=model.shares)
    out = []
    for design, rho, tables in zip(coupled.designs, model.conditional, model.tables, strict=True):
        cumulative = rho.cumsum(axis=1)[superclusters]
        u = generator.random(n) * cumulative[:, -1]
        classes = (u[:, None] >= cumulative[:, :-1]).sum(axis=1)
        out.append(answers_given(design.layout.items, tables, classes, generator))
    return out


def answers_given(
    items: Sequence[Item],
    tables: tuple[Table, ...],
    classes: Integers,
    generator: np.random.Generator,
) -> Floats:
    """Draw the answers of one theme given its classes."""
    n = len(classes)
    C = len(tables[0].values) if tables else 1
    if not tables:
        return np.zeros((n, len(items)))
    values = np.zeros((n, len(items)))
    for k in range(C):
        rows = np.flatnonzero(classes == k)
        only = Parameters(
            np.zeros((1, 1)),
            tuple(Table(t.kind, t.items, t.group, t.values[k : k + 1]) for t in tables),
        )
        values[rows] = simulate_values(items, only, np.zeros(len(rows), np.intp), generator)[0]
    return values
