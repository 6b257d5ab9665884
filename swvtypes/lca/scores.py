"""Casewise scores: derivatives of each pattern's log-density to every free parameter."""

from __future__ import annotations

import numpy as np

from .design import Block, Design, Floats
from .families import Parameters
from .fit import posterior

_BOUNDARY = 1e-8


def score_columns(
    design: Design, parameters: Parameters, free_variances: bool = False
) -> tuple[Floats, int]:
    """Scores at a fitted model in its natural parametrisation.

    Parameters: class share logits against the largest class for each group, then unit by unit
    category logits against the reference category (nominal), cuts and effects (ordinal), log
    rates, means and log variances, joint logits; direct effects as margins and association.

    Parameters
    ----------
    design : Design
        Patterns; missing answers contribute nothing. Pairs must be answered fully or not at all.
    parameters : Parameters
        The model.
    free_variances : bool
        One variance a class instead of one for all.

    Returns
    -------
    scores : ndarray, shape (N, P)
        Parameters on the boundary (probabilities below 1e-8) are left out.
    n_boundary : int
        How many were left out.
    """
    p = posterior(design, parameters)[0]
    K = p.shape[1]
    columns: list[Floats] = []
    left_out = 0
    shares = np.exp(parameters.log_shares)
    for g in range(design.layout.n_groups):
        inside = (design.group == g).astype(float)
        alive = [k for k in range(K) if shares[g, k] > _BOUNDARY]
        base = int(np.argmax(shares[g]))
        columns += [inside * (p[:, k] - shares[g, k]) for k in alive if k != base]
        left_out += K - len(alive)
    tables = {(t.items, t.group): t.values for t in parameters.tables}
    for block in design.layout.blocks:
        for j, (members, g) in enumerate(zip(block.items, block.groups, strict=True)):
            values = tables[members, g]
            made, lost = _unit(design, block, j, members, g, values, p, free_variances)
            columns += made
            left_out += lost
    return np.stack(columns, axis=1) if columns else np.empty((len(p), 0)), left_out


def _unit(
    design: Design,
    block: Block,
    j: int,
    members: tuple[int, ...],
    group: int,
    values: Floats,
    p: Floats,
    free_variances: bool,
) -> tuple[list[Floats], int]:
    answered = ~np.isnan(design.values[:, list(members)]).any(axis=1)
    answered &= (design.group == group) | (group < 0)
    x = np.nan_to_num(design.values[:, members[0]])
    mine = p * answered[:, None]
    if block.kind == "count":
        return list(((x[:, None] - values[:, 0]) * mine).T), 0
    if block.kind == "continuous":
        z = (x[:, None] - values[:, 0]) / np.sqrt(values[:, 1])
        means, spreads = list((z * mine).T), ((z**2 - 1.0) * mine)
        return means + (list(spreads.T) if free_variances else [spreads.sum(axis=1)]), 0
    if len(members) == 2:
        x = x * block.shape[1] + np.nan_to_num(design.values[:, members[1]])
    hit = (x[:, None] == np.arange(block.size)).astype(float)
    residual = (hit[:, None] - values[None]) * mine[..., None]
    if block.kind == "ordinal":
        cuts = list(residual.sum(axis=1)[:, 1:].T)
        effects = list((residual @ block.scores[j])[:, 1:].T)
        return cuts + effects, 0
    if block.kind == "direct":
        return _direct(residual, block), 0
    columns, lost = [], 0
    for k in range(values.shape[0]):
        base = int(np.argmax(values[k]))
        for m in range(block.size):
            if m == base:
                continue
            if values[k, m] < _BOUNDARY or values[k, base] > 1.0 - _BOUNDARY:
                lost += 1
            else:
                columns.append(residual[:, k, m])
    return columns, lost


def _direct(residual: Floats, block: Block) -> list[Floats]:
    """Margins in each class, then one association for all of them."""
    m1, m2 = block.shape
    R = residual.reshape(len(residual), -1, m1, m2)
    first = [R[:, k, i].sum(axis=1) for k in range(R.shape[1]) for i in range(1, m1)]
    second = [R[:, k, :, i].sum(axis=1) for k in range(R.shape[1]) for i in range(1, m2)]
    shared = R.sum(axis=1)
    return first + second + [shared[:, i, k] for i in range(1, m1) for k in range(1, m2)]
