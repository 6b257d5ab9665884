"""Parameters of many chains as one array, and the M step.

A state ``Z`` has shape (D + 1 + L K, B, K) for B runs of K classes: D rows of natural parameters of
the profiles, one row of log initial probabilities, and K rows of log transition probabilities for
each of L steps (L is 1 where they are the same at every step), row i holding those from class i.
Expected sums have the same shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from swvtypes.lca.design import Floats, Integers, Layout
from swvtypes.lca.families import Variances, m_step

from .held import Held

_LEAST = 1e-300


@dataclass(frozen=True)
class ChainModel:
    """What is asked of a chain.

    Parameters
    ----------
    layout : Layout
        Profiles; known groups are waves.
    n_classes : int
        Classes, K.
    n_steps : int
        Sets of transition probabilities, L: one, or one for each step.
    prior : float
        Pseudo-cases, spread evenly over the classes, that answer as the average row does and
        start anywhere alike.
    transition_prior : float
        Pseudo-transitions from each class at each of the L steps.
    stay : float
        Share of the pseudo-transitions that stays; the rest is spread evenly over the others.
    variances : Variances
        How Gaussian variances are held.
    fixed_profiles : ndarray, shape (D, K), optional
        Natural parameters of profiles that are given.
    held : HeldCells or HeldMovers, optional
        A transition probability, or the share that changes class, held fixed in each run.
    """

    layout: Layout
    n_classes: int
    n_steps: int
    prior: float = 0.0
    transition_prior: float = 0.0
    stay: float | None = None
    variances: Variances = field(default_factory=Variances)
    fixed_profiles: Floats | None = None
    held: Held | None = None

    @property
    def width(self) -> int:
        """Rows of natural parameters, D."""
        return self.layout.width

    @property
    def rows(self) -> int:
        """Rows of a state."""
        return self.width + 1 + self.n_steps * self.n_classes

    def transition(self, Z: Floats) -> Floats:
        """Rows of the transitions, a view of shape (L, K, B, K)."""
        return Z[self.width + 1 :].reshape(self.n_steps, self.n_classes, *Z.shape[1:])

    def pseudo(self, mean_row: Floats) -> Floats:
        """Give what the priors add to expected sums, shape (rows, 1, K)."""
        K = self.n_classes
        out = np.zeros((self.rows, 1, K))
        out[: self.width] = (self.prior / K * mean_row)[:, None, None]
        out[self.width] = self.prior / K
        stay = 1.0 / K if self.stay is None else self.stay
        table = np.full((K, K), (1.0 - stay) / max(K - 1, 1))
        np.fill_diagonal(table, stay if K > 1 else 1.0)
        self.transition(out)[:, :, 0] = self.transition_prior * table
        return out


def maximise(model: ChainModel, T: Floats, before: Floats, runs: Integers) -> Floats:
    """M step of every run.

    Parameters
    ----------
    model : ChainModel
    T : ndarray, shape (rows, B, K)
        Expected sums, those of the prior added.
    before : ndarray, shape (rows, B, K)
        State before.
    runs : ndarray of int, shape (B,)
        Number of each run, for what is held at a value of its own in each.

    Returns
    -------
    ndarray, shape (rows, B, K)
        The new state.
    """
    D = model.width
    Z = np.empty_like(T)
    if model.fixed_profiles is not None:
        Z[:D] = model.fixed_profiles[:, None]
    else:
        Z[:D] = profiles_only(model.layout, T[:D], before[:D], model.variances)
    Z[D:] = np.maximum(T[D:], _LEAST)
    total = Z[D:].sum(axis=2, keepdims=True)
    Z[D:] /= total
    empty = total[..., 0] <= _LEAST * 10.0 * model.n_classes
    if empty.any():
        Z[D:][empty] = np.exp(before[D:][empty])
    if model.held is not None:
        model.held.apply(Z[D], model.transition(Z), model.transition(T), runs)
    np.log(Z[D:], out=Z[D:])
    return Z


def profiles_only(layout: Layout, T: Floats, before: Floats, variances: Variances) -> Floats:
    """M step of the profiles, without class shares, shape (D, B, K)."""
    G = layout.n_groups
    A = m_step(layout, T, before, variances)
    size = np.maximum(T[:G], _LEAST)
    A[:G] -= np.log(size) - np.log(size.sum(axis=2, keepdims=True))
    return A
