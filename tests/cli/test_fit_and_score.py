"""``swvtypes fit`` and ``swvtypes score`` as a user meets them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

VARIABLES = [f"{theme}_{j}" for theme in ("care", "rules") for j in range(1, 6)]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swvtypes", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def codebook_text() -> str:
    lines = [
        "schema_version = 1",
        'id = "toy"',
        'title = {nl = "Proef", en = "Toy"}',
        "year = 2020",
        "sectors = [",
        '  {id = "po", label = {nl = "primair", en = "primary"}, population = 110},',
        "]",
        "themes = [",
        '  {id = "care", label = {nl = "zorg", en = "care"}},',
        '  {id = "rules", label = {nl = "regels", en = "rules"}},',
        "]",
        "variables = [",
    ]
    for name in VARIABLES:
        theme = name.split("_")[0]
        label = f'{{nl = "{name} nl", en = "{name} en"}}'
        lines.append(
            f'  {{id = "{name}", label = {label}, type = "binary", theme = "{theme}", '
            "optional = true},"
        )
    return "\n".join([*lines, "]", ""])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy")
    rng = np.random.default_rng(1)
    kind = rng.integers(2, size=100)
    columns: dict[str, object] = {
        "organisation": [f"A{i:03d}" for i in range(100)],
        "sector": "po",
    }
    for theme in ("care", "rules"):
        inside = np.where(rng.random(100) < 0.93, kind, 1 - kind)
        for j in range(1, 6):
            yes = np.where(inside == 0, 0.9, 0.12)
            columns[f"{theme}_{j}"] = (rng.random(100) < yes).astype(int)
    pd.DataFrame(columns).to_csv(folder / "wave.csv", index=False)
    (folder / "codebook.toml").write_text(codebook_text(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def fitted(files: Path) -> subprocess.CompletedProcess[str]:
    return command(
        "fit", str(files / "wave.csv"), "--codebook", str(files / "codebook.toml"),
        "--out", str(files / "out"), "--quick", "--jobs", "1", "--language", "en",
    )  # fmt: skip


def test_fit_writes_the_typology_and_what_it_says(
    files: Path, fitted: subprocess.CompletedProcess[str]
) -> None:
    assert fitted.returncode == 0, fitted.stderr
    out = files / "out"
    names = {"typology.json", "membership.csv", "selection.csv", "routes.csv", "description.txt"}
    assert {p.name for p in out.iterdir()} == names
    members = pd.read_csv(out / "membership.csv")
    assert list(members.columns[:4]) == ["organisation", "sector", "modal", "name"]
    assert members["modal"].isin(["po 1", "po 2"]).all()
    np.testing.assert_allclose(members[["po 1", "po 2"]].sum(axis=1), 1.0)
    routes = pd.read_csv(out / "routes.csv")
    assert routes["route"].tolist() == ["one_class_analysis", "two_step", "one_step"]
    assert set(pd.read_csv(out / "selection.csv")["theme"]) == {"care", "rules"}
    text = (out / "description.txt").read_text(encoding="utf-8")
    assert "2 types: the classes of the 2 themes are associated" in text
    assert text in fitted.stdout


def test_score_with_and_without_a_codebook(
    files: Path, fitted: subprocess.CompletedProcess[str]
) -> None:
    assert fitted.returncode == 0, fitted.stderr
    fewer = pd.read_csv(files / "wave.csv").drop(columns=["care_1", "rules_2"])
    fewer.to_csv(files / "fewer.csv", index=False)
    found = []
    for extra in ((), ("--codebook", str(files / "codebook.toml"))):
        out = files / f"scored{len(extra)}"
        done = command(
            "score", str(files / "out" / "typology.json"), str(files / "fewer.csv"),
            "--out", str(out), *extra,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "of the information; expected agreement with all items" in done.stdout
        assert pd.read_csv(out / "information.csv")["dropped"].tolist() == ["care_1, rules_2"]
        found.append(pd.read_csv(out / "membership.csv"))
    pd.testing.assert_frame_equal(found[0], found[1])


@pytest.mark.parametrize("bad", ["answers", "language", "typology"])
def test_bad_input_is_one_line_a_fault_and_writes_nothing(files: Path, bad: str) -> None:
    out = files / f"bad_{bad}"
    codebook = ("--codebook", str(files / "codebook.toml"), "--out", str(out))
    if bad == "answers":
        broken = pd.read_csv(files / "wave.csv")
        broken.loc[[2, 5], "care_1"] = 7
        broken.to_csv(files / "broken.csv", index=False)
        done = command("fit", str(files / "broken.csv"), *codebook)
        faults = 2
    elif bad == "language":
        done = command("fit", str(files / "wave.csv"), *codebook, "--language", "fr")
        faults = 1
    else:
        (files / "broken.json").write_text('{"format": "other"}')
        done = command("score", str(files / "broken.json"), str(files / "wave.csv"), *codebook)
        faults = len(done.stderr.splitlines())
        assert faults > 3
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == faults, done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
