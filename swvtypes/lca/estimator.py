"""The scikit-learn face of the engine."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, DensityMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from swvtypes.errors import (
    BoundaryWarning,
    EmptyRowWarning,
    FoundOnceWarning,
    InputError,
    ManyParametersWarning,
    NotConvergedWarning,
    OptionError,
)

from .case_weights import row_weights
from .design import Design, Floats, build_design
from .diagnostics import (
    Classification,
    Identification,
    bivariate_residuals,
    identification,
)
from .em import Settings
from .families import Variances
from .fit import Fit, Starts, fit_classes, posterior
from .inference import Inference, attach, indicator_table, infer, squared_weights
from .model import (
    Indicator,
    VarianceOption,
    check_choice,
    check_real,
    check_whole,
    encode,
    read_indicators,
    read_pairs,
    warn_about,
)
from .results import boundary_counts, criteria_series, profiles_frame, starts_frame
from .simulate import simulate_values
from .threads import workers

Profiles = Literal["equal", "free"]


class LatentClassModel(DensityMixin, BaseEstimator):  # type: ignore[misc]
    """Latent class analysis by maximum likelihood or posterior mode.

    Parameters
    ----------
    n_classes : int
        Classes, K.
    indicators : mapping, optional
        Family of a column: ``"nominal"``, ``"ordinal"`` (adjacent-category logits, one effect a
        class and item), ``"binary"``, ``"count"`` (Poisson) or ``"continuous"`` (Gaussian). Columns
        left out are read from their dtype: integers, strings, booleans and categoricals are
        nominal (ordered categoricals ordinal), floats continuous, except whole numbers with at
        most ten distinct values, which are nominal. The choice stands in `indicator_types_`.
    n_init : int
        Starts. From the 201st on, half of them recombine the best solutions so far.
    max_iter : int
        Iterations after which a start ends without having converged.
    tol : float
        A start has converged when an EM step raises the average log-likelihood of a case by less;
        the best solution is then driven on to its last digits.
    prior : float
        Pseudo-cases, spread evenly over the classes, that answer as the average row does; they
        keep estimates off the boundary. 0 is maximum likelihood. Above 0 estimates are posterior
        modes, and `estimation_` says so.
    random_state : int, RandomState instance or None
        Seed of the starts and of :meth:`sample`.
    scores : mapping, optional
        Category scores of ordinal columns; equidistant when left out.
    variances : {"equal", "free"}
        Gaussian variances equal over classes or one a class. Free ones need a positive `prior` or
        a stated `variance_floor`, for their likelihood has no maximum.
    variance_floor : float, optional
        Smallest variance, as a fraction of the column's overall variance.
    group : hashable, optional
        Column with known groups, each with class shares of its own.
    profiles : "equal", "free" or sequence of columns
        Whether profiles differ between known groups: none, all, or those of the columns named.
    local_dependence : sequence, optional
        Pairs of nominal columns that stay associated within classes: ``(a, b)`` or
        ``(a, b, "direct")`` for one association shared by the classes, ``(a, b, "joint")`` for a
        joint distribution free in each class.
    n_jobs : int, optional
        Threads; all cores when left out. Results do not depend on it.

    Attributes
    ----------
    log_likelihood_ : float
        Of the best solution (a pseudo log-likelihood under survey weights).
    n_parameters_ : int
        Free parameters.
    class_shares_ : Series
        Shares of classes 1..K, largest first; with known groups over all of them.
    profiles_ : DataFrame
        Columns group, indicator, parameter (probability, mean, variance, rate, effect), category,
        class, estimate, se, lower, upper, boundary. Uncertainty is worked out when first asked
        for; see :func:`~swvtypes.lca.inference.infer` for what it rests on.
    indicators_ : DataFrame
        Indexed by indicator: wald, df, p_value, r2 and a note on what a Wald test had to leave
        out; see :func:`~swvtypes.lca.wald.indicator_wald` and
        :func:`~swvtypes.lca.wald.explained_variance`.
    inference_ : Inference
        Covariance of the estimates behind both; :func:`~swvtypes.lca.inference.infer` makes
        others.
    starts_ : DataFrame
        Every start: start, log_likelihood, n_iter, converged, solution, origin.
    criteria_ : Series
        log_likelihood, n_parameters, n, aic, aic3, bic, caic, sabic, icl_bic, entropy_r2,
        entropy_relative, classification_error, l2, x2, df. `entropy_r2` is one less the average
        entropy of the posterior probabilities over the entropy of the class shares (Vermunt and
        Magidson 2016); `entropy_relative` divides by log K instead (Ramaswamy et al. 1993).
    indicator_types_ : DataFrame
        How each column was read, and why.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Notes
    -----
    Missing answers (NaN, NA, None) are taken as missing at random; no row is dropped. A row
    without any answer gets the class shares as its posterior and carries no weight.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.lca import LatentClassModel
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=300)
    >>> X = (rng.random((300, 5)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> model = LatentClassModel(n_classes=2, n_init=10, random_state=1).fit(X)
    >>> model.n_parameters_
    11
    >>> bool((model.predict(X) > 0).all())
    True
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        n_classes: int = 3,
        indicators: Mapping[Hashable, str] | None = None,
        n_init: int = 100,
        max_iter: int = 5000,
        tol: float = 1e-9,
        prior: float = 0.0,
        random_state: int | np.random.RandomState | None = None,
        scores: Mapping[Hashable, Sequence[float]] | None = None,
        variances: VarianceOption = "equal",
        variance_floor: float | None = None,
        group: Hashable | None = None,
        profiles: Profiles | Sequence[Hashable] = "equal",
        local_dependence: Sequence[Sequence[Any]] | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_classes = n_classes
        self.indicators = indicators
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.prior = prior
        self.random_state = random_state
        self.scores = scores
        self.variances = variances
        self.variance_floor = variance_floor
        self.group = group
        self.profiles = profiles
        self.local_dependence = local_dependence
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Any,
        y: object = None,
        sample_weight: ArrayLike | None = None,
        survey_weight: ArrayLike | None = None,
    ) -> LatentClassModel:
        """Fit the model.

        Parameters
        ----------
        X : DataFrame or array-like, shape (n, J)
            Answers, NaN or NA where missing; with `group`, also the column of groups.
        y : ignored
        sample_weight : array-like, shape (n,), optional
            Frequencies: weight 2 is the row twice, weight 0 the row left out.
        survey_weight : array-like, shape (n,), optional
            Sampling weights, normalised to the number of cases. The likelihood is then a pseudo
            likelihood, and criteria that count cases are NaN.

        Returns
        -------
        LatentClassModel

        Raises
        ------
        OptionError, InputError, NotBinaryError, AllMissingError, WeightError
        """
        self._check_options()
        frame = self._read(X, reset=True)
        frequency, survey = row_weights(len(frame), sample_weight, survey_weight)
        weight = frequency * survey
        counted = weight > 0
        answers, groups = self._split_group(frame)
        taken = answers if counted.all() else answers[counted]
        self._vars_reset()
        self._indicators = read_indicators(taken, self.indicators, self.scores)
        self._group_labels = _group_labels(groups, counted)
        free = self._free_columns(answers)
        self._pairs = read_pairs(self.local_dependence, self._indicators)
        self._items = tuple(i.item(i.name in free) for i in self._indicators)
        values = encode(taken, self._indicators)
        warn_about(self._indicators, values)
        codes = self._group_codes(groups, len(frame))
        self._design = build_design(
            values, self._items, weight[counted], codes[counted], self._pairs
        )
        self._pseudo = survey_weight is not None
        self._row_weights = (frequency[counted], survey[counted]) if self._pseudo else None
        _warn_empty(values)
        floor = self.variance_floor
        variances = Variances(self.variances == "free", 1e-10 if floor is None else float(floor))
        settings = Settings(int(self.max_iter), float(self.tol))
        starts = Starts(int(self.n_init), _entropy(self.random_state))
        with workers(self.n_jobs) as mapper:
            self._fit = fit_classes(
                self._design, int(self.n_classes), starts, settings, float(self.prior),
                variances, mapper,
            )  # fmt: skip
        self.n_iter_ = int(self._fit.starts.n_iter[self._fit.best_start])
        self._warn_about_fit()
        return self

    def predict(self, X: Any) -> NDArray[np.intp]:
        """Most probable class of each row, labels 1..K; see :meth:`predict_proba`."""
        return np.asarray(self.predict_proba(X).argmax(axis=1) + 1)

    def predict_proba(self, X: Any) -> Floats:
        """Posterior class probabilities, shape (n, K).

        Raises
        ------
        UnseenCategoryError
            For a category that was not there at fit.
        """
        design = self._score_design(X)
        probabilities: Floats = posterior(design, self._fit.parameters)[0][design.inverse]
        return probabilities

    def score_samples(self, X: Any) -> Floats:
        """Log-density of each row, shape (n,); 0 for a row without any answer."""
        design = self._score_design(X)
        density: Floats = posterior(design, self._fit.parameters)[1][design.inverse]
        return density

    def score(self, X: Any, y: object = None) -> float:
        """Average log-density of the rows."""
        return float(self.score_samples(X).mean())

    def sample(self, n_samples: int = 1) -> tuple[pd.DataFrame, NDArray[np.intp]]:
        """Draw complete rows from the model.

        Parameters
        ----------
        n_samples : int
            Rows.

        Returns
        -------
        frame : DataFrame
            Answers in the columns of the data (and groups, in the proportions of the data).
        classes : ndarray of int, shape (n_samples,)
            Their classes, labels 1..K.
        """
        check_is_fitted(self)
        check_whole("n_samples", n_samples, 1)
        generator = np.random.default_rng(_entropy(self.random_state))
        labels = self._group_labels
        proportions = self._fit.problem.mean_row[0][: self._design.layout.n_groups]
        group = generator.choice(
            len(proportions), size=n_samples, p=proportions / proportions.sum()
        )
        values, classes = simulate_values(self._items, self._fit.parameters, group, generator)
        columns: dict[Hashable, Any] = {}
        for j, indicator in enumerate(self._indicators):
            columns[indicator.name] = _decode(indicator, values[:, j])
        frame = pd.DataFrame(columns)
        if self.group is not None:
            frame[self.group] = np.array(labels, dtype=object)[group]
            frame = frame.infer_objects()
        return frame, classes + 1

    # What came out -----------------------------------------------------------------------------

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

    @property
    def estimation_(self) -> str:
        """Which estimate this is."""
        prior = self._result.problem.prior
        likelihood = "pseudo maximum likelihood" if self._pseudo else "maximum likelihood"
        return f"posterior mode (prior {prior:g})" if prior > 0 else likelihood

    @property
    def class_shares_(self) -> pd.Series[Any]:
        """Shares of classes 1..K, largest first."""
        result = self._result
        proportions = result.problem.mean_row[0][: self._design.layout.n_groups]
        shares = proportions / proportions.sum() @ np.exp(result.parameters.log_shares)
        return pd.Series(shares, index=self._labels, name="share")

    @property
    def group_shares_(self) -> pd.DataFrame:
        """Class shares in each known group (rows)."""
        shares = np.exp(self._result.parameters.log_shares)
        return pd.DataFrame(
            shares, index=pd.Index(self._group_labels, name="group"), columns=self._labels
        )

    @cached_property
    def profiles_(self) -> pd.DataFrame:
        """Profiles of the classes, one row an estimate."""
        frame = profiles_frame(self._result, self._design, self._indicators, self._group_labels)
        frame = attach(frame, self.inference_, self._indicators, self._group_labels)
        frame.attrs["estimation"] = self.estimation_
        return frame

    @cached_property
    def inference_(self) -> Inference:
        """Covariance of the estimates: observed information; sandwich under survey weights."""
        return infer(self)

    @cached_property
    def indicators_(self) -> pd.DataFrame:
        """Wald test and explained variance of each indicator."""
        return indicator_table(self.inference_, self._indicators)

    @property
    def row_weights_(self) -> tuple[Floats, Floats] | None:
        """Frequencies and normalised survey weights of the rows that count; None without."""
        check_is_fitted(self)
        return self._row_weights

    @property
    def squared_weight_(self) -> Floats | None:
        """Squared survey weights by pattern, for the sandwich; None without survey weights."""
        check_is_fitted(self)
        return squared_weights(self._design, *self._row_weights) if self._row_weights else None

    @cached_property
    def starts_(self) -> pd.DataFrame:
        """What every start came to."""
        frame = starts_frame(self._result)
        frame.attrs["estimation"] = self.estimation_
        return frame

    @cached_property
    def criteria_(self) -> pd.Series[Any]:
        """Criteria of the fit; see the class for their names and definitions."""
        result = self._result
        series = criteria_series(result, self._design, self._classification, self._pseudo)
        series.attrs["estimation"] = self.estimation_
        return series

    @property
    def indicator_types_(self) -> pd.DataFrame:
        """How each column was read, and why."""
        check_is_fitted(self)
        return pd.DataFrame(
            {
                "family": [i.family for i in self._indicators],
                "n_categories": [len(i.categories) for i in self._indicators],
                "reason": [i.reason for i in self._indicators],
            },
            index=pd.Index([i.name for i in self._indicators], name="indicator"),
        )

    @property
    def classification_(self) -> pd.DataFrame:
        """Share, modal share, average posterior and odds of correct classification per class."""
        frame = self._classification.by_class()
        frame.attrs["estimation"] = self.estimation_
        return frame

    @property
    def classification_table_(self) -> pd.DataFrame:
        """Expected numbers by modal class (rows) and latent class (columns)."""
        return self._classification.table()

    @cached_property
    def bivariate_residuals_(self) -> pd.DataFrame:
        """Association left between pairs of indicators: first, second, statistic, df, residual."""
        return bivariate_residuals(
            self._design, self._result.parameters, self._classification.probabilities
        )

    @cached_property
    def identification_(self) -> Identification:
        """Local identification: rank of the Jacobian against the number of parameters."""
        return identification(self._design, self._result.parameters, self.variances == "free")

    @property
    def fit_(self) -> Fit:
        """The engine's own result: arrays, for what builds on it."""
        return self._result

    @property
    def design_(self) -> Design:
        """The data as the engine saw them."""
        check_is_fitted(self)
        return self._design

    # Inner workings ----------------------------------------------------------------------------

    @property
    def _result(self) -> Fit:
        check_is_fitted(self)
        return self._fit

    @property
    def _labels(self) -> pd.Index[int]:
        return pd.RangeIndex(1, int(self.n_classes) + 1, name="class")

    @cached_property
    def _classification(self) -> Classification:
        probabilities = posterior(self._design, self._result.parameters)[0]
        return Classification(probabilities, self._design.weight)

    def _vars_reset(self) -> None:
        for name in ("profiles_", "starts_", "criteria_", "bivariate_residuals_", "inference_",
                     "indicators_", "identification_", "_classification"):  # fmt: skip
            self.__dict__.pop(name, None)

    def _check_options(self) -> None:
        check_whole("n_classes", self.n_classes, 1)
        check_whole("n_init", self.n_init, 1)
        check_whole("max_iter", self.max_iter, 1)
        check_real("tol", self.tol, 0.0)
        check_real("prior", self.prior, 0.0)
        check_choice("variances", self.variances, VarianceOption)
        if isinstance(self.profiles, str):
            check_choice("profiles", self.profiles, Profiles)
        if self.variance_floor is not None:
            check_real("variance_floor", self.variance_floor, 0.0, open_=True)
        if self.variances == "free" and not self.prior > 0 and self.variance_floor is None:
            raise OptionError(
                "variances", "a positive prior or a stated variance_floor with 'free'", "neither"
            )
        if self.n_jobs is not None and self.n_jobs != -1:
            check_whole("n_jobs", self.n_jobs, 1)

    def _read(self, X: Any, reset: bool) -> pd.DataFrame:
        if isinstance(X, pd.DataFrame):
            if isinstance(X.columns, pd.MultiIndex):
                raise InputError(
                    "columns", [f"expected names of one level, got {X.columns.nlevels} levels"]
                )
            validate_data(self, X, skip_check_array=True, reset=reset)
            if not len(X) or not X.shape[1]:
                check_array(np.empty(X.shape))
            numbered = isinstance(X.index, pd.RangeIndex) and X.index.equals(pd.RangeIndex(len(X)))
            return X if numbered else X.reset_index(drop=True)
        array = validate_data(
            self, X, dtype=None, ensure_all_finite="allow-nan", ensure_min_samples=1, reset=reset
        )
        return pd.DataFrame(array)

    def _split_group(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[Any] | None]:
        if self.group is None:
            return frame, None
        if self.group not in frame.columns:
            raise InputError("group", [f"no column {self.group!r}"])
        groups = frame[self.group]
        if groups.isna().any():
            raise InputError(
                "group", [f"column {self.group!r}: {groups.isna().sum()} missing values"]
            )
        return frame.drop(columns=[self.group]), groups

    def _free_columns(self, answers: pd.DataFrame) -> set[Hashable]:
        free: set[Hashable] = set()
        if self.profiles == "free":
            free |= set(answers.columns)
        elif self.profiles != "equal":
            free |= set(self.profiles)
            unknown = [f"no column {name!r}" for name in free if name not in answers.columns]
            if unknown:
                raise InputError("profiles", sorted(unknown))
        if free and self.group is None:
            raise OptionError("profiles", "'equal' without known groups", self.profiles)
        return free

    def _group_codes(self, groups: pd.Series[Any] | None, n_rows: int) -> NDArray[np.intp]:
        if groups is None:
            return np.zeros(n_rows, dtype=np.intp)
        lookup = {label: i for i, label in enumerate(self._group_labels)}
        codes = np.array([lookup.get(g, -1) for g in groups], dtype=np.intp)
        return codes

    def _score_design(self, X: Any) -> Design:
        check_is_fitted(self)
        frame = self._read(X, reset=False)
        answers, groups = self._split_group(frame)
        codes = self._group_codes(groups, len(frame))
        if (codes < 0).any():
            unknown = sorted({repr(g) for g, c in zip(groups, codes, strict=True) if c < 0})  # type: ignore[arg-type]
            raise InputError("group", [f"unknown group {', '.join(unknown)}"])
        values = encode(answers, self._indicators)
        design = build_design(values, self._items, None, codes, self._pairs)
        _warn_empty(values)
        return design

    def _warn_about_fit(self) -> None:
        result = self._fit
        if result.n_parameters > self._design.n:
            _warn(
                ManyParametersWarning,
                f"{result.n_parameters} parameters for {self._design.n:g} cases",
            )
        if not result.converged:
            _warn(
                NotConvergedWarning,
                f"the best start had not converged after {self.max_iter} iterations",
            )
        if result.times_found == 1 and self.n_init > 1:
            _warn(
                FoundOnceWarning,
                f"the best log-likelihood was reached from one of {self.n_init} starts only; "
                "use more starts or fewer classes",
            )
        boundary, estimates = boundary_counts(result)
        if boundary:
            _warn(
                BoundaryWarning,
                f"{boundary} of {estimates} estimates lie on the boundary of their range; "
                "a prior keeps them off it",
            )

    def _html_repr(self) -> str:
        from .display import model_html

        if not self.__sklearn_is_fitted__():
            return str(super()._html_repr())
        return model_html(self)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_fit")


def _warn(kind: type[Warning], text: str) -> None:
    warnings.warn(text, kind, stacklevel=4)


def _warn_empty(values: Floats) -> None:
    empty = int(np.isnan(values).all(axis=1).sum())
    if empty:
        warnings.warn(
            f"{empty} rows without any answer: they get the class shares and carry no weight",
            EmptyRowWarning,
            stacklevel=3,
        )


def _entropy(random_state: int | np.random.RandomState | None) -> int:
    if random_state is None:
        return int(np.random.SeedSequence().entropy)  # type: ignore[arg-type]
    if isinstance(random_state, (int, np.integer)) and random_state >= 0:
        return int(random_state)
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31 - 1))
    raise OptionError("random_state", "a non-negative integer, a RandomState or None", random_state)


def _group_labels(
    groups: pd.Series[Any] | None, counted: NDArray[np.bool_]
) -> tuple[Hashable, ...]:
    if groups is None:
        return ("all",)
    return tuple(sorted(pd.unique(groups[counted])))


def _decode(indicator: Indicator, values: Floats) -> Any:
    if indicator.categorical:
        labels = np.array(indicator.categories, dtype=object)[values.astype(int)]
        if indicator.family == "ordinal" and indicator.reason == "ordered categorical":
            return pd.Categorical(labels, categories=list(indicator.categories), ordered=True)
        return pd.Series(labels).infer_objects()
    if indicator.constant:
        return np.full(len(values), indicator.value)
    return values.astype(int) if indicator.family == "count" else values
