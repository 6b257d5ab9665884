"""A fit checked by a second engine: StepMix, where it can fit the same model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import InputError, MissingExtraError

from .case_weights import row_weights
from .estimator import LatentClassModel
from .model import check_whole


@dataclass(frozen=True)
class CrossCheck:
    """What a second engine made of the same data and model.

    Attributes
    ----------
    engine : str
        Name and version.
    log_likelihood : float
        Of its best start.
    ours : float
        Of the model checked.
    n_init : int
        Its starts.
    agrees : bool
        Whether ours is no more than 1e-3 lower.
    """

    engine: str
    log_likelihood: float
    ours: float
    n_init: int

    @property
    def agrees(self) -> bool:
        """Whether ours is no more than 1e-3 lower."""
        return self.ours >= self.log_likelihood - 1e-3


def cross_check(
    model: LatentClassModel,
    X: Any,
    sample_weight: ArrayLike | None = None,
    n_init: int = 20,
    random_state: int = 0,
) -> CrossCheck:
    """Fit the same model to the same data with StepMix (Morin et al. 2025).

    Parameters
    ----------
    model : LatentClassModel
        A fitted model: nominal or binary indicators, maximum likelihood, without known groups and
        local dependence.
    X : DataFrame or array-like, shape (n, J)
        The data of the fit; missing answers by full information in both engines.
    sample_weight : array-like, shape (n,), optional
        The frequencies of the fit.
    n_init, random_state : int
        Starts of StepMix, and their seed.

    Returns
    -------
    CrossCheck

    Raises
    ------
    MissingExtraError
        When StepMix is not installed.
    InputError
        When StepMix has no such model, or the rows are not those of the fit.
    WeightError
        For weights that are no frequencies of these rows.
    OptionError
        For starts or a seed outside their range.
    """
    check_whole("n_init", n_init, 1)
    check_whole("random_state", random_state, 0)
    frame = X if isinstance(X, pd.DataFrame) else pd.DataFrame(np.asarray(X))
    faults = _unlike(model)
    if faults:
        raise InputError("second engine", faults)
    try:
        import stepmix
    except ImportError as absent:
        raise MissingExtraError("a second engine", "stepmix", "oracle") from absent
    weight = row_weights(len(frame), sample_weight, None, frame)[0]
    # Rows of weight zero may have answers that the model does not know.
    frame, weight = frame[weight > 0], weight[weight > 0]
    codes = _codes(model, frame)
    kept = codes.notna().any(axis=1).to_numpy()
    codes, weight = codes[kept], weight[kept]
    gaps = bool(codes.isna().to_numpy().any())
    engine = stepmix.StepMix(
        n_components=model.n_classes, measurement="categorical_nan" if gaps else "categorical",
        n_init=n_init, random_state=random_state, abs_tol=1e-10, rel_tol=0.0, max_iter=5000,
        progress_bar=0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        engine.fit(codes, sample_weight=weight)
        found = float(engine.score(codes, sample_weight=weight)) * float(weight.sum())
    ours = float(model.score_samples(frame)[kept] @ weight)
    if abs(ours - model.log_likelihood_) > 1e-6 * max(1.0, abs(ours)):
        raise InputError(
            "second engine",
            [f"expected the rows of the fit (log-likelihood {model.log_likelihood_:.4f}); "
             f"the model gives these {ours:.4f}"],
        )  # fmt: skip
    from importlib.metadata import version

    return CrossCheck(f"StepMix {version('stepmix')}", found, model.log_likelihood_, n_init)


def _unlike(model: LatentClassModel) -> list[str]:
    types = model.indicator_types_
    other = [str(name) for name, kind in types["family"].items()
             if kind not in ("nominal", "binary")]  # fmt: skip
    faults = []
    if other:
        faults.append(f"expected nominal or binary indicators; others: {', '.join(other)}")
    if model.prior > 0:
        faults.append("expected maximum likelihood, the model has a prior")
    if model.group is not None:
        faults.append("expected no known groups")
    if model.local_dependence:
        faults.append("expected no local dependence")
    if model.estimation_ != "maximum likelihood" and not model.prior > 0:
        faults.append("expected no survey weights")
    return faults


def _codes(model: LatentClassModel, frame: pd.DataFrame) -> pd.DataFrame:
    from .model import encode

    values = encode(frame, model._indicators)
    return pd.DataFrame(values, columns=[f"x{j}" for j in range(values.shape[1])])
