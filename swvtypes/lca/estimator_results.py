"""What a fitted model tells: the estimates, the criteria, the classification, the starts."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from .design import Design, Floats
from .diagnostics import (
    Classification,
    Identification,
    bivariate_residuals,
    identification,
)
from .fit import Fit, posterior
from .fitted_figures import FittedFigures
from .inference import Inference, attach, indicator_table, infer, squared_weights
from .model import Indicator
from .results import criteria_series, profiles_frame, starts_frame

# Results that are kept once they have been asked for.
WORKED_OUT = (
    "profiles_", "starts_", "criteria_", "bivariate_residuals_", "inference_", "indicators_",
    "identification_", "_classification",
)  # fmt: skip


class FittedResults(FittedFigures):
    """Results of a fitted latent class model, worked out when first asked for.

    They say what was fitted, whatever options were set since.
    """

    _fit: Fit
    _design: Design
    _indicators: tuple[Indicator, ...]
    _group_labels: tuple[Hashable, ...]
    _pseudo: bool
    _row_weights: tuple[Floats, Floats] | None

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
        parameters = self._result.parameters
        names: list[Any] = [i.name for i in self._indicators]
        frame = bivariate_residuals(self._design, parameters, self._classification.probabilities)
        first, second = np.triu_indices(len(names), 1)
        frame["first"], frame["second"] = [names[j] for j in first], [names[j] for j in second]
        return frame

    @cached_property
    def identification_(self) -> Identification:
        """Local identification: rank of the Jacobian against the number of parameters."""
        parameters, free = self._result.parameters, self._result.problem.variances.free
        return identification(self._design, parameters, free)

    @property
    def fit_(self) -> Fit:
        """The engine's own result: arrays, for what builds on it."""
        return self._result

    @property
    def design_(self) -> Design:
        """The data as the engine saw them."""
        check_is_fitted(self)
        return self._design

    @property
    def _result(self) -> Fit:
        check_is_fitted(self)
        return self._fit

    @property
    def _labels(self) -> pd.Index[int]:
        return pd.RangeIndex(1, self._result.parameters.n_classes + 1, name="class")

    @cached_property
    def _classification(self) -> Classification:
        parameters = self._result.parameters
        probabilities = posterior(self._design, parameters)[0]
        return Classification(probabilities, self._design.weight)
