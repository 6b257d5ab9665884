"""One analysis under many choices, and how often types and conclusions survive.

The multiverse of Steegen, Tuerlinckx, Gelman and Vanpaemel (2016, Perspectives on Psychological
Science 11): every reasonable choice of the analyst is made, and all outcomes are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from swvtypes.errors import InputError, SwvtypesError
from swvtypes.language import Language
from swvtypes.lca.model import check_real
from swvtypes.lca.threads import worker_count
from swvtypes.parallel import progress, run_parallel

from .multiverse_tables import (
    choice_table,
    compare_runs,
    conclusion_table,
    organisation_table,
    type_table,
)

SURVIVES = 0.75
_AT_ONCE = 4


@dataclass(frozen=True)
class Universe:
    """What an analysis comes to under one set of choices.

    Parameters
    ----------
    types : Series
        Type of each organisation, indexed by organisation; missing where it has none.
    conclusions : mapping of str to hashable
        What is concluded, by name.
    """

    types: pd.Series[Any]
    conclusions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Multiverse:
    """Result of :func:`multiverse`.

    Attributes
    ----------
    runs : DataFrame
        A row a set of choices, in the order of the grid: the choices, ``n_types``, ``n``
        (organisations with a type), ``ari`` (adjusted Rand index with the base, over the
        organisations that have a type in both), the conclusions, and ``fault`` (the message of
        an analysis that could not be made, else empty).
    types : DataFrame
        Indexed by the types of the base: ``size``, ``survived`` (share of the other runs in which
        the class paired with it has a Jaccard coefficient of at least `survives`), ``jaccard``
        (mean), ``lowest``, ``unpaired`` (share of runs with too few classes to pair it).
    organisations : DataFrame
        ``type`` in the base, ``same`` (share of the other runs, among those in which it has a
        type, that put it in the class paired with that type), ``n_runs``.
    conclusions : DataFrame
        Indexed by conclusion: ``base``, ``agrees`` (share of the other runs with the same
        outcome), ``outcomes`` (each outcome and its number of runs, the base included).
    choices : DataFrame
        Indexed by choice and level: ``runs``, mean ``ari``, mean ``jaccard`` over the types, and
        ``agrees`` (mean over conclusions): which choice matters.
    base : dict
        The choices that others are compared with.
    survives : float
        See `types`.
    n_failed : int
        Analyses that could not be made.
    """

    runs: pd.DataFrame
    types: pd.DataFrame
    organisations: pd.DataFrame
    conclusions: pd.DataFrame
    choices: pd.DataFrame
    base: dict[str, Any]
    survives: float
    n_failed: int

    def text(self, language: Language = "nl") -> str:
        """Say what survives."""
        from .stability_text import multiverse_lines

        return "\n".join(multiverse_lines(self, language))

    def _repr_html_(self) -> str:
        from swvtypes.lca.tables_html import frame_html

        return (
            frame_html(f"Types under {len(self.runs)} sets of choices", self.types, self.text("en"))
            + frame_html("Conclusions", self.conclusions)
            + frame_html("Choices", self.choices)
        )


def multiverse(
    analysis: Callable[..., Universe],
    grid: Sequence[Mapping[str, Any]],
    *,
    base: int = 0,
    survives: float = SURVIVES,
    n_jobs: int | None = 1,
    show_progress: bool = False,
) -> Multiverse:
    """Make one analysis under many choices, and see what survives.

    Parameters
    ----------
    analysis : callable
        Called as ``analysis(**choices)`` with each entry of the grid; gives a :class:`Universe`.
        It must pickle to run in worker processes. :class:`ThemeAnalysis` is one for a theme,
        :class:`SuperclusterAnalysis` one for superclusters.
    grid : sequence of mapping
        Sets of choices, all with the same names; :func:`theme_grid` and
        :func:`supercluster_grid` make them.
    base : int
        Place in the grid of the set that others are compared with.
    survives : float
        Jaccard coefficient from which a type counts as found again, above 0 and at most 1.
    n_jobs : int, optional
        Worker processes; all cores when None or -1. Results do not depend on it.
    show_progress : bool
        Whether to draw a progress bar on standard error.

    Returns
    -------
    Multiverse
        An analysis that raises an error of this package counts as not made: its message stands
        in `runs`, and it enters no share.

    Raises
    ------
    InputError
        When the grid is empty or its entries differ in names, `base` is no place in it, the
        analysis gives something else than a Universe, or the base could not be made.
    OptionError
        When `survives` is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> from swvtypes.typology import multiverse
    >>> from swvtypes.typology.stability import Universe
    >>> scores = pd.Series([1, 2, 5, 7, 8], index=list("abcde"))
    >>> def cut(at):
    ...     return Universe((scores > at) + 1, {"most are high": bool((scores > at).mean() > 0.5)})
    >>> found = multiverse(cut, [{"at": 4}, {"at": 3}, {"at": 6}])
    >>> found.types["survived"].tolist()
    [0.5, 0.5]
    >>> found.conclusions["agrees"].tolist()
    [0.5]
    """
    check_real("survives", survives, 0.0, open_=True)
    cells = [dict(cell) for cell in grid]
    _check_grid(cells, base, survives)
    outcomes = _run(analysis, cells, n_jobs, show_progress)
    faults = [outcome if isinstance(outcome, str) else "" for outcome in outcomes]
    if faults[base]:
        raise InputError("multiverse", [f"the base analysis could not be made: {faults[base]}"])
    universes = [None if isinstance(outcome, str) else outcome for outcome in outcomes]
    compared = compare_runs(universes, base)
    runs = pd.DataFrame(cells)
    runs["n_types"] = compared.n_types
    runs["n"] = compared.n
    runs["ari"] = compared.ari
    names = _conclusion_names(universes)
    for name in names:
        drawn = [None if u is None else u.conclusions.get(name) for u in universes]
        runs[name] = pd.Series(drawn, dtype=object)
    runs["fault"] = faults
    return Multiverse(
        runs, type_table(compared, base, survives), organisation_table(compared, base),
        conclusion_table(runs, names, base), choice_table(cells, compared, runs, names, base),
        cells[base], float(survives), sum(map(bool, faults)),
    )  # fmt: skip


def _check_grid(cells: Sequence[Mapping[str, Any]], base: int, survives: float) -> None:
    faults = []
    if not cells:
        faults.append("the grid is empty: expected at least one set of choices")
    elif not 0 <= base < len(cells):
        faults.append(f"base: expected a place from 0 to {len(cells) - 1}, got {base}")
    reserved = {"n_types", "n", "ari", "fault"}
    for i, cell in enumerate(cells):
        if set(cell) != set(cells[0]):
            faults.append(f"entry {i}: expected {sorted(cells[0])}, got {sorted(cell)}")
        taken = sorted(reserved & set(cell))
        if taken:
            faults.append(f"entry {i}: {', '.join(taken)} is a column of the result")
    if survives > 1.0:
        faults.append(f"survives: expected at most 1, got {survives:g}")
    if faults:
        raise InputError("multiverse", faults)


def _run(
    analysis: Callable[..., Universe],
    cells: Sequence[dict[str, Any]],
    n_jobs: int | None,
    show: bool,
) -> list[Universe | str]:
    jobs = min(worker_count(n_jobs), len(cells))
    one = partial(_one, analysis)
    at_once = jobs * _AT_ONCE if show or jobs > 1 else len(cells)
    found: list[Universe | str] = []
    with progress(show) as display:
        task = display.add_task("multiverse", total=len(cells))
        for low in range(0, len(cells), at_once):
            found += run_parallel(one, cells[low : low + at_once], jobs)
            display.update(task, completed=len(found))
    return found


def _one(analysis: Callable[..., Universe], cell: dict[str, Any]) -> Universe | str:
    """Make one analysis; the message where it cannot be made."""
    try:
        universe = analysis(**cell)
    except SwvtypesError as error:
        return f"{type(error).__name__}: {error}"
    if not isinstance(universe, Universe):
        raise InputError(
            "multiverse",
            [f"expected the analysis to give a Universe, got {type(universe).__name__}"],
        )
    return universe


def _conclusion_names(universes: Sequence[Universe | None]) -> list[str]:
    names: dict[str, None] = {}
    for universe in universes:
        if universe is not None:
            names |= dict.fromkeys(universe.conclusions)
    return list(names)
