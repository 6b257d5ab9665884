from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scale_samples import CARE, factor_answers, small_frame, small_wave
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.scales import (
    ComparisonOptions,
    build_scales,
    compare_measurement,
    detectable_alphas,
    equal_alphas,
    item_differences,
    reliability,
    tucker_congruence,
)
from swvtypes.scales.differences import holm
from swvtypes.survey import Wave

FAST = ComparisonOptions(n_boot=150)


def alpha_draws(rng: np.random.Generator, alpha: float, n: int, k: int, size: int) -> np.ndarray:
    """Estimates of alpha under Feldt's model."""
    return 1 - (1 - alpha) / rng.f(n - 1, (n - 1) * (k - 1), size)


def test_equality_of_two_alphas() -> None:
    same = equal_alphas([0.8, 0.8], [65, 65], [5, 5])
    assert same.statistic == pytest.approx(0)
    assert same.p_value == pytest.approx(1)
    assert same.ratio == 1
    assert same.ratio_p_value == pytest.approx(1)
    apart = equal_alphas([0.6, 0.9], [65, 58], [5, 5])
    swapped = equal_alphas([0.9, 0.6], [58, 65], [5, 5])
    assert apart.p_value == pytest.approx(swapped.p_value)
    assert apart.ratio_p_value == pytest.approx(swapped.ratio_p_value, rel=1e-9)
    near = equal_alphas([0.7, 0.82], [65, 58], [5, 5])
    assert near.p_value == pytest.approx(near.ratio_p_value, rel=0.1)
    three = equal_alphas([0.8, 0.7, 0.75], [50, 60, 70], [5, 5, 4])
    assert three.df == 2
    assert np.isnan(three.ratio)


def test_the_ratio_p_is_that_of_two_independent_f_variables() -> None:
    rng = np.random.default_rng(5)
    n, k = (45, 60), (4, 6)
    draws = [rng.f(m - 1, (m - 1) * (j - 1), 400_000) for m, j in zip(n, k, strict=True)]
    found = equal_alphas([0.6, 0.75], n, k)
    below = np.mean(draws[1] / draws[0] < found.ratio)
    assert found.ratio_p_value == pytest.approx(2 * min(below, 1 - below), abs=0.004)


@pytest.mark.slow
def test_equality_keeps_its_level_and_power() -> None:
    rng = np.random.default_rng(6)
    n_sets = 3000
    low, high = detectable_alphas(0.7, (65, 58), 5)
    first = alpha_draws(rng, 0.7, 65, 5, n_sets)
    for true, expected in ((0.7, 0.05), (low, 0.80), (high, 0.80)):
        second = alpha_draws(rng, true, 58, 5, n_sets)
        found = [equal_alphas(pair, (65, 58), (5, 5)) for pair in zip(first, second, strict=True)]
        tolerance = 4 * np.sqrt(expected * (1 - expected) / n_sets)
        assert abs(np.mean([f.ratio_p_value < 0.05 for f in found]) - expected) < tolerance
        assert abs(np.mean([f.p_value < 0.05 for f in found]) - expected) < tolerance + 0.01


def test_more_rows_detect_smaller_differences() -> None:
    low, high = detectable_alphas(0.75, (65, 58), 5)
    nearer = detectable_alphas(0.75, (650, 580), 5)
    assert low < nearer[0] < 0.75 < nearer[1] < high


def test_congruence() -> None:
    first = np.array([0.5, 0.6, 0.7])
    assert tucker_congruence(first, first * 3) == pytest.approx(1)
    assert tucker_congruence(first, -first) == pytest.approx(-1)
    assert tucker_congruence(np.array([1.0, 0]), np.array([0, 1.0])) == pytest.approx(0)
    assert np.isnan(tucker_congruence(first, np.zeros(3)))


def test_two_sectors(wave: Wave) -> None:
    scales = build_scales(wave)
    found = compare_measurement(scales, "care", options=FAST)
    assert found.sectors == ("po", "vo")
    assert found.alphas.alphas[1] == reliability(wave.sector("vo"), "care").alpha
    assert found.alphas.n == (60, 60)
    assert found.congruence == pytest.approx(float(tucker_congruence(*found.loadings.to_numpy().T)))
    low, high = found.congruence_interval
    assert low < high <= 1
    assert list(found.loadings.columns) == ["po", "vo"]
    for sector in ("po", "vo"):
        loading = reliability(wave.sector(sector), "care").items["loading"]
        np.testing.assert_allclose(found.loadings[sector], loading, atol=1e-5)
    again = compare_measurement(scales, "care", ("vo", "po"), FAST)
    assert again.congruence == pytest.approx(found.congruence)
    np.testing.assert_allclose(again.items["difference"], -found.items["difference"])


