"""Populations of the inference studies: three classes, six binary items (after Vermunt 2010).

Class 1 says yes to all items, class 2 to the first three, class 3 to none, each with probability
0.7 (low separation), 0.8 (medium) or 0.9 (high).
"""

from __future__ import annotations

import numpy as np

from swvtypes.lca.design import Design, Item, build_design
from swvtypes.lca.families import Parameters, Table
from swvtypes.lca.fit import Fit, Starts, fit_classes
from swvtypes.lca.inference_alignment import align_classes

SEPARATION = {"low": 0.7, "medium": 0.8, "high": 0.9}
YES = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0]])
ITEMS = tuple(Item(f"y{j}", "binary", 2) for j in range(6))


def population(separation: str, shares: tuple[float, ...] = (0.4, 0.35, 0.25)) -> Parameters:
    """Give the population as a model."""
    p = SEPARATION[separation]
    yes = np.where(YES == 1, p, 1.0 - p)
    tables = tuple(
        Table("nominal", (j,), -1, np.stack([1.0 - yes[:, j], yes[:, j]], axis=1)) for j in range(6)
    )
    return Parameters(np.log(np.array(shares))[None], tables)


def generator(study: int, *keys: int) -> np.random.Generator:
    """Give the source of randomness of one data set."""
    return np.random.default_rng(np.random.SeedSequence(study, spawn_key=keys))


def fitted(
    values: np.ndarray, truth: Parameters, seed: int, n_init: int = 10, prior: float = 0.0
) -> tuple[Fit, Design, Parameters]:
    """Fit the model, with its classes in the order of the population."""
    design = build_design(values, ITEMS)
    fit = fit_classes(design, truth.n_classes, Starts(n_init, seed), None, prior)
    return fit, design, fit.parameters.reorder(align_classes(truth, fit.parameters))
