"""Run a wave: finished steps stay, others are done, and the manifest comes last."""

from __future__ import annotations

import platform
import shutil
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from swvtypes._version import __version__
from swvtypes.errors import RunError
from swvtypes.language import Language, check_language
from swvtypes.parallel import progress

from . import receipts
from .cells import csv_bytes
from .inputs import Inputs, read_inputs
from .locking import only_run
from .plan import NOTES, Notes, Step, Work
from .steps import STEPS
from .workers import n_workers

LIBRARIES = (
    "numpy", "scipy", "pandas", "scikit-learn", "joblib", "pyreadstat", "openpyxl", "matplotlib",
)  # fmt: skip
Tell = Callable[[str, str, float], None]


@dataclass(frozen=True)
class RunOptions:
    """How a run is done.

    Attributes
    ----------
    quick : bool
        No bootstrap: BIC decides.
    language : {"nl", "en"} or None
        None takes that of the run file.
    jobs : int
        Worker processes; -1 uses every core. Results do not depend on it.
    show_progress : bool
    """

    quick: bool = False
    language: Language | None = None
    jobs: int = -1
    show_progress: bool = False


@dataclass(frozen=True)
class RunResult:
    """What a run did.

    Attributes
    ----------
    folder : Path
        Of the results.
    done, kept : tuple of str
        Steps done now, and steps found finished.
    notes : tuple of (str, str, str)
        Step, subject and reason of everything that was left out.
    synthetic : bool
        Whether any row is synthetic.
    """

    folder: Path
    done: tuple[str, ...]
    kept: tuple[str, ...]
    notes: tuple[tuple[str, str, str], ...]
    synthetic: bool


def run_wave(
    path: str | Path, options: RunOptions | None = None, tell: Tell | None = None
) -> RunResult:
    """Run everything that a run file asks, or what is left of it.

    Parameters
    ----------
    path : str or Path
        Run file.
    options : RunOptions, optional
    tell : callable, optional
        Is told each step, ``"done"`` or ``"kept"``, and its seconds.

    Returns
    -------
    RunResult

    Raises
    ------
    RunError
        Lists every fault of the inputs; nothing is written then. Also when another run is at work
        in the folder.
    OSError
        When the disk is full or the folder cannot be written; finished steps stay.
    """
    options = options or RunOptions()
    options = replace(options, jobs=n_workers(options.jobs))
    inputs = read_inputs(path)
    language = check_language(options.language or inputs.file.language)
    out = inputs.out
    _open(out)
    try:
        with only_run(out):
            receipts.clear_parts(out)
            return _run(inputs, options, language, tell or (lambda step, state, seconds: None))
    except OSError as error:
        error.filename = error.filename or str(out)
        raise


def _open(out: Path) -> None:
    """Make the folder of the results, or say why it cannot be used."""
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out):
        raise RunError(str(out), ["expected an empty folder or that of a run, found other files"])
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise RunError(str(out), ["expected a folder, found a file"]) from None
    except OSError as error:
        raise RunError(str(out), [f"cannot be made: {error.strerror}"]) from None


def _is_ours(out: Path) -> bool:
    known = {receipts.MANIFEST, ".lock", receipts.WORK, *(step.name for step in STEPS)}
    return all(item.name in known or item.name.startswith(".") for item in out.iterdir())


