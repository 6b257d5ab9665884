"""What is asked of the superclusters, and their M step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from swvtypes.lca.design import Floats

from .coupling import Question
from .logits import logit_probabilities, logit_step
from .messages import State, Sums

Conditional = Literal["free", "equal"]
Shares = Literal["free", "uniform"]
_TINY = 1e-300


@dataclass(frozen=True)
class Structure:
    """Superclusters and how theme classes depend on them.

    Parameters
    ----------
    n_superclusters : int
        P; with `nodes` their number.
    n_classes : tuple of int
        Classes of each theme.
    conditional : {"free", "equal"}
        Whether the themes share one matrix of conditional probabilities.
    shares : {"free", "uniform"}
        Whether superclusters are of equal size.
    nodes, node_weights : ndarray, shape (P,), optional
        Points of one continuous dimension and their fixed weights; theme classes then follow a
        multinomial logit on the dimension instead of free probabilities.
    """

    n_superclusters: int
    n_classes: tuple[int, ...]
    conditional: Conditional = "free"
    shares: Shares = "free"
    nodes: Floats | None = None
    node_weights: Floats | None = None

    @property
    def n_parameters(self) -> int:
        """Free parameters of the structure, covariates aside."""
        P = self.n_superclusters
        if self.nodes is not None:
            return sum(2 * (C - 1) for C in self.n_classes)
        each = [C - 1 for C in (self.n_classes[:1] if self.conditional == "equal"
                                else self.n_classes)]  # fmt: skip
        return (P - 1 if self.shares == "free" else 0) + P * sum(each)


def one_dimension(n_classes: tuple[int, ...], n_nodes: int = 11) -> Structure:
    """Structure in which theme classes depend on one normally distributed dimension.

    Integrated over equidistant nodes between -3.2 and 3.2 standard deviations. With two classes a
    theme this is a two-parameter logistic model of the theme classes, with more a nominal response
    model (Bock 1972).
    """
    nodes = np.linspace(-3.2, 3.2, n_nodes)
    weights = np.exp(-0.5 * nodes**2)
    return Structure(n_nodes, n_classes, nodes=nodes, node_weights=weights / weights.sum())


def maximise(
    question: Question, structure: Structure, sums: Sums, state: State
) -> tuple[Floats, tuple[Floats, ...], tuple[Floats, ...]]:
    """M step of the structure: shares, conditional probabilities, coefficients to go on from."""
    shares, extra = _shares(question, structure, sums, state)
    if structure.nodes is not None:
        found = [
            _on_nodes(structure.nodes, counts, start)
            for counts, start in zip(sums.conditional, state.extra, strict=True)
        ]
        return shares, tuple(p for p, _ in found), tuple(b for _, b in found)
    counts = sums.conditional
    if structure.conditional == "equal":
        together = np.add.reduce(counts, axis=0)
        counts = (together,) * len(counts)
    conditional = []
    for n in counts:
        least = np.maximum(n, _TINY)
        conditional.append(least / least.sum(axis=1, keepdims=True))
    return shares, tuple(conditional), extra


def _shares(
    question: Question, structure: Structure, sums: Sums, state: State
) -> tuple[Floats, tuple[Floats, ...]]:
    P = structure.n_superclusters
    if structure.node_weights is not None:
        shape = (P, *sums.shares.shape[1:3], 1)
        return np.broadcast_to(structure.node_weights[:, None, None, None], shape).copy(), ()
    if question.covariates is not None:
        counts = np.maximum(sums.shares[:, 0], 0.0)
        gamma = logit_step(question.covariates, counts, state.extra[0])
        return logit_probabilities(question.covariates, gamma)[:, None], (gamma,)
    if structure.shares == "uniform":
        return np.full_like(sums.shares, 1.0 / P), ()
    n = np.maximum(sums.shares, _TINY)
    return n / n.sum(axis=0), ()


def _on_nodes(nodes: Floats, counts: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Multinomial logit of a theme's classes on the dimension; counts (P, C, R, S)."""
    P, C, R, S = counts.shape
    design = np.stack([np.ones(P), nodes], axis=1)
    flat = np.ascontiguousarray(counts.transpose(1, 2, 3, 0)).reshape(C, R * S, P)
    beta = logit_step(design, np.maximum(flat, 0.0), start.reshape(C, 2, R * S))
    probabilities = logit_probabilities(design, beta).reshape(C, R, S, P)
    return (
        np.ascontiguousarray(probabilities.transpose(3, 0, 1, 2)),
        beta.reshape(C, 2, R, S),
    )
