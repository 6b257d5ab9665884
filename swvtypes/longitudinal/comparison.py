"""Lay one membership beside another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import beta

from swvtypes.errors import OptionError
from swvtypes.lca.design import Floats, Integers
from swvtypes.membership import Membership

from .agreement import (
    Agreement,
    Deals,
    adjusted_mutual_information,
    adjusted_rand,
    deal,
    jaccard,
    kappa,
    kappa_of_pairs,
    measured,
    mutual_information,
    square,
)
from .alignment import Alignment, align_as_stated, align_by_members, pairs_by_members
from .detectability import Detectability, smallest_mover_rate
from .pairs import Labels, Pairs, pair_up
from .symmetry import SymmetryTest, bowker, stuart_maxwell

Align = Literal["members", "names"]


@dataclass(frozen=True, eq=False, repr=False)
class MembershipComparison:
    """Two memberships of the same organisations, side by side.

    Survey weights play no part: the figures count the organisations that both memberships type.

    Attributes
    ----------
    pairs : Pairs
        The organisations, and those left out.
    alignment : Alignment
        Which type is which.
    ari, ami, kappa : Agreement
        Adjusted Rand index, adjusted mutual information and (after alignment) Cohen's kappa: each
        a float that also has ``low``, ``high``, ``chance`` and ``p_value``.
    bowker, stuart_maxwell : SymmetryTest
        After alignment; exact or by flips.
    detectability : Detectability or None
        The smallest share of movers that would show; None unless both are memberships with
        probabilities and the types are matched one to one.
    level : float
        Coverage of intervals.
    """

    pairs: Pairs
    alignment: Alignment
    ari: Agreement
    ami: Agreement
    kappa: Agreement
    bowker: SymmetryTest
    stuart_maxwell: SymmetryTest
    detectability: Detectability | None
    level: float
    _jaccard: tuple[Agreement, ...]

    @cached_property
    def transitions(self) -> pd.DataFrame:
        """Counts: types before (rows) by types after (columns)."""
        return pd.DataFrame(
            self.pairs.table,
            index=pd.Index(self.pairs.types_before, name="before"),
            columns=pd.Index(self.pairs.types_after, name="after"),
        )

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Transition rates, one row a cell: before, after, count, of, rate, low, high.

        Intervals are those of Jeffreys (Brown, Cai and DasGupta 2001), reaching 0 and 1 where all
        or none changed. Rates are naive: errors of assignment make them too high; see
        :func:`~swvtypes.longitudinal.corrected_transitions`.
        """
        rows = []
        for before, counts in self.transitions.iterrows():
            n = int(counts.sum())
            for after, count in counts.items():
                low, high = jeffreys_interval(int(count), n, self.level)
                rate = count / n if n else float("nan")
                rows.append((before, after, int(count), n, rate, low, high))
        columns = ["before", "after", "count", "of", "rate", "low", "high"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def jaccard(self) -> pd.Series[float]:
        """Jaccard index of every type before with its partner; NaN without one."""
        found = dict(zip(self.alignment.partner, map(float, self._jaccard), strict=True))
        values = [found.get(name, float("nan")) for name in self.pairs.types_before]
        return pd.Series(values, index=list(self.pairs.types_before), name="jaccard")

    @cached_property
    def measures(self) -> pd.DataFrame:
        """Every measure of agreement: value, low, high, chance, p_value."""
        named = {"adjusted Rand index": self.ari, "adjusted mutual information": self.ami,
                 "kappa": self.kappa}  # fmt: skip
        for name, value in zip(self.alignment.partner, self._jaccard, strict=True):
            named[f"Jaccard {name} - {self.alignment.partner[name]}"] = value
        rows = {k: (float(v), v.low, v.high, v.chance, v.p_value) for k, v in named.items()}
        return pd.DataFrame.from_dict(
            rows, orient="index", columns=["value", "low", "high", "chance", "p_value"]
        )

    @cached_property
    def moved(self) -> pd.Series[bool]:
        """Whether each organisation changed type, after alignment."""
        names = np.array(self.pairs.types_before, dtype=object)[self.pairs.before]
        partner = [self.alignment.partner.get(name) for name in names]
        now = np.array(self.pairs.types_after, dtype=object)[self.pairs.after]
        return pd.Series(
            [a != b for a, b in zip(partner, now, strict=True)],
            index=self.pairs.organisations, name="moved",
        )  # fmt: skip

    def __repr__(self) -> str:
        changed = int(self.moved.sum())
        lines = [
            f"<MembershipComparison of {self.pairs.n} organisations, "
            f"{changed} assigned another type>",
            f"adjusted Rand index {self.ari!r}",
            f"adjusted mutual information {self.ami!r}",
            f"kappa {self.kappa!r}",
            f"Bowker p = {self.bowker.p_value:.3f}, "
            f"Stuart-Maxwell p = {self.stuart_maxwell.p_value:.3f}",
        ]
        if self.detectability is not None:
            lines.append(self.detectability.text("en"))
        return "\n".join(lines)


def compare_memberships(
    before: Labels,
    after: Labels,
    *,
    organisations: Mapping[object, object] | None = None,
    align: Align | Mapping[str, str] = "members",
    n_draws: int = 999,
    level: float = 0.95,
    random_state: int | None = 0,
) -> MembershipComparison:
    """Lay one membership beside another.

    Parameters
    ----------
    before, after : Membership or Series by organisation
        Types at the two occasions; of a Membership the modal ones.
    organisations : mapping, optional
        Identity of earlier organisations at the later occasion, where it changed.
    align : {"members", "names"} or mapping
        Match types so that most organisations keep theirs; or those of the same name; or as
        stated, type before to type after.
    n_draws : int
        Random deals, resamples and flips.
    level : float
        Coverage of intervals.
    random_state : int or None
        Seed.

    Returns
    -------
    MembershipComparison

    Raises
    ------
    InputError, OptionError

    Notes
    -----
    Organisations without a type at one of the occasions are left out and listed in ``pairs``.
    Bootstrap intervals draw organisations with replacement; the chance level deals the later types
    out at random. Kappa after alignment on members is too high by the alignment; its chance level
    is aligned anew in every deal and shows by how much.

    Examples
    --------
    >>> before = pd.Series(["A", "A", "B", "B", "B"], index=list("vwxyz"))
    >>> after = pd.Series(["1", "1", "2", "2", "1"], index=list("vwxyz"))
    >>> found = compare_memberships(before, after)
    >>> found.alignment.partner, int(found.moved.sum())
    ({'A': '1', 'B': '2'}, 1)
    >>> found.transitions.loc["B"].tolist()
    [1, 2]
    """
    if not 0.0 < level < 1.0:
        raise OptionError("level", "a number between 0 and 1", level)
    if n_draws < 1:
        raise OptionError("n_draws", "at least 1", n_draws)
    pairs = pair_up(before, after, organisations)
    alignment = _align(pairs, align)
    generator = np.random.default_rng(random_state)
    deals = deal(pairs.table, n_draws, generator)
    places = _places(pairs, alignment)
    lined_up = square(pairs.table, places)
    return MembershipComparison(
        pairs,
        alignment,
        measured(
            float(adjusted_rand(pairs.table)), adjusted_rand(deals.resampled),
            adjusted_rand(deals.chance), level,
        ),
        _adjusted_information(pairs.table, deals, level),
        _kappa(pairs, places, deals, align, level),
        bowker(lined_up, n_draws, generator),
        stuart_maxwell(lined_up, n_draws, generator),
        _detectability(before, after, pairs, alignment),
        level,
        _jaccards(pairs, places, deals, level),
    )  # fmt: skip


def jeffreys_interval(count: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of a proportion from the beta distribution with a prior of one half each."""
    if n == 0:
        return float("nan"), float("nan")
    tail = (1.0 - level) / 2.0
    low = 0.0 if count == 0 else float(beta.ppf(tail, count + 0.5, n - count + 0.5))
    high = 1.0 if count == n else float(beta.ppf(1.0 - tail, count + 0.5, n - count + 0.5))
    return low, high


def _align(pairs: Pairs, align: Align | Mapping[str, str]) -> Alignment:
    if isinstance(align, Mapping):
        return align_as_stated(align, pairs.types_before, pairs.types_after)
    if align == "members":
        return align_by_members(pairs.table, pairs.types_before, pairs.types_after)
    if align == "names":
        same = {name: name for name in pairs.types_before if name in pairs.types_after}
        return align_as_stated(same, pairs.types_before, pairs.types_after)
    raise OptionError("align", "'members', 'names' or a mapping of types", align)


def _places(pairs: Pairs, alignment: Alignment) -> Integers:
    rows = [
        (pairs.types_before.index(a), pairs.types_after.index(b))
        for a, b in alignment.partner.items()
    ]
    return np.array(rows, dtype=np.intp).reshape(-1, 2)


def _adjusted_information(counts: Integers, deals: Deals, level: float) -> Agreement:
    value = adjusted_mutual_information(counts)
    resampled = np.array([adjusted_mutual_information(c) for c in deals.resampled])
    plain, chance = float(mutual_information(counts)), mutual_information(deals.chance)
    # Margins are the same in every deal, so that the adjustment is a straight line.
    first = int(np.abs(chance - plain).argmax())
    far, at_far = chance[first], adjusted_mutual_information(deals.chance[first])
    if abs(far - plain) < 1e-12:
        return measured(value, resampled, np.full(len(chance), value), level)
    slope = (value - at_far) / (plain - far)
    return measured(value, resampled, value + slope * (chance - plain), level)


def _kappa(pairs: Pairs, places: Integers, deals: Deals, align: object, level: float) -> Agreement:
    value = float(kappa(square(pairs.table, places)))
    resampled = kappa(square(deals.resampled, places))
    if align != "members":
        return measured(value, resampled, kappa(square(deals.chance, places)), level)
    anew = pairs_by_members(deals.chance, pairs.types_before, pairs.types_after)
    chance = [kappa_of_pairs(*dealt) for dealt in zip(deals.chance, anew, strict=True)]
    return measured(value, resampled, np.array(chance), level)


def _jaccards(pairs: Pairs, places: Integers, deals: Deals, level: float) -> tuple[Agreement, ...]:
    value = jaccard(pairs.table, places)
    resampled, chance = jaccard(deals.resampled, places), jaccard(deals.chance, places)
    return tuple(
        measured(float(value[p]), resampled[:, p], chance[:, p], level) for p in range(len(places))
    )


def _detectability(
    before: Labels, after: Labels, pairs: Pairs, alignment: Alignment
) -> Detectability | None:
    if not (isinstance(before, Membership) and isinstance(after, Membership)):
        return None
    if alignment.without_before or alignment.without_after or not alignment.partner:
        return None
    first = before.classification_error("modal").assigned_given_true.fillna(0.0)
    second = after.classification_error("modal").assigned_given_true.fillna(0.0)
    rows, columns = list(alignment.partner), list(alignment.partner.values())
    errors: tuple[Floats, Floats] = (
        first.loc[rows, rows].to_numpy(), second.loc[columns, columns].to_numpy()
    )  # fmt: skip
    sizes = np.bincount(pairs.before, minlength=len(pairs.types_before)).astype(float)
    shares = sizes[[pairs.types_before.index(r) for r in rows]] / max(sizes.sum(), 1.0)
    return smallest_mover_rate(pairs.n, errors, shares)
