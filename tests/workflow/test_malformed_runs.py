"""A thousand malformed inputs: every planted fault told, and no file made or changed."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from small_run import small_run, state

from swvtypes.errors import RunError
from swvtypes.workflow import RunOptions, inputs, run_wave
from swvtypes.workflow.inputs import load_tables

Needles = list[str]
Texts = dict[str, bytes]
Fault = Callable[[random.Random, Texts], Needles]


def _toml(key: str, value: str) -> Fault:
    def plant(rng: random.Random, files: Texts) -> Needles:
        lines = files["run.toml"].decode().splitlines()
        lines = [line for line in lines if not line.startswith(f"{key} ")]
        files["run.toml"] = "\n".join([f"{key} = {value}", *lines]).encode()
        return [key]

    return plant


def _option(key: str, value: str) -> Fault:
    def plant(rng: random.Random, files: Texts) -> Needles:
        lines = [
            line for line in files["run.toml"].decode().splitlines()
            if not line.startswith(f"{key} ")
        ]  # fmt: skip
        files["run.toml"] = ("\n".join(lines) + f"\n{key} = {value}\n").encode()
        return [f"typology.{key}"]

    return plant


RUN_FAULTS: list[Fault] = [
    _toml("out", '"../elsewhere"'), _toml("out", '"/somewhere"'), _toml("out", '"."'),
    _toml("out", '"a/../../b"'), _toml("seed", "-1"), _toml("seed", "1.5"), _toml("seed", '"one"'),
    _toml("language", '"de"'), _toml("wave", "3"), _toml("codebook", "[]"), _toml("sead", "1"),
    _toml("earlier_runs", '"one"'), _toml("columns", '"x"'), _toml("leave_out", "7"),
    _toml("schema_version", "2"), _toml("schema_version", "true"), _toml("names", "[1]"),
    _option("n_boot", "3"), _option("n_boots", "99"), _option("rule", '"guess"'),
    _option("max_types", '"two"'), _option("level", "1.5"), _option("quick", '"yes"'),
]  # fmt: skip


def broken_bytes(name: str) -> Fault:
    """Make a file unreadable, in one of several ways."""

    def plant(rng: random.Random, files: Texts) -> Needles:
        whole = files[name]
        kind = rng.randrange(4)
        if kind == 0:
            files[name] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 300))) + b"\xff"
        elif kind == 1:
            files[name] = b""
        elif kind == 2:
            at = rng.randrange(len(whole) // 2)
            files[name] = whole[:at] + b"\x00\xff" + whole[at:]
        else:
            files[name] = b'"unclosed ' + whole[: rng.randrange(5, 60)].replace(b'"', b"")
        return [""]

    return plant


def absent(key: str) -> Fault:
    def plant(rng: random.Random, files: Texts) -> Needles:
        lines = files["run.toml"].decode().splitlines()
        lines = [line for line in lines if not line.startswith(f"{key} ")]
        lines.insert(1, f'{key} = "gone_{rng.randrange(99)}.toml"')
        files["run.toml"] = "\n".join(lines).encode()
        return ["gone_"]

    return plant


def _cell(value: str, *needles: str) -> Fault:
    def plant(rng: random.Random, files: Texts) -> Needles:
        rows = [line.split(",") for line in files["wave.csv"].decode("latin-1").splitlines()]
        if len(rows) < 10 or len(rows[0]) < 5:
            return []
        free = [at for at in range(1, len(rows)) if set(rows[at][3:]) <= {"0", "1"}]
        at, column = rng.choice(free), rng.randrange(3, len(rows[0]))
        rows[at][column] = value
        files["wave.csv"] = "\n".join(",".join(row) for row in rows).encode("latin-1")
        name = rows[at][0]
        return [f"organisation {name!r} (line {at + 1}), column {rows[0][column]!r}: expected"]

    return plant


def extra_column(rng: random.Random, files: Texts) -> Needles:
    lines = files["wave.csv"].decode("latin-1").splitlines()
    name = f"first_{rng.randrange(10, 99)}"
    files["wave.csv"] = "\n".join(
        [lines[0] + f",{name}", *(line + ",1" for line in lines[1:])]
    ).encode("latin-1")
    return [f"column {name!r}: not in the codebook"]


def double_row(rng: random.Random, files: Texts) -> Needles:
    lines = files["wave.csv"].decode("latin-1").splitlines()
    line = rng.choice(lines[1:])
    files["wave.csv"] = "\n".join([*lines, line]).encode("latin-1")
    return [f"organisation {line.split(',')[0]!r}: expected once, found 2 times"]


def short_row(rng: random.Random, files: Texts) -> Needles:
    lines = files["wave.csv"].decode("latin-1").splitlines()
    lines.append("SYN-900,po,true")
    files["wave.csv"] = "\n".join(lines).encode("latin-1")
    return [f"line {len(lines)}: expected"]


def bad_entry(rng: random.Random, files: Texts) -> Needles:
    name = f"x{rng.randrange(999)}"
    files["codebook.toml"] += (
        f'\n[[variables]]\nid = "{name}"\nlabel = {{ nl = "x", en = "x" }}\n'
        f'type = "{rng.choice(["ratio", "text", "BINARY"])}"\n'
    ).encode()
    return [f"codebook.toml: variable '{name}', key 'type'"]


def lost_theme(rng: random.Random, files: Texts) -> Needles:
    files["codebook.toml"] = files["codebook.toml"].replace(b'id = "second", ', b'id = "secnd", ')
    return ["key 'theme': no theme has the id 'second'"]


WAVE_FAULTS: list[Fault] = [
    _cell("7"), _cell("ja"), _cell("1e999"), _cell("=1+1"), _cell("0.5"), _cell("\u00e9\u00e9n"),
    extra_column, double_row, short_row,
]  # fmt: skip
CODEBOOK_FAULTS: list[Fault] = [bad_entry, lost_theme]
FATAL: list[Fault] = [
    broken_bytes("run.toml"), broken_bytes("wave.csv"), broken_bytes("codebook.toml"),
    absent("wave"), absent("codebook"), absent("tables"), absent("crosswalk"), absent("register"),
]  # fmt: skip


def malform(rng: random.Random, files: Texts) -> Needles:
    """Plant one to four faults that leave each other visible; give a text that names each."""
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(FATAL)(rng, files)
    if kind == 1:
        chosen = rng.sample(RUN_FAULTS[4:16], 2) + rng.sample(RUN_FAULTS[17:], 2)
        return [needle for plant in chosen for needle in plant(rng, files)]
    if kind == 2:
        return rng.choice(RUN_FAULTS)(rng, files)
    if rng.randrange(3) == 0:
        return [needle for plant in CODEBOOK_FAULTS for needle in plant(rng, files)]
    cells = rng.sample(WAVE_FAULTS[:6], rng.randrange(1, 4))
    chosen = [*cells, *rng.sample(WAVE_FAULTS[6:], rng.randrange(2))]
    return [needle for plant in chosen for needle in plant(rng, files)]


def written(folder: Path, source: Texts, seed: int) -> Needles:
    """Write malformed input into a folder."""
    files = dict(source)
    needles = malform(random.Random(seed), files)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return needles


def faults_of(run_file: Path) -> tuple[str, ...]:
    """Give the faults that a run ends with; none when it does not end with any."""
    try:
        run_wave(run_file, RunOptions(quick=True, jobs=1))
    except RunError as error:
        return error.faults
    return ()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    folder = tmp_path_factory.mktemp("source")
    small_run(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_thousand_malformed_inputs(
    source: Texts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = load_tables("monitor_2016")
    monkeypatch.setattr(
        inputs, "load_tables", lambda n: packaged if n == "monitor_2016" else load_tables(n)
    )
    for seed in range(950):
        needles = written(tmp_path, source, seed)
        before = state(tmp_path)
        faults = faults_of(tmp_path / "run.toml")
        assert faults, seed
        text = "\n".join(faults)
        missed = [needle for needle in needles if needle not in text]
        assert not missed, (seed, missed, text)
        assert all("\n" not in fault for fault in faults), seed
        assert state(tmp_path) == before, seed


def test_fifty_malformed_inputs_through_the_command(source: Texts, tmp_path: Path) -> None:
    program = (
        "import sys, io, contextlib\n"
        "from pathlib import Path\n"
        "from swvtypes.cli import main\n"
        "for folder in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    command = 'run' if int(folder.name) % 2 else 'check'\n"
        "    sys.argv = ['swvtypes', command, str(folder / 'run.toml')]\n"
        "    said, status = io.StringIO(), 0\n"
        "    with contextlib.redirect_stderr(said):\n"
        "        try:\n"
        "            main()\n"
        "        except SystemExit as end:\n"
        "            status = end.code\n"
        "    text = said.getvalue()\n"
        "    print(folder.name, status, text.count('\\n'), 'Traceback' in text)\n"
    )
    needles = {}
    for seed in range(2000, 2050):
        folder = tmp_path / "inputs" / str(seed)
        folder.mkdir(parents=True)
        needles[str(seed)] = written(folder, source, seed)
    before = state(tmp_path / "inputs")
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "inputs")],
        capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path,
    )  # fmt: skip
    assert done.stderr == ""
    lines = [line.split() for line in done.stdout.splitlines()]
    assert len(lines) == 50
    for name, status, count, traceback in lines:
        assert (status, traceback) == ("2", "False"), name
        assert int(count) >= max(1, len(set(needles[name]))), name
    assert state(tmp_path / "inputs") == before


def test_malformed_binary_files_and_a_command_of_its_own(source: Texts, tmp_path: Path) -> None:
    rng = random.Random(1)
    for suffix in ("sav", "parquet"):
        files = dict(source)
        files["run.toml"] = files["run.toml"].replace(b"wave.csv", f"wave.{suffix}".encode())
        folder = tmp_path / suffix
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        head = {"sav": b"$FL2@(#)", "parquet": b"PAR1"}[suffix]
        (folder / f"wave.{suffix}").write_bytes(head + rng.randbytes(400))
        before = state(folder)
        done = subprocess.run(
            [sys.executable, "-m", "swvtypes", "run", str(folder / "run.toml")],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 2
        assert done.stderr.startswith(f"run.toml: wave.{suffix}: no valid .{suffix} file")
        assert "Traceback" not in done.stderr
        assert state(folder) == before
