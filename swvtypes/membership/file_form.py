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

from .origin import Origin

if TYPE_CHECKING:
    from .model import Membership

FORMAT = "swvtypes membership"
VERSION = 1


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Organisation(_Entry):
    organisation: str
    sector: str
    weight: float | None = None
    probabilities: dict[str, float] | None


class _File(_Entry):
    format: Literal["swvtypes membership"]
    schema_version: Literal[1]
    wave: str
    year: int | None
    theme: str
    types: Annotated[list[str], Field(min_length=1)]
    names: dict[str, str]
    indicators: list[str]
    organisations: Annotated[list[_Organisation], Field(min_length=1)]


@dataclass(frozen=True)
class Contents:
    """What a file holds, before the membership checks it."""

    frame: pd.DataFrame
    sector: pd.Series[str]
    origin: Origin
    weights: pd.Series[float] | None


def written(membership: Membership, path: str | Path) -> None:
    """Write a membership to a JSON file, whole or not at all."""
    header = {
        "format": FORMAT,
        "schema_version": VERSION,
        "wave": membership.wave,
        "year": membership.year,
        "theme": membership.theme,
        "types": list(membership.types),
        "names": dict(membership.origin.names),
        "indicators": list(membership.origin.indicators),
    }
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
    )


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
