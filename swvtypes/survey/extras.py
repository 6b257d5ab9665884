"""Libraries that only some file formats need."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from swvtypes.errors import MissingExtraError


def need(library: str, feature: str, extra: str = "spss") -> Any:
    """Import an optional library.

    Parameters
    ----------
    library : str
        Module to import.
    feature : str
        What needs it.
    extra : str
        Extra of this package that installs it.

    Raises
    ------
    MissingExtraError
        When it is not installed; names the extra.
    """
    try:
        return importlib.import_module(library)
    except ImportError as error:
        raise MissingExtraError(feature, library, extra) from error


def check_installed(library: str, feature: str, extra: str = "spss") -> None:
    """Raise MissingExtraError unless an optional library can be found; does not import it."""
    if importlib.util.find_spec(library) is None:
        raise MissingExtraError(feature, library, extra)
