"""Summary of scale scores by sector, with alpha."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.survey import Wave

from .asking import is_number, share_faults
from .building import Scales, build_scales
from .internal_consistency import Interval, ReliabilityOptions, reliability
from .moments import FloatArray
from .responses import Missing
from .wording import COLUMNS

POOLED = "(all)"
_POOLED_LABEL = Label("alle", "all")


@dataclass(frozen=True)
class DescriptionOptions:
    """What a summary of scale scores holds.

    Attributes
    ----------
    cut : float
        Scores below it are counted.
    weighted : bool
        Whether survey weights enter (mean, median, standard deviation, share below, alpha).
    missing : {"listwise", "pairwise"}
        Which rows alpha rests on; scores rest on the items answered either way.
    pooled : bool
        Whether a row over all sectors is added.
    level : float
        Confidence of the interval for alpha (Feldt; none under weights).
    """

    cut: float = 3.0
    weighted: bool = False
    missing: Missing = "listwise"
    pooled: bool = True
    level: float = 0.95


@dataclass(frozen=True, eq=False)
class Description:
    """Summary of scale scores.

    Attributes
    ----------
    options : DescriptionOptions
    labels : dict of str to Label
        Label of each scale.
    """

    options: DescriptionOptions
    labels: dict[str, Label]
    _table: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """One row a scale and sector, a copy.

        Columns scale, sector (``"(all)"`` for all together), scores (organisations with a
        score), mean, median, sd, minimum, maximum, n_below, share_below (0 to 1), alpha,
        alpha_lower, alpha_upper, n_alpha (rows behind alpha). NaN where one is undefined:
        without scores, an sd of one score, alpha of one item or of fewer than three rows.
        """
        return self._table.copy()

    def labelled(self, language: Language = "nl") -> pd.DataFrame:
        """Give :attr:`table` with headings and names of scales in Dutch or English."""
        check_language(language)
        table = self.table
        table["scale"] = [self.labels[name].text(language) for name in table["scale"]]
        table["sector"] = [
            _POOLED_LABEL.text(language) if name == POOLED else name for name in table["sector"]
        ]
        return table.rename(columns={k: v.text(language) for k, v in COLUMNS.items()})


def describe(scales: Scales | Wave, options: DescriptionOptions | None = None) -> Description:
    """Summarise scale scores by sector.

    Parameters
    ----------
    scales : Scales or Wave
        Of a wave, every scale of its codebook is built.
    options : DescriptionOptions, optional

    Returns
    -------
    Description

    Raises
    ------
    InputError
        Lists every fault: a cut that is no number, a level outside (0, 1), weights asked of a
        wave without.

    Notes
    -----
    Weighted: the mean is the weighted mean; the standard deviation has the divisor n - 1 after
    weights are normalised to sum to n; the median is the smallest score with at least half the
    weight at or below it (midway to the next where it is exactly half); the share below is a
    share of the weight, `n_below` a count of organisations.
    """
    options = options or DescriptionOptions()
    built = build_scales(scales) if isinstance(scales, Wave) else scales
    _check(built, options)
    sectors = [*built.sectors, POOLED] if options.pooled else list(built.sectors)
    rows = [
        _row(built, name, sector, options)
        for name in built.members
        for sector in dict.fromkeys(sectors)
    ]
    labels = {name: _label(built, name) for name in built.members}
    return Description(options, labels, pd.DataFrame(rows))


def _check(scales: Scales, options: DescriptionOptions) -> None:
    faults = []
    if not (is_number(options.cut) and np.isfinite(options.cut)):
        faults.append(f"cut: expected a finite number, got {options.cut!r}")
    faults += share_faults(level=options.level)
    if options.missing not in ("listwise", "pairwise"):
        faults.append(f"missing: expected 'listwise' or 'pairwise', got {options.missing!r}")
    if options.weighted and scales.survey_weight is None:
        faults.append("weighted: the wave has no survey weights")
    if faults:
        raise InputError("describe", faults)


def _label(scales: Scales, name: str) -> Label:
    if name in scales.codebook.scales:
        text = scales.codebook.scales[name].label
        return Label(text.nl, text.en)
    return Label(name, name)


def _row(scales: Scales, name: str, sector: str, options: DescriptionOptions) -> dict[str, object]:
    here = np.ones(len(scales), bool)
    if sector != POOLED:
        here = (scales.sector == sector).to_numpy(dtype=bool)
    column = scales.scores[name].to_numpy(dtype=float, na_value=np.nan)[here]
    given = ~np.isnan(column)
    weights = np.ones(int(given.sum()))
    if options.weighted and scales.survey_weight is not None:
        weights = scales.survey_weight.to_numpy(dtype=float)[here][given]
    numbers = summarise_scores(column[given], weights, options.cut)
    return {"scale": name, "sector": sector, **numbers, **_alpha(scales, name, sector, options)}


def summarise_scores(scores: FloatArray, weights: FloatArray, cut: float) -> dict[str, float]:
    """Summarise scores under weights; NaN without scores (see :func:`describe`)."""
    if not len(scores) or weights.sum() <= 0:
        nothing = dict.fromkeys(("mean", "median", "sd", "minimum", "maximum"), float("nan"))
        return {"scores": len(scores), **nothing, "n_below": 0, "share_below": float("nan")}
    total = weights.sum()
    mean = float(weights @ scores / total)
    n = len(scores)
    spread = float(weights @ (scores - mean) ** 2 / total)
    below = scores < cut
    return {
        "scores": n,
        "mean": mean,
        "median": weighted_median(scores, weights),
        "sd": float(np.sqrt(spread * n / (n - 1))) if n > 1 else float("nan"),
        "minimum": float(scores.min()),
        "maximum": float(scores.max()),
        "n_below": int(below.sum()),
        "share_below": float(weights[below].sum() / total),
    }


def weighted_median(scores: FloatArray, weights: FloatArray) -> float:
    """Give the smallest score with half the weight at or below it; midway where exactly half.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 2.0]))
    3.0
    """
    order = np.argsort(scores, kind="stable")
    cumulated = np.cumsum(weights[order]) / weights.sum()
    at = int(np.searchsorted(cumulated, 0.5 - 1e-12))
    if abs(cumulated[at] - 0.5) > 1e-12 or at + 1 >= len(order):
        return float(scores[order[at]])
    return float((scores[order[at]] + scores[order[at + 1]]) / 2)


def _alpha(scales: Scales, name: str, sector: str, options: DescriptionOptions) -> dict[str, float]:
    """Alpha with its interval; NaN where it is undefined."""
    answers = scales.answers(name, None if sector == POOLED else sector)
    weights = scales.survey_weight if options.weighted else None
    interval: Interval = "feldt" if weights is None else "none"
    carried = None if weights is None else weights.loc[answers.index]
    try:
        found = reliability(
            answers,
            missing=options.missing,
            survey_weight=carried,
            options=ReliabilityOptions(interval=interval, level=options.level),
        )
    except InputError:
        keys = ("alpha", "alpha_lower", "alpha_upper")
        return {**dict.fromkeys(keys, float("nan")), "n_alpha": 0}
    low, high = found.interval
    return {"alpha": found.alpha, "alpha_lower": low, "alpha_upper": high, "n_alpha": found.n}
