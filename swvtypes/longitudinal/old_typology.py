"""The old typology on the new wave, beside the fresh one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from swvtypes.errors import InformationError, OptionError, TypologyError
from swvtypes.language import Label, Language
from swvtypes.membership import Membership, Origin
from swvtypes.survey import ItemCrosswalk, Wave
from swvtypes.typology import Typology

from .common_items import (
    ACCEPTED,
    CommonTypes,
    common_answers,
    common_types,
    questions_of,
)
from .comparability_of_waves import LEAST_INFORMATION
from .comparison import MembershipComparison, compare_memberships
from .surviving_information import survival
from .typology_parts import joined, score_types

_LEAST = 5


@dataclass(frozen=True, eq=False, repr=False)
class OldTypology:
    """Old types in a new wave.

    Attributes
    ----------
    membership : Membership
        Of the new wave's organisations in the old types; NaN for sectors whose items carry too
        little, or that the old typology does not know.
    shares : DataFrame by type
        sectors, before (in the old wave), after (re-estimated in the new one, or kept).
    information : DataFrame
        sectors, items, kept, share, agreement, scored; a row a set of sectors of the old typology,
        then one a sector that it does not know (items 0).
    unknown : Series by item
        Answers of a category that the old typology does not know, taken as missing.
    fresh : MembershipComparison or None
        Old types before, fresh types after, of the same organisations and answers; None without a
        fresh membership or with too few organisations in common.
    """

    membership: Membership
    shares: pd.DataFrame
    information: pd.DataFrame
    unknown: pd.Series[int]
    fresh: MembershipComparison | None

    def text(self, language: Language = "en") -> str:
        """Say in Dutch or English what came of it."""
        lines = []
        for row in self.information.to_dict("records"):
            if row["scored"]:
                said = Label(
                    f"{row['sectors']}: {row['kept']} van {row['items']} items, "
                    f"{100 * row['share']:.0f}% van de informatie",
                    f"{row['sectors']}: {row['kept']} of {row['items']} items, "
                    f"{100 * row['share']:.0f}% of the information",
                )
            else:
                unknown = Label(" (de oude typologie kent deze sector niet)",
                                " (the old typology does not know this sector)")  # fmt: skip
                why = Label("", "") if row["items"] else unknown
                said = Label(
                    f"{row['sectors']}: niet te scoren{why.nl}",
                    f"{row['sectors']}: not scored{why.en}",
                )
            lines.append(said.text(language))
        for name, share in self.shares.to_dict("index").items():
            lines.append(f"{name}: {100 * share['before']:.0f}% > {100 * share['after']:.0f}%")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<OldTypology on {self.membership.wave!r}>\n{self.text('en')}"


def score_old_typology(
    typology: Typology,
    wave: Wave,
    *,
    crosswalk: ItemCrosswalk | None = None,
    fresh: Membership | None = None,
    keep_shares: bool = False,
    accept: Collection[str] = ACCEPTED,
    least_information: float = LEAST_INFORMATION,
) -> OldTypology:
    """Score a new wave with an old typology, in the questions that both have.

    Parameters
    ----------
    typology : Typology
        The old one.
    wave : Wave
        The new one.
    crosswalk : ItemCrosswalk, optional
        Questions of the same name and categories when left out.
    fresh : Membership, optional
        Of the new wave, in types of its own.
    keep_shares : bool
        Keep the shares of the old wave; re-estimated by default, for old shares pull organisations
        to the old answer.
    accept : collection of {"same", "recoded", "reworded"}
        Questions to score by.
    least_information : float
        Part of the information that the accepted items must carry; sets of types with less have
        no membership.

    Returns
    -------
    OldTypology

    Raises
    ------
    InformationError
        When no set of types can be scored; says of each why.
    TypologyError
        When the old typology knows no sector of the wave.
    OptionError, CrosswalkError

    Notes
    -----
    Missing answers are integrated out. Survey weights of the wave weigh the shares.
    """
    if not 0.0 < least_information <= 1.0:
        raise OptionError("least_information", "a number above 0, at most 1", least_information)
    old, new = questions_of(typology), questions_of(wave)
    if crosswalk is None:
        crosswalk = ItemCrosswalk.of_names(old, new)
    waves = (old.wave, new.wave)
    sets = common_types(typology, crosswalk, waves, accept, set(wave.variables))
    parts, rows, faults, shares = [], [], [], []
    unknown: dict[str, int] = {}
    sector = wave.frame["sector"].astype("str")
    present = [s for s in wave.sectors if (sector == s).any()]
    strange = [s for s in present if not any(s in c.full.sectors for c in sets)]
    if len(strange) == len(present):
        told = [f"sector {s!r}: the old typology does not know it" for s in strange]
        raise TypologyError("old typology", told)
    for common in sets:
        mine = sector[sector.isin(list(common.full.sectors))]
        left = survival(common)
        # One type needs no information.
        enough = common.full.n_types == 1 or left.share >= least_information
        scored = enough and len(mine) > 0
        rows.append((", ".join(common.full.sectors), len(common.items), len(common.kept),
                     left.share, left.agreement, scored))  # fmt: skip
        if not enough:
            faults.append(
                f"{', '.join(common.full.sectors)}: the {len(common.kept)} of {len(common.items)} "
                f"items that compare carry {left.share:.0%} of the information; the limit is "
                f"{least_information:.0%}"
            )
        if not scored:
            continue
        answers = common_answers(common, crosswalk, wave, waves, unknown).loc[mine.index]
        weight = wave.survey_weight
        scores = score_types(
            common.model, answers, mine, "keep" if keep_shares else "refit",
            None if weight is None else weight[mine.index],
        )  # fmt: skip
        parts.append(scores)
        shares += _shares(common, scores.shares)
    if not parts:
        raise InformationError("old typology", faults)
    kept = tuple(dict.fromkeys(name for c in sets for name in c.kept))
    made = Membership.from_probabilities(
        joined(parts, wave.frame.index), sector, Origin(wave.name, wave.year, "super", kept),
        weights=wave.survey_weight,
    )  # fmt: skip
    rows += [(name, 0, 0, float("nan"), float("nan"), False) for name in strange]
    columns = ["sectors", "items", "kept", "share", "agreement", "scored"]
    return OldTypology(
        made,
        pd.DataFrame(shares, columns=["type", "sectors", "before", "after"]).set_index("type"),
        pd.DataFrame(rows, columns=columns),
        pd.Series(unknown, name="unknown", dtype="int64"),
        _beside(made, fresh),
    )


def _shares(common: CommonTypes, after: object) -> list[tuple[str, str, float, float]]:
    import numpy as np

    now = np.asarray(after, dtype=float)
    return [
        (name, sector, float(common.full.shares[g, k]), float(now[g, k]))
        for g, sector in enumerate(common.full.sectors)
        for k, name in enumerate(common.full.types)
    ]


def _beside(old: Membership, fresh: Membership | None) -> MembershipComparison | None:
    if fresh is None:
        return None
    known = old.modal.dropna().index
    if known.isin(fresh.modal.dropna().index).sum() < _LEAST:
        return None
    return compare_memberships(old, fresh)
