from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.errors import InputError, RakingError
from swvtypes.rounding import half_up
from swvtypes.survey import (
    RakingOptions,
    RepresentativenessOptions,
    load_wave,
    margin_of_error,
    population_interval,
    population_margins,
    rake_weights,
    representativeness,
    response_rates,
)


@pytest.mark.parametrize(("n", "printed"), [(136, 3), (40, 13)])
def test_printed_margins_need_the_correction(n: int, printed: int) -> None:
    assert half_up(100 * margin_of_error(n, 151), 0) == printed
    assert half_up(100 * margin_of_error(n), 0) != printed


def test_margin_against_its_definition() -> None:
    """Spread of a share over all samples of 3 out of 6 (counted, not derived)."""
    from itertools import combinations

    shares = [sum(draw) / 3 for draw in combinations([1, 1, 1, 0, 0, 0], 3)]
    assert margin_of_error(3, 6) == pytest.approx(stats.norm.ppf(0.975) * np.std(shares))
    assert margin_of_error(10, 10) == 0
    assert margin_of_error(10, 20, share=0.0) == 0


def test_exact_interval_covers() -> None:
    """At every true number of 30, 12 draws give an interval that holds it 95% of the time."""
    population, n = 30, 12
    intervals = {c: population_interval(c, n, population) for c in range(n + 1)}
    for truth in range(population + 1):
        counts = np.arange(n + 1)
        chance = stats.hypergeom.pmf(counts, population, truth, n)
        inside = [intervals[c][0] <= truth <= intervals[c][1] for c in counts]
        assert chance[inside].sum() >= 0.95
    assert population_interval(0, 12, 30)[0] == 0
    assert population_interval(4, 30, 30) == (4, 4)


def test_faults_of_margins() -> None:
    with pytest.raises(InputError) as caught:
        margin_of_error(0, -1, share=2, level=1)
    text = str(caught.value)
    assert "4 faults" in text
    for part in ("n: expected at least 1", "population: expected at least the 0", "share", "level"):
        assert part in text
    with pytest.raises(InputError, match="count: expected 0 to 5, got 6"):
        population_interval(6, 5, 9)


def test_response_of_the_wave() -> None:
    wave = load_wave("monitor_2016", seed=1)
    table = response_rates(wave)
    assert table.loc["all", ["respondents", "population"]].tolist() == [123, 152]
    assert half_up(100 * table.loc["all", "rate"], 0) == 81
    assert table.loc["po", "margin"] == pytest.approx(margin_of_error(65, 77))
    assert table.loc["all", "margin"] < min(table.loc["po", "margin"], table.loc["vo", "margin"])
    assert list(response_rates(wave.sector("po")).index) == ["po"]


def register(n: int = 152, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "sector": np.where(np.arange(n) < n // 2, "po", "vo"),
            "boards": rng.poisson(18, n),
            "region": rng.choice(["north", "east", "south"], n),
        },
        index=[f"O{k}" for k in range(n)],
    )


def test_representativeness_finds_a_gap_and_no_other() -> None:
    everyone = register()
    everyone["growth"] = np.random.default_rng(1).normal(size=len(everyone))
    order = everyone["boards"] + np.random.default_rng(2).normal(0, 2, len(everyone))
    answered = order.nlargest(123).index
    found = representativeness(everyone, answered, RepresentativenessOptions(n_permutations=999))
    pooled = found[found["scope"] == "all"].set_index("variable")
    assert set(found["scope"]) == {"all", "po", "vo"}
    assert pooled.loc["boards", "p_value"] == 0.001
    assert pooled.loc["boards", "difference"] > 0.2
    assert pooled.loc["growth", "p_value"] > 0.05
    assert pooled.loc["region", "kind"] == "category"
    assert (pooled["p_holm"] >= pooled["p_value"]).all()
    boards = everyone["boards"]
    assert pooled.loc["boards", "others"] == boards.drop(answered).mean()
    reach = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert pooled.loc["boards", "detectable"] == pytest.approx(reach * np.sqrt(1 / 123 + 1 / 29))


