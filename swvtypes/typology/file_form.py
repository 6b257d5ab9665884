"""A typology as one JSON file that people can read: a header, then the types in plain numbers.

Numbers are written with the shortest digits that give the same number back, so that a typology
that was saved and loaded scores a wave as before, to the last bit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from swvtypes.errors import TypologyError
from swvtypes.lca.design import Family
from swvtypes.lca.model import Indicator
from swvtypes.resources import atomic_write
from swvtypes.survey.plain_faults import plain_fault

from .naming import name_faults
from .profiles import ItemProfile, ThemeProfiles, TypesModel

FORMAT = "swvtypes typology"
VERSION = 1
_CLOSE = 1e-6
_INLINE = 92

Answer = bool | int | float | str
Share = Annotated[float, Field(ge=0.0, le=1.0 + 1e-12, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Item(_Entry):
    item: str
    family: Family
    categories: list[Answer]
    scores: list[Number] = []
    classes: Annotated[list[list[Number]], Field(min_length=1)]


class _Theme(_Entry):
    theme: str
    class_given_type: Annotated[list[list[Share]], Field(min_length=1)]
    items: Annotated[list[_Item], Field(min_length=1)]


class _Types(_Entry):
    sectors: Annotated[list[str], Field(min_length=1)]
    types: Annotated[list[str], Field(min_length=1)]
    shares: dict[str, list[Share]]
    themes: list[_Theme]


class _File(_Entry):
    format: Literal["swvtypes typology"]
    schema_version: Literal[1]
    written_by: str
    wave: dict[str, Any]
    options: dict[str, Any]
    seed: int
    names: dict[str, str]
    recodes: dict[str, Any] = {}
    labels: dict[str, dict[str, str]] = {}
    types: Annotated[list[_Types], Field(min_length=1)]
    findings: dict[str, Any] = {}


@dataclass(frozen=True)
class TypologyFile:
    """What a typology file holds.

    Attributes
    ----------
    models : tuple of TypesModel
        The types, one model a sector, or one for all.
    wave, options, findings, recodes : mapping
        Where it came from, what was asked, what was found, how items were recoded.
    seed : int
    names : mapping of str to str
        A user's own names of types.
    labels : mapping of str to mapping
        Short texts in nl and en by item, theme and ``"item=category"``.
    written_by : str
    """

    models: tuple[TypesModel, ...]
    wave: Mapping[str, Any]
    options: Mapping[str, Any]
    seed: int
    names: Mapping[str, str] = field(default_factory=dict)
    recodes: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    findings: Mapping[str, Any] = field(default_factory=dict)
    written_by: str = ""


def write_typology(content: TypologyFile, path: str | Path) -> None:
    """Write a typology file, whole or not at all."""
    raw = {
        "format": FORMAT,
        "schema_version": VERSION,
        "written_by": content.written_by,
        "wave": dict(content.wave),
        "options": dict(content.options),
        "seed": content.seed,
        "names": dict(content.names),
        "recodes": dict(content.recodes),
        "types": [types_entry(model) for model in content.models],
        "findings": dict(content.findings),
        "labels": {key: dict(text) for key, text in content.labels.items()},
    }
    with atomic_write(path) as stream:
        stream.write(pretty(raw) + "\n")


def read_typology(path: str | Path) -> TypologyFile:
    """Read a typology file.

    Raises
    ------
    TypologyError
        Lists every fault.
    """
    name = Path(path).name
    file = _parsed(Path(path))
    faults = [fault for entry in file.types for fault in _types_faults(entry)]
    names = [t for entry in file.types for t in entry.types]
    faults += [
        f"types: {t!r} stands in it twice" for t in sorted({t for t in names if names.count(t) > 1})
    ]
    faults += [f"names: {f}" for f in name_faults(file.names, [e.types for e in file.types])]
    sectors = [name for entry in file.types for name in entry.sectors]
    faults += [
        f"types: sector {s!r} stands in it twice"
        for s in sorted({s for s in sectors if sectors.count(s) > 1})
    ]
    if faults:
        raise TypologyError(name, faults)
    return TypologyFile(
        tuple(_model(entry) for entry in file.types),
        file.wave, file.options, file.seed, file.names, file.recodes, file.labels, file.findings,
        file.written_by,
    )  # fmt: skip


def _parsed(path: Path) -> _File:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TypologyError(path.name, [f"cannot be read: {error.strerror}"]) from None
    except (ValueError, RecursionError) as error:
        raise TypologyError(path.name, [f"no valid JSON: {error}"]) from None
    version = raw.get("schema_version") if isinstance(raw, dict) else None
    if isinstance(version, int) and version > VERSION:
        fault = f"schema_version: this release reads up to {VERSION}, the file has {version}"
        raise TypologyError(path.name, [fault])
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        faults = [_sentence(e) for e in error.errors()]
        raise TypologyError(path.name, [*faults, *_sound_parts(raw)]) from None


def _sound_parts(raw: Any) -> list[str]:
    """Faults of the types that can be read, in a file with faults elsewhere."""
    parts = raw.get("types") if isinstance(raw, dict) else None
    faults = []
    for part in parts if isinstance(parts, list) else ():
        try:
            faults += _types_faults(_Types.model_validate(part))
        except ValidationError:
            continue
    return faults


def _sentence(fault: Any) -> str:
    known = _File.model_fields if len(fault["loc"]) == 1 else ()
    return f"{'.'.join(map(str, fault['loc'])) or 'file'}: {plain_fault(fault, known)}"


def _types_faults(entry: _Types) -> list[str]:
    P, where = len(entry.types), f"types of {', '.join(entry.sectors)}"
    faults = []
    if set(entry.shares) != set(entry.sectors):
        faults.append(f"{where}: expected shares of {entry.sectors}, got {list(entry.shares)}")
    for sector, shares in entry.shares.items():
        if len(shares) != P or abs(sum(shares) - 1.0) > _CLOSE:
            faults.append(f"{where}: expected {P} shares of {sector} that add up to 1")
    for theme in entry.themes:
        rows = theme.class_given_type
        C = len(rows[0])
        at = f"{where}, theme {theme.theme!r}"
        if len(rows) != P or any(len(r) != C or abs(sum(r) - 1.0) > _CLOSE for r in rows):
            faults.append(f"{at}: expected {P} rows of {C} probabilities that add up to 1")
        faults += [f"{at}, item {i.item!r}: {f}" for i in theme.items for f in _item_faults(i, C)]
    items = [i.item for t in entry.themes for i in t.items]
    faults += [
        f"{where}: item {i!r} stands in it twice"
        for i in sorted({i for i in items if items.count(i) > 1})
    ]
    return faults


def _item_faults(item: _Item, n_classes: int) -> list[str]:
    width = {"count": 1, "continuous": 2}.get(item.family, len(item.categories))
    rows = item.classes
    if len(set(item.categories)) < len(item.categories):
        return [f"expected different categories, got {item.categories}"]
    if len(rows) != n_classes or any(len(row) != width for row in rows):
        return [f"expected {n_classes} rows of {width} numbers"]
    if item.family == "count":
        bad = any(row[0] < 0 for row in rows)
        return ["expected rates of at least 0"] if bad else []
    if item.family == "continuous":
        return ["expected positive variances"] if any(row[1] <= 0 for row in rows) else []
    wrong = any(min(row) < 0 or abs(sum(row) - 1.0) > _CLOSE for row in rows)
    return ["expected probabilities that add up to 1 in each class"] if wrong else []


def types_entry(model: TypesModel) -> dict[str, Any]:
    """Turn types into what JSON can hold."""
    return {
        "sectors": list(model.sectors),
        "types": list(model.types),
        "shares": {s: _list(model.shares[g]) for g, s in enumerate(model.sectors)},
        "themes": [
            {
                "theme": theme.name,
                "class_given_type": _list(theme.conditional),
                "items": [_item_entry(item) for item in theme.items],
            }
            for theme in model.themes
        ],
    }


def _item_entry(item: ItemProfile) -> dict[str, Any]:
    indicator = item.indicator
    entry: dict[str, Any] = {
        "item": item.name,
        "family": indicator.family,
        "categories": [plain(c) for c in indicator.categories],
    }
    if indicator.scores:
        entry["scores"] = [float(s) for s in indicator.scores]
    return entry | {"classes": _list(item.values)}


def _model(entry: _Types) -> TypesModel:
    themes = tuple(
        ThemeProfiles(
            theme.theme,
            tuple(
                ItemProfile(
                    Indicator(i.item, i.family, tuple(i.categories), "stored", tuple(i.scores)),
                    np.array(i.classes, dtype=float),
                )
                for i in theme.items
            ),
            np.array(theme.class_given_type, dtype=float),
        )
        for theme in entry.themes
    )
    shares = np.array([entry.shares[s] for s in entry.sectors], dtype=float)
    return TypesModel(tuple(entry.sectors), tuple(entry.types), shares, themes)


def read_types(raw: Mapping[str, Any]) -> TypesModel:
    """Read what :func:`types_entry` wrote."""
    return _model(_Types.model_validate(raw))


def plain(value: Any) -> Any:
    """Turn numpy scalars into Python's own, and missing numbers into None."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value


