"""Ctrl-C at any stage: status 130, one sentence, no half file; and the same command goes on."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import command, environment, files, small_run

from swvtypes.workflow import RunOptions, run_wave

SENTENCE = "interrupted; no half-written file was left behind\n"
HEARD = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from swvtypes.cli import main; import sys; sys.argv[0] = 'swvtypes'; main()"
)
COMMANDS: dict[str, tuple[str, ...]] = {
    "reproduce": ("reproduce", "--out", "out"),
    "fit": ("fit", "wave.csv", "-c", "codebook.toml", "--jobs", "2", "--out", "out",
            "--checkpoint", "steps"),
    "run": ("run", "run.toml", "--jobs", "2"),
    "simulate": ("simulate", "codebook.toml", "--seeds", "1-2000", "--n", "70", "--out",
                 "out/m.csv"),
    "compare": ("compare", "earlier/results", "results", "--out", "out"),
    "rebuild": ("rebuild", "--seeds", "1-40", "--out", "out"),
    "audit": ("audit", "monitor_2016", "--out", "out/audit.csv"),
    "report": ("report", "results", "--out", "page.html"),
}  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("done")
    for place, name in ((folder / "earlier", "earlier"), (folder, "later")):
        run_file = small_run(place)
        run_file.write_text(
            run_file.read_text().replace("[typology]", f'name = "{name}"\n[typology]')
        )
        run_wave(run_file, RunOptions(quick=True, jobs=1, language="en"))
    return folder


def interrupted(folder: Path, asked: tuple[str, ...], wait: float) -> tuple[int, str, str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HEARD, *asked], cwd=folder, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=environment(), start_new_session=True,
    )  # fmt: skip
    time.sleep(wait)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=300)
    return process.returncode, out, errors


def half_files(folder: Path) -> list[str]:
    return [
        str(p.relative_to(folder)) for p in folder.rglob("*")
        if p.suffix == ".part" or ".part-" in p.name or p.name.startswith("swvtypes-")
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupt_at_any_stage(done: Path, tmp_path: Path, name: str) -> None:
    """Moments drawn out over the start, the reading and the work of each command."""
    statuses = []
    for at, wait in enumerate((0.4, 0.9, 1.6, 2.6, 4.0, 6.0)):
        folder = tmp_path / str(at)
        shutil.copytree(done, folder)
        if name == "run":
            shutil.rmtree(folder / "results")
        before = files(folder)
        status, _, errors = interrupted(folder, COMMANDS[name], wait)
        statuses.append(status)
        if status != 130:
            continue  # it had ended
        assert errors.endswith(SENTENCE), errors
        assert errors.count("\n") == 1, errors
        assert half_files(folder) == []
        after = files(folder)
        assert {place: after[place] for place in before} == before
    assert 130 in statuses, statuses
    assert set(statuses) <= {130, 0}, statuses


def test_an_interrupt_that_a_library_turns_into_its_own_error_is_one(tmp_path: Path) -> None:
    code = (
        "import os, signal\n"
        "import swvtypes.cli.app as app\n"
        "from swvtypes.cli.entry import main\n"
        "def run():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "        import time; time.sleep(5)\n"
        "    except KeyboardInterrupt:\n"
        "        raise ImportError('a library that could not be imported')\n"
        "app.run = run\n"
        "main()\n"
    )
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    done = subprocess.run(
        [sys.executable, "-c", heard + code], cwd=tmp_path, text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, SENTENCE)


def test_an_interrupted_series_of_waves_goes_on_where_it_stopped(
    done: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    shutil.copytree(done, folder)
    asked = ("simulate", "codebook.toml", "--seeds", "1-400", "--n", "70", "--out", "out/m.csv")
    process = subprocess.Popen(
        [sys.executable, "-c", HEARD, *asked], cwd=folder, text=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    for _ in range(3000):
        if len(list((folder / "out").glob("m_*.csv"))) >= 5:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=100)
    assert (process.returncode, errors) == (130, SENTENCE)
    assert half_files(folder) == []
    kept = files(folder / "out", (".csv",))
    ended = command(*asked[:3], "1-60", *asked[4:], cwd=folder)
    assert ended.returncode == 0
    said = int(ended.stdout.rsplit(", ", 1)[1].split()[0])
    assert min(len(kept), 60) - 1 <= said <= len(kept)  # the last may lack its receipt
    again = files(folder / "out", (".csv",))
    assert {name: again[name] for name in kept} == kept
    alone = command("simulate", "codebook.toml", "--seed", "60", "--n", "70", "--out", "one.csv",
                    cwd=folder)  # fmt: skip
    assert alone.returncode == 0
    assert (folder / "one.csv").read_bytes() == again["m_0060.csv"]
    (folder / "out" / "m_0002.csv").write_text("changed")
    ended = command(*asked[:3], "1-60", *asked[4:], cwd=folder)
    assert ", 59 were there" in ended.stdout
    assert files(folder / "out", (".csv",)) == again
