"""A membership as one JSON file: a header, then one organisation a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from swvtypes.errors import MembershipError
from swvtypes.resources import atomic_write
from swvtypes.survey.plain_faults import plain_fault

from .optimism import KINDS, Optimism, optimism_of
from .origin import Origin

if TYPE_CHECKING:
    from .model import Membership

FORMAT = "swvtypes membership"
VERSION = 2


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Organisation(_Entry):
    organisation: str
    sector: str
    weight: float | None = None
    probabilities: dict[str, float] | None


class _Factors(_Entry):
    modal: list[list[float | None]]
    proportional: list[list[float | None]]


class _File(_Entry):
    format: Literal["swvtypes membership"]
    schema_version: Literal[1, 2]
    wave: str
    year: int | None
    theme: str
    types: Annotated[list[str], Field(min_length=1)]
    names: dict[str, str]
    indicators: list[str]
    optimism: _Factors | None = None
    organisations: Annotated[list[_Organisation], Field(min_length=1)]


@dataclass(frozen=True)
class Contents:
    """What a file holds, before the membership checks it."""

    frame: pd.DataFrame
    sector: pd.Series[str]
    origin: Origin
    weights: pd.Series[float] | None
    optimism: Optimism | None


def written(membership: Membership, path: str | Path) -> None:
    """Write a membership to a JSON file, whole or not at all; of version 1 where that says all."""
    optimism = membership.optimism
    header: dict[str, object] = {
        "format": FORMAT,
        "schema_version": 1 if optimism is None else VERSION,
        "wave": membership.wave,
        "year": membership.year,
        "theme": membership.theme,
        "types": list(membership.types),
        "names": dict(membership.origin.names),
        "indicators": list(membership.origin.indicators),
    }
    if optimism is not None:
        header["optimism"] = {kind: _plain(optimism.of(kind)) for kind in KINDS}
    lines = [f"  {_json(key)}: {_json(value)}" for key, value in header.items()]
    rows = ",\n".join(f"    {_json(row)}" for row in _rows(membership))
    with atomic_write(path) as stream:
        stream.write("{\n" + ",\n".join(lines) + ',\n  "organisations": [\n' + rows + "\n  ]\n}\n")


def contents(path: str | Path) -> Contents:
    """Read the file of a membership.

    Raises
    ------
    MembershipError
        Lists every fault.
    """
    file = _parsed(Path(path))
    twice = _twice([row.organisation for row in file.organisations])
    faults = [f"organisations: {name!r} stands in it twice" for name in twice]
    weighted = [row.weight is not None for row in file.organisations]
    if any(weighted) and not all(weighted):
        faults.append("organisations: expected a weight for all or for none")
    faults += [
        f"organisations: {row.organisation!r} has probabilities of {name!r}, which is no type"
        for row in file.organisations
        for name in row.probabilities or {}
        if name not in file.types
    ]
    faults += _factor_faults(file)
    if faults:
        raise MembershipError(Path(path).name, faults)
    index = pd.Index([r.organisation for r in file.organisations], name="organisation", dtype="str")
    values = [
        [(row.probabilities or {}).get(name, np.nan) for name in file.types]
        for row in file.organisations
    ]
    weights = (
        pd.Series([r.weight for r in file.organisations], index=index) if all(weighted) else None
    )
    return Contents(
        pd.DataFrame(values, index=index, columns=file.types, dtype=float),
        pd.Series([r.sector for r in file.organisations], index=index, dtype="str"),
        Origin(file.wave, file.year, file.theme, tuple(file.indicators), file.names),
        weights,
        _optimism(file),
    )


def _factor_faults(file: _File) -> list[str]:
    n = len(file.types)
    return [
        f"optimism.{kind}: expected {n} rows of {n} numbers, one a type"
        for kind in KINDS
        if file.optimism is not None
        and [len(row) for row in getattr(file.optimism, kind)] != [n] * n
    ]


def _optimism(file: _File) -> Optimism | None:
    if file.optimism is None:
        return None
    factors = {kind: np.array(getattr(file.optimism, kind), dtype=float) for kind in KINDS}
    return optimism_of(factors, file.types)


def _plain(factors: pd.DataFrame) -> list[list[float | None]]:
    """Give factors as numbers, None between sectors whose types are apart."""
    return [[None if pd.isna(x) else float(x) for x in row] for row in factors.to_numpy()]


def _parsed(path: Path) -> _File:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MembershipError(path.name, [f"cannot be read: {error.strerror}"]) from None
    except (ValueError, RecursionError) as error:
        raise MembershipError(path.name, [f"no valid JSON: {error}"]) from None
    version = raw.get("schema_version") if isinstance(raw, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise MembershipError(
            path.name,
            [f"schema_version: this release reads up to {VERSION}, the file has {version}"],
        )
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        raise MembershipError(path.name, [_sentence(e) for e in error.errors()]) from None


def _sentence(fault: Any) -> str:
    known = _File.model_fields if len(fault["loc"]) == 1 else ()
    return f"{'.'.join(map(str, fault['loc'])) or 'file'}: {plain_fault(fault, known)}"


def _rows(membership: Membership) -> list[dict[str, Any]]:
    sector, weight = membership.sector_of, membership.survey_weight
    weights = [None] * len(sector) if weight is None else [float(x) for x in weight]
    rows = []
    for at, (name, row) in enumerate(membership.probabilities.iterrows()):
        known = row.dropna()
        entry: dict[str, Any] = {"organisation": str(name), "sector": str(sector.iloc[at])}
        if weight is not None:
            entry["weight"] = weights[at]
        entry["probabilities"] = (
            {str(k): float(v) for k, v in known.items()} if len(known) else None
        )
        rows.append(entry)
    return rows


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})
