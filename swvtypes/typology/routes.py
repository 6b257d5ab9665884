"""Three routes to types over the themes, on the same items.

1. one latent class analysis of all items, as was done in 2014;
2. two steps: the themes' own classes held fixed (Bakk and Kuha 2018);
3. one step: types, theme classes and items in one likelihood.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from swvtypes.lca import LatentClassModel
from swvtypes.lca.families import Table
from swvtypes.lca.model import Indicator, read_indicators

from .hierarchy import ClassesOfClasses, ThemeMeasurement, fit_two_step
from .profiles import (
    Floats,
    ItemProfile,
    ThemeProfiles,
    TypesModel,
    estimate_shares,
    posterior,
)
from .specification import SHARE_PRIOR, Route

ALL_THEMES = "all themes"


@dataclass(frozen=True, eq=False)
class TypesTask:
    """The types of one sector (or of sectors together) that are to be found.

    Attributes
    ----------
    sectors : tuple of str
    frame : DataFrame by organisation
        Items of all themes that take part.
    sector : Series of str by organisation
    themes : mapping of str to (int, tuple of str)
        Number of classes and items of each theme that takes part.
    kinds : mapping of column to str
        Stated families.
    names : str
        What types are called: the sector, or "" where sectors are together.
    seed : int
    to_be_heard : tuple of str
        Themes that stay only if the others speak for them.
    """

    sectors: tuple[str, ...]
    frame: pd.DataFrame
    sector: pd.Series[str]
    themes: Mapping[str, tuple[int, tuple[str, ...]]]
    kinds: Mapping[Hashable, str]
    names: str
    seed: int
    to_be_heard: tuple[str, ...] = ()

    def without(self, themes: Collection[str]) -> TypesTask:
        """Give the task of the other themes; none of them is yet to be heard."""
        kept = {t: each for t, each in self.themes.items() if t not in themes}
        return replace(self, themes=kept, to_be_heard=())

    @property
    def items(self) -> list[str]:
        """Items of all themes."""
        return [c for _, columns in self.themes.values() for c in columns]


@dataclass(frozen=True, eq=False)
class RouteFit:
    """What one route came to.

    Attributes
    ----------
    route : str
    model : TypesModel
    probabilities : ndarray, shape (n, P)
    log_likelihood : float
        At the estimates, which are not its maximum under a prior.
    n_parameters : int
    n : int
        Organisations.
    prior : float
        Pseudo-cases; above 0 the estimates are posterior modes, in two steps those of the theme
        classes.
    """

    route: Route
    model: TypesModel
    probabilities: Floats
    log_likelihood: float
    n_parameters: int
    n: int
    prior: float = 0.0

    @property
    def bic(self) -> float:
        """Schwarz's criterion, at the estimates."""
        return -2.0 * self.log_likelihood + self.n_parameters * float(np.log(self.n))


def type_names(prefix: str, n_types: int) -> tuple[str, ...]:
    """Name the types: ``"po 1"``, ``"po 2"``, or ``"1"``, ``"2"`` without a sector."""
    return tuple(f"{prefix} {k + 1}".strip() for k in range(n_types))


def measure(task: TypesTask, n_init: int, prior: float) -> dict[str, ThemeMeasurement]:
    """Fit the classes of each theme to the items that go on."""
    found = {}
    for at, (theme, (n_classes, columns)) in enumerate(task.themes.items()):
        kinds: dict[Hashable, str] = {c: task.kinds[c] for c in columns if c in task.kinds}
        model = LatentClassModel(
            n_classes, kinds, n_init, prior=prior, random_state=(task.seed + at) % 2**31, n_jobs=1
        ).fit(task.frame[list(columns)])
        found[theme] = ThemeMeasurement(theme, tuple(columns), model)
    return found