def test_a_factor_that_differs() -> None:
    frame = small_frame(n=800)
    rng = np.random.default_rng(3)
    here = (frame["sector"] == "vo").to_numpy()
    other = factor_answers(rng, int(here.sum()), [0.9, 0.9, 0.05, 0.05])
    for at, name in enumerate(CARE):
        frame.loc[here, name] = 6 - other[:, at] if name == "care_c" else other[:, at]
    found = compare_measurement(build_scales(small_wave(frame)), "care", options=FAST)
    assert found.congruence_interval[1] < 0.85
    assert "de factor verschilt" in found.text("nl")
    assert "the factor differs" in found.text("en")


def test_item_differences_by_hand() -> None:
    rng = np.random.default_rng(7)
    first = pd.DataFrame(factor_answers(rng, 60, [0.7] * 4), columns=list("abcd"))
    second = pd.DataFrame(factor_answers(rng, 50, [0.7] * 4), columns=list("abcd"))
    second["a"] = (second["a"] + 1).clip(upper=5)
    found = item_differences(first, second)
    welch = stats.ttest_ind(second["b"], first["b"], equal_var=False)
    assert found.loc["b", "p_value"] == pytest.approx(welch.pvalue)
    interval = welch.confidence_interval(0.95)
    assert found.loc["b", ["lower", "upper"]].tolist() == pytest.approx(
        [interval.low, interval.high]
    )
    assert found.loc["a", "p_adjusted"] < 0.001
    assert found.loc["a", "adjusted"] > 0.5
    assert found.loc[["b", "c", "d"], "adjusted"].mean() < 0
    assert (found["p_adjusted"] >= found["adjusted_p_value"]).all()
    assert (found["n_first"] == 60).all()


def test_adjusted_differences_against_statsmodels() -> None:
    api = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(8)
    first = pd.DataFrame(factor_answers(rng, 40, [0.7] * 3).astype(float), columns=list("abc"))
    second = pd.DataFrame(factor_answers(rng, 30, [0.6] * 3).astype(float), columns=list("abc"))
    first.iloc[:4, 1] = np.nan
    both = pd.concat([first, second], ignore_index=True)
    design = np.column_stack(
        [np.ones(70), np.repeat([0, 1], [40, 30]), both[["b", "c"]].mean(axis=1)]
    )
    fit = api.OLS(both["a"].to_numpy(), design).fit(cov_type="HC3", use_t=True)
    found = item_differences(first, second).loc["a"]
    assert found["adjusted"] == pytest.approx(fit.params[1])
    assert found["adjusted_p_value"] == pytest.approx(fit.pvalues[1])
    assert [found["adjusted_lower"], found["adjusted_upper"]] == pytest.approx(
        fit.conf_int()[1].tolist()
    )


def test_item_differences_that_are_undefined() -> None:
    frame = pd.DataFrame({"a": [3.0, 3, 3, 3], "b": [1.0, 2, 3, 4]})
    still = item_differences(frame, frame).loc["a"]
    assert still["difference"] == 0
    assert np.isnan(still["p_value"])
    assert still["adjusted"] == pytest.approx(0)
    assert np.isnan(still["adjusted_p_value"])
    few = item_differences(frame, frame[:1]).loc["a"]
    assert np.isnan(few["difference"])
    collinear = item_differences(frame[["a", "b"]].assign(a=1.0), frame.assign(a=2.0)).loc["b"]
    assert np.isnan(collinear["adjusted"])


def test_holm_leaves_missing_ones_out() -> None:
    found = holm(np.array([0.02, np.nan, 0.04]))
    np.testing.assert_allclose(found, [0.04, np.nan, 0.04])


