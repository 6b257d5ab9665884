"""Whether the classes mean the same in every known group (organisations of two sectors, say).

Three models are compared: profiles equal over groups, free for some indicators, free for all.
Class shares always differ between groups. The likelihood ratio is judged by a parametric
bootstrap, because at small numbers and on the boundary it does not follow a chi-square
distribution.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.multiplicity import adjust

from .design import Design, Pair, build_design
from .em import Mapper
from .families import Parameters, Variances
from .fit import Fit, Starts, fit_classes
from .inference_indicator_lr import expanded
from .inference_replicates import (
    Competitor,
    Effort,
    RatioTest,
    bootstrap_effort,
    bootstrap_ratios,
    conclude_ratio,
    fit_all,
    for_layout,
    one_row_a_case,
    refuse_survey_fit,
)
from .options import listed


@dataclass(frozen=True)
class GroupSpec:
    """What is compared over groups.

    Parameters
    ----------
    n_classes : int
        Classes, K.
    n_init : int
        Random starts of every model on the data.
    prior : float
        Pseudo-cases against boundary estimates.
    variances : Variances
        How Gaussian variances are held.
    """

    n_classes: int
    n_init: int = 50
    prior: float = 0.0
    variances: Variances = field(default_factory=Variances)


@dataclass(frozen=True)
class GroupModel:
    """A model with given columns free over groups, fitted.

    Attributes
    ----------
    free : tuple of int
        Indicators whose profiles differ between groups.
    design : Design
        One row a case.
    log_likelihood : float
        Of the best solution.
    n_parameters : int
        Free parameters.
    competitor : Competitor
        The same, to be fitted to replicates.
    fit : Fit
        The engine's result from random starts.
    """

    free: tuple[int, ...]
    design: Design
    log_likelihood: float
    n_parameters: int
    competitor: Competitor
    fit: Fit

    @property
    def bic(self) -> float:
        """Schwarz's criterion, n the number of cases with an answer."""
        return -2.0 * self.log_likelihood + self.n_parameters * float(np.log(self.design.n))


def fit_group_model(
    cases: Design,
    free: Sequence[int],
    spec: GroupSpec,
    below: GroupModel | None = None,
    effort: Effort | None = None,
    mapper: Mapper = map,
) -> GroupModel:
    """Fit a model in which the profiles of some indicators differ between groups.

    Parameters
    ----------
    cases : Design
        Data, one row a case, with known groups.
    free : sequence of int
        Indicators with free profiles.
    spec : GroupSpec
        The rest of the model.
    below : GroupModel, optional
        A model nested in this one; it is a start, so that this one never ends lower.
    effort : Effort, optional
        Stopping rule and seed.
    mapper : callable
        ``map``, or that of a pool of threads.
    """
    effort = effort or Effort()
    items = tuple(replace(item, free=j in set(free)) for j, item in enumerate(cases.layout.items))
    pairs: tuple[Pair, ...] = cases.layout.pairs
    collapsed = build_design(cases.values, items, cases.weight, cases.group, pairs)
    starts = Starts(spec.n_init, effort.entropy)
    fit = fit_classes(
        collapsed, spec.n_classes, starts, effort.settings, spec.prior, spec.variances, mapper
    )
    template = expanded(collapsed)
    known: tuple[Parameters, ...] = (fit.parameters,)
    log_likelihood = fit.log_likelihood
    if below is not None:
        nested = tuple(for_layout(template, p) for p in below.competitor.known)
        known += nested
        quick = replace(effort, n_starts=0)
        again, _ = fit_all(fit.problem, spec.n_classes, nested, 0, quick)
        log_likelihood = max(log_likelihood, float(again[0]))
    columns = tuple(range(len(items)))
    competitor = Competitor(template, columns, spec.n_classes, known, spec.prior, spec.variances)
    return GroupModel(tuple(free), template, log_likelihood, fit.n_parameters, competitor, fit)


def compare_group_models(
    null: GroupModel, alternative: GroupModel, effort: Effort, mapper: Mapper = map
) -> RatioTest:
    """Likelihood-ratio test of two nested models with a parametric bootstrap from the smaller."""
    statistic = 2.0 * (alternative.log_likelihood - null.log_likelihood)
    larger = replace(
        alternative.competitor,
        known=tuple(for_layout(alternative.design, p) for p in null.competitor.known[:1])
        + alternative.competitor.known[:1],
    )
    smaller = replace(null.competitor, known=null.competitor.known[:1])
    source = (null.design, null.fit.parameters)
    draws = bootstrap_ratios(source, [smaller], [larger], effort, mapper)
    return conclude_ratio(statistic, alternative.n_parameters - null.n_parameters, draws)


@dataclass(frozen=True)
class GroupComparison:
    """Equal, partly equal and free profiles over known groups.

    Attributes
    ----------
    models : DataFrame
        Indexed by model (equal, partly, free): n_free, log_likelihood, n_parameters, bic.
    tests : DataFrame
        Indexed by hypothesis (for example "equal within free"): statistic, df, p_value,
        monte_carlo_error.
    indicators : DataFrame
        Indexed by indicator: statistic, df, p_value, p_adjusted (Holm 1979) and bic_gain (fall of
        BIC when its profile alone is freed), each against equal profiles.
    """

    models: pd.DataFrame
    tests: pd.DataFrame
    indicators: pd.DataFrame


