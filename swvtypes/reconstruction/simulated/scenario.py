"""The 2018 scenario: the rows of 2016 two years on, with everything that hampers a comparison."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from swvtypes.errors import InputError, OptionError
from swvtypes.reconstruction.stream import Stream
from swvtypes.resources import data_path
from swvtypes.survey import Codebook

from .outcome import SimulatedWave

_NAME, _FROM = "scenario_2018", "monitor_2016"
Table = dict[str, dict[str, str]]
_OUTER = ("1", "2", "3", "8", "9", "10")


@dataclass(frozen=True)
class Change:
    """How much organisations change from 2016 to 2018.

    Attributes
    ----------
    link : float from 0 to 1
        Share of the organisations in both waves that stay as they were. The others move: they
        exchange all their answers among each other. An item correlates with itself two years
        before at about link x (1 - noise).
    noise : float from 0 to 1
        Share of the answers to each question that are exchanged at random between organisations.
    to_middle : float from 0 to 1
        Share of the steering positions outside 4-7 that come one point nearer to the middle.

    Raises
    ------
    InputError
        Lists every dial outside its range.
    """

    link: float = 0.8
    noise: float = 0.1
    to_middle: float = 0.3

    def __post_init__(self) -> None:
        dials = {"link": self.link, "noise": self.noise, "to_middle": self.to_middle}
        faults = [
            f"{name}: expected a number from 0 to 1, got {value!r}"
            for name, value in dials.items()
            if not 0 <= value <= 1
        ]
        if faults:
            raise InputError("change", faults)


def read_scenario_plan() -> dict[str, Any]:
    """Read what is gone, new, reworded, recoded and merged in 2018."""
    path = data_path("reconstruction", _NAME, "plan.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def simulate_scenario(seed: int, change: Change | None = None) -> SimulatedWave:
    """Simulate the 2018 wave from the shipped 2016 rows of the same seed.

    Parameters
    ----------
    seed : int
        A seed of ``monitor_2016``.
    change : Change, optional
        How much organisations change; 20% move, 10% of the answers are exchanged and 30% of the
        outer positions come nearer to the middle unless given, as in the shipped files.

    Returns
    -------
    SimulatedWave
        Its truth has ``source`` (the 2016 organisation whose answers a row took) and ``moved``
        (0 or 1; 1 for who did not answer in 2016).

    Raises
    ------
    OptionError
        When `seed` is no positive whole number.
    ResourceError
        When no 2016 rows of this seed ship.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 1:
        raise OptionError("seed", "a positive whole number", seed)
    change = Change() if change is None else change
    plan = read_scenario_plan()
    before = _read(data_path("waves", _FROM, f"seed_{seed:02d}.csv"))
    figures = _read(data_path("waves", _FROM, f"register_{seed:02d}.csv"))
    blocks = answer_blocks(Codebook.load(data_path("codebooks", f"{_FROM}.toml")))
    tables, truths = [], []
    for number, sector in enumerate(plan["populations"]):
        rows = {name: row for name, row in before.items() if row["sector"] == sector}
        made = _Sector(plan, sector, rows, figures, Stream(seed, 200 + number))
        made.move(change, blocks)
        table, truth = made.frames(seed)
        tables.append(table)
        truths.append(truth)
    table = pd.concat(tables, ignore_index=True)
    register = _register(plan, table["organisation"].tolist(), figures, Stream(seed, 299))
    return SimulatedWave(_NAME, seed, table, register, pd.concat(truths, ignore_index=True))


def answer_blocks(codebook: Codebook) -> list[list[str]]:
    """Group questions whose answers must stay together: sets, compositions, gates, refinements."""
    group: dict[str, str] = {}
    for name, variable in codebook.variables.items():
        if variable.origin == "register":
            continue
        anchor = variable.gate.variable if variable.gate is not None else None
        if anchor is None and name.endswith("_coded"):
            anchor = name.removesuffix("_coded")
        own = variable.set or variable.composition
        group[name] = group[anchor] if anchor is not None else f"{own}:" if own else name
    blocks: dict[str, list[str]] = {}
    for name, key in group.items():
        blocks.setdefault(key, []).append(name)
    return list(blocks.values())


def _read(path: Any) -> Table:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    rows = frame.to_dict("records")
    return {str(row["organisation"]): {str(k): str(v) for k, v in row.items()} for row in rows}


