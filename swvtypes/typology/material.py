"""What a typology is made of: answers by organisation, sectors, themes and their items."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import AllMissingError, InputError, OptionError, SwvtypesWarning
from swvtypes.language import Label
from swvtypes.lca.design import FAMILIES
from swvtypes.lca.model import check_choice, read_indicators
from swvtypes.survey import Codebook, Wave

from .themes import ThemeSpec, theme_frame, theme_specs
from .themes.from_codebook import Shares, read_chosen

NO_SECTOR = "all"
Themes = Mapping[str, Sequence[str]]
Specs = Mapping[str, ThemeSpec]


@dataclass(frozen=True, eq=False)
class Material:
    """Answers and what they are about.

    Attributes
    ----------
    frame : DataFrame by organisation
        The columns that items are made of; missing where there is no answer.
    sector : Series of str by organisation
        ``"all"`` throughout where the data name no sector.
    specs : mapping of tuple of str to mapping of str to ThemeSpec
        Themes of each sector, and of the sectors together: candidate items, and how each is made
        of the columns.
    labels : mapping of str to Label
        Short texts for items, themes and ``"item=category"``, where there is a codebook.
    weight : Series of float by organisation, optional
        Survey weights.
    population : mapping of str to int
        Number of organisations that exist, by sector; empty where unknown.
    name, year, codebook : str, int or None, str
        Wave that it came from.
    synthetic : bool
        Whether any row is synthetic.
    """

    frame: pd.DataFrame
    sector: pd.Series[str]
    specs: Mapping[tuple[str, ...], Specs] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)
    weight: pd.Series[float] | None = None
    population: Mapping[str, int] = field(default_factory=dict)
    name: str = ""
    year: int | None = None
    codebook: str = ""
    synthetic: bool = False

    @property
    def sectors(self) -> tuple[str, ...]:
        """Sectors of the organisations, in order of appearance."""
        return tuple(dict.fromkeys(self.sector))

    def rows(self, sectors: Sequence[str]) -> pd.DataFrame:
        """Give the answers of the organisations of some sectors."""
        return self.frame[self.sector.isin(list(sectors))]

    def themes(self, sectors: tuple[str, ...]) -> Specs:
        """Give the themes of some sectors."""
        return self.specs[sectors]


@dataclass(frozen=True)
class Choices:
    """What of a codebook's themes is taken otherwise than the codebook says.

    Parameters
    ----------
    active, passive : tuple of str
        Variables that take part all the same, and that are kept aside.
    shares : {"log_ratio", "coarse"}
        How shares of a budget enter.
    """

    active: tuple[str, ...] = ()
    passive: tuple[str, ...] = ()
    shares: Shares = "log_ratio"

    def faults(self) -> list[str]:
        """Say what was chosen where no codebook's themes are read."""
        told = [(n, getattr(self, n)) for n in ("active", "passive")]
        return [
            f"{name}: expected none beside themes, which name every item; got {', '.join(given)}"
            for name, given in told
            if given
        ]


def read_material(
    source: Wave | pd.DataFrame,
    themes: Themes | None = None,
    indicators: Mapping[str, str] | None = None,
    choices: Choices | None = None,
) -> Material:
    """Read a wave or a frame.

    Parameters
    ----------
    source : Wave or DataFrame
        A frame is indexed by organisation; its column ``sector`` is optional.
    themes : mapping of str to sequence of str, optional
        Items of each theme, as they stand in the columns; those of a wave as
        :func:`~swvtypes.typology.themes.from_codebook.read_chosen` says (shares of a budget never
        as they stand). With a wave left out: those of the codebook, recoded as
        :func:`~swvtypes.typology.themes.theme_specs` says.
    indicators : mapping of str to str, optional
        Families of columns; from the codebook or the dtype where left out. A share of a budget that
        is stated to be ordinal enters in coarse classes.
    choices : Choices, optional
        What of a codebook's themes is taken otherwise.

    Raises
    ------
    InputError
        Lists every fault.
    """
    stated = {str(name): kind for name, kind in (indicators or {}).items()}
    choices = choices or Choices()
    check_choice("shares", choices.shares, Shares)
    if isinstance(source, Wave):
        return _from_wave(source, themes, stated, choices)
    frame = _checked(source)
    if themes is None:
        raise InputError(
            "typology", ["expected themes={'theme': [columns]} with a DataFrame, got none"]
        )
    faults = _faults(frame, themes, stated) or _answer_faults(frame, themes, stated)
    faults += choices.faults()
    if faults:
        raise InputError("typology", faults)
    sector = _sector_of(frame)
    themes = {name: [str(c) for c in items] for name, items in themes.items()}
    columns = [c for names in themes.values() for c in names]
    specs = theme_specs(frame, themes, kinds=stated)  # type: ignore[arg-type]
    return Material(frame[columns].copy(), sector, _for_all(sector, specs))


