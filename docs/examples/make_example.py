"""Make the example report: the scenario wave of 2018, by the types of 2016, beside 2014 and 2016.

    python docs/examples/make_example.py

It takes some minutes; every row in it is synthetic.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import swvtypes as sw
from swvtypes.language import Label
from swvtypes.longitudinal import compare_memberships
from swvtypes.membership import Membership, Origin
from swvtypes.report import Choice, EarlierWave, ReportInputs, write_report
from swvtypes.steering import summarise
from swvtypes.survey import Wave
from swvtypes.tables import compute_tables, load_tables
from swvtypes.typology.census import Census

HERE = Path(__file__).resolve().parent
SEED = 1


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


def example(first: sw.Typology, second: sw.Typology, census: Census | None = None) -> ReportInputs:
    """Put the example together from the typologies of 2014 and 2016."""
    start, monitor, scenario = (
        sw.load_wave(name, seed=SEED) for name in ("start_2014", "monitor_2016", "scenario_2018")
    )
    now = scored(second, scenario)
    earlier = (
        EarlierWave(
            first.membership_,
            compare_memberships(first.membership_, now),
            wave=start,
            note=Label(
                "De typen van 2014 rusten op andere vragen, per sector apart; de rijen zijn in de "
                "volgorde van de tabel aan typen van nu gekoppeld naar wie erin zit.",
                "The types of 2014 rest on other questions, for each sector apart; they were "
                "matched to the types of now by who is in them.",
            ),
        ),
        EarlierWave(
            second.membership_,
            compare_memberships(second.membership_, now, align="names"),
            wave=monitor,
            note=Label(
                "Zelfde typologie; de aandelen van de typen zijn in 2018 opnieuw geschat.",
                "The same typology; shares of the types were estimated anew in 2018.",
            ),
        ),
    )
    chosen = (
        Choice(
            Label("Typen van 2016 voor de golf van 2018", "Types of 2016 for the wave of 2018"),
            Label("indelen, niet opnieuw zoeken", "classify, not search anew"),
            Label("Een eigen zoektocht in 2018 vindt één type per sector.",
                  "A search of its own in 2018 finds one type a sector."),
        ),
        Choice(
            Label("Antwoorden die 2016 niet kende", "Answers that 2016 did not know"),
            Label("als ontbrekend", "as missing"),
            Label("De typologie heeft er geen kans voor.",
                  "The typology has no probability for them."),
        ),
    )  # fmt: skip
    tables = [t for t in load_tables("monitor_2016") if t.locator in ("Tabel 2.1", "Tabel 2.2")]
    return ReportInputs(
        title=Label("Voorbeeld: golf van 2018 met typen van 2016, synthetische rijen",
                    "Example: wave of 2018 with types of 2016, synthetic rows"),
        question=Label("Welke typen zijn er, hoe zeker is dat, en wie veranderde sinds 2016?",
                       "Which types are there, how sure is that, and who changed since 2016?"),
        wave=scenario,
        typology=second,
        membership=now,
        steering=summarise(scenario),
        tables=compute_tables(monitor, tables, "en"),
        table_titles={t.locator: Label("golf van 2016", "wave of 2016") for t in tables},
        earlier=earlier,
        choices=chosen,
        census=census,
        manifest={"package": "swvtypes", "waves": "start_2014, monitor_2016, scenario_2018",
                  "seed": SEED, "quick": True},
    )  # fmt: skip


def main() -> None:
    """Fit both typologies and write the report in both languages."""
    options = {"quick": True, "n_init": 15}
    first = sw.Typology(random_state=1, quick=True, n_init=20)
    first.fit(sw.load_wave("start_2014", seed=SEED))
    second = sw.Typology(random_state=1, sectors="together", **options)
    second.fit(sw.load_wave("monitor_2016", seed=SEED))
    write(example(first, second, second.census(n_boot=10, random_state=1)))


def write(inputs: ReportInputs) -> None:
    """Write the report in Dutch and English."""
    languages: tuple[Literal["nl", "en"], ...] = ("nl", "en")
    for language in languages:
        write_report(inputs, HERE / f"report_2018_{language}.html", language)


if __name__ == "__main__":
    main()
