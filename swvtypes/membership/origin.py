"""Where a membership comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from swvtypes.errors import MembershipError
from swvtypes.survey import Wave


@dataclass(frozen=True)
class Origin:
    """Where a membership comes from.

    Attributes
    ----------
    wave : str
        Name of the wave.
    year : int, optional
        Year of the wave.
    theme : str
        The theme that was typed, or ``"super"`` for types over all themes.
    indicators : tuple of str
        Variables that shaped the types. Relating the types to one of them is circular, and
        validation says so.
    names : mapping of str to str
        A user's own names of types.
    """

    wave: str = ""
    year: int | None = None
    theme: str = "super"
    indicators: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def check_names(origin: Origin, types: tuple[str, ...]) -> None:
    """Raise a MembershipError for a user's own names of what is no type."""
    known = ", ".join(map(repr, types))
    unknown = [name for name in origin.names if name not in types]
    if unknown:
        faults = [f"names: {name!r} is no type; there are {known}" for name in unknown]
        raise MembershipError("membership", faults)


def with_source(
    source: Wave | pd.Series[str], origin: Origin | None, weights: pd.Series[float] | None
) -> tuple[pd.Series[str], Origin, pd.Series[float] | None]:
    """Take sector, name, year and survey weights from a wave where they are not given.

    Raises
    ------
    MembershipError
        For a source that is neither a wave nor a Series.
    """
    origin = Origin() if origin is None else origin
    if not isinstance(source, Wave):
        return _sectors(source), origin, weights
    origin = replace(
        origin,
        wave=origin.wave or source.name,
        year=source.year if origin.year is None else origin.year,
    )
    weights = source.survey_weight if weights is None else weights
    return source.frame["sector"], origin, weights


def _sectors(source: object) -> pd.Series[str]:
    """Give the sector of each organisation as text."""
    if not isinstance(source, pd.Series):
        expected = "a Wave, or a Series of sectors by organisation"
        raise MembershipError("source", [f"expected {expected}, got {type(source).__name__}"])
    text = source.astype(object).map(str, na_action="ignore").astype("str")
    return text.rename("sector").rename_axis("organisation")
