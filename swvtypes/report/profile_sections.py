"""What each type is like: its answers beside those of the others, drawn and in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np
import pandas as pd

from swvtypes.language import Label
from swvtypes.typology.description import TypeDescription

from .answer_view import AnswerItem
from .counting import sector_types
from .markup import data, gap, number, paragraph, percent, section
from .setting import Setting

COLOURS = ("#0072b2", "#b34700", "#007a57", "#a3487f", "#8a5a00", "#2a7fb8", "#333333", "#6b6b00")
_SHAPES = 4
_SHOWN = 12
_WIDTH, _LEFT, _RIGHT = 240, 10, 230


@dataclass(frozen=True)
class ProfileRow:
    """One line of a profile plot.

    Attributes
    ----------
    item, answer, theme : str
        Whose answers, which answer, and the theme.
    types : tuple of str
    values : tuple of float
        By type, from 0 to 1.
    shown : tuple of str
        The same as texts.
    weight : float
        How much the item tells of the types.
    """

    item: str
    answer: str
    theme: str
    types: tuple[str, ...]
    values: tuple[float, ...]
    shown: tuple[str, ...]
    weight: float = 0.0

    @property
    def spread(self) -> float:
        """Largest difference between two types."""
        known = [v for v in self.values if np.isfinite(v)]
        return max(known) - min(known) if known else 0.0


def profile_section(setting: Setting) -> str:
    """Describe and draw what each type is like."""
    say, inputs = setting.say, setting.inputs
    title = say("Wat elk type kenmerkt", "What each type is like")
    parts = [paragraph(text) for text in _descriptions(setting)]
    if inputs.membership is None or inputs.wave is None:
        text = Label("Zonder indeling of zonder antwoorden is er geen profiel te tekenen.",
                     "Without types or without answers there is no profile to draw.")  # fmt: skip
        return section("profiles", title, "".join([*parts, gap(text, setting.language)]))
    items, membership = setting.items, inputs.membership
    blocks = (
        [(s, sector_types(membership, s)) for s in membership.sectors]
        if membership.apart else [("", membership.types)]
    )  # fmt: skip
    parts.append(paragraph(say(
        "Elke stip is een type: het aandeel van zijn organisaties dat zo antwoordde, of bij een "
        "oplopende vraag hun gemiddelde plek van het eerste tot het laatste antwoord. Zij wegen "
        "mee naar hun kans op het type. Vragen die de typen onderscheiden staan boven, daarbinnen "
        "wat het meest verschilt.",
        "Each mark is a type: the share of its organisations that answered so, or for a graded "
        "question their mean place from the first to the last answer. They weigh by their "
        "probability of the type. Questions that tell the types apart stand first, and among "
        "those what differs most.",
    )))  # fmt: skip
    for sector, types in blocks:
        parts.append(_plot(setting, sector, types, items))
    return section("profiles", title, "".join(parts) + setting.suppressed_note)


def _descriptions(setting: Setting) -> list[str]:
    """Each type in words; organisations are named only where the report names any."""
    typology = setting.inputs.typology
    if typology is None:
        return []
    found = typology.descriptions(setting.inputs.membership)
    out = []
    for d in found:
        if not setting.shows(("type", d.type)):
            continue
        known = {str(k): v for k, v in setting.names.items()}
        typical = tuple(known[n] for n in d.typical if n in known)
        borderline = tuple(known[n] for n in d.borderline if n in known)
        clear = _roomy(setting, d) if setting.options.suppresses else d.contrasts
        shown = replace(d, typical=typical, borderline=borderline, contrasts=clear)
        out.append(shown.text(setting.language))
    return out


def _roomy(setting: Setting, d: TypeDescription) -> pd.DataFrame:
    """Contrasts of which no percentage comes down to a few organisations."""
    size = setting.counts.counts.get(("type", d.type), 0)
    edge = setting.options.smallest_cell / max(size, 1)
    frame = d.contrasts
    inside = frame["estimate"].between(edge, 1 - edge) & frame["others"].between(edge, 1 - edge)
    return frame[inside | (frame["parameter"] != "probability")].reset_index(drop=True)


def profile_rows(
    setting: Setting, types: Sequence[str], items: Sequence[AnswerItem]
) -> list[ProfileRow]:
    """Give the lines of a profile plot, those that differ most first."""
    rows = []
    for item in items:
        if item.codes:
            rows += _category_rows(setting, types, item)
    return sorted(rows, key=lambda row: (row.weight == 0.0, -row.spread))


def _category_rows(setting: Setting, types: Sequence[str], item: AnswerItem) -> list[ProfileRow]:
    wave = setting.inputs.wave
    graded = wave is not None and wave.codebook.variables[item.name].type == "ordinal"
    m = len(item.codes)
    if graded and m > 2:
        if setting.options.suppresses and not all(setting.shows(("type", t)) for t in types):
            return []
        places = np.arange(m) / (m - 1)
        values = [_mean(item.types.get(t, []), places) for t in types]
        told = [number(1 + v * (m - 1), 1, setting.language) for v in values]
        ends = f"{item.categories[0]} \N{EN DASH} {item.categories[-1]}"
        return [ProfileRow(item.label, ends, item.theme, tuple(types), tuple(values), tuple(told),
                           item.weight)]  # fmt: skip
    wanted = [m - 1] if m == 2 else range(m)
    rows = []
    for at in wanted:
        values, told = [], []
        for t in types:
            shares = item.types.get(t, [])
            value, text = _share(setting, t, shares[at] if shares else float("nan"))
            values.append(value)
            told.append(text)
        rows.append(ProfileRow(item.label, item.categories[at], item.theme, tuple(types),
                               tuple(values), tuple(told), item.weight))  # fmt: skip
    return [] if setting.options.suppresses and m > 2 else rows


def _mean(shares: Sequence[float], places: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.array(shares) @ places) if len(shares) else float("nan")


def _share(setting: Setting, type: str, share: float) -> tuple[float, str]:
    """Give a share and its text; where counts are suppressed it keeps clear of both ends."""
    if not setting.shows(("type", type)):
        return float("nan"), "…"
    size = setting.counts.counts.get(("type", type), 0)
    if not setting.options.suppresses or not np.isfinite(share):
        return share, percent(share, setting.language)
    edge = setting.options.smallest_cell / max(size, 1)
    if edge >= 0.5:
        return float("nan"), "…"
    if share < edge:
        return edge, f"< {percent(edge, setting.language)}"
    if share > 1 - edge:
        return 1 - edge, f"> {percent(1 - edge, setting.language)}"
    return share, percent(round(share * 20) / 20, setting.language)


def _plot(setting: Setting, sector: str, types: Sequence[str], items: Sequence[AnswerItem]) -> str:
    rows = profile_rows(setting, types, items)
    if not rows:
        return ""
    say = setting.say
    head = f"<h3>{say('Sector', 'Sector')} {data(sector)}</h3>" if sector else ""
    key = "".join(
        f'<li><svg class="key" width="18" height="18" aria-hidden="true">{_mark(at, 9)}</svg>'
        f"{setting.type_markup(t)}</li>"
        for at, t in enumerate(types)
    )
    name = say("Profielen", "Profiles") + (f" {sector}" if sector else "")
    first, rest = rows[:_SHOWN], rows[_SHOWN:]
    more = say(f"De andere {len(rest)} regels", f"The other {len(rest)} lines")
    lines = _rows_table(setting, name, rest)
    folded = (
        f'<details class="long"><summary>{more}</summary>{lines}</details>'
        if rest else ""
    )  # fmt: skip
    return f'{head}<ul class="keys">{key}</ul>{_rows_table(setting, name, first)}{folded}'


def _rows_table(setting: Setting, name: str, rows: Sequence[ProfileRow]) -> str:
    say = setting.say
    body = "".join(_line(setting, row) for row in rows)
    heads = (say("Vraag", "Question"), say("Van weinig naar veel", "From low to high"),
             say("Getallen", "Numbers"))  # fmt: skip
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(name)}">'
        f'<table class="profile"><caption>{escape(name)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _line(setting: Setting, row: ProfileRow) -> str:
    pairs = list(zip(row.types, row.shown, strict=True))
    told = ", ".join(f"{setting.type_title(t)}: {text}" for t, text in pairs)
    marks = "".join(
        _mark(at, _LEFT + v * (_RIGHT - _LEFT))
        for at, v in reversed(list(enumerate(row.values))) if np.isfinite(v)
    )  # fmt: skip
    grid = "".join(
        f'<line x1="{x}" y1="2" x2="{x}" y2="16" stroke="#d3d9df"/>'
        for x in (_LEFT, (_LEFT + _RIGHT) // 2, _RIGHT)
    )
    numbers = " ".join(f"<span>{data(t)}:&nbsp;{escape(text)}</span>" for t, text in pairs)
    return (
        f'<tr><th scope="row">{data(row.item)}<span class="answer">{data(row.answer)}</span></th>'
        f'<td><svg width="{_WIDTH}" height="18" viewBox="0 0 {_WIDTH} 18" role="img" '
        f'aria-label="{escape(told)}"><line x1="{_LEFT}" y1="9" x2="{_RIGHT}" y2="9" '
        f'stroke="#9aa5b0"/>{grid}{marks}</svg></td><td class="told">{numbers}</td></tr>'
    )


def _mark(at: int, x: float) -> str:
    """Draw the mark of a type: a colour and a shape, told apart without colour."""
    fill, shape, y, r = COLOURS[at % len(COLOURS)], at % _SHAPES, 9, 6
    common = f'fill="{fill}" stroke="#ffffff" stroke-width="1"'
    if shape == 0:
        return f'<circle cx="{x:.1f}" cy="{y}" r="{r}" {common}/>'
    if shape == 1:
        return f'<rect x="{x - 5:.1f}" y="{y - 5}" width="10" height="10" {common}/>'
    if shape == 2:
        points = f"{x:.1f},{y - 6} {x + 6:.1f},{y + 5} {x - 6:.1f},{y + 5}"
    else:
        points = f"{x:.1f},{y - 7} {x + 7:.1f},{y} {x:.1f},{y + 7} {x - 7:.1f},{y}"
    return f'<polygon points="{points}" {common}/>'
