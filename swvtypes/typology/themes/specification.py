"""What is asked of a theme: its items, how each is made from the columns, and what is left out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from swvtypes.errors import OptionError
from swvtypes.language import Label

Kind = Literal["nominal", "ordinal", "binary", "count", "continuous"]
Role = Literal["active", "passive"]
Recode = Literal["none", "state", "not_put", "joined", "log_ratio", "coarse"]
NO_REASON = Label("", "")


@dataclass(frozen=True)
class ThemeItem:
    """One candidate indicator.

    Attributes
    ----------
    name : str
        Column of the recoded frame; that of the source where nothing is recoded.
    kind : {"nominal", "ordinal", "binary", "count", "continuous"}
        Its distribution within a class.
    role : {"active", "passive"}
        Active items shape the classes; passive ones are kept aside for description and
        validation.
    recode : {"none", "state", "not_put", "joined", "log_ratio", "coarse"}
        How it is made: as it stands; with a state ("not applicable") as a category where enough
        gave it, and missing where not; with "not put to this organisation" as a category; joined
        with the gate question that routed past it; as a log-ratio of budget shares; or as a
        coarse ordinal of one share.
    sources : tuple of str
        Columns it is made of.
    levels : tuple of float
        ``"state"``: codes of the states. ``"joined"`` and ``"not_put"``: gate codes that were let
        in; the gate is the first source when joined, the second for ``"not_put"``. ``"coarse"``:
        cut points, filled in when the theme is prepared. ``"log_ratio"``: what replaces a zero.
    reason : Label
        Why this kind, role and recoding, in Dutch and English.
    """

    name: str
    kind: Kind
    role: Role = "active"
    recode: Recode = "none"
    sources: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    reason: Label = NO_REASON

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("kind", self.kind, Kind), ("role", self.role, Role), ("recode", self.recode, Recode),
        ):  # fmt: skip
            if value not in get_args(allowed):
                raise OptionError(name, " or ".join(map(repr, get_args(allowed))), value)
        if not self.sources:
            object.__setattr__(self, "sources", (self.name,))


@dataclass(frozen=True)
class LeftOut:
    """A column of the theme that is no candidate, and why."""

    name: str
    reason: Label


@dataclass(frozen=True)
class ThemeSpec:
    """What is asked of a theme.

    Attributes
    ----------
    name : str
        Name of the theme.
    items : tuple of ThemeItem
        Candidate indicators, active and passive.
    left_out : tuple of LeftOut
        Columns that are none, each with the reason.
    label : Label
        Name for readers.
    """

    name: str
    items: tuple[ThemeItem, ...]
    left_out: tuple[LeftOut, ...] = ()
    label: Label = NO_REASON

    @property
    def active(self) -> tuple[ThemeItem, ...]:
        """Items that shape the classes."""
        return tuple(item for item in self.items if item.role == "active")

    @property
    def passive(self) -> tuple[ThemeItem, ...]:
        """Items that are kept aside."""
        return tuple(item for item in self.items if item.role == "passive")

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the active items."""
        return tuple(item.name for item in self.active)

    @property
    def kinds(self) -> dict[Hashable, str]:
        """Kind of each active item, as ``LatentClassModel(indicators=...)`` takes it."""
        return {item.name: item.kind for item in self.active}

    def with_active(self, *names: str) -> ThemeSpec:
        """Give the theme with some passive items made active.

        Raises
        ------
        OptionError
            For a name that is no passive item.
        """
        return self._change(names, "passive", "active")

    def with_passive(self, *names: str) -> ThemeSpec:
        """Give the theme with some active items made passive; OptionError for other names."""
        return self._change(names, "active", "passive")

    def _change(self, names: tuple[str, ...], before: Role, after: Role) -> ThemeSpec:
        known = [item.name for item in self.items if item.role == before]
        for name in names:
            if name not in known:
                raise OptionError(f"{before} item", "one of " + ", ".join(map(repr, known)), name)
        chosen = Label("zo gekozen", "chosen so")
        items = tuple(
            replace(item, role=after, reason=chosen) if item.name in names else item
            for item in self.items
        )
        return replace(self, items=items)

    def as_dict(self) -> dict[str, Any]:
        """Give the theme as plain lists, texts and numbers; :meth:`from_dict` reads them."""
        return {
            "name": self.name,
            "label": list(self.label),
            "items": [
                {
                    "name": i.name, "kind": i.kind, "role": i.role, "recode": i.recode,
                    "sources": list(i.sources), "levels": list(i.levels),
                    "reason": list(i.reason),
                }
                for i in self.items
            ],
            "left_out": [{"name": o.name, "reason": list(o.reason)} for o in self.left_out],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> ThemeSpec:
        """Make a theme of what :meth:`as_dict` gave."""
        items = tuple(
            ThemeItem(
                i["name"], i["kind"], i["role"], i["recode"], tuple(i["sources"]),
                tuple(float(level) for level in i["levels"]), Label(*i["reason"]),
            )
            for i in plain["items"]
        )  # fmt: skip
        left_out = tuple(LeftOut(o["name"], Label(*o["reason"])) for o in plain["left_out"])
        return cls(plain["name"], items, left_out, Label(*plain["label"]))
