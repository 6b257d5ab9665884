from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scale_samples import CARE, factor_answers, small_frame, small_wave

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.scales import (
    FactorSolution,
    ParallelOptions,
    ReliabilityOptions,
    build_scales,
    cronbach_alpha,
    factor_analysis,
    feldt_interval,
    internal_consistency,
    item_rest_correlations,
    omega_total,
    reliability,
)
from swvtypes.scales.intervals import bootstrap_alphas, bootstrap_weights, percentile_interval
from swvtypes.scales.moments import rescaled, weighted_moments
from swvtypes.survey import Wave

QUIET = ReliabilityOptions(interval="none")
COLUMNS = ["mean", "sd", "item_total", "item_rest", "alpha_if_dropped"]


def answers(seed: int = 3, n: int = 80, k: int = 5, gaps: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    values = factor_answers(rng, n, [0.8, 0.7, 0.6, 0.7, 0.5][:k]).astype(float)
    values[rng.random(values.shape) < gaps] = np.nan
    return pd.DataFrame(values, columns=[f"i{at}" for at in range(k)])


@given(
    hnp.arrays(
        np.int64, st.tuples(st.integers(5, 12), st.integers(2, 5)), elements=st.integers(1, 5)
    ),
    st.randoms(use_true_random=False),
)
def test_invariance_and_bounds(values: np.ndarray, random: object) -> None:
    if values.sum(axis=1).var() == 0:
        return
    frame = pd.DataFrame(values, columns=[f"i{at}" for at in range(values.shape[1])])
    found = reliability(frame, options=QUIET)
    assert found.alpha <= 1 + 1e-12
    order = list(frame.columns)
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = reliability(frame[order], options=QUIET)
    assert shuffled.alpha == pytest.approx(found.alpha, abs=1e-9)
    moved = reliability(frame[::-1] * 2.0 + 7, options=QUIET)
    assert moved.alpha == pytest.approx(found.alpha, abs=1e-9)
    np.testing.assert_allclose(
        shuffled.items.loc[frame.columns, COLUMNS].to_numpy(),
        found.items[COLUMNS].to_numpy(),
        atol=1e-9,
    )


@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(5, 10), st.integers(2, 4)),
        elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]),
    ),
    st.sampled_from(["listwise", "pairwise"]),
)
def test_any_answers_give_a_result_or_say_what_is_wrong(values: np.ndarray, missing: str) -> None:
    frame = pd.DataFrame(values, columns=[f"i{at}" for at in range(values.shape[1])])
    rows = ~np.isnan(values)
    used = rows.all(axis=1) if missing == "listwise" else rows.any(axis=1)
    pairs = rows.T.astype(int) @ rows.astype(int)
    enough = used.sum() >= 3 and (missing == "listwise" or pairs.min() >= 3)
    covariance = frame[used].cov(min_periods=1).to_numpy()
    if not enough or not rows.any(axis=0).all() or covariance.sum() <= 1e-9:
        with pytest.raises(InputError):
            reliability(frame, missing=missing, options=QUIET)
        return
    found = reliability(frame, missing=missing, options=QUIET)
    assert found.n == used.sum()
    assert np.isfinite(found.alpha)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_moments_are_those_of_pandas(missing: str) -> None:
    frame = answers(gaps=0.15)
    used = frame.dropna() if missing == "listwise" else frame
    moments = weighted_moments(used.to_numpy(), np.ones(len(used)))
    np.testing.assert_allclose(moments.covariance, used.cov(), atol=1e-12)
    np.testing.assert_allclose(moments.correlation, used.corr(), atol=1e-12)
    found = reliability(frame, missing=missing)
    covariance = used.cov().to_numpy()
    k = len(covariance)
    expected = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
    assert found.alpha == pytest.approx(expected, abs=1e-12)
    assert found.n == len(used)
    assert found.n_given == len(frame)
    assert found.smallest_pair <= found.n
    assert found.missing == missing
    score = used.mean(axis=1)
    assert found.score_mean == pytest.approx(score.mean())
    assert found.score_sd == pytest.approx(score.std())


