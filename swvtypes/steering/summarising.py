"""Where organisations place themselves: distribution, centre, and sectors against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.scales.describing import weighted_median
from swvtypes.scales.moments import FloatArray
from swvtypes.survey import Wave

from .equivalence import check_margin
from .options import SteeringOptions
from .scopes import POOLED, Positions, position_labels, read_positions
from .sector_comparison import PAIR_COLUMNS, Sample, compare_sectors
from .verdicts import VERDICT_LABELS
from .weighted_moments import mean_estimate, share_estimate
from .wording import NOTES, notes, number, percent, probability

_NAN = float("nan")


@dataclass(frozen=True, eq=False)
class SteeringSummary:
    """Where organisations place themselves on the continuum.

    Attributes
    ----------
    variable : str
    label : Label
    positions : dict of int to Label
        Answers in order.
    midpoint : float
        Halfway the first and the last position.
    distribution : DataFrame
        A row a sector and position: sector, position, n, share, lower, upper (Wilson, each
        share by itself).
    centre : DataFrame
        A row a sector, and one pooled over more than one: sector, n, missing, mean, mean_lower,
        mean_upper, sd, median, n_left, share_left, left_lower, left_upper (positions below the
        midpoint), p_midpoint (Student's t, mean against the midpoint).
    comparison : DataFrame
        A row a pair of sectors: first, second, n_first, n_second, difference (second less
        first), lower, upper, p_welch, p_permutation and p_mann_whitney (ties
        included; the columns permutation and mann_whitney say over which rearrangements:
        "all", or beyond 1,000 and 200 organisations "random"), superiority (chance
        that one of the second is more central than one of the first, ties half), hedges_g,
        g_lower, g_upper, detectable (the standardised difference that this design shows with
        the power asked), p_equivalence, provable (the narrowest margin it can show), verdict.
    margin : float or None
        Standardised difference stated beforehand.
    options : SteeringOptions
    synthetic : bool
        Whether any row of the wave is synthetic.
    carries_weights : bool
        Whether the wave has survey weights, applied or not.
    """

    variable: str
    label: Label
    positions: Mapping[int, Label]
    midpoint: float
    distribution: pd.DataFrame
    centre: pd.DataFrame
    comparison: pd.DataFrame
    margin: float | None
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
        lines = [self._centre_line(row, language) for _, row in self.centre.iterrows()]
        lines += [self._pair_line(row, language) for _, row in self.comparison.iterrows()]
        if self.margin is None and len(self.comparison):
            lines.append(NOTES["no_margin"].text(language))
        said = notes(
            synthetic=self.synthetic,
            weighted=self.options.weighted,
            carries_weights=self.carries_weights,
        )
        return "\n".join([*lines, *(note.text(language) for note in said)])

    def _centre_line(self, row: pd.Series, language: Language) -> str:
        who = {POOLED: Label("Samen", "Together").text(language)}.get(row["sector"], row["sector"])
        mean, sd = (number(row[key], 1, language) for key in ("mean", "sd"))
        middle = number(self.midpoint, 1, language)
        share, low, high = (
            percent(row[key], language) for key in ("share_left", "left_lower", "left_upper")
        )
        if language == "nl":
            return (
                f"{who} (n = {row['n']}): gemiddeld {mean} (standaarddeviatie {sd}), het midden "
                f"is {middle}; {share} links van het midden (interval {low} tot {high})."
            )
        return (
            f"{who} (n = {row['n']}): mean {mean} (standard deviation {sd}), the middle is "
            f"{middle}; {share} left of the middle (interval {low} to {high})."
        )

    def _pair_line(self, row: pd.Series, language: Language) -> str:
        names = f"{row['first']} - {row['second']}"
        exact = row["p_permutation"]
        p = probability(row["p_welch"] if np.isnan(exact) else exact, language)
        difference, low, high = (
            number(row[key], 2, language) for key in ("difference", "lower", "upper")
        )
        verdict = VERDICT_LABELS[row["verdict"]].text(language)
        word = Label("verschil", "difference").text(language)
        until = Label("tot", "to").text(language)
        drawn = ""
        if row["permutation"] == "random":
            count = self.options.replicates
            drawn = Label(
                f" ({count} willekeurige herschikkingen)", f" ({count} random rearrangements)"
            ).text(language)
        return f"{names}: {word} {difference} ({low} {until} {high}), {p}{drawn}; {verdict}."


def summarise(
    wave: Wave,
    variable: str = "steering",
    *,
    margin: float | None = None,
    options: SteeringOptions | None = None,
) -> SteeringSummary:
    """Summarise where organisations place themselves.

    Parameters
    ----------
    wave : Wave
    variable : str
        An ordinal variable, or a count with a minimum and a maximum.
    margin : float, optional
        Standardised difference from which sectors would matter, stated before the answers were
        seen; without one nothing is said about equivalence.
    options : SteeringOptions, optional

    Returns
    -------
    SteeringSummary
        Missing positions are counted and left out. Under ``options.weighted`` shares, means,
        spreads and the difference are weighted; exact tests, superiority and effect sizes
        are NaN.

    Raises
    ------
    InputError
        Lists every fault: no such variable, no order in its answers, nobody answered, weights
        asked of a wave without, a margin that is no positive number or asked under weights.
    """
    options = options or SteeringOptions()
    if margin is not None:
        check_margin(margin, np.inf)
        if options.weighted:
            fault = "expected none under weights: equivalence of weighted means is not offered"
            raise InputError("summarise", [f"margin: {fault}"])
    positions = read_positions(wave, variable, options.weighted)
    book = wave.codebook
    answers = position_labels(book, variable)
    midpoint = (min(answers) + max(answers)) / 2
    samples: dict[str, Sample] = {
        sector: _members(positions, at)[:2] for at, sector in enumerate(positions.sectors)
    }
    pairs = [
        {"first": a, "second": b, **compare_sectors(samples[a], samples[b], margin, options)}
        for a, b in combinations(samples, 2)
    ]
    entry = book.variable(variable).label
    return SteeringSummary(
        variable,
        Label(entry.nl, entry.en),
        answers,
        midpoint,
        _distribution(positions, tuple(answers), options),
        _centre(positions, midpoint, options),
        pd.DataFrame(pairs, columns=list(PAIR_COLUMNS)),
        margin,
        options,
        bool(wave.provenance.get("synthetic")),
        wave.survey_weight is not None,
    )


def _members(positions: Positions, at: int | None) -> tuple[FloatArray, FloatArray | None, int]:
    """Give the positions in a sector (None: in all), their weights, and how many are missing."""
    here = np.ones(len(positions.x), bool) if at is None else positions.sector == at
    used = here & ~np.isnan(positions.x)
    weights = None if positions.weights is None else positions.weights[used]
    return positions.x[used], weights, int(here.sum() - used.sum())


def _distribution(
    positions: Positions, codes: tuple[int, ...], options: SteeringOptions
) -> pd.DataFrame:
    rows = []
    for at, sector in enumerate(positions.sectors):
        values, weights, _ = _members(positions, at)
        for code in codes:
            found = share_estimate(values == code, weights, options.level)
            rows.append((sector, code, found.count, found.share, found.lower, found.upper))
    return pd.DataFrame(rows, columns=["sector", "position", "n", "share", "lower", "upper"])


def _centre(positions: Positions, midpoint: float, options: SteeringOptions) -> pd.DataFrame:
    wanted: list[tuple[str, int | None]] = [(s, at) for at, s in enumerate(positions.sectors)]
    if len(wanted) > 1:
        wanted.append((POOLED, None))
    rows = []
    for sector, at in wanted:
        values, weights, missing = _members(positions, at)
        mean = mean_estimate(values, weights, options.level)
        left = share_estimate(values < midpoint, weights, options.level)
        p = _NAN
        if mean.n > 1 and mean.error > 0:
            p = float(2 * stats.t.sf(abs(mean.mean - midpoint) / mean.error, mean.n - 1))
        rows.append(
            {
                "sector": sector,
                "n": mean.n,
                "missing": missing,
                "mean": mean.mean,
                "mean_lower": mean.lower,
                "mean_upper": mean.upper,
                "sd": mean.sd,
                "median": _median(values, weights),
                "n_left": left.count,
                "share_left": left.share,
                "left_lower": left.lower,
                "left_upper": left.upper,
                "p_midpoint": p,
            }
        )
    return pd.DataFrame(rows)


def _median(values: FloatArray, weights: FloatArray | None) -> float:
    if not len(values):
        return _NAN
    return weighted_median(values, np.ones(len(values)) if weights is None else weights)
