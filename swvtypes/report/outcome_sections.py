"""What came out: in plain words, whether types exist, how many there are, how far they hold."""

from __future__ import annotations

from html import escape

import pandas as pd

from swvtypes.language import Label

from .counting import sector_types
from .markup import data, gap, number, paragraph, percent, section, table
from .setting import UNTYPED, Setting

NO_JUDGEMENT = Label(
    "Een type is geen oordeel over kwaliteit. De onderzoeken vonden geen type beter dan een ander; "
    "een type zegt hoe een organisatie het doet, niet hoe goed.",
    "A type is no judgement of quality. The studies found no type superior to another; a type says "
    "how an organisation goes about things, not how well.",
)


def summary_section(setting: Setting) -> str:
    """Give the findings in plain words."""
    say, inputs = setting.say, setting.inputs
    parts = []
    if any(inputs.question):
        parts.append(paragraph(inputs.question.text(setting.language), "question"))
    parts.append(paragraph(NO_JUDGEMENT.text(setting.language), "judgement"))
    parts += [f"<ul>{''.join(f'<li>{point}</li>' for point in _points(setting))}</ul>"]
    parts.append(_type_table(setting))
    parts.append(setting.suppressed_note)
    parts.append(_rows_note(setting))
    return section("summary", say("Samenvatting", "Summary"), "".join(parts))


def _points(setting: Setting) -> list[str]:
    say, inputs = setting.say, setting.inputs
    membership = inputs.membership
    if membership is None:
        return [escape(say("Er zijn geen typen bepaald.", "No types were determined."))]
    points = []
    for sector in membership.sectors:
        types = sector_types(membership, sector)
        names = ", ".join(setting.type_markup(t) for t in types)
        if len(types) == 1:
            one = say("één type, dus geen indeling", "one type, hence no division")
            points.append(f"{data(sector)}: {one} ({names}).")
        else:
            points.append(f"{data(sector)}: {len(types)} {say('typen', 'types')} ({names}).")
    if ("borderline",) not in setting.hidden:
        flags = membership.borderline(setting.options.borderline).dropna()
        level = percent(setting.options.borderline, setting.language)
        share = percent(float(flags.mean()) if len(flags) else float("nan"), setting.language)
        if not setting.options.suppresses:
            points.append(say(
                f"{share} van de organisaties is een grensgeval: de kans op het waarschijnlijkste "
                f"type is onder {level}.",
                f"{share} of the organisations are borderline: the probability of the most "
                f"probable type is below {level}.",
            ))  # fmt: skip
    for earlier in inputs.earlier:
        if earlier.comparison is not None and not setting.options.suppresses:
            moved, n = earlier.comparison.moved, earlier.comparison.pairs.n
            points.append(say(
                f"{int(moved.sum())} van {n} organisaties hebben een ander type dan in "
                f"{earlier.membership.year}; een deel daarvan is toeval van de indeling.",
                f"{int(moved.sum())} of {n} organisations have another type than in "
                f"{earlier.membership.year}; part of that is chance of the classification.",
            ))  # fmt: skip
    return points


def _type_table(setting: Setting) -> str:
    membership = setting.inputs.membership
    if membership is None:
        return ""
    say, rows = setting.say, []
    for sector in membership.sectors:
        part = membership.sector(sector)
        for t in part.types:
            key = ("type", sector, t)
            sure = part.certainty[(part.modal == t).fillna(False)]
            shown = setting.shows(key)
            share = percent(float(part.shares[t]), setting.language) if shown else "…"
            certain = number(float(sure.mean()), 2, setting.language) if shown and len(sure) else "…"  # fmt: skip  # noqa: E501
            rows.append([setting.type_markup(t), data(sector), setting.count(key), share, certain])
        rows.append([
            escape(UNTYPED.text(setting.language)), data(sector),
            setting.count(("untyped", sector)), "", "",
        ])  # fmt: skip
        rows.append([say("samen", "together"), data(sector), setting.count(("sector", sector)), "", ""])  # fmt: skip  # noqa: E501
    heads = [
        say("Type", "Type"), say("Sector", "Sector"), say("Organisaties", "Organisations"),
        say("Aandeel (naar kans)", "Share (by probability)"),
        say("Gemiddelde zekerheid", "Mean certainty"),
    ]  # fmt: skip
    caption = say("Typen en aantallen organisaties", "Types and numbers of organisations")
    return table(caption, heads, rows, "numbers")


def _rows_note(setting: Setting) -> str:
    say, kind = setting.say, setting.options.organisations
    if kind == "none":
        return ""
    if kind == "pseudonyms":
        text = say(
            "Organisaties staan hier onder een schuilnaam, met hun antwoorden. Wie die antwoorden "
            "kent, herkent de organisatie: verspreid dit bestand niet als openbaar.",
            "Organisations stand here under pseudonyms, with their answers. Who knows those "
            "answers knows the organisation: do not publish this file.",
        )
    else:
        text = say(
            "Dit bestand noemt organisaties bij naam, met hun antwoorden. Er is niets afgeschermd; "
            "het is niet bedoeld om te publiceren.",
            "This file names organisations, with their answers. Nothing in it is suppressed; it is "
            "not meant for publication.",
        )
    return paragraph(text, "note")


