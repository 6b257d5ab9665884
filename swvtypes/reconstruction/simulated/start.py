"""The 2014 wave: types, then theme classes, then answers; counts exact at every step.

The number of the extended type is exact in each sector, so is the number of each theme class
within a type, and so are the counts of answers within a theme class. What chance adds to that,
association among theme classes within a type and among answers within a theme class, is swapped
away unless the dial says otherwise.
"""

from __future__ import annotations

import pandas as pd

from swvtypes.errors import OptionError
from swvtypes.reconstruction.stream import Stream

from .balance import swap_away
from .difficulty import Difficulty, Level, as_difficulty
from .outcome import SimulatedWave
from .plan import StartPlan, Theme, read_start_plan
from .tallies import coupled_count, item_split

Cells = list[int | None]
_NAME = "start_2014"
_TYPES, _CLASSES, _ITEMS, _IDS, _REGISTER, _BLANKS = range(6)


def simulate_start(
    seed: int,
    difficulty: Difficulty | Level = "standard",
    *,
    plan: StartPlan | None = None,
) -> SimulatedWave:
    """Simulate the 2014 wave, with the truth behind it apart.

    Parameters
    ----------
    seed : int
        A positive whole number; the same seed and dials give the same rows on every machine.
    difficulty : Difficulty or {"standard", "hard", "unrelated"}
        How hard the truth is to find. The shipped files are ``"standard"``.
    plan : StartPlan, optional
        Sizes, themes and counts; those of the packaged plan unless given.

    Returns
    -------
    SimulatedWave
        ``.table``, ``.register``, ``.truth`` and :meth:`~SimulatedWave.wave`.

    Raises
    ------
    OptionError
        When `seed` is no positive whole number, or `difficulty` none of the above.

    Examples
    --------
    >>> made = simulate_start(1)
    >>> made.truth.groupby("sector")["supercluster"].value_counts().to_dict()
    {('po', 1): 39, ('po', 2): 38, ('vo', 1): 40, ('vo', 2): 20}
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 1:
        raise OptionError("seed", "a positive whole number", seed)
    dial = as_difficulty(difficulty)
    plan = read_start_plan() if plan is None else plan
    tables, truths, registers = [], [], []
    for number, sector in enumerate(plan.sizes):
        made = _Sector(plan, sector, dial, seed, number)
        table, truth, register = made.frames()
        tables.append(table)
        truths.append(truth)
        registers.append(register)
    return SimulatedWave(
        name=_NAME,
        seed=seed,
        table=pd.concat(tables, ignore_index=True),
        register=pd.concat(registers, ignore_index=True),
        truth=pd.concat(truths, ignore_index=True),
    )


class _Sector:
    """The rows of one sector, made in the order of the module's text."""

    def __init__(
        self, plan: StartPlan, sector: str, dial: Difficulty, seed: int, number: int
    ) -> None:
        self.plan, self.sector, self.dial, self.seed, self.number = plan, sector, dial, seed, number
        self.size = plan.sizes[sector]
        extended = plan.extended[sector]
        self.types = [1] * extended + [2] * (self.size - extended)
        self.classes = self._draw_classes()
        self.answers: dict[str, Cells] = {}
        for place, theme in enumerate(plan.themes):
            self._draw_items(theme, self._stream(_ITEMS, place))
        self._refine(self._stream(_ITEMS, len(plan.themes)))
        self._leave_blank(self._stream(_BLANKS))

    def _stream(self, *branch: int) -> Stream:
        return Stream(self.seed, self.number, *branch)

    def _rows(self, kind: int) -> list[int]:
        return [row for row, found in enumerate(self.types) if found == kind]

    def _draw_classes(self) -> dict[str, list[int]]:
        classes = {theme.id: [0] * self.size for theme in self.plan.themes}
        for kind in (1, 2):
            rows = self._rows(kind)
            stream = self._stream(_CLASSES, kind)
            columns = []
            for theme in self.plan.themes:
                named = self.sector in theme.named
                coupling = self.dial.coupling if named else self.dial.coupling_unnamed
                rich = coupled_count(coupling, len(rows), kind == 1)
                column = [1] * rich + [2] * (len(rows) - rich)
                stream.shuffle(column)
                columns.append(column)
            if self.dial.residual == "removed":
                swap_away(columns, stream)
            for theme, column in zip(self.plan.themes, columns, strict=True):
                for row, found in zip(rows, column, strict=True):
                    classes[theme.id][row] = found
        return classes

    def _draw_items(self, theme: Theme, stream: Stream) -> None:
        gate = [item for item in theme.items if item.id == theme.gate]
        rest = [item for item in theme.items if item.id != theme.gate]
        groups = [self._members(theme, kind, range(self.size)) for kind in (1, 2)]
        self._fill(Theme(theme.id, theme.named, "", tuple(gate)), groups, stream)
        if gate:
            seen = [row for row, cell in enumerate(self.answers[theme.gate]) if cell == 1]
            groups = [self._members(theme, kind, seen) for kind in (1, 2)]
        self._fill(Theme(theme.id, theme.named, "", tuple(rest)), groups, stream)

    def _members(self, theme: Theme, kind: int, rows: range | list[int]) -> list[int]:
        return [row for row in rows if self.classes[theme.id][row] == kind]

    def _fill(self, theme: Theme, groups: list[list[int]], stream: Stream) -> None:
        """Give the rows of both classes their answers to the items of a theme."""
        sizes = (len(groups[0]), len(groups[1]))
        splits = [item_split(item, self.sector, sizes, self.dial) for item in theme.items]
        for item in theme.items:
            self.answers[item.id] = [None] * self.size
        for side, rows in enumerate(groups):
            columns = []
            for split in splits:
                column = [code for code, counts in split.items() for _ in range(counts[side])]
                stream.shuffle(column)
                columns.append(column)
            if self.dial.residual == "removed":
                swap_away(columns, stream)
            for item, column in zip(theme.items, columns, strict=True):
                for row, code in zip(rows, column, strict=True):
                    self.answers[item.id][row] = code

    def _refine(self, stream: Stream) -> None:
        for name, spec in self.plan.refines.items():
            column = list(self.answers[spec["of"]])
            rows = [row for row, code in enumerate(column) if code == spec["code"]]
            stream.shuffle(rows)
            for row in rows[: spec["counts"][self.sector]]:
                column[row] = spec["into"]
            self.answers[name] = column

    def _leave_blank(self, stream: Stream) -> None:
        million = 10**6
        for theme in self.plan.themes:
            for item in theme.items:
                if item.kind == "fixed":
                    continue
                cells = self.answers[item.id]
                for row in range(self.size):
                    if stream.below(million) < self.dial.blank * million:
                        cells[row] = None

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Give table, truth and register, each in the order of the organisations' ids."""
        numbers = list(range(1, self.plan.populations[self.sector] + 1))
        self._stream(_IDS).shuffle(numbers)
        mine = numbers[: self.size]
        order = sorted(range(self.size), key=lambda row: mine[row])
        prefix = self.plan.prefixes[self.sector]
        marks = {
            "organisation": [f"{prefix}{mine[row]:03d}" for row in order],
            "sector": self.sector,
            "synthetic": "true",
            "seed": self.seed,
        }
        answers = {
            name: pd.array([self.answers[name][row] for row in order], dtype="Int64")
            for name in self.plan.variables
        }
        hidden = {"supercluster": [self.types[row] for row in order]} | {
            name: [found[row] for row in order] for name, found in self.classes.items()
        }
        table = pd.DataFrame(marks | answers)
        truth = pd.DataFrame(marks | hidden)
        return table, truth, self._register(mine, sorted(numbers))

    def _register(self, mine: list[int], everyone: list[int]) -> pd.DataFrame:
        stream = self._stream(_REGISTER)
        spec = self.plan.equalisation
        positive: dict[int, bool] = {}
        for kind, name in ((1, "extended"), (2, "other")):
            rows = self._rows(kind)
            stream.shuffle(rows)
            count = spec["positive"][name][self.sector]
            positive |= {mine[row]: place < count for place, row in enumerate(rows)}
        others = [number for number in everyone if number not in positive]
        positive |= {number: place % 2 == 0 for place, number in enumerate(others)}
        tenths = []
        for number in everyone:
            most = round(10 * (spec["highest"] if positive[number] else -spec["lowest"]))
            tenths.append((1 + stream.below(most)) * (1 if positive[number] else -1))
        prefix = self.plan.prefixes[self.sector]
        return pd.DataFrame(
            {
                "organisation": [f"{prefix}{number:03d}" for number in everyone],
                "year": self.plan.year,
                "equalisation": [value / 10 for value in tenths],
            }
        )
