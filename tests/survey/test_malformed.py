"""Hundreds of malformed waves and codebooks: one error each, that names every planted fault."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from survey_samples import (
    answer_list,
    as_sheet,
    codebook_text,
    csv_text,
    label,
    raw_codebook,
    valid_row,
    valid_rows,
    variable,
    write_xlsx,
)

from swvtypes.errors import CodebookError, WaveError
from swvtypes.survey import Codebook, read_wave, write_wave

Needles = list[tuple[str, ...]]


class Sheet:
    """A valid wave in which each fault takes rows and columns of its own."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.rows = valid_rows(rng)
        self.free = list(range(len(self.rows)))
        self.header = list(self.rows[0])
        self.taken: set[str] = set()
        self.extra_columns: list[tuple[str, str]] = []
        self.ragged: dict[int, int] = {}
        self.broken_line = False

    def row(self, sector: str | None = None) -> dict[str, str]:
        fits = [at for at in self.free if sector in (None, self.rows[at]["sector"])]
        at = self.rng.choice(fits)
        self.free.remove(at)
        return self.rows[at]

    def write(self, folder: Path, form: str) -> Path:
        names = self.header
        sheet = [list(names)]
        sheet += [[row[name.strip()] for name in names] for row in self.rows]
        for name, cell in self.extra_columns:
            sheet[0].append(name)
            for line in sheet[1:]:
                line.append(cell)
        if form == "xlsx":
            return write_xlsx(folder / "wave.xlsx", sheet)
        for at, change in self.ragged.items():
            line = sheet[at + 1]
            sheet[at + 1] = line[:change] if change < 0 else [*line, *["1"] * change]
        text = csv_text(sheet, ";" if form == "semicolon" else ",")
        if form == "semicolon":
            text = text.replace("6.5", "6,5").replace("8.25", "8,25")
        text += '"unclosed' if self.broken_line else ""
        encoding = {"bom": "utf-8-sig", "latin": "latin-1", "utf16": "utf-16"}.get(form, "utf-8")
        path = folder / "wave.csv"
        path.write_bytes(text.encode(encoding))
        return path


def at(row: dict[str, str], column: str, *rest: str) -> tuple[str, ...]:
    return (f"organisation {row['organisation']!r}", f"column {column!r}", *rest)


def cell(sheet: Sheet, column: str, value: str, *rest: str, sector: str | None = None) -> Needles:
    row = sheet.row(sector)
    row[column] = value
    return [at(row, column, *rest)]


def unknown_column(s: Sheet) -> Needles:
    s.extra_columns.append(("trust_helq", "1"))
    return [("column 'trust_helq'", "not in the codebook")]


def absent_column(s: Sheet) -> Needles:
    s.header.remove("pupils")
    return [("column 'pupils'", "absent")]


def duplicate_column(s: Sheet) -> Needles:
    s.extra_columns.append(("model", "1"))
    return [("column 'model'", "expected once, found 2 times")]


def nameless_column(s: Sheet) -> Needles:
    s.extra_columns.append(("", "1"))
    return [("column number", "expected a name, found none")]


def untrimmed_column(s: Sheet) -> Needles:
    s.header[s.header.index("service_advice")] = " service_advice"
    return [("column ' service_advice'", "no spaces")]


def duplicate_id(s: Sheet) -> Needles:
    first, second = s.row(), s.row()
    second["organisation"] = first["organisation"]
    return [(f"organisation {first['organisation']!r}", "expected once, found 2 times")]


def empty_id(s: Sheet) -> Needles:
    row = s.row()
    row["organisation"] = s.rng.choice(["", "  "])
    return [("column 'organisation'", "expected an id, found none")]


def untrimmed_id(s: Sheet) -> Needles:
    row = s.row()
    row["organisation"] += " "
    return [(f"organisation {row['organisation']!r}", "without spaces around it")]


def unknown_sector(s: Sheet) -> Needles:
    return cell(s, "sector", s.rng.choice(["so", "PO", "1"]), "expected one of 'po', 'vo'")


def empty_sector(s: Sheet) -> Needles:
    return cell(s, "sector", "", "expected one of 'po', 'vo', found none")


