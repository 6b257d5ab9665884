"""Codebook: what it tells, and files that are no codebook."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from survey_samples import codebook_text, raw_codebook, sample_codebook

from swvtypes.errors import CodebookError, OptionError
from swvtypes.survey import Codebook


def test_header(codebook: Codebook) -> None:
    assert (codebook.id, codebook.year) == ("sample", 2016)
    assert codebook.title.text("nl") == "Sample (nl)"
    assert codebook.sectors == ("po", "vo")
    assert codebook.population == {"po": 14, "vo": 12}
    assert repr(codebook) == "<Codebook 'sample': 22 variables, 2016>"


def test_variables_keep_the_order_of_the_file(codebook: Codebook) -> None:
    assert list(codebook.variables) == [entry["id"] for entry in raw_codebook()["variables"]]
    assert codebook.variable("steering").maximum == 10


def test_categories(codebook: Codebook) -> None:
    assert [c.code for c in codebook.categories("model")] == [1, 2, 3]
    assert [c.label.en for c in codebook.categories("service_none")] == ["not chosen", "chosen"]
    assert [c.label.nl for c in codebook.categories("remark")] == ["nee", "ja"]
    assert codebook.categories("steering") == ()
    assert codebook.categories("grade") == ()


def test_reasons(codebook: Codebook) -> None:
    reasons = codebook.reasons("follow_up")
    named = [(r.id, r.code, r.enters) for r in reasons]
    assert named == [
        ("dont_know", 99, "random"),
        ("not_applicable", 98, "gate"),
        ("blank", None, "random"),
        ("routed_past", None, "gate"),
        ("not_asked", None, "state"),
    ]
    assert list(codebook.reason_codes("follow_up")) == [99, 98]
    assert codebook.reason_codes("grade") == {}


def test_groups(codebook: Codebook) -> None:
    assert codebook.items("trust") == ("trust_help", "trust_self")
    assert codebook.members("services") == ("service_advice", "service_training", "service_none")
    assert codebook.members("time") == ("time_inside", "time_outside")
    assert codebook.theme("governance") == ("model",)
    assert codebook.battery("statements") == ("trust_help",)
    assert codebook.sets["services"].exclusive == "service_none"
    assert codebook.compositions["budget"].closure == "rescale"
    assert codebook.scales["trust"].label.en == "trust (en)"
    assert list(codebook.answers) == ["models", "agreement"]
    assert list(codebook.themes) == ["governance"]
    assert list(codebook.batteries) == ["statements"]


def test_asked(codebook: Codebook) -> None:
    assert codebook.asked("admission", "vo")
    assert not codebook.asked("admission", "po")
    assert codebook.asked("model", "po")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: c.variable("modle"), "variable: expected one of 'model', 'follow_up', "),
        (lambda c: c.categories("modle"), "variable: expected one of 'model'"),
        (lambda c: c.items("services"), "scale: expected one of 'trust', got 'services'"),
        (lambda c: c.members("trust"), "set or composition: expected one of 'services', 'budget'"),
        (lambda c: c.theme("x"), "theme: expected one of 'governance', got 'x'"),
        (lambda c: c.battery("x"), "battery: expected one of 'statements', got 'x'"),
        (lambda c: c.asked("model", "so"), "sector: expected one of 'po', 'vo', got 'so'"),
    ],
)
def test_unknown_names(codebook: Codebook, call: object, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        call(codebook)  # type: ignore[operator]
    assert message in str(caught.value)


def test_frozen_equal_and_picklable(codebook: Codebook) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        codebook.file = None  # type: ignore[misc, assignment]
    with pytest.raises(TypeError):
        codebook.variables["x"] = None  # type: ignore[index]
    assert codebook.variables["model"]
    assert pickle.loads(pickle.dumps(codebook)) == codebook == sample_codebook()
    assert hash(codebook) == hash(sample_codebook())
    codebook.population["po"] = 1
    assert codebook.population["po"] == 14


def test_missing_code_of_a_share_below_zero_is_outside_the_range() -> None:
    raw = raw_codebook()
    raw["missing"].append(
        {"id": "refused", "code": -9, "label": {"nl": "x", "en": "x"}, "enters": "random"}
    )
    raw["variables"][15]["missing"] = ["refused"]
    assert raw["variables"][15]["id"] == "time_outside"
    assert -9 in Codebook.parse(codebook_text(raw)).reason_codes("time_outside")


def test_load_reads_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_bytes(codebook_text(raw_codebook()).encode("utf-8-sig"))
    assert Codebook.load(path) == Codebook.load(str(path)) == sample_codebook()


def faults_of(content: bytes, folder: Path) -> tuple[str, ...]:
    path = folder / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(CodebookError) as caught:
        Codebook.load(path)
    assert caught.value.subject == "bad.toml"
    return caught.value.faults


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'id = "x\n', "no valid TOML: Illegal character"),
        (b"id = 1\nid = 2\n", "no valid TOML: Cannot overwrite a value (at line 2"),
        (b'id = "\xe9"', "expected UTF-8 text, found the byte 0xe9 at position 6"),
        (b"x = " + b"[" * 20000, "no valid TOML: nested too deeply"),
        (b"x = " + b"9" * 5000, "no valid TOML: "),
        (b"x = 2016-99-01", "no valid TOML: "),
        (b"\x00\x01\x02", "no valid TOML: "),
    ],
)
def test_no_toml(content: bytes, message: str, tmp_path: Path) -> None:
    faults = faults_of(content, tmp_path)
    assert len(faults) == 1
    assert faults[0].startswith(message)


def test_empty_codebook_lists_all_that_is_absent(tmp_path: Path) -> None:
    assert faults_of(b"", tmp_path) == (
        "codebook, key 'schema_version': expected a value, found none",
        "codebook, key 'id': expected a value, found none",
        "codebook, key 'title': expected a value, found none",
        "codebook, key 'year': expected a value, found none",
        "codebook, key 'sectors': expected at least one sector, found none",
        "codebook, key 'variables': expected at least one variable, found none",
    )


def test_absent_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"the file cannot be read: No such file"):
        Codebook.load(tmp_path / "nowhere.toml")
    with pytest.raises(CodebookError, match=r"the file cannot be read: Is a directory"):
        Codebook.load(tmp_path)
    with pytest.raises(CodebookError, match=r"the file cannot be read: embedded null"):
        Codebook.load("a\0b.toml")


@given(st.text())
def test_any_text_is_a_codebook_or_one_error(text: str) -> None:
    with pytest.raises(CodebookError):
        Codebook.parse(text)


KEYS = [*raw_codebook(), "x"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["id", "po", "x", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "label", "nl", "code", "variable"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from(KEYS), VALUES)
def test_a_wrong_type_at_the_top_is_one_error(key: str, value: object) -> None:
    from swvtypes.survey.draft import read_draft
    from swvtypes.survey.references import cross_faults

    raw = raw_codebook()
    raw[key] = value
    drafts = read_draft(raw)
    faults = [*drafts.faults, *cross_faults(drafts)]
    assert bool(faults) == (drafts.file is None or bool(cross_faults(drafts)))
    assert (
        faults
        or key not in ("schema_version", "id", "title", "sectors", "variables", "x")
        or (raw[key] == value and drafts.file is not None)
    )


@given(st.data())
def test_a_wrong_type_anywhere_is_one_error_or_none(data: st.DataObject) -> None:
    from swvtypes.survey.draft import read_draft
    from swvtypes.survey.references import cross_faults

    raw = raw_codebook()
    kind = data.draw(st.sampled_from([k for k, v in raw.items() if isinstance(v, list)]))
    entry = data.draw(st.sampled_from(raw[kind]))
    key = data.draw(st.sampled_from([*entry, "gate", "answers", "codes", "zz"]))
    entry[key] = data.draw(VALUES)
    drafts = read_draft(raw)
    assert all(
        isinstance(fault, str) and fault for fault in [*drafts.faults, *cross_faults(drafts)]
    )
    assert (drafts.file is None) == bool(drafts.faults)
