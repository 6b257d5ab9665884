"""The models that are compared, fitted to many data sets at once by one rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from swvtypes.lca.design import Floats, Integers, Layout
from swvtypes.lca.em import Problem, Settings
from swvtypes.lca.families import Variances, count_parameters
from swvtypes.lca.fit import Starts
from swvtypes.lca.replicates import Rule, best_fits

from .line_fit import fit_line
from .line_model import SHAPES, TRAIT_NODES, Line, Shape, State, count_line_parameters, natural


@dataclass(frozen=True)
class Models:
    """What is compared, and how each of it is fitted.

    Parameters
    ----------
    max_classes : int
        Types are 2 .. `max_classes` free classes.
    n_init : int
        Starts of free classes on every data set, real or simulated.
    line_init : int
        Starts of a trait on every data set; they come in pairs that run in opposite directions.
    settings : Settings
        When a start stops.
    """

    max_classes: int
    n_init: int
    line_init: int
    settings: Settings

    @property
    def classes(self) -> tuple[int, ...]:
        """Numbers of free classes, 1 (independence) included."""
        return tuple(range(1, self.max_classes + 1))

    @property
    def rule(self) -> Rule:
        """How free classes are fitted."""
        return Rule(self.n_init, self.settings)


@dataclass(frozen=True)
class Candidates:
    """What the models come to on R data sets.

    Attributes
    ----------
    classes : ndarray, shape (R, K)
        Log-likelihoods of 1 .. K free classes.
    traits : ndarray, shape (R, 3)
        Log-likelihoods of a trait of each of :data:`SHAPES`.
    class_parameters, trait_parameters : ndarray, shapes (K,), (3,)
        Free parameters.
    n : ndarray, shape (R,)
        Cases.
    times_found : ndarray of int, shape (R, K + 3)
        Starts that came to the best solution.
    A : list of ndarray, shapes (D, R, k)
        Natural parameters of k free classes.
    states : list of State
        Parameters of each trait.
    """

    classes: Floats
    traits: Floats
    class_parameters: Integers
    trait_parameters: Integers
    n: Floats
    times_found: Integers
    A: list[Floats]
    states: list[State]

    @property
    def class_criteria(self) -> Floats:
        """Twice the log-likelihood less log n a parameter (minus BIC), shape (R, K)."""
        return 2.0 * self.classes - np.log(self.n)[:, None] * self.class_parameters

    @property
    def trait_criteria(self) -> Floats:
        """The same of the traits, shape (R, 3)."""
        return 2.0 * self.traits - np.log(self.n)[:, None] * self.trait_parameters

    @property
    def statistics(self) -> Floats:
        """Two statistics a data set, shape (R, 2).

        How far the best of all models lies above independence, and how far the best of the free
        classes lies above the best trait, both by the criterion.
        """
        free, traits = self.class_criteria, self.trait_criteria
        types, trait = free[:, 1:].max(axis=1), traits.max(axis=1)
        return np.column_stack([np.maximum(types, trait) - free[:, 0], types - trait])

    @property
    def n_types(self) -> Integers:
        """Free classes of the best number above one, shape (R,)."""
        return np.asarray(self.class_criteria[:, 1:].argmax(axis=1) + 2)

    @property
    def shape(self) -> Integers:
        """Place in :data:`SHAPES` of the best trait, shape (R,)."""
        return np.asarray(self.traits.argmax(axis=1))


def trait(shape: Shape) -> Line:
    """Give the discretised latent trait of a shape."""
    return Line(TRAIT_NODES, shape)


def fit_candidates(problem: Problem, models: Models, starts: Sequence[Starts]) -> Candidates:
    """Fit independence, free classes and the traits to each data set.

    Parameters
    ----------
    problem : Problem
        R data sets.
    models : Models
        What is fitted and how.
    starts : sequence of Starts, length R
        Seeds.

    Returns
    -------
    Candidates
    """
    free = [best_fits(problem, K, starts, models.rule) for K in models.classes]
    seeds = [s.entropy for s in starts]
    lines = [
        fit_line(problem, trait(shape), seeds, models.line_init, models.settings)
        for shape in SHAPES
    ]
    return laid_side_by_side(problem, models, free, lines)


def laid_side_by_side(
    problem: Problem, models: Models, free: Sequence[Any], lines: Sequence[Any]
) -> Candidates:
    """Put fits of free classes and of traits together, for each data set of a problem."""
    layout = problem.layout
    return Candidates(
        np.column_stack([fit.log_likelihood for fit in free]),
        np.column_stack([fit.log_likelihood for fit in lines]),
        np.array([count_parameters(layout, K, Variances()) for K in models.classes]),
        np.array([count_line_parameters(layout, trait(shape)) for shape in SHAPES]),
        problem.weight.sum(axis=1),
        np.column_stack([fit.times_found for fit in (*free, *lines)]),
        [fit.A for fit in free],
        [fit.state for fit in lines],
    )


def trait_natural(layout: Layout, state: State, r: int) -> Floats:
    """Natural parameters of the trait of data set r, shape (D, Q)."""
    return np.ascontiguousarray(natural(layout, state.take(np.array([r])))[:, 0])
