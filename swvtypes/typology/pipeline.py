"""The steps of a fit: themes sector by sector, then the types over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from swvtypes.lca.threads import workers
from swvtypes.parallel import progress, run_as_finished

from .item_columns import recoded, taken_items
from .ledger import Ledger
from .material import NO_SECTOR, Material
from .routes import TypesTask
from .specification import TypologyOptions
from .supercluster_entry import superclusters_entry, superclusters_of
from .superclusters import Superclusters, find_types
from .theme_step import ThemeTask, ThemeTyping, analyse, theme_entry, theme_typing

Task = TypeVar("Task", ThemeTask, TypesTask)
_TYPES = 10_000


@dataclass(frozen=True)
class Work:
    """How the steps are carried out; none of it changes a result.

    Attributes
    ----------
    ledger : Ledger
        Where finished steps are kept.
    n_jobs : int
        Worker processes.
    show_progress : bool
        Whether to draw progress on standard error.
    """

    ledger: Ledger
    n_jobs: int = 1
    show_progress: bool = False


def sector_groups(material: Material, options: TypologyOptions) -> dict[str, tuple[str, ...]]:
    """Give the sectors that have types of their own, by name; ``"all"`` where together."""
    if options.sectors == "together":
        return {NO_SECTOR: material.sectors}
    return {sector: (sector,) for sector in material.sectors}


def type_themes(
    material: Material, options: TypologyOptions, seed: int, work: Work
) -> dict[str, dict[str, ThemeTyping]]:
    """Analyse each theme of each sector; by theme, then by sector."""
    tasks: dict[str, ThemeTask] = {}
    for g, (key, sectors) in enumerate(sector_groups(material, options).items()):
        rows = material.rows(sectors)
        for t, (theme, spec) in enumerate(material.themes(sectors).items()):
            columns = list(dict.fromkeys(c for i in spec.active for c in i.sources))
            tasks[f"theme_{key}_{theme}"] = ThemeTask(
                key, sectors, spec, rows[columns], child_seed(seed, g, t)
            )
    done = _carried_out("themes", tasks, partial(_theme, options=options), work)
    found: dict[str, dict[str, ThemeTyping]] = {}
    for name, task in tasks.items():
        made = work.ledger.read(name, done[name], theme_typing)
        found.setdefault(task.spec.name, {})[task.key] = made
    return found


def type_sectors(
    material: Material,
    themes: Mapping[str, Mapping[str, ThemeTyping]],
    options: TypologyOptions,
    seed: int,
    work: Work,
) -> dict[str, Superclusters]:
    """Find the types of each sector over its themes."""
    tasks: dict[str, TypesTask] = {}
    for g, (key, sectors) in enumerate(sector_groups(material, options).items()):
        typings = [by[key] for by in themes.values() if key in by]
        part = [typing for typing in typings if typing.takes_part]
        rows = material.rows(sectors)
        items = [item for typing in part for item in taken_items(typing)]
        tasks[f"types_{key}"] = TypesTask(
            sectors, recoded(rows, items), material.sector[rows.index],
            {t.theme: (max(t.n_classes, t.n_joint), t.taken) for t in part},
            {item.name: item.kind for item in items},
            "" if key == NO_SECTOR else key, child_seed(seed, g, _TYPES),
            tuple(typing.theme for typing in part if typing.to_be_heard),
        )  # fmt: skip
    done = _carried_out("types", tasks, partial(_types, options=options), work)
    return {
        name.removeprefix("types_"): work.ledger.read(name, done[name], superclusters_of)
        for name in tasks
    }


def _carried_out(
    title: str, tasks: Mapping[str, Task], function: Callable[[Task], dict[str, Any]], work: Work
) -> dict[str, dict[str, Any]]:
    """Carry out the tasks that the ledger lacks; entries by name."""
    done: dict[str, dict[str, Any]] = {}
    for name in tasks:
        kept = work.ledger.load(name)
        if kept is not None:
            done[name] = kept
    left = [name for name in tasks if name not in done]
    with progress(work.show_progress) as display:
        bar = display.add_task(title, total=len(tasks), completed=len(done))
        for at, entry in run_as_finished(function, [tasks[n] for n in left], work.n_jobs):
            work.ledger.save(left[at], entry)
            done[left[at]] = entry
            display.advance(bar)
    return done


def _theme(task: ThemeTask, options: TypologyOptions) -> dict[str, Any]:
    with workers(1):
        return theme_entry(analyse(task, options))


def _types(task: TypesTask, options: TypologyOptions) -> dict[str, Any]:
    with workers(1):
        return superclusters_entry(find_types(task, options))


def child_seed(seed: int, *path: int) -> int:
    """Give the seed of one step: a child of the fit's seed."""
    return int(np.random.SeedSequence(seed, spawn_key=path).generate_state(1)[0])
