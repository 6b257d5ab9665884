"""Figures on the pages are the stored ones: none is typed in, and tables are read apart."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from docs.generate import stored
from docs.generate.benchmark_drawing import Axis
from docs.generate.benchmark_figures import for_our_work, optima, speed, stored_tasks
from docs.generate.benchmark_statistics import ENGINES, METHODS, bias, coverage
from docs.generate.fragments import TABLES
from docs.generate.growth_figures import slopes

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = [
    *sorted((DOCS / "methods").glob("*.md")),
    *(DOCS / name for name in ("benchmarks.md", "comparison.md", "start.md")),
]
# Levels, powers and constants of a method: they are what was asked, not what was found.
ASKED = {".05", ".80", ".95", ".65"}


def _json(name: str) -> Any:
    return json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text("utf-8"))


def _rows(name: str) -> list[list[str]]:
    """Give the cells of every row of a table."""
    return [
        [part.strip() for part in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in TABLES[name]().splitlines()
        if line.startswith("|")
    ]


def _row(name: str, *starts: str) -> list[str]:
    """Give the cells of the one row whose first cells are these."""
    found = [cells for cells in _rows(name) if tuple(cells[: len(starts)]) == starts]
    assert len(found) == 1, (name, starts, len(found))
    return found[0]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_no_figure_is_typed_in(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for away in (r"```.*?```", r"\$\$.*?\$\$", r"\{stored\}`[^`]*`", r"`[^`]*`", r"\$[^$]*\$"):
        text = re.sub(away, "", text, flags=re.DOTALL)
    typed = re.findall(r"(?<![\w.])\d*\.\d+", text)
    allowed = ASKED | ({"3.11"} if path.name == "start.md" else set())
    assert set(typed) <= allowed


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.stem)
def test_every_figure_asked_for_is_stored(path: Path) -> None:
    if path.name == "contributing.md":
        return
    for reference in re.findall(r"\{stored\}`([^`]+)`", path.read_text(encoding="utf-8")):
        name, *keys = (part.strip() for part in reference.partition(" | ")[0].split(" / "))
        value = _json(name)
        for key in keys:
            value = value[key]
        shown = stored.shown(reference).replace("\N{MINUS SIGN}", "-")
        if isinstance(value, str):
            assert shown == value
        elif shown.endswith("%"):
            assert abs(float(shown[:-1]) - 100 * value) <= 0.5
        else:
            digits = len(shown.partition(".")[2].partition("e")[0])
            near = abs(float(shown.replace(",", "")) - value) <= 0.5 * 10**-digits
            assert near or float(shown) == pytest.approx(value, rel=1e-5)


def test_speed_and_optima_are_the_stored_ones() -> None:
    timed = _json("speed")["benchmarks"]
    name = "152 x 20 binary, 10% missing, K=5, 100 starts"
    seconds = timed["lca_speed"]["tasks"][name]["seconds"]
    cells = _row("speed", name)
    for cell, engine in ((cells[1], "swvtypes"), (cells[3], "StepMix")):
        assert float(cell.split()[0]) == pytest.approx(seconds[engine]["wall"]["median"], rel=0.005)
    six = timed["lca_optima"]["tasks"]["optima of sim152, K=6, 2,000 starts against 100"]["shown"]
    cells = _row("optima", "6")
    assert float(cells[1]) == pytest.approx(six["best_known"], abs=0.005)
    assert float(cells[4]) == pytest.approx(six["stepmix_difference"], abs=0.005)


def test_times_of_a_peer_that_did_less_are_brought_to_our_work() -> None:
    for name, found in _json("speed")["benchmarks"]["latent_transition_speed"]["tasks"].items():
        clock = "wall" if "wall" in found["seconds"]["hmmlearn"] else "processor"
        part = found["work"]["swvtypes"] / found["work"]["hmmlearn"]
        seconds = found["seconds"]["hmmlearn"][clock]["median"]
        shown = float(_row("transition_speed", name)[2])
        assert shown == pytest.approx(part * seconds, rel=0.006)


def test_bias_beside_stepmix_is_the_stored_one() -> None:
    cell = _json("stepmix_designs")["cells"]["outcome 0.7 N=500"]
    cells = _row("structural_bias", "mean of an outcome", ".7, N=500", "two steps")
    for at, engine in ((3, "ours"), (4, "StepMix")):
        assert float(cells[at].split("%")[0]) == pytest.approx(
            cell["two_step"][engine]["bias_percent"], abs=0.051
        )
    assert int(cells[-1]) == cell["data_sets"]
    for name, part in _json("stepmix_levels")["parts"].items():
        for key, words in (("slope bch", "slope BCH"), ("ours", "swvtypes")):
            if key in part:
                shown = _row("levels_beside_stepmix", name[0].upper() + name[1:], words)[3]
                assert float(shown.split("%")[0]) == pytest.approx(
                    100 * part[key]["rejected"], abs=0.051
                )


def test_levels_of_tests_are_the_stored_ones() -> None:
    designs = _json("bootstrap_level")["designs"]
    for name, found in designs.items():
        p_values = found["p_values"]
        share = sum(p <= 0.05 for p in p_values) / len(p_values)
        assert float(_row("bootstrap_level", name)[5]) == pytest.approx(share, abs=0.00051)
    levels = _json("inference_levels")
    cells = _row("indicator_levels", "an indicator without classes, N = 65")
    assert float(cells[2]) == levels["indicator N=65"]["rejected_at_5_percent"]
    steering = _json("steering_level")
    null = next(v for k, v in steering["yes 5%"].items() if k.startswith("no relation"))
    cells = _row("steering_level", "yes 5%")
    assert float(cells[1]) == pytest.approx(null["r"]["rejected"], abs=0.00051)
    assert float(cells[8]) == pytest.approx(null["exact"]["rejected"], abs=0.00051)
    unequal = steering["unequal spreads, groups 20+31+14"]
    cells = _row("steering_spreads", "unequal spreads, groups 20+31+14", "F over three groups")
    assert float(cells[2]) == pytest.approx(unequal["f"]["rejected"], abs=0.00051)


def test_coverage_and_bias_are_the_stored_ones() -> None:
    found = _json("inference_coverage")
    header = _row("interval_coverage", "interval")
    cells = _row("interval_coverage", "posterior mode, one pseudo-case a class (default)")
    for design, text in zip(header[1:], cells[1:], strict=True):
        share = float(text.split("%")[0])
        assert share == pytest.approx(100 * found[design]["adjusted"]["coverage"], abs=0.051)
    three = _json("inference_three_step")["high N=500"]["slope bch modal"]
    cells = _row("three_step", "high N=500", "slope of a covariate", "three steps, BCH")
    assert float(cells[3].split("%")[0]) == pytest.approx(three["relative_bias_percent"], abs=0.051)
    moved = _json("latent_transition")["intervals"]["N=60, 5 items"]["three-step, moved"]
    lines = [line for line in TABLES["movers"]().splitlines() if "N=60" in line]
    cells = next(line for line in lines if "three steps" in line).split(" | ")
    assert float(cells[2]) == pytest.approx(100 * moved["mean"] - 10, abs=0.051)


def test_verdicts_and_recovery_are_the_stored_ones() -> None:
    found = _json("types_or_continuum")["warp_speed"]
    for name, entry in found.items():
        cells = _row("types_or_continuum", name)
        shares = [float(text.rstrip("%")) for text in cells[2:]]
        assert shares[2] == pytest.approx(100 * entry["verdict"]["types"], abs=0.051)
        assert sum(shares) == pytest.approx(100, abs=0.21)
    waves = _json("typology_waves")["sectors"]
    for sector in ("po", "vo"):
        cells = _row("recovery_on_waves_of_2014", sector)
        assert float(cells[3]) == pytest.approx(waves[sector]["rand"], abs=0.0051)
    faults = _json("audit_corpus")["per_corruption"]
    for name, entry in faults.items():
        words = name.replace("_", " ")
        (cells,) = (row for row in _rows("audit_recall") if row[0].lower() == words)
        assert [int(text) for text in cells[1:3]] == [entry["made"], entry["found"]]


def test_the_page_of_feasible_intervals_gives_the_stored_ones() -> None:
    page = (DOCS / "feasible_intervals.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    shown = {(row[0].strip("| "), row[1]): row for row in rows}
    for found in _json("feasible_intervals")["relations"].values():
        if found["measure"] != "correlation":
            continue
        sector = found["sector"].replace("both", "po, vo")
        low, high = shown[(found["label"]["en"], sector)][4].split(" to ")
        assert float(low) == pytest.approx(found["found"][0], abs=0.0051)
        assert float(high) == pytest.approx(found["found"][1], abs=0.0051)


def test_the_page_of_simulated_waves_gives_the_stored_recovery() -> None:
    page = (DOCS / "simulated_waves.md").read_text(encoding="utf-8")
    sectors = _json("typology_2014_recovery")["standard"]["sectors"]
    for sector, found in sectors.items():
        row = re.search(rf"^\| {sector} \| (\S+) \| (\S+) \| (\S+) \|$", page, re.MULTILINE)
        assert row is not None
        for text, key in zip(row.groups(), ("share_error", "rand", "rand_of_truth"), strict=True):
            digits = len(text.partition(".")[2])
            assert float(text) == pytest.approx(found[key], abs=0.51 * 10**-digits)


def _drawn(figure: str, axis: str = "cx") -> dict[str, float]:
    return {
        html.unescape(said): float(x)
        for x, said in re.findall(rf'{axis}="([\d.]+)"[^>]*><title>([^<]+)</title>', figure)
    }


def test_dots_of_the_speed_figure_lie_where_the_medians_are() -> None:
    drawn = _drawn(speed())
    seconds, places = [], []
    for _, name, found in stored_tasks():
        for engine in found["seconds"] if "ratio" in found else ():
            median = for_our_work(found, engine)["median"]
            seconds.append(math.log10(median))
            places.append(drawn[f"{name}, {engine}: {median:.4g} s"])
    assert len(seconds) >= 20
    slope, intercept = np.polyfit(seconds, places, 1)
    assert slope > 0
    assert np.allclose(slope * np.array(seconds) + intercept, places, atol=0.11)


def test_dots_of_the_bias_figure_lie_where_the_stored_bias_is() -> None:
    drawn = _drawn(bias())
    cell = _json("stepmix_designs")["cells"]["covariate 0.8 N=500"]
    values, places = [], []
    for method, label in METHODS.items():
        for key, (engine, _) in ENGINES.items():
            share = cell[method][key]["bias_percent"]
            values.append(share)
            places.append(drawn[f".8, N=500, {label}, {engine}: {share:+.1f}%"])
    slope, intercept = np.polyfit(values, places, 1)
    assert slope > 0
    assert np.allclose(slope * np.array(values) + intercept, places, atol=1.0)


def test_a_value_beyond_the_axis_stands_at_its_end() -> None:
    axis = Axis(-70.0, 30.0, 100.0, 200.0)
    assert [axis.place(value) for value in (-90.0, -70.0, -20.0, 30.0, 99.0)] == [
        100.0, 100.0, 150.0, 200.0, 200.0
    ]  # fmt: skip
    assert Axis(0.01, 100.0, 0.0, 4.0, log=True).place(1.0) == pytest.approx(2.0)


@pytest.mark.parametrize(
    "draw", [speed, optima, coverage, bias, slopes], ids=lambda draw: draw.__name__
)
def test_no_text_of_a_figure_leaves_it_or_covers_another(draw: Callable[[], str]) -> None:
    figure = draw()
    wide, high = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', figure).groups())  # type: ignore[union-attr]
    boxes = []
    pattern = r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]+)</text>'
    for x, y, anchor, said in re.findall(pattern, figure):
        # Letters of 12 units are 6.4 wide on average, 7 where they are bold.
        length = 6.4 * len(html.unescape(said))
        left = float(x) - {"start": 0.0, "middle": length / 2, "end": length}[anchor]
        boxes.append((left, left + length, float(y) - 9, float(y) + 2, said))
    assert boxes
    for left, right, top, bottom, said in boxes:
        assert left >= -3, said
        assert right <= wide + 8, said
        assert (top >= 0, bottom <= high) == (True, True), said
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2]
            assert apart or other[3] <= one[2], (one[4], other[4])


def test_dots_of_the_coverage_figure_are_further_right_for_higher_coverage() -> None:
    found = _json("inference_coverage")
    heights = {said: x for said, x in _drawn(coverage()).items() if said.endswith("%")}
    shares = [float(said.rsplit(": ")[1].rstrip("%")) for said in heights]
    assert len(shares) == 3 * sum(isinstance(entry, dict) for entry in found.values())
    assert np.corrcoef(shares, list(heights.values()))[0, 1] > 0.9999
    default = "posterior mode (default)"
    assert f"medium N=65, {default}: {found['medium N=65']['adjusted']['coverage']:.1%}" in heights
