"""From a wave to types: the pipeline, its resume, its honesty, and its file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import logsumexp
from sklearn.metrics import adjusted_rand_score
from typology_samples import (
    COUPLING,
    NO,
    THEMES,
    YES,
    sector_rows,
    true_model,
    two_sectors,
    unrelated,
)

import swvtypes as sw
from swvtypes.errors import (
    InformationError,
    InputError,
    OptionError,
    TypologyError,
    UnseenCategoryError,
)
from swvtypes.lca.model import read_indicators
from swvtypes.typology import ClassesOfClasses
from swvtypes.typology.drawn_out import without_pseudo_cases
from swvtypes.typology.item_information import information
from swvtypes.typology.profiles import (
    ItemProfile,
    ThemeProfiles,
    TypesModel,
    estimate_shares,
    posterior,
)
from swvtypes.typology.refitting import refit, theme_statistics
from swvtypes.typology.routes import TypesTask, one_step
from swvtypes.typology.specification import TYPE_PRIOR
from swvtypes.typology.typology import Typology

QUICK = {"quick": True, "n_init": 10, "max_classes": 3, "max_types": 2}


@pytest.fixture(scope="module")
def sample() -> tuple[pd.DataFrame, pd.Series]:
    return two_sectors()


@pytest.fixture(scope="module")
def fitted(sample: tuple[pd.DataFrame, pd.Series]) -> Typology:
    return sw.Typology(random_state=1, **QUICK).fit(sample[0], themes=THEMES)


@pytest.fixture(scope="module")
def saved(fitted: Typology, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("typology") / "t.json"
    fitted.save(path)
    return path


# From a wave to types --------------------------------------------------------------------------


def test_types_that_are_there_are_found(
    fitted: Typology, sample: tuple[pd.DataFrame, pd.Series]
) -> None:
    frame, kind = sample
    assert fitted.membership_.types == ("po 1", "po 2", "vo 1", "vo 2")
    for sector, least in (("po", 0.8), ("vo", 0.8)):
        mine = frame["sector"] == sector
        assert adjusted_rand_score(kind[mine], fitted.membership_.modal[mine]) > least
    assert abs(fitted.membership_.shares["vo 1"] - 2 / 3) < 0.06
    p = fitted.membership_.probabilities
    assert p.loc[frame["sector"] == "po", ["vo 1", "vo 2"]].isna().all(axis=None)


def test_selection_of_a_theme_names_its_sectors(fitted: Typology) -> None:
    selection = fitted.themes_["t1"].selection
    columns = ["sector", "indicator", "wald", "df", "p_value", "p_adjusted", "r2", "selected"]
    assert list(selection.columns[:8]) == columns
    assert selection["sector"].tolist() == ["po"] * 5 + ["vo"] * 5
    assert fitted.themes_["t1"].by_sector["vo"].selection["indicator"].tolist() == THEMES["t1"]
    assert fitted.themes_["t1"].n_classes == {"po": 2, "vo": 2}


def test_unrelated_themes_make_one_type_and_the_output_says_why() -> None:
    found = sw.Typology(random_state=2, **QUICK).fit(unrelated(), themes=THEMES)
    assert {t.by_sector["all"].n_classes for t in found.themes_.values()} == {2}
    assert found.membership_.types == ("1",)
    assert (found.membership_.probabilities["1"] == 1.0).all()
    assert found.contrasts_.empty
    assert "has not been shown (BIC rises by" in found.describe("en")
    assert "is niet aangetoond (BIC stijgt met" in found.describe("nl")
    assert "no other type to compare it with" in found.describe("en")
    assert "posterior modes" not in found.describe("en")


def test_a_theme_without_classes_and_noise_alone_make_one_type() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        rng.integers(2, size=(80, 20)), columns=[i for t in THEMES.values() for i in t]
    )
    found = sw.Typology(random_state=1, **QUICK).fit(frame, themes=THEMES)
    assert found.membership_.types == ("1",)
    assert "no theme has classes" in found.describe("en")
    assert found.score(frame).information["share"].tolist() == [1.0]


def test_resume_goes_on_and_ends_in_the_same_result(
    fitted: Typology,
    sample: tuple[pd.DataFrame, pd.Series],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from swvtypes.typology import pipeline

    real, done = pipeline.analyse, []

    def interrupted(task, options):  # type: ignore[no-untyped-def]
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(task.spec.name)
        return real(task, options)

    monkeypatch.setattr(pipeline, "analyse", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sw.Typology(random_state=1, **QUICK).fit(sample[0], themes=THEMES, checkpoint=tmp_path)
    kept = sorted(p.name for p in tmp_path.glob("theme_*.json"))
    assert len(kept) == 3
    stamps = {name: (tmp_path / name).stat().st_mtime_ns for name in kept}
    monkeypatch.setattr(pipeline, "analyse", real)
    again = sw.Typology(random_state=1, **QUICK).fit(sample[0], themes=THEMES, checkpoint=tmp_path)
    assert {name: (tmp_path / name).stat().st_mtime_ns for name in kept} == stamps
    pd.testing.assert_frame_equal(
        again.membership_.probabilities, fitted.membership_.probabilities, check_exact=True
    )
    pd.testing.assert_frame_equal(again.contrasts_, fitted.contrasts_, check_exact=True)
    with pytest.raises(TypologyError, match="seed: begun with 1, now 2"):
        sw.Typology(random_state=2, **QUICK).fit(sample[0], themes=THEMES, checkpoint=tmp_path)
    other = sample[0].copy()
    other.iloc[0, 1] = 1 - other.iloc[0, 1]
    with pytest.raises(TypologyError, match="answers: the fit begun there had"):
        sw.Typology(random_state=1, **QUICK).fit(other, themes=THEMES, checkpoint=tmp_path)


def test_input_faults_are_all_told() -> None:
    frame = pd.DataFrame({"a": [0, 1], "b": [1, 0]}, index=["x", "y"])
    with pytest.raises(InputError) as caught:
        Typology().fit(frame, themes={"t": ["a", "z"], "u": ["a"], "v": []})
    assert list(caught.value.faults) == [
        "theme 't': no column 'z'",
        "column 'a' stands in themes 't' and 'u'",
        "theme 'v': expected a list of columns, got []",
    ]
    with pytest.raises(InputError, match="expected a Wave or a DataFrame, got list"):
        Typology().fit([1])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="expected themes="):
        Typology().fit(frame)
    with pytest.raises(InputError, match="organisation 'x' stands in it more than once"):
        Typology().fit(frame.set_axis(["x", "x"]), themes={"t": ["a"]})
    with pytest.raises(OptionError, match="option: expected one of sectors"):
        Typology(speed=3)
    with pytest.raises(OptionError, match="route"):
        Typology(route="two")


# The same numbers as the engine's --------------------------------------------------------------


def task_of(frame: pd.DataFrame) -> TypesTask:
    sector = pd.Series("all", index=frame.index)
    themes = {t: (2, tuple(names)) for t, names in THEMES.items()}
    return TypesTask(("all",), frame, sector, themes, {}, "", 7)


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.FoundOnceWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.ManyParametersWarning")
def test_posteriors_are_those_of_classes_of_classes() -> None:
    frame, _ = sector_rows("A", 77, 0.5, 11)
    frame = frame.astype(float).mask(np.random.default_rng(1).random(frame.shape) < 0.1)
    route = one_step(task_of(frame), 2, 10, 0.0)
    model = ClassesOfClasses(2, 2, n_init=10, random_state=7).fit(frame, themes=THEMES)
    np.testing.assert_allclose(route.probabilities, model.predict_proba(frame), atol=1e-9)
    given = route.model.log_given_type(route.model.encode(frame), len(frame))
    total = logsumexp(given + np.log(route.model.shares[0]), axis=1).sum()
    assert total == pytest.approx(model.log_likelihood_, abs=1e-6)


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.FoundOnceWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.ManyParametersWarning")
def test_refitting_from_the_maximum_stays_there() -> None:
    frame, _ = sector_rows("A", 150, 0.5, 12)
    model = one_step(task_of(frame), 2, 10, 0.0).model
    statistics = [theme_statistics(t, model.encode(frame)) for t in model.themes]
    again = refit(model, statistics, np.ones((1, len(frame))), prior=1e-9)
    np.testing.assert_allclose(again.shares[0], model.shares[0], atol=2e-3)
    doubled = refit(model, statistics, np.full((1, len(frame)), 2.0), prior=1e-9)
    np.testing.assert_allclose(doubled.shares, again.shares, atol=1e-3)


@pytest.mark.filterwarnings("ignore::swvtypes.errors.ManyParametersWarning")
@pytest.mark.parametrize("prior", [0.5, 2.0, 6.0])
def test_refitting_at_the_prior_of_the_types_stays_at_the_posterior_mode(prior: float) -> None:
    frame, _ = sector_rows("A", 150, 0.5, 12)
    model = one_step(task_of(frame), 2, 10, prior).model
    statistics = [theme_statistics(t, model.encode(frame)) for t in model.themes]
    again = refit(model, statistics, np.ones((1, len(frame))), prior=prior)
    np.testing.assert_allclose(again.shares[0], model.shares[0], atol=1e-3)
    for theme, conditional, natural in zip(
        model.themes, again.conditional, again.natural, strict=True
    ):
        np.testing.assert_allclose(conditional[0], theme.conditional, atol=1e-3)
        expected = np.concatenate([item.values for item in theme.items], axis=1).T  # noqa: PD011
        np.testing.assert_allclose(np.exp(natural[0]), expected, atol=1e-3)


# Which estimates the types are -----------------------------------------------------------------


def test_types_are_posterior_modes_and_say_so(fitted: Typology, saved: Path) -> None:
    for key in ("po", "vo"):
        found = fitted.superclusters_[key]
        prior = found.routes["prior"]
        assert prior.to_dict() == {"one_class_analysis": 0.0, "two_step": 0.0, "one_step": 6.0}
        # Existence is decided at the maximum, which the mode does not reach.
        top = found.existence.loc[2, "log_likelihood"]
        assert found.routes.loc["one_step", "log_likelihood"] < top
        # The pseudo-cases do not draw the types back to independent themes.
        assert (
            found.routes.loc["one_step", "log_likelihood"]
            > found.existence.loc[1, "log_likelihood"]
        )
    for one in (fitted, sw.Typology.load(saved)):
        assert "posterior modes, not plain maximum likelihood estimates: 6 pseudo-cases" in (
            one.describe("en")
        )
        assert "posterior-modi" in one.describe("nl")
        assert one.options.type_prior == 6.0


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.FoundOnceWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.ManyParametersWarning")
@pytest.mark.parametrize("prior", [0.0, 2.0])
def test_types_are_those_of_classes_of_classes_at_the_prior(prior: float) -> None:
    frame, _ = sector_rows("A", 77, 0.5, 11)
    typology = sw.Typology(random_state=1, items="all", type_prior=prior, **QUICK)
    typology.fit(frame, themes=THEMES)
    model = ClassesOfClasses(
        2, 2, n_init=10, random_state=7, prior=prior, share_prior=min(prior, 1.0)
    )
    model.fit(frame, themes=THEMES)
    np.testing.assert_allclose(
        typology.membership_.probabilities, model.predict_proba(frame), atol=1e-5
    )
    assert ("posterior modes" in typology.describe("en")) == (prior > 0)
    table = typology.superclusters_["all"].existence
    plain = ClassesOfClasses(2, 2, n_init=10, random_state=7).fit(frame, themes=THEMES)
    assert table.loc[2, "log_likelihood"] == pytest.approx(plain.log_likelihood_, abs=1e-5)


# Scoring ---------------------------------------------------------------------------------------


def test_a_saved_typology_scores_as_before(
    fitted: Typology, saved: Path, sample: tuple[pd.DataFrame, pd.Series]
) -> None:
    loaded = sw.Typology.load(saved)
    kept = loaded.score(sample[0], shares="keep").probabilities
    difference = (kept - fitted.membership_.probabilities).abs().max(axis=None)
    assert difference <= 1e-12
    pd.testing.assert_frame_equal(loaded.contrasts_, fitted.contrasts_)
    assert loaded.themes_["t2"].n_classes == fitted.themes_["t2"].n_classes
    assert loaded.describe("en", fitted.membership_) == fitted.describe("en")
    content = saved.read_text(encoding="utf-8")
    assert "PO01" not in content
    assert json.loads(content)["schema_version"] == 1


def test_shares_are_estimated_in_the_new_wave(fitted: Typology) -> None:
    frame, kind = sector_rows("PO", 400, 0.25, 21)
    frame.insert(0, "sector", "po")
    scored = fitted.score(frame)
    first = scored.modal[kind == 0].value_counts().idxmax()
    assert abs(scored.type_shares[first] - 0.25) < 0.05
    assert list(scored.types) == ["po 1", "po 2"]
    few = frame[["sector", *THEMES["t1"][:3]]]
    again = fitted.score(few, least_information=0.0)
    kept = fitted.score(few, shares="keep", least_information=0.0)
    old = fitted.models_[0].shares[0][fitted.models_[0].types.index(first)]
    assert kept.type_shares[first] == pytest.approx(old)
    pulled = kept.probabilities[first].mean()
    assert abs(again.probabilities[first].mean() - 0.25) < abs(pulled - 0.25)


def test_estimated_shares_are_the_maximum() -> None:
    model = true_model()
    answers, _ = model.simulate(300, np.random.default_rng(2))
    given = model.log_given_type(answers, 300)
    shares = estimate_shares(given, np.array([0.5, 0.5]))

    def likelihood(share: float) -> float:
        return float(posterior(given, np.array([share, 1 - share]))[1].sum())

    grid = np.linspace(0.01, 0.99, 981)
    assert shares[0] == pytest.approx(grid[np.argmax([likelihood(s) for s in grid])], abs=1e-3)
    assert shares.sum() == pytest.approx(1.0)


def test_dropped_items_are_allowed_and_told(
    fitted: Typology, sample: tuple[pd.DataFrame, pd.Series]
) -> None:
    frame = sample[0].drop(columns=["t1_1", "t2_2"])
    frame["t3_3"] = np.nan
    scored = fitted.score(frame)
    row = scored.information.set_index("sectors").loc["po"]
    assert row["items"] - row["remaining"] == 3
    assert row["dropped"] == "t1_1, t2_2, t3_3"
    assert 0.9 < row["share"] < 1.0
    assert (scored.modal == fitted.membership_.modal).mean() > 0.95
    assert "of the information" in repr(scored)


def test_too_little_information_is_refused(
    fitted: Typology, sample: tuple[pd.DataFrame, pd.Series]
) -> None:
    frame = sample[0][["sector", "t1_1", "t1_2"]]
    with pytest.raises(InformationError) as caught:
        fitted.score(frame)
    assert len(caught.value.faults) == 2
    assert "the 2 of 20 items that the wave has carry" in caught.value.faults[0]
    assert "the limit is 50%" in caught.value.faults[0]
    assert len(fitted.score(frame, least_information=0.0)) == len(frame)
    with pytest.raises(TypologyError, match="none of the typology's items"):
        fitted.score(sample[0][["sector"]])


def test_unknown_categories_and_sectors_are_all_told(
    fitted: Typology, sample: tuple[pd.DataFrame, pd.Series]
) -> None:
    frame = sample[0].copy()
    frame.loc["PO03", "t1_1"] = 7
    frame.loc["VO03", "t2_1"] = 8
    frame.loc["VO04", "t3_1"] = 9
    with pytest.raises(UnseenCategoryError) as caught:
        fitted.score(frame)
    told = " ".join(caught.value.faults)
    assert all(part in told for part in ("'t1_1'", "7", "'t2_1'", "8", "'t3_1'", "9"))
    frame = sample[0].copy()
    frame["sector"] = "so"
    with pytest.raises(TypologyError, match="sector 'so': the typology knows 'po', 'vo'"):
        fitted.score(frame)
    with pytest.raises(OptionError, match="shares"):
        fitted.score(sample[0], shares="new")  # type: ignore[arg-type]


def test_organisations_without_answers_have_no_membership(
    fitted: Typology, sample: tuple[pd.DataFrame, pd.Series]
) -> None:
    frame = sample[0].astype({c: float for names in THEMES.values() for c in names})
    frame.iloc[0, 1:] = np.nan
    scored = fitted.score(frame)
    assert scored.modal.isna().sum() == 1
    others = fitted.score(frame.iloc[1:]).probabilities
    pd.testing.assert_frame_equal(scored.probabilities.iloc[1:], others, atol=1e-12)


def test_information_is_exact_where_it_can_be_counted() -> None:
    model = true_model(n_themes=1)
    small = replace(model, themes=(replace(model.themes[0], items=model.themes[0].items[:3]),))
    patterns = np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, -1).T

    def exact(kept: int) -> float:
        names = small.items[:kept]
        seen = {tuple(row[:kept]) for row in patterns}
        rows = np.array(sorted(seen), dtype=float)
        answers = {name: rows[:, j] for j, name in enumerate(names)}
        given = np.exp(small.log_given_type(answers, len(rows)))
        joint = given * small.shares[0]
        p = joint.sum(axis=1)
        return float((joint * np.log(given / p[:, None])).sum())

    found = information(small, small.items[:2], draws=60_000)
    assert found.bits * np.log(2) == pytest.approx(exact(3), rel=0.02)
    assert found.share == pytest.approx(exact(2) / exact(3), abs=4 * found.error)
    assert found.dropped == (small.items[2],)


def test_information_predicts_the_agreement_with_a_third_of_the_items_gone() -> None:
    model = true_model()
    gaps = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        away = set(rng.choice(model.items, size=7 + seed, replace=False))
        left = [i for i in model.items if i not in away]
        answers, _ = model.simulate(4000, rng)
        full = posterior(model.log_given_type(answers, 4000), model.shares[0])[0].argmax(axis=1)
        part = {k: v for k, v in answers.items() if k in left}
        rest = posterior(model.log_given_type(part, 4000), model.shares[0])[0].argmax(axis=1)
        gaps.append(information(model, left).agreement - (full == rest).mean())
    assert np.abs(gaps).max() < 0.015


# The file --------------------------------------------------------------------------------------


def test_a_bad_file_names_every_fault(saved: Path, tmp_path: Path) -> None:
    raw = json.loads(saved.read_text())
    raw["types"][0]["shares"]["po"] = [0.5, 0.4]
    raw["types"][0]["themes"][0]["class_given_type"][0] = [0.5, 0.1]
    raw["types"][1]["themes"][1]["items"][0]["classes"][0] = [0.9, 0.4]
    raw["names"] = {"po 9": "x"}
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(raw))
    with pytest.raises(TypologyError) as caught:
        Typology.load(path)
    told = "\n".join(caught.value.faults)
    assert "expected 2 shares of po that add up to 1" in told
    assert "theme 't1': expected 2 rows of 2 probabilities" in told
    assert "expected probabilities that add up to 1 in each class" in told
    assert "names: 'po 9' is no type" in told
    raw["schema_version"] = 99
    path.write_text(json.dumps(raw))
    with pytest.raises(TypologyError, match="this release reads up to 1, the file has 99"):
        Typology.load(path)
    path.write_text("{")
    with pytest.raises(TypologyError, match="no valid JSON"):
        Typology.load(path)
    with pytest.raises(TypologyError, match="cannot be read"):
        Typology.load(tmp_path / "absent.json")


def test_names_stand_beside_the_types(saved: Path, tmp_path: Path) -> None:
    loaded = sw.Typology.load(saved)
    with pytest.raises(TypologyError, match="'po 7' is no type"):
        loaded.rename({"po 7": "x"})
    loaded.names = {"po 1": "extended"}
    path = tmp_path / "named.json"
    loaded.save(path)
    assert "po 1 (extended): " in sw.Typology.load(path).describe("en")
    with pytest.raises(TypologyError, match="fit it to the wave again"):
        loaded.census()
    with pytest.raises(TypologyError, match="expected a fitted typology"):
        Typology().save(path)


# What the types are like -----------------------------------------------------------------------


def test_description_names_contrasts_intervals_and_organisations(fitted: Typology) -> None:
    first = fitted.descriptions()[0]
    assert (first.contrasts["lower"] * first.contrasts["upper"] > 0).all()
    inside = fitted.contrasts_
    assert (inside["lower"] < inside["upper"]).all()
    text = first.text("nl")
    assert text.startswith("po 1: ")
    assert "verschil" in text
    assert "Typisch: " in text
    assert set(first.typical) <= set(fitted.membership_.modal[lambda m: m == "po 1"].index)
    by_type = inside.set_index("item").groupby("type")["difference"]
    opposite, other = by_type.get_group("po 1"), by_type.get_group("po 2")
    np.testing.assert_allclose(opposite, -other, atol=1e-12)


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.FoundOnceWarning")
@pytest.mark.filterwarnings("ignore::swvtypes.errors.ManyParametersWarning")
@pytest.mark.parametrize("prior", [0.0, TYPE_PRIOR])
def test_contrasts_cover_the_true_differences(prior: float) -> None:
    from swvtypes.typology.contrasting import contrasts

    hits, estimates = [], []
    for seed in range(8):
        frame, _ = sector_rows("A", 77, 0.5, 100 + seed)
        model = one_step(task_of(frame), 2, 6, prior).model
        found = contrasts(model, model.encode(frame), seed, 150)
        own = found[found["type"] == "1"]
        ends = own[["lower", "upper"]].abs()
        true = (YES - NO) * (2 * COUPLING - 1)
        hits.append(((ends.min(axis=1) < true) & (ends.max(axis=1) > true)).mean())
        estimates.append(own["difference"].abs().mean())
        middle = (own["lower"] + own["upper"]) / 2
        assert abs((own["difference"] - middle).mean()) < 0.03
    assert np.mean(hits) > 0.85
    assert np.mean(estimates) == pytest.approx(true, abs=0.05)


def test_census_adds_up_and_splits_its_error(fitted: Typology) -> None:
    counted = fitted.census(n_boot=3)
    table = counted.table
    assert table.groupby("sector")["estimate"].sum().tolist() == pytest.approx([77, 75])
    assert (table["lower"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["upper"]).all()
    parts = counted.errors.drop(columns="total")
    assert list(parts) == ["classification", "non_response", "parameters", "model_choice"]
    np.testing.assert_allclose((parts**2).sum(axis=1), counted.errors["total"] ** 2)
    assert (counted.errors["non_response"] == 0).all()
    assert counted.reruns["reruns"].tolist() == [3, 3]
    assert counted.text("en").startswith("Of the 77, ")
    assert "Van de 75 zijn er" in counted.text("nl")


def test_census_predicts_the_others_from_a_register(
    fitted: Typology, sample: tuple[pd.DataFrame, pd.Series]
) -> None:
    frame, kind = sample
    rng = np.random.default_rng(6)
    register = pd.DataFrame(
        {"sector": frame["sector"], "figure": kind + 0.1 * rng.standard_normal(len(kind))}
    )
    silent = pd.DataFrame({"sector": "po", "figure": 0.0}, index=[f"PO9{i:02d}" for i in range(20)])
    counted = fitted.census(pd.concat([register, silent]), n_boot=2)
    first = fitted.membership_.modal[(kind == 0) & (frame["sector"] == "po")].mode()[0]
    before = fitted.census(n_boot=2).table.loc[first, "estimate"]
    assert counted.table.loc[first, "population"] == 97
    assert counted.table.loc[first, "estimate"] - before > 18
    assert counted.predicted_from == "register"
    with pytest.raises(InputError, match="1 respondents are not in it"):
        fitted.census(register.iloc[1:], n_boot=2)
    with pytest.raises(InputError, match="column 'figure': expected numbers"):
        fitted.census(register.astype({"figure": "str"}), n_boot=2)


# Several sectors -------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_type_that_differs_between_sectors_is_told_from_one_that_does_not() -> None:
    frame, _ = two_sectors(8)
    same = sw.Typology(random_state=1, **QUICK).fit(frame, themes=THEMES)
    alike = same.compare_sectors(n_boot=39)
    assert alike.tests["p_value"].min() > 0.05
    assert max(alike.distance.loc[a, b] for a, b in alike.pairs.items()) < 0.25
    turned = frame.copy()
    turned.loc[turned["sector"] == "vo", THEMES["t4"]] = 1 - turned[THEMES["t4"]]
    other = sw.Typology(random_state=1, **QUICK).fit(turned, themes=THEMES)
    apart = other.compare_sectors(n_boot=39)
    assert apart.tests.loc["types alike", "p_value"] == pytest.approx(1 / 40)
    assert "That the types are alike is rejected" in apart.text("en")
    assert "Dat de typen gelijk zijn, wordt verworpen" in apart.text("nl")


def test_sectors_together_share_types(sample: tuple[pd.DataFrame, pd.Series]) -> None:
    found = sw.Typology(random_state=1, sectors="together", **QUICK).fit(sample[0], themes=THEMES)
    assert found.membership_.types == ("1", "2")
    assert found.models_[0].sectors == ("po", "vo")
    gap = found.models_[0].shares[0][0] - found.models_[0].shares[1][0]
    assert abs(abs(gap) - 1 / 6) < 0.1
    with pytest.raises(TypologyError, match="two sectors with types of their own"):
        found.compare_sectors()


# What pseudo-cases drew inwards ----------------------------------------------------------------


def test_types_without_their_pseudo_cases_are_as_unlike_as_the_truth() -> None:
    differences = {"mode": [], "drawn out": []}
    for seed in range(6):
        frame, _ = sector_rows("A", 77, 0.5, 100 + seed)
        model = one_step(task_of(frame), 2, 6, TYPE_PRIOR).model
        for name, found in (
            ("mode", model),
            ("drawn out", without_pseudo_cases(model, 77, TYPE_PRIOR)),
        ):
            unlike = []
            for theme in found.themes:
                for item in theme.items:
                    yes = theme.conditional @ item.values[:, 1]  # noqa: PD011
                    unlike.append(abs(yes[0] - yes[1]))
            differences[name].append(np.mean(unlike))
    true = (YES - NO) * (2 * COUPLING - 1)
    assert np.mean(differences["mode"]) < true - 0.05
    assert np.mean(differences["drawn out"]) == pytest.approx(true, abs=0.03)


def test_pseudo_cases_are_taken_back_exactly_where_membership_is_certain() -> None:
    counts, pseudo = np.array([[30.0, 10.0], [5.0, 35.0]]), 3.0
    average = counts.sum(axis=0) / counts.sum()
    yes = (counts + pseudo * average) / (counts.sum(axis=1) + pseudo)[:, None]
    item = true_model().themes[0].items[0]
    conditional = (np.diag([40.0, 40.0]) + 1.5) / (40.0 + 3.0)
    theme = ThemeProfiles("t", (ItemProfile(item.indicator, yes),), conditional)
    model = TypesModel(("A",), ("1", "2"), np.array([[0.5, 0.5]]), (theme,))
    out = without_pseudo_cases(model, 80.0, 6.0).themes[0]
    np.testing.assert_allclose(out.conditional, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(
        out.items[0].values,
        counts / counts.sum(axis=1, keepdims=True),
        atol=1e-12,
    )
    assert without_pseudo_cases(model, 80.0, 0.0) is model
    assert without_pseudo_cases(model, 0.0, 6.0) is model


@pytest.mark.parametrize("family", ["count", "continuous"])
def test_means_are_drawn_out_and_variances_stay(family: str) -> None:
    second = [[2.0], [6.0]] if family == "count" else [[2.0, 0.7], [6.0, 0.7]]
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0, 5.0]})
    indicator = read_indicators(frame, {"x": family})[0]
    theme = ThemeProfiles("t", (ItemProfile(indicator, np.array(second)),), np.eye(2))
    model = TypesModel(("A",), ("1", "2"), np.array([[0.5, 0.5]]), (theme,))
    found = without_pseudo_cases(model, 40.0, 6.0).themes[0].items[0].values  # noqa: PD011
    held = 40.0 * 0.5
    away = 2.0 * (held + 3.0) / held
    np.testing.assert_allclose(found[:, 0], [4.0 - away, 4.0 + away], rtol=1e-9)
    if family == "continuous":
        np.testing.assert_allclose(found[:, 1], 0.7)
