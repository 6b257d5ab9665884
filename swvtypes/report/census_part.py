"""How many of all organisations are of each type."""

from __future__ import annotations

from dataclasses import replace

from swvtypes.language import Label
from swvtypes.typology.census import Census

from .markup import data, gap, number, paragraph, section, table
from .setting import Setting


def census_section(setting: Setting) -> str:
    """Say how many of all organisations are of each type."""
    say, census = setting.say, setting.inputs.census
    title = say("Hoeveel organisaties van elk type zijn er?", "How many organisations are there of each type?")  # fmt: skip  # noqa: E501
    if census is None:
        text = Label(
            "Er is niet uitgerekend hoeveel van alle organisaties van elk type zijn; de aantallen "
            "hierboven gaan over wie antwoordde.",
            "How many of all organisations are of each type was not worked out; the numbers above "
            "are of those that answered.",
        )
        return section("census", title, gap(text, setting.language))
    frame = census.table
    if setting.options.suppresses:
        # With one type left out the others give it away: they add up to the population.
        frame = frame[[setting.sector_shows_types(str(s)) for s in frame["sector"]]]
    left_out = paragraph(setting.say(
        "Weggelaten voor sectoren met een afgeschermd type.",
        "Left out for sectors with a suppressed type.",
    ), "note") if len(frame) < len(census.table) else ""  # fmt: skip
    rows = [
        [
            setting.type_markup(str(t)), data(row["sector"]), str(int(row["population"])),
            number(row["estimate"], 0, setting.language),
            f"{number(row['lower'], 0, setting.language)}"
            f"\N{EN DASH}{number(row['upper'], 0, setting.language)}",
        ]
        for t, row in frame.iterrows()
    ]  # fmt: skip
    heads = [say("Type", "Type"), "Sector", say("Alle organisaties", "All organisations"),
             say("Schatting", "Estimate"), say("95%-interval", "95% interval")]  # fmt: skip
    caption = say("Schatting voor alle organisaties", "Estimate for all organisations")
    told = _of_which_wave(setting) + left_out
    if not len(frame):
        return section("census", title, told)
    if frame.index.is_unique:
        shown = replace(census, table=frame, errors=census.errors.loc[frame.index])
        told += paragraph(shown.text(setting.language))
    else:
        told += _reruns(setting, census)
    return section("census", title, told + table(caption, heads, rows, "numbers sizes"))


def _reruns(setting: Setting, census: Census) -> str:
    """Say on how many re-runs the intervals rest."""
    reruns = int(census.reruns["reruns"].iloc[0])
    same = int(census.reruns["same_number"].iloc[0])
    return paragraph(setting.say(
        f"In {same} van {reruns} herhalingen van de hele analyse kwamen er evenveel typen uit; "
        "daarop rusten de marges.",
        f"In {same} of {reruns} re-runs of the whole analysis as many types came out; the margins "
        "rest on those.",
    ))  # fmt: skip


def _of_which_wave(setting: Setting) -> str:
    """Say so where the estimate is of another wave than the one reported."""
    typology, wave = setting.inputs.typology, setting.inputs.wave
    name = str(getattr(typology, "_wave", {}).get("name") or "")
    if wave is None or not name or name == wave.name:
        return ""
    return paragraph(setting.say(
        f"Deze schatting gaat over de golf waarin de typologie is gevonden: {name}.",
        f"This estimate is of the wave in which the typology was found: {name}.",
    ), "note")  # fmt: skip
