"""What types would be without the pseudo-cases that drew them inwards.

Types are posterior modes: pseudo-cases that answer as the average does make them assign
organisations well, and less unlike than the organisations are. Where data are to be expected of
the types, that is taken back: at the mode every expected count holds its pseudo-cases, and these
can be subtracted from it. Who belongs where is held as it is, so that this is one step of an
iteration, not the maximum of the likelihood.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .profiles import FLOOR, Floats, ItemProfile, ThemeProfiles, TypesModel


def without_pseudo_cases(model: TypesModel, n: float, prior: float) -> TypesModel:
    """Take the pseudo-cases of a model back.

    Parameters
    ----------
    model : TypesModel
    n : float
        Organisations (sum of their weights) that it was fitted to.
    prior : float
        Pseudo-cases in each theme, spread evenly over types and classes. With 0, with one type, or
        without organisations the model comes back as it is.

    Returns
    -------
    TypesModel
        With other probabilities of classes and answers. Shares, and variances, are kept.
    """
    if prior <= 0 or n <= 0 or model.n_types == 1:
        return model
    cases = n * model.shares[0]
    return replace(model, themes=tuple(_theme(t, cases, prior) for t in model.themes))


def _theme(theme: ThemeProfiles, cases: Floats, prior: float) -> ThemeProfiles:
    P, C = theme.conditional.shape
    counts = (cases[:, None] + prior / P) * theme.conditional - prior / (P * C)
    conditional = _shares(counts)
    held = np.maximum(cases @ conditional, 1.0)
    items = tuple(_item(item, held, prior / C) for item in theme.items)
    return replace(theme, items=items, conditional=conditional)


def _item(item: ItemProfile, held: Floats, pseudo: float) -> ItemProfile:
    values = item.values.copy()
    last = values.shape[1] if item.indicator.categorical else 1
    sums = (held + pseudo)[:, None] * values[:, :last]
    average = sums.sum(axis=0) / (held + pseudo).sum()
    out = (sums - pseudo * average) / held[:, None]
    if item.indicator.categorical:
        out = _shares(out)
    elif item.indicator.family == "count":
        out = np.maximum(out, FLOOR)
    values[:, :last] = out
    return replace(item, values=values)


def _shares(counts: Floats) -> Floats:
    kept = np.maximum(counts, FLOOR)
    return np.asarray(kept / kept.sum(axis=1, keepdims=True))
