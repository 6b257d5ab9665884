"""One theme of one sector: its classes, its significant items, and what speaks for and against."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import SwvtypesWarning
from swvtypes.language import Label

from .continuum import types_or_continuum
from .file_form import entry_frame, frame_entry
from .going_on import items_going_on
from .sequential import deciding_stop
from .specification import TypologyOptions
from .themes import ThemeOptions, ThemeResult, ThemeSpec, analyse_theme
from .themes.candidates import READ_AS_CATEGORIES
from .themes.preparing import prepare_theme

CONTINUUM_BOOT = 99
_CONTINUUM_ITEMS, _CONTINUUM_KINDS = 3, ("nominal", "ordinal", "binary", "count")


@dataclass(frozen=True, eq=False)
class ThemeTask:
    """A theme of one sector that is to be analysed.

    Attributes
    ----------
    key : str
        Name of the sector, or of the sectors together.
    sectors : tuple of str
        One sector, or several together.
    spec : ThemeSpec
    frame : DataFrame by organisation
        The columns that its items are made of.
    seed : int
    """

    key: str
    sectors: tuple[str, ...]
    spec: ThemeSpec
    frame: pd.DataFrame
    seed: int


@dataclass(frozen=True, eq=False)
class ThemeTyping:
    """What came out for one theme of one sector.

    Attributes
    ----------
    sectors : tuple of str
        The sector, or the sectors together.
    theme : str
    n_classes : int
        Classes chosen; 1 is an answer.
    selection : DataFrame
        One row an item: indicator, wald, df, p_value, p_adjusted, r2, selected, and what other
        routes say; see :func:`~swvtypes.typology.selection.table.selection_table`.
    selected : tuple of str
        Items called significant.
    taken : tuple of str
        Items that go on to the types.
    enumeration : DataFrame
        Indexed by n_classes.
    spec : ThemeSpec
        Items, recodes with their cut points, and what was left out and why.
    reasons : tuple of Label
        Why this number of classes, what spoke against it, and which items go on.
    verdict : mapping of str to object
        Types or a continuum: ``verdict``, ``nl``, ``en``; empty where that was not asked.
    n_joint : int
        Classes with which it enters the types; above `n_classes` where the theme alone has one
        class and is yet to be heard beside the others. 0 stands for `n_classes`.
    """

    sectors: tuple[str, ...]
    theme: str
    n_classes: int
    selection: pd.DataFrame
    selected: tuple[str, ...]
    taken: tuple[str, ...]
    enumeration: pd.DataFrame
    spec: ThemeSpec
    reasons: tuple[Label, ...] = ()
    verdict: Mapping[str, Any] = field(default_factory=dict)
    n_joint: int = 0

    @property
    def to_be_heard(self) -> bool:
        """Whether it takes part in the types only if other themes speak for it."""
        return self.n_classes == 1 and self.n_joint > 1 and bool(self.taken)

    @property
    def takes_part(self) -> bool:
        """Whether it enters the types, or asks to."""
        return bool(self.taken) and max(self.n_classes, self.n_joint) > 1


@dataclass(frozen=True, eq=False)
class ThemeAcrossSectors:
    """One theme of a typology, sector by sector.

    Attributes
    ----------
    theme : str
    by_sector : mapping of str to ThemeTyping
        What came out in each sector; the key is ``"all"`` where sectors are together.
    """

    theme: str
    by_sector: Mapping[str, ThemeTyping]

    @property
    def selection(self) -> pd.DataFrame:
        """Items of all sectors: sector, then the columns of the selection of each."""
        parts = []
        for sector, typing in self.by_sector.items():
            part = typing.selection.reset_index(drop=True)
            part.insert(0, "sector", sector)
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    @property
    def n_classes(self) -> dict[str, int]:
        """Number of classes by sector."""
        return {sector: typing.n_classes for sector, typing in self.by_sector.items()}


def theme_options(options: TypologyOptions) -> ThemeOptions:
    """Give the options of a theme's analysis."""
    return ThemeOptions(
        max_classes=options.max_classes,
        n_init=options.n_init,
        n_boot=options.n_boot,
        boot_n_init=max(10, options.boot_n_init),
        rule=options.rule,
        level=options.level,
        decide=options.decide,
        prior=options.prior,
        quick=options.quick,
        search=not options.quick,
        n_jobs=1,
    )


