"""Every section with real objects: typology, census, stability, relations, other choices."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from swvtypes.language import Label
from swvtypes.report import ReportInputs, ReportOptions, render_report
from swvtypes.report.option_words import how_read
from swvtypes.report.run_folder import RunSources, inputs_of_run
from swvtypes.steering import summarise
from swvtypes.survey import Codebook, Wave, read_wave
from swvtypes.typology import Typology, bootstrap_stability, multiverse
from swvtypes.typology.existence_text import NOT_TESTED
from swvtypes.typology.stability import ThemeAnalysis
from swvtypes.typology.themes.specification import Kind, Recode
from swvtypes.validation import ValidationOptions, against_context, against_variables
from swvtypes.workflow import require_complete

ITEMS = [f"first_{j}" for j in range(4)]


@pytest.fixture(scope="module")
def wave(finished_run: Path) -> Wave:
    book = Codebook.load(finished_run / "codebook.toml")
    found = read_wave(finished_run / "wave.csv", book, name="now")
    return found.join_register(finished_run / "register.csv")


@pytest.fixture(scope="module")
def whole(wave: Wave) -> ReportInputs:
    typology = Typology(random_state=1, quick=True, n_init=4, max_classes=2, max_types=2)
    typology.fit(wave).rename({"po 1": "steady", "vo 2": "open"})
    frame = wave.frame[ITEMS].astype(float)
    grid = [{"n_classes": k, "left_out": out} for k in (2, 3) for out in (None, "first_0")]
    options = ValidationOptions(n_permutations=19)
    return ReportInputs(
        question=Label("Welke typen zijn er?", "Which types are there?"),
        wave=wave,
        typology=typology,
        steering=summarise(wave),
        validation=(
            against_context(wave, typology.membership_, options),
            against_variables(wave, "steering", ["second_0", "second_1"], options),
        ),
        census=typology.census(n_boot=2, random_state=1),
        stability={"thema eerste": bootstrap_stability(
            frame, 12, n_classes=2, n_init=10, random_state=1, n_jobs=1)},
        multiverse={"thema eerste": multiverse(ThemeAnalysis(frame, n_init=4), grid)},
    )  # fmt: skip


def part(page: str, key: str) -> str:
    """Give a section as text without markup."""
    body = page.split(f'<section id="{key}"')[1].split("</section>", maxsplit=1)[0]
    return unescape(re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_section_says_what_its_object_says(whole: ReportInputs, language: str) -> None:
    page = render_report(whole, language)  # type: ignore[arg-type]
    stability, other = whole.stability["thema eerste"], whole.multiverse["thema eerste"]
    flat = {key: re.sub(r"\s+", " ", part(page, key)) for key in ("stability", "census")}
    for line in [*stability.text(language).split("\n"), *other.text(language).split("\n")]:  # type: ignore[arg-type]
        assert re.sub(r"\s+", " ", line).strip() in flat["stability"]
    assert whole.census is not None
    assert whole.census.text(language) in flat["census"]  # type: ignore[arg-type]
    assert 'class="gap"' not in page.split('id="stability"')[1].split("</section>")[0]
    steering = re.sub(r"\s+", " ", part(page, "steering"))
    assert whole.steering is not None
    for line in whole.steering.text(language).split("\n"):  # type: ignore[arg-type]
        assert line in steering
    for found in whole.validation:
        assert found.title.text(language) in part(page, "validation")  # type: ignore[arg-type]


def test_no_english_stands_in_a_dutch_report_of_a_full_run(
    whole: ReportInputs, finished_run: Path
) -> None:
    results = finished_run / "results"
    manifest = inputs_of_run(RunSources(results, require_complete(results))).manifest
    gone = {"sha256 earlier run ../2020/results, answers": "absent"}
    page = render_report(replace(whole, manifest={**manifest, **gone}), "nl")
    words = re.sub(r"<script.*?</script>|<style.*?</style>", " ", page, flags=re.DOTALL)
    words = unescape(re.sub(r"<[^>]+>", " ", words))
    for english in ("pearson", "pooled", "n_boot", "bootstrap_then_bic", "likelihood_ratio",
                    "one_step", "True", "False", "missing:", "the ", "nan", "absent", "synthetic",
                    "version", "run file", "earlier run", "answers", "sha256"):  # fmt: skip
        assert not re.search(rf"\b{english}", words), english
    assert re.search(r"synthetische rijen\s+ja", words)
    assert re.search(r"antwoorden van eerdere run \.\./2020/results\s+niet meer aanwezig", words)


def test_the_census_is_of_every_type_and_adds_up(whole: ReportInputs) -> None:
    assert whole.census is not None
    told = part(render_report(whole, "en"), "census")
    for name, row in whole.census.table.iterrows():
        assert str(name) in told
        assert f"{row['estimate']:.0f}" in told


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        ("types", "the types are kinds"),
        ("continuum", "stretches of a continuum, not as kinds"),
        ("undecided", "cannot be told"),
        ("neither", "neither kinds nor a continuum"),
        ("not tested", "was not tested"),
    ],
)
def test_the_summary_gives_the_verdict_on_types_or_a_continuum(
    whole: ReportInputs, verdict: str, text: str
) -> None:
    typology = copy(whole.typology)
    assert typology is not None
    typology.superclusters_ = {
        key: replace(found, verdict={"verdict": verdict})
        for key, found in typology.superclusters_.items()
    }
    page = render_report(replace(whole, typology=typology), "en")
    assert part(page, "summary").count(text) == 2
    # Once a sector, as something that was not done.
    said = 2 if verdict == "not tested" else 0
    assert page.count(f"</strong> {NOT_TESTED.en}") == said
    assert page.count(NOT_TESTED.en) == said


def test_weights_that_play_no_part_are_said_to(whole: ReportInputs, finished_run: Path) -> None:
    book = Codebook.load(finished_run / "codebook.toml")
    answers = pd.read_csv(finished_run / "wave.csv", dtype="str").assign(survey_weight="1.5")
    weighted = replace(whole, wave=Wave.from_frame(answers, book, name="now"))
    told = {
        "nl": "Enquêtegewichten tellen in typen en profielen niet mee.",
        "en": "Survey weights play no part in types and profiles.",
    }
    for language, sentence in told.items():
        assert sentence in part(render_report(weighted, language), "profiles")  # type: ignore[arg-type]
        assert sentence not in render_report(whole, language)  # type: ignore[arg-type]


def test_own_names_of_types_stand_beside_theirs(whole: ReportInputs) -> None:
    page = render_report(whole, "en")
    assert "po 1 (steady)" in part(page, "summary")
    assert "vo 2 (open)" in part(page, "profiles")


def test_every_choice_has_its_reason(whole: ReportInputs) -> None:
    page = render_report(whole, "en")
    told = page.split('id="method"')[1].split("<details", maxsplit=1)[0]
    assert "no reason given" not in told
    assert told.count("<tr>") == 1 + len(whole.typology.options.as_dict())  # type: ignore[union-attr]


def test_the_checklist_is_filled_from_a_full_run(whole: ReportInputs) -> None:
    rows = page_rows(render_report(whole, "en"))
    states = {row[0].split(".")[0]: row[1] for row in rows}
    assert len(states) == 22
    assert states["1"] == "in part"
    assert states["21"] == "in part"
    for key in ("2", "7", "8", "10", "11", "12", "14", "16", "18"):
        assert states[key] == "filled in", key
    assert states["19"] == states["20"] == "missing"
    said = next(row[2] for row in rows if row[0].startswith("9."))
    assert "4 starts of each model" in said
    assert "was found" in said
    bare = page_rows(render_report(replace(whole, typology=None, membership=None), "en"))
    assert sum(row[1] == "missing" for row in bare) > sum(row[1] == "missing" for row in rows)


def page_rows(page: str) -> list[list[str]]:
    """Rows of the checklist as texts."""
    body = page.split('<section id="checklist"')[1].split("<tbody>")[1]
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in body.split("</tbody>", maxsplit=1)[0].split("</tr>")[:-1]
    ]


def test_the_text_against_judging_stands_first_in_the_explorer_and_last(
    whole: ReportInputs,
) -> None:
    page = render_report(whole, "en")
    assert "A type is no judgement of quality" in part(page, "summary")
    assert "no type superior to another" in page.split("<footer>")[1]
    assert "no type is superior to another" in page.split('id="explorer-data"')[1]


def test_a_public_report_of_a_full_run_leaves_figures_out(whole: ReportInputs) -> None:
    options = ReportOptions(organisations="none", smallest_cell=40)
    page = render_report(whole, "en", options)
    assert "Left out for sectors with a suppressed type" in part(page, "census")
    assert "<table" not in page.split('id="census"')[1].split("</section>")[0]
    assert "Unlike the other" not in part(page, "profiles")
    shares = re.findall(r"\d+%", part(page, "summary"))
    assert shares == []
    told = pd.Series(re.findall(r"\d+ of the \d+ organisations keep", page))
    assert told.empty


def test_kinds_and_recodings_are_in_the_language_of_the_page() -> None:
    kinds, recodes = get_args(Kind), get_args(Recode)
    for kind in kinds:
        for recode in recodes:
            told = how_read(kind, recode)
            assert told.nl != told.en
            assert "_" not in told.nl + told.en
    assert how_read("binary", "none") == ("ja of nee", "yes or no")
    assert how_read("ordinal", "coarse").nl == "geordend, in grove klassen"
