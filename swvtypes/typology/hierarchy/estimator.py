"""Superclusters, theme classes and indicators in one likelihood."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from swvtypes.errors import (
    InputError,
    OptionError,
)
from swvtypes.lca.design import Floats
from swvtypes.lca.em import Settings
from swvtypes.lca.estimator_input import decode
from swvtypes.lca.families import Variances
from swvtypes.lca.model import VarianceOption, check_whole
from swvtypes.lca.threads import workers

from .coupling import Coupled
from .fit_warnings import warn_about_fit, warn_empty
from .fitted import FittedHierarchy
from .identification import draw_values
from .option_checks import check_options
from .outcome import Wish, fit_outcome
from .parameters import Scored, score
from .reading import (
    Reading,
    Themes,
    check_spread,
    read_all,
    read_covariates,
    read_frame,
    read_weights,
)
from .seeds import entropy_of
from .structure import Conditional, Shares, Structure


class ClassesOfClasses(FittedHierarchy, BaseEstimator):  # type: ignore[misc]
    r"""Classes of classes: superclusters over the classes of several themes, in one likelihood.

    Each row belongs to one of P superclusters; in each theme it belongs to a class, with a
    probability that depends on the supercluster; its answers in a theme depend on the class of
    that theme only:

    .. math:: \log L = \sum_i w_i \log \sum_s \pi_s \prod_t \sum_c \rho_t(c|s)
              \prod_j f(y_{itj}|c)

    With one supercluster the themes are independent. The model is that of Vermunt (2003) with
    rows for groups, and of the R package slca; the upward and downward recursions are exact.

    Parameters
    ----------
    n_superclusters : int
        P.
    n_theme_classes : int or mapping of str to int
        Classes of each theme; one number holds for all. A theme with one class takes no part in
        the coupling.
    indicators : mapping, optional
        Family of a column, as for :class:`~swvtypes.lca.LatentClassModel`; the others are read
        from their dtype.
    n_init : int
        Starts. The first is the two-step solution, every second one sets out from the themes' own
        classes coupled at random, the others are random throughout.
    max_iter : int
        EM steps after which a start ends without having converged.
    tol : float
        A start has converged when an EM step raises the average log-likelihood of a case by less;
        the best solution is then driven on to its last digits.
    prior : float
        Pseudo-cases, spread evenly over superclusters and theme classes, that answer as the
        average row does. 0 is maximum likelihood.
    share_prior : float, optional
        Pseudo-cases of the superclusters' shares, spread evenly; as many as `prior` when left out.
        With many pseudo-cases elsewhere fewer here leave unequal shares unequal.
    random_state : int, RandomState instance or None
        Seed.
    conditional : {"free", "equal"}
        Whether all themes share one matrix of conditional probabilities; they then have equally
        many classes.
    shares : {"free", "uniform"}
        Whether superclusters are held at equal size.
    scores : mapping, optional
        Category scores of ordinal columns; equidistant when left out.
    variances : {"equal", "free"}
        Gaussian variances equal over classes or one a class.
    variance_floor : float, optional
        Smallest variance, as a fraction of the column's overall variance.
    n_jobs : int, optional
        Accepted for the likeness of the other estimators; all starts run in one batch, and the
        answer does not depend on it.

    Attributes
    ----------
    log_likelihood_ : float
        Of the best solution (a pseudo log-likelihood under survey weights).
    n_parameters_ : int
    criteria_ : Series
        log_likelihood, n_parameters, n, aic, aic3, bic, caic, sabic, icl_bic, entropy_r2,
        classification_error; those that count cases are NaN under survey weights.
    shares_ : DataFrame
        Superclusters 1..P, largest first: estimate, se, lower, upper, boundary.
    conditional_ : DataFrame
        theme, supercluster, class, estimate, se, lower, upper, boundary; classes of a theme are
        numbered by their share of all rows, largest first.
    profiles_ : DataFrame
        The columns of ``LatentClassModel.profiles_`` with the theme in front.
    coefficients_ : DataFrame
        With covariates: multinomial logit against supercluster 1.
    starts_ : DataFrame
        Every start: start, log_likelihood, n_iter, converged, solution, origin.
    identification_ : HierarchyIdentification
        Ranks of the Jacobian.
    converged_ : bool
        Whether the best start converged.

    Notes
    -----
    Missing answers are taken as missing at random; no row is dropped, and a theme without answers
    says nothing about its row. A row without any answer carries no weight. Standard errors come
    from the observed information (the sandwich under survey weights); an estimate on the boundary
    has none. At the sizes of a wave they are rough: see the bootstrap of the typology.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from swvtypes.typology import ClassesOfClasses
    >>> rng = np.random.default_rng(1)
    >>> top = rng.integers(2, size=400)
    >>> low = np.where(rng.random((400, 3)) < 0.9, top[:, None], 1 - top[:, None])
    >>> answers = rng.random((400, 3, 4)) < np.where(low, 0.85, 0.2)[:, :, None]
    >>> names = [f"t{t}_{i}" for t in range(3) for i in range(4)]
    >>> X = pd.DataFrame(answers.reshape(400, 12).astype(int), columns=names)
    >>> themes = {f"t{t}": names[4 * t : 4 * t + 4] for t in range(3)}
    >>> model = ClassesOfClasses(2, 2, n_init=10, random_state=1).fit(X, themes=themes)
    >>> model.n_parameters_
    31
    >>> bool(model.converged_)
    True
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        n_superclusters: int = 2,
        n_theme_classes: int | Mapping[str, int] = 2,
        indicators: Mapping[Hashable, str] | None = None,
        n_init: int = 50,
        max_iter: int = 5000,
        tol: float = 1e-9,
        prior: float = 0.0,
        random_state: int | np.random.RandomState | None = None,
        conditional: Conditional = "free",
        shares: Shares = "free",
        scores: Mapping[Hashable, Sequence[float]] | None = None,
        variances: VarianceOption = "equal",
        variance_floor: float | None = None,
        n_jobs: int | None = None,
        share_prior: float | None = None,
    ) -> None:
        self.n_superclusters = n_superclusters
        self.n_theme_classes = n_theme_classes
        self.indicators = indicators
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.prior = prior
        self.random_state = random_state
        self.conditional = conditional
        self.shares = shares
        self.scores = scores
        self.variances = variances
        self.variance_floor = variance_floor
        self.n_jobs = n_jobs
        self.share_prior = share_prior

    def fit(
        self,
        X: Any,
        y: object = None,
        *,
        themes: Themes,
        sample_weight: ArrayLike | None = None,
        survey_weight: ArrayLike | None = None,
        covariates: Any = None,
    ) -> ClassesOfClasses:
        """Fit the model.

        Parameters
        ----------
        X : DataFrame or array-like, shape (n, J)
            Answers, NaN or NA where missing; an array's columns are numbered from 0.
        y : ignored
        themes : mapping of str to sequence of columns
            Which columns make up each theme; other columns of `X` are not used.
        sample_weight : array-like, shape (n,), optional
            Frequencies: weight 2 is the row twice, weight 0 the row left out.
        survey_weight : array-like, shape (n,), optional
            Sampling weights, normalised to the number of cases that have one above 0.
        covariates : list of column names, DataFrame or array-like, optional
            Predictors of the superclusters in a multinomial logit, estimated in the same step;
            complete numbers, in the rows of `X`, each with more than one value.

        Returns
        -------
        ClassesOfClasses

        Raises
        ------
        OptionError, InputError, WeightError, NotBinaryError, AllMissingError
        """
        check_options(self)
        frame = read_frame(X)
        weight = read_weights(len(frame), sample_weight=sample_weight, survey_weight=survey_weight)
        counted = np.ones(len(frame), dtype=bool) if weight is None else weight > 0
        taken = frame if counted.all() else frame[counted].reset_index(drop=True)
        reading = read_all(taken, themes, self.n_theme_classes, self.indicators, self.scores)
        if self.conditional == "equal" and len(set(reading.n_classes)) > 1:
            raise OptionError(
                "conditional", "'free' where themes differ in their number of classes", "equal"
            )
        self._forget()
        self._reading = reading
        self._pseudo = survey_weight is not None
        used = None if weight is None else weight[counted]
        if used is not None and self._pseudo:
            used = used * len(used) / used.sum()
        predictors = read_covariates(covariates, frame, X)
        Z = None
        self._covariates: tuple[str, ...] = ()
        if predictors is not None:
            if self.shares == "uniform":
                raise OptionError("shares", "'free' with covariates", "uniform")
            check_spread(predictors[0], predictors[1][counted])
            self._covariates = predictors[0]
            Z = np.column_stack([np.ones(len(taken)), predictors[1][counted]])
        values = reading.values(taken)
        warn_empty(values)
        self._coupled = reading.couple(taken, used, Z)
        if not self._coupled.n > 0:
            raise InputError("X", ["no row has an answer"])
        self._squared: Floats | None = None
        if self._pseudo and used is not None:
            inverse, rows = self._coupled.inverse, self._coupled.weight
            squares = np.bincount(inverse, used**2, minlength=len(rows))
            self._squared = np.where(rows > 0, squares, 0.0)
        self.n_features_in_ = frame.shape[1]
        with workers(1):
            self._outcome = fit_outcome(self._coupled, self._wish(reading), self._seed())
        warn_about_fit(self._outcome, self._coupled, int(self.n_init), int(self.max_iter))
        return self

    def predict(self, X: Any, covariates: Any = None) -> NDArray[np.intp]:
        """Most probable supercluster of each row, labels 1..P."""
        return np.asarray(self.predict_proba(X, covariates).argmax(axis=1) + 1, dtype=np.intp)

    def predict_proba(self, X: Any, covariates: Any = None) -> Floats:
        """Posterior probabilities of the superclusters, shape (n, P).

        A row without any answer gets the shares. A model fitted with covariates needs them here.

        Raises
        ------
        InputError, UnseenCategoryError
        """
        coupled, scored = self._score(X, covariates)
        return np.asarray(scored.superclusters[coupled.inverse])

    def theme_proba(self, X: Any, theme: str, covariates: Any = None) -> Floats:
        """Posterior probabilities of the classes of one theme, shape (n, C).

        They use the answers of all themes; see :meth:`predict_proba`.
        """
        check_is_fitted(self, "_outcome")
        if theme not in self._reading.names:
            raise OptionError("theme", f"one of {list(self._reading.names)}", theme)
        coupled, scored = self._score(X, covariates)
        joint = scored.joint[self._reading.names.index(theme)]
        return np.asarray(joint.sum(axis=1)[coupled.inverse])

    def score_samples(self, X: Any, covariates: Any = None) -> Floats:
        """Log-density of each row, shape (n,)."""
        coupled, scored = self._score(X, covariates)
        return np.asarray(scored.log_density[coupled.inverse])

    def score(self, X: Any, y: object = None, covariates: Any = None) -> float:
        """Average log-density of the rows."""
        return float(self.score_samples(X, covariates).mean())

    def sample(self, n_samples: int = 1) -> pd.DataFrame:
        """Draw complete rows from the model (without covariates), in the columns of the themes."""
        check_is_fitted(self, "_outcome")
        check_whole("n_samples", n_samples, 1)
        generator = np.random.default_rng(self._seed())
        values = draw_values(self._coupled, self._outcome.model, n_samples, generator)
        columns = {}
        for indicators, theme in zip(self._reading.indicators, values, strict=True):
            for j, indicator in enumerate(indicators):
                columns[indicator.name] = decode(indicator, theme[:, j])
        return pd.DataFrame(columns)

    # Inner workings ----------------------------------------------------------------------------

    def _seed(self) -> int:
        return entropy_of(self.random_state)

    def _wish(self, reading: Reading) -> Wish:
        floor = self.variance_floor
        return Wish(
            Structure(int(self.n_superclusters), reading.n_classes, self.conditional, self.shares),
            int(self.n_init),
            Settings(int(self.max_iter), float(self.tol)),
            float(self.prior),
            Variances(self.variances == "free", 1e-10 if floor is None else float(floor)),
            None if self.share_prior is None else float(self.share_prior),
        )

    def _score(self, X: Any, covariates: Any) -> tuple[Coupled, Scored]:
        check_is_fitted(self, "_outcome")
        frame = read_frame(X)
        predictors = read_covariates(covariates, frame, X)
        names = () if predictors is None else predictors[0]
        if len(names) != len(self._covariates):
            raise InputError(
                "covariates", [f"expected {list(self._covariates)}, got {list(names)}"]
            )
        Z = None
        if predictors is not None:
            Z = np.column_stack([np.ones(len(frame)), predictors[1]])
        coupled = self._reading.couple(frame, None, Z)
        return coupled, score(coupled, self._outcome.model)
