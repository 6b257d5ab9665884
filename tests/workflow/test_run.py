"""Runs: complete, sameness, resuming, locks, full disks, names, and what may be written."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from small_run import small_run, state, study

from swvtypes.errors import OptionError, RunError
from swvtypes.workflow import (
    RunOptions,
    read_manifest,
    receipts,
    require_complete,
    run_wave,
    steps,
)
from swvtypes.workflow.locking import only_run
from swvtypes.workflow.workers import n_workers

QUICK = RunOptions(quick=True, jobs=1, language="en")
CSVS = {
    "check/answers.csv", "membership/membership.csv", "membership/shares.csv",
    "typology/selection.csv", "typology/contrasts.csv", "typology/routes.csv",
    "validation/tests.csv",
}  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    result = run_wave(small_run(folder), QUICK)
    assert result.done == tuple(step.name for step in steps.STEPS)
    assert result.synthetic
    return folder


def csvs(results: Path) -> dict[str, bytes]:
    return {str(p.relative_to(results)): p.read_bytes() for p in sorted(results.rglob("*.csv"))}


def test_a_run_writes_every_form_and_a_manifest_of_all_files(done: Path) -> None:
    results = done / "results"
    assert set(csvs(results)) >= CSVS
    for name in ("membership.sav", "membership.xlsx", "membership.json"):
        assert (results / "membership" / name).stat().st_size > 0
    figures = {p.name for p in (results / "figures").iterdir()}
    assert {"membership_po.svg", "membership_po.png", "types_by_theme_po.svg"} <= figures
    manifest = require_complete(results)
    assert manifest["settings"]["seed"] == 1
    assert manifest["settings"]["quick"] is True
    assert set(manifest["inputs"]) == {"run file", "wave", "codebook"}
    assert manifest["wave"]["synthetic"] is True
    assert {"numpy", "python", "swvtypes"} <= set(manifest["versions"])
    told = {
        f"{step}/{name}" for step, entry in manifest["steps"].items() for name in entry["files"]
    }
    there = {str(p.relative_to(results)) for p in results.glob("*/*") if p.name != receipts.RECEIPT}
    assert told == there
    assert not list(results.glob(".part-*"))
    assert not (results / receipts.WORK).exists()


def test_memberships_say_type_runner_up_and_border_in_all_three_forms(done: Path) -> None:
    import pyreadstat

    folder = done / "results" / "membership"
    table = pd.read_csv(folder / "membership.csv")
    types = [name for name in table.columns if name.startswith("po ")]
    assert types == ["po 1", "po 2"]
    assert table[types].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert (table["modal"] == table[types].idxmax(axis=1)).all()
    assert (table["borderline"] == (table[types].max(axis=1) < 0.8)).all()
    sheet = pd.read_excel(folder / "membership.xlsx")
    pd.testing.assert_frame_equal(sheet, table)
    spss, said = pyreadstat.read_sav(str(folder / "membership.sav"))
    assert spss["p_1"].to_numpy() == pytest.approx(table["po 1"].to_numpy())
    assert said.variable_value_labels["modal"] == {1.0: "po 1", 2.0: "po 2"}
    assert (spss["modal"].map(said.variable_value_labels["modal"]) == table["modal"]).all()


def test_the_same_again_keeps_everything_and_elsewhere_gives_the_same_bytes(
    done: Path, tmp_path: Path
) -> None:
    before = state(done / "results")
    again = run_wave(done / "run.toml", QUICK)
    assert again.done == ()
    now = state(done / "results")
    assert {k: v[1] for k, v in now.items()} == {k: v[1] for k, v in before.items()}
    other = tmp_path / "elsewhere"
    run_wave(small_run(other), RunOptions(quick=True, jobs=2, language="en"))
    same = {k: v[1] for k, v in state(other / "results").items()}
    assert same == {k: v[1] for k, v in before.items()}


def test_names_of_types_redo_only_what_shows_them(done: Path, tmp_path: Path) -> None:
    folder = tmp_path / "named"
    shutil.copytree(done, folder)
    with (folder / "run.toml").open("a") as stream:
        stream.write('\n[names]\n"po 1" = "=decentral"\n"po 7" = "none"\n')
    result = run_wave(folder / "run.toml", QUICK)
    assert set(result.kept) == {"check", "tables", "scales", "typology", "steering"}
    table = pd.read_csv(folder / "results" / "membership" / "membership.csv")
    assert set(table["name"]) == {"'=decentral", "po 2"}
    told = {subject: reason for step, subject, reason in result.notes if step == "membership"}
    assert told["names"].endswith("'po 7' is no type; there are 'po 1', 'po 2'")


def test_a_changed_or_lost_file_is_made_again(done: Path, tmp_path: Path) -> None:
    folder = tmp_path / "changed"
    shutil.copytree(done, folder)
    results = folder / "results"
    (results / "membership" / "membership.csv").write_text("other")
    (results / "figures" / "membership_po.png").unlink()
    assert receipts.complete_faults(results) == [
        "membership/membership.csv: changed since the run",
        "figures/membership_po.png: the manifest lists it, it is absent",
    ]
    with pytest.raises(RunError, match="changed since the run"):
        require_complete(results)
    assert set(run_wave(folder / "run.toml", QUICK).done) == {"membership", "figures"}
    assert csvs(results) == csvs(done / "results")


def test_a_changed_wave_makes_a_run_incomplete_until_it_is_done(done: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(done, folder)
    text = (folder / "wave.csv").read_text().replace("SYN-000", "SYN-999")
    (folder / "wave.csv").write_text(text)
    seen = []
    result = run_wave(
        folder / "run.toml",
        QUICK,
        lambda step, how, seconds: seen.append(read_manifest(folder / "results")),
    )
    assert len(result.done) == len(steps.STEPS)
    assert seen == [None] * len(steps.STEPS)
    assert read_manifest(folder / "results") is not None


def test_a_second_run_in_the_same_folder_is_refused(done: Path) -> None:
    with only_run(done / "results"), pytest.raises(RunError, match="another run is at work"):
        run_wave(done / "run.toml", QUICK)
    assert run_wave(done / "run.toml", QUICK).done == ()


@pytest.mark.parametrize("failing", ["typology", "membership", "figures"])
def test_a_full_disk_leaves_finished_steps_and_nothing_half_written(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    folder = tmp_path / "full"
    shutil.copytree(done, folder, ignore=shutil.ignore_patterns("results"))
    put = receipts._put
    order = [step.name for step in steps.STEPS]
    if failing != "typology":
        for name in order[: order.index(failing)]:
            shutil.copytree(done / "results" / name, folder / "results" / name)

    def full(path: Path, content: bytes) -> None:
        if f".part-{failing}-" in str(path) and path.suffix != ".csv":
            path.write_bytes(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        put(path, content)

    monkeypatch.setattr(receipts, "_put", full)
    with pytest.raises(OSError, match="No space left"):
        run_wave(folder / "run.toml", QUICK)
    results = folder / "results"
    assert not (results / "manifest.json").exists()
    assert not (results / failing).exists()
    assert not list(results.glob(".part-*"))
    assert study().half_files(results) == []
    monkeypatch.setattr(receipts, "_put", put)
    run_wave(folder / "run.toml", QUICK)
    assert csvs(results) == csvs(done / "results")


def test_a_full_disk_is_one_line_and_status_two(done: Path, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    folder = tmp_path / "limited"
    shutil.copytree(done, folder, ignore=shutil.ignore_patterns("results"))
    ended = subprocess.run(
        [sys.executable, "-m", "swvtypes", "run", str(folder / "run.toml"), "--quick"],
        capture_output=True, text=True, check=False, timeout=200,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500)),
    )  # fmt: skip
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "File too large" in ended.stderr
    assert not list((folder / "results").glob(".part-*"))
    assert study().half_files(folder / "results") == []


def test_a_folder_that_cannot_be_written_is_one_clear_fault(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_file = small_run(tmp_path)
    before = state(tmp_path)

    def refused(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(RunError) as caught:
        run_wave(run_file, QUICK)
    assert caught.value.faults == ("cannot be made: Permission denied",)
    assert state(tmp_path) == before


def test_workers_are_counted_and_wrong_numbers_refused() -> None:
    allowed = getattr(os, "sched_getaffinity", lambda process: range(os.cpu_count() or 1))
    assert n_workers(-1) == len(allowed(0))
    assert n_workers(3) == 3
    for wrong in (0, -2):
        with pytest.raises(OptionError, match="at least 1, or -1 for every core"):
            n_workers(wrong)


def test_every_core_is_the_default_and_changes_nothing(done: Path, tmp_path: Path) -> None:
    run_file = small_run(tmp_path)
    run_wave(run_file, RunOptions(quick=True, language="en"))
    assert csvs(tmp_path / "results") == csvs(done / "results")


def test_folders_that_are_not_for_results_are_left_alone(done: Path, tmp_path: Path) -> None:
    run_file = small_run(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "letter.txt").write_text("mine")
    before = state(tmp_path)
    with pytest.raises(RunError, match="found other files"):
        run_wave(run_file, QUICK)
    shutil.rmtree(tmp_path / "results")
    (tmp_path / "results").write_text("mine")
    with pytest.raises(RunError, match="expected a folder, found a file"):
        run_wave(run_file, QUICK)
    (tmp_path / "results").unlink()
    (tmp_path / "results").symlink_to(done)
    with pytest.raises(RunError, match="expected a folder inside"):
        run_wave(run_file, QUICK)
    (tmp_path / "results").unlink()
    with pytest.raises(OptionError, match="jobs"):
        run_wave(run_file, RunOptions(jobs=0))
    assert set(before) - set(state(tmp_path)) == {"results", "results/letter.txt"}


def test_an_earlier_run_is_compared_and_must_be_whole(done: Path, tmp_path: Path) -> None:
    folder = tmp_path / "next"
    run_file = small_run(folder)
    shutil.copytree(done / "results", folder / "last")
    text = run_file.read_text().replace(
        "[typology]", 'name = "later"\nearlier_runs = ["last"]\nprevious = "last"\n[typology]'
    )
    run_file.write_text(text)
    run_wave(run_file, QUICK)
    rates = pd.read_csv(folder / "results" / "comparison" / "transitions.csv")
    assert rates.loc[rates["before"] == rates["after"], "rate"].tolist() == [1.0, 1.0]
    scored = pd.read_csv(folder / "results" / "comparison" / "scored.csv")
    own = pd.read_csv(folder / "results" / "membership" / "membership.csv")
    assert scored["modal"].tolist() == own["modal"].tolist()
    (folder / "last" / "manifest.json").unlink()
    with pytest.raises(RunError) as caught:
        run_wave(run_file, QUICK)
    assert sum("not a complete run" in fault for fault in caught.value.faults) == 2


def test_two_killed_runs_end_in_the_same_bytes() -> None:
    found = study().study(2, seed=7, options=("--quick",))
    assert found["kills"] == 2
    assert found["identical"] == 2
    assert found["half_files_seen"] == 0


def test_the_stored_study_of_killed_runs() -> None:
    stored = json.loads(study().RESULT.read_text())
    parts = (stored["quick"], stored["bootstrap"])
    assert sum(part["kills"] for part in parts) >= 30
    for part in parts:
        assert part["identical"] == part["kills"]
        assert part["half_files_seen"] == 0
        assert part["csv_files"] >= 15


def test_a_run_that_is_killed_lets_go_of_its_lock(done: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    shutil.copytree(done, folder)
    program = (
        "import sys, time\nfrom pathlib import Path\n"
        "from swvtypes.workflow.locking import only_run\n"
        "with only_run(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(folder / "results")], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(RunError, match="another run"):
        run_wave(folder / "run.toml", QUICK)
    holder.kill()
    holder.communicate()
    time.sleep(0.05)
    assert run_wave(folder / "run.toml", QUICK).done == ()
