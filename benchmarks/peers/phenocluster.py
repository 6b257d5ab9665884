"""Stability of classes by phenocluster, in an interpreter of its own.

phenocluster 0.4 needs lifelines, which holds pandas below 3, so that it seldom stands beside a
current pandas. It is therefore called in a process of its own, by the interpreter that is given,
or by this one where it is installed. The clock runs inside that process, from the fitted model
to the last table: interpreter, imports and the first fit are not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.measuring import Measured

NAME = "phenocluster"
_CHILD = Path(__file__).with_name("phenocluster_process.py")


@cache
def version(interpreter: str = "") -> str:
    """Give the version that the interpreter has, or an empty text."""
    asked = "import importlib.metadata as m; print(m.version('phenocluster'))"
    try:
        done = subprocess.run(
            [interpreter or sys.executable, "-c", asked], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def stability(
    answers: pd.DataFrame, n_classes: int, resamples: int, n_init: int, interpreter: str = ""
) -> Measured:
    """Consensus and stability of each class over resamples of four fifths, one worker."""
    asked = {"classes": n_classes, "resamples": resamples, "starts": n_init}
    done = subprocess.run(
        [interpreter or sys.executable, "-P", str(_CHILD), json.dumps(asked)],
        input=answers.to_csv(index=False), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Measured(found.pop("wall"), found.pop("processor"), found)