def _list(values: np.ndarray[Any, Any]) -> list[Any]:
    return list(values.tolist())


def frame_entry(frame: pd.DataFrame) -> dict[str, Any]:
    """Turn a table into columns and rows that JSON can hold; a named index becomes columns."""
    named = frame.index.name is not None
    flat = frame.reset_index() if named else frame
    kinds = [_kind(flat[c]) for c in flat.columns]
    rows = [
        [None if v is None or v is pd.NA else plain(v) for v in row]
        for row in flat.itertuples(index=False, name=None)
    ]
    return {
        "index": str(frame.index.name) if named else None,
        "columns": [str(c) for c in flat.columns],
        "kinds": kinds,
        "rows": rows,
    }


def _kind(column: pd.Series[Any]) -> str:
    kind = getattr(column.dtype, "kind", "O")
    return {"i": "int", "u": "int", "f": "float", "b": "bool"}.get(kind, "text")


def entry_frame(entry: Mapping[str, Any]) -> pd.DataFrame:
    """Turn the entry of a table back into a frame."""
    columns = {}
    for at, (name, kind) in enumerate(zip(entry["columns"], entry["kinds"], strict=True)):
        values = [row[at] for row in entry["rows"]]
        dtype = {"int": "int64", "float": "float64", "bool": "bool"}.get(kind, "str")
        columns[name] = pd.Series(values, dtype=dtype)
    frame = pd.DataFrame(columns)
    return frame if entry["index"] is None else frame.set_index(entry["index"])


def pretty(value: Any, depth: int = 0) -> str:
    """Write JSON with one line for whatever fits on it."""
    short = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if not isinstance(value, (dict, list)) or len(short) + 2 * depth <= _INLINE:
        return short
    pad, end = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict):
        lines = [
            f"{pad}{json.dumps(k, ensure_ascii=False)}: {pretty(v, depth + 1)}"
            for k, v in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{end}}}"
    return "[\n" + ",\n".join(pad + pretty(v, depth + 1) for v in value) + f"\n{end}]"
