"""The fuzzing of benchmarks/fuzzing, for tests, and what its readers stand on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "fuzzing"))


@pytest.fixture(scope="session")
def all_readers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    from readers import prepared, readers

    return readers(prepared(tmp_path_factory.mktemp("ground") / "ground"))
