"""What goes wrong around a typology, told: files by hand, checkpoints, names, registers, limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typology_samples import THEMES, sector_rows, two_sectors

import swvtypes as sw
from swvtypes.errors import InputError, OptionError, OptionsError, TypologyError

QUICK: dict[str, Any] = {"quick": True, "n_init": 5, "max_classes": 2, "max_types": 2}
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def fitted() -> sw.Typology:
    return sw.Typology(random_state=1, **QUICK).fit(two_sectors()[0], themes=THEMES)


@pytest.fixture(scope="module")
def saved(fitted: sw.Typology, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("file") / "typology.json"
    fitted.save(path)
    return path.read_text(encoding="utf-8")


def faults_of(saved: str, folder: Path, *edits: Edit) -> tuple[str, ...]:
    raw = json.loads(saved)
    for edit in edits:
        edit(raw)
    path = folder / "typology.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(TypologyError) as caught:
        sw.Typology.load(path)
    return caught.value.faults


# Files edited by hand ---------------------------------------------------------------------------


def test_recodes_are_those_of_the_types(saved: str, tmp_path: Path) -> None:
    assert faults_of(saved, tmp_path, lambda raw: raw["recodes"]["po"].pop("t1_1")) == (
        "recodes: not as a typology is written: no entry for po: 't1_1'",
    )
    assert faults_of(saved, tmp_path, lambda raw: raw["recodes"].pop("vo")) == (
        "recodes: not as a typology is written: expected entries ['po', 'vo'], got ['po']",
    )


def test_organisations_are_counted_in_numbers(saved: str, tmp_path: Path) -> None:
    def edit(raw: dict[str, Any]) -> None:
        raw["wave"]["organisations"]["po"] = "many"

    assert faults_of(saved, tmp_path, edit) == (
        "wave: not as a typology is written: organisations: expected whole numbers of at least 0 "
        "by sector",
    )


def test_sectors_and_categories_stand_there_once(saved: str, tmp_path: Path) -> None:
    def edit(raw: dict[str, Any]) -> None:
        raw["types"][1]["sectors"], raw["types"][1]["shares"] = ["po"], raw["types"][0]["shares"]
        raw["types"][0]["themes"][0]["items"][0]["categories"] = [1, 1]

    assert set(faults_of(saved, tmp_path, edit)) == {
        "types of po, theme 't1', item 't1_1': expected different categories, got [1, 1]",
        "types: sector 'po' stands in it twice",
    }


def test_faults_of_form_hide_no_others(saved: str, tmp_path: Path) -> None:
    def edit(raw: dict[str, Any]) -> None:
        raw["seed"] = "one"
        raw["types"][0]["shares"]["po"] = [0.9, 0.4]
        raw["types"][1]["types"] = []

    told = faults_of(saved, tmp_path, edit)
    assert told[0] == "seed: expected a whole number, got 'one'"
    assert told[-1] == "types of po: expected 2 shares of po that add up to 1"
    assert any(fault.startswith("types.1.types: ") for fault in told)


def test_every_option_of_a_file_is_looked_at(saved: str, tmp_path: Path) -> None:
    def edit(raw: dict[str, Any]) -> None:
        raw["options"] |= {"n_boot": 3, "speed": 1}

    (told,) = faults_of(saved, tmp_path, edit)
    assert "option: expected one of sectors, " in told
    assert "n_boot: expected an integer of at least 19, got 3" in told


# Checkpoints ------------------------------------------------------------------------------------


def begun(folder: Path, **more: Any) -> sw.Typology:
    rows = sector_rows("PO", 60, 0.5, 3)[0]
    themes = more.pop("themes", {"t1": THEMES["t1"], "t2": THEMES["t2"]})
    how = {k: more.pop(k) for k in ("indicators",) if k in more}
    made = sw.Typology(random_state=1, **(QUICK | more))
    return made.fit(more.pop("rows", rows), themes=themes, checkpoint=folder, **how)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"n_boot": 99}, ["options.n_boot: the fit begun there had 499, this one has 99"]),
        (
            {"items": "all", "level": 0.1},
            [
                "options.level: the fit begun there had 0.05, this one has 0.1",
                'options.items: the fit begun there had "supported", this one has "all"',
            ],
        ),
        (
            {"indicators": {"t1_2": "ordinal"}},
            [
                'themes.all.t1.items.t1_2.kind: the fit begun there had "nominal", this one has '
                '"ordinal"'
            ],
        ),
        (
            {"themes": {"t1": THEMES["t1"], "t3": THEMES["t3"]}},
            [
                "themes.all.t2: only the fit begun there has it",
                "themes.all.t3: the fit begun there does not have it",
                "answers: the fit begun there had others",
            ],
        ),
    ],
)
def test_another_fit_in_a_checkpoint_is_told_apart(
    tmp_path: Path, change: dict[str, Any], told: list[str]
) -> None:
    begun(tmp_path)
    with pytest.raises(TypologyError) as caught:
        begun(tmp_path, **change)
    assert list(caught.value.faults) == told


def test_themes_in_another_order_are_another_fit(tmp_path: Path) -> None:
    begun(tmp_path)
    with pytest.raises(TypologyError, match="items: the fit begun there had another order"):
        begun(tmp_path, themes={"t1": THEMES["t1"][::-1], "t2": THEMES["t2"]})


@pytest.mark.parametrize("step", ["theme_all_t1.json", "types_all.json"])
def test_a_step_changed_by_hand_is_named(tmp_path: Path, step: str) -> None:
    begun(tmp_path)
    raw = json.loads((tmp_path / step).read_text(encoding="utf-8"))
    raw.pop("reasons")
    (tmp_path / step).write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(TypologyError) as caught:
        begun(tmp_path)
    assert caught.value.faults == (
        f"{step} cannot be read: not as it was written: 'reasons'; remove it to have the step "
        "done again",
    )


# Names, options, limits -------------------------------------------------------------------------


def test_names_are_texts_each_once_in_a_sector(fitted: sw.Typology) -> None:
    with pytest.raises(TypologyError) as caught:
        fitted.rename({"po 1": "A", "po 2": "A", "vo 1": " ", "vo 2": 3, "x": "B"})  # type: ignore[dict-item]
    assert caught.value.faults == (
        "'x' is no type; there are 'po 1', 'po 2', 'vo 1', 'vo 2'",
        "'vo 1': expected a text, got ' '",
        "'vo 2': expected a text, got 3",
        "'po 2': 'po 1' is called 'A' too",
    )
    assert fitted.rename({"po 1": "A", "vo 1": "A"}).membership_.origin.names == {
        "po 1": "A", "vo 1": "A"
    }  # fmt: skip
    fitted.rename({})


def test_options_unknown_and_out_of_range_are_told_together() -> None:
    with pytest.raises(OptionsError) as caught:
        sw.Typology(n_jobs=0, n_boot=3, speed=1)
    first, second, third = caught.value.faults
    assert first == "n_jobs: expected -1 or an integer of at least 1, got 0"
    assert second.startswith("option: expected one of sectors, ")
    assert third == "n_boot: expected an integer of at least 19, got 3"


def test_no_limit_asks_for_more_than_all_information(fitted: sw.Typology) -> None:
    with pytest.raises(OptionError) as caught:
        fitted.score(two_sectors()[0], least_information=1.5)
    assert str(caught.value) == "least_information: expected a number from 0 to 1, got 1.5"


def test_a_register_is_looked_through_before_the_work(
    fitted: sw.Typology, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = two_sectors()[0]
    register = frame[["sector"]].assign(size=1.0)
    from swvtypes.typology import census

    monkeypatch.setattr(census, "run_as_finished", None)  # nothing may be run
    bad = pd.concat([register, register.iloc[:1]]).assign(place="x", wide=np.inf)
    with pytest.raises(InputError) as caught:
        fitted.census(bad, n_boot=2)
    assert caught.value.faults == (
        "organisation 'PO00' stands in it more than once",
        "column 'place': expected numbers",
        "column 'wide': expected finite numbers, got infinity",
    )
    with pytest.raises(InputError, match="expected a DataFrame by organisation, got list"):
        fitted.census([1], n_boot=2)  # type: ignore[arg-type]


def test_two_themes_show_association_and_say_that_they_do_no_more() -> None:
    rows = sector_rows("PO", 120, 0.5, 3)[0]
    two = {t: THEMES[t] for t in ("t1", "t2")}
    three = two | {"t3": THEMES["t3"]}
    told = {}
    for themes in (two, three):
        found = sw.Typology(random_state=1, **QUICK | {"max_types": 3}).fit(rows, themes=themes)
        assert len(found.membership_.types) == 2
        told[len(themes)] = (found.describe("en"), found.describe("nl"))
    assert "The 2 themes show association, but do not determine 2 types" in told[2][0]
    assert "De 2 thema's tonen samenhang, maar leggen 2 typen niet vast" in told[2][1]
    assert "do not determine" not in told[3][0]
    assert "More than 2 types cannot be told apart by the classes of these 3 themes" in told[3][0]
    assert "Meer dan 2 typen zijn met de klassen van deze 3 thema's niet uit" in told[3][1]


def test_themes_that_bear_more_types_than_were_found_do_not_say_that_they_cannot() -> None:
    from swvtypes.typology.existence_text import identification_note

    assert identification_note(2, [2, 2, 2, 2, 2], 4) == ()
    assert identification_note(2, [2, 2, 2, 2], 2) == ()  # no more were asked for
    assert identification_note(1, [2, 2], 4) == ()
    assert "More than 2 types" in identification_note(2, [2, 2, 2, 2], 3)[0].en


def test_whole_numbers_without_a_stated_order_are_named() -> None:
    rows = sector_rows("PO", 60, 0.5, 3)[0]
    first, second = THEMES["t1"][:2]
    generator = np.random.default_rng(1)
    rows = rows.assign(**{first: generator.integers(0, 5, 60), second: list("abcd") * 15})
    said = "Whole numbers read as categories without order: "
    told = {}
    for stated in ({}, {first: "nominal"}, {first: "ordinal"}):
        found = sw.Typology(random_state=1, **QUICK).fit(rows, themes=THEMES, indicators=stated)
        typing = found.themes_["t1"].by_sector["all"]
        told[stated.get(first)] = [r for r in typing.reasons if r.en.startswith(said)]
        assert not any(
            reason.en.startswith(said) for theme in ("t2", "t3")
            for reason in found.themes_[theme].by_sector["all"].reasons
        )  # fmt: skip
    assert told["nominal"] == told["ordinal"] == []
    (label,) = told[None]
    assert label.en.startswith(f"{said}{first}. If they have an order, state it")
    assert f"indicators={{{first!r}: 'ordinal'}}" in label.en
    assert f"indicators={{{first!r}: 'ordinal'}}" in label.nl
    assert second not in label.en


def test_sectors_whose_types_would_be_called_alike_are_refused() -> None:
    rows = sector_rows("PO", 30, 0.5, 3)[0]
    sectors = np.repeat(["po", "po 1", "all"], 10)
    with pytest.raises(InputError) as caught:
        sw.Typology(**QUICK).fit(rows.assign(sector=sectors), themes=THEMES)
    assert caught.value.faults == (
        "sector 'po 1': begins with the name of sector 'po' and a space",
        "sector 'all': stands for all together; give it another name",
    )


def test_rows_without_a_name_are_counted() -> None:
    rows = sector_rows("PO", 30, 0.5, 3)[0]
    rows.index = [None, np.nan, *rows.index[2:]]
    with pytest.raises(InputError) as caught:
        sw.Typology(**QUICK).fit(rows, themes=THEMES)
    assert "2 rows without a name of the organisation" in caught.value.faults


def test_a_census_of_shared_types_names_the_sectors() -> None:
    found = sw.Typology(random_state=1, sectors="together", **QUICK)
    counted = found.fit(two_sectors()[0], themes=THEMES).census(n_boot=2)
    for sector, n in (("po", 77), ("vo", 75)):
        assert f"Van de {n} in {sector} zijn er" in counted.text("nl")
        assert f"Of the {n} in {sector}, " in counted.text("en")


# Sectors ----------------------------------------------------------------------------------------


def test_equal_sectors_have_the_parameters_of_their_models() -> None:
    """With every kind of item: free models apart, and one model for both."""
    rng = np.random.default_rng(8)
    parts = []
    for sector, seed in (("po", 11), ("vo", 12)):
        rows, kind = sector_rows(sector, 120, 0.5, seed)
        rows = rows.assign(
            sector=sector, long=2.0 * kind + rng.normal(size=120), calls=rng.poisson(1 + 3 * kind),
            grade=np.clip(kind + rng.integers(1, 4, 120), 1, 4),
        )  # fmt: skip
        parts.append(rows)
    themes = {"t1": THEMES["t1"], "t2": THEMES["t2"], "u": ["long", "calls", "grade"]}
    kinds = {"calls": "count", "grade": "nominal"}
    options = QUICK | {"items": "all"}
    found = sw.Typology(random_state=1, **options)
    found.fit(pd.concat(parts), themes=themes, indicators=kinds)
    tests = found.compare_sectors(n_boot=9).tests
    # Ten yes or no, two means and one variance, two rates, four categories; in two classes.
    assert tests.loc["theme classes alike", "df"] == 10 * 2 + (2 + 1) + 2 + 2 * 3
    assert tests.loc["types alike", "df"] == 3 * 2
    assert (tests["statistic"] >= -1e-6).all()
