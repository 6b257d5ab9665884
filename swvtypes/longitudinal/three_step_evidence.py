"""What memberships say of true types, and with what errors: the evidence of the third step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.lca.design import Floats, Item, build_design
from swvtypes.lca.families import Parameters, Table, pack
from swvtypes.membership import ErrorTable, Membership

from .chain.sequences import Sequences, collapse
from .pairs import index_faults

LEAST = 1e-12


@dataclass(frozen=True)
class Given:
    """Evidence of one wave: category of each organisation, and P(category | true type)."""

    category: pd.Series[int]
    table: Floats


def errors_of(
    membership: Membership, modal: bool, p: pd.DataFrame, errors: ErrorTable = "auto"
) -> Given:
    """Give what a membership says, and with what errors: modal types, or posteriors."""
    known = p.dropna()
    if modal:
        table = membership.classification_error("modal", errors).assigned_given_true.fillna(0.0)
        code = pd.Series(known.to_numpy().argmax(axis=1), index=known.index)
        return Given(code, table.to_numpy())
    shares = np.maximum(known.mean().to_numpy(), LEAST)
    distinct, place = np.unique(known.to_numpy(), axis=0, return_inverse=True)
    return Given(pd.Series(place.reshape(-1), index=known.index), (distinct / shares).T)


def sequences_of(given: Sequence[Given], units: pd.Index, K: int) -> tuple[Sequences, Floats]:
    """One nominal item with a table of its own at every wave; types beyond those of a wave."""
    n_categories = max(g.table.shape[1] for g in given)
    item = Item("assigned", "nominal", n_categories, (), True)
    parts = [(t, g.category) for t, g in enumerate(given)]
    values = np.concatenate([c.to_numpy(dtype=float) for _, c in parts])
    group = np.concatenate([np.full(len(c), t) for t, c in parts]).astype(np.intp)
    design = build_design(values[:, None], [item], None, group)
    cell = np.full((len(units), len(given)), len(design.X), dtype=np.intp)
    place = np.concatenate([units.get_indexer(c.index) for _, c in parts])
    cell[place, group] = design.inverse
    tables = []
    for t, g in enumerate(given):
        full = np.zeros((K, n_categories))
        full[: len(g.table), : g.table.shape[1]] = g.table
        tables.append(Table("nominal", (0,), t, np.maximum(full, LEAST)))
    A = pack(design.layout, Parameters(np.zeros((len(given), K)), tuple(tables)))
    return collapse(design, cell, np.ones(len(units))), A


def renamed(membership: Membership, identity: Mapping[Any, Any]) -> pd.DataFrame:
    """Give probabilities under the names of the last wave."""
    frame = membership.probabilities
    frame.index = pd.Index([identity.get(o, o) for o in frame.index])
    twice = frame.index[frame.index.duplicated()].unique()
    if len(twice):
        names = ", ".join(map(repr, twice[:5]))
        raise InputError("memberships", [f"{membership.wave}: {names} stand more than once"])
    return frame


def check_memberships(
    memberships: Sequence[Membership], organisations: Sequence[Mapping[Any, Any]] | None = None
) -> None:
    """Say what memberships cannot be used for, all at once."""
    if isinstance(memberships, Membership) or not all(
        isinstance(m, Membership) for m in memberships
    ):
        raise InputError("memberships", ["expected a sequence of Membership, one a wave"])
    faults = []
    if len(memberships) < 2:
        faults.append(f"expected at least two waves, got {len(memberships)}")
    if organisations and len(organisations) != len(memberships):
        faults.append(
            f"organisations: expected one mapping a wave ({len(memberships)}), "
            f"got {len(organisations)}"
        )
    for m in memberships:
        if len(m.blocks) > 1:
            faults.append(
                f"{m.wave}: expected types of one sector, got those of "
                f"{' and '.join(m.sectors)}; take membership.sector(...) first"
            )
        if m.survey_weight is not None:
            faults.append(f"{m.wave}: survey weights are not taken")
    if faults:
        raise InputError("memberships", faults)


def check_overlap(probabilities: Sequence[pd.DataFrame]) -> None:
    """Say which waves in a row have no organisation in common, or name them in another way."""
    known = [set(p.dropna().index) for p in probabilities]
    names = [f"wave {t + 1}" for t in range(len(known))]
    faults = index_faults(names, [p.index for p in probabilities])
    if faults:
        raise InputError("memberships", faults)
    faults = [
        f"waves {t + 1} and {t + 2} have no organisation with a type in common"
        for t in range(len(known) - 1)
        if not known[t] & known[t + 1]
    ]
    if faults:
        raise InputError("memberships", faults)


def wave_names(memberships: Sequence[Membership]) -> list[str]:
    """Name the waves; by number where names lack or are alike."""
    names = [str(m.wave or m.year or "") for m in memberships]
    if len(set(names)) == len(names) and all(names):
        return names
    return [f"wave {t + 1}" for t in range(len(names))]
