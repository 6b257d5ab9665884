"""Bivariate residuals of many replicates, all pairs of categorical items at once."""

from __future__ import annotations

import numpy as np

from .design import Design, Floats
from .diagnostics import bivariate_residuals
from .families import Parameters
from .fit import posterior

_TINY = 1e-300


def pair_statistics(design: Design, parameters: Parameters) -> Floats:
    """Statistics of :func:`bivariate_residuals`, one a pair in its order.

    Parameters
    ----------
    design : Design
        The data; frequencies count.
    parameters : Parameters
        The model.

    Returns
    -------
    ndarray, shape (J (J - 1) / 2,)
        NaN where no case answered both items, or an item has one category.
    """
    probabilities = posterior(design, parameters)[0]
    tables = {table.items: table for table in parameters.tables}
    items = design.layout.items
    plain = all(item.categorical for item in items) and not design.layout.pairs
    if not plain or any(table.group >= 0 for table in parameters.tables):
        return bivariate_residuals(design, parameters, probabilities)["statistic"].to_numpy(float)
    sizes = np.array([item.n_categories for item in items])
    owner = np.repeat(np.arange(len(items)), sizes)
    profile = np.concatenate([tables[j,].values for j in range(len(items))], axis=1)
    category = np.concatenate([np.arange(size) for size in sizes])
    answers = (design.values[:, owner] == category).astype(float)
    seen = (~np.isnan(design.values)).astype(float)
    weight = design.weight[:, None]
    observed = answers.T @ (weight * answers)
    expected = np.zeros_like(observed)
    for k in range(parameters.n_classes):
        both = seen.T @ (weight * probabilities[:, k : k + 1] * seen)
        expected += both[np.ix_(owner, owner)] * np.outer(profile[k], profile[k])
    cells = (observed - expected) ** 2 / np.maximum(expected, _TINY)
    starts = np.cumsum(sizes) - sizes
    pairs = np.add.reduceat(np.add.reduceat(cells, starts, axis=0), starts, axis=1)
    empty = (seen.T @ (weight * seen) == 0) | (np.minimum.outer(sizes, sizes) < 2)
    return np.asarray(np.where(empty, np.nan, pairs)[np.triu_indices(len(items), 1)])


def largest_residual(design: Design, parameters: Parameters) -> float:
    """Largest bivariate residual per degree of freedom; NaN without a pair.

    Parameters
    ----------
    design : Design
        The data; frequencies count.
    parameters : Parameters
        The model.
    """
    statistics = pair_statistics(design, parameters)
    freedom = np.array(
        [i.n_categories - 1 if i.categorical else 1 for i in design.layout.items], dtype=float
    )
    df = np.outer(freedom, freedom)[np.triu_indices(len(freedom), 1)]
    usable = np.isfinite(statistics) & (df > 0)
    return float((statistics[usable] / df[usable]).max()) if usable.any() else float("nan")
