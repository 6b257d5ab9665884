"""What the options of a typology and the columns of its model tables are called, and why chosen."""

from __future__ import annotations

from swvtypes.language import Label

_NAMES = {
    "sectors": Label("Sectoren apart of samen", "Sectors apart or together"),
    "max_classes": Label("Hoogste aantal klassen per thema", "Most classes in a theme"),
    "max_types": Label("Hoogste aantal typen", "Most types"),
    "n_init": Label("Startpunten", "Starts"),
    "n_boot": Label("Herhalingen van een bootstraptoets", "Replicates of a bootstrap test"),
    "boot_n_init": Label("Startpunten per herhaling", "Starts of a replicate"),
    "level": Label("Niveau van de toetsen", "Level of the tests"),
    "prior": Label("Prior (pseudo-waarnemingen)", "Prior (pseudo-cases)"),
    "type_prior": Label("Prior van de typen", "Prior of the types"),
    "items": Label("Vragen die doorgaan", "Items that go on"),
    "support": Label("Grens van steun (p)", "Limit of support (p)"),
    "route": Label("Route naar de typen", "Route to the types"),
    "rule": Label("Regel voor het aantal klassen", "Rule for the number of classes"),
    "decide": Label("Beslissende toets van een vraag", "Deciding test of an item"),
    "quick": Label("Snelle blik", "Quick look"),
}
_VALUES = {
    "True": Label("ja", "yes"),
    "False": Label("nee", "no"),
    "apart": Label("apart", "apart"),
    "together": Label("samen", "together"),
    "supported": Label("die geen ruis lijken", "those not likely to be noise"),
    "significant": Label(
        "alleen die een toets significant noemt", "those a test calls significant"
    ),
    "selected": Label("die variabelenselectie houdt", "those variable selection keeps"),
    "all": Label("alle", "all"),
    "one_step": Label("één stap", "one step"),
    "two_step": Label("twee stappen", "two steps"),
    "one_class_analysis": Label("alle vragen samen", "all items together"),
    "bootstrap_then_bic": Label("bootstrap, dan BIC", "bootstrap, then BIC"),
    "bic": Label("BIC", "BIC"),
    "bootstrap": Label("bootstrap", "bootstrap"),
    "both": Label("bootstrap en BIC", "bootstrap and BIC"),
    "likelihood_ratio": Label("aannemelijkheidsverhouding", "likelihood ratio"),
    "wald": Label("toets van Wald", "Wald test"),
    "variable_selection": Label("variabelenselectie", "variable selection"),
}
KINDS = {
    "nominal": Label("categorieën", "categories"),
    "ordinal": Label("geordend", "ordered"),
    "binary": Label("ja of nee", "yes or no"),
    "count": Label("telling", "count"),
    "continuous": Label("meting", "measurement"),
}
RECODES = {
    "none": Label("", ""),
    "state": Label("met een eigen toestand als antwoord", "with a state as an answer"),
    "not_put": Label("met 'niet voorgelegd' als antwoord", "with 'not put' as an answer"),
    "joined": Label("samen met de poortvraag", "joined with its gate"),
    "log_ratio": Label("als logratio", "as a log-ratio"),
    "coarse": Label("in grove klassen", "in coarse bands"),
}
REASONS = {
    "sectors": Label(
        "Apart: een verschil tussen sectoren mag geen typen maken. Samen: dezelfde typen overal, "
        "en verschillen tussen sectoren tellen mee.",
        "Apart: a difference between sectors must not make types. Together: the same types "
        "everywhere, and differences between sectors count.",
    ),
    "max_classes": Label("Meer kunnen zo weinig organisaties niet staven.",
                         "More cannot be supported by so few organisations."),
    "max_types": Label("Meer kunnen zo weinig organisaties niet staven.",
                       "More cannot be supported by so few organisations."),
    "n_init": Label("Tegen een lokaal optimum.", "Against local optima."),
    "n_boot": Label("Zoveel dat een toets op dit niveau kan verwerpen.",
                    "As many as let a test at this level reject."),
    "boot_n_init": Label("Minder dan voor de uitkomst zelf: de herhalingen zijn talrijk.",
                         "Fewer than for the result itself: the replicates are many."),
    "level": Label("Gebruikelijk.", "Usual."),
    "prior": Label("Tegen kansen van 0 of 1; 0 is zuivere maximale aannemelijkheid.",
                   "Against probabilities of 0 or 1; 0 is plain maximum likelihood."),
    "type_prior": Label(
        "Houdt bij weinig organisaties de typen van de rand; beslist niet of er typen zijn.",
        "Keeps types off the boundary where organisations are few; does not decide "
        "whether types exist.",
    ),
    "items": Label("Vragen die geen klassen onderscheiden maken typen vager.",
                   "Items that tell no classes apart blur the types."),
    "support": Label(
        "Een echte vraag weglaten kost de typen meer dan een ruisvraag meenemen.",
        "Leaving out a real item costs the types more than taking in one of noise.",
    ),
    "route": Label(
        "Met welk model de typen zijn bepaald; geen van de routes beslist of er typen zijn.",
        "By which model the types were found; none of the routes decides whether types exist.",
    ),
    "rule": Label("Eerst of er klassen zijn, dan hoeveel.", "First whether there are classes, then how many."),  # noqa: E501
    "decide": Label("Die zegt of een vraag de klassen onderscheidt.",
                    "It says whether an item tells the classes apart."),
    "quick": Label(
        "Een snelle blik slaat de bootstrap over en gaat op BIC alleen: voorlopig.",
        "A quick look skips the bootstrap and goes by BIC alone: provisional.",
    ),
}  # fmt: skip

# Decimals and heading of the columns of a table of models.
COLUMNS: dict[str, tuple[int, Label]] = {
    "log_likelihood": (1, Label("log-likelihood", "log-likelihood")),
    "n_parameters": (0, Label("parameters", "parameters")),
    "aic": (1, Label("AIC", "AIC")),
    "aic3": (1, Label("AIC3", "AIC3")),
    "bic": (1, Label("BIC", "BIC")),
    "caic": (1, Label("CAIC", "CAIC")),
    "sabic": (1, Label("SABIC", "SABIC")),
    "icl_bic": (1, Label("ICL-BIC", "ICL-BIC")),
    "entropy_r2": (2, Label("entropie R²", "entropy R²")),
    "smallest_class": (2, Label("kleinste klasse", "smallest class")),
    "smallest_class_n": (0, Label("organisaties daarin", "organisations in it")),
    "times_replicated": (0, Label("beste teruggevonden", "best found again")),
    "largest_residual": (1, Label("grootste residu", "largest residual")),
    "blrt_p": (3, Label("p tegen één meer", "p against one more")),
}


def option_name(key: str) -> Label:
    """Give the name of an option in words."""
    return _NAMES.get(key, Label(key, key))


def option_value(value: object) -> Label:
    """Give a value of an option in words."""
    text = str(value)
    comma = text.replace(".", ",") if isinstance(value, float) else text
    return _VALUES.get(text, Label(comma, text))


def how_read(kind: str, recode: str) -> Label:
    """Say in words of what kind an item is and how it was recoded."""
    what, how = KINDS[kind], RECODES[recode]
    return Label(*(f"{a}, {b}" if b else a for a, b in zip(what, how, strict=True)))
