"""A likelihood-ratio test of every indicator that holds at small numbers and on the boundary.

Under the hypothesis that an indicator has the same profile in all classes it is independent of
everything else, so that the restricted model is the model of the other indicators and, apart from
it, one class for this one. The distribution of the statistic is drawn from that model: no
chi-square distribution, which small numbers and boundary estimates make useless, is needed.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError

from .design import Design, Pair, build_design
from .em import Mapper
from .families import Parameters, Table, count_parameters
from .fit import Fit, Starts, fit_classes
from .inference_replicates import (
    Competitor,
    Effort,
    RatioTest,
    bootstrap_effort,
    bootstrap_ratios,
    conclude_ratio,
    one_row_a_case,
    refuse_survey_fit,
    restrict,
    subset,
)
from .options import listed


@dataclass(frozen=True)
class _Parts:
    """The restricted model: the other indicators, and this one in one class."""

    rest: Fit
    rest_design: Design
    alone: Fit
    alone_design: Design


def indicator_ratio_test(
    fit: Fit,
    design: Design,
    item: int,
    effort: Effort | None = None,
    n_init: int = 20,
    mapper: Mapper = map,
) -> RatioTest:
    """Test that one indicator has the same profile in all classes.

    Parameters
    ----------
    fit : Fit
        Model of all indicators.
    design : Design
        Its data; weights must be frequencies.
    item : int
        Position of the indicator.
    effort : Effort, optional
        Replicates and starts of the bootstrap.
    n_init : int
        Random starts of the restricted model, besides the fitted one.
    mapper : callable
        ``map``, or that of a pool of threads. Results do not depend on it.

    Returns
    -------
    RatioTest

    Raises
    ------
    InputError
        For weights that are not whole numbers, an item of a local-dependence pair, or a model
        of one indicator or one class.
    """
    effort = effort or Effort()
    _check(fit, design, [item])
    cases = one_row_a_case(design)
    others = [j for j in range(len(design.layout.items)) if j != item]
    parts = _restricted(fit, cases, item, others, Starts(n_init, effort.entropy), mapper)
    null = _independent(fit, parts, item, others)
    K, prior, variances = fit.parameters.n_classes, fit.problem.prior, fit.problem.variances
    full = Competitor(
        cases, tuple(range(len(others) + 1)), K, (null, fit.parameters), prior, variances
    )
    known = (parts.rest.parameters, restrict(fit.parameters, subset(cases, others)))
    rest = Competitor(parts.rest_design, tuple(others), K, known, prior, variances)
    alone = Competitor(parts.alone_design, (item,), 1, (), 0.0, variances)
    top = max(fit.log_likelihood, float(full.log_likelihoods([cases.values], 0, effort)[0]))  # noqa: PD011
    below = max(
        parts.rest.log_likelihood,
        float(rest.log_likelihoods([cases.values], 0, effort)[0]),  # noqa: PD011
    )
    statistic = 2.0 * (top - below - parts.alone.log_likelihood)
    draws = bootstrap_ratios((cases, null), [rest, alone], [full], effort, mapper)
    df = fit.n_parameters - parts.rest.n_parameters - count_parameters(
        parts.alone_design.layout, 1, variances
    )  # fmt: skip
    return conclude_ratio(statistic, df, draws)


def _check(fit: Fit, design: Design, items: Sequence[int]) -> None:
    """Raise an InputError where the hypothesis cannot be stated, with every fault."""
    paired = {j for p in design.layout.pairs for j in (p.first, p.second)}
    faults = [
        f"{design.layout.items[j].name!r} stands in a local-dependence pair: its own profile "
        "cannot be freed"
        for j in items
        if j in paired
    ]
    if len(design.layout.items) < 2:
        faults.append("expected at least two indicators, got one")
    if fit.parameters.n_classes < 2:
        faults.append("expected at least two classes, got one")
    if faults:
        raise InputError("indicator test", faults)


def _restricted(
    fit: Fit, cases: Design, item: int, others: list[int], starts: Starts, mapper: Mapper
) -> _Parts:
    layout = cases.layout
    place = subset(cases, others)
    pairs = [Pair(place[p.first], place[p.second], p.kind) for p in layout.pairs]
    designs = []
    for columns, kept in ((others, pairs), ([item], [])):
        values = cases.values[:, columns]  # noqa: PD011
        items = [layout.items[j] for j in columns]
        collapsed = build_design(values, items, None, cases.group, kept)
        designs.append((collapsed, expanded(collapsed)))
    K, problem = fit.parameters.n_classes, fit.problem
    rest = fit_classes(designs[0][0], K, starts, None, problem.prior, problem.variances, mapper)
    alone = fit_classes(designs[1][0], 1, Starts(1), None, 0.0, problem.variances)
    return _Parts(rest, designs[0][1], alone, designs[1][1])


def expanded(design: Design) -> Design:
    """Give every row of the data its own row, in the order of the data."""
    index = design.inverse
    empty = np.isnan(design.values[index]).all(axis=1)  # noqa: PD011
    return Design(
        design.layout, design.X[index], np.where(empty, 0.0, 1.0), design.base[index],
        design.group[index], design.values[index], np.arange(len(index)),  # noqa: PD011
    )  # fmt: skip


def _independent(fit: Fit, parts: _Parts, item: int, others: list[int]) -> Parameters:
    """State the restricted model as a model of all indicators."""
    K = fit.parameters.n_classes
    back = dict(enumerate(others))
    tables = [
        Table(t.kind, tuple(back[i] for i in t.items), t.group, t.values)
        for t in parts.rest.parameters.tables
    ]
    tables += [
        Table(t.kind, (item,), t.group, np.repeat(t.values, K, axis=0))
        for t in parts.alone.parameters.tables
    ]
    return Parameters(parts.rest.parameters.log_shares, tuple(tables))


def indicator_ratio_tests(
    model: Any,
    indicators: Sequence[Hashable] | None = None,
    n_boot: int = 199,
    n_starts: int = 10,
    random_state: int | np.random.RandomState | None = 0,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Test every indicator of a fitted :class:`~swvtypes.lca.LatentClassModel`.

    Parameters
    ----------
    model : LatentClassModel
        Fitted without survey weights.
    indicators : column or sequence of columns, optional
        Which to test; all when left out.
    n_boot, n_starts : int
        Replicates, and random starts a replicate.
    random_state : int, RandomState instance or None
        Seed.
    n_jobs : int, optional
        Threads; results do not depend on it.

    Returns
    -------
    DataFrame
        Indexed by indicator: statistic, df, p_value, p_adjusted (Holm 1979), monte_carlo_error.

    Raises
    ------
    InputError
        For a column that is no indicator or stands in a local-dependence pair, one class, or
        weights that are not whole numbers.
    SurveyWeightError
        For a model fitted under survey weights.
    OptionError
        For replicates, starts or a seed outside their range.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.lca import LatentClassModel, indicator_ratio_tests
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=300)
    >>> X = (rng.random((300, 5)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> model = LatentClassModel(2, n_init=10, random_state=1).fit(X)
    >>> table = indicator_ratio_tests(model, [0], n_boot=19, n_starts=1)
    >>> float(table.loc[0, "p_value"]), int(table.loc[0, "df"])
    (0.05, 1)
    """
    from swvtypes.multiplicity import adjust

    from .threads import workers

    effort = bootstrap_effort(n_boot, n_starts, random_state)
    names = list(model.indicator_types_.index)
    refuse_survey_fit("an indicator test", model)
    asked = names if indicators is None else list(dict.fromkeys(listed(indicators)))
    unknown = [f"no indicator {name!r}" for name in asked if name not in names]
    if unknown:
        raise InputError("indicators", unknown)
    _check(model.fit_, model.design_, [names.index(name) for name in asked])
    tests = []
    with workers(n_jobs) as mapper:
        for name in asked:
            mine = replace(effort, entropy=effort.start_entropy(names.index(name)))
            tests.append(indicator_ratio_test(model.fit_, model.design_, names.index(name), mine,
                                        mapper=mapper))  # fmt: skip
    p = np.array([t.p_value for t in tests])
    return pd.DataFrame(
        {
            "statistic": [t.statistic for t in tests],
            "df": [t.df for t in tests],
            "p_value": p,
            "p_adjusted": adjust(p, "holm"),
            "monte_carlo_error": [t.monte_carlo_error for t in tests],
        },
        index=pd.Index(asked, name="indicator"),
    )
