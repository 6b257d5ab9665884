"""What users read about scales, in Dutch and English."""

from __future__ import annotations

from swvtypes.language import Label

COLUMNS = {
    "item": Label("uitspraak", "item"),
    "n": Label("aantal antwoorden", "answers"),
    "mean": Label("gemiddelde", "mean"),
    "sd": Label("standaarddeviatie", "standard deviation"),
    "item_total": Label("samenhang met de score", "item-total correlation"),
    "item_rest": Label("samenhang met de rest", "item-rest correlation"),
    "alpha_if_dropped": Label("alpha zonder de uitspraak", "alpha if dropped"),
    "loading": Label("lading op één factor", "loading on one factor"),
    "communality": Label("communaliteit", "communality"),
    "scale": Label("schaal", "scale"),
    "sector": Label("sector", "sector"),
    "median": Label("mediaan", "median"),
    "minimum": Label("laagste", "lowest"),
    "maximum": Label("hoogste", "highest"),
    "n_below": Label("aantal onder de grens", "number below the cut"),
    "share_below": Label("aandeel onder de grens", "share below the cut"),
    "alpha": Label("alpha", "alpha"),
    "alpha_lower": Label("alpha, ondergrens", "alpha, lower end"),
    "alpha_upper": Label("alpha, bovengrens", "alpha, upper end"),
    "n_alpha": Label("rijen achter alpha", "rows behind alpha"),
    "scores": Label("aantal scores", "scores"),
}

NOTES = {
    "listwise": Label(
        "Berekend over de rijen met een antwoord op elke uitspraak.",
        "Computed over the rows with an answer to every item.",
    ),
    "pairwise": Label(
        "Elke samenhang is berekend over de rijen met een antwoord op beide uitspraken.",
        "Each covariance is computed over the rows that answered both items.",
    ),
    "feldt": Label(
        "Interval volgens Feldt (1965), uit de F-verdeling.",
        "Interval after Feldt (1965), from the F distribution.",
    ),
    "bootstrap": Label(
        "Interval uit een bootstrap over rijen (percentielen).",
        "Interval from a bootstrap over rows (percentiles).",
    ),
    "feldt_pairwise": Label(
        "Met ontbrekende antwoorden is dit interval een benadering en eerder te smal; "
        "een bootstrap telt ze mee.",
        "With missing answers this interval is approximate and rather too narrow; a bootstrap "
        "counts them in.",
    ),
    "constant": Label(
        "Iedereen gaf hetzelfde antwoord; samenhang bestaat hier niet",
        "Everyone gave the same answer; correlations do not exist here",
    ),
    "two_items": Label(
        "Twee uitspraken leggen geen factor vast; de ladingen zijn gelijk gesteld.",
        "Two items do not identify a factor; their loadings are set equal.",
    ),
    "survey": Label(
        "Gewogen; de passing van het factormodel is niet getoetst.",
        "Weighted; the fit of the factor model is not tested.",
    ),
    "heywood": Label(
        "Een uitspraak heeft vrijwel geen eigen variantie meer (grensoplossing); "
        "lees de ladingen met voorbehoud.",
        "An item has next to no variance of its own left (boundary solution); read the loadings "
        "with reserve.",
    ),
    "not_converged": Label(
        "De factoranalyse is niet uitgeconvergeerd.",
        "The factor analysis did not converge.",
    ),
    "not_definite": Label(
        "De samenhangmatrix is niet positief definiet; de kleinste kwadraten vervangen "
        "de grootste aannemelijkheid.",
        "The correlation matrix is not positive definite; least squares stand in for maximum "
        "likelihood.",
    ),
}

JUDGEMENT_COLUMNS = {
    "name": Label("verzameling", "set"),
    "verdict": Label("oordeel", "verdict"),
    "kept": Label("uitspraken in de schaal", "items in the scale"),
    "dropped": Label("uitspraken erbuiten", "items left out"),
    "declared": Label("schaal volgens het codeboek", "scale in the codebook"),
    "agrees": Label("gelijk aan het codeboek", "same as the codebook"),
    "evidence": Label("berust op", "rests on"),
}

YES_NO = {True: Label("ja", "yes"), False: Label("nee", "no")}
