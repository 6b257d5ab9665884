"""What users read about the continuum, in Dutch and English."""

from __future__ import annotations

from math import isnan

from swvtypes.language import Label, Language, check_language

NOTES = {
    "synthetic": Label(
        "Deze rijen zijn synthetisch. Ze zijn zo gemaakt dat de cijfers die het rapport afdrukt "
        "eruit komen: die cijfers waren het doel en bevestigen niets. Al het andere is ruis van "
        "het maken van de rijen en zegt niets over bestaande verbanden.",
        "These rows are synthetic. They were made so that the figures the report prints come out: "
        "those figures were targets and confirm nothing. Everything else is noise from making "
        "the rows and says nothing about real partnerships.",
    ),
    "unweighted": Label(
        "De golf heeft weegfactoren; ze zijn hier niet toegepast.",
        "The wave has survey weights; they are not applied here.",
    ),
    "weighted": Label(
        "Gewogen; standaardfouten door linearisatie (trekking met teruglegging, geen correctie "
        "voor een eindige populatie).",
        "Weighted; standard errors by linearisation (sampling with replacement, no "
        "finite-population correction).",
    ),
    "no_margin": Label(
        "Er is vooraf geen marge gesteld: dat een verschil niet is aangetoond, toont niet aan "
        "dat het er niet is.",
        "No margin was stated beforehand: that a difference is not shown does not show that "
        "there is none.",
    ),
    "pairwise": Label(
        "Ontbrekende antwoorden vallen per samenhang weg; het aantal gebruikte staat bij elke "
        "regel (n).",
        "Missing answers are left out relation by relation; the number used stands on each line "
        "(n).",
    ),
    "shares": Label(
        "Begrotingsposten tellen op tot 100%: stijgt de ene, dan daalt een andere. Hun "
        "samenhangen zijn niet los van elkaar te lezen.",
        "Budget posts add up to 100%: when one rises another falls. Their relations cannot be "
        "read apart from each other.",
    ),
    "design": Label(
        "Wat aantoonbaar is volgt uit het aantal organisaties, niet uit het gevonden effect.",
        "What can be shown follows from the number of organisations, not from the effect found.",
    ),
    "no_other_cuts": Label(
        "Geen andere grens laat aan elke kant een vijfde over.",
        "No other cut leaves a fifth on either side.",
    ),
    "joint": Label(
        "Hoe diensten en middelen samen verdeeld zijn is niet afgedrukt: de aantallen per "
        "patroon zijn hier ruis binnen de afgedrukte randen.",
        "How services and means go together was not printed: the counts of patterns are noise "
        "here, within the printed margins.",
    ),
}


def number(value: float, decimals: int, language: Language) -> str:
    """Write a number with a decimal comma in Dutch and a point in English; a dash for NaN.

    Examples
    --------
    >>> number(0.25, 2, "nl"), number(0.25, 2, "en")
    ('0,25', '0.25')
    """
    text = "-" if isnan(value) else f"{value:.{decimals}f}"
    return text.replace(".", ",") if check_language(language) == "nl" else text


def probability(value: float, language: Language) -> str:
    """Write a p value.

    Examples
    --------
    >>> probability(0.0001, "en"), probability(0.041, "nl")
    ('p < 0.001', 'p = 0,041')
    """
    if value < 0.0005:
        return f"p < {number(0.001, 3, language)}"
    return f"p = {number(value, 3, language)}"


def percent(share: float, language: Language) -> str:
    """Write a share as a whole percentage; a dash for NaN."""
    return "-" if isnan(share) else f"{number(100 * share, 0, language)}%"


def notes(*, synthetic: bool, weighted: bool, carries_weights: bool) -> tuple[Label, ...]:
    """Give what must be said of the rows: synthetic ones, and whether weights were applied."""
    found = [NOTES["synthetic"]] if synthetic else []
    if weighted:
        found.append(NOTES["weighted"])
    elif carries_weights:
        found.append(NOTES["unweighted"])
    return tuple(found)