def over_population(s: Sheet) -> Needles:
    s.rows += [valid_row(s.rng, f"PX{n}", "po") for n in range(14)]
    return [("sector 'po'", "expected at most 14 organisations, got 2")]


def unknown_code(s: Sheet) -> Needles:
    return cell(s, "model", "7", "expected one of 1, 2, 3, 99, got 7")


def foreign_missing_code(s: Sheet) -> Needles:
    return cell(s, "trust_self", "99", "expected one of 1, 2, 3, 4, 5, got 99")


def text_in_ordinal(s: Sheet) -> Needles:
    value = s.rng.choice(["eens", "NA", "NaN", "1 000", "#NULL!", "2-3", "1_0"])
    return cell(s, "trust_help", value, "expected a number", f"got {value!r}")


def text_in_binary(s: Sheet) -> Needles:
    return cell(s, "service_training", "ja", "expected a number", "got 'ja'")


def fraction(s: Sheet) -> Needles:
    return cell(s, "trust_help", "2.5", "expected a whole number", "got 2.5")


def count_fraction(s: Sheet) -> Needles:
    return cell(s, "staff_own", "2.5", "expected a whole number", "got 2.5")


def count_above(s: Sheet) -> Needles:
    return cell(s, "steering", "11", "a whole number from 1 to 10 or 99, got 11")


def count_below(s: Sheet) -> Needles:
    return cell(s, "steering", "0", "a whole number from 1 to 10 or 99, got 0")


def count_huge(s: Sheet) -> Needles:
    return cell(s, "steering", "1e30", "a whole number from 1 to 10", "got 1e30")


def out_of_range(s: Sheet) -> Needles:
    return cell(s, "grade", "10.5", "expected a number from 1 to 10, got 10.5")


def infinite(s: Sheet) -> Needles:
    value = s.rng.choice(["inf", "-Infinity", "1e999"])
    return cell(s, "grade", value, "expected a finite number")


def too_large(s: Sheet) -> Needles:
    return cell(s, "time_inside", "-1e200", "expected a number below 1e100 in size", "'-1e200'")


def sector_not_asked(s: Sheet) -> Needles:
    return cell(s, "admission", "3", "sector 'po' was not asked", sector="po")


def routed_past(s: Sheet) -> Needles:
    row = s.row()
    row["model"] = s.rng.choice(["3", "99", ""])
    row["follow_up"] = "4"
    return [at(row, "follow_up", "expected nothing, as column 'model' is not 1, 2", "got 4")]


def exclusive(s: Sheet) -> Needles:
    row = s.row()
    row |= {"service_none": "1", "service_training": "1", "service_advice": "0"}
    named = f"organisation {row['organisation']!r}"
    return [(named, "set 'services'", "'service_none'", "'service_training'")]


def open_composition(s: Sheet) -> Needles:
    row = s.row()
    row |= {"time_inside": "40", "time_outside": "50"}
    named = f"organisation {row['organisation']!r}"
    return [(named, "composition 'time'", "expected a total of 100", "got 90")]


def partly_blank(s: Sheet) -> Needles:
    row = s.row()
    row["time_outside"] = ""
    named = f"organisation {row['organisation']!r}"
    return [(named, "composition 'time'", "found none in 'time_outside'")]


def partly_blank_rescaled(s: Sheet) -> Needles:
    row = s.row()
    row["budget_office"] = ""
    named = f"organisation {row['organisation']!r}"
    return [(named, "composition 'budget'", "found none in 'budget_office'")]


def nothing_to_rescale(s: Sheet) -> Needles:
    row = s.row()
    row |= {"budget_school": "0", "budget_pupil": "0", "budget_office": "0"}
    named = f"organisation {row['organisation']!r}"
    return [(named, "composition 'budget'", "expected a total of 100", "got 0")]


def negative_share(s: Sheet) -> Needles:
    return cell(s, "budget_pupil", "-5", "expected a number from 0 to 100, got -5")


def bad_synthetic(s: Sheet) -> Needles:
    return cell(s, "synthetic", s.rng.choice(["maybe", "2", ""]), "expected true or false")