def one_class_analysis(task: TypesTask, n_types: int, n_init: int, prior: float) -> RouteFit:
    """Fit one latent class analysis to the items of all themes."""
    frame = task.frame[task.items]
    kinds: dict[Hashable, str] = {c: task.kinds[c] for c in task.items if c in task.kinds}
    model = LatentClassModel(
        n_types, kinds, n_init, prior=prior, random_state=task.seed, n_jobs=1
    ).fit(frame)
    items = _profiles(model.fit_.parameters.tables, read_indicators(frame, kinds))
    themes = (ThemeProfiles(ALL_THEMES, items, np.eye(n_types)),)
    shares = model.class_shares_.to_numpy(dtype=float)
    found = _finished(
        task, "one_class_analysis", shares, themes, model.log_likelihood_, model.n_parameters_
    )
    return replace(found, prior=prior)


def two_step(
    task: TypesTask,
    measured: Mapping[str, ThemeMeasurement],
    n_types: int,
    n_init: int,
    prior: float,
) -> RouteFit:
    """Fit the types over themes whose classes, measured at a prior, are held fixed."""
    found = fit_two_step(task.frame, measured, n_types, n_init=n_init, random_state=task.seed)
    themes = tuple(
        ThemeProfiles(
            name, _profiles(m.tables, read_indicators(task.frame[list(m.columns)], _own(task, m))),
            np.asarray(rho),
        )
        for (name, m), rho in zip(measured.items(), found.model.conditional, strict=True)
    )  # fmt: skip
    finished = _finished(
        task, "two_step", found.model.shares, themes, found.log_likelihood, found.n_parameters
    )
    return replace(finished, prior=prior)


def one_step(task: TypesTask, n_types: int, n_init: int, prior: float) -> RouteFit:
    """Fit types, theme classes and items in one likelihood; few pseudo-cases are of the shares."""
    kinds: dict[Hashable, str] = {c: task.kinds[c] for c in task.items if c in task.kinds}
    model = ClassesOfClasses(
        n_types, {t: n for t, (n, _) in task.themes.items()}, kinds, n_init, prior=prior,
        random_state=task.seed, share_prior=min(prior, SHARE_PRIOR),
    )  # fmt: skip
    model.fit(task.frame, themes={t: list(columns) for t, (_, columns) in task.themes.items()})
    inside, reading = model.outcome_.model, model.reading_
    themes = tuple(
        ThemeProfiles(name, _profiles(tables, indicators), np.asarray(rho))
        for name, tables, indicators, rho in zip(
            reading.names, inside.tables, reading.indicators, inside.conditional, strict=True
        )
    )
    found = _finished(
        task, "one_step", inside.shares, themes, model.log_likelihood_, model.n_parameters_
    )
    return replace(found, prior=prior)


def _own(task: TypesTask, measured: ThemeMeasurement) -> dict[Hashable, str]:
    return {c: task.kinds[c] for c in measured.columns if c in task.kinds}


def _profiles(tables: Sequence[Table], indicators: Sequence[Indicator]) -> tuple[ItemProfile, ...]:
    """Item distributions; items with one value only say nothing and are left out."""
    known = {table.items[0]: table for table in tables}
    return tuple(
        ItemProfile(indicator, np.asarray(known[j].values, dtype=float))
        for j, indicator in enumerate(indicators)
        if not indicator.constant
    )


def _finished(
    task: TypesTask,
    route: Route,
    shares: Floats,
    themes: tuple[ThemeProfiles, ...],
    log_likelihood: float,
    n_parameters: int,
) -> RouteFit:
    """Put the largest type first, and give each sector shares of its own."""
    P = len(shares)
    order = np.argsort(-np.asarray(shares), kind="stable")
    every = np.tile(np.asarray(shares)[order], (len(task.sectors), 1))
    model = TypesModel(
        task.sectors, type_names(task.names, P), every,
        tuple(ThemeProfiles(t.name, t.items, t.conditional[order]) for t in themes),
    )  # fmt: skip
    given = model.log_given_type(model.encode(task.frame), len(task.frame))
    probabilities = np.empty_like(given)
    for g, sector in enumerate(task.sectors):
        mine = (task.sector == sector).to_numpy(dtype=bool)
        if len(task.sectors) > 1 and P > 1:
            every[g] = estimate_shares(given[mine], every[g])
        probabilities[mine] = posterior(given[mine], every[g])[0]
    return RouteFit(
        route, model.with_shares(every), probabilities, float(log_likelihood), int(n_parameters),
        len(task.frame),
    )  # fmt: skip
