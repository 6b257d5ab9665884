"""What is asked of the starts, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import Problem
from swvtypes.lca.families import Parameters

Origin = Literal["random", "split", "mix"]
ORIGINS: tuple[Origin, ...] = ("random", "split", "mix")


@dataclass(frozen=True)
class Starts:
    """How many starts, and where their randomness comes from.

    Parameters
    ----------
    n_init : int
        Starts; one suffices with one class.
    entropy : int
        Seed; start s draws from child s, so that more starts keep the earlier ones.
    """

    n_init: int = 100
    entropy: int = 0


@dataclass(frozen=True)
class Ledger:
    """What every start came to; all arrays have shape (S,).

    Attributes
    ----------
    log_likelihood, objective : ndarray
        They differ under a prior only.
    n_iter : ndarray of int
    converged : ndarray of bool
    origin : ndarray of int
        Position in :data:`ORIGINS`.
    solution : ndarray of int
        Number of the solution it came to, 1 the best; starts whose objectives are within 1e-4 of
        the solution's best, before that is polished, share it.
    """

    log_likelihood: Floats
    objective: Floats
    n_iter: Integers
    converged: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    origin: Integers
    solution: Integers


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes
    ----------
    problem : Problem
        Data (one data set) and model.
    A : ndarray, shape (D, K)
        Natural parameters of the best solution, largest class first.
    parameters : Parameters
        The same in plain form.
    log_likelihood, objective : float
        They differ under a prior only.
    n_parameters : int
        Free parameters.
    converged : bool
        Whether the best start converged.
    residual : float
        Largest change of an expected count in a last EM step, per unit of weight.
    best_start : int
        Its place in the ledger.
    times_found : int
        Converged starts that came to the best solution.
    starts : Ledger
        Every start.
    solutions : ndarray, shape (D, S, K)
        Natural parameters of every start.
    """

    problem: Problem
    A: Floats
    parameters: Parameters
    log_likelihood: float
    objective: float
    n_parameters: int
    converged: bool
    residual: float
    best_start: int
    times_found: int
    starts: Ledger
    solutions: Floats
