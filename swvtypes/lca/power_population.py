"""Populations to simulate from: a fitted model or planned items, with classes drawn together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swvtypes.errors import InputError, OptionError

from .design import Design, Floats, Item, build_design
from .estimator import LatentClassModel
from .families import Parameters, Table, Variances
from .inference_replicates import refuse_survey_fit
from .replicates import one_row_a_case

_TINY = 1e-300


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating))


@dataclass(frozen=True)
class PlannedItems:
    """Nominal items on which planned classes lean to a first or a last category.

    Class 1 leans to the first category of every item and class 2 to the last; class 3 to the first
    on the first half of the items, class 4 on the second half, class 5 on every other item and
    class 6 on the rest.

    Parameters
    ----------
    n_classes : int
        Classes, 1 to 6.
    n_items : int
        Items.
    n_categories : int
        Categories of each.
    lean : float
        Probability of the category that a class leans to; the others share the rest.
    shares : tuple of float, optional
        Class shares; equal when left out.
    """

    n_classes: int
    n_items: int
    n_categories: int = 2
    lean: float = 0.8
    shares: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        faults = []
        for name, value, least, most in (
            ("n_classes", self.n_classes, 1, 6),
            ("n_items", self.n_items, 2, 1000),
            ("n_categories", self.n_categories, 2, 100),
        ):
            whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
            if not whole or not least <= value <= most:
                faults.append(f"{name}: expected an integer from {least} to {most}, got {value!r}")
        if not _is_number(self.lean) or not 0.0 < self.lean < 1.0:
            faults.append(f"lean: expected a probability between 0 and 1, got {self.lean!r}")
        right = len(self.shares) in (0, self.n_classes) and all(
            _is_number(s) and s > 0 for s in self.shares
        )
        if not right or (self.shares and abs(sum(self.shares) - 1.0) > 1e-6):
            faults.append(
                f"shares: expected {self.n_classes} positive numbers that sum to 1, "
                f"got {self.shares!r}"
            )
        if faults:
            raise InputError("planned items", faults)


@dataclass(frozen=True)
class Source:
    """What data sets are drawn from.

    Attributes
    ----------
    cases : Design
        Rows whose groups and missing cells are drawn with replacement.
    parameters : Parameters
        The model.
    variances : Variances
        How Gaussian variances are held when data sets are fitted.
    prior : float
        Pseudo-cases when data sets are fitted.
    """

    cases: Design
    parameters: Parameters
    variances: Variances
    prior: float


def source_of(population: LatentClassModel | PlannedItems) -> Source:
    """Turn a fitted model or planned items into a source of data sets."""
    if isinstance(population, LatentClassModel):
        refuse_survey_fit("simulated power", population)
        problem = population.fit_.problem
        return Source(
            one_row_a_case(population.design_), population.fit_.parameters,
            problem.variances, problem.prior,
        )  # fmt: skip
    if isinstance(population, PlannedItems):
        return _planned(population)
    raise OptionError("population", "a fitted LatentClassModel or PlannedItems", population)


def _planned(plan: PlannedItems) -> Source:
    K, J, m = plan.n_classes, plan.n_items, plan.n_categories
    j = np.arange(J)
    half = j < J // 2
    leans = np.stack([half | True, half & False, half, ~half, j % 2 == 0, j % 2 == 1])[:K]
    profile = np.full((K, J, m), (1.0 - plan.lean) / (m - 1))
    for k in range(K):
        profile[k, j, np.where(leans[k], 0, m - 1)] = plan.lean
    shares = np.array(plan.shares or [1.0 / K] * K)
    items = [Item(f"item {i + 1}", "nominal", m) for i in range(J)]
    cases = build_design(np.zeros((1, J)), items)
    tables = tuple(Table("nominal", (i,), -1, profile[:, i]) for i in range(J))
    return Source(cases, Parameters(np.log(shares)[None], tables), Variances(), 0.0)


def draw_together(source: Source, separation: float) -> Source:
    """Move the classes' profiles towards their average.

    Parameters
    ----------
    source : Source
        As planned or fitted.
    separation : float
        1 leaves the classes as they are, 0 makes them alike. Probabilities of nominal items and
        means move in a straight line, ordinal profiles and rates on the log scale.

    Returns
    -------
    Source
    """
    parameters = source.parameters
    groups = source.cases.group
    weight = np.bincount(groups, minlength=len(parameters.log_shares)) / len(groups)
    shares = weight @ np.exp(parameters.log_shares)
    tables = tuple(
        replace(table, values=_moved(table, shares, separation)) for table in parameters.tables
    )
    return replace(source, parameters=replace(parameters, tables=tables))


def _moved(table: Table, shares: Floats, separation: float) -> Floats:
    values = table.values
    if table.kind == "continuous":
        average = shares @ values[:, 0]
        return np.column_stack([average + separation * (values[:, 0] - average), values[:, 1]])
    if table.kind in ("ordinal", "count"):
        logs = np.log(np.maximum(values, _TINY))
        average = shares @ logs
        moved = np.exp(average + separation * (logs - average))
        return moved if table.kind == "count" else moved / moved.sum(axis=1, keepdims=True)
    average = shares @ values
    return np.asarray(average + separation * (values - average))
