"""One data set fitted: best solution in plain form, and the ledger of starts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import Settings
from swvtypes.lca.families import Variances, count_parameters
from swvtypes.lca.fit import solutions

from .coupling import Coupled, Question, ask
from .fitting import (
    Found,
    Rule,
    fit_all,
    fit_structure,
    fixed_measurement,
    polish,
    separate_of,
)
from .iterating import Setting
from .parameters import Hierarchy, in_equal_order, in_order, read_state
from .starting import Separate
from .structure import Structure


@dataclass(frozen=True)
class Wish:
    """What is asked of one data set.

    Parameters
    ----------
    structure : Structure
        Superclusters and how theme classes depend on them.
    n_init : int
        Starts.
    settings : Settings
        When a start stops.
    prior : float
        Pseudo-cases.
    variances : Variances
        How Gaussian variances are held.
    share_prior : float, optional
        Pseudo-cases of the shares of the superclusters; as many as `prior` when left out.
    """

    structure: Structure
    n_init: int = 50
    settings: Settings = field(default_factory=Settings)
    prior: float = 0.0
    variances: Variances = field(default_factory=Variances)
    share_prior: float | None = None

    @property
    def has_prior(self) -> bool:
        """Whether the best solution is a posterior mode."""
        return self.prior > 0 or (self.share_prior or 0.0) > 0


@dataclass(frozen=True)
class Outcome:
    """A fitted hierarchy.

    Attributes
    ----------
    wish : Wish
        What was asked.
    model : Hierarchy
        Best solution, largest supercluster and largest class of each theme first.
    log_likelihood, objective : float
        They differ under a prior only.
    n_parameters : int
        Free parameters.
    converged : bool
        Whether the best start converged.
    times_found : int
        Converged starts that came to the best solution.
    log_likelihoods, n_iter, start_converged, solution : ndarray, shape (S,)
        The ledger.
    origins : tuple of str, length S
        ``"two-step"``, ``"themes"`` or ``"random"``.
    """

    wish: Wish
    model: Hierarchy
    log_likelihood: float
    objective: float
    n_parameters: int
    converged: bool
    times_found: int
    log_likelihoods: Floats
    n_iter: Integers
    start_converged: NDArray[np.bool_]
    solution: Integers
    origins: tuple[str, ...]


def origin_names(n_init: int) -> tuple[str, ...]:
    """Say where each start set out."""
    return ("two-step", *("random" if s % 2 else "themes" for s in range(1, n_init)))


def count_all(coupled: Coupled, wish: Wish) -> int:
    """Free parameters of measurement and structure."""
    total = wish.structure.n_parameters
    if coupled.covariates is not None:
        total += (wish.structure.n_superclusters - 1) * (coupled.covariates.shape[1] - 1)
    for design, C in zip(coupled.designs, wish.structure.n_classes, strict=True):
        total += count_parameters(design.layout, C, wish.variances) - (C - 1)
    return total


def standardised(coupled: Coupled) -> tuple[Coupled, Floats, Floats]:
    """Covariates with mean 0 and spread 1 besides the constant, and what was taken out."""
    Z = coupled.covariates
    assert Z is not None
    w = coupled.weight / coupled.n
    mean = w @ Z
    spread = np.sqrt(np.maximum(w @ (Z - mean) ** 2, 0.0))
    mean[0], spread = 0.0, np.where(spread > 1e-12, spread, 1.0)
    return replace(coupled, covariates=(Z - mean) / spread), mean, spread


def fit_outcome(coupled: Coupled, wish: Wish, seed: int) -> Outcome:
    """Fit one data set from all starts."""
    used, mean, spread = coupled, None, None
    if coupled.covariates is not None:
        used, mean, spread = standardised(coupled)
    question = ask([used], wish.prior, wish.variances, wish.share_prior)
    structure = wish.structure
    rule = Rule(wish.n_init, wish.n_init, wish.settings)
    separate = separate_of(question, structure, rule, [seed])
    measured = fixed_measurement(question, separate)
    second = fit_structure(question, structure, separate, measured, rule, [seed])
    independent = structure.n_superclusters == 1 and structure.conditional == "free"
    full = replace(rule, n_init=1) if independent else rule
    found = fit_all(question, structure, separate, second, full, [seed])
    ran = polish(Setting(question, structure), found.state, wish.settings)
    model = read_state(
        [d.layout for d in coupled.designs], ran.state, used.covariates, coupled.weight
    )
    if model.coefficients is not None and mean is not None and spread is not None:
        gamma = model.coefficients / spread[:, None]
        gamma[0] -= mean[1:] @ gamma[1:]
        model = replace(model, coefficients=gamma)
    model = in_equal_order(model) if structure.conditional == "equal" else in_order(model)
    ledger = _independent_ledger(question, separate, found, rule) if independent else (
        found.ran.objective[0].copy(), found.ran.log_likelihood[0].copy(),
        found.ran.n_iter[0].copy(), found.ran.converged[0].copy(),
    )  # fmt: skip
    objective, log_likelihoods, n_iter, converged = ledger
    best = int(objective.argmax())
    number = solutions(objective)
    log_likelihoods[best] = ran.log_likelihood[0, 0]
    n_iter[best] += ran.n_iter[0, 0]
    origins = ("themes",) * len(objective) if independent else origin_names(len(objective))
    return Outcome(
        wish, model, float(ran.log_likelihood[0, 0]), float(ran.objective[0, 0]),
        count_all(coupled, wish), bool(converged[best]),
        int((converged & (number == 1)).sum()), log_likelihoods, n_iter, converged, number,
        origins,
    )  # fmt: skip


def _independent_ledger(
    question: Question, separate: Separate, found: Found, rule: Rule
) -> tuple[Floats, Floats, Integers, NDArray[np.bool_]]:
    """With one supercluster a start is a start of every theme: their log-likelihoods add up."""
    S = rule.n_init
    total = np.zeros(S)
    for ledger in separate.ledgers:
        total += np.broadcast_to(ledger[0], (S,)) if ledger.shape[1] == 1 else ledger[0]
    steps = np.full(S, int(found.ran.n_iter[0, 0]), dtype=np.intp)
    return total, total.copy(), steps, np.isfinite(total) & bool(found.ran.converged[0, 0])
