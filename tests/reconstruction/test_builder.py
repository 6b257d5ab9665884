"""The builder on a made-up report that it has never seen, and its sameness."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from swvtypes.errors import ReconstructionError, RecordError
from swvtypes.reconstruction import prove, rebuild
from swvtypes.reconstruction.project import read_project

from .conftest import SIZES, Report


@pytest.fixture(scope="module")
def built(report: Report, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    out = tmp_path_factory.mktemp("out")
    rebuild(report.project, [1, 2], out, record=report.record, show_progress=False)
    return out, report


def lines(folder: Path, seed: int) -> pd.DataFrame:
    frame = pd.read_csv(folder / f"certificate_{seed:02d}.csv", dtype=str, keep_default_na=False)
    return frame.set_index("target")


def test_made_up_report_is_rebuilt_and_certified(built: tuple[Path, Report]) -> None:
    out, report = built
    for seed in (1, 2):
        found = lines(out, seed)
        assert not (found["status"] == "missed").any(), found[found["status"] == "missed"]
        assert len(found) == len(report.targets) + 6


def test_impossible_and_contradicted_prints_are_explained(built: tuple[Path, Report]) -> None:
    found = lines(built[0], 1)
    assert found.loc["T4:value", "status"] == "impossible"
    assert "no mean of at most 3 whole answers prints as 1.17" in found.loc["T4:value", "reason"]
    assert found.loc["T5:value", "status"] == "contradicted"
    assert "warmth 1 prints" in found.loc["T5:value", "reason"]
    assert found.loc["T2:df2", "status"] == "impossible"
    assert "at most 52, not 60" in found.loc["T2:df2", "reason"]


def test_files_hold_what_the_report_describes(built: tuple[Path, Report]) -> None:
    out, report = built
    rows = pd.read_csv(out / "seed_01.csv")
    assert rows["organisation"].is_unique
    assert rows["sector"].value_counts().to_dict() == SIZES
    assert rows["synthetic"].all()
    assert set(rows["seed"]) == {1}
    for name in ("stance", "warm_a", "warm_b", "warm_c", "option_x"):
        wanted = report.truth.groupby("sector")[name].value_counts().to_dict()
        assert rows.groupby("sector")[name].value_counts().to_dict() == wanted
    assert (rows[["share_p", "share_q", "share_r"]].sum(axis=1) == 100).all()
    assert rows.loc[rows["option_none"] == 1, ["option_x", "option_y"]].to_numpy().sum() == 0
    assert rows["why"].notna().equals(rows["stance"] <= 2)
    register = pd.read_csv(out / "register_01.csv")
    assert list(register.columns) == ["organisation", "year", "size"]


def test_same_seed_same_bytes_alone_or_among_others(
    built: tuple[Path, Report], tmp_path: Path
) -> None:
    out, report = built
    rebuild(report.project, [2], tmp_path, record=report.record, show_progress=False)
    for name in ("seed_02.csv", "register_02.csv", "certificate_02.csv"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_workers_do_not_change_the_files(built: tuple[Path, Report], tmp_path: Path) -> None:
    out, report = built
    reports = rebuild(
        report.project, [1, 2], tmp_path, record=report.record, n_jobs=2, show_progress=False
    )
    assert [r.seed for r in reports] == [1, 2]
    for seed in (1, 2):
        name = f"seed_{seed:02d}.csv"
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_seeds_differ(built: tuple[Path, Report]) -> None:
    out, _ = built
    first, second = (pd.read_csv(out / f"seed_0{seed}.csv") for seed in (1, 2))
    assert not first.drop(columns="seed").equals(second.drop(columns="seed"))


@pytest.mark.parametrize("seed", [0, -1, 1.5, "1"])
def test_wrong_seeds_are_named(report: Report, tmp_path: Path, seed: object) -> None:
    with pytest.raises(ReconstructionError, match="seeds: expected positive whole numbers, got"):
        rebuild(report.project, [1, seed], tmp_path, record=report.record)  # type: ignore[list-item]


def test_targets_without_a_print_are_all_listed(report: Report, tmp_path: Path) -> None:
    for path in report.record.iterdir():
        kept = [
            line for line in path.read_text().splitlines() if not line.startswith(("T1,", "T3,"))
        ]
        (tmp_path / path.name).write_text("\n".join(kept) + "\n")
    with pytest.raises(RecordError) as caught:
        read_project(report.project, tmp_path)
    assert len(caught.value.faults) == 3
    assert "target T3:value: expected one printed row, found 0" in caught.value.faults


def test_a_changed_print_is_proven_wrong_by_the_others(report: Report, tmp_path: Path) -> None:
    record = tmp_path / "record"
    record.mkdir()
    for path in report.record.iterdir():
        (record / path.name).write_text(path.read_text())
    text = (record / "tiny_tables.csv").read_text().splitlines()
    place = next(i for i, line in enumerate(text) if line.startswith("stance,1,north"))
    cells = text[place].split(",")
    cells[5] = str(int(cells[5]) + 30)
    text[place] = ",".join(cells)
    (record / "tiny_tables.csv").write_text("\n".join(text) + "\n")
    proofs = {p.target: p.proof for p in prove(read_project(report.project, record))}
    assert "the percentages add up at no base up to 30" in proofs["stance:1:north:percent"]
