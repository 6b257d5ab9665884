"""Types with classification error: BCH against regression, the engine, and simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from validation_samples import small_wave, typed

from swvtypes.errors import InputError, MembershipError
from swvtypes.membership import Membership
from swvtypes.membership.optimism import optimism_of
from swvtypes.survey import Wave
from swvtypes.validation import (
    ValidationOptions,
    against_allocation,
    against_budget,
    against_context,
    against_services,
    against_variables,
    type_means,
)
from swvtypes.validation.bias_adjusted import compare_types
from swvtypes.validation.findings import Setting

NEVER = ValidationOptions(exact="never")


def setting(n: int, *, times: int = 0, always: bool = False, seed: int = 0) -> Setting:
    nothing = np.zeros(n, dtype=np.int64)
    child = np.random.SeedSequence(seed)
    return Setting(np.empty((n, 0)), nothing, None, 0.95, times, 5, always, child)


def test_hard_types_are_a_regression_with_robust_errors(wave: Wave) -> None:
    sm = pytest.importorskip("statsmodels.api")
    hard = Membership.from_modal(wave.column("kind"), wave)
    found = against_context(wave, hard, NEVER)
    kind = wave.column("kind").to_numpy(dtype=int)
    y = wave.column("equalisation").to_numpy(dtype=float)
    design = (kind[:, None] == [1, 2, 3]).astype(float)
    vo = (wave.frame["sector"] == "vo").to_numpy(dtype=float)
    for scope, columns in (("pooled", design), ("adjusted", np.column_stack([design, vo]))):
        fit = sm.OLS(y, columns).fit(cov_type="HC1")
        L = np.zeros((2, columns.shape[1]))
        L[:, 0], L[0, 1], L[1, 2] = -1, 1, 1
        test = fit.f_test(L)
        mine = found.first(scope).loc["equalisation"]
        assert mine["statistic"] == pytest.approx(float(test.fvalue), rel=1e-8)
        assert (mine["df1"], mine["df2"]) == (2, len(y) - columns.shape[1])
        assert mine["p_value"] == pytest.approx(float(test.pvalue), rel=1e-7)
    groups = found.groups[(found.groups["scope"] == "pooled")].iloc[:3]
    fit = sm.OLS(y, design).fit(cov_type="HC1")
    assert groups["estimate"].tolist() == pytest.approx(fit.params.tolist())
    assert groups["se"].tolist() == pytest.approx(fit.bse.tolist())


@pytest.mark.parametrize("assignment", ["modal", "proportional"])
def test_means_by_hand_and_as_the_engine_has_them(wave: Wave, assignment: str) -> None:
    structural = pytest.importorskip("swvtypes.lca.structural_errors")
    membership = typed(wave)
    options = ValidationOptions(exact="never", assignment=assignment)  # type: ignore[arg-type]
    found = against_context(wave, membership, options)
    posterior = membership.probabilities.to_numpy()
    W = structural.classification_errors(posterior, assignment=assignment).bch_weights
    y = wave.column("equalisation").to_numpy(dtype=float)
    means = W.T @ y / W.sum(axis=0)
    rows = found.groups[
        (found.groups["scope"] == "pooled") & (found.groups["outcome"] == "equalisation")
    ]
    assert rows["estimate"].tolist() == pytest.approx(means.tolist(), rel=1e-10)
    assert rows["n"].tolist() == pytest.approx(W.sum(axis=0).tolist())
    influence = W * (y[:, None] - means) / W.sum(axis=0)
    V = influence.T @ influence * len(y) / (len(y) - 2)
    assert rows["se"].tolist() == pytest.approx(np.sqrt(np.diag(V)).tolist())
    pair = found.contrasts.iloc[0]
    assert pair["difference"] == pytest.approx(means[1] - means[0])
    assert pair["se"] == pytest.approx(np.sqrt(V[0, 0] + V[1, 1] - 2 * V[0, 1]))


def test_errors_are_corrected_where_the_membership_carries_it(wave: Wave) -> None:
    """By default; types then lie further apart, and "apparent" is as without it."""
    plain = typed(wave)
    less_sure = np.log([[0.8, 2.5], [2.5, 0.8]])
    carrying = plain.with_optimism(
        optimism_of({"modal": less_sure, "proportional": less_sure}, plain.types)
    )

    def gap(membership: Membership, **more: str) -> float:
        options = ValidationOptions(exact="never", **more)  # type: ignore[arg-type]
        return float(against_context(wave, membership, options).contrasts.iloc[0]["difference"])

    assert gap(carrying) == gap(carrying, errors="corrected")
    assert abs(gap(carrying)) > 1.05 * abs(gap(plain))
    assert gap(carrying, errors="apparent") == gap(plain) == gap(plain, errors="auto")
    # A membership without the correction has none to give: said, as where weights do not exist.
    options = ValidationOptions(exact="never", errors="corrected")
    with pytest.raises(MembershipError, match="expected a membership that carries their"):
        against_context(wave, plain, options)
    with pytest.raises(InputError, match="errors: expected 'apparent' or 'corrected' or 'auto'"):
        ValidationOptions(errors="right")  # type: ignore[arg-type]


def test_types_apart_are_tested_by_sector_and_summed(wave: Wave) -> None:
    found = against_services(wave, typed(wave, apart=True), NEVER)
    assert set(found.table["scope"]) == {"po", "vo", "adjusted"}
    parts = [found.first(s).loc["service_a"] for s in ("po", "vo")]
    total = sum(p["statistic"] * p["df1"] for p in parts)
    summed = found.first("adjusted").loc["service_a"]
    assert summed["statistic"] * summed["df1"] == pytest.approx(total)
    assert summed["n"] == len(wave)
    po = against_services(wave.sector("po"), typed(wave, apart=True).sector("po"), NEVER)
    alone = po.first("pooled").loc["service_a"].drop("scope")
    pd.testing.assert_series_equal(alone, parts[0].drop("scope"), check_names=False)
    assert "per sector" in found.text("nl")
    assert "adds the tests of the sectors up" in found.text("en")


def test_circular_outcomes_say_so(wave: Wave) -> None:
    found = against_budget(wave, typed(wave), NEVER)
    shares = found.first("pooled", "share")["notes"]
    assert "circular" in shares["budget_special"]
    assert "circular" not in shares["budget_pupil"]
    ratios = found.first("pooled", "log_ratio")["notes"]
    assert ratios.str.contains("circular").all()
    assert "cirkelredenering" in found.text("nl")


def test_types_that_cannot_take_a_third_step(wave: Wave) -> None:
    names = wave.frame.index
    vague = pd.DataFrame({"1": 0.6, "2": 0.4}, index=names)
    found = against_context(wave, Membership.from_probabilities(vague, wave), NEVER)
    assert (found.table["notes"] == "no_third_step").all()
    assert found.table["p_value"].isna().all()
    assert "classification errors without an inverse" in found.text("en")


def test_categories_by_type(wave: Wave) -> None:
    found = against_allocation(wave, typed(wave), NEVER)
    rows = found.groups[
        (found.groups["outcome"] == "allocation_model") & (found.groups["scope"] == "pooled")
    ]
    assert rows.groupby(rows["group"].str[0])["estimate"].sum().tolist() == pytest.approx([1, 1])
    nominal = against_variables(wave, typed(wave), ["kind"], NEVER)
    assert nominal.first()["df1"].item() == 2


def test_permutation_is_exact_where_wald_is_not() -> None:
    """All 120 orders of five outcomes, counted."""
    from itertools import permutations

    B = np.array([[1.1, -0.1], [0.9, 0.1], [0.2, 0.8], [-0.1, 1.1], [1.0, 0.0]])
    y = np.array([0.3, 1.2, 2.5, 1.9, 0.4])

    def strength(v: np.ndarray) -> float:
        return float((((B.T @ (v - v.mean())) ** 2) / B.sum(axis=0)).sum())

    every = [strength(np.array(order)) for order in permutations(y)]
    exact = np.mean(np.array(every) >= strength(y) - 1e-12)
    found = compare_types(B, y[:, None], ("a", "b"), setting(5, times=20_000, always=True))
    assert found.tests[0].p_exact == pytest.approx(exact, abs=0.012)


def test_too_little_weight_is_no_estimate() -> None:
    B = np.column_stack([np.ones(6), np.zeros(6)])
    assert type_means(B, np.arange(6.0)[:, None], setting(6)) is None
    found = compare_types(B, np.arange(6.0)[:, None], ("a", "b"), setting(6))
    assert found.tests[0].notes == ("type_without_weight",)
    same = compare_types(np.eye(2)[[0, 0, 1, 1]], np.ones((4, 1)), ("a", "b"), setting(4))
    assert same.tests[0].notes == ("nothing_varies",)
    pure = compare_types(
        np.eye(2)[[0, 0, 0, 1, 1, 1]], np.array([[0.0], [0], [0], [1], [1], [1]]), ("a", "b"),
        setting(6),
    )  # fmt: skip
    assert "wald_undefined" in pure.tests[0].notes
    assert np.isnan(pure.tests[0].p_value)


# survey weights


def test_survey_weights_have_no_scale_and_give_robust_errors() -> None:
    sm = pytest.importorskip("statsmodels.api")
    w = np.random.default_rng(5).uniform(0.5, 3, 90).round(2)
    one, two = small_wave(0, 90, w), small_wave(0, 90, 2 * w)
    for by in ("steering", "kind"):
        for ask in (against_budget, against_services, against_context):
            a, b = ask(one, by, NEVER), ask(two, by, NEVER)
            pd.testing.assert_frame_equal(a.table, b.table, rtol=1e-9)
            assert "Weighted by survey weights" in a.text("en")
    x = one.column("steering").to_numpy(dtype=float)
    y = one.column("equalisation").to_numpy(dtype=float)
    fit = sm.WLS(y, sm.add_constant(x), weights=w).fit(cov_type="HC1", use_t=True)
    mine = against_context(one, "steering", NEVER).first().loc["equalisation"]
    assert mine["statistic"] == pytest.approx(fit.tvalues[1], rel=1e-9)
    assert mine["p_value"] == pytest.approx(fit.pvalues[1], rel=1e-8)
    moments = np.cov(x, y, aweights=w)
    assert mine["estimate"] == pytest.approx(moments[0, 1] / np.sqrt(moments[0, 0] * moments[1, 1]))
    design = (one.column("kind").to_numpy(dtype=int)[:, None] == [1, 2, 3]).astype(float)
    fit = sm.WLS(y, design, weights=w).fit(cov_type="HC1")
    test = fit.f_test([[-1, 1, 0], [-1, 0, 1]])
    groups = against_context(one, "kind", NEVER).first().loc["equalisation"]
    assert groups["statistic"] == pytest.approx(float(test.fvalue), rel=1e-8)


def test_in_estimates_a_weight_of_two_is_the_row_twice() -> None:
    w = np.where(np.arange(90) % 3 == 0, 2.0, 1.0)
    weighted = small_wave(0, 90, w)
    plain = small_wave(0, 90)
    extra = plain.frame.iloc[w == 2]
    by = plain.column("steering").astype(float)
    y = plain.column("equalisation").astype(float)
    doubled_x = pd.concat([by, by.loc[extra.index]])
    doubled_y = pd.concat([y, y.loc[extra.index]])
    mine = against_context(weighted, "steering", NEVER).first().loc["equalisation"]
    assert mine["estimate"] == pytest.approx(np.corrcoef(doubled_x, doubled_y)[0, 1])
    assert mine["n"] == 90
    given = against_context(plain, "steering", NEVER, weights=pd.Series(w, plain.frame.index))
    pd.testing.assert_frame_equal(given.table, against_context(weighted, "steering", NEVER).table)


def test_weighted_logistic_is_sandwiched(wave: Wave) -> None:
    sm = pytest.importorskip("statsmodels.api")
    w = pd.Series(np.random.default_rng(1).uniform(0.5, 2, 90), index=wave.frame.index)
    table = against_services(wave, "steering", NEVER, weights=w).table
    keep = (table["outcome"] == "service_a") & (table["scope"] == "pooled")
    mine = table[keep & (table["analysis"] == "logistic")].squeeze()
    x = sm.add_constant(wave.column("steering").to_numpy(dtype=float))
    y = wave.column("service_a").to_numpy(dtype=float)
    scaled = (w / w.mean()).to_numpy()
    fit = sm.GLM(y, x, family=sm.families.Binomial(), freq_weights=scaled).fit()
    p = fit.predict()
    scores = (scaled * (y - p))[:, None] * x
    inverse = np.linalg.inv(x.T @ ((scaled * p * (1 - p))[:, None] * x))
    V = inverse @ scores.T @ scores @ inverse * 90 / 88
    assert np.log(mine["estimate"]) == pytest.approx(fit.params[1], rel=1e-7)
    assert mine["statistic"] == pytest.approx(fit.params[1] ** 2 / V[1, 1], rel=1e-6)
    assert "spearman" not in set(table["analysis"])


def test_faults_of_weights_and_grounds(wave: Wave) -> None:
    cases = [
        ({"weights": pd.Series(-1.0, index=wave.frame.index)}, "'O000': expected a number of"),
        ({"weights": pd.Series(0.0, index=wave.frame.index)}, "expected at least one above 0"),
    ]
    for options, message in cases:
        with pytest.raises(InputError, match=message):
            against_context(wave, "steering", **options)
    grounds = [
        ("steer", r"has no variable 'steer'; did you mean 'steering'\?"),
        (3, "expected a variable's name, a Series by organisation or a Membership, got int"),
        (pd.Series([1.0, 2], index=["x", "y"]), "none of its organisations"),
        (pd.Series([1.0, 2], index=["O001", "O001"]), "stands in it twice"),
        (pd.Series(1.0, index=wave.frame.index), "expected at least two values, got 1"),
        (pd.Series([1.0, np.inf], index=["O001", "O002"]), "expected finite numbers"),
        (pd.Series("a", index=wave.frame.index), "expected at least two groups, got 1"),
    ]
    for by, message in grounds:
        with pytest.raises(InputError, match=message):
            against_context(wave, by)  # type: ignore[arg-type]


# simulation


def draw(
    rng: np.random.Generator, n: int, gap: float, strength: float
) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors of the true two-class model with six items, and an outcome that differs by gap."""
    t = rng.integers(0, 2, n)
    P = np.array([[1 - strength] * 6, [strength] * 6])
    X = rng.random((n, 6)) < P[t]
    logs = (X[:, None] * np.log(P) + ~X[:, None] * np.log(1 - P)).sum(axis=2)
    like = np.exp(logs)
    return like / like.sum(axis=1, keepdims=True), gap * t + rng.normal(size=n)


