"""Scoring a wave with a typology that was made on another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

import numpy as np
import pandas as pd

from swvtypes.errors import InformationError, TypologyError, UnseenCategoryError
from swvtypes.membership import Membership
from swvtypes.survey import Wave

from .item_information import Information, information
from .material import Material, read_columns
from .profiles import Floats, TypesModel, estimate_shares, posterior
from .themes import ThemeItem

Shares = Literal["refit", "keep"]
LEAST_INFORMATION = 0.5


@dataclass(frozen=True, eq=False, repr=False)
class ScoredMembership(Membership):
    """Membership of a wave in the types of a typology made earlier.

    Attributes
    ----------
    information : DataFrame
        One row a set of types: what the items that the wave has say about them. See
        :class:`~swvtypes.typology.item_information.Information`.
    type_shares : Series by type
        Shares that the posteriors rest on: re-estimated in the wave, or those of the typology.
    """

    information: pd.DataFrame = None  # type: ignore[assignment]
    type_shares: pd.Series[float] = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        told = "; ".join(
            f"{row['sectors']}: {row['remaining']} of {row['items']} items with "
            f"{100 * row['share']:.0f}% of the information"
            for row in self.information.to_dict("records")
        )
        return f"{super().__repr__()[:-1]}; {told}>"


@dataclass(frozen=True, eq=False)
class Scores:
    """Probabilities of one set of types.

    Attributes
    ----------
    probabilities : DataFrame by organisation
        NaN where an organisation has answered none of the items.
    shares : ndarray, shape (G, P)
        Shares that they rest on.
    """

    probabilities: pd.DataFrame
    shares: Floats


def present(model: TypesModel, frame: pd.DataFrame) -> tuple[str, ...]:
    """Give the items of a model that a frame has and that somebody answered."""
    return tuple(i for i in model.items if i in frame.columns and frame[i].notna().any())


def score_types(
    model: TypesModel,
    frame: pd.DataFrame,
    sector: pd.Series[str],
    shares: Shares = "keep",
    weight: pd.Series[float] | None = None,
) -> Scores:
    """Compute the probabilities of the types of one model.

    Parameters
    ----------
    model : TypesModel
    frame : DataFrame by organisation
        Answers; items that it lacks, and missing answers, are integrated out.
    sector : Series of str by organisation
        All of the model's sectors.
    shares : {"refit", "keep"}
        Re-estimate the shares in these data by EM, sector by sector, or keep them.
    weight : Series of float by organisation, optional
        Survey weights; they enter the shares only.
    """
    answers = model.encode(frame)
    n = len(frame)
    log_given = model.log_given_type(answers, n)
    answered = np.zeros(n, dtype=bool)
    for codes in answers.values():
        answered |= ~np.isnan(codes)
    w: Floats = np.ones(n) if weight is None else np.asarray(weight, dtype=np.float64)
    out = np.full((n, model.n_types), np.nan)
    used = model.shares.copy()
    for g, name in enumerate(model.sectors):
        mine = (sector == name).to_numpy(dtype=bool)
        counted = mine & answered
        if shares == "refit" and model.n_types > 1 and counted.any():
            used[g] = estimate_shares(log_given[counted], used[g], w[counted])
        known = mine if model.n_types == 1 else counted
        if known.any():
            out[known] = posterior(log_given[known], used[g])[0]
    columns = pd.Index(model.types)
    return Scores(pd.DataFrame(out, index=frame.index, columns=columns), used)


def check_wave(
    models: Sequence[TypesModel],
    frames: Sequence[pd.DataFrame],
    sector: pd.Series[str],
    least: float,
    likely: Sequence[TypesModel],
) -> list[Information]:
    """Measure what a wave's items say, and refuse what cannot be scored.

    Parameters
    ----------
    models : sequence of TypesModel
    frames : sequence of DataFrame by organisation
        Items of each model, for the organisations that it is about.
    sector : Series of str by organisation
    least : float
        Part of the information that the items must carry.
    likely : sequence of TypesModel
        What organisations are taken to be like, one a model.

    Raises
    ------
    TypologyError
        For sectors that the typology does not know.
    UnseenCategoryError
        Lists every category of every item, over all sectors.
    InformationError
        When the remaining items carry less than `least` of the information, in any sector.
    """
    known = [name for model in models for name in model.sectors]
    strange = [name for name in dict.fromkeys(sector) if name not in known]
    if strange:
        told = ", ".join(map(repr, known))
        raise TypologyError(
            "score", [f"sector {name!r}: the typology knows {told}" for name in strange]
        )
    found, unseen, poor = [], [], []
    for model, rows, like in zip(models, frames, likely, strict=True):
        if not len(rows):
            continue
        try:
            model.encode(rows)
        except UnseenCategoryError as error:
            unseen += [f"{', '.join(model.sectors)}: {fault}" for fault in error.faults]
            continue
        measured = information(model, present(model, rows), likely=like)
        found.append(measured)
        if measured.share < least:
            poor.append(
                f"{', '.join(model.sectors)}: the {measured.remaining} of {measured.items} items "
                f"that the wave has carry {measured.share:.0%} of the typology's information; "
                f"the limit is {least:.0%}; missing: {', '.join(measured.dropped)}"
            )
    if unseen:
        raise UnseenCategoryError("score", unseen)
    if poor:
        raise InformationError("score", poor)
    return found


def information_frame(found: Sequence[Information]) -> pd.DataFrame:
    """One row a set of types, with the columns of Information."""
    rows: list[dict[str, Any]] = [
        asdict(i) | {"sectors": ", ".join(i.sectors), "dropped": ", ".join(i.dropped)}
        for i in found
    ]
    return pd.DataFrame(rows, columns=[f.name for f in fields(Information)])


def read_scorable(items: Sequence[Sequence[ThemeItem]], wave: Wave | pd.DataFrame) -> Material:
    """Read the columns of some items from a wave, as far as it has them.

    Raises
    ------
    TypologyError
        When it has none.
    """
    wanted = list(dict.fromkeys(c for one in items for item in one for c in item.sources))
    material = read_columns(wave, wanted)
    if wanted and not material.frame.shape[1]:
        raise TypologyError("score", ["the wave has none of the typology's items"])
    return material


def joined(parts: Sequence[Scores], index: pd.Index) -> pd.DataFrame:
    """Put the probabilities of several sets of types side by side."""
    return pd.concat([s.probabilities for s in parts], axis=1).reindex(index)
