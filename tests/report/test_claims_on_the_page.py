"""Statements of running text on the page of a reproduction: which are listed, and what they say."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import pandas as pd
import pytest

from swvtypes.language import Label
from swvtypes.report import render_reproduction_page
from swvtypes.report.claims_section import claim_item
from swvtypes.reproduction import Reproduction

NO_NUMBER = float("nan")


def claim(**changes: object) -> dict[Hashable, Any]:
    usual: dict[Hashable, Any] = {
        "id": "T001", "locator": "2.3", "chapter": "2", "sector": "po", "kind": "r",
        "var1": "trust", "var2": "size", "printed": 0.25, "decimals": 2, "p": "0.04",
        "qualifier": "", "computed_is": "value", "computed": 0.19, "lowest": 0.17, "highest": 0.21,
        "verdict": "contradicted", "role": "target", "reason": "Another <place> differs.",
        "reason_nl": "Een andere <plaats> wijkt af.", "seeds_agreeing": 0,
    }  # fmt: skip
    for name, value in changes.items():
        usual[name] = value
    return usual


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_an_item_says_place_print_rows_verdict_and_reason_in_both_languages() -> None:
    item = claim_item(claim())
    assert item.startswith('<li class="contradicted"><a href="#text-2">2.3</a>')
    said = _text(item)
    for part in (
        "trust &times; size (po)", "correlation", "correlatie", "printed 0.25 (p = 0.04)",
        "gedrukt 0,25 (p = 0,04)", "Another &lt;place&gt; differs.",
        "Een andere &lt;plaats&gt; wijkt af.",
    ):  # fmt: skip
        assert part in said, part


def test_a_number_said_in_words_is_given_in_those_words() -> None:
    words = claim(kind="percent", var2="", printed=NO_NUMBER, p="", qualifier="een <kwart>")
    assert "\u201ceen &lt;kwart&gt;\u201d" in _text(claim_item(words))
    whole = claim(kind="percent", printed=38.0, decimals=0, p="")
    assert "printed 38%" in _text(claim_item(whole))


@pytest.fixture
def page() -> str:
    claims = pd.DataFrame(
        [claim(), claim(id="T002", locator="8", chapter="8", verdict="reproduced")]
    )
    cell = {
        "locator": "Table 1", "row_no": 1, "sector": "po", "measure": "percent", "printed": 42.0,
        "computed": 42.0, "computed_rounded": "42", "verdict": "reproduced", "role": "derived",
        "reason": "It agrees.", "reason_nl": "Het klopt.", "row_label": "r", "row_label_en": "r",
        "column_label": "%", "column_label_en": "%", "chapter": "2", "unit": "percent",
        "decimals": 0, "base_n": 65, "lowest": 42.0, "highest": 42.0, "seeds_agreeing": 1,
        "disagreeing": "",
    }  # fmt: skip
    found = Reproduction(
        source="made_up", title=Label("t", "t"), seeds=(1,), synthetic=True,
        chapters={"2": Label("Hoofdstuk 2", "Chapter 2")}, titles={"Table 1": Label("T", "T")},
        cells=pd.DataFrame([cell]), claims=claims,
    )  # fmt: skip
    return render_reproduction_page(found, "en")


def test_only_what_is_not_reproduced_is_listed_and_leads_to_its_sheet(page: str) -> None:
    assert re.findall(r'<a href="#text-\w+">([^<]+)</a>', page) == ["2.3"]
    assert 'id="text-2"' in page
    assert 'id="text-8"' in page
    assert "2 statements in the text" in page
