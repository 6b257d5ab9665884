"""Sentences about types and continua, in Dutch and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swvtypes.language import Label, Language

if TYPE_CHECKING:
    from .verdict import Verdict

SHAPE_LABELS = {
    "normal": Label("normaal verdeeld", "normally distributed"),
    "uniform": Label("gelijkmatig verdeeld", "evenly distributed"),
    "skewed": Label("scheef verdeeld", "skewed"),
}
UNITS = {"items": Label("vragen", "items"), "themes": Label("thema's", "themes")}
HYPOTHESIS_LABELS = {
    "independence": Label("onafhankelijkheid", "independence"),
    "continuum": Label("een continuüm", "a continuum"),
    "types": Label("typen", "types"),
}
NOTES = {
    "two": Label(
        "Twee typen zijn twee punten op één lijn: hun profielen alleen kunnen typen nooit van een "
        "continuüm onderscheiden. Wat hier telt is of een doorlopende verdeling op die lijn "
        "(normaal, gelijkmatig of scheef) de antwoorden even goed beschrijft.",
        "Two types are two points of one line: their profiles alone can never tell types from a "
        "continuum. What counts here is whether a continuous distribution along that line "
        "(normal, even or skewed) describes the answers equally well.",
    ),
    "types": Label(
        "Typen betekent hier: niet één doorlopende lijn. Twee of meer doorlopende lijnen naast "
        "elkaar zijn daarmee niet uitgesloten.",
        "Types means here: not one continuous line. Two or more continuous lines side by side "
        "are not ruled out by it.",
    ),
    "even": Label(
        "Waar de doorlopende lijn gelijkmatig verdeeld is, noemt deze toets typen wat vaker dan "
        "zijn niveau zegt.",
        "Where the continuous line is evenly distributed, this test claims types somewhat more "
        "often than its level says.",
    ),
    "independent": Label(
        "Dat samenhang niet is aangetoond, toont niet aan dat zij er niet is.",
        "That association is not shown does not show that there is none.",
    ),
    "themes": Label(
        "De meting van elk thema (welke antwoorden bij welke klasse horen) is vastgehouden; in "
        "elke herhaling is zij opnieuw geschat.",
        "The measurement of each theme (which answers go with which class) was held fixed; it "
        "was estimated anew in every replicate.",
    ),
}


def sentence(verdict: Verdict, language: Language) -> str:
    """Say the verdict in one sentence."""
    unit = UNITS[verdict.scope].text(language)
    K = verdict.n_types
    p = {name: number(value, 3, language) for name, value in verdict.p_values.items()}
    if verdict.verdict == "independent":
        return Label(
            f"Tussen de {unit} is geen samenhang aangetoond (p = {p['independence']}): er zijn "
            "noch typen, noch een continuüm te onderscheiden.",
            f"No association between the {unit} is shown (p = {p['independence']}): neither "
            "types nor a continuum can be told apart.",
        ).text(language)
    if verdict.verdict == "types":
        return Label(
            f"De {unit} wijzen op typen ({K}): één continuüm wordt verworpen "
            f"(p = {p['continuum']}), typen niet (p = {p['types']}).",
            f"The {unit} point to types ({K}): one continuum is rejected "
            f"(p = {p['continuum']}), types are not (p = {p['types']}).",
        ).text(language)
    if verdict.verdict == "continuum":
        return Label(
            f"De {unit} wijzen op één continuüm: {K} typen worden verworpen "
            f"(p = {p['types']}), een continuüm niet (p = {p['continuum']}).",
            f"The {unit} point to one continuum: {K} types are rejected "
            f"(p = {p['types']}), a continuum is not (p = {p['continuum']}).",
        ).text(language)
    if verdict.p_values["types"] <= verdict.level:
        return Label(
            f"De {unit} hangen samen, maar noch typen (p = {p['types']}), noch één continuüm "
            f"(p = {p['continuum']}) beschrijven hoe: onbeslist.",
            f"The {unit} are associated, but neither types (p = {p['types']}) nor one continuum "
            f"(p = {p['continuum']}) describe how: undecided.",
        ).text(language)
    return Label(
        f"De {unit} hangen samen (p = {p['independence']}), maar deze gegevens onderscheiden "
        f"{K} typen (p = {p['types']}) niet van een continuüm (p = {p['continuum']}): onbeslist.",
        f"The {unit} are associated (p = {p['independence']}), but these data do not tell {K} "
        f"types (p = {p['types']}) from a continuum (p = {p['continuum']}): undecided.",
    ).text(language)


def lines(verdict: Verdict, language: Language) -> list[str]:
    """Say the verdict, its basis, and what it leaves open."""
    found = [sentence(verdict, language), _basis(verdict, language)]
    if verdict.verdict == "independent":
        found.append(NOTES["independent"].text(language))
    elif verdict.two_alike:
        found.append(NOTES["two"].text(language))
    if verdict.verdict == "types":
        found.append(NOTES["types"].text(language))
        if verdict.shape == "uniform":
            found.append(NOTES["even"].text(language))
    if verdict.scope == "themes":
        found.append(NOTES["themes"].text(language))
    return found


def _basis(verdict: Verdict, language: Language) -> str:
    best = verdict.fits[verdict.fits["compared"]].set_index("model")
    parts = []
    for model, label in HYPOTHESIS_LABELS.items():
        bic = number(float(best["bic"][model]), 1, language)
        parts.append(f"{label.text(language)} {bic} ({int(best['n_parameters'][model])})")
    drawn = verdict.tests["n_boot"]
    least, most = int(drawn.min()), int(drawn.max())
    nl = en = f"{most}"
    if least < most:
        nl, en = f"{least} tot {most}", f"{least} to {most}"
    unit = UNITS[verdict.scope].text(language)
    shape = SHAPE_LABELS[verdict.shape].text(language)
    return Label(
        f"{verdict.n:g} organisaties, {verdict.n_units} {unit}; BIC (parameters): "
        f"{'; '.join(parts)}. Het best passende continuüm is {shape}; {nl} gesimuleerde "
        "golven per toets.",
        f"{verdict.n:g} organisations, {verdict.n_units} {unit}; BIC (parameters): "
        f"{'; '.join(parts)}. The best-fitting continuum is {shape}; {en} simulated waves "
        "a test.",
    ).text(language)


def number(value: float, decimals: int, language: Language) -> str:
    """Write a number with a decimal comma in Dutch and a point in English.

    Examples
    --------
    >>> number(0.25, 2, "nl"), number(0.25, 2, "en")
    ('0,25', '0.25')
    """
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if language == "nl" else text
