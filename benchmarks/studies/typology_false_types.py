"""How often a whole typology names types where there are none.

Whole waves go through ``Typology(random_state=wave, ...).fit(frame, themes=...)``: which items go
on, how many classes a theme has, which themes are heard, whether types exist, and how many, as a
user has it decided. Four themes of five yes-or-no items; no population holds types:

- *unrelated strong themes*, *unrelated weak themes*: each theme has two classes of its own that
  have nothing to do with those of another (yes with .88 and .18, or .75 and .30);
- *one continuum*: one normally distributed dimension behind all twenty items, slope 1.7.

What is counted. In unrelated themes a wave is false if there is more than one type (`types` > 1),
whatever is said of them. On a continuum theme classes *are* associated, and more than one type is
right as a summary; a wave is false if the types are claimed as kinds: if the bootstrap verdict is
``"types"`` or ``"neither"``, both of which say that one dimension does not explain the association
(`claimed`). `unreserved` counts waves with more than one type among whose reasons none says that a
continuum suffices, that the data do not decide, or that it was not tested.

Options. ``quick``: BIC decides, no bootstrap. ``full``: 19 replicates, the fewest with which a
bootstrap test can reject at .05 (its level is that of any greater number, its power is lower), and
at most three classes a theme. Both with 10 starts. What nothing here rests on is left out of the
full waves: types or a continuum within each theme, the search for variables that stands beside the
test of the items, and the intervals of the contrasts; without them the same types come out.

Run from the checkout: ``python -m benchmarks.studies.typology_false_types [minutes] [words]``:
waves are added cell by cell, a few at a time, until the minutes are over or every cell has its
number; `words` keep to cells whose name holds all of them. Writes
``benchmarks/results/typology_false_types.json`` after every portion, a line a wave (see
:func:`line`); what is stored is not run again.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
import pandas as pd

from benchmarks.storing import read_json, write_json
from benchmarks.studies.classes_of_classes import NAMES, NULLS, THEMES
from swvtypes.errors import SwvtypesWarning
from swvtypes.typology import Typology
from swvtypes.typology.existence_text import NOT_TESTED, VERDICTS
from swvtypes.typology.theme_step import theme_options
from swvtypes.validation.crossing import wilson

RESULTS = Path(__file__).resolve().parents[1] / "results" / "typology_false_types.json"
SEED, LEVEL = 20150911, 0.05
QUICK: dict[str, Any] = {"quick": True, "n_init": 10}
FULL: dict[str, Any] = {"n_boot": 19, "n_init": 10, "max_classes": 3}
OPTIONS = {"quick": QUICK, "full": FULL}
Draw = Callable[[int, np.random.Generator], np.ndarray]
TRUTHS: dict[str, Draw] = {name.split(",")[0]: make for name, make in list(NULLS.items())[:3]}
# Full waves at the larger number say most: the others get a part of the time they get.
DEARNESS = {"quick": 2.0, "full": 1.0}
HANDICAP = {77: 0.0, 58: 60.0}
RESERVED = (NOT_TESTED, VERDICTS["continuum"], VERDICTS["undecided"])
VERDICT_MARKS = {
    "types": "T", "neither": "N", "undecided": "U", "continuum": "C", "not tested": "-",
    "independent": "I", "no two themes": "0",
}  # fmt: skip
THEMED = {f"t{t}": NAMES[t] for t in range(THEMES)}


class Cell(NamedTuple):
    """A population, a number of organisations, a way of working, and how many waves are wanted."""

    truth: str
    n: int
    how: str
    wanted: int
    portion: int

    @property
    def name(self) -> str:
        """Name under which it is stored."""
        return f"{self.truth}, N={self.n}, {self.how}"


def cells() -> list[Cell]:
    """Give all cells, the largest number of organisations first."""
    return [
        Cell(truth, n, how, 1000, 5 if how == "full" else 20)
        for n in (77, 58) for how in OPTIONS for truth in TRUTHS
    ]  # fmt: skip


def drawn(truth: str, n: int, wave: int) -> pd.DataFrame:
    """Answers of one wave without types."""
    key = (list(TRUTHS).index(truth), n, wave)
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=key))
    columns = [name for theme in NAMES for name in theme]
    return pd.DataFrame(TRUTHS[truth](n, rng).reshape(n, -1), columns=columns)


@contextmanager
def what_decides() -> Iterator[None]:
    """Leave out what neither the number of types nor the verdict on them rests on."""
    step = "swvtypes.typology.theme_step"
    with ExitStack() as stack:
        for target, instead in (
            (f"{step}._verdict", lambda *_: {}),
            (f"{step}.theme_options", _without_search),
            ("swvtypes.typology.typology.Typology._contrasts", lambda *_: pd.DataFrame()),
        ):
            stack.enter_context(patch(target, instead))
        yield


def _without_search(options: Any) -> Any:
    return replace(theme_options(options), search=False)


def one(truth: str, n: int, how: str, wave: int) -> dict[str, Any]:
    """Give what a typology says of one wave."""
    typology = Typology(random_state=wave, **OPTIONS[how])
    typology.fit(drawn(truth, n, wave), themes=THEMED)
    found = typology.superclusters_["all"]
    themes = [theme.by_sector["all"] for theme in typology.themes_.values()]
    return {
        "types": found.model.n_types,
        "verdict": str(found.verdict.get("verdict", "no two themes")),
        "reserved": any(reason in RESERVED for reason in found.reasons),
        "classes": [theme.n_classes for theme in themes],
        "items": sum(len(theme.taken) for theme in themes),
        "heard": len(found.heard),
    }


def line(row: dict[str, Any]) -> str:
    """Give a wave on one line: types, verdict, reserved, classes of the themes, items, heard."""
    classes = "".join(map(str, row["classes"]))
    verdict = VERDICT_MARKS[row["verdict"]]
    return f"{row['types']} {verdict} {row['reserved']:d} {classes} {row['items']} {row['heard']}"


def row_of(text: str) -> dict[str, Any]:
    """Read what :func:`line` wrote."""
    types, mark, reserved, classes, items, heard = text.split()
    return {
        "types": int(types),
        "verdict": next(verdict for verdict, own in VERDICT_MARKS.items() if own == mark),
        "reserved": reserved == "1",
        "classes": [int(digit) for digit in classes],
        "items": int(items),
        "heard": int(heard),
    }


def summary(truth: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Count the waves of one cell; the interval of the rate is Wilson's, at 95%."""
    several = [row for row in rows if row["types"] > 1]
    claimed = [row for row in several if row["verdict"] in ("types", "neither")]
    false = claimed if "continuum" in truth else several
    return {
        "waves": len(rows),
        "false": len(false),
        "rate": round(len(false) / len(rows), 4),
        "interval": [round(end, 4) for end in wilson(len(false) / len(rows), len(rows), 0.95)],
        "more_than_one_type": len(several),
        "verdicts": {
            verdict: sum(row["verdict"] == verdict for row in several)
            for verdict in ("types", "neither", "undecided", "continuum", "not tested")
        },
        "claimed": len(claimed),
        "unreserved": sum(not row["reserved"] for row in several),
        "mean_items": round(float(np.mean([row["items"] for row in rows])), 2),
        "mean_themes": round(float(np.mean([np.sum(np.array(row["classes"]) > 1)
                                            for row in rows])), 2),
    }  # fmt: skip