def test_listwise_item_statistics_by_hand() -> None:
    frame = answers()
    found = reliability(frame).items
    for name in frame:
        rest = frame.drop(columns=name)
        assert found.loc[name, "item_rest"] == pytest.approx(frame[name].corr(rest.sum(axis=1)))
        assert found.loc[name, "item_total"] == pytest.approx(frame[name].corr(frame.sum(axis=1)))
        assert found.loc[name, "alpha_if_dropped"] == pytest.approx(reliability(rest).alpha)


@pytest.mark.parametrize("k", [2, 3, 7])
@pytest.mark.parametrize("r", [0.1, 0.5])
def test_parallel_items_follow_spearman_and_brown(k: int, r: float) -> None:
    covariance = np.full((k, k), r) + np.eye(k) * (1 - r)
    expected = k * r / (1 + (k - 1) * r)
    assert float(cronbach_alpha(covariance)) == pytest.approx(expected)
    loadings = np.full(k, np.sqrt(r))
    assert float(omega_total(loadings, 1 - loadings**2)) == pytest.approx(expected)


def test_omega_of_a_true_one_factor_model_exceeds_alpha() -> None:
    pattern = np.array([0.9, 0.7, 0.5, 0.3])
    covariance = np.outer(pattern, pattern) + np.diag(1 - pattern**2)
    expected = pattern.sum() ** 2 / covariance.sum()
    draws = np.random.default_rng(1).standard_normal((400, 4))
    draws -= draws.mean(axis=0)
    draws = draws @ np.linalg.inv(np.linalg.cholesky(np.cov(draws.T))).T
    frame = pd.DataFrame(draws @ np.linalg.cholesky(covariance).T, columns=list("abcd"))
    found = reliability(frame)
    assert found.omega_total == pytest.approx(expected, abs=1e-6)
    assert found.omega_standardised == pytest.approx(expected, abs=1e-6)
    assert found.alpha < found.omega_total
    np.testing.assert_allclose(found.items["loading"], pattern, atol=1e-5)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_a_frequency_is_the_row_so_often(missing: str) -> None:
    frame = answers(gaps=0.1)
    counts = np.random.default_rng(2).integers(0, 4, len(frame))
    options = ReliabilityOptions(factor_method="ml")
    weighted = reliability(frame, missing=missing, sample_weight=counts, options=options)
    repeated = reliability(frame.loc[frame.index.repeat(counts)], missing=missing, options=options)
    assert weighted.n == repeated.n
    assert weighted.weights == "frequency"
    for name in ("alpha", "standardised_alpha", "omega_total", "score_mean", "score_sd"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name), abs=1e-9)
    assert weighted.interval == pytest.approx(repeated.interval)
    np.testing.assert_allclose(weighted.items, repeated.items, atol=1e-7)
    assert weighted.factor is not None
    assert repeated.factor is not None
    assert weighted.factor.chi_square == pytest.approx(repeated.factor.chi_square)


def test_survey_weights_have_no_size() -> None:
    frame = answers()
    weights = np.random.default_rng(4).uniform(0.5, 2, len(frame))
    options = ReliabilityOptions(interval="bootstrap", n_boot=200)
    found = reliability(frame, survey_weight=weights, options=options)
    scaled = reliability(frame, survey_weight=weights * 10, options=options)
    assert found.alpha == pytest.approx(scaled.alpha, abs=1e-12)
    assert found.interval == pytest.approx(scaled.interval, abs=1e-12)
    assert found.n == len(frame)
    assert found.factor is not None
    assert np.isnan(found.factor.chi_square)
    equal = reliability(frame, survey_weight=np.full(len(frame), 3.0), options=QUIET)
    assert equal.alpha == pytest.approx(reliability(frame).alpha, abs=1e-12)