def negative_weight(s: Sheet) -> Needles:
    return cell(s, "survey_weight", "-1", "expected a weight above 0, got -1")


def zero_weight(s: Sheet) -> Needles:
    return cell(s, "survey_weight", "0", "expected a weight above 0, got 0")


def text_weight(s: Sheet) -> Needles:
    return cell(s, "survey_weight", "heavy", "expected a number, got 'heavy'")


def no_weight(s: Sheet) -> Needles:
    return cell(s, "survey_weight", "", "expected a weight above 0, found none")


def bad_seed(s: Sheet) -> Needles:
    return cell(s, "seed", s.rng.choice(["one", "1.5", "-3"]), "expected a whole number from 0")


def two_seeds(s: Sheet) -> Needles:
    s.row()["seed"] = "8"
    return [("column 'seed'", "expected one seed in a file, got 7, 8")]


def ragged(s: Sheet) -> Needles:
    row = s.row()
    where = s.rows.index(row)
    s.ragged[where] = s.rng.choice([2, 5])
    return [(f"line {where + 2}", "cells as in the header")]


def broken_line(s: Sheet) -> Needles:
    s.broken_line = True
    return [("line ", "the line cannot be taken apart")]


WAVE_FAULTS: list[Callable[[Sheet], Needles]] = [
    unknown_column,
    absent_column,
    duplicate_column,
    nameless_column,
    untrimmed_column,
    duplicate_id,
    empty_id,
    untrimmed_id,
    unknown_sector,
    empty_sector,
    over_population,
    unknown_code,
    foreign_missing_code,
    text_in_ordinal,
    text_in_binary,
    fraction,
    count_fraction,
    count_above,
    count_below,
    count_huge,
    out_of_range,
    infinite,
    too_large,
    sector_not_asked,
    routed_past,
    exclusive,
    open_composition,
    partly_blank,
    partly_blank_rescaled,
    nothing_to_rescale,
    negative_share,
    bad_synthetic,
    negative_weight,
    zero_weight,
    text_weight,
    no_weight,
    bad_seed,
    two_seeds,
    ragged,
    broken_line,
]
ONLY_CSV = {ragged, broken_line}
FORMS = ("comma", "semicolon", "bom", "latin", "utf16", "xlsx")


def assert_names(faults: tuple[str, ...], planted: Needles) -> None:
    """Every planted fault is named, and nothing is named that was not planted."""
    for needles in planted:
        hits = [fault for fault in faults if all(needle in fault for needle in needles)]
        assert hits, f"no fault names {needles}; found:\n" + "\n".join(faults)
    for fault in faults:
        known = any(all(needle in fault for needle in needles) for needles in planted)
        assert known, f"nobody planted: {fault}"


