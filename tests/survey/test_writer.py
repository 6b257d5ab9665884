"""Writing a wave and reading it back gives the same wave."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from survey_samples import valid_rows, write_csv

from swvtypes.errors import InputError, OptionError
from swvtypes.survey import Codebook, Wave, read_wave, write_wave
from swvtypes.survey.spss import sav_bytes

SUFFIXES = ("csv", "sav", "xlsx", "parquet")


def check_round_trip(wave: Wave, path: Path) -> None:
    write_wave(wave, path)
    again = read_wave(path, wave.codebook)
    pd.testing.assert_frame_equal(again.frame, wave.frame)
    pd.testing.assert_frame_equal(again.reasons, wave.reasons)
    for mark in ("survey_weight", "synthetic"):
        first, second = getattr(wave, mark), getattr(again, mark)
        assert (first is None) == (second is None)
        if first is not None:
            pd.testing.assert_series_equal(first, second)
    for key in ("seed", "synthetic"):
        assert again.provenance[key] == wave.provenance[key]
    assert [item.name for item in path.parent.iterdir() if item.suffix == ".part"] == []


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(
    seed=st.integers(0, 10**6),
    n_po=st.integers(0, 14),
    n_vo=st.integers(1, 12),
    marks=st.sets(st.sampled_from(["synthetic", "seed", "survey_weight"])),
)
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_round_trip(
    codebook: Codebook,
    tmp_path: Path,
    suffix: str,
    seed: int,
    n_po: int,
    n_vo: int,
    marks: set[str],
) -> None:
    rows = valid_rows(random.Random(seed), n_po, n_vo)
    rows = [{name: cell for name, cell in row.items() if name not in marks} for row in rows]
    wave = read_wave(write_csv(tmp_path / "first.csv", rows), codebook)
    check_round_trip(wave, tmp_path / f"second.{suffix}")


@pytest.mark.parametrize("seed", range(4))
def test_round_trip_of_sav(codebook: Codebook, tmp_path: Path, seed: int) -> None:
    rows = valid_rows(random.Random(seed), seed, 12 - seed)
    rows[0]["organisation"] = "Één ñ " + "x" * 300
    wave = read_wave(write_csv(tmp_path / "first.csv", rows), codebook)
    check_round_trip(wave, tmp_path / "second.sav")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_register_figures_are_written_too(wave: Wave, tmp_path: Path, suffix: str) -> None:
    register = pd.DataFrame(
        {"organisation": ["PO01", "VO01"], "equalisation": [-12.345678901, 0.1], "boards": [3, 40]}
    )
    check_round_trip(wave.join_register(register), tmp_path / f"joined.{suffix}")


def test_csv_text(wave: Wave, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    write_wave(wave, path)
    content = path.read_bytes()
    header, first, *_ = content.decode().splitlines()
    assert header.startswith("organisation,sector,synthetic,seed,survey_weight,model,follow_up")
    assert first.startswith("PO01,po,true,7,")
    assert content.count(b"\n") == 20
    assert b"\r" not in content
    assert b".0," not in content
    write_wave(wave, path)
    assert path.read_bytes() == content


def test_rescaled_shares_come_back_exactly(
    rows: list[dict[str, str]], codebook: Codebook, tmp_path: Path
) -> None:
    rows[0] |= {"budget_school": "1", "budget_pupil": "1", "budget_office": "1"}
    wave = read_wave(write_csv(tmp_path / "first.csv", rows), codebook)
    assert wave.frame.loc["PO01", "budget_school"] == pytest.approx(100 / 3)
    check_round_trip(wave, tmp_path / "second.csv")


def test_sav_has_labels_and_user_missing_codes(wave: Wave, tmp_path: Path) -> None:
    import pyreadstat

    for language in ("nl", "en"):
        path = tmp_path / f"{language}.sav"
        write_wave(wave, path, language=language)
        _, meta = pyreadstat.read_sav(str(path), user_missing=True)
        assert meta.column_names_to_labels["model"] == f"model ({language})"
        assert meta.variable_value_labels["model"][99] == f"don't know ({language})"
        assert meta.missing_ranges["model"] == [{"lo": 99.0, "hi": 99.0}]


@pytest.mark.parametrize(
    ("codes", "held"),
    [
        ([97, 98, 99], [{"lo": c, "hi": c} for c in (97, 98, 99)]),
        ([96, 97, 98, 99], [{"lo": 96, "hi": 99}]),
        ([-1, 96, 97, 98, 99], [{"lo": 96, "hi": 99}, {"lo": -1, "hi": -1}]),
        ([-9, -8, -7, 9], [{"lo": -9, "hi": -7}, {"lo": 9, "hi": 9}]),
    ],
)
def test_no_user_missing_code_is_dropped(
    codes: list[int], held: list[dict[str, int]], tmp_path: Path
) -> None:
    import pyreadstat

    labels = {"q": {code: str(code) for code in (1, 2, *codes)}}
    frame = pd.DataFrame({"q": [1.0, 2.0, *map(float, codes)]})
    path = tmp_path / "many.sav"
    path.write_bytes(sav_bytes(frame, {"q": "q"}, labels, {"q": codes}))
    _, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert sorted(meta.missing_ranges["q"], key=str) == sorted(held, key=str)


def test_user_missing_codes_that_spss_cannot_hold_are_a_fault() -> None:
    labels = {"q": dict.fromkeys((1, 2, 3, 0, -1, 8, 9), "x")}
    with pytest.raises(InputError) as caught:
        sav_bytes(pd.DataFrame({"q": [1.0]}), {}, labels, {"q": [8, 9, 0, -1, 2]})
    assert caught.value.faults == (
        "expected three codes, or a range without answers and one more, got [-1, 0, 2, 8, 9]",
    )


def test_options(wave: Wave, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"path: expected a name that ends in \.csv, \.sav"):
        write_wave(wave, tmp_path / "wave.doc")
    with pytest.raises(OptionError, match="language: expected one of 'nl', 'en', got 'fr'"):
        write_wave(wave, tmp_path / "wave.csv", language="fr")  # type: ignore[arg-type]
    assert list(tmp_path.glob("wave.*")) == []