def analyse(task: ThemeTask, options: TypologyOptions) -> ThemeTyping:
    """Analyse one theme: enumerate, choose, test the items, say which go on."""
    asked = theme_options(options)
    left = prepare_theme(task.frame, task.spec, asked.rarest)[1]
    if not left.active:
        return _nothing(task, left)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        found = analyse_theme(task.frame, task.spec, asked, task.seed)
        on = items_going_on(found, options, task.seed)
        verdict = _verdict(found, task, options)
    reasons = (
        *found.choice.sentences, *found.choice.against, *_without_order(found.spec), *on.notes,
    )  # fmt: skip
    return ThemeTyping(
        task.sectors, task.spec.name, found.n_classes, found.selection.reset_index(drop=True),
        tuple(map(str, found.selected)), on.items, found.enumeration.table, found.spec, reasons,
        verdict, on.n_classes,
    )  # fmt: skip


def _without_order(spec: ThemeSpec) -> tuple[Label, ...]:
    """Name the items whose whole numbers may have an order that nobody stated."""
    names = [item.name for item in spec.active if item.reason == READ_AS_CATEGORIES]
    if not names:
        return ()
    told = ", ".join(names)
    stated = f"indicators={{{names[0]!r}: 'ordinal'{', ...' if len(names) > 1 else ''}}}"
    return (Label(
        f"Gehele getallen gelezen als categorieën zonder volgorde: {told}. Hebben zij een "
        f"volgorde, zeg dat dan ({stated}): dat vraagt minder parameters, en bij kleine aantallen "
        "worden klassen en typen dan beter gevonden.",
        f"Whole numbers read as categories without order: {told}. If they have an order, state it "
        f"({stated}): that takes fewer parameters, and classes and types are found better at "
        "small numbers.",
    ),)  # fmt: skip


def _nothing(task: ThemeTask, left: ThemeSpec) -> ThemeTyping:
    """Give a theme of which no item is left: one class, nothing selected."""
    columns = ["indicator", "wald", "df", "p_value", "p_adjusted", "r2", "selected"]
    reason = Label(
        "Dit thema doet niet mee, want er blijft geen vraag over: "
        + "; ".join(f"{o.name}: {o.reason.nl}" for o in left.left_out) + ".",
        "This theme takes no part, because no item is left: "
        + "; ".join(f"{o.name}: {o.reason.en}" for o in left.left_out) + ".",
    )  # fmt: skip
    empty = pd.DataFrame(columns=columns).astype({"indicator": "str", "selected": bool})
    table = pd.DataFrame({"bic": [np.nan]}, index=pd.Index([1], name="n_classes"))
    return ThemeTyping(task.sectors, task.spec.name, 1, empty, (), (), table, left, (reason,))


def _verdict(found: ThemeResult, task: ThemeTask, options: TypologyOptions) -> dict[str, Any]:
    """Types or a continuum within the theme, where there are classes and a bootstrap is asked."""
    kinds = found.spec.kinds
    usable = [c for c in found.frame.columns if kinds[c] in _CONTINUUM_KINDS]
    if options.quick or found.n_classes == 1 or len(usable) < _CONTINUUM_ITEMS:
        return {}
    n_boot = min(options.n_boot, CONTINUUM_BOOT)
    made = types_or_continuum(
        found.frame[usable],
        max_classes=min(options.max_classes, max(found.n_classes + 1, 3)),
        max_nodes=2,
        n_boot=n_boot,
        level=options.level,
        random_state=task.seed,
        stop_after=deciding_stop(options.level, n_boot),
        n_jobs=1,
        indicators={c: kinds[c] for c in usable},
    )
    return {
        "verdict": made.verdict,
        "nl": made.sentence("nl"),
        "en": made.sentence("en"),
        "tests": frame_entry(made.tests),
    }


def theme_entry(typing: ThemeTyping) -> dict[str, Any]:
    """Turn what came out for a theme into what JSON can hold."""
    return {
        "sectors": list(typing.sectors),
        "theme": typing.theme,
        "n_classes": typing.n_classes,
        "selection": frame_entry(typing.selection),
        "selected": list(typing.selected),
        "taken": list(typing.taken),
        "enumeration": frame_entry(typing.enumeration),
        "spec": typing.spec.as_dict(),
        "reasons": [list(reason) for reason in typing.reasons],
        "verdict": dict(typing.verdict),
        "n_joint": typing.n_joint,
    }


def theme_typing(entry: Mapping[str, Any]) -> ThemeTyping:
    """Read what :func:`theme_entry` wrote."""
    return ThemeTyping(
        tuple(entry["sectors"]),
        entry["theme"],
        int(entry["n_classes"]),
        entry_frame(entry["selection"]),
        tuple(entry["selected"]),
        tuple(entry["taken"]),
        entry_frame(entry["enumeration"]),
        ThemeSpec.from_dict(entry["spec"]),
        tuple(Label(*reason) for reason in entry["reasons"]),
        dict(entry["verdict"]),
        int(entry.get("n_joint", 0)),
    )
