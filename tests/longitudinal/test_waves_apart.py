"""Waves with a sector or a scale of their own: said by name, and the rest is compared."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy_panel import answers, variables

import swvtypes as sw
from swvtypes.cli.comparing_command import compare
from swvtypes.cli.comparing_files import figures_of
from swvtypes.cli.fitting_command import membership_frame
from swvtypes.cli.simulating_command import simulate
from swvtypes.errors import InputError, OptionError, SwvtypesWarning, TypologyError
from swvtypes.longitudinal import (
    CompareOptions,
    WaveSide,
    comparability,
    compare_waves,
    score_old_typology,
    split_change,
)
from swvtypes.longitudinal.position_scale import scale_ends
from swvtypes.survey import Codebook, ItemCrosswalk, Wave

N = 80
OPTIONS = CompareOptions(n_draws=19)
SECTORS = np.array(["po", "vo"])[np.arange(N) % 2]


def book(name: str, year: int, ends: str = "minimum = 1, maximum = 5", last: int = 0) -> Codebook:
    sectors = ", ".join(
        f'{{id = "{s}", label = {{nl = "{s}", en = "{s}"}}, population = 50}}' for s in ("po", "vo")
    )
    themes = ", ".join(
        f'{{id = "{t}", label = {{nl = "{t}", en = "{t}"}}}}' for t in ("care", "rules")
    )
    questions = "\n".join(
        f'  {{id = "{v}", label = {{nl = "{v}", en = "{v}"}}, type = "binary", '
        f'theme = "{v.split("_")[0]}"}},'
        for v in variables()
    )
    codes = ", ".join(
        f'{{code = {c}, label = {{nl = "{c}", en = "{c}"}}}}' for c in range(1, last + 1)
    )
    lists = f'answers = [{{id = "line", label = {{nl = "l", en = "l"}}, categories = [{codes}]}}]'
    kind = 'type = "ordinal", answers = "line"' if last else 'type = "count"'
    place = f'id = "steering", label = {{nl = "plek", en = "place"}}, {kind}'
    return Codebook.parse(
        f'schema_version = 1\nid = "{name}"\ntitle = {{nl = "x", en = "x"}}\nyear = {year}\n'
        f"sectors = [{sectors}]\nthemes = [{themes}]\n{lists * bool(last)}\n"
        f"variables = [\n{questions}\n"
        f"  {{{place}{', ' * bool(ends)}{ends}}},\n]\n",
        f"{name}.toml",
    )


def frame(seed: int, factor: float = 0.5) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    kind = (np.arange(N) % 3 == 0).astype(int)
    if seed > 1:
        kind = np.where(rng.random(N) < 0.12, 1 - kind, kind)
    made = answers(kind, variables(), seed).assign(sector=SECTORS)
    made["steering"] = np.ceil(made["steering"] * factor).astype(int)
    return made


def wave(name: str, year: int, rows: pd.DataFrame) -> Wave:
    return Wave.from_frame(rows, book(name, year), name=name)


@dataclass(frozen=True)
class Two:
    """Both waves, and each of po alone."""

    first: WaveSide
    second: WaveSide
    first_po: WaveSide
    second_po: WaveSide


def side(of: Wave) -> WaveSide:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        typology = sw.Typology(random_state=1, quick=True, n_init=3, max_classes=2).fit(of)
    return WaveSide(typology, typology.membership_, of)


@pytest.fixture(scope="module")
def two() -> Two:
    rows = frame(1), frame(2)
    po = SECTORS == "po"
    return Two(
        side(wave("first", 2020, rows[0])), side(wave("second", 2022, rows[1])),
        side(wave("first", 2020, rows[0][po])), side(wave("second", 2022, rows[1][po])),
    )  # fmt: skip


def test_a_sector_that_is_gone_is_named_and_enters_nothing(two: Two) -> None:
    found = compare_waves(two.first, two.second_po, OPTIONS)
    assert [t.sector for t in found.types] == ["po"]
    assert "- sector vo: alleen in first" in found.text("nl")
    assert "- sector vo: only in first" in found.text("en")
    assert found.drift is not None
    assert set(found.drift["n_before"]) == {40}
    assert list(found.positions) == ["po"]
    assert [s.identified for s in found.split] == [True, False]
    assert "te weinig organisaties" in found.split[1].reason.nl


def test_a_sector_that_is_new_leaves_the_others_to_be_compared(two: Two) -> None:
    found = compare_waves(two.first_po, two.second, OPTIONS)
    assert "- sector vo: only in second" in found.text("en")
    assert found.old is not None
    told = found.old.information.set_index("sectors").loc["vo"]
    assert (told["items"], told["scored"]) == (0, False)
    assert "vo: niet te scoren (de oude typologie kent deze sector niet)" in found.old.text("nl")
    known = found.old.membership.modal.notna()
    assert known.groupby(found.old.membership.sector_of).mean().to_dict() == {"po": 1.0, "vo": 0.0}
    assert two.second.wave is not None
    vo = two.second.wave.sector("vo")
    with pytest.raises(TypologyError, match="sector 'vo': the old typology does not know it"):
        score_old_typology(two.first_po.typology, vo)


def test_a_sector_without_organisations_in_both_waves_is_not_split(two: Two) -> None:
    rows = frame(2)
    vo = rows["sector"] == "vo"
    rows.loc[vo, "organisation"] = "B" + rows.loc[vo, "organisation"]
    later = wave("second", 2022, rows)
    assert two.first.wave is not None
    told = comparability(two.first.wave, later, typology=two.first.typology)
    assert told.n_pairs == 40
    assert [told.verdict("split", s).possible for s in ("po", "vo")] == [True, False]
    assert told.verdict("moved").possible
    po, other = split_change((two.first.typology, two.first.wave), (two.second.typology, later))
    assert (po.identified, po.n, other.identified) == (True, 40, False)


def test_the_middle_is_that_of_the_scale(two: Two) -> None:
    found = compare_waves(two.first, two.second, OPTIONS)
    assert two.first.wave is not None
    x = two.first.wave.sector("po").frame["steering"].astype(float)
    wanted = float((x - 3).abs().mean())
    assert found.positions["po"].summary.loc["before", "distance"] == pytest.approx(wanted)
    drawn = figures_of(found, (two.first, two.second), OPTIONS, "nl")
    assert drawn["positions_po"]().get_xlim() == (0.5, 5.5)


def test_scales_that_differ_or_have_no_ends_are_named(two: Two) -> None:
    wide = Wave.from_frame(
        frame(2, 1.0), book("second", 2022, "minimum = 0, maximum = 10"), name="second"
    )
    later = WaveSide(two.second.typology, two.second.membership, wide)
    found = compare_waves(two.first, later, OPTIONS)
    assert not found.positions
    assert "- posities: de schaal verschilt: 1 tot 5 en 0 tot 10" in found.text("nl")
    assert "positions: expected one scale in both waves, got 1 to 5 and 0 to 10" in found.text("en")
    loose = [
        Wave.from_frame(frame(k, factor), book(name, year, ""), name=name)
        for k, factor, name, year in ((1, 1.0, "first", 2020), (2, 1.5, "second", 2022))
    ]
    names = ItemCrosswalk.of_names(*(sw.survey.Questions.of(w) for w in loose))
    assert scale_ends((loose[0], loose[0]), names, "steering") == (1.0, 10.0)
    with pytest.raises(InputError, match=r"or answers of 1 to 10; got answers of [12] to 15"):
        scale_ends((loose[0], loose[1]), names, "steering")


def test_a_position_with_other_answers_is_not_called_gone() -> None:
    short, long = (
        Wave.from_frame(frame(k, k / 2), book(name, 2018 + 2 * k, "", 5 * k), name=name)
        for k, name in ((1, "first"), (2, "second"))
    )
    verdict = comparability(short, long).verdict("positions")
    assert not verdict.possible
    assert verdict.reason.en == "The question 'steering' has other answers."
    other = short.codebook
    named = Wave.from_frame(frame(1), other, name="second")
    assert comparability(short, named).verdict("positions").possible


def test_options_of_a_comparison_are_checked() -> None:
    with pytest.raises(OptionError, match="merged: expected 'agreement' or 'unknown', got 'larg"):
        CompareOptions(merged="larger")
    with pytest.raises(OptionError, match="n_draws: expected at least 1, got 0"):
        CompareOptions(n_draws=0)


def test_waves_of_one_name_or_in_the_wrong_order_are_named(two: Two, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected waves of different names, got 'first' twice"):
        compare_waves(two.first, two.first, OPTIONS)
    runs = []
    for name, one in (("a", two.first), ("b", two.second)):
        (tmp_path / name).mkdir()
        one.typology.save(tmp_path / name / "typology.json")
        frame = membership_frame(one.membership)
        frame.to_csv(tmp_path / name / "membership.csv", index=False)
        runs.append(tmp_path / name)
    with pytest.raises(InputError, match="expected the earlier wave first, got 2022 before 2020"):
        compare(runs[1], runs[0], out=tmp_path / "out", figures=False)
    assert not (tmp_path / "out").exists()


def test_many_made_up_waves_in_the_folder_at_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book.toml").write_text(
        'schema_version = 1\nid = "b"\ntitle = {nl = "x", en = "x"}\nyear = 2020\n'
        'sectors = [{id = "po", label = {nl = "p", en = "p"}, population = 50}]\n'
        'variables = [{id = "tried", label = {nl = "t", en = "t"}, type = "binary"}]\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    simulate(Path("book.toml"), Path("made.csv"), 5, seeds="1-2", jobs=1)
    assert {p.name for p in tmp_path.glob("made_0*.csv")} == {"made_0001.csv", "made_0002.csv"}
