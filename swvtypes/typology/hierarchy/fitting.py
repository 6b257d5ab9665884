"""Fitting superclusters: starts, the ledger of what each came to, the best one polished."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import Settings

from .coupling import Question
from .iterating import Ran, Setting, expect, iterate
from .messages import Measured, State, Sums, all_logs, scaled
from .starting import Separate, begin, child, separate_themes, without_shares
from .structure import Structure

# Steps after which the starts of a data set are compared, and how many then go on.
_SCREEN, _GO_ON = 9, 2
_POLISH = 1e-13


@dataclass(frozen=True)
class Rule:
    """How data sets are fitted, the real one and replicates alike.

    Parameters
    ----------
    n_init : int
        Starts.
    n_theme_init : int
        Starts of each theme's own latent class model.
    settings : Settings
        When a start stops.
    screen : bool
        Whether only the best few starts go on after some steps.
    """

    n_init: int = 50
    n_theme_init: int = 20
    settings: Settings = field(default_factory=Settings)
    screen: bool = False


@dataclass(frozen=True)
class Found:
    """Best solution of each of R data sets.

    Attributes
    ----------
    log_likelihood, objective : ndarray, shape (R,)
        They differ under a prior only.
    state : State
        Parameters, one run a data set.
    ran : Ran
        All starts (of those that went on, where starts were screened).
    best : ndarray of int, shape (R,)
        Which start.
    """

    log_likelihood: Floats
    objective: Floats
    state: State
    ran: Ran
    best: Integers

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Whether the best start of each data set converged."""
        return np.asarray(self.ran.converged[np.arange(len(self.best)), self.best])


def pick(state: State, chosen: Integers) -> State:
    """Give some starts of each data set, chosen (R, k), others in each."""
    R, S = state.conditional[0].shape[2:]
    rows = np.arange(R)[:, None]
    flat = (rows * S + chosen).ravel()
    extra = tuple(
        np.ascontiguousarray(e[:, :, rows, chosen] if e.ndim == 4 else e[:, :, flat])
        for e in state.extra
    )
    return State(
        np.ascontiguousarray(state.shares[:, rows, chosen]),
        tuple(np.ascontiguousarray(c[:, :, rows, chosen]) for c in state.conditional),
        tuple(np.ascontiguousarray(a[:, flat]) for a in state.natural),
        extra,
    )


def best_of(ran: Ran) -> Found:
    """Best start of each data set."""
    table = np.where(np.isnan(ran.objective), -np.inf, ran.objective)
    best = table.argmax(axis=1)
    rows = np.arange(len(best))
    return Found(
        ran.log_likelihood[rows, best], ran.objective[rows, best], pick(ran.state, best[:, None]),
        ran, best,
    )  # fmt: skip


def fixed_measurement(question: Question, separate: Separate) -> Measured:
    """Densities under the themes' own solutions."""
    natural = tuple(
        without_shares(A, T) for A, T in zip(separate.natural, separate.statistics, strict=True)
    )
    empty = np.empty((1, question.n_sets, 1, 1))
    return scaled(all_logs(question, State(empty, (), natural)))


def fit_structure(
    question: Question,
    structure: Structure,
    separate: Separate,
    measured: Measured,
    rule: Rule,
    seeds: list[int],
) -> Found:
    """Fit the structure with the measurement held fixed: the second of two steps."""
    entropies = [child(seed, 3) for seed in seeds]
    which = range(1 if _one_start(structure, question) else rule.n_init)
    sums, state = begin(question, structure, separate, entropies, which, np.empty(0, dtype=np.intp))
    setting = Setting(question, structure, measured)
    sums, state = replace(sums, statistics=()), replace(state, natural=())
    return best_of(_run(setting, sums, state, rule))


def _one_start(structure: Structure, question: Question) -> bool:
    return structure.n_superclusters == 1


def _run(setting: Setting, sums: Sums, state: State, rule: Rule) -> Ran:
    S = state.conditional[0].shape[3]
    if not rule.screen or S <= _GO_ON:
        return iterate(setting, sums, state, rule.settings)
    first = iterate(setting, sums, state, Settings(_SCREEN, 0.0))
    order = np.argsort(-first.objective, axis=1, kind="stable")[:, :_GO_ON]
    state = pick(first.state, order)
    return iterate(setting, expect(setting, state)[2], state, rule.settings)


def fit_all(
    question: Question,
    structure: Structure,
    separate: Separate,
    second_step: Found,
    rule: Rule,
    seeds: list[int],
) -> Found:
    """Fit measurement and structure together.

    The first start is the two-step solution; of the others those with an even number set out from
    the themes' own classes coupled at random, those with an odd number are random throughout.
    """
    which = range(rule.n_init)
    odd = np.arange(1, rule.n_init, 2)
    sums, state = begin(question, structure, separate, [child(s, 4) for s in seeds], which, odd)
    _put_first(question, sums, second_step)
    if state.extra:
        for own, known in zip(state.extra, second_step.state.extra, strict=True):
            own[..., 0] = known[..., 0]
    setting = Setting(question, structure)
    return best_of(_run(setting, sums, state, rule))


def _put_first(question: Question, sums: Sums, second_step: Found) -> None:
    """Let the first start of each data set be the two-step solution."""
    known = second_step.state
    if question.covariates is not None:
        sums.shares[:, :, 0] = known.shares[:, :, 0] * question.weight
        pi = sums.shares[:, :, 0].sum(axis=2)
    else:
        pi = known.shares[:, :, 0, 0] * question.total
        sums.shares[:, :, 0, 0] = pi
    for own, rho in zip(sums.conditional, known.conditional, strict=True):
        own[..., 0] = pi[:, None] * rho[..., 0]


def polish(setting: Setting, state: State, settings: Settings) -> Ran:
    """Drive one run a data set on to its last digits."""
    sums = expect(setting, state)[2]
    return iterate(setting, sums, state, Settings(settings.max_iter, min(_POLISH, settings.tol)))


def separate_of(question: Question, structure: Structure, rule: Rule, seeds: list[int]) -> Separate:
    """Fit the themes one by one by the same rule."""
    return separate_themes(question, structure.n_classes, rule.n_theme_init, seeds, rule.settings)
