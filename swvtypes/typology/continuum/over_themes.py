"""Types, a continuum or independence over themes: the question one level up."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import InputError
from swvtypes.lca.bootstrap_likelihood_ratio import refuse_survey_weight, warn_few_starts
from swvtypes.lca.design import Design, Floats, Integers
from swvtypes.lca.families import Variances, count_parameters, unpack
from swvtypes.lca.fit import Starts
from swvtypes.lca.model import check_whole
from swvtypes.lca.options import seed_of
from swvtypes.lca.replicates import (
    BLOCK,
    Work,
    best_fits,
    rows_of,
    run_blocks,
    stack_designs,
)
from swvtypes.lca.tail import tail_of
from swvtypes.lca.threads import workers

from .candidates import Candidates
from .deciding import (
    LEAST_UNITS,
    ContinuumOptions,
    Plan,
    check_level,
    check_limits,
    fit_table,
    read_theme,
    table_of_tests,
    types_or_continuum,
)
from .line_model import SHAPES
from .measured import Measured
from .replication import HYPOTHESES, SIGN, STATISTIC, Hypothesis, Test, hypothesis_seed
from .replication import parameters_under as second_step_under
from .theme_replicates import (
    ThemeData,
    ThemePopulation,
    collapsed,
    fit_second_step,
    measured_themes,
    theme_statistics,
)
from .verdict import Verdict, decide


def types_or_continuum_by_theme(
    frame: pd.DataFrame, themes: Mapping[str, Sequence[Hashable]], **options: Any
) -> dict[str, Verdict]:
    """Ask :func:`types_or_continuum` of each theme.

    Parameters
    ----------
    frame : DataFrame
        Answers; NaN where missing.
    themes : mapping of str to sequence of columns
        The columns of each theme.
    **options
        Of :func:`types_or_continuum`; ``indicators`` and ``scores`` may name columns of all
        themes. Every theme gets the same seed.

    Returns
    -------
    dict of str to Verdict
        Error rates hold for each theme by itself, not for all together.

    Raises
    ------
    InputError
        For columns that the frame lacks; else as :func:`types_or_continuum`.
    """
    check_themes(frame, themes)
    options["random_state"] = seed_of(options.get("random_state"))
    found = {}
    for name, columns in themes.items():
        own = dict(options)
        for key in ("indicators", "scores"):
            if own.get(key):
                own[key] = {c: v for c, v in own[key].items() if c in columns}
        found[name] = types_or_continuum(frame[list(columns)], **own)
    return found


def check_themes(frame: pd.DataFrame, themes: Mapping[str, Sequence[Hashable]]) -> None:
    """Raise an InputError for themes without columns, and for columns that are not there."""
    faults = []
    if not themes:
        faults.append("expected at least one theme, got none")
    for name, columns in themes.items():
        if not len(columns):
            faults.append(f"theme {name!r}: no columns")
        faults += [f"theme {name!r}: no column {c!r}" for c in columns if c not in frame.columns]
    if faults:
        raise InputError("themes", faults)


def types_or_continuum_over_themes(  # noqa: PLR0913
    frame: pd.DataFrame,
    themes: Mapping[str, Sequence[Hashable]],
    *,
    n_theme_classes: Mapping[str, int] | None = None,
    max_theme_classes: int = 3,
    max_classes: int = 3,
    n_boot: int = 99,
    n_init: int = 10,
    line_init: int = 4,
    level: float = 0.05,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    show_progress: bool = False,
    **options: Unpack[ContinuumOptions],
) -> Verdict:
    """Decide between types, a continuum and independence of themes.

    The units are the classes of themes, each theme measured by its own items. Step one fits each
    theme; step two maximises the likelihood of the second level with P(answers | class) held
    fixed (Bakk and Kuha 2018): themes independent; the logits of the theme classes linear in one
    trait (normal, uniform or skewed); or 2 .. `max_classes` free types. The bootstrap draws a
    point of the second level, theme classes and answers, missing where the data are missing, and
    repeats both steps; the number of classes of each theme is kept. Dependence within a theme
    beyond its classes counts for neither hypothesis.

    Parameters
    ----------
    frame : DataFrame
        Answers, as :class:`swvtypes.lca.LatentClassModel` takes them; NaN where missing; no row
        is dropped.
    themes : mapping of str to sequence of columns
        The columns of each theme.
    n_theme_classes : mapping of str to int, optional
        Classes of each theme; left out, the number with the lowest BIC up to
        `max_theme_classes`. A theme with one class takes no part; at least three must remain.
    max_theme_classes : int
        See `n_theme_classes`.
    max_classes, n_boot, n_init, line_init, level
        As :func:`types_or_continuum` takes them, of the second level; themes are fitted from
        `n_init` starts.
    sample_weight : array-like, shape (n,), optional
        Frequencies, whole numbers.
    survey_weight : optional
        Not accepted.
    random_state, n_jobs, show_progress
        As :func:`types_or_continuum` takes them.
    **options
        ``indicators`` and ``scores`` of the columns of all themes.

    Returns
    -------
    Verdict
        With ``scope`` "themes". Log-likelihoods in `fits` are relative to the likeliest class of
        each theme for each case: differences count.

    Raises
    ------
    OptionError, InputError, WeightError, SurveyWeightError
        As :func:`types_or_continuum`; InputError also for columns that are not there and for
        fewer than three themes with two or more classes.
    """
    check_limits(max_classes, 2, line_init, n_boot)
    check_whole("max_theme_classes", max_theme_classes, 2)
    check_level(level)
    refuse_survey_weight("a verdict on types or a continuum", survey_weight)
    warn_few_starts(n_init)
    check_themes(frame, themes)
    _check_theme_classes(themes, n_theme_classes)
    seed = seed_of(random_state)
    work = Work(n_jobs, show_progress, "types or a continuum over themes")
    plan = Plan(max_classes, 2, n_boot, n_init, line_init, level, seed, work)
    data = _read_themes(frame, themes, sample_weight, options)
    asked = n_theme_classes or {}
    measured = [
        _fit_theme(cases, asked.get(name), max_theme_classes, plan) for name, cases in data.items()
    ]
    taking_part = [theme for theme in measured if theme.n_classes > 1]
    if len(taking_part) < LEAST_UNITS:
        raise InputError(
            "themes",
            [f"expected at least {LEAST_UNITS} themes with two or more classes, got "
             f"{len(taking_part)}: fewer identify neither types nor a trait"],
        )  # fmt: skip
    return _decide(taking_part, plan)


def _check_theme_classes(
    themes: Mapping[str, Sequence[Hashable]], asked: Mapping[str, int] | None
) -> None:
    if asked is None:
        return
    wrong = sorted(set(themes) ^ set(asked))
    if wrong:
        raise InputError(
            "n_theme_classes", [f"expected one number for each theme; differs for {wrong}"]
        )
    for name, k in asked.items():
        check_whole(f"n_theme_classes[{name!r}]", k, 1)


def _read_themes(
    frame: pd.DataFrame,
    themes: Mapping[str, Sequence[Hashable]],
    sample_weight: ArrayLike | None,
    options: ContinuumOptions,
) -> dict[str, Design]:
    """Write every theme as one row a case, in an order that the rows' order does not touch."""
    designs = {}
    for name, columns in themes.items():
        families, scores = options.get("indicators"), options.get("scores")
        own: ContinuumOptions = {
            "indicators": {c: v for c, v in (families or {}).items() if c in columns},
            "scores": {c: v for c, v in (scores or {}).items() if c in columns},
        }
        designs[name] = read_theme(frame[list(columns)], sample_weight, own)
    counts = _frequencies(len(frame), sample_weight)
    patterns = np.stack([design.inverse for design in designs.values()])
    order = np.lexsort(patterns[::-1])
    cases = np.repeat(patterns[:, order], counts[order], axis=1)
    ones = np.ones(cases.shape[1])
    return {
        name: rows_of(design, cases[t], ones) for t, (name, design) in enumerate(designs.items())
    }


