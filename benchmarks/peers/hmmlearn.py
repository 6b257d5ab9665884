"""The categorical hidden Markov model of hmmlearn, start by start."""

from __future__ import annotations

import importlib.util

import numpy as np

NAME = "hmmlearn"


def there() -> bool:
    """Whether it is installed."""
    return importlib.util.find_spec("hmmlearn") is not None


def fit(answers: np.ndarray, n_classes: int, n_starts: int, tolerance: float, most: int) -> float:
    """Log-likelihood of the best of some starts; `answers` are units by waves, codes from 0."""
    from hmmlearn.hmm import CategoricalHMM

    lengths = [answers.shape[1]] * len(answers)
    column = answers.reshape(-1, 1)
    best = -np.inf
    for start in range(n_starts):
        model = CategoricalHMM(n_classes, n_iter=most, tol=tolerance, random_state=start)
        best = max(best, model.fit(column, lengths).score(column, lengths))
    return float(best)
