"""Two small waves with known types and the files of their runs, the second beside the first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from swvtypes.workflow import RunOptions, run_wave

QUICK = RunOptions(quick=True, jobs=1, language="en")
THEMES = ("first", "second")
CODEBOOK = """\
schema_version = 1
id = "small"
title = { nl = "Kleine golf", en = "Small wave" }
year = YEAR
sectors = [
  { id = "po", label = { nl = "primair", en = "primary" }, population = 90 },
  { id = "vo", label = { nl = "voortgezet", en = "secondary" }, population = 80 },
]
themes = [
  { id = "first", label = { nl = "eerste", en = "first" } },
  { id = "second", label = { nl = "tweede", en = "second" } },
  { id = "place", label = { nl = "sturing", en = "steering" } },
]
answers = [{ id = "line", label = { nl = "lijn", en = "line" }, categories = [
  { code = 1, label = { nl = "decentraal", en = "decentral" } },
  { code = 2, label = { nl = "midden", en = "middle" } },
  { code = 3, label = { nl = "centraal", en = "central" } },
] }]
VARIABLES
[[variables]]
id = "steering"
label = { nl = "plek", en = "place" }
type = "ordinal"
answers = "line"
theme = "place"
role = "passive"
[[variables]]
id = "boards"
label = { nl = "besturen", en = "boards" }
type = "count"
origin = "register"
role = "passive"
"""
TABLES = """\
schema_version = 1
id = "own"
codebook = "small"
title = { nl = "Eigen", en = "Own" }
chapters = [{ id = "2", label = { nl = "Hoofdstuk 2", en = "Chapter 2" } }]
[[tables]]
locator = "Tabel 1"
chapter = "2"
kind = "distribution"
title = { nl = "Plek", en = "Place on the line" }
variable = "steering"
columns = [{ measure = "percent" }]
rows = [{ no = 1, codes = [1] }, { no = 2, codes = [2] }, { no = 3, codes = [3] }]
"""


def write_run(folder: Path, year: int, seed: int, more: str = "") -> Path:
    """Write wave, codebook, register, tables and run file; give the run file."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(7)
    n = 100
    kind, ids = rng.integers(2, size=n), [f"SYN-{i:03d}" for i in range(n)]
    rng = np.random.default_rng(seed)
    kind = np.where(rng.random(n) < 0.1, 1 - kind, kind)
    columns: dict[str, object] = {
        "organisation": ids, "sector": ["po", "vo"] * (n // 2), "synthetic": ["true"] * n,
    }  # fmt: skip
    names = [f"{theme}_{j}" for theme in THEMES for j in range(4)]
    for theme in THEMES:
        inside = np.where(rng.random(n) < 0.97, kind, 1 - kind)
        for j in range(4):
            columns[f"{theme}_{j}"] = (rng.random(n) < np.where(inside, 0.92, 0.1)).astype(int)
    columns["steering"] = np.clip(1 + kind + rng.integers(0, 2, size=n), 1, 3)
    pd.DataFrame(columns).to_csv(folder / "wave.csv", index=False)
    register = {"organisation": ids, "year": year, "boards": rng.integers(1, 40, size=n)}
    pd.DataFrame(register).to_csv(folder / "register.csv", index=False)
    variables = "\n".join(
        f'[[variables]]\nid = "{v}"\nlabel = {{ nl = "{v}", en = "{v}" }}\ntype = "binary"\n'
        f'theme = "{v.split("_")[0]}"'
        for v in names
    )
    book = CODEBOOK.replace("YEAR", str(year)).replace("VARIABLES", variables)
    (folder / "codebook.toml").write_text(book)
    (folder / "tables.toml").write_text(TABLES)
    (folder / "run.toml").write_text(
        'schema_version = 1\nwave = "wave.csv"\ncodebook = "codebook.toml"\nlanguage = "en"\n'
        f'register = "register.csv"\ntables = "tables.toml"\nname = "wave {year}"\n{more}'
        "[steering]\ncuts = [1, 2]\n"
        "[typology]\nn_init = 4\nmax_classes = 2\nmax_types = 2\n"
    )
    return folder / "run.toml"


def two_runs(folder: Path) -> Path:
    """Run both waves; give the folder of the second, whose results stand in ``results``."""
    run_wave(write_run(folder / "then", 2024, 1), QUICK)
    more = 'earlier_runs = ["../then/results"]\nprevious = "../then/results"\n'
    run_wave(write_run(folder / "now", 2026, 2, more), QUICK)
    return folder / "now"
