"""Reliability of a scale: alpha with its interval, item statistics, omega, one factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.survey import Codebook

from . import coefficients
from .adequacy import Adequacy, sampling_adequacy
from .asking import count_faults, share_faults
from .factoring import FactorMethod, FactorSolution, factor_analysis
from .horn import ParallelAnalysis, ParallelOptions, parallel_analysis
from .intervals import bootstrap_alphas, bootstrap_weights, feldt_interval, percentile_interval
from .moments import FloatArray, Moments, weighted_moments
from .responses import Missing, Responses, Source, WeightChoice, read_responses
from .wording import COLUMNS, NOTES

Interval = Literal["feldt", "bootstrap", "none"]
_NAN = float("nan")


@dataclass(frozen=True)
class ReliabilityOptions:
    """What to compute besides the coefficients.

    Attributes
    ----------
    interval : {"feldt", "bootstrap", "none"}
        Feldt's (1965) F interval, a percentile bootstrap over rows, or none.
    level : float
        Confidence of the interval.
    n_boot : int
        Bootstrap samples.
    seed : int or None
        Seed of the bootstrap.
    factor_method : {"minres", "ml"}
        Estimator of the one-factor model.
    parallel : ParallelOptions, optional
        Runs a parallel analysis too when given.
    """

    interval: Interval = "feldt"
    level: float = 0.95
    n_boot: int = 2000
    seed: int | None = 0
    factor_method: FactorMethod = "minres"
    parallel: ParallelOptions | None = None

    def __post_init__(self) -> None:
        faults = []
        if self.interval not in get_args(Interval):
            faults.append(f"interval: expected one of {get_args(Interval)}, got {self.interval!r}")
        faults += [*share_faults(level=self.level), *count_faults(n_boot=self.n_boot)]
        if self.factor_method not in get_args(FactorMethod):
            faults.append(f"factor_method: expected 'minres' or 'ml', got {self.factor_method!r}")
        if faults:
            raise InputError("ReliabilityOptions", faults)


@dataclass(frozen=True, eq=False)
class Reliability:
    """Reliability of one scale.

    Attributes
    ----------
    alpha : float
        Coefficient alpha of the items as scored.
    interval : tuple of (float, float)
        Lower and upper end; NaN when none was asked.
    interval_method : {"feldt", "bootstrap", "none"}
    level : float
        Confidence of the interval.
    missing : {"listwise", "pairwise"}
        Which rows the coefficients rest on.
    weights : {"none", "frequency", "survey"}
    n : float
        Rows used: complete ones (listwise) or those with any answer (pairwise); the sum of the
        frequencies where there are any.
    n_given : int
        Rows that came in.
    smallest_pair : float
        Fewest rows behind one covariance (equals `n` listwise).
    standardised_alpha : float
        Alpha of the items at equal variances; NaN beside a constant item.
    mean_correlation : float
        Mean correlation between items.
    omega_total, omega_standardised : float
        McDonald's (1999) omega of the one-factor model, items as scored and at equal variances.
    score_mean, score_sd : float
        Of the mean of the items answered, over the rows used.
    factor : FactorSolution or None
        One-factor model of the correlations; None beside a constant item.
    adequacy : Adequacy or None
        Kaiser-Meyer-Olkin and Bartlett; None unless the correlations are positive definite.
    parallel : ParallelAnalysis or None
        When asked.
    notes : tuple of Label
        What a reader has to know, in Dutch and English.
    """

    alpha: float
    interval: tuple[float, float]
    interval_method: Interval
    level: float
    missing: Missing
    weights: Literal["none", "frequency", "survey"]
    n: float
    n_given: int
    smallest_pair: float
    standardised_alpha: float
    mean_correlation: float
    omega_total: float
    omega_standardised: float
    score_mean: float
    score_sd: float
    factor: FactorSolution | None
    adequacy: Adequacy | None
    parallel: ParallelAnalysis | None
    notes: tuple[Label, ...]
    _items: pd.DataFrame

    @property
    def items(self) -> pd.DataFrame:
        """Statistics by item, a copy, shape (n_items, 8).

        Index item; columns n, mean, sd, item_total (with the mean of the items answered,
        itself included), item_rest (with the sum of the others), alpha_if_dropped, loading,
        communality. NaN where one is undefined: correlations of a constant item, alpha of a
        single item.
        """
        return self._items.copy()

    def labelled(self, language: Language = "nl") -> pd.DataFrame:
        """Give :attr:`items` with column headings in Dutch or English."""
        check_language(language)
        frame = self.items.rename(columns={k: v.text(language) for k, v in COLUMNS.items()})
        return frame.rename_axis(COLUMNS["item"].text(language))


def reliability(
    frame: Source,
    scale: str | Sequence[str] | None = None,
    *,
    codebook: Codebook | None = None,
    missing: Missing = "listwise",
    reversed_items: Mapping[str, tuple[float, float]] | None = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | bool | None = None,
    options: ReliabilityOptions | None = None,
) -> Reliability:
    """Compute the reliability of a scale and the statistics of its items.

    Parameters
    ----------
    frame : DataFrame, Wave or Scales
        One column an item, one row a respondent; NA where there is no answer.
    scale : str or sequence of str, optional
        A scale of the codebook or of the scales built, or items by name. Left out, every column
        of a frame is an item; a wave needs it.
    codebook : Codebook, optional
        For a frame of raw answers: which items are reversed and between which end points.
    missing : {"listwise", "pairwise"}
        Rows with an answer to every item; or each covariance over the rows that answered both
        items.
    reversed_items : mapping of str to (lowest, highest), optional
        Items to turn round, with the end points of their answer list.
    sample_weight : array of int, optional
        How often each row counts.
    survey_weight : array of float or True, optional
        Survey weights, normalised to the number of rows used; True takes those that the wave or
        the scales carry. Feldt's interval, the test of fit and parallel analysis are not defined
        under them: ask for ``interval="bootstrap"`` or ``"none"``.
    options : ReliabilityOptions, optional

    Returns
    -------
    Reliability

    Raises
    ------
    InputError
        Lists every fault: unknown scale or items, fewer than two items, columns without
        numbers or answers, weights at fault, fewer than three rows (or rows in common), a total
        that does not vary.

    Notes
    -----
    Alpha: Cronbach (1951); interval: Feldt (1965); factor: Harman and Jones (1966) or Joreskog
    (1967). Beside a constant item whatever needs its correlations is NaN or None; alpha stands.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [1, 3, 2, 5, 4], "c": [2, 2, 3, 4, 4]})
    >>> found = reliability(answers)
    >>> round(found.alpha, 4), found.missing, found.n
    (0.9194, 'listwise', 5.0)
    """
    options = options or ReliabilityOptions()
    weights = WeightChoice(sample_weight, survey_weight)
    responses = read_responses(frame, scale, codebook, reversed_items, missing, weights)
    return describe_responses(responses, options)


def describe_responses(responses: Responses, options: ReliabilityOptions) -> Reliability:
    """Compute the reliability of answers that have been read and checked."""
    moments = weighted_moments(responses.matrix, responses.weights)
    covariance = moments.covariance
    _check(responses, options, covariance)
    alpha = float(coefficients.cronbach_alpha(covariance))
    constant = np.diag(covariance) <= 0
    factor, adequacy, factor_notes = _factor(responses, moments, options)
    omega, omega_standardised = _omegas(covariance, factor)
    score, parallel = _score(responses), None
    if options.parallel is not None and not constant.any():
        parallel = parallel_analysis(responses, options.parallel)
    return Reliability(
        alpha,
        _interval(alpha, responses, options),
        options.interval,
        options.level,
        responses.missing,
        responses.kind,
        responses.n,
        responses.n_given,
        float(moments.counts.min()),
        float(coefficients.standardised_alpha(covariance)),
        float(coefficients.mean_correlation(covariance)),
        omega,
        omega_standardised,
        float(score.means[-1]),
        float(np.sqrt(score.covariance[-1, -1])),
        factor,
        adequacy,
        parallel,
        (*_notes(responses, options, constant), *factor_notes),
        _item_table(responses, moments, score, factor),
    )


def _check(responses: Responses, options: ReliabilityOptions, covariance: FloatArray) -> None:
    faults = []
    if not covariance.sum() > 1e-12:
        faults.append("answers: the sum of the items does not vary, alpha is undefined")
    if responses.kind == "survey" and options.interval == "feldt":
        faults.append(
            "interval: 'feldt' is not defined under survey weights, expected 'bootstrap' or 'none'"
        )
    if responses.kind != "none" and options.parallel is not None:
        faults.append("parallel: parallel analysis is not defined under weights")
    if faults:
        raise InputError("reliability", faults)


def _score(responses: Responses) -> Moments:
    """Moments of the items and, last, of the mean of the items answered."""
    given = ~np.isnan(responses.matrix)
    means = np.where(given, responses.matrix, 0.0).sum(axis=1) / given.sum(axis=1)
    return weighted_moments(np.column_stack([responses.matrix, means]), responses.weights)


def _factor(
    responses: Responses, moments: Moments, options: ReliabilityOptions
) -> tuple[FactorSolution | None, Adequacy | None, list[Label]]:
    if not np.isfinite(moments.correlation).all():
        return None, None, []
    n = None if responses.kind == "survey" else responses.n
    method = options.factor_method
    notes = []
    if method == "ml" and np.linalg.eigvalsh(moments.correlation)[0] <= 1e-10:
        method = "minres"
        notes.append(NOTES["not_definite"])
    solution = factor_analysis(moments.correlation, n, 1, method)
    if solution.heywood:
        notes.append(NOTES["heywood"])
    if not solution.converged:
        notes.append(NOTES["not_converged"])
    adequacy = sampling_adequacy(moments.correlation, responses.n)
    return solution, adequacy, notes


def _omegas(covariance: FloatArray, factor: FactorSolution | None) -> tuple[float, float]:
    """Omega of the items as scored, and at equal variances."""
    if factor is None:
        return _NAN, _NAN
    deviations = np.sqrt(np.diag(covariance))
    loadings = factor.loadings[:, 0]
    uniquenesses = 1 - factor.communalities
    raw = coefficients.omega_total(loadings * deviations, uniquenesses * deviations**2)
    return float(raw), float(coefficients.omega_total(loadings, uniquenesses))


def _interval(
    alpha: float, responses: Responses, options: ReliabilityOptions
) -> tuple[float, float]:
    if options.interval == "none":
        return _NAN, _NAN
    if options.interval == "feldt":
        return feldt_interval(alpha, responses.n, len(responses.names), options.level)
    survey = responses.kind == "survey"
    frequencies = np.ones(len(responses.matrix)) if survey else responses.weights
    drawn = bootstrap_weights(frequencies, options.n_boot, options.seed)
    if survey:
        drawn = drawn * responses.weights
        drawn *= responses.n / drawn.sum(axis=1, keepdims=True)
    return percentile_interval(bootstrap_alphas(responses.matrix, drawn), options.level)


def _item_table(
    responses: Responses, moments: Moments, score: Moments, factor: FactorSolution | None
) -> pd.DataFrame:
    nothing = np.full(len(responses.names), np.nan)
    columns = {
        "n": np.diag(moments.counts),
        "mean": moments.means,
        "sd": np.sqrt(np.diag(moments.covariance)),
        "item_total": score.correlation[:-1, -1],
        "item_rest": coefficients.item_rest_correlations(moments.covariance),
        "alpha_if_dropped": coefficients.alpha_if_dropped(moments.covariance),
        "loading": nothing if factor is None else factor.loadings[:, 0],
        "communality": nothing if factor is None else factor.communalities,
    }
    return pd.DataFrame(columns, index=pd.Index(responses.names, name="item"))


def _notes(responses: Responses, options: ReliabilityOptions, constant: np.ndarray) -> list[Label]:
    notes = [NOTES[responses.missing]]
    if options.interval != "none":
        notes.append(NOTES[options.interval])
    if options.interval == "feldt" and responses.missing == "pairwise":
        notes.append(NOTES["feldt_pairwise"])
    if constant.any():
        names = ", ".join(np.array(responses.names)[constant])
        base = NOTES["constant"]
        notes.append(Label(f"{base.nl}: {names}", f"{base.en}: {names}"))
    if len(responses.names) == 2:
        notes.append(NOTES["two_items"])
    if responses.kind == "survey":
        notes.append(NOTES["survey"])
    return notes
