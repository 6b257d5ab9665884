"""Two small waves with known types, and typologies of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import swvtypes as sw

THEMES = ("care", "rules")
N = 120


def variables(per_theme: int = 5) -> list[str]:
    return [f"{theme}_{j}" for theme in THEMES for j in range(1, per_theme + 1)]


def codebook(name: str, year: int, names: list[str]) -> str:
    lines = [
        "schema_version = 1", f'id = "{name}"', 'title = {nl = "Proef", en = "Toy"}',
        f"year = {year}",
        'sectors = [{id = "po", label = {nl = "primair", en = "primary"}, population = 130}]',
        "themes = [",
        *(f'  {{id = "{t}", label = {{nl = "{t}", en = "{t}"}}}},' for t in THEMES),
        "]", "variables = [",
    ]  # fmt: skip
    for v in names:
        label = f'{{nl = "{v} nl", en = "{v} en"}}'
        lines.append(
            f'  {{id = "{v}", label = {label}, type = "binary", theme = "{v.split("_")[0]}", '
            "optional = true},"
        )
    steering = '{nl = "plek", en = "position"}'
    lines.append(f'  {{id = "steering", label = {steering}, type = "count", optional = true}},')
    return "\n".join([*lines, "]", ""])


def answers(kind: np.ndarray, names: list[str], seed: int, yes: float = 0.9) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    columns: dict[str, object] = {
        "organisation": [f"A{i:03d}" for i in range(len(kind))], "sector": "po",
    }  # fmt: skip
    for theme in THEMES:
        inside = np.where(rng.random(len(kind)) < 0.95, kind, 1 - kind)
        for v in names:
            if v.startswith(theme):
                columns[v] = (rng.random(len(kind)) < np.where(inside == 0, yes, 0.1)).astype(int)
    columns["steering"] = np.clip(rng.binomial(10, np.where(kind == 0, 0.7, 0.4)), 1, 10)
    return pd.DataFrame(columns)


def write_wave(folder: Path, name: str, year: int, frame: pd.DataFrame) -> sw.Wave:
    names = [c for c in frame.columns if c.startswith(THEMES)]
    (folder / f"{name}.toml").write_text(codebook(name, year, names), encoding="utf-8")
    frame.to_csv(folder / f"{name}.csv", index=False)
    return sw.read_wave(folder / f"{name}.csv", codebook=folder / f"{name}.toml")


def kinds(moved: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first = (np.arange(N) >= 0.6 * N).astype(int)
    second = np.where(rng.random(N) < moved, 1 - first, first)
    return first, second


def typed(wave: sw.Wave) -> sw.Typology:
    return sw.Typology(random_state=1, quick=True, n_init=10, max_classes=2).fit(wave)
