"""Whether a scale measures the same in two sectors, and what their numbers allow to say."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.survey import Wave

from .alpha_equality import AlphaEquality, detectable_alphas, equal_alphas
from .asking import count_faults, is_number, share_faults
from .building import Scales, build_scales
from .coefficients import cronbach_alpha
from .differences import item_differences
from .intervals import bootstrap_weights, percentile_interval
from .moments import FloatArray, weighted_moments
from .one_factor import one_factor_loadings
from .responses import Missing, Responses, read_responses

_CHUNK = 250
_SYNTHETIC = Label(
    "De rijen zijn synthetisch: alpha en de gemiddelden zijn passend gemaakt bij gedrukte cijfers, "
    "de ladingen en de verschillen bij gelijke score komen van het maken van de rijen.",
    "The rows are synthetic: alpha and the means were made to fit printed figures, the loadings "
    "and the differences at equal scores come from making the rows.",
)


@dataclass(frozen=True)
class ComparisonOptions:
    """How to compare measurement.

    Attributes
    ----------
    missing : {"listwise", "pairwise"}
    level : float
        Confidence of intervals; 1 - level is the level of tests.
    power : float
        Power at which the smallest detectable differences are stated.
    n_boot : int
        Bootstrap samples for the interval of the congruence.
    seed : int or None
    fair, equal : float
        Congruence from which factors are called fairly similar and equal (Lorenzo-Seva & ten
        Berge, 2006).
    """

    missing: Missing = "listwise"
    level: float = 0.95
    power: float = 0.80
    n_boot: int = 1000
    seed: int | None = 0
    fair: float = 0.85
    equal: float = 0.95

    def __post_init__(self) -> None:
        faults = []
        if self.missing not in ("listwise", "pairwise"):
            faults.append(f"missing: expected 'listwise' or 'pairwise', got {self.missing!r}")
        wrong = share_faults(level=self.level, power=self.power)
        faults += wrong + count_faults(n_boot=self.n_boot)
        if not wrong and not 1 - self.level < self.power < 1:
            faults.append(f"power: expected between 1 - level and 1, got {self.power!r}")
        judged = is_number(self.fair) and is_number(self.equal)
        if not judged or not -1 <= self.fair <= self.equal <= 1:
            faults.append(
                f"fair, equal: expected -1 <= fair <= equal <= 1, got {self.fair!r}, {self.equal!r}"
            )
        if faults:
            raise InputError("ComparisonOptions", faults)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Measurement of one scale in two sectors.

    Attributes
    ----------
    scale : str
    label : Label
    sectors : tuple of (str, str)
    alphas : AlphaEquality
        Test that the sectors have the same alpha.
    detectable : tuple of (float, float)
        Alphas of the second sector, below and above that of the first, that these numbers of
        rows would show with the stated power.
    congruence : float
        Tucker's (1951) coefficient of the one-factor loadings.
    congruence_interval : tuple of (float, float)
        Percentile bootstrap, rows drawn within each sector.
    options : ComparisonOptions
    synthetic : bool
        Whether any row is synthetic.
    """

    scale: str
    label: Label
    sectors: tuple[str, str]
    alphas: AlphaEquality
    detectable: tuple[float, float]
    congruence: float
    congruence_interval: tuple[float, float]
    options: ComparisonOptions
    synthetic: bool
    _loadings: pd.DataFrame = field(repr=False)
    _items: pd.DataFrame = field(repr=False)

    @property
    def loadings(self) -> pd.DataFrame:
        """One-factor minimum-residual loadings, a copy, shape (n_items, 2 sectors)."""
        return self._loadings.copy()

    @property
    def items(self) -> pd.DataFrame:
        """Differences between the sectors item by item (second less first), a copy.

        Index item. See :func:`swvtypes.scales.item_differences` for the columns.
        """
        return self._items.copy()

    def text(self, language: Language = "nl") -> str:
        """Say in Dutch or English what the comparison shows and what it cannot show."""
        check_language(language)
        return "\n".join(line.text(language) for line in _sentences(self))


