"""Finished steps of a fit in files, so that an interrupted fit goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import pandas as pd

from swvtypes.errors import TypologyError
from swvtypes.resources import atomic_write

from .file_form import plain, pretty
from .material import Material

VERSION = 1
HEAD = "fit.json"
Made = TypeVar("Made")


@dataclass(frozen=True)
class Ledger:
    """A folder with one JSON file a finished step, or nothing at all.

    Attributes
    ----------
    folder : Path or None
        None keeps nothing.
    """

    folder: Path | None = None

    @classmethod
    def opened(
        cls, folder: str | Path | None, asked: Mapping[str, Any], seed: int | None
    ) -> tuple[Ledger, int | None]:
        """Open a folder for a fit; gives the seed of the fit that was begun there, if any.

        Parameters
        ----------
        folder : str or Path, optional
            Made if it is not there.
        asked : mapping of str to object
            What determines the result besides the seed; it must be that of the fit begun there.
        seed : int, optional
            The seed asked.

        Raises
        ------
        TypologyError
            When another fit was begun in the folder, or it cannot be used.
        """
        if folder is None:
            return cls(None), seed
        path = Path(folder)
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TypologyError(
                f"checkpoint {path}", [f"cannot be made: {error.strerror}"]
            ) from None
        ledger = cls(path)
        begun = ledger._read(HEAD)
        if begun is None:
            return ledger, seed
        faults = _differences(begun, dict(asked) | {"ledger_version": VERSION})
        if seed is not None and begun.get("seed") != seed:
            faults.append(f"seed: begun with {begun.get('seed')!r}, now {seed!r}")
        kept = begun.get("seed")
        if isinstance(kept, bool) or not isinstance(kept, int) or kept < 0:
            faults.append(f"{HEAD}: seed: expected a whole number of at least 0, got {kept!r}")
        if faults:
            raise TypologyError(f"checkpoint {path}", faults)
        return ledger, int(kept)  # type: ignore[arg-type]

    def begin(self, asked: Mapping[str, Any], seed: int) -> None:
        """Note what is asked, before the first step."""
        if self.folder is not None and not (self.folder / HEAD).exists():
            self._write(HEAD, dict(asked) | {"ledger_version": VERSION, "seed": seed})

    def load(self, step: str) -> dict[str, Any] | None:
        """Give a finished step, None when it is not there (or was cut short by a crash)."""
        return None if self.folder is None else self._read(_file_name(step))

    def read(self, step: str, entry: Mapping[str, Any], make: Callable[[Any], Made]) -> Made:
        """Make what a finished step came to.

        Raises
        ------
        TypologyError
            Where a file is not as it was written.
        """
        try:
            return make(entry)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            if self.folder is None:
                raise
            said = " ".join(str(error).split())[:160]
            raise self._fault(_file_name(step), f"not as it was written: {said}") from None

    def save(self, step: str, content: Mapping[str, Any]) -> None:
        """Keep a finished step, whole or not at all."""
        if self.folder is not None:
            self._write(_file_name(step), dict(content))

    def _read(self, name: str) -> dict[str, Any] | None:
        assert self.folder is not None
        try:
            raw = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise self._fault(name, str(error)) from None
        if not isinstance(raw, dict):
            raise self._fault(name, f"expected an object, got {type(raw).__name__}")
        return raw

    def _fault(self, name: str, why: str) -> TypologyError:
        fault = f"{name} cannot be read: {why}; remove it to have the step done again"
        return TypologyError(f"checkpoint {self.folder}", [fault])

    def _write(self, name: str, content: dict[str, Any]) -> None:
        assert self.folder is not None
        with atomic_write(self.folder / name) as stream:
            stream.write(pretty(content) + "\n")


def _file_name(step: str) -> str:
    """Give the file of a step; a theme may be named by what no file can be."""
    return quote(step, safe=" ") + ".json"


def fingerprint(material: Material) -> dict[str, Any]:
    """Say what the data of a fit are: names, sizes, and a digest of every answer."""
    digest = hashlib.sha256()
    hashed = pd.util.hash_pandas_object(material.frame.astype("str"), index=True)
    digest.update(hashed.to_numpy().tobytes())
    digest.update("\n".join(material.sector).encode())
    if material.weight is not None:
        digest.update(material.weight.to_numpy(dtype=float).tobytes())
    return {
        "wave": material.name,
        "organisations": len(material.frame),
        "themes": {
            " ".join(sectors): {theme: spec.as_dict() for theme, spec in specs.items()}
            for sectors, specs in material.specs.items()
        },
        "answers": digest.hexdigest(),
    }


def _differences(begun: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    now = json.loads(json.dumps(asked, default=plain))
    told = []
    for key in now:
        if key == "answers" and begun.get(key) != now[key]:
            told.append("answers: the fit begun there had others")
            continue
        told += _apart(key, begun.get(key), now[key])
    return told


def _apart(where: str, old: Any, new: Any) -> list[str]:
    """Name the places where two entries differ, as deep as both have them."""
    if old == new:
        return []
    old, new = _by_name(old), _by_name(new)
    if not isinstance(old, dict) or not isinstance(new, dict):
        return [f"{where}: the fit begun there had {_short(old)}, this one has {_short(new)}"]
    told = []
    for key in dict.fromkeys((*old, *new)):
        if key not in new:
            told.append(f"{where}.{key}: only the fit begun there has it")
        elif key not in old:
            told.append(f"{where}.{key}: the fit begun there does not have it")
        else:
            told += _apart(f"{where}.{key}", old[key], new[key])
    if not told:
        told.append(f"{where}: the fit begun there had another order")
    return told


def _by_name(value: Any) -> Any:
    """Give a list of named entries as a mapping, for comparison."""
    if isinstance(value, list) and value and all(
        isinstance(each, dict) and "name" in each for each in value
    ):  # fmt: skip
        return {str(each["name"]): each for each in value}
    return value


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else text[:117] + "..."
