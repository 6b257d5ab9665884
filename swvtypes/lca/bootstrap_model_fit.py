"""Bootstrap p-values of the fit of a model: L-squared, X-squared and bivariate residuals.

With few cases and many cells the chi-square distribution says little about either; replicates
drawn from the model, and fitted as the data are, say what to expect if it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from swvtypes.errors import SurveyWeightError

from .bootstrap_likelihood_ratio import rule_of, warn_few_starts
from .design import Floats
from .diagnostics import chi_squares
from .estimator import LatentClassModel
from .families import unpack
from .model import check_whole
from .options import seed_of
from .replicate_residuals import pair_statistics
from .replicates import (
    BLOCK,
    Population,
    Rule,
    Work,
    best_fits,
    draw_replicate,
    one_row_a_case,
    portions,
    replicate_starts,
    run_blocks,
    stack_designs,
)
from .tail import tail_of
from .threads import workers


@dataclass(frozen=True)
class FitTest:
    """Result of :func:`bootstrap_fit`.

    Attributes
    ----------
    n_classes : int
        Classes of the model.
    table : DataFrame
        Indexed by statistic ("l2", "x2"): value, df, p_value, standard_error, lower, upper,
        replicate_mean. NaN with counts or measurements.
    bivariate : DataFrame
        The model's bivariate residuals with p_value, one row a pair.
    largest_bivariate_p : float
        Of the largest statistic of all pairs: it allows for looking at many.
    n_boot, n_init, seed : int
        Replicates, starts of each, and the seed that gives the same again.
    """

    n_classes: int
    table: pd.DataFrame
    bivariate: pd.DataFrame
    largest_bivariate_p: float
    n_boot: int
    n_init: int
    seed: int

    def _repr_html_(self) -> str:
        from .tables_html import frame_html

        worst = self.bivariate.sort_values("residual", ascending=False).head(5)
        note = (
            f"{self.n_boot} replicates of {self.n_init} starts; p of the largest bivariate "
            f"residual {self.largest_bivariate_p:.3f}"
        )
        return (
            frame_html(f"Bootstrap fit, {self.n_classes} classes", self.table, note)
            + frame_html("Largest bivariate residuals", worst.set_index(["first", "second"]))
        )  # fmt: skip


def bootstrap_fit(
    model: LatentClassModel,
    n_boot: int = 199,
    *,
    n_init: int = 20,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    show_progress: bool = False,
) -> FitTest:
    """Give bootstrap p-values of L-squared, X-squared and the bivariate residuals.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model. Missing answers stay missing in the replicates; frequencies must be whole
        numbers.
    n_boot : int
        Replicates; p = (b + 1) / (B + 1). More replicates keep the earlier ones.
    n_init : int
        Starts of each replicate.
    random_state : int, RandomState instance or None
        Seed; the answer does not depend on the number of workers.
    n_jobs : int, optional
        Worker processes for large tests; all cores when left out.
    show_progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    FitTest

    Raises
    ------
    OptionError, WeightError
        For options out of range; for frequencies that are no whole numbers.
    SurveyWeightError
        For a model fitted under survey weights.

    References
    ----------
    Langeheine, Pannekoek and Van de Pol (1996), Sociological Methods & Research 24; Oberski, Van
    Kollenburg and Vermunt (2013), Advances in Data Analysis and Classification 7.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.lca import LatentClassModel, bootstrap_fit
    >>> rng = np.random.default_rng(1)
    >>> X = (rng.random((200, 4)) < 0.5).astype(int)
    >>> model = LatentClassModel(n_classes=1, random_state=1).fit(X)
    >>> test = bootstrap_fit(model, n_boot=19, random_state=1)
    >>> test.table.index.tolist()
    ['l2', 'x2']
    """
    check_whole("n_boot", n_boot, 1)
    warn_few_starts(n_init)
    if np.isnan(model.criteria_["bic"]):
        raise SurveyWeightError(
            "model",
            ["bootstrap fit needs a likelihood; the model was fitted under survey weights"],
        )
    seed = seed_of(random_state)
    population = Population(one_row_a_case(model.design_), model.fit_.parameters, seed)
    rule, K = rule_of(model, int(n_init)), model.fit_.parameters.n_classes
    cells = float(n_boot) * n_init * population.cases.X.size * K
    block = partial(replicate_statistics, population, rule, K)
    work = Work(n_jobs, show_progress, "bootstrap fit")
    found = np.concatenate(list(run_blocks(block, -(-n_boot // BLOCK), cells, work)))[:n_boot]
    pairs = model.bivariate_residuals_.copy()
    return FitTest(
        K, _table(model, found[:, :2]), *_bivariate(pairs, found[:, 2:]), n_boot, n_init, seed
    )


def replicate_statistics(population: Population, rule: Rule, n_classes: int, block: int) -> Floats:
    """L-squared, X-squared and pair statistics of one block, shape (BLOCK, 2 + pairs)."""
    numbers = range(block * BLOCK, (block + 1) * BLOCK)
    rows = []
    with workers(1):
        for part in portions(numbers, population.cases.X.size):
            designs = [draw_replicate(population, r) for r in part]
            starts = [replicate_starts(population.seed, r, rule.n_init) for r in part]
            best = best_fits(stack_designs(designs, rule), n_classes, starts, rule)
            for i, design in enumerate(designs):
                parameters = unpack(design.layout, np.ascontiguousarray(best.A[:, i]))
                pairs = pair_statistics(design, parameters)
                rows.append([*chi_squares(design, parameters), *pairs])
    return np.array(rows)


def _table(model: LatentClassModel, found: Floats) -> pd.DataFrame:
    rows = {}
    for column, name in enumerate(("l2", "x2")):
        value = float(model.criteria_[name])
        row = dict.fromkeys(
            ("p_value", "standard_error", "lower", "upper", "replicate_mean"), float("nan")
        )
        if not np.isnan(value):
            # Rounding: a relative 1e-9 below the data's value counts as reaching it.
            tail = tail_of(found[:, column], value * (1.0 - 1e-9))[1]
            row = {
                "p_value": tail.p_value, "standard_error": tail.standard_error,
                "lower": tail.interval[0], "upper": tail.interval[1],
                "replicate_mean": float(found[:, column].mean()),
            }  # fmt: skip
        rows[name] = {"value": value, "df": float(model.criteria_["df"]), **row}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("statistic")


def _bivariate(pairs: pd.DataFrame, found: Floats) -> tuple[pd.DataFrame, float]:
    observed, df = pairs["statistic"].to_numpy(float), pairs["df"].to_numpy(float)
    p = [
        tail_of(found[:, i], observed[i])[1].p_value if np.isfinite(observed[i]) else np.nan
        for i in range(len(pairs))
    ]
    pairs["p_value"] = np.array(p, dtype=float)
    usable = np.isfinite(observed) & (df > 0)
    if not usable.any():
        return pairs, float("nan")
    largest = np.nanmax(found[:, usable] / df[usable], axis=1)
    return pairs, tail_of(largest, float((observed[usable] / df[usable]).max()))[1].p_value
