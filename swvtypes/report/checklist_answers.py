"""What a run says of each field of the reporting checklist."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from swvtypes._version import __version__
from swvtypes.language import Label
from swvtypes.typology import Typology
from swvtypes.typology.theme_step import ThemeTyping

from .markup import number, percent
from .option_words import option_value
from .setting import MARK, Setting

_MOST = 8


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
            shown = str(setting.counts.counts[key]) if setting.shows(key) else MARK
            parts.append(f"{sector}: {shown} {say('van', 'of')} {size}")
    weights = say("zonder gewichten", "without weights")
    if wave.survey_weight is not None:
        weights = say("met enquêtegewichten", "with survey weights")
    return f"{wave.name} ({wave.year}); {', '.join(parts)}; {weights}."


def _power(setting: Setting) -> str:
    found = [
        e.comparison.detectability.text(setting.language)
        for e in setting.inputs.earlier
        if e.comparison is not None and e.comparison.detectability is not None
    ]
    return "" if setting.options.suppresses else " ".join(found)


def _missing(setting: Setting) -> str:
    wave = setting.inputs.wave
    if wave is None:
        return ""
    rate = float(np.mean(wave.frame.drop(columns="sector").isna().to_numpy()))
    blank = (wave.reasons == "blank").mean()
    told = percent(rate, setting.language)
    text = setting.say(
        f"{told} van de antwoorden ontbreekt, oversla en niet gevraagd inbegrepen. ",
        f"{told} of the answers are missing, routed past and not asked included. ",
    )
    if not setting.options.suppresses:
        low, high = (percent(float(v), setting.language) for v in (blank.min(), blank.max()))
        text += setting.say(
            f"Niet ingevuld per vraag: van {low} tot {high}. ",
            f"Not answered by item: from {low} to {high}. ",
        )
    return text + setting.say(
        "Volledige-informatie-aannemelijkheid (willekeurig ontbrekend gegeven de antwoorden); geen "
        "rij viel weg.",
        "Full-information likelihood (missing at random given the answers); no row was dropped.",
    )


def _software(setting: Setting) -> str:
    typology = setting.inputs.typology
    seed = "" if typology is None else f", seed {typology.seed_}"
    return f"swvtypes {__version__}; EM{seed}."


def _external(setting: Setting) -> str:
    found = [v.title.text(setting.language) for v in setting.inputs.validation]
    if not found:
        return ""
    shown = "; ".join(found[:_MOST]) + ("; …" if len(found) > _MOST else "")
    return shown + setting.say(
        ". Meervoudig toetsen naar Holm en Benjamini-Hochberg; typen met hun classificatiefout "
        "(BCH).",
        ". Multiplicity by Holm and Benjamini-Hochberg; types with their classification error "
        "(BCH).",
    )


def _waves(setting: Setting) -> str:
    told = []
    for earlier in setting.inputs.earlier:
        if earlier.comparison is None:
            continue
        pairs = earlier.comparison.alignment.partner.items()
        line = f"{earlier.membership.wave}: " + ", ".join(f"{a} → {b}" for a, b in pairs)
        if not setting.options.suppresses:
            gone = len(earlier.comparison.pairs.only_before)
            line += setting.say(f" ({gone} niet meer typeerbaar)", f" ({gone} no longer typed)")
        told.append(line)
    return "; ".join(told)


def _sensitivity(setting: Setting) -> str:
    return ", ".join(map(str, [*setting.inputs.stability, *setting.inputs.multiverse]))


def _materials(setting: Setting) -> str:
    if not setting.inputs.synthetic:
        return ""
    return setting.say("De rijen zijn synthetisch.", "The rows are synthetic.")


def _indicators(setting: Setting, typology: Typology) -> str:
    items = {i.name: i for _, _, typing in _typings(typology) for i in typing.spec.active}
    kinds = ", ".join(sorted({i.kind for i in items.values()}))
    recoded = sum(i.recode != "none" for i in items.values())
    return setting.say(
        f"{len(items)} indicatoren in {len(typology.themes_)} thema's ({kinds}); {recoded} "
        "bewerkt; per vraag in het onderdeel over de methode.",
        f"{len(items)} indicators in {len(typology.themes_)} themes ({kinds}); {recoded} recoded; "
        "by item in the section on the method.",
    )


def _specification(setting: Setting, typology: Typology) -> str:
    route = option_value(typology.options.route).text(setting.language)
    options = typology.options
    types = options.type_prior if options.route == "one_step" else options.prior
    return setting.say(
        f"Per thema een latente klassenanalyse; typen over de thema's volgens {route}; binnen "
        f"klassen lokaal onafhankelijk; prior {options.prior:g}, van de typen {types:g}.",
        f"A latent class analysis of each theme; types over the themes by {route}; locally "
        f"independent within classes; prior {options.prior:g}, of the types {types:g}.",
    )


def _range(setting: Setting, typology: Typology) -> str:
    most, types = typology.options.max_classes, typology.options.max_types
    return setting.say(
        f"Per thema 1 tot {most} klassen, daarboven 1 tot {types} typen.",
        f"1 to {most} classes in a theme, 1 to {types} types over them.",
    )


def _starts(setting: Setting, typology: Typology) -> str:
    n_init = typology.options.n_init
    text = setting.say(f"{n_init} startpunten per model.", f"{n_init} starts of each model.")
    again = _chosen(typology, "times_replicated")
    if len(again):
        low, high = int(again.min()), int(again.max())
        text += setting.say(
            f" De beste oplossing van de gekozen modellen kwam {low} tot {high} keer terug.",
            f" The best solution of the chosen models was found {low} to {high} times.",
        )
    return text


def _criteria(setting: Setting, typology: Typology) -> str:
    return setting.say(
        "Tabellen per thema onder Methode, en over de thema's onder Typen of continuüm.",
        "Tables by theme under Method, and over the themes under Types or continuum.",
    )


def _selection(setting: Setting, typology: Typology) -> str:
    rule = option_value(typology.options.rule).text(setting.language)
    quick = setting.say(" Snelle blik: alleen BIC.", " Quick look: BIC alone.")
    return setting.say(
        f"Regel: {rule}; tegenspraak en verworpen aantallen per thema onder Methode.",
        f"Rule: {rule}; conflicts and rejected numbers by theme under Method.",
    ) + (quick if typology.options.quick else "")


def _profiles(setting: Setting, typology: Typology) -> str:
    if not len(typology.contrasts_):
        return ""
    return setting.say(
        "Verschillen met 95%-intervallen (bootstrap over organisaties) onder Profielen.",
        "Differences with 95% intervals (bootstrap over organisations) under Profiles.",
    )


def _item_tests(setting: Setting, typology: Typology) -> str:
    decide = option_value(typology.options.decide).text(setting.language)
    return setting.say(
        f"Per thema onder Methode; beslissend is {decide}.",
        f"By theme under Method; {decide} decides.",
    )


def _residuals(setting: Setting, typology: Typology) -> str:
    found = _chosen(typology, "largest_residual")
    if not len(found):
        return ""
    low, high = (number(float(v), 1, setting.language) for v in (found.min(), found.max()))
    return setting.say(
        f"Grootste bivariate residu van de gekozen modellen: {low} tot {high} (per thema onder "
        "Methode).",
        f"Largest bivariate residual of the chosen models: {low} to {high} (by theme under "
        "Method).",
    )


def _typings(typology: Typology) -> Iterator[tuple[str, str, ThemeTyping]]:
    """Themes by sector."""
    for name, theme in typology.themes_.items():
        for key, typing in theme.by_sector.items():
            yield name, key, typing


def _chosen(typology: Typology, column: str) -> pd.Series[float]:
    """Give a column of the models that were chosen in each theme; empty where it is unknown."""
    values = []
    for _, _, typing in _typings(typology):
        frame = typing.enumeration
        if column in frame.columns and typing.n_classes in frame.index:
            values.append(float(frame[column].astype(float).loc[typing.n_classes]))
    return pd.Series(values, dtype=float).dropna()


ANSWERS: dict[str, Callable[[Setting], str]] = {
    "question": _question, "sample": _sample, "power": _power, "missing": _missing,
    "software": _software, "external": _external, "waves": _waves, "sensitivity": _sensitivity,
    "materials": _materials,
}  # fmt: skip
OF_TYPOLOGY: dict[str, Callable[[Setting, Typology], str]] = {
    "indicators": _indicators, "specification": _specification, "range": _range,
    "starts": _starts, "criteria": _criteria, "selection": _selection, "profiles": _profiles,
    "item_tests": _item_tests, "residuals": _residuals,
}  # fmt: skip
OF_MEMBERSHIP = {
    "sizes": Label("Tabel in de samenvatting.", "Table in the summary."),
    "classification": Label(
        "Gemiddelde zekerheid per type in de samenvatting, tabel onder Stabiliteit.",
        "Mean certainty by type in the summary, table under Stability.",
    ),
    "names": Label(
        "Namen zijn een afkorting; profielplot onder Profielen.",
        "Names are shorthand; profile plot under Profiles.",
    ),
}
