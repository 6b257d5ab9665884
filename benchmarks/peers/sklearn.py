"""Gaussian mixtures of scikit-learn."""

from __future__ import annotations

from typing import Any

import pandas as pd

NAME = "scikit-learn"


def fit(frame: pd.DataFrame, n_classes: int, n_init: int, tolerance: float, covariance: str) -> Any:
    """Fit from as many random rows as starts; `covariance` is diag, full, tied or spherical."""
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(
        n_classes, covariance_type=covariance, n_init=n_init, tol=tolerance, max_iter=5000,
        init_params="random_from_data", random_state=1,
    ).fit(frame)  # fmt: skip
