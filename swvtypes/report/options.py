"""What is asked of a report: who may read it, what it names, and whether it signals anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from swvtypes.errors import OptionError
from swvtypes.language import Label
from swvtypes.lca.model import check_choice, check_real, check_whole

Organisations = Literal["named", "pseudonyms", "none"]


@dataclass(frozen=True)
class SignalRule:
    """A rule that marks organisations worth a look; it judges none.

    Parameters
    ----------
    label : Label
        What it looks for.
    answers : mapping of str to collection of float
        Item, and the codes that count.
    at_least : int
        How many of those items must have an answer that counts.
    type : str, optional
        Type that the organisation must be of; its probability is the uncertainty.

    Notes
    -----
    What is shown is a lowest and a highest chance. A missing answer may or may not count; where a
    type is asked both are multiplied by the probability of that type.

    Raises
    ------
    OptionError
        For no items, or `at_least` outside 1 and their number.
    """

    label: Label
    answers: Mapping[str, Collection[float]]
    at_least: int = 1
    type: str = ""

    def __post_init__(self) -> None:
        most = len(self.answers)
        if not most:
            raise OptionError("answers", "at least one item", dict(self.answers))
        if not 1 <= self.at_least <= most:
            raise OptionError("at_least", f"a whole number from 1 to {most}", self.at_least)


@dataclass(frozen=True)
class ReportOptions:
    """Options of a report.

    Parameters
    ----------
    organisations : {"named", "pseudonyms", "none"}
        Rows of the explorer: under their own ids, under pseudonyms, or left out. Rows can be
        counted, so that small cells are suppressed with ``"none"`` only.
    smallest_cell : int
        With ``"none"``: counts from 1 to one less are suppressed, with as many others as it takes.
    neighbours : int
        Comparable organisations shown of each.
    borderline : float
        Probability of the modal type below which an organisation is borderline.
    signals : tuple of SignalRule
        None by default.
    coded_open_answers : bool
        Whether items that were coded from free text are shown. Free text itself never is.
    pseudonym_seed : int
        Gives the same pseudonyms again. Keep it to yourself: whoever has it and the list of
        organisations can undo them. Drawn afresh when left out.
    """

    organisations: Organisations = "named"
    smallest_cell: int = 5
    neighbours: int = 5
    borderline: float = 0.80
    signals: tuple[SignalRule, ...] = field(default=())
    coded_open_answers: bool = False
    pseudonym_seed: int | None = None

    def __post_init__(self) -> None:
        check_choice("organisations", self.organisations, Organisations)
        check_whole("smallest_cell", self.smallest_cell, 1)
        check_whole("neighbours", self.neighbours, 1)
        check_real("borderline", self.borderline, 0.0, open_=True)
        if self.borderline > 1:
            raise OptionError("borderline", "a number above 0, at most 1", self.borderline)

    @property
    def suppresses(self) -> bool:
        """Whether small cells are suppressed."""
        return self.organisations == "none" and self.smallest_cell > 1
