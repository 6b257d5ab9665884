"""The reporting checklist, filled in from what the run has; gaps are flagged."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import numpy as np

from swvtypes._version import __version__
from swvtypes.language import Label

from .checklist_fields import FIELDS
from .markup import data, percent, section, table
from .setting import Setting


def checklist_section(setting: Setting) -> str:
    """Fill the checklist in."""
    say = setting.say
    filled = fill_checklist(setting)
    missing = say("ontbreekt", "missing")
    rows = []
    for at, (key, label) in enumerate(FIELDS.items(), start=1):
        text = filled[key]
        lacks = _lacks(setting, key) if text else ""
        if not text:
            state = f'<strong class="gap">{missing}</strong>'
        elif lacks:
            state = f'<strong class="gap">{say("deels", "in part")}</strong>'
            text = f"{text} {say('Ontbreekt', 'Missing')}: {lacks}"
        else:
            state = f'<span class="done">{say("ingevuld", "filled in")}</span>'
        rows.append([f"{at}. {escape(label.text(setting.language))}", state, data(text)])
    gaps = sum(not text for text in filled.values())
    partly = sum(bool(text and _lacks(setting, key)) for key, text in filled.items())
    told = say(
        f"Van de {len(FIELDS)} velden zijn er {len(FIELDS) - gaps - partly} uit de run ingevuld, "
        f"{partly} deels; {gaps} ontbreken.",
        f"Of the {len(FIELDS)} fields {len(FIELDS) - gaps - partly} were filled in from the run, "
        f"{partly} in part; {gaps} are missing.",
    )
    heads = [say("Veld", "Field"), say("Stand", "State"), say("Wat de run zegt", "What the run says")]  # fmt: skip  # noqa: E501
    title = say("Checklist voor verslaglegging", "Reporting checklist")
    return section("checklist", title, f"<p>{escape(told)}</p>" + table(title, heads, rows, "words"))  # fmt: skip  # noqa: E501


def fill_checklist(setting: Setting) -> dict[str, str]:
    """Give what the run says of each field; an empty text is a gap.

    What a user states himself stands first.
    """
    out = {}
    for key in FIELDS:
        own = setting.inputs.statements.get(key, Label("", "")).text(setting.language)
        known = _FILLERS[key](setting) if key in _FILLERS else ""
        out[key] = " ".join(part for part in (own, known) if part)
    return out


_PARTLY = {
    "question": Label("of vooraf is vastgelegd wat verkennend en wat toetsend is.",
                      "whether what is exploratory and what confirmatory was preregistered."),
    "power": Label("vermogen om typen te vinden.", "power to find types."),
    "indicators": Label("letterlijke tekst van de vragen.", "literal wording of the items."),
    "missing": Label("toets op het mechanisme.", "a test of the mechanism."),
    "specification": Label("nagaan van lokale afhankelijkheid.", "a check of local dependence."),
    "starts": Label("iteraties en hoe vaak de beste oplossing terugkwam.",
                    "iterations, and times the best solution was found again."),
    "profiles": Label("lijst van kansen op de rand.", "a list of boundary estimates."),
    "names": Label("profielen bij andere aantallen klassen.",
                   "profiles of other numbers of classes."),
    "sensitivity": Label("andere priors en seeds.", "other priors and seeds."),
}  # fmt: skip


def _lacks(setting: Setting, key: str) -> str:
    """Say what of a field the run does not say; nothing where a user states it himself."""
    if key not in _PARTLY or any(setting.inputs.statements.get(key, Label("", ""))):
        return ""
    return _PARTLY[key].text(setting.language)


def _question(setting: Setting) -> str:
    return setting.inputs.question.text(setting.language)


def _sample(setting: Setting) -> str:
    wave = setting.inputs.wave
    if wave is None:
        return ""
    say, parts = setting.say, []
    for sector, size in wave.population.items():
        key = ("sector", sector)
        if key in setting.counts.counts:
            shown = str(setting.counts.counts[key]) if setting.shows(key) else "…"
            parts.append(f"{sector}: {shown} {say('van', 'of')} {size}")
    weighted = wave.survey_weight is not None
    weights = say("met enquêtegewichten", "with survey weights") if weighted else say(
        "zonder gewichten", "without weights")  # fmt: skip
    return f"{wave.name} ({wave.year}); {', '.join(parts)}; {weights}."


def _power(setting: Setting) -> str:
    found = [
        e.comparison.detectability.text(setting.language)
        for e in setting.inputs.earlier
        if e.comparison is not None and e.comparison.detectability is not None
    ]
    return "" if setting.options.suppresses else " ".join(found)


def _indicators(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    items = {i.name: i for t in typology.themes_.values() for b in t.by_sector.values()
             for i in b.spec.active}  # fmt: skip
    kinds = sorted({i.kind for i in items.values()})
    recoded = sum(i.recode != "none" for i in items.values())
    return setting.say(
        f"{len(items)} indicatoren in {len(typology.themes_)} thema's ({', '.join(kinds)}); "
        f"{recoded} bewerkt; per vraag in het onderdeel over de methode.",
        f"{len(items)} indicators in {len(typology.themes_)} themes ({', '.join(kinds)}); "
        f"{recoded} recoded; by item in the section on the method.",
    )


def _missing(setting: Setting) -> str:
    wave = setting.inputs.wave
    if wave is None:
        return ""
    frame = wave.frame.drop(columns="sector")
    reasons = wave.reasons
    blank = (reasons == "blank").mean()
    rate = float(np.mean(frame.isna().to_numpy()))
    told = percent(rate, setting.language)
    text = setting.say(
        f"{told} van de antwoorden ontbreekt, oversla en niet gevraagd inbegrepen. ",
        f"{told} of the answers are missing, routed past and not asked included. ",
    )
    if not setting.options.suppresses:
        text += setting.say(
            f"Niet ingevuld per vraag: van {percent(float(blank.min()), 'nl')} tot "
            f"{percent(float(blank.max()), 'nl')}. ",
            f"Not answered by item: from {percent(float(blank.min()), 'en')} to "
            f"{percent(float(blank.max()), 'en')}. ",
        )
    return text + setting.say(
        "Volledige-informatie-aannemelijkheid (willekeurig ontbrekend gegeven de antwoorden); geen "
        "rij viel weg.",
        "Full-information likelihood (missing at random given the answers); no row was dropped.",
    )


def _specification(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    return setting.say(
        f"Per thema een latente klassenanalyse; typen over de thema's volgens "
        f"{typology.options.route}; binnen klassen lokaal onafhankelijk; prior "
        f"{typology.options.prior:g}.",
        f"A latent class analysis of each theme; types over the themes by "
        f"{typology.options.route}; locally independent within classes; prior "
        f"{typology.options.prior:g}.",
    )


def _range(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    o = typology.options
    return setting.say(
        f"Per thema 1 tot {o.max_classes} klassen, daarboven 1 tot {o.max_types} typen.",
        f"1 to {o.max_classes} classes in a theme, 1 to {o.max_types} types over them.",
    )


def _software(setting: Setting) -> str:
    typology = setting.inputs.typology
    seed = "" if typology is None else f", seed {typology.seed_}"
    return f"swvtypes {__version__}; EM{seed}."


def _starts(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    return setting.say(
        f"{typology.options.n_init} startpunten per model.",
        f"{typology.options.n_init} starts of each model.",
    )


def _criteria(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    return setting.say(
        "Tabellen per thema onder Methode, en over de thema's onder Typen of continuüm.",
        "Tables by theme under Method, and over the themes under Types or continuum.",
    )


def _selection(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    quick = setting.say(" Snelle blik: alleen BIC.", " Quick look: BIC alone.")
    return f"{typology.options.rule}." + (quick if typology.options.quick else "")


def _sizes(setting: Setting) -> str:
    if setting.inputs.membership is None:
        return ""
    return setting.say("Tabel in de samenvatting.", "Table in the summary.")


def _profiles(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None or not len(typology.contrasts_):
        return ""
    return setting.say(
        "Verschillen met 95%-intervallen (bootstrap over organisaties) onder Profielen.",
        "Differences with 95% intervals (bootstrap over organisations) under Profiles.",
    )


def _item_tests(setting: Setting) -> str:
    typology = setting.inputs.typology
    if typology is None:
        return ""
    return setting.say(
        f"Per thema onder Methode; beslissend is {typology.options.decide}.",
        f"By theme under Method; {typology.options.decide} decides.",
    )


def _classification(setting: Setting) -> str:
    if setting.inputs.membership is None:
        return ""
    return setting.say(
        "Gemiddelde zekerheid per type in de samenvatting, tabel onder Stabiliteit.",
        "Mean certainty by type in the summary, table under Stability.",
    )


def _names(setting: Setting) -> str:
    if setting.inputs.membership is None:
        return ""
    return setting.say(
        "Namen zijn een afkorting; profielplot onder Profielen.",
        "Names are shorthand; profile plot under Profiles.",
    )


def _external(setting: Setting) -> str:
    found = setting.inputs.validation
    return "; ".join(v.title.text(setting.language) for v in found)


def _waves(setting: Setting) -> str:
    told = [
        f"{e.membership.wave}: "
        + ", ".join(f"{a} → {b}" for a, b in e.comparison.alignment.partner.items())
        if e.comparison is not None else ""
        for e in setting.inputs.earlier
    ]  # fmt: skip
    return "; ".join(t for t in told if t)


def _sensitivity(setting: Setting) -> str:
    names = [*setting.inputs.stability, *setting.inputs.multiverse]
    return ", ".join(map(str, names))


def _materials(setting: Setting) -> str:
    if not setting.inputs.synthetic:
        return ""
    return setting.say(
        "De rijen zijn synthetisch en gaan met het pakket mee.",
        "The rows are synthetic and travel with the package.",
    )


_FILLERS: dict[str, Callable[[Setting], str]] = {
    "question": _question, "sample": _sample, "power": _power, "indicators": _indicators,
    "missing": _missing, "specification": _specification, "range": _range, "software": _software,
    "starts": _starts, "criteria": _criteria, "selection": _selection, "sizes": _sizes,
    "profiles": _profiles, "item_tests": _item_tests, "classification": _classification,
    "names": _names, "external": _external, "waves": _waves, "sensitivity": _sensitivity,
    "materials": _materials,
}  # fmt: skip
