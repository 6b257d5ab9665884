"""What came out of fitting classes of classes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd
from sklearn.utils.validation import check_is_fitted

from swvtypes.errors import AbsentResultError
from swvtypes.lca.design import Floats

from .coordinates import Coordinates, lay_out
from .coupling import Coupled
from .identification import HierarchyIdentification, identify
from .outcome import Outcome
from .parameters import Scored, score
from .reading import Reading
from .structure import Conditional, Shares
from .tables import (
    coefficient_frame,
    conditional_frame,
    criteria_series,
    profiles_frame,
    shares_frame,
    starts_frame,
)
from .uncertainty import Method, Uncertainty, in_own_units


class FittedHierarchy:
    """Results of a fitted model, made when first asked for."""

    prior: float
    share_prior: float | None
    conditional: Conditional
    shares: Shares
    _outcome: Outcome
    _coupled: Coupled
    _reading: Reading
    _pseudo: bool
    _squared: Floats | None
    _covariates: tuple[str, ...]

    @property
    def outcome_(self) -> Outcome:
        """The engine's own result: arrays, for what builds on it."""
        check_is_fitted(self, "_outcome")
        return self._outcome

    @property
    def coupled_(self) -> Coupled:
        """The data as the engine saw them."""
        check_is_fitted(self, "_outcome")
        return self._coupled

    @property
    def reading_(self) -> Reading:
        """How the columns of the themes were read."""
        check_is_fitted(self, "_outcome")
        return self._reading

    @property
    def log_likelihood_(self) -> float:
        """Log-likelihood of the best solution."""
        return self.outcome_.log_likelihood

    @property
    def n_parameters_(self) -> int:
        """Free parameters."""
        return self.outcome_.n_parameters

    @property
    def converged_(self) -> bool:
        """Whether the best start converged."""
        return self.outcome_.converged

    @property
    def estimation_(self) -> str:
        """Which estimate this is."""
        if self.prior > 0 or (self.share_prior or 0.0) > 0:
            return f"posterior mode (prior {self.prior:g})"
        return "pseudo maximum likelihood" if self._pseudo else "maximum likelihood"

    @cached_property
    def criteria_(self) -> pd.Series[Any]:
        """Criteria of the fit."""
        return criteria_series(self.outcome_, self._coupled, self._scored, self._pseudo)

    @cached_property
    def shares_(self) -> pd.DataFrame:
        """Shares of the superclusters, largest first."""
        return shares_frame(self.outcome_.model, self.uncertainty_)

    @cached_property
    def conditional_(self) -> pd.DataFrame:
        """Probability of each theme class in each supercluster."""
        return conditional_frame(self.outcome_.model, self.uncertainty_, self._reading.names)

    @cached_property
    def coefficients_(self) -> pd.DataFrame:
        """Effects of the covariates: covariate, supercluster, estimate, se, wald, p_value.

        Log odds against supercluster 1 for one more of the covariate.
        """
        if not self._covariates:
            raise AbsentResultError("coefficients", ["the model was fitted without covariates"])
        return coefficient_frame(self.uncertainty_, ("constant", *self._covariates))

    @cached_property
    def profiles_(self) -> pd.DataFrame:
        """Profiles of the theme classes, one row an estimate."""
        return profiles_frame(self.outcome_, self._coupled, self._reading, self.uncertainty_)

    @cached_property
    def starts_(self) -> pd.DataFrame:
        """What every start came to."""
        return starts_frame(self.outcome_)

    @cached_property
    def identification_(self) -> HierarchyIdentification:
        """Local identification: rank of the Jacobian against the number of parameters."""
        wish = self.outcome_.wish
        return identify(
            self._coupled, self.outcome_.model, [wish.variances] * len(self._coupled.designs),
            self.conditional == "equal", self.shares == "uniform",
        )  # fmt: skip

    @cached_property
    def uncertainty_(self) -> Uncertainty:
        """Covariance of the free parameters."""
        method: Method = "sandwich" if self._pseudo else "observed"
        return in_own_units(self._coupled, self._coordinates, method, self._squared)

    @cached_property
    def _scored(self) -> Scored:
        return score(self._coupled, self.outcome_.model)

    @cached_property
    def _coordinates(self) -> Coordinates:
        wish = self.outcome_.wish
        return lay_out(
            self._coupled, self.outcome_.model, [wish.variances] * len(self._coupled.designs),
            self.conditional == "equal", self.shares == "uniform",
        )  # fmt: skip

    def _forget(self) -> None:
        for name in ("criteria_", "shares_", "conditional_", "coefficients_", "profiles_",
                     "starts_", "identification_", "uncertainty_", "_scored",
                     "_coordinates"):  # fmt: skip
            self.__dict__.pop(name, None)
