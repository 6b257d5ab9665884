"""Models with one, two, three and more classes side by side."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import (
    BoundaryWarning,
    FewStartsWarning,
    FoundOnceWarning,
    InputError,
    ManyParametersWarning,
    NotConvergedWarning,
    OptionError,
)

from .bootstrap_likelihood_ratio import (
    BootstrapTest,
    ratio_test,
    refuse_survey_weight,
    warn_few_starts,
)
from .bootstrap_model_fit import FitTest, bootstrap_fit
from .estimator import LatentClassModel
from .model import check_whole
from .options import ModelOptions, listed, seed_of
from .recommendation import Limits, Recommendation, recommend
from .replicate_residuals import largest_residual
from .replicates import Work

FIT_WARNINGS = (BoundaryWarning, FoundOnceWarning, ManyParametersWarning, NotConvergedWarning)
_CRITERIA = (
    "log_likelihood", "n_parameters", "df", "l2", "x2", "aic", "aic3", "bic", "caic", "sabic",
    "icl_bic", "entropy_r2", "entropy_relative", "classification_error",
)  # fmt: skip
_SHOWN = (
    "log_likelihood", "n_parameters", "aic3", "bic", "sabic", "icl_bic", "entropy_r2",
    "smallest_class_n", "times_replicated", "blrt_p", "blrt_error", "l2_p", "x2_p",
    "largest_residual_p",
)  # fmt: skip


@dataclass(frozen=True)
class ClassEnumeration:
    """Result of :func:`enumerate_classes`.

    Attributes
    ----------
    table : DataFrame
        Indexed by n_classes: log_likelihood, n_parameters, df, l2, x2, aic, aic3, bic, caic,
        sabic, icl_bic, entropy_r2, entropy_relative, classification_error, average_posterior
        (the lowest of the classes), largest_residual (bivariate, per degree of freedom),
        smallest_class (share), smallest_class_n (expected cases), times_replicated (starts that
        came to the best solution), converged, and warnings (their classes, without "Warning").
        With `n_boot` also blrt_statistic, blrt_p, blrt_error (Monte Carlo) and blrt_n_boot, of
        the test of one class fewer against this number. With `fit_n_boot` also l2_p, x2_p and
        largest_residual_p.
    models : dict of int to LatentClassModel
        The fitted models.
    tests : dict of int to BootstrapTest
        By the number of classes under the null hypothesis; empty without `n_boot`.
    recommendation : Recommendation
        Which criteria agree, which do not, and what the number of cases allows.
    fit_tests : dict of int to FitTest
        Bootstrap p of L-squared, X-squared and every bivariate residual; empty without
        `fit_n_boot`.
    """

    table: pd.DataFrame
    models: Mapping[int, LatentClassModel]
    tests: Mapping[int, BootstrapTest]
    recommendation: Recommendation
    fit_tests: Mapping[int, FitTest] = field(default_factory=dict)

    @cached_property
    def identification(self) -> pd.DataFrame:
        """Local identification by n_classes: rank, n_parameters, n_boundary, identified."""
        rows = {k: vars(model.identification_) for k, model in self.models.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("n_classes")

    def _repr_html_(self) -> str:
        from .tables_html import frame_html

        shown = [name for name in _SHOWN if name in self.table]
        return frame_html("Number of classes", self.table[shown], self.recommendation.text("en"))


def enumerate_classes(  # noqa: PLR0913
    X: Any,
    n_classes: int | Iterable[int] = range(1, 7),
    *,
    n_init: int = 100,
    n_boot: int = 0,
    boot_n_init: int = 20,
    stop_after: int | None = None,
    fit_n_boot: int = 0,
    limits: Limits | None = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    show_progress: bool = False,
    **options: Unpack[ModelOptions],
) -> ClassEnumeration:
    """Fit models with each number of classes and put them side by side.

    Parameters
    ----------
    X : DataFrame or array-like, shape (n, J)
        Answers, as :class:`LatentClassModel` takes them; NaN where missing.
    n_classes : int or iterable of int
        Numbers of classes.
    n_init : int
        Starts of each model.
    n_boot : int
        Replicates of the bootstrap likelihood-ratio test between neighbouring numbers of classes;
        0 leaves it out. See :func:`bootstrap_lrt`.
    boot_n_init : int
        Starts of each data set in that test, the real one included.
    stop_after : int, optional
        Its sequential stop.
    fit_n_boot : int
        Replicates of the bootstrap p-values of L-squared, X-squared and bivariate residuals of
        each model, `boot_n_init` starts each; 0 leaves them out. See :func:`bootstrap_fit`.
    limits : Limits, optional
        What the recommendation asks of a model.
    sample_weight : array-like, shape (n,), optional
        Frequencies.
    survey_weight : array-like, shape (n,), optional
        Sampling weights: criteria that count cases are then NaN, and a bootstrap is refused.
    random_state : int, RandomState instance or None
        Seed of all models and tests.
    n_jobs : int, optional
        Threads of the fits, worker processes of the tests; all cores when left out.
    show_progress : bool
        Whether to draw the progress of the tests on standard error.
    **options
        Other options of :class:`LatentClassModel`.

    Returns
    -------
    ClassEnumeration
        Warnings about single models stand in its table; those about the data are given once.

    Raises
    ------
    OptionError, InputError, WeightError
        As the model raises them.
    SurveyWeightError
        For a bootstrap under survey weights.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.lca import enumerate_classes
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=300)
    >>> X = (rng.random((300, 8)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> found = enumerate_classes(X, range(1, 4), n_init=20, random_state=1)
    >>> int(found.table["bic"].idxmin()), found.recommendation.n_classes
    (2, 2)
    """
    numbers = _check_numbers(n_classes)
    check_whole("n_boot", n_boot, 0)
    check_whole("fit_n_boot", fit_n_boot, 0)
    if stop_after is not None:
        check_whole("stop_after", stop_after, 1)
    for what, asked in (("likelihood-ratio test", n_boot), ("fit", fit_n_boot)):
        if asked:
            refuse_survey_weight(f"the bootstrap {what}", survey_weight)
    if n_boot or fit_n_boot:
        warn_few_starts(boot_n_init)
    if limits is not None and not isinstance(limits, Limits):
        raise OptionError("limits", "Limits", limits)
    seed = seed_of(random_state)
    models: dict[int, LatentClassModel] = {}
    notes: dict[int, str] = {}
    for k in numbers:
        model = LatentClassModel(
            n_classes=k, n_init=n_init, random_state=seed, n_jobs=n_jobs, **options
        )
        notes[k] = _fit_quietly(model, X, sample_weight, survey_weight, aloud=k == numbers[0])
        models[k] = model
    work = Work(n_jobs, show_progress, few_at_once=stop_after is not None)
    tests = {
        k: ratio_test(models[k], n_boot, boot_n_init, seed, stop_after, work)
        for k in numbers
        if n_boot and k + 1 in models
    }
    fit_tests = _fit_tests(models, fit_n_boot, boot_n_init, seed, work)
    table = _table(models, notes, tests, fit_tests)
    n = float(models[numbers[0]].design_.n)
    return ClassEnumeration(table, models, tests, recommend(table, n, limits), fit_tests)


def _check_numbers(n_classes: int | Iterable[int]) -> list[int]:
    numbers = listed(n_classes)
    faults = [
        f"expected integers of at least 1, got {k!r}"
        for k in numbers
        if not isinstance(k, (int, np.integer)) or isinstance(k, bool) or k < 1
    ]
    if not numbers:
        faults.append("expected one number at least, got none")
    if faults:
        raise InputError("n_classes", faults)
    return sorted({int(k) for k in numbers})


def _fit_quietly(
    model: LatentClassModel,
    X: Any,
    sample_weight: ArrayLike | None,
    survey_weight: ArrayLike | None,
    aloud: bool,
) -> str:
    """Fit; name the warnings about the model, and give those about the data if `aloud`."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(X, sample_weight=sample_weight, survey_weight=survey_weight)
    names = []
    for warning in caught:
        if issubclass(warning.category, FIT_WARNINGS):
            names.append(warning.category.__name__.removesuffix("Warning"))
        elif aloud:
            warnings.warn(warning.message, warning.category, stacklevel=3)
    return ", ".join(names)


def _fit_tests(
    models: Mapping[int, LatentClassModel], n_boot: int, n_init: int, seed: int, work: Work
) -> dict[int, FitTest]:
    if not n_boot:
        return {}
    with warnings.catch_warnings():
        # Few starts have been told already.
        warnings.simplefilter("ignore", FewStartsWarning)
        return {
            k: bootstrap_fit(
                model, n_boot, n_init=n_init, random_state=seed, n_jobs=work.n_jobs,
                show_progress=work.show,
            )
            for k, model in models.items()
        }  # fmt: skip


def _table(
    models: Mapping[int, LatentClassModel],
    notes: Mapping[int, str],
    tests: Mapping[int, BootstrapTest],
    fit_tests: Mapping[int, FitTest],
) -> pd.DataFrame:
    rows = {}
    for k, model in models.items():
        criteria = model.criteria_
        row: dict[str, Any] = {name: float(criteria[name]) for name in _CRITERIA}
        row["n_parameters"] = int(criteria["n_parameters"])
        row["average_posterior"] = float(model.classification_["average_posterior"].min())
        row["largest_residual"] = largest_residual(model.design_, model.fit_.parameters)
        row["smallest_class"] = float(model.class_shares_.min())
        row["smallest_class_n"] = row["smallest_class"] * float(criteria["n"])
        row["times_replicated"] = int(model.fit_.times_found)
        row["converged"] = bool(model.converged_)
        if tests:
            test = tests.get(k - 1)
            row["blrt_statistic"] = test.statistic if test else np.nan
            row["blrt_p"] = test.p_value if test else np.nan
            row["blrt_error"] = test.standard_error if test else np.nan
            row["blrt_n_boot"] = test.n_boot if test else 0
        if fit_tests:
            test_p = fit_tests[k].table["p_value"]
            row["l2_p"], row["x2_p"] = float(test_p["l2"]), float(test_p["x2"])
            row["largest_residual_p"] = fit_tests[k].largest_bivariate_p
        row["warnings"] = notes[k]
        rows[k] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("n_classes")
