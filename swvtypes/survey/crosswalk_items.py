"""Which question of one wave is which of another, and in what codes they compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swvtypes.errors import CrosswalkError, OptionError

from .crosswalk_entry import COLUMNS, KINDS, Comparability, ItemEntry, contradictions, entry_of
from .crosswalk_file import read_rows
from .wave import Wave
from .wording import shown

__all__ = ["COLUMNS", "Comparability", "ItemCrosswalk", "ItemEntry", "Questions"]


@dataclass(frozen=True)
class Questions:
    """Questions of a wave and the texts of their answers.

    Attributes
    ----------
    wave : str
    categories : mapping of str to mapping of float to tuple of str
        By variable: Dutch and English text by code; empty where texts are unknown.
    """

    wave: str
    categories: Mapping[str, Mapping[float, tuple[str, str]]]

    @classmethod
    def of(cls, wave: Wave) -> Questions:
        """Give the questions of a wave, from its codebook."""
        book = wave.codebook
        return cls(
            wave.name,
            {
                name: {float(c.code): (c.label.nl, c.label.en) for c in book.categories(name)}
                for name in wave.variables
            },
        )


@dataclass(frozen=True, eq=False, repr=False)
class ItemCrosswalk:
    """Questions of several waves as concepts.

    Make one with :meth:`read`.

    Attributes
    ----------
    name : str
        Of the file.
    entries : tuple of ItemEntry
        Waves stand in order of time.
    """

    name: str
    entries: tuple[ItemEntry, ...]

    @classmethod
    def read(cls, path: str | Path) -> ItemCrosswalk:
        """Read a CSV file with the columns of :data:`COLUMNS`.

        ``value_map`` and ``missing_map`` are pairs such as ``1=1 2=1``, parted by blanks, and may
        be empty. Waves stand in order of time; the first row of a wave gives its place.

        Raises
        ------
        CrosswalkError
            Lists every fault with its line.
        """
        rows = read_rows(path, COLUMNS, ("wave", "variable", "concept", "comparability"))
        faults: list[str] = []
        entries = [entry_of(row, faults) for row in rows]
        faults += contradictions(entries)
        if faults:
            raise CrosswalkError(Path(path).name, faults)
        return cls(Path(path).name, tuple(entries))

    @classmethod
    def of_names(cls, before: Questions, after: Questions) -> ItemCrosswalk:
        """Take questions of the same name for the same one where their categories agree.

        Others of the same name become two concepts: what each code stands for has to be said by a
        crosswalk.

        Parameters
        ----------
        before, after : Questions
            Of a wave: :meth:`Questions.of`.
        """
        entries = [ItemEntry(before.wave, n, n, comparability="new") for n in before.categories]
        for name, own in after.categories.items():
            earlier = before.categories.get(name)
            if earlier is not None and (earlier == own or not earlier or not own):
                entries.append(ItemEntry(after.wave, name, name))
            else:
                concept = name if earlier is None else f"{name} ({after.wave})"
                entries.append(ItemEntry(after.wave, name, concept, comparability="new"))
        return cls("names", tuple(entries))

    @property
    def waves(self) -> tuple[str, ...]:
        """Waves in order of time."""
        return tuple(dict.fromkeys(e.wave for e in self.entries))

    def concepts(self, wave: str) -> dict[str, ItemEntry]:
        """Give the concepts that a wave asked after.

        Raises
        ------
        OptionError
            For a wave that the crosswalk does not know.
        """
        if wave not in self.waves:
            raise OptionError("wave", "one of " + ", ".join(map(repr, self.waves)), wave)
        return {e.concept: e for e in self.entries if e.wave == wave and e.variable}

    def common(self, before: str, after: str) -> pd.DataFrame:
        """Say of every concept of two waves how far it compares.

        Parameters
        ----------
        before, after : str
            Waves of the crosswalk, the earlier one first.

        Returns
        -------
        DataFrame by concept
            before, after (variables, empty where not asked), comparability, note. Over waves
            between the two the worst counts: same, then recoded, then reworded. Concepts that only
            the later wave has are ``new``, those that only the earlier one has are ``gone``.

        Raises
        ------
        OptionError
            For waves that the crosswalk does not know, or in the wrong order.
        """
        first, second = self.concepts(before), self.concepts(after)
        order = self.waves
        if order.index(before) >= order.index(after):
            raise OptionError("after", f"a wave later than {before!r}", after)
        steps = order[order.index(before) + 1 : order.index(after) + 1]
        rows = {}
        for concept in dict.fromkeys([*first, *second]):
            a, b = first.get(concept), second.get(concept)
            path = [e for e in self.entries if e.concept == concept and e.wave in steps]
            rows[concept] = (
                a.variable if a else "",
                b.variable if b else "",
                _between(a, b, path),
                "; ".join(dict.fromkeys(e.note for e in path if e.note)),
            )
        columns = ["before", "after", "comparability", "note"]
        made = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return made.rename_axis("concept")

    def apply(self, answers: Wave | pd.DataFrame, wave: str | None = None) -> pd.DataFrame:
        """Put the answers of a wave in concepts.

        Parameters
        ----------
        answers : Wave or DataFrame by organisation
        wave : str, optional
            Which wave it is; the name of a Wave when left out.

        Returns
        -------
        DataFrame by organisation
            Column ``sector`` where there is one, then the concepts whose question is there.

        Raises
        ------
        OptionError
            For a wave that the crosswalk does not know.
        CrosswalkError
            For answers whose code the value map lacks; lists every one.
        """
        name = _wave_name(answers, wave)
        frame = answers.frame if isinstance(answers, Wave) else answers
        columns, faults = {}, []
        for concept, entry in self.concepts(name).items():
            if entry.variable not in frame.columns:
                continue
            given = frame[entry.variable]
            made = entry.coded(given)
            lost = given[made.isna() & given.notna()].unique()
            faults += [
                f"line {entry.line}: {name} {entry.variable!r}: value_map lacks code {shown(code)}"
                for code in lost
            ]
            columns[concept] = made
        if faults:
            raise CrosswalkError(self.name, faults)
        out = pd.DataFrame(columns, index=frame.index)
        if "sector" in frame.columns:
            out.insert(0, "sector", frame["sector"])
        return out

    def apply_reasons(self, wave: Wave) -> pd.DataFrame:
        """Give why answers to the concepts are absent, ``""`` where they are there."""
        reasons = wave.reasons
        return pd.DataFrame(
            {
                concept: reasons[entry.variable].replace(dict(entry.missing))
                for concept, entry in self.concepts(wave.name).items()
                if entry.variable in reasons.columns
            },
            index=reasons.index,
        )

    def check(self, wave: Wave) -> None:
        """Say what in the crosswalk does not fit a wave's codebook.

        Raises
        ------
        CrosswalkError
            For variables, codes and reasons that the codebook lacks; lists them with their line.
        """
        book = wave.codebook
        faults = []
        for entry in self.entries:
            if entry.wave != wave.name or not entry.variable:
                continue
            where = f"line {entry.line}: {wave.name} {entry.variable!r}"
            if entry.variable not in book.variables:
                faults.append(f"{where}: the codebook has no such variable")
                continue
            codes = {float(c.code) for c in book.categories(entry.variable)}
            if entry.codes and codes:
                faults += [f"{where}: value_map: {a:g} is no code of it"
                           for a in entry.codes if a not in codes]  # fmt: skip
                faults += [f"{where}: value_map lacks code {a:g}"
                           for a in sorted(codes - set(entry.codes))]  # fmt: skip
            known = {r.id for r in book.reasons(entry.variable)}
            faults += [f"{where}: missing_map: {r!r} is no reason of it"
                       for r in entry.missing if r not in known]  # fmt: skip
        if faults:
            raise CrosswalkError(self.name, faults)

    def __repr__(self) -> str:
        return f"<ItemCrosswalk {self.name!r}: {len(self.entries)} rows, {', '.join(self.waves)}>"


def _wave_name(answers: Wave | pd.DataFrame, wave: str | None) -> str:
    if wave is not None:
        return wave
    if isinstance(answers, Wave):
        return answers.name
    raise OptionError("wave", "the name of the wave beside a DataFrame", wave)


def _between(a: ItemEntry | None, b: ItemEntry | None, path: Iterable[ItemEntry]) -> str:
    if a is None:
        return "new"
    if b is None:
        return "gone"
    kinds = [e.comparability for e in path if e.comparability in KINDS]
    return max(kinds, key=KINDS.index) if kinds else "same"
