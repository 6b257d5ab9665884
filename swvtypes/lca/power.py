"""Simulated power: what this number of cases, these items and these classes can show.

Power of the bootstrap likelihood-ratio test by the short-cut of Tekle, Gudicha and Vermunt
(2016): data sets drawn under the nearest model with one class fewer give its null distribution
once for all data sets drawn under the classes, instead of once for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, OptionError

from .bootstrap_likelihood_ratio import warn_few_starts
from .design import Design, Floats, redesign
from .diagnostics import Classification, information_criteria
from .em import Settings
from .estimator import LatentClassModel
from .families import count_parameters, unpack
from .fit import posterior
from .model import check_level, check_whole
from .options import listed, seed_of
from .power_population import PlannedItems, Source, draw_together, source_of
from .replicates import (
    BLOCK,
    Rule,
    Work,
    best_fits,
    distinct_rows,
    portions,
    replicate_starts,
    rows_of,
    run_blocks,
    stack_designs,
)
from .simulate import simulate_like
from .tail import lower_limit, upper_limit
from .threads import workers

RULES = ("aic", "aic3", "bic", "caic", "sabic", "icl_bic")
_LARGE = 5000
_STREAM = 30_011


@dataclass(frozen=True)
class PowerCurve:
    """Result of :func:`simulate_power`.

    Attributes
    ----------
    n_classes : int
        True number of classes, K.
    table : DataFrame
        One row for each n, separation and rule ("blrt" and the criteria): entropy_r2 of the
        population; power, the share of data sets in which the rule finds K (for "blrt": K - 1
        classes rejected); lower and upper, its exact 95% interval; fewer and more, the shares in
        which it finds fewer or more classes (NaN for "blrt").
    n_simulations, n_init : int
        Data sets of each condition, and starts of each model on each.
    level : float
        Of the test.
    seed : int
        Gives the same again.
    """

    n_classes: int
    table: pd.DataFrame
    n_simulations: int
    n_init: int
    level: float
    seed: int

    def minimum_separation(self, power: float = 0.8) -> pd.DataFrame:
        """Smallest separation, of those tried, from which on a rule has this power.

        Parameters
        ----------
        power : float
            Power asked.

        Returns
        -------
        DataFrame
            Indexed by n and rule: separation by the estimate, surely by the lower limit of its
            interval, and entropy_r2 at the former; NaN where no separation tried suffices.
        """
        check_level(power, "power")
        rows = []
        for (n, rule), part in self.table.groupby(["n", "rule"], sort=False):
            ordered = part.sort_values("separation")
            by_estimate = _from_there_on(ordered, "power", power)
            entropy = ordered.set_index("separation")["entropy_r2"]
            rows.append((
                n, rule, by_estimate, _from_there_on(ordered, "lower", power),
                entropy.get(by_estimate, np.nan),
            ))  # fmt: skip
        frame = pd.DataFrame(rows, columns=["n", "rule", "separation", "surely", "entropy_r2"])
        return frame.set_index(["n", "rule"])

    def _repr_html_(self) -> str:
        from .tables_html import frame_html

        wide = self.table.pivot_table(
            index=["n", "separation", "entropy_r2"], columns="rule", values="power", sort=False
        )
        note = f"{self.n_simulations} data sets a row; {self.n_init} starts a model"
        return frame_html(f"Power to find {self.n_classes} classes", wide, note)


def _from_there_on(ordered: pd.DataFrame, column: str, power: float) -> float:
    enough = (ordered[column] >= power).to_numpy()
    after = np.minimum.accumulate(enough[::-1])[::-1]
    return float(ordered["separation"].to_numpy()[after.argmax()]) if after.any() else float("nan")


@dataclass(frozen=True)
class _Condition:
    """One number of cases and one separation."""

    source: Source
    null: Source
    n: int
    seed: int
    rule: Rule


def simulate_power(  # noqa: PLR0913
    population: LatentClassModel | PlannedItems,
    n: int | Iterable[int],
    separations: float | Iterable[float] = (0.4, 0.6, 0.8, 1.0),
    *,
    n_simulations: int = 200,
    n_init: int = 20,
    level: float = 0.05,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    show_progress: bool = False,
) -> PowerCurve:
    """Simulate how often the true number of classes is found.

    Parameters
    ----------
    population : LatentClassModel or PlannedItems
        A fitted model of two classes or more, whose groups and missing cells are drawn with its
        answers, or planned items.
    n : int or iterable of int
        Cases of a data set.
    separations : float or iterable of float
        How far apart the classes are, from 0 (alike) to 1 (as in the population).
    n_simulations : int
        Data sets of each condition, under the classes and once more with one class fewer.
    n_init : int
        Starts of each model on each data set.
    level : float
        Of the bootstrap likelihood-ratio test.
    random_state : int, RandomState instance or None
        Seed; conditions share their random numbers, workers change nothing, and more simulations
        keep the earlier ones.
    n_jobs : int, optional
        Worker processes for large jobs; all cores when left out.
    show_progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    PowerCurve

    Raises
    ------
    OptionError, InputError
    WeightError
        For a model whose frequencies are not whole numbers.
    SurveyWeightError
        For a model fitted under survey weights.

    References
    ----------
    Dziak, Lanza and Tan (2014), Structural Equation Modeling 21; Tekle, Gudicha and Vermunt
    (2016), Advances in Data Analysis and Classification 10.

    Examples
    --------
    >>> from swvtypes.lca import PlannedItems, simulate_power
    >>> plan = PlannedItems(n_classes=2, n_items=8)
    >>> curve = simulate_power(plan, 100, (0.2, 1.0), n_simulations=20, random_state=1)
    >>> float(curve.minimum_separation().loc[(100, "bic"), "separation"])
    1.0
    """
    sizes, asked = listed(n), listed(separations)
    _check(sizes, asked)
    spread = [float(s) for s in asked]
    check_whole("n_simulations", n_simulations, 1)
    check_level(level)
    warn_few_starts(n_init)
    seed = seed_of(random_state)
    source = source_of(population)
    K = source.parameters.n_classes
    if K < 2:
        raise OptionError("population", "two classes or more", f"{K} class")
    rule = Rule(int(n_init), Settings(), source.prior, source.variances)
    work = Work(n_jobs, show_progress, "simulated power")
    n_blocks = -(-n_simulations // BLOCK)
    conditions, entropies = [], []
    for separation in spread:
        moved = draw_together(source, separation)
        null, entropy = _nearest(moved, rule, seed)
        conditions += [_Condition(moved, null, int(size), seed, rule) for size in sizes]
        entropies += [entropy] * len(sizes)
    cells = float(n_simulations) * len(conditions) * n_init * max(sizes)
    cells *= source.cases.X.shape[1] * K * 6
    job = partial(_block, conditions, n_blocks)
    found = list(run_blocks(job, n_blocks * len(conditions), cells, work))
    rows: list[dict[str, Any]] = []
    for i, condition in enumerate(conditions):
        chosen, ratios, nulls = (
            np.concatenate([found[i * n_blocks + b][part] for b in range(n_blocks)])[:n_simulations]
            for part in range(3)
        )
        lead = {
            "n": condition.n, "separation": spread[i // len(sizes)], "entropy_r2": entropies[i]
        }  # fmt: skip
        rows += [lead | row for row in _rows(chosen, ratios, nulls, K, level)]
    return PowerCurve(K, pd.DataFrame(rows), n_simulations, n_init, level, seed)


def _check(sizes: list[Any], spread: list[Any]) -> None:
    faults = [
        f"n: expected integers of at least 2, got {size!r}"
        for size in sizes
        if not isinstance(size, (int, np.integer)) or isinstance(size, bool) or size < 2
    ]
    faults += [
        f"separations: expected numbers from 0 to 1, got {s!r}"
        for s in spread
        if not isinstance(s, (int, float, np.integer, np.floating)) or not 0 <= s <= 1
    ]
    faults += [f"{name}: expected one at least, got none"
               for name, given in (("n", sizes), ("separations", spread)) if not given]  # fmt: skip
    if faults:
        raise InputError("conditions", faults)


def draw_data_set(source: Source, n: int, seed: int, number: int, stream: int) -> Design:
    """Draw data set `number` of n cases; identical patterns are collapsed."""
    child = np.random.SeedSequence(seed, spawn_key=(_STREAM, stream, number))
    generator = np.random.default_rng(child)
    rows = generator.integers(len(source.cases.weight), size=n)
    cases = rows_of(source.cases, rows, np.ones(n))
    values = simulate_like(cases, source.parameters, generator)
    first, weight = distinct_rows(values, cases.group)
    return redesign(rows_of(cases, first, weight), values[first])


def _nearest(source: Source, rule: Rule, seed: int) -> tuple[Source, float]:
    """Give the model with one class fewer nearest to the source, and the source's entropy R2."""
    large = draw_data_set(source, _LARGE, seed, 0, 2)
    probabilities = posterior(large, source.parameters)[0]
    entropy = Classification(probabilities, large.weight).entropy_r2
    K = source.parameters.n_classes
    with workers(1):
        best = best_fits(
            stack_designs([large], rule), K - 1, [replicate_starts(seed, 0, rule.n_init)], rule
        )
    parameters = unpack(large.layout, np.ascontiguousarray(best.A[:, 0]))
    return Source(source.cases, parameters, source.variances, source.prior), entropy


