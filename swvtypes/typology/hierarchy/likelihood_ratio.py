"""Tests of superclusters by parametric bootstrap."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from swvtypes.errors import OptionError
from swvtypes.lca.design import Floats
from swvtypes.lca.model import check_whole
from swvtypes.lca.tail import Tail
from swvtypes.lca.threads import workers

from .fitting import Found, polish
from .identification import identified_superclusters
from .iterating import Setting
from .parameters import Hierarchy, read_state
from .reading import Themes
from .replicates import Contest, Pairing, Route, contest, replicate_ratios
from .starting import without_shares
from .structure import Structure
from .trial import Trial, read_trial


@dataclass(frozen=True, eq=False)
class SuperclusterTest:
    """A bootstrap likelihood-ratio test between two structures over the themes.

    Attributes
    ----------
    null, alternative : str
        What was compared, for example ``"1 supercluster"`` and ``"one dimension"``.
    route : {"one_step", "two_step"}
        Everything estimated together, or the themes' own measurement held fixed.
    statistic : float
        Twice the difference of the log-likelihoods.
    p_value : float
        (b + 1) / (B + 1), or h / B when stopped early.
    bic : tuple of float
        Schwarz criterion of the null and the alternative.
    log_likelihood : tuple of float
    n_parameters : tuple of int
        Measurement included.
    n_boot, n_exceeding : int
        Replicates drawn, and those that reach the statistic.
    standard_error : float
        Monte Carlo standard error of the p-value.
    interval : tuple of float
        95% interval for the p-value that infinitely many replicates would give.
    stopped : bool
        Whether the sequential stop ended the test.
    replicates : ndarray, shape (B,)
    n_init : int
        Starts of every data set, real or simulated.
    seed : int
        Gives the same test again.
    """

    null: str
    alternative: str
    route: Route
    statistic: float
    p_value: float
    bic: tuple[float, float]
    log_likelihood: tuple[float, float]
    n_parameters: tuple[int, int]
    n_boot: int
    n_exceeding: int
    standard_error: float
    interval: tuple[float, float]
    stopped: bool
    replicates: Floats
    n_init: int
    seed: int

    @property
    def bic_prefers_alternative(self) -> bool:
        """Whether the alternative has the lower BIC."""
        return self.bic[1] < self.bic[0]

    def rejects(self, level: float = 0.05, worse: float = 0.0) -> bool:
        """Whether the bootstrap rejects the null and BIC does not gainsay the alternative.

        Parameters
        ----------
        level : float
        worse : float
            By how much the BIC of the alternative may be the higher one.
        """
        return self.p_value <= level + 1e-12 and self.bic[1] < self.bic[0] + worse

    def _repr_html_(self) -> str:
        from swvtypes.lca.tables_html import key_values_html

        return key_values_html(
            f"{self.null} against {self.alternative} ({self.route.replace('_', ' ')})",
            {
                "statistic": f"{self.statistic:.3f}",
                "p-value": f"{self.p_value:.4f}",
                "BIC": f"{self.bic[0]:.1f} against {self.bic[1]:.1f}",
                "replicates": f"{self.n_boot}, {self.n_exceeding} reach the statistic",
                "replicates' mean": f"{self.replicates.mean():.3f}",
            },
        )


def named(n: int) -> str:
    """Say how many superclusters."""
    return f"{n} supercluster{'' if n == 1 else 's'}"


def fitted_model(trial: Trial, pairing: Pairing, which: int, structure: Structure) -> Hierarchy:
    """Give one of the fitted structures in plain form, to draw replicates from."""
    found: Found = pairing.found[which]
    layouts = [d.layout for d in trial.coupled.designs]
    state = found.state
    if trial.route == "two_step":
        natural = tuple(
            without_shares(A, T)
            for A, T in zip(pairing.separate.natural, pairing.separate.statistics, strict=True)
        )
        state = type(state)(state.shares, state.conditional, natural)
    else:
        setting = Setting(pairing.question, structure)
        state = polish(setting, state, trial.rule.settings).state
    return read_state(layouts, state, None, trial.coupled.weight)


def run_test(
    trial: Trial, null: Structure, alternative: Structure, names: tuple[str, str]
) -> SuperclusterTest:
    """Test one structure against another."""
    wanted = Contest(null, alternative, trial.route, trial.rule, trial.prior, trial.variances)
    with workers(1):
        pairing = contest([trial.coupled], wanted, [trial.seed])
        model = fitted_model(trial, pairing, 0, null)
    statistic = float(pairing.ratio[0])
    replicates, tail = replicate_ratios(
        trial.coupled, model, wanted, trial.seed, trial.n_boot, statistic, trial.stop_after,
        trial.n_jobs,
    )  # fmt: skip
    counts = tuple(trial.n_measurement + s.n_parameters for s in (null, alternative))
    logs = tuple(float(f.log_likelihood[0]) for f in pairing.found)
    return concluded(trial, names, logs, counts, replicates, tail)


def bootstrap_superclusters(  # noqa: PLR0913
    X: Any,
    themes: Themes | None = None,
    n_theme_classes: int | Mapping[str, int] = 2,
    n_superclusters: int = 1,
    n_boot: int = 499,
    *,
    route: Route = "one_step",
    n_init: int = 10,
    indicators: Mapping[Hashable, str] | None = None,
    scores: Mapping[Hashable, Sequence[float]] | None = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
    prior: float = 0.0,
    random_state: int | np.random.RandomState | None = None,
    stop_after: int | None = None,
    n_jobs: int | None = None,
) -> SuperclusterTest:
    """Test P superclusters against P + 1 by parametric bootstrap.

    With one supercluster under the null the themes are independent: the test asks whether there
    is anything that superclusters could describe. Replicates are drawn from the fitted null,
    missing where the data are missing, and go through every step that the data went through, the
    themes' own classes included, from as many starts and by the same stopping rule: after nine
    steps the two best starts go on, until a step raises the average log-likelihood of a case by
    less than 1e-7.

    Parameters
    ----------
    X : DataFrame, array-like, or fitted ClassesOfClasses
        Answers; a fitted model brings its data, themes, classes and options (not its number of
        superclusters).
    themes, n_theme_classes, indicators, scores, prior
        See :class:`ClassesOfClasses`. A theme with one class takes no part.
    n_superclusters : int
        P, under the null hypothesis.
    n_boot : int
        Replicates, B. More replicates keep the earlier ones.
    route : {"one_step", "two_step"}
        Everything estimated together, or the measurement of each data set's own themes held fixed.
    n_init : int
        Starts of every data set.
    sample_weight : array-like, shape (n,), optional
        Frequencies, whole numbers.
    survey_weight : optional
        Not accepted: the test has no meaning under survey weights.
    random_state : int, RandomState instance or None
        Seed; the answer does not depend on the number of workers.
    stop_after : int, optional
        Stop once this many replicates have reached the statistic (Besag and Clifford 1991). With
        workers it is looked at after every round of 50 replicates each.
    n_jobs : int, optional
        Worker processes; one when left out, which is fastest below some thousand replicates.

    Returns
    -------
    SuperclusterTest

    Raises
    ------
    OptionError
        Also where P + 1 superclusters are more than the themes can tell apart.
    InputError, WeightError, SurveyWeightError

    Warns
    -----
    FewStartsWarning
        When `n_init` is below 10.
    """
    check_whole("n_superclusters", n_superclusters, 1)
    trial = read_trial(
        X, themes, n_theme_classes, n_boot=n_boot, route=route, n_init=n_init,
        indicators=indicators, scores=scores, sample_weight=sample_weight,
        survey_weight=survey_weight, prior=prior, random_state=random_state,
        stop_after=stop_after, n_jobs=n_jobs,
    )  # fmt: skip
    P = int(n_superclusters)
    check_bound(trial.n_classes, P)
    null, alternative = (Structure(p, trial.n_classes) for p in (P, P + 1))
    return run_test(trial, null, alternative, (named(P), named(P + 1)))


def check_bound(n_classes: tuple[int, ...], null: int) -> None:
    """Raise an OptionError where the alternative cannot be told apart from the null."""
    coupled = sum(C > 1 for C in n_classes)
    if coupled < 2:
        raise OptionError(
            "n_theme_classes", "at least two themes with more than one class", list(n_classes)
        )
    bound = identified_superclusters(n_classes, null + 1)
    if null > 1 and bound < null + 1:
        raise OptionError(
            "n_superclusters", f"at most {bound - 1 if bound > 1 else 1}: themes with "
            f"{list(n_classes)} classes tell {bound} superclusters apart at most", null
        )  # fmt: skip


def concluded(
    trial: Trial,
    names: tuple[str, ...],
    logs: tuple[float, ...],
    counts: tuple[int, ...],
    replicates: Floats,
    tail: Tail,
) -> SuperclusterTest:
    """Put a test together."""
    penalty = float(np.log(trial.coupled.n))
    return SuperclusterTest(
        names[0], names[1], trial.route, 2.0 * (logs[1] - logs[0]), tail.p_value,
        (-2.0 * logs[0] + counts[0] * penalty, -2.0 * logs[1] + counts[1] * penalty),
        (logs[0], logs[1]), (counts[0], counts[1]), len(replicates), tail.n_exceeding,
        tail.standard_error, tail.interval, tail.stopped, replicates, trial.rule.n_init,
        trial.seed,
    )  # fmt: skip