def test_permutation_p_against_all_draws() -> None:
    """Nine organisations, six respondents: all 84 draws counted."""
    from itertools import combinations

    x = np.array([1.0, 2, 4, 8, 9, 11, 3, 7, 5])
    everyone = pd.DataFrame({"x": x}, index=[f"O{k}" for k in range(9)])
    answered = [0, 2, 3, 4, 5, 7]
    gap = abs(x[answered].mean() - x.mean())
    draws = [abs(x[list(d)].mean() - x.mean()) for d in combinations(range(9), 6)]
    exact = np.mean(np.array(draws) >= gap - 1e-12)
    options = RepresentativenessOptions(n_permutations=40_000)
    found = representativeness(everyone, everyone.index[answered], options)
    assert found["p_value"].item() == pytest.approx(exact, abs=0.012)
    again = representativeness(everyone, everyone.index[answered], options)
    pd.testing.assert_frame_equal(found, again)


@pytest.mark.slow
def test_permutation_keeps_its_level() -> None:
    everyone = register()
    rng = np.random.default_rng(4)
    options = RepresentativenessOptions(n_permutations=199)
    low = []
    for _ in range(400):
        answered = everyone.index[rng.permutation(152)[:123]]
        found = representativeness(everyone.drop(columns="sector"), answered, options)
        low.append((found["p_value"] <= 0.05).to_numpy())
    rates = np.mean(low, axis=0)
    assert (rates < 0.085).all()
    assert rates[0] > 0.02


def test_faults_of_representativeness() -> None:
    everyone = register(10)
    cases = [
        (everyone, ["X1"], "not in everyone: 'X1'"),
        (everyone[["sector"]], ["O1"], "at least one background variable"),
        (everyone, list(everyone.index), "everyone answered"),
        (everyone.rename(index={"O1": "O0"}), ["O0"], "stands in it twice"),
    ]
    for frame, answered, message in cases:
        with pytest.raises(InputError, match=message):
            representativeness(frame, answered)
    with pytest.raises(InputError, match=r"(?s)n_permutations.*level, power"):
        RepresentativenessOptions(n_permutations=0, power=2)


def test_nothing_to_compare_is_nan() -> None:
    everyone = pd.DataFrame({"x": [1.0, 1, 1, np.nan]}, index=list("abcd"))
    found = representativeness(everyone, ["a", "b"])
    assert np.isnan(found["p_value"].item())
    assert found["n_others"].item() == 1


def test_raking_meets_the_margins_and_tells_how() -> None:
    everyone = register()
    everyone["size"] = pd.cut(everyone["boards"], [0, 15, 20, 99], labels=["s", "m", "l"])
    respondents = everyone.sample(110, random_state=3)
    names = ["sector", "region", "size"]
    raked = rake_weights(respondents, population_margins(everyone, names))
    assert raked.weights.mean() == pytest.approx(1)
    for name in names:
        reached = raked.weights.groupby(respondents[name], observed=True).sum() / 110
        target = everyone[name].value_counts(normalize=True)
        pd.testing.assert_series_equal(
            reached, target[reached.index], check_names=False, check_index=False, rtol=1e-8
        )
    assert raked.rounds["difference"].iloc[-1] <= 1e-10
    assert raked.n_rounds == len(raked.rounds)
    assert raked.design_effect == pytest.approx(1 + raked.weights.std(ddof=0) ** 2)
    assert raked.effective_n == pytest.approx(110 / raked.design_effect)
    assert set(raked.table.columns) == {"variable", "category", "n", "target", "before", "after"}


