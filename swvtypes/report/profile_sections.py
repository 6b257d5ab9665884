"""What each type is like: its answers beside those of the others, drawn and in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from swvtypes.language import Label

from .answer_view import AnswerItem
from .counting import sector_types
from .markup import data, data_long, gap, number, paragraph, percent, section
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
    parts = [f"<p>{text}</p>" for text in _descriptions(setting)]
    if parts and not _own_wave(setting) and not setting.options.suppresses:
        parts.append(paragraph(say(
            "De verschillen tussen de typen zijn die van de golf waarin zij zijn gevonden.",
            "Differences between the types are those of the wave in which they were found.",
        ), "small"))  # fmt: skip
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
    if inputs.wave.survey_weight is not None:
        parts.append(paragraph(say(
            "Enquêtegewichten tellen in typen en profielen niet mee.",
            "Survey weights play no part in types and profiles.",
        ), "small"))  # fmt: skip
    for sector, types in blocks:
        parts.append(_plot(setting, sector, types, items))
    return section("profiles", title, "".join(parts) + setting.suppressed_note)


def _descriptions(setting: Setting) -> list[str]:
    """Give each type in words, as markup; organisations only where the report names any."""
    typology = setting.inputs.typology
    if typology is None:
        return []
    out = []
    known = {str(k): v for k, v in setting.names.items()}
    allowed = clear_contrasts(setting) if setting.options.suppresses else None
    for d in typology.descriptions(setting.inputs.membership):
        if not setting.shows(("type", d.type)):
            continue
        typical = tuple(known[n] for n in d.typical if n in known)
        borderline = tuple(known[n] for n in d.borderline if n in known)
        share = d.share if _own_wave(setting) else _share(setting, d.type)
        shown = replace(d, share=share, typical=typical, borderline=borderline)
        if allowed is not None:
            if d.type not in allowed:
                continue
            keys = zip(d.contrasts["item"], d.contrasts["category"].astype(str), strict=True)
            keep = [key in allowed[d.type] for key in keys]
            shown = replace(shown, contrasts=d.contrasts[keep].reset_index(drop=True))
        told = shown.text(setting.language).partition(": ")[2]
        out.append(f"<strong>{setting.type_markup(d.type)}</strong>: {data_long(told)}")
    return out


def _share(setting: Setting, type: str) -> float:
    """Give the share of a type among those it could be of, in the wave that is reported."""
    membership = setting.inputs.membership
    if membership is None:
        return float("nan")
    if not membership.apart:
        return float(membership.shares[type])
    own = next(s for s in membership.sectors if type in membership.sector(s).types)
    return float(membership.sector(own).shares[type])


def clear_contrasts(setting: Setting) -> dict[str, set[tuple[str, str]]]:
    """Give, by type, the answers of which no percentage comes down to a few organisations.

    An answer is given of all types that stand beside each other, or of none: the others would give
    it away. Nothing is given where a type is kept back, or where the types were found in another
    wave, of which the sizes are not known here.
    """
    typology, membership = setting.inputs.typology, setting.inputs.membership
    if typology is None or membership is None or not _own_wave(setting):
        return {}
    frame = typology.contrasts_
    found: dict[str, set[tuple[str, str]]] = {}
    for model in typology.models_:
        sizes = {t: setting.counts.counts.get(("type", t), 0) for t in model.types}
        if not all(setting.sector_shows_types(s) for s in model.sectors):
            continue
        own = frame[frame["type"].isin(model.types) & (frame["parameter"] == "probability")]
        clear = set()
        for (item, category), part in own.groupby(["item", "category"], dropna=False):
            edges = [_edge(setting, sizes[t]) for t in part["type"]]
            values = list(part["estimate"].astype(float))
            if all(e <= v <= 1 - e for e, v in zip(edges, values, strict=True)):
                clear.add((str(item), str(category)))
        found |= dict.fromkeys(model.types, clear)
    return found


def _own_wave(setting: Setting) -> bool:
    wave, known = setting.inputs.wave, getattr(setting.inputs.typology, "_wave", {})
    return wave is None or str(known.get("name") or wave.name) == wave.name


def _edge(setting: Setting, size: int) -> float:
    """Smallest share of a type that is not a few of its organisations."""
    return setting.options.smallest_cell / max(size, 1)


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
    if setting.options.suppresses and not _is_clear(setting, types, item):
        return []
    if graded and m > 2:
        places = np.arange(m) / (m - 1)
        means = tuple(_mean(item.types.get(t, []), places) for t in types)
        told = tuple(number(1 + v * (m - 1), 1, setting.language) for v in means)
        ends = f"{item.categories[0]} \N{EN DASH} {item.categories[-1]}"
        return [ProfileRow(item.label, ends, item.theme, tuple(types), means, told, item.weight)]
    rows = []
    for at in [m - 1] if m == 2 else range(m):
        shares = tuple(
            item.types[t][at] if item.types.get(t) else float("nan") for t in types
        )  # fmt: skip
        values = tuple(map(_coarse, shares)) if setting.options.suppresses else shares
        told = tuple(percent(v, setting.language) for v in values)
        rows.append(ProfileRow(item.label, item.categories[at], item.theme, tuple(types), values,
                               told, item.weight))  # fmt: skip
    return rows


def _is_clear(setting: Setting, types: Sequence[str], item: AnswerItem) -> bool:
    """Whether no answer of any type comes down to a few organisations; else none is shown."""
    membership = setting.inputs.membership
    if membership is None or not all(setting.shows(("type", t)) for t in types):
        return False
    sectors = [s for s in membership.sectors if set(types) <= set(membership.sector(s).types)]
    if not all(setting.sector_shows_types(s) for s in sectors):
        return False
    for t in types:
        edge = _edge(setting, setting.counts.counts.get(("type", t), 0))
        shares = item.types.get(t, [])
        if not shares or not all(edge <= v <= 1 - edge for v in shares):
            return False
    return True


def _coarse(share: float) -> float:
    """Round to five points."""
    return round(share * 20) / 20


def _mean(shares: Sequence[float], places: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(np.array(shares) @ places) if len(shares) else float("nan")


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
