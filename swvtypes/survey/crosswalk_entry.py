"""One question of one wave as a concept, as a row of a crosswalk file says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd

from .crosswalk_file import Row, read_pairs
from .wording import shown

Comparability = Literal["same", "reworded", "recoded", "new", "gone"]

COLUMNS = (
    "wave", "variable", "concept", "value_map", "missing_map", "comparability", "note",
)  # fmt: skip
KINDS = ("same", "recoded", "reworded")


@dataclass(frozen=True)
class ItemEntry:
    """One question of one wave, as a concept.

    Attributes
    ----------
    wave, variable, concept : str
        `variable` is empty where the concept is gone.
    codes : mapping of float to float
        Code of the wave to code of the concept; empty where codes stay as they are.
    missing : mapping of str to str
        Reason of the wave to reason of the concept, by id; others stay as they are.
    comparability : {"same", "reworded", "recoded", "new", "gone"}
        Against the earlier wave that has the concept.
    note : str
    line : int
        Line of the file; 0 without one.
    """

    wave: str
    variable: str
    concept: str
    codes: Mapping[float, float] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    comparability: Comparability = "same"
    note: str = ""
    line: int = 0

    @property
    def keeps_codes(self) -> bool:
        """Whether no two codes become one."""
        return len(set(self.codes.values())) == len(self.codes)

    def coded(self, answers: pd.Series) -> pd.Series:
        """Put answers in the codes of the concept."""
        if not self.codes:
            return answers.rename(self.concept)
        numbers = pd.to_numeric(answers, errors="coerce").astype(float)
        return numbers.map(self.codes).astype("Float64").rename(self.concept)


def entry_of(row: Row, faults: list[str]) -> ItemEntry:
    """Read a row; faults go to the list."""
    cells, where = row.cells, f"line {row.line}"
    faults += [f"{where}: no {name}" for name in ("wave", "concept") if not cells[name]]
    kind = cells["comparability"]
    if kind not in get_args(Comparability):
        known = ", ".join(get_args(Comparability))
        faults.append(f"{where}: comparability: expected one of {known}; got {shown(kind)}")
    elif (kind == "gone") != (not cells["variable"]):
        faults.append(
            f"{where}: a concept that is gone has no variable, got {shown(cells['variable'])}"
            if cells["variable"]
            else f"{where}: no variable; expected one, or comparability gone"
        )
    values: dict[float, float] = {}
    for source, target in read_pairs(cells["value_map"], f"{where}: value_map", faults).items():
        try:
            values[float(source)] = float(target)
        except ValueError:
            faults.append(f"{where}: value_map: expected numbers, got {source}={target}")
    missing = read_pairs(cells["missing_map"], f"{where}: missing_map", faults)
    return ItemEntry(
        cells["wave"], cells["variable"], cells["concept"], values, missing,
        kind, cells["note"], row.line,  # type: ignore[arg-type]
    )  # fmt: skip


def contradictions(entries: Iterable[ItemEntry]) -> list[str]:
    """Say where entries speak against each other: twice the same, or called what they are not."""
    faults = []
    seen: dict[tuple[str, str], int] = {}
    begun: dict[str, int] = {}
    order: list[str] = []
    for e in entries:
        key = (e.wave, e.concept)
        if key in seen:
            faults.append(
                f"line {e.line}: {e.wave} has concept {e.concept!r} already, on line {seen[key]}"
            )
        seen.setdefault(key, e.line)
        if e.wave not in order:
            order.append(e.wave)
        if e.comparability == "new" and e.concept in begun:
            faults.append(
                f"line {e.line}: {e.concept!r} is called new; line {begun[e.concept]} has it"
            )
        elif e.comparability in KINDS and e.concept not in begun:
            told = f"line {e.line}: {e.concept!r} is called {e.comparability}"
            faults.append(f"{told}, but no earlier wave has it")
        if e.variable:
            begun.setdefault(e.concept, e.line)
    return faults
