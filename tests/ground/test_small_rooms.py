"""Errors, languages and parallel work."""

from __future__ import annotations

import pickle

import pytest

from swvtypes.errors import CodebookError, OptionError, SwvtypesError, WaveError
from swvtypes.language import Label, check_language
from swvtypes.parallel import progress, run_parallel


def test_faults_are_all_in_the_message() -> None:
    error = WaveError("wave.csv", ["column a: unknown", "column b: unknown"])
    assert str(error) == "wave.csv: 2 faults\n- column a: unknown\n- column b: unknown"
    assert str(CodebookError("c.toml", ["x"])).startswith("c.toml: 1 fault\n")
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, WaveError)
    assert copy.faults == error.faults
    assert isinstance(error, SwvtypesError)


def test_option_error_names_expectation_and_value() -> None:
    error = OptionError("n_classes", "an int of at least 1", 0)
    assert str(error) == "n_classes: expected an int of at least 1, got 0"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_language() -> None:
    label = Label("verevening", "equalisation")
    assert (label.text("nl"), label.text("en")) == ("verevening", "equalisation")
    with pytest.raises(OptionError, match="language: expected one of 'nl', 'en', got 'de'"):
        check_language("de")


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_parallel_keeps_the_order(n_jobs: int) -> None:
    assert run_parallel(abs, [-3, 2, -1], n_jobs=n_jobs) == [3, 2, 1]


def test_progress_draws_nothing_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as display:
        task = display.add_task("work", total=2)
        display.advance(task)
    captured = capsys.readouterr()
    assert captured.out == captured.err == ""
