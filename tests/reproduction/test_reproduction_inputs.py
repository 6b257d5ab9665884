"""What goes in: the record, the targets, the waves; and what comes out of a written result."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from choirs import FITTED, PRINT, as_record, as_targets, as_text

from swvtypes import resources
from swvtypes.errors import InputError, RecordError, ResourceError
from swvtypes.reproduction import Inputs, Reproduction, gather, reproduce
from swvtypes.reproduction.reach import alpha_bounds, largest_deviation, mean_bounds
from swvtypes.survey import Codebook, Wave, available_seeds, load_wave
from swvtypes.tables import TableSet, compute_tables, load_tables


def test_no_waves_and_different_codebooks_are_refused(
    tables: TableSet, waves: dict[int, Wave], book: Codebook
) -> None:
    given = Inputs("choirs", as_record(PRINT), as_text([]), tables, {}, as_targets(FITTED))
    with pytest.raises(InputError, match="waves: expected at least one, got none"):
        reproduce(inputs=given)
    other = replace(waves[2], codebook=Codebook(book.file.model_copy(update={"id": "bands"})))
    mixed = replace(given, waves={1: waves[1], 2: other})
    with pytest.raises(InputError, match="waves: expected one codebook, got bands, choirs"):
        reproduce(inputs=mixed)


def test_a_malformed_list_of_targets_is_refused_with_all_its_faults(
    tables: TableSet, waves: dict[int, Wave]
) -> None:
    given = Inputs("choirs", as_record(PRINT), as_text([]), tables, waves, as_targets(FITTED))
    short = replace(given, targets=given.targets.drop(columns=["role", "kind"]))
    with pytest.raises(RecordError) as caught:
        reproduce(inputs=short)
    assert caught.value.faults == (
        "column kind: expected, absent",
        "column role: expected, absent",
    )
    wrong = given.targets.assign(row_no=["x", *given.targets["row_no"][1:]])
    with pytest.raises(RecordError, match="line 2: expected a row number, got 'x'"):
        reproduce(inputs=replace(given, targets=wrong))


def test_targets_from_running_text_settle_no_cell(tables: TableSet, waves: dict[int, Wave]) -> None:
    elsewhere = as_targets(FITTED).assign(source="choirs_text", row_no="")
    given = Inputs("choirs", as_record(PRINT), as_text([]), tables, waves, elsewhere)
    assert set(reproduce(inputs=given).cells["role"]) == {"free"}


@pytest.fixture
def moved_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the packaged data, and look there."""
    root = tmp_path / "data"
    shutil.copytree(resources.data_root(), root)
    monkeypatch.setattr(resources, "_CHECKOUT", root)
    monkeypatch.setattr(resources, "_INSTALLED", root)
    return root


def test_without_the_record_tables_are_computed_and_only_the_comparison_fails(
    moved_data: Path,
) -> None:
    seeds = available_seeds("monitor_2016")
    before = compute_tables(load_wave("monitor_2016", seed=seeds[0]), load_tables("monitor_2016"))
    shutil.rmtree(moved_data / "published")
    wave = load_wave("monitor_2016", seed=seeds[0])
    after = compute_tables(wave, load_tables("monitor_2016"))
    pd.testing.assert_frame_equal(before, after)
    with pytest.raises(RecordError, match="printed record 'monitor_2016_tables'"):
        gather("monitor_2016")


def test_rows_or_targets_that_are_absent_are_named(moved_data: Path) -> None:
    with pytest.raises(ResourceError, match="expected at least one seed"):
        gather("monitor_2016", seeds=[])
    shutil.rmtree(moved_data / "reconstruction")
    with pytest.raises(ResourceError, match=r"expected reconstruction/monitor_2016/targets\.csv"):
        gather("monitor_2016")


def test_a_record_of_running_text_may_be_absent(moved_data: Path) -> None:
    (moved_data / "published" / "monitor_2016_text.csv").unlink(missing_ok=True)
    assert gather("monitor_2016", seeds=[1]).text.empty


def test_cells_are_written_in_one_piece(
    compare: Callable[..., Reproduction], tmp_path: Path
) -> None:
    result = compare()
    path = tmp_path / "reproduction.csv"
    result.write_csv(path)
    back = pd.read_csv(path, keep_default_na=False)
    assert list(back.columns) == list(result.cells.columns)
    assert back["verdict"].tolist() == result.cells["verdict"].tolist()
    assert b"\r" not in path.read_bytes()
    assert [item.name for item in tmp_path.iterdir()] == ["reproduction.csv"]
    assert result.unsettled["locator"].tolist() == ["Table 4"]


def test_bounds_hold_for_every_arrangement_of_the_answers() -> None:
    import numpy as np

    rng = np.random.default_rng(20)
    answers = rng.integers(1, 6, size=(12, 3)).astype(float)
    answers[:3, 1] = np.nan
    answers[4, 2] = np.nan
    low, high = mean_bounds(answers)
    widest = largest_deviation(answers)
    means, deviations = [], []
    for _ in range(2000):
        mixed = np.column_stack([rng.permutation(column) for column in answers.T])
        scores = np.nanmean(mixed, axis=1)
        means.append(scores.mean())
        deviations.append(scores.std(ddof=1))
    assert low <= min(means) < max(means) <= high
    assert max(deviations) <= widest
    complete = rng.integers(1, 6, size=(12, 3)).astype(float)
    spread = complete.mean(axis=1).std(ddof=1)
    lowest, highest = alpha_bounds(complete, spread - 1e-9, spread + 1e-9)
    covariance = np.cov(complete.T)
    off = covariance.sum() - np.trace(covariance)
    alpha = 3 / 2 * off / covariance.sum()
    assert lowest <= alpha <= highest
    assert np.isnan(alpha_bounds(answers, 0.5, 0.6)).all()
    answers[:, 0] = np.nan
    nobody = answers.copy()
    nobody[0] = np.nan
    assert np.isnan(mean_bounds(nobody)).all()
    assert np.isnan(largest_deviation(nobody))
