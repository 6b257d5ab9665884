"""How the classes differ in an outcome: binary, nominal, ordinal, continuous or a count."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import SeparationWarning

from .design import Design, Floats, Item, build_design
from .families import Table, Variances, m_step, unpack
from .fit import Starts
from .inference_chart import BOUNDARY, Unit
from .inference_indicator_lr import expanded
from .inference_scores import Evidence, casewise_scores, expect
from .outcomes import ClassValues, omnibus_test, pairwise_tests
from .row_order import same_order
from .structural import (
    Measurement,
    Records,
    differentiate,
    later_covariance,
    make_records,
    measure,
)
from .structural_later import mixture_covariance
from .structural_mixture import MixtureFit, MixtureSpec, fit_mixture, repeat_rows
from .structural_optimism import error_table
from .structural_outcome import (
    Outcome,
    OutcomeSpec,
    Penalty,
    check_outcome_spec,
    outcome_range,
    read_outcome,
)
from .structural_starts import Start, best_from_starts, outcome_starts
from .structural_tables import outcome_table


@dataclass(frozen=True)
class OutcomeResult:
    """An outcome by class.

    Attributes
    ----------
    profiles : DataFrame
        Columns parameter (probability, mean or rate), category, class, estimate, se, lower, upper.
    omnibus : Series
        wald, df, p_value: all classes at once. An ordinal outcome has one effect a class, and is
        compared by its average category; by BCH weights, which assume no such model, by all its
        categories.
    pairwise : DataFrame
        Columns first, second, difference (of the category that differs most; of the average
        category, counted from 0, where that is compared), wald, df, p_value, p_adjusted.
    class_values : ClassValues
        Estimates and covariance, for other contrasts.
    family : str
        Of the outcome.
    log_likelihood : float
        Of the last step; NaN for BCH.
    n : float
        Weights of the rows with an outcome.
    prior : float
        Pseudo-cases used.
    penalty : {"none", "prior", "firth"}
        What kept estimates off the boundary.
    spec : OutcomeSpec
        What was asked.
    corrected : bool
        Whether the errors of assignment, or the densities of two steps, were corrected.
    note : str
        What a reader must know, or empty.
    fit : MixtureFit or None
        The engine's own result; None for BCH.
    """

    profiles: pd.DataFrame
    omnibus: pd.Series[Any]
    pairwise: pd.DataFrame
    class_values: ClassValues
    family: str
    log_likelihood: float
    n: float
    prior: float
    penalty: Penalty
    spec: OutcomeSpec
    corrected: bool
    note: str
    fit: MixtureFit | None


def relate_outcome(
    model: Any,
    X: Any,
    outcome: pd.Series[Any],
    spec: OutcomeSpec | None = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
) -> OutcomeResult:
    """Compare an outcome over the classes of a fitted model.

    Parameters
    ----------
    model : LatentClassModel
        Fitted without the outcome, on these rows and weights.
    X : DataFrame or array-like, shape (n, J)
        The rows, as in its `fit`; missing answers at random.
    outcome : Series (or DataFrame of one column, or array-like), shape (n,)
        The outcome, in the order of X; rows where it is missing say nothing about it.
    spec : OutcomeSpec, optional
        Method and options.
    sample_weight, survey_weight : array-like, shape (n,), optional
        As in `fit`. Frequency 2 is the row twice; survey weights give sandwich covariances.

    Returns
    -------
    OutcomeResult

    Raises
    ------
    InputError
        For an outcome that cannot be read or has one value only, or rows in another order than X;
        for rows or weights that are not those of the fit.
    OptionError
        For an option outside its range.

    Warns
    -----
    SeparationWarning
        Where an estimate would lie on the boundary of its range and a prior was used.

    Examples
    --------
    >>> import pandas as pd
    >>> import numpy as np
    >>> from swvtypes.lca import LatentClassModel, OutcomeSpec, relate_outcome
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=300)
    >>> X = (rng.random((300, 5)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> model = LatentClassModel(2, n_init=10, random_state=1).fit(X)
    >>> budget = pd.Series(rng.normal(2.0 * classes, 1.0), name="budget")
    >>> found = relate_outcome(model, X, budget, OutcomeSpec("bch"))
    >>> found.family, len(found.profiles), bool(found.omnibus["p_value"] < 0.001)
    ('continuous', 2, True)
    """
    spec = spec or OutcomeSpec()
    check_outcome_spec(spec)
    same_order(X, outcome, "outcome")
    measurement = measure(model, X, sample_weight, survey_weight)
    measurement = error_table(measurement, model, spec.error_spec())
    found = read_outcome(outcome, measurement.weight, spec)
    prior = 0.0 if isinstance(spec.prior, str) else float(spec.prior)
    solved = _solve(model, measurement, found, prior)
    note = ""
    if spec.prior == "auto" and solved.edge:
        note = "an estimate lies on the boundary of its range: estimated with a prior of one case"
        warnings.warn(note, SeparationWarning, stacklevel=2)
        prior = 1.0
        solved = _solve(model, measurement, found, prior)
    if not solved.inside:
        more = "estimates outside their range: too few cases for BCH weights"
        note = f"{note}; {more}" if note else more
    values = ClassValues(solved.values, solved.covariance, found.scores)
    return OutcomeResult(
        outcome_table(found, values, spec.level),
        pd.Series(omnibus_test(values), name="omnibus"),
        pairwise_tests(values, spec.adjustment),
        values, found.indicator.family, solved.log_likelihood,
        float(measurement.weight @ found.seen), prior, _penalty(spec, prior), spec,
        measurement.corrected, note, solved.fit,
    )  # fmt: skip


def _penalty(spec: OutcomeSpec, prior: float) -> Penalty:
    if spec.prior == "firth":
        return "firth"
    return "prior" if prior > 0 else "none"


@dataclass(frozen=True)
class _Solved:
    values: Floats
    covariance: Floats
    log_likelihood: float
    fit: MixtureFit | None

    edge: bool = False
    inside: bool = True


def _solve(model: Any, measurement: Measurement, found: Outcome, prior: float) -> _Solved:
    if found.spec.method == "bch":
        return _bch(measurement, found, prior)
    if found.spec.method == "one_step":
        return _one_step(model, measurement, found, prior)
    return _mixture(measurement, found, prior)


def _bch(measurement: Measurement, found: Outcome, prior: float) -> _Solved:
    """Weighted averages with BCH weights (Bakk, Tekle and Vermunt 2013)."""
    weight = measurement.weight * found.seen
    Y = found.columns()
    K = measurement.n_classes
    cases, answers = prior / K, prior / K * (weight @ Y / weight.sum())
    if found.spec.prior == "firth":
        # Half an answer in each category, or half an event.
        cases = 0.5 * Y.shape[1] if found.categorical else 0.0
        answers = np.full(Y.shape[1], 0.5)

    def parts(m: Measurement) -> tuple[Floats, Floats, Floats]:
        W = m.errors(found.spec.assignment).bch_weights
        total = weight @ W + cases
        return (W.T @ (weight[:, None] * Y) + answers) / total[:, None], W, total

    values, W, total = parts(measurement)
    seen = found.seen[:, None]
    influence = (W * seen / total)[:, :, None] * (Y[:, None] - values[None])
    psi = influence.reshape(len(Y), -1)
    square = measurement.frequency * measurement.survey**2
    J = differentiate(measurement, lambda m: parts(m)[0].ravel())
    V = psi.T @ (square[:, None] * psi) + J @ measurement.covariance @ J.T
    low, high = outcome_range(found)
    edge = bool(((values <= low + BOUNDARY) | (values >= high - BOUNDARY)).any())
    inside = bool(((values >= low) & (values <= high)).all() and (total > 0).all())
    return _Solved(values, V, float("nan"), None, edge, inside)


def _outcome_design(found: Outcome, weight: Floats) -> Design:
    item = found.indicator.item()
    return expanded(build_design(found.y[:, None], (item,), weight))


def _start(design: Design, p: Floats, variances: Variances) -> tuple[Table, ...]:
    """Profiles of the outcome when cases belong to classes in proportion to p (N, K)."""
    layout = design.layout
    T = (design.X.T @ p)[:, None]
    flat = np.zeros_like(T)
    A = m_step(layout, np.maximum(T, 1e-9) if _positive(layout.items) else T, flat, variances)
    return unpack(layout, A[:, 0]).tables


def _positive(items: tuple[Item, ...]) -> bool:
    return all(item.family != "continuous" for item in items)


def _mixture(measurement: Measurement, found: Outcome, prior: float) -> _Solved:
    spec = found.spec
    variances = Variances(spec.variances == "free", 1e-6)
    rows = _outcome_design(found, measurement.weight)
    records = make_records(measurement, spec.method, spec.assignment)
    design = repeat_rows(rows, records.times)
    free = spec.shares == "free"
    evidence = partial(_evidence, design=design, free=free)
    tables = _start(rows, measurement.posterior * measurement.weight[:, None], variances)
    gamma = _group_logits(measurement) if free else np.zeros((1, measurement.n_classes))
    firth: Literal["none", "outcome"] = "outcome" if spec.prior == "firth" else "none"
    mixture = MixtureSpec(prior, variances, free_shares=free, firth=firth)
    fit = fit_mixture(evidence(measurement, records), gamma, tables, mixture)
    cov = mixture_covariance(
        measurement, fit, evidence, spec.method, spec.assignment, fit.penalised
    )
    return _from_fit(fit, cov.matrix, cov.identified, 0)


def _evidence(measurement: Measurement, records: Records, design: Design, free: bool) -> Evidence:
    """Join records and outcome; class shares that are not free stand with what is fixed."""
    weight = np.repeat(measurement.weight, records.times) * records.share
    if free:
        Z = np.repeat(measurement.groups, records.times, axis=0)
        return Evidence(design, Z, records.fixed, weight)
    log_shares = np.repeat(measurement.log_shares, records.times, axis=0)
    even = np.log(measurement.n_classes)
    return Evidence(design, np.ones((len(weight), 1)), records.fixed + log_shares + even, weight)


def _group_logits(measurement: Measurement) -> Floats:
    """Log share odds against class 1 in every known group, from the posterior probabilities."""
    p = measurement.groups.T @ (measurement.posterior * measurement.weight[:, None])
    logs = np.log(np.maximum(p, 1e-6 * p.sum()))
    return np.asarray(logs - logs[:, :1])


def _one_step(model: Any, measurement: Measurement, found: Outcome, prior: float) -> _Solved:
    """Take the outcome as one more indicator and estimate everything at once."""
    old = measurement.design
    engine = model.fit_
    free = found.spec.variances == "free" or engine.problem.variances.free
    variances = Variances(free, 1e-6)
    items = (*old.layout.items, found.indicator.item())
    values = np.column_stack([old.values[old.inverse], found.y])  # noqa: PD011
    group = old.group[old.inverse]
    collapsed = build_design(values, items, measurement.weight, group, old.layout.pairs)
    j = len(items) - 1
    p = measurement.posterior * measurement.weight[:, None]
    own = _start(_outcome_design(found, measurement.weight), p, variances)
    tables = (*engine.parameters.tables, *(Table(t.kind, (j,), -1, t.values) for t in own))
    starts = [Start(_group_logits(measurement), tables)]
    drawn = Starts(found.spec.n_starts, found.spec.random_state)
    starts += outcome_starts(collapsed, engine.parameters, drawn, variances)
    evidence = Evidence(
        expanded(collapsed), measurement.groups, np.zeros_like(p), measurement.weight
    )
    fit = best_from_starts(evidence, starts, MixtureSpec(prior, variances))
    row_scores = None
    if measurement.weighted:
        e = expect(fit.evidence, fit.chart, fit.chart.theta)
        row_scores = casewise_scores(fit.evidence, fit.chart, e)
    cov = later_covariance(measurement, fit.information, row_scores, None)
    return _from_fit(fit, cov.matrix, cov.identified, j)


def _from_fit(fit: MixtureFit, V: Floats, identified: Any, item: int) -> _Solved:
    """Estimates of the outcome's unit, their covariance by the delta method."""
    chart = fit.chart
    unit: Unit = next(u for u in chart.units if u.items == (item,))
    values = unit.values(chart.theta)
    slopes = unit.slopes(values)
    edge = bool(unit.boundary.any())
    if unit.block.kind == "continuous":
        values, slopes = values[:, :1], slopes[:, :1]
    J = slopes.reshape(values.size, slopes.shape[2])
    covariance = J @ V[unit.columns, unit.columns] @ J.T
    if not identified[unit.columns].all():
        covariance = np.full_like(covariance, np.nan)
    return _Solved(values, covariance, fit.log_likelihood, fit, edge)