def bch(p: np.ndarray) -> np.ndarray:
    sector = pd.Series("po", index=[f"O{k}" for k in range(len(p))])
    frame = pd.DataFrame(p, index=sector.index, columns=["1", "2"])
    return (
        Membership.from_probabilities(frame, sector).classification_error().bch_weights.to_numpy()
    )


@pytest.mark.slow
def test_naive_assignment_is_biased_and_three_steps_are_not() -> None:
    rng = np.random.default_rng(11)
    naive, adjusted, covered = [], [], []
    for _ in range(300):
        p, y = draw(rng, 500, 1.0, 0.7)
        for B, to in ((np.eye(2)[p.argmax(axis=1)], naive), (bch(p), adjusted)):
            found = type_means(B, y[:, None], setting(500))
            assert found is not None
            to.append(float(found.means[1, 0] - found.means[0, 0]))
        V = found.covariance
        error = np.sqrt(V[0, 0] + V[1, 1] - 2 * V[0, 1])
        covered.append(abs(adjusted[-1] - 1) < 1.965 * error)
    assert np.mean(naive) < 0.75
    assert abs(np.mean(adjusted) - 1) < 0.03
    assert 0.92 <= np.mean(covered) <= 0.985


@pytest.mark.slow
def test_levels_at_the_size_of_a_sector() -> None:
    """65 organisations, no relation: Wald for numbers, permutation for a rare answer."""
    rng = np.random.default_rng(12)
    wald, exact = [], []
    for _ in range(400):
        p, y = draw(rng, 65, 0.0, 0.8)
        B = bch(p)
        wald.append(compare_types(B, y[:, None], ("a", "b"), setting(65)).tests[0].p_value)
        rare = (rng.random(65) < 0.1).astype(float)
        if rare.sum() > 0:
            ask = setting(65, times=199, always=True, seed=int(rng.integers(1 << 30)))
            exact.append(compare_types(B, rare[:, None], ("a", "b"), ask).tests[0].p_exact)
    assert np.mean(np.array(wald) < 0.05) == pytest.approx(0.05, abs=0.03)
    assert not np.isnan(exact).any()
    assert np.mean(np.array(exact) <= 0.05) < 0.08
