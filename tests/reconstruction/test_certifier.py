"""The certifier: its imports, its numbers against scipy, and planted changes it must see."""

from __future__ import annotations

import ast
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.errors import ReconstructionError
from swvtypes.reconstruction import certifier, certify
from swvtypes.resources import data_path

ALLOWED = {"__future__", "decimal", "pandas", "swvtypes.errors"}


def test_imports_are_on_the_allow_list() -> None:
    tree = ast.parse(Path(certifier.__file__).read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports reach the builder"
            found.add(str(node.module))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"__import__", "eval", "exec"}
    assert found <= ALLOWED


@pytest.mark.parametrize(
    ("f", "df1", "df2"), [(5.21, 2, 62), (1.29, 2, 120), (5.9, 1, 121), (0.3, 4, 7)]
)
def test_p_of_f_agrees_with_scipy(f: float, df1: int, df2: int) -> None:
    x = Decimal(df2) / (Decimal(df2) + df1 * Decimal(str(f)))
    assert float(certifier.beta_tail(x, df2, df1)) == pytest.approx(
        stats.f.sf(f, df1, df2), rel=1e-12
    )


@pytest.mark.parametrize("n", [5, 6, 58, 123])
@pytest.mark.parametrize("r", [-0.6, 0.01, 0.203])
def test_p_of_r_agrees_with_scipy(r: float, n: int) -> None:
    t = abs(r) * np.sqrt((n - 2) / (1 - r * r))
    tail = certifier.beta_tail(1 - Decimal(str(r)) ** 2, n - 2, 1)
    assert float(tail) == pytest.approx(2 * stats.t.sf(t, n - 2), rel=1e-12)


def test_ends_of_the_tail() -> None:
    assert certifier.beta_tail(Decimal(0), 4, 2) == 0
    assert certifier.beta_tail(Decimal(1), 4, 2) == 1


PROJECT = str(data_path("reconstruction", "monitor_2016"))
RECORD = str(data_path("published"))
WAVES = data_path("waves", "monitor_2016")
Change = Callable[[pd.DataFrame], pd.DataFrame | None]


def swap(frame: pd.DataFrame, column: str, first: int, second: int) -> None:
    values = frame[column].tolist()
    values[first], values[second] = values[second], values[first]
    frame[column] = values


def where(frame: pd.DataFrame, column: str, value: str, sector: str) -> int:
    return int(frame.index[(frame[column] == value) & (frame["sector"] == sector)][0])


def sort_item(frame: pd.DataFrame) -> None:
    po = frame["sector"] == "po"
    frame.loc[po, "trust_help"] = sorted(frame.loc[po, "trust_help"])


def swap_between_sectors(frame: pd.DataFrame) -> None:
    swap(
        frame,
        "care_able",
        where(frame, "care_able", "3", "po"),
        where(frame, "care_able", "5", "vo"),
    )


def change_code(frame: pd.DataFrame) -> None:
    frame.loc[where(frame, "gap_crisis", "4", "vo"), "gap_crisis"] = "1"


def unknown_code(frame: pd.DataFrame) -> None:
    frame.loc[where(frame, "consultation_board", "2", "po"), "consultation_board"] = "7"


def blank_cell(frame: pd.DataFrame) -> None:
    frame.loc[where(frame, "risk_analysis", "3", "po"), "risk_analysis"] = ""


def share_too_much(frame: pd.DataFrame) -> None:
    frame.loc[4, "budget_decentral"] = str(int(frame.loc[4, "budget_decentral"]) + 1)


def share_moved(frame: pd.DataFrame) -> None:
    rows = frame.index[frame["budget_decentral"].astype(int) >= 40]
    for row in rows[:4]:
        frame.loc[row, "budget_decentral"] = str(int(frame.loc[row, "budget_decentral"]) - 40)
        frame.loc[row, "budget_special"] = str(int(frame.loc[row, "budget_special"]) + 40)


def exclusive_option(frame: pd.DataFrame) -> None:
    first, second = where(frame, "quality_none", "1", "po"), where(frame, "quality_none", "0", "po")
    swap(frame, "quality_none", first, second)


def answer_where_routed_past(frame: pd.DataFrame) -> None:
    first = where(frame, "supervisory_board_type", "2", "po")
    second = where(frame, "supervision_model", "1", "po")
    swap(frame, "supervisory_board_type", first, second)


def steering_swapped(frame: pd.DataFrame) -> None:
    swap(
        frame, "steering", where(frame, "steering", "1", "po"), where(frame, "steering", "9", "po")
    )


def seed_mixed(frame: pd.DataFrame) -> None:
    frame.loc[7, "seed"] = "99"


def not_marked(frame: pd.DataFrame) -> None:
    frame.loc[7, "synthetic"] = "false"


def twice(frame: pd.DataFrame) -> None:
    frame.loc[7, "organisation"] = frame.loc[8, "organisation"]


