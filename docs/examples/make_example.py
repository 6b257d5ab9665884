"""Make the example reports: the waves of 2014 and 2018, the second beside 2014 and 2016.

    python docs/examples/make_example.py [--keep FOLDER]

Every row is synthetic. The types of 2014 are a full search with a smaller bootstrap than the
default (99 replicates, 30 starts, 5 a replicate); those of 2016 are a quick look by BIC alone, so
that the report of 2018 has types to show. Both reports say so. With ``--keep`` the search of 2014
keeps its finished parts in a folder and goes on from there when it is started again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Literal

import swvtypes as sw
from swvtypes.errors import SwvtypesError
from swvtypes.language import Label
from swvtypes.longitudinal import compare_memberships
from swvtypes.membership import Membership, Origin
from swvtypes.report import Choice, EarlierWave, ReportInputs, write_report
from swvtypes.report.table_words import words_of
from swvtypes.resources import data_path
from swvtypes.steering import summarise
from swvtypes.survey import OrganisationCrosswalk, Wave
from swvtypes.tables import TableSpec, compute_tables, load_tables
from swvtypes.typology import bootstrap_stability, multiverse
from swvtypes.typology.stability import ThemeAnalysis, theme_grid
from swvtypes.validation import (
    ValidationOptions,
    against_budget,
    against_context,
    against_services,
)

HERE = Path(__file__).resolve().parent
SEED, LINK, THEME, SECTOR, MOST_TABLES = 1, "link_0.3", "policy", "po", 8
SEARCH = {"n_boot": 99, "n_init": 30, "boot_n_init": 5}
ASKED = ValidationOptions(n_permutations=999, seed=SEED)


def first_wave(typology: sw.Typology, wave: Wave) -> ReportInputs:
    """Put the report of 2014 together, all parts of it."""
    theme = typology.themes_[THEME].by_sector[SECTOR]
    sources = [c for item in theme.spec.active for c in (item.sources or (item.name,))]
    frame = wave.sector(SECTOR).frame[list(dict.fromkeys(sources))].astype("Float64").astype(float)
    name = f"{THEME}, {SECTOR}"
    grid = theme_grid(frame, theme.n_classes, n_seeds=2, crossed=False)
    return ReportInputs(
        title=Label("Voorbeeld: golf van 2014, synthetische rijen",
                    "Example: wave of 2014, synthetic rows"),
        question=Label("Welke typen zijn er, hoe zeker is dat, en hoeveel van elk?",
                       "Which types are there, how sure is that, and how many of each?"),
        wave=wave,
        typology=typology,
        census=typology.census(n_boot=10, random_state=SEED),
        stability={name: bootstrap_stability(
            frame, 100, n_classes=theme.n_classes, n_init=10, random_state=SEED, n_jobs=1)},
        multiverse={name: multiverse(ThemeAnalysis(frame, n_init=10), grid)},
        validation=(against_context(wave, typology.membership_, ASKED),),
        choices=(
            Choice(
                Label("Stabiliteit", "Stability"),
                Label(f"100 trekkingen: {name}", f"100 draws: {name}"),
                Label("Eén thema van één sector, als voorbeeld.",
                      "One theme of one sector, as an example."),
            ),
            Choice(
                Label("Herhalingen van de telling", "Re-runs of the census"), Label("10", "10"),
                Label("Genoeg voor een voorbeeld; voor een besluit te weinig.",
                      "Enough for an example; too few for a decision."),
            ),
        ),
        manifest={"package": "swvtypes", "wave": wave.name, "seed": SEED, **SEARCH},
    )  # fmt: skip


def scored(typology: sw.Typology, wave: Wave) -> Membership:
    """Type the organisations of a wave; answers that the typology never met count as missing."""
    frame = wave.frame
    for models in typology.models_:
        for theme in models.themes:
            for item in theme.items:
                if item.indicator.categorical and item.name in frame:
                    known = frame[item.name].isin(list(item.indicator.categories))
                    frame[item.name] = frame[item.name].where(known)
    found = typology.score(frame)
    origin = Origin(indicators=typology.membership_.origin.indicators)
    return Membership.from_probabilities(found.probabilities, wave, origin)


def later_wave(first: sw.Typology, start: Wave) -> ReportInputs:
    """Put the report of 2018 together, beside 2014 and 2016."""
    monitor, scenario = (sw.load_wave(n, seed=SEED) for n in ("monitor_2016", "scenario_2018"))
    second = sw.Typology(random_state=SEED, sectors="together", quick=True, n_init=15)
    second.fit(monitor)
    now = scored(second, scenario)
    tables = fitting_tables(scenario)
    return ReportInputs(
        title=Label("Voorbeeld: golf van 2018 naast 2014 en 2016, synthetische rijen",
                    "Example: wave of 2018 beside 2014 and 2016, synthetic rows"),
        question=Label("Welke typen zijn er, hoe zeker is dat, en wie veranderde sinds 2016?",
                       "Which types are there, how sure is that, and who changed since 2016?"),
        wave=scenario,
        typology=second,
        membership=now,
        steering=summarise(scenario),
        validation=(
            against_budget(scenario, "steering", ASKED),
            against_services(scenario, "steering", ASKED),
            against_context(scenario, now, ASKED),
        ),
        tables=compute_tables(scenario, tables, "en"),
        table_words=words_of(load_tables("monitor_2016"), scenario.codebook,
                             {t.locator for t in tables}),
        earlier=earlier_waves((first, start), (second, monitor), now),
        choices=chosen(),
        manifest={"package": "swvtypes", "waves": "start_2014, monitor_2016, scenario_2018",
                  "seed": SEED, "link of 2014 and 2016": LINK},
    )  # fmt: skip


def fitting_tables(wave: Wave) -> list[TableSpec]:
    """Give the first tables of 2016 that a later wave still has the questions for."""
    found = []
    for spec in load_tables("monitor_2016"):
        try:
            compute_tables(wave, (spec,), "en")
        except SwvtypesError:
            continue
        found.append(spec)
    return found[:MOST_TABLES]


def earlier_waves(
    first: tuple[sw.Typology, Wave], second: tuple[sw.Typology, Wave], now: Membership
) -> tuple[EarlierWave, ...]:
    """Lay 2018 beside 2014 and 2016; organisations are the same by crosswalk, not by name."""
    folder = data_path("crosswalks", "organisations")
    later = OrganisationCrosswalk.read(folder / "monitor_2016--scenario_2018.csv")
    link = folder / "start_2014--monitor_2016" / LINK / f"seed_{SEED:02d}.csv"
    links = {"2014": OrganisationCrosswalk.read(link).then(later), "2016": later}
    notes = {
        "2014": Label(
            "De typen van 2014 rusten op andere vragen, per sector apart; zij zijn aan de typen "
            "van nu gekoppeld naar wie erin zit. Wie van 2014 wie is, is bedacht.",
            "The types of 2014 rest on other questions, for each sector apart; they were matched "
            "to the types of now by who is in them. Who of 2014 is who is made up.",
        ),
        "2016": Label(
            "Zelfde typologie; de aandelen van de typen zijn in 2018 opnieuw geschat.",
            "The same typology; shares of the types were estimated anew in 2018.",
        ),
    }
    found = []
    for year, (typology, wave) in {"2014": first, "2016": second}.items():
        before = typology.membership_
        who = links[year].identities(before.modal.index)
        align: Literal["members", "names"] = "members" if year == "2014" else "names"
        compared = compare_memberships(before, now, organisations=who, align=align)
        found.append(EarlierWave(before, compared, who, wave, notes[year]))
    return tuple(found)


def chosen() -> tuple[Choice, ...]:
    """Give the choices of the report of 2018 with their reasons."""
    return (
        Choice(
            Label("Typen van 2016 voor de golf van 2018", "Types of 2016 for the wave of 2018"),
            Label("indelen, niet opnieuw zoeken", "classify, not search anew"),
            Label("Zo is te zien wie veranderde.", "So that who changed can be seen."),
        ),
        Choice(
            Label("Zoektocht van 2016", "Search of 2016"),
            Label("snelle blik, beide sectoren samen", "quick look, both sectors together"),
            Label("Opdat er typen zijn om te tonen; een besluit vraagt de bootstrap.",
                  "So that there are types to show; a decision asks for the bootstrap."),
        ),
        Choice(
            Label("Antwoorden die 2016 niet kende", "Answers that 2016 did not know"),
            Label("als ontbrekend", "as missing"),
            Label("De typologie heeft er geen kans voor.",
                  "The typology has no probability for them."),
        ),
    )  # fmt: skip


def main() -> None:
    """Fit both typologies and write both reports in both languages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, default=None)
    keep = parser.parse_args().keep
    start = sw.load_wave("start_2014", seed=SEED)
    first = sw.Typology(random_state=SEED, **SEARCH).fit(start, checkpoint=keep)
    write(first_wave(first, start), "report_2014")
    write(later_wave(first, start), "report_2018")


def write(inputs: ReportInputs, name: str) -> None:
    """Write a report in Dutch and English."""
    languages: tuple[Literal["nl", "en"], ...] = ("nl", "en")
    for language in languages:
        write_report(inputs, HERE / f"{name}_{language}.html", language)


if __name__ == "__main__":
    main()