def names_of(option: str, given: object) -> tuple[str, ...]:
    """Take names of variables; one text is no list of them."""
    if isinstance(given, str) or not isinstance(given, Collection):
        raise OptionError(option, "a list of variables", given)
    return tuple(map(str, given))


def read_columns(source: Wave | pd.DataFrame, columns: Sequence[str]) -> Material:
    """Read some columns of a wave or a frame, as far as it has them, and no themes."""
    if isinstance(source, Wave):
        answers = theme_frame(source)
        known = [c for c in columns if c in source.variables]
        return _of_wave(source, answers[known], {}, {})
    frame = _checked(source)
    return Material(frame[[c for c in columns if c in frame.columns]].copy(), _sector_of(frame))


def _checked(source: object) -> pd.DataFrame:
    if not isinstance(source, pd.DataFrame):
        kind = type(source).__name__
        raise InputError("typology", [f"expected a Wave or a DataFrame, got {kind}"])
    if source.index.nlevels > 1:
        raise InputError(
            "typology",
            [f"expected one index level, the organisation; got {source.index.nlevels}: "
             f"{list(source.index.names)}"],
        )  # fmt: skip
    frame = source.rename_axis("organisation").rename(columns=str)
    faults = []
    if not len(frame):
        faults.append("expected at least one organisation, got an empty frame")
    twice = frame.index[frame.index.duplicated()].unique()
    faults += [f"organisation {name!r} stands in it more than once" for name in twice[:10]]
    if frame.index.hasnans:
        faults.append(
            f"{int(np.count_nonzero(frame.index.isna()))} rows without a name of the organisation"
        )
    again = frame.columns[frame.columns.duplicated()].unique()
    faults += [f"column {name!r} stands in it more than once" for name in again[:10]]
    if faults:
        raise InputError("typology", faults)
    return frame


def _sector_of(frame: pd.DataFrame) -> pd.Series[str]:
    if "sector" not in frame.columns:
        return pd.Series(NO_SECTOR, index=frame.index, name="sector", dtype="str")
    sector = frame["sector"]
    if sector.isna().any():
        raise InputError("typology", [f"sector: {int(sector.isna().sum())} rows without one"])
    sector = sector.astype("str").rename("sector")
    names = list(dict.fromkeys(sector))
    # Types are called by their sector: "po 1".
    faults = [
        f"sector {name!r}: begins with the name of sector {other!r} and a space"
        for name in names
        for other in names
        if name.startswith(f"{other} ")
    ]
    if NO_SECTOR in names and len(names) > 1:
        faults.append(f"sector {NO_SECTOR!r}: stands for all together; give it another name")
    if faults:
        raise InputError("typology", faults)
    return sector


