"""Verdicts on comparisons, in sentences."""

from __future__ import annotations

import math

from swvtypes.language import Label

from .verdict import Verdict

MOVED = Label(
    "verplaatsing tussen de typen van beide golven", "moves between the types of both waves"
)
OLD_TYPES = Label("oude typen in de nieuwe golf", "old types in the new wave")
PROFILES = Label("verandering van profielen", "change of profiles")
SPLIT = Label(
    "splitsing in verplaatsing, profielen en vragen", "split into moves, profiles and questions"
)
DRIFT = Label("verandering van antwoorden per vraag", "change of answers by question")
JOINT = Label("gezamenlijk model over de golven", "joint model over the waves")
POSITIONS = Label("verandering van posities", "change of positions")
_ONE = Label(
    "De oude typologie heeft hier één type: er valt niets te onderscheiden.",
    "The old typology has one type here: there is nothing to tell apart.",
)


def moved_verdict(n: int | None, least: int) -> Verdict:
    """Types of both waves side by side need organisations, not questions, in common."""
    if n is None:
        reason = Label(
            "Vraagt gemeenschappelijke organisaties, geen gemeenschappelijke vragen; typen van "
            "verschillende vragenlijsten kunnen iets anders betekenen.",
            "Needs organisations in common, not questions; types of different questionnaires may "
            "mean different things.",
        )
        return Verdict("moved", "", True, MOVED, reason)
    if n < least:
        return Verdict("moved", "", False, MOVED, _few(n, least))
    reason = Label(
        f"{n} organisaties staan in beide golven; typen van verschillende vragenlijsten kunnen "
        "iets anders betekenen.",
        f"{n} organisations are in both waves; types of different questionnaires may mean "
        "different things.",
    )
    return Verdict("moved", "", True, MOVED, reason)


def old_types_verdict(
    sectors: str, types: int, items: tuple[int, int], share: float, least: float
) -> Verdict:
    """Old types can be scored where enough of their information is left."""
    if types == 1:
        return Verdict("old_types", sectors, False, OLD_TYPES, _ONE)
    kept, every = items
    percent = f"{100 * share:.0f}%"
    possible = share >= least
    if possible:
        reason = Label(
            f"{kept} van de {every} items zijn vergelijkbaar en dragen {percent} van de "
            "informatie over de oude typen.",
            f"{kept} of the {every} items compare, with {percent} of the information about the "
            "old types.",
        )
    else:
        reason = Label(
            f"De {kept} vergelijkbare van de {every} items dragen maar {percent} van de informatie "
            f"over de oude typen; nodig is {100 * least:.0f}%.",
            f"The {kept} of {every} items that compare carry only {percent} of the information "
            f"about the old types; {100 * least:.0f}% is needed.",
        )
    return Verdict("old_types", sectors, possible, OLD_TYPES, reason)


def profiles_verdict(sectors: str, types: int, anchors: int, share: float, least: float) -> Verdict:
    """Profiles change against items that did not."""
    if types == 1:
        return Verdict("profiles", sectors, False, PROFILES, _ONE)
    if _anchored(anchors, share, least):
        reason = Label(
            f"{anchors} ongewijzigde items dragen {_percent(share)} van de informatie en houden de "
            "typen vast.",
            f"{anchors} unchanged items carry {_percent(share)} of the information and hold the "
            "types in place.",
        )
        return Verdict("profiles", sectors, True, PROFILES, reason)
    return Verdict("profiles", sectors, False, PROFILES, _no_anchors(anchors, share, least))


def split_verdict(
    sectors: str, types: int, held: tuple[int, float, float], enough: bool
) -> Verdict:
    """Give the verdict on a split: identified by unchanged items and common organisations only."""
    if types == 1:
        return Verdict("split", sectors, False, SPLIT, _ONE)
    anchors, share, least = held
    if not enough:
        reason = Label(
            "Niet geïdentificeerd: te weinig organisaties in beide golven.",
            "Not identified: too few organisations in both waves.",
        )
        return Verdict("split", sectors, False, SPLIT, reason)
    if not _anchored(anchors, share, least):
        why = _no_anchors(anchors, share, least)
        reason = Label(f"Niet geïdentificeerd. {why.nl}", f"Not identified. {why.en}")
        return Verdict("split", sectors, False, SPLIT, reason)
    reason = Label(
        f"{anchors} ongewijzigde items dragen {_percent(share)} van de informatie.",
        f"{anchors} unchanged items carry {_percent(share)} of the information.",
    )
    return Verdict("split", sectors, True, SPLIT, reason)


