"""One typology for several sectors, with what is equal between them stated: the fits of a ladder.

EM from where the sectors' own types stand, for many data sets at once; see
:mod:`swvtypes.typology.refitting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .profiles import FLOOR, Floats, TypesModel
from .refitting import maximised, mixed, natural, posteriors

PRIOR, STEPS, TOLERANCE = 0.1, 400, 1e-7


@dataclass(frozen=True)
class Rung:
    """What is equal between sectors; shares never are.

    Parameters
    ----------
    measurement : bool
        Theme classes answer alike.
    types : tuple of int
        Types (from 0) whose theme classes are alike; needs `measurement`.
    """

    measurement: bool = False
    types: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class LadderFit:
    """A rung fitted to B data sets.

    Attributes
    ----------
    log_likelihood : ndarray, shape (B,)
    models : tuple of TypesModel
        One a sector, of the first data set.
    """

    log_likelihood: Floats
    models: tuple[TypesModel, ...]


def count_parameters(models: Sequence[TypesModel], rung: Rung) -> int:
    """Free parameters of a rung."""
    G, P = len(models), models[0].n_types
    total = G * (P - 1)
    for theme in models[0].themes:
        C = theme.n_classes
        each = 0
        for item in theme.items:
            if item.indicator.categorical:
                each += C * (item.values.shape[1] - 1)
            else:
                # Measurements have one variance over the classes.
                each += C + (item.indicator.family == "continuous")
        total += each * (1 if rung.measurement else G)
        total += (C - 1) * (len(rung.types) + (P - len(rung.types)) * G)
    return total


def fit_rung(
    models: Sequence[TypesModel], statistics: Sequence[Sequence[Floats]], rung: Rung
) -> LadderFit:
    """Fit a rung from the models of the sectors, and from each of them alone where equal.

    Parameters
    ----------
    models : sequence of TypesModel
        One a sector, with the same themes, items and classes, types and classes aligned.
    statistics : sequence of sequences of ndarray, shape (n, D) or (B, n, D)
        By sector, then by theme.
    rung : Rung
    """
    starts = [list(models)]
    if rung.measurement:
        starts += [[one] * len(models) for one in models]
    fits = [_climb(start, statistics, rung) for start in starts]
    table = np.stack([fit.log_likelihood for fit in fits])
    return LadderFit(table.max(axis=0), fits[int(table[:, 0].argmax())].models)


def _climb(
    models: Sequence[TypesModel], statistics: Sequence[Sequence[Floats]], rung: Rung
) -> LadderFit:
    G, T, P = len(models), len(models[0].themes), models[0].n_types
    B = max(X.shape[0] if X.ndim == 3 else 1 for own in statistics for X in own)
    stats = [[np.broadcast_to(X, (B, *X.shape[-2:])) for X in own] for own in statistics]
    shares = [np.broadcast_to(m.shares[0], (B, P)).copy() for m in models]
    rho = [[np.broadcast_to(t.conditional, (B, *t.conditional.shape)).copy() for t in m.themes]
           for m in models]  # fmt: skip
    eta = [[np.broadcast_to(natural(t), (B, *natural(t).shape)).copy() for t in m.themes]
           for m in models]  # fmt: skip
    average = [[X.mean(axis=1) for X in own] for own in stats]
    last = np.full(B, -np.inf)
    for _ in range(STEPS):
        now = np.zeros(B)
        counts: list[list[Floats]] = [[] for _ in range(G)]
        sums: list[list[Floats]] = [[] for _ in range(G)]
        for g in range(G):
            logs = [X @ e for X, e in zip(stats[g], eta[g], strict=True)]
            given = [mixed(d, r) for d, r in zip(logs, rho[g], strict=True)]
            weight = np.ones(logs[0].shape[:2])
            p, own = posteriors(np.add.reduce(given), shares[g], weight)
            now += own
            shares[g] = (p.sum(axis=1) + PRIOR / P) / (p.shape[1] + PRIOR)
            for t in range(T):
                e = np.exp(logs[t] - logs[t].max(axis=2, keepdims=True))
                ratio = p / np.maximum(e @ rho[g][t].transpose(0, 2, 1), FLOOR)
                counts[g].append(rho[g][t] * (ratio.transpose(0, 2, 1) @ e))
                sums[g].append(np.swapaxes(stats[g][t], -1, -2) @ (e * (ratio @ rho[g][t])))
        _update(models, rung, counts, sums, average, rho, eta)
        if np.abs(now - last).max() < TOLERANCE * stats[0][0].shape[1]:
            break
        last = now
    made = tuple(_model(m, shares[g], rho[g], eta[g]) for g, m in enumerate(models))
    return LadderFit(now, made)


def _update(
    models: Sequence[TypesModel],
    rung: Rung,
    counts: list[list[Floats]],
    sums: list[list[Floats]],
    average: list[list[Floats]],
    rho: list[list[Floats]],
    eta: list[list[Floats]],
) -> None:
    """M step: pool what is equal."""
    G = len(models)
    for t, theme in enumerate(models[0].themes):
        C = theme.n_classes
        pooled = np.add.reduce([counts[g][t] for g in range(G)])
        for g in range(G):
            n = counts[g][t].copy()
            n[:, list(rung.types)] = pooled[:, list(rung.types)]
            rho[g][t] = (n + PRIOR / C) / (n.sum(axis=2, keepdims=True) + PRIOR)
        if rung.measurement:
            S = np.add.reduce([sums[g][t] + PRIOR / C / G * average[g][t][..., None]
                               for g in range(G)])  # fmt: skip
            made = maximised(theme, S)
            for g in range(G):
                eta[g][t] = made
        else:
            for g in range(G):
                S = sums[g][t] + PRIOR / C * average[g][t][..., None]
                eta[g][t] = maximised(models[g].themes[t], S)


def _model(
    model: TypesModel, shares: Floats, rho: Sequence[Floats], eta: Sequence[Floats]
) -> TypesModel:
    """Plain form of the first data set's estimates (categorical items)."""
    from dataclasses import replace

    themes = []
    for theme, r, e in zip(model.themes, rho, eta, strict=True):
        items, at = [], 0
        for item in theme.items:
            if item.indicator.categorical:
                m = item.values.shape[1]
                items.append(replace(item, values=np.exp(e[0, at : at + m]).T.copy()))
            elif item.indicator.family == "count":
                m = 2
                items.append(replace(item, values=np.exp(e[0, at + 1 : at + 2]).T.copy()))
            else:
                m = 3
                variance = -0.5 / e[0, at + 2]
                items.append(
                    replace(item, values=np.stack([e[0, at + 1] * variance, variance], axis=1))
                )
            at += m
        themes.append(replace(theme, items=tuple(items), conditional=r[0].copy()))
    return replace(model, shares=shares[:1].copy(), themes=tuple(themes))
