"""Full disks, folders that cannot be written, killed workers, other clocks, locales, terminals."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from places import command, environment, files, small_run

from swvtypes import resources
from swvtypes.errors import WorkerError
from swvtypes.parallel import run_as_finished, run_parallel, run_shared
from swvtypes.survey import read_wave
from swvtypes.workflow import RunOptions, run_wave

QUICK = RunOptions(quick=True, jobs=1, language="en")
ADDRESS = "No space left on device"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("done")
    run_wave(small_run(folder), QUICK)
    return folder


def no_leftovers(folder: Path) -> bool:
    return not [p for p in folder.rglob("*") if p.suffix == ".part" or ".part-" in p.name]


# Full disk.


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with next to no room; where none may be mounted, skip."""
    spot = tmp_path / "disk"
    spot.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(spot)],
        capture_output=True, check=False,
    ) if shutil.which("mount") else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("no file system can be mounted here")
    yield spot
    subprocess.run(["umount", str(spot)], check=False)


def limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))


WRITERS: dict[str, tuple[str, ...]] = {
    "fit": ("fit", "wave.csv", "-c", "codebook.toml", "--quick", "--jobs", "1", "--out", "out"),
    "simulate": ("simulate", "codebook.toml", "--out", "out/made.csv"),
    "simulate many": ("simulate", "codebook.toml", "--seeds", "1-3", "--out", "out/m.csv"),
    "report": ("report", "results", "--out", "page.html"),
    "audit": ("audit", "monitor_2016", "--out", "out/audit.csv"),
    "init": ("init", "out", "--wave", "wave.csv"),
    "score": ("score", "results/typology/typology.json", "wave.csv", "-c", "codebook.toml",
              "--out", "out"),
    "rebuild": ("rebuild", "--source", "start_2014", "--seeds", "1", "--out", "out"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_ends_every_writer_in_one_line_and_no_half_file(
    done: Path, tmp_path: Path, name: str
) -> None:
    pytest.importorskip("resource")
    folder = tmp_path / "in"
    shutil.copytree(done, folder)
    before = files(folder)
    ended = command(*WRITERS[name], cwd=folder, preexec_fn=limited)
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "File too large" in ended.stderr
    after = files(folder)
    assert {k: after[k] for k in before} == before
    # What is there was written whole: it is below the limit, at which a cut file would stand.
    assert all(len(content) < 700 for path, content in after.items() if path not in before)
    assert no_leftovers(folder)


def test_a_run_on_a_disk_that_fills_up_goes_on_when_there_is_room(
    done: Path, small_disk: Path
) -> None:
    folder = small_disk / "in"
    shutil.copytree(done, folder, ignore=shutil.ignore_patterns("results"))
    ended = command("run", str(folder / "run.toml"), "--quick", "--language", "en", cwd=folder)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert ADDRESS in ended.stderr
    assert no_leftovers(folder)
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    again = run_wave(folder / "run.toml", QUICK)
    assert again.kept
    assert files(folder / "results", (".csv",)) == files(done / "results", (".csv",))


@pytest.mark.parametrize("call", ["write", "flush", "fsync", "replace"])
def test_no_room_at_any_moment_of_a_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    target = tmp_path / "file.txt"
    resources.atomic_bytes(target, b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, ADDRESS)

    class Stream:
        def __init__(self, part: Path) -> None:
            part.touch()

        def __enter__(self) -> Stream:
            return self

        def __exit__(self, *_: object) -> None: ...

        def fileno(self) -> int:
            return 0

        write = full if call == "write" else lambda *_: None
        flush = full if call == "flush" else lambda *_: None

    if call in ("write", "flush"):
        monkeypatch.setattr(resources, "open", lambda part, *_, **__: Stream(part), raising=False)
    else:
        monkeypatch.setattr(resources.os, call, full)
    with pytest.raises(OSError, match=ADDRESS):
        resources.atomic_bytes(target, b"new")
    with pytest.raises(OSError, match=ADDRESS), resources.atomic_write(target) as stream:
        stream.write("new")
    monkeypatch.undo()
    assert files(tmp_path) == {"file.txt": b"old"}


# Folders that may not be written.


def bound_by_permissions() -> None:
    """Let go of what lets root write everywhere; it takes effect with the next program."""
    if os.geteuid() == 0:
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            library.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux where root runs it")
@pytest.mark.parametrize("name", ["fit", "simulate", "simulate many", "init", "run"])
def test_who_may_not_write_hears_of_it_in_one_line(done: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    shutil.copytree(done, folder)
    if name == "run":
        shutil.rmtree(folder / "results")
    asked = WRITERS[name] if name != "run" else ("run", "run.toml", "--quick")
    before = files(folder)
    folder.chmod(0o555)
    try:
        ended = command(*asked, cwd=folder, preexec_fn=bound_by_permissions)
    finally:
        folder.chmod(0o755)
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.count("\n") == 1, ended.stderr
    assert "cannot be written to" in ended.stderr or "Permission denied" in ended.stderr
    assert files(folder) == before


# Killed workers.

MAIN = int(os.environ.setdefault("SWVTYPES_TEST_MAIN", str(os.getpid())))


def die_once(task: tuple[str, int]) -> int:
    mark, number = Path(task[0]), task[1]
    if number == 3 and os.getpid() != MAIN and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.02)
    return number * number


def die_always(number: int) -> int:
    if os.getpid() != MAIN:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return number


def finished_one_by_one(function: Callable[[Any], Any], items: Any, n_jobs: int) -> list[Any]:
    found = dict(run_as_finished(function, items, n_jobs))
    return [found[at] for at in sorted(found)]


DOORS = [run_parallel, run_shared, finished_one_by_one]


@pytest.mark.filterwarnings("ignore:A worker stopped")
@pytest.mark.parametrize("run", DOORS)
def test_a_killed_worker_is_replaced_and_changes_nothing(
    tmp_path: Path, run: Callable[..., list[int]]
) -> None:
    tasks = [(str(tmp_path / "died"), number) for number in range(9)][::-1]
    assert run(die_once, tasks, 2) == [number**2 for number in range(9)][::-1]


@pytest.mark.filterwarnings("ignore:A worker stopped")
@pytest.mark.parametrize("run", DOORS)
def test_workers_that_keep_dying_are_one_sentence(run: Callable[..., list[int]]) -> None:
    with pytest.raises(WorkerError) as caught:
        run(die_always, range(9), 2)
    assert "\n" not in str(caught.value)
    assert "start again with fewer workers" in str(caught.value)


# Clocks.


def test_a_clock_that_jumps_back_changes_neither_locks_nor_receipts(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    shutil.copytree(done, folder)
    later = time.time() + 10 * 365 * 86_400
    for path in folder.rglob("*"):
        os.utime(path, (later, later))
    monkeypatch.setattr(time, "time", lambda: 86_400.0)  # before 1980
    monkeypatch.setattr(time, "time_ns", lambda: 86_400 * 10**9)
    assert run_wave(folder / "run.toml", QUICK).done == ()
    shutil.rmtree(folder / "results" / "figures")
    assert run_wave(folder / "run.toml", QUICK).done == ("figures",)
    same = files(done / "results", (".csv", ".json", ".sav", ".xlsx", ".svg"))
    assert files(folder / "results", (".csv", ".json", ".sav", ".xlsx", ".svg")) == same
    (folder / "wave.csv").write_bytes((folder / "wave.csv").read_bytes().replace(b",1\n", b",0\n"))
    os.utime(folder / "wave.csv", (0, 0))  # older than its results, and changed all the same
    assert "check" in run_wave(folder / "run.toml", QUICK).done


# Locales and terminals.


def test_a_dutch_locale_with_decimal_commas(done: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(done, folder, ignore=shutil.ignore_patterns("results"))
    plain = (folder / "wave.csv").read_text()
    dutch = "\n".join(
        ";".join(cell + ",0" if cell in "01" and at > 2 else cell
                 for at, cell in enumerate(line.split(",")))
        for line in plain.splitlines()
    )  # fmt: skip
    (folder / "wave.csv").write_text(dutch)
    program = (
        "import locale, sys\n"
        "for name in ('nl_NL.UTF-8', 'nl_NL.utf8', 'nl_NL', ''):\n"
        "    try:\n        locale.setlocale(locale.LC_ALL, name)\n        break\n"
        "    except locale.Error:\n        pass\n"
        # Where no Dutch locale is installed, its conventions stand in for it.
        "known = locale.localeconv\n"
        "locale.localeconv = lambda: known() | {'decimal_point': ',', 'thousands_sep': '.'}\n"
        "from swvtypes.cli import main\nmain()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, "run", "run.toml", "--quick", "--language", "en", "--jobs",
         "1"],
        capture_output=True, text=True, check=False, cwd=folder, timeout=300,
        env=environment(LC_ALL="nl_NL.UTF-8", LANG="nl_NL.UTF-8"),
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    found, same = files(folder / "results", (".csv",)), files(done / "results", (".csv",))
    different = [name for name in same if found[name] != same[name]]
    assert different == []
    read = read_wave(folder / "wave.csv", folder / "codebook.toml")
    assert len(read) == 50


@pytest.mark.parametrize(
    "terminal", [{"COLUMNS": "80"}, {"COLUMNS": "40"}, {"COLUMNS": "", "TERM": "dumb"}, None]
)
def test_wide_narrow_and_no_terminals(
    done: Path, tmp_path: Path, terminal: dict[str, str] | None
) -> None:
    asked = ("run", str(done / "run.toml"), "--quick", "--language", "en", "--jobs", "1")
    env = environment()
    for name in ("COLUMNS", "LINES", "TERM"):
        env.pop(name, None)
    ended = subprocess.run(
        [sys.executable, "-m", "swvtypes", *asked],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
        cwd=tmp_path, timeout=300, env=env | (terminal or {}),
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert b"results in" in ended.stdout
    assert b"\x1b" not in ended.stdout


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
@pytest.mark.parametrize("columns", [80, 40])
def test_on_a_terminal_nothing_is_wider_than_it_and_the_cursor_comes_back(
    done: Path, tmp_path: Path, columns: int
) -> None:
    import fcntl
    import struct
    import termios

    folder = tmp_path / "in"
    shutil.copytree(done, folder, ignore=shutil.ignore_patterns("results"))
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = environment(TERM="xterm")
    env.pop("COLUMNS")
    env.pop("LINES")
    process = subprocess.Popen(
        [sys.executable, "-m", "swvtypes", "run", str(folder / "run.toml"), "--quick", "--jobs",
         "1"],
        stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=env, cwd=tmp_path,
    )  # fmt: skip
    os.close(theirs)
    drawn = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        drawn += part
    process.communicate(timeout=200)
    os.close(ours)
    assert process.returncode == 0
    assert drawn.count(b"\x1b[?25l") == drawn.count(b"\x1b[?25h") > 0
    lines = re.split(r"[\r\n]+|\x1b\[[0-9;?]*[ABJKhl]", drawn.decode())
    assert max(len(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line)) for line in lines) <= columns
