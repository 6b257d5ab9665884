"""`import swvtypes` loads nothing heavy: it must stay far below the cost of `import pandas`."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "numpy",
    "pandas",
    "scipy",
    "sklearn",
    "pydantic",
    "joblib",
    "matplotlib",
    "seaborn",
    "great_tables",
    "stepmix",
    "statsmodels",
    "pyreadstat",
    "pyarrow",
    "dask",
    "rich",
    "typer",
)


def _loaded_after(code: str) -> set[str]:
    probe = (
        f"{code}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    return set(finished.stdout.split())


def test_importing_the_package_loads_no_heavy_library() -> None:
    assert sorted(_loaded_after("import swvtypes").intersection(HEAVY)) == []


def test_listing_its_names_loads_no_heavy_library_either() -> None:
    code = "import swvtypes\nassert 'Typology' in dir(swvtypes)"
    assert sorted(_loaded_after(code).intersection(HEAVY)) == []


def test_the_probe_would_notice() -> None:
    assert "pandas" in _loaded_after("import swvtypes\nswvtypes.load_wave")


@pytest.mark.parametrize("library", ["matplotlib", "stepmix", "pyreadstat", "dask"])
def test_a_wave_is_read_without_the_optional_libraries(library: str) -> None:
    code = "import swvtypes\nswvtypes.load_wave('start_2014', seed=1)"
    assert library not in _loaded_after(code)
