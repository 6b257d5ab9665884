"""Fitting a typology again to many data sets at once, from where it stands.

Used for the spread of its estimates: structure, items and classes stay what they are, EM sets out
from the fitted model, so that types keep their places. All data sets take their steps together.
Ordinal items are fitted as nominal ones here; a weak prior (pseudo-cases that answer as the average
row does) keeps estimates off the boundary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .profiles import FLOOR, Floats, ItemProfile, ThemeProfiles, TypesModel
from .specification import SHARE_PRIOR, TypologyOptions

STEPS, TOLERANCE, PRIOR = 200, 1e-6, 1.0


@dataclass(frozen=True)
class Refits:
    """Models fitted to B data sets.

    Attributes
    ----------
    shares : ndarray, shape (B, P)
    conditional : tuple of ndarray, shape (B, P, C), one a theme
    natural : tuple of ndarray, shape (B, D, C), one a theme
        Log-density of the statistics of a theme in each class.
    n_steps : int
        EM steps taken.
    """

    shares: Floats
    conditional: tuple[Floats, ...]
    natural: tuple[Floats, ...]
    n_steps: int

    def log_given_type(self, statistics: Sequence[Floats]) -> Floats:
        """Log-density of organisations in each type, shape (B, n, P)."""
        total: Floats | None = None
        for X, eta, rho in zip(statistics, self.natural, self.conditional, strict=True):
            given = mixed(X @ eta, rho)
            total = given if total is None else total + given
        assert total is not None
        return total


def theme_statistics(theme: ThemeProfiles, answers: Mapping[str, Floats]) -> Floats:
    """Statistics of a theme's answers, shape (n, D), columns item by item."""
    return np.concatenate([item_statistics(i, answers[i.name]) for i in theme.items], axis=-1)


def item_statistics(item: ItemProfile, codes: Floats) -> Floats:
    """Statistics of one item's answers, shape (..., m), (..., 2) or (..., 3); zero if missing."""
    answered = ~np.isnan(codes)
    value = np.where(answered, codes, 0.0)
    if item.indicator.categorical:
        m = item.values.shape[1]
        hit = (value[..., None] == np.arange(m)) & answered[..., None]
        return np.asarray(hit, dtype=float)
    columns = [answered.astype(float), value]
    if item.indicator.family == "continuous":
        columns.append(value**2)
    return np.stack(columns, axis=-1)


def refit(
    model: TypesModel,
    statistics: Sequence[Floats],
    weight: Floats,
    steps: int = STEPS,
    prior: float = PRIOR,
) -> Refits:
    """Fit a model to many data sets.

    Parameters
    ----------
    model : TypesModel
        Of one sector; where EM sets out.
    statistics : sequence of ndarray, shape (n, D) or (B, n, D)
        One a theme; the same answers for all data sets, or answers of their own.
    weight : ndarray, shape (B, n)
        Weight of each organisation in each data set.
    steps : int
        EM steps at most.
    prior : float
        Pseudo-cases in each theme, spread evenly over types and classes, as in
        :class:`swvtypes.typology.TypologyOptions`; the shares of the types have one at most.
    """
    B, P = len(weight), model.n_types
    own = min(prior, SHARE_PRIOR)
    shares = np.broadcast_to(model.shares[0], (B, model.n_types)).copy()
    rho = [np.broadcast_to(t.conditional, (B, *t.conditional.shape)).copy() for t in model.themes]
    eta = [np.broadcast_to(natural(t), (B, *natural(t).shape)).copy() for t in model.themes]
    total = weight.sum(axis=1)
    average = [
        np.einsum("bn,bnd->bd", weight, np.broadcast_to(X, (B, *X.shape[-2:]))) / total[:, None]
        for X in statistics
    ]
    last = np.full(B, -np.inf)
    done = 0
    while done < steps:
        done += 1
        logs = [X @ e for X, e in zip(statistics, eta, strict=True)]
        given = [mixed(d, r) for d, r in zip(logs, rho, strict=True)]
        p, now = posteriors(np.add.reduce(given), shares, weight)
        wp = weight[..., None] * p
        shares = (wp.sum(axis=1) + own / P) / (total[:, None] + own)
        for t, theme in enumerate(model.themes):
            e = np.exp(logs[t] - logs[t].max(axis=2, keepdims=True))
            ratio = wp / np.maximum(e @ rho[t].transpose(0, 2, 1), FLOOR)
            each = e * (ratio @ rho[t])
            counts = rho[t] * (ratio.transpose(0, 2, 1) @ e)
            C = counts.shape[2]
            rho[t] = (counts + prior / (P * C)) / (counts.sum(axis=2, keepdims=True) + prior / P)
            S = np.swapaxes(statistics[t], -1, -2) @ each + prior / C * average[t][..., None]
            eta[t] = maximised(theme, S)
        if np.abs(now - last).max() < TOLERANCE * total.max():
            break
        last = now
    return Refits(shares, tuple(rho), tuple(eta), done)


