"""The reproduction page: one file, both languages, everything escaped, nothing fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from swvtypes.errors import OptionError
from swvtypes.language import Label, Language
from swvtypes.report import render_reproduction_page, write_reproduction_page
from swvtypes.report.fragments import figure, spread
from swvtypes.reproduction import Reproduction

VOID = {"meta", "br"}


class Structure(HTMLParser):
    """Checks that tags close in order, and gathers what the tests ask about."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.cells: list[dict[str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if tag == "td" and "data-verdict" in given:
            self.cells.append(given)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        self.fetched += [given[name] for name in ("src", "srcset", "data") if name in given]
        if tag in {"link", "iframe", "img", "object", "base"}:
            self.fetched.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def line(locator: str, row: int, sector: str, measure: str, **changes: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "locator": locator, "row_no": row, "sector": sector, "measure": measure, "printed": 42.0,
        "computed": 41.5, "verdict": "reproduced", "role": "derived", "reason": "It agrees.",
        "reason_nl": "Het klopt.", "row_label": "rij", "row_label_en": "row",
        "column_label": "%", "column_label_en": "%", "chapter": "2", "unit": "percent",
        "decimals": 0, "computed_rounded": "42", "base_n": 65, "lowest": 41.5, "highest": 41.5,
        "seeds_agreeing": 2, "disagreeing": "",
    }  # fmt: skip
    return {**usual, **changes}


@pytest.fixture
def result() -> Reproduction:
    cells = pd.DataFrame(
        [
            line("Table <1>", 0, "po", "n", unit="count", printed=65.0, lowest=65.0, highest=65.0),
            line("Table <1>", 1, "po", "percent", row_label="a & b", row_label_en='"c" <i>d</i>'),
            line("Table <1>", 1, "vo", "percent", verdict="impossible", role="target",
                 reason="No <count> gives it.", reason_nl="Geen <aantal> geeft het."),
            line("Table <1>", 2, "po", "percent", lowest=41.0, highest=41.9),
            line("Table 2", 1, "po", "alpha", verdict="missed", role="target", printed=0.638,
                 decimals=3, lowest=-0.0301, highest=0.5, reason="Rows differ.",
                 reason_nl="De rijen verschillen."),
            line("Table 9", 1, "po", "percent", chapter="", verdict="undetermined", role="free",
                 lowest=float("nan"), highest=float("nan"), reason="Nothing said.",
                 reason_nl="Niets gezegd."),
        ]
    )  # fmt: skip
    return Reproduction(
        source="made_up",
        title=Label("Titel & zo", "Title & so"),
        seeds=(1, 2),
        synthetic=True,
        chapters={"2": Label("Hoofdstuk 2", "Chapter 2")},
        titles={"Table <1>": Label("Eén <tabel>", "One <table>"), "Table 2": Label("T", "T")},
        cells=cells,
    )


@pytest.fixture
def page(result: Reproduction) -> str:
    return render_reproduction_page(result)


def parsed(page: str) -> Structure:
    structure = Structure()
    structure.feed(page)
    structure.close()
    assert structure.open == []
    return structure


def test_the_page_is_well_formed_and_holds_every_cell_once(page: str) -> None:
    structure = parsed(page)
    assert [(cell["data-verdict"], cell["data-role"]) for cell in structure.cells] == [
        ("reproduced", "derived"),
        ("reproduced", "derived"),
        ("impossible", "target"),
        ("reproduced", "derived"),
        ("missed", "target"),
        ("undetermined", "free"),
    ]
    assert len(structure.ids) == len(set(structure.ids))
    assert all(link.startswith("#") and link[1:] in structure.ids for link in structure.links)


def test_nothing_is_fetched(page: str) -> None:
    structure = parsed(page)
    assert structure.fetched == []
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page)


def test_labels_and_reasons_are_escaped(page: str) -> None:
    text = "".join(parsed(page).words)
    for shown in ("Table <1>", "a & b", '"c" <i>d</i>', "No <count> gives it.", "One <table>"):
        assert shown in text
    assert "<i>d</i>" not in page
    assert "<count>" not in page


def test_both_languages_are_there_and_a_language_opens_first(result: Reproduction) -> None:
    dutch = render_reproduction_page(result)
    english = render_reproduction_page(result, "en")
    assert '<html lang="nl">' in dutch
    assert '<html lang="en">' in english
    assert ">The print beside the rows: Title &amp; so</title>" in english
    for pair in (
        ("Geen &lt;aantal&gt; geeft het.", "No &lt;count&gt; gives it."),
        ("Hoofdstuk 2", "Chapter 2"),
        ("onmogelijk", "impossible"),
        ("De rijen zijn synthetisch", "The rows are synthetic"),
        ("cirkelredenering", "circular"),
    ):
        nl, en = pair
        assert re.search(rf'<span lang="nl">[^<]*{re.escape(nl)}', dutch)
        assert re.search(rf'<span lang="en">[^<]*{re.escape(en)}', dutch)
    with pytest.raises(OptionError, match="language"):
        render_reproduction_page(result, "fr")  # type: ignore[arg-type]


