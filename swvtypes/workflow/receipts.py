"""Finished steps as folders, each with a receipt; a manifest over them, written last."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from swvtypes.errors import RunError
from swvtypes.resources import abandon, atomic_write, begin

MANIFEST = "manifest.json"
RECEIPT = "receipt.json"
FORMAT = "swvtypes run"
VERSION = 1
_PART = ".part-"
WORK = ".work"


def digest(content: bytes) -> str:
    """Give the SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def key_of(asked: Mapping[str, Any]) -> str:
    """Give one short text that changes whenever anything asked does."""
    text = json.dumps(asked, sort_keys=True, ensure_ascii=True)
    return digest(text.encode("ascii"))


def finished(folder: Path, key: str) -> dict[str, str] | None:
    """Give the digests of a finished step's files; None when it has to be done (again).

    It counts as finished when its receipt has this key and every file is as it was written.
    """
    receipt = _json(folder / RECEIPT)
    if receipt is None or receipt.get("key") != key:
        return None
    files = receipt.get("files")
    if not isinstance(files, dict):
        return None
    for name, expected in files.items():
        try:
            if digest((folder / name).read_bytes()) != expected:
                return None
        except (OSError, ValueError):
            return None
    return {str(name): str(value) for name, value in files.items()}


def publish(out: Path, step: str, key: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Write the files of a step into a hidden folder and rename it when complete.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; what was begun is removed.
    """
    part = begin(out, f"{_PART}{step}-")
    digests = {name: digest(content) for name, content in files.items()}
    receipt = {"key": key, "files": digests}
    try:
        part.mkdir()
        for name, content in files.items():
            _put(part / name, content)
        _put(part / RECEIPT, (json.dumps(receipt, indent=1, sort_keys=True) + "\n").encode())
        _swap(part, out / step)
    finally:
        abandon(part)
    return digests


def clear_parts(out: Path) -> None:
    """Remove what a killed run left half-written; only under the lock."""
    for leftover in out.glob(f"{_PART}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for leftover in out.glob(f".{MANIFEST}.*.part"):
        leftover.unlink(missing_ok=True)


def write_manifest(out: Path, content: Mapping[str, Any]) -> None:
    """Write the manifest whole; it says that everything else is there."""
    with atomic_write(out / MANIFEST) as stream:
        stream.write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read_manifest(out: Path) -> dict[str, Any] | None:
    """Give the manifest of a results folder, None when there is none or it is of another kind."""
    found = _json(out / MANIFEST)
    return found if found is not None and found.get("format") == FORMAT else None


def complete_faults(out: Path) -> list[str]:
    """Say why a folder is not the complete results of a run; empty when it is.

    Every file is held against its digest in the manifest.
    """
    if not out.is_dir():
        return ["there is no such folder"]
    manifest = read_manifest(out)
    if manifest is None:
        return ["not a complete run: it has no manifest.json of a run"]
    version = manifest.get("schema_version")
    if not isinstance(version, int) or version > VERSION:
        return [f"manifest.json: this release reads up to version {VERSION}, got {version!r}"]
    faults = []
    steps = manifest.get("steps")
    if not isinstance(steps, dict) or not steps:
        return ["manifest.json: expected the steps of a run"]
    for step, entry in steps.items():
        files = entry.get("files") if isinstance(entry, dict) else None
        if not isinstance(files, dict):
            faults.append(f"manifest.json: steps.{step}: expected files with their digests")
            continue
        for name, expected in files.items():
            try:
                same = digest((out / step / name).read_bytes()) == expected
            except (OSError, ValueError):
                faults.append(f"{step}/{name}: the manifest lists it, it is absent")
                continue
            if not same:
                faults.append(f"{step}/{name}: changed since the run")
    return faults


def require_complete(out: Path) -> dict[str, Any]:
    """Give the manifest of a complete run.

    Raises
    ------
    RunError
        Lists every fault.
    """
    faults = complete_faults(out)
    manifest = read_manifest(out)
    if faults or manifest is None:
        raise RunError(str(out), faults)
    return manifest


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _swap(part: Path, target: Path) -> None:
    """Put a complete folder in the place of an older one."""
    if target.exists():
        old = begin(target.parent, f"{_PART}old-{target.name}-")
        try:
            os.replace(target, old)
            os.replace(part, target)
        except BaseException:
            if old.exists() and not target.exists():
                os.replace(old, target)
            raise
        finally:
            abandon(old)
    else:
        os.replace(part, target)


def _json(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
