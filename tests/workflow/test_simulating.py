"""Made-up waves: as many organisations as asked, within the questionnaire, the same for a seed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swvtypes.errors import InputError
from swvtypes.resources import data_path
from swvtypes.survey import Codebook
from swvtypes.workflow.simulated_series import MadeSeries, Series, simulate_series
from swvtypes.workflow.simulating import simulate_wave

BOOK = Path(data_path("codebooks")) / "start_2014.toml"


def test_a_codebook_gives_answers_that_the_questionnaire_allows() -> None:
    made = simulate_wave(BOOK, 40, 3)
    assert (made.types, made.left_out) == (None, ())
    answers, book = made.answers, Codebook.load(BOOK)
    assert answers["sector"].value_counts().to_dict() == {"po": 40, "vo": 40}
    assert answers["organisation"].is_unique
    assert set(answers["synthetic"]) == {"true"}
    gated = [name for name, entry in book.variables.items() if entry.gate is not None]
    assert gated
    for name in gated:
        gate = book.variable(name).gate
        assert gate is not None
        asked = answers[gate.variable].isin(gate.codes)
        assert answers[name].notna().tolist() == asked.tolist()
        assert 0 < asked.sum() < len(answers)


def test_a_seed_gives_the_same_wave_and_another_seed_another() -> None:
    first, again = simulate_wave(BOOK, 20, 5), simulate_wave(str(BOOK), 20, 5)
    pd.testing.assert_frame_equal(first.answers, again.answers)
    questions = list(Codebook.load(BOOK).variables)
    other = simulate_wave(BOOK, 20, 6)
    assert not first.answers[questions].equals(other.answers[questions])


def test_more_organisations_than_exist_and_files_of_another_kind_are_refused() -> None:
    with pytest.raises(InputError, match="sector 'vo' has 75 organisations, 76 asked"):
        simulate_wave(BOOK, 76, 1)
    with pytest.raises(InputError) as caught:
        simulate_wave("types.csv", 0, -2)
    for part in ("at least 1 organisation, got 0", "at least 0, got -2", "got '.csv'"):
        assert part in str(caught.value)


def test_a_series_makes_a_wave_a_seed_and_keeps_what_stands(tmp_path: Path) -> None:
    series = Series(BOOK, 15, (2, 4), tmp_path / "made.csv")
    assert simulate_series(series) == MadeSeries((2, 4), ())
    names = ["made_0002.csv", "made_0004.csv", "made_waves.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    written = pd.read_csv(tmp_path / "made_0004.csv", dtype={"synthetic": str})
    pd.testing.assert_frame_equal(written, simulate_wave(BOOK, 15, 4).answers, check_dtype=False)

    first = (tmp_path / "made_0002.csv").read_bytes()
    (tmp_path / "made_0002.csv").write_bytes(b"spoilt")
    assert simulate_series(series) == MadeSeries((2,), (4,))
    assert (tmp_path / "made_0002.csv").read_bytes() == first

    other = Series(BOOK, 16, (4,), tmp_path / "made.csv")
    assert simulate_series(other) == MadeSeries((4,), ())


def test_a_series_at_fault_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 0, got -1"):
        simulate_series(Series(BOOK, 15, (1, -1), tmp_path / "made.csv"))
    assert list(tmp_path.iterdir()) == []
