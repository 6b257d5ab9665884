"""The types of one sector as an entry of a file, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from swvtypes.language import Label

from .file_form import entry_frame, frame_entry, read_types, types_entry
from .superclusters import Superclusters


def superclusters_entry(found: Superclusters) -> dict[str, Any]:
    """Turn the types of one sector into what JSON can hold."""
    return {
        "sectors": list(found.sectors),
        "model": types_entry(found.model),
        "existence": frame_entry(found.existence),
        "routes": frame_entry(found.routes),
        "agreement": frame_entry(found.agreement),
        "assigned": frame_entry(found.assigned.rename_axis("organisation")),
        "reasons": [list(reason) for reason in found.reasons],
        "verdict": dict(found.verdict),
        "heard": dict(found.heard),
        "theme_classes": dict(found.theme_classes),
    }


def superclusters_of(entry: Mapping[str, Any]) -> Superclusters:
    """Read what :func:`superclusters_entry` wrote."""
    return Superclusters(
        tuple(entry["sectors"]),
        read_types(entry["model"]),
        entry_frame(entry["existence"]),
        entry_frame(entry["routes"]),
        entry_frame(entry["agreement"]),
        entry_frame(entry["assigned"]),
        tuple(Label(*reason) for reason in entry["reasons"]),
        dict(entry["verdict"]),
        {str(t): float(p) for t, p in entry.get("heard", {}).items()},
        {str(t): int(n) for t, n in entry.get("theme_classes", {}).items()},
    )