def test_carried_weights_on_request() -> None:
    weights = np.linspace(0.5, 2, 120)
    scales = build_scales(small_wave(small_frame().assign(survey_weight=weights)))
    found = reliability(scales, "care", survey_weight=True, options=QUIET)
    by_hand = reliability(scales.answers("care"), survey_weight=weights, options=QUIET)
    assert found.alpha == by_hand.alpha
    assert found.alpha != reliability(scales, "care").alpha
    assert reliability(scales, "care", survey_weight=False).weights == "none"
    carried = reliability(scales.answers("care"), survey_weight=scales.survey_weight, options=QUIET)
    assert carried.alpha == found.alpha


def test_wave_scales_and_frame_agree(wave: Wave) -> None:
    scales = build_scales(wave)
    first = reliability(scales, "care")
    for other in (
        reliability(wave, "care"),
        reliability(wave.frame, "care", codebook=wave.codebook),
        reliability(wave.frame[list(CARE)], reversed_items={"care_c": (1, 5)}),
        reliability(scales),
        reliability(scales, list(CARE)),
    ):
        pd.testing.assert_frame_equal(other.items, first.items)
        assert other.alpha == first.alpha


def test_a_reversed_item_turns_its_signs() -> None:
    frame = answers()
    turned = reliability(frame, reversed_items={"i1": (1, 5)}).items
    plain = reliability(frame).items
    rest = frame.drop(columns="i1").sum(axis=1)
    assert turned.loc["i1", "item_rest"] == pytest.approx(-plain.loc["i1", "item_rest"])
    assert turned.loc["i1", "item_rest"] == pytest.approx(-frame["i1"].corr(rest))
    assert turned.loc["i1", "loading"] < 0 < plain.loc["i1", "loading"]
    assert turned.loc["i1", "mean"] == pytest.approx(6 - plain.loc["i1", "mean"])


