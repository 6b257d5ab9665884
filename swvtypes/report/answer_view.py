"""Answers as the explorer shows them: codes in small numbers, and shares by sector and type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.language import Language
from swvtypes.membership import Membership
from swvtypes.survey import Wave
from swvtypes.typology import Typology

MOST_ITEMS = 400
NUMERIC = ("count", "continuous")


@dataclass(frozen=True, eq=False)
class AnswerItem:
    """One item.

    Attributes
    ----------
    name, label, theme : str
    categories : tuple of str
        Labels of its answers; none for numbers.
    codes : tuple of float
        Their codes.
    weight : float
        How much it tells of the types (the largest R² over themes and sectors), 0 when it takes
        no part.
    places : Series by organisation
        Place of the answer among the categories, or the number; NaN where missing.
    sectors, types : mapping of str to list of float
        Shares of the categories (or the mean) among those who answered.
    """

    name: str
    label: str
    theme: str
    categories: tuple[str, ...]
    codes: tuple[float, ...]
    weight: float
    places: pd.Series[float]
    sectors: Mapping[str, list[float]]
    types: Mapping[str, list[float]]


def answer_items(
    wave: Wave,
    membership: Membership | None,
    typology: Typology | None,
    language: Language,
    open_answers: bool = False,
) -> tuple[AnswerItem, ...]:
    """Give the items of a wave that an explorer shows.

    Parameters
    ----------
    wave : Wave
    membership : Membership, optional
        Whose types are summarised; shares of a type weigh organisations by their probabilities.
    typology : Typology, optional
        What says how much an item tells of the types.
    language : {"nl", "en"}
    open_answers : bool
        Whether items coded from open answers are among them.

    Returns
    -------
    tuple of AnswerItem
        Items of a theme, at most 400, those that tell most first within the order of themes.
        Survey weights are not applied.
    """
    tells = item_weights(typology)
    origins = ("questionnaire", "open_answers") if open_answers else ("questionnaire",)
    book = wave.codebook
    names = [
        name for name in wave.variables
        if book.variables[name].origin in origins and book.variables[name].theme is not None
    ]  # fmt: skip
    names = sorted(names, key=lambda name: -tells.get(name, 0.0))[:MOST_ITEMS]
    order = {name: at for at, name in enumerate(wave.variables)}
    frame = wave.frame
    return tuple(
        _item(wave, frame, name, membership, tells.get(name, 0.0), language)
        for name in sorted(names, key=order.__getitem__)
    )


def item_weights(typology: Typology | None) -> dict[str, float]:
    """Give how much each column tells of the classes of its theme: the largest R²."""
    found: dict[str, float] = {}
    for theme in () if typology is None else typology.themes_.values():
        for typing in theme.by_sector.values():
            sources = {item.name: item.sources for item in typing.spec.items}
            if typing.n_classes == 1 or "r2" not in typing.selection:
                continue
            for name, r2 in zip(typing.selection["indicator"], typing.selection["r2"], strict=True):
                for source in sources.get(str(name), (str(name),)):
                    value = 0.0 if pd.isna(r2) else float(r2)
                    found[source] = max(found.get(source, 0.0), value)
    return found


def _item(
    wave: Wave,
    frame: pd.DataFrame,
    name: str,
    membership: Membership | None,
    weight: float,
    language: Language,
) -> AnswerItem:
    book = wave.codebook
    entry = book.variables[name]
    theme = book.themes[entry.theme].label.text(language) if entry.theme else ""
    categories = () if entry.type in NUMERIC else book.categories(name)
    codes = tuple(float(c.code) for c in categories)
    raw = frame[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    places = pd.Series(raw, index=frame.index)
    if codes:
        places = places.map({code: float(at) for at, code in enumerate(codes)}).astype(float)
    sector = frame["sector"]
    by_sector = {s: _shares(places[sector == s], None, len(codes)) for s in wave.sectors}
    by_type: dict[str, list[float]] = {}
    if membership is not None:
        p = membership.probabilities.reindex(frame.index).fillna(0.0)
        by_type = {str(t): _shares(places, p[t], len(codes)) for t in p.columns}
    labels = tuple(c.label.text(language) for c in categories)
    label = entry.label.text(language)
    return AnswerItem(name, label, theme, labels, codes, weight, places, by_sector, by_type)


def _shares(places: pd.Series[float], weight: pd.Series[float] | None, m: int) -> list[float]:
    """Shares of m categories, or the mean in a list of one; empty where nobody answered."""
    known = places.notna().to_numpy()
    w = (np.ones(len(places)) if weight is None else weight.to_numpy(dtype=float))[known]
    x = places.to_numpy(dtype=float)[known]
    if not w.sum() > 0:
        return []
    if not m:
        return [float(w @ x / w.sum())]
    return [float(w[x == at].sum() / w.sum()) for at in range(m)]
