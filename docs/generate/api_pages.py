"""The API reference: a page a room, from the docstrings."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable
from typing import Literal, get_args, get_origin

from .places import ROOMS, write

MORE: dict[str, tuple[str, ...]] = {
    "lca": ("swvtypes.lca.options.ModelOptions", "swvtypes.lca.model.check_choice"),
    "typology": (
        "swvtypes.typology.specification.TypologyOptions",
        "swvtypes.typology.themes.options.ThemeOptions",
    ),
}
"""Names beyond a room's own list that users meet as options."""
SUBROOMS = {
    "typology": ("themes", "stability"),
    "reconstruction": ("simulated",),
}
"""Parts of a room with public names of their own."""
_BASES = "object, BaseModel, tuple, BaseEstimator, Enum, str, float, dict, Exception"


def names_of(module: str) -> tuple[str, ...]:
    """Give the public names of a module."""
    return tuple(sorted(importlib.import_module(module).__all__))


def build() -> None:
    """Write a page a room, and those of errors and words."""
    for room in ROOMS:
        write(f"api/{room}.rst", room_page(room))


def room_page(room: str) -> str:
    """Give the page of one room."""
    module = f"swvtypes.{room}"
    names = [f"{module}.{name}" for name in names_of(module)]
    parts = [_title(f"swvtypes.{room}", "="), _first(importlib.import_module(module)), ""]
    parts += [f".. py:module:: {module}", ""]
    parts += _summary(names)
    parts += _entries(names)
    seen = {id(_object(name)) for name in names}
    for sub in SUBROOMS.get(room, ()):
        within = f"{module}.{sub}"
        fresh = [f"{within}.{n}" for n in names_of(within)]
        fresh = [n for n in fresh if id(_object(n)) not in seen]
        if fresh:
            parts += [_title(within, "-"), _first(importlib.import_module(within)), ""]
            parts += [f".. py:module:: {within}", ""]
            parts += _summary(fresh) + _entries(fresh, nested=True)
            seen |= {id(_object(n)) for n in fresh}
    more = [n for n in MORE.get(room, ()) if inspect.isclass(_object(n))]
    more = [n for n in more if id(_object(n)) not in seen]
    if more:
        parts += [_title("Options", "-"), *_summary(more), *_entries(more, nested=True)]
    return "\n".join(parts) + "\n"


def _title(text: str, mark: str) -> str:
    return f"{text}\n{mark * len(text)}\n"


def _object(name: str) -> object:
    module, _, last = name.rpartition(".")
    return getattr(importlib.import_module(module), last)


def _first(found: object) -> str:
    """Give the first sentence of a docstring, which may run over lines."""
    choices = get_args(found) if get_origin(found) is Literal else ()
    if choices:
        return f"One of {', '.join(f'``{choice!r}``' for choice in choices)}."
    text = inspect.getdoc(found) or ""
    return " ".join(text.split("\n\n")[0].split())


def _summary(names: Iterable[str]) -> list[str]:
    lines = [".. list-table::", "   :widths: 35 65", "   :class: summary", ""]
    for name in names:
        short = name.rpartition(".")[2]
        lines += [f"   * - :py:obj:`{short} <{name}>`", f"     - {_first(_object(name))}"]
    return [*lines, ""]


def _entries(names: list[str], nested: bool = False) -> list[str]:
    """Give the entries: classes first, then functions, then other names."""
    groups: dict[str, list[str]] = {"Classes": [], "Functions": [], "Other names": []}
    for name in names:
        found = _object(name)
        if get_origin(found) is Literal:
            groups["Other names"].append(name)
        elif inspect.isclass(found):
            groups["Classes"].append(name)
        elif callable(found):
            groups["Functions"].append(name)
        else:
            groups["Other names"].append(name)
    lines = []
    for heading, members in groups.items():
        if not members:
            continue
        lines.append(_title(heading, "~" if nested else "-"))
        for name in members:
            lines += _entry(name, heading)
    return lines


def _entry(name: str, heading: str) -> list[str]:
    if heading == "Classes":
        inherited = f"   :inherited-members: {_BASES}"
        return [f".. autoclass:: {name}", "   :members:", inherited, ""]
    if get_origin(_object(name)) is Literal:
        module, _, short = name.rpartition(".")
        return [
            f".. py:data:: {short}",
            f"   :module: {module}",
            "",
            f"   {_first(_object(name))}",
            "",
        ]
    kind = "autofunction" if heading == "Functions" else "autodata"
    return [f".. {kind}:: {name}", ""]
