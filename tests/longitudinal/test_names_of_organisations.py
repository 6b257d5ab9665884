"""Names and answers that are numbers at one occasion and text at another, and other odd input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes import Membership
from swvtypes.errors import InputError, OptionError, WeightError
from swvtypes.longitudinal import (
    DriftOptions,
    LatentTransitionModel,
    carry_membership,
    compare_memberships,
    corrected_transitions,
    item_drift,
    position_change,
    three_wave_reliability,
)
from swvtypes.survey import OrganisationCrosswalk

N = 30
NUMBERS = pd.Series(np.random.default_rng(0).integers(1, 11, N).astype(float), index=range(N))
TEXT = NUMBERS.set_axis([str(i) for i in range(N)])
KINDS = "expected names of one kind, got numbers and text: 0 .* and '0' .* and 27 more"


def hard(n: int = 20, text: bool = True) -> Membership:
    names = [str(i) if text else i for i in range(n)]
    return Membership.from_modal(
        pd.Series([1, 2] * (n // 2), index=names), pd.Series("po", index=names)
    )


def test_numbers_at_one_occasion_and_text_at_the_other_are_a_fault() -> None:
    kinds = (NUMBERS > 5).astype(int)
    with pytest.raises(InputError, match=KINDS):
        compare_memberships(kinds, kinds.set_axis(TEXT.index))
    with pytest.raises(InputError, match=KINDS):
        position_change(NUMBERS, TEXT)
    with pytest.raises(InputError, match=KINDS):
        three_wave_reliability(NUMBERS, NUMBERS, TEXT)
    with pytest.raises(InputError, match=KINDS):
        item_drift(NUMBERS.to_frame("a"), TEXT.to_frame("a"))
    with pytest.raises(InputError, match="expected names of one kind"):
        corrected_transitions([hard(text=False), hard()])


def test_types_are_told_apart_by_their_text() -> None:
    kinds = pd.Series([1, 2, 3] * 10, index=range(N))
    moved = kinds.copy()
    moved[0] = 2
    gaps = kinds.astype(float).mask(kinds.index == 5)  # whole numbers become floats
    found = compare_memberships(gaps, moved, align="names")
    assert found.pairs.types_before == ("1", "2", "3")
    assert int(found.moved.sum()) == 1
    mixed = kinds.astype(object).where(kinds.index < 9, kinds.astype(str))
    assert compare_memberships(mixed, moved).transitions.shape == (3, 3)


def test_types_with_names_of_two_words_are_matched_on_members() -> None:
    before = pd.Series(["weak net", "strong hub"] * 15)
    after = pd.Series(["strong net", "weak hub"] * 15)
    found = compare_memberships(before, after, n_draws=9)
    assert found.alignment.partner == {"weak net": "strong net", "strong hub": "weak hub"}
    assert not found.moved.any()


def test_drift_names_items_and_answers_that_do_not_compare() -> None:
    frame = pd.DataFrame({1: [0, 1] * 10, 2: [1, 0] * 10}, index=[f"A{i}" for i in range(20)])
    found = item_drift(frame, frame, options=DriftOptions(9))
    assert list(found.index) == [1, 2]
    assert list(item_drift(frame.rename(columns=str), frame.rename(columns=str), "1").index) == [
        "1"
    ]
    with pytest.raises(InputError, match="2: expected answers of one kind, got text after and num"):
        item_drift(frame, frame.assign(**{"2": 0}).astype({2: str}))
    with pytest.raises(InputError, match="items: more than one item before is 1 after"):
        item_drift(frame, frame, {1: 1, 2: 1})  # type: ignore[dict-item]
    with pytest.raises(InputError, match="before: expected at least one organisation, got none"):
        item_drift(frame.iloc[:0], frame)


def test_a_shift_that_all_share_is_no_chance() -> None:
    found = position_change(NUMBERS, NUMBERS + 1, n_draws=99).table.loc["mean"]
    assert (found["statistic"], found["p_value"]) == (np.inf, 0.0)
    none = position_change(NUMBERS, NUMBERS, n_draws=99).table.loc["mean"]
    assert (none["statistic"], none["p_value"]) == (0.0, 1.0)


def test_three_waves_name_what_is_wrong() -> None:
    twice = pd.concat([NUMBERS, NUMBERS.iloc[:1]])
    with pytest.raises(InputError, match="first: 0 stands more than once"):
        three_wave_reliability(twice, NUMBERS, NUMBERS)
    with pytest.raises(InputError, match="second: every position is the same"):
        three_wave_reliability(NUMBERS, NUMBERS * 0, NUMBERS)
    with pytest.raises(InputError, match="third: expected a Series by organisation, got list"):
        three_wave_reliability(NUMBERS, NUMBERS, list(NUMBERS))  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="level: expected a number between 0 and 1, got 95"):
        three_wave_reliability(NUMBERS, NUMBERS, NUMBERS, level=95)
    with pytest.raises(OptionError, match="n_boot: expected at least 1, got 0"):
        three_wave_reliability(NUMBERS, NUMBERS, NUMBERS, n_boot=0)


def test_options_of_corrected_transitions_are_checked() -> None:
    found = corrected_transitions([hard(), hard()])
    cases: list[tuple[Any, str]] = [
        (lambda: found.table("exact"), "method: expected 'profile' or 'wald' or 'bootstrap'"),
        (lambda: found.table(level=95), "level: expected a number between 0 and 1, got 95"),
        (lambda: found.table("bootstrap", nboot=3), "bootstrap: expected 'n_boot' or 'random_st"),
        (lambda: found.mover_rate_interval(level=0), "level: expected a number between 0 and 1"),
        (lambda: found.mover_rate(step=1), "step: expected a whole number from 0 to 0, got 1"),
        (lambda: found.shares(2), "wave: expected a whole number from 0 to 1, got 2"),
    ]
    for call, message in cases:
        with pytest.raises(OptionError, match=message):
            call()
    with pytest.raises(InputError, match="'9' is no type after; there are '1', '2'"):
        found.mover_rate({"1": "9"})
    with pytest.raises(
        InputError, match=r"organisations: expected one mapping a wave \(2\), got 1"
    ):
        corrected_transitions([hard(), hard()], organisations=[{}])
    with pytest.raises(InputError, match="expected a sequence of Membership, one a wave"):
        corrected_transitions(hard())  # type: ignore[arg-type]


def test_a_crosswalk_follows_organisations_whose_names_are_numbers(tmp_path: Any) -> None:
    rows = [f"a,{i},b,{i},same," for i in range(18)] + ["a,18,b,99,merged,", "a,19,b,99,merged,"]
    head = "before_wave,before,after_wave,after,event,note"
    (tmp_path / "who.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    who = OrganisationCrosswalk.read(tmp_path / "who.csv")
    carried = carry_membership(hard(text=False), who).modal
    pd.testing.assert_series_equal(carried, carry_membership(hard(), who).modal)
    assert len(carried) == 19


def panel(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    kind = np.arange(n) % 2
    parts = []
    for year in (2020, 2022):
        kind = np.where(rng.random(n) < 0.2 * (kind == 1), 0, kind)  # from 1 to 0 only
        answers = (rng.random((n, 5)) < np.where(kind, 0.9, 0.1)[:, None]).astype(int)
        parts.append(pd.DataFrame(answers, columns=list("abcde")).assign(id=range(n), year=year))
    return pd.concat(parts, ignore_index=True)


def fitted(frame: pd.DataFrame, **options: Any) -> LatentTransitionModel:
    model = LatentTransitionModel(n_classes=2, n_init=3, random_state=1, n_jobs=1)
    return model.fit(frame, unit="id", wave="year", indicators=list("abcde"), **options)


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
def test_waves_of_an_ordered_categorical_stand_in_its_order() -> None:
    frame = panel()
    words = frame["year"].map({2020: "voor", 2022: "na"})
    named = frame.assign(year=pd.Categorical(words, categories=["voor", "na"], ordered=True))
    found = fitted(named)
    np.testing.assert_allclose(found.transition_, fitted(frame).transition_)
    assert list(found.shares_.index) == ["voor", "na"]


def test_panels_that_identify_no_moves_are_a_fault() -> None:
    frame = panel()
    apart = frame[(frame["id"] < 30) == (frame["year"] == 2020)]
    with pytest.raises(InputError, match="answers up to 2020 and from 2022 on, found none"):
        fitted(apart)
    mixed = frame["id"].astype(object).where(frame["year"] == 2020, frame["id"].astype(str))
    with pytest.raises(InputError, match="column 'id': expected names of one kind, got numbers"):
        fitted(frame.assign(id=mixed))
    years = frame["year"].astype(object).where(frame["year"] == 2020, "2022")
    with pytest.raises(InputError, match=r"'year': expected waves of one kind, .* int and str"):
        fitted(frame.assign(year=years))
    with pytest.raises(InputError, match="expected a DataFrame with a row a unit and wave, got li"):
        fitted([1])  # type: ignore[arg-type]


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
def test_weights_by_row_keep_to_the_rows_whatever_their_index() -> None:
    frame = panel().sort_values(["year", "id"], ascending=[True, False])
    by_unit = pd.Series(np.where(np.arange(60) % 3 == 0, 2, 1), index=[*range(60)])
    by_row = frame["id"].map(by_unit)  # its index overlaps the units, in another order
    wanted = fitted(frame, sample_weight=by_row.to_numpy()).log_likelihood_
    for weight in (by_row, by_unit, by_unit.reset_index(drop=True)):
        assert fitted(frame, sample_weight=weight).log_likelihood_ == pytest.approx(wanted)
    with pytest.raises(WeightError, match="unit 0 stands in them more than once"):
        fitted(frame, sample_weight=pd.concat([by_unit, by_unit.iloc[:1]]))
    with pytest.raises(WeightError, match="no column 'gewicht'; columns are 'a', 'b'"):
        fitted(frame, sample_weight="gewicht")
    with pytest.raises(WeightError, match="expected numbers: could not convert"):
        fitted(frame, sample_weight=by_row.astype(str) + "x")


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
def test_levels_of_the_joint_model_are_below_one() -> None:
    model = fitted(panel())
    for call in (model.transition_intervals, model.initial_intervals, model.mover_rates):
        with pytest.raises(OptionError, match="level: expected a number between 0 and 1, got 95"):
            call(level=95)
