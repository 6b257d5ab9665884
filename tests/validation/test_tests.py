"""Single tests against scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from validation_samples import POSTS, small_wave

from swvtypes.survey import Wave
from swvtypes.validation import (
    ValidationOptions,
    against_budget,
    against_context,
    against_services,
    against_variables,
)

ALWAYS = ValidationOptions(exact="always", n_permutations=1999)
NEVER = ValidationOptions(exact="never")


def row(found, outcome: str, analysis: str, scope: str = "pooled", form: str = "") -> pd.Series:
    table = found.table
    keep = (
        (table["outcome"] == outcome)
        & (table["analysis"] == analysis)
        & (table["scope"] == scope)
        & (table["form"] == form)
    )
    return table[keep].squeeze()


def groups_of(wave: Wave) -> pd.Series:
    steering = wave.column("steering").astype(float)
    return pd.cut(steering, [0, 3, 7, 10], labels=["low", "mid", "high"]).rename("cut")


def test_correlations(wave: Wave) -> None:
    x = wave.column("steering").to_numpy(dtype=float)
    y = wave.column("budget_decentral").to_numpy(dtype=float)
    found = against_budget(wave, "steering", NEVER)
    mine = row(found, "budget_decentral", "pearson", form="share")
    theirs = stats.pearsonr(x, y)
    assert mine["estimate"] == pytest.approx(theirs.statistic, abs=1e-12)
    assert mine["p_value"] == pytest.approx(theirs.pvalue, rel=1e-9)
    interval = theirs.confidence_interval(0.95)
    assert (mine["lower"], mine["upper"]) == pytest.approx((interval.low, interval.high))
    rank = row(found, "budget_decentral", "spearman", form="share")
    assert rank["estimate"] == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-12)
    assert rank["p_value"] == pytest.approx(stats.spearmanr(x, y).pvalue, rel=1e-9)


def test_adjusted_for_sector_is_the_regression_test(wave: Wave) -> None:
    sm = pytest.importorskip("statsmodels.api")
    frame = wave.frame
    design = np.column_stack(
        [np.ones(len(frame)), frame["steering"].astype(float), frame["sector"] == "vo"]
    ).astype(float)
    fit = sm.OLS(frame["budget_special"].astype(float).to_numpy(), design).fit()
    mine = row(against_budget(wave, "steering", NEVER), "budget_special", "pearson", "adjusted",
               "share")  # fmt: skip
    assert mine["statistic"] == pytest.approx(fit.tvalues[1], rel=1e-9)
    assert mine["p_value"] == pytest.approx(fit.pvalues[1], rel=1e-9)
    assert mine["df2"] == len(frame) - 3


def test_groups_against_numbers(wave: Wave) -> None:
    groups = groups_of(wave)
    found = against_context(wave, groups, ALWAYS)
    y = wave.column("equalisation").astype(float)
    parts = [y[groups == level].to_numpy() for level in ("low", "mid", "high")]
    anova, welch = row(found, "equalisation", "anova"), row(found, "equalisation", "welch")
    theirs = stats.f_oneway(*parts)
    assert anova["statistic"] == pytest.approx(theirs.statistic)
    assert anova["p_value"] == pytest.approx(theirs.pvalue)
    unequal = stats.f_oneway(*parts, equal_var=False)
    assert welch["statistic"] == pytest.approx(unequal.statistic)
    assert welch["p_value"] == pytest.approx(unequal.pvalue)
    kruskal = stats.kruskal(*parts)
    assert row(found, "equalisation", "kruskal")["p_value"] == pytest.approx(kruskal.pvalue)
    assert anova["p_exact"] == pytest.approx(theirs.pvalue, abs=0.04)
    pairs = found.contrasts
    first = pairs[(pairs["outcome"] == "equalisation") & (pairs["scope"] == "pooled")].iloc[0]
    t = stats.ttest_ind(parts[1], parts[0], equal_var=False)
    assert first["p_value"] == pytest.approx(t.pvalue)
    assert (first["lower"], first["upper"]) == pytest.approx(tuple(t.confidence_interval()))
    assert first["p_holm"] >= first["p_value"]
    pooled = np.sqrt(
        (sum(((p - p.mean()) ** 2).sum() for p in parts[:2])) / (len(parts[0]) + len(parts[1]) - 2)
    )
    d = (parts[1].mean() - parts[0].mean()) / pooled
    assert first["effect_size"] == pytest.approx(
        d * (1 - 3 / (4 * (len(parts[0]) + len(parts[1]) - 2) - 1))
    )


def test_analysis_of_covariance(wave: Wave) -> None:
    smf = pytest.importorskip("statsmodels.formula.api")
    from statsmodels.stats.anova import anova_lm

    frame = pd.DataFrame(
        {"y": wave.column("equalisation").astype(float), "g": groups_of(wave).astype(str)}
    ).assign(s=wave.frame["sector"].astype(str).to_numpy())
    frame = frame.astype({"g": object, "s": object})
    small, large = smf.ols("y ~ s", frame).fit(), smf.ols("y ~ s + g", frame).fit()
    theirs = anova_lm(small, large).iloc[1]
    mine = row(against_context(wave, groups_of(wave), NEVER), "equalisation", "anova", "adjusted")
    assert mine["statistic"] == pytest.approx(theirs["F"])
    assert mine["p_value"] == pytest.approx(theirs["Pr(>F)"])


def test_groups_against_answers(wave: Wave) -> None:
    groups = groups_of(wave)
    found = against_services(wave, groups, ALWAYS)
    table = pd.crosstab(groups, wave.column("service_a").astype(int)).to_numpy()
    theirs = stats.chi2_contingency(table, correction=False)
    mine = row(found, "service_a", "chi_square")
    assert mine["statistic"] == pytest.approx(theirs.statistic)
    assert mine["p_value"] == pytest.approx(theirs.pvalue)
    assert mine["estimate"] == pytest.approx(stats.contingency.association(table, "cramer"))
    rare = row(found, "service_c", "chi_square")
    assert "small_cells" in rare["notes"]
    shares = found.groups[
        (found.groups["outcome"] == "service_a") & (found.groups["scope"] == "pooled")
    ]
    assert shares["estimate"].tolist() == pytest.approx((table[:, 1] / table.sum(axis=1)).tolist())
    interval = stats.binomtest(int(table[0, 1]), int(table[0].sum())).proportion_ci(method="wilson")
    assert shares[["lower", "upper"]].iloc[0].tolist() == pytest.approx(list(interval))


def test_two_by_two(wave: Wave) -> None:
    found = against_services(wave, "tried", ALWAYS)
    tried, c = wave.column("tried").astype(int), wave.column("service_c").astype(int)
    table = pd.crosstab(tried, c).to_numpy()
    mine = row(found, "service_c", "chi_square")
    assert mine["estimate"] == pytest.approx(np.corrcoef(tried, c)[0, 1])
    assert mine["p_exact"] == pytest.approx(stats.fisher_exact(table).pvalue)


def test_within_sectors_is_cochran_mantel_haenszel(wave: Wave) -> None:
    sm = pytest.importorskip("statsmodels.stats.contingency_tables")
    tried, b = wave.column("tried").astype(int), wave.column("service_b").astype(int)
    sector = wave.frame["sector"]
    tables = [pd.crosstab(tried[sector == s], b[sector == s]).to_numpy() for s in ("po", "vo")]
    theirs = sm.StratifiedTable(tables).test_null_odds(correction=False)
    mine = row(against_services(wave, "tried", NEVER), "service_b", "mantel_haenszel", "adjusted")
    assert mine["statistic"] == pytest.approx(theirs.statistic)
    assert mine["p_value"] == pytest.approx(theirs.pvalue)


def test_permutation_of_a_table_nears_the_exact_test(wave: Wave) -> None:
    """Against Fisher-Freeman-Halton by full enumeration of a 3 x 2 table's column."""
    groups, c = groups_of(wave), wave.column("service_c").astype(int)
    table = pd.crosstab(groups, c).to_numpy()
    sizes, ones = table.sum(axis=1), int(table[:, 1].sum())
    expected = np.outer(sizes, table.sum(axis=0)) / table.sum()
    seen = ((table - expected) ** 2 / expected).sum()
    p = 0.0
    dist = stats.multivariate_hypergeom(sizes, ones)
    for i in range(ones + 1):
        for j in range(ones + 1 - i):
            cells = np.array([i, j, ones - i - j])
            if (cells > sizes).any():
                continue
            t = np.column_stack([sizes - cells, cells])
            if ((t - expected) ** 2 / expected).sum() >= seen - 1e-9:
                p += dist.pmf(cells)
    many = ValidationOptions(exact="always", n_permutations=40_000)
    mine = row(against_services(wave, groups, many), "service_c", "chi_square")
    assert mine["p_exact"] == pytest.approx(p, abs=0.01)