def _run(inputs: Inputs, options: RunOptions, language: Language, tell: Tell) -> RunResult:
    out = inputs.out
    keys = step_keys(inputs, options, language)
    digests = {step.name: receipts.finished(out / step.name, keys[step.name]) for step in STEPS}
    manifest = receipts.read_manifest(out)
    if manifest is not None and any(found is None for found in digests.values()):
        (out / receipts.MANIFEST).unlink()
    done: list[str] = []
    with progress(options.show_progress) as display:
        bar = display.add_task("run", total=len(STEPS))
        for step in STEPS:
            display.update(bar, description=step.name)
            began = time.monotonic()
            found = digests[step.name]
            if found is None:
                if step.name == "typology":
                    display.stop()
                digests[step.name] = _do(step, keys[step.name], inputs, options, language)
                if step.name == "typology":
                    display.start()
                done.append(step.name)
            tell(step.name, "kept" if found else "done", time.monotonic() - began)
            display.advance(bar)
    receipts.write_manifest(out, manifest_of(inputs, options, language, keys, digests))
    shutil.rmtree(out / receipts.WORK, ignore_errors=True)
    kept = tuple(step.name for step in STEPS if step.name not in done)
    synthetic = bool(inputs.wave.provenance["synthetic"])
    return RunResult(out, tuple(done), kept, _notes(out), synthetic)


def _do(
    step: Step, key: str, inputs: Inputs, options: RunOptions, language: Language
) -> dict[str, str]:
    """Do one step and put its files in place, all at once."""
    notes = Notes(language)
    work = Work(
        inputs, inputs.out, language, options.quick, options.jobs,
        inputs.out / receipts.WORK / f"{step.name}-{key[:16]}", options.show_progress, notes,
    )  # fmt: skip
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", UserWarning)
        files = step.make(work)
    for warning in heard:
        if issubclass(warning.category, UserWarning):
            notes.add(warning.category.__name__, warning.message)
    files[NOTES] = csv_bytes(notes.frame())
    return receipts.publish(inputs.out, step.name, key, files)


def step_keys(inputs: Inputs, options: RunOptions, language: Language) -> dict[str, str]:
    """Give each step a key of everything that its files depend on."""
    keys: dict[str, str] = {}
    base = {name: inputs.digests.get(name) for name in ("wave", "codebook", "register")}
    file = inputs.file
    common = {
        "columns": dict(file.columns), "leave_out": list(file.leave_out), "name": file.name,
        "seed": file.seed, "language": language, "quick": options.quick,
        "versions": versions(), "schema": receipts.VERSION,
    }  # fmt: skip
    for step in STEPS:
        read = {
            name: digest
            for name, digest in inputs.digests.items()
            if any(name == r or (r.endswith(" ") and name.startswith(r)) for r in step.reads)
        }
        asked: dict[str, Any] = {
            "step": step.name, "files": base | read, "common": common,
            "settings": dict(step.settings(inputs, options.quick)),
            "needs": [keys[name] for name in step.needs],
        }  # fmt: skip
        keys[step.name] = receipts.key_of(asked)
    return keys


def manifest_of(
    inputs: Inputs,
    options: RunOptions,
    language: Language,
    keys: Mapping[str, str],
    digests: Mapping[str, dict[str, str] | None],
) -> dict[str, Any]:
    """Give the content of the manifest: what went in, how, and a digest of all that came out."""
    return {
        "format": receipts.FORMAT,
        "schema_version": receipts.VERSION,
        "wave": {
            "name": inputs.wave.name, "year": inputs.wave.year,
            "codebook": inputs.wave.codebook.id, "organisations": len(inputs.wave),
            "synthetic": bool(inputs.wave.provenance["synthetic"]),
        },
        "inputs": dict(inputs.digests),
        "settings": inputs.file.model_dump(mode="json", by_alias=True)
        | {"language": language, "quick": options.quick},
        "versions": versions(),
        "steps": {
            s.name: {"key": keys[s.name], "files": dict(sorted((digests[s.name] or {}).items()))}
            for s in STEPS
        },
    }  # fmt: skip


def versions() -> dict[str, str]:
    """Give the versions that results depend on."""
    found = {"swvtypes": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found | {"machine": platform.machine(), "system": platform.system()}


def _notes(out: Path) -> tuple[tuple[str, str, str], ...]:
    import csv

    found = []
    for step in STEPS:
        with (out / step.name / NOTES).open(encoding="utf-8", newline="") as stream:
            found += [(step.name, row[0], row[1]) for row in list(csv.reader(stream))[1:]]
    return tuple(found)
