"""Which organisation of one wave is which of another: the same, merged, split, new or gone."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import numpy as np
import pandas as pd

from swvtypes.errors import CrosswalkError, OptionError

from .crosswalk_file import read_rows
from .wording import shown

Event = Literal["same", "merged", "split", "new", "gone"]
MergedRule = Literal["agreement", "larger", "unknown"]
SplitRule = Literal["inherit", "unknown"]
Values = TypeVar("Values", "pd.Series[Any]", pd.DataFrame)

COLUMNS = ("before_wave", "before", "after_wave", "after", "event", "note")


@dataclass(frozen=True)
class Link:
    """One organisation before and after; empty text where there is none.

    Attributes
    ----------
    before, after : str
    event : {"same", "merged", "split", "new", "gone"}
    note : str
    line : int
    """

    before: str
    after: str
    event: Event
    note: str = ""
    line: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class OrganisationCrosswalk:
    """Organisations of two waves.

    Make one with :meth:`read`.

    Attributes
    ----------
    before_wave, after_wave : str
    links : tuple of Link
    name : str
        Of the file.

    Notes
    -----
    What a merged organisation was before is a rule, not a fact. ``"agreement"``, the default: what
    its parts were where all that are known were the same, unknown where they differ or none is
    known. ``"larger"``: what the larger part was, by sizes that the user gives; unknown where that
    part is, or parts are of one size. ``"unknown"``: left out. Each part of an organisation that
    split inherits what the whole was (``"inherit"``, the default; the whole then counts as often
    as it has parts), or is left out (``"unknown"``).
    """

    before_wave: str
    after_wave: str
    links: tuple[Link, ...]
    name: str = "crosswalk"

    @classmethod
    def read(cls, path: str | Path) -> OrganisationCrosswalk:
        """Read a CSV file with the columns of :data:`COLUMNS`, one row a pair.

        Raises
        ------
        CrosswalkError
            Lists every fault with its line.
        """
        rows = read_rows(path, COLUMNS, COLUMNS[:-1])
        faults, links = [], []
        for row in rows:
            kind = row.cells["event"]
            if kind not in get_args(Event):
                known = ", ".join(get_args(Event))
                faults.append(f"line {row.line}: event: expected one of {known}; got {shown(kind)}")
                continue
            cells = row.cells
            links.append(Link(cells["before"], cells["after"], kind, cells["note"], row.line))  # type: ignore[arg-type]
        waves = []
        for column in ("before_wave", "after_wave"):
            names = list(dict.fromkeys(row.cells[column] for row in rows))
            if len(names) != 1 or not names[0]:
                told = ", ".join(map(shown, names))
                faults.append(f"{column}: expected the name of one wave on every line, got {told}")
            waves.append(names[0])
        faults += _link_faults(links)
        if faults:
            raise CrosswalkError(Path(path).name, faults)
        return cls(waves[0], waves[1], tuple(links), Path(path).name)

    @property
    def table(self) -> pd.DataFrame:
        """Links as a table: before, after, event, note."""
        rows = [(k.before, k.after, k.event, k.note) for k in self.links]
        return pd.DataFrame(rows, columns=["before", "after", "event", "note"])

    def parts(self, after: str) -> tuple[str, ...]:
        """Give the earlier organisations of which a later one is made."""
        return tuple(k.before for k in self.links if k.after == after and k.before)

    def identities(self, organisations: Iterable[Hashable]) -> dict[Hashable, Hashable]:
        """Give the later identity of earlier organisations, one each.

        Those that stayed the same get their later name. Those that merged, split, went, or do not
        stand in the crosswalk are nobody later: they get a name that no later organisation has.

        Parameters
        ----------
        organisations : iterable
            Names at the earlier wave.
        """
        same = {k.before: k.after for k in self.links if k.event == "same"}
        return {o: same.get(str(o), f"{o} ({self.before_wave})") for o in organisations}

    def carry(
        self,
        values: Values,
        merged: MergedRule = "agreement",
        split: SplitRule = "inherit",
        sizes: pd.Series[float] | None = None,
    ) -> Values:
        """Say of later organisations what they were before.

        Parameters
        ----------
        values : Series or DataFrame by earlier organisation
            Types, or probabilities of types; missing where unknown. Of a frame the most probable
            column has to agree, and agreeing parts get the mean of their rows.
        merged : {"agreement", "larger", "unknown"}
            See the notes of the class.
        split : {"inherit", "unknown"}
        sizes : Series by earlier organisation, optional
            For ``"larger"``.

        Returns
        -------
        Series or DataFrame by later organisation
            Those of `values` that the crosswalk follows; organisations that are new or of which
            nothing is known are missing.

        Raises
        ------
        OptionError, CrosswalkError
            For organisations that do not stand in the crosswalk, or without a size.
        """
        self._check_rules(values, merged, split, sizes)
        frame = values.to_frame() if isinstance(values, pd.Series) else values
        rows: list[Any] = []
        names = []
        for after in dict.fromkeys(k.after for k in self.links if k.after):
            mine = [k for k in self.links if k.after == after and k.before]
            here = [k.before for k in mine if k.before in frame.index]
            if not here:
                continue
            event = mine[0].event
            names.append(after)
            if event == "merged":
                rows.append(_merged(frame, [k.before for k in mine], merged, sizes))
            elif event == "split" and split == "unknown":
                rows.append(_nothing(frame))
            else:
                rows.append(frame.loc[here[0]])
        index = pd.Index(names, name=frame.index.name, dtype="str")
        made = pd.DataFrame([list(r) for r in rows], index=index, columns=frame.columns)
        made = made.astype(frame.dtypes.to_dict())
        return made.iloc[:, 0] if isinstance(values, pd.Series) else made

    def then(self, later: OrganisationCrosswalk) -> OrganisationCrosswalk:
        """Follow organisations over two crosswalks.

        Raises
        ------
        CrosswalkError
            When `later` does not begin with the wave that this one ends with.
        """
        if later.before_wave != self.after_wave:
            fault = f"expected a crosswalk from {self.after_wave!r}, got {later.before_wave!r}"
            raise CrosswalkError(later.name, [fault])
        pairs = [
            (a.before, b.after)
            for a in self.links
            if a.before and a.after
            for b in later.links
            if b.before == a.after and b.after
        ]
        links = [Link(a, b, _event(pairs, a, b)) for a, b in dict.fromkeys(pairs)]
        gone = dict.fromkeys(k.before for k in self.links if k.before)
        new = dict.fromkeys(k.after for k in later.links if k.after)
        for a, b in pairs:
            gone.pop(a, None)
            new.pop(b, None)
        links += [Link(a, "", "gone") for a in gone] + [Link("", b, "new") for b in new]
        name = f"{self.name} and {later.name}"
        return OrganisationCrosswalk(self.before_wave, later.after_wave, tuple(links), name)

    def __repr__(self) -> str:
        counts = self.table["event"].value_counts()
        told = ", ".join(f"{n} {event}" for event, n in counts.items())
        return f"<OrganisationCrosswalk {self.before_wave} to {self.after_wave}: {told}>"

    def _check_rules(
        self, values: Any, merged: str, split: str, sizes: pd.Series[float] | None
    ) -> None:
        for name, value, kind in (("merged", merged, MergedRule), ("split", split, SplitRule)):
            if value not in get_args(kind):
                raise OptionError(name, " or ".join(map(repr, get_args(kind))), value)
        known = {k.before for k in self.links}
        faults = [
            f"{o!r} of {self.before_wave} does not stand in it"
            for o in values.index
            if str(o) not in known
        ]
        if merged == "larger":
            parts = [k.before for k in self.links if k.event == "merged"]
            lack = [o for o in parts if sizes is None or o not in sizes.index or pd.isna(sizes[o])]
            faults += [f"{o!r} is part of a merged organisation and has no size" for o in lack]
        if faults:
            raise CrosswalkError(self.name, faults)


def _event(pairs: Iterable[tuple[str, str]], a: str, b: str) -> Event:
    every = set(pairs)
    if sum(y == b for _, y in every) > 1:
        return "merged"
    return "split" if sum(x == a for x, _ in every) > 1 else "same"


def _merged(
    frame: pd.DataFrame, parts: list[str], rule: MergedRule, sizes: pd.Series[float] | None
) -> Any:
    if rule == "larger" and sizes is not None:
        size = sizes[parts].astype(float).sort_values(ascending=False)
        if size.iloc[0] == size.iloc[1] or size.index[0] not in frame.index:
            return _nothing(frame)
        return frame.loc[size.index[0]]
    known = frame.loc[[p for p in parts if p in frame.index]].dropna(how="all")
    if rule == "unknown" or not len(known):
        return _nothing(frame)
    if frame.shape[1] == 1 and not pd.api.types.is_float_dtype(frame.dtypes.iloc[0]):
        return known.iloc[0] if len(set(known.iloc[:, 0])) == 1 else _nothing(frame)
    best = known.fillna(-1.0).to_numpy(dtype=float).argmax(axis=1)
    return known.mean() if len(set(best)) == 1 else _nothing(frame)


def _nothing(frame: pd.DataFrame) -> pd.Series[Any]:
    return pd.Series(
        [None if t == np.dtype(object) else np.nan for t in frame.dtypes], index=frame.columns
    )


def _link_faults(links: list[Link]) -> list[str]:
    faults = []
    before = [k.before for k in links]
    after = [k.after for k in links]
    seen: dict[tuple[str, str], int] = {}
    for k in links:
        where = f"line {k.line}"
        if not k.before and k.event != "new":
            faults.append(f"{where}: no organisation before; expected one, or event new")
        if not k.after and k.event != "gone":
            faults.append(f"{where}: no organisation after; expected one, or event gone")
        if (k.event == "new" and k.before) or (k.event == "gone" and k.after):
            faults.append(f"{where}: event {k.event} has one organisation, found two")
        pair = (k.before, k.after)
        if pair in seen:
            faults.append(f"{where}: {k.before!r} with {k.after!r} stands on line {seen[pair]} too")
            continue
        seen[pair] = k.line
        faults += _count_faults(k, before.count(k.before), after.count(k.after))
    return faults


def _count_faults(k: Link, befores: int, afters: int) -> list[str]:
    where = f"line {k.line}"
    if k.event == "merged" and k.after and afters < 2:
        return [f"{where}: {k.after!r} is called merged, but has one part"]
    if k.event == "split" and k.before and befores < 2:
        return [f"{where}: {k.before!r} is called split, but has one part"]
    faults = []
    if k.event in ("same", "split") and k.after and afters > 1:
        faults.append(f"{where}: {k.after!r} stands on {afters} lines; expected event merged")
    if k.event in ("same", "merged") and k.before and befores > 1:
        faults.append(f"{where}: {k.before!r} stands on {befores} lines; expected event split")
    if k.event == "gone" and befores > 1:
        faults.append(f"{where}: {k.before!r} is called gone, but stands on another line too")
    if k.event == "new" and afters > 1:
        faults.append(f"{where}: {k.after!r} is called new, but stands on another line too")
    return faults
