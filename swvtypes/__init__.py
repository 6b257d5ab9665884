"""Type organisations from survey waves, and check such typologies.

The names below load on first use, so that ``import swvtypes`` stays fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from . import lca, longitudinal, published, scales, steering, tables, typology, validation
    from .auditing import audit
    from .longitudinal import comparability, compare_memberships
    from .membership import Membership
    from .reproduction import reproduce
    from .survey import Codebook, Wave, load_wave, read_wave
    from .typology import Typology

_MODULES = (
    "lca", "longitudinal", "published", "scales", "steering", "tables", "typology", "validation",
)  # fmt: skip
_NAMES = {
    "Codebook": "survey",
    "Membership": "membership",
    "Typology": "typology",
    "Wave": "survey",
    "load_wave": "survey",
    "read_wave": "survey",
    "audit": "auditing",
    "comparability": "longitudinal",
    "compare_memberships": "longitudinal",
    "reproduce": "reproduction",
}

__all__ = [
    "Codebook",
    "Membership",
    "Typology",
    "Wave",
    "__version__",
    "audit",
    "comparability",
    "compare_memberships",
    "lca",
    "load_wave",
    "longitudinal",
    "published",
    "read_wave",
    "reproduce",
    "scales",
    "steering",
    "tables",
    "typology",
    "validation",
]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name in _NAMES:
        return getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
