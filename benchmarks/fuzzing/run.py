"""Fuzz every reader of a user's file.

    python benchmarks/fuzzing/run.py [--seconds 180] [--reader NAME] [--engine atheris]

Each reader gets spoilt files for so many seconds in a process of its own. With atheris (where it is
installed; it is no dependency) inputs that reach new code are kept and spoilt further; without it
each input is a sound file spoilt anew. An input that ends in anything but a result or the package's
own error with faults of one line each is a crash, as is one that takes more than ten seconds or
four gigabytes. Crashes are told apart by exception and innermost place; an example of each is
written beside the work files (--work) and named in the result.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from mutating import spoil
from readers import Reader, prepared, read_bytes, readers

RESULT = Path(__file__).parents[1] / "results" / "fuzzing.json"
MENDED = Path(__file__).parent / "mended.json"
SLOW, MEMORY, LONGEST = 10.0, 4 * 2**30, 400_000


@dataclass
class Tally:
    """What came of the inputs so far."""

    reader: str
    engine: str
    place: Path
    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    slowest: float = 0.0
    crashes: dict[str, dict[str, Any]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    written: float = 0.0

    def add(self, reader: Reader, folder: Path, content: bytes) -> None:
        """Try one input."""
        began = time.monotonic()
        try:
            what = read_bytes(reader, folder, content)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a crash, of whatever kind
            self._crash(error, content)
        else:
            self.accepted += what == "accepted"
            self.refused += what == "refused"
        took = time.monotonic() - began
        self.slowest = max(self.slowest, took)
        if took > SLOW:
            self._keep("slow", f"{took:.0f} seconds", content)
        self.inputs += 1
        if time.monotonic() - self.written > 1.0:
            self.write()

    def _crash(self, error: BaseException, content: bytes) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [f for f in frames if "swvtypes" in Path(f.filename).parts]
        place = f"{Path(own[-1].filename).name}:{own[-1].name}" if own else "outside"
        said = re.sub(r"\d+", "0", str(error).splitlines()[0][:80] if str(error) else "")
        said = said if isinstance(error, AssertionError) else ""
        self._keep(f"{type(error).__name__} in {place} {said[:40]}".strip(), repr(error), content)

    def _keep(self, key: str, said: str, content: bytes) -> None:
        if key not in self.crashes:
            name = hashlib.sha256(key.encode()).hexdigest()[:12]
            path = self.place.with_name(f"{self.place.stem}-{name}.bin")
            path.write_bytes(content)
            self.crashes[key] = {"times": 0, "said": said[:400], "example": path.name}
        self.crashes[key]["times"] += 1

    def write(self) -> None:
        """Put the counts so far into the tally's file."""
        self.written = time.monotonic()
        self.place.write_text(json.dumps({
            "reader": self.reader, "engine": self.engine, "inputs": self.inputs,
            "accepted": self.accepted, "refused": self.refused,
            "seconds": round(self.written - self.began, 1), "slowest": round(self.slowest, 2),
            "crashes": self.crashes,
        }, indent=1))  # fmt: skip


def tally_file(work: Path, name: str) -> Path:
    slug = re.sub(r"\W+", "_", name).strip("_")
    return work / f"{slug}.json"


def fresh(reader: Reader, rng: random.Random, content: bytes | None = None) -> bytes:
    """Draw an input: odd but of its format, or a file spoilt."""
    if reader.make is not None and rng.random() < 0.5:
        return reader.make(rng)
    base = content if content and rng.random() < 0.7 else rng.choice(reader.seeds)
    return spoil(base, reader.form, rng, reader.seeds)[:LONGEST]


def fuzz_plainly(reader: Reader, folder: Path, tally: Tally, seconds: float, seed: int) -> None:
    """Spoil sound files, one after another, and at times what is spoilt already."""
    rng = random.Random(seed)
    content: bytes | None = None
    for seed_file in reader.seeds:
        tally.add(reader, folder, seed_file)
    while time.monotonic() - tally.began < seconds:
        content = fresh(reader, rng, content if rng.random() < 0.4 else None)
        tally.add(reader, folder, content)
        if len(content) > LONGEST // 4:
            content = None


def fuzz_by_coverage(
    atheris: Any, reader: Reader, folder: Path, tally: Tally, seconds: float, seed: int
) -> None:
    """Let atheris keep the inputs that reach new code; it ends this process."""
    corpus = folder / ".corpus"
    corpus.mkdir()
    for at, content in enumerate(reader.seeds):
        (corpus / f"seed_{at}").write_bytes(content)

    def change(content: bytes, longest: int, number: int) -> bytes:
        return fresh(reader, random.Random(number), content)[:longest]

    atheris.Setup(
        [sys.argv[0], f"-max_total_time={int(seconds)}", f"-seed={seed}", f"-max_len={LONGEST}",
         "-rss_limit_mb=6000", "-timeout=120", "-verbosity=0", "-print_final_stats=0", str(corpus)],
        lambda content: tally.add(reader, folder, content), custom_mutator=change,
    )  # fmt: skip
    atheris.Fuzz()


