"""The findings in plain words."""

from __future__ import annotations

from html import escape

from swvtypes.language import Label
from swvtypes.steering.scopes import POOLED

from .counting import sector_types
from .markup import data, number, paragraph, percent, section, table
from .setting import MARK, UNTYPED, Setting

NO_JUDGEMENT = Label(
    "Een type is geen oordeel over kwaliteit. De onderzoeken vonden geen type beter dan een ander; "
    "een type zegt hoe een organisatie het doet, niet hoe goed.",
    "A type is no judgement of quality. The studies found no type superior to another; a type says "
    "how an organisation goes about things, not how well.",
)


_NOT_TESTED = Label(
    "of de typen soorten zijn of plekken op een continuüm is niet getoetst",
    "whether the types are kinds or places on a continuum was not tested",
)
_KINDS = {
    "types": Label("de typen zijn soorten, geen plekken op een continuüm",
                   "the types are kinds, not places on a continuum"),
    "continuum": Label("lees de typen als stukken van een continuüm, niet als soorten",
                       "read the types as stretches of a continuum, not as kinds"),
    "undecided": Label("of het soorten zijn of stukken van een continuüm, is niet te zeggen",
                       "whether they are kinds or stretches of a continuum cannot be told"),
    "neither": Label("soorten noch een continuüm verklaren alles",
                     "neither kinds nor a continuum explain everything"),
}  # fmt: skip


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
    parts += [paragraph(r.text(setting.language), "note") for r in inputs.remarks]
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
    points += _existence(setting)
    if not setting.options.suppresses:
        points += [*_borderline(setting), *_moves(setting), *_places(setting)]
    return points


def _existence(setting: Setting) -> list[str]:
    """Say in one sentence a sector whether its types are kinds or places on a continuum."""
    typology, out = setting.inputs.typology, []
    if typology is None:
        return []
    for key, found in typology.superclusters_.items():
        if found.model.n_types == 1:
            continue
        told = _KINDS.get(str(found.verdict.get("verdict")), _NOT_TESTED).text(setting.language)
        name = setting.say("alle sectoren", "all sectors") if key == "all" else key
        out.append(f"{data(name)}: {escape(told)}.")
    return out


def _borderline(setting: Setting) -> list[str]:
    membership = setting.inputs.membership
    if membership is None or all(len(block.types) == 1 for block in membership.blocks):
        return []
    flags = membership.borderline(setting.options.borderline).dropna()
    level = percent(setting.options.borderline, setting.language)
    share = percent(float(flags.mean()) if len(flags) else float("nan"), setting.language)
    return [setting.say(
        f"{share} van de organisaties is een grensgeval: de kans op het waarschijnlijkste type is "
        f"onder {level}.",
        f"{share} of the organisations are borderline: the probability of the most probable type "
        f"is below {level}.",
    )]  # fmt: skip


def _moves(setting: Setting) -> list[str]:
    out = []
    for earlier in setting.inputs.earlier:
        if earlier.comparison is None:
            continue
        moved, n = int(earlier.comparison.moved.sum()), earlier.comparison.pairs.n
        when = data(earlier.membership.year or earlier.membership.wave)
        out.append(setting.say(
            f"{moved} van {n} organisaties hebben een ander type dan in {when}; een deel is "
            "toeval van de indeling.",
            f"{moved} of {n} organisations have another type than in {when}; part of that is "
            "chance of the classification.",
        ))  # fmt: skip
    return out


def _places(setting: Setting) -> list[str]:
    """Say where organisations stand on the continuum, on average."""
    summary, language = setting.inputs.steering, setting.language
    if summary is None:
        return []
    known = summary.centre[summary.centre["sector"] != POOLED]
    means = ", ".join(
        f"{data(row['sector'])} {number(float(row['mean']), 1, language)}"
        for row in known.to_dict("records")
    )
    first, last = min(summary.positions), max(summary.positions)
    return [setting.say(
        f"Plek op het continuüm van {first} tot {last}, gemiddeld: {means}.",
        f"Place on the continuum from {first} to {last}, on average: {means}.",
    )]  # fmt: skip


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
            shown = not setting.options.suppresses or setting.sector_shows_types(sector)
            share = percent(float(part.shares[t]), setting.language) if shown else MARK
            certain = number(float(sure.mean()), 2, setting.language) if shown else MARK
            rows.append([setting.type_markup(t), data(sector), setting.count(key), share, certain])
        if setting.options.suppresses or setting.counts.counts["untyped", sector]:
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
    return table(caption, heads, rows, "numbers sizes")


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
