"""Pages that are made of code and data: complete, in both languages, and what the code says."""

from __future__ import annotations

import importlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from docs.generate import (
    api_pages,
    codebook_pages,
    command_page,
    glossary_page,
    house_picture,
    notebook_pages,
    places,
    report_pages,
    stored,
)
from docs.generate.fragments import TABLES
from docs.generate.markdown import cell, table
from swvtypes.resources import data_path
from swvtypes.survey import Codebook

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    if not {"generated", "_build"} & set(path.relative_to(DOCS).parts)
)


@pytest.mark.parametrize("room", places.ROOMS)
def test_every_public_name_of_a_room_has_an_entry_of_its_own(room: str) -> None:
    names = importlib.import_module(f"swvtypes.{room}").__all__
    page = api_pages.room_page(room)
    entries = re.findall(r"^\.\. auto\w+:: (\S+)$", page, re.MULTILINE)
    stated = re.findall(r"^\.\. py:data:: (\S+)\n   :module: (\S+)$", page, re.MULTILINE)
    entries += [f"{module}.{name}" for name, module in stated]
    assert {f"swvtypes.{room}.{name}" for name in names} <= set(entries)
    assert len(entries) == len(set(entries))


def test_a_name_for_some_texts_says_which() -> None:
    page = api_pages.room_page("auditing")
    entry = page.partition(".. py:data:: Confidence\n   :module: swvtypes.auditing\n")[2]
    assert entry.split(".. ")[0].strip() == "One of ``'certain'``, ``'likely'``, ``'possible'``."


def test_every_package_of_the_house_is_a_room_of_the_reference() -> None:
    folders = {path.parent.name for path in (DOCS.parent / "swvtypes").glob("*/__init__.py")}
    assert folders - set(places.ROOMS) == {"cli"}


def test_the_reference_leads_to_every_room() -> None:
    listed = (DOCS / "reference" / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"generated/api/(\w+)", listed)) == set(places.ROOMS)


def test_every_variable_of_every_codebook_stands_in_the_dictionary() -> None:
    for path in data_path("codebooks").glob("*.toml"):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        page = codebook_pages.page(Codebook.load(path))
        rows = {line.split(" | ")[0].strip("| `") for line in page.splitlines() if "| `" in line}
        assert {entry["id"] for entry in raw["variables"]} <= rows
        assert all(entry["label"]["nl"].split("|")[0] in page for entry in raw["sectors"])


def test_the_overview_names_every_codebook() -> None:
    books = [Codebook.load(path) for path in data_path("codebooks").glob("*.toml")]
    page = codebook_pages.overview(books)
    assert all(f"[{book.id}]({book.id}.md)" in page for book in books)


def test_every_command_has_its_arguments_and_an_example() -> None:
    page = command_page.page()
    for name in ("reproduce", "rebuild", "audit", "check", "fit", "run", "score", "compare",
                 "simulate", "init", "report"):  # fmt: skip
        part = page.split(f"## swvtypes {name}\n")[1].split("\n## ")[0]
        assert f"swvtypes {name}" in part
        assert "| argument or option |" in part
    assert "`--codebook`, `-c`" in page


def test_the_glossary_has_both_languages_and_no_word_twice() -> None:
    words = glossary_page.words()
    page = glossary_page.page()
    for word in words:
        assert all((word.nl, word.en, word.meaning_nl, word.meaning_en, word.group)), word
        assert word.meaning_nl != word.meaning_en, word.nl
        assert f"**{word.nl}** · *{word.en}*\n: {word.meaning_nl}\n: {word.meaning_en}\n" in page
    assert len({word.nl for word in words}) == len(words)
    known = " ".join(word.nl for word in words)
    for asked in ("samenwerkingsverband", "verevening", "doorzettingsmacht", "zorgplicht"):
        assert asked in known


def test_the_picture_shows_every_room_once_and_layers_in_order() -> None:
    shown = re.findall(r'font-weight="600"[^>]*>(\w+)</text>', house_picture.picture())
    heights = re.findall(r'y="(\d+)"[^>]*font-size="14"', house_picture.picture())
    below = {name: int(y) for name, y in zip(shown, heights, strict=True)}
    there = {path.stem for path in (DOCS.parent / "swvtypes").glob("*.py")}
    there |= {path.parent.name for path in (DOCS.parent / "swvtypes").glob("*/__init__.py")}
    assert set(shown) == {name for name in there if not name.startswith("_")}
    assert len(shown) == len(set(shown))
    assert below["cli"] < below["typology"] < below["lca"] < below["survey"] < below["errors"]
    assert below["steering"] == below["tables"]


