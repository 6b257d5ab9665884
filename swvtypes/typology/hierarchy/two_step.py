"""Superclusters in two steps: the themes' own measurement first, then held fixed.

Source: Bakk and Kuha (2018) for latent class models with fixed measurement. Neither modal classes
nor posterior probabilities are taken for data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from swvtypes.errors import InputError
from swvtypes.lca.design import Floats
from swvtypes.lca.em import Settings
from swvtypes.lca.families import Parameters
from swvtypes.lca.inference_chart import build_chart
from swvtypes.lca.inference_scores import (
    casewise_scores,
    expect,
    information,
    plain_evidence,
)
from swvtypes.lca.model import check_real, check_whole
from swvtypes.lca.standard_errors import invert

from .coordinates import Coordinates, lay_out, scores
from .coupling import Coupled, ask
from .fitting import best_of

from .iterating import Setting, expect as e_step, iterate  # isort: skip
from .measurement import ThemeMeasurement
from .messages import State, Sums, scaled
from .parameters import Hierarchy, score
from .reading import read_frame, read_weights
from .seeds import entropy_of
from .starting import child, random_structure
from .structure import Structure
from .tables import conditional_frame, shares_frame
from .uncertainty import Uncertainty
from .uncertainty import information as observed_information

_STEP = 1e-4
_SINGULAR = 1e-6
_POLISH = 1e-13


@dataclass(frozen=True)
class TwoStep:
    """Superclusters over themes whose measurement is held fixed.

    Attributes
    ----------
    measurements : dict of str to ThemeMeasurement
        The first step.
    model : Hierarchy
        Estimates; superclusters by share, largest first, theme classes as the measurements number
        them.
    coupled : Coupled
        The rows.
    log_likelihood : float
    n_structural : int
        Free parameters of the second step.
    n_parameters : int
        Those of both steps.
    starts : DataFrame
        start, log_likelihood, n_iter, converged.
    converged : bool
        Whether the best start converged.
    """

    measurements: Mapping[str, ThemeMeasurement]
    model: Hierarchy
    coupled: Coupled
    log_likelihood: float
    n_structural: int
    n_parameters: int
    starts: pd.DataFrame
    converged: bool

    @property
    def shares(self) -> Floats:
        """Shares of the superclusters, shape (P,)."""
        return self.model.shares

    @property
    def conditional(self) -> dict[str, Floats]:
        """By theme: probability of each theme class in each supercluster, shape (P, C)."""
        return dict(zip(self.measurements, self.model.conditional, strict=True))

    @property
    def bic(self) -> float:
        """Schwarz criterion over both steps."""
        return -2.0 * self.log_likelihood + self.n_parameters * float(np.log(self.coupled.n))

    def predict_proba(self, frame: Any) -> Floats:
        """Posterior probabilities of the superclusters, shape (n, P); shares without answers."""
        table = read_frame(frame)
        rows = _rows(self.measurements, table, np.ones(len(table)))
        return score(rows, self.model).superclusters

    def predict(self, frame: Any) -> NDArray[np.intp]:
        """Most probable supercluster of each row, labels 1..P."""
        return np.asarray(self.predict_proba(frame).argmax(axis=1) + 1)

    @cached_property
    def uncertainty(self) -> Uncertainty:
        """Covariance of the second step's estimates, that of the first step included.

        The inverse information of the second step, plus what the uncertainty of the measurement
        adds (Bakk and Kuha 2018, equation 7). The covariance of the first step comes from its
        casewise influences, so that it holds between themes too.
        """
        variances = [m.variances for m in self.measurements.values()]
        at = lay_out(self.coupled, self.model, variances)
        return _both_steps(self.coupled, at, list(self.measurements.values()))

    def shares_table(self) -> pd.DataFrame:
        """Shares with se, lower, upper, boundary."""
        return shares_frame(self.model, self.uncertainty)

    def conditional_table(self) -> pd.DataFrame:
        """Conditional probabilities: theme, supercluster, class, estimate, se, lower, upper."""
        return conditional_frame(self.model, self.uncertainty, tuple(self.measurements))


def _rows(
    measurements: Mapping[str, ThemeMeasurement], frame: pd.DataFrame, weight: Floats
) -> Coupled:
    designs = tuple(m.rows(frame, weight) for m in measurements.values())
    answered = np.zeros(len(frame), dtype=bool)
    for design in designs:
        answered |= ~np.isnan(design.values).all(axis=1)
    used = np.where(answered, weight, 0.0)
    designs = tuple(replace(d, weight=used) for d in designs)
    return Coupled(designs, used, np.arange(len(frame)))


def fit_two_step(
    frame: Any,
    measurements: Mapping[str, ThemeMeasurement],
    n_superclusters: int = 2,
    *,
    n_init: int = 50,
    random_state: int | np.random.RandomState | None = None,
    sample_weight: ArrayLike | None = None,
    max_iter: int = 5000,
    tol: float = 1e-9,
) -> TwoStep:
    """Fit superclusters with the measurement of every theme held fixed.

    Parameters
    ----------
    frame : DataFrame
        Answers, NaN or NA where missing: all answered indicators of a row count.
    measurements : mapping of str to ThemeMeasurement
        The first step. A theme with one class takes no part in the coupling.
    n_superclusters : int
        P.
    n_init : int
        Random starts.
    random_state : int, RandomState instance or None
        Seed.
    sample_weight : array-like, shape (n,), optional
        Frequencies, those that the first step had.
    max_iter, tol
        See :class:`ClassesOfClasses`.

    Returns
    -------
    TwoStep

    Raises
    ------
    OptionError, InputError, WeightError, UnseenCategoryError
    """
    check_whole("n_superclusters", n_superclusters, 1)
    check_whole("n_init", n_init, 1)
    check_whole("max_iter", max_iter, 1)
    check_real("tol", tol, 0.0)
    if not measurements:
        raise InputError("measurements", ["expected at least one theme"])
    table = read_frame(frame)
    weight = read_weights(len(table), sample_weight=sample_weight)
    coupled = _rows(measurements, table, np.ones(len(table)) if weight is None else weight)
    if not coupled.n > 0:
        raise InputError("frame", ["no row has an answer"])
    classes = tuple(m.n_classes for m in measurements.values())
    structure = Structure(int(n_superclusters), classes)
    settings = Settings(int(max_iter), float(tol))
    starts = 1 if n_superclusters == 1 else int(n_init)
    model, ledger, log_likelihood = _second_step(
        coupled, measurements, structure, settings, range(starts), entropy_of(random_state)
    )
    return TwoStep(
        dict(measurements), model, coupled, log_likelihood, structure.n_parameters,
        structure.n_parameters + sum(m.n_parameters for m in measurements.values()), ledger,
        bool(ledger["converged"].to_numpy()[ledger["log_likelihood"].to_numpy().argmax()]),
    )  # fmt: skip


def _second_step(
    coupled: Coupled,
    measurements: Mapping[str, ThemeMeasurement],
    structure: Structure,
    settings: Settings,
    which: range,
    seed: int,
) -> tuple[Hierarchy, pd.DataFrame, float]:
    question = ask([coupled])
    tables = tuple(m.tables for m in measurements.values())
    P = structure.n_superclusters
    flat = tuple(np.full((P, C), 1.0 / C) for C in structure.n_classes)
    logs = Hierarchy(np.full(P, 1.0 / P), flat, tables).log_densities(coupled)
    measured = scaled([one.T[:, None, None] for one in logs])
    setting = Setting(question, structure, measured)
    shares, conditional, extra = random_structure(
        structure, [child(seed, 3)], which, question.total
    )
    sums = Sums(shares, conditional, ())
    state = State(shares / shares.sum(axis=0), conditional, (), extra)
    # The constant of the designs stands in the log-densities already.
    found = best_of(iterate(setting, sums, state, settings))
    fine = Settings(settings.max_iter, min(_POLISH, settings.tol))
    last = iterate(setting, e_step(setting, found.state)[2], found.state, fine)
    pi = last.state.shares[:, 0, 0, 0]
    order = np.argsort(-pi, kind="stable")
    model = Hierarchy(
        pi[order], tuple(rho[order, :, 0, 0] for rho in last.state.conditional), tables
    )
    constant = coupled.constant
    ledger = pd.DataFrame(
        {
            "start": np.arange(len(which)),
            "log_likelihood": found.ran.log_likelihood[0] - constant,
            "n_iter": found.ran.n_iter[0],
            "converged": found.ran.converged[0],
        }
    )
    return model, ledger, float(last.log_likelihood[0, 0] - constant)


def _both_steps(
    coupled: Coupled, at: Coordinates, measurements: list[ThemeMeasurement]
) -> Uncertainty:
    theta = at.theta
    _, share, conditional, charts = at.slices
    second = np.r_[tuple(np.arange(s.start, s.stop) for s in (share, *conditional))]
    first = np.r_[tuple(np.arange(s.start, s.stop) for s in charts)] if charts else second[:0]
    bread, known = invert(observed_information(coupled, at)[np.ix_(second, second)], _SINGULAR)
    cross = np.empty((len(second), len(first)))
    for i, place in enumerate(first):
        step = _STEP * max(1.0, abs(theta[place]))
        sides = []
        for sign in (1.0, -1.0):
            moved = theta.copy()
            moved[place] += sign * step
            sides.append(coupled.weight @ scores(coupled, at, moved)[0][:, second])
        cross[:, i] = (sides[0] - sides[1]) / (2.0 * step)
    influence = np.concatenate(
        [_influences(coupled, t, m) for t, m in enumerate(measurements)], axis=1
    )
    covariance = influence.T @ (coupled.weight[:, None] * influence)
    carried = bread @ cross
    matrix = np.zeros((len(theta), len(theta)))
    matrix[np.ix_(second, second)] = bread + carried @ covariance @ carried.T
    matrix[np.ix_(first, first)] = covariance
    identified = np.ones(len(theta), dtype=bool)
    identified[second] = known
    return Uncertainty(at, matrix, identified, "observed")


def _influences(coupled: Coupled, theme: int, measurement: ThemeMeasurement) -> Floats:
    """Casewise influence of each row on the profiles of one theme's own model."""
    design = coupled.designs[theme]
    parameters: Parameters = measurement.model.fit_.parameters
    chart = build_chart(design.layout, parameters, measurement.variances)
    evidence = plain_evidence(design, measurement.n_classes)
    e = expect(evidence, chart, chart.theta)
    inverse, _ = invert(information(evidence, chart, e), _SINGULAR)
    S = casewise_scores(evidence, chart, e)
    return np.asarray((S @ inverse)[:, chart.n_structural :])
