"""The fields of the reporting checklist: what reports of class analyses are to say.

Put together from SMART-LCA (Van Lissa, Garnier-Villarreal and Anadria 2024) and GRoLTS (Van de
Schoot and others 2017).
"""

from __future__ import annotations

from swvtypes.language import Label

FIELDS: dict[str, Label] = {
    "question": Label("Vraag; verkennend of toetsend; vooraf vastgelegd",
                      "Question; exploratory or confirmatory; preregistration"),
    "sample": Label("Populatie, steekproef, respons, gewichten, sectoren, datum",
                    "Population, sample, response, weights, sectors, dates"),
    "power": Label("Verantwoording van de omvang, of onderscheidend vermogen",
                   "Sample-size justification or power"),
    "indicators": Label("Indicatoren: vraag, soort, antwoorden, bewerkingen, verdeling",
                        "Indicators: wording, type, categories, recodes, distributions"),
    "missing": Label("Ontbrekende antwoorden per vraag, mechanisme en behandeling",
                     "Missing answers by item, mechanism, handling"),
    "specification": Label("Volledig model: verdelingen, varianties, lokale afhankelijkheid",
                           "Full specification: families, variances, local dependence"),
    "range": Label("Aantallen klassen die zijn geprobeerd, één inbegrepen",
                   "Numbers of classes tried, one included"),
    "software": Label("Programma, versie, algoritme, seed",
                      "Software, version, algorithm, seed"),
    "starts": Label("Startpunten, iteraties, hoe vaak de beste oplossing terugkwam",
                    "Starts, iterations, times the best solution was found again"),
    "criteria": Label("Per aantal klassen: passing, criteria, toetsen, kleinste klasse",
                      "By number of classes: fit, criteria, tests, smallest class"),
    "selection": Label("Keuzeregel, tegenspraak, verworpen modellen met reden",
                       "Selection rule, conflicts, rejected models and reasons"),
    "sizes": Label("Omvang van de klassen: geschat en naar waarschijnlijkste type",
                   "Final class sizes: estimated and modal"),
    "profiles": Label("Antwoorden per klasse met onzekerheid; kansen op de rand",
                      "Answers by class with uncertainty; boundary estimates"),
    "item_tests": Label("Toetsen per vraag (Wald, R²) en hoe vragen zijn gekozen",
                        "Tests of items (Wald, R²) and how items were selected"),
    "residuals": Label("Samenhang die overblijft binnen klassen, en wat ermee is gedaan",
                       "Bivariate residuals, and what was done"),
    "classification": Label("Classificatietabel en gemiddelde zekerheid per klasse",
                            "Classification table, mean certainty by class"),
    "names": Label("Namen van klassen als afkorting, profielplot, andere aantallen",
                   "Class names as shorthand, profile plot, other numbers of classes"),
    "external": Label("Externe variabelen: methode, standaardfouten, meervoudig toetsen",
                      "External variables: step method, standard errors, multiplicity"),
    "invariance": Label("Zijn typen hetzelfde in andere groepen en golven",
                        "Invariance over groups and waves"),
    "waves": Label("Per golf geteld, regel voor koppeling, overgangen met interval, uitval",
                   "Enumeration by wave, alignment, transitions with intervals, attrition"),
    "sensitivity": Label("Gevoeligheid: aantal klassen, priors, seeds, vragen, hersteekproeven",
                         "Sensitivity: number of classes, priors, seeds, items, resampling"),
    "materials": Label("Code, gegevens of synthetische gegevens, beperkingen",
                       "Code, data or synthetic data, limits"),
}  # fmt: skip
