"""Relations of the position to budget, services, scales, gaps, support profiles, and context."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.survey import Wave

from .aspects import NO_ASPECTS, Aspect, AspectChoice, aspect_values, choose_aspects
from .correlations import Correlation, correlate, rank_correlate
from .detectability import detectable_correlation, provable_correlation
from .equivalence import check_margin, equivalent_correlation
from .multiplicity import adjust
from .options import SteeringOptions
from .permutations import Rearrangement, exact_sum_test, random_correlation_test
from .relation_text import relation_lines
from .scopes import ADJUSTED, POOLED, Positions, Rows, read_positions, rows_by_scope
from .verdicts import decide

_NAN = float("nan")


@dataclass(frozen=True, eq=False)
class Relations:
    """How the position relates to each aspect.

    Attributes
    ----------
    variable : str
    table : DataFrame
        A row an aspect and scope (``"(pooled)"``, ``"(adjusted)"``: sector means taken out, and
        each sector): aspect, block, scope, n, r, lower, upper, p_value, p_exact (by
        rearrangement, within sectors where adjusted; NaN where not asked), exact ("all" when
        every rearrangement was counted, "random", or ""), spearman, spearman_lower,
        spearman_upper, p_spearman, p_holm (within block and scope), p_holm_all and q_all (Holm
        and false discovery rate over all aspects of a scope), p_equivalence,
        p_equivalence_holm (over all aspects of a scope), detectable (the correlation that this
        design shows with the power asked), provable (the narrowest margin it can show),
        verdict (on raw p values) and verdict_adjusted (on p_holm_all and p_equivalence_holm).
    between : DataFrame
        A row an aspect with more than one sector: aspect, pooled, adjusted, p_pooled,
        p_adjusted, smallest_p (of the sectors), p_differ (chi-square test that the correlations
        of the sectors are equal, on Fisher's z), reading: "agrees"; "between_sectors" (pooled
        alone: it rests on differences between sectors); "masked" (only once sectors are taken
        out); "small_sectors" (pooled and adjusted, in no sector by itself).
    labels : dict of str to Label
        Label of each aspect.
    margin : float
        Correlation stated beforehand.
    options : SteeringOptions
    synthetic, carries_weights : bool
    """

    variable: str
    table: pd.DataFrame
    between: pd.DataFrame
    labels: Mapping[str, Label]
    margin: float
    options: SteeringOptions
    synthetic: bool
    carries_weights: bool

    def text(self, language: Language = "nl") -> str:
        """Say in sentences what was found, with what must be said of the rows.

        Raises
        ------
        OptionError
            When the language is neither ``"nl"`` nor ``"en"``.
        """
        check_language(language)
        return "\n".join(relation_lines(self, language))


def relations(
    wave: Wave,
    *,
    margin: float,
    variable: str = "steering",
    aspects: AspectChoice = None,
    options: SteeringOptions | None = None,
) -> Relations:
    """Relate the position to other aspects, one by one.

    Parameters
    ----------
    wave : Wave
    margin : float
        Correlation from which a relation would matter, stated before the answers were seen; "no
        relation" is only said where it is shown to be smaller.
    variable : str
        What is related to each aspect: any variable with an order.
    aspects : sequence of str or Aspect, optional
        :func:`standard_aspects` unless given.
    options : SteeringOptions, optional

    Returns
    -------
    Relations
        Missing answers are left out relation by relation. Under ``options.weighted`` the
        correlations are weighted with linearised errors (rather too small for answers that few
        gave); ranks and exact tests are NaN, as are detectable and provable.

    Raises
    ------
    InputError
        Lists every fault of the variable, the aspects or the margin.

    Notes
    -----
    A correlation with a yes-or-no answer is point-biserial, and its exact test counts all
    rearrangements. The interval and the equivalence test use Fisher's z, which kept its level
    in the stored study ``steering_level`` with ties and skew as in these answers.
    """
    options = options or SteeringOptions()
    check_margin(margin, 1.0)
    positions = read_positions(wave, variable, options.weighted, ordinal=False)
    chosen = [a for a in choose_aspects(wave, aspects) if a.source != variable]
    if not chosen:
        raise InputError("relations", [NO_ASPECTS])
    values = aspect_values(wave, chosen)
    rows = [
        {"aspect": aspect.id, "block": aspect.block, **_relation(part, margin, options, aspect)}
        for aspect in chosen
        for part in rows_by_scope(positions, values[aspect.id])
    ]
    table = _adjusted(pd.DataFrame(rows), options)
    return Relations(
        variable,
        table,
        _between(table, positions, options),
        {aspect.id: aspect.label(wave.codebook) for aspect in chosen},
        margin,
        options,
        bool(wave.provenance.get("synthetic")),
        wave.survey_weight is not None,
    )


def _relation(
    rows: Rows, margin: float, options: SteeringOptions, aspect: Aspect
) -> dict[str, object]:
    plain = correlate(rows.x, rows.y, strata=rows.strata, weights=rows.weights, level=options.level)
    ranks = Correlation(0, 0, *[_NAN] * 5)
    if rows.weights is None:
        ranks = rank_correlate(rows.x, rows.y, strata=rows.strata, level=options.level)
    p_exact, exact = _by_rearrangement(rows, options, aspect)
    known = rows.weights is None and not np.isnan(plain.r)
    return {
        "scope": rows.scope,
        "n": plain.n,
        "r": plain.r,
        "lower": plain.lower,
        "upper": plain.upper,
        "p_value": plain.p_value,
        "p_exact": p_exact,
        "exact": exact,
        "spearman": ranks.r,
        "spearman_lower": ranks.lower,
        "spearman_upper": ranks.upper,
        "p_spearman": ranks.p_value,
        "p_equivalence": equivalent_correlation(plain.r, plain.error, margin),
        "detectable": detectable_correlation(plain.df, options.alpha, options.power)
        if known
        else _NAN,
        "provable": provable_correlation(plain.df, options.alpha, options.power) if known else _NAN,
        "error": plain.error,
    }


def _by_rearrangement(rows: Rows, options: SteeringOptions, aspect: Aspect) -> tuple[float, str]:
    """Give the p value by rearrangement and whether all of them were counted."""
    kinds, counts = np.unique(rows.y, return_counts=True)
    binary = len(kinds) == 2
    smallest = int(counts.min()) if binary else len(rows.y)
    if rows.weights is not None or len(kinds) < 2:
        return _NAN, ""
    if not options.rearranges(smallest, len(rows.y)):
        return _NAN, ""
    whole = bool((rows.x == np.rint(rows.x)).all()) and np.ptp(rows.x) < 1000
    if binary and whole and len(rows.y) <= 1000:
        chosen = (rows.y == kinds[1]).astype(np.int64)
        return exact_sum_test(rows.x.astype(np.int64), chosen, rows.strata), "all"
    plan = Rearrangement(options.replicates, options.seed, seed_key(aspect.id, rows.scope, 0))
    return random_correlation_test(rows.x, rows.y, rows.strata, plan), "random"


def seed_key(aspect: str, scope: str, kind: int) -> tuple[int, ...]:
    """Give a test a place among the seeds that does not hang on what else is asked."""
    return zlib.crc32(aspect.encode()), zlib.crc32(scope.encode()), kind


def _adjusted(table: pd.DataFrame, options: SteeringOptions) -> pd.DataFrame:
    table["p_holm"] = adjust(table, "p_value", ["block", "scope"])
    table["p_holm_all"] = adjust(table, "p_value", ["scope"])
    table["q_all"] = adjust(table, "p_value", ["scope"], "false_discovery")
    table["p_equivalence_holm"] = adjust(table, "p_equivalence", ["scope"])
    for name, p, q in (
        ("verdict", "p_value", "p_equivalence"),
        ("verdict_adjusted", "p_holm_all", "p_equivalence_holm"),
    ):
        table[name] = [
            decide(a, b, options.alpha, margin=True)
            for a, b in zip(table[p], table[q], strict=True)
        ]
    return table


def _between(table: pd.DataFrame, positions: Positions, options: SteeringOptions) -> pd.DataFrame:
    rows = []
    for aspect, part in table.groupby("aspect", sort=False):
        by = part.set_index("scope")
        if ADJUSTED not in by.index:
            continue
        own = by.loc[[s for s in positions.sectors if s in by.index]]
        known = own[own["r"].notna()]
        pooled, adjusted = (float(by["p_value"].to_dict()[s]) for s in (POOLED, ADJUSTED))
        smallest = float(known["p_value"].min()) if len(known) else _NAN
        rows.append(
            {
                "aspect": aspect,
                "pooled": by.loc[POOLED, "r"],
                "adjusted": by.loc[ADJUSTED, "r"],
                "p_pooled": pooled,
                "p_adjusted": adjusted,
                "smallest_p": smallest,
                "p_differ": _heterogeneity(known),
                "reading": _reading(pooled, adjusted, smallest, options.alpha),
            }
        )
    names = ("aspect", "pooled", "adjusted", "p_pooled", "p_adjusted", "smallest_p", "p_differ")
    return pd.DataFrame(rows, columns=[*names, "reading"])


def _heterogeneity(known: pd.DataFrame) -> float:
    if len(known) < 2:
        return _NAN
    z = np.arctanh(np.clip(known["r"].to_numpy(dtype=float), -1 + 1e-15, 1 - 1e-15))
    mass = known["error"].to_numpy(dtype=float) ** -2
    spread = float(mass @ (z - mass @ z / mass.sum()) ** 2)
    return float(stats.chi2.sf(spread, len(known) - 1))


def _reading(pooled: float, adjusted: float, smallest: float, alpha: float) -> str:
    if pooled < alpha and not adjusted < alpha:
        return "between_sectors"
    if adjusted < alpha and not pooled < alpha:
        return "masked"
    if pooled < alpha and not smallest < alpha:
        return "small_sectors"
    return "agrees"
