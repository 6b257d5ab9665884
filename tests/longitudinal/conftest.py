"""Two toy waves with known movers, typed once a session."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

import swvtypes as sw
from swvtypes.errors import SwvtypesWarning

sys.path.insert(0, str(Path(__file__).parent))

from toy_panel import answers, kinds, typed, variables, write_wave


@dataclass(frozen=True)
class Toy:
    first: sw.Wave
    second: sw.Wave
    old: sw.Typology
    fresh: sw.Typology
    folder: Path
    moved: float


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """The second wave lacks one question of the first and has two of its own."""
    folder = tmp_path_factory.mktemp("toy")
    before, after = kinds(0.15)
    first = write_wave(folder, "first", 2020, answers(before, variables(), 1))
    later = answers(after, [*variables(), "care_6", "rules_6"], 2).drop(columns=["care_1"])
    second = write_wave(folder, "second", 2022, later.iloc[8:])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        old, fresh = typed(first), typed(second)
    return Toy(first, second, old, fresh, folder, float((before != after)[8:].mean()))
