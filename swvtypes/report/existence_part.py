"""Whether there are types, or a continuum, or nothing of the kind."""

from __future__ import annotations

from html import escape

from swvtypes.language import Label
from swvtypes.typology.existence_text import NOT_TESTED

from .markup import chance, data, gap, number, paragraph, section, table
from .setting import Setting


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
        told = [reason for reason in found.reasons if reason != NOT_TESTED]
        parts += [paragraph(reason.text(setting.language)) for reason in told]
        if found.model.n_types > 1 and found.verdict.get("verdict") in (None, "not tested"):
            parts.append(gap(NOT_TESTED, setting.language))
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
            chance(float(row["p_value"]), language),
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
        told = "" if setting.options.suppresses else typing.verdict.get(setting.language, "")
        label = data(typology.label(name, setting.language))
        classes = setting.say(
            "1 klasse" if typing.n_classes == 1 else f"{typing.n_classes} klassen",
            "1 class" if typing.n_classes == 1 else f"{typing.n_classes} classes",
        )
        lines.append(f"<li>{label}: {classes}. {escape(str(told))}</li>")
    head = setting.say("De thema's", "The themes")
    return f"<details><summary>{head}</summary><ul>{''.join(lines)}</ul></details>"
