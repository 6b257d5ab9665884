"""Why there are as many types as there are, in Dutch and English."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from swvtypes.language import Label

from .hierarchy import identified_superclusters

if TYPE_CHECKING:
    from .hierarchy import SuperclusterDecision
    from .routes import RouteFit, TypesTask
    from .specification import Route

VERDICTS = {
    "types": Label(
        "Eén glijdende dimensie verklaart de samenhang niet, typen wel: het zijn typen.",
        "One continuous dimension does not explain the association, types do: these are types.",
    ),
    "continuum": Label(
        "Eén glijdende dimensie verklaart de samenhang, typen niet: lees de typen als stukken van "
        "een continuüm, niet als soorten.",
        "One continuous dimension explains the association, types do not: read the types as "
        "stretches of a continuum, not as kinds.",
    ),
    "undecided": Label(
        "Of het typen zijn of stukken van een continuüm, beslissen deze gegevens niet.",
        "Whether these are types or stretches of a continuum, these data do not decide.",
    ),
    "neither": Label(
        "Noch typen noch één glijdende dimensie verklaren de samenhang helemaal.",
        "Neither types nor one continuous dimension explain the association altogether.",
    ),
}

NOT_TESTED = Label(
    "Of het typen zijn of stukken van een continuüm, is niet getoetst: lees de typen als een "
    "samenvatting, niet als soorten.",
    "Whether these are types or stretches of a continuum was not tested: read the types as a "
    "summary, not as kinds.",
)


class _Modes(NamedTuple):
    """What of a route's estimates are posterior modes, where its pseudo-cases are, the rest."""

    what: Label
    cases: Label
    rest: Label = Label("", "")

    def filled(self, size: str) -> Label:
        """Give the sentences, with the number of pseudo-cases."""
        nl = self.cases.nl.replace("#", size.replace(".", ","))
        en = self.cases.en.replace("#", size)
        return Label(
            f"{self.what.nl} zijn posterior-modi, geen zuivere meest aannemelijke schattingen: "
            f"{nl}, die antwoorden zoals het gemiddelde.{self.rest.nl}",
            f"{self.what.en} are posterior modes, not plain maximum likelihood estimates: {en}, "
            f"that answer as the average does.{self.rest.en}",
        )


_OF_TYPES = Label("Aandelen en kansen van de typen", "Shares and probabilities of the types")
_MODES: dict[Route, _Modes] = {
    "one_step": _Modes(
        _OF_TYPES,
        Label("per thema # pseudo-waarnemingen, gelijk verdeeld over typen en klassen",
              "# pseudo-cases in each theme, spread evenly over types and classes"),
    ),
    "two_step": _Modes(
        Label("Kansen van de antwoorden in de klassen van een thema",
              "Probabilities of the answers in the classes of a theme"),
        Label("per thema # pseudo-waarnemingen, gelijk verdeeld over de klassen",
              "# pseudo-cases in each theme, spread evenly over its classes"),
        Label(" Met die klassen vast zijn aandelen van de typen, en van klassen daarbinnen, meest "
              "aannemelijke schattingen.",
              " With those classes fixed, shares of the types, and of classes within them, are "
              "maximum likelihood estimates."),
    ),
    "one_class_analysis": _Modes(
        _OF_TYPES,
        Label("# pseudo-waarnemingen, gelijk verdeeld over de typen",
              "# pseudo-cases, spread evenly over the types"),
    ),
}  # fmt: skip


def existence_reasons(
    task: TypesTask,
    n_types: int,
    table: pd.DataFrame,
    decision: SuperclusterDecision | None,
) -> tuple[Label, ...]:
    """Sentences on the number of types."""
    names = ", ".join(task.themes)
    if len(task.themes) == 1:
        return (Label(
            f"Eén type: alleen het thema {names} heeft klassen, en typen over de thema's heen "
            "bestaan pas als klassen van minstens twee thema's samenhangen.",
            f"One type: only the theme {names} has classes, and types over the themes exist only "
            "if classes of at least two themes are associated.",
        ),)  # fmt: skip
    if n_types == 1:
        return _independent(task, table)
    found = [_associated(task, n_types, table)]
    if len(task.sectors) > 1:
        found.append(Label(
            "Sectoren zijn samengenomen: verschillen tussen sectoren tellen mee als samenhang.",
            "Sectors were taken together: differences between sectors count as association.",
        ))  # fmt: skip
    if decision is None:
        found.append(NOT_TESTED)
    elif decision.verdict in VERDICTS:
        found.append(VERDICTS[decision.verdict])
    return tuple(found)


