"""Runs to report on, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Browser, find_chromium
from finished_runs import two_runs
from made_up_runs import HOSTILE, made_up

from swvtypes.report import ReportInputs


@pytest.fixture(scope="session")
def small_run() -> ReportInputs:
    """A run of 124 organisations."""
    return made_up(124)


@pytest.fixture(scope="session")
def large_run() -> ReportInputs:
    """A run of 1,000 organisations."""
    return made_up(1000)


@pytest.fixture(scope="session")
def hostile_run() -> ReportInputs:
    """A run whose names and labels try to be more than text."""
    names = [f"{k:02d} {HOSTILE[k % len(HOSTILE)]}" for k in range(40)]
    names[1] = HOSTILE[1]
    keys = ("title", "vision", "aims", "funds", "contact", "website", "policy", "steering",
            "boards", "type", "question", "wave")  # fmt: skip
    labels = {key: HOSTILE[at % len(HOSTILE)] for at, key in enumerate(keys)}
    return made_up(40, 2, names, **labels)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium, started as the module ``chromium`` of these tests says."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    found = Browser(program, tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a finished run, whose results stand in ``results``, beside an earlier one."""
    return two_runs(tmp_path_factory.mktemp("runs") / "both")