@pytest.mark.parametrize("fault", WAVE_FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_of_a_wave_alone(
    fault: Callable[[Sheet], Needles], codebook: Codebook, tmp_path: Path
) -> None:
    sheet = Sheet(random.Random(3))
    planted = fault(sheet)
    with pytest.raises(WaveError) as caught:
        read_wave(sheet.write(tmp_path, "comma"), codebook)
    assert_names(caught.value.faults, planted)
    assert caught.value.subject == "wave.csv"


@pytest.mark.parametrize("seed", range(200))
def test_malformed_wave_names_every_planted_fault(
    seed: int, codebook: Codebook, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    form = rng.choice(FORMS)
    catalogue = [f for f in WAVE_FAULTS if form != "xlsx" or f not in ONLY_CSV]
    sheet = Sheet(rng)
    planted: Needles = []
    for fault in rng.sample(catalogue, rng.randint(1, 4)):
        planted += fault(sheet)
    with pytest.raises(WaveError) as caught:
        read_wave(sheet.write(tmp_path, form), codebook)
    assert_names(caught.value.faults, planted)


class Book:
    """A valid codebook to which each fault adds entries of its own."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.raw = raw_codebook()
        self.number = 0

    def name(self) -> str:
        self.number += 1
        return f"extra_{self.number}"

    def add(self, kind: str, **rest: Any) -> str:
        name = self.name()
        self.raw["variables"].append(variable(name, kind, **rest))
        return name


def on(name: str, *rest: str) -> Needles:
    return [(f"variable {name!r}", *rest)]


def ordinal(b: Book, **rest: Any) -> str:
    return b.add("ordinal", answers="agreement", **rest)


def unknown_top_key(b: Book) -> Needles:
    b.raw["varables"] = 3
    return [("codebook, key 'varables'", "unknown key", "'variables'")]


def wrong_version(b: Book) -> Needles:
    b.raw["schema_version"] = b.rng.choice([2, "1", 0])
    return [("key 'schema_version'", "expected 1")]


def wrong_year(b: Book) -> Needles:
    b.raw["year"] = b.rng.choice(["2016", 12, 2016.5, True])
    return [("key 'year'",)]


def no_title(b: Book) -> Needles:
    del b.raw["title"]
    return [("key 'title'", "found none")]


def kind_is_no_list(b: Book) -> Needles:
    b.raw["themes"] = {"id": "governance"}
    return [("key 'themes'", "expected a list of tables"), ("'theme'", "no theme has the id")]


def entry_is_no_table(b: Book) -> Needles:
    b.raw["batteries"].append(b.rng.choice([3, "x", [1], True]))
    number = len(b.raw["batteries"])
    return [(f"battery number {number}", "expected a table with keys")]


def unknown_key(b: Book) -> Needles:
    return on(ordinal(b, revresed=True), "key 'revresed'", "'reversed'")


def wrong_type(b: Book) -> Needles:
    return on(b.add("likert"), "key 'type'", "got 'likert'")


def wrong_boolean(b: Book) -> Needles:
    return on(ordinal(b, optional=b.rng.choice(["yes", 1])), "key 'optional'")


def label_lacks_english(b: Book) -> Needles:
    name = ordinal(b)
    b.raw["variables"][-1]["label"] = {"nl": "x"}
    return on(name, "key 'label.en'", "found none")


def empty_label(b: Book) -> Needles:
    name = ordinal(b)
    b.raw["variables"][-1]["label"] = {"nl": "x", "en": "  "}
    return on(name, "key 'label.en'")


def bad_id(b: Book) -> Needles:
    b.raw["variables"].append(variable("Bad Id", "count"))
    return [("variable 'Bad Id'", "key 'id'", "small letters")]


def duplicate_variable(b: Book) -> Needles:
    name = b.add("count")
    b.raw["variables"].append(variable(name, "count"))
    return on(name, "found it 2 times")


def duplicate_category(b: Book) -> Needles:
    name = b.name()
    b.raw["answers"].append(answer_list(name, [1, 2, 2]))
    b.add("nominal", answers=name)
    return [(f"answer list {name!r}", "code 2 stands for 2 categories")]


def code_is_no_integer(b: Book) -> Needles:
    name = b.name()
    entry = answer_list(name, [1, 2, 2])
    entry["categories"][0]["code"] = b.rng.choice(["1", 1.5, True, 10**30])
    b.raw["answers"].append(entry)
    b.add("nominal", answers=name)
    return [(f"answer list {name!r}", "categories.1.code"), (f"answer list {name!r}", "code 2")]


def one_category(b: Book) -> Needles:
    name = b.name()
    b.raw["answers"].append(answer_list(name, [1]))
    b.add("nominal", answers=name)
    return [(f"answer list {name!r}", "key 'categories'")]


def unknown_pointer(b: Book) -> Needles:
    key = b.rng.choice(["theme", "scale", "battery", "composition"])
    name = b.add("continuous", **{key: "nowhere"})
    return on(name, f"key {key!r}", "has the id 'nowhere'")


def unknown_set(b: Book) -> Needles:
    return on(b.add("binary", set="nowhere"), "key 'set'", "no set has the id 'nowhere'")


def unknown_answers(b: Book) -> Needles:
    return on(b.add("ordinal", answers="agrement"), "'agrement'; did you mean 'agreement'?")


def unknown_missing(b: Book) -> Needles:
    return on(ordinal(b, missing=["nowhere"]), "no missing reason has the id 'nowhere'")


def implicit_missing(b: Book) -> Needles:
    return on(ordinal(b, missing=["blank"]), "'blank' need not be named")


def unknown_variable_sector(b: Book) -> Needles:
    return on(ordinal(b, sectors=["so"]), "no sector has the id 'so'")


def repeated_sector(b: Book) -> Needles:
    return on(ordinal(b, sectors=["vo", "vo"]), "'vo' is named 2 times")


def gate_to_nothing(b: Book) -> Needles:
    return on(ordinal(b, gate={"variable": "nowhere", "codes": [1]}), "key 'gate'", "'nowhere'")


def gate_to_itself(b: Book) -> Needles:
    name = b.name()
    b.raw["variables"].append(variable(name, "binary", gate={"variable": name, "codes": [1]}))
    return on(name, "points at the variable itself")


def gate_to_later(b: Book) -> Needles:
    first, second = b.name(), b.name()
    b.raw["variables"] += [
        variable(first, "binary", gate={"variable": second, "codes": [1]}),
        variable(second, "binary"),
    ]
    return on(first, f"{second!r} comes later")


def gate_cycle(b: Book) -> Needles:
    first, second = b.name(), b.name()
    b.raw["variables"] += [
        variable(first, "binary", gate={"variable": second, "codes": [1]}),
        variable(second, "binary", gate={"variable": first, "codes": [1]}),
    ]
    return [("gates form a cycle", first, second), (first, "comes later")]


def gate_code(b: Book) -> Needles:
    name = ordinal(b, gate={"variable": "model", "codes": [1, 9]})
    return on(name, "'model' has no code 9")


def gate_to_number(b: Book) -> Needles:
    return on(ordinal(b, gate={"variable": "pupils", "codes": [1]}), "has no categories")


def gate_to_register(b: Book) -> Needles:
    name = b.add("binary", origin="register")
    asking = ordinal(b, gate={"variable": name, "codes": [1]})
    return on(asking, f"{name!r} is a register figure")


def gate_other_sector(b: Book) -> Needles:
    name = ordinal(b, gate={"variable": "admission", "codes": [1]})
    return on(name, "'admission' was not asked in sector 'po'")


def gate_without_codes(b: Book) -> Needles:
    return on(ordinal(b, gate={"variable": "model", "codes": []}), "key 'gate.codes'")


def exclusive_elsewhere(b: Book) -> Needles:
    b.raw["sets"][0]["exclusive"] = "remark"
    return [("set 'services'", "'remark' is no option of this set")]


def without_answers(b: Book) -> Needles:
    kind = b.rng.choice(["ordinal", "nominal"])
    return on(b.add(kind), f"a variable of type {kind!r} needs an answer list")


def needless_answers(b: Book) -> Needles:
    return on(b.add("count", answers="agreement"), "of type 'count' has no answer list")


def reversed_alone(b: Book) -> Needles:
    return on(ordinal(b, reversed=True), "only an item of a scale can be reversed")


def mixed_scale(b: Book) -> Needles:
    name = b.add("ordinal", answers="models", scale="trust")
    return [("scale 'trust'", "one answer list", f"{name!r} has 'models'")]


def nominal_item(b: Book) -> Needles:
    name = b.add("nominal", answers="agreement", scale="trust")
    return on(name, "an item of scale 'trust' cannot be of type 'nominal'")


def empty_scale(b: Book) -> Needles:
    name = b.name()
    b.raw["scales"].append({"id": name, "label": label(name)})
    return [(f"scale {name!r}", "no variable names it")]


def empty_set(b: Book) -> Needles:
    name = b.name()
    b.raw["sets"].append({"id": name, "label": label(name)})
    return [(f"set {name!r}", "no variable names it")]


def gate_reason_without_a_gate(b: Book) -> Needles:
    name = b.name()
    b.raw["missing"].append({"id": name, "code": 97, "label": label(name), "enters": "gate"})
    return on(
        ordinal(b, missing=[name]), f"{name!r} enters as 'gate', and the variable has no gate"
    )


def lonely_part(b: Book) -> Needles:
    name = b.name()
    b.raw["compositions"].append({"id": name, "label": label(name)})
    b.add("continuous", composition=name)
    return [(f"composition {name!r}", "expected two parts or more, found 1")]


def wide_tolerance(b: Book) -> Needles:
    b.raw["compositions"][1] |= {"total": 1, "tolerance": 2}
    return [("composition 'time'", "expected less than the total 1, got 2")]


def bad_total(b: Book) -> Needles:
    b.raw["compositions"][2]["total"] = b.rng.choice([0, -1, "100", float("inf"), float("nan")])
    return [("composition 'staff'", "key 'total'")]


def unknown_closure(b: Book) -> Needles:
    b.raw["compositions"][2]["closure"] = "ignore"
    return [("composition 'staff'", "key 'closure'", "got 'ignore'")]


def rescaled_count(b: Book) -> Needles:
    return on(b.add("count", composition="budget"), "is of type 'continuous'")


def categorical_part(b: Book) -> Needles:
    return on(ordinal(b, composition="time"), "expected type 'continuous' or 'count'")


def option_no_binary(b: Book) -> Needles:
    return on(ordinal(b, set="services"), "expected an option of type 'binary'")


def option_codes(b: Book) -> Needles:
    list_name = b.name()
    b.raw["answers"].append(answer_list(list_name, [1, 2]))
    name = b.add("binary", answers=list_name, set="services")
    return on(name, "an option of a set has the codes 0 and 1, got 1, 2")


def three_way_binary(b: Book) -> Needles:
    return on(b.add("binary", answers="models"), "a binary variable has two categories, got 3")


def set_and_composition(b: Book) -> Needles:
    name = b.add("binary", set="services", composition="time")
    return [
        (f"variable {name!r}", "in both the set 'services' and the composition 'time'"),
        (f"variable {name!r}", "expected type 'continuous' or 'count'"),
    ]


def set_like_composition(b: Book) -> Needles:
    b.raw["sets"].append({"id": "time", "label": label("time")})
    b.add("binary", set="time")
    return [("set 'time'", "a composition has the same id")]


def minimum_above(b: Book) -> Needles:
    name = b.add("continuous", minimum=5, maximum=2)
    return on(name, "expected at most the maximum 2, got 5")


def negative_count(b: Book) -> Needles:
    return on(b.add("count", minimum=-3), "a count is not below 0, got -3")


def ranged_category(b: Book) -> Needles:
    return on(ordinal(b, maximum=5), "of type 'ordinal' has no range")


def colliding_missing(b: Book) -> Needles:
    name = b.name()
    b.raw["missing"].append({"id": name, "code": 3, "label": label(name), "enters": "state"})
    return on(ordinal(b, missing=[name]), "code 3 is both a category and", repr(name))


def same_missing(b: Book) -> Needles:
    name = b.name()
    b.raw["missing"].append({"id": name, "code": 99, "label": label(name), "enters": "state"})
    return on(ordinal(b, missing=["dont_know", name]), "code 99 is both the missing reasons")


def missing_in_range(b: Book) -> Needles:
    kind = b.rng.choice(["count", "continuous"])
    return on(b.add(kind, missing=["dont_know"]), "code 99", "lies in the range of the values")


def missing_without_code(b: Book) -> Needles:
    name = b.name()
    b.raw["missing"].append({"id": name, "label": label(name), "enters": "state"})
    ordinal(b, missing=[name])
    return [(f"missing reason {name!r}", "key 'code'", "found none")]


def unknown_enters(b: Book) -> Needles:
    b.raw["missing"][1]["enters"] = "never"
    return [("missing reason 'not_applicable'", "key 'enters'", "got 'never'")]


def reserved_column(b: Book) -> Needles:
    b.raw["variables"].append(variable("survey_weight", "continuous"))
    return [("variable 'survey_weight'", "this id is kept")]


def reserved_reason(b: Book) -> Needles:
    entry = {"id": "routed_past", "code": 97, "label": label("x"), "enters": "gate"}
    b.raw["missing"].append(entry)
    return [("missing reason 'routed_past'", "every codebook has it of itself")]


def no_population(b: Book) -> Needles:
    b.raw["sectors"][1]["population"] = b.rng.choice([0, -4, "12", 3.5])
    return [("sector 'vo'", "key 'population'")]


CODEBOOK_FAULTS: list[Callable[[Book], Needles]] = [
    fault
    for name, fault in list(globals().items())
    if callable(fault)
    and getattr(fault, "__annotations__", {}).get("b") == "Book"
    and name not in ("ordinal",)
]


def test_catalogues_are_wide() -> None:
    assert len(WAVE_FAULTS) >= 25
    assert len(CODEBOOK_FAULTS) >= 50


def test_the_base_of_both_generators_is_sound(codebook: Codebook, tmp_path: Path) -> None:
    for form in FORMS:
        wave = read_wave(Sheet(random.Random(1)).write(tmp_path, form), codebook)
        assert len(wave) == 19
    assert Codebook.parse(codebook_text(Book(random.Random(1)).raw)).id == "sample"
    assert as_sheet(Sheet(random.Random(1)).rows)[0][0] == "organisation"


@pytest.mark.parametrize("fault", CODEBOOK_FAULTS, ids=lambda fault: fault.__name__)
def test_each_fault_of_a_codebook_alone(fault: Callable[[Book], Needles]) -> None:
    book = Book(random.Random(11))
    planted = fault(book)
    with pytest.raises(CodebookError) as caught:
        Codebook.parse(codebook_text(book.raw), "book.toml")
    assert_names(caught.value.faults, planted)
    assert caught.value.subject == "book.toml"


@pytest.mark.parametrize("seed", range(200))
def test_malformed_codebook_names_every_planted_fault(seed: int) -> None:
    rng = random.Random(1000 + seed)
    book = Book(rng)
    planted: Needles = []
    for fault in rng.sample(CODEBOOK_FAULTS, rng.randint(1, 4)):
        planted += fault(book)
    with pytest.raises(CodebookError) as caught:
        Codebook.parse(codebook_text(book.raw))
    for needles in planted:
        hits = [f for f in caught.value.faults if all(needle in f for needle in needles)]
        assert hits, f"no fault names {needles}; found:\n" + "\n".join(caught.value.faults)


def damage(content: bytes, rng: random.Random) -> bytes:
    """Some bytes changed, taken out or put in."""
    damaged = bytearray(content)
    for _ in range(rng.choice([1, 2, 5, 30])):
        at = rng.randrange(len(damaged))
        damaged[at : at + rng.choice([0, 1, 1, 1, 40])] = rng.randbytes(rng.choice([0, 1, 1, 3]))
    return bytes(damaged)


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet", "sav"])
def test_damaged_files_are_waves_or_one_error(
    suffix: str, codebook: Codebook, tmp_path: Path
) -> None:
    rng = random.Random(17)
    path = tmp_path / f"wave.{suffix}"
    write_wave(read_wave(Sheet(rng).write(tmp_path, "comma"), codebook), path)
    sound = path.read_bytes()
    refused = 0
    n_files = {"sav": 8, "xlsx": 25}.get(suffix, 100)
    for _ in range(n_files):
        path.write_bytes(damage(sound, rng))
        try:
            read_wave(path, codebook)
        except WaveError as error:
            refused += bool(error.faults)
    assert refused > n_files // 2


def test_what_no_variable_names_is_no_fault() -> None:
    """A codebook may keep a list, block, reason or theme for a wave that has use for it."""
    raw = raw_codebook()
    raw["themes"].append({"id": "spare", "label": label("spare")})
    raw["batteries"].append({"id": "free", "label": label("free")})
    raw["answers"].append(answer_list("unused", [1, 2]))
    raw["missing"].append({"id": "none", "code": 97, "label": label("none"), "enters": "state"})
    assert "spare" in Codebook.parse(codebook_text(raw)).themes


def test_damaged_codebooks_are_codebooks_or_one_error(tmp_path: Path) -> None:
    rng = random.Random(18)
    path = tmp_path / "book.toml"
    sound = codebook_text(raw_codebook()).encode()
    refused = 0
    for _ in range(150):
        path.write_bytes(damage(sound, rng))
        try:
            Codebook.load(path)
        except CodebookError as error:
            refused += bool(error.faults)
    assert refused > 75
