"""The simulated 2014 wave: what print says holds on every seed, the dials do what they say."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import InputError, OptionError, ReconstructionError, RecordError, ResourceError
from swvtypes.reconstruction.simulated import (
    Difficulty,
    load_truth,
    rebuild_simulated,
    simulate_start,
    words_certifier,
)
from swvtypes.reconstruction.simulated import link_certifier as links
from swvtypes.reconstruction.simulated.balance import residual_association, swap_away
from swvtypes.reconstruction.simulated.plan import read_start_plan
from swvtypes.reconstruction.simulated.tallies import item_split
from swvtypes.reconstruction.simulated.words_certifier import certify_words
from swvtypes.reconstruction.stream import Stream
from swvtypes.resources import data_path
from swvtypes.survey.load import available_seeds

SEEDS = range(1, 21)


def percent(values: pd.Series, *codes: int) -> float:
    return round(100 * float(values.dropna().isin(codes).mean()) + 1e-9)


@pytest.mark.parametrize("seed", [1, 7, 20])
def test_printed_shares_hold(seed: int) -> None:
    wave = sw.load_wave("start_2014", seed=seed)
    for sector, models, board, members, override, quality, mixed in (
        ("po", 66, 16, 8, 17, 43, 65),
        ("vo", 72, 12, 10, 40, 57, 80),
    ):
        frame = wave.sector(sector).frame
        assert percent(frame["supervision_model"], 1, 2) == models
        assert percent(frame["supervision_model"], 3) == board
        assert percent(frame["supervision_model_coded"], 5) == members
        assert percent(frame["override_power"], 3) == override
        assert percent(frame["quality_system"], 1) == quality
        assert percent(frame["steering_model"], 2) == mixed
        assert percent(frame["central_services"], 0) in (33, 34)


def test_respondents_are_the_only_base_that_print_allows() -> None:
    prints = {"po": (66, 16, 8, 17, 43, 65), "vo": (72, 12, 10, 40, 57, 80)}
    for sector, (taken, largest) in {"po": (77, 77), "vo": (60, 75)}.items():
        bases = [
            n
            for n in range(40, largest + 1)
            if all(any(int(100 * k / n + 0.5) == p for k in range(n + 1)) for p in prints[sector])
        ]
        assert bases == [taken]
        assert read_start_plan().sizes[sector] == taken


def test_every_shipped_seed_is_certified_and_marked() -> None:
    assert available_seeds("start_2014") == tuple(SEEDS)
    for seed in SEEDS:
        lines = pd.read_csv(data_path("waves", "start_2014", f"certificate_{seed:02d}.csv"))
        assert set(lines["status"]) <= {"attained", "assumed"}
        rows = pd.read_csv(data_path("waves", "start_2014", f"seed_{seed:02d}.csv"))
        assert rows["synthetic"].all()
        assert set(rows["seed"]) == {seed}
        assert len(rows) == 137
        assert not {"supercluster", "services", "policy"} & set(rows.columns)


def test_those_who_say_no_never_saw_the_list() -> None:
    wave = sw.load_wave("start_2014", seed=2)
    kinds = [name for name in wave.variables if name.startswith("service_")]
    assert len(kinds) == 6
    said_no = wave.column("central_services") == 0
    assert said_no.sum() == 46
    assert (wave.reasons.loc[said_no, kinds] == "routed_past").all(axis=None)
    assert (wave.reasons.loc[~said_no, kinds] == "").all(axis=None)


def test_types_are_exact_and_stand_apart() -> None:
    truth = load_truth("start_2014", seed=3)
    counts = truth.groupby("sector")["supercluster"].value_counts().to_dict()
    assert counts == {("po", 1): 39, ("po", 2): 38, ("vo", 1): 40, ("vo", 2): 20}
    assert (truth["synthetic"].eq(True) & truth["seed"].eq(3)).all()
    assert set(truth.index) == set(sw.load_wave("start_2014", seed=3).frame.index)


def test_named_themes_follow_the_types_at_the_dial() -> None:
    truth = simulate_start(4).truth
    assert truth is not None
    po = truth[truth["sector"] == "po"]
    fits = po["supercluster"] == po["website"]
    assert fits.sum() == round(0.9 * 39) + round(0.9 * 38)
    vo = truth[truth["sector"] == "vo"]
    fits = vo["supercluster"] == vo["website"]
    assert fits.sum() == round(0.7 * 40) + round(0.7 * 20)


def test_equalisation_is_mostly_slightly_positive_in_the_extended_type_of_po() -> None:
    wave, truth = sw.load_wave("start_2014", seed=5), load_truth("start_2014", seed=5)
    figure = wave.column("equalisation").astype(float)
    po = truth[truth["sector"] == "po"]
    extended = figure[po.index[po["supercluster"] == 1]]
    others = figure[po.index[po["supercluster"] == 2]]
    assert (extended > 0).mean() > 0.6
    assert (others > 0).mean() < 0.5
    assert 0 < extended.median() < 5
    register = pd.read_csv(data_path("waves", "start_2014", "register_05.csv"))
    assert len(register) == 152


def test_coupling_dial_moves_the_link_from_none_to_full() -> None:
    for coupling, wanted in ((0.5, 0.0), (1.0, 1.0)):
        dial = Difficulty(coupling=coupling, coupling_unnamed=coupling)
        truth = simulate_start(1, dial).truth
        assert truth is not None
        for _, rows in truth.groupby("sector"):
            for theme in ("services", "procedures", "policy"):
                r = np.corrcoef(rows["supercluster"], rows[theme])[0, 1]
                assert r == pytest.approx(wanted, abs=0.04)


def test_class_shares_of_answers_follow_the_item_dials() -> None:
    made = simulate_start(2, Difficulty(high=0.75, low=0.30))
    assert made.truth is not None
    po = made.truth["sector"] == "po"
    for kind, wanted in ((1, 0.75), (2, 0.30)):
        rows = po & (made.truth["communication"] == kind)
        share = made.table.loc[rows, "communication_parents"].astype(float).mean()
        assert share == pytest.approx(wanted, abs=0.5 / rows.sum() + 1e-9)


def test_residual_association_is_swapped_away_or_left() -> None:
    left: dict[str, list[float]] = {"removed": [], "sampled": []}
    for residual, found in left.items():
        made = simulate_start(6, Difficulty(residual=residual))  # type: ignore[arg-type]
        assert made.truth is not None
        for theme in read_start_plan().themes[1:5]:
            names = [item.id for item in theme.items]
            for kind in (1, 2):
                rows = (made.truth["sector"] == "po") & (made.truth[theme.id] == kind)
                columns = [made.table.loc[rows, name].astype(int).tolist() for name in names]
                found.append(residual_association(columns))
    assert max(left["removed"]) < 0.02
    assert np.median(left["sampled"]) > 0.03


def test_swapping_keeps_counts() -> None:
    stream = Stream(5)
    columns = [[0] * 12 + [1] * 8, [1] * 10 + [2] * 6 + [3] * 4]
    before = [sorted(column) for column in columns]
    start = residual_association(columns)
    swap_away(columns, stream)
    assert [sorted(column) for column in columns] == before
    half_a_row = 0.5 / 20  # independence asks for 4.0, 2.4 and 1.6 rows: no whole numbers
    assert residual_association(columns) <= half_a_row < start


def test_fixed_items_keep_their_totals_at_every_dial() -> None:
    items = {item.id: item for theme in read_start_plan().themes for item in theme.items}
    for high, low in ((0.88, 0.18), (0.75, 0.30), (0.5, 0.5)):
        dial = Difficulty(high=high, low=low)
        for name in ("steering_model", "override_power", "quality_system"):
            for sizes in ((39, 38), (20, 57), (70, 7)):
                split = item_split(items[name], "po", sizes, dial)
                totals = {a.code: a.counts["po"] for a in items[name].answers}
                assert {code: sum(pair) for code, pair in split.items()} == totals
                assert [sum(pair[side] for pair in split.values()) for side in (0, 1)] == [*sizes]
                assert min(min(pair) for pair in split.values()) >= 0


def test_blank_answers_spare_what_print_fixes() -> None:
    wave = simulate_start(1, Difficulty(blank=0.1)).wave()
    assert wave.column("quality_system").notna().all()
    shares = wave.frame[["website_plan", "policy_goals", "procedure_return"]].isna().mean()
    assert shares.between(0.03, 0.2).all()


def test_same_seed_same_rows_other_seed_other_rows() -> None:
    assert simulate_start(9).table.equals(simulate_start(9).table)
    assert (
        not simulate_start(9)
        .table.drop(columns="seed")
        .equals(simulate_start(10).table.drop(columns="seed"))
    )


def test_rebuilt_files_are_the_shipped_ones(tmp_path: Path) -> None:
    rebuild_simulated("start_2014", [3], tmp_path, show_progress=False)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["certificate_03.csv", "register_03.csv", "seed_03.csv", "truth_03.csv"]
    for name in made:
        shipped = data_path("waves", "start_2014", name)
        assert (tmp_path / name).read_bytes() == shipped.read_bytes(), name


@pytest.mark.parametrize(
    ("column", "rows", "value", "target"),
    [
        ("quality_system", slice(0, 40), "0", "text:T253:po"),
        ("supervision_model", slice(0, 3), "3", "text:T037:po"),
        ("central_services", slice(70, 130), "1", "words:C24:vo"),
    ],
)
def test_certificate_sees_a_planted_change(
    tmp_path: Path, column: str, rows: slice, value: str, target: str
) -> None:
    from swvtypes.reconstruction.simulated.rebuilding import certificate

    folder = data_path("waves", "start_2014")
    rows_read = pd.read_csv(folder / "seed_01.csv", dtype=str, keep_default_na=False)
    rows_read.loc[rows_read.index[rows], column] = value
    path = tmp_path / "seed_01.csv"
    rows_read.to_csv(path, index=False)
    files = {"wave": path, "register": folder / "register_01.csv", "truth": folder / "truth_01.csv"}
    lines = certificate("start_2014", files)
    assert target in set(lines.loc[lines["status"] == "missed", "target"])


@pytest.mark.parametrize("module", [words_certifier, links])
def test_certifiers_share_nothing_with_the_generator(module: object) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(str(node.module))
    assert found <= {"__future__", "decimal", "pandas", "swvtypes.errors"}


def test_words_certifier_names_what_it_cannot_do(tmp_path: Path) -> None:
    header = (
        "target,source,text_id,sector,kind,file,variable,codes,group,group_codes,low,high,words,"
        "rival,assumption\n"
    )
    wave = {"wave": str(data_path("waves", "start_2014", "seed_01.csv"))}
    record = str(data_path("published"))

    def run(line: str) -> pd.DataFrame:
        (tmp_path / "words.csv").write_text(header + line, encoding="utf-8")
        return certify_words(str(tmp_path), record, wave)

    with pytest.raises(ReconstructionError, match="w: the record has no entry 'C999'"):
        run("w,typology_2014,C999,po,percent,wave,quality_system,1,,,0,1,x,,\n")
    with pytest.raises(ReconstructionError, match="w: no such kind as 'mode'"):
        run("w,typology_2014,C49,po,mode,wave,quality_system,1,,,0,1,x,,\n")
    with pytest.raises(ReconstructionError, match="w: no answers to compute it from"):
        run("w,typology_2014,C49,xx,percent,wave,quality_system,1,,,0,1,x,,\n")
    rival = run("w,typology_2014,C31,po,percent,wave,quality_system,1,,,80,90,x,C31,\n")
    assert rival.loc[0, "status"] == "contradicted"
    assert (
        run("w,typology_2014,C31,po,percent,wave,quality_system,1,,,80,90,x,,\n").loc[0, "status"]
        == "missed"
    )


def test_faults_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        Difficulty(coupling=0.4, coupling_unnamed=2, high=1, low=0, residual="some", blank=1)  # type: ignore[arg-type]
    for text in (
        "coupling: expected a number from 0.5 to 1, got 0.4",
        "coupling_unnamed: expected a number from 0.5 to 1, got 2",
        "high: expected a number above 0 and below 1, got 1",
        "low: expected a number above 0 and below 1, got 0",
        "residual: expected 'removed' or 'sampled', got 'some'",
        "blank: expected a number from 0 and below 1, got 1",
    ):
        assert text in caught.value.faults
    with pytest.raises(InputError, match=r"low: expected at most high \(0.3\), got 0.6"):
        Difficulty(high=0.3, low=0.6)
    for seed in (0, -1, True, 1.0):
        with pytest.raises(OptionError, match="seed: expected a positive whole number"):
            simulate_start(seed)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="difficulty: expected a Difficulty, or one of 'stand"):
        simulate_start(1, "simple")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="name: expected one of 'start_2014'"):
        rebuild_simulated("start_2015", [1], "nowhere")
    with pytest.raises(OptionError, match=r"seeds: expected positive whole numbers, got \[0\]"):
        rebuild_simulated("start_2014", [0, 1], "nowhere")
    with pytest.raises(ResourceError, match=r"truth of wave 'start_2014': expected truth_99\.csv"):
        load_truth("start_2014", 99)
    with pytest.raises(ResourceError, match="there are none"):
        load_truth("inspectie_2022", 1)


def test_plan_whose_counts_do_not_add_up(tmp_path: Path) -> None:
    text = data_path("reconstruction", "start_2014", "plan.toml").read_text(encoding="utf-8")
    (tmp_path / "plan.toml").write_text(
        text.replace("counts = { po = 8, vo = 6 }", "counts = { po = 9, vo = 6 }", 1).replace(
            "rest = 2", "rest = 7"
        ),
        encoding="utf-8",
    )
    with pytest.raises(RecordError) as caught:
        read_start_plan(tmp_path)
    assert caught.value.faults == (
        "item 'steering_model': expected 'rest' to be one of its answers",
        "item 'plan_revision_expected', po: expected counts that add up to 77, got 78",
    )


def test_hard_level_is_the_one_that_was_not_found_before() -> None:
    hard = simulate_start(1, "hard").truth
    dial = simulate_start(1, Difficulty(coupling=0.80, high=0.75, low=0.30)).truth
    assert hard is not None
    assert dial is not None
    assert hard.equals(dial)
