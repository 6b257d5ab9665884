"""What the analysis of a theme comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from swvtypes.language import Label, Language, check_language
from swvtypes.lca import ClassEnumeration, LatentClassModel
from swvtypes.typology.selection.searching import VariableSelection

from .specification import ThemeSpec


@dataclass(frozen=True)
class Choice:
    """Which number of classes was chosen, by which rule, and what spoke against it.

    Attributes
    ----------
    n_classes : int
        The number chosen.
    rule : str
        The rule followed; see :class:`~swvtypes.typology.themes.options.ThemeOptions`.
    criteria : mapping of str to int
        Number that each criterion names by itself ("bic", "blrt", "aic3", ...).
    against : tuple of Label
        What spoke against the choice, in Dutch and English; empty if nothing did.
    rejected : mapping of int to tuple of Label
        Why each other number was not chosen.
    sentences : tuple of Label
        The rule and the choice in words.
    """

    n_classes: int
    rule: str
    criteria: Mapping[str, int]
    against: tuple[Label, ...]
    rejected: Mapping[int, tuple[Label, ...]]
    sentences: tuple[Label, ...]

    def text(self, language: Language = "en") -> str:
        """Give the choice and what spoke against it in Dutch or English."""
        checked = check_language(language)
        return " ".join(s.text(checked) for s in (*self.sentences, *self.against))


@dataclass(frozen=True)
class ThemeResult:
    """What the analysis of a theme came to.

    Attributes
    ----------
    name : str
        The theme.
    spec : ThemeSpec
        What was asked, with cut points filled in and dropped items among those left out.
    n_classes : int
        Classes chosen; 1 where the theme has none.
    model : LatentClassModel
        The chosen model, on the active items of `frame`.
    enumeration : ClassEnumeration
        All models side by side.
    choice : Choice
        The rule, what each criterion names, and what spoke against the choice.
    selection : DataFrame
        Indexed by item; see :func:`~swvtypes.typology.selection.table.selection_table`.
    selected : tuple of str
        Items selected; none where the theme has one class.
    search : VariableSelection or None
        The search by model comparison.
    frame : DataFrame, shape (n, J)
        The recoded active items, rows as given.
    """

    name: str
    spec: ThemeSpec
    n_classes: int
    model: LatentClassModel
    enumeration: ClassEnumeration
    choice: Choice
    selection: pd.DataFrame
    selected: tuple[str, ...]
    search: VariableSelection | None
    frame: pd.DataFrame

    def _repr_html_(self) -> str:
        from swvtypes.lca.tables_html import frame_html

        return frame_html(self.name, self.selection, self.choice.text("en"))
