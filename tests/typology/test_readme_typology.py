"""The README's screen from a wave to types runs as printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"


def screen() -> str:
    text = README.read_text(encoding="utf-8")
    found = re.search(r"## From a wave to types\n+```python\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_it_has_at_most_ten_lines() -> None:
    lines = [line for line in screen().splitlines() if line.strip()]
    assert len(lines) <= 10
    assert any("Typology(" in line for line in lines)
    assert any("plots." in line for line in lines)


@pytest.mark.slow
def test_it_runs_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    exec(compile(screen(), "README.md", "exec"), {})
    assert "Sector po" in capsys.readouterr().out
    assert (tmp_path / "typology.json").stat().st_size > 0
    assert (tmp_path / "types.png").stat().st_size > 0
