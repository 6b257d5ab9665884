"""What a feasible interval is asked for, and how hard to search."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.reconstruction.project import Project, QuantitySpec

Measure = Literal["correlation", "share", "difference", "f", "alpha"]
_UNNAMED = Label("", "")
PAIRED: tuple[Measure, ...] = ("correlation", "share", "difference", "f")


@dataclass(frozen=True)
class Relation:
    """A statistic of the rebuilt rows.

    Attributes
    ----------
    measure : {"correlation", "share", "difference", "f", "alpha"}
        Pearson's r of `first` and `second` (for two indicators that is phi); the percentage of
        `first` (an indicator) among rows where `second` is 1; mean of `first` in group
        ``groups[0]`` of `second` less that in ``groups[1]``; the F ratio of `first` over the
        groups of `second`; Cronbach's alpha (listwise) of the items of `first`.
    first, second : str
        Variables or quantities of the project; `second` is empty for alpha.
    sector : str
        A sector of the project, or ``"both"``.
    groups : tuple of int
        Two codes, for ``"difference"`` only.
    quantities : tuple of QuantitySpec
        Quantities that the project lacks (an indicator of some codes, a total, a set of items).
    label : Label
        What it says, for a reader.
    """

    measure: Measure
    first: str
    second: str
    sector: str
    groups: tuple[int, ...] = ()
    quantities: tuple[QuantitySpec, ...] = ()
    label: Label = _UNNAMED

    def project(self, project: Project) -> Project:
        """Give the project with the relation's own quantities added."""
        own = {spec.quantity: spec for spec in self.quantities}
        return replace(project, quantities=MappingProxyType({**project.quantities, **own}))


@dataclass(frozen=True)
class SearchEffort:
    """How hard to search.

    Attributes
    ----------
    proposals : int
        Moves proposed at a goal before it is given up.
    rounds : int
        Times the threshold is let fall again within a goal.
    first_step : float
        Distance of the first goal, as a share of the statistic's natural range (2 for r).
    last_step : float
        Shortest distance that is still tried, as a share of that range.
    threshold : int
        Price by which a move may worsen the rows at first.
    """

    proposals: int = 10_000
    rounds: int = 1
    first_step: float = 0.02
    last_step: float = 0.005
    threshold: int = 100

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises
        ------
        InputError
            Lists every number out of range.
        """
        faults = [
            f"{name}: expected at least {least}, got {value!r}"
            for name, value, least in (
                ("proposals", self.proposals, 1),
                ("rounds", self.rounds, 1),
                ("threshold", self.threshold, 0),
            )
            if value < least
        ]
        if not 0 < self.last_step <= self.first_step <= 1:
            faults.append(
                "first_step, last_step: expected 0 < last_step <= first_step <= 1, got "
                f"{self.first_step!r} and {self.last_step!r}"
            )
        if faults:
            raise InputError("search effort", faults)


def check_relation(relation: Relation, project: Project) -> None:
    """Check a relation against a project that has its quantities.

    Raises
    ------
    InputError
        Lists every fault.
    """
    faults: list[str] = []
    if relation.measure not in get_args(Measure):
        known = ", ".join(get_args(Measure))
        faults.append(f"measure: expected one of {known}, got {relation.measure!r}")
    if relation.sector != "both" and relation.sector not in project.sizes:
        known = ", ".join([*project.sizes, "both"])
        faults.append(f"sector: expected one of {known}, got {relation.sector!r}")
    named = [("first", relation.first)]
    if relation.measure in PAIRED:
        named.append(("second", relation.second))
    elif relation.second:
        faults.append(f"second: expected nothing for alpha, got {relation.second!r}")
    for place, name in named:
        if name not in project.variables and name not in project.quantities:
            faults.append(f"{place}: {name!r} is no variable or quantity of the project")
    codes = 2 if relation.measure == "difference" else 0
    if len(relation.groups) != codes:
        faults.append(
            f"groups: expected {codes} codes for {relation.measure}, got {relation.groups!r}"
        )
    if relation.measure == "alpha" and _kind(project, relation.first) != "scale":
        faults.append(f"first: alpha needs a scale, {relation.first!r} is none")
    if relation.measure == "share":
        faults += [
            f"{place}: a share needs an indicator or a yes-or-no answer, {name!r} is none"
            for place, name in named
            if _kind(project, name) not in ("indicator", "set")
        ]
    if faults:
        raise InputError("relation", faults)


def _kind(project: Project, name: str) -> str:
    if name in project.quantities:
        return project.quantities[name].kind
    spec = project.variables.get(name)
    return "set" if spec is not None and spec.response_set else "variable"


def read_relations(path: str | Path) -> dict[str, Relation]:
    """Read relations from a TOML file: ``[quantities.x]`` and ``[[relations]]``.

    Returns
    -------
    dict of str to Relation
        By ``id``, in the file's order.
    """
    raw = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    own = {name: _quantity(name, entry) for name, entry in raw.get("quantities", {}).items()}
    found: dict[str, Relation] = {}
    for entry in raw["relations"]:
        used = tuple(own[n] for n in (entry["first"], entry.get("second", "")) if n in own)
        found[entry["id"]] = Relation(
            measure=entry["measure"],
            first=entry["first"],
            second=entry.get("second", ""),
            sector=entry["sector"],
            groups=tuple(entry.get("groups", ())),
            quantities=used,
            label=Label(**entry["label"]),
        )
    return found


def _quantity(name: str, entry: Mapping[str, Any]) -> QuantitySpec:
    variables = tuple((v.removeprefix("-"), v.startswith("-")) for v in entry["variables"])
    return QuantitySpec(name, entry["kind"], variables, entry.get("codes", ""))
