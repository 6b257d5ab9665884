"""A thousand malformed inputs: every planted fault told, and no file made or changed."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from small_run import small_run, state

from swvtypes.errors import RunError
from swvtypes.survey.spss import sav_bytes
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


def double_column(rng: random.Random, files: Texts) -> Needles:
    lines = files["wave.csv"].decode("latin-1").splitlines()
    files["wave.csv"] = "\n".join(
        [lines[0] + ",second_1", *(line + ",1" for line in lines[1:])]
    ).encode("latin-1")
    return ["column 'second_1': expected once, found 2 times"]


def untrimmed_column(rng: random.Random, files: Texts) -> Needles:
    lines = files["wave.csv"].decode("latin-1").splitlines()
    lines[0] = lines[0].replace("second_2", " second_2 ")
    files["wave.csv"] = "\n".join(lines).encode("latin-1")
    return ["column ' second_2 ': expected no spaces around the name 'second_2'"]


def renamed_twice(rng: random.Random, files: Texts) -> Needles:
    files["run.toml"] += b'\n[columns]\n"first_0" = "first_1"\n"gone" = "first_2"\n'
    return ["columns: the data file has no column 'gone'"]


def left_out_and_needed(rng: random.Random, files: Texts) -> Needles:
    files["run.toml"] = b'leave_out = ["first_0", "sector"]\n' + files["run.toml"]
    return [
        f"column {name!r}: expected in the file, it is absent" for name in ("first_0", "sector")
    ]


def left_out_and_lined_up(rng: random.Random, files: Texts) -> Needles:
    files["run.toml"] = b'leave_out = ["who"]\n' + files["run.toml"]
    files["run.toml"] += b'\n[columns]\n"who" = "organisation"\n'
    return ["leave_out: 'who' is lined up under columns, a column is read or left out"]


def earlier_run(rng: random.Random, files: Texts) -> Needles:
    files["run.toml"] = (
        b'earlier_runs = ["results", "../no/run"]\nprevious = "gone"\n' + files["run.toml"]
    )
    return [
        "earlier_runs: 'results' is the folder that the results go to",
        "earlier_runs: ../no/run: there is no such folder",
        "previous: gone: there is no such folder",
    ]


def bad_positions(rng: random.Random, files: Texts) -> Needles:
    files["run.toml"] += b'\n[steering]\nvarable = "x"\ncuts = ["a", -1]\n'
    return ["steering.varable: unknown key; did you mean 'variable'?", "steering.cuts.0",
            "steering.cuts.1: expected at least 0, got -1"]  # fmt: skip


def bad_crosswalk(rng: random.Random, files: Texts) -> Needles:
    files["crosswalk.csv"] = b"wave,variable,concept\nwave,first_0,a\n"
    files["run.toml"] = b'crosswalk = "crosswalk.csv"\n' + files["run.toml"]
    return ["crosswalk.csv: "]


def bad_tables(rng: random.Random, files: Texts) -> Needles:
    files["tables.toml"] = rng.choice([b"[[tables]]\nlocator = 3\n", b"schema_version = 9", b"["])
    files["run.toml"] = b'tables = "tables.toml"\n' + files["run.toml"]
    return ["tables.toml"]


def bad_register(rng: random.Random, files: Texts) -> Needles:
    files["register.csv"] = rng.choice(
        [b"organisation;year\nSYN-001;2026\n", b"organisation,first_0\nSYN-001,1\n", b"\xff\xfe"]
    )
    files["run.toml"] = b'register = "register.csv"\n' + files["run.toml"]
    return ["register.csv: "]


def contradiction(rng: random.Random, files: Texts) -> Needles:
    label = b'label = { nl = "x", en = "x" }\n'
    files["codebook.toml"] += (
        b'\n[[missing]]\nid = "past"\ncode = 97\nenters = "gate"\n' + label
        + b'\n[[answers]]\nid = "unused"\n' + label
        + b'categories = [{ code = 1, label = { nl = "a", en = "a" } },'
        + b' { code = 1, label = { nl = "b", en = "b" } }]\n'
        + b'\n[[variables]]\nid = "lost"\ntype = "binary"\nmissing = ["past"]\n' + label
    )  # fmt: skip
    return [
        "variable 'lost': key 'missing': 'past' enters as 'gate', and the variable has no gate",
        "answer list 'unused': code 1 stands for 2 categories",
    ]


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
CODEBOOK_FAULTS: list[Fault] = [bad_entry, lost_theme, contradiction]
WHOLE_FAULTS: list[Fault] = [
    double_column, untrimmed_column, renamed_twice, left_out_and_needed, left_out_and_lined_up,
    earlier_run,
    bad_positions, bad_crosswalk, bad_tables, bad_register, contradiction,
]  # fmt: skip


def other_form(suffix: str, damaged: bool) -> Fault:
    """Bring the wave as another kind of file, with a bad cell or with damaged bytes."""

    def plant(rng: random.Random, files: Texts) -> Needles:
        frame = pd.read_csv(io.BytesIO(files.pop("wave.csv")))
        at = rng.randrange(len(frame))
        frame["second_0"] = frame["second_0"].astype(float)
        frame.loc[at, "second_0"] = 4.0
        content = as_bytes(frame, suffix)
        if damaged:
            cut = rng.randrange(8, len(content) // 2)
            content = content[:cut] + rng.randbytes(5)
        files[f"wave.{suffix}"] = content
        files["run.toml"] = files["run.toml"].replace(b"wave.csv", f"wave.{suffix}".encode())
        name = frame.loc[at, "organisation"]
        return (
            [f"wave.{suffix}: no valid .{suffix} file"] if damaged
            else [f"organisation {name!r} (row {at + (2 if suffix == 'xlsx' else 1)}), column "
                  "'second_0': expected one of 0, 1, got 4"]
        )  # fmt: skip

    return plant


def as_bytes(frame: pd.DataFrame, suffix: str) -> bytes:
    stream = io.BytesIO()
    if suffix == "xlsx":
        frame.to_excel(stream, index=False)
    elif suffix == "parquet":
        frame.to_parquet(stream, index=False)
    else:
        frame["synthetic"] = frame["synthetic"].astype(float)
        return sav_bytes(frame, {}, {}, {})
    return stream.getvalue()


OTHER_FORMS = [other_form(s, d) for s in ("xlsx", "parquet") for d in (False, True)]
FATAL: list[Fault] = [
    broken_bytes("run.toml"), broken_bytes("wave.csv"), broken_bytes("codebook.toml"),
    absent("wave"), absent("codebook"), absent("tables"), absent("crosswalk"), absent("register"),
]  # fmt: skip


def left_over(rng: random.Random, files: Texts) -> Needles:
    """Plant faults in the run file's tail, the data and the register at once."""
    chosen = [rng.choice(WAVE_FAULTS[:6]), earlier_run, rng.choice([bad_tables, bad_crosswalk])]
    return [needle for plant in chosen for needle in plant(rng, files)]


