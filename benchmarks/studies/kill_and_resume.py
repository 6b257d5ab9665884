"""Kill runs at random moments and start them again: the same CSVs as a run left in peace.

    python benchmarks/studies/kill_and_resume.py [--kills 30] [--seed 1]

A small wave with two themes goes through the whole of ``swvtypes run``. Each trial starts a run in
an empty folder, sends it SIGKILL at a moment drawn evenly over the time that an undisturbed run
takes, looks for half-written files among those that can be seen, starts it again, and holds every
CSV against those of the undisturbed run. A trial is killed once, twice or three times in a row;
only kills of a run that was not yet complete count.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

RESULT = Path(__file__).parents[1] / "results" / "kill_and_resume.json"
CODEBOOK = """\
schema_version = 1
id = "small"
title = { nl = "Klein", en = "Small" }
year = 2026
sectors = [{ id = "po", label = { nl = "primair", en = "primary" }, population = 77 }]
themes = [
  { id = "first", label = { nl = "eerste", en = "first" } },
  { id = "second", label = { nl = "tweede", en = "second" } },
]
"""


def small_wave(folder: Path, n: int = 50) -> Path:
    """Write a wave with two related themes, its codebook and a run file; gives the run file."""
    rng = np.random.default_rng(2026)
    kind = rng.integers(2, size=n)
    columns = {"organisation": [f"SYN-{i:03d}" for i in range(n)], "sector": ["po"] * n,
               "synthetic": ["true"] * n}  # fmt: skip
    variables = []
    for theme in ("first", "second"):
        inside = np.where(rng.random(n) < 0.95, kind, 1 - kind)
        for item in range(3):
            name = f"{theme}_{item}"
            answers = rng.random(n) < np.where(inside, 0.92, 0.1)
            columns[name] = answers.astype(int).tolist()
            variables.append(
                f'[[variables]]\nid = "{name}"\nlabel = {{ nl = "{name}", en = "{name}" }}\n'
                f'type = "binary"\ntheme = "{theme}"\n'
            )
    rows = [
        ",".join(columns),
        *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True)),
    ]
    (folder / "wave.csv").write_text("\n".join(rows) + "\n")
    (folder / "codebook.toml").write_text(CODEBOOK + "\n".join(variables))
    (folder / "run.toml").write_text(
        'schema_version = 1\nwave = "wave.csv"\ncodebook = "codebook.toml"\nlanguage = "en"\n'
        "[typology]\nn_init = 4\nmax_classes = 2\nmax_types = 2\nn_boot = 19\nboot_n_init = 1\n"
    )
    return folder / "run.toml"


def start(run_file: Path, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "swvtypes", "run", str(run_file), "--jobs", "1", *options],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def csvs(results: Path) -> dict[str, str]:
    """Digest of every CSV file and of the manifest, by its place."""
    files = [*sorted(results.rglob("*.csv")), results / "manifest.json"]
    return {
        str(path.relative_to(results)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def half_files(results: Path) -> list[str]:
    """Files in places that can be seen which no receipt vouches for, byte by byte."""
    found = []
    for step in results.iterdir() if results.is_dir() else ():
        if step.name.startswith("."):
            continue
        if step.name == "manifest.json":
            continue
        receipt = json.loads((step / "receipt.json").read_text())
        for path in step.iterdir():
            if path.name == "receipt.json":
                continue
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if receipt["files"].get(path.name) != digest:
                found.append(f"{step.name}/{path.name}")
    return found


def trial(source: Path, folder: Path, moments: list[float], options: tuple[str, ...]) -> dict:
    """Kill a run at these moments (in seconds from its start), then let it end."""
    shutil.copytree(source, folder)
    half: list[str] = []
    killed = 0
    finished_steps = []
    for moment in moments:
        process = start(folder / "run.toml", *options)
        time.sleep(moment)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        under_way = not (folder / "results" / "manifest.json").exists()
        killed += process.returncode == -signal.SIGKILL and under_way
        half += half_files(folder / "results")
        kept = [p.name for p in (folder / "results").glob("*/receipt.json")] \
            if (folder / "results").is_dir() else []  # fmt: skip
        finished_steps.append(len(kept))
    process = start(folder / "run.toml", *options)
    _, said = process.communicate()
    made = csvs(folder / "results") if process.returncode == 0 else {}
    return {"killed": killed, "half": half, "steps_finished": finished_steps,
            "status": process.returncode, "said": said.decode()[-300:], "csvs": made}  # fmt: skip


def study(kills: int, seed: int, options: tuple[str, ...] = ()) -> dict:
    """Run the trials; gives how many ended in the same bytes."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as home:
        base = Path(home)
        (base / "source").mkdir()
        small_wave(base / "source")
        began = time.monotonic()
        whole = trial(base / "source", base / "whole", [], options)
        took = time.monotonic() - began
        assert whole["status"] == 0, whole["said"]
        done = same = half = 0
        moments_of, steps = [], []
        number = 0
        while done < kills:
            wanted = min(1 + number % 3, kills - done)  # later starts have less left to do
            moments = [
                float(m)
                for m in rng.uniform(0.05, 1.0, size=wanted) * took / np.arange(1, wanted + 1)
            ]
            found = trial(base / "source", base / f"trial_{number}", moments, options)
            number += 1
            if not found["killed"]:
                continue
            done += found["killed"]
            same += found["killed"] if found["csvs"] == whole["csvs"] else 0
            half += len(found["half"])
            moments_of += [round(m, 2) for m in moments]
            steps += found["steps_finished"]
            shutil.rmtree(base / f"trial_{number - 1}")
    return {
        "kills": done,
        "identical": same,
        "half_files_seen": half,
        "csv_files": len(whole["csvs"]) - 1,
        "seconds_undisturbed": round(took, 1),
        "moments": moments_of,
        "steps_finished_at_the_kill": steps,
        "options": list(options),
        "seed": seed,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    quick = study(asked.kills * 2 // 3, asked.seed, ("--quick",))
    whole = study(asked.kills - asked.kills * 2 // 3, asked.seed + 1)
    result = {"quick": quick, "bootstrap": whole,
              "minutes": round((time.monotonic() - began) / 60, 1)}  # fmt: skip
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
