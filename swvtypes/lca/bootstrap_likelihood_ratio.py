"""The bootstrap likelihood-ratio test of the number of classes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from swvtypes.errors import (
    BoundaryWarning,
    FewStartsWarning,
    FoundOnceWarning,
    ManyParametersWarning,
    SurveyWeightError,
)

from .design import Floats
from .em import Settings
from .estimator import LatentClassModel
from .model import check_whole
from .options import ModelOptions, seed_of
from .replicates import (
    BLOCK,
    ENOUGH_STARTS,
    Population,
    Rule,
    Work,
    best_fits,
    draw_replicate,
    fit_by_rule,
    one_row_a_case,
    portions,
    replicate_starts,
    run_blocks,
    stack_designs,
)
from .tail import Tail, tail_of
from .threads import workers


@dataclass(frozen=True)
class BootstrapTest:
    """Result of :func:`bootstrap_lrt`.

    Attributes
    ----------
    n_classes : int
        Classes under the null hypothesis, K; the alternative has K + 1.
    statistic : float
        Twice the difference of the log-likelihoods.
    p_value : float
        (b + 1) / (B + 1), where b of B replicates reach the statistic; h / B when the test
        stopped at the h-th such replicate.
    n_boot : int
        Replicates drawn, B.
    n_asked : int
        Replicates asked.
    n_exceeding : int
        Replicates that reach the statistic, b.
    standard_error : float
        Monte Carlo standard error of the p-value.
    interval : tuple of float
        95% interval for the p-value that infinitely many replicates would give.
    stopped : bool
        Whether the sequential stop ended the test.
    replicates : ndarray, shape (B,)
        Statistics of the replicates, in order.
    log_likelihood : tuple of float
        Of the null and the alternative.
    times_found : tuple of int
        Starts that came to the best null and the best alternative.
    n_init : int
        Starts of every data set, real or simulated.
    n_negative : int
        Replicates whose alternative ended below its null: a sign of too few starts.
    seed : int
        Gives the same test again.
    """

    n_classes: int
    statistic: float
    p_value: float
    n_boot: int
    n_asked: int
    n_exceeding: int
    standard_error: float
    interval: tuple[float, float]
    stopped: bool
    replicates: Floats
    log_likelihood: tuple[float, float]
    times_found: tuple[int, int]
    n_init: int
    n_negative: int
    seed: int

    def _repr_html_(self) -> str:
        from .tables_html import key_values_html

        low, high = self.interval
        stop = " (stopped early)" if self.stopped else ""
        return key_values_html(
            f"Bootstrap likelihood-ratio test, {self.n_classes} against "
            f"{self.n_classes + 1} classes",
            {
                "statistic": f"{self.statistic:.3f}",
                "p-value": f"{self.p_value:.4f}",
                "Monte Carlo error": f"{self.standard_error:.4f}",
                "95% interval of p": f"{low:.4f} to {high:.4f}",
                "replicates": f"{self.n_boot}{stop}, {self.n_exceeding} reach the statistic",
                "replicates' mean": f"{self.replicates.mean():.3f}",
                "starts": f"{self.n_init} a data set; the data's best alternative was found "
                f"{self.times_found[1]} times",
            },
        )


def bootstrap_lrt(  # noqa: PLR0913
    X: Any,
    n_classes: int = 2,
    n_boot: int = 499,
    *,
    n_init: int = 20,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
    random_state: int | np.random.RandomState | None = None,
    stop_after: int | None = None,
    n_jobs: int | None = None,
    show_progress: bool = False,
    **options: Unpack[ModelOptions],
) -> BootstrapTest:
    """Test `n_classes` classes against one more by a parametric bootstrap.

    Replicates are drawn from the fitted null model, missing where the data are missing, and
    fitted from as many starts and by the same stopping rule as the data: with fewer, the null
    distribution would be too low and the test would reject too often (McLachlan 1987; Nylund,
    Asparouhov and Muthén 2007).

    Parameters
    ----------
    X : DataFrame or array-like, shape (n, J)
        Answers, as :class:`LatentClassModel` takes them; NaN where missing.
    n_classes : int
        Classes under the null hypothesis.
    n_boot : int
        Replicates, B. More replicates keep the earlier ones.
    n_init : int
        Starts of each model on each data set, the real one included.
    sample_weight : array-like, shape (n,), optional
        Frequencies, whole numbers.
    survey_weight : optional
        Not accepted: the test has no meaning under survey weights.
    random_state : int, RandomState instance or None
        Seed; the answer does not depend on the number of workers.
    stop_after : int, optional
        Stop once this many replicates h have reached the statistic; the p-value is then h over
        the replicates drawn (Besag and Clifford 1991), and still exact. 10 saves most of the
        work where the null holds.
    n_jobs : int, optional
        Worker processes for large tests; all cores when left out.
    show_progress : bool
        Whether to draw a progress bar on standard error.
    **options
        Other options of :class:`LatentClassModel`. With a prior both models are posterior modes.

    Returns
    -------
    BootstrapTest

    Raises
    ------
    OptionError, InputError, WeightError
        As the model raises them; WeightError for frequencies that are no whole numbers.
    SurveyWeightError
        When survey weights are given.

    Warns
    -----
    FewStartsWarning
        When `n_init` is below 10.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.lca import bootstrap_lrt
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=200)
    >>> X = (rng.random((200, 6)) < np.where(classes, 0.85, 0.2)[:, None]).astype(int)
    >>> bootstrap_lrt(X, n_classes=1, n_boot=19, random_state=1).p_value
    0.05
    """
    check_whole("n_classes", n_classes, 1)
    check_whole("n_boot", n_boot, 1)
    if stop_after is not None:
        check_whole("stop_after", stop_after, 1)
    refuse_survey_weight("the bootstrap likelihood-ratio test", survey_weight)
    warn_few_starts(n_init)
    seed = seed_of(random_state)
    model = null_model(X, n_classes, n_init, seed, sample_weight, options)
    work = Work(n_jobs, show_progress, "bootstrap likelihood-ratio test", stop_after is not None)
    return ratio_test(model, int(n_boot), int(n_init), seed, stop_after, work)


def refuse_survey_weight(what: str, survey_weight: ArrayLike | None) -> None:
    """Raise a SurveyWeightError when survey weights are given."""
    if survey_weight is not None:
        raise SurveyWeightError(
            "survey_weight",
            [
                f"{what} needs a likelihood; under survey weights there is a pseudo-likelihood "
                "only: leave them out, or give frequencies as sample_weight"
            ],
        )


def warn_few_starts(n_init: int) -> None:
    """Warn when replicates get so few starts that their likelihood ratios fall short."""
    check_whole("n_init", n_init, 1)
    if n_init < ENOUGH_STARTS:
        warnings.warn(
            f"{n_init} starts a data set: with fewer than {ENOUGH_STARTS} many replicates end in "
            "local maxima, and the null distribution is too low",
            FewStartsWarning,
            stacklevel=3,
        )


def null_model(
    X: Any,
    n_classes: int,
    n_init: int,
    seed: int,
    sample_weight: ArrayLike | None,
    options: ModelOptions,
) -> LatentClassModel:
    """Fit the model that replicates are drawn from; its own shortcomings are no news here."""
    model = LatentClassModel(
        n_classes=n_classes, n_init=n_init, random_state=seed, n_jobs=1, **options
    )
    with warnings.catch_warnings():
        for kind in (BoundaryWarning, FoundOnceWarning, ManyParametersWarning):
            warnings.simplefilter("ignore", kind)
        return model.fit(X, sample_weight=sample_weight)


def ratio_test(
    model: LatentClassModel,
    n_boot: int,
    n_init: int,
    seed: int,
    stop_after: int | None = None,
    work: Work | None = None,
) -> BootstrapTest:
    """Test a fitted model against one class more; see :func:`bootstrap_lrt`."""
    K = int(model.n_classes)
    rule = rule_of(model, n_init)
    null, alternative = (fit_by_rule(model.fit_, model.design_, k, rule, seed) for k in (K, K + 1))
    statistic = 2.0 * float(alternative.log_likelihood[0] - null.log_likelihood[0])
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, seed)
    replicates, tail = _collect(population, rule, K, statistic, n_boot, stop_after, work or Work())
    return BootstrapTest(
        K, statistic, tail.p_value, len(replicates), n_boot, tail.n_exceeding,
        tail.standard_error, tail.interval, tail.stopped, replicates,
        (float(null.log_likelihood[0]), float(alternative.log_likelihood[0])),
        (int(null.times_found[0]), int(alternative.times_found[0])),
        n_init, int((replicates < -1e-4).sum()), seed,
    )  # fmt: skip


def rule_of(model: LatentClassModel, n_init: int) -> Rule:
    """Give the rule by which a model was fitted, with a number of starts."""
    problem = model.fit_.problem
    settings = Settings(int(model.max_iter), float(model.tol))
    return Rule(n_init, settings, problem.prior, problem.variances)


def _collect(
    population: Population,
    rule: Rule,
    n_classes: int,
    statistic: float,
    n_boot: int,
    stop_after: int | None,
    work: Work,
) -> tuple[Floats, Tail]:
    shape = population.cases.X.shape
    cells = float(n_boot) * rule.n_init * shape[0] * shape[1] * (2 * n_classes + 1)
    block = partial(replicate_ratios, population, rule, n_classes)
    blocks = run_blocks(block, -(-n_boot // BLOCK), cells, work)
    found = np.empty(0)
    for ratios in blocks:
        found = np.concatenate([found, ratios])[:n_boot]
        if stop_after is not None and (found >= statistic - Tail.TIE).sum() >= stop_after:
            break
    return tail_of(found, statistic, stop_after)


def replicate_ratios(population: Population, rule: Rule, n_classes: int, block: int) -> Floats:
    """Likelihood-ratio statistics of the replicates of one block, shape (BLOCK,)."""
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    found = []
    with workers(1):
        for part in portions(numbers, population.cases.X.size):
            problem = stack_designs([draw_replicate(population, r) for r in part], rule)
            starts = [replicate_starts(population.seed, r, rule.n_init) for r in part]
            null, alternative = (
                best_fits(problem, K, starts, rule).log_likelihood
                for K in (n_classes, n_classes + 1)
            )
            found.append(2.0 * (alternative - null))
    return np.concatenate(found)
