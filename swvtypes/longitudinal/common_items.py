"""An earlier typology in the questions that a later wave still asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from swvtypes.lca.design import Floats
from swvtypes.survey import ItemCrosswalk, ItemEntry, Questions, Wave
from swvtypes.typology import Typology

from .typology_parts import (
    ItemProfile,
    ThemeItem,
    ThemeProfiles,
    TypesModel,
    parts_of,
    read_columns,
    recoded,
)

ACCEPTED = ("same", "recoded")


@dataclass(frozen=True)
class CommonItem:
    """How one item of an earlier typology stands in a later wave.

    Attributes
    ----------
    name : str
        The item.
    comparability : str
        same, recoded, reworded, gone: the worst of its questions.
    concepts : tuple of str
        What it is compared as; empty where it is not.
    groups : mapping of float to float, optional
        Code before to code of the concept, where codes were put together; None where its own
        codes can be kept.
    """

    name: str
    comparability: str
    concepts: tuple[str, ...] = ()
    groups: Mapping[float, float] | None = None


@dataclass(frozen=True, eq=False)
class CommonTypes:
    """The types of one set of sectors, in common questions.

    Attributes
    ----------
    full : TypesModel
        With all items.
    model : TypesModel
        With those that are accepted; profiles of categories that were put together are added up.
    items : tuple of CommonItem
        All items.
    made : tuple of ThemeItem
        How items are made of columns.
    """

    full: TypesModel
    model: TypesModel
    items: tuple[CommonItem, ...]
    made: tuple[ThemeItem, ...]

    @property
    def kept(self) -> dict[str, CommonItem]:
        """Items of :attr:`model`."""
        inside = set(self.model.items)
        return {i.name: i for i in self.items if i.name in inside}


def questions_of(source: Wave | Typology) -> Questions:
    """Give the questions of a wave, or those that a typology knows of its own wave."""
    if isinstance(source, Wave):
        return Questions.of(source)
    parts = parts_of(source)
    categories: dict[str, dict[float, tuple[str, str]]] = {
        column: {} for items in parts.items for item in items for column in item.sources
    }  # fmt: skip
    for key, text in parts.labels.items():
        column, sign, code = key.partition("=")
        if sign and column in categories:
            categories[column][float(code)] = (text.nl, text.en)
    return Questions(str(parts.wave.get("name", "")), categories)


def common_types(
    typology: Typology,
    crosswalk: ItemCrosswalk,
    waves: tuple[str, str],
    accept: Collection[str] = ACCEPTED,
    present: Collection[str] | None = None,
) -> tuple[CommonTypes, ...]:
    """Express a typology in the questions of another wave.

    Parameters
    ----------
    typology : Typology
    crosswalk : ItemCrosswalk
    waves : tuple of str
        The typology's wave and the other one, as the crosswalk names them.
    accept : collection of str
        Which of same, recoded and reworded questions may be used.
    present : collection of str, optional
        Variables that the other wave has; all of the crosswalk when left out.

    Returns
    -------
    tuple of CommonTypes
        One a set of sectors with types of their own.
    """
    parts = parts_of(typology)
    lookup = _Lookup.of(crosswalk, waves, present)
    found = []
    for model, made in zip(parts.models, parts.items, strict=True):
        by_name = {i.name: i for i in made}
        items = tuple(lookup.item(by_name.get(name) or _plain(name)) for name in model.items)
        kept = {i.name: i for i in items if i.concepts and i.comparability in accept}
        found.append(CommonTypes(model, _restricted(model, kept), items, made))
    return tuple(found)


def common_answers(
    common: CommonTypes,
    crosswalk: ItemCrosswalk,
    wave: Wave | pd.DataFrame,
    names: tuple[str, str],
    unknown: dict[str, int] | None = None,
) -> pd.DataFrame:
    """Give the answers of a wave to common items, in the codes of :attr:`CommonTypes.model`.

    Parameters
    ----------
    common : CommonTypes
    crosswalk : ItemCrosswalk
    wave : Wave or DataFrame by organisation
    names : tuple of str
        The typology's wave and this one. Both the same: the typology's own wave.
    unknown : dict, optional
        Takes in, by item, how many answers are of a category that the typology does not know.

    Returns
    -------
    DataFrame by organisation
        All rows; NaN where an answer is missing or of a category that the typology does not know.
    """
    own, other = names
    before = crosswalk.concepts(own)
    after = before if own == other else crosswalk.concepts(other)
    entries = [after[c] for i in common.kept.values() for c in i.concepts]
    given = read_columns(wave, list(dict.fromkeys(e.variable for e in entries))).frame
    columns: dict[str, pd.Series] = {}
    coarse: dict[str, pd.Series] = {}
    made = {i.name: i for i in common.made}
    for name, item in common.kept.items():
        if item.groups is not None:
            entry = after[item.concepts[0]]
            if entry.variable in given:
                coarse[name] = entry.coded(given[entry.variable]).astype("Float64")
            continue
        for concept in item.concepts:
            if after[concept].variable in given:
                old = before[concept]
                columns[old.variable] = _back(old, after[concept].coded(
                    given[after[concept].variable]))  # fmt: skip
    exact = [made.get(n) or _plain(n) for n, i in common.kept.items() if i.groups is None]
    frame = recoded(pd.DataFrame(columns, index=given.index), exact)
    for name, column in coarse.items():
        frame[name] = column.to_numpy(dtype=float, na_value=np.nan)
    return _known_only(common.model, frame, {} if unknown is None else unknown)


def own_answers(typology: Typology, wave: Wave | pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Give the answers of a typology's own wave to all its items, by set of types."""
    parts = parts_of(typology)
    found = []
    for made in parts.items:
        columns = list(dict.fromkeys(c for item in made for c in item.sources))
        found.append(recoded(read_columns(wave, columns).frame, made))
    return tuple(found)


