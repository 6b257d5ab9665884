"""Replicates of the dimension behind the items: one a number, whatever else is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from swvtypes.lca.design import Floats
from swvtypes.lca.families import Parameters
from swvtypes.lca.tail import Tail
from swvtypes.typology.hierarchy import item_line
from swvtypes.typology.hierarchy.item_line import (
    all_items,
    fit_item_lines,
    line_parameters,
    line_replicates,
)
from swvtypes.typology.hierarchy.replicates import Contest
from swvtypes.typology.hierarchy.structure import Structure
from swvtypes.typology.hierarchy.trial import Trial, read_trial

SEED = 6


@pytest.fixture(scope="module")
def trial() -> Trial:
    rng = np.random.default_rng(4)
    trait = rng.standard_normal(40)
    answers = rng.random((40, 6)) < 1.0 / (1.0 + np.exp(-1.5 * trait))[:, None]
    names = [f"t{theme}_{item}" for theme in range(2) for item in range(3)]
    frame = pd.DataFrame(answers.astype(int), columns=names)
    asked = read_trial(
        frame, {"t0": names[:3], "t1": names[3:]}, 2, n_boot=5, route="two_step", n_init=10,
        indicators=None, scores=None, sample_weight=None, survey_weight=None, prior=0.0,
        random_state=SEED, stop_after=None, n_jobs=1,
    )  # fmt: skip
    return replace(asked, rule=replace(asked.rule, n_init=2, n_theme_init=2))


@pytest.fixture(scope="module")
def null(trial: Trial) -> Parameters:
    design = all_items(trial.coupled)
    return line_parameters(design, fit_item_lines([design], [1], trial.rule.settings), 0)


def _replicates(
    trial: Trial, null: Parameters, n_boot: int, statistic: float, stop_after: int | None = None
) -> tuple[Floats, Tail]:
    structure = Structure(2, trial.n_classes)
    asked = Contest(structure, structure, trial.route, trial.rule)
    return line_replicates(
        trial.coupled, all_items(trial.coupled), null, asked, SEED, n_boot, statistic, stop_after, 1
    )


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(item_line, "BLOCK", 3)


def test_every_replicate_counts_in_the_tail(trial: Trial, null: Parameters) -> None:
    found, tail = _replicates(trial, null, 4, 1e9)
    assert found.shape == (4,)
    assert np.isfinite(found).all()
    assert len(set(found.round(6))) == 4
    assert tail.n_exceeding == 0
    assert tail.p_value == pytest.approx(1 / 5)
    again, split = _replicates(trial, null, 4, float(np.median(found)))
    np.testing.assert_array_equal(again, found)
    assert split.n_exceeding == 2
    assert split.p_value == pytest.approx(3 / 5)


def test_more_replicates_keep_the_earlier_ones_and_a_stop_ends_them(
    trial: Trial, null: Parameters
) -> None:
    few, _ = _replicates(trial, null, 2, 1e9)
    more, _ = _replicates(trial, null, 5, 1e9)
    assert more.shape == (5,)
    np.testing.assert_allclose(more[:2], few, rtol=0, atol=1e-6)
    stopped, tail = _replicates(trial, null, 600, -1e9, stop_after=2)
    np.testing.assert_array_equal(stopped, more[:2])
    assert (tail.stopped, tail.p_value, tail.n_exceeding) == (True, 1.0, 2)
