"""What an item adds to the classes of a theme, for the answers as given and rearranged.

If an item has nothing to do with the other items, every arrangement of its answers over the cases
that answered it is equally likely, whatever the other items are like and whatever is done to
choose the number of classes. The gain in penalised likelihood, maximised over the numbers of
classes, is therefore compared with the gains of rearranged answers: the level is exact, at any
number of cases, on the boundary, with classes or without.

All arrangements start EM from the models of the other items, which rearranging leaves as they
are. Their rows of the design are shared, so that all arrangements take their steps together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Design, Floats, Integers, build_design
from swvtypes.lca.em import Settings
from swvtypes.lca.families import Parameters, Variances, count_parameters, m_step, unpack
from swvtypes.lca.fit import Fit, Starts, fit_classes, posterior

# Numbers of classes of the other items whose BIC is worse by more than this are not tried.
_HOPELESS = 15.0
_LOOSE = Settings(150, 1e-6)


@dataclass(frozen=True)
class Search:
    """How the gain is maximised, the same for the answers as given and rearranged.

    Parameters
    ----------
    numbers : tuple of int
        Numbers of classes, each at least 2.
    n_init : int
        Random starts of the models of the other items.
    solutions : int
        Solutions of the other items that EM starts from, for each number of classes.
    steps : int
        EM steps. In trials at 77 cases one step and thirty found equally many related items.
    prior : float
        Pseudo-cases.
    variances : Variances
        How Gaussian variances are held.
    """

    numbers: tuple[int, ...]
    n_init: int = 12
    solutions: int = 2
    steps: int = 4
    prior: float = 0.0
    variances: Variances = Variances()  # noqa: RUF009


@dataclass(frozen=True)
class Anchor:
    """A model of the other items, where EM starts.

    Attributes
    ----------
    probabilities : ndarray, shape (n, K)
        Its class probabilities of each case.
    log_likelihood : float
        Its log-likelihood.
    penalty : float
        Parameters of the model of all items, times log n.
    """

    probabilities: Floats
    log_likelihood: float
    penalty: float


@dataclass(frozen=True)
class Question:
    """One item, the cases, and where EM starts.

    Attributes
    ----------
    cases : Design
        One row a case, all items.
    columns : ndarray of int
        Columns of the item's statistics.
    answered : ndarray of int
        Cases that answered the item.
    anchors : tuple of Anchor
        One or more for each number of classes.
    search : Search
        How the gain is maximised.
    """

    cases: Design
    columns: Integers
    answered: Integers
    anchors: tuple[Anchor, ...]
    search: Search


def pose(cases: Design, item: int, search: Search, seed: int) -> Question:
    """Fit the models of the other items.

    Parameters
    ----------
    cases : Design
        One row a case, all items; no local-dependence pairs.
    item : int
        Position of the item that is tested.
    search : Search
        How the gain is maximised.
    seed : int
        Of the random starts.
    """
    others = [j for j in range(len(cases.layout.items)) if j != item]
    rest = build_design(
        cases.values[:, others], [cases.layout.items[j] for j in others], None, cases.group
    )
    log_n = float(np.log(len(cases.X)))
    found: list[tuple[float, list[Anchor]]] = []
    for K in search.numbers:
        fit = fit_classes(
            rest, K, Starts(search.n_init, seed), _LOOSE, search.prior, search.variances
        )  # fmt: skip
        bic = fit.n_parameters * log_n - 2.0 * fit.log_likelihood
        penalty = log_n * count_parameters(cases.layout, K, search.variances)
        found.append((bic, [
            Anchor(posterior(rest, p)[0][rest.inverse], fit.log_likelihood, penalty)
            for p in _solutions(fit, search.solutions)
        ]))  # fmt: skip
        best = min(bic for bic, _ in found)
        if bic > best + _HOPELESS:
            break
    anchors = [a for bic, some in found if bic <= best + _HOPELESS for a in some]
    answered = np.flatnonzero(~np.isnan(cases.values[:, item]))
    return Question(cases, item_columns(cases, item), answered, tuple(anchors), search)


def _solutions(fit: Fit, most: int) -> list[Parameters]:
    """Give the best distinct solutions of a fit, the best one first."""
    number = fit.starts.solution
    out = [fit.parameters]
    for c in range(2, min(most, int(number.max())) + 1):
        at = int(np.flatnonzero(number == c)[0])
        out.append(unpack(fit.problem.layout, np.ascontiguousarray(fit.solutions[:, at])))
    return out


def item_columns(cases: Design, item: int) -> Integers:
    """Columns of the statistics of an item; none for an item with one value."""
    for block in cases.layout.blocks:
        width = (block.stop - block.start) // len(block.items)
        for u, members in enumerate(block.items):
            if members == (item,):
                return np.arange(block.start + u * width, block.start + (u + 1) * width)
    return np.empty(0, dtype=np.intp)


def arrangements(question: Question, generator: np.random.Generator, number: int) -> Integers:
    """Draw arrangements of the cases that answered the item, shape (number, n)."""
    n = len(question.cases.X)
    out = np.tile(np.arange(n), (number, 1))
    moved = generator.permuted(np.tile(question.answered, (number, 1)), axis=1)
    out[:, question.answered] = moved
    return out


def gains(question: Question, order: Integers) -> tuple[Floats, Integers]:
    """Highest penalised log-likelihood, times two, of each arrangement.

    Parameters
    ----------
    question : Question
    order : ndarray of int, shape (B, n)
        Whose answer each case gets.

    Returns
    -------
    gain : ndarray, shape (B,)
        ``max over K of 2 log L - p log n``, up to what all arrangements share.
    anchor : ndarray of int, shape (B,)
        The anchor that attains it.
    """
    best = np.full(len(order), -np.inf)
    place = np.zeros(len(order), dtype=np.intp)
    moving = question.cases.X[:, question.columns][order]  # (B, n, d)
    for at, anchor in enumerate(question.anchors):
        value = 2.0 * _climb(question, anchor.probabilities, moving) - anchor.penalty
        better = value > best
        best[better], place[better] = value[better], at
    return best, place


def _climb(question: Question, start: Floats, moving: Floats) -> Floats:
    """Log-likelihoods after the EM steps, shape (B,)."""
    design, search = question.cases, question.search
    fixed = design.X.copy()
    fixed[:, question.columns] = 0.0
    B, n, _ = moving.shape
    D, K = fixed.shape[1], start.shape[1]
    turned = np.ascontiguousarray(moving.transpose(0, 2, 1))  # (B, d, n)
    T = np.repeat((fixed.T @ start)[:, None], B, axis=1)
    T[question.columns] = np.matmul(turned, start).transpose(1, 0, 2)
    pseudo = (search.prior / K * design.X.mean(axis=0))[:, None, None]
    A = np.zeros((D, B, K))
    log_likelihood = np.empty(B)
    for _ in range(search.steps):
        A = m_step(design.layout, T + pseudo if search.prior > 0 else T, A, search.variances)
        P = (A.reshape(D, B * K).T @ fixed.T).reshape(B, K, n)
        own = np.ascontiguousarray(A[question.columns].transpose(1, 2, 0))  # (B, K, d)
        P += np.matmul(own, turned)
        top = P.max(axis=1)
        P -= top[:, None]
        np.exp(P, out=P)
        total = P.sum(axis=1)
        log_likelihood = (np.log(total) + top).sum(axis=1)
        P /= total[:, None]
        T = (fixed.T @ P.reshape(B * K, n).T).reshape(D, B, K)
        T[question.columns] = np.matmul(P, moving).transpose(2, 0, 1)
    return log_likelihood
