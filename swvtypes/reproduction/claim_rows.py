"""One version of the rows, as the statements of running text ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from swvtypes.steering import Aspect, SteeringGroups, SteeringOptions, groups
from swvtypes.steering.aspects import LACKING, LACKING_CODES, aspect_values
from swvtypes.survey import Wave
from swvtypes.tables import Cell
from swvtypes.tables.schema import Base
from swvtypes.tables.tally import Floats, Mask, Tally

#: What a statement rests on: ("answers", sector, variable), ("pair", sector, a, b) in alphabetical
#: order, ("scale", sector, scale), ("design",), or ("nothing",) that the rows were fitted to.
Fact = tuple[str, ...]
BOTH = "both"
_QUICK = SteeringOptions(exact="never", replicates=99)


@dataclass(frozen=True)
class Outcome:
    """What one version of the rows gives for a statement.

    Attributes
    ----------
    value : Fraction, float or None
        The number to set beside print.
    values : tuple
        Where each of several must fit the words.
    p_values : tuple of float
        Of every relation that the statement is about.
    df1, df2 : int or None
        Degrees of freedom of an F.
    holds : bool or None
        The answer to a yes-or-no statement.
    n : int
        Rows that were used.
    facts : frozenset of Fact
        What it rests on.
    """

    value: Fraction | float | None = None
    values: tuple[Fraction | float, ...] = ()
    p_values: tuple[float, ...] = ()
    df1: int | None = None
    df2: int | None = None
    holds: bool | None = None
    n: int = 0
    facts: frozenset[Fact] = frozenset()


class ClaimRows:
    """A wave with its masks, scores and columns, each found once."""

    def __init__(self, wave: Wave, tally: Tally, cells: Iterable[Cell] = ()) -> None:
        self.wave = wave
        self.tally = tally
        self.codebook = wave.codebook
        self.cells = {cell.key: cell for cell in cells}
        self.labels = wave.frame["sector"].to_numpy(dtype=object)
        self._columns: dict[str, Floats] = {}
        self._groups: dict[str, SteeringGroups] = {}

    def sectors(self, sector: str) -> tuple[str, ...]:
        """List the sectors that a statement is about."""
        return self.tally.sectors if sector == BOTH else (sector,)

    def rows(self, sector: str) -> Mask:
        """Find the rows of a statement's sectors, shape (n,)."""
        mask = np.zeros(len(self.labels), dtype=np.bool_)
        for name in self.sectors(sector):
            mask |= self.tally.respondents(name)
        return mask

    def base(self, variable: str, rule: str, sector: str) -> Mask:
        """Find who is in a denominator.

        ``"answered"``: gave a substantive answer; ``"filled_in"``: these, and those with a
        missing reason that is an answer of its own, such as "don't know".
        """
        mask = np.zeros(len(self.labels), dtype=np.bool_)
        base = Base(rule="answered")
        reasons = self.codebook.variable(variable).missing
        if rule == "filled_in" and reasons:
            base = Base(rule="answered_or", reasons=tuple(reasons))
        for name in self.sectors(sector):
            mask |= self.tally.base((variable,), base, name)
        return mask

    def asked(self, variable: str, sector: str) -> bool:
        """Say whether a sector's questionnaire has a variable."""
        return self.codebook.asked(variable, sector)

    def scores(self, name: str, sector: str) -> list[Fraction]:
        """Give the scores of a scale, or the answers to a variable, exactly."""
        found: list[Fraction] = []
        for part in self.sectors(sector):
            if name in self.codebook.scales:
                found += self.tally.scales(name).exact(name, part)
            else:
                answers = self.tally.values(name)[self.tally.respondents(part)]
                found += [Fraction(str(x)) for x in answers[~np.isnan(answers)].tolist()]
        return found

    def item_means(self, items: Sequence[str], sector: str) -> list[Fraction]:
        """Give each row's mean over the items answered, as the items stand."""
        block = np.column_stack([self.tally.values(item) for item in items])[self.rows(sector)]
        given = [row[~np.isnan(row)] for row in block]
        return [Fraction(int(row.sum()), len(row)) for row in given if len(row)]

    def column(self, name: str, items: Mapping[str, Sequence[str]] | None = None) -> Floats:
        """Give an aspect (variable, scale, lacking provision) as numbers, shape (n,)."""
        if name not in self._columns:
            if items and name in items:
                block = np.column_stack([self.tally.values(item) for item in items[name]])
                self._columns[name] = np.nanmean(block, axis=1)
            else:
                self._columns[name] = aspect_values(self.wave, [self._aspect(name)])[name]
        return self._columns[name]

    def _aspect(self, name: str) -> Aspect:
        source = name.removesuffix(LACKING)
        if source != name:
            return Aspect(name, "own", "codes", source, LACKING_CODES)
        return Aspect(name, "own", "scale" if name in self.codebook.scales else "variable", name)

    def groups(self, of: str) -> SteeringGroups:
        """Set the groups of steering against each other on one aspect."""
        if of not in self._groups:
            self._groups[of] = groups(self.wave, aspects=[of], options=_QUICK)
        return self._groups[of]


def answers(sectors: Iterable[str], variables: Iterable[str]) -> frozenset[Fact]:
    """Say that an outcome rests on how often each answer was given."""
    names = list(variables)
    return frozenset(("answers", sector, name) for sector in sectors for name in names)


def pair(sector: str, first: str, second: str) -> Fact:
    """Say that an outcome rests on how two columns go together."""
    one, other = sorted((first, second))
    return ("pair", sector, one, other)


NOTHING: frozenset[Fact] = frozenset({("nothing",)})
DESIGN: frozenset[Fact] = frozenset({("design",)})
