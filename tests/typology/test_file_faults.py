"""Faults of a typology's file in plain sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swvtypes.errors import TypologyError
from swvtypes.typology import Typology


def test_every_fault_is_told_as_what_was_expected_and_what_came(tmp_path: Path) -> None:
    path = tmp_path / "typology.json"
    raw = {
        "format": "else", "schema_version": 1, "written_by": 3, "wave": {}, "options": {},
        "seed": "one", "names": {}, "types": [], "recode": {},
    }  # fmt: skip
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(TypologyError) as caught:
        Typology.load(path)
    assert caught.value.faults == (
        "format: expected 'swvtypes typology', got 'else'",
        "written_by: expected a text in quotes, got 3",
        "seed: expected a whole number, got 'one'",
        "types: expected at least 1 entry, got []",
        "recode: unknown key; did you mean 'recodes'?",
    )
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(TypologyError) as caught:
        Typology.load(path)
    assert caught.value.faults == ("file: expected a table with keys, got []",)
