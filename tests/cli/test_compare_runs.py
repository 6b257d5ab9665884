"""``swvtypes compare`` on folders of ``swvtypes run``, and on the shipped waves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.cli.fitting_command import membership_frame
from swvtypes.cli.run_folder import read_run
from swvtypes.errors import InputError, SwvtypesWarning
from swvtypes.resources import data_path
from swvtypes.workflow import RunOptions, run_wave

sys.path.insert(0, str(Path(__file__).parents[1] / "longitudinal"))

from toy_panel import answers, kinds, variables, write_wave

ITEMS = "wave,variable,concept,value_map,missing_map,comparability,note\n"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swvtypes", "compare", *arguments],
        capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "COLUMNS": "80", "LINES": "24", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders that ``swvtypes run`` filled."""
    folder = tmp_path_factory.mktemp("ran")
    before, after = kinds(0.15)
    later = answers(after, [*variables(), "care_6"], 2).drop(columns=["care_1"])
    for name, year, frame, out in (
        ("first", 2020, answers(before, variables(), 1), "results"),
        ("second", 2022, later, "made/here"),
    ):
        run = folder / name
        run.mkdir()
        write_wave(run, name, year, frame)
        rows = ("first,{0},{0},,,new,", "second,{0},{0},,,same,")
        lines = [row.format(v) for row in rows for v in [*variables()[1:], "steering"]]
        (run / "items.csv").write_text(ITEMS + "\n".join(lines) + "\n", encoding="utf-8")
        links = [f"first,A{i:03d},second,A{i:03d},same," for i in range(2, 120)]
        links += [f"first,A{i:03d},second,A000,merged," for i in range(2)]
        lines_of = "\n".join(["before_wave,before,after_wave,after,event,note", *links, ""])
        (run / "who.csv").write_text(lines_of, encoding="utf-8")
        both = (
            'crosswalk = "items.csv"\norganisations = ["who.csv"]\n'
            'earlier_runs = ["../first/results"]\n'
        )
        crosswalk = both if name == "second" else ""
        (run / "run.toml").write_text(
            f'schema_version = 1\nwave = "{name}.csv"\ncodebook = "{name}.toml"\nout = "{out}"\n'
            f"{crosswalk}[typology]\nmax_classes = 2\nn_init = 5\nquick = true\n",
            encoding="utf-8",
        )
        run_wave(run / "run.toml", RunOptions(quick=True, jobs=1))
    return folder


def test_runs_bring_their_own_answers(ran: Path, tmp_path: Path) -> None:
    told = []
    for a, b in (
        (ran / "first", ran / "second" / "made" / "here"),
        (ran / "first" / "results", ran / "second" / "made" / "here"),
    ):
        out = tmp_path / f"out_{len(told)}"
        began = os.times()
        done = command(str(a), str(b), "--out", str(out), "--language", "en", "--no-figures")
        spent = os.times()
        assert done.returncode == 0, done.stderr
        assert spent.children_user - began.children_user < 30.0
        told.append((out / "comparison.txt").read_text(encoding="utf-8"))
        names = {p.name for p in out.iterdir()}
        assert {"drift.csv", "positions.csv", "old_types.csv", "split.csv"} <= names
    assert told[0] == told[1]
    # The crosswalk of the later run was followed: care_1 and care_6 are not in it.
    assert "Questions that are the same: 10" in told[0]
    assert "care_6" not in told[0]
    # And so were its organisations.
    assert "A000 + A001 became A000: earlier type known only where" in told[0]


