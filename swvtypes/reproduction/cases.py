"""One printed cell beside what every version of the rows gives for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from swvtypes.rounding import half_up, prints_as, window
from swvtypes.survey import Codebook
from swvtypes.tables import Cell
from swvtypes.tables.tally import Parts, parts_of
from swvtypes.tables.values import Value

Key = tuple[str, int, str, str]
BaseKey = tuple[object, ...]


@dataclass(frozen=True)
class Case:
    """A printed cell and its computed values.

    Attributes
    ----------
    cell : Cell
        What the cell counts.
    printed : str
        The number, with its printed decimals.
    decimals : int
        Printed decimals.
    computed : tuple of Value, one a seed
        What the rows give.
    """

    cell: Cell
    printed: str
    decimals: int
    computed: tuple[Value, ...]

    @cached_property
    def agreeing(self) -> tuple[bool, ...]:
        """Whether each seed's value, rounded half up, equals the print."""
        return tuple(self.admits(value) for value in self.computed)

    @cached_property
    def reproduced(self) -> bool:
        """Whether every seed gives the print."""
        return all(self.agreeing)

    @property
    def number(self) -> Fraction:
        """The printed number, exactly."""
        return Fraction(self.printed)

    @property
    def fact(self) -> tuple[object, ...]:
        """What is stated, so that two cells that state the same have the same key."""
        cell = self.cell
        if cell.scale is not None:
            return cell.statistic, cell.sector, cell.scale
        if cell.whole and cell.statistic in {"count", "base"}:
            return "base", *self.base_key
        about = frozenset(cell.members) if cell.whole else cell.variable
        counted = (cell.codes, cell.reasons, cell.whole)
        return cell.statistic, cell.sector, about, counted, cell.base, cell.arithmetic

    @property
    def base_key(self) -> BaseKey:
        """Which denominator, so that cells with the same denominator have the same key."""
        return self.cell.sector, frozenset(self.cell.members), self.cell.base

    def admits(self, value: Value) -> bool:
        """Say whether a computed value would print as this cell does."""
        return value.known and self.prints(value.exact)

    def prints(self, number: Fraction | float) -> bool:
        """Say whether a number would print as this cell does."""
        return prints_as(number, self.printed, self.decimals)

    def rounded(self, number: Fraction | float) -> str:
        """Give a number as it would be printed here."""
        return str(half_up(number, self.decimals) + 0)

    def disjoint(self, printed: str, decimals: int) -> bool:
        """Say whether no number prints both as this cell and as `printed`."""
        low, high = window(self.printed, self.decimals)
        other_low, other_high = window(printed, decimals)
        return high <= other_low or other_high <= low


class Cases:
    """All printed cells of a record that have a specification, found by what they state.

    Parameters
    ----------
    cases : iterable of Case
        In printed order.
    codebook : Codebook
        Of the rows.
    respondents : mapping of str to int
        Number of respondents, by sector.
    """

    def __init__(
        self, cases: Iterable[Case], codebook: Codebook, respondents: Mapping[str, int]
    ) -> None:
        self.all = tuple(cases)
        self.codebook = codebook
        self.respondents = dict(respondents)
        self._facts: defaultdict[tuple[object, ...], list[Case]] = defaultdict(list)
        self._bases: defaultdict[BaseKey, list[Case]] = defaultdict(list)
        self._about: defaultdict[tuple[str, str], list[Case]] = defaultdict(list)
        for case in self.all:
            self._facts[case.fact].append(case)
            self._bases[case.base_key].append(case)
            if case.cell.variable is not None:
                self._about[case.cell.sector, case.cell.variable].append(case)

    def same_fact(self, case: Case) -> list[Case]:
        """Other cells that state the same fact."""
        return [other for other in self._facts[case.fact] if other.cell.key != case.cell.key]

    def same_base(self, case: Case) -> list[Case]:
        """Other cells over the same denominator."""
        return [other for other in self._bases[case.base_key] if other.cell.key != case.cell.key]

    def same_count(self, case: Case) -> list[Case]:
        """Other cells that count the same answers of the same variable, whatever the statistic."""
        cell = case.cell
        if cell.variable is None:
            return []
        return [
            other
            for other in self._about[cell.sector, cell.variable]
            if other.cell.key != cell.key
            and (other.cell.codes, other.cell.reasons) == (cell.codes, cell.reasons)
            and other.cell.statistic != cell.statistic
        ]

    def partition(self, case: Case) -> list[Case] | None:
        """Give the printed parts, this cell among them, that together exhaust its denominator."""
        cell = case.cell
        if cell.variable is None or cell.whole or cell.statistic != "percent":
            return None
        return self._exhaustive(
            [
                other
                for other in self._about[cell.sector, cell.variable]
                if other.cell.locator == cell.locator and other.base_key == case.base_key
            ]
        )

    def partitions_elsewhere(self, case: Case) -> list[list[Case]]:
        """Give whole distributions of the same variable that stand in other tables."""
        cell = case.cell
        if cell.variable is None:
            return []
        tables: defaultdict[tuple[str, BaseKey], list[Case]] = defaultdict(list)
        for other in self._about[cell.sector, cell.variable]:
            if other.cell.locator != cell.locator:
                tables[other.cell.locator, other.base_key].append(other)
        found = (self._exhaustive(parts) for parts in tables.values())
        return [parts for parts in found if parts is not None]

    def parts(self, case: Case) -> Parts:
        """Give the categories and reasons that make up a cell's denominator."""
        return parts_of(self.codebook, str(case.cell.variable), case.cell.base)

    def _exhaustive(self, cases: list[Case]) -> list[Case] | None:
        percents = [
            case
            for case in cases
            if case.cell.statistic == "percent"
            and not case.cell.whole
            and case.cell.arithmetic == "counts"
        ]
        if len(percents) < 2:
            return None
        codes = [code for case in percents for code in case.cell.codes]
        reasons = [reason for case in percents for reason in case.cell.reasons]
        if len(set(codes)) < len(codes) or len(set(reasons)) < len(reasons):
            return None
        whole = self.parts(percents[0])
        return percents if (frozenset(codes), frozenset(reasons)) == whole else None
