"""Every reader on spoilt files: a result, or the package's own error with faults of one line."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swvtypes.errors import FaultsError, InputError, RecordError, RunError, TypologyError

FUZZING = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzzing"
sys.path.insert(0, str(FUZZING))

from mutating import spoil  # noqa: E402
from readers import read_bytes  # noqa: E402

NAMES = (
    ".csv wave", ".xlsx wave", ".parquet wave", ".sav wave", "register", "codebook", "run file",
    "table specification", "typology", "membership", "fitted run: membership.csv",
    "finished run: manifest", "checkpoint", "finished run: tables", "crosswalk of questions",
    "crosswalk of organisations", "printed record: tables", "printed record: text",
    "printed record: marks", "printed record: meaning", "statements of a report",
)  # fmt: skip
COSTLY = {".sav wave": 3, "printed record: meaning": 4, "finished run: tables": 6, "typology": 12}


def test_no_reader_is_left_out(all_readers: dict[str, Any]) -> None:
    assert tuple(all_readers) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_spoilt_files(all_readers: dict[str, Any], tmp_path: Path, name: str) -> None:
    reader = all_readers[name]

    @settings(
        max_examples=COSTLY.get(name, 25), database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        rng = random.Random(seed)
        if reader.make is not None and seed % 2:
            content = reader.make(rng)
        else:
            content = spoil(rng.choice(reader.seeds), reader.form, rng, reader.seeds)
        assert read_bytes(reader, tmp_path, content) in ("accepted", "refused")

    check()


@pytest.mark.parametrize("name", [n for n in NAMES if n not in COSTLY])
def test_bytes_of_no_form_at_all(all_readers: dict[str, Any], tmp_path: Path, name: str) -> None:
    @settings(max_examples=10, database=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=300))
    def check(content: bytes) -> None:
        read_bytes(all_readers[name], tmp_path, content)

    check()


@pytest.mark.parametrize("name", NAMES)
def test_sound_files_are_read(all_readers: dict[str, Any], tmp_path: Path, name: str) -> None:
    reader = all_readers[name]
    assert read_bytes(reader, tmp_path, reader.seeds[0]) == "accepted"


def told(reader: Any, folder: Path, content: bytes) -> FaultsError:
    (folder / reader.file).write_bytes(content)
    with pytest.raises(FaultsError) as caught:
        reader.read(folder)
    assert all(len(fault.splitlines()) == 1 for fault in caught.value.faults)
    return caught.value


def test_a_fault_is_one_line_whatever_the_names_in_it() -> None:
    error = InputError("a\nb", ["one\ntwo", "three\u2028four\x85five\r", " six\n"])
    assert error.subject == "a\\nb"
    assert error.faults == ("one\\ntwo", "three\\u2028four\\x85five", "six")


def test_deep_nesting_and_other_content_of_a_checkpoint(
    all_readers: dict[str, Any], tmp_path: Path
) -> None:
    reader = all_readers["checkpoint"]
    for content, needle in (
        (b"[" * 100_000, "cannot be read"), (b"[1]", "expected an object, got list"),
        (b"5", "expected an object, got int"), (b'{"seed": "x"}', "seed: expected a whole number"),
    ):  # fmt: skip
        assert needle in "\n".join(told(reader, tmp_path, content).faults)


def test_manifests_that_no_run_wrote(all_readers: dict[str, Any], tmp_path: Path) -> None:
    reader = all_readers["finished run: manifest"]
    sound = json.loads(reader.seeds[0])
    for change, needle in (
        ({"steps": {"check": {"files": "x"}}}, "steps.check: expected files with their digests"),
        ({"steps": {"check": "x"}}, "steps.check: expected files with their digests"),
        ({"steps": []}, "expected the steps of a run"),
        ({"steps": {"check": {"files": {"a\0b": "0"}}}}, "the manifest lists it, it is absent"),
    ):
        error = told(reader, tmp_path, json.dumps(sound | change).encode())
        assert isinstance(error, RunError | InputError)
        assert needle in "\n".join(error.faults)


def test_records_with_long_lines_and_long_numbers(
    all_readers: dict[str, Any], tmp_path: Path
) -> None:
    for part in ("tables", "text"):
        reader = all_readers[f"printed record: {part}"]
        lines = reader.seeds[0].split(b"\n")
        lines[1:] = [line + b",more" for line in lines[1:] if line]
        error = told(reader, tmp_path, b"\n".join(lines))
        assert isinstance(error, RecordError)
        fault = "expected as many cells on a line as in the header, got more"
        assert error.faults == (f"{reader.file}: {fault}",)
        (tmp_path / reader.file).unlink()
    reader = all_readers["printed record: tables"]
    lines = reader.seeds[0].split(b"\n")
    cells = lines[1].split(b",")
    cells[1] = b"9" * 25
    faults = told(reader, tmp_path, b"\n".join([lines[0], b",".join(cells), *lines[2:]])).faults
    assert any("line 2, column row_no: expected a whole number" in fault for fault in faults)


def test_a_meaning_of_other_kinds(all_readers: dict[str, Any], tmp_path: Path) -> None:
    reader = all_readers["printed record: meaning"]
    content = b'[[choice]]\nvariable = "x"\nsource = { po = {} }\ncategories = { a = 1 }\n'
    fault = "meaning.toml: choice 1: expected a text, got {}"
    assert fault in told(reader, tmp_path, content).faults
    assert "RecursionError" not in told(reader, tmp_path, b"x = " + b"[" * 3000).faults[0]


def test_statements_of_other_kinds(all_readers: dict[str, Any], tmp_path: Path) -> None:
    reader = all_readers["statements of a report"]
    content = b"schema_version = 1\n[claims.T1]\nanalysis = {}\n"
    assert told(reader, tmp_path, content).faults[0].startswith("T1: analysis: expected one of")
    faults = told(reader, tmp_path, b'schema_version = 1\nclaims = 1\noutside = "x"').faults
    assert faults == ("outside: expected a table", "claims: expected a table")


FINDINGS: tuple[tuple[str, Any, str], ...] = (
    ("contrasts", {"index": None, "columns": ["a"], "kinds": ["int"], "rows": [[]]},
     "findings.contrasts: not as a typology is written: list index out of range"),
    ("contrasts", {"index": None, "columns": ["type"], "kinds": ["text"], "rows": [["x"]]},
     "findings.contrasts: 'category' is absent"),
    ("themes", {"first": {"po": {}}}, "findings.themes: 'sectors' is absent"),
    ("themes", 5, "findings.themes: not as a typology is written"),
    ("types", {"po": {"sectors": 3}}, "findings.types: not as a typology is written"),
)  # fmt: skip


@pytest.mark.parametrize(("part", "value", "needle"), FINDINGS)
def test_typologies_with_other_findings(
    all_readers: dict[str, Any], tmp_path: Path, part: str, value: Any, needle: str
) -> None:
    reader = all_readers["typology"]
    whole = json.loads(reader.seeds[0])
    whole["findings"][part] = value
    whole["labels"] = {"x": {"nl": "a"}}
    error = told(reader, tmp_path, json.dumps(whole).encode())
    assert isinstance(error, TypologyError)
    assert any(fault.startswith(needle) for fault in error.faults)
    assert "labels: 'en' is absent" in error.faults


def test_typologies_with_numbers_for_words(all_readers: dict[str, Any], tmp_path: Path) -> None:
    reader = all_readers["typology"]
    whole = json.loads(reader.seeds[0])
    whole["wave"]["organisations"] = [1]
    whole["findings"]["types"]["po"]["reasons"] = [[1.5, "x"]]
    faults = told(reader, tmp_path, json.dumps(whole).encode()).faults
    assert [fault.split(":")[0] for fault in faults] == ["findings.types", "wave"]


def test_the_stored_counts_say_that_nothing_is_open() -> None:
    stored = json.loads((FUZZING.parent / "results" / "fuzzing.json").read_text())
    assert set(stored["readers"]) == set(NAMES)
    for name, entry in stored["readers"].items():
        assert entry["inputs"] == entry["accepted"] + entry["refused"] + entry["crashes"], name
        assert entry["open"] == [], name
    mended = json.loads((FUZZING / "mended.json").read_text())
    assert stored["total"]["kinds_of_crash_mended"] == len(mended)
