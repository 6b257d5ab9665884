"""What the 2014 wave is made of: sizes, themes, items and their counts, read from its plan."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from swvtypes.errors import RecordError
from swvtypes.resources import data_path

ItemKind = Literal["binary", "ordinal", "fixed"]


@dataclass(frozen=True)
class Answer:
    """One answer of a fixed item: code, which way it leans, and its count a sector."""

    code: int
    lean: float
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Item:
    """One item of a theme; ``rest`` is the answer of a fixed item that takes what is left."""

    id: str
    theme: str
    kind: ItemKind
    strength: float
    rest: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Theme:
    """A theme: its items, the sectors whose types it describes, and the question that gates it."""

    id: str
    named: tuple[str, ...]
    gate: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class StartPlan:
    """The whole plan; counts are by sector."""

    year: int
    sizes: Mapping[str, int]
    populations: Mapping[str, int]
    prefixes: Mapping[str, str]
    extended: Mapping[str, int]
    themes: tuple[Theme, ...]
    refines: Mapping[str, Mapping[str, Any]]
    equalisation: Mapping[str, Any]

    @property
    def variables(self) -> tuple[str, ...]:
        """Columns of the wave file, in order; a refined question follows the one it refines."""
        names: list[str] = []
        for theme in self.themes:
            for item in theme.items:
                names.append(item.id)
                names += [new for new, spec in self.refines.items() if spec["of"] == item.id]
        return tuple(names)


def read_start_plan(folder: str | Path | None = None) -> StartPlan:
    """Read the plan and check that counts add up.

    Parameters
    ----------
    folder : str or Path, optional
        Where ``plan.toml`` stands; the packaged one unless given.

    Raises
    ------
    RecordError
        Lists every fixed item whose counts do not add up to the respondents of a sector, or whose
        ``rest`` is none of its answers.
    """
    where = data_path("reconstruction", "start_2014") if folder is None else Path(folder)
    path = where / "plan.toml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> StartPlan:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    items = [_item(entry) for entry in raw["items"]]
    themes = tuple(
        Theme(
            id=entry["id"],
            named=tuple(entry["named"]),
            gate=entry.get("gate", ""),
            items=tuple(item for item in items if item.theme == entry["id"]),
        )
        for entry in raw["themes"]
    )
    faults = [fault for item in items for fault in _faults(item, raw["sizes"])]
    if faults:
        raise RecordError(str(path), faults)
    names = ("year", "sizes", "populations", "prefixes", "extended", "refines", "equalisation")
    return StartPlan(themes=themes, **{name: raw[name] for name in names})


def _item(entry: Mapping[str, Any]) -> Item:
    return Item(
        id=entry["id"],
        theme=entry["theme"],
        kind=entry["kind"],
        strength=float(entry.get("strength", 1.0)),
        rest=int(entry.get("rest", -1)),
        answers=tuple(
            Answer(int(a["code"]), float(a["lean"]), dict(a["counts"]))
            for a in entry.get("answers", [])
        ),
    )


def _faults(item: Item, sizes: Mapping[str, int]) -> list[str]:
    if item.kind != "fixed":
        return []
    faults = [
        f"item {item.id!r}, {sector}: expected counts that add up to {size}, got {total}"
        for sector, size in sizes.items()
        if (total := sum(answer.counts[sector] for answer in item.answers)) != size
    ]
    if item.rest not in [answer.code for answer in item.answers]:
        faults.append(f"item {item.id!r}: expected 'rest' to be one of its answers")
    return faults