def _block(
    conditions: list[_Condition], n_blocks: int, block: int
) -> tuple[Floats, Floats, Floats]:
    """Choices by each criterion (BLOCK, rules), ratios under the classes and under the null."""
    condition = conditions[block // n_blocks]
    low = block % n_blocks * BLOCK
    numbers = range(low, low + BLOCK)
    cells = condition.n * condition.source.cases.X.shape[1]
    with workers(1):
        parts = [_part(condition, part) for part in portions(numbers, cells)]
    chosen, ratios, nulls = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return chosen, ratios, nulls


def _part(condition: _Condition, numbers: range) -> tuple[Floats, Floats, Floats]:
    K, rule = condition.source.parameters.n_classes, condition.rule
    starts = [replicate_starts(condition.seed, r, rule.n_init) for r in numbers]
    ratios = []
    for stream, source in ((1, condition.null), (0, condition.source)):
        designs = [draw_data_set(source, condition.n, condition.seed, r, stream) for r in numbers]
        problem = stack_designs(designs, rule)
        tried = range(K - 1, K + 1) if stream else range(1, K + 2)
        best = {k: best_fits(problem, k, starts, rule) for k in tried}
        ratios.append(2.0 * (best[K].log_likelihood - best[K - 1].log_likelihood))
    return _choices(designs, best, rule), ratios[1], ratios[0]


def _choices(designs: list[Design], best: dict[int, Any], rule: Rule) -> Floats:
    """Give the number of classes that each criterion names, shape (data sets, criteria)."""
    table = np.empty((len(best), len(designs), len(RULES)))
    for row, (k, fits) in enumerate(best.items()):
        layout = designs[0].layout
        n_parameters = count_parameters(layout, k, rule.variances)
        for i, design in enumerate(designs):
            parameters = unpack(layout, np.ascontiguousarray(fits.A[:, i]))
            entropy = Classification(posterior(design, parameters)[0], design.weight).entropy
            criteria = information_criteria(
                float(fits.log_likelihood[i]), n_parameters, design.n, entropy
            )
            table[row, i] = [criteria[name] for name in RULES]
    return np.asarray(np.array(list(best), dtype=float)[table.argmin(axis=0)])


def _rows(
    chosen: Floats, ratios: Floats, nulls: Floats, n_classes: int, level: float
) -> list[dict[str, Any]]:
    S = len(ratios)
    p = ((nulls[None] >= ratios[:, None]).sum(axis=1) + 1) / (S + 1)
    rows = [_row("blrt", int((p <= level).sum()), S) | {"fewer": np.nan, "more": np.nan}]
    for c, name in enumerate(RULES):
        row = _row(name, int((chosen[:, c] == n_classes).sum()), S)
        row |= {
            "fewer": float((chosen[:, c] < n_classes).mean()),
            "more": float((chosen[:, c] > n_classes).mean()),
        }
        rows.append(row)
    return rows


def _row(name: str, hits: int, trials: int) -> dict[str, Any]:
    return {
        "rule": name, "power": hits / trials, "lower": lower_limit(hits, trials),
        "upper": upper_limit(hits, trials),
    }  # fmt: skip
