from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scale_samples import CARE, LOOSE, factor_answers, likert, small_frame, small_wave

from swvtypes.errors import InputError, OptionError
from swvtypes.language import Label
from swvtypes.scales import Reason, ScaleRules, judge, judge_all, suggested_sets
from swvtypes.scales.evidence import set_evidence
from swvtypes.scales.rules import EVIDENCE, REASONS, VERDICTS
from swvtypes.survey import Wave, load_wave

FAST = ScaleRules(n_parallel=60)


def frame_of(seed: int = 2, n: int = 150, noise: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(factor_answers(rng, n, [0.75] * 5), columns=[f"i{k}" for k in range(5)])
    for at in range(noise):
        frame[f"noise{at}"] = likert(rng.standard_normal(n))
    return frame


def test_a_scale() -> None:
    found = judge(frame_of(), rules=FAST)
    assert found.verdict == "forms_scale"
    assert found.kept == tuple(f"i{k}" for k in range(5))
    assert found.dropped == ()
    assert [reason.code for reason in found.reasons] == ["enough_alpha"]
    assert found.evidence == "answers"
    assert found.sectors["sector"].tolist() == ["(all)"]
    assert found.sectors["n_factors"].tolist() == [1]
    assert (found.items["decision"] == "keep").all()
    assert found.text("nl").startswith("uitspraken: vormt een schaal.\n- alpha is 0,")
    assert found.text("en").startswith("items: forms a scale.\n- alpha is 0.")


def test_a_scale_without_an_item() -> None:
    found = judge(frame_of(noise=1), rules=FAST, name="mine")
    assert found.verdict == "drop_items"
    assert found.dropped == ("noise0",)
    codes = [reason.code for reason in found.reasons]
    assert codes[-2:] == ["alpha_rises", "enough_alpha"]
    assert {"low_item_rest", "low_loading"} >= set(codes[:-2]) != set()
    assert found.text("nl").startswith('mine: vormt een schaal zonder "noise0".')
    assert found.text("en").startswith('mine: forms a scale without "noise0".')
    row = found.items[found.items["item"] == "noise0"].iloc[0]
    assert row["decision"] == "drop"
    assert row["item_rest"] < 0.2


def test_no_scale_is_found_in_noise() -> None:
    rng = np.random.default_rng(9)
    for _ in range(10):
        frame = pd.DataFrame(likert(rng.standard_normal((70, 6))), columns=list("abcdef"))
        found = judge(frame, rules=FAST)
        assert found.verdict == "no_scale"
        assert found.kept == ()


def test_sectors_must_each_bear_the_scale() -> None:
    frame = frame_of()
    rng = np.random.default_rng(1)
    noise = pd.DataFrame(likert(rng.standard_normal((150, 5))), columns=frame.columns)
    both = pd.concat([frame.assign(sector="po"), noise.assign(sector="vo")])
    found = judge(both, rules=FAST)
    assert found.verdict == "no_scale"
    codes = {(reason.code, reason.sector) for reason in found.reasons}
    assert ("enough_alpha", "po") in codes
    assert ("low_alpha", "vo") in codes
    assert ("no_factor", "vo") in codes


def test_an_item_that_fails_in_one_sector_only() -> None:
    frame = frame_of()
    other = frame_of(5)
    other["i4"] = likert(np.random.default_rng(6).standard_normal(len(other)))
    both = pd.concat([frame.assign(sector="po"), other.assign(sector="vo")])
    assert judge(both, rules=FAST).verdict == "forms_scale"
    strict = judge(both, rules=ScaleRules(fails_in="any", n_parallel=60))
    assert strict.dropped == ("i4",)
    assert {reason.sector for reason in strict.reasons if reason.item == "i4"} == {"vo"}


def test_rules_bind() -> None:
    assert judge(frame_of(), rules=ScaleRules(minimum_alpha=0.99)).verdict == "no_scale"
    assert judge(frame_of(), rules=ScaleRules(minimum_items=6)).reasons[0] == Reason(
        "too_few_items", value=5, limit=6
    )
    none = judge(frame_of(noise=1), rules=ScaleRules(maximum_dropped=0, n_parallel=60))
    assert none.verdict == "no_scale"
    assert none.reasons[0].code == "too_many_dropped"
    assert none.reasons[0].limit == 0
    narrow = judge(frame_of(noise=1)[["i0", "i1", "noise0"]], rules=FAST)
    assert narrow.reasons[0].code == "too_few_items"
    free = ScaleRules(
        require_factor=False, minimum_alpha=-1, minimum_item_rest=-1, minimum_loading=-1
    )
    noise = pd.DataFrame(
        likert(np.random.default_rng(3).standard_normal((60, 3))), columns=list("abc")
    )
    assert judge(noise, rules=free).verdict == "forms_scale"


def test_a_constant_item_goes() -> None:
    found = judge(frame_of().assign(still=3), rules=FAST)
    assert found.dropped == ("still",)
    assert found.reasons[0].code == "constant"


def test_too_few_answers() -> None:
    found = judge(frame_of()[:2], rules=FAST)
    assert found.verdict == "no_scale"
    assert [reason.code for reason in found.reasons] == ["not_computable"]
    assert found.sectors["n"].tolist() == [0]


def test_the_codebook_of_a_wave(wave: Wave) -> None:
    found = judge_all(wave, FAST)
    table = found.table.set_index("name")
    assert list(table.index) == ["care", "loose_block", "kind_block", "help"]
    assert table["agrees"].all()
    care = found["care"]
    assert care.kept == CARE
    assert care.dropped == ("care_odd", "care_vo")
    assert care.item_evidence["care_vo"] == "questionnaire"
    assert care.evidence == "answers"
    assert care.reasons[0].code == "not_comparable"
    assert found["loose_block"].verdict == "no_scale"
    assert [(r.code, r.value) for r in found["kind_block"].reasons] == [("no_order", 2)]
    assert found["kind_block"].evidence == "questionnaire"
    assert "help_none" not in found["help"].item_evidence
    with pytest.raises(OptionError, match="set: expected one of 'care', 'loose_block', "):
        found["other"]


def test_comparability_can_be_waived(wave: Wave) -> None:
    waived = judge(wave.sector("vo"), "care_block", ScaleRules(comparable=False, n_parallel=60))
    assert "care_vo" in waived.kept
    held = judge(wave.sector("vo"), "care_block", FAST)
    assert "care_vo" in held.dropped


def test_an_item_is_not_dropped_for_its_direction() -> None:
    frame = small_frame()
    core = 6 - frame["care_c"]
    shift = np.random.default_rng(4).integers(-1, 2, len(frame))
    frame["care_odd"] = 6 - (core + shift).clip(1, 5)
    wave = small_wave(frame)
    found = judge(wave, "care_block", FAST)
    assert "care_odd" in found.kept
    assert found.turned == ("care_odd",)
    assert any(r.code == "turned" and r.item == "care_odd" for r in found.reasons)
    plain = judge(wave, "care_block", ScaleRules(turn=False, n_parallel=60))
    assert "care_odd" in plain.dropped


def test_synthetic_rows_say_that_they_prove_nothing(synthetic_wave: Wave) -> None:
    found = judge_all(synthetic_wave, FAST)
    care = found["care"]
    assert care.evidence == "partly"
    assert care.item_evidence["care_a"] == "by_construction"
    assert care.item_evidence["care_odd"] == "none"
    assert found["loose_block"].evidence == "none"
    assert judge(synthetic_wave, "care", FAST).evidence == "by_construction"
    for language, words in (("nl", "zegt niets over de gedrukte keuze"), ("en", "says nothing")):
        assert words in care.text(language)  # type: ignore[arg-type]
        assert words in found["loose_block"].text(language)  # type: ignore[arg-type]
    assert "is geen bevestiging" in judge(synthetic_wave, "care", FAST).text("nl")
    items = care.items
    assert set(items.loc[items["item"] == "care_odd", "evidence"]) == {"none"}


def test_an_item_that_the_data_lack(wave: Wave) -> None:
    book = wave.codebook
    entries = tuple(
        v.model_copy(update={"optional": v.id == "loose_d"}) for v in book.file.variables
    )
    lacking = Wave.from_frame(
        small_frame().drop(columns="loose_d"),
        type(book)(book.file.model_copy(update={"variables": entries})),
    )
    found = judge(lacking, "loose_block", FAST)
    assert found.reasons[0].code == "absent"
    assert found.item_evidence["loose_d"] == "questionnaire"


def test_suggested_sets_of_2016() -> None:
    sets = {c.name: c for c in suggested_sets(load_wave("monitor_2016").codebook)}
    assert sets["care_duty"].items[-1] == "care_clear"
    assert set(sets["bureaucracy"].items) - set(sets["bureaucracy"].declared) == {
        "bureaucracy_lwoo",
        "bureaucracy_shopping",
        "bureaucracy_new_duties",
    }
    assert sets["parents_block"].items == (
        "voice_parents_formal",
        "voice_parents_informal",
        "parents_satisfaction_known",
    )
    assert {"gap_block", "profile_block", "staff_block", "services"} < set(sets)
    assert "service_none" not in sets["services"].items
    assert "saving" not in sets


def test_the_choices_of_2016() -> None:
    found = judge_all(load_wave("monitor_2016", seed=1), FAST)
    table = found.table.set_index("name")
    for name in ("consensus", "trust", "clarity", "information"):
        assert table.loc[name, "verdict"] == "forms_scale"
        assert table.loc[name, "evidence"] == "by_construction"
    lwoo = next(r for r in found["bureaucracy"].reasons if r.item == "bureaucracy_lwoo")
    assert lwoo.code == "not_comparable"
    assert found["bureaucracy"].item_evidence["bureaucracy_lwoo"] == "questionnaire"
    for name, item in (("care_duty", "care_clear"), ("bureaucracy", "bureaucracy_shopping")):
        assert found[name].item_evidence[item] == "none"
        assert found[name].evidence == "partly"
    for name in ("profile_block", "parents_block", "staff_block", "services"):
        assert found[name].evidence == "none"
    assert found["gap_block"].verdict == "no_scale"


def test_table_in_both_languages(synthetic_wave: Wave) -> None:
    found = judge_all(synthetic_wave, FAST)
    dutch, english = found.labelled("nl"), found.labelled("en")
    assert list(dutch.columns) == [
        "verzameling",
        "oordeel",
        "uitspraken in de schaal",
        "uitspraken erbuiten",
        "schaal volgens het codeboek",
        "gelijk aan het codeboek",
        "berust op",
    ]
    assert list(english.columns) == [
        "set",
        "verdict",
        "items in the scale",
        "items left out",
        "scale in the codebook",
        "same as the codebook",
        "rests on",
    ]
    assert dutch.iloc[0, :2].tolist() == ["zorg", "vormt een schaal zonder"]
    assert english.iloc[1, :2].tolist() == ["loose block", "does not form a scale"]
    assert dutch["gelijk aan het codeboek"].isin(["ja", "nee"]).all()
    assert english["same as the codebook"].isin(["yes", "no"]).all()
    assert english.loc[0, "items left out"] == "care_odd en, care_vo en"


@pytest.mark.parametrize(
    ("reason", "dutch", "english"),
    [
        (
            Reason("not_comparable", "a", label=Label("x", "y")),
            '"x" is niet in elke sector gevraagd en blijft buiten de schaal, zodat de sectoren '
            "vergelijkbaar blijven",
            '"y" was not asked in every sector and is left out, so that sectors stay comparable',
        ),
        (
            Reason("no_order", value=13),
            "de antwoorden op 13 van de uitspraken hebben geen volgorde",
            "the answers to 13 of the items have no order",
        ),
        (
            Reason("absent", "a"),
            '"a" ontbreekt in de gegevens',
            '"a" is absent from the data',
        ),
        (
            Reason("constant", "a", "po"),
            '"a" kreeg van iedereen hetzelfde antwoord (po)',
            '"a" got the same answer from everyone (po)',
        ),
        (
            Reason("low_item_rest", "a", "po", 0.125, 0.2),
            '"a" hangt te weinig samen met de andere uitspraken: 0,12 onder 0,20 (po)',
            '"a" relates too little to the other items: 0.12 below 0.20 (po)',
        ),
        (
            Reason("low_loading", "a", "vo", -1.0, 0.3),
            '"a" staat op zichzelf in de factoranalyse: lading -1,00 onder 0,30 (vo)',
            '"a" stands alone in the factor analysis: loading -1.00 below 0.30 (vo)',
        ),
        (
            Reason("alpha_rises", "a", "po", 0.75, 0.5),
            'alpha gaat omhoog zonder "a": van 0,50 naar 0,75 (po)',
            'alpha rises without "a": from 0.50 to 0.75 (po)',
        ),
        (
            Reason("turned", "a"),
            '"a" is voor dit oordeel omgedraaid, zodat geen uitspraak om haar richting afvalt',
            '"a" was turned round for this judgement, so that no item falls for its direction',
        ),
        (
            Reason("low_alpha", "", "po", 0.4, 0.6),
            "alpha is 0,40, onder 0,60 (po)",
            "alpha is 0.40, below 0.60 (po)",
        ),
        (
            Reason("enough_alpha", "", "po", 0.7, 0.6),
            "alpha is 0,70, minstens 0,60 (po)",
            "alpha is 0.70, at least 0.60 (po)",
        ),
        (
            Reason("no_factor", "", "po"),
            "geen factor steekt uit boven die van uitspraken zonder samenhang (po)",
            "no factor exceeds those of unrelated items (po)",
        ),
        (
            Reason("too_few_items", value=2, limit=3),
            "er blijven 2 uitspraken over, minder dan 3",
            "2 items would be left, fewer than 3",
        ),
        (
            Reason("too_many_dropped", value=3, limit=1),
            "er zouden 3 uitspraken af moeten, meer dan 1",
            "3 items would have to go, more than 1",
        ),
        (
            Reason("not_computable", sector="po"),
            "te weinig antwoorden om te rekenen (po)",
            "too few answers to compute (po)",
        ),
    ],
)
def test_texts_of_reasons(reason: Reason, dutch: str, english: str) -> None:
    assert reason.text("nl") == dutch
    assert reason.text("en") == english


def test_every_text_stands_in_both_languages() -> None:
    for texts in (REASONS, EVIDENCE, VERDICTS):
        for label in texts.values():
            assert label.nl
            assert label.en
            assert label.nl != label.en


def test_evidence_of_a_set() -> None:
    assert set_evidence(["answers", "answers"]) == "answers"
    assert set_evidence(["by_construction", "none"]) == "partly"
    assert set_evidence(["questionnaire"]) == "questionnaire"


def test_faults_of_the_rules() -> None:
    with pytest.raises(InputError) as caught:
        ScaleRules(
            minimum_alpha=2,
            minimum_items=1,
            maximum_dropped=-1,
            fails_in="some",  # type: ignore[arg-type]
            missing="no",  # type: ignore[arg-type]
            n_parallel=0,
        )
    assert list(caught.value.faults) == [
        "minimum_alpha: expected a number from -1 to 1, got 2",
        "minimum_items: expected at least 2, got 1",
        "maximum_dropped: expected a number from 0 to 1, got -1",
        "fails_in: expected 'every' or 'any', got 'some'",
        "missing: expected 'listwise' or 'pairwise', got 'no'",
        "n_parallel: expected at least 1, got 0",
    ]


def test_faults_of_the_items(wave: Wave) -> None:
    with pytest.raises(InputError, match="items: a wave needs a scale, a block of items or items"):
        judge(wave)
    with pytest.raises(InputError, match="expected a scale or block of 'care', 'care_block', "):
        judge(wave, "cair")
    with pytest.raises(InputError) as caught:
        judge(wave, ["boards", "boards", "nope"])
    assert list(caught.value.faults) == [
        "item 'boards': given twice",
        "item 'boards': expected answers in categories, got count",
        "item 'nope': the codebook has no such variable",
    ]
    with pytest.raises(InputError) as caught:
        judge(frame_of().assign(text="x"), ["text", "nope"])
    assert list(caught.value.faults) == [
        "item 'text': expected numbers, the column holds str",
        "item 'nope': the frame has no such column",
    ]
    with pytest.raises(InputError, match="items: expected at least two, got 1"):
        judge(frame_of(), "i0")


def test_items_by_name_from_a_wave(wave: Wave) -> None:
    found = judge(wave, LOOSE, FAST, name="loose")
    assert (found.name, found.label) == ("loose", Label("loose", "loose"))
    assert judge(wave, "care", FAST).label == Label("zorg", "care")
    assert judge(wave, "loose_block", FAST).label == Label("blok los", "loose block")


def test_a_number_below_its_limit_never_reads_as_the_limit() -> None:
    reason = Reason("low_alpha", sector="po", value=0.5964, limit=0.6)
    assert reason.text("nl") == "alpha is 0,596, onder 0,600 (po)"
    assert reason.text("en") == "alpha is 0.596, below 0.600 (po)"
    assert Reason("enough_alpha", value=0.6, limit=0.6).text("nl").startswith("alpha is 0,60, mi")
    assert Reason("too_few_items", value=2, limit=3).text("en").startswith("2 items would be left")


def test_all_rows_of_a_frame_have_a_name_in_each_language() -> None:
    found = judge(frame_of(n=8), rules=FAST)
    assert {reason.sector for reason in found.reasons} >= {"(all)"}
    assert "(alle antwoorden)" in found.text("nl")
    assert "(all answers)" in found.text("en")
    assert "(all)" not in found.text("nl") + found.text("en")


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"minimum_alpha": "0.6"}, "minimum_alpha: expected a number from -1 to 1, got '0.6'"),
        ({"minimum_items": 2.5}, "minimum_items: expected a whole number, got 2.5"),
        ({"n_parallel": True}, "n_parallel: expected a whole number, got True"),
        ({"n_parallel": 60.0}, "n_parallel: expected a whole number, got 60.0"),
        ({"maximum_dropped": None}, "maximum_dropped: expected a number from 0 to 1, got None"),
    ],
)
def test_rules_of_another_kind_are_faults(options: dict, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        ScaleRules(**options)
    assert list(caught.value.faults) == [fault]
