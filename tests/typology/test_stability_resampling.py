"""Stability: Jaccard against chance, identities under weights and order, faults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import jaccard_score

from swvtypes.errors import (
    FewStartsWarning,
    InputError,
    OptionError,
    SurveyWeightError,
    WeightError,
)
from swvtypes.lca import LatentClassModel
from swvtypes.typology import bootstrap_stability
from swvtypes.typology.stability import expected_jaccard
from swvtypes.typology.stability.overlap import (
    best_jaccard,
    jaccard_table,
    match,
    overlaps,
    shuffled,
)


def typed(n: int = 100, high: float = 0.9, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    types = rng.random(n) < 0.6
    p = np.where(types, high, 1 - high)[:, None]
    frame = pd.DataFrame((rng.random((n, 5)) < p).astype(float), columns=list("abcde"))
    frame.index = [f"o{i}" for i in range(n)]
    return frame.mask(rng.random(frame.shape) < 0.05)


def test_expected_jaccard_by_simulation() -> None:
    rng = np.random.default_rng(1)
    for n, a, b in ((20, 5, 8), (77, 30, 30), (6, 6, 2), (9, 0, 4)):
        found = []
        for _ in range(4000):
            first, second = (set(rng.choice(n, k, replace=False).tolist()) for k in (a, b))
            found.append(len(first & second) / len(first | second))
        error = np.std(found) / np.sqrt(len(found))
        assert expected_jaccard(n, a, b) == pytest.approx(np.mean(found), abs=4 * error + 1e-12)
    assert np.isnan(expected_jaccard(5, 0, 0))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 30), st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6))
def test_jaccard_table_against_sklearn(n: int, K: int, L: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = np.concatenate([np.arange(K), rng.integers(K, size=n)])
    other = rng.integers(L, size=(1, len(first)))
    among = rng.random((1, len(first))) < 0.8
    table = jaccard_table(overlaps(first, other, among, L))[0]
    for k in range(K):
        for m in range(L):
            a, b = first[among[0]] == k, other[0][among[0]] == m
            if not (a | b).any():
                assert np.isnan(table[k, m])
            else:
                assert table[k, m] == pytest.approx(jaccard_score(a, b))


def test_same_division_is_found_whatever_its_labels() -> None:
    rng = np.random.default_rng(2)
    first = rng.integers(3, size=50)
    relabelled = np.array([2, 0, 1])[first][None]
    everyone = np.ones((1, 50), bool)
    table = overlaps(first, relabelled, everyone, 3)
    assert best_jaccard(table)[0].tolist() == [1.0, 1.0, 1.0]
    assert match(table)[0].tolist() == [2, 0, 1]
    dealt = shuffled(relabelled, everyone, [np.random.SeedSequence(1)])
    assert np.bincount(dealt[0]).tolist() == np.bincount(relabelled[0]).tolist()
    assert (dealt != relabelled).any()


def test_clear_types_come_back_and_noise_does_not() -> None:
    clear = bootstrap_stability(typed(150), 100, n_classes=2, random_state=1, n_jobs=1)
    assert clear.classes["jaccard"].min() > 0.85
    assert (clear.classes["verdict"] == "highly stable").all()
    assert clear.organisations["same"].median() > 0.95
    rng = np.random.default_rng(3)
    noise = pd.DataFrame((rng.random((150, 5)) < 0.5).astype(int))
    vague = bootstrap_stability(noise, 100, n_classes=3, random_state=1, n_jobs=1)
    assert vague.classes["corrected"].max() < 0.45
    assert (clear.classes["corrected"].min() - vague.classes["corrected"].max()) > 0.3
    # The coefficient with the most similar of the classes cannot lie below that of a random set.
    for found in (clear, vague):
        assert (found.classes["chance"] >= found.classes["expected"] - 0.02).all()
        assert (found.classes["chance_upper"] >= found.classes["chance"]).all()
        assert found.jaccard.shape == found.chance.shape == (100, found.n_classes)


def test_organisations_carry_names_and_shares() -> None:
    frame = typed()
    frame.loc["o7"] = np.nan
    with pytest.warns(UserWarning, match="without any answer"):
        found = bootstrap_stability(frame, 60, n_classes=2, random_state=1, n_jobs=1)
    table = found.organisations
    assert table.index.tolist() == frame.index.tolist()
    assert table.loc["o7"].isna().all()
    rest = table.drop("o7")
    # Two classes: what is not the one is the other.
    assert (rest["same"] + rest["runner_up_share"]).to_numpy(float) == pytest.approx(1.0)
    assert found.n == 99


def test_a_model_gives_what_its_answers_give() -> None:
    frame = typed()
    model = LatentClassModel(n_classes=2, n_init=100, random_state=4).fit(frame)
    by_model = bootstrap_stability(model, 40, index=frame.index, random_state=4, n_jobs=1)
    by_answers = bootstrap_stability(frame, 40, n_classes=2, random_state=4, n_jobs=1)
    pd.testing.assert_frame_equal(by_model.classes, by_answers.classes)
    pd.testing.assert_frame_equal(by_model.organisations, by_answers.organisations)
    assert bootstrap_stability(model, 20, random_state=1).organisations.index.tolist() == list(
        range(100)
    )


def test_weight_two_is_the_row_twice_and_order_does_not_matter() -> None:
    frame = typed(70)
    weight = np.where(np.arange(70) < 20, 2, 1)
    weight[-1] = 0
    twice = frame.loc[frame.index.repeat(weight)].sample(frac=1.0, random_state=2)
    weighted = bootstrap_stability(
        frame, 40, n_classes=2, sample_weight=weight, random_state=1, n_jobs=1
    )
    repeated = bootstrap_stability(twice, 40, n_classes=2, random_state=1, n_jobs=1)
    pd.testing.assert_frame_equal(weighted.classes, repeated.classes)
    assert "o69" not in weighted.organisations.index
    same = repeated.organisations[~repeated.organisations.index.duplicated()]
    pd.testing.assert_frame_equal(same.loc[weighted.organisations.index], weighted.organisations)


def test_workers_and_more_resamples(monkeypatch) -> None:
    monkeypatch.setattr("swvtypes.lca.replicates._WORTH_PROCESSES", 0.0)
    one, two = (
        bootstrap_stability(typed(60), 50, n_classes=2, random_state=1, n_jobs=jobs)
        for jobs in (1, 2)
    )
    pd.testing.assert_frame_equal(one.classes, two.classes)
    pd.testing.assert_frame_equal(one.organisations, two.organisations)
    fewer = bootstrap_stability(typed(60), 30, n_classes=2, random_state=1, n_jobs=1)
    assert np.array_equal(fewer.jaccard, one.jaccard[:30])


def test_a_prior_is_kept() -> None:
    plain, held = (
        bootstrap_stability(typed(60), 40, n_classes=3, prior=prior, random_state=1, n_jobs=1)
        for prior in (0.0, 20.0)
    )
    assert not np.array_equal(plain.jaccard, held.jaccard)


def test_words() -> None:
    found = bootstrap_stability(typed(), 40, n_classes=2, random_state=1, n_jobs=1)
    assert "40 hersteekproeven van 100 organisaties" in found.text("nl")
    assert "zeer stabiel" in found.text("nl")
    assert "by chance" in found.text("en")
    assert "Stability under 40 resamples" in found._repr_html_()


def test_faults() -> None:
    frame = typed(40, 0.75)
    model = LatentClassModel(n_classes=2, n_init=5, prior=1.0, random_state=1).fit(frame)
    with pytest.raises(OptionError, match="n_boot: expected an integer of at least 1, got 0"):
        bootstrap_stability(frame, 0, n_classes=2)
    with pytest.raises(OptionError, match="n_classes: expected an integer of at least 2, got 1"):
        bootstrap_stability(frame, n_classes=1)
    with pytest.raises(OptionError, match="n_classes: expected an integer of at least 2, got None"):
        bootstrap_stability(frame)
    with pytest.raises(OptionError, match="not a fitted model, along with n_classes, prior"):
        bootstrap_stability(model, n_classes=2, prior=1.0)
    with pytest.raises(SurveyWeightError, match="stability needs a likelihood"):
        bootstrap_stability(frame, n_classes=2, survey_weight=np.ones(40))
    weighted = LatentClassModel(n_classes=2, n_init=5, prior=1.0, random_state=1)
    weighted.fit(frame, survey_weight=np.linspace(1, 2, 40))
    with pytest.raises(SurveyWeightError, match="fitted under survey weights"):
        bootstrap_stability(weighted)
    with pytest.raises(WeightError, match="expected whole numbers"):
        bootstrap_stability(frame, 10, n_classes=2, sample_weight=np.full(40, 1.5), random_state=1)
    with pytest.raises(InputError, match=r"expected 40 names, one a row that counted .* got 3"):
        bootstrap_stability(model, 10, index=["a", "b", "c"])
    with pytest.warns(FewStartsWarning):
        bootstrap_stability(model, 10, n_init=2, random_state=1)
