"""The small-sample likelihood-ratio test of every item, with the choice of K repeated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Design, Floats, build_design
from swvtypes.lca.families import count_parameters
from swvtypes.lca.fit import Starts, fit_classes
from swvtypes.lca.model import check_whole
from swvtypes.lca.options import seed_of
from swvtypes.lca.outcomes import Adjustment, adjust
from swvtypes.lca.replicates import one_row_a_case
from swvtypes.lca.tail import tail_of

from .rearranging import Question, Search, arrangements, gains, pose

BLOCK = 50
_STREAM = 40_993
_NOTHING = (float("nan"), 0, float("nan"), 0, 0)


@dataclass(frozen=True)
class Draws:
    """How many arrangements of the answers are drawn.

    Parameters
    ----------
    n_permutations : int
        Most arrangements of each item's answers.
    stop_after : int, optional
        Stop at this many that reach the answers as given (Besag and Clifford 1991). With 25 the
        verdict at level .05 is that of all 499.
    seed : int
        Arrangement b of item j is the same however many are drawn.
    """

    n_permutations: int = 499
    stop_after: int | None = 25
    seed: int = 0


def indicator_tests(
    model: LatentClassModel,
    max_classes: int = 5,
    *,
    n_permutations: int = 499,
    stop_after: int | None = 25,
    n_init: int = 12,
    adjustment: Adjustment = "holm",
    random_state: int | np.random.RandomState | None = None,
) -> pd.DataFrame:
    """Test of every item that it has nothing to do with the classes of the other items.

    The statistic is the penalised likelihood of the model of all items, maximised over 2 to
    `max_classes` classes, against that of the model in which the item stands apart. It is
    compared with the statistics of the same data with the item's answers rearranged over the
    cases that answered it; the number of classes is chosen anew for each. Under the hypothesis
    all arrangements are equally likely, so the p-value ``(b + 1) / (B + 1)`` is exact at any
    number of cases, beside real classes and where there are none (Pitman 1937; Phipson and Smyth
    2010). The level needs no right number of classes, which affects power only.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model of the items, with any number of classes: its data, families, prior and
        variances are taken over.
    max_classes : int
        Largest number of classes.
    n_permutations : int
        Most arrangements of each item's answers.
    stop_after : int, optional
        Sequential stop; see :class:`Draws`.
    n_init : int
        Starts of the models of the other items.
    adjustment : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        How p-values are adjusted over the items.
    random_state : int, RandomState or None
        Seed.

    Returns
    -------
    DataFrame
        Indexed by item: lr (likelihood ratio of the item in the classes against apart, at the
        number of classes that does best), lr_df, lr_p, lr_p_adjusted, lr_permutations,
        lr_classes. NaN for items with one value, and where there are fewer than two items.

    Raises
    ------
    InputError
        For a model with local dependence or known groups.
    WeightError
        For weights that are no whole numbers (survey weights): answers can be rearranged over
        whole cases only. Frequencies count as so many cases.

    Notes
    -----
    Missing answers stay where they are: answers are rearranged over the cases that gave one,
    which is valid where they are missing at random given the other items.
    """
    check_whole("max_classes", max_classes, 2)
    check_whole("n_permutations", n_permutations, 19)
    if stop_after is not None:
        check_whole("stop_after", stop_after, 1)
    cases = _cases(model)
    problem = model.fit_.problem
    names = list(model.indicator_types_.index)
    numbers = tuple(k for k in range(2, max_classes + 1) if k < len(cases.X))
    search = Search(numbers, n_init, prior=problem.prior, variances=problem.variances)
    draws = Draws(n_permutations, stop_after, seed_of(random_state))
    rows = [item_test(cases, j, search, draws) for j in range(len(names))]
    return _table(rows, names, adjustment)


def indicator_ratios(
    model: LatentClassModel, items: Collection[str], max_classes: int, seed: int
) -> pd.DataFrame:
    """Give likelihood ratios of some items without their distribution: p-values are NaN."""
    cases, problem = _cases(model), model.fit_.problem
    names = [str(name) for name in model.indicator_types_.index]
    search = Search(
        tuple(range(2, max_classes + 1)), prior=problem.prior, variances=problem.variances
    )
    draws = Draws(0, None, seed)
    rows = [
        item_test(cases, j, search, draws) if name in items else _NOTHING
        for j, name in enumerate(names)
    ]
    return _table(rows, names, "none")


def _table(
    rows: list[tuple[float, int, float, int, int]], names: list[Any], adjustment: Adjustment
) -> pd.DataFrame:
    columns = ["lr", "lr_df", "lr_p", "lr_permutations", "lr_classes"]
    table = pd.DataFrame(rows, columns=columns, index=pd.Index(names, name="indicator"))
    adjusted = adjust(table["lr_p"].to_numpy(dtype=float), adjustment)
    table.insert(3, "lr_p_adjusted", adjusted)
    return table


def _cases(model: LatentClassModel) -> Design:
    layout = model.design_.layout
    faults = []
    if layout.pairs:
        faults.append("expected no local dependence, got pairs of items")
    if layout.n_groups > 1:
        faults.append(f"expected no known groups, got {layout.n_groups}")
    if faults:
        raise InputError("indicator test", faults)
    return one_row_a_case(model.design_)


def item_test(
    cases: Design, item: int, search: Search, draws: Draws
) -> tuple[float, int, float, int, int]:
    """Test one item: likelihood ratio, df, p-value, arrangements drawn, number of classes.

    Parameters
    ----------
    cases : Design
        One row a case.
    item : int
        Its position.
    search : Search
    draws : Draws
    """
    if len(cases.layout.items) < 2 or not search.numbers:
        return _NOTHING
    question = pose(cases, item, search, draws.seed)
    if not len(question.columns):
        return _NOTHING
    as_given = np.arange(len(cases.X))[None]
    gain, place = gains(question, as_given)
    p_value, n_drawn = float("nan"), 0
    if draws.n_permutations:
        found = _draw(question, item, float(gain[0]), draws)
        drawn, tail = tail_of(found, float(gain[0]), draws.stop_after)
        p_value, n_drawn = tail.p_value, len(drawn)
    anchor = question.anchors[int(place[0])]
    K = anchor.probabilities.shape[1]
    ratio = float(gain[0]) + anchor.penalty - 2.0 * (anchor.log_likelihood + _apart(question, item))
    df = (K - 1) * _contrasts(question, item)
    return ratio, df, p_value, n_drawn, K


def _draw(question: Question, item: int, statistic: float, draws: Draws) -> Floats:
    """Gains of the arrangements in the order drawn."""
    child = np.random.SeedSequence(draws.seed, spawn_key=(_STREAM, item))
    generator = np.random.default_rng(child)
    found = np.empty(0)
    while len(found) < draws.n_permutations:
        block = gains(question, arrangements(question, generator, BLOCK))[0]
        found = np.concatenate([found, block])
        reached = int((found >= statistic - 1e-4).sum())
        if draws.stop_after is not None and reached >= draws.stop_after:
            break
    return found[: draws.n_permutations]


def _alone(question: Question, item: int) -> Design:
    cases = question.cases
    answers = cases.values[:, [item]]  # noqa: PD011
    return build_design(answers, [cases.layout.items[item]], None, cases.group)


def _apart(question: Question, item: int) -> float:
    """Log-likelihood of the item with one class, in the same units as the others."""
    design = _alone(question, item)
    fit = fit_classes(design, 1, Starts(1), None, 0.0, question.search.variances)
    # The engine's likelihood counts constants that the steps above leave out.
    return fit.log_likelihood - float(question.cases.constant)


def _contrasts(question: Question, item: int) -> int:
    layout, variances = _alone(question, item).layout, question.search.variances
    two = count_parameters(layout, 2, variances)
    return two - 1 - count_parameters(layout, 1, variances)
