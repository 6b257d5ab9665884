"""Test every Python of the metadata, and the oldest and the newest set of dependencies.

    python .ci/versions.py                 # every interpreter found, constraints, oldest, newest
    python .ci/versions.py --only oldest   # one of them

An environment each is made in a scratch folder, the package is installed from this checkout, and
the tests run that are not slow. The outcome is stored in benchmarks/results/versions.json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "versions.json"
WATCHED = ("numpy", "pandas", "scipy", "scikit-learn", "pydantic", "matplotlib", "pyreadstat")
# Only what runs tests; libraries that the package itself uses stand at their lower bounds.
TEST_TOOLS = ("dev", "docs")


def pythons() -> list[str]:
    """Return the versions that the metadata claims."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = (re.fullmatch(r".*Python :: (3\.\d+)", line) for line in project["classifiers"])
    return [match[1] for match in found if match]


def lower_bounds() -> list[str]:
    """Return each library that the package uses, at the lowest version that it allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = list(project["dependencies"])
    for extra, names in project["optional-dependencies"].items():
        if extra not in TEST_TOOLS:
            asked += names
    bounds = (re.fullmatch(r"([A-Za-z0-9-]+)(?:\[[a-z]+\])?>=([0-9.]+)", name) for name in asked)
    return [f"{match[1]}=={match[2]}" for match in bounds if match]


def settings() -> dict[str, tuple[str, str]]:
    """Return, by the name of a setting, its Python and its set of dependencies."""
    listed = {f"python {version}": (version, "constraints") for version in pythons()}
    return listed | {
        "oldest": (pythons()[0], "oldest"),
        "newest": (pythons()[-1], "newest"),
    }


def interpreter(version: str) -> str | None:
    """Return a program of that version, where one is installed."""
    homes = os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))
    installed = sorted(Path(homes).glob(f"versions/{version}.*/bin/python"))
    return str(installed[-1]) if installed else shutil.which(f"python{version}")


def install(python: Path, dependencies: str, folder: Path) -> None:
    """Install the package with its test tools into an environment."""
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if dependencies == "constraints":
        pip += ["-c", str(ROOT / "constraints.txt")]
    if dependencies == "newest":
        pip += ["--upgrade"]
    if dependencies == "oldest":
        bounds = folder / "lower_bounds.txt"
        bounds.write_text("\n".join(lower_bounds()) + "\n", encoding="utf-8")
        pip += ["-c", str(bounds)]
    subprocess.run([*pip, f"{ROOT}[dev]"], check=True, env=_quiet())


def _quiet() -> dict[str, str]:
    return os.environ | {"PIP_NO_WARN_SCRIPT_LOCATION": "1"}


def test(name: str, version: str, dependencies: str, arguments: list[str]) -> dict[str, object]:
    """Make the environment, run the tests, and say what came."""
    program = interpreter(version)
    if program is None:
        return {"python": version, "dependencies": dependencies, "outcome": "no such interpreter"}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run([program, "-m", "venv", str(folder / "environment")], check=True)
        python = folder / "environment" / "bin" / "python"
        install(python, dependencies, folder)
        began = time.monotonic()
        finished = subprocess.run(
            [str(python), "-m", "pytest", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        print(finished.stdout[-6000:], finished.stderr[-2000:], sep="\n")
        return {
            "python": _said(python, "import platform; print(platform.python_version())"),
            "dependencies": dependencies,
            "versions": _versions(python),
            "outcome": "passed" if finished.returncode == 0 else "failed",
            "tests": finished.stdout.strip().splitlines()[-1],
            "minutes": round((time.monotonic() - began) / 60, 1),
        }


def _said(python: Path, code: str) -> str:
    return subprocess.run(
        [str(python), "-c", code], capture_output=True, text=True, check=False
    ).stdout.strip()


def _versions(python: Path) -> dict[str, str]:
    code = "import sys, importlib.metadata as m; print(*(m.version(n) for n in sys.argv[1:]))"
    said = subprocess.run(
        [str(python), "-c", code, *WATCHED], capture_output=True, text=True, check=False
    )
    return dict(zip(WATCHED, said.stdout.split(), strict=False))


def main() -> int:
    """Run the settings asked for; a failing one makes the status 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=sorted(settings()), action="append")
    parser.add_argument("pytest", nargs="*", default=["-n", "auto", "-m", "not slow"])
    asked = parser.parse_args()
    stored = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    failed = False
    for name, (version, dependencies) in settings().items():
        if asked.only and name not in asked.only:
            continue
        print(f"== {name}", flush=True)
        stored[name] = test(name, version, dependencies, asked.pytest)
        failed |= stored[name]["outcome"] != "passed"
        unfinished = RESULT.with_suffix(".part")
        unfinished.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(RESULT)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