def existence_section(setting: Setting) -> str:
    """Say whether there are types, or a continuum, or nothing of the kind."""
    say, typology = setting.say, setting.inputs.typology
    title = say("Typen of een continuüm?", "Types or a continuum?")
    if typology is None:
        text = Label("Er is geen typologie; hierover is niets te zeggen.",
                     "There is no typology; nothing can be said of it.")  # fmt: skip
        return section("existence", title, gap(text, setting.language))
    parts = [_origin(setting)]
    for key, found in typology.superclusters_.items():
        parts.append(f"<h3>{_sector_title(setting, key)}</h3>")
        parts += [paragraph(reason.text(setting.language)) for reason in found.reasons]
        if found.verdict.get("verdict") in (None, "not tested"):
            text = Label(
                "Typen tegen een continuüm is niet getoetst; lees typen hier als een samenvatting, "
                "niet als soorten.",
                "Types against a continuum was not tested; read types here as a summary, not as "
                "kinds.",
            )
            parts.append(gap(text, setting.language))
        parts.append(_existence_table(setting, key))
        parts.append(_theme_verdicts(setting, key))
    return section("existence", title, "".join(parts))


def _origin(setting: Setting) -> str:
    typology, wave = setting.inputs.typology, setting.inputs.wave
    name = str(getattr(typology, "_wave", {}).get("name") or "")
    if wave is None or not name or name == wave.name:
        return ""
    return paragraph(setting.say(
        f"De typologie is gevonden in de golf {name}; de organisaties van {wave.name} zijn ermee "
        "ingedeeld.",
        f"The typology was found in the wave {name}; the organisations of {wave.name} were "
        "classified by it.",
    ))  # fmt: skip


def _sector_title(setting: Setting, key: str) -> str:
    if key == "all":
        return escape(setting.say("Alle sectoren samen", "All sectors together"))
    return f"{setting.say('Sector', 'Sector')} {data(key)}"


def _existence_table(setting: Setting, key: str) -> str:
    typology = setting.inputs.typology
    if typology is None or not len(typology.superclusters_[key].existence):
        return ""
    frame, language = typology.superclusters_[key].existence, setting.language
    rows = [
        [
            str(n), number(row["log_likelihood"], 1, language), f"{int(row['n_parameters'])}",
            number(row["bic"], 1, language), number(row["statistic"], 1, language),
            number(row["p_value"], 3, language),
            str(int(row["n_boot"])) if row["n_boot"] else "\N{EN DASH}",
        ]
        for n, row in frame.iterrows()
    ]  # fmt: skip
    say = setting.say
    heads = [
        say("Typen", "Types"), say("Log-likelihood", "Log-likelihood"),
        say("Parameters", "Parameters"), "BIC",
        say("Toets tegen één meer", "Test against one more"), "p",
        say("Herhalingen", "Replicates"),
    ]  # fmt: skip
    caption = say("Hoeveel typen over de thema's", "How many types over the themes")
    name = say("alle sectoren", "all sectors") if key == "all" else key
    return table(f"{caption}: {name}", heads, rows, "numbers")


def _theme_verdicts(setting: Setting, key: str) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    lines = []
    for name, theme in typology.themes_.items():
        typing = theme.by_sector.get(key)
        if typing is None:
            continue
        told = typing.verdict.get(setting.language, "")
        label = data(typology.label(name, setting.language))
        classes = setting.say(
            "1 klasse" if typing.n_classes == 1 else f"{typing.n_classes} klassen",
            "1 class" if typing.n_classes == 1 else f"{typing.n_classes} classes",
        )
        lines.append(f"<li>{label}: {classes}. {escape(str(told))}</li>")
    head = setting.say("De thema's", "The themes")
    return f"<details><summary>{head}</summary><ul>{''.join(lines)}</ul></details>"


def stability_section(setting: Setting) -> str:
    """Say which types come back when organisations are drawn anew or other choices are made."""
    say, inputs = setting.say, setting.inputs
    title = say("Houden de typen stand?", "Do the types hold?")
    parts = []
    for name, stability in inputs.stability.items():
        parts.append(f"<h3>{data(name)}</h3>")
        frame = stability.classes
        if setting.options.suppresses:
            frame = frame[frame["size"] >= setting.options.smallest_cell]
        else:
            parts += [paragraph(line) for line in stability.text(setting.language).split("\n")]
        parts.append(_stability_table(setting, frame))
    for name, multiverse in inputs.multiverse.items():
        parts.append(f"<h3>{data(name)}</h3>")
        if not setting.options.suppresses:
            parts += [paragraph(line) for line in multiverse.text(setting.language).split("\n")]
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
