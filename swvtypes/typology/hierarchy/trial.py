"""What a test of superclusters is asked of: data and options, checked."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from swvtypes.errors import FewStartsWarning, InputError, SurveyWeightError, WeightError
from swvtypes.lca.em import Settings
from swvtypes.lca.families import Variances, count_parameters
from swvtypes.lca.model import check_choice, check_real, check_whole
from swvtypes.lca.threads import worker_count

from .coupling import Coupled, one_row_a_case
from .estimator import ClassesOfClasses
from .fitting import Rule
from .reading import Reading, Themes, read_all, read_frame, read_weights
from .replicates import Route
from .seeds import entropy_of

ENOUGH_STARTS = 10
_THEME_STARTS = 5
_TOL = 1e-7


@dataclass(frozen=True)
class Trial:
    """Data and options of a test.

    Attributes
    ----------
    coupled : Coupled
        The rows, one a case.
    n_classes : tuple of int
    route : {"one_step", "two_step"}
    rule : Rule
    prior : float
    variances : Variances
    n_boot : int
    stop_after : int or None
    n_jobs : int
    seed : int
    """

    coupled: Coupled
    n_classes: tuple[int, ...]
    route: Route
    rule: Rule
    prior: float
    variances: Variances
    n_boot: int
    stop_after: int | None
    n_jobs: int
    seed: int

    @property
    def n_measurement(self) -> int:
        """Free parameters of the measurement."""
        return sum(
            count_parameters(d.layout, C, self.variances) - (C - 1)
            for d, C in zip(self.coupled.designs, self.n_classes, strict=True)
        )


def read_trial(  # noqa: PLR0913
    X: Any,
    themes: Themes | None,
    n_theme_classes: int | Mapping[str, int],
    *,
    n_boot: int,
    route: Route,
    n_init: int,
    indicators: Mapping[Hashable, str] | None,
    scores: Mapping[Hashable, Sequence[float]] | None,
    sample_weight: ArrayLike | None,
    survey_weight: ArrayLike | None,
    prior: float,
    random_state: int | np.random.RandomState | None,
    stop_after: int | None,
    n_jobs: int | None,
) -> Trial:
    """Check and read what a test is asked of; a fitted model brings its own data."""
    check_whole("n_boot", n_boot, 1)
    check_whole("n_init", n_init, 1)
    check_choice("route", route, Route)
    check_real("prior", prior, 0.0)
    if stop_after is not None:
        check_whole("stop_after", stop_after, 1)
    if n_jobs is not None and n_jobs != -1:
        check_whole("n_jobs", n_jobs, 1)
    if survey_weight is not None:
        raise SurveyWeightError(
            "survey_weight",
            ["the bootstrap needs a likelihood; under survey weights there is a pseudo-likelihood "
             "only: leave them out, or give frequencies as sample_weight"],
        )  # fmt: skip
    if n_init < ENOUGH_STARTS:
        warnings.warn(
            f"{n_init} starts a data set: with fewer than {ENOUGH_STARTS} replicates may end in "
            "local maxima, and the null distribution is too low",
            FewStartsWarning,
            stacklevel=3,
        )
    variances = Variances()
    if isinstance(X, ClassesOfClasses):
        coupled, reading, variances, prior = _of_model(X)
    else:
        coupled, reading = _of_frame(X, themes, n_theme_classes, indicators, scores, sample_weight)
    if not np.array_equal(coupled.weight, np.rint(coupled.weight)):
        raise WeightError("sample_weight", ["expected whole numbers for a bootstrap"])
    rule = Rule(int(n_init), min(int(n_init), _THEME_STARTS), Settings(5000, _TOL), screen=True)
    jobs = 1 if n_jobs is None else worker_count(n_jobs)
    return Trial(
        one_row_a_case(coupled), reading.n_classes, route, rule, float(prior), variances,
        int(n_boot), stop_after, jobs, entropy_of(random_state),
    )  # fmt: skip


def _of_model(model: ClassesOfClasses) -> tuple[Coupled, Reading, Variances, float]:
    wish = model.outcome_.wish
    faults = []
    if model.coupled_.covariates is not None:
        faults.append("expected a model without covariates")
    if model.estimation_ == "pseudo maximum likelihood":
        faults.append("expected a model without survey weights")
    if wish.structure.conditional != "free" or wish.structure.shares != "free":
        faults.append("expected a model without equality constraints")
    if faults:
        raise InputError("X", faults)
    return model.coupled_, model.reading_, wish.variances, wish.prior


def _of_frame(
    X: Any,
    themes: Themes | None,
    n_theme_classes: int | Mapping[str, int],
    indicators: Mapping[Hashable, str] | None,
    scores: Mapping[Hashable, Sequence[float]] | None,
    sample_weight: ArrayLike | None,
) -> tuple[Coupled, Reading]:
    frame = read_frame(X)
    weight = read_weights(len(frame), sample_weight=sample_weight)
    if weight is not None:
        frame, weight = frame[weight > 0].reset_index(drop=True), weight[weight > 0]
    reading = read_all(frame, themes, n_theme_classes, indicators, scores)
    coupled = reading.couple(frame, weight)
    if not coupled.n > 0:
        raise InputError("X", ["no row has an answer"])
    return coupled, reading
