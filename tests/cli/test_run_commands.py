"""``init``, ``run``, ``check`` of a run file and ``simulate`` as a user meets them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))

from small_run import small_run

from swvtypes.cli.app import app
from swvtypes.errors import InputError
from swvtypes.survey import Codebook, read_wave
from swvtypes.typology import Typology
from swvtypes.workflow.simulating import simulate_wave

COMMANDS = tuple(sorted(str(entry.name) for entry in app.registered_commands))


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "swvtypes", *arguments],
        capture_output=True, text=True, check=False, cwd=cwd, timeout=300,
        env={**os.environ, "COLUMNS": "80", "LINES": "24", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def test_help_of_every_command_fits_a_screen_and_has_an_example(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom swvtypes.cli import main\n"
        "for name in sys.argv[1:]:\n"
        "    sys.argv = ['swvtypes', name, '--help']\n"
        "    print('=====' + name)\n"
        "    try:\n        main()\n    except SystemExit:\n        pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *COMMANDS],
        capture_output=True, text=True, check=True, cwd=tmp_path, timeout=100,
        env={**os.environ, "COLUMNS": "80", "LINES": "24"},
    )  # fmt: skip
    pages = done.stdout.split("=====")[1:]
    assert len(pages) == len(COMMANDS)
    for page in pages:
        name, *lines = page.rstrip("\n").split("\n")
        assert len(lines) <= 24, name
        assert max(map(len, lines)) <= 80, name
        example = next(line.strip() for line in lines if "Example:" in line)
        assert example.startswith(f"Example: swvtypes {name} "), name
        assert lines[lines.index(f"  {example}") + 1] == "", f"{name}: an example on one line"


def test_three_commands_from_a_file_to_results(tmp_path: Path) -> None:
    source = small_run(tmp_path / "source")
    done = command("init", "new", "--wave", "source/wave.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "GUESS:" in done.stdout
    checked = command("check", "new/run.toml", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "no fault; 6 variables; organisations: po 50 of 77" in checked.stdout
    options = source.read_text().split("[typology]")[1]
    run_file = tmp_path / "new" / "run.toml"
    run_file.write_text(run_file.read_text().replace("[typology]", "[typology]" + options))
    ran = command("run", "new/run.toml", "--quick", "--language", "en", "--jobs", "1", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    assert "typology: done" in ran.stdout
    assert "the rows are synthetic" in ran.stdout
    table = pd.read_csv(tmp_path / "new" / "results" / "membership" / "membership.csv")
    assert len(table) == 50
    again = command("init", "new", "--wave", "source/wave.csv", cwd=tmp_path)
    assert again.returncode == 2
    assert again.stderr.count("is there already and is not overwritten") == 3
    made = command(
        "simulate", "new/results/typology/typology.json", "--n", "40", "--out", "made.csv",
        cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    types = pd.read_csv(tmp_path / "made_types.csv")
    assert set(types["type"]) <= {"po 1", "po 2"}
    wave = read_wave(tmp_path / "made.csv", tmp_path / "new" / "codebook.toml")
    assert len(wave) == 40
    assert wave.provenance["synthetic"] is True
    scored = Typology.load(tmp_path / "new/results/typology/typology.json").score(wave)
    agreed = (scored.modal.to_numpy() == types["type"].to_numpy()).mean()
    assert agreed > 0.75


def test_a_starter_in_the_folder_of_the_file_itself(tmp_path: Path) -> None:
    small_run(tmp_path / "source")
    shutil.copy(tmp_path / "source" / "wave.csv", tmp_path / "wave_2026.csv")
    done = command("init", ".", "--wave", "wave_2026.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "say what the last wave had" in done.stdout
    assert "2 themes wait for a name: search for NAME ME" in done.stdout
    assert 'wave = "wave_2026.csv"' in (tmp_path / "run.toml").read_text()
    assert command("check", "run.toml", cwd=tmp_path).returncode == 0


def test_an_interrupt_of_a_run_is_a_sentence_and_a_status_and_the_run_goes_on(
    tmp_path: Path,
) -> None:
    run_file = small_run(tmp_path / "in")
    heard = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from swvtypes.cli import main; sys.argv[0] = 'swvtypes'; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", heard, "run", str(run_file), "--jobs", "1"],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors == "interrupted; no half-written file was left behind\n"
    results = tmp_path / "in" / "results"
    assert not (results / "manifest.json").exists()
    assert not list(results.glob(".part-*"))
    assert (results / "check" / "receipt.json").is_file()


def test_a_made_up_wave_fits_its_codebook_and_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    path = small_run(tmp_path).with_name("codebook.toml")
    first, again = simulate_wave(path, 30, 4), simulate_wave(path, 30, 4)
    pd.testing.assert_frame_equal(first.answers, again.answers)
    assert not first.answers.equals(simulate_wave(path, 30, 5).answers)
    assert set(first.answers.columns[4:]) == set(Codebook.load(path).variables)
    with pytest.raises(InputError, match="77 organisations, 99 asked"):
        simulate_wave(path, 99, 4)
    with pytest.raises(InputError) as caught:
        simulate_wave("types.csv", 0, -1)
    assert len(caught.value.faults) == 3


def test_faults_of_the_commands_are_lines_and_write_nothing(tmp_path: Path) -> None:
    for arguments in (
        ("run", "absent.toml"),
        ("init", "new", "--wave", "absent.sav"),
        ("init", "new", "--last", "monitor_1999"),
        ("simulate", "absent.json"),
        ("simulate", "absent.json", "--out", "made.txt"),
    ):
        done = command(*arguments, cwd=tmp_path)
        assert done.returncode == 2, arguments
        assert done.stderr.count("\n") >= 1
        assert "Traceback" not in done.stderr
        assert list(tmp_path.iterdir()) == []