def test_small_asks_for_exact_only_where_small(wave: Wave) -> None:
    found = against_services(wave, "steering", ValidationOptions(n_permutations=199))
    assert np.isnan(row(found, "service_b", "point_biserial")["p_exact"])
    rare = against_services(wave, "steering", ValidationOptions(n_permutations=199, small=20))
    assert not np.isnan(row(rare, "service_c", "point_biserial")["p_exact"])


def test_streams_do_not_depend_on_other_outcomes(wave: Wave) -> None:
    one = against_variables(wave, "steering", ["service_c"], ALWAYS)
    two = against_variables(wave, "steering", ["service_b", "service_c"], ALWAYS)
    a = row(one, "service_c", "point_biserial")["p_exact"]
    assert a == row(two, "service_c", "point_biserial")["p_exact"]
    other = against_variables(
        wave, "steering", ["service_c"],
        ValidationOptions(exact="always", n_permutations=1999, seed=1),
    )  # fmt: skip
    assert row(other, "service_c", "point_biserial")["p_exact"] != a


def test_multiplicity_against_statsmodels(wave: Wave) -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    found = against_budget(wave, "steering", NEVER)
    part = found.table[
        (found.table["scope"] == "po")
        & (found.table["form"] == "share")
        & (found.table["analysis"] == "pearson")
    ]
    assert len(part) == 5
    p = part["p_value"].to_numpy()
    assert part["p_holm"].tolist() == pytest.approx(multitest.multipletests(p, method="holm")[1])
    assert part["p_bh"].tolist() == pytest.approx(multitest.multipletests(p, method="fdr_bh")[1])


