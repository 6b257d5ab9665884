"""The rules by which items form a scale, do not, or do so without some of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language

from .asking import count_faults, range_faults
from .candidates import WHOLE
from .responses import Missing

FailsIn = Literal["every", "any"]
Verdict = Literal["forms_scale", "drop_items", "no_scale"]
Evidence = Literal["answers", "by_construction", "partly", "none", "questionnaire"]

VERDICTS: dict[Verdict, Label] = {
    "forms_scale": Label("vormt een schaal", "forms a scale"),
    "drop_items": Label("vormt een schaal zonder", "forms a scale without"),
    "no_scale": Label("vormt geen schaal", "does not form a scale"),
}

EVIDENCE: dict[Evidence, Label] = {
    "answers": Label("berust op antwoorden", "rests on answers"),
    "by_construction": Label(
        "De rijen zijn synthetisch en zo gemaakt dat zij bij de gedrukte alpha van deze schaal "
        "passen; de uitkomst volgt daaruit en is geen bevestiging.",
        "The rows are synthetic and were made to fit the printed alpha of this scale; the outcome "
        "follows from that and confirms nothing.",
    ),
    "partly": Label(
        "De rijen zijn synthetisch: de samenhang binnen de schaal is passend gemaakt bij gedrukte "
        "cijfers, die met de overige uitspraken is niet gedrukt. De uitkomst bevestigt de "
        "gedrukte keuze niet en weerlegt haar niet.",
        "The rows are synthetic: relations within the scale were made to fit printed figures, "
        "those with the other items were not printed. The outcome neither confirms nor refutes "
        "the printed choice.",
    ),
    "none": Label(
        "De rijen zijn synthetisch en de samenhang van deze uitspraken met de andere is niet "
        "gedrukt; wat hier staat komt van het maken van de rijen (veelal ruis) en zegt niets over "
        "de gedrukte keuze.",
        "The rows are synthetic and the relation of these items to the others was not printed; "
        "what stands here comes from making the rows (mostly noise) and says nothing about the "
        "printed choice.",
    ),
    "questionnaire": Label(
        "Volgt uit de vragenlijst, niet uit de antwoorden.",
        "Follows from the questionnaire, not from the answers.",
    ),
}

REASONS: dict[str, Label] = {
    "not_comparable": Label(
        "{item} is niet in elke sector gevraagd en blijft buiten de schaal, zodat de sectoren "
        "vergelijkbaar blijven",
        "{item} was not asked in every sector and is left out, so that sectors stay comparable",
    ),
    "no_order": Label(
        "de antwoorden op {value} van de uitspraken hebben geen volgorde",
        "the answers to {value} of the items have no order",
    ),
    "absent": Label("{item} ontbreekt in de gegevens", "{item} is absent from the data"),
    "constant": Label(
        "{item} kreeg van iedereen hetzelfde antwoord ({sector})",
        "{item} got the same answer from everyone ({sector})",
    ),
    "low_item_rest": Label(
        "{item} hangt te weinig samen met de andere uitspraken: {value} onder {limit} ({sector})",
        "{item} relates too little to the other items: {value} below {limit} ({sector})",
    ),
    "low_loading": Label(
        "{item} staat op zichzelf in de factoranalyse: lading {value} onder {limit} ({sector})",
        "{item} stands alone in the factor analysis: loading {value} below {limit} ({sector})",
    ),
    "alpha_rises": Label(
        "alpha gaat omhoog zonder {item}: van {limit} naar {value} ({sector})",
        "alpha rises without {item}: from {limit} to {value} ({sector})",
    ),
    "turned": Label(
        "{item} is voor dit oordeel omgedraaid, zodat geen uitspraak om haar richting afvalt",
        "{item} was turned round for this judgement, so that no item falls for its direction",
    ),
    "low_alpha": Label(
        "alpha is {value}, onder {limit} ({sector})", "alpha is {value}, below {limit} ({sector})"
    ),
    "enough_alpha": Label(
        "alpha is {value}, minstens {limit} ({sector})",
        "alpha is {value}, at least {limit} ({sector})",
    ),
    "no_factor": Label(
        "geen factor steekt uit boven die van uitspraken zonder samenhang ({sector})",
        "no factor exceeds those of unrelated items ({sector})",
    ),
    "too_few_items": Label(
        "er blijven {value} uitspraken over, minder dan {limit}",
        "{value} items would be left, fewer than {limit}",
    ),
    "too_many_dropped": Label(
        "er zouden {value} uitspraken af moeten, meer dan {limit}",
        "{value} items would have to go, more than {limit}",
    ),
    "not_computable": Label(
        "te weinig antwoorden om te rekenen ({sector})", "too few answers to compute ({sector})"
    ),
}
_COUNTS = ("no_order", "too_few_items", "too_many_dropped")
_EVERYONE = Label("alle antwoorden", "all answers")
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class ScaleRules:
    """When items form a scale.

    An item fails in a sector when its item-rest correlation is below `minimum_item_rest` or its
    loading on one factor below `minimum_loading`, and alpha rises without it. Failing items go
    one at a time, the weakest first. What is left forms a scale when alpha reaches
    `minimum_alpha` in every sector, parallel analysis finds a factor there, and neither too few
    items are left nor too many gone.

    Attributes
    ----------
    minimum_alpha : float
        The 2016 survey called sets with alphas from 0.638 scales.
    minimum_item_rest : float
    minimum_loading : float
        Of the standardised one-factor solution.
    minimum_items : int
        At least 2.
    maximum_dropped : float
        Largest share of the items that may go for failing (0 to 1): dropping until something is
        left finds a "scale" in noise.
    fails_in : {"every", "any"}
        Whether an item goes when it fails in every sector or in any.
    comparable : bool
        Whether items that one sector was not asked are left out.
    require_factor : bool
        Whether parallel analysis (components, 95th percentile) must find a factor.
    turn : bool
        Whether items of no scale that relate negatively to the others are turned round, so that
        none is dropped for its wording alone.
    missing : {"listwise", "pairwise"}
    n_parallel : int
        Replicates of the parallel analysis.
    seed : int or None
        Its seed.
    """

    minimum_alpha: float = 0.60
    minimum_item_rest: float = 0.20
    minimum_loading: float = 0.30
    minimum_items: int = 3
    maximum_dropped: float = 1 / 3
    fails_in: FailsIn = "every"
    comparable: bool = True
    require_factor: bool = True
    turn: bool = True
    missing: Missing = "listwise"
    n_parallel: int = 200
    seed: int | None = 0

    def __post_init__(self) -> None:
        limits = ("minimum_alpha", "minimum_item_rest", "minimum_loading")
        faults = range_faults(-1, 1, **{name: getattr(self, name) for name in limits})
        faults += count_faults(2, minimum_items=self.minimum_items)
        faults += range_faults(0, 1, maximum_dropped=self.maximum_dropped)
        if self.fails_in not in get_args(FailsIn):
            faults.append(f"fails_in: expected 'every' or 'any', got {self.fails_in!r}")
        if self.missing not in get_args(Missing):
            faults.append(f"missing: expected 'listwise' or 'pairwise', got {self.missing!r}")
        faults += count_faults(n_parallel=self.n_parallel)
        if faults:
            raise InputError("ScaleRules", faults)


@dataclass(frozen=True)
class Reason:
    """One reason for a decision.

    Attributes
    ----------
    code : str
        A key of :data:`REASONS`.
    item, sector : str
        What it is about; empty where it is about the set or all sectors.
    value, limit : float
        What was found and what it was held against; NaN where there is no number.
    label : Label
        Name of the item in Dutch and English.
    """

    code: str
    item: str = ""
    sector: str = ""
    value: float = float("nan")
    limit: float = float("nan")
    label: Label = field(default=Label("", ""))

    def text(self, language: Language = "nl") -> str:
        """Give the reason as a sentence in Dutch or English."""
        template = REASONS[self.code].text(check_language(language))
        value, limit = self._numbers()
        return template.format(
            item=f'"{self.label.text(language)}"' if self.label.nl else f'"{self.item}"',
            sector=_EVERYONE.text(language) if self.sector == WHOLE else self.sector,
            value=value.replace(".", ",") if language == "nl" else value,
            limit=limit.replace(".", ",") if language == "nl" else limit,
        )

    def _numbers(self) -> tuple[str, str]:
        """Give counts as they are, coefficients with as many decimals as tell them apart."""
        decimals = 0 if self.code in _COUNTS else 2
        value, limit = f"{self.value:.{decimals}f}", f"{self.limit:.{decimals}f}"
        while value == limit and self.value != self.limit and 0 < decimals < _MOST_DECIMALS:
            decimals += 1
            value, limit = f"{self.value:.{decimals}f}", f"{self.limit:.{decimals}f}"
        return value, limit
