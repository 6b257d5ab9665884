"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

SHARED = Path(__file__).resolve().parents[2] / "shared"


def beside_the_checkout(name: str) -> Path:
    """Give a folder that may stand beside the checkout; tests skip where it is absent.

    Where the environment requires it (continuous integration), its absence is a failure.
    """
    folder = SHARED / name
    if not folder.is_dir():
        if os.environ.get("SWVTYPES_REQUIRE_REFERENCE"):
            pytest.fail(f"{name} is required here and absent")
        pytest.skip(f"{name} beside the checkout is absent")
    return folder


@pytest.fixture(scope="session")
def reference_dir() -> Path:
    """Folder with reference results of independent software."""
    return beside_the_checkout("reference")


@pytest.fixture(scope="session")
def contracts_dir() -> Path:
    """Folder with the list of keys of the printed record."""
    return beside_the_checkout("contracts")


@pytest.fixture(scope="session")
def seeds_dir() -> Path:
    """Folder with the published reports."""
    return beside_the_checkout("seeds")
