from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scale_samples import CARE, small_frame, small_wave

from swvtypes import published
from swvtypes.errors import InputError
from swvtypes.rounding import half_up
from swvtypes.scales import DescriptionOptions, build_scales, describe, reliability
from swvtypes.scales.describing import summarise_scores, weighted_median
from swvtypes.survey import Wave, load_wave

NAMES = {
    "Bijlage 1 Consensus": "consensus",
    "Bijlage 1 Vertrouwen": "trust",
    "Bijlage 1 Duidelijk financieel beleid": "clarity",
    "Bijlage 1 Zorgplicht": "care_duty",
    "Bijlage 1 Bureaucratie": "bureaucracy",
    "Bijlage 1 Informatievoorziening": "information",
}


def test_by_sector_and_together(wave: Wave) -> None:
    table = describe(wave, DescriptionOptions(cut=2.75)).table
    scores = build_scales(wave).scores["care"].astype(float)
    sector = wave.frame["sector"]
    assert table["sector"].tolist() == ["po", "vo", "(all)"]
    for row in table.itertuples():
        here = scores if row.sector == "(all)" else scores[sector == row.sector]
        assert row.scores == len(here)
        assert row.mean == pytest.approx(here.mean())
        assert row.median == here.median()
        assert row.sd == pytest.approx(here.std())
        assert (row.minimum, row.maximum) == (here.min(), here.max())
        assert row.n_below == (here < 2.75).sum() > 0
        assert row.share_below == pytest.approx((here < 2.75).mean())
    alpha = reliability(wave.sector("vo"), "care")
    row = table.set_index("sector").loc["vo"]
    assert row["alpha"] == alpha.alpha
    assert (row["alpha_lower"], row["alpha_upper"]) == alpha.interval
    assert row["n_alpha"] == alpha.n


def test_a_score_on_the_cut_is_not_below_it() -> None:
    frame = small_frame()
    for name in CARE:
        frame[name] = 3
    table = describe(small_wave(frame), DescriptionOptions(pooled=False)).table
    assert table["n_below"].tolist() == [0, 0]
    assert table["sd"].tolist() == [0, 0]
    assert table[["alpha", "alpha_lower", "alpha_upper"]].isna().all(axis=None)
    assert table["n_alpha"].tolist() == [0, 0]


def test_without_scores() -> None:
    frame = small_frame()
    for name in CARE:
        frame[name] = frame[name].where(frame["sector"] == "vo")
    table = describe(small_wave(frame)).table.set_index("sector")
    assert table.loc["po", "scores"] == 0
    assert table.loc["po", ["mean", "median", "sd", "minimum", "share_below"]].isna().all()
    assert table.loc["vo", "mean"] == table.loc["(all)", "mean"]


def test_weights_equal_repeated_scores() -> None:
    scores, counts = np.array([1.5, 2.0, 3.0, 4.5]), np.array([1, 3, 2, 2])
    weighted = summarise_scores(scores, counts.astype(float), 3.0)
    repeated = pd.Series(np.repeat(scores, counts))
    assert weighted["mean"] == pytest.approx(repeated.mean())
    assert weighted["median"] == repeated.median()
    assert weighted["share_below"] == pytest.approx((repeated < 3).mean())
    assert weighted["sd"] == pytest.approx(repeated.std(ddof=0) * np.sqrt(4 / 3))
    assert weighted["n_below"] == 2


@given(st.lists(st.integers(1, 5), min_size=1, max_size=9))
def test_median_without_weights(scores: list[int]) -> None:
    values = np.array(scores, dtype=float)
    assert weighted_median(values, np.ones(len(values))) == np.median(values)


def test_weights_on_request() -> None:
    weights = np.linspace(0.2, 3, 120)
    wave = small_wave(small_frame().assign(survey_weight=weights))
    plain, weighted = describe(wave).table, describe(wave, DescriptionOptions(weighted=True)).table
    scores = build_scales(wave).scores["care"].to_numpy(float)
    assert weighted["mean"].iloc[-1] == pytest.approx(np.average(scores, weights=weights))
    assert plain["mean"].iloc[-1] == pytest.approx(scores.mean())
    assert weighted["alpha"].iloc[0] != plain["alpha"].iloc[0]
    assert weighted["alpha_lower"].isna().all()


def test_labels_in_both_languages(wave: Wave) -> None:
    scales = build_scales(wave, {"care": CARE, "mine": CARE[:2]})
    found = describe(scales)
    dutch, english = found.labelled("nl"), found.labelled("en")
    assert dutch["schaal"].unique().tolist() == ["zorg", "mine"]
    assert english["scale"].unique().tolist() == ["care", "mine"]
    assert dutch["sector"].iloc[2] == "alle"
    assert english["sector"].iloc[2] == "all"
    assert list(dutch.columns) == [
        "schaal",
        "sector",
        "aantal scores",
        "gemiddelde",
        "mediaan",
        "standaarddeviatie",
        "laagste",
        "hoogste",
        "aantal onder de grens",
        "aandeel onder de grens",
        "alpha",
        "alpha, ondergrens",
        "alpha, bovengrens",
        "rijen achter alpha",
    ]
    assert list(english.columns) == [
        "scale",
        "sector",
        "scores",
        "mean",
        "median",
        "standard deviation",
        "lowest",
        "highest",
        "number below the cut",
        "share below the cut",
        "alpha",
        "alpha, lower end",
        "alpha, upper end",
        "rows behind alpha",
    ]


def test_faults(wave: Wave) -> None:
    options = DescriptionOptions(cut=float("nan"), level=2, missing="no", weighted=True)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        describe(wave, options)
    assert list(caught.value.faults) == [
        "cut: expected a finite number, got nan",
        "level: expected a number between 0 and 1, got 2",
        "missing: expected 'listwise' or 'pairwise', got 'no'",
        "weighted: the wave has no survey weights",
    ]


def test_appendix_1_comes_out_to_the_printed_digit() -> None:
    printed = published.load("monitor_2016_tables")
    printed = printed[printed["locator"].isin(NAMES)]
    table = describe(load_wave("monitor_2016", seed=1)).table.set_index(["scale", "sector"])
    missed = [
        (row.locator, row.sector, row.measure, row.value)
        for row in printed.itertuples()
        if float(
            half_up(
                float(table.loc[(NAMES[row.locator], row.sector), row.measure]), int(row.decimals)
            )
        )
        != row.value
    ]
    assert len(printed) == 48
    assert missed == []
