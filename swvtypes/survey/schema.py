"""What a codebook file may say: one pydantic model a kind of entry.

The models check each entry by itself; what entries must agree on among themselves is checked in
:mod:`swvtypes.survey.references`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from swvtypes.language import Label, Language

LARGEST_CODE = 9_999_999

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Code = Annotated[int, Field(strict=True, ge=-LARGEST_CODE, le=LARGEST_CODE)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
VariableType = Literal["binary", "nominal", "ordinal", "count", "continuous"]
Enters = Literal["random", "state", "gate"]
Closure = Literal["reject", "rescale", "tolerate"]
Role = Literal["active", "passive"]
Origin = Literal["questionnaire", "open_answers", "register"]


class Entry(BaseModel):
    """Base of all entries: frozen, and a key that nobody knows is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(Entry):
    """A short label in Dutch and English."""

    nl: Annotated[str, Field(min_length=1, max_length=200)]
    en: Annotated[str, Field(min_length=1, max_length=200)]

    def text(self, language: Language) -> str:
        """Give the label in one language; OptionError when it is neither "nl" nor "en"."""
        return Label(self.nl, self.en).text(language)


class Category(Entry):
    """One answer: its code in the data file and its label."""

    code: Code
    label: Text


class MissingReason(Entry):
    """Why an answer is absent, its code in the data file, and how it enters an analysis.

    ``enters`` is ``"random"`` (missing at random; with a sensitivity run as a category of its
    own), ``"state"`` (a state of its own, never missing at random) or ``"gate"`` (joins the gate
    question that routed the respondent past). Only the reasons that every codebook has of itself
    (``blank``, ``routed_past``, ``not_asked``: an empty cell in the file) lack a code.
    """

    id: Identifier
    code: Code | None = None
    label: Text
    enters: Enters


class Gate(Entry):
    """A question is put only to those who gave one of these answers to an earlier one."""

    variable: Identifier
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]


class Variable(Entry):
    """One column of the data file.

    Attributes
    ----------
    id : str
        Name of the column.
    label : Text
        Short label.
    type : {"binary", "nominal", "ordinal", "count", "continuous"}
        Level of measurement. Members of a multi-response set are binary (1 chosen, 0 not).
    sectors : tuple of str
        Sectors that were asked; empty means all.
    theme : str, optional
        Theme it belongs to.
    role : {"active", "passive"}
        Whether it may shape a typology; register figures are passive unless chosen.
    answers : str, optional
        Name of the answer list with its categories.
    missing : tuple of str
        Missing reasons that the questionnaire offered.
    scale : str, optional
        Scale that it is an item of.
    reversed : bool
        Whether the answers are turned round before they enter the scale.
    battery : str, optional
        Block of statements that it was asked in.
    set, composition : str, optional
        Multi-response set or composition that it is part of.
    gate : Gate, optional
        Who was asked.
    question : str, optional
        Identity of the question over waves.
    origin : {"questionnaire", "open_answers", "register"}
        Closed answer, open answer coded by hand, or a figure joined from the register.
    minimum, maximum : float, optional
        Range of counts and continuous variables.
    optional : bool
        Whether the data file may lack the column.
    """

    id: Identifier
    label: Text
    type: VariableType
    sectors: tuple[Identifier, ...] = ()
    theme: Identifier | None = None
    role: Role = "active"
    answers: Identifier | None = None
    missing: tuple[Identifier, ...] = ()
    scale: Identifier | None = None
    reversed: StrictBool = False
    battery: Identifier | None = None
    set: Identifier | None = None
    composition: Identifier | None = None
    gate: Gate | None = None
    question: Identifier | None = None
    origin: Origin = "questionnaire"
    minimum: Number | None = None
    maximum: Number | None = None
    optional: StrictBool = False


class Named(Entry):
    """Something that variables refer to by its id: a theme or a battery."""

    id: Identifier
    label: Text


class AnswerList(Named):
    """Categories shared by several variables, in their natural order."""

    categories: Annotated[tuple[Category, ...], Field(min_length=2)]


class Scale(Named):
    """A scale: its items are the variables that name it, its score the mean of those answered."""


class ResponseSet(Named):
    """A multi-response question; ``exclusive`` names the option that excludes all others."""

    exclusive: Identifier | None = None


class Composition(Named):
    """Shares that add up to a total, and what happens to answers that do not.

    ``closure`` is ``"reject"`` (a fault), ``"rescale"`` (divided by their sum; each changed row
    is logged) or ``"tolerate"`` (kept as they are, and logged). Rows without any part are blank.
    Rows with some parts blank are a fault under ``"reject"``, and under ``"rescale"`` unless the
    other parts add up to the total (kept, and logged).
    """

    total: Annotated[Number, Field(gt=0)] = 100.0
    tolerance: Annotated[Number, Field(ge=0)] = 0.5
    closure: Closure = "reject"


class Sector(Named):
    """A sector, with the number of organisations that exist in it."""

    population: Annotated[Code, Field(ge=1)]


class Header(Entry):
    """What a codebook file says of itself."""

    schema_version: Literal[1]
    id: Identifier
    title: Text
    year: Annotated[Code, Field(ge=1900, le=2200)]


class CodebookFile(Header):
    """A whole codebook file."""

    sectors: Annotated[tuple[Sector, ...], Field(min_length=1)]
    variables: Annotated[tuple[Variable, ...], Field(min_length=1)]
    themes: tuple[Named, ...] = ()
    batteries: tuple[Named, ...] = ()
    scales: tuple[Scale, ...] = ()
    sets: tuple[ResponseSet, ...] = ()
    compositions: tuple[Composition, ...] = ()
    answers: tuple[AnswerList, ...] = ()
    missing: tuple[MissingReason, ...] = ()
