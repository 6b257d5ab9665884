"""``swvtypes compare`` as a user meets it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swvtypes.cli.fitting_command import membership_frame
from swvtypes.errors import SwvtypesWarning

sys.path.insert(0, str(Path(__file__).parents[1] / "longitudinal"))

from toy_panel import answers, kinds, typed, variables, write_wave

ITEMS = "wave,variable,concept,value_map,missing_map,comparability,note\n"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swvtypes", "compare", *arguments],
        capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "COLUMNS": "80", "LINES": "24", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders such as ``swvtypes fit`` writes, with their waves beside them."""
    folder = tmp_path_factory.mktemp("runs")
    before, after = kinds(0.15)
    later = answers(after, [*variables(), "care_6"], 2).drop(columns=["care_1"])
    for name, year, frame in (
        ("first", 2020, answers(before, variables(), 1)), ("second", 2022, later),
    ):  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            typology = typed(write_wave(folder, name, year, frame))
        run = folder / f"run_{name}"
        run.mkdir()
        typology.save(run / "typology.json")
        membership_frame(typology.membership_).to_csv(run / "membership.csv", index=False)
    return folder


def waves(runs: Path) -> tuple[str, ...]:
    return (
        "--wave-a", str(runs / "first.csv"), "--codebook-a", str(runs / "first.toml"),
        "--wave-b", str(runs / "second.csv"), "--codebook-b", str(runs / "second.toml"),
    )  # fmt: skip


