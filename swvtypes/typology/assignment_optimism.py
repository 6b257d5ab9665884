"""Types with what corrects the errors of assigning organisations to them.

A typology's own table of errors is judged by the organisations that made its types. How much too
good it is shows in data sets drawn from the types, to which they are fitted again (items, classes
and numbers of types as they are); see :mod:`swvtypes.lca.structural_optimism`. That the items and
numbers were chosen on the same organisations is not corrected.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.lca.structural_optimism import table_factors
from swvtypes.membership.optimism import Optimism, optimism_of, side_by_side

from .profiles import Floats, TypesModel
from .refitting import mixed, natural, posteriors, refit, theme_statistics

REPLICATES = 100


def types_optimism(
    model: TypesModel,
    frame: pd.DataFrame,
    seed: int = 0,
    n_boot: int = REPLICATES,
    prior: float = 0.0,
) -> Optimism | None:
    """Find what corrects the errors of assignment of the types of one sector.

    Parameters
    ----------
    model : TypesModel
        Of one sector.
    frame : DataFrame by organisation
        The answers that the types were made of: what is missing there is missing in the data sets
        drawn. Organisations without any answer are left out.
    seed : int
    n_boot : int
        Data sets drawn.
    prior : float
        Pseudo-cases of each refit, as many as the types were made with: with more, refits are less
        sure than the types, and errors seem too large.

    Returns
    -------
    Optimism or None
        None for types of several sectors together, whose shares differ. Of one type, no factors.
    """
    if len(model.sectors) != 1:
        return None
    K = model.n_types
    if K == 1 or not model.themes:
        zero = np.zeros((K, K))
        return optimism_of({"modal": zero, "proportional": zero}, model.types)
    codes = model.encode(frame)
    gone = {name: np.isnan(answers) for name, answers in codes.items()}
    here = ~np.all([gone[name] for name in gone], axis=0)
    n = int(here.sum())
    statistics = _drawn(model, {name: mask[here] for name, mask in gone.items()}, n, (seed, n_boot))
    weight = np.ones((n_boot, n))
    refits = refit(model, statistics, weight, prior=prior)
    own = posteriors(refits.log_given_type(statistics), refits.shares, weight)[0]
    given = [
        mixed(X @ natural(t), t.conditional[None])
        for X, t in zip(statistics, model.themes, strict=True)
    ]
    shares = np.broadcast_to(model.shares[0], (n_boot, K))
    truth = posteriors(np.add.reduce(given), shares, weight)[0]
    return optimism_of(
        {
            kind: np.mean(
                [table_factors(weight[b], own[b], truth[b], kind) for b in range(n_boot)], axis=0
            )
            for kind in ("modal", "proportional")
        },
        model.types,
    )


def _drawn(
    model: TypesModel, gone: dict[str, np.ndarray], n: int, asked: tuple[int, int]
) -> list[Floats]:
    """Statistics of the themes of data sets drawn from the types, (B, n, D) each."""
    seed, n_boot = asked
    sets = []
    for b in range(n_boot):
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(b,)))
        answers, _ = model.simulate(n, generator)
        sets.append({name: np.where(gone[name], np.nan, x) for name, x in answers.items()})
    return [
        np.stack([theme_statistics(theme, answers) for answers in sets]) for theme in model.themes
    ]


def optimism_of_sectors(
    models: tuple[TypesModel, ...], frames: list[pd.DataFrame], seed: int = 0, prior: float = 0.0
) -> Optimism | None:
    """Find it for the types of every sector; None where sectors share their types.

    Parameters
    ----------
    models : tuple of TypesModel
    frames : list of DataFrame by organisation
        Answers that each was made of.
    seed : int
        Sector s draws from child s.
    prior : float
        Pseudo-cases of each refit.
    """
    parts = []
    for at, (model, frame) in enumerate(zip(models, frames, strict=True)):
        words = np.random.SeedSequence(seed, spawn_key=(at,)).generate_state(1)
        part = types_optimism(model, frame, int(words[0]), prior=prior)
        if part is None:
            return None
        parts.append(part)
    return side_by_side(parts)