def add(cell: Cell, stored: dict[str, Any]) -> None:
    """Run the next waves of a cell, and count anew."""
    entry = stored["cells"].setdefault(cell.name, {"rows": [], "cpu_seconds": 0.0})
    started, first = time.process_time(), len(entry["rows"])
    with what_decides():
        for wave in range(first, min(first + cell.portion, cell.wanted)):
            entry["rows"].append(line(one(cell.truth, cell.n, cell.how, wave)))
    entry["cpu_seconds"] = round(entry["cpu_seconds"] + time.process_time() - started, 1)
    stored["cells"][cell.name] = {
        "summary": summary(cell.truth, list(map(row_of, entry["rows"])))
    } | {key: entry[key] for key in ("cpu_seconds", "rows")}


def main(minutes: float | str = 45.0, *words: str) -> None:
    """Add waves until the time is over; the cell that has had the least of it is next."""
    head = {"seed": SEED, "level": LEVEL, "options": OPTIONS}
    stored = read_json(RESULTS)
    if stored is None or not head.items() <= stored.items():
        stored = head | {"cells": {}}
    mine = [cell for cell in cells() if all(word in cell.name for word in words)]
    end = time.monotonic() + 60.0 * float(minutes)
    while time.monotonic() < end:
        left = [(_spent(stored, cell), at) for at, cell in enumerate(mine)
                if _done(stored, cell) < cell.wanted]  # fmt: skip
        if not left:
            break
        add(mine[min(left)[1]], stored)
        write_json(RESULTS, stored)


def _done(stored: dict[str, Any], cell: Cell) -> int:
    return len(stored["cells"].get(cell.name, {"rows": []})["rows"])


def _spent(stored: dict[str, Any], cell: Cell) -> float:
    spent = float(stored["cells"].get(cell.name, {"cpu_seconds": 0.0})["cpu_seconds"])
    return spent * DEARNESS[cell.how] * (1.0 if cell.n == 77 else 6.0) + HANDICAP[cell.n]


if __name__ == "__main__":
    warnings.simplefilter("ignore", SwvtypesWarning)
    main(*sys.argv[1:])
