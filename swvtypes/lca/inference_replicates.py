"""Fitting one model to many replicates of a data set, for bootstraps of every kind.

Every replicate is fitted from the same kinds of starts: the solutions handed over (among them the
model that a replicate was drawn from, so that a larger model never ends below it) and random
ones. All starts of all replicates take their steps together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from swvtypes.errors import InputError, SurveyWeightError

from .design import Design, Floats, redesign
from .em import Mapper, Problem, Settings, advance, begin, empty_runs, expectation, stack
from .families import Parameters, Table, Variances, pack, unpack
from .fit import Starts, fit_replicates
from .model import check_whole
from .options import seed_of
from .simulate import simulate_like

_CELLS = 2**24


@dataclass(frozen=True)
class Effort:
    """How much work a bootstrap puts in.

    Parameters
    ----------
    n_boot : int
        Replicates.
    n_starts : int
        Random starts a replicate, besides the solutions known; few make the distribution under
        the null model too low.
    entropy : int
        Seed; replicate r draws from child r, so that more replicates keep the earlier ones.
    settings : Settings
        When a start stops.
    """

    n_boot: int = 199
    n_starts: int = 10
    entropy: int = 0
    settings: Settings = field(default_factory=Settings)

    def generator(self, r: int) -> np.random.Generator:
        """Source of randomness of replicate r."""
        seed = np.random.SeedSequence(self.entropy, spawn_key=(r, 0))
        return np.random.Generator(np.random.PCG64(seed))

    def start_entropy(self, r: int) -> int:
        """Seed of the random starts of replicate r."""
        words = np.random.SeedSequence(self.entropy, spawn_key=(r, 1)).generate_state(2)
        return int(words[0]) << 32 | int(words[1])


def bootstrap_effort(n_boot: int, n_starts: int, random_state: Any) -> Effort:
    """Check what a user asks of a bootstrap.

    Raises
    ------
    OptionError
        For numbers or a seed outside their range.
    """
    check_whole("n_boot", n_boot, 1)
    check_whole("n_starts", n_starts, 0)
    return Effort(int(n_boot), int(n_starts), seed_of(random_state))


def refuse_survey_fit(what: str, model: Any) -> None:
    """Raise a SurveyWeightError for a model that was fitted under survey weights."""
    if model.row_weights_ is not None:
        raise SurveyWeightError(
            "model", [f"{what} needs a likelihood; the model was fitted under survey weights"]
        )


def one_row_a_case(design: Design) -> Design:
    """Undo the collapsing of patterns, so that answers can be drawn case by case.

    Raises
    ------
    InputError
        When weights are not whole numbers.
    """
    weight = design.weight
    if not np.allclose(weight, np.rint(weight), rtol=0.0, atol=1e-9):
        raise InputError(
            "weights", ["a parametric bootstrap draws whole cases: expected frequencies, got "
                        "weights that are not whole numbers (survey weights?)"]
        )  # fmt: skip
    index = np.repeat(np.arange(len(weight)), np.rint(weight).astype(np.intp))
    return Design(
        design.layout, design.X[index], np.ones(len(index)), design.base[index],
        design.group[index], design.values[index], np.arange(len(index)),
    )  # fmt: skip


def for_layout(design: Design, parameters: Parameters) -> Parameters:
    """State a model in the units of a layout in which more profiles differ between groups."""
    found = {(t.items, t.group): t for t in parameters.tables}
    tables = []
    for block in design.layout.blocks:
        for members, g in zip(block.items, block.groups, strict=True):
            table = found.get((members, g)) or found[members, -1]
            tables.append(Table(table.kind, members, g, table.values))
    return Parameters(parameters.log_shares, tuple(tables))


@dataclass(frozen=True)
class Competitor:
    """A model that is fitted to replicates.

    Attributes
    ----------
    template : Design
        One row a case; its weights, groups and missing cells are those of the replicates.
    columns : tuple of int
        Columns of the replicate's answers that the model describes.
    n_classes : int
        Classes, K.
    known : tuple of Parameters
        Solutions to start from.
    prior : float
        Pseudo-cases.
    variances : Variances
        How Gaussian variances are held.
    """

    template: Design
    columns: tuple[int, ...]
    n_classes: int
    known: tuple[Parameters, ...]
    prior: float = 0.0
    variances: Variances = field(default_factory=Variances)

    def log_likelihoods(
        self, answers: Sequence[Floats], first: int, effort: Effort, mapper: Mapper = map
    ) -> Floats:
        """Log-likelihoods of the model on replicates first, first + 1, .., shape (R,)."""
        designs = [redesign(self.template, v[:, list(self.columns)]) for v in answers]
        problem = stack(designs, self.prior, self.variances)
        return fit_all(problem, self.n_classes, self.known, first, effort, mapper)[0]


def fit_all(
    problem: Problem,
    n_classes: int,
    known: Sequence[Parameters],
    first: int,
    effort: Effort,
    mapper: Mapper = map,
) -> tuple[Floats, Floats]:
    """Fit one model to every data set of a problem from known and random starts.

    Returns
    -------
    log_likelihood : ndarray, shape (R,)
        Of the run with the highest objective.
    A : ndarray, shape (D, R, K)
        Its natural parameters.
    """
    R = len(problem.X)
    runs = []
    if n_classes > 1 and effort.n_starts > 0:
        seeds = [Starts(effort.n_starts, effort.start_entropy(first + r)) for r in range(R)]
        runs.append(fit_replicates(problem, n_classes, seeds, effort.settings))
    if known or not runs:
        S = max(len(known), 1)
        if known:
            A = np.stack([pack(problem.layout, p) for p in known], axis=1)
            A = np.tile(A, (1, R, 1))
        else:
            A = np.zeros((problem.layout.width, R, n_classes))
        where = np.repeat(np.arange(R, dtype=np.intp), S)
        out = empty_runs(R * S, problem.layout.width, n_classes)
        T = expectation(problem, A, where)[1]
        advance(problem, begin(problem, T, where, out), effort.settings, effort.settings.max_iter)
        runs.append(out)
    objective = np.concatenate([r.objective.reshape(R, -1) for r in runs], axis=1)
    log_likelihood = np.concatenate([r.log_likelihood.reshape(R, -1) for r in runs], axis=1)
    natural = np.concatenate([r.A.reshape(r.A.shape[0], R, -1, n_classes) for r in runs], axis=2)
    best = np.nan_to_num(objective, nan=-np.inf).argmax(axis=1)
    rows = np.arange(R)
    return log_likelihood[rows, best], natural[:, rows, best]


def chunks(n_boot: int, cells: int) -> list[range]:
    """Replicates in portions that fit in memory."""
    step = max(1, _CELLS // max(cells, 1))
    return [range(low, min(low + step, n_boot)) for low in range(0, n_boot, step)]


@dataclass(frozen=True)
class RatioTest:
    """A likelihood-ratio test with a parametric bootstrap.

    Attributes
    ----------
    statistic : float
        Twice the difference of the log-likelihoods.
    df : int
        Difference in free parameters; the chi-square distribution is not used.
    p_value : float
        ``(b + 1) / (B + 1)`` with b the replicates at least as extreme (Davison and Hinkley 1997).
    monte_carlo_error : float
        Standard error of the p-value that comes from the number of replicates.
    replicates : ndarray, shape (B,)
        Statistics under the null model.
    """

    statistic: float
    df: int
    p_value: float
    monte_carlo_error: float
    replicates: Floats


def conclude_ratio(statistic: float, df: int, replicates: Floats) -> RatioTest:
    """Make a test of a statistic and its bootstrap distribution."""
    B = len(replicates)
    extreme = int((replicates >= statistic - 1e-8 * max(1.0, abs(statistic))).sum())
    p = (extreme + 1) / (B + 1)
    return RatioTest(statistic, df, p, float(np.sqrt(p * (1.0 - p) / B)), replicates)


def bootstrap_ratios(
    source: tuple[Design, Parameters],
    null: Sequence[Competitor],
    alternative: Sequence[Competitor],
    effort: Effort,
    mapper: Mapper = map,
) -> Floats:
    """Likelihood-ratio statistics of data sets drawn from a null model, shape (B,).

    Parameters
    ----------
    source : Design and Parameters
        One row a case, and the model that answers are drawn from.
    null, alternative : sequence of Competitor
        Independent parts of each model; their log-likelihoods add up.
    effort : Effort
        Replicates and starts.
    mapper : callable
        ``map``, or that of a pool of threads.
    """
    design, parameters = source
    width = max(c.template.layout.width for c in alternative)
    out = np.empty(effort.n_boot)
    for portion in chunks(effort.n_boot, len(design.values) * width):
        answers = [simulate_like(design, parameters, effort.generator(r)) for r in portion]
        above = sum(c.log_likelihoods(answers, portion.start, effort, mapper) for c in alternative)
        below = sum(c.log_likelihoods(answers, portion.start, effort, mapper) for c in null)
        out[portion.start : portion.stop] = 2.0 * (above - below)
    return out


def reweighted(problem: Problem, weight: Floats, base: Floats) -> Problem:
    """One data set under many weightings, weight (R, N), without copies of its design."""
    X = np.broadcast_to(problem.X[0], (len(weight), *problem.X[0].shape))
    return replace(problem, X=X, weight=weight, constant=weight @ base)


def natural_to_parameters(problem: Problem, A: Floats) -> list[Parameters]:
    """Plain models of natural parameters, A (D, R, K)."""
    return [unpack(problem.layout, np.ascontiguousarray(A[:, r])) for r in range(A.shape[1])]


def subset(design: Design, columns: Sequence[int]) -> tuple[int, ...]:
    """Positions of the units' items after columns have been left out; -1 where gone."""
    place = np.full(len(design.layout.items), -1)
    place[list(columns)] = np.arange(len(columns))
    return tuple(int(p) for p in place)


def restrict(parameters: Parameters, place: Sequence[int]) -> Parameters:
    """Leave out items and renumber the rest; see :func:`subset`."""
    tables = tuple(
        Table(t.kind, tuple(place[i] for i in t.items), t.group, t.values)
        for t in parameters.tables
        if all(place[i] >= 0 for i in t.items)
    )
    return Parameters(parameters.log_shares, tables)
