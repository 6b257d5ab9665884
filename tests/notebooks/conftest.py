"""A kernel that belongs to this Python and writes nothing outside a test's own folder."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings and kernels of the account out of a run."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    monkeypatch.delenv("MPLBACKEND", raising=False)
    # Without it jupyter_core announces a coming change of its folders by a DeprecationWarning.
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
