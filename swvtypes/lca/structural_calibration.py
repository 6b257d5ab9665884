"""Probabilities of classes that are as sure as they may be.

Posterior probabilities of a fitted model are too extreme for the rows that it was fitted to, and a
later step that holds the density of the answers fixed (two steps) then finds slopes that are too
small. In data sets drawn from the model, where its own refit gives probabilities q and the model p,
the power ``beta`` and the shifts ``a`` of ``c_t = q_t^beta exp(a_t) / sum`` are those under which c
agrees with q as often as the truth does, ``sum q c = sum q p``, and has its shares, ``sum c =
sum p``; both are averaged over the data sets, powers as logs. Temperature scaling (Platt 1999;
Guo, Pleiss, Sun and Weinberger 2017) does so by the likelihood; agreement is what slopes depend on
where they are small. The use in two steps is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .design import Floats
from .inference_scores import log_softmax

_LOWEST, _HIGHEST = 0.02, 3.0
_STEPS, _LONGEST = 100, 0.3
_TINY = 1e-12


@dataclass(frozen=True)
class Calibration:
    """How log probabilities of classes are made less sure.

    Attributes
    ----------
    power : float
        Below one where they are too sure.
    shift : ndarray, shape (K,)
        Added to their logs; zero for the first class.
    """

    power: float
    shift: Floats

    def log_density(self, log_density: Floats, log_shares: Floats) -> Floats:
        """Give log-densities whose posterior under the same shares is calibrated, (n, K)."""
        return np.asarray(self.power * log_density + (self.power - 1.0) * log_shares + self.shift)


def calibrate(own: Floats, truth: Floats, weight: Floats) -> Calibration | None:
    """Find the calibration of probabilities.

    Parameters
    ----------
    own : ndarray, shape (n, K)
        Of the model that was fitted to the rows.
    truth : ndarray, shape (n, K)
        Of the model that they were drawn from.
    weight : ndarray, shape (n,)
        Weights of the rows.

    Returns
    -------
    Calibration or None
        None where no power makes the two agree.
    """
    logs = np.log(np.maximum(own, _TINY))
    wanted = np.append(weight @ (own * truth).sum(axis=1), (weight @ truth)[1:])
    total = float(weight.sum())
    at = np.zeros(own.shape[1])
    at[0] = 1.0
    for _ in range(_STEPS):
        found = np.exp(log_softmax(at[0] * logs + np.append(0.0, at[1:])))
        gap = np.append(weight @ (own * found).sum(axis=1), (weight @ found)[1:]) - wanted
        if float(np.abs(gap).max()) < 1e-13 * total:
            break
        steeper = found * (logs - (found * logs).sum(axis=1, keepdims=True))
        lift = own - (own * found).sum(axis=1, keepdims=True)
        J = np.empty((len(at), len(at)))
        J[0, 0] = weight @ (own * steeper).sum(axis=1)
        J[0, 1:] = (weight @ (found * lift))[1:]
        J[1:, 0] = (weight @ steeper)[1:]
        J[1:, 1:] = np.diag((weight @ found)[1:]) - (weight[:, None] * found).T[1:] @ found[:, 1:]
        step = np.linalg.lstsq(J, -gap, rcond=1e-12)[0]
        at = at + step * min(1.0, _LONGEST / max(float(np.abs(step).max()), 1e-300))
        if not (np.isfinite(at).all() and _LOWEST < at[0] < _HIGHEST):
            return None
    if float(np.abs(gap).max()) > 1e-8 * total:
        return None
    return Calibration(float(at[0]), np.append(0.0, at[1:]))


def average(found: Sequence[Calibration | None], n_classes: int) -> Calibration:
    """Average calibrations, powers on the log scale; without any, none is made."""
    kept = [one for one in found if one is not None]
    if not kept:
        return Calibration(1.0, np.zeros(n_classes))
    power = float(np.exp(np.mean([np.log(one.power) for one in kept])))
    return Calibration(power, np.asarray(np.mean([one.shift for one in kept], axis=0)))