def tucker_congruence(first: FloatArray, second: FloatArray) -> FloatArray:
    """Coefficient of congruence of two sets of loadings (Tucker, 1951).

    Parameters
    ----------
    first, second : ndarray, shape (..., n_items)

    Returns
    -------
    ndarray, shape (...)
        NaN where all loadings of one are zero.

    Examples
    --------
    >>> float(tucker_congruence(np.array([0.4, 0.6]), np.array([0.8, 1.2])).round(12))
    1.0
    """
    scale = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(scale > 0, (first * second).sum(axis=-1) / scale, np.nan)


def compare_measurement(
    scales: Scales | Wave,
    scale: str,
    sectors: tuple[str, str] | None = None,
    options: ComparisonOptions | None = None,
) -> Comparison:
    """Compare the measurement of one scale in two sectors.

    Parameters
    ----------
    scales : Scales or Wave
        Answers after turning round; of a wave, those to a scale of its codebook.
    scale : str
        One of the scales built.
    sectors : tuple of (str, str), optional
        Which two; those of the wave unless given.
    options : ComparisonOptions, optional

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        Lists every fault: no two sectors, an unknown scale, too few rows or answers, an item
        that does not vary in a sector.

    Notes
    -----
    Survey weights do not enter. Some 60 rows a sector do not carry a multi-group factor model
    with tests of invariance; what is given instead says how far apart the sectors could be
    without it showing. In small samples the bootstrap of a congruence leans downward: an interval
    that reaches low speaks of the numbers, not of the factor.
    """
    options = options or ComparisonOptions()
    scales = build_scales(scales) if isinstance(scales, Wave) else scales
    pair = _pair(scales, scale, sectors)
    answers = [scales.answers(scale, sector) for sector in pair]
    responses = [read_responses(frame, missing=options.missing) for frame in answers]
    loadings, alphas = _estimates(responses, pair)
    k = len(responses[0].names)
    rows = [part.n for part in responses]
    level = 1 - options.level
    return Comparison(
        scale,
        _label(scales, scale),
        pair,
        equal_alphas(alphas, rows, [k, k]),
        detectable_alphas(alphas[0], rows, k, options.power, level),
        float(tucker_congruence(loadings[0], loadings[1])),
        percentile_interval(_congruences(responses, options), options.level),
        options,
        scales.synthetic,
        pd.DataFrame(
            np.column_stack(loadings),
            index=pd.Index(responses[0].names, name="item"),
            columns=list(pair),
        ),
        item_differences(answers[0], answers[1], options.level, options.power),
    )


def _pair(scales: Scales, scale: str, sectors: tuple[str, str] | None) -> tuple[str, str]:
    chosen = scales.sectors if sectors is None else tuple(sectors)
    faults = []
    if scale not in scales.members:
        known = ", ".join(map(repr, scales.members))
        faults.append(f"scale: expected one of {known}, got {scale!r}")
    elif len(scales.members[scale]) < 2:
        faults.append(f"scale {scale!r}: expected two items or more, it has one")
    if len(set(chosen)) != 2 or len(chosen) != 2:
        faults.append(f"sectors: expected two different ones, got {chosen!r}")
    faults += [f"sectors: the wave has no {x!r}" for x in chosen if x not in scales.sectors]
    if faults:
        raise InputError("compare_measurement", faults)
    return chosen[0], chosen[1]


def _label(scales: Scales, scale: str) -> Label:
    entry = scales.codebook.scales.get(scale)
    return Label(scale, scale) if entry is None else Label(entry.label.nl, entry.label.en)


def _estimates(
    responses: list[Responses], pair: tuple[str, str]
) -> tuple[list[FloatArray], list[float]]:
    """Give loadings and alpha of each sector."""
    faults, loadings, alphas = [], [], []
    for part, sector in zip(responses, pair, strict=True):
        moments = weighted_moments(part.matrix, part.weights)
        spread = np.diag(moments.covariance)
        still = [name for name, size in zip(part.names, spread, strict=True) if size <= 0]
        faults += [f"item {name!r}: does not vary in sector {sector!r}" for name in still]
        loadings.append(one_factor_loadings(moments.correlation[None])[0])
        alphas.append(float(cronbach_alpha(moments.covariance)))
    if faults:
        raise InputError("compare_measurement", faults)
    return loadings, alphas


