"""Steps that relate: the steering continuum, and types and positions against the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from swvtypes import steering as continuum
from swvtypes.language import Label
from swvtypes.membership import Membership
from swvtypes.validation import (
    Validation,
    ValidationOptions,
    against_budget,
    against_context,
    against_services,
    against_variables,
)

from .plan import Files, Work, tables_as_files

By = Literal["types", "steering"]
Asked = Callable[[str | Membership], Validation | None]
NOTHING_BESIDE = Label(
    "de peiling heeft niets om de groepen naast te leggen",
    "the wave has nothing that groups are set against",
)
ONE_TYPE = Label(
    "elke sector heeft één type: er is niets om naast te leggen",
    "every sector has one type: there is nothing to hold against it",
)


def steering(work: Work) -> Files:
    """Summarise the continuum, its groups, and the two dimensions beside it."""
    asked = work.inputs.file.steering
    wave = work.wave
    if asked.variable not in wave.variables:
        work.notes.add("steering", _no_position(asked.variable))
        return {}
    made: dict[str, pd.DataFrame] = {}
    texts: list[str] = []

    def summary() -> None:
        found = continuum.summarise(wave, asked.variable)
        made.update(
            distribution=found.distribution, centre=found.centre, comparison=found.comparison
        )
        texts.append(found.text(work.language))

    def groups() -> None:
        if not [a for a in continuum.standard_aspects(wave) if a.source != asked.variable]:
            work.notes.add("groups", NOTHING_BESIDE)
            return
        found = continuum.groups(wave, asked.cuts, variable=asked.variable)
        made.update(
            groups=found.sizes, group_means=found.means, group_tests=found.tests,
            group_pairs=found.pairs, other_cuts=found.sensitivity,
            members=found.membership.rename_axis("organisation").reset_index(),
        )  # fmt: skip
        texts.append(found.text(work.language))

    work.notes.tried("summary", summary)
    work.notes.tried("groups", groups)
    return tables_as_files(made) | _text("steering.txt", texts)


def validation(work: Work) -> Files:
    """Hold types and positions against budgets, services and the other themes."""
    book = work.wave.codebook
    asked: dict[str, Asked] = {}
    options = ValidationOptions(seed=work.inputs.file.seed)
    for name in book.compositions:
        asked[f"budget_{name}"] = _budget(work, name, options)
    for name in book.sets:
        asked[f"services_{name}"] = _services(work, name, options)
    for name in book.themes:
        chosen = [
            v
            for v in book.theme(name)
            if v in work.wave.variables
            and book.variable(v).origin != "register"
            and book.variable(v).set is None
            and book.variable(v).composition is None
        ]
        if chosen:
            asked[f"theme_{name}"] = _variables(work, tuple(chosen), options)
    return _held(work, asked)


def context(work: Work) -> Files:
    """Hold types and positions against the register's figures."""
    options = ValidationOptions(seed=work.inputs.file.seed)
    return _held(work, {"context": lambda by: against_context(work.wave, by, options)})


def _budget(work: Work, name: str, options: ValidationOptions) -> Asked:
    return lambda by: against_budget(work.wave, by, options, composition=name)


def _services(work: Work, name: str, options: ValidationOptions) -> Asked:
    return lambda by: against_services(work.wave, by, options, services=name)


def _variables(work: Work, names: tuple[str, ...], options: ValidationOptions) -> Asked:
    def held(by: str | Membership) -> Validation | None:
        others = [name for name in names if name != by]
        return against_variables(work.wave, by, others, options) if others else None

    return held


def _held(work: Work, asked: dict[str, Asked]) -> Files:
    """Ask everything of the types and of the positions; note what cannot be asked."""
    against: dict[By, str | Membership] = {}
    types = work.membership()
    if _tells_apart(types):
        against["types"] = types
    else:
        work.notes.add("types", ONE_TYPE)
    position = work.inputs.file.steering.variable
    if position in work.wave.variables:
        against["steering"] = position
    parts: dict[str, list[pd.DataFrame]] = {"tests": [], "groups": [], "contrasts": []}
    texts: list[str] = []
    for by, held in against.items():
        for name, ask in asked.items():
            work.notes.tried(f"{name} by {by}", _one(work, ask, held, (by, name), parts, texts))
    full = {name: [part for part in frames if len(part)] for name, frames in parts.items()}
    made = {name: pd.concat(found, ignore_index=True) for name, found in full.items() if found}
    return tables_as_files(made) | _text("findings.txt", texts)


def _one(
    work: Work,
    ask: Asked,
    held: str | Membership,
    place: tuple[str, str],
    parts: dict[str, list[pd.DataFrame]],
    texts: list[str],
) -> Callable[[], None]:
    def make() -> None:
        found = ask(held)
        if found is None:
            return
        tables = {"tests": found.table, "groups": found.groups, "contrasts": found.contrasts}
        for name, table in tables.items():
            labelled = table.copy()
            labelled.insert(0, "by", place[0])
            labelled.insert(1, "what", place[1])
            parts[name].append(labelled)
        texts.append(found.text(work.language))

    return make


def _tells_apart(types: Membership) -> bool:
    """Whether any sector has more than one type."""
    return any(len(block.types) > 1 for block in types.blocks)


def _no_position(variable: str) -> Label:
    return Label(
        f"de peiling heeft geen vraag {variable!r}", f"the wave has no variable {variable!r}"
    )


def _text(name: str, texts: list[str]) -> Files:
    return {name: ("\n\n".join(texts) + "\n").encode()} if texts else {}
