"""A small fixed part of the inference studies, and what the stored results must show."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def from_the_checkout(monkeypatch):
    """The studies stand beside the package, not in it."""
    monkeypatch.syspath_prepend(str(BENCHMARKS.parent))


def stored(name: str):
    path = BENCHMARKS / "results" / f"{name}.json"
    assert path.is_file(), f"{path.name} is absent: run the study"
    return json.loads(path.read_text())


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_coverage_small_part():
    from benchmarks.studies.inference_coverage import one, summarise

    found = summarise([one(500, "high", 19, 1, r) for r in range(30)])
    # 30 data sets of 18 dependent intervals: a standard error of about 1.5 points.
    assert 0.91 < found["adjusted"]["coverage"] < 0.995
    assert 0.91 < found["wald_observed"]["coverage"] < 0.995
    assert found["nonparametric_percentile"]["data_sets"] == 1
    few = summarise([one(65, "medium", 19, 0, r) for r in range(30)])
    assert few["boundary_frequency"] > 0.1
    assert few["adjusted"]["coverage"] > few["wald_observed"]["coverage"] + 0.03
    assert 0.88 < few["adjusted"]["coverage"] < 0.98


def test_stored_coverage():
    found = stored("inference_coverage")
    for separation in ("medium", "high"):
        cell = found[f"{separation} N=500"]
        assert cell["data_sets"] >= 500
        for interval in ("adjusted", "wald_observed"):
            assert 0.93 <= cell[interval]["coverage"] <= 0.97
            assert cell[interval]["monte_carlo_error"] < 0.005


@pytest.mark.parametrize("separation", ["medium", "high"])
@pytest.mark.parametrize("n", [65, 152])
def test_stored_coverage_where_there_are_few_cases(n, separation):
    """What the default interval rests on: it holds its coverage best."""
    cell = stored("inference_coverage")[f"{separation} N={n}"]
    assert cell["data_sets"] >= 100
    assert 0.91 <= cell["adjusted"]["coverage"] <= 0.97
    for interval in ("wald_observed", "wald_outer_product", "wald_sandwich"):
        assert cell["adjusted"]["coverage"] > cell[interval]["coverage"] - 0.005


def test_figures_of_the_documentation_are_the_stored_ones():
    from swvtypes.lca import infer

    text = " ".join(str(infer.__doc__).split())
    found = stored("inference_coverage")

    def pair(n, interval):
        cells = [found[f"{s} N={n}"][interval]["coverage"] for s in ("medium", "high")]
        return "{:.0%} and {:.0%}".format(*cells)

    wald = [pair(n, "wald_observed") for n in (500, 152, 65)]
    assert (
        f"cover item probabilities in {wald[0]} of data sets at N = 500, but in {wald[1]} at "
        f"N = 152 and in {wald[2]} at N = 65, where "
    ) in text
    adjusted = [pair(n, "adjusted") for n in (500, 152, 65)]
    assert f"cover {adjusted[0]}, {adjusted[1]}, and {adjusted[2]}, and hold on" in text
    few = [found[f"{s} N={n}"] for s in ("medium", "high") for n in (65, 152)]
    edges = {f"{cell['boundary_frequency']:.0%}" for cell in few[::2]}
    assert edges == {"19%"}
    assert "where 19% of the estimates lie on the boundary" in text
    for cell in few:
        assert cell["adjusted"]["coverage_on_the_boundary"] > 0.95
        for interval in (k for k in cell if "parametric" in k):
            assert cell[interval]["data_sets"] == 20
            assert cell[interval]["coverage"] < cell["adjusted"]["coverage"]


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_levels_small_part():
    from benchmarks.studies.inference_levels import group_p_value, indicator_p_value

    for study in (group_p_value, indicator_p_value):
        p = np.array([study(19, r)[0] for r in range(20)])
        assert p.min() >= 1 / 20
        assert (p <= 0.05).mean() < 0.25
        assert 0.3 < p.mean() < 0.7


def test_stored_levels():
    found = stored("inference_levels")
    for study in ("groups 65+58", "indicator N=65"):
        assert found[study]["data_sets"] == 1000
        assert 0.035 <= found[study]["rejected_at_5_percent"] <= 0.065


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_three_step_small_part():
    from benchmarks.studies.inference_three_step import one, summarise

    found = summarise([one(500, "high", r) for r in range(12)])
    naive = found["slope naive modal"]["relative_bias_percent"]
    for method in ("ml modal", "bch modal", "two_step modal", "one_step modal"):
        assert abs(found[f"slope {method}"]["relative_bias_percent"]) < 15.0
        assert found[f"slope {method}"]["relative_bias_percent"] > naive + 5.0


# At N = 500 and medium separation step one alone overstates the separation of the classes, so that
# every stepwise estimate of a slope stays some 8% too small with errors of assignment as step one
# states them; at N = 1,000 it is within 5%. The default corrects those errors, see below.
STEPWISE_LIMIT = {"high N=500": 5.0, "medium N=500": 10.0, "medium N=1000": 5.0}


@pytest.mark.parametrize("cell", list(STEPWISE_LIMIT))
def test_stored_three_step(cell):
    found = stored("inference_three_step")[cell]
    for method in ("ml modal", "bch modal", "two_step modal", "one_step modal"):
        mine = found[f"slope {method}"]
        limit = 5.0 if method == "one_step modal" else STEPWISE_LIMIT[cell]
        assert abs(mine["relative_bias_percent_median"]) < limit
        assert mine["monte_carlo_error_percent"] < 2.0
    for method in ("ml modal", "bch modal"):
        assert abs(found[f"mean {method}"]["relative_bias_percent"]) < 5.0
        assert abs(found[f"chance {method}"]["relative_bias_percent"]) < 5.0
    # What the corrections are for: naive estimates are drawn to the middle.
    for target in ("slope", "mean", "chance"):
        assert found[f"{target} naive modal"]["relative_bias_percent"] < -2.5
    assert found["slope naive modal"]["relative_bias_percent"] < -10.0


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_corrected_errors_small_part():
    from benchmarks.studies.inference_corrected_errors import one, summarise

    found = summarise([one(500, "medium", r) for r in range(8)])
    for key in ("slope ml", "mean ml", "mean bch"):
        stated, corrected = (
            found[f"{key} {errors}"]["relative_bias_percent"]
            for errors in ("apparent", "corrected")
        )
        assert 1.0 < corrected - stated < 25.0


@pytest.mark.parametrize("cell", ["medium N=500", "high N=500", "medium N=1000"])
def test_three_steps_with_corrected_errors_have_little_bias(cell):
    """The default of three steps by maximum likelihood."""
    found = stored("inference_corrected_errors")[cell]
    assert found["data_sets"] >= 150
    slope = found["slope ml corrected"]
    assert abs(slope["relative_bias_percent"]) < 5.0
    assert abs(slope["relative_bias_percent_median"]) < 5.0
    assert slope["monte_carlo_error_percent"] < 1.2
    assert 0.93 <= slope["coverage"] <= 0.97
    for target in ("mean", "chance"):
        mine = found[f"{target} ml corrected"]
        assert abs(mine["relative_bias_percent"]) < 5.0
        assert 0.93 <= mine["coverage"] <= 0.97


CELLS = ("medium N=500", "high N=500", "medium N=1000", "high N=152", "medium N=152", "low N=500")


@pytest.mark.parametrize("cell", CELLS)
def test_corrected_errors_do_no_harm(cell):
    """Nowhere more bias than 5% or than without, nowhere intervals that cover less."""
    found = stored("inference_corrected_errors")[cell]
    for target in ("slope", "mean", "chance"):
        stated, mine = found[f"{target} ml apparent"], found[f"{target} ml corrected"]
        limit = max(abs(stated["relative_bias_percent"]), 5.0)
        assert abs(mine["relative_bias_percent"]) <= limit
        assert abs(mine["coverage"] - 0.95) <= max(abs(stated["coverage"] - 0.95), 0.02)


@pytest.mark.parametrize("cell", ["medium N=500", "high N=500", "medium N=1000"])
def test_outcomes_by_bch_weights_have_little_bias(cell):
    """The default of outcomes: the corrected table."""
    found = stored("inference_corrected_errors")[cell]
    for target in ("mean", "chance"):
        mine = found[f"{target} bch corrected"]
        assert abs(mine["relative_bias_percent"]) < 5.0
        assert 0.93 <= mine["coverage"] <= 0.97


@pytest.mark.slow
@pytest.mark.usefixtures("from_the_checkout")
def test_corrected_steps_small_part():
    from benchmarks.studies.inference_corrected_steps import one, summarise

    found = summarise([one(500, "medium", r) for r in range(6)])
    for method, least in (("ml", 1.0), ("two_step", 1.0), ("bch", -5.0)):
        stated, corrected = (
            found[f"slope {method} {errors}"]["relative_bias_percent"]
            for errors in ("apparent", "corrected")
        )
        assert least < corrected - stated < 25.0


STEP_CELLS = ("medium N=500", "high N=500", "medium N=1000")


@pytest.mark.parametrize("method", ["ml", "bch", "two_step"])
@pytest.mark.parametrize("cell", STEP_CELLS)
def test_later_steps_have_little_bias_and_cover(cell, method):
    """What every stepwise method does by default, on data sets of their own."""
    found = stored("inference_corrected_steps")[cell]
    mine = found[f"slope {method} corrected"]
    error = mine["monte_carlo_error_percent"]
    assert abs(mine["relative_bias_percent"]) < 5.0 + error
    assert abs(mine["relative_bias_percent_median"]) < 5.0 + error
    # Two intervals a data set, which hang together.
    noise = 2.0 * np.sqrt(0.95 * 0.05 / found["data_sets"])
    assert 0.93 - noise <= mine["coverage"] <= 0.97 + noise


def test_figures_of_the_correction_are_the_stored_ones():
    from swvtypes.lca import structural_optimism

    text = " ".join(str(structural_optimism.__doc__).split())
    found = stored("inference_corrected_errors")

    def figures(cell, name, digits="{:.1f}"):
        mine = [found[cell][f"slope ml {errors}"][name] for errors in ("apparent", "corrected")]
        return [digits.format(100 * x if name == "coverage" else x) for x in mine]

    bias, cover = (figures("medium N=500", k) for k in ("relative_bias_percent", "coverage"))
    assert f"by {bias[0]}% with the apparent table and by {bias[1]}% with the corrected" in text
    assert f"cover {cover[0]}% and {cover[1]}%" in text
    bias, cover = (figures("medium N=152", k) for k in ("relative_bias_percent", "coverage"))
    assert f"at N = 152 by {bias[0]}% and {bias[1]}%, covering {cover[0]}% and {cover[1]}%" in text
    high = figures("high N=500", "relative_bias_percent")
    assert all(abs(float(x)) < 3.0 for x in high)
    low = figures("low N=500", "relative_bias_percent")
    assert f"both fall short, by {low[0]}% and {low[1]}%" in text


@pytest.mark.parametrize("method", ["ml", "bch", "two_step", "one_step"])
def test_bias_at_low_separation_is_that_of_another_program(method):
    """StepMix on the same data sets: what is left of the bias is of the method."""
    found = stored("inference_stepmix")["low N=500"]
    assert found["data_sets"] >= 100
    mine = found[method]
    gap = mine["mean_difference_percent"]
    assert abs(gap) <= 2.0 * mine["monte_carlo_error_of_difference_percent"] + 0.2
    for who in ("ours", "stepmix"):
        bias = mine[who]["relative_bias_percent_median"]
        assert bias < -25.0 if method != "one_step" else abs(bias) < 15.0


def test_one_step_has_little_bias_at_low_separation():
    """Which takes the starts that step one does not lead to."""
    mine = stored("inference_three_step")["low N=500"]["slope one_step modal"]
    assert abs(mine["relative_bias_percent_median"]) < 5.0
    assert abs(mine["relative_bias_percent"]) < 5.0 + 2.0 * mine["monte_carlo_error_percent"]


def test_bias_at_low_separation_beside_that_in_print():
    """Morin et al. (2025), table 5: the same order of methods and much the same bias."""
    found = stored("inference_published")["covariate low N=500"]
    assert found["data_sets"] >= 60
    for method in ("two_step", "naive", "bch", "ml"):
        mine = found[f"{method} one start"]
        gap = abs(mine["bias"] - mine["printed_bias"])
        # Step one is run until it converges here, and ends after 250 steps there.
        assert gap < 3.0 * mine["monte_carlo_error"]
        assert mine["bias"] < -0.2
    one_step = found["one_step best of ten"]
    assert abs(one_step["bias"] - one_step["printed_bias"]) < 2.0 * one_step["monte_carlo_error"]
    assert abs(one_step["bias"]) < 0.1


def test_firth_against_a_pseudo_case_where_classes_are_separated():
    """What the decision on separation rests on."""
    found = stored("inference_separation")
    assert found["separated"] >= 20
    sizes = [found[how]["root_mean_squared_error"] for how in ("firth", "one_case")]
    assert sizes[0] < 0.75 * sizes[1]
    assert found["truth"] < found["firth"]["median"] < found["one_case"]["median"]
