"""Nominal items with a count of every category: the M step of many runs as one logarithm.

The design leaves out one category of each item, whose count is a difference. In single precision
that difference of a rare category is all rounding; here every category has a count of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from swvtypes.lca.design import Floats, Layout


@dataclass(frozen=True)
class Counts:
    """Where the counts of a design of nominal items stand.

    Counts have R = D + J rows for D columns and J units: the statistics of the design, the
    reference category of each unit, the indicators.

    Attributes
    ----------
    layout : Layout
        Of nominal items only.
    n_units : int
        Units, J.
    to_indicators : ndarray, shape (I, J + I)
        What logs of the reference counts and of the indicators' sums add to the natural
        parameters of the I indicators.
    """

    layout: Layout
    n_units: int
    to_indicators: Floats

    @property
    def first_reference(self) -> int:
        """Row of the first reference category."""
        return self.layout.width - self.layout.n_indicators

    def widen(self, T: Floats) -> Floats:
        """Give counts, shape (R, ...), from sums or rows of the design, shape (D, ...)."""
        n = self.layout.n_indicators
        references = []
        for block in self.layout.blocks:
            own = T[block.start : block.stop].reshape(len(block.items), -1, *T.shape[1:])
            references.append(T[block.indicator] - own.sum(axis=1))
        return np.concatenate([T[n:], *references, T[:n]])

    def logs(self, counts: Any, least: float) -> Any:
        """Give the logs of counts, in their precision; `least` is the smallest to take one of."""
        logs = np.maximum(counts, least)
        return np.log(logs, out=logs)

    def natural(self, logs: Any, counts: Any) -> Any:
        """Maximise the expected log-density.

        Parameters
        ----------
        logs : ndarray, shape (R, K, B)
            Logs of expected counts of B runs. They may lie beyond those of `counts`: class shares
            then do not add up to one, which posteriors do not mind.
        counts : ndarray, shape (R, K, B)
            The counts, by which shares are scaled.

        Returns
        -------
        ndarray, shape (D, K, B)
            Natural parameters.
        """
        layout, (_, K, B) = self.layout, logs.shape
        n, low = layout.n_indicators, self.first_reference
        A = np.empty((layout.width, K, B), dtype=logs.dtype)
        rest = logs[low:].reshape(-1, K * B)
        table = self.to_indicators.astype(logs.dtype, copy=False)
        np.matmul(table, rest, out=A[:n].reshape(n, K * B))
        shares = counts[low + self.n_units :][: layout.n_groups]
        A[: layout.n_groups] -= np.log(shares.sum(axis=1, keepdims=True))
        first = low
        for block in layout.blocks:
            J = len(block.items)
            own = slice(block.start, block.stop)
            reference = logs[first : first + J, None]
            first += J
            if block.size > 1:
                statistics = logs[block.start - n : block.stop - n].reshape(J, -1, K, B)
                np.subtract(statistics, reference, out=A[own].reshape(J, -1, K, B))
        return A

    def normalise(self, A: Floats) -> Floats:
        """Make probabilities add up to one in double precision, shape (D, B, K)."""
        A = A.copy()
        shares = A[: self.layout.n_groups].copy()
        A[: self.layout.n_indicators] = 0.0
        for block in self.layout.blocks:
            odds = A[block.start : block.stop].reshape(len(block.items), -1, *A.shape[1:])
            np.subtract.at(A, block.indicator, _log_of_one_and(odds))
        shares -= A[: self.layout.n_groups]
        top = shares.max(axis=2, keepdims=True)
        shares -= top + np.log(np.exp(shares - top).sum(axis=2, keepdims=True))
        A[: self.layout.n_groups] += shares
        return A

    def gain(self, logs: tuple[Any, Any], counts: tuple[Any, Any]) -> Floats:
        """Give about what an EM step gained, shape (B,).

        The change of the natural parameters times that of the sums they were made of: its squared
        length in the metric of the information of complete data. It lies between the gain and
        twice that, near an optimum, and does not suffer from the rounding of the log-likelihood.

        Parameters
        ----------
        logs, counts : tuple of ndarray, shapes (R, K, B)
            Before and after.
        """
        by_log, by_count = logs[1] - logs[0], counts[1] - counts[0]
        by_log[self.first_reference + self.n_units :] *= self._signs().astype(by_log.dtype)
        return np.asarray(np.einsum("rkb,rkb->b", by_log, by_count), dtype=float)

    def _signs(self) -> Floats:
        """How often the log of an indicator's sum counts, shape (I, 1, 1)."""
        return np.asarray(np.diag(self.to_indicators[:, self.n_units :])[:, None, None])


def _log_of_one_and(odds: Floats) -> Floats:
    """Log of one plus the sum of exp(odds) over the second axis."""
    top = odds.max(axis=1, initial=0.0)
    total = np.exp(-top)
    for k in range(odds.shape[1]):
        total += np.exp(odds[:, k] - top)
    return np.asarray(top + np.log(total))


def nominal_counts(layout: Layout) -> Counts | None:
    """Say where the counts of a design stand; None unless all items are nominal."""
    if any(block.kind != "nominal" for block in layout.blocks):
        return None
    n, G = layout.n_indicators, layout.n_groups
    J = sum(len(block.items) for block in layout.blocks)
    table = np.zeros((n, J + n))
    table[np.arange(G), J + np.arange(G)] = 1.0
    indicators = np.concatenate([block.indicator for block in layout.blocks])
    np.add.at(table, (indicators, np.arange(J)), 1.0)
    np.add.at(table, (indicators, J + indicators), -1.0)
    return Counts(layout, J, table)
