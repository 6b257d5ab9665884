"""Comparison of memberships against scikit-learn, enumeration and simulation."""

from __future__ import annotations

import itertools
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, cohen_kappa_score

from swvtypes.errors import InputError, OptionError
from swvtypes.longitudinal import (
    align_by_members,
    align_by_profiles,
    compare_memberships,
    profile_distance,
    smallest_mover_rate,
)
from swvtypes.longitudinal.comparison import jeffreys_interval
from swvtypes.longitudinal.symmetry import bowker, stuart_maxwell
from swvtypes.membership import Membership

labels = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=5, max_size=40)


def series(values: list[object]) -> pd.Series:
    return pd.Series(values, index=[f"o{i}" for i in range(len(values))])


@settings(max_examples=40, deadline=None)
@given(labels)
def test_measures_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    before, after = [a for a, _ in rows], [b for _, b in rows]
    found = compare_memberships(series(before), series(after), n_draws=5, align="names")
    assert found.ari == pytest.approx(adjusted_rand_score(before, after), abs=1e-12)
    assert found.ami == pytest.approx(adjusted_mutual_info_score(before, after), abs=1e-9)
    expected = cohen_kappa_score(before, after) if len(set(before + after)) > 1 else np.nan
    assert found.kappa == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_alignment_finds_a_relabelling_and_names_types_without_partner() -> None:
    rng = np.random.default_rng(1)
    before = rng.integers(3, size=60)
    after = np.array(["c", "a", "b"])[before]
    after[:2] = "d"
    found = compare_memberships(series(list(before)), series(list(after)), n_draws=50)
    assert found.alignment.partner == {"0": "c", "1": "a", "2": "b"}
    assert found.alignment.without_after == ("d",)
    assert int(found.moved.sum()) == 2
    assert found.ari.p_value == pytest.approx(1 / 51)
    assert found.ari.low <= found.ari <= found.ari.high
    assert abs(found.ari.chance) < 0.05
    assert found.jaccard.between(0.85, 1.0).all()


def test_chance_level_of_an_aligned_kappa_is_above_zero() -> None:
    rng = np.random.default_rng(2)
    found = compare_memberships(
        series(list(rng.integers(3, size=50))), series(list(rng.integers(3, size=50))), n_draws=300
    )
    assert found.kappa.chance > 0.08
    assert abs(found.ari.chance) < 0.03
    assert abs(found.ami.chance) < 0.03


def test_adjusted_information_under_chance_is_that_of_scikit_learn() -> None:
    from swvtypes.longitudinal.agreement import deal
    from swvtypes.longitudinal.comparison import _adjusted_information

    counts = np.array([[8, 2, 1], [1, 6, 4]])
    deals = deal(counts, 20, np.random.default_rng(3))
    found = _adjusted_information(counts, deals, 0.95)
    each = [
        adjusted_mutual_info_score(
            np.repeat([0, 0, 0, 1, 1, 1], c.ravel()), np.tile(np.arange(3), 2).repeat(c.ravel())
        )
        for c in deals.chance
    ]
    assert found.chance == pytest.approx(np.mean(each), abs=1e-9)


def by_enumeration(counts: np.ndarray, test: object) -> float:
    """Flip every single change in turn."""
    rng = np.random.default_rng(0)
    pairs = [(i, j) for i in range(len(counts)) for j in range(i + 1, len(counts))]
    total = [counts[i, j] + counts[j, i] for i, j in pairs]
    value = test(counts, 1, rng).statistic  # type: ignore[operator]
    hits = n = 0
    for flips in itertools.product([0, 1], repeat=sum(total)):
        flipped = np.zeros_like(counts)
        place = 0
        for (i, j), t in zip(pairs, total, strict=True):
            ahead = sum(flips[place : place + t])
            flipped[i, j], flipped[j, i] = ahead, t - ahead
            place += t
        hits += test(flipped, 1, rng).statistic >= value - 1e-9  # type: ignore[operator]
        n += 1
    return hits / n


@pytest.mark.parametrize("test", [bowker, stuart_maxwell])
def test_exact_p_is_that_of_all_flips(test: object) -> None:
    counts = np.array([[9, 3, 0], [1, 8, 2], [0, 2, 5]])
    found = test(counts, 99, np.random.default_rng(1))  # type: ignore[operator]
    assert found.exact
    assert found.p_value == pytest.approx(by_enumeration(counts, test), abs=1e-12)


