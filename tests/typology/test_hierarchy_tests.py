"""Two steps, bootstrap tests, the decision, and every message."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import (
    FewStartsWarning,
    InputError,
    OptionError,
    SurveyWeightError,
    SwvtypesWarning,
    UnseenCategoryError,
    WeightError,
)
from swvtypes.lca import LatentClassModel
from swvtypes.typology import (
    ClassesOfClasses,
    ThemeMeasurement,
    bootstrap_superclusters,
    decide_superclusters,
    fit_two_step,
    identified_superclusters,
)
from swvtypes.typology.hierarchy.identification import structural_rank


def simulate(n=200, coupling=0.9, seed=1, themes=3, items=4):
    rng = np.random.default_rng(seed)
    top = rng.integers(2, size=n)
    theme = np.where(rng.random((n, themes)) < coupling, top[:, None], 1 - top[:, None])
    answers = rng.random((n, themes, items)) < np.where(theme, 0.88, 0.18)[:, :, None]
    names = [f"t{t}_{i}" for t in range(themes) for i in range(items)]
    frame = pd.DataFrame(answers.reshape(n, -1).astype(int), columns=names)
    return frame, {f"t{t}": names[items * t : items * (t + 1)] for t in range(themes)}


def measure(frame, themes, sizes=2, seed=1):
    made = {}
    for name, columns in themes.items():
        size = sizes if isinstance(sizes, int) else sizes[name]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            model = LatentClassModel(size, n_init=20, random_state=seed).fit(frame[columns])
        made[name] = ThemeMeasurement(name, tuple(columns), model)
    return made


@pytest.fixture(scope="module")
def coupled():
    frame, themes = simulate()
    return frame, themes, measure(frame, themes)


class TestTwoStep:
    def test_log_likelihood_is_that_of_an_independent_program(self, reference_dir):
        data = pd.read_csv(reference_dir / "data" / "coc_n152.csv")
        themes = {f"t{t}": [f"t{t}_{i}" for i in range(1, 6)] for t in range(1, 5)}
        known = json.loads((reference_dir / "slca_coc_n152.json").read_text())
        known = known["alternatives"]["two_step_fixed_measurement"]
        found = fit_two_step(data, measure(data, themes), 2, random_state=1)
        assert found.log_likelihood == pytest.approx(known["loglik"], abs=1e-4)
        np.testing.assert_allclose(found.shares, known["pi"], atol=1e-4)

    def test_one_supercluster_is_the_sum_over_themes(self, coupled):
        frame, _, measured = coupled
        found = fit_two_step(frame, measured, 1)
        total = sum(m.model.log_likelihood_ for m in measured.values())
        assert found.log_likelihood == pytest.approx(total, abs=1e-6)
        assert found.n_parameters == sum(m.model.n_parameters_ for m in measured.values())

    def test_never_beats_one_step_and_agrees_with_it(self, coupled):
        frame, themes, measured = coupled
        two = fit_two_step(frame, measured, 2, random_state=1)
        one = ClassesOfClasses(n_init=10, random_state=1).fit(frame, themes=themes)
        assert two.log_likelihood <= one.log_likelihood_ + 1e-8
        assert (two.predict(frame) == one.predict(frame)).mean() > 0.95
        assert two.converged
        assert two.bic == pytest.approx(-2 * two.log_likelihood + 31 * np.log(len(frame)), abs=1e-8)

    def test_errors_of_the_first_step_are_included(self, coupled):
        frame, _, measured = coupled
        found = fit_two_step(frame, measured, 2, random_state=1)
        one, two = found.uncertainty, found.conditional_table()
        place = one.coordinates.slices[2][0]
        from swvtypes.typology.hierarchy.uncertainty import information

        n = place.start
        whole = information(found.coupled, one.coordinates)
        second = np.arange(one.coordinates.slices[3][0].start)
        alone = np.linalg.inv(whole[np.ix_(second, second)])
        assert (np.diag(one.matrix)[second] > np.diag(alone)).all()
        assert n == 1
        assert {"theme", "supercluster", "class", "estimate", "se"} <= set(two.columns)
        assert list(found.shares_table().index) == [1, 2]

    @pytest.mark.slow
    def test_standard_errors_match_the_spread_over_data_sets(self):
        found, errors = [], []
        for seed in range(60):
            frame, themes = simulate(n=400, seed=seed)
            step = fit_two_step(frame, measure(frame, themes), 2, n_init=5, random_state=1)
            found.append(step.shares[0] if step.predict(frame.iloc[:0 + 1] * 0 + 1)[0] == 1
                         else step.shares[1])  # fmt: skip
            errors.append(step.shares_table()["se"].iloc[0])
        assert abs(np.log(np.mean(errors) / np.std(found))) < 0.3

    def test_weight_two_is_the_row_twice(self, coupled):
        frame, _, measured = coupled
        weight = np.random.default_rng(1).integers(0, 3, len(frame))
        one = fit_two_step(frame, measured, 2, sample_weight=weight, random_state=1)
        repeated = frame.loc[np.repeat(frame.index, weight)]
        two = fit_two_step(repeated, measured, 2, random_state=1)
        assert one.log_likelihood == pytest.approx(two.log_likelihood, abs=1e-8)
        np.testing.assert_allclose(one.shares, two.shares, atol=1e-8)

    def test_a_theme_without_answers_says_nothing(self, coupled):
        frame, themes, measured = coupled
        holed = frame.astype(float)
        holed.loc[:, themes["t0"]] = np.nan
        np.testing.assert_allclose(measured["t0"].log_density(holed), 0.0)
        found = fit_two_step(holed, measured, 1)
        rest = sum(measured[t].model.log_likelihood_ for t in ("t1", "t2"))
        assert found.log_likelihood == pytest.approx(rest, abs=1e-6)

    def test_conditional_has_one_table_a_theme(self, coupled):
        frame, _, measured = coupled
        found = fit_two_step(frame, measured, 2, random_state=1).conditional
        assert set(found) == {"t0", "t1", "t2"}
        for rho in found.values():
            np.testing.assert_allclose(rho.sum(axis=1), 1.0)


class TestBound:
    @pytest.mark.parametrize(
        ("sizes", "bound"),
        [([2], 1), ([2, 2], 1), ([2, 2, 2], 2), ([2, 2, 2, 2], 2), ([2, 2, 2, 2, 2], 5),
         ([3, 3, 3], 3), ([2, 2, 2, 1], 2), ([1, 1], 1)],
    )  # fmt: skip
    def test_is_the_largest_number_of_full_rank(self, sizes, bound):
        found = identified_superclusters(sizes)
        if sizes == [2, 2, 2, 2, 2]:
            # Known: five binary indicators bear four classes, 23 parameters in 31 free cells.
            assert found >= 4
            rank, parameters = structural_rank(sizes, found)
            assert rank == parameters
            rank, parameters = structural_rank(sizes, found + 1)
            assert rank < parameters
            return
        assert found == bound

    def test_four_binary_themes_have_rank_13_of_14(self):
        assert structural_rank([2, 2, 2, 2], 3) == (13, 14)

    def test_takes_a_mapping(self):
        assert identified_superclusters({"a": 2, "b": 2, "c": 2}) == 2

    @pytest.mark.parametrize("sizes", [[], [0, 2]])
    def test_asks_for_positive_numbers(self, sizes):
        with pytest.raises(OptionError, match="a positive number for each theme"):
            identified_superclusters(sizes)


class TestBootstrap:
    @pytest.mark.parametrize("route", ["one_step", "two_step"])
    def test_finds_association(self, coupled, route):
        frame, themes, _ = coupled
        found = bootstrap_superclusters(frame, themes, 2, n_boot=19, route=route, random_state=1)
        assert found.p_value == pytest.approx(0.05)
        assert found.rejects()
        assert found.bic_prefers_alternative
        assert found.statistic > 50
        assert found.n_parameters == (27, 31)
        assert "against" in found._repr_html_()

    def test_finds_none_in_unrelated_themes(self):
        frame, themes = simulate(coupling=0.5, n=80, seed=2)
        found = bootstrap_superclusters(frame, themes, 2, n_boot=99, random_state=1)
        assert found.p_value > 0.05
        assert not found.rejects()
        assert found.replicates.min() > -1e-3

    def test_does_not_depend_on_workers(self):
        frame, themes = simulate(n=40, coupling=0.6, themes=2)
        one, two = (
            bootstrap_superclusters(frame, themes, 2, n_boot=60, random_state=3, n_jobs=jobs)
            for jobs in (1, 2)
        )
        assert one.p_value == two.p_value
        np.testing.assert_array_equal(one.replicates, two.replicates)

    def test_more_replicates_keep_the_earlier_ones(self):
        frame, themes = simulate(n=60, coupling=0.6)
        few, many = (
            bootstrap_superclusters(frame, themes, 2, n_boot=b, random_state=3).replicates
            for b in (30, 55)
        )
        np.testing.assert_array_equal(few, many[:30])

    def test_stops_early(self):
        frame, themes = simulate(n=80, coupling=0.5, seed=2)
        found = bootstrap_superclusters(frame, themes, 2, n_boot=499, random_state=3, stop_after=5)
        assert found.stopped
        assert found.n_boot < 499
        assert found.n_exceeding == 5

    def test_takes_a_fitted_model_and_missing_answers(self, coupled):
        frame, themes, _ = coupled
        holed = frame.astype(float).mask(np.random.default_rng(1).random(frame.shape) < 0.2)
        model = ClassesOfClasses(n_init=5, random_state=1).fit(holed, themes=themes)
        one = bootstrap_superclusters(model, n_boot=19, random_state=1)
        two = bootstrap_superclusters(holed, themes, 2, n_boot=19, random_state=1)
        assert one.statistic == pytest.approx(two.statistic, abs=1e-6)
        assert one.p_value == two.p_value == pytest.approx(0.05)

    def test_frequencies_are_cases(self):
        frame, themes = simulate(n=60, coupling=0.7)
        weight = np.random.default_rng(1).integers(0, 3, len(frame))
        repeated = frame.loc[np.repeat(frame.index, weight)]
        one = bootstrap_superclusters(
            frame, themes, 2, n_boot=9, random_state=1, sample_weight=weight
        )
        two = bootstrap_superclusters(repeated, themes, 2, n_boot=9, random_state=1)
        assert one.statistic == pytest.approx(two.statistic, abs=1e-6)
        np.testing.assert_allclose(one.replicates, two.replicates, atol=1e-5)


class TestDecision:
    def test_independent_themes(self):
        frame, themes = simulate(coupling=0.5, n=80, seed=2)
        found = decide_superclusters(frame, themes, 2, n_boot=39, random_state=1)
        assert (found.verdict, found.n_superclusters) == ("independent", 1)
        assert not found.associated
        assert not found.claims_types
        assert len(found.table) == 1

    def test_one_continuum_is_not_claimed_as_types(self):
        rng = np.random.default_rng(1)
        theta = rng.standard_normal(150)
        p = 1 / (1 + np.exp(-2 * (theta[:, None] - np.tile([-0.6, -0.2, 0.2, 0.6], 3))))
        names = [f"t{t}_{i}" for t in range(3) for i in range(4)]
        frame = pd.DataFrame((rng.random((150, 12)) < p).astype(int), columns=names)
        themes = {f"t{t}": names[4 * t : 4 * t + 4] for t in range(3)}
        found = decide_superclusters(frame, themes, 2, n_boot=19, random_state=1)
        assert found.associated
        assert found.n_superclusters == 2
        assert not found.claims_types
        assert list(found.table["null"]) == [
            "1 supercluster", "one dimension of classes", "2 superclusters",
            "one dimension of items", "2 superclusters",
        ]  # fmt: skip

    @pytest.mark.slow
    def test_types_far_from_any_line_are_claimed(self):
        """Three types, the middle one no mixture of the others: each theme has its own odd one."""
        rng = np.random.default_rng(5)
        top = rng.integers(3, size=500)
        table = np.array([[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1]])
        names, columns = [], []
        for t in range(4):
            c = np.where(rng.random(500) < 0.95, table[t][top], rng.integers(3, size=500))
            for i in range(4):
                names.append(f"t{t}_{i}")
                columns.append(np.where(rng.random(500) < 0.9, c, rng.integers(3, size=500)))
        frame = pd.DataFrame(np.array(columns).T, columns=names)
        themes = {f"t{t}": names[4 * t : 4 * t + 4] for t in range(4)}
        found = decide_superclusters(
            frame, themes, 3, n_boot=19, random_state=1, route="two_step", level=0.06
        )
        assert found.n_superclusters == 3
        assert found.claims_types

    def test_two_themes_show_association_only(self):
        frame, themes = simulate(themes=2, n=150)
        found = decide_superclusters(frame, themes, 2, n_boot=19, random_state=1, level=0.05)
        assert (found.verdict, found.n_superclusters, found.bound) == ("undecided", 1, 1)

    def test_continuous_items_have_no_line_of_items(self):
        frame, themes = simulate(n=150)
        rng = np.random.default_rng(1)
        frame["t0_0"] = frame["t0_0"] + rng.normal(0, 0.3, 150)
        found = decide_superclusters(frame, themes, 2, n_boot=19, random_state=1)
        assert "one dimension of items" not in set(found.table["null"])


class TestMessages:
    FRAME, THEMES = simulate(n=40)

    def fit(self, frame=None, themes=None, fit=None, **options):
        return ClassesOfClasses(n_init=2, random_state=1, **options).fit(
            self.FRAME if frame is None else frame, themes=themes or self.THEMES, **(fit or {})
        )

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"n_superclusters": 0}, "n_superclusters: expected an integer of at least 1, got 0"),
            ({"n_theme_classes": 0}, "n_theme_classes: expected an integer of at least 1, got 0"),
            ({"n_theme_classes": {"t0": 2}}, "a number for each of the themes"),
            ({"n_theme_classes": {"t0": 2, "t1": 2, "t2": 1.5}}, r"n_theme_classes\['t2'\]"),
            ({"max_iter": 0}, "max_iter: expected"),
            ({"tol": -1.0}, "tol: expected"),
            ({"prior": -1.0}, "prior: expected"),
            ({"conditional": "same"}, "conditional: expected 'free' or 'equal'"),
            ({"shares": "same"}, "shares: expected 'free' or 'uniform'"),
            ({"variances": "none"}, "variances: expected"),
            ({"variances": "free"}, "a positive prior or a stated variance_floor"),
            ({"variance_floor": 0.0}, "variance_floor: expected"),
            ({"n_jobs": 0}, "n_jobs: expected"),
            ({"conditional": "equal", "n_theme_classes": {"t0": 2, "t1": 2, "t2": 3}},
             "'free' where themes differ in their number of classes"),
        ],
    )  # fmt: skip
    def test_of_options(self, options, text):
        with pytest.raises(OptionError, match=text):
            self.fit(**options)

    def test_of_the_seed(self):
        with pytest.raises(OptionError, match="a non-negative integer"):
            ClassesOfClasses(random_state=-1).fit(self.FRAME, themes=self.THEMES)

    def test_of_themes_lists_all_faults(self):
        themes = {"a": ["t0_0", "nix"], "b": [], "c": "t0_1", "d": ["t0_0"]}
        with pytest.raises(InputError) as caught:
            self.fit(themes=themes)
        assert len(caught.value.faults) == 4
        for text in ("no column 'nix'", "'b': no columns", "expected a list of columns",
                     "'t0_0' already stands in 'a'"):  # fmt: skip
            assert text in str(caught.value)

    @pytest.mark.parametrize(
        ("frame", "themes", "text"),
        [
            (FRAME, [1], "expected a mapping of theme to columns, got list"),
            (FRAME.iloc[:0], THEMES, "no rows"),
            (np.zeros(3), THEMES, "expected a table of rows and columns, got 1-D"),
            (pd.concat([FRAME, FRAME[["t0_0"]]], axis=1), THEMES, "stands there twice"),
        ],
    )
    def test_of_data(self, frame, themes, text):
        with pytest.raises(InputError, match=text):
            self.fit(frame, themes)

    def test_of_no_theme(self):
        with pytest.raises(InputError, match="expected at least one theme"):
            ClassesOfClasses().fit(self.FRAME, themes={})

    @pytest.mark.parametrize(
        ("weights", "text"),
        [
            ({"sample_weight": np.ones(3)}, "expected 40 weights, got shape"),
            ({"sample_weight": np.full(40, -1.0)}, "40 negative"),
            ({"sample_weight": np.full(40, np.nan)}, "40 missing or infinite"),
            ({"sample_weight": np.zeros(40)}, "all are zero"),
            ({"sample_weight": ["a"] * 40}, "expected numbers"),
            ({"sample_weight": np.ones(40), "survey_weight": np.ones(40)}, "got both"),
        ],
    )
    def test_of_weights(self, weights, text):
        with pytest.raises(WeightError, match=text):
            self.fit(fit=weights)

    @pytest.mark.parametrize(
        ("covariates", "text"),
        [
            (["nix"], "no column 'nix'"),
            (np.ones(3), "expected 40 rows, got 3"),
            (pd.DataFrame({"z": ["a"] * 40}), "expected numbers"),
            (pd.DataFrame({"z": [np.nan] * 40}), "40 missing values"),
            (pd.DataFrame({"z": [np.inf] * 40}), "got infinity"),
        ],
    )
    def test_of_covariates(self, covariates, text):
        with pytest.raises(InputError, match=text):
            self.fit(fit={"covariates": covariates})

    def test_of_scoring(self):
        frame, themes = simulate(n=200)
        model = ClassesOfClasses(n_init=4, random_state=1).fit(frame, themes=themes)
        with pytest.raises(InputError, match="no column 't0_0'"):
            model.predict(frame.drop(columns="t0_0"))
        with pytest.raises(UnseenCategoryError, match="unseen category"):
            model.predict(frame + 1)
        with pytest.raises(OptionError, match="theme: expected one of"):
            model.theme_proba(frame, "nix")
        with pytest.raises(InputError, match="without covariates"):
            _ = model.coefficients_
        with pytest.raises(InputError, match=r"covariates: 1 fault\n- expected \[\]"):
            model.predict(frame, covariates=np.ones(200))

    def test_of_the_two_steps(self, coupled):
        frame, themes, measured = coupled
        with pytest.raises(InputError, match="expected at least one theme"):
            fit_two_step(frame, {}, 2)
        with pytest.raises(OptionError, match="n_superclusters"):
            fit_two_step(frame, measured, 0)
        with pytest.raises(InputError, match="theme 't0': 1 fault\n- no column 't0_0'"):
            fit_two_step(frame.drop(columns="t0_0"), measured, 2)
        grouped = frame[themes["t0"]].assign(sector=np.arange(len(frame)) % 2)
        model = LatentClassModel(2, n_init=4, random_state=1, group="sector").fit(grouped)
        bad = {"t0": ThemeMeasurement("t0", tuple(themes["t0"]), model)}
        with pytest.raises(InputError, match="expected a model without known groups"):
            fit_two_step(frame, bad, 2)
        with pytest.raises(InputError, match="no row has an answer"):
            fit_two_step(frame.astype(float) * np.nan, measured, 2)
        assert "2 classes" in repr(measured["t0"])

    def test_of_the_bootstrap(self, coupled):
        frame, themes, _ = coupled
        with pytest.raises(SurveyWeightError, match="pseudo-likelihood"):
            bootstrap_superclusters(frame, themes, survey_weight=np.ones(len(frame)))
        with pytest.raises(WeightError, match="whole numbers"):
            bootstrap_superclusters(frame, themes, sample_weight=np.full(len(frame), 0.5))
        with pytest.raises(OptionError, match="at least two themes"):
            bootstrap_superclusters(frame, themes, {"t0": 2, "t1": 1, "t2": 1})
        with pytest.raises(OptionError, match="tell 2 superclusters apart at most"):
            bootstrap_superclusters(frame, themes, n_superclusters=2)
        with pytest.raises(OptionError, match="route: expected"):
            bootstrap_superclusters(frame, themes, route="three_step")
        with pytest.raises(OptionError, match="level: expected a number between 0 and 1"):
            decide_superclusters(frame, themes, level=1.0)
        with pytest.raises(OptionError, match="most: expected"):
            decide_superclusters(frame, themes, most=1)
        with pytest.warns(FewStartsWarning, match="2 starts a data set"):
            bootstrap_superclusters(frame, themes, n_boot=1, n_init=2, random_state=1)

    def test_of_models_that_the_bootstrap_cannot_take(self, coupled):
        frame, themes, _ = coupled
        tied = ClassesOfClasses(n_init=20, random_state=1, conditional="equal")
        with pytest.raises(InputError, match="without equality constraints"):
            bootstrap_superclusters(tied.fit(frame, themes=themes))
        weighted = ClassesOfClasses(n_init=4, random_state=1)
        weighted.fit(frame, themes=themes, survey_weight=np.ones(len(frame)))
        with pytest.raises(InputError, match="without survey weights"):
            bootstrap_superclusters(weighted)
        led = ClassesOfClasses(n_init=4, random_state=1)
        led.fit(frame, themes=themes, covariates=np.arange(len(frame)) % 5)
        with pytest.raises(InputError, match="without covariates"):
            bootstrap_superclusters(led)