def test_missing_answers_are_left_out_pair_by_pair() -> None:
    wave = small_wave(3)
    by = wave.column("steering").astype("Float64")
    by.iloc[:7] = pd.NA
    found = against_context(wave, by.rename("part"), NEVER)
    assert (found.table[found.table["scope"] == "pooled"]["n"] == 83).all()
    shorter = against_context(wave, by.iloc[7:].rename("part"), NEVER)
    pd.testing.assert_frame_equal(found.table, shorter.table)


def test_all_posts_at_once_against_statsmodels(wave: Wave) -> None:
    manova = pytest.importorskip("statsmodels.multivariate.manova")
    from swvtypes.validation import ZeroReplacement, isometric_basis, replace_zeros

    shares = wave.frame[list(POSTS)].to_numpy(dtype=float)
    Y = isometric_basis(replace_zeros(shares, ZeroReplacement()))
    groups = groups_of(wave)
    design = np.column_stack([np.ones(len(Y)), groups == "mid", groups == "high"]).astype(float)
    test = manova.MANOVA(Y, design).mv_test([("g", np.eye(3)[1:])])
    theirs = test.results["g"]["stat"].loc["Pillai's trace"]
    found = against_budget(wave, groups, NEVER)
    mine = row(found, "budget", "pillai", form="log_ratio")
    assert mine["statistic"] == pytest.approx(float(theirs["F Value"]))
    assert mine["p_value"] == pytest.approx(float(theirs["Pr > F"]))
    assert (mine["df1"], mine["df2"]) == (theirs["Num DF"], theirs["Den DF"])


def test_nominal_outcome_against_a_continuum_turns_round(wave: Wave) -> None:
    found = against_variables(wave, "equalisation", ["kind"], NEVER)
    kind, y = wave.column("kind"), wave.column("equalisation").astype(float)
    theirs = stats.f_oneway(*(y[kind == k] for k in (1, 2, 3)))
    assert row(found, "kind", "anova")["p_value"] == pytest.approx(theirs.pvalue)
    assert set(found.groups["group"]) == {"one", "two", "three"}
