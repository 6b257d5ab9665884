"""Covariates in units of their own spread, and estimates back in the units they came in.

Where a covariate is large (an amount in euros) or far from zero (a year), its column and the
constant differ by orders of magnitude or hardly at all, and steps that are cut to a length, or
that stop at a gain, end before the maximum. A multinomial logit, its priors and its penalties do
not depend on the units, so that it is solved with averages of zero and standard deviations of one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .design import Floats
from .structural import LaterCovariance
from .structural_mixture import MixtureFit


@dataclass(frozen=True)
class Units:
    """From one set of units to another.

    Attributes
    ----------
    covariates : ndarray, shape (n, Q)
        In units of their own spread, the constant first.
    original : ndarray, shape (n, Q)
        As they came.
    back : ndarray, shape (Q, Q)
        Takes coefficients of `covariates` to those of `original`.
    """

    covariates: Floats
    original: Floats
    back: Floats

    def structural(self, n_classes: int) -> Floats:
        """Take coefficients of classes 2..K, covariate by covariate, back; shape (P, P)."""
        return np.asarray(np.kron(self.back, np.eye(n_classes - 1)), dtype=float)

    def covariance(self, found: LaterCovariance, n_classes: int) -> LaterCovariance:
        """Covariance of the coefficients of the original covariates."""
        B = self.structural(n_classes)
        loose = (np.abs(B) > 0) & ~found.identified
        known = np.asarray(~loose.any(axis=1))
        return LaterCovariance(B @ found.matrix @ B.T, B @ found.given_step_one @ B.T, known)

    def mixture(self, fit: MixtureFit) -> MixtureFit:
        """State a mixture in the original covariates; its `gradient` stays as it was solved."""
        chart, evidence = fit.chart, fit.evidence
        n, P = chart.n_structural, len(chart.theta)
        whole = np.eye(P)
        whole[:n, :n] = self.structural(chart.n_classes)
        inverse = np.linalg.inv(whole)
        moved = replace(chart, gamma=self.back @ chart.gamma, theta=whole @ chart.theta)
        times = len(evidence.Z) // len(self.original)
        Z = np.repeat(self.original, times, axis=0)
        information = inverse.T @ fit.information @ inverse
        return replace(
            fit, evidence=replace(evidence, Z=Z), chart=moved, information=information
        )  # fmt: skip


def own_units(Z: Floats, weight: Floats) -> Units:
    """Give covariates an average of zero and a standard deviation of one.

    Parameters
    ----------
    Z : ndarray, shape (n, Q)
        Covariates, the constant first; none of the others is constant where weights are positive.
    weight : ndarray, shape (n,)
        Of the rows; those of weight zero do not count.
    """
    # Sorted, so that sums do not depend on the order of the rows.
    total = float(np.sort(weight).sum())
    inside = np.where(weight[:, None] > 0, Z[:, 1:], 0.0)
    centre = np.sort(weight[:, None] * inside, axis=0).sum(axis=0) / total
    away = np.where(weight[:, None] > 0, Z[:, 1:] - centre, 0.0)
    spread = np.sqrt(np.sort(weight[:, None] * away**2, axis=0).sum(axis=0) / total)
    back = np.eye(Z.shape[1])
    back[0, 1:] = -centre / spread
    back[np.arange(1, len(back)), np.arange(1, len(back))] = 1.0 / spread
    return Units(np.column_stack([Z[:, :1], away / spread]), Z, back)
