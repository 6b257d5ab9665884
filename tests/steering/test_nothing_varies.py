"""Aspects that nobody answered, and answers that are all alike."""

from __future__ import annotations

import numpy as np
import pytest

from swvtypes.language import Language
from swvtypes.steering import JointSpec, SteeringOptions, groups, relations, summarise
from swvtypes.steering import three_dimensions as joint
from swvtypes.steering.weighted_moments import mean_estimate
from swvtypes.survey import Codebook, Wave

from .conftest import CODEBOOK, make_wave, small_frame

WEIGHTED = SteeringOptions(weighted=True)


@pytest.mark.parametrize("options", [SteeringOptions(), WEIGHTED], ids=["plain", "weighted"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_aspect_that_nobody_answered_keeps_a_line(
    options: SteeringOptions, language: Language
) -> None:
    wave = make_wave(small_frame().assign(absent=np.nan))
    related = relations(wave, margin=0.3, aspects=["absent", "flat"], options=options)
    row = related.table.set_index("aspect").loc["absent"]
    assert (row["scope"], row["n"], row["verdict"]) == ("(pooled)", 0, "undefined")
    assert "n = 0" in related.text(language)
    alone = groups(wave, aspects=["absent"], options=options)
    assert alone.tests[["n", "smallest_group"]].to_numpy().tolist() == [[0, 0]]
    assert alone.tests["p_value"].isna().all()
    assert "n = 0" in alone.text(language)


def test_equal_answers_under_weights_show_nothing() -> None:
    values = np.full(13, 0.1)
    weights = np.random.default_rng(1).uniform(0.3, 2.0, 13)
    found = mean_estimate(values, weights)
    assert (found.mean, found.sd, found.error, found.lower, found.upper) == (0.1, 0, 0, 0.1, 0.1)
    wave = make_wave(small_frame().assign(flat=0.1))
    pairs = groups(wave, aspects=["flat"], options=WEIGHTED).pairs
    assert (pairs["difference"] == 0).all()
    assert set(pairs["verdict"]) == {"undefined"}
    alike = summarise(make_wave(small_frame().assign(steering=5)), options=WEIGHTED)
    assert alike.centre["p_midpoint"].isna().all()
    assert list(alike.comparison["verdict"]) == ["undefined"]


def test_cuts_are_told_in_the_unit_of_the_dimension() -> None:
    frame = small_frame()
    spec = JointSpec(means="budget_decentral", pupil="flat")
    view = joint(make_wave(frame), spec)
    assert view.totals == {"means": 100.0}
    median = frame["budget_decentral"].median()
    told = f"at least {median:g}% to the schools; allocation bound to pupils: at least 3 ("
    assert told in view.text("en")
    parts = CODEBOOK.file.compositions
    file = CODEBOOK.file.model_copy(
        update={"compositions": tuple(p.model_copy(update={"total": 1.0}) for p in parts)}
    )
    columns = ["budget_decentral", "budget_pupil"]
    fractions = frame.assign(**{name: frame[name] / 100 for name in columns})
    wave = Wave.from_frame(fractions, Codebook(file), name="fractions")
    assert told in joint(wave, spec).text("en")