def test_texts_in_both_languages(wave: Wave, synthetic_wave: Wave) -> None:
    found = compare_measurement(build_scales(wave), "care", options=FAST)
    dutch, english = found.text("nl").split("\n"), found.text("en").split("\n")
    assert dutch[0].startswith("zorg: alpha 0,")
    assert english[0].startswith("care: alpha 0.")
    assert dutch[1].startswith("Met deze aantallen valt alpha in vo pas op onder ")
    assert english[1].startswith("With these numbers alpha in vo shows only below ")
    assert dutch[2].startswith("Congruentie van de ladingen: ")
    assert english[2].startswith("Congruence of the loadings: ")
    assert dutch[3].startswith("Uitspraken die bij gelijke score op de rest verschillen: ")
    assert english[3].startswith("Items that differ at equal scores on the rest: ")
    assert len(dutch) == len(english) == 4
    synthetic = compare_measurement(build_scales(synthetic_wave), "care", options=FAST)
    assert synthetic.text("nl").split("\n")[-1].startswith("De rijen zijn synthetisch: ")
    assert synthetic.text("en").split("\n")[-1].startswith("The rows are synthetic: ")


@pytest.mark.parametrize(
    ("cuts", "words"),
    [
        ((-1.0, -1.0), ("de factor is gelijk", "the factor is the same")),
        ((-1.0, 1.0), ("de factor lijkt er behoorlijk op", "the factor is fairly similar")),
        ((0.98, 1.0), ("de aantallen laten niet toe", "the numbers do not allow to say")),
    ],
)
def test_words_for_a_congruence(wave: Wave, cuts: tuple, words: tuple[str, str]) -> None:
    options = ComparisonOptions(n_boot=100, fair=cuts[0], equal=cuts[1])
    found = compare_measurement(build_scales(wave), "care", options=options)
    assert words[0] in found.text("nl")
    assert words[1] in found.text("en")


def test_faults(wave: Wave) -> None:
    scales = build_scales(wave, {"care": CARE, "one": CARE[:1]})
    for arguments, faults in (
        (("trust",), ["scale: expected one of 'care', 'one', got 'trust'"]),
        (("one",), ["scale 'one': expected two items or more, it has one"]),
        (
            ("care", ("po", "so", "so")),
            [
                "sectors: expected two different ones, got ('po', 'so', 'so')",
                "sectors: the wave has no 'so'",
                "sectors: the wave has no 'so'",
            ],
        ),
    ):
        with pytest.raises(InputError) as caught:
            compare_measurement(scales, *arguments)  # type: ignore[arg-type]
        assert list(caught.value.faults) == faults
    frame = small_frame()
    frame.loc[frame["sector"] == "po", "care_a"] = 3
    with pytest.raises(InputError, match="item 'care_a': does not vary in sector 'po'"):
        compare_measurement(build_scales(small_wave(frame)), "care")


def test_faults_of_the_parts() -> None:
    with pytest.raises(InputError) as caught:
        ComparisonOptions(missing="no", level=2, power=0, n_boot=0, fair=0.9, equal=0.8)  # type: ignore[arg-type]
    assert list(caught.value.faults) == [
        "missing: expected 'listwise' or 'pairwise', got 'no'",
        "level: expected a number between 0 and 1, got 2",
        "power: expected a number between 0 and 1, got 0",
        "n_boot: expected at least 1, got 0",
        "fair, equal: expected -1 <= fair <= equal <= 1, got 0.9, 0.8",
    ]
    with pytest.raises(InputError, match=r"power: expected between 1 - level and 1, got 0\.01"):
        ComparisonOptions(power=0.01)
    with pytest.raises(InputError, match="groups: expected two or more, with an alpha"):
        equal_alphas([0.5], [10], [5])
    with pytest.raises(InputError) as caught:
        equal_alphas([1.0, 0.5], [2, 10], [5, 1])
    assert list(caught.value.faults) == [
        "alpha: expected a number below 1, got 1.0",
        "n: expected at least 3 rows, got 2.0",
        "n_items: expected at least 2, got 1",
    ]
    with pytest.raises(InputError) as caught:
        detectable_alphas(0.5, (10, 10, 10), 5, 0.01)
    assert list(caught.value.faults) == [
        "n: expected two groups, got 3",
        "power, level: expected 0 < level < power < 1, got 0.01, 0.05",
    ]
    frame = pd.DataFrame({"a": [1.0, 2], "b": [1.0, 2]})
    with pytest.raises(InputError) as caught:
        item_differences(frame[["a"]], frame, level=1)
    assert list(caught.value.faults) == [
        "items: expected the same columns in both groups",
        "items: expected at least two, got 1",
        "level, power: expected 1 - level < power < 1, got 1, 0.8",
    ]


def test_a_wave_gives_what_its_scales_give() -> None:
    wave = small_wave()
    found = compare_measurement(wave, "care", options=FAST)
    assert found.items.equals(compare_measurement(build_scales(wave), "care", options=FAST).items)