def _congruences(responses: list[Responses], options: ComparisonOptions) -> FloatArray:
    """Congruence of each bootstrap sample, shape (n_boot,); NaN where an item is constant."""
    seeds = np.random.SeedSequence(options.seed).generate_state(len(responses))
    sets = []
    for part, seed in zip(responses, seeds, strict=True):
        drawn = bootstrap_weights(part.weights, options.n_boot, int(seed))
        chunks = [drawn[start : start + _CHUNK] for start in range(0, len(drawn), _CHUNK)]
        parts = [
            one_factor_loadings(weighted_moments(part.matrix, chunk).correlation, tol=1e-5)
            for chunk in chunks
        ]
        sets.append(np.concatenate(parts))
    return tucker_congruence(sets[0], sets[1])


def _sentences(found: Comparison) -> list[Label]:
    """Say what the comparison shows and what it cannot show."""
    options, alphas = found.options, found.alphas
    first, second = found.sectors
    low, high = found.congruence_interval
    nl, en = _congruence_words(found)
    shown = found.items["p_adjusted"] < 1 - options.level
    names = ", ".join(found.items.index[shown])
    smallest = float(found.items["detectable"].median())
    lines = [
        Label(
            f"{found.label.nl}: alpha {_nl(alphas.alphas[0])} ({first}, {alphas.n[0]:g} rijen) en "
            f"{_nl(alphas.alphas[1])} ({second}, {alphas.n[1]:g} rijen); gelijkheid: p = "
            f"{_nl(alphas.ratio_p_value, 3)}.",
            f"{found.label.en}: alpha {alphas.alphas[0]:.2f} ({first}, {alphas.n[0]:g} rows) and "
            f"{alphas.alphas[1]:.2f} ({second}, {alphas.n[1]:g} rows); equality: p = "
            f"{alphas.ratio_p_value:.3f}.",
        ),
        Label(
            f"Met deze aantallen valt alpha in {second} pas op onder {_nl(found.detectable[0])} of "
            f"boven {_nl(found.detectable[1])} (kans {_nl(options.power)}).",
            f"With these numbers alpha in {second} shows only below {found.detectable[0]:.2f} or "
            f"above {found.detectable[1]:.2f} (power {options.power:.2f}).",
        ),
        Label(
            f"Congruentie van de ladingen: {_nl(found.congruence)} "
            f"({_nl(low)} tot {_nl(high)}); {nl}.",
            f"Congruence of the loadings: {found.congruence:.2f} ({low:.2f} to {high:.2f}); {en}.",
        ),
        Label(
            f"Uitspraken die bij gelijke score op de rest verschillen: {names or 'geen'}; "
            f"een verschil van {_nl(smallest)} zou bij de middelste uitspraak opvallen "
            f"(zonder bijstelling, kans {_nl(options.power)}).",
            f"Items that differ at equal scores on the rest: {names or 'none'}; a difference of "
            f"{smallest:.2f} would show for the median item (unadjusted, power "
            f"{options.power:.2f}).",
        ),
    ]
    return [*lines, _SYNTHETIC] if found.synthetic else lines


def _congruence_words(found: Comparison) -> tuple[str, str]:
    low, high = found.congruence_interval
    options = found.options
    if low >= options.equal:
        return "de factor is gelijk", "the factor is the same"
    if low >= options.fair:
        return "de factor lijkt er behoorlijk op", "the factor is fairly similar"
    if high < options.fair:
        return "de factor verschilt", "the factor differs"
    return (
        "de aantallen laten niet toe te zeggen of de factor dezelfde is",
        "the numbers do not allow to say whether the factor is the same",
    )


def _nl(value: float, decimals: int = 2) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")