def _back(entry: ItemEntry, coded: pd.Series) -> pd.Series:
    if not entry.codes:
        return coded
    inverse = {target: source for source, target in entry.codes.items()}
    return pd.to_numeric(coded).astype(float).map(inverse).astype("Float64")


def _known_only(model: TypesModel, frame: pd.DataFrame, unknown: dict[str, int]) -> pd.DataFrame:
    out = frame.copy()
    for item in (i for t in model.themes for i in t.items):
        if item.indicator.categorical and item.name in out:
            column = out[item.name]
            known = column.isin(item.indicator.categories)
            lost = int((~known & column.notna()).sum())
            if lost:
                unknown[item.name] = unknown.get(item.name, 0) + lost
            out[item.name] = column.where(known)
    return out


@dataclass(frozen=True)
class _Lookup:
    """Concepts of each variable that both waves asked: how they compare, and their codes."""

    found: Mapping[str, list[tuple[str, ItemEntry]]]

    @classmethod
    def of(
        cls, crosswalk: ItemCrosswalk, waves: tuple[str, str], present: Collection[str] | None
    ) -> _Lookup:
        before, after = (crosswalk.concepts(w) for w in waves)
        first, second = sorted(waves, key=crosswalk.waves.index)
        kinds = crosswalk.common(first, second)["comparability"]
        found: dict[str, list[tuple[str, ItemEntry]]] = {}
        for concept, entry in before.items():
            if concept in after and (present is None or after[concept].variable in present):
                found.setdefault(entry.variable, []).append((str(kinds[concept]), entry))
        return cls(found)

    def item(self, item: ThemeItem) -> CommonItem:
        """Say how an item compares, by the worst of its questions."""
        questions = [self._question(source) for source in item.sources]
        known = [q for q in questions if q is not None]
        if len(known) < len(questions):
            return CommonItem(item.name, "gone")
        worst = max((kind for kind, _ in known), key=_KINDS.index)
        concepts = tuple(entry.concept for _, entry in known)
        if all(entry.keeps_codes for _, entry in known):
            return CommonItem(item.name, worst, concepts)
        if item.recode != "none" or item.kind in ("count", "continuous"):
            return CommonItem(item.name, worst)
        return CommonItem(item.name, worst, concepts, known[0][1].codes)

    def _question(self, variable: str) -> tuple[str, ItemEntry] | None:
        """Give the concept of the finest codes."""
        return min(
            self.found.get(variable, []),
            key=lambda pair: (
                not pair[1].keeps_codes, -len(set(pair[1].codes.values())), _KINDS.index(pair[0]),
            ),
            default=None,
        )  # fmt: skip


_KINDS = ("same", "recoded", "reworded", "gone")


def _plain(name: str) -> ThemeItem:
    return ThemeItem(name, "nominal", "active", "none", (name,))


def _restricted(model: TypesModel, kept: Mapping[str, CommonItem]) -> TypesModel:
    themes = []
    for theme in model.themes:
        items = tuple(_grouped(i, kept[i.name]) for i in theme.items if i.name in kept)
        if items:
            themes.append(ThemeProfiles(theme.name, items, theme.conditional))
    return replace(model, themes=tuple(themes))


def _grouped(item: ItemProfile, common: CommonItem) -> ItemProfile:
    place = new_codes(item, common)
    if place is None or common.groups is None:
        return item
    groups = tuple(
        sorted({common.groups.get(float(c), float(c)) for c in item.indicator.categories})
    )
    own = np.asarray(item.values)
    values = np.zeros((len(own), len(groups)))
    for code, target in enumerate(place.astype(int)):
        values[:, target] += own[:, code]
    indicator = replace(
        item.indicator, family="nominal", categories=groups, scores=(), reason="grouped"
    )
    return ItemProfile(indicator, values)


def new_codes(item: ItemProfile, common: CommonItem) -> Floats | None:
    """Give the new code of every code of an item; None where codes stay."""
    if common.groups is None:
        return None
    targets = [common.groups.get(float(c), float(c)) for c in item.indicator.categories]
    known = sorted(set(targets))
    return np.array([known.index(t) for t in targets], dtype=float)
