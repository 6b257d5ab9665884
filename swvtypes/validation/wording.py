"""What users read about validation, in Dutch and English."""

from __future__ import annotations

import math

from swvtypes.language import Label, Language

ANALYSES = {
    "pearson": Label("correlatie r", "correlation r"),
    "point_biserial": Label("punt-biseriële r", "point-biserial r"),
    "spearman": Label("rangcorrelatie rho", "rank correlation rho"),
    "anova": Label("variantieanalyse, eta-kwadraat", "analysis of variance, eta squared"),
    "welch": Label("toets van Welch, omega-kwadraat", "Welch's test, omega squared"),
    "kruskal": Label(
        "toets van Kruskal-Wallis, epsilon-kwadraat", "Kruskal-Wallis, epsilon squared"
    ),
    "chi_square": Label("chi-kwadraat, phi of Cramérs V", "chi-square, phi or Cramér's V"),
    "mantel_haenszel": Label("toets van Cochran-Mantel-Haenszel", "Cochran-Mantel-Haenszel test"),
    "logistic": Label("logistische regressie, odds ratio", "logistic regression, odds ratio"),
    "logistic_firth": Label(
        "logistische regressie volgens Firth, odds ratio", "Firth's logistic regression, odds ratio"
    ),
    "bch": Label(
        "typen met classificatiefout (BCH), variantie tussen typen",
        "types with classification error (BCH), variance between types",
    ),
    "pillai": Label("alle delen tegelijk (Pillai)", "all parts at once (Pillai)"),
}

FORMS = {
    "": Label("", ""),
    "share": Label("aandeel", "share"),
    "log_ratio": Label("logratio", "log-ratio"),
}

SCOPES = {
    "pooled": Label("alles samen", "pooled"),
    "adjusted": Label("gecorrigeerd voor sector", "adjusted for sector"),
}

NOTES = {
    "nothing_varies": Label("te weinig rijen of geen variatie", "too few rows, or nothing varies"),
    "one_and_the_same": Label("het een ligt vast door het ander", "one is determined by the other"),
    "group_too_small": Label("een groep van minder dan twee", "a group of fewer than two"),
    "group_without_spread": Label("een groep zonder spreiding", "a group without spread"),
    "small_cells": Label(
        "een groep of verwacht celaantal onder de grens; lees de exacte p",
        "a group or expected cell below the limit; read the exact p",
    ),
    "separated": Label(
        "antwoorden zijn gescheiden; geschat volgens Firth",
        "answers are separated; estimated by Firth's method",
    ),
    "separated_weighted": Label(
        "antwoorden zijn gescheiden en gewogen: geen toets",
        "answers are separated and weighted: no test",
    ),
    "unweighted_only": Label("bestaat niet gewogen", "does not exist under weights"),
    "type_without_weight": Label(
        "een type houdt te weinig gewicht over: geen schatting",
        "a type has too little weight left: no estimate",
    ),
    "share_outside": Label(
        "een geschat aandeel ligt buiten 0-1: te weinig organisaties voor BCH-gewichten",
        "an estimated share lies outside 0-1: too few organisations for BCH weights",
    ),
    "wald_undefined": Label(
        "geen variantie binnen de typen; lees de exacte p",
        "no variance within types; read the exact p",
    ),
    "circular": Label(
        "deze variabele heeft de typen mee bepaald: cirkelredenering",
        "this variable helped to shape the types: circular",
    ),
    "no_third_step": Label(
        "geen classificatiefouten met een inverse: geen schatting",
        "classification errors without an inverse: no estimate",
    ),
}

REMARKS = {
    "synthetic": Label(
        "De rijen zijn synthetisch. Samenhangen die in druk stonden waren doelen bij het maken van "
        "de rijen: dat zij hier terugkomen bevestigt niets. Elke andere samenhang is ruis van het "
        "maken en zegt niets over samenwerkingsverbanden.",
        "The rows are synthetic. Relations that stood in print were targets when the rows were "
        "made: that they come back here confirms nothing. Every other relation is noise from the "
        "making and says nothing about partnerships.",
    ),
    "weights": Label(
        "Gewogen met steekproefgewichten, gemiddeld één per toets; standaardfouten zijn "
        "sandwichfouten. Rang- en exacte toetsen ontbreken.",
        "Weighted by survey weights with mean one in each test; standard errors are sandwich "
        "errors. Rank and exact tests are absent.",
    ),
    "pairwise": Label(
        "Elke toets rust op de organisaties die beide antwoorden hebben (paarsgewijs).",
        "Each test rests on the organisations that have both answers (pairwise).",
    ),
    "types": Label(
        "Toetsen van typen dragen de classificatiefout mee (BCH), niet de onzekerheid van de "
        "parameters van de typologie zelf.",
        "Tests of types carry the classification error along (BCH), not the uncertainty of the "
        "typology's own parameters.",
    ),
    "apart": Label(
        "De typen zijn per sector; 'gecorrigeerd voor sector' telt de toetsen per sector op.",
        "Types are by sector; 'adjusted for sector' adds the tests of the sectors up.",
    ),
    "left_out": Label(
        "Niet met zichzelf vergeleken: {names}.", "Not held against itself: {names}."
    ),
    "families": Label(
        "Holm en Benjamini-Hochberg over de uitkomsten met dezelfde toets, vorm en groep rijen.",
        "Holm and Benjamini-Hochberg over the outcomes with the same test, form and set of rows.",
    ),
    "zeros": Label(
        "Logratio's over {n} rijen met alle posten; {zeros} nullen vervangen door {value} "
        "(multiplicatief). Grensgevallen zijn nagerekend met de helft en het dubbele daarvan.",
        "Log-ratios over {n} rows with all posts; {zeros} zeros replaced by {value} "
        "(multiplicatively). Results were recomputed with half and double that.",
    ),
    "shares_sum": Label(
        "Aandelen tellen op tot een vast totaal: stijgt er een, dan daalt een andere. Correlaties "
        "van aandelen staan zoals gedrukt; de logratio's ernaast kennen dat bezwaar niet.",
        "Shares add up to a fixed total: where one rises another falls. Correlations of shares "
        "stand as printed; the log-ratios beside them do not have that flaw.",
    ),
}

COLUMNS = {
    "outcome": Label("uitkomst", "outcome"),
    "form": Label("vorm", "form"),
    "scope": Label("rijen", "rows"),
    "analysis": Label("toets", "test"),
    "n": Label("n", "n"),
    "estimate": Label("grootte", "size"),
    "lower": Label("ondergrens", "lower end"),
    "upper": Label("bovengrens", "upper end"),
    "statistic": Label("toetsgrootheid", "statistic"),
    "df1": Label("vrijheidsgraden 1", "df 1"),
    "df2": Label("vrijheidsgraden 2", "df 2"),
    "p_value": Label("p", "p"),
    "p_exact": Label("p exact", "exact p"),
    "p_holm": Label("p Holm", "p Holm"),
    "p_bh": Label("p Benjamini-Hochberg", "p Benjamini-Hochberg"),
    "notes": Label("opmerking", "note"),
}


def number(value: float, language: Language, decimals: int = 3) -> str:
    """Give a number with the comma that Dutch has; a dash where there is none."""
    if math.isnan(value):
        return "-"
    text = f"{value:.{decimals}f}"
    return text.replace(".", ",") if language == "nl" else text


def probability(value: float, language: Language) -> str:
    """Give a p value in words: ``p < 0.001`` rather than a row of zeros."""
    if math.isnan(value):
        return "p -"
    if value < 0.0005:
        return "p < " + number(0.001, language)
    return "p = " + number(value, language)
