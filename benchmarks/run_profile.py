"""Where the time of a whole run goes, and how the tree compares with an older one.

    python -m benchmarks.run_profile [--before FOLDER] [--boot 99] [--repeats 3] [--store]

Three waves of 137 organisations are drawn by the library as .sav files; the third is run beside the
results of the first two, quick and with the bootstrap, in processes of one thread. With `--before`,
another checkout (for example ``git archive REVISION | tar -x -C FOLDER``) runs the same files in
turn with this one: processor seconds of every step, medians and ratios, and the CSV files that
differ (none should). Where py-spy is installed (``pip install py-spy``, or its place in
`--py-spy`), a run of each kind is sampled down to the functions of the compiled libraries: shares
by room of the package and by kind of work. Without it the profile is left out.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.growth import LINEAR_ALGEBRA

ROOT = Path(__file__).resolve().parents[1]
STORE = ROOT / "benchmarks" / "results" / "profile.json"
YEARS = (2022, 2024, 2026)
DRIVER = """
import json, sys, time
began = time.process_time()
from swvtypes.workflow import RunOptions, run_wave
steps = {"import": time.process_time() - began}
last = time.process_time()
def tell(step, state, seconds):
    global last
    now = time.process_time()
    steps[step] = now - last
    last = now
run_wave(sys.argv[1], RunOptions(quick=sys.argv[2] == "quick", jobs=1), tell)
steps["all"] = time.process_time()
print(json.dumps(steps))
"""
KINDS = (
    ("matrix products and factorisations",
     r"gemm|gemv|ger_|dot|syrk|trsm|trsv|potr|getr|geev|syev|gesd|BLAS|LAPACK|matmul|einsum|lapack"),
    ("exponentials and logarithms", r"exp|log(?!ical)|gamma|erf|_sf_|pow"),
    ("other arithmetic of arrays", r"_multiarray_umath|_umath|npy|mtrand|_generator|scipy|sklearn"),
    ("drawing", r"matplotlib|ft2font|_backend_agg|PIL|_imaging"),
    ("tables", r"pandas"),
    ("imports", r"importlib|marshal|compile"),
)  # fmt: skip


def prepare(folder: Path) -> Path:
    """Write three waves, run the first two quickly, and give the run file of the third."""
    from swvtypes import load_wave
    from swvtypes.cli.entry import main as command
    from swvtypes.survey import write_wave

    last = "start_2014"
    for seed, year in enumerate(YEARS, start=1):
        data, home = folder / f"wave_{year}.sav", folder / str(year)
        write_wave(load_wave("start_2014", seed=seed), data)
        _command(command, "init", str(home), "--wave", str(data), "--last", last)
        if year != YEARS[-1]:
            _command(command, "run", str(home / "run.toml"), "--quick", "--jobs", "1")
        last = str(home / "results")
    home = folder / str(YEARS[-1])
    _three_waves(home)
    return home / "run.toml"


def _command(command: Any, *arguments: str) -> None:
    kept = sys.argv
    sys.argv = ["swvtypes", *arguments]
    try:
        command()
    except SystemExit as end:
        if end.code:
            raise
    finally:
        sys.argv = kept


def _three_waves(home: Path) -> None:
    """Put the first wave beside the second in the starter's crosswalk and run file."""
    path = home / "crosswalk.csv"
    first, second = (f"wave_{year}," for year in YEARS[:2])
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    old = [row for row in rows if row.startswith(second)]
    again = [row.replace(second, first, 1) for row in old]
    rows = [row.replace(",new,", ",same,", 1) if row in old else row for row in rows]
    path.write_text("\n".join([head, *again, *rows]) + "\n", encoding="utf-8")
    run = home / "run.toml"
    text = re.sub(
        r"(?m)^earlier_runs = .*$",
        f'earlier_runs = ["../{YEARS[0]}/results", "../{YEARS[1]}/results"]',
        run.read_text(encoding="utf-8"),
    )
    run.write_text(text, encoding="utf-8")


def environment(checkout: Path) -> dict[str, str]:
    """Give an environment in which the package of a checkout is imported, with one thread."""
    return {**os.environ, "PYTHONPATH": str(checkout), **dict.fromkeys(LINEAR_ALGEBRA, "1")}


def run_once(checkout: Path, run_file: Path, kind: str) -> dict[str, float]:
    """Run the wave in a process of its own, from the start; gives processor seconds by step."""
    shutil.rmtree(run_file.parent / "results", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(run_file), kind], env=environment(checkout),
        cwd=run_file.parent, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def digests(results: Path) -> dict[str, str]:
    """Give the digest of every CSV file and text of a run."""
    return {
        str(path.relative_to(results)): hashlib.sha256(path.read_bytes()).hexdigest()
        for pattern in ("*.csv", "*.txt", "*.json")
        for path in sorted(results.rglob(pattern))
        if path.name not in ("manifest.json", "receipt.json")
    }


