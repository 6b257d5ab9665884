"""Analysing one theme: classes, their number, and the items that tell them apart."""

from __future__ import annotations

import warnings
from copy import copy

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import InputError, SurveyWeightError, SwvtypesWarning
from swvtypes.lca import BootstrapTest, ClassEnumeration, LatentClassModel, enumerate_classes
from swvtypes.lca.bootstrap_likelihood_ratio import ratio_test
from swvtypes.lca.model import read_indicators
from swvtypes.lca.options import seed_of
from swvtypes.lca.replicates import Work
from swvtypes.typology.selection.identifying import most_classes
from swvtypes.typology.selection.searching import VariableSelection, select_variables
from swvtypes.typology.selection.table import selection_table
from swvtypes.typology.selection.testing import indicator_ratios, indicator_tests

from .choosing import choose_classes, with_tests
from .options import ThemeOptions
from .preparing import prepare_theme
from .result import ThemeResult
from .specification import ThemeSpec

_ENOUGH_STEPS, _ENOUGH_TOL = 500, 1e-7


def analyse_theme(
    frame: pd.DataFrame,
    spec: ThemeSpec,
    options: ThemeOptions | None = None,
    random_state: int | np.random.RandomState | None = None,
    *,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
) -> ThemeResult:
    """Analyse one theme: enumerate classes, choose their number, test the items.

    Parameters
    ----------
    frame : DataFrame, shape (n, ..)
        Answers by organisation, the columns that the items are made of among them; missing where
        there is no answer. From a wave: :func:`~swvtypes.typology.themes.theme_frame`.
    spec : ThemeSpec
        The theme.
    options : ThemeOptions, optional
        How it is analysed.
    random_state : int, RandomState or None
        Seed.
    sample_weight : array-like, shape (n,), optional
        Frequencies: weight 2 is the row twice.
    survey_weight : array-like, optional
        Not accepted: the number of classes is chosen by BIC and bootstrap, which need a
        likelihood.

    Returns
    -------
    ThemeResult
        With one class where the theme has none: a finding, not a failure.

    Raises
    ------
    InputError
        For columns that are not there, and a theme of which no item is left.
    SurveyWeightError
        When survey weights are given.
    WeightError
        As the model raises it; also for frequencies that are no whole numbers, unless `quick`.

    Notes
    -----
    Missing answers are taken as missing at random (full-information likelihood); no row is
    dropped. The bootstrap tests one class more at a time and stops at the first step that it does
    not support, so that its replicates go where they decide.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from swvtypes.typology.themes import ThemeOptions, analyse_theme, theme_specs
    >>> rng = np.random.default_rng(1)
    >>> kind = rng.integers(2, size=150)[:, None]
    >>> answers = (rng.random((150, 4)) < np.where(kind, 0.9, 0.2)).astype(int)
    >>> frame = pd.DataFrame(answers, columns=list("abcd"))
    >>> spec = theme_specs(frame, {"letters": list("abcd")})["letters"]
    >>> analyse_theme(frame, spec, ThemeOptions(quick=True, n_init=10), 1).n_classes
    2
    """
    options = options or ThemeOptions()
    if survey_weight is not None:
        raise SurveyWeightError(
            spec.name,
            ["the number of classes is chosen by BIC and bootstrap, which need a likelihood: leave "
             "survey weights out, or give frequencies as sample_weight"],
        )  # fmt: skip
    seed = seed_of(random_state)
    weight = None if sample_weight is None else np.asarray(sample_weight, dtype=float)
    recoded, resolved = prepare_theme(frame, spec, options.rarest, weight)
    if not resolved.active:
        why = [f"{o.name}: {o.reason.en}" for o in resolved.left_out]
        raise InputError(spec.name, ["no active item is left", *why])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        found = _enumerate(recoded, resolved, options, seed, weight)
        found = with_tests(found, _tests(found, options, seed), options)
        choice = choose_classes(found, options)
        model = found.models[choice.n_classes]
        ratio, search = _other_routes(model, options, seed)
    selection = selection_table(
        model, ratio, search,
        decide=options.decide, level=options.level, adjustment=options.adjustment,
    )  # fmt: skip
    selected = tuple(selection.index[selection["selected"]])
    return ThemeResult(
        spec.name, resolved, choice.n_classes, model, found, choice, selection, selected, search,
        recoded,
    )  # fmt: skip


def _enumerate(
    recoded: pd.DataFrame,
    spec: ThemeSpec,
    options: ThemeOptions,
    seed: int,
    weight: np.ndarray[tuple[int], np.dtype[np.float64]] | None,
) -> ClassEnumeration:
    seen = recoded if weight is None or not (weight > 0).any() else recoded[weight > 0]
    items = [i.item() for i in read_indicators(seen, spec.kinds)]
    most = most_classes(items, min(options.max_classes, max(len(seen) - 1, 1)))
    return enumerate_classes(
        recoded, range(1, most + 1), n_init=options.n_init, limits=options.limits,
        sample_weight=weight, random_state=seed, n_jobs=options.n_jobs,
        indicators=spec.kinds, prior=options.prior,
    )  # fmt: skip


def _tests(found: ClassEnumeration, options: ThemeOptions, seed: int) -> dict[int, BootstrapTest]:
    """Test one class more at a time, as far as the test supports it."""
    tests: dict[int, BootstrapTest] = {}
    if options.quick:
        return tests
    for k, fitted in sorted(found.models.items()):
        if k + 1 not in found.models:
            break
        # Data and replicates alike are fitted only as far as a likelihood ratio needs.
        model = copy(fitted)
        model.max_iter, model.tol = _ENOUGH_STEPS, _ENOUGH_TOL
        work = Work(options.n_jobs, few_at_once=options.stop_after is not None)
        tests[k] = ratio_test(
            model, options.n_boot, options.boot_n_init, seed, options.stop_after, work
        )
        if not tests[k].p_value <= options.level:
            break
    return tests


def _other_routes(
    model: LatentClassModel, options: ThemeOptions, seed: int
) -> tuple[pd.DataFrame | None, VariableSelection | None]:
    if options.quick:
        if int(model.n_classes) == 1 or len(model.indicator_types_) < 2:
            return None, None
        p = model.indicators_["p_value"]
        undefined = [str(name) for name in p.index[p.isna()]]
        if not undefined or (model.design_.weight % 1 > 0).any():
            return None, None
        return indicator_ratios(model, undefined, max(options.max_classes, 2), seed), None
    # So many that the smallest p-value can stand adjustment for all items.
    enough = int(np.ceil(2 * len(model.indicator_types_) / options.level)) - 1
    ratio = indicator_tests(
        model, max(options.max_classes, 2), n_permutations=max(options.n_boot, enough),
        stop_after=options.stop_after, adjustment=options.adjustment, random_state=seed,
    )  # fmt: skip
    search = None
    if (
        options.search
        and int(model.n_classes) > 1
        and most_classes(model.design_.layout.items, 2) >= 2
    ):
        most = min(max(int(model.n_classes) + 1, 2), 3)
        search = select_variables(model, most, n_init=10, random_state=seed)
    return ratio, search
