"""Why a print cannot stand: one sentence a kind of finding, in Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Mapping

from swvtypes.language import Label, Language

_PLACES = {"where", "source", "table", "home", "other", "first", "second", "item", "subject"}
_PLACES |= {"number", "known"}
_DECIMALS = re.compile(r"(?<=\d)\.(?=\d)")

REASONS: dict[str, Label] = {
    "totals_column": Label(
        "De {rows} rijen tellen op tot {expected}, en afronding verklaart ten hoogste {slack} "
        "verschil met het totaal van {printed}.",
        "The {rows} rows sum to {expected}, and rounding explains at most {slack} of the "
        "difference from the total of {printed}.",
    ),
    "totals_share": Label(
        "{count} van {base} is {expected}%, niet {printed}%.",
        "{count} of {base} is {expected}%, not {printed}%.",
    ),
    "totals_count": Label(
        "Met {expected} in plaats van {printed} klopt zowel het totaal van {base} als het "
        "percentage van {percent}.",
        "With {expected} instead of {printed} both the total of {base} and the percentage of "
        "{percent} come out.",
    ),
    "totals_base": Label(
        "Het totaal is {printed}, de tabel noemt {base} als basis.",
        "The total is {printed}, while the table names {base} as its base.",
    ),
    "totals_row": Label(
        "De {answers} antwoorden tellen op tot {printed}; afronding verklaart ten hoogste "
        "{slack} verschil met 100.",
        "The {answers} answers sum to {printed}; rounding explains at most {slack} of the "
        "difference from 100.",
    ),
    "grim_base": Label(
        "Geen heel aantal van {n} is {printed}%; de naaste mogelijkheden zijn {expected}.",
        "No whole number of {n} is {printed}%; the nearest possibilities are {expected}.",
    ),
    "grim_text": Label(
        "Geen heel aantal van {n} is {printed}%; de tekst ({where}) drukt {expected}, dat wel kan.",
        "No whole number of {n} is {printed}%; the text ({where}) prints {expected}, which is "
        "possible.",
    ),
    "grim_row": Label(
        "Geen verdeling van hooguit {n} respondenten geeft samen deze percentages.",
        "No distribution of at most {n} respondents gives these percentages together.",
    ),
    "grim_mean": Label(
        "Gehele antwoorden van {n} respondenten op {items} item(s) kunnen geen gemiddelde van "
        "{printed} hebben.",
        "Whole answers of {n} respondents to {items} item(s) cannot have a mean of {printed}.",
    ),
    "grimmer": Label(
        "Bij gemiddelde {mean} en n = {n} heeft geen enkele reeks gehele antwoorden een "
        "standaarddeviatie van {printed}.",
        "With mean {mean} and n = {n} no set of whole answers has a standard deviation of "
        "{printed}.",
    ),
    "debit": Label(
        "Een aandeel van {mean} bij n = {n} heeft een standaarddeviatie van {expected}.",
        "A proportion of {mean} with n = {n} has a standard deviation of {expected}.",
    ),
    "sd_range": Label(
        "Scores tussen {low} en {high} met gemiddelde {mean} kunnen niet zo ver uiteenlopen.",
        "Scores between {low} and {high} with mean {mean} cannot be so far apart.",
    ),
    "p_differs": Label(
        "Bij {base} hoort bij deze toetsgrootheid p = {p}; afronding verklaart het verschil niet.",
        "With {base} this statistic has p = {p}; rounding does not explain the difference.",
    ),
    "p_near": Label(
        "Bij {base} hoort p = {p}; het verschil is kleiner dan één eenheid van het laatste cijfer.",
        "With {base} p = {p}; the difference is less than one unit of the last digit.",
    ),
    "p_one_sided": Label(
        "Bij {base} is p = {p} tweezijdig; het gedrukte getal past bij een eenzijdige toets.",
        "With {base} p = {p} two-sided; the print fits a one-sided test.",
    ),
    "implied_n": Label(
        "Deze r en p horen bij n = {implied}, terwijl er {n} respondenten zijn; bij n = {n} hoort "
        "{expected}.",
        "This r and p belong to n = {implied}, while there are {n} respondents; with n = {n}, "
        "{expected}.",
    ),
    "exchanged_p": Label(
        "De p-waarden hier en bij {other} kloppen allebei als ze van plaats wisselen.",
        "The p-values here and at {other} both fit when they change places.",
    ),
    "df_groups": Label(
        "Er zijn {groups} groepen, dus het eerste aantal vrijheidsgraden is niet {df1}.",
        "There are {groups} groups, so the first degrees of freedom are not {df1}.",
    ),
    "df_too_many": Label(
        "Deze vrijheidsgraden vragen {n} respondenten; er zijn er hooguit {most}.",
        "These degrees of freedom need {n} respondents; there are at most {most}.",
    ),
    "df_too_many_p": Label(
        "Deze vrijheidsgraden vragen {n} respondenten; er zijn er hooguit {most}, en met "
        "{expected} klopt ook p.",
        "These degrees of freedom need {n} respondents; there are at most {most}, and with "
        "{expected} p fits as well.",
    ),
    "df_too_few": Label(
        "Deze vrijheidsgraden horen bij {n} respondenten, terwijl er {most} geldig antwoordden.",
        "These degrees of freedom belong to {n} respondents, while {most} gave valid answers.",
    ),
    "extreme_below": Label(
        "Zoals de {items} items beantwoord zijn, is de laagst mogelijke score {low}.",
        "As the {items} items were answered, the lowest possible score is {low}.",
    ),
    "extreme_above": Label(
        "Zoals de {items} items beantwoord zijn, is de hoogst mogelijke score {high}.",
        "As the {items} items were answered, the highest possible score is {high}.",
    ),
    "extreme_between": Label(
        "Geen gemiddelde van de beantwoorde items (van {items}) geeft {printed}; wel {expected}.",
        "No mean of the items answered (of {items}) gives {printed}; {expected} would do.",
    ),
    "scale_mean": Label(
        "De verdelingen van de {items} items geven een gemiddelde van {expected}.",
        "The distributions of the {items} items give a mean of {expected}.",
    ),
    "spread_alpha": Label(
        "Alfa {alpha} en de varianties van de {items} items laten een standaarddeviatie van "
        "{expected} toe.",
        "Alpha {alpha} and the variances of the {items} items allow a standard deviation of "
        "{expected}.",
    ),
    "mark_missing": Label(
        "Het item {item} is tegen de schaal in geformuleerd, maar draagt hier geen teken dat het "
        "omgedraaid is.",
        "The item {item} is worded against the scale but bears no mark here that it was turned "
        "round.",
    ),
    "mark_missing_mean": Label(
        "Het gedrukte schaalgemiddelde klopt alleen als {item} omgedraaid is, maar het teken "
        "daarvoor ontbreekt hier.",
        "The printed scale mean only comes out when {item} is turned round, but the mark for that "
        "is absent here.",
    ),
    "mark_superfluous": Label(
        "Het item {item} draagt hier het teken van omdraaien, maar is niet tegen de schaal in "
        "geformuleerd.",
        "The item {item} bears the mark of turning round here but is not worded against the scale.",
    ),
    "mark_superfluous_mean": Label(
        "Het gedrukte schaalgemiddelde klopt alleen als {item} niet omgedraaid is, maar het draagt "
        "hier dat teken.",
        "The printed scale mean only comes out when {item} is not turned round, but it bears that "
        "mark here.",
    ),
    "groups_mean": Label(
        "Gewogen met de groepsgrootten geven de groepsgemiddelden {low} tot {high}, terwijl het "
        "totale gemiddelde {overall} is.",
        "Weighted by group size the group means give {low} to {high}, while the overall mean is "
        "{overall}.",
    ),
    "groups_f": Label(
        "Met de groepsgemiddelden {means} en de gedrukte spreiding moet F {expected} zijn.",
        "With group means {means} and the printed spread F must be {expected}.",
    ),
    "groups_effect": Label(
        "Het verschil van de gemiddelden gedeeld door een spreiding van ongeveer {sd} geeft "
        "{expected}.",
        "The difference of the means over a spread of about {sd} gives {expected}.",
    ),
    "groups_counts": Label(
        "De aantallen ja en nee in beide groepen geven F = {expected}.",
        "The numbers of yes and no in both groups give F = {expected}.",
    ),
    "same_fact": Label(
        "Hetzelfde gegeven staat op een andere plaats als {expected}: {where}.",
        "The same fact is printed elsewhere as {expected}: {where}.",
    ),
    "same_words": Label(
        "Dit spreekt van hetzelfde als {where}, dat {expected} geeft; beide kunnen niet gelden.",
        "This speaks of the same as {where}, which gives {expected}; both cannot hold.",
    ),
    "derived": Label(
        "Uit de volledige verdeling in {source} volgt {expected}, met en zonder de blanco "
        "antwoorden in de basis niet {printed}.",
        "The full distribution in {source} gives {expected}; neither with nor without the blanks "
        "in the base does {printed} follow.",
    ),
    "derived_twice": Label(
        "Uit de aantallen achter {source} volgt {expected}; {printed} ontstaat door met al "
        "afgeronde percentages te rekenen.",
        "The counts behind {source} give {expected}; {printed} arises by calculating with "
        "percentages already rounded.",
    ),
    "derived_rule": Label(
        "De andere cellen van de tabel behandelen de blanco antwoorden anders; op hun manier "
        "volgt uit {source} {expected}.",
        "The other cells of the table treat the blanks otherwise; in their way {source} gives "
        "{expected}.",
    ),
    "derived_forced": Label(
        "Uit {source} volgt {expected}; {printed} vult de kolom alleen aan tot 100.",
        "{source} gives {expected}; {printed} merely fills the column up to 100.",
    ),
    "derived_division": Label(
        "De rijen verdelen {count} respondenten uit {source}; voor deze rij blijven er {rest} van "
        "{n} over.",
        "The rows divide {count} respondents of {source}; {rest} of {n} remain for this row.",
    ),
    "derived_division_forced": Label(
        "Voor deze rij blijven {rest} van {n} respondenten over ({source}); {printed} vult de "
        "kolom alleen aan tot 100.",
        "For this row {rest} of {n} respondents remain ({source}); {printed} merely fills the "
        "column up to 100.",
    ),
    "exchanged_columns": Label(
        "De kolommen {first} en {second} kloppen met {where} als ze van plaats wisselen.",
        "The columns {first} and {second} fit {where} when they change places.",
    ),
    "stated": Label(
        "De tabel ({where}) geeft hiervoor {expected}.",
        "The table ({where}) gives {expected} for this.",
    ),
    "stated_twice": Label(
        "De aantallen in {where} geven {expected}; {printed} ontstaat door afgeronde percentages "
        "op te tellen.",
        "The counts in {where} give {expected}; {printed} arises by adding rounded percentages.",
    ),
    "stated_rule": Label(
        "De andere getallen in deze passage behandelen de blanco antwoorden anders; op hun manier "
        "geeft {where} {expected}.",
        "The other numbers of this passage treat the blanks otherwise; in their way {where} gives "
        "{expected}.",
    ),
    "counted": Label("{where} telt er {expected}.", "{where} counts {expected}."),
    "related_count": Label(
        "Er zijn {expected} significante samenhangen afgedrukt ({where}).",
        "There are {expected} significant relations in print ({where}).",
    ),
    "size_words": Label(
        "Een samenhang of verschil van {value} heet naar gangbare maatstaf anders.",
        "By the usual standard a relation or difference of {value} is called otherwise.",
    ),
    "repeated_note": Label(
        "Deze noot herhaalt {other}, waar het getal wel klopt; hier geeft {where} {expected}.",
        "This note repeats {other}, where the number fits; here {where} gives {expected}.",
    ),
    "range_low": Label(
        "De laagste van de bedoelde cellen is {expected}: {where}, {row}.",
        "The lowest of the cells meant is {expected}: {where}, {row}.",
    ),
    "range_high": Label(
        "De hoogste van de bedoelde cellen is {expected}: {where}, {row}.",
        "The highest of the cells meant is {expected}: {where}, {row}.",
    ),
    "words_number": Label(
        "De woorden zeggen iets anders dan {value}%.",
        "The words say something else than {value}%.",
    ),
    "words_tables": Label(
        "De woorden zeggen iets anders dan de tabellen, die {value}% geven.",
        "The words say something else than the tables, which give {value}%.",
    ),
    "arithmetic_sum": Label(
        "De som van {parts} is {expected}.", "The sum of {parts} is {expected}."
    ),
    "arithmetic_product": Label(
        "Het product van {parts} is {expected}.", "The product of {parts} is {expected}."
    ),
    "arithmetic_share": Label(
        "Het aandeel ({parts}) is {expected}%.", "The share ({parts}) is {expected}%."
    ),
    "arithmetic_margin": Label(
        "Een steekproef en populatie van {parts} geven een marge van {expected} procentpunt.",
        "A sample and population of {parts} give a margin of {expected} percentage points.",
    ),
    "arithmetic_covered": Label(
        "De genoemde delen ({parts}) komen samen op {sum} en dekken het geheel van {printed} niet.",
        "The parts named ({parts}) come to {sum} and do not cover the whole of {printed}.",
    ),
    "scale_label": Label(
        "Antwoord {first} en antwoord {second} van dezelfde schaal dragen dezelfde woorden.",
        "Answer {first} and answer {second} of one scale bear the same words.",
    ),
    "reference_nowhere": Label(
        "De verwijzing over {subject} leidt nergens heen: nummer {number} bestaat niet.",
        "The reference on {subject} leads nowhere: there is no number {number}.",
    ),
    "reference_astray": Label(
        "Op de genoemde plaats staat niets over {subject}.",
        "The place named holds nothing on {subject}.",
    ),
    "figure_nowhere": Label(
        "Er is geen figuur {number}; dit hoofdstuk heeft {known}.",
        "There is no figure {number}; this chapter has {known}.",
    ),
    "omission": Label(
        "{table} geeft cijfers voor deze sector, maar de bijlage drukt de vraag alleen voor de "
        "andere sector af ({home}).",
        "{table} gives figures for this sector, but the appendix prints the question for the "
        "other sector only ({home}).",
    ),
    "ranking": Label(
        "In {where} komt {other} in alle sectoren samen op {more}%, vaker dan de {share}% van wat "
        "hier het meest heet.",
        "In {where} {other} comes to {more}% over all sectors, more than the {share}% of what is "
        "named the most here.",
    ),
    "impossible_range": Label(
        "Zo'n getal ligt tussen {low} en {high}.", "Such a number lies between {low} and {high}."
    ),
    "impossible_below": Label(
        "Zo'n getal is nooit kleiner dan {low}.", "Such a number is never below {low}."
    ),
    "impossible_above": Label(
        "Zo'n getal is nooit groter dan {high}.", "Such a number is never above {high}."
    ),
    "impossible_share": Label(
        "Een aandeel ligt tussen {low} en {high}%; alleen een verandering kan daarbuiten liggen.",
        "A share lies between {low} and {high}%; only a change can lie outside.",
    ),
    "impossible_df": Label(
        "Een aantal vrijheidsgraden is groter dan 0.", "Degrees of freedom are above 0."
    ),
    "impossible_count": Label(
        "Een aantal is een geheel getal, tenzij het gewogen is.",
        "A count is a whole number, unless it is weighted.",
    ),
    "impossible_order": Label(
        "In één regel kunnen {low} en {high} niet samen waar zijn.",
        "In one row {low} and {high} cannot both hold.",
    ),
    "ns_contradicted": Label(
        "Hier heet de samenhang niet significant, terwijl {where} {expected} geeft.",
        "The relation is called not significant here, while {where} gives {expected}.",
    ),
}


def reason(key: str, language: Language, words: Mapping[str, str]) -> str:
    """Fill one sentence; in Dutch numbers get a decimal comma, numbers of places do not."""
    if language == "nl":
        words = {
            name: text if name in _PLACES else _DECIMALS.sub(",", text)
            for name, text in words.items()
        }
    return REASONS[key].text(language).format(**words)
