"""Earlier waves beside a run, with the pairs of organisations that the run compared."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.longitudinal import MembershipComparison, compare_memberships
from swvtypes.longitudinal.earlier_types import carry_membership
from swvtypes.membership import Membership
from swvtypes.survey import OrganisationCrosswalk

from .inputs import EarlierWave
from .run_tables import read_table

_ALL = "all"
_NOT_COMPARED = Label(
    "De run legde deze golf er niet naast; de reden staat bij wat de run wegliet.",
    "The run did not lay this wave beside it; what the run left out says why.",
)
_MIXED = Label(
    "In de ene golf heeft elke sector eigen typen en in de andere niet. Wie van type veranderde "
    "verschilt dan per sector; het staat in comparison/ bij de resultaten.",
    "In one wave each sector has types of its own and in the other not. Who changed type then "
    "differs by sector; comparison/ with the results has it.",
)


def earlier_wave(
    results: Path,
    name: str,
    waves: tuple[Membership, Membership],
    who: OrganisationCrosswalk | None,
    seed: int,
) -> EarlierWave:
    """Lay an earlier wave beside that of a run, as the run did.

    Parameters
    ----------
    results : Path
        Of the run.
    name : str
        Of the earlier run, as the run file calls it.
    waves : tuple of Membership
        Earlier and now; weights play no part in who changed type.
    who : OrganisationCrosswalk, optional
        Which earlier organisation is which now; the same where there is none.
    seed : int
        Of the run.

    Returns
    -------
    EarlierWave
        Its membership goes by the names of now: a merged organisation has its earlier type where
        its parts agree, and each part of one that split has that of the whole. Where sectors have
        types of their own, pairs are within the sectors that the run compared. Without a
        comparison where the run made none.

    Raises
    ------
    InputError, CrosswalkError, MembershipError
        When a table of the run is of another version, or organisations do not stand in `who`.
    """
    before, now = waves
    measures = _agreement(results, name)
    carried = before if who is None else carry_membership(before, who, "agreement")
    if measures is None:
        return EarlierWave(carried, note=_NOT_COMPARED)
    sectors = [str(s) for s in measures["sector"].unique() if s != _ALL]
    if sectors and before.apart != now.apart:
        return EarlierWave(carried, note=_MIXED)
    if sectors:
        here = now.sector_of.reindex(carried.sector_of.index)
        elsewhere = here.notna() & (here != carried.sector_of)
        first = _within(carried, sectors, elsewhere)
        second = _within(now, sectors)
        found = compare_memberships(first, second, random_state=seed)
    else:
        found = compare_memberships(carried, now, random_state=seed)
    mixed = () if who is None else _mixed(before, carried, who)
    return EarlierWave(carried, _with_gone(found, before, who), measures=measures, mixed=mixed)


def _mixed(
    before: Membership, carried: Membership, who: OrganisationCrosswalk
) -> tuple[Hashable, ...]:
    """Give organisations without an earlier type because those they are made of had several."""
    then, now = before.modal, carried.modal
    unknown = now.index[now.isna()]
    parts = {name: [p for p in who.parts(str(name)) if p in then.index] for name in unknown}
    return tuple(name for name, mine in parts.items() if len(set(then[mine].dropna())) > 1)


def _within(
    membership: Membership, sectors: list[str], but: pd.Series[bool] | None = None
) -> Membership:
    """Give the membership of some sectors that have types of their own, but for some."""
    mine = [membership.sector(s) for s in sectors if s in membership.sectors]
    types = [t for part in mine for t in part.types]
    sector = membership.sector_of
    keep = sector.isin(sectors) if but is None else sector.isin(sectors) & ~but
    names = {t: name for t, name in membership.origin.names.items() if t in types}
    weight = membership.survey_weight
    return Membership.from_probabilities(
        membership.probabilities.loc[keep, types],
        sector[keep],
        replace(membership.origin, names=names),
        None if weight is None else weight[keep],
    )


def _with_gone(
    found: MembershipComparison, before: Membership, who: OrganisationCrosswalk | None
) -> MembershipComparison:
    """Count those that a crosswalk says are gone among those with an earlier type only."""
    if who is None:
        return found
    gone = [link.before for link in who.links if link.event == "gone"]
    modal = before.modal
    types = found.pairs.types_before
    typed = tuple(name for name in gone if name in modal.index and modal[name] in types)
    pairs = replace(found.pairs, only_before=(*found.pairs.only_before, *typed))
    return replace(found, pairs=pairs)


def _agreement(results: Path, name: str) -> pd.DataFrame | None:
    """Give the agreement that the run wrote for an earlier run; None where it wrote none."""
    path = results / "comparison" / "agreement.csv"
    if not path.is_file():
        return None
    numbers = ("value", "low", "high", "chance", "p_value")
    try:
        frame = read_table(path, ("earlier_run", "sector", "measure"), numbers)
    except InputError as error:
        told = [
            f"{fault}: another version made it; run again" if fault.startswith("no column")
            else fault
            for fault in error.faults
        ]  # fmt: skip
        raise InputError("comparison/agreement.csv", told) from None
    mine = frame[frame["earlier_run"] == name]
    return mine if len(mine) else None