def test_feldt_interval_holds_its_own_definition() -> None:
    low, high = feldt_interval(0.7, 60, 5, 0.90)
    assert low < 0.7 < high
    wide = feldt_interval(0.7, 60, 5, 0.99)
    assert wide[0] < low < high < wide[1]
    assert feldt_interval(0.7, 600, 5)[0] > low


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        (
            (1.2, 1, 1, 0.0),
            [
                "n: expected more than one row, got 1",
                "n_items: expected at least 2, got 1",
                "level: expected a number between 0 and 1, got 0.0",
                "alpha: expected at most 1, got 1.2",
            ],
        ),
    ],
)
def test_faults_of_the_feldt_interval(arguments: tuple, faults: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        feldt_interval(*arguments)
    assert list(caught.value.faults) == faults


def test_more_bootstrap_samples_keep_the_earlier_ones() -> None:
    weights = np.ones(30)
    few, many = bootstrap_weights(weights, 5, 7), bootstrap_weights(weights, 9, 7)
    np.testing.assert_array_equal(few, many[:5])
    assert (many.sum(axis=1) == 30).all()
    frame = answers(n=30)
    alphas = bootstrap_alphas(frame.to_numpy(), many)
    rows = np.repeat(np.arange(30), many[0].astype(int))
    assert alphas[0] == pytest.approx(reliability(frame.iloc[rows]).alpha)
    assert np.isnan(percentile_interval(np.full(3, np.nan), 0.95)).all()


@pytest.mark.slow
def test_the_feldt_interval_covers_at_its_level() -> None:
    """Normal parallel items, n = 65: both ends miss about as often as they should."""
    k, r, n = 5, 0.35, 65
    true = k * r / (1 + (k - 1) * r)
    rng = np.random.default_rng(11)
    below = above = 0
    n_sets = 4000
    for _ in range(n_sets):
        values = np.sqrt(r) * rng.standard_normal((n, 1)) + np.sqrt(1 - r) * rng.standard_normal(
            (n, k)
        )
        low, high = feldt_interval(float(cronbach_alpha(np.cov(values.T))), n, k)
        below += high < true
        above += low > true
    tolerance = 4 * np.sqrt(0.025 * 0.975 / n_sets)
    assert abs(below / n_sets - 0.025) < tolerance
    assert abs(above / n_sets - 0.025) < tolerance


def test_two_items() -> None:
    found = reliability(answers(k=2))
    r = answers(k=2).corr().iloc[0, 1]
    assert found.standardised_alpha == pytest.approx(2 * r / (1 + r))
    assert found.omega_standardised == pytest.approx(2 * r / (1 + r))
    assert found.items["alpha_if_dropped"].isna().all()
    assert found.items["item_rest"].to_numpy() == pytest.approx([r, r])
    assert any("Two items" in note.en for note in found.notes)


def test_a_constant_item() -> None:
    frame = answers().assign(still=3.0)
    options = ReliabilityOptions(parallel=ParallelOptions(n_replicates=20))
    found = reliability(frame, options=options)
    assert np.isfinite(found.alpha)
    assert np.isnan(found.items.loc["still", "item_rest"])
    assert found.items.loc["still", "sd"] == 0
    assert found.items.loc["still", "alpha_if_dropped"] == pytest.approx(
        reliability(answers()).alpha
    )
    assert np.isnan([found.standardised_alpha, found.mean_correlation, found.omega_total]).all()
    assert found.factor is None
    assert found.adequacy is None
    assert found.parallel is None
    assert any(note.nl.endswith("samenhang bestaat hier niet: still") for note in found.notes)


def test_parallel_analysis_comes_along() -> None:
    options = ReliabilityOptions(parallel=ParallelOptions(n_replicates=50))
    found = reliability(answers(), options=options)
    assert found.parallel is not None
    assert found.parallel.n_factors == 1


def test_identical_items_leave_maximum_likelihood_for_least_squares() -> None:
    frame = answers(k=3)
    frame["copy"] = frame["i0"]
    found = reliability(frame, options=ReliabilityOptions(factor_method="ml"))
    assert found.factor is not None
    assert found.factor.method == "minres"
    assert found.adequacy is None
    assert "not positive definite" in found.notes[-1].en
    assert "niet positief definiet" in found.notes[-1].nl


def test_a_boundary_or_unfinished_solution_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    correlation = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    draws = np.random.default_rng(1).standard_normal((50, 3))
    values, vectors = np.linalg.eigh(correlation)
    draws = np.linalg.qr(draws - draws.mean(axis=0))[0] @ (vectors * np.sqrt(np.abs(values))).T
    frame = pd.DataFrame(draws, columns=list("abc"))
    assert "boundary solution" in reliability(frame).notes[-1].en
    assert "grensoplossing" in reliability(frame).notes[-1].nl

    def unfinished(*arguments: object) -> FactorSolution:
        return dataclasses.replace(factor_analysis(*arguments), converged=False)  # type: ignore[arg-type]

    monkeypatch.setattr(internal_consistency, "factor_analysis", unfinished)
    assert reliability(answers()).notes[-1] == Label(
        "De factoranalyse is niet uitgeconvergeerd.", "The factor analysis did not converge."
    )


def test_notes_say_which_rows_and_which_interval() -> None:
    frame = answers(gaps=0.1)
    found = reliability(frame, missing="pairwise")
    assert (
        found.notes[0].en == "Each covariance is computed over the rows that answered both items."
    )
    assert "Feldt (1965)" in found.notes[1].nl
    assert "te smal" in found.notes[2].nl
    found = reliability(frame, options=ReliabilityOptions(interval="bootstrap", n_boot=50))
    assert [note.en for note in found.notes] == [
        "Computed over the rows with an answer to every item.",
        "Interval from a bootstrap over rows (percentiles).",
    ]
    weighted = reliability(frame, survey_weight=np.ones(len(frame)), options=QUIET)
    assert weighted.notes[-1].nl == "Gewogen; de passing van het factormodel is niet getoetst."


def test_labels_in_both_languages() -> None:
    found = reliability(answers())
    dutch, english = found.labelled("nl"), found.labelled("en")
    assert list(dutch.columns) == [
        "aantal antwoorden",
        "gemiddelde",
        "standaarddeviatie",
        "samenhang met de score",
        "samenhang met de rest",
        "alpha zonder de uitspraak",
        "lading op één factor",
        "communaliteit",
    ]
    assert list(english.columns) == [
        "answers",
        "mean",
        "standard deviation",
        "item-total correlation",
        "item-rest correlation",
        "alpha if dropped",
        "loading on one factor",
        "communality",
    ]
    assert (dutch.index.name, english.index.name) == ("uitspraak", "item")


def test_coefficients_over_replicates() -> None:
    covariances = np.stack([answers(seed).cov().to_numpy() for seed in (1, 2)])
    together = item_rest_correlations(covariances)
    np.testing.assert_allclose(together[1], item_rest_correlations(covariances[1]))
    assert np.isnan(cronbach_alpha(np.ones((1, 1))))
    np.testing.assert_allclose(np.diagonal(rescaled(covariances), axis1=1, axis2=2), 1)


FRAME = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 3, 2, 4], "c": [2.0, 2, 3, 5]})


