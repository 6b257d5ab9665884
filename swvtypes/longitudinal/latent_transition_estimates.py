"""What comes out of a fitted latent transition model: estimates, intervals, starts, criteria."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from swvtypes.errors import InputError
from swvtypes.lca.families import Parameters, unpack
from swvtypes.lca.fitted_figures import FittedFigures
from swvtypes.lca.model import check_whole

from .chain.chart import chain_chart
from .chain.covariate_fit import CovariateFit
from .chain.covariate_information import coefficient_table, estimate_coefficients
from .chain.fit import ORIGINS, ChainFit
from .chain.information import logit_interval, observed_information
from .chain.panel import Panel, PanelColumns
from .chain.profile_errors import errors_of_profiles
from .chain.states import ChainModel
from .chain.tables import BOUNDARY, initial_series, profile_frame, transition_frame
from .intervals import IntervalMethod, check_level, mover_row, transition_table, with_labels


class TransitionEstimates(FittedFigures):
    """Estimates of :class:`~swvtypes.longitudinal.LatentTransitionModel` and their uncertainty."""

    random_state: int | np.random.RandomState | None
    prior: float
    transition_prior: float
    _fit: ChainFit
    _panel: Panel
    _columns: PanelColumns
    _covariates: CovariateFit | None

    def transition_intervals(
        self,
        method: IntervalMethod = "profile",
        level: float = 0.95,
        n_boot: int = 200,
    ) -> pd.DataFrame:
        """Tabulate the transition probabilities with standard errors and intervals.

        Parameters
        ----------
        method : {"profile", "wald", "bootstrap"}
            See :func:`~swvtypes.longitudinal.intervals.transition_table`.
        level : float
            Coverage asked.
        n_boot : int
            Simulated panels, for ``"bootstrap"``.

        Returns
        -------
        DataFrame
            from_wave, to_wave ("all" where the probabilities are the same at every step),
            from_class, to_class, estimate, se, low, high, boundary.

        Raises
        ------
        OptionError
        """
        self._without_covariates("transition_intervals")
        check_whole("n_boot", n_boot, 1)
        draws = (n_boot, seed_of(self.random_state))
        table = transition_table(self._result, method, level, draws)
        return with_labels(table, self._panel.waves, self._model.n_steps)

    def initial_intervals(self, level: float = 0.95) -> pd.DataFrame:
        """Class probabilities at the first wave, with standard errors and Wald intervals.

        Parameters
        ----------
        level : float
            Coverage asked.

        Returns
        -------
        DataFrame by class
            estimate, se, lower, upper (symmetric in the log odds), boundary, where the other
            columns are NaN.

        Raises
        ------
        OptionError
        """
        self._without_covariates("initial_intervals")
        check_level(level)
        p = self.initial_.to_numpy()
        se = observed_information(self._result).chain_errors[0]
        lower, upper = logit_interval(p, se, level)
        edge = (p < BOUNDARY) | (p > 1.0 - BOUNDARY)
        columns = {"estimate": p, "se": se, "lower": lower, "upper": upper, "boundary": edge}
        return pd.DataFrame(columns, index=self._labels)

    def mover_rates(
        self,
        method: IntervalMethod | None = None,
        level: float = 0.95,
        n_boot: int = 200,
    ) -> pd.DataFrame:
        """Share of units that change class at each step, as the model implies it.

        Parameters
        ----------
        method : {"profile", "wald", "bootstrap"}, optional
            Profile likelihood when left out, but Wald where that cannot be had: under a
            transition prior, and with homogeneous transitions over more than two waves.
        level : float
            Coverage asked.
        n_boot : int
            Simulated panels, for ``"bootstrap"``.

        Returns
        -------
        DataFrame
            from_wave, to_wave, estimate, se, low, high.

        Raises
        ------
        OptionError
        """
        self._without_covariates("mover_rates")
        check_whole("n_boot", n_boot, 1)
        steps = len(self._panel.waves) - 1
        if method is None:
            closed = self._model.transition_prior == 0 and steps == self._model.n_steps
            method = "profile" if closed else "wald"
        options = (level, (n_boot, seed_of(self.random_state)))
        waves = self._panel.waves
        rows = [
            {"from_wave": waves[t], "to_wave": waves[t + 1],
             **mover_row(self._result, t, None, method, options)}
            for t in range(steps)
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def coefficients(self, level: float = 0.95) -> pd.DataFrame:
        """Coefficients of the covariates, with standard errors and Wald intervals.

        Parameters
        ----------
        level : float
            Coverage asked.

        Returns
        -------
        DataFrame
            part ("initial" or "transition"), from_wave, to_wave, against_class (the class of
            reference: 1, or staying), to_class, covariate ("constant" first), estimate (log
            odds), se, low, high, p_value, boundary (separated: without finite maximum). Standard
            errors are those of the observed information, profiles included.

        Raises
        ------
        InputError
            For a model fitted without covariates.
        OptionError
        """
        check_is_fitted(self, "_fit")
        check_level(level)
        if self._covariates is None:
            raise InputError("coefficients", ["expected a model fitted with covariates, got none"])
        names = self._columns.covariates
        return coefficient_table(self._covariates, names, self._panel.waves, level)

    # What came out -----------------------------------------------------------------------------

    @property
    def estimation_(self) -> str:
        """Which estimate this is."""
        if self.prior > 0 or self.transition_prior > 0:
            return (
                f"posterior mode (prior {self.prior:g}, transition prior {self.transition_prior:g})"
            )
        return "maximum likelihood"

    @property
    def initial_(self) -> pd.Series[Any]:
        """Class probabilities at the first wave."""
        return initial_series(self._result)

    @property
    def transition_(self) -> pd.DataFrame:
        """Transition probabilities, rows from, columns to."""
        return transition_frame(self._result, self._panel.waves)

    @cached_property
    def profiles_(self) -> pd.DataFrame:
        """Profiles of the classes, one row an estimate."""
        result = self._result
        if self._covariates is None:
            information = observed_information(result)
            chart, covariance = information.chart, information.covariance
            if information.singular:
                covariance = np.full_like(covariance, np.nan)
        else:
            covariance = estimate_coefficients(self._covariates).covariance
            chart = chain_chart(result)
        return profile_frame(result, self._panel, errors_of_profiles(chart, covariance))

    @property
    def shares_(self) -> pd.DataFrame:
        """Class shares at each wave, as the model implies them."""
        share = np.exp(self._result.Z[self._model.width])
        moves = np.exp(self._model.transition(self._result.Z[:, None])[:, :, 0])
        rows = [share]
        for t in range(len(self._panel.waves) - 1):
            rows.append(rows[-1] @ moves[min(t, self._model.n_steps - 1)])
        index = pd.Index(self._panel.waves, name="wave")
        return pd.DataFrame(rows, index=index, columns=self._labels)

    @property
    def starts_(self) -> pd.DataFrame:
        """Every start."""
        runs = self._result.runs
        return pd.DataFrame(
            {
                "start": np.arange(len(runs.objective)),
                "log_likelihood": runs.log_likelihood,
                "n_iter": runs.n_iter,
                "converged": runs.converged,
                "solution": self._result.solution,
                "origin": np.array(ORIGINS, dtype=object)[self._result.origin],
            }
        )

    @property
    def criteria_(self) -> pd.Series[float]:
        """Information criteria; n counts units."""
        ll, p, n = self.log_likelihood_, self.n_parameters_, self._panel.data.n
        penalties = {
            "aic": 2.0, "bic": np.log(n), "caic": np.log(n) + 1.0,
            "sabic": np.log((n + 2.0) / 24.0), "aic3": 3.0,
        }  # fmt: skip
        values = {"log_likelihood": ll, "n_parameters": float(p), "n": n}
        values |= {name: -2.0 * ll + p * penalty for name, penalty in penalties.items()}
        return pd.Series(values, name="criteria")

    @property
    def parameters_(self) -> Parameters:
        """Profiles in plain form, as the engine holds them."""
        return unpack(self._model.layout, self._result.Z[: self._model.width])

    @property
    def _result(self) -> ChainFit:
        check_is_fitted(self, "_fit")
        return self._fit

    @property
    def _model(self) -> ChainModel:
        return self._result.model

    @property
    def _labels(self) -> pd.Index:
        return pd.RangeIndex(1, self._model.n_classes + 1, name="class")

    def _without_covariates(self, name: str) -> None:
        check_is_fitted(self, "_fit")
        if self._covariates is not None:
            raise InputError(
                name,
                ["expected a model without covariates: with them every unit has probabilities of "
                 "its own; see coefficients()"],
            )  # fmt: skip


def seed_of(random_state: int | np.random.RandomState | None) -> int:
    """Seed as a whole number; drawn where none is given."""
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31))
    return int(random_state)
