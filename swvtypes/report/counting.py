"""All counts of a report as one system, so that suppression sees every table at once."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from swvtypes.membership import Membership

from .inputs import EarlierWave, ReportInputs
from .privacy import CountSystem, Sum


def collect_counts(inputs: ReportInputs) -> CountSystem:
    """Give all counts that a report shows, and how they add up."""
    system = CountSystem()
    membership, steering = inputs.membership, inputs.steering
    if membership is not None:
        _add_types(system, membership)
    elif inputs.wave is not None:
        by = inputs.wave.frame["sector"].value_counts()
        system.add("all", {("sector", s): int(by.get(s, 0)) for s in inputs.wave.sectors})
    if steering is not None:
        table = steering.distribution
        for sector, part in table.groupby("sector", sort=False):
            name = str(sector)
            cells: dict[Hashable, int] = {
                ("position", name, int(p)): int(n)
                for p, n in zip(part["position"], part["n"], strict=True)
            }
            gone = steering.centre.loc[steering.centre["sector"] == name, "missing"].iloc[0]
            _add_steering(system, name, cells, int(gone))
    for at, earlier in enumerate(inputs.earlier):
        _add_transitions(system, at, earlier, membership)
    return system


def _add_types(system: CountSystem, membership: Membership) -> None:
    """Types by sector; every organisation is of one or has none."""
    table = pd.DataFrame({"sector": membership.sector_of, "type": membership.modal})
    for sector in membership.sectors:
        mine = table[table["sector"] == sector]["type"]
        types = sector_types(membership, sector)
        cells: dict[Hashable, int] = {("type", sector, t): int((mine == t).sum()) for t in types}
        system.add(("sector", sector), {**cells, ("untyped", sector): int(mine.isna().sum())})
    parts = tuple(("sector", s) for s in membership.sectors)
    system.add("all", {p: system.counts[p] for p in parts})
    for t in membership.types:
        inside: dict[Hashable, int] = {
            ("type", s, t): system.counts["type", s, t]
            for s in membership.sectors
            if ("type", s, t) in system.counts
        }
        system.add(("type", t), inside)


def sector_types(membership: Membership, sector: str) -> tuple[str, ...]:
    """Give the types that organisations of a sector can be of."""
    return membership.sector(sector).types


def _add_steering(system: CountSystem, sector: str, cells: dict[Hashable, int], gone: int) -> None:
    answered = ("answered", sector)
    system.add(answered, dict(cells))
    whole: dict[Hashable, int] = {answered: system.counts[answered], ("unanswered", sector): gone}
    if system.counts.get(("sector", sector)) == sum(whole.values()):
        system.counts.update(whole)
        system.sums.append(Sum(("sector", sector), tuple(whole)))


def _add_transitions(
    system: CountSystem, at: int, earlier: EarlierWave, now: Membership | None
) -> None:
    """Types before by types now; who has no type before, or several, is a row of its own."""
    if earlier.comparison is None:
        return
    table = earlier.comparison.transitions
    several = pd.Series(dtype="str") if now is None else now.modal.reindex(list(earlier.mixed))
    for before, row in table.iterrows():
        cells: dict[Hashable, int] = {
            ("move", at, str(before), str(a)): int(n) for a, n in row.items()
        }
        system.add(("before", at, str(before)), cells)
    for after in table.columns:
        key, total = ("type", str(after)), int(table[after].sum())
        column: dict[Hashable, int] = {
            ("move", at, str(b), str(after)): int(n) for b, n in table[after].items()
        }
        if key in system.counts and system.counts[key] >= total:
            mixed = int((several == str(after)).sum())
            if len(several):
                column[("mixed", at, str(after))] = mixed
            column[("joined", at, str(after))] = system.counts[key] - total - mixed
            system.add(key, column)
        else:
            system.add(("after", at, str(after)), column)
