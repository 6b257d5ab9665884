"""The command that times everything: ratios, goals, what is kept, what joins."""

from __future__ import annotations

import json
import platform
import re
import statistics
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks import about, registry, storing
from benchmarks.measuring import OURS, Benchmark, Goal, Measured, Plan, Task, run_task

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "benchmarks" / "results" / "speed.json"


def timed(*seconds: float) -> Any:
    """An action that says that it took so long, repeat by repeat."""
    return lambda repeat: Measured(seconds[repeat], 2.0 * seconds[repeat], repeat)


def test_a_ratio_is_the_peers_time_over_ours_for_the_same_work() -> None:
    task = Task(
        "t", {OURS: timed(1.0, 2.0, 4.0), "peer": timed(10.0, 30.0, 20.0)},
        work={OURS: 100, "peer": 5}, unit="replicates",
    )  # fmt: skip
    record = run_task(task, 3)
    # 20 times the work: 200, 300 and 100 times as fast.
    assert record["ratio"]["peer"]["wall"] == {"median": 200.0, "least": 100.0, "most": 300.0}
    assert record["ratio"]["peer"]["processor"]["median"] == 200.0
    assert record["seconds"][OURS]["processor"] == {"median": 4.0, "least": 2.0, "most": 8.0}
    assert record["every"]["peer"]["wall"] == [10.0, 30.0, 20.0]
    assert record["repeats"] == 3


def test_a_peer_timed_once_stands_beside_every_repeat() -> None:
    task = Task("t", {OURS: timed(1.0, 2.0, 4.0), "peer": timed(8.0)}, peer_repeats=1)
    record = run_task(task, 3)
    assert record["ratio"]["peer"]["wall"] == {"median": 4.0, "least": 2.0, "most": 8.0}
    assert record["peer_repeats"] == 1


def test_the_order_of_the_engines_turns_and_repeats_are_numbered() -> None:
    calls: list[tuple[str, int]] = []
    task = Task(
        "t", {name: lambda r, name=name: calls.append((name, r)) for name in (OURS, "peer")}
    )
    run_task(task, 2)
    assert calls == [(OURS, 0), ("peer", 0), ("peer", 1), (OURS, 1)]


def test_what_is_imported_late_is_loaded_before_the_clock_starts() -> None:
    order: list[str] = []
    task = Task("t", {OURS: lambda r: order.append("timed")}, warm=lambda: order.append("warm"))
    record = run_task(task, 1)
    assert order == ["warm", "timed"]
    assert record["seconds"][OURS]["wall"]["median"] >= 0.0


@pytest.mark.parametrize(
    ("goal", "met"),
    [
        (Goal("a/b", least=2.0), True),
        (Goal("a/b", least=2.1), False),
        (Goal("a/b", most=1.9), False),
        (Goal("a/b", least=1.0, most=2.0), True),
        (Goal("a/c", least=0.0), False),
        (Goal("a/b/c", most=9.0), False),
    ],
)
def test_a_goal_is_met_within_its_limits_and_never_by_what_is_not_there(
    goal: Goal, met: bool
) -> None:
    assert goal.judge({"a": {"b": 2.0}})["met"] is met


def stop(repeat: int) -> None:
    raise KeyboardInterrupt


def broken(repeat: int) -> None:
    raise ValueError(str(ROOT))


def book(
    path: Path, tasks: list[Task], started: str = "first"
) -> tuple[command.Book, list[tuple[str, Task]]]:
    one = Benchmark("one", "One", lambda plan: tasks, 0.1, "none", {"tolerance": 1e-9})
    run = command.header(Plan(), 1, []) | {"started": started}
    return command.Book(path, run, {"one": one}), [("one", task) for task in tasks]


def test_an_interrupt_keeps_what_was_timed_and_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    first, tasks = book(path, [Task("a", {OURS: timed(1.0)}), Task("b", {OURS: timed(1.0)})])
    assert command.run(first, tasks, 1, quick=False) == "ended"
    first.end(tasks, 1.0, complete=True)
    old = json.loads(path.read_text())
    late = [Task("a", {OURS: timed(9.0)}), Task("b", {OURS: stop})]
    again, tasks = book(path, late, "later")
    assert command.run(again, tasks, 1, quick=False) == "interrupted"
    again.end(tasks, 1.0, complete=False)
    kept = json.loads(path.read_text())["benchmarks"]["one"]["tasks"]
    assert kept["a"]["seconds"][OURS]["wall"]["median"] == 9.0
    assert kept["a"]["run"] == "later"
    assert kept["b"] == old["benchmarks"]["one"]["tasks"]["b"]
    assert set(json.loads(path.read_text())["runs"]) == {"first", "later"}


