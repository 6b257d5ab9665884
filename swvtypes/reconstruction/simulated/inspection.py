"""The inspectorate's survey of 2022: one exact count a printed percentage, and nothing else."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from swvtypes.errors import OptionError
from swvtypes.reconstruction.stream import Stream
from swvtypes.resources import data_path
from swvtypes.rounding import percent_counts

from .outcome import SimulatedWave
from .tallies import half_up_count

_NAME = "inspectie_2022"
_CROSSWALK = "scenario_2018--inspectie_2022.csv"


def simulate_inspection(seed: int) -> SimulatedWave:
    """Simulate the respondents of the 2022 survey.

    Where two counts print as the percentage, one is drawn; where none does (``proofs.csv`` has
    the proof), the nearest is taken. Who answered what is dealt at random, over both sectors. No
    relation between answers is printed, so none is in the rows.

    Parameters
    ----------
    seed : int
        A positive whole number.

    Returns
    -------
    SimulatedWave
        Without register and without truth: the rows rest on no types.

    Raises
    ------
    OptionError
        When `seed` is no positive whole number.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 1:
        raise OptionError("seed", "a positive whole number", seed)
    folder = data_path("reconstruction", _NAME)
    plan = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    printed = {row["id"]: row for row in _read(data_path("published", f"{_NAME}.csv"))}
    names = _respondents(plan["sizes"], plan["prefixes"], Stream(seed, 300))
    columns: dict[str, list[int | None]] = {}
    for number, item in enumerate(_read(folder / "items.csv")):
        gate = columns.get(item["gate"], [1] * len(names))
        rows = [row for row, cell in enumerate(gate) if cell == 1]
        entry = printed[item["text_id"]]
        stream = Stream(seed, 301, number)
        columns[item["variable"]] = _deal(entry, rows, len(names), stream)
    marks = {
        "organisation": names,
        "sector": [_sector(name, plan["prefixes"]) for name in names],
        "synthetic": "true",
        "seed": seed,
    }
    answers = {name: pd.array(column, dtype="Int64") for name, column in columns.items()}
    return SimulatedWave(_NAME, seed, pd.DataFrame(marks | answers), None, None)


def _deal(entry: dict[str, str], rows: list[int], size: int, stream: Stream) -> list[int | None]:
    counts = percent_counts(entry["value"], int(entry["decimals"]), len(rows))
    counts = counts or (half_up_count(float(entry["value"]) / 100, len(rows)),)
    chosen = counts[stream.below(len(counts))]
    stream.shuffle(rows)
    column: list[int | None] = [None] * size
    for place, row in enumerate(rows):
        column[row] = int(place < chosen)
    return column


def _respondents(sizes: dict[str, int], prefixes: dict[str, str], stream: Stream) -> list[str]:
    """Draw who answered, of the organisations that exist in 2022 by the crosswalk."""
    known = _read(data_path("crosswalks", "organisations", _CROSSWALK))
    names: list[str] = []
    for sector, size in sizes.items():
        every = sorted({r["after"] for r in known if r["after"].startswith(prefixes[sector])})
        numbers = list(range(len(every)))
        stream.shuffle(numbers)
        names += sorted(every[number] for number in numbers[:size])
    return names


def _sector(name: str, prefixes: dict[str, str]) -> str:
    return next(sector for sector, prefix in prefixes.items() if name.startswith(prefix))


def _read(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
