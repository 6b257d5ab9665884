"""What goes with types, the continuum or circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.language import Label
from swvtypes.validation import Validation
from swvtypes.validation.result import FIRST
from swvtypes.validation.wording import ANALYSES, FORMS, NOTES, SCOPES

from .markup import DASH, chance, data, gap, number, paragraph, section, table
from .setting import Setting

LEVEL = 0.05
_MOST, _OPEN = 400, 4


def validation_section(setting: Setting) -> str:
    """Show what goes with types, the continuum or circumstances."""
    say, found = setting.say, setting.inputs.validation
    title = say("Waarmee hangt het samen?", "What goes with it?")
    if not found:
        text = Label(
            "Verbanden met begroting, diensten of omstandigheden zijn niet nagegaan.",
            "Relations with the budget, services or circumstances were not examined.",
        )
        return section("validation", title,
                       gap(text, setting.language) + setting.left_out("validation"))  # fmt: skip
    shared = _shared(found)
    parts = [paragraph(remark.text(setting.language), "note") for remark in shared]
    if setting.options.suppresses:
        parts.append(paragraph(say(
            "De getallen zijn weggelaten: uit een samenhang is een klein aantal terug te rekenen.",
            "The figures were left out: a small count can be worked out from a relation.",
        ), "note"))  # fmt: skip
    parts.append(_overview(setting, found))
    if not setting.options.suppresses:
        parts += [_one(setting, v, shared, len(found) <= _OPEN) for v in found]
    return section("validation", title, "".join(parts) + setting.left_out("validation"))


def _shared(found: Sequence[Validation]) -> tuple[Label, ...]:
    """Remarks that all have, so that they are said once."""
    return tuple(r for r in found[0].remarks if all(r in v.remarks for v in found))


def _overview(setting: Setting, found: Sequence[Validation]) -> str:
    """Say of each relation which outcomes go along after correction for their number."""
    say, rows = setting.say, []
    for one in found:
        first = _first(one.table)
        tested = first[np.isfinite(first["p_holm"].astype(float))]
        holds = tested[tested["p_holm"].astype(float) < LEVEL]
        bent = holds["notes"].str.contains("circular").to_numpy(dtype=bool)
        holds, circular = holds[~bent], int(bent.sum())
        names = ", ".join(data(_outcome(setting, one, r)) for r in holds.to_dict("records"))
        if circular:
            names += ("; " if names else "") + _circular(setting, circular)
        rows.append([data(one.title.text(setting.language)), str(len(tested)), str(len(holds)),
                     names])  # fmt: skip
    heads = [say("Verband", "Relation"), say("toetsen", "tests"),
             say("houden stand", "hold"), say("welke", "which")]  # fmt: skip
    caption = say(
        "Wat standhoudt na correctie voor het aantal toetsen (Holm, 0,05)",
        "What holds after correction for the number of tests (Holm, 0.05)",
    )
    return table(caption, heads, rows, "numbers relations")


def _circular(setting: Setting, count: int) -> str:
    return setting.say(
        f"{count} die de typen mee bepaalden (cirkelredenering)",
        f"{count} that helped to shape the types (circular)",
    )


def _one(setting: Setting, found: Validation, shared: Sequence[Label], is_open: bool) -> str:
    language = setting.language
    parts = [
        paragraph(remark.text(language), "note") for remark in found.remarks if remark not in shared
    ]
    first = _first(found.table)
    parts.append(_table(setting, found, first, setting.say("de toetsen", "the tests")))
    rest = found.table.drop(first.index).head(_MOST)
    if len(rest):
        name = setting.say("per sector en met andere maten", "by sector and with other measures")
        folded = _table(setting, found, rest, name)
        title = setting.say("Per sector en met andere maten", "By sector and with other measures")
        parts.append(f'<details class="long"><summary>{title}</summary>{folded}</details>')
    state = " open" if is_open else ' class="long"'
    title = data(found.title.text(language))
    return f"<details{state}><summary>{title}</summary>{''.join(parts)}</details>"


def _first(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the first test of each outcome: over all rows, or by sector where there is no such."""
    first = frame[frame["analysis"].isin(FIRST)]
    for scope in ("pooled", "adjusted"):
        if (first["scope"] == scope).any():
            return first[first["scope"] == scope]
    return first


def _table(setting: Setting, found: Validation, frame: pd.DataFrame, name: str) -> str:
    say = setting.say
    heads = [
        say("Uitkomst", "Outcome"), say("Rijen", "Rows"), say("Toets", "Test"), "n",
        say("Grootte", "Size"), say("Interval", "Interval"), "p", say("p, Holm", "p, Holm"),
        say("Let op", "Note"),
    ]  # fmt: skip
    rows = [_row(setting, found, row) for row in frame.to_dict("records")]
    caption = f"{found.title.text(setting.language)}: {name}"
    return table(caption, heads, rows, "numbers tests")


def _outcome(setting: Setting, found: Validation, row: dict[Any, Any]) -> str:
    name = str(row["outcome"])
    label = found.labels.get(name, Label(name, name)).text(setting.language)
    form = FORMS.get(str(row["form"]), Label("", "")).text(setting.language)
    return f"{label} ({form})" if form else label


def _row(setting: Setting, found: Validation, row: dict[Any, Any]) -> list[str]:
    language = setting.language

    def value(key: str, decimals: int) -> str:
        return number(float(row[key]), decimals, language)

    to = f"&nbsp;{setting.say('tot', 'to')}&nbsp;"
    scope, analysis = str(row["scope"]), str(row["analysis"])
    bare = np.isnan(float(row["lower"])) or np.isnan(float(row["upper"]))
    notes = [NOTES[k].text(language) for k in str(row["notes"]).split(";") if k in NOTES]
    return [
        data(_outcome(setting, found, row)),
        data(SCOPES.get(scope, Label(scope, scope)).text(language)),
        data(ANALYSES.get(analysis, Label(analysis, analysis)).text(language)),
        value("n", 0), value("estimate", 2),
        DASH if bare else f"{value('lower', 2)}{to}{value('upper', 2)}",
        chance(float(row["p_value"]), language), chance(float(row["p_holm"]), language),
        escape("; ".join(notes)),
    ]  # fmt: skip
