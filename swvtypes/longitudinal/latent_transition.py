"""The latent transition model: classes at every wave, and moves between them."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from swvtypes.errors import (
    BoundaryWarning,
    FoundOnceWarning,
    InputError,
    ManyParametersWarning,
    NotConvergedWarning,
)
from swvtypes.lca.fit import Starts
from swvtypes.lca.model import check_choice, check_real, check_whole
from swvtypes.lca.threads import workers

from .chain.covariate_fit import fit_covariates, smooth_given
from .chain.em import Stop
from .chain.fit import fit_chain
from .chain.forward import Smoothed, smooth
from .chain.panel import Panel, PanelColumns, read_panel
from .chain.states import ChainModel
from .chain.tables import BOUNDARY
from .latent_transition_estimates import TransitionEstimates, seed_of

Transitions = Literal["free", "homogeneous"]
Profiles = Literal["equal", "free"]


class LatentTransitionModel(TransitionEstimates, BaseEstimator):  # type: ignore[misc]
    """Latent transition analysis (a latent Markov model) by maximum likelihood or posterior mode.

    Every unit belongs to a class at every wave; answers depend on the class of the wave only, and
    the class on that of the wave before (Wiggins 1973; Collins and Lanza 2010).

    Parameters
    ----------
    n_classes : int
        Classes, K.
    transitions : {"free", "homogeneous"}
        Transition probabilities of their own at every step, or the same at every step.
    profiles : "equal", "free" or sequence of columns
        Whether profiles differ between waves: none, all, or those of the columns named. Free
        profiles let a class mean something else at another wave.
    n_init : int
        Starts: the first from a latent class model of all rows, the others random. Half as many
        follow from the best solutions with one class exchanged.
    max_iter : int
        Iterations after which a start ends without having converged.
    tol : float
        A start has converged when an EM step raises the log-likelihood per unit by less; the best
        solution is then driven on to its last digits.
    prior : float
        Pseudo-units, spread evenly over the classes, that answer as the average row does and
        start in any class alike. 0 is maximum likelihood.
    transition_prior : float
        Pseudo-transitions from each class at each step, spread evenly over the classes; they keep
        transition probabilities off the boundary.
    kinds : mapping, optional
        Family of an indicator, as in :class:`~swvtypes.lca.LatentClassModel`.
    random_state : int, RandomState instance or None
        Seed of the starts.
    n_jobs : int, optional
        Threads; all cores when left out. Results do not depend on it.

    Attributes
    ----------
    log_likelihood_ : float
        Of the best solution.
    n_parameters_ : int
        Free parameters.
    initial_ : Series
        Class probabilities at the first wave, classes 1..K by them, largest first.
    transition_ : DataFrame
        Rows: from class (with free transitions also from_wave and to_wave); columns: to class.
    profiles_ : DataFrame
        Columns group (the wave, or "all"), indicator, parameter, category, class, estimate, se,
        lower, upper (95%, by the observed information; NaN on the boundary), boundary.
    shares_ : DataFrame
        Class shares (columns) at each wave (rows), as the model implies them.
    starts_ : DataFrame
        start, log_likelihood, n_iter, converged, solution, origin.
    criteria_ : Series
        log_likelihood, n_parameters, n, aic, bic, caic, sabic, aic3.

    Notes
    -----
    Missing answers and missing waves (no row, or a row without answers) are missing at random; no
    unit is dropped. Survey weights are not taken; `sample_weight` are frequencies of units.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from swvtypes.longitudinal import LatentTransitionModel
    >>> rng = np.random.default_rng(1)
    >>> first = rng.integers(2, size=200)
    >>> second = np.where(rng.random(200) < 0.1, 1 - first, first)
    >>> classes = np.concatenate([first, second])
    >>> answers = (rng.random((400, 4)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> panel = pd.DataFrame(answers, columns=list("abcd"))
    >>> panel = panel.assign(id=list(range(200)) * 2, year=[2014] * 200 + [2016] * 200)
    >>> model = LatentTransitionModel(n_classes=2, random_state=1)
    >>> model = model.fit(panel, unit="id", wave="year", indicators=list("abcd"))
    >>> model.n_parameters_
    11
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        n_classes: int = 3,
        transitions: Transitions = "free",
        profiles: Profiles | Sequence[Hashable] = "equal",
        n_init: int = 20,
        max_iter: int = 5000,
        tol: float = 1e-9,
        prior: float = 0.0,
        transition_prior: float = 0.0,
        kinds: Mapping[Hashable, str] | None = None,
        random_state: int | np.random.RandomState | None = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_classes = n_classes
        self.transitions = transitions
        self.profiles = profiles
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.prior = prior
        self.transition_prior = transition_prior
        self.kinds = kinds
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(
        self,
        long_frame: pd.DataFrame,
        unit: Hashable,
        wave: Hashable,
        indicators: Sequence[Hashable],
        sample_weight: Any = None,
        covariates: Sequence[Hashable] = (),
    ) -> LatentTransitionModel:
        """Fit the model.

        Parameters
        ----------
        long_frame : DataFrame
            One row a unit and wave.
        unit, wave : hashable
            Columns that say whose answers a row holds, and of which wave; waves are sorted, or in
            the order of an ordered categorical.
        indicators : sequence
            Columns of answers, NaN or NA where missing.
        sample_weight : column name, Series by unit (or with the frame's index), array, optional
            Frequencies of the units: weight 2 is the unit twice, weight 0 leaves it out.
        covariates : sequence, optional
            Columns of numbers that do not change within a unit and are nowhere missing. Initial
            and transition probabilities become multinomial logits of them: against class 1, and
            for each class of origin against staying. The model is then fitted from its best
            solutions without covariates. `initial_` and `transition_` are averages over the
            units. Where a covariate separates moves from stays its coefficient has no maximum
            and is flagged; `transition_prior` (spread over the units) keeps it finite.

        Returns
        -------
        LatentTransitionModel

        Raises
        ------
        OptionError, WeightError
        InputError
            Lists every fault; also when no unit has answers on both sides of a step, or units are
            numbers in some rows and text in others.
        """
        self._check_options()
        names = tuple(indicators)
        columns = PanelColumns(unit, wave, names, tuple(covariates), self._free(names))
        panel = read_panel(long_frame, columns, self.kinds, sample_weight)
        if len(panel.waves) < 2:
            raise InputError("panel", [f"expected at least two waves, got {len(panel.waves)}"])
        self._reset()
        self._columns, self._panel = columns, panel
        steps = 1 if self.transitions == "homogeneous" else len(panel.waves) - 1
        model = ChainModel(
            panel.data.design.layout, int(self.n_classes), steps, float(self.prior),
            float(self.transition_prior),
        )  # fmt: skip
        with workers(self.n_jobs) as mapper:
            self._fit = fit_chain(
                model, panel.data, Starts(int(self.n_init), seed_of(self.random_state)),
                Stop(int(self.max_iter), float(self.tol)), mapper,
            )  # fmt: skip
        self._covariates = None
        if covariates:
            self._covariates = fit_covariates(self._fit, Stop(int(self.max_iter), float(self.tol)))
            self._fit = self._covariates.chain
        self._warn()
        return self

    def predict_proba(self, long_frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """Posterior class probabilities of every unit at every wave.

        Parameters
        ----------
        long_frame : DataFrame, optional
            Rows to score with the columns of the fit; those of the fit when left out.

        Returns
        -------
        DataFrame
            Rows: unit and wave, missing waves too; columns: classes 1..K.
        """
        panel, smoothed = self._smooth(long_frame)
        classes = smoothed.classes[:, panel.data.inverse].transpose(1, 0, 2)
        index = pd.MultiIndex.from_product([panel.units, panel.waves], names=["unit", "wave"])
        return pd.DataFrame(
            classes.reshape(-1, self._model.n_classes), index=index, columns=self._labels
        )

    def predict(self, long_frame: pd.DataFrame | None = None) -> pd.Series[Any]:
        """Most probable class of every unit at every wave, labels 1..K."""
        return self.predict_proba(long_frame).idxmax(axis=1).rename("class")

    def score_samples(self, long_frame: pd.DataFrame | None = None) -> pd.Series[float]:
        """Log-density of every unit."""
        panel, smoothed = self._smooth(long_frame)
        values = smoothed.log_density[panel.data.inverse]
        return pd.Series(values, index=pd.Index(panel.units, name="unit"), name="log_density")

    def move_probabilities(self) -> pd.DataFrame:
        """Posterior probability that a unit changed class, by unit (rows) and step (columns)."""
        panel, smoothed = self._smooth(None)
        stay = np.einsum("tskk->ts", smoothed.moves)[:, panel.data.inverse]
        steps = pd.MultiIndex.from_arrays([panel.waves[:-1], panel.waves[1:]], names=["from", "to"])
        return pd.DataFrame(1.0 - stay.T, index=pd.Index(panel.units, name="unit"), columns=steps)

    def _smooth(self, long_frame: pd.DataFrame | None) -> tuple[Panel, Smoothed]:
        result, panel = self._result, self._panel
        if long_frame is None:
            if self._covariates is not None:
                return panel, smooth_given(self._covariates, self._covariates.data)
            return panel, smooth(result.model, panel.data, result.Z)
        from swvtypes.lca.families import pack

        scored = read_panel(long_frame, self._columns, known=panel)
        layout = scored.data.design.layout
        model = replace(result.model, layout=layout)
        A = pack(layout, self.parameters_)
        A[: layout.n_groups] -= self.parameters_.log_shares[: layout.n_groups]
        if self._covariates is not None:
            known = self._covariates
            state = replace(known.state, profiles=A)
            moved = replace(known, chain=replace(known.chain, model=model), state=state)
            return scored, smooth_given(moved, known.standardise(scored.data))
        Z = np.concatenate([A, result.Z[result.model.width :]])
        return scored, smooth(model, scored.data, Z)

    def _free(self, indicators: tuple[Hashable, ...]) -> tuple[Hashable, ...]:
        if isinstance(self.profiles, str):
            return indicators if self.profiles == "free" else ()
        return tuple(self.profiles)

    def _check_options(self) -> None:
        check_whole("n_classes", self.n_classes, 1)
        check_whole("n_init", self.n_init, 1)
        check_whole("max_iter", self.max_iter, 1)
        check_real("tol", self.tol, 0.0, open_=True)
        check_real("prior", self.prior, 0.0)
        check_real("transition_prior", self.transition_prior, 0.0)
        check_choice("transitions", self.transitions, Transitions)
        if isinstance(self.profiles, str):
            check_choice("profiles", self.profiles, Profiles)

    def _reset(self) -> None:
        self.__dict__.pop("profiles_", None)

    def _warn(self) -> None:
        fit = self._fit
        if not fit.converged:
            warnings.warn(
                f"the best start had not converged after {self.max_iter} iterations",
                NotConvergedWarning,
                stacklevel=3,
            )
        if fit.times_found == 1 and len(fit.runs.objective) > 1:
            warnings.warn(
                f"one of {len(fit.runs.objective)} starts found the best solution; "
                "there may be a better one: raise n_init",
                FoundOnceWarning,
                stacklevel=3,
            )
        if fit.n_parameters > fit.data.n:
            warnings.warn(
                f"{fit.n_parameters} parameters and {fit.data.n:g} units",
                ManyParametersWarning,
                stacklevel=3,
            )
        chain = np.exp(fit.Z[fit.model.width :])
        count = int((chain < BOUNDARY).sum())
        if count:
            warnings.warn(
                f"{count} of {chain.size} initial and transition probabilities are on the "
                "boundary; `transition_prior` keeps them off it",
                BoundaryWarning,
                stacklevel=3,
            )
