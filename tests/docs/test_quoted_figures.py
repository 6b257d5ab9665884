"""Figures on the pages are the stored ones: none is typed in, and tables are read apart."""

from __future__ import annotations

import html
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from docs.generate import stored
from docs.generate.benchmark_figures import coverage, speed
from docs.generate.fragments import TABLES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = [*sorted((DOCS / "methods").glob("*.md")), DOCS / "comparison.md", DOCS / "start.md"]
# Levels, powers and constants of a method: they are what was asked, not what was found.
ASKED = {".05", ".80", ".95", ".65"}


def _json(name: str) -> Any:
    return json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text("utf-8"))


def _row(name: str, *starts: str) -> list[str]:
    """Give the cells of the one row whose first cells are these."""
    found = [
        cells
        for line in TABLES[name]().splitlines()
        if line.startswith("|")
        for cells in [[part.strip() for part in re.split(r"(?<!\\)\|", line)[1:-1]]]
        if tuple(cells[: len(starts)]) == starts
    ]
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
            near = abs(float(shown) - value) <= 0.5 * 10**-digits
            assert near or float(shown) == pytest.approx(value, rel=1e-5)


def test_speed_and_optima_are_the_stored_ones() -> None:
    tasks = _json("lca_speed")["tasks"]
    name = "152 x 20 binary, 10% missing, K=5, 100 starts"
    cells = _row("speed", name)
    assert float(cells[1].split()[0]) == pytest.approx(
        tasks[name]["seconds"]["ours wall"]["median"], rel=0.005
    )
    assert float(cells[2].split()[0]) == pytest.approx(
        tasks[name]["seconds"]["StepMix wall"]["median"], rel=0.005
    )
    six = _json("lca_optima")["classes"]["6"]
    cells = _row("optima", "6")
    assert float(cells[1]) == pytest.approx(six["best_known"], abs=0.005)
    assert float(cells[4]) == pytest.approx(six["stepmix_of_100_starts"]["difference"], abs=0.005)


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
        cells = _row("simulated_2014", sector)
        assert float(cells[3]) == pytest.approx(waves[sector]["rand"], abs=0.0051)
    faults = _json("audit_corpus")["per_corruption"]
    for name, entry in faults.items():
        cells = _row("audit_recall", name.replace("_", " "))
        assert [int(text) for text in cells[1:3]] == [entry["made"], entry["found"]]


def test_the_page_of_feasible_intervals_gives_the_stored_ones() -> None:
    page = (DOCS / "feasible_intervals.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    shown = {(row[0].strip("| "), row[1]): row for row in rows}
    for found in _json("feasible_intervals")["relations"].values():
        if found["measure"] != "correlation":
            continue
        sector = found["sector"].replace("both", "po and vo")
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


def test_dots_of_the_speed_figure_lie_where_the_medians_are() -> None:
    tasks = _json("lca_speed")["tasks"]
    drawn = {
        html.unescape(said): float(x)
        for x, said in re.findall(r'cx="([\d.]+)"[^>]*><title>([^<]+)</title>', speed())
    }
    seconds, places = [], []
    for name, found in tasks.items():
        if "ratio" not in found or name.startswith("optima"):
            continue
        for key in ("ours wall", "StepMix wall"):
            median = found["seconds"][key]["median"]
            seconds.append(math.log10(median))
            places.append(drawn[f"{name}: {median:g} s"])
    assert len(seconds) >= 20
    slope, intercept = np.polyfit(seconds, places, 1)
    assert slope > 0
    assert np.allclose(slope * np.array(seconds) + intercept, places, atol=0.11)


def test_dots_of_the_coverage_figure_are_higher_for_higher_coverage() -> None:
    found = _json("inference_coverage")
    heights = {
        html.unescape(said): float(y)
        for y, said in re.findall(r'cy="([\d.]+)"[^>]*><title>([^<]+%)</title>', coverage())
    }
    shares = [float(said.rsplit(": ")[1].rstrip("%")) for said in heights]
    assert len(shares) == 3 * sum(isinstance(entry, dict) for entry in found.values())
    assert np.corrcoef(shares, list(heights.values()))[0, 1] < -0.9999
    default = "around a posterior mode (default)"
    assert f"medium N=65, {default}: {found['medium N=65']['adjusted']['coverage']:.1%}" in heights
