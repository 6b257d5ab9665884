"""Run as a program: read one .sav file and write its columns as JSON on standard output.

It runs in a process of its own because the library underneath ends the whole process on some
damaged files. It imports nothing of this package.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_DATES = frozenset(
    "DATE ADATE EDATE SDATE JDATE QYR MOYR WKYR DATETIME YMDHMS".split()  # noqa: SIM905
)


def read(path: str) -> dict[str, Any]:
    """Give the columns of a file, or the error that the library raised."""
    import pyreadstat

    try:
        found, described = pyreadstat.read_sav(
            path, user_missing=True, output_format="dict", disable_datetime_conversion=True
        )
    except Exception as error:
        return {"error": f"{error} ({type(error).__name__})"}
    return {
        "columns": list(found),
        "cells": [list(cells) for cells in found.values()],
        "dictionary": _dictionary(described),
    }


def _dictionary(described: Any) -> dict[str, Any]:
    """Give what the file says of its columns; codes as pairs, for JSON has no number keys."""
    created = getattr(described, "creation_time", None)
    return {
        "labels": {name: text for name, text in described.column_names_to_labels.items() if text},
        "values": {
            name: [[code, str(text)] for code, text in texts.items()]
            for name, texts in described.variable_value_labels.items()
        },
        "missing": {
            name: [[span["lo"], span["hi"]] for span in spans]
            for name, spans in (described.missing_ranges or {}).items()
        },
        "dates": [
            name
            for name, form in (described.original_variable_types or {}).items()
            if str(form).rstrip("0123456789.") in _DATES
        ],
        "measure": dict(described.variable_measure or {}),
        "sets": dict(getattr(described, "mr_sets", None) or {}),
        "year": created.year if created is not None else None,
    }


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
