"""Who answered: finite-population margins, and whether respondents resemble everyone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.multiplicity import adjust

from .raw import is_number
from .wave import Wave
from .wording import listed

Floats = NDArray[np.float64]
_CHUNK = 512


def margin_of_error(
    n: int, population: int | None = None, *, share: float = 0.5, level: float = 0.95
) -> float:
    """Give the margin of error of a share, with the finite-population correction.

    ``z sqrt(share (1 - share) / n * (N - n) / (N - 1))``: half the width of the normal interval
    of a share under simple random sampling without replacement (Cochran, 1977, equation 3.8, with
    the true share).

    Parameters
    ----------
    n : int
        Organisations that answered.
    population : int, optional
        Organisations that exist, N; without it there is no correction.
    share : float
        The share it is about; at 0.5 it is largest, which is what reports print.
    level : float
        Confidence.

    Returns
    -------
    float
        As a fraction; 0 when everyone answered.

    Raises
    ------
    InputError
        Lists every fault.

    Examples
    --------
    136 and 40 of 151 organisations give 3 and 13 per cent, as an inspectorate printed; without
    the correction it would be 8 and 15.

    >>> [round(100 * margin_of_error(n, 151), 2) for n in (136, 40)]
    [2.66, 13.33]
    >>> [round(100 * margin_of_error(n), 2) for n in (136, 40)]
    [8.4, 15.49]
    """
    faults = _size_faults(n, population, level)
    if not (is_number(share) and 0 <= share <= 1):
        faults.append(f"share: expected a number from 0 to 1, got {share!r}")
    if faults:
        raise InputError("margin_of_error", faults)
    left = 1.0
    if population is not None:
        left = 0.0 if population == n else (population - n) / (population - 1)
    return float(stats.norm.ppf((1 + level) / 2) * np.sqrt(share * (1 - share) / n * left))


def population_interval(
    count: int, n: int, population: int, level: float = 0.95
) -> tuple[int, int]:
    """Give an exact interval for how many of a population have a property.

    Inverts two one-sided hypergeometric tests (Buonaccorsi, 1987): every number in it would give
    `count` or more, and `count` or fewer, with a probability above ``(1 - level) / 2``.

    Parameters
    ----------
    count : int
        Respondents that have it.
    n, population : int
        Organisations that answered, and that exist.
    level : float

    Returns
    -------
    tuple of int
        Lowest and highest number in the population.

    Raises
    ------
    InputError
        Lists every fault.

    Examples
    --------
    >>> population_interval(20, 40, 151)
    (55, 96)
    >>> population_interval(3, 77, 77)
    (3, 3)
    """
    faults = _size_faults(n, population, level)
    if not faults and not (is_number(count) and 0 <= count <= n):
        faults.append(f"count: expected 0 to {n}, got {count!r}")
    if faults:
        raise InputError("population_interval", faults)
    tail = (1 - level) / 2
    possible = np.arange(count, population - n + count + 1)
    least = stats.hypergeom.sf(count - 1, population, possible, n)
    most = stats.hypergeom.cdf(count, population, possible, n)
    inside = possible[(least > tail) & (most > tail)]
    return int(inside.min()), int(inside.max())


def response_rates(wave: Wave, level: float = 0.95) -> pd.DataFrame:
    """Tabulate the response of a wave, by sector and over all.

    Parameters
    ----------
    wave : Wave
        Its codebook says how many organisations exist.
    level : float
        Confidence of the margins.

    Returns
    -------
    DataFrame by sector, and ``"all"`` where there are more
        respondents, population, rate, margin (of a share of one half, as a fraction; over all
        sectors that of the stratified estimate).

    Notes
    -----
    Survey weights play no part.
    """
    rows: dict[str, dict[str, float]] = {}
    for sector, size in wave.population.items():
        n = wave.respondents(sector)
        margin = margin_of_error(n, size, level=level) if n else float("nan")
        rows[sector] = {"respondents": n, "population": size, "rate": n / size, "margin": margin}
    table = pd.DataFrame.from_dict(rows, orient="index")
    if len(table) > 1:
        total = table["population"].sum()
        spread = float(np.sqrt(((table["population"] / total * table["margin"]) ** 2).sum()))
        answered = table["respondents"].sum()
        table.loc["all"] = [answered, total, answered / total, spread]
    return table.astype({"respondents": int, "population": int}).rename_axis("sector")


@dataclass(frozen=True)
class RepresentativenessOptions:
    """How respondents are held against everyone.

    Attributes
    ----------
    n_permutations : int
        Random draws of as many respondents from everyone.
    seed : int or None
    power : float
        For `detectable`.
    level : float
        One less the level of the test that `detectable` is about.
    """

    n_permutations: int = 9999
    seed: int | None = 0
    power: float = 0.80
    level: float = 0.95

    def __post_init__(self) -> None:
        faults = []
        if self.n_permutations < 1:
            faults.append(f"n_permutations: expected at least 1, got {self.n_permutations!r}")
        if not 0 < self.level < 1 or not 1 - self.level < self.power < 1:
            faults.append(
                f"level, power: expected 1 - level < power < 1, got {self.level!r}, {self.power!r}"
            )
        if faults:
            raise InputError("RepresentativenessOptions", faults)


def representativeness(
    everyone: pd.DataFrame,
    respondents: pd.Index | list[str],
    options: RepresentativenessOptions | None = None,
) -> pd.DataFrame:
    """Hold respondents against everyone on known background variables.

    Parameters
    ----------
    everyone : DataFrame by organisation
        All organisations that exist: a column ``sector`` (optional) and background variables,
        numbers or categories. Missing figures are left out variable by variable.
    respondents : Index or list of str
        Those that answered.
    options : RepresentativenessOptions, optional

    Returns
    -------
    DataFrame, one row a variable and scope (``"all"`` and each sector)
        variable, scope, kind (``"number"`` or ``"category"``), n_respondents, n_others;
        respondents, others, everyone: means (NaN for categories); difference: respondents less
        everyone in standard deviations of everyone (for categories the largest gap between the
        shares of respondents and everyone); p_value: share of random draws without replacement
        that differ as much; p_holm: adjusted within a scope; detectable: the smallest gap
        between respondents and others, in standard deviations, that a two-sided test would find
        with the stated power (numbers only).

    Raises
    ------
    InputError
        Lists every fault.

    Notes
    -----
    A high p is no proof of representativeness: with few non-respondents only gaps as large as
    `detectable` would have been seen.
    """
    options = options or RepresentativenessOptions()
    answered = everyone.index.isin(respondents)
    faults = _register_faults(everyone, pd.Index(respondents), answered)
    if faults:
        raise InputError("representativeness", faults)
    scopes = {"all": np.ones(len(everyone), dtype=bool)}
    if "sector" in everyone:
        sectors = everyone["sector"].astype(str)
        found = {str(s): (sectors == s).to_numpy() for s in dict.fromkeys(sectors)}
        scopes |= found if len(found) > 1 else {}
    names = [name for name in everyone.columns if name != "sector"]
    children = iter(np.random.SeedSequence(options.seed).spawn(len(scopes) * len(names)))
    rows = []
    for scope, mask in scopes.items():
        part = [
            _compare(everyone.loc[mask, name], answered[mask], options, next(children))
            for name in names
        ]
        adjusted = holm(np.array([row["p_value"] for row in part], dtype=float))
        rows += [
            {"variable": name, "scope": scope, **row, "p_holm": p}
            for name, row, p in zip(names, part, adjusted, strict=True)
        ]
    columns = [
        "variable", "scope", "kind", "n_respondents", "n_others", "respondents", "others",
        "everyone", "difference", "p_value", "p_holm", "detectable",
    ]  # fmt: skip
    return pd.DataFrame(rows)[columns]


def _compare(
    values: pd.Series,
    answered: NDArray[np.bool_],
    options: RepresentativenessOptions,
    child: np.random.SeedSequence,
) -> dict[str, Any]:
    known = values.notna().to_numpy()
    values, answered = values[known], answered[known]
    n, total = int(answered.sum()), len(answered)
    row: dict[str, Any] = {"n_respondents": n, "n_others": total - n}
    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    blank = dict.fromkeys(("respondents", "others", "everyone", "detectable"), float("nan"))
    row |= {"kind": "number" if numeric else "category", **blank}
    if n in (0, total):
        return {**row, "difference": float("nan"), "p_value": float("nan")}
    if numeric:
        x = values.to_numpy(dtype=float)
        columns = x[:, None]
        row |= {"respondents": x[answered].mean(), "others": x[~answered].mean()}
        spread = x.std()
        reach = stats.norm.ppf((1 + options.level) / 2) + stats.norm.ppf(options.power)
        row |= {
            "everyone": x.mean(),
            "difference": (x[answered].mean() - x.mean()) / spread if spread else float("nan"),
            "detectable": float(reach * np.sqrt(1 / n + 1 / (total - n))),
        }
    else:
        columns = pd.get_dummies(values.astype(str)).to_numpy(dtype=float)
        gaps = columns[answered].mean(axis=0) - columns.mean(axis=0)
        row["difference"] = float(gaps[np.abs(gaps).argmax()])
    p = _draw(columns, answered, options.n_permutations, child)
    return {**row, "p_value": p}


def _draw(
    columns: Floats, answered: NDArray[np.bool_], times: int, child: np.random.SeedSequence
) -> float:
    """Share of random draws whose distance to everyone is as large (the draw itself included)."""
    rng = np.random.default_rng(child)
    share = columns.mean(axis=0)
    scale = np.where(share > 0, share, 1.0) if columns.shape[1] > 1 else 1.0
    centred = columns - share
    if not np.abs(centred).max() > 0:
        return float("nan")

    def distance(marks: Floats) -> Floats:
        return np.asarray((((marks @ centred) ** 2) / scale).sum(axis=1))

    found = float(distance(answered[None].astype(float))[0])
    as_large, left = 1, times
    while left > 0:
        size = min(left, _CHUNK)
        marks = rng.permuted(np.tile(answered.astype(float), (size, 1)), axis=1)
        as_large += int((distance(marks) >= found * (1 - 1e-12)).sum())
        left -= size
    return as_large / (times + 1)


def holm(p_values: Floats) -> Floats:
    """Adjust p values for their number (Holm, 1979); NaN stays NaN and does not count.

    Examples
    --------
    >>> holm(np.array([0.01, np.nan, 0.04, 0.03])).round(4).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    return adjust(p_values, "holm")


def _size_faults(n: int, population: int | None, level: float) -> list[str]:
    given = {"n": n, "population": n if population is None else population, "level": level}
    faults = [f"{k}: expected a number, got {v!r}" for k, v in given.items() if not is_number(v)]
    if faults:
        return faults
    if n < 1:
        faults.append(f"n: expected at least 1, got {n!r}")
    if population is not None and population < n:
        faults.append(f"population: expected at least the {n} that answered, got {population!r}")
    if not 0 < level < 1:
        faults.append(f"level: expected a number between 0 and 1, got {level!r}")
    return faults


def _register_faults(
    everyone: pd.DataFrame, respondents: pd.Index, answered: NDArray[np.bool_]
) -> list[str]:
    faults = []
    if not everyone.index.is_unique:
        faults.append("everyone: an organisation stands in it twice")
    strange = respondents.difference(everyone.index)
    if len(strange):
        faults.append(f"respondents: not in everyone: {listed(strange)}")
    if not [name for name in everyone.columns if name != "sector"]:
        faults.append("everyone: expected at least one background variable, got none")
    if not faults and answered.all():
        faults.append("respondents: everyone answered, there is nothing to compare")
    return faults