def test_statistics_of_statsmodels_where_no_cell_is_zero() -> None:
    from statsmodels.stats.contingency_tables import SquareTable

    counts = np.array([[20, 10, 5], [3, 30, 15], [2, 5, 40]])
    table = SquareTable(counts, shift_zeros=False)
    rng = np.random.default_rng(1)
    ours, theirs = bowker(counts, 99, rng), table.symmetry()
    assert (ours.statistic, ours.df) == (pytest.approx(theirs.statistic), theirs.df)
    assert ours.p_asymptotic == pytest.approx(theirs.pvalue)
    homogeneous = table.homogeneity()
    assert stuart_maxwell(counts, 99, rng).statistic == pytest.approx(homogeneous.statistic)
    assert stuart_maxwell(counts, 99, rng).df == homogeneous.df


def test_two_types_are_the_exact_mcnemar_test() -> None:
    from statsmodels.stats.contingency_tables import mcnemar

    counts = np.array([[20, 9], [2, 15]])
    expected = mcnemar(counts, exact=True).pvalue
    rng = np.random.default_rng(1)
    assert bowker(counts, 99, rng).p_value == pytest.approx(expected)
    assert stuart_maxwell(counts, 99, rng).p_value == pytest.approx(expected)


def test_many_changes_are_drawn_and_agree_with_the_exact_value() -> None:
    counts = np.array([[9, 30, 20], [40, 8, 22], [30, 12, 5]])
    drawn = bowker(counts, 20_000, np.random.default_rng(1))
    assert drawn.n_draws == (0 if drawn.exact else 20_000)
    assert drawn.p_value == pytest.approx(drawn.p_asymptotic, abs=0.01)


def test_nothing_changed() -> None:
    found = compare_memberships(series(list("aabb")), series(list("aabb")), n_draws=20)
    assert (found.bowker.p_value, found.stuart_maxwell.p_value) == (1.0, 1.0)
    assert found.ari == 1.0
    assert not found.moved.any()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bowker", "stuart_maxwell"])
def test_exact_tests_keep_their_level_with_empty_cells(name: str) -> None:
    rng = np.random.default_rng(5)
    rejected = total = 0
    for _ in range(600):
        before = rng.choice(3, size=50, p=[0.6, 0.3, 0.1])
        move = rng.random(50) < 0.2
        other = (before + rng.integers(1, 3, size=50)) % 3
        after = np.where(move, other, before)
        swap = rng.random(50) < 0.5
        before, after = np.where(swap, after, before), np.where(swap, before, after)
        counts = np.bincount(before * 3 + after, minlength=9).reshape(3, 3)
        test = {"bowker": bowker, "stuart_maxwell": stuart_maxwell}[name]
        rejected += test(counts, 499, rng).p_value <= 0.05
        total += 1
    assert rejected / total <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / total)
    assert rejected / total > 0.005


def test_rates_with_intervals_inside_the_range() -> None:
    found = compare_memberships(series(list("aaabb")), series(list("aabbb")), n_draws=9)
    rates = found.rates.set_index(["before", "after"])
    assert rates.loc[("a", "b"), ["count", "of", "rate"]].tolist() == [1, 3, pytest.approx(1 / 3)]
    assert rates.loc[("b", "a"), "low"] == 0.0
    assert rates.loc[("b", "b"), "high"] == 1.0
    assert jeffreys_interval(0, 0) == (pytest.approx(np.nan, nan_ok=True),) * 2


def test_memberships_by_sector_and_what_could_be_seen() -> None:
    sector = series(["po"] * 20 + ["vo"] * 20)
    p = np.tile([0.9, 0.1], (10, 1))
    block = np.vstack([p, p[:, ::-1]])
    frame = pd.DataFrame(np.nan, index=sector.index, columns=["po 1", "po 2", "vo 1", "vo 2"])
    frame.iloc[:20, :2], frame.iloc[20:, 2:] = block, block
    other = frame.copy()
    other.iloc[20:, 2:] = block[:, ::-1]
    before = Membership.from_probabilities(frame, sector)
    after = Membership.from_probabilities(other, sector)
    found = compare_memberships(before, after, n_draws=20)
    assert found.alignment.partner == {
        "po 1": "po 1", "po 2": "po 2", "vo 1": "vo 2", "vo 2": "vo 1"
    }  # fmt: skip
    assert found.detectability is not None
    assert found.detectability.apparent_without_movers == pytest.approx(2 * 0.9 * 0.1)
    assert "organisations" in found.detectability.text("en")
    assert "organisaties" in found.detectability.text("nl")
    assert "40 organisations" in repr(found)


