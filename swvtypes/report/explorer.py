"""The explorer: one organisation at a time, beside its type, its sector and those like it."""

from __future__ import annotations

import math
from collections.abc import Hashable
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.language import Label
from swvtypes.membership import Membership
from swvtypes.survey import Wave

from .answer_view import AnswerItem
from .comparable import comparables
from .explorer_controls import explorer_form
from .explorer_words import explorer_texts
from .inputs import EarlierWave
from .markup import gap, plain, section
from .setting import Setting
from .signalling import signals


def explorer_section(setting: Setting) -> tuple[str, dict[str, Any] | None]:
    """Give the explorer as markup, and the data that it works on (None without rows)."""
    say, inputs = setting.say, setting.inputs
    title = say("Verkenner", "Explorer")
    if inputs.membership is None or inputs.wave is None:
        text = Label("Zonder indeling of zonder antwoorden is er niets te verkennen.",
                     "Without types or without answers there is nothing to explore.")  # fmt: skip
        return section("explorer", title, gap(text, setting.language)), None
    if setting.options.organisations == "none":
        told = say(
            "Rijen van organisaties zijn uit dit rapport gelaten.",
            "Rows of organisations were left out of this report.",
        )
        return section("explorer", title, f'<p class="note">{escape(told)}</p>'), None
    payload = explorer_payload(setting, inputs.wave, inputs.membership)
    return section("explorer", title, explorer_form(setting)), payload


def explorer_payload(setting: Setting, wave: Wave, membership: Membership) -> dict[str, Any]:
    """Give what the explorer works on: texts, numbers and lists only."""
    order = list(setting.names)
    frame = wave.frame.reindex(order)
    items = setting.items
    p = membership.probabilities.reindex(order)
    sector = membership.sector_of.reindex(order)
    found = comparables(p, sector, _context(wave, order), setting.options.neighbours)
    position = _position(setting, frame)
    before = [_before(setting, earlier, order) for earlier in setting.inputs.earlier]
    flags = [signals(rule, items, membership, order) for rule in setting.options.signals]
    answers = [_rounded(item.places.reindex(order)) for item in items]
    sectors, types = list(membership.sectors), list(membership.types)
    rows = []
    for at, name in enumerate(order):
        near = [
            [int(j), _number(a), _number(c)]
            for j, a, c in zip(found.nearest[at], found.type_distance[at],
                               found.context_distance[at], strict=True) if j >= 0
        ]  # fmt: skip
        rows.append({
            "n": setting.names[name],
            "s": sectors.index(str(sector.iloc[at])),
            "p": [_number(v) for v in p.iloc[at]],
            "a": [column[at] for column in answers],
            "x": _number(position[at]),
            "b": [b[at] for b in before],
            "k": near,
            "g": [[_number(low), _number(high)] for low, high in (flag[at] for flag in flags)],
        })  # fmt: skip
    return {
        "types": [{"id": plain(t), "title": setting.type_title(t)} for t in types],
        "sectors": [plain(s) for s in sectors],
        "items": [_item(item, sectors, types) for item in items],
        "rows": rows,
        "position": _scale(setting, position, sector),
        "waves": [plain(_wave_title(e)) for e in setting.inputs.earlier],
        "signals": [rule.label.text(setting.language) for rule in setting.options.signals],
        "borderline": setting.options.borderline,
        "comma": setting.language == "nl",
        "synthetic": setting.inputs.synthetic,
        "text": explorer_texts(setting.language),
    }


def _context(wave: Wave, order: list[Hashable]) -> pd.DataFrame:
    """Register figures as numbers."""
    book = wave.codebook
    names = [v for v in wave.variables if book.variables[v].origin == "register"]
    return wave.frame.reindex(order)[names].astype("Float64").astype(float)


def _position(setting: Setting, frame: pd.DataFrame) -> list[float]:
    name = setting.inputs.steering_variable
    if name not in frame:
        return [math.nan] * len(frame)
    return list(frame[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan))


def _scale(setting: Setting, position: list[float], sector: pd.Series[str]) -> dict[str, Any] | None:  # fmt: skip  # noqa: E501
    """Give the ends of the continuum and its distribution by sector; None without one."""
    wave, name = setting.inputs.wave, setting.inputs.steering_variable
    if wave is None or name not in wave.variables:
        return None
    values = np.array(position, dtype=float)
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    answers = wave.codebook.categories(name)
    codes = [float(c.code) for c in answers] or [float(v) for v in np.unique(known)]
    ends = [answers[0].label, answers[-1].label] if answers else []
    counts = {
        str(s): [int(((values == c) & (sector == s).to_numpy()).sum()) for c in codes]
        for s in sector.unique()
    }
    return {
        "label": plain(wave.codebook.variables[name].label.text(setting.language)),
        "codes": codes,
        "ends": [plain(e.text(setting.language)) for e in ends],
        "counts": counts,
    }


def _wave_title(earlier: EarlierWave) -> str:
    m = earlier.membership
    return f"{m.wave} ({m.year})" if m.year else m.wave


def _before(
    setting: Setting, earlier: EarlierWave, order: list[Hashable]
) -> list[list[Any] | None]:
    """Type, probability and place of each organisation at an earlier wave."""
    back: dict[Hashable, Hashable] = {now: then for then, now in earlier.organisations.items()}
    membership = earlier.membership
    modal, certainty = membership.modal.to_dict(), membership.certainty.to_dict()
    places: dict[Hashable, Any] = {}
    line = setting.inputs.steering_variable
    if earlier.wave is not None and line in earlier.wave.variables:
        places = dict(earlier.wave.column(line).to_dict())
    rows: list[list[Any] | None] = []
    for name in order:
        # A name that someone else had then is no one's earlier self.
        then = back.get(name, None if name in earlier.organisations else name)
        if then not in modal or pd.isna(modal[then]):
            rows.append(None)
            continue
        place = places.get(then)
        own = membership.origin.names.get(str(modal[then]), "")
        title = f"{modal[then]} ({own})" if own else str(modal[then])
        rows.append([plain(title), _number(float(certainty[then])),
                     None if place is None or pd.isna(place) else float(place)])  # fmt: skip
    return rows


def _item(item: AnswerItem, sectors: list[str], types: list[str]) -> dict[str, Any]:
    return {
        "label": plain(item.label),
        "theme": plain(item.theme),
        "answers": [plain(c) for c in item.categories],
        "weight": round(item.weight, 3),
        "sectors": [[round(v, 3) for v in item.sectors.get(s, [])] for s in sectors],
        "types": [[round(v, 3) for v in item.types.get(t, [])] for t in types],
    }


def _rounded(column: pd.Series[float]) -> list[float | int | None]:
    return [
        None if not math.isfinite(v) else int(v) if float(v).is_integer() else round(float(v), 3)
        for v in column
    ]


def _number(value: float) -> float | None:
    return round(float(value), 3) if math.isfinite(value) else None
