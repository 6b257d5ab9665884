"""The examples on the guides' pages run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
CHEAP = ("guides/add_table.md", "guides/crosswalk.md", "guides/latent_class_output.md")


def _blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def _run(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch, wanted: slice) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    for block in _blocks(page, "python")[wanted]:
        exec(compile(block, page, "exec"), names)


@pytest.mark.parametrize("page", CHEAP)
def test_the_examples_of_a_guide_run(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in _blocks(page, "toml")[:1]:
        (tmp_path / "my_tables.toml").write_text(text, encoding="utf-8")
    _run(page, tmp_path, monkeypatch, slice(None))


def test_the_codebook_of_the_guide_reads_and_fits_a_file(tmp_path: Path) -> None:
    from swvtypes.survey import read_wave

    (tmp_path / "my_wave.toml").write_text(_blocks("guides/add_wave.md", "toml")[0], "utf-8")
    (tmp_path / "my_wave.csv").write_text("organisation,sector,guidance\na,po,3\nb,po,9\n", "utf-8")
    wave = read_wave(tmp_path / "my_wave.csv", codebook=tmp_path / "my_wave.toml")
    assert wave.frame["guidance"].isna().tolist() == [False, True]
    assert wave.reason("guidance").tolist()[1] == "dont_know"


def test_the_crosswalk_of_the_guide_is_of_the_form_that_is_read(tmp_path: Path) -> None:
    from swvtypes.survey import ItemCrosswalk

    text = (DOCS / "guides" / "crosswalk.md").read_text(encoding="utf-8")
    sheet = re.search(r"```\n(wave,variable.*?)```", text, flags=re.DOTALL)
    assert sheet is not None
    (tmp_path / "items.csv").write_text(sheet[1], encoding="utf-8")
    crosswalk = ItemCrosswalk.read(tmp_path / "items.csv")
    assert set(crosswalk.concepts("scenario_2018")) == {"shared_goals", "risks_known"}


@pytest.mark.slow
@pytest.mark.parametrize("page", ["start.md", "guides/add_theme.md"])
def test_the_examples_that_find_types_run(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib").use("agg")
    _run(page, tmp_path, monkeypatch, slice(None))
