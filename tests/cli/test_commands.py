"""The commands as a user meets them: what they print, write, and return."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from swvtypes import resources


def command(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swvtypes", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=300,
    )


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("reproduction")
    done = command("reproduce", "--out", str(folder / "out"))
    assert done.returncode == 0, done.stderr
    return done.stdout, folder / "out"


def test_reproduce_prints_a_table_a_chapter_and_names_each_open_cell(
    reproduced: tuple[str, Path],
) -> None:
    shown, folder = reproduced
    cells = pd.read_csv(folder / "reproduction.csv")
    assert len(cells) == 1680
    totals = cells["verdict"].value_counts()
    assert f"{len(cells)}" in shown
    assert f"{totals['reproduced']}" in shown
    unsettled = cells[cells["verdict"] != "reproduced"]
    assert len(unsettled) > 0
    for row in unsettled.itertuples():
        assert f"- {row.locator}, {row.row_no}, {row.sector}, {row.measure}:" in shown
    assert "synthetic" in shown
    assert "circular" in shown


def test_reproduce_writes_a_page_that_needs_no_network(reproduced: tuple[str, Path]) -> None:
    page = (reproduced[1] / "reproduction.html").read_text(encoding="utf-8")
    assert "Tabel 2.1" in page
    for mark in ("http://", "https://", "<link", "@import", "src="):
        assert mark not in page
    assert sorted(item.name for item in reproduced[1].iterdir()) == [
        "reproduction.csv",
        "reproduction.html",
        "reproduction_claims.csv",
    ]


def test_reproduce_shows_tables_and_statements_together(reproduced: tuple[str, Path]) -> None:
    shown, folder = reproduced
    claims = pd.read_csv(folder / "reproduction_claims.csv")
    assert len(claims) == 405
    assert "405 statements in the text" in shown
    off = claims[(claims["verdict"] != "reproduced") & (claims["role"] != "free")]
    assert len(off) >= 10
    for row in off.itertuples():
        assert f"- {row.locator} ({row.id})" in shown
    page = (folder / "reproduction.html").read_text(encoding="utf-8")
    assert page.count("<td") >= 1680 + 405
    assert 'id="text-8"' in page


def test_reproduce_in_dutch(tmp_path: Path) -> None:
    done = command("reproduce", "--language", "nl", "--out", str(tmp_path))
    assert done.returncode == 0
    assert "gereproduceerd" in done.stdout
    assert "cirkelredenering" in done.stdout.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reproduce", "--source", "nope"), "printed record 'nope_tables': expected a file"),
        (("reproduce", "--language", "de"), "language: expected one of 'nl', 'en', got 'de'"),
        (("rebuild", "--seeds", "1-x"), "seeds: expected"),
        (("rebuild", "--source", "nope"), "nope"),
        (("rebuild", "--jobs", "0"), "jobs: expected a whole number of at least 1"),
        (("check", "absent.csv"), "absent.csv: "),
        (("audit", "nope"), "nope"),
        (("nonsense",), "No such command 'nonsense'"),
    ],
)
def test_faults_end_with_status_two_and_without_a_traceback(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = command(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_output_folder_that_is_a_file(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    done = command("reproduce", "--out", str(taken))
    assert done.returncode == 2
    assert "expected a folder, found a file" in done.stderr
    assert taken.read_text() == "mine"


def test_check_finds_no_fault_in_a_shipped_wave() -> None:
    wave = resources.data_path("waves", "monitor_2016", "seed_01.csv")
    book = resources.data_path("codebooks", "monitor_2016.toml")
    done = command("check", str(wave), "--codebook", str(book))
    assert done.returncode == 0, done.stderr
    assert "po 65 of 77, vo 58 of 75" in done.stdout
    assert "synthetic" in done.stdout
    alone = command("check", str(wave))
    assert alone.returncode == 0
    assert "no fault in the file itself" in alone.stdout


def test_check_lists_every_fault_on_its_own_line(tmp_path: Path) -> None:
    source = resources.data_path("waves", "monitor_2016", "seed_01.csv")
    book = resources.data_path("codebooks", "monitor_2016.toml")
    frame = pd.read_csv(source, dtype=str, keep_default_na=False)
    frame.loc[0, "steering"] = "44"
    frame.loc[1, "trust_help"] = "many"
    frame.loc[2, "organisation"] = frame.loc[3, "organisation"]
    path = tmp_path / "wave.csv"
    frame.to_csv(path, index=False)
    done = command("check", str(path), "--codebook", str(book))
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) >= 3
    assert all(line.startswith("wave.csv: ") for line in lines)
    for word in ("steering", "trust_help", str(frame.loc[3, "organisation"])):
        assert any(word in line for line in lines)


def test_help_of_every_command_fits_a_screen_and_shows_an_example() -> None:
    top = command("--help")
    assert top.returncode == 0
    for name in ("reproduce", "rebuild", "audit", "check"):
        assert name in top.stdout
        shown = command(name, "--help").stdout
        assert "Example: swvtypes " + name in " ".join(shown.split())
        assert len(shown.splitlines()) <= 40
    assert command("--version").stdout.strip()


def test_audit_lists_findings_by_confidence_and_writes_them(tmp_path: Path) -> None:
    done = command("audit", "monitor_2016", "--out", str(tmp_path / "audit.csv"))
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(tmp_path / "audit.csv", keep_default_na=False)
    assert list(found.columns) == [
        *("locator", "row_no", "sector", "check"),
        *("printed", "expected", "reason", "confidence"),
    ]
    certain = found[found["confidence"] == "certain"]
    assert f"certain ({len(certain)} findings)" in done.stdout
    for row in certain.itertuples():
        assert row.reason in done.stdout
    dutch = command("audit", "inspectie_2022", "--language", "nl")
    assert "zeker (" in dutch.stdout


def test_folder_in_the_place_of_a_file_is_seen_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "reproduction.html").mkdir()
    done = command("reproduce", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "reproduction.html: expected a file, found a folder" in done.stderr
    assert [item.name for item in tmp_path.iterdir()] == ["reproduction.html"]


def test_faults_of_rebuild_leave_no_folder(tmp_path: Path) -> None:
    done = command("rebuild", "--source", "nope", "--out", "made", cwd=tmp_path)
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_full_disk_is_one_line() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "swvtypes", "--version"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "Traceback" not in done.stderr


def test_interrupt_ends_with_a_sentence_and_status_130(tmp_path: Path) -> None:
    # A shell in the background hands down an ignored signal; a user's terminal does not.
    heard = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from swvtypes.cli import main; sys.argv[0] = 'swvtypes'; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", heard, "rebuild", "--out", str(tmp_path / "waves")],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; no half-written file was left behind" in errors
    assert "Traceback" not in errors
