"""Items that went on to the types, made of the columns of a wave: the one fitted, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from swvtypes.language import Label

from .material import Material
from .theme_step import ThemeAcrossSectors, ThemeTyping
from .themes import ThemeItem, ThemeSpec
from .themes.recoding import recode


def taken_items(typing: ThemeTyping) -> list[ThemeItem]:
    """Give the items of a theme that went on, with their cut points."""
    known = {item.name: item for item in typing.spec.items}
    return [known[name] for name in typing.taken]


def recoded(frame: pd.DataFrame, items: Iterable[ThemeItem]) -> pd.DataFrame:
    """Make items of the columns of a frame; those whose columns it lacks are left out.

    Raises
    ------
    InputError
        For texts where numbers are needed.
    """
    columns = {
        item.name: recode(frame, item)
        for item in items
        if all(source in frame.columns for source in item.sources)
    }
    return pd.DataFrame(columns, index=frame.index)


def prepared_material(
    material: Material, themes: Mapping[str, ThemeAcrossSectors], key: str
) -> Material:
    """Give the answers of one sector (or of sectors together) with all its items made already."""
    typings = [t.by_sector[key] for t in themes.values() if key in t.by_sector]
    rows = material.rows(typings[0].sectors)
    parts, specs = [], {}
    for typing in typings:
        active = typing.spec.active
        if not active:
            continue
        parts.append(recoded(rows, active))
        plain = tuple(ThemeItem(i.name, i.kind) for i in active)
        specs[typing.theme] = ThemeSpec(typing.theme, plain, (), typing.spec.label)
    frame = pd.concat(parts, axis=1) if parts else rows[[]]
    return replace(
        material, frame=frame, sector=material.sector[rows.index],
        specs={typings[0].sectors: specs},
        weight=None if material.weight is None else material.weight[rows.index],
    )  # fmt: skip


def item_entry(item: ThemeItem) -> dict[str, Any]:
    """Turn an item into what JSON can hold."""
    return {
        "kind": item.kind, "recode": item.recode, "sources": list(item.sources),
        "levels": list(item.levels),
    }  # fmt: skip


def item_of(name: str, entry: Mapping[str, Any]) -> ThemeItem:
    """Read what :func:`item_entry` wrote."""
    levels = tuple(float(level) for level in entry["levels"])
    sources = tuple(map(str, entry["sources"]))
    return ThemeItem(name, entry["kind"], "active", entry["recode"], sources, levels)


def recoded_labels(items: Iterable[ThemeItem], labels: Mapping[str, Label]) -> dict[str, Label]:
    """Labels of the categories that a recoding makes."""
    found: dict[str, Label] = {}
    for item in items:
        if item.recode != "joined" or len(item.sources) < 2:
            continue
        gate, answer = item.sources[:2]
        for key, text in labels.items():
            if key.startswith(f"{gate}="):
                code = key.removeprefix(f"{gate}=")
                name = labels.get(gate, Label(gate, gate))
                found[f"{item.name}={code}"] = Label(
                    f"{name.nl}: {text.nl}", f"{name.en}: {text.en}"
                )
                for level in item.levels:
                    for other, said in labels.items():
                        if str(int(level)) == code and other.startswith(f"{answer}="):
                            number = int(1000 * level + int(other.removeprefix(f"{answer}=")))
                            found[f"{item.name}={number}"] = said
    return found
