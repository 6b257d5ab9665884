"""Weak items: which go on, how themes without classes of their own are heard, one more of both."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

import swvtypes as sw
from benchmarks import typology_weak_items as study
from swvtypes.errors import OptionError
from swvtypes.typology import ClassesOfClasses
from swvtypes.typology.hearing import hearing_test
from swvtypes.typology.hearing_of_themes import settled
from swvtypes.typology.routes import TypesTask
from swvtypes.typology.specification import TypologyOptions
from swvtypes.typology.theme_step import ThemeTyping
from swvtypes.typology.themes import ThemeSpec
from swvtypes.typology.type_existence import Existence

pytestmark = pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")


def answers(kind: np.ndarray, chance: float, rng: np.random.Generator) -> pd.DataFrame:
    """Yes and no, a count and a measurement that go with the kind by so much."""
    n = len(kind)
    yes = 0.5 + chance * (2 * kind - 1)
    return pd.DataFrame({
        "yes": (rng.random(n) < yes).astype(int),
        "word": np.where(rng.random(n) < yes, "a", np.where(rng.random(n) < 0.5, "b", "c")),
        "count": rng.poisson(3.0 + 6.0 * chance * kind),
        "measured": rng.normal(4.0 * chance * kind, 1.0),
    })  # fmt: skip


KINDS = {"yes": "nominal", "word": "nominal", "count": "count", "measured": "continuous"}


def test_the_hearing_keeps_its_level_whatever_the_answers_are() -> None:
    p = []
    for number in range(300):
        rng = np.random.default_rng([7, number])
        kind = rng.integers(2, size=50)
        frame = answers(rng.integers(2, size=50), 0.3, rng).astype({"yes": "Int64"})
        frame.loc[rng.random(50) < 0.2, "yes"] = pd.NA
        types = np.clip(np.column_stack([kind, 1 - kind]) + 0.1, 0.0, 1.0)
        types /= types.sum(axis=1, keepdims=True)
        p.append(hearing_test(frame, KINDS, types, 99, number))
    p = np.array(p)
    # Two hundred thousand to one against a rate outside three and a half standard errors.
    for level in (0.05, 0.20):
        assert abs((p <= level).mean() - level) < 3.5 * np.sqrt(level * (1 - level) / 300)


@pytest.mark.parametrize("column", list(KINDS))
def test_the_hearing_sees_every_kind_of_answer(column: str) -> None:
    rng = np.random.default_rng(3)
    kind = rng.integers(2, size=90)
    types = np.column_stack([kind, 1 - kind]).astype(float)
    frame = answers(kind, 0.35, rng)[[column]]
    assert hearing_test(frame, {column: KINDS[column]}, types, 199, 1) == pytest.approx(1 / 200)
    again = [hearing_test(frame, {column: KINDS[column]}, types, 199, seed) for seed in (4, 4)]
    assert again[0] == again[1]


def typing(n_classes: int, n_joint: int) -> ThemeTyping:
    empty = pd.DataFrame({"indicator": []})
    return ThemeTyping(
        ("all",), "t", n_classes, empty, (), ("a", "b", "c"), empty, ThemeSpec("t", (), ()),
        n_joint=n_joint,
    )  # fmt: skip


def test_a_theme_is_told_what_the_hearing_came_to() -> None:
    alone = typing(1, 2)
    assert alone.to_be_heard
    stays = settled(alone, {"t": 0.013}, {"t": 2})
    assert (stays.n_classes, stays.taken) == (2, ("a", "b", "c"))
    assert "(p = 0,013, rijen herschikt): 2 klassen." in stays.reasons[-1].nl
    leaves = settled(alone, {"t": 0.413}, {"u": 2})
    assert (leaves.n_classes, leaves.taken, leaves.takes_part) == (1, (), False)
    assert "Nor do the other themes point to classes (p = 0.413)." in leaves.reasons[-1].en
    assert settled(alone, {}, {}).taken == ()
    shown = typing(2, 2)
    assert settled(shown, {}, {"t": 2}) is shown
    assert settled(shown, {}, {}) is shown
    more = settled(shown, {}, {"t": 3})
    assert (more.n_classes, more.reasons[-1].en) == (3, "Beside the other themes: 3 classes.")


def wave(name: str, number: int, **options: Any) -> tuple[sw.Typology, study.Design, np.ndarray]:
    design = study.DESIGNS[name]
    frame, kind, _ = study.drawn(design, number)
    made = sw.Typology(random_state=number, n_init=10, quick=True, **options)
    return made.fit(frame, themes=study.themes_of(design)), design, kind


def test_weak_themes_take_part_and_only_where_that_is_asked() -> None:
    name = "first: 65, four themes of five, .70 and .30"
    found, _, _ = wave(name, 0)
    types = found.superclusters_["all"]
    assert len(types.heard) >= 2
    for theme, by in found.themes_.items():
        mine = by.by_sector["all"]
        assert (theme in types.theme_classes) == mine.takes_part
        assert mine.n_classes == types.theme_classes.get(theme, 1)
        assert set(mine.taken) <= set(mine.selection["indicator"])
    assert set(found.models_[0].items) == {i for t in found.themes_.values()
                                           for i in t.by_sector["all"].taken}  # fmt: skip
    strict, _, _ = wave(name, 0, items="significant")
    assert strict.superclusters_["all"].heard == {}
    assert all(
        set(t.by_sector["all"].taken) <= set(t.by_sector["all"].selection["indicator"])
        and (t.by_sector["all"].n_classes > 1 or not t.by_sector["all"].taken)
        for t in strict.themes_.values()
    )


def test_what_was_heard_is_kept_in_the_file(tmp_path: Any) -> None:
    found, _, _ = wave("first: 65, four themes of five, .70 and .30", 0)
    found.save(tmp_path / "t.json")
    again = sw.Typology.load(tmp_path / "t.json").superclusters_["all"]
    assert again.heard == found.superclusters_["all"].heard
    assert again.theme_classes == found.superclusters_["all"].theme_classes
    # A file from before the hearing has none.
    content = json.loads((tmp_path / "t.json").read_text())
    for name in ("heard", "theme_classes"):
        del content["findings"]["types"]["all"][name]
    (tmp_path / "old.json").write_text(json.dumps(content))
    assert sw.Typology.load(tmp_path / "old.json").superclusters_["all"].heard == {}


def test_classes_and_types_rise_together_only_where_both_are_there() -> None:
    found, _, _ = wave("second: 77, three classes and types", 0)
    assert found.models_[0].n_types == 3
    assert set(found.superclusters_["all"].theme_classes.values()) == {3}
    told = found.describe("en")
    assert "3 types with one class more in the themes: together they lower AIC3 by" in told
    assert "Beside the other themes: 3 classes." in str(found.themes_["t0"].by_sector["all"])
    strict, _, _ = wave("second: 77, three classes and types", 0, items="significant")
    assert strict.models_[0].n_types == 2
    two, _, _ = wave("first: 77, four themes of five", 0)
    assert two.models_[0].n_types == 2


def test_classes_rise_alone_where_there_are_as_many_types_as_may_be() -> None:
    name = "second: 77, three classes and types"
    found, _, kind = wave(name, 4)
    assert found.models_[0].n_types == TypologyOptions().max_types == 3
    assert set(found.superclusters_["all"].theme_classes.values()) == {3}
    # With two classes in every theme the types agree less with the truth than .6.
    modal = found.membership_.modal.reindex(range(len(kind)))
    assert adjusted_rand_score(kind[modal.notna()], modal[modal.notna()]) > 0.8
    assert "3 types with one class more in the themes" in found.describe("en")


def test_a_verdict_on_types_does_not_outlive_them() -> None:
    design = "first: 77, four themes of five"
    frame, _, _ = study.drawn(study.DESIGNS[design], 0)
    items = study.themes_of(study.DESIGNS[design])["t0"]
    sector = pd.Series("all", index=frame.index)
    task = TypesTask(("all",), frame[items], sector, {"t0": (2, tuple(items))}, {}, "", 1)
    types = Existence(2, pd.DataFrame(), (), {"verdict": "types", "claims_types": True})
    left = types.limited(task, TypologyOptions())
    assert left.n_types == 1
    assert left.verdict == {"verdict": "not tested", "claims_types": False}
    assert "only the theme t0 has classes" in left.reasons[0].en
    two = replace(task, themes={"t0": (2, ()), "t1": (2, ())})
    assert types.limited(two, TypologyOptions()) is types


def test_pseudo_cases_of_the_shares_are_their_own() -> None:
    frame, _, _ = study.drawn(study.DESIGNS["second: 77, three quarters"], 1)
    themes = study.themes_of(study.DESIGNS["second: 77, three quarters"])
    fits = [
        ClassesOfClasses(2, 2, n_init=10, prior=8.0, share_prior=own, random_state=1)
        .fit(frame, themes=themes)
        for own in (None, 8.0, 0.0)
    ]  # fmt: skip
    shares = [fit.shares_["estimate"].iloc[0] for fit in fits]
    assert shares[0] == shares[1]
    # Eight cases spread evenly over two shares draw the larger one towards a half.
    n = 77
    assert shares[2] > shares[0] > 0.5
    assert shares[2] - shares[0] > 0.5 * (shares[2] - (n * shares[2] + 4.0) / (n + 8.0))
    only = ClassesOfClasses(2, 2, n_init=10, prior=0.0, share_prior=4.0, random_state=1)
    assert only.fit(frame, themes=themes).estimation_.startswith("posterior mode")
    with pytest.raises(OptionError, match="share_prior: expected a number of at least 0"):
        ClassesOfClasses(share_prior=-1.0).fit(frame, themes=themes)


@pytest.mark.parametrize("support", [1.5, -0.1])
def test_support_is_a_p_value(support: float) -> None:
    with pytest.raises(OptionError, match="support: expected a number"):
        TypologyOptions(support=support)


# The stored study ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stored() -> dict[str, Any]:
    return json.loads(study.RESULTS.read_text())


def test_the_study_covers_its_designs(stored: dict[str, Any]) -> None:
    designs = stored["quick"]["designs"]
    assert set(designs) == set(study.DESIGNS)
    for name, entry in designs.items():
        assert entry["summary"] == study.summary(study.DESIGNS[name], entry["rows"])


def test_no_theme_of_noise_stays_more_often_than_its_level(stored: dict[str, Any]) -> None:
    found = stored["quick"]["designs"]["second: 77, noise"]
    stayed = sum(row["noise_themes"] for row in found["rows"])
    assert stayed <= 0.20 * len(found["rows"]) + 3 * np.sqrt(0.16 * len(found["rows"]))


@pytest.mark.slow
@pytest.mark.parametrize("name", list(study.DESIGNS)[:4])
def test_a_part_of_the_study_comes_out_again(stored: dict[str, Any], name: str) -> None:
    kept = stored["quick"]["designs"][name]["rows"][0]
    again = study.one(study.DESIGNS[name], kept["wave"], study.QUICK)
    assert again["types"] == kept["types"]
    assert again["rand"] == pytest.approx(kept["rand"], abs=1e-6)
    assert again["share_error"] == pytest.approx(kept["share_error"], abs=1e-4, nan_ok=True)