def test_a_figure_that_is_not_stored_is_an_error_that_says_what_is_there() -> None:
    with pytest.raises(stored.StoredFigureError, match="nothing under 'third' at the top"):
        stored.figure("inference_levels", "third")
    with pytest.raises(stored.StoredFigureError, match="expected one of the stored results"):
        stored.results("nothing")
    with pytest.raises(stored.StoredFigureError, match="expected one figure, found dict"):
        stored.shown("speed / benchmarks")


def test_a_figure_is_shown_in_the_format_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "made_up.json").write_text(
        json.dumps({"a b": [{"rate": 0.0456}], "low": -2.4}), encoding="utf-8"
    )
    monkeypatch.setattr(stored, "RESULTS", tmp_path)
    assert stored.shown("made_up / a b / 0 / rate | .1%") == "4.6%"
    assert stored.shown("made_up / low | .0f") == "\N{MINUS SIGN}2"


def test_cells_cannot_break_a_table() -> None:
    assert cell("a|b\nc_d") == "a\\|b c\\_d"
    assert table(("x", "y"), [(1, "a|b")]).splitlines() == [
        "| x | y |", "| --- | --- |", "| 1 | a\\|b |"
    ]  # fmt: skip


def test_a_page_that_says_the_same_is_not_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "GENERATED", tmp_path)
    path = places.write("a/b.md", "text")
    before = path.stat().st_mtime_ns
    places.write("a/b.md", "text")
    assert path.stat().st_mtime_ns == before
    assert places.write("a/b.md", "other").read_text(encoding="utf-8") == "other"


def test_reproduction_and_audit_are_made_again_when_the_data_change() -> None:
    assert report_pages.made_of() == report_pages.made_of()
    for name in report_pages._MADE_OF:
        assert (places.ROOT / name).exists(), name


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_has_rows_of_one_width_and_is_on_a_page(name: str) -> None:
    lines = [line for line in TABLES[name]().splitlines() if line.startswith("|")]
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines}
    assert len(widths) == 1
    assert len(lines) > 2
    assert any(f"{{result-table}} {name}\n" in path.read_text(encoding="utf-8") for path in PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_links_of_a_page_lead_to_a_file_that_is_there_or_made(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    folder = "generated"
    made = {
        f"{folder}/{page}.md"
        for page in (
            "results/reproduction", "results/audit", "data/index", "glossary", "commands",
            "notebooks/index",
        )
    }  # fmt: skip
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http", "#")):
            continue
        place = (path.parent / target.split("#")[0]).resolve()
        inside = place.relative_to(DOCS).as_posix() if place.is_relative_to(DOCS) else ""
        if not place.exists() and inside not in made:
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_no_section_of_a_page_is_empty(path: Path) -> None:
    text = re.sub(r"```(?!\{).*?```", "code", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    parts = re.split(r"^(#{1,6}) .*$", text, flags=re.MULTILINE)
    levels, bodies = parts[1::2], parts[2::2]
    for at, body in enumerate(bodies):
        deeper = at + 1 < len(levels) and len(levels[at + 1]) > len(levels[at])
        assert body.strip() or deeper, f"section {at + 1}"


def test_works_are_complete_and_all_are_referred_to() -> None:
    works = tomllib.loads((DOCS / "references.toml").read_text(encoding="utf-8"))
    named = " ".join(
        match
        for path in PAGES
        for match in re.findall(r"\{references\} (.*)", path.read_text(encoding="utf-8"))
    ).split()
    assert set(named) == set(works)
    for key, work in works.items():
        assert all(work.get(part) for part in ("by", "year", "title", "where")), key
        assert re.fullmatch(r"10\.\d{4,9}/\S+", work.get("doi", "10.1000/x")), key
    found = [work["doi"].lower() for work in works.values() if "doi" in work]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("stem", notebook_pages.stems())
def test_every_notebook_has_a_page_and_a_line_in_the_list(stem: str) -> None:
    path = notebook_pages.NOTEBOOKS / f"{stem}.ipynb"
    page = notebook_pages.page(path)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert page.count("```python\n") == sum(cell["cell_type"] == "code" for cell in cells)
    assert ".ipynb)" not in page
    listed = notebook_pages.index()
    assert f"({stem}.md)" in listed
    assert f"\n{stem}\n" in listed
    english = stem.removesuffix(".nl")
    assert notebook_pages.SENTENCES[english][1] <= 30


def test_no_notebook_is_described_that_is_not_there() -> None:
    assert set(notebook_pages.SENTENCES) <= set(notebook_pages.stems())