def test_rows_that_are_not_synthetic_are_not_called_so(result: Reproduction) -> None:
    from dataclasses import replace

    page = render_reproduction_page(replace(result, synthetic=False))
    assert "synthetisch" not in page
    assert "circular" in page


def test_totals_and_reasons_are_shown(page: str) -> None:
    words = " ".join(parsed(page).words)
    assert "6 gedrukte cellen" in words
    assert "Wat niet is gereproduceerd" in words
    assert "gedrukt 0,638, rijen -0,030 tot 0,500" in words
    assert "printed 0.638, rows -0.030 to 0.500" in words
    assert "Zonder tabelbeschrijving" in words
    assert "41,0\N{EN DASH}41,9" in words


def test_a_base_in_a_caption_gets_no_column_of_its_own(page: str) -> None:
    table = page.split('id="table-1"')[1].split("</section>", maxsplit=1)[0]
    assert table.count('scope="col"') == 2
    assert "<b>65<sup>" in table
    assert "<i>65</i>" in table


def test_a_sound_result_says_that_nothing_is_off(result: Reproduction) -> None:
    from dataclasses import replace

    sound = result.cells[result.cells["verdict"] == "reproduced"].reset_index(drop=True)
    page = render_reproduction_page(replace(result, cells=sound))
    assert "Nothing: every cell agrees." in page
    parsed(page)


def test_notes_are_numbered_so_that_letters_stand_for_roles_only(result: Reproduction) -> None:
    from dataclasses import replace

    cells = pd.DataFrame(
        [
            line("Table 1", row, "po", "percent", verdict="missed", reason=f"r{row}")
            for row in range(1, 29)
        ]
    )
    page = render_reproduction_page(replace(result, cells=cells))
    assert re.findall(r"<li><b>([^<]*)</b> <span class=.verdict", page) == [
        str(number) for number in range(1, 29)
    ]
    assert re.findall(r"<sup>!&#8239;([^<]*)</sup>", page) == [str(n) for n in range(1, 29)]


def test_a_cell_shows_the_number_of_its_note_and_a_role_its_letter(page: str) -> None:
    table = page.split('id="table-1"')[1].split("</section>", maxsplit=1)[0]
    assert "<sup>✕&#8239;1</sup>" in table
    assert '<sup><span lang="nl">a</span><span lang="en">d</span></sup>' in table
    assert '<li><b>1</b> <span class="verdict impossible">' in table
    assert "een teken en een nummer" in page
    assert "a sign and a number" in page


@pytest.mark.parametrize(
    ("language", "title", "pressed"),
    [
        ("nl", "Het drukwerk naast de rijen: Titel &amp; zo", {"nl": "true", "en": "false"}),
        ("en", "The print beside the rows: Title &amp; so", {"nl": "false", "en": "true"}),
    ],
)
def test_the_page_and_its_title_open_in_a_language(
    result: Reproduction, tmp_path: Path, language: Language, title: str, pressed: dict[str, str]
) -> None:
    path = tmp_path / "page.html"
    write_reproduction_page(result, path, language=language)
    page = path.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert re.search(r"<title[^>]*>([^<]*)</title>", page)[1] == title  # type: ignore[index]
    assert dict(re.findall(r'data-language="(..)" aria-pressed="(\w+)"', page)) == pressed
    head = page.split("</title>")[0]
    assert 'data-nl="Het drukwerk naast de rijen: Titel &amp; zo"' in head
    assert 'data-en="The print beside the rows: Title &amp; so"' in head


def test_options_without_cells_cannot_be_chosen_and_an_empty_choice_says_so(page: str) -> None:
    options = re.findall(r'<option value="(\w+)"[^>]*?( disabled)?>', page)
    assert {value for value, closed in options if closed} == {"contradicted"}
    assert len(options) == 1 + 5 + 3
    assert '<p id="none" role="status" hidden>' in page
    assert "No cell meets this choice." in page
    assert "getElementById('none').hidden = total > 0" in page


def test_the_file_is_written_in_one_piece(result: Reproduction, tmp_path: Path) -> None:
    path = tmp_path / "reproduction.html"
    write_reproduction_page(result, path, "en")
    assert path.read_text(encoding="utf-8") == render_reproduction_page(result, "en")
    assert [item.name for item in tmp_path.iterdir()] == ["reproduction.html"]


def test_figures_round_half_up_and_lose_an_empty_sign() -> None:
    assert figure(12.5, 0) == Label("13", "13")
    assert figure(-0.004, 2) == Label("0,00", "0.00")
    assert spread(1.0, 1.04, 1) == Label("1,0", "1.0")
    assert spread(-0.5, 0.25, 1) == Label("-0,5 tot 0,3", "-0.5 to 0.3")
