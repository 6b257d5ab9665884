"""Many made-up waves, one a seed: finished ones stay, so that an interrupted series goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from swvtypes.parallel import progress, run_as_finished
from swvtypes.resources import atomic_bytes, atomic_write
from swvtypes.survey import Codebook
from swvtypes.typology import Typology

from .cells import csv_bytes
from .receipts import digest, key_of
from .running import versions
from .simulating import make_wave, read_source

Files = dict[str, bytes]


@dataclass(frozen=True)
class Series:
    """Which waves to make up.

    Attributes
    ----------
    source : Path
        Typology (``.json``) or codebook (``.toml``).
    n : int
        Organisations in each sector.
    seeds : sequence of int
        One wave each.
    out : Path
        ``made.csv`` stands for ``made_0001.csv`` and so on; its folder is there.
    """

    source: Path
    n: int
    seeds: Sequence[int]
    out: Path

    @property
    def receipt(self) -> Path:
        """The file that says which waves are finished."""
        return self.out.with_name(f"{self.out.stem}_waves.json")


@dataclass(frozen=True)
class MadeSeries:
    """What came of it: seeds made now, and seeds found finished."""

    made: tuple[int, ...]
    kept: tuple[int, ...]


def simulate_series(series: Series, n_jobs: int = 1, show_progress: bool = False) -> MadeSeries:
    """Make up waves; the same bytes for the same seed, however many workers there are.

    A wave that the receipt beside it vouches for, made from the same source by the same versions,
    is kept.

    Raises
    ------
    InputError, TypologyError, CodebookError
        As :func:`swvtypes.workflow.simulating.simulate_wave`; nothing is written then.
    OSError
        When the disk is full; finished waves stay.
    """
    source = read_source(series.source, series.n, series.seeds)
    key = key_of({"source": digest(series.source.read_bytes()), "n": series.n,
                  "versions": versions()})  # fmt: skip
    done = _finished(series, key)
    left = [seed for seed in dict.fromkeys(series.seeds) if str(seed) not in done]
    one = partial(_files, source, series.n, series.out.stem)
    with progress(show_progress) as display:
        bar = display.add_task("waves", total=len(left))
        for at, files in run_as_finished(one, left, n_jobs):
            for name, content in files.items():
                atomic_bytes(series.out.with_name(name), content)
            done[str(left[at])] = {name: digest(content) for name, content in files.items()}
            with atomic_write(series.receipt) as stream:
                stream.write(json.dumps({"key": key, "waves": done}, indent=1) + "\n")
            display.advance(bar)
    return MadeSeries(tuple(left), tuple(s for s in series.seeds if s not in left))


def _files(source: Typology | Codebook, n: int, stem: str, seed: int) -> Files:
    made = make_wave(source, n, seed)
    files = {f"{stem}_{seed:04d}.csv": csv_bytes(made.answers)}
    if made.types is not None:
        files[f"{stem}_{seed:04d}_types.csv"] = csv_bytes(made.types)
    return files


def _finished(series: Series, key: str) -> dict[str, dict[str, str]]:
    """Give the waves that stand as they were written, with digests of their files."""
    try:
        told = json.loads(series.receipt.read_text(encoding="utf-8"))
        if told["key"] != key:
            return {}
        return {
            str(seed): dict(files)
            for seed, files in told["waves"].items()
            if all(digest(series.out.with_name(f).read_bytes()) == d for f, d in files.items())
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
