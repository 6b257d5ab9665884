"""Every sentence of the audit, in both languages, earned by a small record."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest
from audit_cases import CASES

import swvtypes.auditing as room
from swvtypes.auditing.finding import COLUMNS, to_frame
from swvtypes.auditing.reasons import REASONS

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))


def test_every_sentence_has_a_case_and_is_used() -> None:
    assert set(CASES) == set(SENTENCES) == set(REASONS)
    source = "\n".join(p.read_text() for p in Path(room.__file__).parent.rglob("*.py"))
    for key in REASONS:
        stem = re.sub(r"_(sum|product|share|margin|mean)$", "", key)
        assert source.count(f'"{key}"') > 1 or f'"{stem}' in source


@pytest.mark.parametrize("key", sorted(CASES))
def test_sentence(key: str) -> None:
    found = [finding for finding in CASES[key]() if finding.key == key]
    assert SENTENCES[key] in [finding.sentence("en") for finding in found]
    for finding in found:
        dutch = finding.sentence("nl")
        assert dutch.endswith(".")
        assert dutch != finding.sentence("en")
        assert not set("{}") & set(dutch + finding.sentence("en"))


@pytest.mark.parametrize("key", sorted(REASONS))
def test_both_languages_fill_in_the_same_words(key: str) -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    label = REASONS[key]
    assert names(label.nl) - {"printed", "expected"} <= names(label.en) | {"words"}
    assert names(label.en) - {"printed", "expected"} <= names(label.nl) | {"words"}


def test_a_clean_record_gives_an_empty_table_with_all_columns() -> None:
    frame = to_frame([], [], "en")
    assert tuple(frame.columns) == COLUMNS
    assert frame.empty
