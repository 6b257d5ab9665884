"""The codebook of a survey: what was asked of whom, and what the codes mean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from swvtypes.errors import CodebookError, OptionError

from .draft import read_draft
from .references import cross_faults
from .schema import (
    AnswerList,
    Category,
    CodebookFile,
    Composition,
    MissingReason,
    Named,
    ResponseSet,
    Scale,
    Text,
    Variable,
)

N = TypeVar("N", Named, Scale, ResponseSet, Composition, AnswerList, Variable)

IMPLICIT_REASONS = (
    MissingReason(id="blank", label=Text(nl="niet ingevuld", en="not answered"), enters="random"),
    MissingReason(
        id="routed_past", label=Text(nl="vraag niet voorgelegd", en="routed past"), enters="gate"
    ),
    MissingReason(
        id="not_asked",
        label=Text(nl="niet in deze vragenlijst", en="not in this questionnaire"),
        enters="state",
    ),
)
_CHOSEN = (
    Category(code=0, label=Text(nl="niet gekozen", en="not chosen")),
    Category(code=1, label=Text(nl="gekozen", en="chosen")),
)
_YES_NO = (
    Category(code=0, label=Text(nl="nee", en="no")),
    Category(code=1, label=Text(nl="ja", en="yes")),
)


@dataclass(frozen=True)
class Codebook:
    """What was asked of whom, and what the codes in a data file mean.

    Make one with :meth:`load` or :meth:`parse`. Two codebooks with the same content are equal.

    Attributes
    ----------
    file : CodebookFile
        The entries as they stand in the file, checked.

    Notes
    -----
    Every variable admits three missing reasons without a code, which stand as an empty cell in a
    data file: ``blank`` (asked, no answer given; enters an analysis as missing at random),
    ``routed_past`` (its gate forbade the question; joins the gate question) and ``not_asked``
    (not in this sector's questionnaire; a state of its own).

    Examples
    --------
    >>> codebook = Codebook.parse('''
    ... schema_version = 1
    ... id = "tiny"
    ... title = {nl = "Klein", en = "Tiny"}
    ... year = 2016
    ... sectors = [{id = "po", label = {nl = "primair", en = "primary"}, population = 77}]
    ... variables = [
    ...   {id = "boards", label = {nl = "besturen", en = "boards"}, type = "count"},
    ...   {id = "tried", label = {nl = "geprobeerd", en = "tried"}, type = "binary"},
    ... ]
    ... ''', "tiny.toml")
    >>> codebook.population
    {'po': 77}
    >>> [category.code for category in codebook.categories("tried")]
    [0, 1]
    >>> [reason.id for reason in codebook.reasons("boards")]
    ['blank', 'routed_past', 'not_asked']
    """

    file: CodebookFile

    @classmethod
    def load(cls, path: str | Path) -> Codebook:
        """Read a codebook from a TOML file.

        Parameters
        ----------
        path : str or Path
            A UTF-8 file.

        Raises
        ------
        CodebookError
            When it cannot be read or is at fault; lists every fault.
        """
        name = Path(path).name or str(path)
        try:
            text = Path(path).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            fault = f"expected UTF-8 text, found the byte {error.object[error.start]:#04x}"
            raise CodebookError(name, [f"{fault} at position {error.start}"]) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CodebookError(name, [f"the file cannot be read: {reason}"]) from None
        return cls.parse(text, name)

    @classmethod
    def parse(cls, text: str, name: str = "codebook") -> Codebook:
        """Read a codebook from TOML text.

        Parameters
        ----------
        text : str
            The content of a codebook file.
        name : str
            What to call it in an error.

        Raises
        ------
        CodebookError
            Lists every fault: of the syntax, of single entries, and among entries.
        """
        try:
            raw = tomllib.loads(text)
        except RecursionError:
            raise CodebookError(name, ["no valid TOML: nested too deeply"]) from None
        except (ValueError, OverflowError) as error:
            raise CodebookError(name, [f"no valid TOML: {error}"]) from None
        drafts = read_draft(raw)
        faults = [*drafts.faults, *cross_faults(drafts)]
        if faults or drafts.file is None:
            raise CodebookError(name, faults)
        return cls(drafts.file)

    def __reduce__(self) -> tuple[type[Codebook], tuple[CodebookFile]]:
        return type(self), (self.file,)

    def __repr__(self) -> str:
        return f"<Codebook {self.id!r}: {len(self.variables)} variables, {self.year}>"

    @property
    def id(self) -> str:
        """Identity of the codebook."""
        return self.file.id

    @property
    def year(self) -> int:
        """Year of the survey."""
        return self.file.year

    @property
    def title(self) -> Text:
        """Title in Dutch and English."""
        return self.file.title

    @property
    def sectors(self) -> tuple[str, ...]:
        """Ids of the sectors, in file order."""
        return tuple(sector.id for sector in self.file.sectors)

    @property
    def population(self) -> dict[str, int]:
        """Number of organisations that exist, by sector."""
        return {sector.id: sector.population for sector in self.file.sectors}

    @cached_property
    def variables(self) -> Mapping[str, Variable]:
        """Variables by id, in file order (read only)."""
        return _by_id(self.file.variables)

    @cached_property
    def themes(self) -> Mapping[str, Named]:
        """Themes by id (read only)."""
        return _by_id(self.file.themes)

    @cached_property
    def batteries(self) -> Mapping[str, Named]:
        """Blocks of statements by id (read only)."""
        return _by_id(self.file.batteries)

    @cached_property
    def scales(self) -> Mapping[str, Scale]:
        """Scales by id (read only)."""
        return _by_id(self.file.scales)

    @cached_property
    def sets(self) -> Mapping[str, ResponseSet]:
        """Multi-response sets by id (read only)."""
        return _by_id(self.file.sets)

    @cached_property
    def compositions(self) -> Mapping[str, Composition]:
        """Compositions by id (read only)."""
        return _by_id(self.file.compositions)

    @cached_property
    def answers(self) -> Mapping[str, AnswerList]:
        """Answer lists by id (read only)."""
        return _by_id(self.file.answers)

    def variable(self, identity: str) -> Variable:
        """Give one variable; OptionError when the codebook lacks it."""
        return _get(self.variables, identity, "variable")

    def categories(self, variable: str) -> tuple[Category, ...]:
        """Give the categories of a variable in their natural order.

        Empty for counts and continuous variables. A binary variable without an answer list has
        the codes 0 and 1.
        """
        entry = self.variable(variable)
        if entry.answers is not None:
            return self.answers[entry.answers].categories
        if entry.type != "binary":
            return ()
        return _CHOSEN if entry.set is not None else _YES_NO

    def reasons(self, variable: str) -> tuple[MissingReason, ...]:
        """Give the missing reasons that a variable admits: its own, then the three implicit ones.

        The implicit ones have the code None.
        """
        entry = self.variable(variable)
        return (*(self._missing[name] for name in entry.missing), *IMPLICIT_REASONS)

    def reason_codes(self, variable: str) -> dict[int, MissingReason]:
        """Give the missing reasons that have a code in the data file, by that code."""
        reasons = self.reasons(variable)
        return {reason.code: reason for reason in reasons if reason.code is not None}

    def asked(self, variable: str, sector: str) -> bool:
        """Whether the questionnaire of a sector has the question."""
        if sector not in self.sectors:
            raise OptionError("sector", "one of " + ", ".join(map(repr, self.sectors)), sector)
        return sector in (self.variable(variable).sectors or self.sectors)

    def items(self, scale: str) -> tuple[str, ...]:
        """Give the ids of the variables that are items of a scale, in file order."""
        _get(self.scales, scale, "scale")
        return tuple(v.id for v in self.file.variables if v.scale == scale)

    def members(self, identity: str) -> tuple[str, ...]:
        """Give the ids of the variables in a multi-response set or a composition, in file order."""
        _get({**self.sets, **self.compositions}, identity, "set or composition")
        return tuple(v.id for v in self.file.variables if identity in (v.set, v.composition))

    def theme(self, identity: str) -> tuple[str, ...]:
        """Give the ids of the variables that belong to a theme, in file order."""
        _get(self.themes, identity, "theme")
        return tuple(v.id for v in self.file.variables if v.theme == identity)

    def battery(self, identity: str) -> tuple[str, ...]:
        """Give the ids of the variables asked in one block of statements, in file order."""
        _get(self.batteries, identity, "battery")
        return tuple(v.id for v in self.file.variables if v.battery == identity)

    @cached_property
    def _missing(self) -> dict[str, MissingReason]:
        return {reason.id: reason for reason in self.file.missing}


def _by_id(entries: tuple[N, ...]) -> Mapping[str, N]:
    return MappingProxyType({entry.id: entry for entry in entries})


T = TypeVar("T")


def _get(entries: Mapping[str, T], identity: str, noun: str) -> T:
    try:
        return entries[identity]
    except (KeyError, TypeError):
        known = ", ".join(map(repr, entries)) or "none (the codebook has none)"
        raise OptionError(noun, f"one of {_cut(known)}", identity) from None


def _cut(known: str) -> str:
    """Cut a long list of names off."""
    return known if len(known) <= 400 else known[:400] + " ..."
