"""Options checked all at once: every fault is told, not only the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from swvtypes.errors import OptionError, OptionsError


def raise_all(checks: Iterable[Callable[[], object]]) -> None:
    """Carry out every check; raise the one OptionError found, or an OptionsError with them all."""
    found: list[OptionError] = []
    for check in checks:
        try:
            check()
        except OptionsError as several:
            found += several.errors
        except OptionError as error:
            found.append(error)
    if len(found) == 1:
        raise found[0]
    if found:
        raise OptionsError(found)
