"""Waves that ship with the package, and the speed of reading."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from survey_samples import answer_list, codebook_text, label, raw_codebook, valid_rows, write_csv

from swvtypes import resources
from swvtypes.errors import CodebookError, OptionError, ResourceError, WaveError
from swvtypes.survey import Codebook, Wave, available_seeds, load_wave, read_wave


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one wave in two versions, the second with register figures."""
    root = tmp_path / "data"
    (root / "codebooks").mkdir(parents=True)
    folder = root / "waves" / "sample"
    folder.mkdir(parents=True)
    (root / "codebooks" / "sample.toml").write_text(codebook_text(raw_codebook()))
    for seed in (1, 2):
        write_csv(folder / f"seed_{seed:02d}.csv", valid_rows(random.Random(seed)))
    register = pd.DataFrame({"organisation": ["PO01"], "year": [2016], "boards": [5]})
    register.to_csv(folder / "register_02.csv", index=False)
    (folder / "notes.csv").write_text("x")
    monkeypatch.setattr(resources, "_INSTALLED", root)
    return root


def test_load_wave(data: Path) -> None:
    assert available_seeds("sample") == (1, 2)
    wave = load_wave("sample")
    assert (wave.name, wave.provenance["source"]) == ("sample", "seed_01.csv")
    assert "boards" not in wave.frame
    second = load_wave("sample", seed=2)
    assert second.frame["boards"].dropna().to_dict() == {"PO01": 5}
    assert second.provenance["register"] == "register_02.csv (2016)"
    assert second.codebook is wave.codebook


def test_a_changed_codebook_is_read_again(data: Path) -> None:
    load_wave("sample")
    raw = raw_codebook() | {"year": 1999}
    (data / "codebooks" / "sample.toml").write_text(codebook_text(raw) + "\n")
    assert load_wave("sample").year == 1999


def test_absent_waves(data: Path) -> None:
    for call in (available_seeds, load_wave):
        with pytest.raises(ResourceError, match=r"wave '\.\./x': expected one of 'sample'"):
            call("../x")
    with pytest.raises(ResourceError, match="wave 'sample': expected a seed out of 1, 2, got 3"):
        load_wave("sample", seed=3)
    (data / "codebooks" / "sample.toml").unlink()
    with pytest.raises(ResourceError, match=r"expected codebooks/sample\.toml"):
        load_wave("sample")


@pytest.mark.parametrize("seed", [1.0, True, "1", None, np.float64(1), np.True_])
def test_a_seed_that_is_no_whole_number(data: Path, seed: Any) -> None:
    with pytest.raises(OptionError) as caught:
        load_wave("sample", seed=seed)
    assert str(caught.value) == f"seed: expected a whole number such as 1, got {seed!r}"


def test_a_seed_of_numpy(data: Path) -> None:
    wave = load_wave("sample", seed=2)
    assert load_wave("sample", seed=np.int64(2)).frame.equals(wave.frame)  # type: ignore[arg-type]


def test_no_wave_ships(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    monkeypatch.setattr(resources, "_INSTALLED", bare)
    with pytest.raises(ResourceError, match=r"expected one of none \(no wave ships\)"):
        load_wave("sample")


def test_read_wave_with_the_path_of_a_codebook(data: Path, codebook: Codebook) -> None:
    path = data / "waves" / "sample" / "seed_01.csv"
    wave = read_wave(path, data / "codebooks" / "sample.toml", name="mine", year=2017)
    assert isinstance(wave, Wave)
    assert (wave.name, wave.year, wave.codebook) == ("mine", 2017, codebook)
    assert read_wave(str(path), codebook).name == "seed_01"
    with pytest.raises(CodebookError):
        read_wave(path, path)
    with pytest.raises(WaveError):
        read_wave(data / "codebooks" / "sample.toml", codebook)


def test_a_wave_of_65_by_180_loads_in_a_tenth_of_a_second(tmp_path: Path) -> None:
    raw = raw_codebook()
    for kind in ("scales", "sets", "compositions", "themes", "batteries"):
        raw[kind] = []
    raw["answers"] = [answer_list("agreement", [1, 2, 3, 4, 5])]
    names = [f"item_{n}" for n in range(180)]
    entry = {"type": "ordinal", "answers": "agreement", "missing": ["dont_know"]}
    raw["variables"] = [{"id": name, "label": label(name), **entry} for name in names]
    raw["sectors"][0]["population"] = 77
    book = Codebook.parse(codebook_text(raw))
    rng = random.Random(1)
    rows = [
        {"organisation": f"P{n}", "sector": "po"}
        | {name: rng.choice(["1", "2", "3", "4", "5", "99", ""]) for name in names}
        for n in range(65)
    ]
    path = write_csv(tmp_path / "large.csv", rows)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        wave = read_wave(path, book)
        took.append(time.perf_counter() - start)
    assert wave.frame.shape == (65, 181)
    assert min(took) < 0.1
