"""Summaries, relations, groups and the joint view: what they hold, refuse, and say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.errors import InputError, OptionError
from swvtypes.steering import (
    Aspect,
    JointSpec,
    SteeringOptions,
    groups,
    position_profile,
    relations,
    standard_aspects,
    summarise,
    three_dimensions,
)
from swvtypes.survey import Wave

from .conftest import make_wave, small_frame

WEIGHTED = SteeringOptions(weighted=True)


def rows(table: pd.DataFrame, **where: str) -> pd.DataFrame:
    for name, value in where.items():
        table = table[table[name] == value]
    return table


def test_standard_aspects_of_the_monitor(first: Wave) -> None:
    found = standard_aspects(first)
    blocks = pd.Series([aspect.block for aspect in found]).value_counts().to_dict()
    assert blocks == {
        "gaps": 13, "services": 9, "profiles": 6, "budget": 5, "scales": 5, "context": 3
    }  # fmt: skip
    assert (
        next(a for a in found if a.kind == "codes")
        .label(first.codebook)
        .en.endswith("absent or too little")
    )


def test_summary_counts_and_missing_positions() -> None:
    frame = small_frame().astype({"steering": object})
    frame.loc[:2, "steering"] = None
    wave = make_wave(frame)
    found = summarise(wave, margin=0.5)
    centre = found.centre.set_index("sector")
    assert centre.loc["(pooled)", ["n", "missing"]].tolist() == [37, 3]
    assert found.distribution.groupby("sector")["n"].sum().to_dict() == {"po": 18, "vo": 19}
    values = frame["steering"].dropna().astype(float)
    assert centre.loc["(pooled)", "n_left"] == (values < 5.5).sum()
    assert centre.loc["(pooled)", "p_midpoint"] == pytest.approx(
        stats.ttest_1samp(values, 5.5).pvalue
    )
    pair = found.comparison.iloc[0]
    one, two = (
        frame.loc[frame["sector"] == s, "steering"].dropna().astype(float) for s in ("po", "vo")
    )
    theirs = stats.mannwhitneyu(two, one)
    assert pair["superiority"] == pytest.approx(theirs.statistic / (18 * 19))
    assert pair["p_mann_whitney"] == pytest.approx(theirs.pvalue, abs=0.02)
    drawn = stats.permutation_test(
        (one, two), lambda a, b: abs(np.mean(a) - np.mean(b)), n_resamples=4999,
        alternative="greater", rng=np.random.default_rng(1),
    )  # fmt: skip
    assert pair["p_permutation"] == pytest.approx(drawn.pvalue, abs=0.025)
    assert 0 < pair["p_equivalence"] < 1


def test_summary_of_one_sector_and_of_a_count(small: Wave) -> None:
    alone = summarise(small.sector("po"))
    assert alone.centre["sector"].tolist() == ["po"]
    assert alone.comparison.empty
    tally = summarise(small, "tally")
    assert tally.midpoint == 3.0
    assert list(tally.positions) == [1, 2, 3, 4, 5]


def test_weights_enter_and_exact_tests_do_not(small: Wave) -> None:
    found = summarise(small, options=WEIGHTED)
    frame, weights = small.frame, small.survey_weight
    assert weights is not None
    centre = found.centre.set_index("sector")
    mean = np.average(frame["steering"].astype(float), weights=weights)
    assert centre.loc["(pooled)", "mean"] == pytest.approx(mean)
    pair = found.comparison.iloc[0]
    assert np.isnan(pair["p_permutation"])
    assert np.isnan(pair["hedges_g"])
    assert pair["p_welch"] > 0
    assert "linearisatie" in found.text("nl")
    assert "not applied here" in summarise(small).text("en")


def test_equal_weights_give_the_plain_results() -> None:
    frame = small_frame()
    frame["survey_weight"] = 3.0
    wave = make_wave(frame)
    plain, weighted = summarise(wave), summarise(wave, options=WEIGHTED)
    columns = ["mean", "mean_lower", "sd", "median", "share_left", "left_upper"]
    pd.testing.assert_frame_equal(plain.centre[columns], weighted.centre[columns])
    one = groups(wave, aspects=["budget_pupil"])
    two = groups(wave, aspects=["budget_pupil"], options=WEIGHTED)
    pd.testing.assert_frame_equal(one.means, two.means)
    assert two.pairs["cohen_d"].to_numpy() == pytest.approx(one.pairs["cohen_d"].to_numpy())
    r = [relations(wave, margin=0.3, aspects=["budget_pupil"], options=o).table["r"]
         for o in (None, WEIGHTED)]  # fmt: skip
    assert r[0].to_numpy() == pytest.approx(r[1].to_numpy())


def test_weighted_groups_leave_out_what_has_no_weighted_form(small: Wave) -> None:
    found = groups(small, aspects=["budget_pupil"], options=WEIGHTED)
    for column in ("p_welch", "p_kruskal", "p_permutation", "detectable_f"):
        assert found.tests[column].isna().all()
    assert found.tests["p_value"].notna().all()
    assert found.sensitivity["p_any_cut"].isna().all()
    assert found.pairs["lower"].notna().all()
    assert "Wald F" in found.text("en")


@pytest.mark.parametrize("ask", [summarise, groups])
def test_equivalence_of_weighted_means_is_refused(ask: object, small: Wave) -> None:
    with pytest.raises(InputError, match="margin: expected none under weights"):
        ask(small, margin=0.5, options=WEIGHTED)  # type: ignore[operator]


def test_faults_of_the_variable(small: Wave, first: Wave) -> None:
    with pytest.raises(InputError, match="the codebook has no 'nonsense'"):
        summarise(small, "nonsense")
    with pytest.raises(InputError, match="expected ordinal answers, or a count with a minimum"):
        summarise(small, "kind")
    with pytest.raises(InputError, match="answers with an order, 'kind' is nominal"):
        relations(small, margin=0.3, variable="kind")
    with pytest.raises(InputError, match="lacks the column 'absent'"):
        relations(small, margin=0.3, variable="absent")
    with pytest.raises(InputError, match="weighted: the wave has no survey weights"):
        summarise(first, options=WEIGHTED)
    with pytest.raises(InputError, match="margin: expected a positive number, got 0"):
        summarise(small, margin=0)
    frame = small_frame().drop(columns="steering").assign(steering=None)
    with pytest.raises(InputError, match="nobody answered 'steering'"):
        summarise(make_wave(frame))


def test_faults_of_aspects_come_together(small: Wave) -> None:
    bad = Aspect("empty", "own", "codes", "kind")
    with pytest.raises(InputError) as caught:
        relations(small, margin=0.3, aspects=["nonsense", "kind", "absent", bad, "flat", "flat"])
    assert caught.value.faults == (
        "aspects: 'nonsense' is no standard aspect, scale, set or variable of the codebook",
        "aspects: expected answers with an order, the codebook says 'kind' is nominal",
        "aspects: the wave 'small' lacks the answers to 'absent'",
        "aspects: 'empty' needs the codes that count",
        "aspects: 'flat' stands there twice",
    )
    with pytest.raises(InputError, match="expected at least one, got none"):
        groups(small, aspects=[])


def test_relations_leave_missing_answers_out_pair_by_pair() -> None:
    frame = small_frame()
    frame.loc[:4, "budget_pupil"] = np.nan
    frame.loc[10:11, "service_a"] = np.nan
    wave = make_wave(frame.astype({"service_a": "Int64"}))
    table = relations(wave, margin=0.3, aspects=["budget_pupil", "service_a", "flat"]).table
    assert rows(table, scope="(pooled)")["n"].tolist() == [35, 38, 40]
    flat = rows(table, aspect="flat")
    assert flat["r"].isna().all()
    assert set(flat["verdict"]) == {"undefined"}
    assert rows(table, aspect="budget_pupil")["p_holm_all"].notna().all()


def test_scopes_of_relations(small: Wave) -> None:
    table = relations(small, margin=0.3, aspects=["budget_decentral"]).table
    assert table["scope"].tolist() == ["(pooled)", "(adjusted)", "po", "vo"]
    alone = relations(small.sector("vo"), margin=0.3, aspects=["budget_decentral"])
    assert alone.table["scope"].tolist() == ["vo"]
    assert alone.between.empty
    vo = rows(table, scope="vo").iloc[0]
    assert alone.table.iloc[0]["r"] == pytest.approx(vo["r"])


def test_a_relation_that_rests_on_the_sectors_is_called_so() -> None:
    frame = small_frame(80)
    rng = np.random.default_rng(1)
    second = (frame["sector"] == "vo").to_numpy()
    frame["steering"] = np.where(second, rng.integers(6, 11, 80), rng.integers(1, 6, 80))
    frame["budget_pupil"] = np.where(second, 70.0, 20.0) + rng.integers(0, 20, 80)
    found = relations(make_wave(frame), margin=0.3, aspects=["budget_pupil"])
    row = found.between.iloc[0]
    assert row["reading"] == "between_sectors"
    assert row["pooled"] > 0.7
    assert abs(row["adjusted"]) < 0.3
    assert "rests on differences between the sectors" in found.text("en")


def test_exact_tests_do_not_hang_on_what_else_is_asked(small: Wave) -> None:
    options = SteeringOptions(exact="always", replicates=199)
    alone = relations(small, margin=0.3, aspects=["tally"], options=options).table
    among = relations(small, margin=0.3, aspects=["service_a", "tally"], options=options).table
    assert rows(among, aspect="tally")["p_exact"].tolist() == alone["p_exact"].tolist()
    assert set(alone["exact"]) == {"random"}
    service = rows(among, aspect="service_a")
    assert set(service["exact"]) == {"all"}
    assert service["p_exact"].to_numpy() == pytest.approx(service["p_value"].to_numpy(), abs=0.03)
    never = relations(small, margin=0.3, aspects=["tally"], options=SteeringOptions(exact="never"))
    assert never.table["p_exact"].isna().all()


def test_adjusted_p_values_are_never_smaller(first: Wave) -> None:
    table = relations(first, margin=0.3).table
    known = table.dropna(subset=["p_value"])
    assert (known["p_holm"] >= known["p_value"] - 1e-12).all()
    assert (known["p_holm_all"] >= known["p_holm"] - 1e-12).all()
    assert (known["q_all"] <= known["p_holm_all"] + 1e-12).all()
    assert (known["p_equivalence_holm"] >= known["p_equivalence"] - 1e-12).all()


def test_what_is_detectable_does_not_hang_on_what_was_found(first: Wave) -> None:
    table = rows(relations(first, margin=0.3).table.dropna(subset=["r"]), scope="(pooled)")
    assert table["n"].nunique() > 5
    assert len(table[["n", "detectable", "provable"]].drop_duplicates()) == table["n"].nunique()


def test_verdicts_of_relations(first: Wave) -> None:
    table = relations(first, margin=0.3, options=SteeringOptions(level=0.95)).table
    pooled = rows(table, scope="(pooled)").set_index("aspect")
    assert pooled.loc["budget_decentral", "verdict"] == "related"
    assert pooled.loc["trust", "verdict"] == "within_margin"
    narrow = relations(first, margin=0.1, aspects=["trust"]).table
    assert set(narrow["verdict"]) == {"undecided"}


def test_groups_under_other_cuts(first: Wave) -> None:
    found = groups(first, (5,), aspects=["trust"])
    assert found.sizes["group"].unique().tolist() == ["decentral", "central"]
    pair = rows(found.pairs, scope="(pooled)").iloc[0]
    assert (pair["n_first"], pair["n_second"]) == (75, 48)
    test = rows(found.tests, scope="(pooled)").iloc[0]
    assert test["df1"] == 1
    five = groups(first, (2, 4, 6, 8), aspects=["trust"])
    assert five.sizes["group"].unique().tolist() == ["1-2", "3-4", "5-6", "7-8", "9-10"]
    assert len(rows(five.pairs, scope="po")) == 10


def test_groups_without_anyone_are_left_out_of_tests(small: Wave) -> None:
    frame = small_frame()
    frame.loc[frame["steering"] > 8, "steering"] = 8
    found = groups(make_wave(frame), (3, 8), aspects=["budget_pupil"])
    test = rows(found.tests, scope="(pooled)").iloc[0]
    assert test["df1"] == 1
    assert test["smallest_group"] == 0
    mean = rows(found.means, scope="(pooled)", group="central").iloc[0]
    assert mean["n"] == 0
    assert np.isnan(mean["mean"])
    assert found.membership.notna().all()


def test_sensitivity_to_the_cut(first: Wave) -> None:
    found = groups(first, aspects=["trust", "profile_refuse"])
    others = rows(found.other_cuts, aspect="trust", scope="(pooled)")
    assert others["chosen"].sum() == 1
    assert (others["smallest_group"] >= 5).all()
    chosen = others[others["chosen"]].iloc[0]
    test = rows(found.tests, aspect="trust", scope="(pooled)").iloc[0]
    assert chosen["p_value"] == pytest.approx(test["p_value"])
    row = rows(found.sensitivity, aspect="trust", scope="(pooled)").iloc[0]
    assert row["n_significant"] == (others["p_value"] < 0.05).sum()
    assert row["p_any_cut"] >= row["p_permutation"]
    assert row["reading"] == "seldom"
    assert "hangs on the cut" in found.text("en")


def test_sensitivity_reads_what_is_always_and_never_there(first: Wave) -> None:
    found = groups(first, aspects=["budget_decentral", "care_duty"])
    reading = found.sensitivity.set_index(["aspect", "scope"])["reading"]
    assert reading["budget_decentral", "(pooled)"] == "always"
    trial = groups(first, aspects=["service_none"], options=SteeringOptions(minimum_group=60))
    assert set(trial.sensitivity["n_cuts"]) == {0}
    assert set(trial.sensitivity["reading"]) == {"undefined"}


def test_adjusted_scope_has_no_pairs_and_no_rank_test(first: Wave) -> None:
    found = groups(first, aspects=["trust"])
    assert "(adjusted)" not in set(found.pairs["scope"])
    adjusted = rows(found.tests, scope="(adjusted)").iloc[0]
    assert np.isnan(adjusted["p_kruskal"])
    assert adjusted["df2"] == 119


def test_pairs_on_a_yes_or_no_answer_are_compared_exactly(first: Wave) -> None:
    found = groups(first, aspects=["service_complaints", "trust"])
    pair = rows(found.pairs, aspect="service_complaints", scope="po").iloc[0]
    frame = first.sector("po").frame
    marks = found.membership[frame.index]
    table = pd.crosstab(marks, frame["service_complaints"]).loc[["decentral", "mixed"]]
    size, n, yes = int(table.loc["mixed"].sum()), int(table.to_numpy().sum()), int(table[1].sum())
    off = np.abs(np.arange(yes + 1) - yes * size / n)
    chances = stats.hypergeom(n, yes, size).pmf(np.arange(yes + 1))
    found_off = abs(table.loc["mixed", 1] - yes * size / n)
    assert pair["p_exact"] == pytest.approx(chances[off >= found_off - 1e-9].sum())
    own = rows(found.pairs, aspect="service_complaints", scope="po")
    assert own["p_holm"].min() == pytest.approx(min(1, 3 * own["p_exact"].min()))
    assert rows(found.pairs, aspect="trust")["p_exact"].isna().all()
    never = groups(first, aspects=["service_complaints"], options=SteeringOptions(exact="never"))
    assert never.pairs["p_exact"].isna().all()


def test_holm_over_the_pairs_and_equivalence(first: Wave) -> None:
    found = groups(first, aspects=["trust"], margin=0.8)
    pairs = rows(found.pairs, scope="po")
    smallest = pairs["p_value"].idxmin()
    assert pairs.loc[smallest, "p_holm"] == pytest.approx(3 * pairs.loc[smallest, "p_value"])
    assert pairs["p_equivalence"].between(0, 1).all()
    assert groups(first, aspects=["trust"]).pairs["p_equivalence"].isna().all()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_texts_say_what_the_rows_are(first: Wave, small: Wave, language: str) -> None:
    word = {"nl": "Deze rijen zijn synthetisch", "en": "These rows are synthetic"}[language]
    target = {"nl": "waren het doel", "en": "were targets"}[language]
    results = [
        summarise(first, margin=0.5),
        relations(first, margin=0.3, aspects=["trust"]),
        groups(first, aspects=["trust"]),
        three_dimensions(first),
    ]
    for result in results:
        said = result.text(language)  # type: ignore[attr-defined]
        assert word in said
        assert target in said
    assert word not in summarise(small).text(language)
    assert word not in three_dimensions(small).text(language)  # type: ignore[arg-type]


def test_texts_carry_numbers_and_refuse_other_languages(first: Wave) -> None:
    summary = summarise(first)
    assert "60% links van het midden" in summary.text("nl")
    assert "gemiddeld 5,1" in summary.text("nl")
    assert "Er is vooraf geen marge gesteld" in summary.text("nl")
    relation = relations(first, margin=0.3, aspects=["budget_decentral", "service_none"])
    assert "r = -0,47 (-0,60 tot -0,32), p < 0,001" in relation.text("nl")
    assert "add up to 100%" in relation.text("en")
    group = groups(first, aspects=["trust"], margin=0.8).text("en")
    assert "F(2, 62) = 5.21, p = 0.008" in group
    assert "standardised difference of 0.80" in group
    for result in (summary, relation):
        with pytest.raises(OptionError, match="language"):
            result.text("de")  # type: ignore[arg-type]


def test_joint_patterns_part_the_organisations(first: Wave) -> None:
    view = three_dimensions(first)
    parts = view.patterns[view.patterns["pattern"] != "tight_and_lean"]
    assert (parts.groupby("scope")["n"].sum() == parts.groupby("scope")["total"].first()).all()
    assert (view.sides.groupby("scope")["n"].sum().to_dict()) == {
        "(pooled)": 123, "po": 65, "vo": 58
    }  # fmt: skip
    frame = view.organisations
    bought = (frame["services"] >= view.cuts["services"]) & (frame["means"] >= view.cuts["means"])
    row = rows(view.patterns, scope="(pooled)", pattern="bought_back").iloc[0]
    assert row["n"] == bought.sum() == (frame["pattern"] == "bought_back").sum()
    interval = stats.binomtest(int(row["n"]), 123).proportion_ci(method="wilson")
    assert (row["lower"], row["upper"]) == pytest.approx((interval.low, interval.high))
    exact = stats.binomtest(int(row["n"]), 123).proportion_ci(method="exact")
    assert (row["exact_lower"], row["exact_upper"]) == pytest.approx((exact.low, exact.high))
    assert row["steering_mean"] == pytest.approx(frame.loc[bought, "steering"].mean())
    deliver = rows(view.patterns, scope="(pooled)", pattern="schools_deliver").iloc[0]
    lean = (frame["services"] < view.cuts["services"]) & (frame["means"] < view.cuts["means"])
    assert deliver["n"] == lean.sum()


def test_joint_agreement(first: Wave) -> None:
    view = three_dimensions(first)
    frame, together = view.organisations, view.agreement.iloc[0]
    sides = frame[["central_steering", "many_services"]].assign(kept=~frame["decentral_means"])
    assert together["n_in_line"] == (sides.sum(axis=1) % 3 == 0).sum()
    assert together["expected"] == pytest.approx(sides.mean().prod() + (1 - sides.mean()).prod())
    pair = rows(view.pairs, scope="(pooled)", first="steering", second="means").iloc[0]
    theirs = stats.spearmanr(frame["steering"], -frame["means"])
    assert pair["spearman"] == pytest.approx(theirs.statistic)
    assert together["mean_spearman"] == pytest.approx(
        rows(view.pairs, scope="(pooled)")["spearman"].mean()
    )


def test_joint_cuts_can_be_chosen_and_are_varied(first: Wave) -> None:
    view = three_dimensions(first, JointSpec(services_cut=6, means_cut=48))
    assert view.cuts == {
        "steering": 5.5,
        "services": 6.0,
        "means": 48.0,
        "pupil": view.cuts["pupil"],
    }
    same = rows(view.sensitivity, pattern="bought_back")
    match = same[(same["services_cut"] == 6) & (same["means_cut"] == 48)]
    row = rows(view.patterns, scope="(pooled)", pattern="bought_back").iloc[0]
    assert match["n"].tolist() == [row["n"]]
    assert same["n"].nunique() > 5


def test_joint_view_leaves_out_incomplete_organisations_and_refuses_weights(small: Wave) -> None:
    frame = small_frame()
    frame.loc[3, "budget_decentral"] = np.nan
    frame.loc[5, "budget_pupil"] = np.nan
    view = three_dimensions(make_wave(frame))
    assert view.missing == 1
    assert len(view.organisations) == 39
    assert not view.organisations.loc["O005", "tight_allocation"]
    with pytest.raises(InputError, match="patterns are counts of organisations"):
        three_dimensions(small, options=WEIGHTED)
    with pytest.raises(InputError, match="services_cut: expected a finite number, got nan"):
        JointSpec(services_cut=float("nan"))
    empty = frame.assign(budget_decentral=np.nan)
    with pytest.raises(InputError, match="no organisation has all three dimensions"):
        three_dimensions(make_wave(empty))


def test_joint_patterns_differ_over_seeds_where_print_is_silent(monitor: Wave) -> None:
    view = three_dimensions(monitor)
    assert "was not printed" in view.text("en")
    assert rows(view.patterns, scope="(pooled)")["n"].between(5, 70).all()


def test_profile_along_the_line(small: Wave) -> None:
    profile = position_profile(small, bandwidth=2)
    frame = small.frame
    at = frame[frame["steering"] == 4]["budget_pupil"].astype(float)
    row = profile.means[(profile.means["aspect"] == "budget_pupil")
                        & (profile.means["position"] == 4)].iloc[0]  # fmt: skip
    assert row["n"] == len(at)
    assert row["mean"] == pytest.approx(at.mean())
    line = frame.reset_index().assign(
        organisation=lambda d: d["organisation"], budget_pupil=lambda d: 3.0 * d["steering"] + 2
    )
    straight = position_profile(make_wave(line.astype({"budget_pupil": float})), ["budget_pupil"])
    expected = 3 * straight.smooth["position"] + 2
    assert straight.smooth["mean"].to_numpy() == pytest.approx(expected.to_numpy())
    with pytest.raises(InputError, match="bandwidth: expected above zero, got 0"):
        position_profile(small, bandwidth=0)


def test_results_are_frozen(small: Wave) -> None:
    found = summarise(small)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.margin = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_handful_of_organisations_gives_nan_and_no_error(n: int, weighted: bool) -> None:
    wave = make_wave(small_frame(n))
    options = SteeringOptions(weighted=weighted, replicates=99)
    margin = None if weighted else 0.5
    assert summarise(wave, margin=margin, options=options).centre["n"].max() == n
    found = relations(wave, margin=0.3, options=options)
    assert found.table["n"].max() == n
    if n < 6:
        assert found.table["r"].isna().all()
    grouped = groups(wave, margin=margin, options=options)
    assert grouped.tests["n"].max() == n
    summary = summarise(wave, options=options)
    for said in (summary.text("nl"), found.text("nl"), grouped.text("en")):
        assert "nan" not in said
    if not weighted:
        view = three_dimensions(wave, options=options)
        assert len(view.organisations) == n
        assert view.text("nl")
    assert position_profile(wave, options=options).means["n"].sum() == 2 * n