def compare_groups(
    design: Design,
    spec: GroupSpec,
    partly: Sequence[int] = (),
    effort: Effort | None = None,
    each: bool = True,
    mapper: Mapper = map,
) -> GroupComparison:
    """Test equal, partly equal and free profiles over known groups.

    Parameters
    ----------
    design : Design
        Data with known groups; weights must be frequencies. Missing answers at random.
    spec : GroupSpec
        The model.
    partly : sequence of int
        Indicators that are free in the model between; none, and there is no such model.
    effort : Effort, optional
        Replicates and starts of the bootstraps.
    each : bool
        Whether to test every indicator by itself.
    mapper : callable
        ``map``, or that of a pool of threads. Results do not depend on it.

    Returns
    -------
    GroupComparison

    Raises
    ------
    InputError
        Without known groups, or for weights that are not whole numbers.
    """
    effort = effort or Effort()
    if design.layout.n_groups < 2:
        raise InputError("groups", ["expected at least two known groups, got one"])
    cases = one_row_a_case(design)
    everything = tuple(range(len(design.layout.items)))
    models = {"equal": fit_group_model(cases, (), spec, None, effort, mapper)}
    if partly:
        models["partly"] = fit_group_model(cases, partly, spec, models["equal"], effort, mapper)
    last = models[list(models)[-1]]
    models["free"] = fit_group_model(cases, everything, spec, last, effort, mapper)
    tests = {}
    names = list(models)
    for i, small in enumerate(names):
        for large in names[i + 1 :]:
            tests[f"{small} within {large}"] = compare_group_models(
                models[small], models[large], effort, mapper
            )
    labels = [design.layout.items[j].name for j in everything]
    return GroupComparison(
        _models_frame(models),
        _tests_frame(tests, "hypothesis"),
        _each(cases, spec, models["equal"], effort, mapper, labels if each else []),
    )


def _models_frame(models: dict[str, GroupModel]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n_free": [len(m.free) for m in models.values()],
            "log_likelihood": [m.log_likelihood for m in models.values()],
            "n_parameters": [m.n_parameters for m in models.values()],
            "bic": [m.bic for m in models.values()],
        },
        index=pd.Index(list(models), name="model"),
    )


def _tests_frame(tests: dict[str, RatioTest], name: str) -> pd.DataFrame:
    columns = ("statistic", "df", "p_value", "monte_carlo_error")
    return pd.DataFrame(
        {c: [getattr(t, c) for t in tests.values()] for c in columns},
        index=pd.Index(list(tests), name=name),
    )


def _each(
    cases: Design,
    spec: GroupSpec,
    equal: GroupModel,
    effort: Effort,
    mapper: Mapper,
    labels: list[str],
) -> pd.DataFrame:
    tests: dict[str, RatioTest] = {}
    gains: list[float] = []
    for j, label in enumerate(labels):
        mine = replace(effort, entropy=effort.start_entropy(10_000 + j))
        freed = fit_group_model(cases, (j,), spec, equal, effort, mapper)
        tests[label] = compare_group_models(equal, freed, mine, mapper)
        gains.append(equal.bic - freed.bic)
    frame = _tests_frame(tests, "indicator")
    frame.insert(3, "p_adjusted", adjust(frame["p_value"].to_numpy(dtype=float), "holm"))
    frame["bic_gain"] = gains
    return frame


def group_tests(
    model: Any,
    partly: Sequence[Hashable] = (),
    n_boot: int = 199,
    n_starts: int = 10,
    each: bool = True,
    random_state: int | np.random.RandomState | None = 0,
    n_jobs: int | None = None,
) -> GroupComparison:
    """Test equal, partly equal and free profiles for a fitted model with known groups.

    Parameters
    ----------
    model : LatentClassModel
        Fitted with `group` and without survey weights; its number of classes, families, pairs and
        prior are kept, whichever profiles it had free.
    partly : column or sequence of columns
        Indicators that are free in the model between equal and free.
    n_boot, n_starts, random_state : int
        Replicates, random starts a replicate, and the seed (or a RandomState, or None).
    each : bool
        Whether to test every indicator by itself.
    n_jobs : int, optional
        Threads; results do not depend on it.

    Returns
    -------
    GroupComparison

    Raises
    ------
    InputError
        Without known groups, or for a column that is no indicator.
    SurveyWeightError
        For a model fitted under survey weights.
    OptionError
        For replicates, starts or a seed outside their range.

    Examples
    --------
    >>> import pandas as pd
    >>> import numpy as np
    >>> from swvtypes.lca import LatentClassModel, group_tests
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=300)
    >>> X = (rng.random((300, 5)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> frame = pd.DataFrame(X, columns=list("abcde")).assign(sector=["po", "vo"] * 150)
    >>> model = LatentClassModel(2, group="sector", n_init=10, random_state=1).fit(frame)
    >>> compared = group_tests(model, n_boot=19, n_starts=1, each=False)
    >>> list(compared.models.index), list(compared.tests.index)
    (['equal', 'free'], ['equal within free'])
    """
    from .threads import workers

    effort = bootstrap_effort(n_boot, n_starts, random_state)
    names = list(model.indicator_types_.index)
    refuse_survey_fit("a test of groups", model)
    asked = list(dict.fromkeys(listed(partly)))
    unknown = [f"no indicator {name!r}" for name in asked if name not in names]
    if unknown:
        raise InputError("partly", unknown)
    problem = model.fit_.problem
    spec = GroupSpec(
        model.fit_.parameters.n_classes, int(model.n_init), problem.prior, problem.variances
    )
    positions = [names.index(name) for name in asked]
    with workers(n_jobs) as mapper:
        found = compare_groups(model.design_, spec, positions, effort, each, mapper)
    found.indicators.index = pd.Index(names if each else [], name="indicator")
    return found
