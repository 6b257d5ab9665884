"""Which types come back when organisations are drawn anew or other choices are made."""

from __future__ import annotations

import pandas as pd

from swvtypes.language import Label
from swvtypes.typology.stability import Multiverse
from swvtypes.typology.stability.stability_text import CHOICES, LEVELS

from .markup import data, gap, number, paragraph, section, table
from .setting import Setting


def stability_section(setting: Setting) -> str:
    """Say which types come back when organisations are drawn anew or other choices are made."""
    say, inputs = setting.say, setting.inputs
    title = say("Houden de typen stand?", "Do the types hold?")
    parts = []
    for name, stability in inputs.stability.items():
        again = setting.say("hersteekproeven", "resamples")
        parts.append(f"<h3>{data(name)}: {again}</h3>")
        frame = stability.classes
        if setting.options.suppresses:
            frame = frame[frame["size"] >= setting.options.smallest_cell]
        else:
            parts += [paragraph(line) for line in stability.text(setting.language).split("\n")]
        parts.append(_stability_table(setting, frame))
    for name, multiverse in inputs.multiverse.items():
        other = setting.say("andere keuzes", "other choices")
        parts.append(f"<h3>{data(name)}: {other}</h3>")
        if not setting.options.suppresses:
            parts += [paragraph(line) for line in multiverse.text(setting.language).split("\n")]
            parts.append(_choices(setting, name, multiverse))
    parts += [_classification(setting), _routes(setting)]
    if not inputs.stability:
        text = Label("Stabiliteit onder hersteekproeven is niet nagegaan.",
                     "Stability under resampling was not examined.")  # fmt: skip
        parts.append(gap(text, setting.language))
    if not inputs.multiverse:
        text = Label("Andere keuzes van de onderzoeker zijn niet naast elkaar gelegd.",
                     "Other choices of the analyst were not laid side by side.")  # fmt: skip
        parts.append(gap(text, setting.language))
    return section("stability", title, "".join(parts))


def _stability_table(setting: Setting, frame: pd.DataFrame) -> str:
    say, language = setting.say, setting.language
    rows = [
        [data(k), *(number(float(row[c]), 2, language)
                    for c in ("jaccard", "lower", "upper", "chance", "dissolved", "recovered"))]
        for k, row in frame.iterrows()
    ]  # fmt: skip
    heads = [say("Klasse", "Class"), "Jaccard", say("laagste", "lower"), say("hoogste", "upper"),
             say("bij toeval", "by chance"), say("uiteengevallen", "dissolved"),
             say("teruggevonden", "recovered")]  # fmt: skip
    return table(say("Stabiliteit", "Stability"), heads, rows, "numbers")


def _choices(setting: Setting, name: str, found: Multiverse) -> str:
    """Say which choices of the analyst matter."""
    say, language = setting.say, setting.language
    rows = []
    records = found.choices.to_dict("records")
    levels = found.choices.index.get_level_values(0).value_counts()
    for (choice, level), row in zip(found.choices.index, records, strict=True):
        if levels[choice] == 1:
            continue
        what = CHOICES.get(str(choice), Label(str(choice), str(choice))).text(language)
        measures = (number(float(row[c]), 2, language) for c in ("ari", "jaccard", "agrees"))
        rows.append([data(f"{what}: {_level(setting, level)}"), str(int(row["runs"])), *measures])
    heads = [
        say("Keuze", "Choice"), say("analyses", "analyses"), say("Rand-index", "Rand index"),
        "Jaccard", say("zelfde conclusies", "same conclusions"),
    ]  # fmt: skip
    caption = say("Welke keuzes ertoe doen", "Which choices matter")
    return table(f"{caption}: {name}", heads, rows, "numbers")


def _level(setting: Setting, level: object) -> str:
    """Give a level of a choice in words."""
    text = str(level).strip("'")
    if text in ("None", ""):
        return setting.say("niets", "nothing")
    typology = setting.inputs.typology
    label = text if typology is None else typology.label(text, setting.language)
    known = LEVELS.get(text)
    return label if known is None else known.text(setting.language)


_ROUTES = {
    "one_class_analysis": Label("alle vragen samen", "all items together"),
    "two_step": Label("twee stappen", "two steps"),
    "one_step": Label("één stap", "one step"),
}


def _route(setting: Setting, name: str) -> str:
    return _ROUTES.get(name, Label(name, name)).text(setting.language)


def _classification(setting: Setting) -> str:
    """Lay the type assigned beside the type that is true."""
    membership = setting.inputs.membership
    if membership is None or setting.options.suppresses or membership.is_hard:
        return ""
    say, frame = setting.say, membership.classification_error("modal").assigned_given_true
    rows = [
        [setting.type_markup(str(a)),
         *(number(float(frame.loc[a, b]), 2, setting.language) for b in frame.columns)]
        for a in frame.index
    ]  # fmt: skip
    heads = [say("Werkelijk ↓ toegewezen →", "True ↓ assigned →"),
             *(setting.type_title(str(b)) for b in frame.columns)]  # fmt: skip
    caption = say("Kans om aan een type te worden toegewezen",
                  "Probability of being assigned to a type")  # fmt: skip
    return table(caption, heads, rows, "numbers")


def _routes(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    say, parts = setting.say, []
    for key, found in typology.superclusters_.items():
        if len(found.agreement) < 2:
            continue
        frame = found.agreement
        rows = [
            [
                data(_route(setting, a)),
                *(number(float(frame.loc[a, b]), 2, setting.language) for b in frame.columns),
            ]
            for a in frame.index
        ]
        caption = say(
            "Overeenstemming tussen drie routes naar typen (aangepaste Rand-index)",
            "Agreement between three routes to types (adjusted Rand index)",
        )
        name = say("alle sectoren", "all sectors") if key == "all" else key
        heads = [say("Route", "Route"), *(_route(setting, str(b)) for b in frame.columns)]
        parts.append(table(f"{caption}: {name}", heads, rows, "numbers"))
    return "".join(parts)
