"""The rebuilt rows that ship: certified, readable, in step with codebook and record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from swvtypes.reconstruction import certify, prove, read_project, rebuild
from swvtypes.reconstruction.ensemble import read_proofs
from swvtypes.resources import data_path
from swvtypes.survey import Codebook, read_wave

WAVES = data_path("waves", "monitor_2016")
PROJECT = data_path("reconstruction", "monitor_2016")
SEEDS = range(1, 21)
CHAPTERS = (  # noqa: SIM905
    "2.2 2.3 2.6 3.2 3.3 3.4 4.2 5.1 5.2 5.3 5.4 5.5 5.6 5.7 6.2 6.3 7.1 7.2 7.3 7.4"
).split()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_target_is_attained_or_explained(seed: int) -> None:
    found = certify(
        str(PROJECT),
        str(data_path("published")),
        str(WAVES / f"seed_{seed:02d}.csv"),
        str(WAVES / f"register_{seed:02d}.csv"),
    )
    assert set(found["status"]) <= {"attained", "assumed", "impossible", "contradicted"}
    explained = found[found["status"].isin(["impossible", "contradicted", "assumed"])]
    assert (explained["reason"] != "").all()
    written = pd.read_csv(WAVES / f"certificate_{seed:02d}.csv", dtype=str, keep_default_na=False)
    shown = found.fillna("").astype(str)
    pd.testing.assert_frame_equal(written, shown, check_dtype=False)


@pytest.mark.parametrize("seed", SEEDS)
def test_read_wave_accepts_every_seed(seed: int) -> None:
    wave = read_wave(
        WAVES / f"seed_{seed:02d}.csv", codebook=data_path("codebooks", "monitor_2016.toml")
    )
    joined = wave.join_register(WAVES / f"register_{seed:02d}.csv", year=2016)
    frame = joined.frame
    assert frame["sector"].value_counts().to_dict() == {"po": 65, "vo": 58}
    assert frame[["equalisation", "boards", "pupil_growth"]].notna().all(axis=None)
    assert frame.index.str.match(r"SYN-(PO|VO)-\d{3}$").all()


def test_seeds_are_twenty_different_data_sets() -> None:
    texts = set()
    for seed in SEEDS:
        rows = pd.read_csv(WAVES / f"seed_{seed:02d}.csv").drop(columns="seed")
        texts.add(rows.to_csv())
    assert len(texts) == 20


def test_a_seed_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    report = rebuild("monitor_2016", [4], tmp_path, show_progress=False)[0]
    assert report.missed == ()
    for name in ("seed_04.csv", "register_04.csv", "certificate_04.csv"):
        assert (tmp_path / name).read_bytes() == (WAVES / name).read_bytes()


def test_shipped_proofs_are_those_that_the_rules_find() -> None:
    assert prove(read_project("monitor_2016")) == read_proofs(PROJECT)


def test_chapter_tables_that_follow_are_not_fitted() -> None:
    targets = pd.read_csv(PROJECT / "targets.csv", dtype=str, keep_default_na=False)
    fitted = set(targets.loc[targets["role"] == "target", "locator"])
    assert not fitted & {f"Tabel {number}" for number in CHAPTERS}
    printed_once = targets[targets["locator"].isin(["Tabel 2.1", "Tabel 2.7"])]
    assert set(printed_once.loc[printed_once["locator"] == "Tabel 2.1", "row_no"]) == {"5"}
    assert set(printed_once.loc[printed_once["locator"] == "Tabel 2.7", "sector"]) == {"vo"}
    settling = targets[targets["role"] == "settle"]
    assert settling["target"].tolist() == ["tables:Tabel 5.1:8:po:percent"]


def test_every_appendix_number_is_a_target() -> None:
    record = pd.read_csv(data_path("published", "monitor_2016_tables.csv"), dtype=str)
    targets = pd.read_csv(PROJECT / "targets.csv", dtype=str, keep_default_na=False)
    key = ["locator", "row_no", "sector", "measure"]
    have = set(map(tuple, targets.loc[targets["role"] == "target", key].to_numpy()))
    wanted = record[record["locator"].str.startswith("Bijlage")]
    assert {tuple(row) for row in wanted[key].to_numpy()} <= have


def test_assumptions_named_by_targets_stand_with_their_reason() -> None:
    project = read_project("monitor_2016")
    targets = pd.read_csv(PROJECT / "targets.csv", dtype=str, keep_default_na=False)
    for name in set(targets["assumption"]) - {""}:
        entry: object = project.assumptions
        for part in name.split("."):
            assert isinstance(entry, Mapping)
            entry = entry[part]
        assert isinstance(entry, Mapping)
        assert len(entry["reason"]) > 30


def test_project_and_codebook_agree() -> None:
    project = read_project("monitor_2016")
    codebook = Codebook.load(data_path("codebooks", "monitor_2016.toml"))
    assert set(project.variables) == set(codebook.variables)
    for name, spec in project.variables.items():
        variable = codebook.variable(name)
        assert set(variable.sectors or ("po", "vo")) == set(spec.sectors), name
        assert (variable.set or "") == spec.response_set, name
        assert (variable.composition or "") == spec.composition, name
        gate = variable.gate
        assert (gate.variable if gate else "") == spec.gate, name
        assert set(gate.codes if gate else ()) == spec.gate_codes, name
    for name, scale in project.quantities.items():
        if scale.kind == "scale" and name in codebook.scales:
            items = {(item, codebook.variable(item).reversed) for item in codebook.items(name)}
            assert items == set(scale.variables), name