@pytest.mark.parametrize(
    ("frame", "arguments", "faults"),
    [
        (FRAME[["a"]], {}, ["items: expected at least two, got 1"]),
        (
            FRAME,
            {"missing": "casewise"},
            ["missing: expected 'listwise' or 'pairwise', got 'casewise'"],
        ),
        (FRAME, {"scale": ["a", "x"]}, ["item 'x': the frame has no such column"]),
        (FRAME, {"scale": ["a", "a", "b"]}, ["item 'a': expected it once, found it more often"]),
        (
            FRAME,
            {"scale": "care"},
            [
                "scale: expected one of none (there are no scales), got 'care'",
                "items: expected at least two, got 0",
            ],
        ),
        (FRAME.assign(c="x"), {}, ["item 'c': expected numbers, the column holds str"]),
        (FRAME.assign(c=np.inf), {}, ["item 'c': expected finite answers, found an infinite one"]),
        (FRAME.assign(c=np.nan), {}, ["item 'c': nobody answered it"]),
        (
            FRAME,
            {"reversed_items": {"x": (1, 5), "a": (5, 1)}},
            [
                "reversed_items: 'x' is none of the items",
                "reversed_items: expected a lowest below a highest for 'a', got (5, 1)",
            ],
        ),
        (
            FRAME,
            {"sample_weight": [1, 1, 1]},
            ["sample_weight: expected 4 numbers, got the shape (3,)"],
        ),
        (
            FRAME,
            {"sample_weight": [1, 1, 1, 0.5]},
            ["sample_weight: expected whole numbers (how often a row counts)"],
        ),
        (
            FRAME,
            {"sample_weight": [1, 1, 1, -1]},
            ["sample_weight: expected finite numbers of at least 0"],
        ),
        (FRAME, {"sample_weight": ["x", 1, 1, 1]}, ["sample_weight: expected numbers"]),
        (
            FRAME,
            {"survey_weight": pd.Series(1.0, index=list("abcd"))},
            ["survey_weight: expected the index of the answers"],
        ),
        (
            FRAME,
            {"survey_weight": True},
            ["survey_weight: True asks for those carried, and there are none"],
        ),
        (
            FRAME,
            {"survey_weight": np.ones(4), "sample_weight": np.ones(4)},
            ["weights: expected frequencies or survey weights, got both"],
        ),
        (
            FRAME,
            {"survey_weight": np.ones(4)},
            [
                "interval: 'feldt' is not defined under survey weights, "
                "expected 'bootstrap' or 'none'"
            ],
        ),
        (FRAME[:2], {}, ["rows: expected at least 3 with an answer to every item, found 2"]),
        (
            FRAME.assign(b=[1, np.nan, np.nan, 2]),
            {},
            ["rows: expected at least 3 with an answer to every item, found 2"],
        ),
        (
            FRAME[:2],
            {"missing": "pairwise"},
            ["rows: expected at least 3 with any answer, found 2"],
        ),
        (
            FRAME.assign(b=[1, np.nan, 1, 2], c=[np.nan, 1, np.nan, 2]),
            {"missing": "pairwise"},
            [
                "items 'a' and 'c': expected at least 3 rows that answered both, found 2",
                "items 'b' and 'c': expected at least 3 rows that answered both, found 1",
            ],
        ),
        (
            FRAME.assign(b=5 - FRAME["a"]).drop(columns="c"),
            {},
            ["answers: the sum of the items does not vary, alpha is undefined"],
        ),
        (
            FRAME,
            {
                "sample_weight": np.ones(4),
                "options": ReliabilityOptions(parallel=ParallelOptions()),
            },
            ["parallel: parallel analysis is not defined under weights"],
        ),
    ],
)
def test_faults(frame: pd.DataFrame, arguments: dict, faults: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        reliability(frame, **arguments)
    assert list(caught.value.faults) == faults


def test_a_wave_needs_a_scale(wave: Wave) -> None:
    with pytest.raises(InputError, match="scale: a wave needs one; its scales are 'care'"):
        reliability(wave)
    with pytest.raises(InputError, match="scale: expected one of 'care', got 'trust'"):
        reliability(build_scales(wave), "trust")


def test_all_faults_at_once() -> None:
    frame = FRAME.assign(b=np.nan, c="x")
    with pytest.raises(InputError) as caught:
        reliability(frame, missing="no", sample_weight=[1])
    assert len(caught.value.faults) == 4


def test_faults_of_the_options() -> None:
    with pytest.raises(InputError) as caught:
        ReliabilityOptions(interval="t", level=1, n_boot=0, factor_method="paf")  # type: ignore[arg-type]
    assert list(caught.value.faults) == [
        "interval: expected one of ('feldt', 'bootstrap', 'none'), got 't'",
        "level: expected a number between 0 and 1, got 1",
        "n_boot: expected at least 1, got 0",
        "factor_method: expected 'minres' or 'ml', got 'paf'",
    ]


def test_answers_beyond_the_end_points_are_not_turned_round() -> None:
    frame = pd.DataFrame({"a": [1, 2, 99, 4], "b": [1, 2, 3, 4], "c": [0, 3, 4, 99]})
    with pytest.raises(InputError) as caught:
        reliability(frame, reversed_items={"a": (1, 5), "b": (1, 4), "c": (1, 5)}, options=QUIET)
    assert list(caught.value.faults) == [
        "item 'a': expected answers from 1 to 5 to turn it round, got 99 (in 1 of 4 rows)",
        "item 'c': expected answers from 1 to 5 to turn it round, got 0 (in 2 of 4 rows)",
    ]


@pytest.mark.parametrize(
    ("turned", "fault"),
    [
        (["a"], "reversed_items: expected a mapping of items to (lowest, highest), got ['a']"),
        ({"a": 5}, "reversed_items: expected (lowest, highest) for 'a', got 5"),
        ({"a": ("1", "5")}, "reversed_items: expected (lowest, highest) for 'a', got ('1', '5')"),
    ],
)
def test_end_points_of_another_kind_are_faults(turned: object, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        reliability(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 2]}), reversed_items=turned)  # type: ignore[arg-type]
    assert list(caught.value.faults) == [fault]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"level": "x"}, "level: expected a number between 0 and 1, got 'x'"),
        ({"n_boot": 2.5}, "n_boot: expected a whole number, got 2.5"),
    ],
)
def test_options_of_another_kind_are_faults(options: dict, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        ReliabilityOptions(**options)
    assert list(caught.value.faults) == [fault]


def test_items_without_order_have_no_reliability() -> None:
    wave = small_wave()
    nominal = next(v.id for v in wave.codebook.variables.values() if v.type == "nominal")
    with pytest.raises(InputError) as caught:
        reliability(wave, [CARE[0], nominal])
    assert list(caught.value.faults) == [
        f"item {nominal!r}: expected answers with an order, the codebook says nominal"
    ]


def test_coefficients_take_lists() -> None:
    assert float(cronbach_alpha([[1.0, 0.5], [0.5, 1.0]])) == pytest.approx(2 / 3)  # type: ignore[arg-type]
    assert float(omega_total([0.5, 0.5], [0.75, 0.75])) == pytest.approx(0.4)  # type: ignore[arg-type]
