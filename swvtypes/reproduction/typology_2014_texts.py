"""What is said of claims on the typology of 2014, in Dutch and English."""

from __future__ import annotations

from typing import Literal

from swvtypes.language import Label

TypologyVerdict = Literal[
    "recovered",
    "partly_recovered",
    "not_recovered",
    "method_followed",
    "method_not_followed",
    "built_in",
    "cannot_be_judged",
]

CAVEAT = Label(
    "De rijen van 2014 zijn gesimuleerd. Dat een bewering terugkomt, laat zien dat de methode "
    "vindt wat erin zit; het zegt niet wat er in 2014 was.",
    "The rows of 2014 are simulated. That a claim comes back shows that the method finds what is "
    "in them; it does not say what 2014 was.",
)

VERDICT_LABELS: dict[TypologyVerdict, Label] = {
    "recovered": Label("komt terug", "recovered"),
    "partly_recovered": Label("komt soms terug", "recovered at times"),
    "not_recovered": Label("komt niet terug", "not recovered"),
    "method_followed": Label("werkwijze gevolgd", "method followed"),
    "method_not_followed": Label("werkwijze niet gevolgd", "method not followed"),
    "built_in": Label("in de rijen gelegd", "built into the rows"),
    "cannot_be_judged": Label("uit rijen niet te beoordelen", "cannot be judged by rows"),
}

REASONS: dict[str, Label] = {
    "rows": Label(
        "Volgt uit de typologie die op elke gesimuleerde peiling opnieuw is gemaakt.",
        "Follows from the typology made anew on each simulated wave.",
    ),
    "marginal": Label(
        "Een aandeel dat gedrukt of in woorden gegeven is; de rijen zijn erop gemaakt.",
        "A share given in print or in words; the rows were made to meet it.",
    ),
    "questionnaire": Label(
        "Gaat over de vragen zelf; zo staan zij in de codeboeken en de concordantie.",
        "About the questions themselves; they stand so in the codebooks and the crosswalk.",
    ),
    "history": Label(
        "Wie wanneer wat deed staat niet in rijen.", "Who did what and when is not in rows."
    ),
    "other_source": Label(
        "Komt uit een andere bron dan de antwoorden.", "Comes from a source other than the answers."
    ),
    "not_known": Label(
        "De bron zegt zelf dat het niet bekend is.", "The source itself says that it is not known."
    ),
    "purpose": Label("Zegt waartoe een typologie dient.", "Says what a typology is for."),
    "other_moment": Label(
        "Gaat over wat er na 2014 verandert; één peiling zegt daar niets over.",
        "About what changes after 2014; one wave says nothing of it.",
    ),
    "foreseen": Label("Een verwachting van destijds.", "An expectation of the time."),
    "decision_2016": Label(
        "Een besluit van 2016 en de redenen ervoor.", "A decision of 2016 and its reasons."
    ),
    "wave_2016": Label(
        "Gaat over de peiling van 2016, niet over die van 2014.",
        "About the wave of 2016, not that of 2014.",
    ),
    "passes_register": Label(
        "De run had kengetallen uit het register.", "The run had register figures."
    ),
    "step_one": Label(
        "Elk thema kreeg een eigen analyse.", "Each theme had an analysis of its own."
    ),
    "step_two": Label(
        "Alleen indicatoren die in hun thema gekozen zijn, gingen door.",
        "Only indicators chosen within their theme went on.",
    ),
    "step_three": Label("Eén analyse over de thema's heen.", "One analysis ran across the themes."),
    "sectors": Label("Beide sectoren, elk apart.", "Both sectors, each apart."),
    "runs": Label(
        "De werkwijze liep op elke gesimuleerde peiling.",
        "The method ran on each simulated wave.",
    ),
    "beside": Label(
        "Elke organisatie heeft een type dat naast een later type kan worden gelegd.",
        "Each organisation has a type that can be laid beside a later one.",
    ),
}