def prior_of(options: TypologyOptions) -> float:
    """Pseudo-cases of refits: those of the types, or a weak prior for types that have fewer."""
    own = options.type_prior if options.route == "one_step" else options.prior
    return max(own, PRIOR)


def posteriors(given: Floats, shares: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Probabilities of the types (B, n, P) and log-likelihoods (B,)."""
    joint = given + np.log(np.maximum(shares, FLOOR))[:, None]
    top = joint.max(axis=2, keepdims=True)
    p = np.exp(joint - top)
    s = p.sum(axis=2, keepdims=True)
    return p / s, (weight * (np.log(s) + top)[..., 0]).sum(axis=1)


def mixed(log_density: Floats, rho: Floats) -> Floats:
    """Log of mixtures of class densities (B, n, C) with weights (B, P, C), shape (B, n, P)."""
    top = log_density.max(axis=2, keepdims=True)
    mixed = np.exp(log_density - top) @ rho.transpose(0, 2, 1)
    return np.asarray(np.log(np.maximum(mixed, FLOOR)) + top)


def natural(theme: ThemeProfiles) -> Floats:
    """Log-density of a theme's statistics in each class, shape (D, C)."""
    parts = []
    for item in theme.items:
        values = item.values
        if item.indicator.categorical:
            parts.append(np.log(np.maximum(values, FLOOR)).T)
        elif item.indicator.family == "count":
            rate = np.maximum(values[:, 0], FLOOR)
            parts.append(np.stack([-rate, np.log(rate)]))
        else:
            parts.append(_gaussian(values[:, 0], values[:, 1]))
    return np.concatenate(parts)


def _gaussian(mean: Floats, variance: Floats) -> Floats:
    constant = -0.5 * (mean**2 / variance + np.log(2.0 * np.pi * variance))
    return np.stack([constant, mean / variance, -0.5 / variance], axis=-2)


def maximised(theme: ThemeProfiles, S: Floats) -> Floats:
    """M step of a theme's items from expected sums (B, D, C)."""
    parts, at = [], 0
    for item in theme.items:
        if item.indicator.categorical:
            m = item.values.shape[1]
            counts = np.maximum(S[:, at : at + m], FLOOR)
            parts.append(np.log(counts) - np.log(counts.sum(axis=1, keepdims=True)))
        elif item.indicator.family == "count":
            m = 2
            rate = np.maximum(S[:, at + 1] / np.maximum(S[:, at], FLOOR), FLOOR)
            parts.append(np.stack([-rate, np.log(rate)], axis=1))
        else:
            m = 3
            n = np.maximum(S[:, at], FLOOR)
            mean = S[:, at + 1] / n
            within = np.maximum(S[:, at + 2] - S[:, at + 1] * mean, 0.0).sum(axis=1)
            variance = np.maximum(within / n.sum(axis=1), 1e-12)[:, None]
            parts.append(_gaussian(mean, np.broadcast_to(variance, mean.shape)))
        at += m
    return np.concatenate(parts, axis=1)


def expected_answers(
    theme: ThemeProfiles, natural: Floats, conditional: Floats
) -> list[tuple[str, Floats]]:
    """Give the expected answers of each type to a theme's items.

    Parameters
    ----------
    theme : ThemeProfiles
    natural : ndarray, shape (B, D, C)
    conditional : ndarray, shape (B, P, C)

    Returns
    -------
    list of (str, ndarray of shape (B, P, m))
        Probabilities of the m categories, or the mean (m = 1), by item.
    """
    found, at = [], 0
    for item in theme.items:
        if item.indicator.categorical:
            m = item.values.shape[1]
            values = np.exp(natural[:, at : at + m])
        elif item.indicator.family == "count":
            m, values = 2, np.exp(natural[:, at + 1 : at + 2])
        else:
            m = 3
            values = natural[:, at + 1 : at + 2] / (-2.0 * natural[:, at + 2 : at + 3])
        found.append((item.name, conditional @ values.transpose(0, 2, 1)))
        at += m
    return found


def bootstrap_weights(n: int, n_boot: int, generator: np.random.Generator) -> Floats:
    """Frequencies of n organisations in resamples with replacement, shape (n_boot, n)."""
    return generator.multinomial(n, np.full(n, 1.0 / n), size=n_boot).astype(float)
