"""Every notebook runs in a fresh kernel with warnings as errors, and is stored without outputs."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebook_checks import (
    form_faults,
    language,
    name_faults,
    paths,
    read,
    teaching_faults,
    twin,
    twin_faults,
)
from notebook_runs import run, said_on_stderr

PATHS = paths()
each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def test_the_folder_holds_notebooks_numbered_without_a_gap() -> None:
    assert len(PATHS) >= 2
    assert name_faults([path.name for path in PATHS]) == []


@each
def test_it_is_stored_clean(path: Path) -> None:
    assert form_faults(read(path), path.read_text(encoding="utf-8")) == []


@each
def test_it_says_what_it_teaches_and_answers_its_exercises(path: Path) -> None:
    assert teaching_faults(read(path), language(path)) == []


@pytest.mark.parametrize("path", [p for p in PATHS if p != twin(p)], ids=lambda path: path.stem)
def test_the_dutch_runs_the_code_of_the_english(path: Path) -> None:
    assert twin_faults(read(path), read(twin(path))) == []


@each
def test_it_runs(path: Path, tmp_path: Path) -> None:
    assert said_on_stderr(run(read(path), tmp_path)) == ""
