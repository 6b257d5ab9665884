"""The 2018 scenario, the links from 2014 to 2016, the 2022 survey, and the crosswalks."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import swvtypes as sw
from swvtypes.cli.app import app
from swvtypes.errors import InputError, OptionError, ReconstructionError
from swvtypes.reconstruction.simulated import (
    LINKS,
    Change,
    link_organisations,
    load_truth,
    rebuild_simulated,
    simulate_inspection,
    simulate_scenario,
    simulate_start,
)
from swvtypes.reconstruction.simulated.links import write_links
from swvtypes.reconstruction.simulated.outcome import SimulatedWave
from swvtypes.reconstruction.simulated.scenario import answer_blocks, read_scenario_plan
from swvtypes.resources import data_path
from swvtypes.survey import Codebook
from swvtypes.survey.load import available_seeds

WAVES = ("start_2014", "monitor_2016", "scenario_2018")


def book(name: str) -> Codebook:
    return Codebook.load(data_path("codebooks", f"{name}.toml"))


def crosswalk(*parts: str) -> pd.DataFrame:
    path = data_path("crosswalks", *parts)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.mark.parametrize("name", ["scenario_2018", "inspectie_2022"])
def test_every_shipped_seed_is_certified_and_marked(name: str) -> None:
    assert available_seeds(name) == tuple(range(1, 21))
    for seed in range(1, 21):
        folder = data_path("waves", name)
        status = set(pd.read_csv(folder / f"certificate_{seed:02d}.csv")["status"])
        assert "missed" not in status
        rows = pd.read_csv(folder / f"seed_{seed:02d}.csv")
        assert rows["synthetic"].all()
        assert set(rows["seed"]) == {seed}


@pytest.mark.parametrize("name", ["scenario_2018", "inspectie_2022"])
def test_rebuilt_files_are_the_shipped_ones(name: str, tmp_path: Path) -> None:
    rebuild_simulated(name, [4], tmp_path, show_progress=False)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == data_path("waves", name, path.name).read_bytes(), path.name


def test_scenario_without_change_is_2016() -> None:
    made = simulate_scenario(2, Change(link=1, noise=0, to_middle=0))
    before, after = sw.load_wave("monitor_2016", seed=2), made.wave()
    kept = [n for n in after.frame.index if n in before.frame.index]
    recoded = read_scenario_plan()["recoded"]
    for name in before.variables:
        if name in after.variables and name not in recoded and name not in _REGISTER:
            first, second = before.frame.loc[kept, name], after.frame.loc[kept, name]
            assert first.equals(second), name
    place = before.frame.loc[kept, "override_power"].map({1: 1, 2: 2, 3: 2, 4: 2, 5: 3, 6: 2})
    assert place.tolist() == after.frame.loc[kept, "override_power"].tolist()


_REGISTER = ("equalisation", "boards", "pupil_growth")


def test_movers_are_as_many_as_the_dial_says() -> None:
    made = simulate_scenario(2, Change(link=0.7, noise=0, to_middle=0))
    assert made.truth is not None
    before = sw.load_wave("monitor_2016", seed=2).frame
    truth = made.truth.set_index("organisation")
    both = truth[truth.index.isin(before.index) | truth.index.isin(["SYN-PO-078"])]
    for sector, rows in both.groupby("sector"):
        expected = round(0.3 * len(rows))
        assert rows["moved"].sum() == expected, sector
    stayed = both.index[(both["moved"] == 0) & both.index.isin(before.index)]
    after = made.wave().frame
    assert (after.loc[stayed, "steering"] == before.loc[stayed, "steering"]).all()
    moved = both.index[(both["moved"] == 1) & both.index.isin(before.index)]
    assert (both.loc[moved, "source"] != moved).all()


def test_correlation_with_2016_is_about_link_times_one_less_noise() -> None:
    found = []
    for seed in range(1, 9):
        after = simulate_scenario(seed, Change(link=0.7, noise=0.2, to_middle=0)).wave().frame
        before = sw.load_wave("monitor_2016", seed=seed).frame
        both = before.index.intersection(after.index)
        for name in ("steering", "trust_help", "risk_shrinkage"):
            x, y = before.loc[both, name].astype(float), after.loc[both, name].astype(float)
            found.append(x.corr(y))
    assert np.mean(found) == pytest.approx(0.7 * 0.8, abs=3 * np.std(found) / np.sqrt(8))
    assert np.std(found) < 0.2


def test_outer_positions_come_nearer_to_the_middle() -> None:
    still = simulate_scenario(3, Change(to_middle=0)).wave().column("steering").astype(float)
    moved = simulate_scenario(3, Change(to_middle=1)).wave().column("steering").astype(float)
    outer = (still < 4) | (still > 7)
    assert ((still - moved).abs() == outer).all()
    assert moved.std() < still.std()


def test_a_third_is_gone_and_the_codebook_says_so() -> None:
    plan, before, after = read_scenario_plan(), book("monitor_2016"), book("scenario_2018")
    asked = [name for name, v in before.variables.items() if v.origin != "register"]
    gone = plan["gone"]["variables"]
    assert len(asked) == 159
    assert len(gone) == 53
    assert set(after.variables) == set(before.variables) - set(gone) | set(plan["new"])
    for name in plan["recoded"]:
        codes = {c.code for c in after.categories(name)}
        assert codes == set(plan["recoded"][name]["codes"].values())
    for name in plan["split_missing"]["variables"]:
        assert set(after.reason_codes(name)) == {98, 99}


def test_merged_organisations_are_one_row_with_the_answers_of_the_larger() -> None:
    made = simulate_scenario(1, Change(link=1, noise=0, to_middle=0))
    assert made.truth is not None
    assert made.register is not None
    names = set(made.table["organisation"])
    assert "SYN-PO-078" in names
    assert not names & {"SYN-PO-014", "SYN-PO-027"}
    figures = pd.read_csv(
        data_path("waves", "monitor_2016", "register_01.csv"), index_col="organisation"
    )
    boards = figures.loc[["SYN-PO-014", "SYN-PO-027"], "boards"]
    source = made.truth.set_index("organisation")["source"]
    assert source["SYN-PO-078"] == boards.idxmax()
    register = made.register.set_index("organisation")
    assert register.loc["SYN-PO-078", "boards"] == boards.sum()


def test_blocks_keep_together_what_belongs_together() -> None:
    blocks = {name: block for block in answer_blocks(book("monitor_2016")) for name in block}
    assert "supervisory_board_type" in blocks["supervision_model"]
    assert "supervision_model_coded" in blocks["supervision_model"]
    assert set(book("monitor_2016").members("assurance")) < set(blocks["clarity_spending"])
    assert blocks["budget_special"] == list(book("monitor_2016").members("budget"))
    assert blocks["steering"] == ["steering"]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("seed", [1, 13])
def test_links_reach_their_correlation(link: float, seed: int) -> None:
    folder = ("organisations", "start_2014--monitor_2016", f"link_{link:.1f}")
    pairs = crosswalk(*folder, f"seed_{seed:02d}.csv")
    types = 2 - load_truth("start_2014", seed)["supercluster"]
    later = sw.load_wave("monitor_2016", seed=seed)
    for sector in ("po", "vo"):
        positions = later.sector(sector).column("steering").astype(float)
        both = pairs[pairs["before"].isin(types.index) & pairs["after"].isin(positions.index)]
        x = types.loc[both["before"]].to_numpy(dtype=float)
        y = positions.loc[both["after"]].to_numpy(dtype=float)
        assert len(both) == {"po": 65, "vo": 46}[sector]
        assert np.corrcoef(x, y)[0, 1] == pytest.approx(link, abs=0.02)
    assert pairs["before"].is_unique
    assert pairs["after"].is_unique
    assert len(pairs) == 152
    again = link_organisations(seed, link)
    assert again.equals(pairs.astype(again.dtypes.to_dict()))


def test_crosswalks_are_written_again_byte_for_byte(tmp_path: Path) -> None:
    written = write_links(3, tmp_path)
    assert sorted(written) == sorted(LINKS)
    shipped = data_path("crosswalks", "organisations", "start_2014--monitor_2016")
    for link, path in written.items():
        place = Path(f"link_{link:.1f}") / "seed_03.csv"
        assert path == tmp_path / place
        assert path.read_bytes() == (Path(shipped) / place).read_bytes()


def test_links_out_of_reach_or_out_of_range_are_refused() -> None:
    with pytest.raises(OptionError, match="link: expected a number from -1 to 1, got 2"):
        link_organisations(1, 2)
    with pytest.raises(ReconstructionError, match="link 1: no pairing of 65 organisations"):
        link_organisations(1, 1)
    made = simulate_start(1)
    bare = SimulatedWave(made.name, 1, made.table, made.register, None)
    with pytest.raises(ReconstructionError, match="expected its truth, found none"):
        link_organisations(1, 0.3, start=bare)


def test_organisations_of_2018_and_2022_are_as_many_as_exist() -> None:
    for before, after, counts in (
        ("monitor_2016", "scenario_2018", {"po": 76, "vo": 75}),
        ("scenario_2018", "inspectie_2022", {"po": 75, "vo": 76}),
    ):
        pairs = crosswalk("organisations", f"{before}--{after}.csv")
        for sector, count in counts.items():
            names = {n for n in pairs["after"] if f"-{sector.upper()}-" in n}
            assert len(names) == count == book(after).population[sector]
        merged = pairs[pairs["event"] == "merged"]
        assert merged.groupby("after")["before"].size().eq(2).all()
        assert set(sw.load_wave(after, seed=1).frame.index) <= set(pairs["after"])
    split = pairs[pairs["event"] == "split"]
    assert set(split["before"]) == {"SYN-VO-020"}
    assert len(split) == 2


def test_items_crosswalk_fits_the_codebooks() -> None:
    items = crosswalk("items.csv")
    assert list(items.columns) == [
        "wave",
        "variable",
        "concept",
        "value_map",
        "missing_map",
        "comparability",
        "note",
    ]
    kinds = {"same", "reworded", "recoded", "new", "gone"}
    assert set(items["comparability"]) == kinds
    for wave in WAVES:
        codebook, rows = book(wave), items[items["wave"] == wave]
        asked = rows[rows["variable"] != ""]
        assert set(asked["variable"]) == set(codebook.variables)
        assert (rows["variable"].eq("") == rows["comparability"].eq("gone")).all()
        assert not rows.duplicated(["variable", "concept"])[rows["variable"] != ""].any()
        for row in asked.to_dict("records"):
            codes = {c.code for c in codebook.categories(row["variable"])}
            pairs = [part.split("=") for part in row["value_map"].split()]
            if pairs:
                assert {int(a) for a, _ in pairs} == codes, row
            reasons = {r.id for r in codebook.reasons(row["variable"])}
            assert {p.split("=")[0] for p in row["missing_map"].split()} <= reasons
    order = {wave: place for place, wave in enumerate(WAVES)}
    for concept, rows in items.groupby("concept"):
        waves = rows["wave"].map(order)
        assert waves.is_unique, concept
        first = rows.loc[waves.idxmin()]
        assert first["comparability"] == "new", concept
        assert (rows.loc[waves != waves.min(), "comparability"] != "new").all(), concept


def test_printed_shares_of_2022_hold_or_are_proven_impossible() -> None:
    with data_path("reconstruction", "inspectie_2022", "items.csv").open() as stream:
        items = list(csv.DictReader(stream))
    record = pd.read_csv(data_path("published", "inspectie_2022.csv"), dtype=str).set_index("id")
    frame = sw.load_wave("inspectie_2022", seed=6).frame
    assert frame["sector"].value_counts().to_dict() == {"po": 68, "vo": 68}
    assert len(items) == 77
    missed = []
    for item in items:
        answers = frame[item["variable"]].dropna().astype(int)
        if not item["gate"]:
            assert len(answers) == 136
        printed = int(record.loc[item["text_id"], "value"])
        if int(100 * answers.sum() / len(answers) + 0.5) != printed:
            missed.append(item["text_id"])
    assert missed == ["I124"]
    assert [k for k in range(137) if int(100 * k / 136 + 0.5) == 52] == [71]
    assert not [k for k in range(72) if int(100 * k / 71 + 0.5) == 9]


def test_every_survey_percentage_of_2022_is_in_or_left_out_with_a_reason() -> None:
    import tomllib

    folder = data_path("reconstruction", "inspectie_2022")
    record = pd.read_csv(
        data_path("published", "inspectie_2022.csv"), dtype=str, keep_default_na=False
    )
    survey = record[
        (record["instrument"] == "survey") & (record["unit"] == "percent") & (record["value"] != "")
    ]
    used = set(pd.read_csv(folder / "targets.csv", dtype=str)["text_id"])
    left = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))["left_out"]
    assert set(survey["id"]) - used == {*left, "I213", "I226"}


def test_faults_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        Change(link=2, noise=-1, to_middle=1.5)
    assert caught.value.faults == (
        "link: expected a number from 0 to 1, got 2",
        "noise: expected a number from 0 to 1, got -1",
        "to_middle: expected a number from 0 to 1, got 1.5",
    )
    for simulate in (simulate_scenario, simulate_inspection):
        with pytest.raises(OptionError, match="seed: expected a positive whole number, got 0"):
            simulate(0)


def test_command_rebuilds_the_simulated_waves(tmp_path: Path) -> None:
    run = CliRunner()
    for source in ("inspectie_2022", "start_2014--monitor_2016"):
        out = tmp_path / source
        done = run.invoke(app, ["rebuild", "--source", source, "--seeds", "2", "--out", str(out)])
        assert done.exit_code == 0, done.output
        assert "0 missed" in done.output
    made = (tmp_path / "inspectie_2022" / "seed_02.csv").read_bytes()
    assert made == data_path("waves", "inspectie_2022", "seed_02.csv").read_bytes()
    for link in LINKS:
        part = ("link_" + f"{link:.1f}", "seed_02.csv")
        made = tmp_path.joinpath("start_2014--monitor_2016", *part).read_bytes()
        folder = data_path("crosswalks", "organisations", "start_2014--monitor_2016")
        assert made == folder.joinpath(*part).read_bytes()
