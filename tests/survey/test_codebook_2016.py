"""The packaged codebook of the 2016 survey against what the published report lets one count."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from swvtypes.resources import data_path

PATH = data_path("codebooks", "monitor_2016.toml")

Chooses = Callable[[Any], bool]


def _named(*names: str) -> Chooses:
    return lambda variable: variable.id in names


def _battery(name: str) -> Chooses:
    return lambda variable: variable.battery == name


def _options(name: str) -> Chooses:
    return lambda variable: variable.set == name


# One row a closed question, in the order of the appendix: which variables hold it, and how many
# statements or options it has in po and in vo. The services stand in the appendix of po only; the
# vo column of table 2.7 gives the same eight options.
QUESTIONS: tuple[tuple[str, Chooses, int, int], ...] = (
    ("steering", _named("steering"), 1, 1),
    ("supervision model", _named("supervision_model"), 1, 1),
    ("supervisory board", _named("supervisory_board_type"), 1, 1),
    ("change of supervision", _named("supervision_change"), 1, 1),
    ("risk analysis", _named("risk_analysis"), 1, 1),
    ("reserves", _named("reserves"), 1, 1),
    ("override power", _named("override_power"), 1, 1),
    ("basic support", _named("basic_support_share"), 1, 1),
    ("extra support", _named("extra_support_share"), 1, 1),
    ("training agreements", _named("professionalisation_agreements"), 1, 1),
    ("parents' position", _named("parents_attention"), 1, 1),
    ("staff's position", _named("staff_attention"), 1, 1),
    ("talks, board level", _named("consultation_board"), 1, 1),
    ("talks, official level", _named("consultation_official"), 1, 1),
    ("services", _options("services"), 8, 8),
    ("plan revision", _options("plan_revision"), 6, 6),
    ("risks", _options("risks"), 8, 8),
    ("assurance", _options("assurance"), 10, 10),
    ("quality", _options("quality"), 11, 11),
    ("consensus", _battery("consensus_block"), 6, 6),
    ("trust", _battery("trust_block"), 5, 5),
    ("clarity", _battery("clarity_block"), 5, 5),
    ("duty of care", _battery("care_block"), 6, 6),
    ("bureaucracy", _battery("bureaucracy_block"), 7, 8),
    ("gaps", _battery("gap_block"), 11, 12),
    ("profiles", _battery("profile_block"), 6, 6),
    ("parents", _battery("parents_block"), 6, 6),
    ("staff", _battery("staff_block"), 6, 6),
    ("partners", _battery("external_block"), 7, 9),
    ("municipal agreements", _battery("municipal_block"), 5, 6),
    ("grade for consensus", _named("grade_consensus"), 1, 1),
    ("grade for trust", _named("grade_trust"), 1, 1),
)

# Number of answers in print, missing reasons left out.
ANSWERS = {
    "steering": 10,
    "supervision_model": 5,
    "supervision_model_coded": 6,
    "supervisory_board_type": 3,
    "supervision_change": 4,
    "risk_analysis": 3,
    "reserves": 3,
    "override_power": 6,
    "basic_support_share": 6,
    "extra_support_share": 6,
    "professionalisation_agreements": 3,
    "parents_attention": 2,
    "staff_attention": 2,
    "consultation_board": 4,
    "consultation_official": 4,
}

SCALES: dict[str, tuple[int, set[str]]] = {
    "consensus": (6, set()),
    "trust": (5, {"trust_self_interest"}),
    "clarity": (5, {"clarity_disputes"}),
    "care_duty": (5, {"care_calculating", "care_complaints"}),
    "bureaucracy": (5, {"bureaucracy_adjustment"}),
    "information": (6, set()),
}

# The last column of each grid, or the extra rows of a single question.
MISSING_OF_BATTERY = {
    "consensus_block": {"dont_know"},
    "trust_block": {"dont_know"},
    "clarity_block": {"dont_know"},
    "care_block": {"dont_know_or_not_applicable"},
    "bureaucracy_block": {"dont_know_or_not_applicable"},
    "gap_block": {"dont_know"},
    "profile_block": {"dont_know"},
    "parents_block": {"dont_know_or_not_applicable"},
    "staff_block": {"dont_know_or_not_applicable"},
    "external_block": {"not_applicable"},
    "municipal_block": {"dont_know_or_not_applicable"},
}
MISSING_OF_QUESTION = {
    "reserves": {"dont_know"},
    "basic_support_share": {"dont_know", "not_applicable"},
    "extra_support_share": {"dont_know", "not_applicable"},
    "professionalisation_agreements": {"dont_know", "not_applicable"},
}


@pytest.fixture(scope="module")
def codebook() -> Any:
    from swvtypes.survey.codebook import Codebook

    return Codebook.load(PATH)


@pytest.fixture(scope="module")
def variables(codebook: Any) -> Mapping[str, Any]:
    return dict(codebook.variables)


def test_population(codebook: Any) -> None:
    assert codebook.id == "monitor_2016"
    assert codebook.year == 2016
    assert dict(codebook.population) == {"po": 77, "vo": 75}


@pytest.mark.parametrize(
    ("chooses", "po", "vo"), [q[1:] for q in QUESTIONS], ids=[q[0] for q in QUESTIONS]
)
def test_statements_and_options_of_each_question(
    codebook: Any, variables: Mapping[str, Any], chooses: Chooses, po: int, vo: int
) -> None:
    chosen = [v.id for v in variables.values() if chooses(v)]
    assert sum(codebook.asked(name, "po") for name in chosen) == po
    assert sum(codebook.asked(name, "vo") for name in chosen) == vo


def test_every_variable_is_a_question_of_the_appendix_or_accounted_for(
    variables: Mapping[str, Any],
) -> None:
    closed = {v.id for v in variables.values() if any(q[1](v) for q in QUESTIONS)}
    rest = {name: v for name, v in variables.items() if name not in closed}
    groups: dict[str, list[str]] = {"register": [], "open": [], "budget": [], "derived": []}
    for name, v in rest.items():
        if v.composition == "budget":
            groups["budget"].append(name)
        elif v.origin == "register":
            groups["register"].append(name)
        elif v.origin == "open_answers":
            groups["open"].append(name)
        else:
            groups["derived"].append(name)
    assert len(closed) == 129 + 7  # those of po, and those that only vo was asked
    assert groups["register"] == ["equalisation", "boards", "pupil_growth"]
    assert len(groups["budget"]) == 5  # table 3.1
    assert len(groups["open"]) == 1 + 5 + 9 + 3  # tables 2.1, 3.6, 5.8 and 7.5
    assert groups["derived"] == []
    assert len(variables) == 162
    assert len(QUESTIONS) == 32


def test_number_of_answers(codebook: Any, variables: Mapping[str, Any]) -> None:
    expected = dict(ANSWERS)
    for name, v in variables.items():
        if v.battery == "gap_block":
            expected[name] = 4
        elif v.battery is not None:
            expected[name] = 5
    listed = {name for name, v in variables.items() if v.answers is not None}
    assert {name: len(codebook.categories(name)) for name in listed} == expected


def test_codes_follow_print(codebook: Any, variables: Mapping[str, Any]) -> None:
    for name, v in variables.items():
        codes = [category.code for category in codebook.categories(name)]
        start = 0 if v.type == "binary" else 1
        assert codes == list(range(start, start + len(codes))), name


@pytest.mark.parametrize("scale", SCALES)
def test_scales(variables: Mapping[str, Any], scale: str) -> None:
    items = [v for v in variables.values() if v.scale == scale]
    number, turned = SCALES[scale]
    assert len(items) == number
    assert {v.id for v in items if v.reversed} == turned
    assert all(v.sectors == () and v.answers == "agreement" for v in items)


def test_items_outside_the_scales(variables: Mapping[str, Any]) -> None:
    blocks = {"consensus_block", "trust_block", "clarity_block", "care_block", "bureaucracy_block"}
    outside = {v.id for v in variables.values() if v.battery in blocks and v.scale is None}
    assert outside == {
        "care_clear",
        "bureaucracy_lwoo",
        "bureaucracy_shopping",
        "bureaucracy_new_duties",
    }
    for block in ("parents_block", "staff_block"):
        items = [v for v in variables.values() if v.battery == block]
        assert sum(v.scale == "information" for v in items) == 3


def test_gates(variables: Mapping[str, Any]) -> None:
    gates = {n: (v.gate.variable, v.gate.codes) for n, v in variables.items() if v.gate}
    assurance = {n for n, v in variables.items() if v.set == "assurance"}
    assert gates.pop("supervisory_board_type") == ("supervision_model", (4,))
    assert set(gates) == assurance
    assert set(gates.values()) == {("clarity_spending", (4, 5))}


def test_missing_reasons(codebook: Any, variables: Mapping[str, Any]) -> None:
    for name, v in variables.items():
        expected = MISSING_OF_QUESTION.get(name, MISSING_OF_BATTERY.get(v.battery, set()))
        assert set(v.missing) == expected, name
        assert expected <= {reason.id for reason in codebook.reasons(name)}
    reasons = {r.id: (r.code, r.enters) for n in variables for r in codebook.reasons(n)}
    assert reasons["dont_know"] == (99, "random")
    assert reasons["not_applicable"] == (98, "state")
    assert reasons["dont_know_or_not_applicable"] == (97, "random")


def test_exclusive_options_and_closure() -> None:
    import tomllib

    raw = tomllib.loads(PATH.read_text(encoding="utf-8"))
    exclusive = {entry["id"]: entry.get("exclusive") for entry in raw["sets"]}
    assert {name for name in exclusive.values() if name} == {
        "service_none",
        "plan_none",
        "risk_none",
        "quality_none",
    }
    assert exclusive["assurance"] is None
    (budget,) = raw["compositions"]
    assert budget["closure"] == "rescale"
    assert budget["total"] == 100


def test_one_sector_only(variables: Mapping[str, Any]) -> None:
    single = {name: v.sectors for name, v in variables.items() if v.sectors}
    assert single == {
        "saving_opting_out": ("vo",),
        "bureaucracy_lwoo": ("vo",),
        "gap_sbo": ("po",),
        "gap_practical": ("vo",),
        "gap_above_school_other": ("vo",),
        "external_receiving_vo": ("po",),
        "external_supplying_po": ("vo",),
        "external_mbo": ("vo",),
        "external_business": ("vo",),
        "municipal_labour_market": ("vo",),
    }


def test_columns_that_a_file_may_lack_are_passive(variables: Mapping[str, Any]) -> None:
    for name, v in variables.items():
        assert v.optional == (v.role == "passive"), name
        assert v.optional == (v.origin != "questionnaire"), name


def test_labels_are_short_and_distinct(variables: Mapping[str, Any]) -> None:
    for language in ("nl", "en"):
        labels = [getattr(v.label, language) for v in variables.values()]
        assert len(set(labels)) == len(labels)
        assert all(2 <= len(label.split()) <= 7 for label in labels)
    assert all(v.theme and v.question == name for name, v in variables.items())


def _words(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "


def test_labels_do_not_repeat_the_questionnaire(
    variables: Mapping[str, Any], seeds_dir: Path
) -> None:
    found = sorted(seeds_dir.glob("001_*.txt"))
    assert found
    appendix = _words(found[0].read_text(encoding="utf-8").split("Bijlage 2: Uitkomsten")[-1])
    for name, v in variables.items():
        words = _words(v.label.nl).split()
        runs = [" ".join(words[i : i + 4]) for i in range(max(1, len(words) - 3))]
        copied = [run for run in runs if f" {run} " in appendix]
        assert not copied, (name, copied)
