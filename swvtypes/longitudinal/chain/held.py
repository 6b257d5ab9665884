"""Probabilities held at given values during the M step, one value a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers

_LEAST = 1e-300


@dataclass(frozen=True)
class HeldCells:
    """One transition probability held fixed in each run.

    Attributes
    ----------
    step, origin, target : ndarray of int, shape (B,)
        Which, from 0.
    values : ndarray, shape (B,)
    """

    step: Integers
    origin: Integers
    target: Integers
    values: Floats

    def apply(self, start: Floats, moves: Floats, counts: Floats, runs: Integers) -> None:
        """Set the probabilities; the others of their row share the rest in proportion.

        Parameters
        ----------
        start : ndarray, shape (B, K)
            Initial probabilities after the free M step.
        moves : ndarray, shape (L, K, B, K)
            Transition probabilities after the free M step, overwritten.
        counts : ndarray, shape (L, K, B, K)
            Expected transitions.
        runs : ndarray of int, shape (B,)
            Number of each run.
        """
        value, target = self.values[runs], self.target[runs]
        here = np.arange(len(runs))
        row = moves[self.step[runs], self.origin[runs], here]
        rest = row.sum(axis=1) - row[here, target]
        row *= ((1.0 - value) / np.maximum(rest, _LEAST))[:, None]
        row[here, target] = value
        moves[self.step[runs], self.origin[runs], here] = np.maximum(row, _LEAST)


@dataclass(frozen=True)
class HeldMovers:
    """The share that changes class at one step held fixed in each run.

    A chain whose transition probabilities are free at every step can be read from any step
    outwards: the joint distribution of the classes before and after it, the probabilities of
    earlier classes given later ones, and those of later classes given earlier ones. None
    restricts another, so that the M step under the restriction is in closed form.

    Attributes
    ----------
    step : int
    moved : ndarray of bool, shape (K, K)
        Cells of the cross-table of classes before and after that are changes.
    values : ndarray, shape (B,)
        Shares.
    """

    step: int
    moved: NDArray[np.bool_]
    values: Floats

    def apply(self, start: Floats, moves: Floats, counts: Floats, runs: Integers) -> None:
        """Set the shares; see :meth:`HeldCells.apply`."""
        value = self.values[runs][:, None, None]
        joint = np.maximum(counts[self.step].transpose(1, 0, 2), _LEAST)
        away = np.where(self.moved, joint, 0.0).sum(axis=(1, 2), keepdims=True)
        stay = np.where(self.moved, 0.0, joint).sum(axis=(1, 2), keepdims=True)
        joint = joint * np.where(self.moved, value / away, (1.0 - value) / stay)
        for t in range(self.step, -1, -1):
            share = joint.sum(axis=2)
            moves[t] = (joint / np.maximum(share, _LEAST)[..., None]).transpose(1, 0, 2)
            if t:
                earlier = np.maximum(counts[t - 1].transpose(1, 0, 2), _LEAST)
                joint = earlier * (share / earlier.sum(axis=1))[:, None]
        start[:] = share
        np.maximum(moves, _LEAST, out=moves)


Held = HeldCells | HeldMovers
