"""What either engine makes of one data set of StepMix's designs, in the order of the population.

StepMix is called by its public interface with the settings of the simulations of its own paper
(Morin et al. 2025): one random start, at most 1,000 iterations, its default tolerance, modal
assignment, variance of the outcome held at its true value. Ours takes ten starts in step one and
five in one step, estimates that variance, and states errors of assignment as step one does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from swvtypes.lca import (
    CovariateSpec,
    LatentClassModel,
    OutcomeSpec,
    relate_covariates,
    relate_outcome,
)

METHODS = ("one_step", "two_step", "ml", "bch")
CORRECTIONS = {"one_step": (1, None), "two_step": (2, None), "ml": (3, "ML"), "bch": (3, "BCH")}
N_INIT, N_STARTS, N_ITEMS = 10, 5, 6
Design = Literal["covariate", "outcome"]


@dataclass(frozen=True)
class Estimates:
    """Of one method: slopes of classes 2 and 3 against 1, or means of classes 1 to 3.

    Attributes
    ----------
    found : ndarray
        Shape (2,) or (3,).
    errors : ndarray or None
        Standard errors, of the same shape; None where the program gives none.
    """

    found: np.ndarray
    errors: np.ndarray | None = None


def truth_of(separation: float, n_classes: int = 3) -> np.ndarray:
    """Probabilities of yes in the population, (classes, items)."""
    from stepmix.datasets import bakk_measurements

    return np.asarray(bakk_measurements(n_classes, N_ITEMS, separation)).T


def order_of(truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Which class of those found is class 1, 2, ... of the population."""
    from scipy.optimize import linear_sum_assignment

    distance = ((truth[:, None] - found[None]) ** 2).sum(axis=-1)
    return np.asarray(linear_sum_assignment(distance)[1])


def fit_ours(X: np.ndarray, seed: int, n_init: int = N_INIT) -> LatentClassModel:
    """Step one, three classes."""
    frame = pd.DataFrame(X, columns=[f"y{j}" for j in range(X.shape[1])])
    return LatentClassModel(3, n_init=n_init, random_state=seed, n_jobs=1).fit(frame)


def yes_of(parameters: Any) -> np.ndarray:
    """Probabilities of yes, (classes, items)."""
    tables = parameters.tables[:N_ITEMS]
    return np.stack([table.values[:, 1] for table in tables], axis=1)  # noqa: PD011


def ours(
    model: LatentClassModel, X: np.ndarray, Y: np.ndarray, what: Design, truth: np.ndarray
) -> dict[str, Estimates]:
    """Every method on a fitted step one."""
    frame = pd.DataFrame(X, columns=[f"y{j}" for j in range(X.shape[1])])
    order = order_of(truth, yes_of(model.fit_.parameters))
    related = _slopes if what == "covariate" else _means
    return {method: related(model, frame, Y, method, (truth, order)) for method in METHODS}


def _slopes(
    model: LatentClassModel,
    X: pd.DataFrame,
    Y: np.ndarray,
    method: Any,
    place: tuple[np.ndarray, np.ndarray],
) -> Estimates:
    truth, order = place
    Z = pd.DataFrame({"z": Y[:, 0]})
    how = {"errors": "apparent", "n_starts": N_STARTS}
    spec = CovariateSpec(method, reference=int(order[0]) + 1, **how)
    found = relate_covariates(model, X, Z, spec)
    if method == "one_step":  # classes may move: their own profiles say which is which
        chart = found.fit.chart
        moved = order_of(truth, yes_of(chart.parameters(chart.theta)))
        if moved[0] != order[0]:
            spec = CovariateSpec(method, reference=int(moved[0]) + 1, **how)
            found = relate_covariates(model, X, Z, spec)
        order = moved
    frame = found.coefficients.query("covariate == 'z'").set_index("class").loc[order[1:] + 1]
    return Estimates(frame["estimate"].to_numpy(), frame["se"].to_numpy())


def _means(
    model: LatentClassModel,
    X: pd.DataFrame,
    Y: np.ndarray,
    method: Any,
    place: tuple[np.ndarray, np.ndarray],
) -> Estimates:
    truth, order = place
    spec = OutcomeSpec(method, family="continuous", errors="apparent", n_starts=N_STARTS)
    found = relate_outcome(model, X, pd.Series(Y[:, -1], name="outcome"), spec)
    if method == "one_step" and found.fit is not None:
        chart = found.fit.chart
        order = order_of(truth, yes_of(chart.parameters(chart.theta)))
    frame = found.profiles
    return Estimates(frame["estimate"].to_numpy()[order], frame["se"].to_numpy()[order])


def structural_part(what: str, steps: int) -> dict[str, Any]:
    """StepMix's options of what the classes are related to."""
    newton = {"method": "newton-raphson", "max_iter": 1 if steps < 3 else 1000}
    if what == "covariate":
        return {"structural": "covariate", "structural_params": newton}
    if what == "outcome":
        return {"structural": "gaussian_unit"}
    if what == "variance":
        return {"structural": "gaussian_tied"}
    parts = {
        "covariate": {"model": "covariate", "n_columns": 1, **newton},
        "response": {"model": "gaussian_unit_nan", "n_columns": 1},
    }
    return {"structural": parts}


def stepmix(
    X: np.ndarray, Y: np.ndarray, what: str, method: str, seed: int, n_init: int = 1
) -> Any:
    """Give a fitted StepMix model.

    `what` is covariate, outcome, variance (an outcome whose variance is estimated), or both
    covariate and outcome with missing answers.
    """
    from stepmix.stepmix import StepMix

    steps, correction = CORRECTIONS[method]
    return StepMix(
        n_components=3, n_steps=steps, correction=correction, assignment="modal",
        measurement="bernoulli_nan" if what == "both" else "bernoulli", n_init=n_init,
        max_iter=1000, random_state=seed, progress_bar=0, verbose=0, **structural_part(what, steps),
    ).fit(X, Y)  # fmt: skip


def theirs(found: Any, what: str, truth: np.ndarray) -> Estimates:
    """Estimates of a fitted StepMix model."""
    parameters = found.get_parameters()
    order = order_of(truth, np.asarray(parameters["measurement"]["pis"]))
    if what == "covariate":
        slopes = np.asarray(parameters["structural"]["beta"])[order, 1]
        return Estimates((slopes - slopes[0])[1:])
    part = parameters["structural"]
    means = part["response"]["means"] if what == "both" else part["means"]
    return Estimates(np.asarray(means)[order, 0])
