"""One run of a typology on one sector of a wave, as tables that claims can be held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.survey import Wave

SERVICES = "service_"


@dataclass(frozen=True, eq=False)
class TypologyRun:
    """What one run found in one sector of one wave.

    Attributes
    ----------
    wave : str
        Name of the wave.
    seed : int
        Which version of it.
    sector : str
        Sector.
    shares : Series by type
        Estimated shares of the types, adding up to one.
    modal : Series by organisation
        The type with the largest probability.
    selection : DataFrame
        ``theme, indicator, selected``: the indicators of each theme's own analysis.
    used : tuple of str
        Indicators that the analysis over all themes ran on.
    profiles : DataFrame
        ``type, indicator, category, share``: answers of each type, among those who answered.
    figures : DataFrame
        ``type, figure, positive, median``: share above zero and median of each register figure;
        empty without a register.
    exist : bool, optional
        Whether two types were preferred to one; None when that was not tested.
    """

    wave: str
    seed: int
    sector: str
    shares: pd.Series
    modal: pd.Series
    selection: pd.DataFrame
    used: tuple[str, ...]
    profiles: pd.DataFrame
    figures: pd.DataFrame
    exist: bool | None = None

    @property
    def extended(self) -> str | None:
        """The type with the widest central services, None without such items."""
        rows = self.profiles[self.profiles["indicator"].str.startswith(SERVICES)]
        rows = rows[rows["category"] == 1]
        if rows.empty:
            return None
        return str(rows.groupby("type")["share"].mean().idxmax())

    def contrast(self, indicators: Sequence[str], codes: Sequence[int]) -> float:
        """Give how much more of the extended type than of the others give one of some answers.

        Returns
        -------
        float
            Mean over `indicators` of the difference in shares; the others are weighted by their
            shares. NaN where nobody of a type answered an indicator, or all are of one type.
        """
        extended = self.extended
        sizes = self.shares[self.shares > 0]
        others = [str(name) for name in sizes.index if name != extended]
        rows = self.profiles[self.profiles["indicator"].isin(list(indicators))]
        rows = rows[rows["type"].isin([*others, str(extended)])]
        answered = rows.drop_duplicates(["type", "indicator"])
        if not others or len(answered) < len(sizes) * len(indicators):
            return float("nan")
        chosen = rows[rows["category"].isin(list(codes))]
        table = (
            chosen.pivot_table(index="indicator", columns="type", values="share", aggfunc="sum")
            .reindex(index=list(indicators), columns=[*others, str(extended)])
            .fillna(0.0)
        )
        weights = sizes[others].to_numpy(dtype=float)
        rest = table[others].to_numpy() @ weights / weights.sum()
        return float(np.mean(table[extended].to_numpy() - rest))


def summarise_run(
    wave: Wave,
    probabilities: pd.DataFrame,
    selection: pd.DataFrame,
    used: Sequence[str],
    *,
    exist: bool | None = None,
) -> TypologyRun:
    """Put one run into plain tables.

    Parameters
    ----------
    wave : Wave
        Of one sector, with its register figures where there are any.
    probabilities : DataFrame, shape (n_organisations, n_types)
        Probability of each type; a column a type, index the organisations of `wave`.
    selection : DataFrame
        ``theme, indicator, selected``.
    used : sequence of str
        Indicators that the analysis over all themes ran on.
    exist : bool, optional
        Whether two types were preferred to one.

    Returns
    -------
    TypologyRun
        Profiles are weighted by the probabilities; missing answers leave their base; survey
        weights are not used.

    Raises
    ------
    InputError
        Lists every fault: more than one sector, organisations that differ, columns that lack.
    """
    _check(wave, probabilities, selection)
    weights = probabilities.rename(columns=str)
    frame = wave.frame.loc[weights.index]
    seed = wave.provenance.get("seed")
    profiles, figures = [], []
    for name, variable in wave.codebook.variables.items():
        if name not in frame:
            continue
        values = frame[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        if variable.origin == "register":
            figures += _figure(name, values, weights)
        else:
            profiles += _profile(name, values, weights)
    return TypologyRun(
        wave=wave.name,
        seed=int(seed) if isinstance(seed, int) else 0,
        sector=wave.sectors[0],
        shares=weights.mean(),
        modal=weights.idxmax(axis=1),
        selection=selection[["theme", "indicator", "selected"]].copy(),
        used=tuple(used),
        profiles=pd.DataFrame(profiles, columns=["type", "indicator", "category", "share"]),
        figures=pd.DataFrame(figures, columns=["type", "figure", "positive", "median"]),
        exist=exist,
    )


def _check(wave: Wave, probabilities: pd.DataFrame, selection: pd.DataFrame) -> None:
    faults = []
    if len(wave.sectors) != 1:
        faults.append(f"wave: expected one sector, got {', '.join(wave.sectors)}")
    if set(probabilities.index) != set(wave.frame.index):
        faults.append("probabilities: expected a row for every organisation of the wave, no other")
    lacking = [n for n in ("theme", "indicator", "selected") if n not in selection.columns]
    if lacking:
        faults.append(f"selection: expected the columns {', '.join(lacking)}")
    if faults:
        raise InputError("typology run", faults)


def _profile(
    name: str, values: np.ndarray, weights: pd.DataFrame
) -> list[tuple[str, str, int, float]]:
    given = ~np.isnan(values)
    lines = []
    for kind in weights.columns:
        weight = weights[kind].to_numpy(dtype=float)
        base = weight[given].sum()
        for category in np.unique(values[given]) if base else ():
            part = weight[values == category].sum() / base
            lines.append((str(kind), name, int(category), float(part)))
    return lines


def _figure(
    name: str, values: np.ndarray, weights: pd.DataFrame
) -> list[tuple[str, str, float, float]]:
    modal = weights.idxmax(axis=1).to_numpy()
    lines = []
    for kind in weights.columns:
        weight = np.where(np.isnan(values), 0.0, weights[kind].to_numpy(dtype=float))
        base = weight.sum()
        positive = weight[values > 0].sum() / base if base else float("nan")
        mine = values[(modal == kind) & ~np.isnan(values)]
        middle = float(np.median(mine)) if len(mine) else float("nan")
        lines.append((str(kind), name, float(positive), middle))
    return lines
