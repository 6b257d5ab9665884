"""Whether a conclusion about groups hangs on where the continuum was cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .correlations import within_strata
from .cutting import Cuts, every_cut
from .group_rows import Grouped, Row, f_for, without
from .options import SteeringOptions
from .permutations import Rearrangement
from .variance_tests import group_basis, rearranged_squares, share_beyond

_NAN = float("nan")


@dataclass(frozen=True)
class CutFindings:
    """One aspect in one scope under every admissible cut.

    Attributes
    ----------
    rows : tuple of dict
        One a cut: scope, cuts, chosen, smallest_group, f, df1, df2, p_value, order.
    summary : dict
        scope, n_cuts, n_significant, p_chosen, p_smallest, p_largest, p_permutation,
        p_any_cut, same_order, reading.
    """

    rows: tuple[Row, ...]
    summary: Row


def try_every_cut(part: Grouped, options: SteeringOptions, key: tuple[int, ...]) -> CutFindings:
    """Repeat the test of equal means under every cut into as many groups.

    Parameters
    ----------
    part : Grouped
        With the cut chosen.
    options : SteeringOptions
        Cuts that leave a group with fewer than ``minimum_group`` of these rows do not count.
    key : tuple of int
        Place of this test among the seeds.

    Returns
    -------
    CutFindings
        `p_permutation` is the test of the chosen cut by rearranging answers (within strata);
        `p_any_cut` that of the cut with the largest F of all, which is what a test amounts to
        when the cut was chosen after seeing the answers. Both NaN under weights.
    """
    cuts = _admissible(part, options.minimum_group)
    rows = [_row(without(part, cut), part.cuts) for cut in cuts]
    p_values = np.array([row["p_value"] for row in rows], dtype=float)
    chosen = float(f_for(part).p_value)
    p_permutation, p_any = _by_rearrangement(part, cuts, options, key)
    known = p_values[~np.isnan(p_values)]
    significant = int((known < options.alpha).sum())
    orders = [row["order"] for row in rows]
    own = _order(part)
    summary: Row = {
        "scope": part.rows.scope,
        "n_cuts": len(known),
        "n_significant": significant,
        "p_chosen": chosen,
        "p_smallest": float(known.min()) if len(known) else _NAN,
        "p_largest": float(known.max()) if len(known) else _NAN,
        "p_permutation": p_permutation,
        "p_any_cut": p_any,
        "same_order": orders.count(own) / len(orders) if orders else _NAN,
        "reading": _reading(chosen, significant, len(known), options.alpha),
    }
    return CutFindings(tuple(rows), summary)


def _admissible(part: Grouped, least: int) -> list[Cuts]:
    width = len(part.cuts.names)
    if np.ptp(part.rows.y) == 0 if len(part.rows.y) else True:
        return []
    return [
        cut
        for cut in every_cut(part.cuts)
        if np.bincount(cut.codes(part.rows.x), minlength=width).min() >= least
    ]


def _row(part: Grouped, chosen: Cuts) -> Row:
    found = f_for(part)
    return {
        "scope": part.rows.scope,
        "cuts": " / ".join(part.cuts.ranges),
        "chosen": part.cuts == chosen,
        "smallest_group": int(np.bincount(part.codes, minlength=len(part.cuts.names)).min()),
        "f": found.statistic,
        "df1": found.df1,
        "df2": found.df2,
        "p_value": found.p_value,
        "order": _order(part),
    }


def _order(part: Grouped) -> str:
    """Give the groups from the lowest to the highest mean, by their place on the continuum."""
    means = {}
    for group in range(len(part.cuts.names)):
        y, weights = part.sample(group)
        if len(y):
            means[group + 1] = float(np.average(y, weights=weights))
    return " < ".join(str(group) for group in sorted(means, key=lambda g: (means[g], g)))


def _by_rearrangement(
    part: Grouped, cuts: list[Cuts], options: SteeringOptions, key: tuple[int, ...]
) -> tuple[float, float]:
    rows = part.rows
    if rows.weights is not None or len(rows.y) < 3:
        return _NAN, _NAN
    residuals = within_strata(rows.y, rows.strata, np.ones(len(rows.y)))
    if not residuals.any():
        return _NAN, _NAN
    bases = [group_basis(part.codes, rows.strata)]
    bases += [group_basis(cut.codes(rows.x), rows.strata) for cut in cuts]
    plan = Rearrangement(options.replicates, options.seed, key)
    found, drawn = rearranged_squares(residuals, bases, rows.strata, plan)
    own = share_beyond(float(found[0]), drawn[:, 0]) if bases[0].df1 else _NAN
    if len(cuts) == 0:
        return own, _NAN
    return own, share_beyond(float(found[1:].max()), drawn[:, 1:].max(axis=1))


def _reading(chosen: float, significant: int, known: int, alpha: float) -> str:
    if np.isnan(chosen) or known == 0:
        return "undefined"
    if significant == 0 and chosen >= alpha:
        return "never"
    if significant == known and chosen < alpha:
        return "always"
    if chosen < alpha:
        return "mostly" if significant > known / 2 else "seldom"
    return "elsewhere"
