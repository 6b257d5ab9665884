"""How it was done: every choice with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from swvtypes.language import Label
from swvtypes.typology import Typology
from swvtypes.typology.theme_step import ThemeTyping

from .inputs import Choice
from .manifest_words import manifest_name, manifest_value
from .markup import chance, data, gap, number, paragraph, section, table
from .option_words import COLUMNS, REASONS, how_read, option_name, option_value
from .setting import Setting


def method_section(setting: Setting) -> str:
    """Give every choice and its reason, theme by theme."""
    say, inputs = setting.say, setting.inputs
    parts = [_choices(setting)]
    if inputs.typology is None:
        text = Label("Zonder typologie is er geen methode van typen te verantwoorden.",
                     "Without a typology there is no method of types to account for.")  # fmt: skip
        parts.append(gap(text, setting.language))
    else:
        parts += [_theme(setting, inputs.typology, n) for n in inputs.typology.themes_]
    parts.append(_privacy(setting))
    parts.append(_comparable(setting))
    parts.append(_manifest(setting, inputs.manifest))
    parts.append(setting.left_out("method"))
    return section("method", say("Hoe het is gedaan", "How it was done"), "".join(parts))


def typology_choices(typology: Typology) -> list[Choice]:
    """Give the options of a typology as choices with their reasons."""
    return [
        Choice(option_name(key), option_value(value), REASONS.get(key, Label("", "")))
        for key, value in typology.options.as_dict().items()
    ]


def _choices(setting: Setting) -> str:
    say, inputs = setting.say, setting.inputs
    stated = [] if inputs.typology is None else typology_choices(inputs.typology)
    language = setting.language
    missing = say("geen reden opgegeven", "no reason given")
    rows = [
        [
            data(choice.what.text(language)), data(choice.chosen.text(language)),
            data(choice.reason.text(language)) if choice.reason.text(language)
            else f'<strong class="gap">{missing}</strong>',
        ]
        for choice in (*inputs.choices, *stated)
    ]  # fmt: skip
    if not rows:
        return ""
    heads = [say("Keuze", "Choice"), say("Gekozen", "Chosen"), say("Reden", "Reason")]
    return table(say("Keuzes en hun reden", "Choices and their reasons"), heads, rows, "words")


def _theme(setting: Setting, typology: Typology, name: str) -> str:
    blocks = []
    for key, typing in typology.themes_[name].by_sector.items():
        blocks.append(_typing(setting, typology, key, typing))
    label = data(typology.label(name, setting.language))
    return f"<details><summary>{setting.say('Thema', 'Theme')} {label}</summary>{''.join(blocks)}</details>"  # fmt: skip  # noqa: E501


def _typing(setting: Setting, typology: Typology, key: str, typing: ThemeTyping) -> str:
    say, language = setting.say, setting.language
    name = say("alle sectoren", "all sectors") if key == "all" else key
    parts = [f"<h3>{data(name)}</h3>"]
    if not setting.options.suppresses:
        parts += [paragraph(reason.text(language)) for reason in typing.reasons]
    reasons = {item.name: item for item in typing.spec.items}
    rows = []
    for row in typing.selection.to_dict("records"):
        item = str(row["indicator"])
        known = reasons.get(item)
        why = "" if known is None else known.reason.text(language)
        rows.append([
            data(typology.label(item, language)),
            data("" if known is None else how_read(known.kind, known.recode).text(language)),
            data(why),
            number(_float(row.get("wald")), 1, language),
            chance(_float(row.get("p_adjusted")), language),
            number(_float(row.get("r2")), 2, language),
            say("ja", "yes") if bool(row.get("selected")) else say("nee", "no"),
        ])  # fmt: skip
    if rows:
        heads = [say("Vraag", "Item"), say("Soort, bewerking", "Kind, recoding"),
                 say("Reden", "Reason"), "Wald", say("p, aangepast", "p, adjusted"), "R²",
                 say("onderscheidt", "tells apart")]  # fmt: skip
        parts.append(table(f"{say('Vragen', 'Items')}: {name}", heads, rows, "words"))
    parts.append(_enumeration(setting, typing.enumeration, name))
    left = "".join(
        f"<li>{data(typology.label(o.name, language))}: {data(o.reason.text(language))}</li>"
        for o in typing.spec.left_out
    )
    if left:
        parts.append(f"<p>{say('Buiten beschouwing', 'Left out')}:</p><ul>{left}</ul>")
    return "".join(parts)


def _enumeration(setting: Setting, frame: pd.DataFrame, name: str) -> str:
    """Lay the models of a theme side by side."""
    wanted = [c for c in COLUMNS if c in frame.columns]
    if setting.options.suppresses:
        wanted = [c for c in wanted if not c.startswith("smallest_class")]
    if not wanted:
        return ""
    rows = [
        [str(k), *(number(_float(row[c]), COLUMNS[c][0], setting.language) for c in wanted)]
        for k, row in frame.iterrows()
    ]
    heads = [setting.say("Klassen", "Classes"), *(COLUMNS[c][1].text(setting.language) for c in wanted)]  # fmt: skip  # noqa: E501
    caption = f"{setting.say('Modellen naast elkaar', 'Models side by side')}: {name}"
    return table(caption, heads, rows, "numbers models")


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def _privacy(setting: Setting) -> str:
    k = setting.options.smallest_cell
    text = {
        "named": setting.say(
            "Organisaties staan onder hun eigen naam; aantallen zijn niet afgeschermd, want wie de "
            "rijen heeft kan tellen.",
            "Organisations stand under their own names; counts are not suppressed, for whoever has "
            "the rows can count.",
        ),
        "pseudonyms": setting.say(
            "Organisaties staan onder schuilnamen in willekeurige volgorde; aantallen zijn niet "
            "afgeschermd.",
            "Organisations stand under pseudonyms in random order; counts are not suppressed.",
        ),
        "none": setting.say(
            f"Er staan geen organisaties in. Aantallen van 1 tot {k - 1} zijn afgeschermd, en "
            f"zoveel andere dat elk daarvan voor een lezer nog minstens {k} waarden kan hebben; "
            "dat is met geheeltallige optimalisatie nagegaan over alle tabellen van typen, "
            "overgangen en plekken samen. Tabellen van de vragenlijst met een klein aantal zijn "
            "geheel weggelaten, net als gemiddelden en maten waaruit een aantal zou volgen.",
            f"No organisation is in it. Counts from 1 to {k - 1} are suppressed, and as many "
            f"others as it takes that each of those can still be any of at least {k} values to a "
            "reader; this was verified by integer optimisation over all tables of types, "
            "transitions and places together. Tables of the questionnaire with a small count were "
            "left out whole, as were means and measures from which a count would follow.",
        ),
    }[setting.options.organisations]
    return f"<h3>{setting.say('Privacy', 'Privacy')}</h3>" + paragraph(text)


def _comparable(setting: Setting) -> str:
    text = setting.say(
        "Vergelijkbaar is wie in dezelfde sector het dichtst bij staat: het gemiddelde van het "
        "verschil in kansen op de typen (half de som van de absolute verschillen) en het verschil "
        "in omstandigheden (gemiddeld verschil in rang op de registercijfers, 0 tot 1). Gewichten "
        "zijn niet gebruikt.",
        "Comparable is who stands nearest in the same sector: the mean of the difference in "
        "probabilities of the types (half the sum of absolute differences) and the difference in "
        "circumstances (mean difference in rank on the register figures, 0 to 1). No weights are "
        "used.",
    )
    head = setting.say("Vergelijkbare organisaties", "Comparable organisations")
    return f"<h3>{head}</h3>" + paragraph(text)


def _manifest(setting: Setting, manifest: Mapping[str, Any]) -> str:
    head = f"<h3>{setting.say('De run', 'The run')}</h3>"
    if not manifest:
        text = Label("Er is geen manifest van een run: versies, seeds en bestanden staan er niet.",
                     "There is no manifest of a run: versions, seeds and files are not stated.")  # fmt: skip  # noqa: E501
        return head + gap(text, setting.language)
    rows = [
        [data(manifest_name(str(key), setting.language)),
         data(manifest_value(value, setting.language))]
        for key, value in manifest.items()
    ]  # fmt: skip
    caption = setting.say("Manifest", "Manifest")
    return head + table(caption, [setting.say("Naam", "Name"), setting.say("Waarde", "Value")],
                        rows, "words")  # fmt: skip