class _Sector:
    """The 2018 respondents of one sector and whose 2016 answers they start from."""

    def __init__(
        self, plan: dict[str, Any], sector: str, rows: Table, figures: Table, stream: Stream
    ) -> None:
        self.plan, self.sector, self.rows, self.stream = plan, sector, rows, stream
        self.source: dict[str, str] = {}
        gone = set()
        for name, spec in plan["merged"].items():
            if spec["sector"] == sector:
                gone |= set(spec["of"])
                answered = [part for part in spec["of"] if part in rows]
                self.source[name] = max(answered, key=lambda part: int(figures[part]["boards"]))
        stay = self._shuffled([name for name in rows if name not in gone])
        self.source |= {name: name for name in stay[plan["leavers"][sector] :]}
        self.continuing = sorted(self.source)
        everyone = [f"{plan['prefixes'][sector]}{k:03d}" for k in range(1, 78)]
        everyone = everyone[: plan["populations"][sector] + (1 if gone else 0)]
        absent = self._shuffled([name for name in everyone if name not in rows])
        known = sorted(rows)
        for name in absent[: plan["joiners"][sector]]:
            self.source[name] = known[stream.below(len(known))]
        self.moved = {name: name not in self.continuing for name in self.source}
        self.answers: Table = {}

    def _shuffled(self, names: list[str]) -> list[str]:
        numbers = list(range(len(names)))
        self.stream.shuffle(numbers)
        return [names[k] for k in numbers]

    def move(self, change: Change, blocks: list[list[str]]) -> None:
        """Let movers exchange all answers, then answers a question; then shift positions."""
        movers = self._shuffled(self.continuing)
        movers = movers[: round((1 - change.link) * len(movers))]
        if len(movers) > 1:
            turned = [self.source[name] for name in movers[1:] + movers[:1]]
            self.source |= dict(zip(movers, turned, strict=True))
            self.moved |= dict.fromkeys(movers, True)
        names = sorted(self.source)
        self.answers = {name: dict(self.rows[self.source[name]]) for name in names}
        for block in blocks:
            some = self._shuffled(names)[: round(change.noise * len(names))]
            taken = [{v: self.answers[n][v] for v in block} for n in some[1:] + some[:1]]
            for name, part in zip(some, taken, strict=True):
                self.answers[name] |= part
        outer = [n for n in names if self.answers[n]["steering"] in _OUTER]
        for name in self._shuffled(outer)[: round(change.to_middle * len(outer))]:
            place = int(self.answers[name]["steering"])
            self.answers[name]["steering"] = str(place + (1 if place < 4 else -1))

    def frames(self, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Give the rows as 2018 asked them, and the truth."""
        names = sorted(self.answers)
        new = {
            variable: self._draw(spec["parts"], len(names))
            for variable, spec in self.plan["new"].items()
        }
        lines = []
        for row, name in enumerate(names):
            marks = {"organisation": name, "sector": self.sector, "synthetic": "true", "seed": seed}
            given = {v: self._recode(v, cell) for v, cell in self.answers[name].items()}
            for variable in (*marks, *self.plan["gone"]["variables"]):
                del given[variable]
            lines.append(marks | given | {v: cells[row] for v, cells in new.items()})
        truth = [
            {"organisation": n, "sector": self.sector, "synthetic": "true", "seed": seed}
            | {"source": self.source[n], "moved": int(self.moved[n])}
            for n in names
        ]
        return pd.DataFrame(lines), pd.DataFrame(truth)

    def _recode(self, variable: str, cell: str) -> str:
        if variable in self.plan["recoded"]:
            return str(self.plan["recoded"][variable]["codes"].get(cell, cell))
        split = self.plan["split_missing"]
        if variable in split["variables"] and cell == str(split["code"]):
            return str(split["into"][self.stream.below(len(split["into"]))])
        return cell

    def _draw(self, parts: Mapping[str, int], size: int) -> list[str]:
        urn = [code for code, part in parts.items() for _ in range(part)]
        return [urn[self.stream.below(len(urn))] for _ in range(size)]


def _register(
    plan: dict[str, Any], names: list[str], figures: Table, stream: Stream
) -> pd.DataFrame:
    """Renew the figures of who answered in 2016; a merged one adds boards up, means the others."""
    lines = []
    for name in names:
        parts = plan["merged"].get(name, {"of": [name]})["of"]
        known = [figures[part] for part in parts if part in figures]
        line: dict[str, object] = {"organisation": name, "year": plan["year"]}
        for figure in ("equalisation", "pupil_growth"):
            tenths = [round(10 * float(row[figure])) for row in known if row[figure]]
            shift = stream.below(11) - 5
            line[figure] = (sum(tenths) // len(tenths) + shift) / 10 if tenths else None
        boards = sum(int(row["boards"]) for row in known)
        line["boards"] = boards or None
        lines.append(line)
    return pd.DataFrame(lines)[
        ["organisation", "year", "equalisation", "boards", "pupil_growth"]
    ].astype({"boards": "Int64"})
