"""What a reconstruction reads: its variables, quantities and target statistics, all data files.

A *project* is a folder with ``variables.csv``, ``quantities.csv``, ``targets.csv``, ``plan.toml``
and ``assumptions.toml``. No module knows a particular report: which printed number constrains
which variables, and in which order the rows are solved, stands in these files.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from swvtypes.errors import RecordError
from swvtypes.resources import data_path

BaseRule = Literal["largest", "smallest", "shared"]
QuantityKind = Literal["plain", "scale", "recode", "indicator", "total"]


@dataclass(frozen=True)
class VariableSpec:
    """One column to rebuild.

    ``missing`` are codes that are no substantive answer; ``gate`` and ``gate_codes`` say who was
    asked; ``base_rule`` says how many answered when print leaves it open: the largest number that
    the percentages admit, the smallest, or the printed number shared by a response set.
    ``decimals`` is the number of decimals that the file carries (rows hold scaled integers);
    ``minimum`` and ``maximum`` are in units of the file.
    """

    variable: str
    sectors: tuple[str, ...]
    missing: frozenset[int]
    gate: str
    gate_codes: frozenset[int]
    response_set: str
    exclusive: bool
    composition: str
    file: str
    decimals: int
    minimum: float | None
    maximum: float | None
    base_rule: BaseRule


@dataclass(frozen=True)
class QuantitySpec:
    """Something computed from a row: a scale score, a recode, an indicator, a total.

    ``variables`` are pairs of a variable and whether it is turned round first.
    """

    quantity: str
    kind: QuantityKind
    variables: tuple[tuple[str, bool], ...]
    codes: str


@dataclass(frozen=True)
class Target:
    """One printed number and the statistic of the rows that it constrains.

    ``printed`` and ``decimals`` come from the record, never from the project. ``codes`` narrows
    the statistic (answer codes, ``<3.0``, a pair of groups); ``base`` is its denominator;
    ``direction`` is the order of group means that the text reports.
    """

    target: str
    sector: str
    kind: str
    var1: str
    var2: str
    codes: str
    base: str
    direction: str
    role: str
    printed: str
    decimals: int
    df1: int | None
    df2: int | None


@dataclass(frozen=True)
class Project:
    """A reconstruction's data, read and joined with the printed record."""

    name: str
    sizes: Mapping[str, int]
    prefixes: Mapping[str, str]
    variables: Mapping[str, VariableSpec]
    quantities: Mapping[str, QuantitySpec]
    targets: tuple[Target, ...]
    plan: Mapping[str, Any]
    assumptions: Mapping[str, Any]

    def asked(self, variable: str, sector: str) -> bool:
        """Say whether a sector's questionnaire holds a variable."""
        return sector in self.variables[variable].sectors

    def rows(self) -> list[str]:
        """Give the sector of every row, in file order."""
        return [sector for sector, size in self.sizes.items() for _ in range(size)]


def read_project(folder: str | Path, record: str | Path | None = None) -> Project:
    """Read a reconstruction project and look up what its targets print.

    Parameters
    ----------
    folder : str or Path
        A folder, or the name of one in ``data/reconstruction``.
    record : str or Path, optional
        Folder of the printed record; ``data/published`` unless given.

    Raises
    ------
    RecordError
        Lists every target whose key the record lacks, or holds more than once.
    """
    where = Path(folder)
    if not where.is_dir():
        where = data_path("reconstruction", str(folder))
    plan = tomllib.loads((where / "plan.toml").read_text(encoding="utf-8"))
    assumptions = tomllib.loads((where / "assumptions.toml").read_text(encoding="utf-8"))
    published = Path(record) if record is not None else data_path("published")
    return Project(
        name=where.name,
        sizes=MappingProxyType({k: int(v) for k, v in plan["sizes"].items()}),
        prefixes=MappingProxyType(dict(plan["prefixes"])),
        variables=MappingProxyType(_variables(where / "variables.csv")),
        quantities=MappingProxyType(_quantities(where / "quantities.csv")),
        targets=_targets(where / "targets.csv", published),
        plan=MappingProxyType(plan),
        assumptions=MappingProxyType(assumptions),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        raise RecordError(str(path), [f"expected the file {path.name}, found nothing"])
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _variables(path: Path) -> dict[str, VariableSpec]:
    return {
        row["variable"]: VariableSpec(
            variable=row["variable"],
            sectors=tuple(row["sectors"].split()),
            missing=frozenset(int(code) for code in row["missing"].split()),
            gate=row["gate"],
            gate_codes=frozenset(int(code) for code in row["gate_codes"].split()),
            response_set=row["response_set"],
            exclusive=row["exclusive"] == "1",
            composition=row["composition"],
            file=row["file"],
            decimals=int(row["decimals"] or 0),
            minimum=_number(row["minimum"]),
            maximum=_number(row["maximum"]),
            base_rule=row["base_rule"],  # type: ignore[arg-type]
        )
        for row in _rows(path)
    }


def _quantities(path: Path) -> dict[str, QuantitySpec]:
    return {
        row["quantity"]: QuantitySpec(
            quantity=row["quantity"],
            kind=row["kind"],  # type: ignore[arg-type]
            variables=tuple(
                (name.removeprefix("-"), name.startswith("-")) for name in row["variables"].split()
            ),
            codes=row["codes"],
        )
        for row in _rows(path)
    }


def _key(row: Mapping[str, str], source: str) -> tuple[str, ...]:
    if source.endswith("_tables"):
        return (row["locator"], row["row_no"], row["sector"], row["measure"])
    return (row["text_id"] if "text_id" in row else row["id"],)


def _targets(path: Path, record: Path) -> tuple[Target, ...]:
    rows = _rows(path)
    printed: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for source in sorted({row["source"] for row in rows}):
        for entry in _rows(record / f"{source}.csv"):
            printed.setdefault((source, *_key(entry, source)), []).append(entry)
    targets: list[Target] = []
    faults: list[str] = []
    for row in rows:
        found = printed.get((row["source"], *_key(row, row["source"])), [])
        if len(found) != 1:
            faults.append(f"target {row['target']}: expected one printed row, found {len(found)}")
            continue
        targets.append(_target(row, found[0]))
    if faults:
        raise RecordError(str(path), faults)
    return tuple(targets)


def _target(row: Mapping[str, str], entry: Mapping[str, str]) -> Target:
    column = row["measure"] if row["measure"] in ("p", "df2") else "value"
    text = entry[column]
    decimals = int(entry["decimals"] or 0) if column == "value" else len(text.partition(".")[2])
    return Target(
        target=row["target"],
        sector=row["sector"],
        kind=row["kind"],
        var1=row["var1"],
        var2=row["var2"],
        codes=row["codes"],
        base=row["base"],
        direction=row["direction"],
        role=row["role"],
        printed=text,
        decimals=decimals,
        df1=_whole(entry.get("df1", "")),
        df2=_whole(entry.get("df2", "")),
    )


def _whole(text: str) -> int | None:
    return int(text) if text else None


def select(targets: Iterable[Target], **wanted: str) -> list[Target]:
    """List the targets whose fields equal the given words."""
    return [t for t in targets if all(getattr(t, name) == word for name, word in wanted.items())]