def malform(rng: random.Random, files: Texts) -> Needles:
    """Plant one to four faults that leave each other visible; give a text that names each."""
    kind = rng.randrange(6)
    if kind == 5:
        return rng.choice(WHOLE_FAULTS if rng.random() < 0.8 else OTHER_FORMS)(rng, files)
    if kind == 4:
        return left_over(rng, files)
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
    for left in folder.glob("wave.*"):
        left.unlink()
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
    folder, here, scratch = (tmp_path / name for name in ("input", "here", "scratch"))
    for made in (folder, here, scratch):
        made.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for seed in range(950):
        needles = written(folder, source, seed)
        before = state(tmp_path)
        faults = faults_of(folder / "run.toml")
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
    for suffix in ("sav", "parquet", "xlsx"):
        files = dict(source)
        files["run.toml"] = files["run.toml"].replace(b"wave.csv", f"wave.{suffix}".encode())
        folder = tmp_path / suffix
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        head = {"sav": b"$FL2@(#)", "parquet": b"PAR1", "xlsx": b"PK\x03\x04"}[suffix]
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


@pytest.mark.parametrize("damaged", [False, True])
def test_a_malformed_sav_file(source: Texts, tmp_path: Path, damaged: bool) -> None:
    files = dict(source)
    needles = other_form("sav", damaged)(random.Random(5), files)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    before = state(tmp_path)
    faults = faults_of(tmp_path / "run.toml")
    assert len(faults) == 1
    assert needles[0] in faults[0]
    assert state(tmp_path) == before