def too_few_to_split(n: int, least: int) -> Label:
    """Say that too few organisations are in both waves for a split."""
    few = _few(n, least)
    return Label(f"Niet geïdentificeerd. {few.nl}", f"Not identified. {few.en}")


def no_fresh_types(sectors: str) -> Label:
    """Say that the fresh typology has not the sectors' own types."""
    return Label(
        f"Niet geïdentificeerd. De nieuwe typologie heeft geen typen van {sectors} naast elkaar.",
        f"Not identified. The fresh typology has no types of {sectors} beside each other.",
    )


def drift_verdict(same: int, recoded: int, reworded: int) -> Verdict:
    """Answers compare where words and codes do."""
    if same + recoded == 0:
        reason = Label(
            f"Geen vraag is in beide golven gelijk ({reworded} anders geformuleerd).",
            f"No question is the same in both waves ({reworded} reworded).",
        )
        return Verdict("drift", "", False, DRIFT, reason)
    reason = Label(
        f"Gelijke vragen: {same}; vergelijkbaar na omcoderen: {recoded}; anders geformuleerd en "
        f"weggelaten: {reworded}.",
        f"Questions that are the same: {same}; that compare once recoded: {recoded}; reworded and "
        f"left out: {reworded}.",
    )
    return Verdict("drift", "", True, DRIFT, reason)


def joint_verdict(same: int, n: int | None, least: int) -> Verdict:
    """One model for all waves needs the same questions to the same organisations."""
    if n is not None and n < least:
        return Verdict("joint_model", "", False, JOINT, _few(n, least))
    if same < 2:
        reason = Label(
            f"Nodig zijn ten minste twee gelijke vragen; het zijn er {same}.",
            f"At least two questions that are the same are needed; there are {same}.",
        )
        return Verdict("joint_model", "", False, JOINT, reason)
    reason = Label(
        f"{same} vragen zijn in beide golven gelijk.",
        f"{same} questions are the same in both waves.",
    )
    return Verdict("joint_model", "", True, JOINT, reason)


def positions_verdict(position: str, kind: str, n: int | None, least: int) -> Verdict:
    """Positions compare where the same question was asked of the same organisations."""
    if kind != "same":
        words = {
            "recoded": Label("heeft andere antwoorden", "has other answers"),
            "reworded": Label("is anders geformuleerd", "is reworded"),
            "new": Label("is alleen later gesteld", "was asked later only"),
            "gone": Label("is alleen eerder gesteld", "was asked earlier only"),
        }
        why = words.get(kind, Label("is in geen van beide gesteld", "was asked in neither"))
        reason = Label(f"De vraag {position!r} {why.nl}.", f"The question {position!r} {why.en}.")
        return Verdict("positions", "", False, POSITIONS, reason)
    if n is not None and n < least:
        return Verdict("positions", "", False, POSITIONS, _few(n, least))
    reason = Label(
        f"De vraag {position!r} is in beide golven gelijk.",
        f"The question {position!r} is the same in both waves.",
    )
    return Verdict("positions", "", True, POSITIONS, reason)


def _anchored(anchors: int, share: float, least: float) -> bool:
    return anchors >= 2 and not math.isnan(share) and share >= least


def _no_anchors(anchors: int, share: float, least: float) -> Label:
    return Label(
        f"De {anchors} ongewijzigde items dragen {_percent(share)} van de informatie over de "
        f"typen; nodig is {100 * least:.0f}% om te zeggen of type of vraag veranderde.",
        f"The {anchors} unchanged items carry {_percent(share)} of the information about the "
        f"types; {100 * least:.0f}% is needed to tell a changed type from a changed question.",
    )


def _few(n: int, least: int) -> Label:
    return Label(
        f"{n} organisaties staan in beide golven; nodig zijn er {least}.",
        f"{n} organisations are in both waves; {least} are needed.",
    )


def _percent(share: float) -> str:
    return "0%" if math.isnan(share) else f"{100 * share:.0f}%"
