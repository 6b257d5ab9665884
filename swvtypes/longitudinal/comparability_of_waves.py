"""Which comparisons of two waves are legitimate, and how much the old types' questions still say.

Nothing is compared here: questions, codes and organisations are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from swvtypes.errors import InputError, OptionError
from swvtypes.language import Label, Language, check_language
from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk, Wave
from swvtypes.typology import Typology

from .common_items import ACCEPTED, CommonTypes, common_types, questions_of
from .comparability_texts import (
    drift_verdict,
    joint_verdict,
    moved_verdict,
    old_types_verdict,
    positions_verdict,
    profiles_verdict,
    split_verdict,
)
from .surviving_information import Survival, survival
from .verdict import Verdict

LEAST_INFORMATION = 0.5
LEAST_PAIRS = 10
KINDS = ("same", "recoded", "reworded")


@dataclass(frozen=True, eq=False, repr=False)
class Comparability:
    """How two waves compare.

    Attributes
    ----------
    before, after : str
        The waves.
    items : DataFrame by concept
        before, after (variables), comparability, note.
    information : DataFrame
        One row a set of types of the old typology: sectors, types, items, same, recoded, reworded,
        gone (numbers of items), share_same, share, share_reworded (part of the information in
        items that are the same; in those that are accepted; in those and reworded ones),
        agreement, accuracy, accuracy_all. Empty without a typology.
    verdicts : tuple of Verdict
        One a comparison (and set of types).
    crosswalk : ItemCrosswalk
        The one that was given, else names.
    n_pairs : int or None
        Organisations in both waves; None where unknown.
    """

    before: str
    after: str
    items: pd.DataFrame
    information: pd.DataFrame
    verdicts: tuple[Verdict, ...]
    crosswalk: ItemCrosswalk
    n_pairs: int | None

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Concepts that both waves asked in the same words and codes."""
        return self.concepts(("same",))

    def concepts(self, accept: Collection[str] = ACCEPTED) -> tuple[str, ...]:
        """Concepts whose comparability is among `accept`."""
        return tuple(self.items.index[self.items["comparability"].isin(list(accept))])

    def verdict(self, comparison: str, sectors: str = "") -> Verdict:
        """Give one verdict.

        Raises
        ------
        OptionError
            For a comparison that does not exist.
        """
        for found in self.verdicts:
            if found.comparison == comparison and sectors in ("", found.sectors):
                return found
        known = ", ".join(dict.fromkeys(repr(v.comparison) for v in self.verdicts))
        raise OptionError("comparison", f"one of {known}", comparison)

    @property
    def table(self) -> pd.DataFrame:
        """Verdicts as a table: comparison, sectors, possible, nl, en."""
        rows = [(v.comparison, v.sectors, v.possible, v.reason.nl, v.reason.en)
                for v in self.verdicts]  # fmt: skip
        return pd.DataFrame(rows, columns=["comparison", "sectors", "possible", "nl", "en"])

    def text(self, language: Language = "en") -> str:
        """Say in Dutch or English what can be compared, and what not and why."""
        check_language(language)
        lines = []
        for v in self.verdicts:
            mark = Label("ja", "yes") if v.possible else Label("nee", "no")
            head = v.title.text(language) + (f" ({v.sectors})" if v.sectors else "")
            lines.append(f"{head}: {mark.text(language)}. {v.reason.text(language)}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Comparability of {self.before} and {self.after}>\n{self.text('en')}"


def comparability(
    before: Wave | Typology,
    after: Wave | Typology,
    *,
    crosswalk: ItemCrosswalk | str | Path | None = None,
    organisations: OrganisationCrosswalk | str | Path | None = None,
    typology: Typology | None = None,
    accept: Collection[str] = ACCEPTED,
    least_information: float = LEAST_INFORMATION,
    position: str = "steering",
) -> Comparability:
    """Say which comparisons of two waves are legitimate, each with its reason.

    Parameters
    ----------
    before, after : Wave or Typology
        Of a typology the questions that it knows: the candidates of its themes.
    crosswalk : ItemCrosswalk or path, optional
        Which question is which; questions of the same name and categories when left out.
    organisations : OrganisationCrosswalk or path, optional
        Which organisation is which; those of the same name when left out.
    typology : Typology, optional
        The old one; `before` where that is one. Without it nothing is said of types.
    accept : collection of {"same", "recoded", "reworded"}
        Questions that may be scored by. Recoded ones are compared in the codes of the concept.
    least_information : float
        Part of the old typology's information that is needed for its types to be scored.
    position : str
        Concept of the self-rated position.

    Returns
    -------
    Comparability

    Raises
    ------
    InputError
        When both waves have one name.
    OptionError, CrosswalkError
    """
    if not 0.0 < least_information <= 1.0:
        raise OptionError("least_information", "a number above 0, at most 1", least_information)
    wrong = [a for a in accept if a not in KINDS]
    if wrong or not accept:
        raise OptionError("accept", "some of " + ", ".join(map(repr, KINDS)), list(accept))
    first, second = questions_of(before), questions_of(after)
    if first.wave == second.wave:
        fault = f"expected waves of different names, got {first.wave!r} twice"
        raise InputError("comparability", [fault])
    if isinstance(crosswalk, str | Path):
        crosswalk = ItemCrosswalk.read(crosswalk)
    if isinstance(organisations, str | Path):
        organisations = OrganisationCrosswalk.read(organisations)
    if crosswalk is None:
        crosswalk = ItemCrosswalk.of_names(first, second)
    else:
        for wave in (before, after):
            if isinstance(wave, Wave):
                crosswalk.check(wave)
    items = _asked(crosswalk, (first.wave, second.wave), (set(first.categories), before),
                   (set(second.categories), after))  # fmt: skip
    old = before if isinstance(before, Typology) else typology
    sets: tuple[CommonTypes, ...] = ()
    shares: list[tuple[Survival, ...]] = []
    if old is not None:
        waves = (first.wave, second.wave)
        present = set(second.categories) if isinstance(after, Wave) else None
        levels = (("same",), tuple(accept), tuple({*accept, "reworded"}))
        by_level = [common_types(old, crosswalk, waves, level, present) for level in levels]
        sets = by_level[1]
        shares = [tuple(survival(level[k]) for level in by_level) for k in range(len(sets))]
    pairs = _pairs(before, after, organisations)
    n_pairs = None if pairs is None else len(pairs)
    verdicts = _verdicts(items, sets, shares, (pairs, least_information, position))
    return Comparability(
        first.wave, second.wave, items, _information(sets, shares), verdicts, crosswalk, n_pairs
    )


def _asked(
    crosswalk: ItemCrosswalk,
    waves: tuple[str, str],
    first: tuple[set[str], Wave | Typology],
    second: tuple[set[str], Wave | Typology],
) -> pd.DataFrame:
    """Concepts of the two waves, as far as waves that are given have the variables."""
    table = crosswalk.common(*waves)
    if isinstance(first[1], Wave):
        table = table[table["before"].isin(first[0]) | (table["before"] == "")]
    if isinstance(second[1], Wave):
        lost = ~table["after"].isin(second[0]) & (table["after"] != "")
        table.loc[lost, "comparability"] = "gone"
        table.loc[lost, "after"] = ""
        table = table[(table["before"] != "") | (table["after"] != "")]
    return table


def _pairs(
    before: Wave | Typology, after: Wave | Typology, organisations: OrganisationCrosswalk | None
) -> pd.Series[str] | None:
    """Sector, at the later wave, of the organisations in both waves."""
    if not (isinstance(before, Wave) and isinstance(after, Wave)):
        return None
    first, sector = before.frame.index, after.frame["sector"].astype("str")
    if organisations is None:
        return sector[sector.index.isin(first)]
    links = [k for k in organisations.links if k.before in first]
    return sector[sector.index.isin([k.after for k in links])]


def _information(sets: tuple[CommonTypes, ...], shares: list[tuple[Survival, ...]]) -> pd.DataFrame:
    rows = []
    for common, (same, accepted, reworded) in zip(sets, shares, strict=True):
        kinds = [i.comparability if i.concepts else "gone" for i in common.items]
        rows.append(
            {
                "sectors": ", ".join(common.full.sectors), "types": common.full.n_types,
                "items": len(kinds), **{k: kinds.count(k) for k in (*KINDS, "gone")},
                "share_same": same.share, "share": accepted.share,
                "share_reworded": reworded.share, "agreement": accepted.agreement,
                "accuracy": accepted.accuracy, "accuracy_all": accepted.accuracy_all,
            }
        )  # fmt: skip
    columns = ["sectors", "types", "items", *KINDS, "gone", "share_same", "share",
               "share_reworded", "agreement", "accuracy", "accuracy_all"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _verdicts(
    items: pd.DataFrame,
    sets: tuple[CommonTypes, ...],
    shares: list[tuple[Survival, ...]],
    asked: tuple[pd.Series[str] | None, float, str],
) -> tuple[Verdict, ...]:
    pairs, least, position = asked
    n_pairs = None if pairs is None else len(pairs)
    counts = items["comparability"].value_counts().to_dict()
    found = [moved_verdict(n_pairs, LEAST_PAIRS)]
    for common, (same, accepted, _) in zip(sets, shares, strict=True):
        sectors = ", ".join(common.full.sectors)
        told = (len(common.kept), len(common.items))
        enough = pairs is None or int(pairs.isin(common.full.sectors).sum()) >= LEAST_PAIRS
        anchors = sum(i.comparability == "same" and bool(i.concepts) for i in common.items)
        found += [
            old_types_verdict(sectors, common.full.n_types, told, accepted.share, least),
            profiles_verdict(sectors, common.full.n_types, anchors, same.share, least),
            split_verdict(sectors, common.full.n_types, (anchors, same.share, least), enough),
        ]
    found += [
        drift_verdict(counts.get("same", 0), counts.get("recoded", 0), counts.get("reworded", 0)),
        joint_verdict(counts.get("same", 0), n_pairs, LEAST_PAIRS),
        positions_verdict(position, _kind_of(items, position), n_pairs, LEAST_PAIRS),
    ]
    return tuple(found)


def _kind_of(items: pd.DataFrame, concept: str) -> str:
    """How a concept compares: recoded where, by names, both waves have it with other answers."""
    kind = str(items["comparability"].get(concept, ""))
    named = items.index[items["after"] == concept]  # "steering (second)", see of_names
    if kind == "gone" and named.str.startswith(f"{concept} (").any():
        return "recoded"
    return kind