def route_one_caution(n_types: int, claimed: int) -> tuple[Label, ...]:
    """Say what the class analysis of all items together claims, where that is not what holds."""
    if n_types > 1 or claimed == 1:
        return ()
    return (Label(
        f"Eén klassenanalyse over alle vragen samen, zoals in 2014, zou {claimed} typen noemen; "
        "dat bewijst niets, want dat doet zij ook bij thema's die niets met elkaar te maken "
        "hebben.",
        f"One class analysis of all items together, as in 2014, would name {claimed} types; that "
        "proves nothing, for it does so with unrelated themes as well.",
    ),)  # fmt: skip


def estimation_note(chosen: RouteFit) -> tuple[Label, ...]:
    """Say what of a route are posterior modes; by maximum likelihood it says nothing."""
    if not chosen.prior > 0:
        return ()
    size = f"{chosen.prior:g}"
    return (_MODES[chosen.route].filled(size),)


def _independent(task: TypesTask, table: pd.DataFrame) -> tuple[Label, ...]:
    evidence = _evidence(table, 1)
    reason = Label(
        f"Eén type: dat de klassen van de {len(task.themes)} thema's met elkaar samenhangen, is "
        f"niet aangetoond ({evidence.nl}).",
        f"One type: that the classes of the {len(task.themes)} themes are associated has not been "
        f"shown ({evidence.en}).",
    )
    return (reason,)


def _associated(task: TypesTask, n_types: int, table: pd.DataFrame) -> Label:
    below = _evidence(table, n_types - 1)
    text = Label(
        f"{n_types} typen: de klassen van de {len(task.themes)} thema's hangen samen ({below.nl})",
        f"{n_types} types: the classes of the {len(task.themes)} themes are associated "
        f"({below.en})",
    )
    if n_types in table.index and n_types + 1 in table.index:
        above = _evidence(table, n_types)
        return Label(
            f"{text.nl}; een type meer verbetert dat niet ({above.nl}).",
            f"{text.en}; one type more does not improve on that ({above.en}).",
        )
    return Label(f"{text.nl}.", f"{text.en}.")


def _evidence(table: pd.DataFrame, number: int) -> Label:
    """BIC and bootstrap of a number of types against one more."""
    p = float(table["p_value"][number])
    parts_nl, parts_en = [], []
    if number + 1 in table.index:
        gain = float(table["bic"][number]) - float(table["bic"][number + 1])
        word = ("daalt", "falls") if gain > 0 else ("stijgt", "rises")
        size = f"{abs(gain):.1f}"
        parts_nl.append(
            f"BIC {word[0]} met {size.replace('.', ',')} van {number} naar {number + 1}"
        )
        parts_en.append(f"BIC {word[1]} by {size} from {number} to {number + 1}")
    if np.isfinite(p):
        boot = int(table["n_boot"][number])
        parts_nl.append(f"bootstrap p = {p:.3f}, {boot} herhalingen".replace(".", ","))
        parts_en.append(f"bootstrap p = {p:.3f}, {boot} replicates")
    return Label("; ".join(parts_nl), "; ".join(parts_en))


def identification_note(
    n_types: int, theme_classes: Collection[int], max_types: int
) -> tuple[Label, ...]:
    """Say what the themes leave open: these types themselves, or whether there are more."""
    sizes = list(theme_classes)
    T = len([C for C in sizes if C > 1])
    if n_types <= max(1, identified_superclusters(sizes, n_types)):
        if n_types in (1, max_types) or identified_superclusters(sizes, n_types + 1) > n_types:
            return ()
        return (Label(
            f"Meer dan {n_types} typen zijn met de klassen van deze {T} thema's niet uit elkaar te "
            "houden: of er meer zijn, blijft open.",
            f"More than {n_types} types cannot be told apart by the classes of these {T} themes: "
            "whether there are more stays open.",
        ),)  # fmt: skip
    return (Label(
        f"De {T} thema's tonen samenhang, maar leggen {n_types} typen niet vast: andere aandelen "
        "en kansen passen even goed.",
        f"The {T} themes show association, but do not determine {n_types} types: other shares and "
        "probabilities fit as well.",
    ),)  # fmt: skip
