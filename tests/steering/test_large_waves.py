"""Waves too large to count every rearrangement, and waves with nothing beside the position."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.steering import SteeringOptions, exact_sum_test, groups, relations, summarise
from swvtypes.steering.sector_comparison import (
    LARGEST_EXACT,
    LARGEST_EXACT_RANKS,
    compare_sectors,
)
from swvtypes.survey import Codebook, Wave

BARE = """
schema_version = 1
id = "bare"
title = {nl = "Kaal", en = "Bare"}
year = 2026
sectors = [
  {id = "po", label = {nl = "po", en = "po"}, population = 1000},
  {id = "vo", label = {nl = "vo", en = "vo"}, population = 1000},
]
variables = [
  {id = "steering", label = {nl = "plek", en = "place"}, type = "count", minimum = 1, maximum = 10},
]
"""


def bare_wave(n: int, shift: int = 0) -> Wave:
    import pandas as pd

    rng = np.random.default_rng(n)
    half = n // 2
    places = rng.integers(1, 10 - shift, n)
    places[half:] += shift
    frame = pd.DataFrame(
        {
            "organisation": [f"O{i:04d}" for i in range(n)],
            "sector": ["po"] * half + ["vo"] * (n - half),
            "steering": places,
        }
    )
    return Wave.from_frame(frame, Codebook.parse(BARE), name="bare")


def pair(n_first: int, n_second: int, options: SteeringOptions) -> dict[str, object]:
    rng = np.random.default_rng(4)
    first = rng.integers(1, 11, n_first).astype(float)
    second = np.clip(rng.integers(1, 11, n_second) + (rng.random(n_second) < 0.35), 1, 10)
    return compare_sectors((first, None), (second.astype(float), None), None, options)


def test_the_result_says_over_which_rearrangements() -> None:
    limit = LARGEST_EXACT_RANKS // 2
    small = pair(limit, limit, SteeringOptions())
    assert (small["permutation"], small["mann_whitney"]) == ("all", "all")
    middle = pair(limit, limit + 1, SteeringOptions())
    assert (middle["permutation"], middle["mann_whitney"]) == ("all", "random")
    large = pair(LARGEST_EXACT // 2, LARGEST_EXACT // 2 + 1, SteeringOptions())
    assert (large["permutation"], large["mann_whitney"]) == ("random", "random")
    assert large == pair(LARGEST_EXACT // 2, LARGEST_EXACT // 2 + 1, SteeringOptions())


def test_random_rearrangements_agree_with_theory() -> None:
    found = pair(700, 600, SteeringOptions(replicates=9999))
    rng = np.random.default_rng(4)
    first = rng.integers(1, 11, 700)
    second = np.clip(rng.integers(1, 11, 600) + (rng.random(600) < 0.35), 1, 10)
    welch = stats.ttest_ind(second, first, equal_var=False).pvalue
    ranks = stats.mannwhitneyu(second, first, method="asymptotic").pvalue
    for p, theory in ((found["p_permutation"], welch), (found["p_mann_whitney"], ranks)):
        error = 4 * np.sqrt(theory * (1 - theory) / 9999) + 1e-4
        assert float(str(p)) == pytest.approx(theory, abs=error + 0.02 * theory)


def test_the_text_names_random_rearrangements() -> None:
    said = summarise(bare_wave(1010)).text("en")
    assert "(1999 random rearrangements)" in said
    assert "rearrangements" not in summarise(bare_wave(300)).text("en")
    assert "(1999 willekeurige herschikkingen)" in summarise(bare_wave(1010)).text("nl")


def test_yes_or_no_scores_of_thousands_against_all_subsets_and_fisher() -> None:
    scores = np.array([0, 3, 3, 0, 0, 3, 0, 0, 3])
    chosen = np.array([1, 1, 1, 0, 0, 1, 0, 0, 0])
    sums = [sum(scores[list(c)]) for c in combinations(range(9), 4)]
    expected = 4 * scores.mean()
    far = np.abs(np.array(sums) - expected) >= abs(scores[chosen == 1].sum() - expected) - 1e-9
    assert exact_sum_test(scores, chosen) == pytest.approx(far.mean())
    scores, chosen = np.repeat([0, 1, 0, 1], 1500), np.repeat([0, 1], 3000)
    scores[:40] = 1
    p = exact_sum_test(scores, chosen)
    own = stats.hypergeom(6000, 3040, 3000)
    distance = np.abs(np.arange(3041) - 1520)
    assert p == pytest.approx(own.pmf(np.arange(3041))[distance >= 20 - 1e-9].sum())


@pytest.mark.parametrize("ask", [groups, lambda wave: relations(wave, margin=0.3)])
def test_a_wave_without_anything_beside_the_position(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(InputError, match="aspects: expected at least one beside the position"):
        ask(bare_wave(40))
