"""The claims on the typology of 2014 held against typologies of simulated waves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.survey import Wave, load_wave

from .typology_2014 import FEWEST_WAVES, TypologyReplication, judge_typology_2014
from .typology_2014_runs import TypologyRun, summarise_run

WAVE = "start_2014"
SEEDS = range(1, 21)


class FittedTypology(Protocol):
    """What is needed of a fitted :class:`swvtypes.typology.Typology`.

    Attributes
    ----------
    themes_ : mapping of str to object
        By theme: ``by_sector``, with ``selection`` (``indicator``, ``selected``) and ``taken``.
    superclusters_ : mapping of str to object
        By sector: ``model`` with ``types``.
    membership_ : Membership
    """

    @property
    def themes_(self) -> Mapping[str, Any]:
        """Themes."""

    @property
    def superclusters_(self) -> Mapping[str, Any]:
        """Types over the themes."""

    @property
    def membership_(self) -> Any:
        """Who is of which type."""


Fit = Callable[[Wave], FittedTypology]
Exist = Callable[[FittedTypology, str], bool]


def recover_typology(
    fit: Fit,
    seeds: Iterable[int] = SEEDS,
    *,
    exist: Exist | None = None,
    fewest_waves: int = FEWEST_WAVES,
) -> TypologyReplication:
    """Type each simulated wave of 2014 anew, and give every claim on the typology a verdict.

    Parameters
    ----------
    fit : callable
        Called with a wave of both sectors; gives a fitted typology with sectors apart, for
        example ``lambda wave: sw.Typology(random_state=1).fit(wave)``.
    seeds : iterable of int
        Versions of the wave.
    exist : callable, optional
        Called with the fitted typology and a sector: whether types over the themes exist. Left
        out, they do where the typology has more than one type.
    fewest_waves : int
        How many waves a verdict needs at least.

    Returns
    -------
    TypologyReplication
        Its caveat belongs beside every verdict: the rows are simulated, and recovery shows that
        the method finds what is in them, not what 2014 was.

    Raises
    ------
    InputError
        For a typology with sectors together, and as
        :func:`~swvtypes.reproduction.typology_2014.judge_typology_2014` raises it.
    """
    runs: list[TypologyRun] = []
    for seed in seeds:
        wave = load_wave(WAVE, seed=seed)
        runs += runs_of(wave, fit(wave), exist)
    return judge_typology_2014(runs, fewest_waves=fewest_waves)


def runs_of(
    wave: Wave, typology: FittedTypology, exist: Exist | None = None
) -> tuple[TypologyRun, ...]:
    """Give one run a sector of a typology that was fitted to a wave.

    Raises
    ------
    InputError
        When the typology has sectors together, or was fitted to other sectors.
    """
    wrong = sorted(set(wave.sectors) ^ set(typology.superclusters_))
    if wrong:
        raise InputError(
            "typology", [f"expected types of their own for {', '.join(wave.sectors)}; differs "
                         f"for {', '.join(wrong)}"]
        )  # fmt: skip
    found = []
    for sector in wave.sectors:
        part = wave.sector(sector)
        types = list(typology.superclusters_[sector].model.types)
        probabilities = typology.membership_.probabilities.loc[part.frame.index, types]
        typings = {n: t.by_sector[sector] for n, t in typology.themes_.items()
                   if sector in t.by_sector}  # fmt: skip
        selection = pd.concat(
            [t.selection[["indicator", "selected"]].assign(theme=n) for n, t in typings.items()],
            ignore_index=True,
        )
        used = [name for t in typings.values() for name in t.taken]
        there = len(types) > 1 if exist is None else exist(typology, sector)
        found.append(summarise_run(part, probabilities, selection, used, exist=there))
    return tuple(found)