def test_everything_is_written_and_told(runs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = command(str(runs / "run_first"), str(runs / "run_second"), "--out", str(out),
                   *waves(runs), "--language", "en")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    names = {p.name for p in out.iterdir()}
    for name in ("alluvial", "transitions", "transitions_corrected", "profiles", "positions_po"):
        assert {f"{name}.png", f"{name}.svg"} <= names
    tables = {p.name: pd.read_csv(p) for p in out.glob("*.csv")}
    assert set(tables) == {
        "comparability.csv", "questions.csv", "information.csv", "transitions.csv",
        "transitions_corrected.csv", "agreement.csv", "symmetry.csv", "alignment.csv",
        "profile_distance.csv", "profiles.csv", "moved.csv", "drift.csv", "positions.csv",
        "positions_summary.csv", "positions_reliability.csv", "old_types.csv",
        "old_membership.csv", "split.csv", "movers.csv",
    }  # fmt: skip
    assert tables["transitions.csv"]["count"].sum() == 120
    movers = tables["movers.csv"].set_index("method")
    naive, corrected = movers.loc["naive"], movers.loc["corrected"]
    assert naive["estimate"] == pytest.approx(tables["moved.csv"]["moved"].mean(), rel=1e-12)
    assert corrected["low"] < corrected["estimate"] < naive["estimate"]
    drift = tables["drift.csv"].set_index("item")
    assert drift["relevance"].drop("steering").min() > 0.1
    assert drift.loc["steering", "relevance"] == 0.0
    np.testing.assert_allclose(drift["matters"], drift["distance"] * drift["relevance"])
    assert "Pitman-Morgan p = " in done.stdout
    assert "With 120 organisations these intervals are too short" in done.stdout
    assert "shows with probability 0.80" in done.stdout
    assert "- questions of first only (1): care_1" in done.stdout
    assert len(tables["profile_distance.csv"]) == 4
    assert list(tables["positions_summary.csv"].columns[:2]) == ["sector", "wave"]
    assert set(tables["alignment.csv"]["criterion"]) == {"members", "profiles"}
    assert (out / "comparison.txt").read_text(encoding="utf-8") in done.stdout
    assert not list(tmp_path.glob("swvtypes-*"))


def test_it_is_repeated_byte_for_byte(runs: Path, tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        done = command(str(runs / "run_first"), str(runs / "run_second"), "--out",
                       str(tmp_path / name))  # fmt: skip
        assert done.returncode == 0, done.stderr
        found.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert found[0] == found[1]
    assert "de antwoorden van de golven zijn niet gegeven" in found[0]["comparison.txt"].decode()


def test_questionnaires_that_do_not_compare_leave_the_rest(runs: Path, tmp_path: Path) -> None:
    names = [*variables(), "steering"]
    rows = [f"first,{v},{v},,,new," for v in names]
    rows += [f"second,,{v},,,gone," for v in names]
    rows += [f"second,{v},{v}_later,,,new," for v in [*names[1:], "care_6"]]
    (tmp_path / "items.csv").write_text(ITEMS + "\n".join(rows) + "\n", encoding="utf-8")
    began = time.monotonic()
    done = command(
        str(runs / "run_first"), str(runs / "run_second"), "--out", str(tmp_path / "out"),
        "--crosswalk", str(tmp_path / "items.csv"), *waves(runs), "--language", "en",
        "--no-figures",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - began < 60
    told = done.stdout
    assert (
        "old types in the new wave (po): no. The 0 of 10 items that compare carry only 0%" in told
    )
    assert "Not identified" in told
    assert "change of positions: no. The question 'steering' was asked earlier only." in told
    assert "adjusted Rand" in told
    assert "Corrected for errors of assignment" in told
    written = {p.name for p in (tmp_path / "out").iterdir()}
    assert "transitions_corrected.csv" in written
    assert not {"drift.csv", "positions.csv", "profiles.csv", "alluvial.png"} & written
    split = pd.read_csv(tmp_path / "out" / "split.csv")
    assert split["part"].tolist() == ["not identified"]


def test_a_crosswalk_of_organisations_is_followed(runs: Path, tmp_path: Path) -> None:
    lines = ["before_wave,before,after_wave,after,event,note", "first,A000,second,A001,merged,",
             "first,A001,second,A001,merged,", "first,A002,second,,gone,"]  # fmt: skip
    lines += [f"first,A{i:03d},second,A{i:03d},same," for i in range(3, 120)]
    (tmp_path / "who.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = command(
        str(runs / "run_first"), str(runs / "run_second"), "--out", str(tmp_path / "out"),
        "--organisations", str(tmp_path / "who.csv"), "--no-figures", *waves(runs),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    moved = pd.read_csv(tmp_path / "out" / "moved.csv")
    assert {"A000", "A002"}.isdisjoint(moved["organisation"])
    assert len(moved) in (117, 118)


def test_every_fault_is_a_line_and_nothing_is_written(runs: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "typology.json").write_text("{", encoding="utf-8")
    (tmp_path / "items.csv").write_text(ITEMS + "a,b,c,,,odd,\n", encoding="utf-8")
    out = tmp_path / "out"
    done = command(
        str(tmp_path / "none"), str(bad), "--out", str(out), "--crosswalk",
        str(tmp_path / "items.csv"), "--organisations", str(tmp_path / "who.csv"),
        "--wave-a", str(runs / "first.csv"),
    )  # fmt: skip
    assert done.returncode == 2
    assert not done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 5
    for line, told in zip(
        lines,
        ("expected a folder that 'swvtypes run' or 'fit' wrote, found none",
         "no file membership.csv",
         "items.csv: line 2: comparability: expected one of", "who.csv: cannot be read",
         "expected --wave-a and --codebook-a together"), strict=True,
    ):  # fmt: skip
        assert told in line
    assert not out.exists()


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("po 1", "much", "organisation 'A003', column 'po 1': expected a probability, got 'much'"),
        ("organisation", "A004", "organisation 'A004' stands in it twice"),
        (None, "", "no column 'po 2'"),
    ],
)
def test_a_membership_that_was_changed_by_hand(
    runs: Path, tmp_path: Path, column: str | None, value: str, told: str
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "typology.json").write_bytes((runs / "run_first" / "typology.json").read_bytes())
    frame = pd.read_csv(runs / "run_first" / "membership.csv", dtype=str)
    if column is None:
        frame = frame.drop(columns="po 2")
    else:
        frame.loc[3, column] = value
    frame.to_csv(run / "membership.csv", index=False)
    done = command(str(run), str(runs / "run_second"), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_options_and_output_are_checked_first(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for extra, told in (
        (("--language", "de"), "language: expected"),
        (("--seed", "-1"), "seed: expected"),
        (("--out", str(tmp_path / "file")), "expected a folder, found a file"),
    ):
        done = command(str(runs / "run_first"), str(runs / "run_second"), *extra)
        assert done.returncode == 2, extra
        assert told in done.stderr


def test_help_fits_a_screen_and_shows_an_example() -> None:
    lines = command("--help").stdout.rstrip("\n").split("\n")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert any(line.strip().startswith("Example: swvtypes compare") for line in lines)
