"""Run as a program: read one .sav file and write its columns as JSON on standard output.

It runs in a process of its own because the library underneath ends the whole process on some
damaged files. It imports nothing of this package.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def read(path: str) -> dict[str, Any]:
    """Give the columns of a file, or the error that the library raised."""
    import pyreadstat

    try:
        found, _ = pyreadstat.read_sav(
            path, user_missing=True, output_format="dict", disable_datetime_conversion=True
        )
    except Exception as error:
        return {"error": f"{error} ({type(error).__name__})"}
    return {"columns": list(found), "cells": [list(cells) for cells in found.values()]}


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
