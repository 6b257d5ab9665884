"""Candidate indicators of each theme: of a codebook, a wave, or the columns of a frame."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import get_args

import numpy as np
import pandas as pd

from swvtypes.errors import AllMissingError, InputError, SwvtypesWarning
from swvtypes.language import Label
from swvtypes.lca.model import MOST_CATEGORIES, check_choice, read_indicators
from swvtypes.survey import Codebook, Wave

from .from_codebook import Reading, Shares, read_theme
from .specification import NO_REASON, Kind, LeftOut, Role, ThemeItem, ThemeSpec

READ_AS_CATEGORIES = Label(
    "gehele getallen, gelezen als categorieën zonder volgorde",
    "whole numbers, read as categories without order",
)
_FEWEST_ORDERED = 4


def theme_specs(
    source: Wave | Codebook | pd.DataFrame,
    themes: Mapping[str, Sequence[str]] | None = None,
    *,
    kinds: Mapping[str, Kind] | None = None,
    passive: Collection[str] = (),
    active: Collection[str] = (),
    shares: Shares = "log_ratio",
) -> dict[str, ThemeSpec]:
    """Candidate indicators of each theme.

    Parameters
    ----------
    source : Wave, Codebook or DataFrame
        A wave of one sector leaves out what that sector was not asked.
    themes : mapping of str to sequence of str, optional
        Columns of each theme; needed with a frame. With a wave or codebook: all its themes that
        have an active item.
    kinds : mapping of str to str, optional
        Kind of columns of a frame; others are read from their dtype, as
        :class:`~swvtypes.lca.LatentClassModel` reads them.
    passive : collection of str
        Columns that are kept aside; a share of a budget takes the others with it.
    active : collection of str
        Passive variables of a codebook (register figures, open answers coded by hand) that are
        chosen all the same.
    shares : {"log_ratio", "coarse"}
        How budget shares enter; never as they are.

    Returns
    -------
    dict of str to ThemeSpec
        Register figures are passive unless chosen, with the reason. Options of a multiple-answer
        question are binary items; the option that excludes the others is left out, because it
        follows from them and would pass for a class of its own. An item put only to some is
        joined with the question that decides where it is the only one and both are categories;
        missing at random given that question where several hang on it in the same theme; and has
        "not put" as a category where the question is in another theme. Free text is left out.

    Raises
    ------
    InputError
        Lists every fault: columns that are not there, a column in two themes, unknown kinds.
    OptionError
        For an unknown way to enter shares, or a theme that the codebook lacks.
    """
    check_choice("shares", shares, Shares)
    if isinstance(source, pd.DataFrame):
        return _of_frame(source, themes, dict(kinds or {}), set(passive))
    codebook = source.codebook if isinstance(source, Wave) else source
    present = frozenset(source.variables) if isinstance(source, Wave) else None
    sectors = source.sectors if isinstance(source, Wave) else codebook.sectors
    faults = [
        f"{option}: the codebook has no variable {name!r}"
        for option, names in (("active", active), ("passive", passive))
        for name in names
        if name not in codebook.variables
    ]
    if themes is not None:
        faults += [
            f"theme {theme!r}: the codebook has no variable {name!r}"
            for theme, names in themes.items()
            for name in names
            if name not in codebook.variables
        ]
    faults += [f"{name!r} is to be active and passive" for name in active if name in passive]
    in_themes = {name for theme in codebook.themes for name in codebook.theme(theme)}
    faults += [
        f"active: {name!r} is in no theme of the codebook"
        for name in active
        if name in codebook.variables and name not in in_themes
    ]
    if faults:
        raise InputError(codebook.id, faults)
    reading = Reading(sectors, present, shares, tuple(active), tuple(passive))
    out = {}
    for theme in codebook.themes:
        spec = read_theme(codebook, theme, reading)
        if spec.active and (themes is None or theme in themes):
            out[theme] = spec
    return out


def theme_frame(wave: Wave) -> pd.DataFrame:
    """Give the answers of a wave as themes need them.

    Returns
    -------
    DataFrame by organisation
        Floats; NaN where there is no answer, except that states ("not applicable") keep their
        code.
    """
    frame = wave.frame
    out: dict[str, object] = {"sector": frame["sector"]}
    for name in wave.variables:
        column = frame[name].to_numpy(dtype=float, na_value=np.nan)
        states = {c: r.id for c, r in wave.codebook.reason_codes(name).items()
                  if r.enters == "state"}  # fmt: skip
        if states:
            reasons = wave.reason(name).to_numpy()
            for code, reason in states.items():
                column[reasons == reason] = code
        out[name] = column
    return pd.DataFrame(out, index=frame.index)


def _of_frame(
    frame: pd.DataFrame,
    themes: Mapping[str, Sequence[str]] | None,
    kinds: dict[str, Kind],
    passive: set[str],
) -> dict[str, ThemeSpec]:
    if themes is None:
        raise InputError("themes", ["expected themes={'theme': [columns]} with a frame, got none"])
    faults = []
    seen: dict[str, str] = {}
    for theme, names in themes.items():
        if isinstance(names, str) or not len(names):
            faults.append(f"theme {theme!r}: expected a list of columns, got {names!r}")
            continue
        for name in names:
            if name not in frame.columns:
                faults.append(f"theme {theme!r}: no column {name!r}")
            elif name in seen:
                faults.append(f"column {name!r} stands in themes {seen[name]!r} and {theme!r}")
            seen[name] = theme
    faults += [f"kinds: {n!r} belongs to no theme" for n in kinds if n not in seen]
    faults += [f"passive: {n!r} belongs to no theme" for n in sorted(passive) if n not in seen]
    faults += [
        f"kinds: {n!r}: expected {', '.join(get_args(Kind))}; got {kind!r}"
        for n, kind in kinds.items()
        if kind not in get_args(Kind)
    ]
    if faults:
        raise InputError("themes", faults)
    return {theme: _one(frame, theme, names, kinds, passive) for theme, names in themes.items()}


def _one(
    frame: pd.DataFrame,
    theme: str,
    names: Sequence[str],
    kinds: Mapping[str, Kind],
    passive: set[str],
) -> ThemeSpec:
    items, left_out = [], []
    for name in names:
        column = frame[name]
        if name not in kinds and _free_text(column):
            text = f"{column.nunique()}"
            left_out.append(
                LeftOut(name, Label(f"vrije tekst ({text} teksten)", f"free text ({text} texts)"))
            )
            continue
        kind = kinds.get(name) or _kind(column)
        role: Role = "passive" if name in passive else "active"
        ordered = name not in kinds and kind == "nominal" and _may_be_ordered(column)
        why = READ_AS_CATEGORIES if ordered else NO_REASON
        items.append(ThemeItem(name, kind, role, reason=why))
    return ThemeSpec(theme, tuple(items), tuple(left_out), Label(theme, theme))


def _free_text(column: pd.Series) -> bool:
    numeric = pd.api.types.is_numeric_dtype(column.dtype)
    chosen = isinstance(column.dtype, pd.CategoricalDtype)
    if numeric or chosen:
        return False
    seen = column.dropna()
    return bool(seen.map(lambda v: isinstance(v, str)).any()) and seen.nunique() > MOST_CATEGORIES


def _kind(column: pd.Series) -> Kind:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        try:
            return read_indicators(column.to_frame())[0].family
        except AllMissingError:
            return "nominal"


def _may_be_ordered(column: pd.Series) -> bool:
    """Whether categories are whole numbers, and enough of them for an order to matter."""
    numbers = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return bool(numbers) and column.nunique() >= _FEWEST_ORDERED
