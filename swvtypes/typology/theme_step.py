"""One theme of one sector: its classes, its significant items, and what speaks for and against."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, SwvtypesWarning
from swvtypes.language import Label
from swvtypes.lca.model import read_indicators

from .continuum import types_or_continuum
from .file_form import entry_frame, frame_entry
from .selection.identifying import most_classes
from .sequential import deciding_stop
from .specification import TypologyOptions
from .themes import ThemeOptions, ThemeResult, ThemeSpec, analyse_theme

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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        try:
            found = analyse_theme(task.frame, task.spec, theme_options(options), task.seed)
        except InputError as error:
            return _nothing(task, error)
        taken, notes = _taken(found, options)
        verdict = _verdict(found, task, options)
    reasons = (*found.choice.sentences, *found.choice.against, *notes)
    return ThemeTyping(
        task.sectors, task.spec.name, found.n_classes, found.selection.reset_index(drop=True),
        tuple(map(str, found.selected)), taken, found.enumeration.table, found.spec, reasons,
        verdict,
    )  # fmt: skip


def _nothing(task: ThemeTask, error: InputError) -> ThemeTyping:
    """Give a theme of which no item is left: one class, nothing selected."""
    columns = ["indicator", "wald", "df", "p_value", "p_adjusted", "r2", "selected"]
    told = "; ".join(error.faults)
    reason = Label(f"Dit thema doet niet mee: {told}.", f"This theme takes no part: {told}.")
    empty = pd.DataFrame(columns=columns).astype({"indicator": "str", "selected": bool})
    table = pd.DataFrame({"bic": [np.nan]}, index=pd.Index([1], name="n_classes"))
    return ThemeTyping(task.sectors, task.spec.name, 1, empty, (), (), table, task.spec, (reason,))


def _taken(
    found: ThemeResult, options: TypologyOptions
) -> tuple[tuple[str, ...], tuple[Label, ...]]:
    """Items that go on, and a note where that is not simply the significant ones."""
    if found.n_classes == 1:
        return (), ()
    if options.items == "all":
        return tuple(found.spec.columns), ()
    chosen = list(map(str, found.selected))
    if options.items == "selected" and found.search is not None:
        carries = found.selection["carries"].fillna(False).to_numpy(dtype=bool)
        chosen = [str(n) for n in found.selection.index[carries]]
    if not chosen:
        return (), (Label(
            "Er zijn klassen, maar geen vraag onderscheidt ze aantoonbaar: het thema doet verder "
            "niet mee.",
            "There are classes, but no item tells them apart beyond doubt: the theme takes no "
            "further part.",
        ),)  # fmt: skip
    added = _filled_up(found, chosen)
    if not added:
        return tuple(chosen), ()
    order = [c for c in found.spec.columns if c in {*chosen, *added}]
    names = ", ".join(added)
    return tuple(order), (Label(
        f"Met de significante vragen alleen liggen {found.n_classes} klassen niet vast; erbij: "
        f"{names}.",
        f"The significant items alone do not identify {found.n_classes} classes; added: {names}.",
    ),)  # fmt: skip


def _filled_up(found: ThemeResult, chosen: list[str]) -> list[str]:
    """Items to add, in order of their p-values, until the classes are identified."""
    rest = found.selection["p_value"].drop(index=chosen, errors="ignore")
    queue = [str(n) for n in rest.sort_values(kind="stable", na_position="last").index]
    added: list[str] = []
    while queue:
        frame = found.frame[[*chosen, *added]]
        kinds = {k: v for k, v in found.spec.kinds.items() if k in frame.columns}
        items = [i.item() for i in read_indicators(frame, dict(kinds))]
        if most_classes(items, found.n_classes) >= found.n_classes:
            break
        added.append(queue.pop(0))
    return added


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
    )