def paired(sides: dict[str, Path], run_file: Path, kind: str, repeats: int) -> dict[str, Any]:
    """Run each checkout in turn; medians by step, ratio of the whole, and files that differ."""
    times: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    files: dict[str, dict[str, str]] = {}
    for repeat in range(repeats):
        for side in list(sides) if repeat % 2 == 0 else list(sides)[::-1]:
            times[side].append(run_once(sides[side], run_file, kind))
            files[side] = digests(run_file.parent / "results")
            print(f"{kind}, {side}: {times[side][-1]['all']:.1f} s", flush=True)
    found: dict[str, Any] = {
        side: {step: round(statistics.median(one[step] for one in runs), 3) for step in runs[0]}
        for side, runs in times.items()
    }
    if "before" in times:
        ratios = [b["all"] / a["all"] for b, a in zip(times["before"], times["after"], strict=True)]
        found["times_as_fast"] = round(statistics.median(ratios), 3)
        names = sorted({*files["before"], *files["after"]})
        found["files_that_differ"] = [
            n for n in names if files["before"].get(n) != files["after"].get(n)
        ]
        found["files_held_together"] = len(names)
    return found


def sampled(program: str, checkout: Path, run_file: Path, kind: str) -> dict[str, Any]:
    """Sample a run with py-spy; shares by room, by kind of work, and by function."""
    shutil.rmtree(run_file.parent / "results", ignore_errors=True)
    raw = run_file.parent / "samples.txt"
    subprocess.run(
        [program, "record", "--native", "--rate", "25", "--format", "raw", "--output", str(raw),
         "--", sys.executable, "-c", DRIVER, str(run_file), kind],
        env=environment(checkout), cwd=run_file.parent, capture_output=True, check=True,
    )  # fmt: skip
    return shares(raw.read_text(encoding="utf-8"))


def shares(raw: str) -> dict[str, Any]:
    """Give the shares of folded stacks: a line a stack, its frames parted by ``;`` and a count.

    Examples
    --------
    >>> text = "run (swvtypes/lca/em/rows.py:8);DOUBLE_exp (numpy/_core/_multiarray_umath.so) 3"
    >>> shares(text)["kinds"]
    {'exponentials and logarithms': 1.0}
    """
    rooms: collections.Counter[str] = collections.Counter()
    kinds: collections.Counter[str] = collections.Counter()
    functions: collections.Counter[str] = collections.Counter()
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        frames, n = stack.split(";"), int(count)
        ours = [f for f in frames if "swvtypes/" in f]
        inner = re.sub(r":\d+\)$", ")", ours[-1]) if ours else "none"
        room = re.search(r"swvtypes/([^/:)]+)", inner)
        rooms["imports" if _importing(frames) else room[1] if room else "none"] += n
        kinds[_kind(frames)] += n
        functions[inner] += n
    total = sum(rooms.values()) or 1

    def part(counter: collections.Counter[str], most: int) -> dict[str, float]:
        return {name: round(n / total, 4) for name, n in counter.most_common(most)}

    return {"samples": total, "rooms": part(rooms, 20), "kinds": part(kinds, 10),
            "functions": part(functions, 25)}  # fmt: skip


def _importing(frames: list[str]) -> bool:
    return any("importlib" in frame for frame in frames)


def _kind(frames: list[str]) -> str:
    """Say what kind of work a stack is: by its innermost frame, else by the library around it."""
    if _importing(frames):
        return "imports"
    leaf = frames[-1]
    for name, pattern in KINDS[:2]:
        if re.search(pattern, leaf) and ".py:" not in leaf:
            return name
    for frame in reversed(frames):
        if "swvtypes/" in frame:
            break
        for name, pattern in KINDS[2:5]:
            if re.search(pattern, frame):
                return name
    return "the interpreter"


def measure(
    before: Path | None,
    boot: int,
    repeats: int,
    program: str | None,
    kinds: Sequence[str] = ("quick", "bootstrap"),
) -> dict[str, Any]:
    """Run everything; see the head of this module."""
    from benchmarks import about

    folder = Path(tempfile.mkdtemp())
    try:
        run_file = prepare(folder)
        text = run_file.read_text(encoding="utf-8")
        run_file.write_text(text.replace("[typology]", f"[typology]\nn_boot = {boot}", 1), "utf-8")
        sides = {"before": before, "after": ROOT} if before else {"after": ROOT}
        found: dict[str, Any] = {"machine": about.machine(), "versions": about.versions(),
                                 "n_boot": boot, "load": os.getloadavg()[0]}  # fmt: skip
        for kind in kinds:
            times = 1 if kind == "bootstrap" else repeats
            found[kind] = paired(sides, run_file, kind, times)  # type: ignore[arg-type]
            if program:
                found[kind]["profile"] = {
                    side: sampled(program, checkout, run_file, kind)  # type: ignore[arg-type]
                    for side, checkout in sides.items()
                }
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run_profile", description=__doc__)
    parser.add_argument("--before", type=Path, help="folder of an older checkout")
    parser.add_argument("--boot", type=int, default=99, help="replicates of the bootstrap run")
    parser.add_argument("--repeats", type=int, default=3, help="of the quick run")
    parser.add_argument("--py-spy", default=shutil.which("py-spy"), help="the sampler")
    parser.add_argument("--store", action="store_true", help="keep the figures")
    parser.add_argument("--quick-only", action="store_true", help="leave the bootstrap run out")
    asked = parser.parse_args()
    kinds = ("quick",) if asked.quick_only else ("quick", "bootstrap")
    before = asked.before.resolve() if asked.before else None
    found = measure(before, asked.boot, asked.repeats, asked.py_spy, kinds)
    print(json.dumps(found, indent=1))
    if asked.store:
        from benchmarks.storing import write_json

        write_json(STORE, found)


if __name__ == "__main__":
    main()
