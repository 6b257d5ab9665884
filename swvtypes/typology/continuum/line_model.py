"""Classes on one line: an ordered discrete factor, or a discretised latent trait.

Class q lies at position x_q. The natural parameters of an item (the log odds of its categories
against one of them, the log of a rate, a mean) are linear in the position; a nominal item has a
slope for each category, an ordinal one a single slope times the scores of its categories. Two
classes on a line are two classes, free of anything: every pair of points lies on a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from swvtypes.errors import InputError
from swvtypes.lca.design import Block, Floats, Layout
from swvtypes.lca.families.steps import log_normaliser

Positions = Literal["equal", "free"]
Shape = Literal["normal", "uniform", "skewed"]
SHAPES: tuple[Shape, ...] = ("normal", "uniform", "skewed")
TRAIT_NODES = 11
_REACH = 2.75


@dataclass(frozen=True)
class Line:
    """What is asked of the classes on a line.

    Parameters
    ----------
    n_nodes : int
        Classes on the line, Q.
    shape : {"normal", "uniform", "skewed"}, optional
        Form of a trait whose shares are held fixed. Slopes may have either sign, so that a tail
        to one side is a tail to the other. Left out, the shares are estimated.
    positions : {"equal", "free"}
        Equally spaced, or estimated between the two ends.
    """

    n_nodes: int
    shape: Shape | None = None
    positions: Positions = "equal"

    @property
    def nodes(self) -> Floats:
        """Positions from which estimation sets out, shape (Q,), mean 0 and of unit reach."""
        reach = _REACH if self.shape is not None else 1.0
        return np.linspace(-reach, reach, self.n_nodes)

    @property
    def shares(self) -> Floats:
        """Shares, fixed or to set out from, shape (Q,)."""
        if self.shape is None:
            return np.full(self.n_nodes, 1.0 / self.n_nodes)
        return trait_shares(self.shape, self.nodes)

    @property
    def scores(self) -> Floats:
        """Normal scores of the nodes, shape (Q,)."""
        share = self.shares
        return np.asarray(ndtri(np.cumsum(share) - share / 2))


def trait_shares(shape: Shape, nodes: Floats) -> Floats:
    """Give the shares of a trait's nodes, shape (Q,).

    The skewed form is that of a gamma distribution of shape 2 (skewness 1.41).

    Examples
    --------
    >>> import numpy as np
    >>> trait_shares("normal", np.array([-1.0, 0.0, 1.0])).round(3).tolist()
    [0.274, 0.452, 0.274]
    """
    if shape == "uniform":
        return np.full(len(nodes), 1.0 / len(nodes))
    if shape == "normal":
        weight = np.exp(-0.5 * nodes**2)
    else:
        far = (nodes - nodes[0]) + (nodes[1] - nodes[0]) / 2
        weight = far * np.exp(-np.sqrt(2.0) * far)
    return np.asarray(weight / weight.sum())


@dataclass
class State:
    """Parameters of B runs with Q classes on a line.

    Attributes
    ----------
    intercept, slope : ndarray, shape (C, B)
        Of each statistic of the design, in the order of its columns after the indicators.
    log_shares, x : ndarray, shape (B, Q)
        Log shares and positions.
    """

    intercept: Floats
    slope: Floats
    log_shares: Floats
    x: Floats

    def take(self, which: np.ndarray) -> State:
        """Return some of the runs."""
        return State(
            self.intercept[:, which], self.slope[:, which], self.log_shares[which], self.x[which]
        )

    def put(self, which: np.ndarray, other: State) -> None:
        """Overwrite some of the runs."""
        self.intercept[:, which], self.slope[:, which] = other.intercept, other.slope
        self.log_shares[which], self.x[which] = other.log_shares, other.x


def check_layout(layout: Layout) -> None:
    """Raise an InputError for what cannot be laid on a line."""
    faults = []
    if layout.n_groups > 1:
        faults.append(f"expected one group, got {layout.n_groups} known groups")
    if layout.pairs:
        faults.append(f"expected no local dependence, got {len(layout.pairs)} pairs")
    for block in layout.blocks:
        if block.kind == "continuous":
            faults += [
                f"item {layout.items[i].name!r} is continuous: expected categories or counts; "
                "cut it into ordered categories"
                for (i,) in block.items
            ]
    if faults:
        raise InputError("classes on a line", faults)


def natural(layout: Layout, state: State) -> Floats:
    """Give the natural parameters of all runs for the E step, shape (D, B, Q)."""
    first = layout.n_indicators
    B, Q = state.x.shape
    A = np.zeros((layout.width, B, Q))
    A[0] = state.log_shares
    A[first:] = state.intercept[:, :, None] + state.slope[:, :, None] * state.x
    for block in layout.blocks:
        if block.kind == "count":
            constant = -np.exp(A[block.start : block.stop])
        elif block.size == 1:
            continue
        else:
            by_item = A[block.start : block.stop].reshape(len(block.items), -1, B, Q)
            constant = -log_normaliser(np.moveaxis(by_item, 1, -1))
        np.add.at(A, block.indicator, constant)
    return A


def distances(block: Block) -> Floats:
    """Give the distance of each category's score from the reference category's, (J, size - 1)."""
    rows = []
    for scores, reference in zip(block.scores, block.reference, strict=True):
        rows.append(np.delete(scores - scores[reference], int(reference)))
    return np.array(rows)


def count_line_parameters(layout: Layout, line: Line) -> int:
    """Free parameters of classes on a line.

    With two nodes these are the parameters of two classes.
    """
    total = 0
    for block in layout.blocks:
        m = block.size
        each = {"nominal": 2 * (m - 1), "ordinal": (m - 1) + (m > 1), "count": 2}[block.kind]
        total += len(block.items) * each
    if line.shape is None:
        total += line.n_nodes - 1
    if line.positions == "free":
        total += max(line.n_nodes - 2, 0)
    return total
