"""Runs of a wave: from its files to its results, with manifests and resuming."""

from .inputs import Inputs, read_inputs
from .receipts import read_manifest, require_complete
from .run_file import RunFile, read_run_file
from .running import RunOptions, RunResult, run_wave

__all__ = [
    "Inputs",
    "RunFile",
    "RunOptions",
    "RunResult",
    "read_inputs",
    "read_manifest",
    "read_run_file",
    "require_complete",
    "run_wave",
]
