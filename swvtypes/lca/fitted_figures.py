"""What every fitted model says of its best solution, whatever it was fitted to."""

from __future__ import annotations

from typing import Protocol


class Solution(Protocol):
    """A best solution, as far as it is told here."""

    @property
    def log_likelihood(self) -> float:
        """Of the data."""

    @property
    def n_parameters(self) -> int:
        """Free ones."""

    @property
    def converged(self) -> bool:
        """Whether the best start did."""


class FittedFigures:
    """Log-likelihood, parameters and convergence of a model that holds a solution."""

    @property
    def _result(self) -> Solution:
        """The best solution.

        Raises
        ------
        NotFittedError
            Before the model is fitted.
        """
        raise NotImplementedError

    @property
    def log_likelihood_(self) -> float:
        """Log-likelihood of the best solution; a pseudo log-likelihood under survey weights."""
        return self._result.log_likelihood

    @property
    def n_parameters_(self) -> int:
        """Free parameters."""
        return self._result.n_parameters

    @property
    def converged_(self) -> bool:
        """Whether the best start converged."""
        return self._result.converged
