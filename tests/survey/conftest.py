"""Fixtures of the survey tests."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from survey_samples import sample_codebook, valid_rows, write_csv

from swvtypes.survey import Codebook, Wave, read_wave


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return sample_codebook()


@pytest.fixture
def rows() -> list[dict[str, str]]:
    return valid_rows(random.Random(5))


@pytest.fixture
def wave(rows: list[dict[str, str]], codebook: Codebook, tmp_path: Path) -> Wave:
    return read_wave(write_csv(tmp_path / "sample.csv", rows), codebook)