def test_a_run_brings_its_crosswalks_where_its_answers_are_given(ran: Path, tmp_path: Path) -> None:
    shutil.copytree(ran / "second", tmp_path / "second")
    for name in ("second.csv", "second.toml"):
        (tmp_path / "second" / name).rename(tmp_path / name)
    second = str(tmp_path / "second" / "made" / "here")
    given = ["--wave-b", str(tmp_path / "second.csv"), "--codebook-b",
             str(tmp_path / "second.toml"), "--language", "en", "--no-figures"]  # fmt: skip
    done = command(str(ran / "first"), second, *given, "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "Questions that are the same: 10" in done.stdout
    assert "care_6" not in done.stdout
    assert "A000 + A001 became A000: earlier type known only where" in done.stdout
    for name in ("items.csv", "who.csv"):
        with (tmp_path / "second" / name).open("a", encoding="utf-8") as stream:
            stream.write("\n")
    done = command(str(ran / "first"), second, *given, "--out", str(tmp_path / "again"))
    assert done.returncode == 2
    assert "crosswalk: items.csv: changed since the run" in done.stderr
    assert "organisations: who.csv: changed since the run" in done.stderr
    whole = read_run(tmp_path / "second" / "made" / "here", ("answers",))
    assert (whole.wave, whole.crosswalk, whole.organisations) == (None, None, ())


def test_results_that_were_moved_from_their_run_file_are_a_fault(ran: Path, tmp_path: Path) -> None:
    run = tmp_path / "second"
    shutil.copytree(ran / "second", run)
    (run / "made" / "here").rename(run / "results")
    # Files of the same name two folders up are those of another run.
    for name in ("second.csv", "second.toml", "items.csv", "who.csv"):
        (tmp_path / name).write_text("other", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_run(run / "results")
    assert caught.value.faults == (
        f"{run / 'results'}: moved since the run: expected these results as 'made/here' in the "
        "folder of their run file, whose files cannot be found from here",
    )
    assert read_run(run / "results", ()).wave is None


def test_of_several_results_one_has_to_be_named(ran: Path, tmp_path: Path) -> None:
    shutil.copytree(ran / "first", tmp_path / "first")
    shutil.copytree(tmp_path / "first" / "results", tmp_path / "first" / "a_copy")
    with pytest.raises(InputError) as caught:
        read_run(tmp_path / "first")
    assert caught.value.faults == (
        f"{tmp_path / 'first'}: expected the results of one run, found several: a_copy, results; "
        "name one",
    )
    assert read_run(tmp_path / "first" / "results").wave is not None


def test_a_run_whose_files_went_is_compared_without_them(ran: Path, tmp_path: Path) -> None:
    shutil.copytree(ran / "first", tmp_path / "first")
    (tmp_path / "first" / "first.csv").unlink()
    done = command(str(tmp_path / "first"), str(ran / "second" / "made" / "here"), "--out",
                   str(tmp_path / "out"), "--language", "en", "--no-figures")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "change of answers: the answers of the waves were not given" in done.stdout
    assert "adjusted Rand" in done.stdout


def test_a_crosswalk_that_went_is_said(ran: Path, tmp_path: Path) -> None:
    """Without its crosswalk a run compares questions by their names; that must not go unsaid."""
    shutil.copytree(ran / "second", tmp_path / "second")
    shutil.copytree(ran / "first", tmp_path / "first")
    (tmp_path / "second" / "items.csv").unlink()
    (tmp_path / "second" / "who.csv").unlink()
    here = tmp_path / "second" / "made" / "here"
    for language, said in (
        ("en", "{0}, which here names, is gone: compared without that file"),
        ("nl", "{0}, dat here noemt, is er niet meer: zonder dat bestand vergeleken"),
    ):
        out = tmp_path / f"out_{language}"
        done = command(str(tmp_path / "first"), str(here), "--out", str(out), "--language",
                       language, "--no-figures")  # fmt: skip
        assert done.returncode == 0, done.stderr
        text = (out / "comparison.txt").read_text(encoding="utf-8")
        for name in ("items.csv", "who.csv"):
            assert f"- {said.format(name)}" in text
            assert said.format(name) in done.stdout


def test_a_run_whose_files_changed_is_a_fault(ran: Path, tmp_path: Path) -> None:
    for name, file, said in (
        ("data", "first.csv", "first.csv: changed since the run"),
        (
            "types",
            "results/typology/typology.json",
            "typology/typology.json: changed since the run",
        ),
    ):
        run = tmp_path / name
        shutil.copytree(ran / "first", run)
        (run / file).write_text((run / file).read_text(encoding="utf-8") + " ", encoding="utf-8")
        done = command(str(run), str(ran / "second" / "made" / "here"), "--out",
                       str(tmp_path / "out"))  # fmt: skip
        assert done.returncode == 2
        assert said in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    manifest = tmp_path / "data" / "results" / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8")) | {"settings": {"wave": 3}}
    manifest.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_run(tmp_path / "data", ("answers",))
    told = " ".join(caught.value.faults)
    assert "manifest.json: settings.wave: expected a text in quotes, got 3" in told
    assert "manifest.json: settings.codebook: expected a value, found none" in told
    manifest.write_text(json.dumps(content | {"inputs": 3}), encoding="utf-8")
    with pytest.raises(InputError, match="expected the settings and inputs of a run"):
        read_run(tmp_path / "data")
    empty = tmp_path / "empty"
    empty.mkdir()
    done = command(str(empty), str(empty), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 2
    assert "no results of 'swvtypes run' (manifest.json)" in lines[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_shipped_waves_with_a_third_of_the_items_gone_and_a_merger(tmp_path: Path) -> None:
    """2016 beside 2014, whose questions are others, and beside 2018, two organisations less."""
    themes = {"governance": ["plan_none", "service_none"], "quality": ["quality_none"]}
    of_2014 = {"website": ["website_organisation", "website_allocation", "website_support"]}
    given: dict[str, list[str]] = {}
    for side, name, kept in (
        ("a", "start_2014", of_2014), ("b", "monitor_2016", themes), ("b", "scenario_2018", themes),
    ):  # fmt: skip
        run = tmp_path / name
        run.mkdir()
        wave = sw.load_wave(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            typology = sw.Typology(random_state=1, quick=True, n_init=3, max_classes=2)
            typology.fit(wave, themes=kept)
        typology.save(run / "typology.json")
        membership_frame(typology.membership_).to_csv(run / "membership.csv", index=False)
        data = data_path("waves", name, "seed_01.csv")
        book = data_path("codebooks", f"{name}.toml")
        given[name] = [f"--wave-{side}", str(data), f"--codebook-{side}", str(book)]
    given["monitor_2016 a"] = [x.replace("-b", "-a") if x.startswith("--") else x
                               for x in given["monitor_2016"]]  # fmt: skip
    items = ["--crosswalk", str(data_path("crosswalks", "items.csv")), "--no-figures"]
    links = data_path("crosswalks", "organisations", "start_2014--monitor_2016")
    who = str(links / "link_0.3" / "seed_01.csv")
    done = command(
        str(tmp_path / "start_2014"), str(tmp_path / "monitor_2016"), *given["start_2014"],
        *given["monitor_2016"], *items, "--organisations", who, "--out", str(tmp_path / "early"),
        "--language", "en",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for said in (
        "change of positions: no. The question 'steering' was asked later only.",
        "joint model over the waves: no. At least two questions that are the same are needed",
        "change of answers by question: yes. Questions that are the same: 0; that compare once "
        "recoded: 9", "- questions of start_2014 only (", "- reworded questions (6): ",
    ):  # fmt: skip
        assert said in done.stdout
    assert len(pd.read_csv(tmp_path / "early" / "drift.csv")) == 9
    done = command(
        str(tmp_path / "monitor_2016"), str(tmp_path / "scenario_2018"), *given["monitor_2016 a"],
        *given["scenario_2018"], *items, "--organisations",
        str(data_path("crosswalks", "organisations", "monitor_2016--scenario_2018.csv")),
        "--out", str(tmp_path / "late"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for said in (
        "- vragen alleen in monitor_2016 (54): ", "- vragen alleen in scenario_2018 (3): ",
        "- SYN-PO-014 + SYN-PO-027 werden SYN-PO-078: eerder type alleen bekend waar de delen",
        "Gelijke vragen: 104; vergelijkbaar na omcoderen: 7", "Pitman-Morgan p",
    ):  # fmt: skip
        assert said in done.stdout
    positions = pd.read_csv(tmp_path / "late" / "positions_summary.csv")
    assert set(positions["sector"]) == {"po", "vo"}
    moved = pd.read_csv(tmp_path / "late" / "moved.csv")
    assert {"SYN-PO-014", "SYN-PO-027"}.isdisjoint(moved["organisation"])