def real_looking(frame: pd.DataFrame) -> None:
    frame.loc[7, "organisation"] = "PO2701"


def row_lost(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:-1]


CHANGES: list[tuple[Change, str]] = [
    (sort_item, "tables:Bijlage 1 Vertrouwen:1:po:alpha"),
    (swap_between_sectors, "tables:Bijlage 2 po Q23:1:po:deels_niet_deels_wel"),
    (change_code, "tables:Bijlage 2 vo Q24:8:vo:voldoende_beschikbaar"),
    (unknown_code, "tables:Bijlage 2 po Q13:2:po:count"),
    (blank_cell, "tables:Bijlage 2 po Q5:3:po:count"),
    (share_too_much, "structure:compositions add up"),
    (share_moved, "tables:Tabel 3.1:2:po:mean"),
    (exclusive_option, "structure:exclusive options"),
    (answer_where_routed_past, "structure:routing"),
    (steering_swapped, "text:T390:F:po:trust:steering_group"),
    (seed_mixed, "structure:one seed"),
    (not_marked, "structure:marked synthetic"),
    (twice, "structure:unique organisations"),
    (real_looking, "structure:unique organisations"),
    (row_lost, "tables:Bijlage 2 vo Q2:6:vo:count"),
]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(WAVES / name, dtype=str, keep_default_na=False)


@pytest.mark.parametrize(("change", "target"), CHANGES, ids=[c.__name__ for c, _ in CHANGES])
def test_planted_changes_are_seen(change: Change, target: str, tmp_path: Path) -> None:
    frame = read("seed_01.csv")
    changed = change(frame)
    frame = frame if changed is None else changed
    wave = tmp_path / "seed_01.csv"
    frame.to_csv(wave, index=False)
    found = certify(PROJECT, RECORD, str(wave), str(WAVES / "register_01.csv"))
    status = found.set_index("target")["status"]
    missed = set(status.index[status == "missed"])
    name = target if target in status.index else target.replace(":mean", ":percent")
    assert name in missed, sorted(missed)[:8]


def test_one_swapped_answer_of_the_lowest_row_is_seen(tmp_path: Path) -> None:
    frame = read("seed_01.csv")
    items = [c for c in frame.columns if c.startswith("consensus_")]
    vo = frame[frame["sector"] == "vo"]
    scores = vo[items].replace("99", np.nan).astype(float).mean(axis=1)
    low = int(scores.idxmin())
    other = int(vo.index[(vo["consensus_goals"] == "5")][0])
    swap(frame, "consensus_goals", low, other)
    frame.to_csv(tmp_path / "w.csv", index=False)
    found = certify(PROJECT, RECORD, str(tmp_path / "w.csv"), str(WAVES / "register_01.csv"))
    missed = set(found.loc[found["status"] == "missed", "target"])
    assert "text:T060:min:vo:consensus" in missed
    assert not any(":percent" in t and "Q19" in t for t in missed), "marginals stayed exact"


def test_reordered_register_is_seen(tmp_path: Path) -> None:
    frame = read("register_01.csv")
    frame["pupil_growth"] = frame["pupil_growth"].to_numpy()[::-1]
    frame.to_csv(tmp_path / "register.csv", index=False)
    found = certify(PROJECT, RECORD, str(WAVES / "seed_01.csv"), str(tmp_path / "register.csv"))
    missed = set(found.loc[found["status"] == "missed", "target"])
    assert "text:T207:r:po:pupil_growth:care_duty" in missed


def test_changed_print_is_seen_and_computes_the_same(tmp_path: Path) -> None:
    for path in Path(RECORD).glob("monitor_2016_*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / "monitor_2016_text.csv").read_text(encoding="utf-8")
    assert "T110,vn 19,both,r,consensus,trust,0.548" in text
    changed = text.replace(
        "T110,vn 19,both,r,consensus,trust,0.548", "T110,vn 19,both,r,consensus,trust,0.648"
    )
    (tmp_path / "monitor_2016_text.csv").write_text(changed, encoding="utf-8")
    files = (str(WAVES / "seed_01.csv"), str(WAVES / "register_01.csv"))
    before = certify(PROJECT, RECORD, *files).set_index("target")
    after = certify(PROJECT, str(tmp_path), *files).set_index("target")
    differs = before.index[before["status"] != after["status"]]
    assert list(differs) == ["text:T110:r:both:consensus:trust"]
    assert before["computed"].equals(after["computed"])


def test_target_without_a_print_is_an_error(tmp_path: Path) -> None:
    for path in Path(RECORD).glob("monitor_2016_*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("T110,")]
        (tmp_path / path.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    with pytest.raises(ReconstructionError, match=r"text:T110:.*: the record holds no such number"):
        certify(PROJECT, str(tmp_path), str(WAVES / "seed_01.csv"))
