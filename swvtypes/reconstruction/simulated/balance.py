"""Swap away the associations that chance leaves among columns of a group of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from swvtypes.reconstruction.stream import Stream

Integers = NDArray[np.int64]


def swap_away(columns: list[list[int]], stream: Stream, proposals_a_cell: int = 12) -> None:
    """Make columns as good as independent of each other, each keeping its counts; in place.

    Two rows exchange their answers in a column where this does not raise the sum, over pairs of
    answers of two columns, of the squares of (n times their joint count less the product of their
    counts): zero under exact independence, and whole numbers throughout.

    Parameters
    ----------
    columns : list of list of int
        Codes, one list a column, all of the same rows.
    stream : Stream
        Where proposals come from.
    proposals_a_cell : int
        Proposals a row and column.
    """
    n = len(columns[0]) if columns else 0
    if len(columns) < 2 or n < 2:
        return
    chosen, answers, block = _spread(columns)
    excess = _excess(chosen, block)
    for _ in range(proposals_a_cell * n * len(columns)):
        place = stream.below(len(columns))
        first, second = stream.below(n), stream.below(n)
        column = columns[place]
        if column[first] == column[second]:
            continue
        gone, come = answers[place][column[first]], answers[place][column[second]]
        change = n * (chosen[second] - chosen[first])
        change[block == place] = 0
        before = excess[gone] @ excess[gone] + excess[come] @ excess[come]
        lower, higher = excess[gone] + change, excess[come] - change
        if lower @ lower + higher @ higher > before:
            continue
        for answer, line in ((gone, lower), (come, higher)):
            excess[answer] = line
            excess[:, answer] = line
        chosen[[first, second], gone] = (0, 1)
        chosen[[first, second], come] = (1, 0)
        column[first], column[second] = column[second], column[first]


def residual_association(columns: list[list[int]]) -> float:
    """Give the largest absolute covariance between two answers of different columns."""
    if len(columns) < 2 or len(columns[0]) < 2:
        return 0.0
    chosen, _, block = _spread(columns)
    return float(np.abs(_excess(chosen, block)).max()) / len(columns[0]) ** 2


def _spread(columns: list[list[int]]) -> tuple[Integers, list[dict[int, int]], Integers]:
    """Give an indicator a row and answer, the place of each answer, and its column."""
    answers: list[dict[int, int]] = []
    block: list[int] = []
    for place, column in enumerate(columns):
        codes = sorted(set(column))
        answers.append({code: len(block) + number for number, code in enumerate(codes)})
        block += [place] * len(codes)
    chosen = np.zeros((len(columns[0]), len(block)), dtype=np.int64)
    for place, column in enumerate(columns):
        for row, code in enumerate(column):
            chosen[row, answers[place][code]] = 1
    return chosen, answers, np.array(block, dtype=np.int64)


def _excess(chosen: Integers, block: Integers) -> Integers:
    counts = chosen.sum(axis=0)
    excess: Integers = len(chosen) * (chosen.T @ chosen) - np.outer(counts, counts)
    excess[block[:, None] == block[None, :]] = 0
    return excess