def _faults(frame: pd.DataFrame, asked: object, indicators: Mapping[str, str]) -> list[str]:
    if not isinstance(asked, Mapping):
        kind = type(asked).__name__
        return [f"themes: expected a mapping of a name to a list of columns, got {kind}"]
    themes: Mapping[Any, Any] = asked
    faults = [] if themes else ["themes: expected at least one, got none"]
    seen: dict[str, str] = {}
    for theme, items in themes.items():
        if not isinstance(theme, str) or not theme:
            faults.append(f"theme {theme!r}: expected a name in text")
        if isinstance(items, str) or not isinstance(items, Collection) or not len(items):
            faults.append(f"theme {theme!r}: expected a list of columns, got {items!r}")
            continue
        for item in map(str, items):
            if item not in frame.columns:
                faults.append(f"theme {theme!r}: no column {item!r}")
            elif item in seen:
                faults.append(f"column {item!r} stands in themes {seen[item]!r} and {theme!r}")
            elif _unreadable(frame[item]):
                faults.append(
                    f"column {item!r}: expected numbers, texts or categories, got lists or the like"
                )
            seen[item] = theme
    for item, kind in indicators.items():
        if item not in seen:
            faults.append(f"indicators: {item!r} belongs to no theme")
        if kind not in FAMILIES:
            faults.append(f"indicators: {item!r}: expected {', '.join(FAMILIES)}; got {kind!r}")
    return faults


def _answer_faults(frame: pd.DataFrame, themes: Themes, stated: Mapping[str, str]) -> list[str]:
    """Say what answers cannot be read as what they are stated to be, or at all."""
    faults: list[str] = []
    for item in (str(c) for names in themes.values() for c in names):
        kinds: dict[Hashable, str] = {item: stated[item]} if item in stated else {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            try:
                read_indicators(frame[[item]], kinds)
            except AllMissingError:
                continue
            except InputError as error:
                faults += error.faults
    return faults


def _unreadable(column: pd.Series[Any]) -> bool:
    if column.dtype != object:
        return False
    return not all(isinstance(value, Hashable) for value in column)


def _for_all(sector: pd.Series[str], specs: Specs) -> dict[tuple[str, ...], Specs]:
    """Give every sector, and all together, the same themes."""
    names = tuple(dict.fromkeys(sector))
    return {(name,): specs for name in names} | {names: specs}


def _from_wave(
    wave: Wave, themes: Themes | None, stated: dict[str, str], choices: Choices
) -> Material:
    answers, codebook = theme_frame(wave), wave.codebook
    specs: Mapping[tuple[str, ...], Specs]
    if themes is not None:
        faults = _faults(answers, themes, stated) + choices.faults()
        if faults:
            raise InputError(wave.name, faults)
        if choices.shares == "coarse":
            stated = dict.fromkeys(_parts_of(codebook, themes), "ordinal") | stated
        chosen = {
            theme: read_chosen(codebook, theme, [str(c) for c in names], stated)
            for theme, names in themes.items()
        }
        specs = _for_all(wave.frame["sector"], chosen)
    else:
        if stated:
            raise InputError(wave.name, ["indicators: expected themes beside them, got none"])
        how: dict[str, Any] = vars(choices)
        specs = {(s,): theme_specs(wave.sector(s), **how) for s in wave.sectors}
        specs[wave.sectors] = theme_specs(wave, **how)
        if not any(specs.values()):
            raise InputError(wave.name, ["the codebook has no theme with an active variable"])
    every = [s for one in specs.values() for s in one.values()]
    columns = list(dict.fromkeys(c for s in every for i in s.active for c in i.sources))
    return _of_wave(wave, answers[columns], specs, _labels(codebook, columns))


def _parts_of(codebook: Codebook, themes: Themes) -> list[str]:
    """Give the shares of a budget among the items of themes."""
    chosen = [str(c) for names in themes.values() for c in names]
    return [name for name in chosen if codebook.variable(name).composition is not None]


def _of_wave(
    wave: Wave,
    answers: pd.DataFrame,
    specs: Mapping[tuple[str, ...], Specs],
    labels: Mapping[str, Label],
) -> Material:
    return Material(
        answers,
        wave.frame["sector"].astype("str"),
        specs,
        labels,
        wave.survey_weight,
        wave.population,
        wave.name,
        wave.year,
        wave.codebook.id,
        bool(wave.provenance["synthetic"]),
    )


def _labels(codebook: Codebook, columns: Sequence[str]) -> dict[str, Label]:
    labels = {t.id: Label(t.label.nl, t.label.en) for t in codebook.themes.values()}
    for column in columns:
        text = codebook.variable(column).label
        labels[column] = Label(text.nl, text.en)
        for category in codebook.categories(column):
            labels[f"{column}={category.code}"] = Label(category.label.nl, category.label.en)
    return labels
