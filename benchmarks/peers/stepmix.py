"""StepMix (Morin et al. 2025): latent classes start by start."""

from __future__ import annotations

import contextlib
import importlib.util
import io
from typing import Any

import pandas as pd

NAME = "StepMix"


def there() -> bool:
    """Whether it is installed."""
    return importlib.util.find_spec("stepmix") is not None


def model(n_classes: int, n_init: int, tolerance: float, measurement: str, seed: int = 1) -> Any:
    """Make a model that stops where ours does: a gain in the average log-likelihood."""
    from stepmix.stepmix import StepMix

    return StepMix(
        n_components=n_classes, measurement=measurement, n_init=n_init, random_state=seed,
        abs_tol=tolerance, rel_tol=0.0, max_iter=5000, progress_bar=0, verbose=0,
    )  # fmt: skip


def fit(
    codes: pd.DataFrame, n_classes: int, n_init: int, tolerance: float, measurement: str = ""
) -> Any:
    """Fit nominal items, codes from 0."""
    missing = bool(codes.isna().any(axis=None))
    kind = measurement or ("categorical_nan" if missing else "categorical")
    return model(n_classes, n_init, tolerance, kind).fit(codes)


def bootstrap_test(
    codes: pd.DataFrame, n_classes: int, n_boot: int, n_init: int, tolerance: float
) -> float:
    """Test one class more by parametric bootstrap; what it prints is thrown away."""
    from stepmix.bootstrap import blrt

    one, more = (
        model(K, n_init, tolerance, "categorical") for K in (n_classes, n_classes + 1)
    )  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return float(blrt(one, more, codes, n_repetitions=n_boot, random_state=1))