def _frequencies(n_rows: int, sample_weight: ArrayLike | None) -> Integers:
    """Frequencies of the rows that count."""
    from swvtypes.errors import WeightError

    if sample_weight is None:
        return np.ones(n_rows, dtype=np.intp)
    weight = np.asarray(sample_weight, dtype=float)
    weight = weight[weight > 0]
    if np.abs(weight - np.rint(weight)).max() > 1e-9:
        raise WeightError(
            "sample_weight", ["a bootstrap draws whole cases: expected whole numbers as "
                              "frequencies"]
        )  # fmt: skip
    return np.asarray(np.rint(weight), dtype=np.intp)


def _fit_theme(cases: Design, asked: int | None, most: int, plan: Plan) -> ThemeData:
    """Fit one theme with the number of classes asked, or the one with the lowest BIC."""
    design = collapsed(cases)
    rule = plan.models.rule
    problem = stack_designs([design], rule)
    starts = [Starts(plan.n_init, plan.seed)]
    best: tuple[float, int, Floats] | None = None
    with workers(1):
        for K in range(1, most + 1) if asked is None else (asked,):
            fit = best_fits(problem, K, starts, rule)
            p = count_parameters(design.layout, K, Variances())
            bic = float(-2.0 * fit.log_likelihood[0] + np.log(design.n) * p)
            if best is None or bic < best[0]:
                best = (bic, K, fit.A[:, 0])
    assert best is not None
    return ThemeData(cases, best[1], unpack(design.layout, np.ascontiguousarray(best[2])))


def _decide(themes: Sequence[ThemeData], plan: Plan) -> Verdict:
    models = plan.models
    starts = [Starts(plan.n_init, plan.seed)]
    with workers(1):
        measured = measured_themes([[t.cases] for t in themes], themes, starts, models.rule)
        found = fit_second_step(measured, models, [plan.seed])
    tests = [_test(name, themes, measured, found, plan) for name in HYPOTHESES]
    table = table_of_tests(tests, plan.level)
    p_values = {str(name): float(p) for name, p in table["p_value"].items()}
    return Verdict(
        decide(p_values, plan.level), fit_table(found, [], plan), table, "themes",
        float(found.n[0]), len(themes), int(found.n_types[0]), SHAPES[int(found.shape[0])],
        float(plan.level), plan.seed,
    )  # fmt: skip


def _test(
    hypothesis: Hypothesis,
    themes: Sequence[ThemeData],
    measured: Measured,
    found: Candidates,
    plan: Plan,
) -> Test:
    layout = measured.problem.layout
    population = ThemePopulation(
        tuple(themes), second_step_under(hypothesis, layout, found),
        tuple(theme.n_classes for theme in themes), hypothesis_seed(plan.seed, hypothesis),
    )  # fmt: skip
    models = plan.models
    cells = float(plan.n_boot) * plan.n_init * measured.problem.X.size * 10
    block = partial(theme_statistics, population, models)
    blocks = list(run_blocks(block, -(-plan.n_boot // BLOCK), cells, plan.work))
    which = STATISTIC[hypothesis]
    replicates = np.concatenate(blocks)[: plan.n_boot, which]
    statistic = float(found.statistics[0, which])
    tail = tail_of(SIGN[hypothesis] * replicates, SIGN[hypothesis] * statistic)[1]
    return Test(hypothesis, statistic, tail, replicates)
