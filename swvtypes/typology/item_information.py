"""How much of a typology's information a set of items carries.

The information of a set of items is the mutual information of type and answers, I(S; Y): by how
much, on average, the answers lower the entropy of the type (Shannon 1948). What is left when items
are missing is the ratio of that of the remaining items to that of all items, both computed from
the typology's own parameters by simulation. Beside it stands the agreement to expect: how often
the most probable type is the same from the remaining items as from all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from .profiles import Floats, TypesModel, posterior

DRAWS = 4_000
SEED = 20_140_101


@dataclass(frozen=True)
class Information:
    """What the items that a wave has say about the types.

    Attributes
    ----------
    sectors : tuple of str
        Sectors that the types are about.
    items, remaining : int
        Items of the typology, and those that the wave has.
    dropped : tuple of str
        Items that it lacks.
    share : float
        Mutual information of type and remaining answers over that of type and all answers; 1 where
        there is one type only.
    agreement : float
        Expected share of organisations whose most probable type is the same as from all items.
    accuracy, accuracy_all : float
        Expected share that is put in its true type, from the remaining items and from all.
    bits : float
        Mutual information of type and all answers, in bits.
    error : float
        Monte Carlo standard error of `share`.
    """

    sectors: tuple[str, ...]
    items: int
    remaining: int
    dropped: tuple[str, ...]
    share: float
    agreement: float
    accuracy: float
    accuracy_all: float
    bits: float
    error: float


def information(
    model: TypesModel,
    remaining: Collection[str],
    draws: int = DRAWS,
    seed: int = SEED,
    likely: TypesModel | None = None,
) -> Information:
    """Measure what some items say about the types of a model.

    Parameters
    ----------
    model : TypesModel
        The types, with the shares of the wave that they come from (of the first sector where
        sectors share the types).
    remaining : collection of str
        Items that are there.
    draws : int
        Simulated organisations.
    seed : int
        Their seed; the same one always, so that the measure is a property of the items.
    likely : TypesModel, optional
        What organisations are taken to be like; the model itself if left out. It is given where
        pseudo-cases drew the model inwards (:mod:`swvtypes.typology.drawn_out`): organisations
        then answer less alike than it has them, and dropping items changes fewer of their types.
    """
    items = model.items
    dropped = tuple(name for name in items if name not in set(remaining))
    if model.n_types == 1:
        left = len(items) - len(dropped)
        return Information(model.sectors, len(items), left, dropped, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    answers, true = (likely or model).simulate(draws, np.random.default_rng(seed))
    full, best = _gain(model, answers, draws)
    rest, still = (
        _gain(model, {k: v for k, v in answers.items() if k in set(remaining)}, draws)
        if dropped
        else (full, best)
    )
    total = float(full.mean())
    share = float(rest.mean()) / total if total > 0 else 0.0
    error = float((rest - share * full).std() / np.sqrt(draws) / total) if total > 0 else 0.0
    return Information(
        model.sectors, len(items), len(items) - len(dropped), dropped,
        float(np.clip(share, 0.0, 1.0)), float((best == still).mean()),
        float((still == true).mean()), float((best == true).mean()), total / np.log(2.0), error,
    )  # fmt: skip


def _gain(model: TypesModel, answers: Mapping[str, Floats], n: int) -> tuple[Floats, Floats]:
    """Divergence of the posterior from the shares (n,), and the most probable type (n,)."""
    shares = model.shares[0]
    p = posterior(model.log_given_type(answers, n), shares)[0]
    logs = np.log(np.maximum(p, 1e-300)) - np.log(np.maximum(shares, 1e-300))
    return np.asarray((p * logs).sum(axis=1)), p.argmax(axis=1).astype(float)