def test_raking_keeps_the_odds_ratios_of_the_sample() -> None:
    """What raking must leave alone (Deming and Stephan): the association in the sample."""
    cells = {("a", "x"): 8, ("a", "y"): 2, ("b", "x"): 3, ("b", "y"): 7}
    frame = pd.DataFrame(
        [key for key, n in cells.items() for _ in range(n)], columns=["one", "two"]
    )
    raked = rake_weights(frame, {"one": {"a": 0.3, "b": 0.7}, "two": {"x": 0.6, "y": 0.4}})
    totals = raked.weights.groupby([frame["one"], frame["two"]]).sum()
    odds = totals["a", "x"] * totals["b", "y"] / (totals["a", "y"] * totals["b", "x"])
    assert odds == pytest.approx(8 * 7 / (2 * 3))
    single = rake_weights(frame, {"one": {"a": 60, "b": 40}})
    assert single.n_rounds == 1
    assert single.weights[frame["one"] == "a"].to_numpy() == pytest.approx(1.2)
    start = pd.Series(np.where(frame["two"] == "x", 2.0, 1.0))
    twice = frame.loc[frame.index.repeat(start.astype(int))].reset_index(drop=True)
    targets = {"one": {"a": 0.3, "b": 0.7}, "two": {"x": 0.6, "y": 0.4}}
    weighted = rake_weights(frame, targets, initial=start)
    repeated = rake_weights(twice, targets)
    a = weighted.weights.groupby([frame["one"], frame["two"]]).sum() / 20
    b = repeated.weights.groupby([twice["one"], twice["two"]]).sum() / len(twice)
    pd.testing.assert_series_equal(a, b)


def test_raking_refuses_what_is_impossible() -> None:
    frame = pd.DataFrame({"one": ["a", "a", "b", None], "two": ["x", "y", "y", "z"]})
    with pytest.raises(RakingError) as caught:
        rake_weights(frame, {"one": {"a": 5, "b": 5, "c": 1}, "two": {"x": 5, "y": 5}, "tree": {}})
    text = str(caught.value)
    for part in (
        "'one': 1 respondents lack it",
        "'one': nobody answered in 'c'",
        "'two': respondents in 'z', which has no target above 0",
        "expected the same total for each variable, got one 11, two 10",
        "'tree': expected targets of at least 0",
    ):
        assert part in text
    full = pd.DataFrame({"one": ["a", "b"], "two": ["x", "y"]})
    contradiction = {"one": {"a": 0.5, "b": 0.5}, "two": {"x": 0.2, "y": 0.8}}
    with pytest.raises(RakingError, match="contradict the combinations that nobody has"):
        rake_weights(full, contradiction, RakingOptions(max_iter=50))
    with pytest.raises(RakingError, match="'three': respondents have no such column"):
        rake_weights(full, {"three": {"a": 1}})
    with pytest.raises(RakingError, match="at least one margin and one respondent"):
        rake_weights(full, {})
    with pytest.raises(RakingError, match="initial: expected a number above 0"):
        rake_weights(full, {"one": {"a": 1, "b": 1}}, initial=pd.Series([1.0, 0.0]))
    with pytest.raises(RakingError, match=r"(?s)max_iter.*tolerance"):
        RakingOptions(max_iter=0, tolerance=0)
    with pytest.raises(RakingError, match="'one': 1 organisations lack it"):
        population_margins(frame, ["one"])
    with pytest.raises(RakingError, match="everyone has no such column"):
        population_margins(frame, ["none"])


def test_numbers_of_another_kind_are_faults() -> None:
    with pytest.raises(InputError) as caught:
        margin_of_error("40", 151, level="x", share="0.5")  # type: ignore[arg-type]
    assert caught.value.faults == (
        "n: expected a number, got '40'",
        "level: expected a number, got 'x'",
        "share: expected a number from 0 to 1, got '0.5'",
    )
    with pytest.raises(InputError, match="count: expected 0 to 40, got '3'"):
        population_interval("3", 40, 151)  # type: ignore[arg-type]
    with pytest.raises(RakingError) as raked:
        RakingOptions(max_iter="many", tolerance=None)  # type: ignore[arg-type]
    assert raked.value.faults == (
        "max_iter: expected at least 1, got 'many'",
        "tolerance: expected a number above 0, got None",
    )
