"""Starters: three commands from an SPSS file to a run, and every guess marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, RunError, WaveError
from swvtypes.survey import Codebook, ItemCrosswalk, load_wave, write_wave
from swvtypes.workflow import read_inputs
from swvtypes.workflow.starting import make_starter, write_starter


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    write_wave(load_wave("monitor_2016", seed=1), folder / "wave.sav")
    starter = make_starter(folder / "new", folder / "wave.sav", "monitor_2016")
    assert starter.faults == ()
    write_starter(folder / "new", starter)
    return folder / "new"


def test_a_rebuilt_wave_is_started_without_an_edit(started: Path) -> None:
    inputs = read_inputs(started / "run.toml")
    shipped = load_wave("monitor_2016", seed=1)
    pd.testing.assert_frame_equal(inputs.wave.frame, shipped.frame)
    pd.testing.assert_frame_equal(inputs.wave.reasons, shipped.reasons)
    for name, variable in shipped.codebook.variables.items():
        mine = inputs.wave.codebook.variable(name)
        kept = variable.model_copy(update={"optional": False})
        assert mine == kept
    assert inputs.crosswalk is not None
    common = inputs.crosswalk.common("monitor_2016", "wave")
    assert set(common["comparability"]) == {"same"}


def test_every_key_taken_from_the_last_wave_is_marked(started: Path) -> None:
    for line in (started / "codebook.toml").read_text().splitlines():
        if line.startswith(("theme =", "scale =", "gate =", "type =", "year =", "population =")):
            assert "# GUESS: " in line, line
    assert "GUESS:" in (started / "crosswalk.csv").read_text()


def test_nothing_is_overwritten(started: Path) -> None:
    before = {p.name: p.read_bytes() for p in started.iterdir()}
    starter = make_starter(started, None, "monitor_2016")
    with pytest.raises(InputError) as caught:
        write_starter(started, starter)
    assert len(caught.value.faults) == 3
    assert "codebook.toml: is there already and is not overwritten" in caught.value.faults
    assert {p.name: p.read_bytes() for p in started.iterdir()} == before


def test_an_unknown_file_speaks_for_itself(tmp_path: Path) -> None:
    import pyreadstat

    rng = np.random.default_rng(3)
    n = 20
    frame = pd.DataFrame(
        {
            "organisation": [f"A{i}" for i in range(n)],
            "sector": ["po"] * n,
            "Q1.a": rng.choice([1.0, 2.0, 3.0, 99.0], n),
            "Q1.b": rng.choice([1.0, 2.0, 3.0, np.nan], n),
            "Q1.c": rng.choice([1.0, 2.0, 3.0, 4.0], n),
            "pupils": np.round(rng.normal(5.0, 9.0, n), 2),
            "remark": ["=1+1"] * n,
        }
    )
    texts = {1: "oneens", 2: 'neu"traal\\', 3: "eens", 99: "weet niet"}
    pyreadstat.write_sav(
        frame, str(tmp_path / "peiling 2031.sav"),
        column_labels={"Q1.a": "Doelen\x07 gedeeld"},
        variable_value_labels={f"Q1.{x}": texts for x in "abc"},
        missing_ranges={"Q1.a": [99]},
    )  # fmt: skip
    starter = make_starter(tmp_path / "new", tmp_path / "peiling 2031.sav", "monitor_2016")
    assert starter.faults == ()
    write_starter(tmp_path / "new", starter)
    book = Codebook.load(tmp_path / "new" / "codebook.toml")
    assert book.year == 2031
    assert set(book.variables) == {"q1_a", "q1_b", "q1_c", "pupils"}
    assert book.variable("q1_a").label.nl == "Doelen gedeeld"
    assert [c.label.nl for c in book.categories("q1_a")] == ["oneens", 'neu"traal\\', "eens"]
    assert [c.label.nl for c in book.categories("q1_c")][-1] == "code 4"
    assert {r.label.nl for r in book.reason_codes("q1_b").values()} == {"weet niet"}
    assert book.variable("pupils").type == "continuous"
    assert book.theme("theme_q1") == ("q1_a", "q1_b", "q1_c")
    inputs = read_inputs(tmp_path / "new" / "run.toml")
    assert inputs.file.leave_out == ("remark",)
    expected = frame["Q1.b"].astype("Int64").to_numpy(dtype=float, na_value=np.nan)
    found = inputs.wave.column("q1_b").to_numpy(dtype=float, na_value=np.nan)
    np.testing.assert_array_equal(found, expected)
    read = ItemCrosswalk.read(tmp_path / "new" / "crosswalk.csv")
    assert "q1_a" in read.common("monitor_2016", "peiling 2031").index


def test_dates_are_left_out_and_a_label_cut_off_says_so(tmp_path: Path) -> None:
    import pyreadstat

    frame = pd.DataFrame(
        {
            "organisation": ["A", "B"], "sector": ["po", "po"], "asked": [1.0, 2.0],
            "filled_in": [pd.Timestamp("2026-03-05"), None],
        }
    )  # fmt: skip
    path = tmp_path / "wave_2026.sav"
    pyreadstat.write_sav(frame, str(path), column_labels={"asked": "a" * 201, "filled_in": "Datum"})
    starter = make_starter(tmp_path / "new", path, "monitor_2016")
    assert starter.faults == ()
    codebook = starter.texts["codebook.toml"]
    assert "# GUESS: cut off after 200 signs; shorten and translate it" in codebook
    assert set(Codebook.parse(codebook).variables) == {"asked"}
    assert "columns with texts or dates are not read" in starter.texts["run.toml"]
    assert 'leave_out = ["filled_in"]' in starter.texts["run.toml"]


def test_a_starter_without_a_file_is_an_example_that_parses(tmp_path: Path) -> None:
    starter = make_starter(tmp_path, None, "monitor_2016")
    assert Codebook.parse(starter.texts["codebook.toml"]).id == "my_wave"


def test_faults_of_the_inputs(tmp_path: Path) -> None:
    (tmp_path / "bad.sav").write_bytes(b"$FL2 no")
    with pytest.raises(WaveError, match=r"no valid \.sav file"):
        make_starter(tmp_path, tmp_path / "bad.sav", "monitor_2016")
    with pytest.raises(RunError, match="last wave"):
        make_starter(tmp_path, None, "monitor_1999")
    with pytest.raises(RunError, match="complete run"):
        make_starter(tmp_path, None, str(tmp_path))


def test_declared_multiple_response_sets_become_sets(tmp_path: Path) -> None:
    import struct

    import pyreadstat

    frame = pd.DataFrame(
        {
            "organisation": list("abcd"),
            "sector": ["po"] * 4,
            "s1": [0.0, 1.0, 0.0, 1.0],
            "s2": [1.0, 1.0, 0.0, 0.0],
        }
    )
    path = tmp_path / "sets_2026.sav"
    pyreadstat.write_sav(frame, str(path))
    content, sets = path.read_bytes(), b"$help=D1 1 4 Hulp s1 s2\n"
    end = content.index(struct.pack("<ii", 999, 0))
    record = struct.pack("<iiii", 7, 7, 1, len(sets)) + sets
    path.write_bytes(content[:end] + record + content[end:])
    starter = make_starter(tmp_path / "new", path, "monitor_2016")
    assert starter.faults == ()
    book = Codebook.parse(starter.texts["codebook.toml"])
    assert book.sets["help"].label.nl == "Hulp"
    assert book.members("help") == ("s1", "s2")


def test_a_starter_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    from swvtypes.workflow import starting

    starter = make_starter(tmp_path, None, "monitor_2016")
    write = starting.atomic_write

    def full(path: Path) -> object:
        if path.name == "run.toml":
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path)

    monkeypatch.setattr(starting, "atomic_write", full)
    with pytest.raises(OSError, match="No space left"):
        write_starter(tmp_path, starter)
    assert list(tmp_path.iterdir()) == []