def test_identities_of_organisations_that_changed() -> None:
    before = pd.Series(["a", "b"], index=["old", "same"])
    after = pd.Series(["a", "b"], index=["new", "same"])
    assert compare_memberships(before, after, n_draws=5).pairs.only_before == ("old",)
    joined = compare_memberships(before, after, organisations={"old": "new"}, n_draws=5)
    assert joined.pairs.n == 2


def test_alignment_on_profiles() -> None:
    def profiles(rows: list[list[float]]) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"indicator": item, "category": c, "class": k + 1, "estimate": p if c else 1 - p}
                for k, row in enumerate(rows)
                for item, p in zip("ab", row, strict=True)
                for c in (0, 1)
            ]
        )

    distance = profile_distance(
        profiles([[0.9, 0.8], [0.1, 0.2]]), profiles([[0.1, 0.1], [0.9, 1]])
    )
    assert distance.loc[1, 2] == pytest.approx(0.1)
    found = align_by_profiles(distance.to_numpy(), ["1", "2"], ["1", "2"])
    assert found.partner == {"1": "2", "2": "1"}
    far = align_by_profiles(distance.to_numpy(), ["1", "2"], ["1", "2"], limit=0.07)
    assert far.without_before == ("1",)
    with pytest.raises(InputError, match="at least one item with the same categories"):
        profile_distance(profiles([[0.9, 0.8]]), profiles([[0.9, 0.8]]).assign(indicator="z"))


def test_pairs_without_common_members_are_no_pairs() -> None:
    found = align_by_members(np.array([[5, 0], [0, 0]]), ["a", "b"], ["c", "d"])
    assert found.partner == {"a": "c"}
    assert found.without_before == ("b",)


def test_smallest_mover_rate_by_simulation() -> None:
    errors = np.array([[0.92, 0.08], [0.12, 0.88]])
    shares = np.array([0.6, 0.4])
    found = smallest_mover_rate(65, (errors, errors), shares)
    rng = np.random.default_rng(7)

    def apparent(rate: float) -> float:
        hits = 0
        for _ in range(2000):
            true = rng.choice(2, size=65, p=shares)
            later = np.where(rng.random(65) < rate, 1 - true, true)
            first = (rng.random(65) < errors[true, 1]).astype(int)
            second = (rng.random(65) < errors[later, 1]).astype(int)
            hits += int((first != second).sum()) > found.critical
        return hits / 2000

    assert apparent(0.0) <= 0.07
    assert apparent(found.smallest_rate) == pytest.approx(0.80, abs=0.04)


def test_an_agreement_is_a_number_and_travels() -> None:
    found = compare_memberships(series(list("aabb")), series(list("abbb")), n_draws=9).ari
    again = pickle.loads(pickle.dumps(found))
    assert float(again) == float(found)
    assert (again.low, again.high, again.p_value) == (found.low, found.high, found.p_value)
    assert "chance" in repr(found)


def test_faults() -> None:
    with pytest.raises(InputError, match="none is in both"):
        compare_memberships(pd.Series(["a"], index=["x"]), pd.Series(["a"], index=["y"]))
    with pytest.raises(InputError, match="before: 'x' stands more than once"):
        compare_memberships(pd.Series(["a", "b"], index=["x", "x"]), pd.Series(["a"], index=["x"]))
    with pytest.raises(InputError, match="expected a Membership or a Series"):
        compare_memberships([1, 2], series([1, 2]))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="'q' is no type before") as caught:
        compare_memberships(series(list("ab")), series(list("ab")), align={"q": "a", "a": "z"})
    assert any("'z' is no type after" in fault for fault in caught.value.faults)
    with pytest.raises(InputError, match="partner of more than one"):
        compare_memberships(series(list("ab")), series(list("ab")), align={"a": "a", "b": "a"})
    for options in ({"level": 2.0}, {"n_draws": 0}, {"align": "other"}):
        with pytest.raises(OptionError):
            compare_memberships(series(list("ab")), series(list("ab")), **options)  # type: ignore[arg-type]
    sure = np.eye(2)
    with pytest.raises(OptionError, match="power"):
        smallest_mover_rate(5, (sure, sure), np.array([0.5, 0.5]), power=1.5)
    with pytest.raises(OptionError, match="n"):
        smallest_mover_rate(0, (sure, sure), np.array([0.5, 0.5]))
