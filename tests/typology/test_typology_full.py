"""The whole of the method with its bootstrap tests: small waves, few replicates, all routes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typology_samples import THEMES, sector_rows, unrelated

import swvtypes as sw
from swvtypes.errors import TypologyError
from swvtypes.typology.association import association_test
from swvtypes.typology.sequential import deciding_stop

FULL: dict[str, Any] = {"n_init": 10, "n_boot": 39, "max_classes": 2, "max_types": 2}
TWO = {name: THEMES[name] for name in ("t1", "t2", "t3")}


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return sector_rows("PO", 77, 0.5, 11)[0]


@pytest.fixture(scope="module")
def full(rows: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> tuple[sw.Typology, Path]:
    folder = tmp_path_factory.mktemp("checkpoint")
    return sw.Typology(random_state=1, **FULL).fit(rows, themes=TWO, checkpoint=folder), folder


def test_full_mode_tests_existence_and_all_routes(full: tuple[sw.Typology, Path]) -> None:
    typology, _ = full
    found = typology.superclusters_["all"]
    assert found.existence["p_value"].iloc[0] == pytest.approx(1 / 40)
    assert found.existence["n_boot"].iloc[0] == 39
    assert set(found.routes.index) == {"one_class_analysis", "two_step", "one_step"}
    assert found.verdict["verdict"] in {"types", "continuum", "undecided", "neither"}
    assert typology.membership_.types == ("1", "2")
    assert "bootstrap" in typology.describe("en")
    assert "quick look" not in typology.describe("en")


def test_full_mode_tests_classes_items_and_the_continuum(full: tuple[sw.Typology, Path]) -> None:
    for theme in full[0].themes_.values():
        typing = theme.by_sector["all"]
        assert typing.n_classes == 2
        assert typing.enumeration.loc[2, "blrt_p"] <= 0.05
        assert typing.selection["lr_p"].notna().all()
        assert set(typing.verdict) == {"verdict", "nl", "en", "tests"}


def test_full_mode_goes_on_after_an_interrupt_in_the_types(
    full: tuple[sw.Typology, Path], rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    from swvtypes.typology import pipeline

    typology, folder = full
    (folder / "types_all.json").unlink()
    (folder / "theme_all_t2.json").unlink()
    real, begun = pipeline.find_types, []

    def interrupted(task, options):  # type: ignore[no-untyped-def]
        begun.append(task)
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "find_types", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sw.Typology(random_state=1, **FULL).fit(rows, themes=TWO, checkpoint=folder)
    assert len(begun) == 1
    assert (folder / "theme_all_t2.json").is_file()
    monkeypatch.setattr(pipeline, "find_types", real)
    again = sw.Typology(random_state=1, **FULL).fit(rows, themes=TWO, checkpoint=folder)
    pd.testing.assert_frame_equal(
        again.membership_.probabilities, typology.membership_.probabilities, check_exact=True
    )
    pd.testing.assert_frame_equal(
        again.superclusters_["all"].existence, typology.superclusters_["all"].existence
    )


def test_full_mode_refuses_types_over_unrelated_themes() -> None:
    frame = unrelated()
    two = {name: THEMES[name] for name in ("t1", "t2")}
    typology = sw.Typology(random_state=1, **FULL).fit(frame, themes=two)
    found = typology.superclusters_["all"]
    assert found.verdict["verdict"] == "independent"
    assert typology.membership_.types == ("1",)
    assert found.existence["p_value"].iloc[0] > 0.05
    assert found.existence["n_boot"].iloc[0] < 39  # stopped: it could no longer reject


def test_association_can_be_tested_after_a_quick_look(rows: pd.DataFrame) -> None:
    quick = sw.Typology(random_state=1, quick=True, n_init=10, max_classes=2, max_types=2)
    quick.fit(rows, themes=TWO)
    test = association_test(quick, "all", 39)
    assert test is not None
    assert test.p_value == pytest.approx(1 / 40)
    with pytest.raises(TypologyError, match=r"no sector 'po'; there are \['all'\]"):
        association_test(quick, "po")
    one = sw.Typology(random_state=1, quick=True, n_init=10, max_classes=1)
    assert association_test(one.fit(rows, themes=TWO), "all") is None


@pytest.mark.parametrize(("level", "n_boot"), [(0.05, 499), (0.05, 99), (0.05, 100), (0.01, 199)])
def test_a_stop_changes_no_verdict(level: float, n_boot: int) -> None:
    stop = deciding_stop(level, n_boot)
    for reached in range(n_boot + 1):
        whole = (reached + 1) / (n_boot + 1) <= level
        # The stop comes at the last replicate at the latest: stop / n_boot is its smallest p.
        stopped = stop / n_boot <= level if reached >= stop else whole
        assert whole == stopped
