"""How much common questions still say about the types of an earlier typology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from swvtypes.lca.design import Floats, Integers

from .common_items import CommonTypes, new_codes
from .typology_parts import DRAWS, SEED, TypesModel, posterior


@dataclass(frozen=True)
class Survival:
    """What the accepted items say about the types, against all items.

    Attributes
    ----------
    share : float
        Mutual information of type and remaining answers over that of type and all answers; NaN
        where there is one type.
    agreement : float
        Expected share of organisations whose most probable type stays the same.
    accuracy, accuracy_all : float
        Expected share put in its true type, from the remaining items and from all.
    bits : float
        Mutual information of type and all answers.
    """

    share: float
    agreement: float
    accuracy: float
    accuracy_all: float
    bits: float


def survival(common: CommonTypes, draws: int = DRAWS, seed: int = SEED) -> Survival:
    """Measure what common items say, by simulation from the typology's own parameters.

    As :func:`~swvtypes.typology.information.information` does, with categories put together.
    """
    full = common.full
    if full.n_types == 1:
        return Survival(float("nan"), 1.0, 1.0, 1.0, 0.0)
    answers, true = full.simulate(draws, np.random.default_rng(seed))
    items = {i.name: i for t in full.themes for i in t.items}
    rest = {}
    for name, item in common.kept.items():
        place = new_codes(items[name], item)
        rest[name] = answers[name] if place is None else place[answers[name].astype(int)]
    whole, best = _gain(full, answers, draws)
    part, still = _gain(common.model, rest, draws)
    total = float(whole.mean())
    told = total > 0 and len(common.kept) > 0
    share = float(np.clip(part.mean() / total, 0.0, 1.0)) if told else 0.0
    return Survival(
        share, float((best == still).mean()), float((still == true).mean()),
        float((best == true).mean()), total / float(np.log(2.0)),
    )  # fmt: skip


def _gain(model: TypesModel, answers: Mapping[str, Floats], n: int) -> tuple[Floats, Integers]:
    shares = model.shares[0]
    p = posterior(model.log_given_type(answers, n), shares)[0]
    logs = np.log(np.maximum(p, 1e-300)) - np.log(np.maximum(shares, 1e-300))
    return np.asarray((p * logs).sum(axis=1)), p.argmax(axis=1)
