"""A user's own names of types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def name_faults(names: Mapping[str, str], types: Sequence[Sequence[str]]) -> list[str]:
    """Say what is wrong with names of types.

    Parameters
    ----------
    names : mapping of str to str
        A user's name by type.
    types : sequence of sequences of str
        The types of each sector. Types of different sectors may go by one name.
    """
    known = [name for one in types for name in one]
    told = ", ".join(map(repr, known))
    faults = [f"{name!r} is no type; there are {told}" for name in names if name not in known]
    faults += [
        f"{name!r}: expected a text, got {given!r}"
        for name, given in names.items()
        if not isinstance(given, str) or not given.strip()
    ]
    for one in types:
        seen: dict[object, str] = {}
        for name in one:
            given = names.get(name)
            if isinstance(given, str) and given in seen:
                faults.append(f"{name!r}: {seen[given]!r} is called {given!r} too")
            elif isinstance(given, str):
                seen[given] = name
    return faults