def one(name: str, asked: argparse.Namespace) -> None:
    """Fuzz one reader in this process; the tally stands in a file of its own."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 2, MEMORY * 2))
    atheris = None
    if asked.engine == "atheris" and asked.follow:
        with contextlib.suppress(ImportError):
            atheris = importlib.import_module("atheris")
    if atheris is not None:
        with atheris.instrument_imports(include=["swvtypes"]):
            _import_all()
    reader = readers(prepared(asked.work / "ground"))[name]
    engine = "random" if atheris is None else "atheris"
    tally = Tally(name, engine, tally_file(asked.work, name))
    with tempfile.TemporaryDirectory() as home:
        spot = Path(home)
        if atheris is None:
            fuzz_plainly(reader, spot, tally, asked.seconds, asked.seed)
            tally.write()
        else:
            fuzz_by_coverage(atheris, reader, spot, tally, asked.seconds, asked.seed)


def _import_all() -> None:
    for name in (
        "swvtypes.cli.app", "swvtypes.cli.fitting_command", "swvtypes.cli.reporting_command",
        "swvtypes.cli.run_folder", "swvtypes.workflow", "swvtypes.survey", "swvtypes.tables",
        "swvtypes.typology", "swvtypes.membership", "swvtypes.auditing", "swvtypes.reproduction",
        "swvtypes.report.run_folder", "swvtypes.survey.spss",
    ):  # fmt: skip
        importlib.import_module(name)


def all_of_them(asked: argparse.Namespace) -> None:
    """Fuzz the readers one after another and store the counts."""
    known = readers(prepared(asked.work / "ground"))
    for name in asked.reader or known:
        command = [sys.executable, __file__, "--one", name, "--seconds", str(asked.seconds),
                   "--engine", asked.engine, "--seed", str(asked.seed), "--work", str(asked.work),
                   "--follow" if known[name].by_coverage else "--no-follow"]  # fmt: skip
        place = tally_file(asked.work, name)
        place.unlink(missing_ok=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not place.is_file():
            sys.stdout.write(f"{name}: ended with {done.returncode}\n{done.stderr[-2000:]}\n")
            continue
        found = json.loads(place.read_text())
        if done.returncode:
            found["crashes"][f"the process ended with {done.returncode}"] = {"times": 1}
        store(found)
        sys.stdout.write(
            f"{name}: {found['inputs']} inputs, {found['refused']} refused, crashes "
            f"{list(found['crashes'])}\n"
        )
        sys.stdout.flush()


def store(found: dict[str, Any]) -> None:
    """Put the counts of one reader into the stored result; earlier runs of it add up.

    What the last run of a reader met stays open until a run meets it no more.
    """
    stored = json.loads(RESULT.read_text()) if RESULT.is_file() else {"readers": {}}
    old = stored["readers"].get(found["reader"], {})
    crashes = sum(entry["times"] for entry in found["crashes"].values())
    mended = json.loads(MENDED.read_text(encoding="utf-8"))
    stored["readers"][found["reader"]] = {
        "engine": found["engine"],
        "inputs": old.get("inputs", 0) + found["inputs"],
        "accepted": old.get("accepted", 0) + found["accepted"],
        "refused": old.get("refused", 0) + found["refused"],
        "crashes": old.get("crashes", 0) + crashes,
        "seconds": round(old.get("seconds", 0) + found["seconds"], 1),
        "slowest_seconds": max(old.get("slowest_seconds", 0), found["slowest"]),
        "open": sorted(found["crashes"]),
    }
    for name, entry in stored["readers"].items():
        entry["kinds_of_crash_mended"] = sum(case["reader"] == name for case in mended)
    entries = stored["readers"].values()
    stored["total"] = {
        key: round(sum(entry[key] for entry in entries), 1)
        for key in ("inputs", "accepted", "refused", "crashes", "seconds", "kinds_of_crash_mended")
    } | {"readers": len(entries), "open": sum(len(entry["open"]) for entry in entries)}
    RESULT.write_text(json.dumps(stored, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--reader", action="append")
    parser.add_argument("--engine", choices=("atheris", "random"), default="atheris")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "fuzzing")
    parser.add_argument("--follow", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one, asked)
    else:
        all_of_them(asked)


if __name__ == "__main__":
    main()