def test_a_task_that_breaks_off_stops_no_other_and_gives_no_path_away(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    mine, tasks = book(path, [Task("a", {OURS: broken}), Task("b", {OURS: timed(1.0)})])
    assert command.run(mine, tasks, 1, quick=False) == "failed"
    mine.end(tasks, 1.0, complete=False)
    text = path.read_text()
    assert json.loads(text)["runs"][mine.started]["failed"] == {"a": "ValueError"}
    assert list(json.loads(text)["benchmarks"]["one"]["tasks"]) == ["b"]
    assert str(ROOT) not in text


def test_a_run_that_timed_nothing_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    mine, tasks = book(path, [Task("a", {OURS: stop})])
    assert command.run(mine, tasks, 1, quick=False) == "interrupted"
    mine.end(tasks, 1.0, complete=False)
    assert json.loads(path.read_text())["runs"] == {}


def test_tasks_that_are_no_more_leave_the_file_after_a_whole_run(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    old, tasks = book(path, [Task("gone", {OURS: timed(1.0)})])
    command.run(old, tasks, 1, quick=False)
    now = [Task("here", {OURS: timed(1.0)}), Task("not", skipped="no data")]
    new, tasks = book(path, now, "later")
    command.run(new, tasks, 1, quick=True)
    new.end(tasks, 1.0, complete=True)
    kept = json.loads(path.read_text())["benchmarks"]["one"]
    assert list(kept["tasks"]) == ["here", "not"]
    assert kept["tasks"]["not"]["skipped"] == "no data"
    assert kept["settings"] == {"tolerance": 1e-9}
    assert list(json.loads(path.read_text())["runs"]) == ["later"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    storing.write_json(path, {"a": 1})
    with pytest.raises(TypeError):
        storing.write_json(path, {"a": object()})
    assert storing.read_json(path) == {"a": 1}
    assert [found.name for found in tmp_path.iterdir()] == ["a.json"]
    assert storing.read_json(tmp_path / "b.json") is None


def test_a_module_joins_by_having_a_benchmark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import benchmarks

    text = (
        "from benchmarks.measuring import Benchmark\n"
        "BENCHMARK = Benchmark('joined_here', 'Joined', lambda plan: [], 0.1, 'none')\n"
    )
    (tmp_path / "joined_here.py").write_text(text, encoding="utf-8")
    (tmp_path / "no_part.py").write_text("raise RuntimeError\n", encoding="utf-8")
    monkeypatch.setattr(registry, "FOLDER", tmp_path)
    monkeypatch.setattr(benchmarks, "__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "benchmarks.joined_here", raising=False)
    assert list(registry.benchmarks()) == ["joined_here"]
    sys.modules.pop("benchmarks.joined_here", None)


def test_what_is_written_of_the_machine_names_no_host_and_no_path() -> None:
    plan = Plan(interpreters={"phenocluster": "no/such/python"})
    run = command.header(plan, 3, [])
    text = json.dumps(run)
    assert not re.search(r"(?<![\w.])/(?:work|tmp|home|root|usr)\b", text)
    if len(platform.node()) > 3:
        assert platform.node() not in text
    assert run["versions"]["swvtypes"] == about.versions()["swvtypes"]
    assert run["machine"]["cores"] >= 1
    assert run["machine"]["memory_gigabytes"] is None or run["machine"]["memory_gigabytes"] > 0.1
    assert run["peers"]["phenocluster"].startswith("absent")
    assert " threads" in run["versions"]["blas"] or "not known" in run["versions"]["blas"]


@pytest.mark.parametrize("quick", [True, False])
def test_tasks_have_names_of_their_own_and_skip_where_data_are_absent(quick: bool) -> None:
    names = []
    for one in registry.benchmarks().values():
        for task in one.tasks(Plan(quick=quick)):
            names.append((one.name, task.name))
            assert task.skipped or OURS in task.actions
            assert bool(task.skipped) != bool(task.actions)
    assert len(set(names)) == len(names)
    assert {"lca_speed", "typology_stability"} <= {name for name, _ in names}


def test_stored_figures_belong_together() -> None:
    found = json.loads(STORED.read_text(encoding="utf-8"))
    known = registry.benchmarks()
    for name, entry in found["benchmarks"].items():
        assert name in known
        for task, record in entry["tasks"].items():
            assert record["run"] in found["runs"], task
            if "skipped" in record:
                continue
            for goal in record["goals"]:
                limits = {side: goal[side] for side in ("least", "most") if side in goal}
                assert goal == Goal(goal["figure"], **limits).judge(record), task
            for engine, clocks in record.get("every", {}).items():
                for clock, values in clocks.items():
                    median = record["seconds"][engine][clock]["median"]
                    assert median == pytest.approx(statistics.median(values), rel=2e-3)
    assert not re.search(r"(?<![\w.])/(?:work|tmp|home|root)/", STORED.read_text("utf-8"))


def test_the_command_says_what_there_is_and_what_it_does_not_know(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["--list", "--quick"]) == 0
    assert "lca_bootstrap: Bootstrap likelihood-ratio test" in capsys.readouterr().out
    assert command.main(["--only", "nothing of that name"]) == 2


@pytest.mark.slow
def test_a_part_at_toy_size_runs_from_end_to_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("stepmix")
    path = tmp_path / "quick.json"
    asked = ["--quick", "--only", "152 x 20 binary, K=2", "--only", "152 x 5", "--out", str(path)]
    assert command.main(asked) == 0
    tasks = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
    (record,) = tasks["lca_speed"]["tasks"].values()
    assert set(record["seconds"]) == {OURS, "StepMix"}
    assert record["ratio"]["StepMix"]["processor"]["median"] > 1.0
    (record,) = tasks["gaussian_speed"]["tasks"].values()
    values = record["shown"]["log_likelihood"]
    assert values[OURS] == pytest.approx(values["scikit-learn"], abs=0.5)
    assert "StepMix" in capsys.readouterr().out
