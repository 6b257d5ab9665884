"""Agreement and matching of many cross-tables at once: the same as of each on its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import adjusted_mutual_info_score

from swvtypes import Typology
from swvtypes.errors import TypologyError
from swvtypes.longitudinal import align_by_members, profile_distance
from swvtypes.longitudinal.agreement import (
    adjusted_mutual_information,
    kappa,
    kappa_of_pairs,
    square,
)
from swvtypes.longitudinal.alignment import pairs_by_members
from swvtypes.longitudinal.typology_parts import parts_of

TABLES = hnp.arrays(
    np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.integers(0, 30)
)


@given(TABLES)
def test_adjusted_information_is_that_of_scikit_learn(counts: np.ndarray) -> None:
    rows, columns = np.nonzero(counts)
    times = counts[rows, columns]
    expected = adjusted_mutual_info_score(np.repeat(rows, times), np.repeat(columns, times))
    assert adjusted_mutual_information(counts) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@given(TABLES, st.sampled_from(["", "po ", "mixed"]))
def test_many_tables_are_matched_as_each_alone(counts: np.ndarray, start: str) -> None:
    def names(k: int) -> list[str]:
        return [f"{('po ', 'vo ')[i % 2] if start == 'mixed' else start}{i}" for i in range(k)]

    before, after = names(counts.shape[0]), names(counts.shape[1])
    many = np.stack([counts, counts[::-1, ::-1], counts * 0])
    for table, pairs in zip(many, pairs_by_members(many, before, after), strict=True):
        alone = align_by_members(table, before, after).partner
        assert [(before[i], after[j]) for i, j in pairs] == list(alone.items())
        if table.sum():
            plain = float(kappa(square(table, pairs)))
            assert kappa_of_pairs(table, pairs) == pytest.approx(plain, abs=1e-12, nan_ok=True)


def test_a_category_that_stands_twice_counts_by_its_mean() -> None:
    def profiles(values: list[float]) -> pd.DataFrame:
        places = [("q", "a", 1), ("q", "b", 1), ("q", "a", 2), ("q", "b", 2)]
        frame = pd.DataFrame(places, columns=["indicator", "category", "class"])
        return frame.assign(estimate=values)

    found = profile_distance(profiles([0.2, 0.8, 0.6, 0.4]), profiles([0.6, 0.4, 0.2, 0.8]))
    assert found.to_numpy() == pytest.approx(np.array([[0.4, 0.0], [0.0, 0.4]]))
    twice = pd.concat([profiles([0.2, 0.8, 0.6, 0.4]), profiles([0.4, 0.6, 0.6, 0.4])])
    found = profile_distance(twice, profiles([0.3, 0.7, 0.6, 0.4]))  # the mean of both
    assert found.loc[1, 1] == pytest.approx(0.0)


def test_an_unfitted_typology_has_no_parts() -> None:
    with pytest.raises(TypologyError, match="expected a fitted typology"):
        parts_of(Typology())
