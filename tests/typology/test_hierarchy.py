"""Classes of classes: the likelihood, invariances, and independent software."""

# ruff: noqa: PD011  (a Table's values are an array, no pandas object is meant)
from __future__ import annotations

import itertools
import json
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from swvtypes.errors import BoundaryWarning, EmptyRowWarning, FoundOnceWarning, SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Item
from swvtypes.lca.em import Settings
from swvtypes.typology import ClassesOfClasses
from swvtypes.typology.hierarchy import ThemeMeasurement
from swvtypes.typology.hierarchy.coordinates import lay_out, scores
from swvtypes.typology.hierarchy.coupling import Coupled, ask, couple
from swvtypes.typology.hierarchy.fitting import Rule, fit_structure, fixed_measurement, separate_of
from swvtypes.typology.hierarchy.iterating import Setting, em_step, expect, iterate
from swvtypes.typology.hierarchy.parameters import Hierarchy, score
from swvtypes.typology.hierarchy.starting import begin
from swvtypes.typology.hierarchy.structure import Structure, one_dimension


def simulate(n=300, themes=3, items=4, coupling=0.9, seed=1, high=0.88, low=0.18):
    """Binary answers of two superclusters; the truth beside it."""
    rng = np.random.default_rng(seed)
    top = rng.integers(2, size=n)
    theme = np.where(rng.random((n, themes)) < coupling, top[:, None], 1 - top[:, None])
    answers = rng.random((n, themes, items)) < np.where(theme, high, low)[:, :, None]
    names = [f"t{t}_{i}" for t in range(themes) for i in range(items)]
    frame = pd.DataFrame(answers.reshape(n, -1).astype(int), columns=names)
    return frame, {f"t{t}": names[items * t : items * (t + 1)] for t in range(themes)}, top


def mixed(n=250, seed=3):
    """Items of every family with missing answers, themes of unequal sizes, three classes."""
    rng = np.random.default_rng(seed)
    top = rng.integers(2, size=n)
    a = np.where(rng.random(n) < 0.85, top, 1 - top)
    b = np.where(rng.random(n) < 0.8, top * 2, rng.integers(3, size=n))
    frame = pd.DataFrame(
        {
            "yes1": np.where(rng.random(n) < 0.2 + 0.6 * a, "yes", "no"),
            "yes2": np.where(rng.random(n) < 0.3 + 0.5 * a, "yes", "no"),
            "size": rng.normal(1.5 * a, 1.0),
            "grade": np.clip(np.round(rng.normal(1.0 * b + 1, 0.9)), 0, 4).astype(int),
            "kind": (b + (rng.random(n) < 0.2)) % 3,
            "calls": rng.poisson(1 + 3 * b),
            "other": (rng.random(n) < 0.2 + 0.3 * b).astype(int),
        }
    )
    frame["yes1"] = frame["yes1"].astype(object)
    for column in frame:
        frame[column] = frame[column].mask(rng.random(n) < 0.1)
    themes = {"small": ["yes1", "yes2", "size"], "large": ["grade", "kind", "calls", "other"]}
    kinds = {"grade": "ordinal", "calls": "count", "yes1": "binary", "size": "continuous"}
    return frame, themes, kinds


def fit(*args, **options):
    """Fit without the warnings that small simulated data give."""
    themes, rest = options.pop("themes"), {}
    for name in ("sample_weight", "survey_weight", "covariates"):
        if name in options:
            rest[name] = options.pop(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BoundaryWarning)
        warnings.simplefilter("ignore", FoundOnceWarning)
        return ClassesOfClasses(**options).fit(*args, themes=themes, **rest)


@pytest.fixture(scope="module")
def plain():
    frame, themes, _ = simulate()
    return frame, themes, fit(frame, themes=themes, n_init=10, random_state=1)


@pytest.fixture(scope="module")
def reference(reference_dir):
    data = pd.read_csv(reference_dir / "data" / "coc_n152.csv")
    found = json.loads((reference_dir / "slca_coc_n152.json").read_text())
    return data, {f"t{t}": [f"t{t}_{i}" for i in range(1, 6)] for t in range(1, 5)}, found


class TestAgainstIndependentSoftware:
    @pytest.mark.parametrize("P", [1, 2, 3])
    def test_log_likelihood_is_that_of_slca(self, reference, P):
        data, themes, found = reference
        model = fit(data, themes=themes, n_superclusters=P, n_init=50, random_state=1)
        known = found["fits"][f"P{P}"]
        assert model.log_likelihood_ == pytest.approx(known["loglik"], abs=1e-5)
        if P < 3:
            assert model.n_parameters_ == known["npar"]
            assert model.criteria_["bic"] == pytest.approx(known["BIC"], abs=1e-4)
            assert model.criteria_["aic"] == pytest.approx(known["AIC"], abs=1e-4)

    def test_estimates_are_those_of_slca(self, reference):
        data, themes, found = reference
        model = fit(data, themes=themes, n_init=10, random_state=1)
        known = found["fits"]["P2"]
        np.testing.assert_allclose(model.shares_["estimate"], known["pi_super"], atol=1e-5)
        np.testing.assert_allclose(
            model.predict_proba(data), np.array(known["posterior_super"]), atol=1e-4
        )
        for t in range(1, 5):
            # slca's tables put the class that answers 1 more often first.
            rho = np.array(known["tau_super_by_class"][f"L{t}"])
            ours = model.outcome_.model.conditional[t - 1]
            same = min(np.abs(ours - rho).max(), np.abs(ours[:, ::-1] - rho).max(),
                       np.abs(ours - rho[::-1]).max(), np.abs(ours - rho.T).max())  # fmt: skip
            assert same < 1e-4

    def test_rank_says_that_three_superclusters_are_too_many(self, reference):
        data, themes, _ = reference
        model = fit(data, themes=themes, n_superclusters=3, n_init=10, random_state=1)
        found = model.identification_
        assert (found.structural_rank, found.n_structural) == (13, 14)
        assert (found.rank, found.n_parameters, found.identified) == (53, 54, False)
        assert found.most_superclusters == 2

    def test_rank_is_full_for_two_superclusters(self, reference):
        data, themes, _ = reference
        found = fit(data, themes=themes, n_init=10, random_state=1).identification_
        assert found.identified
        assert found.rank == 49


class TestLikelihood:
    def test_is_the_sum_over_all_latent_cells(self):
        """Brute force: every supercluster and every combination of theme classes."""
        rng = np.random.default_rng(5)
        sizes, items = (2, 3), (2, 2)
        values = [rng.integers(0, 3, size=(12, J)).astype(float) for J in items]
        values[0][3] = np.nan
        values[1][5, 0] = np.nan
        coupled = couple(values, [[Item("x", "nominal", 3)] * J for J in items])
        question = ask([coupled])
        structure = Structure(2, sizes)
        rule = Rule(4, 4, Settings(40, 0.0))
        separate = separate_of(question, structure, rule, [1])
        sums, state = begin(question, structure, separate, [7], range(4), np.array([1, 3]))
        log_likelihood, _, state, _ = em_step(Setting(question, structure), sums, state)
        from swvtypes.typology.hierarchy.fitting import pick
        from swvtypes.typology.hierarchy.parameters import read_state

        layouts = [d.layout for d in coupled.designs]
        for s in range(4):
            model = read_state(layouts, pick(state, np.array([[s]])), None, coupled.weight)
            total = 0.0
            for n in range(12):
                row = 0.0
                for p, classes in itertools.product(
                    range(2), itertools.product(*map(range, sizes))
                ):
                    term = model.shares[p]
                    for t, c in enumerate(classes):
                        term *= model.conditional[t][p, c]
                        for table in model.tables[t]:
                            answer = values[t][n, table.items[0]]
                            if not np.isnan(answer):
                                term *= table.values[c, int(answer)]
                    row += term
                total += np.log(row)
            assert log_likelihood[0, s] == pytest.approx(total, abs=1e-9)
            known = score(coupled, model).log_density @ coupled.weight
            assert known == pytest.approx(total, abs=1e-9)

    @pytest.mark.parametrize("prior", [0.0, 2.0])
    def test_never_falls(self, prior):
        frame, themes, kinds = mixed()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            model = fit(
                frame, themes=themes, n_theme_classes={"small": 2, "large": 3}, indicators=kinds,
                n_init=2, random_state=1,
            )  # fmt: skip
        coupled = model.coupled_
        question, structure = ask([coupled], prior), Structure(2, (2, 3))
        separate = separate_of(question, structure, Rule(4, 2), [1])
        sums, state = begin(question, structure, separate, [3], range(8), np.arange(1, 8, 2))
        setting, before = Setting(question, structure), np.full((1, 8), -np.inf)
        for _ in range(60):
            _, objective, state, sums = em_step(setting, sums, state)
            assert (objective >= before - 1e-9 * np.abs(objective)).all()
            before = objective
        ran = iterate(setting, sums, state, Settings(500, 1e-10))
        trace = np.stack(ran.trace)
        assert (np.diff(trace, axis=0) >= -1e-9 * np.abs(trace[1:])).all()

    @pytest.mark.parametrize("conditional", ["free", "equal"])
    @pytest.mark.parametrize("shares", ["free", "uniform"])
    def test_never_falls_under_equality(self, plain, conditional, shares):
        coupled = plain[2].coupled_
        question = ask([coupled])
        structure = Structure(2, (2, 2, 2), conditional, shares)
        separate = separate_of(question, structure, Rule(4, 2), [1])
        sums, state = begin(question, structure, separate, [3], range(4), np.arange(1, 4, 2))
        before = np.full((1, 4), -np.inf)
        for _ in range(40):
            _, objective, state, sums = em_step(Setting(question, structure), sums, state)
            assert (objective >= before - 1e-9 * np.abs(objective)).all()
            before = objective

    def test_of_one_supercluster_is_the_sum_over_themes(self):
        frame, themes, kinds = mixed()
        sizes = {"small": 2, "large": 3}
        model = fit(
            frame, themes=themes, n_superclusters=1, n_theme_classes=sizes, indicators=kinds,
            n_init=30, random_state=1,
        )  # fmt: skip
        total, parameters = 0.0, 0
        for name, columns in themes.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SwvtypesWarning)
                one = LatentClassModel(
                    sizes[name], {k: v for k, v in kinds.items() if k in columns}, n_init=60,
                    random_state=2,
                ).fit(frame[columns])  # fmt: skip
            total, parameters = total + one.log_likelihood_, parameters + one.n_parameters_
        assert model.log_likelihood_ == pytest.approx(total, abs=1e-5)
        assert model.n_parameters_ == parameters

    def test_gradient_is_zero_at_the_maximum_and_right_elsewhere(self):
        frame, themes, kinds = mixed()
        model = fit(
            frame, themes=themes, n_theme_classes={"small": 2, "large": 3}, indicators=kinds,
            n_init=10, random_state=1, prior=0.0,
        )  # fmt: skip
        coupled = model.coupled_
        at = lay_out(
            coupled, model.outcome_.model, [model.outcome_.wish.variances] * 2
        )  # fmt: skip
        gradient = coupled.weight @ scores(coupled, at, at.theta)[0]
        assert np.abs(gradient).max() < 2e-2
        theta = at.theta + np.random.default_rng(1).normal(0, 0.1, len(at.theta))
        exact = coupled.weight @ scores(coupled, at, theta)[0]
        for i in range(len(theta)):
            sides = []
            for sign in (1, -1):
                moved = theta.copy()
                moved[i] += sign * 1e-5
                sides.append(coupled.weight @ score(coupled, at.at(moved)).log_density)
            assert exact[i] == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=2e-4, rel=1e-4)

    def test_batch_is_single(self, plain):
        """Eight starts together come to what each comes to alone."""
        coupled = plain[2].coupled_
        question, structure = ask([coupled]), Structure(2, (2, 2, 2))
        separate = separate_of(question, structure, Rule(4, 2), [1])
        setting = Setting(question, structure)
        odd = np.arange(1, 8, 2)
        together = iterate(
            setting, *begin(question, structure, separate, [3], range(8), odd), Settings()
        )
        for s in range(8):
            random = np.array([0] if s % 2 else [], dtype=int)
            alone = iterate(
                setting,
                *begin(question, structure, separate, [3], range(s, s + 1), random),
                Settings(),
            )
            assert alone.objective[0, 0] == pytest.approx(together.objective[0, s], abs=1e-8)

    def test_many_data_sets_are_as_one(self, plain):
        coupled = plain[2].coupled_
        from swvtypes.typology.hierarchy.coupling import one_row_a_case
        from swvtypes.typology.hierarchy.replicates import Contest, contest, draw

        cases = one_row_a_case(coupled)
        data = [draw(cases, plain[2].outcome_.model, 5, r) for r in range(4)]
        wanted = Contest(
            Structure(1, (2, 2, 2)), Structure(2, (2, 2, 2)), "one_step", Rule(6, 5, screen=True)
        )
        together = contest(data, wanted, [1, 2, 3, 4]).ratio
        for r in range(4):
            alone = contest([data[r]], wanted, [r + 1]).ratio[0]
            assert alone == pytest.approx(together[r], abs=1e-6)

    def test_far_out_answers_do_not_underflow(self):
        frame, themes, _ = simulate(n=60)
        frame["far"] = np.random.default_rng(1).normal(size=60)
        frame.loc[0, "far"] = 1e6
        themes["t0"] = [*themes["t0"], "far"]
        model = fit(frame, themes=themes, n_init=4, random_state=1)
        assert np.isfinite(model.log_likelihood_)
        assert np.isfinite(model.predict_proba(frame)).all()

    def test_densities_are_exact_where_a_variance_is_at_its_floor(self):
        """One measurement throughout a class: log-densities are the normal's to the last digit."""
        rng = np.random.default_rng(3)
        kind = rng.integers(2, size=60)
        frame = pd.DataFrame({
            "x": np.where(kind, 30.0, rng.normal(0, 1, 60)),
            "b": (rng.random(60) < np.where(kind, 0.9, 0.2)).astype(int),
        })  # fmt: skip
        kinds = {"x": "continuous", "b": "nominal"}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SwvtypesWarning)
            model = LatentClassModel(
                2, kinds, n_init=5, random_state=1, variances="free", variance_floor=1e-10
            ).fit(frame)
        measured = ThemeMeasurement("t", ("x", "b"), model)
        own = {table.items[0]: table.values for table in measured.tables}
        assert own[0][:, 1].min() < 1e-6
        given = norm.logpdf(frame[["x"]], own[0][:, 0], np.sqrt(own[0][:, 1]))
        known = given + np.log(own[1][:, frame["b"]]).T
        np.testing.assert_allclose(measured.log_density(frame), known, rtol=1e-12)
        rows = measured.rows(frame, np.ones(60))
        top = Hierarchy(np.ones(1), (np.full((1, 2), 0.5),), (measured.tables,))
        coupled = Coupled((rows,), np.ones(60), np.arange(60))
        np.testing.assert_allclose(top.log_densities(coupled)[0], known, rtol=1e-12)


class TestInvariances:
    def test_order_of_rows_themes_and_columns_does_not_matter(self, plain):
        frame, themes, model = plain
        shuffled = frame.sample(frac=1, random_state=1)[frame.columns[::-1]]
        turned = {name: themes[name][::-1] for name in reversed(list(themes))}
        again = fit(shuffled, themes=turned, n_init=10, random_state=4)
        assert again.log_likelihood_ == pytest.approx(model.log_likelihood_, abs=1e-7)
        np.testing.assert_allclose(
            again.predict_proba(frame), model.predict_proba(frame), atol=1e-5
        )

    def test_relabelled_parameters_have_the_same_likelihood(self, plain):
        model = plain[2].outcome_.model
        turned = Hierarchy(
            model.shares[::-1],
            tuple(rho[::-1, ::-1] for rho in model.conditional),
            tuple(
                tuple(type(t)(t.kind, t.items, t.group, t.values[::-1]) for t in theme)
                for theme in model.tables
            ),
        )
        one, two = (score(plain[2].coupled_, m) for m in (model, turned))
        np.testing.assert_allclose(one.log_density, two.log_density, atol=1e-12)
        np.testing.assert_allclose(one.superclusters, two.superclusters[:, ::-1], atol=1e-12)

    def test_weight_two_is_the_row_twice(self, plain):
        frame, themes, _ = plain
        weight = np.random.default_rng(2).integers(0, 3, len(frame))
        repeated = frame.loc[np.repeat(frame.index, weight)]
        one = fit(frame, themes=themes, sample_weight=weight, n_init=6, random_state=1)
        two = fit(repeated, themes=themes, n_init=6, random_state=1)
        assert one.log_likelihood_ == pytest.approx(two.log_likelihood_, abs=1e-8)
        np.testing.assert_allclose(one.predict_proba(frame), two.predict_proba(frame), atol=1e-8)
        np.testing.assert_allclose(one.shares_["se"], two.shares_["se"], atol=1e-8)
        assert one.criteria_["bic"] == pytest.approx(two.criteria_["bic"], abs=1e-8)

    def test_survey_weights_are_scaled_and_have_no_bic(self, plain):
        frame, themes, model = plain
        weight = np.random.default_rng(2).uniform(0.5, 2.0, len(frame))
        one, two = (
            fit(frame, themes=themes, survey_weight=w, n_init=6, random_state=1)
            for w in (weight, 7.0 * weight)
        )
        assert one.log_likelihood_ == pytest.approx(two.log_likelihood_, abs=1e-6)
        assert np.isnan(one.criteria_["bic"])
        even = fit(frame, themes=themes, survey_weight=np.full(len(frame), 3.0), n_init=6,
                   random_state=1)  # fmt: skip
        assert even.log_likelihood_ == pytest.approx(model.log_likelihood_, abs=1e-6)
        ratio = even.shares_["se"] / model.shares_["se"]
        assert ((ratio > 0.7) & (ratio < 1.4)).all()

    def test_missing_answers_are_summed_out(self, plain):
        frame, _, model = plain
        rows = frame.iloc[:6].astype(float)
        holed = rows.copy()
        holed["t0_1"] = np.nan
        density = np.zeros(6)
        for answer in (0, 1):
            rows["t0_1"] = answer
            density += np.exp(model.score_samples(rows))
        np.testing.assert_allclose(model.score_samples(holed), np.log(density), atol=1e-10)

    def test_a_theme_without_answers_says_nothing(self, plain):
        frame, themes, model = plain
        holed = frame.astype(float)
        holed[themes["t1"]] = np.nan
        without = model.predict_proba(holed)
        m = model.outcome_.model
        smaller = Hierarchy(
            m.shares,
            tuple(r for t, r in enumerate(m.conditional) if t != 1),
            tuple(x for t, x in enumerate(m.tables) if t != 1),
        )
        values = [frame[themes[t]].to_numpy(float) for t in ("t0", "t2")]
        coupled = couple(values, [d.layout.items for d in model.coupled_.designs[:2]])
        known = score(coupled, smaller).superclusters[coupled.inverse]
        np.testing.assert_allclose(without, known, atol=1e-12)

    def test_rows_without_answers_get_the_shares(self, plain):
        frame, themes, _ = plain
        empty = pd.concat([frame.astype(float), pd.DataFrame(np.nan, [999], frame.columns)])
        with pytest.warns(EmptyRowWarning, match="1 rows without any answer"):
            model = ClassesOfClasses(n_init=4, random_state=1).fit(empty, themes=themes)
        assert model.log_likelihood_ == pytest.approx(plain[2].log_likelihood_, abs=1e-7)
        np.testing.assert_allclose(
            model.predict_proba(empty)[-1], model.shares_["estimate"], atol=1e-12
        )

    def test_theme_with_one_class_takes_no_part(self, plain):
        frame, themes, _ = plain
        three = fit(frame, themes=themes, n_theme_classes={"t0": 2, "t1": 2, "t2": 1}, n_init=4,
                    random_state=1)  # fmt: skip
        two = fit(frame, themes={t: themes[t] for t in ("t0", "t1")}, n_init=4, random_state=1)
        p = frame[themes["t2"]].mean()
        alone = float((len(frame) * (p * np.log(p) + (1 - p) * np.log(1 - p))).sum())
        assert three.log_likelihood_ == pytest.approx(two.log_likelihood_ + alone, abs=1e-6)
        np.testing.assert_allclose(three.theme_proba(frame, "t2"), 1.0, atol=1e-12)

    def test_same_seed_same_answer(self, plain):
        frame, themes, model = plain
        for n_jobs in (1, 2):
            again = fit(frame, themes=themes, n_init=10, random_state=1, n_jobs=n_jobs)
            assert again.log_likelihood_ == model.log_likelihood_
            assert again.starts_.equals(model.starts_)

    def test_more_starts_keep_the_earlier_ones(self, plain):
        frame, themes, model = plain
        more = fit(frame, themes=themes, n_init=16, random_state=1)
        np.testing.assert_allclose(
            more.starts_["log_likelihood"][1:10], model.starts_["log_likelihood"][1:10], atol=1e-5
        )

    def test_an_array_is_read_by_position(self, plain):
        frame, themes, model = plain
        places = {t: [frame.columns.get_loc(c) for c in columns] for t, columns in themes.items()}
        again = fit(frame.to_numpy(), themes=places, n_init=10, random_state=1)
        assert again.log_likelihood_ == pytest.approx(model.log_likelihood_, abs=1e-9)


class TestEstimates:
    def test_recovers_the_truth(self):
        frame, themes, top = simulate(n=4000, themes=4, items=5)
        model = fit(frame, themes=themes, n_init=6, random_state=1)
        np.testing.assert_allclose(model.shares_["estimate"], 0.5, atol=0.04)
        rho = model.conditional_.groupby(["theme", "supercluster"])["estimate"].max()
        np.testing.assert_allclose(rho, 0.9, atol=0.05)
        item = model.profiles_.query("category == 1")["estimate"]
        assert (np.minimum((item - 0.88).abs(), (item - 0.18).abs()) < 0.06).all()
        agreement = (model.predict(frame) - 1 == top).mean()
        assert max(agreement, 1 - agreement) > 0.93

    @pytest.mark.slow
    def test_standard_errors_match_the_spread_over_data_sets(self):
        found, errors = [], []
        for seed in range(60):
            frame, themes, _ = simulate(n=400, seed=seed)
            model = fit(frame, themes=themes, n_init=1, random_state=1)
            # Orientation: the supercluster that answers 1 more often.
            m = model.outcome_.model
            high = [int(np.argmax(t[0].values[:, 1])) for t in m.tables]
            s = int(np.argmax([sum(r[p, h] for r, h in zip(m.conditional, high, strict=True))
                               for p in range(2)]))  # fmt: skip
            table = model.conditional_.query("theme == 't0' and supercluster == @s + 1")
            row = table[table["class"] == high[0] + 1].iloc[0]
            found.append([m.shares[s], row["estimate"]])
            errors.append([model.shares_["se"].iloc[s], row["se"]])
        spread, average = np.std(found, axis=0), np.nanmean(errors, axis=0)
        assert (np.abs(np.log(average / spread)) < 0.35).all()

    def test_intervals_stay_inside_and_boundaries_are_flagged(self):
        frame, themes, _ = simulate(n=80, coupling=1.0, seed=4)
        model = fit(frame, themes=themes, n_init=10, random_state=1)
        table = model.conditional_
        assert table["boundary"].any()
        assert table.loc[table["boundary"], "se"].isna().all()
        kept = table[~table["boundary"]].dropna()
        assert len(kept)
        assert ((kept["lower"] > 0) & (kept["upper"] < 1)).all()
        assert (kept["lower"] < kept["estimate"]).all()
        assert (kept["upper"] > kept["estimate"]).all()

    def test_prior_keeps_estimates_off_the_boundary(self):
        frame, themes, _ = simulate(n=80, coupling=1.0, seed=4)
        with warnings.catch_warnings():
            warnings.simplefilter("error", BoundaryWarning)
            model = ClassesOfClasses(prior=1.0, n_init=10, random_state=1).fit(frame, themes=themes)
        assert not model.conditional_["boundary"].any()
        assert model.estimation_ == "posterior mode (prior 1)"
        assert model.criteria_["log_posterior"] < model.log_likelihood_

    def test_equal_conditionals_are_equal_and_counted_once(self):
        frame, themes, _ = simulate(n=500)
        free = fit(frame, themes=themes, n_init=10, random_state=1)
        tied = fit(frame, themes=themes, conditional="equal", n_init=10, random_state=1)
        uniform = fit(frame, themes=themes, conditional="equal", shares="uniform", n_init=10,
                      random_state=1)  # fmt: skip
        first, *others = tied.outcome_.model.conditional
        for rho in others:
            np.testing.assert_allclose(rho, first, atol=1e-12)
        assert free.n_parameters_ - tied.n_parameters_ == 4
        assert tied.n_parameters_ - uniform.n_parameters_ == 1
        assert free.log_likelihood_ > tied.log_likelihood_ > uniform.log_likelihood_
        assert (uniform.shares_["estimate"] == 0.5).all()
        # All three hold in the population, so that little is lost.
        assert 2 * (free.log_likelihood_ - uniform.log_likelihood_) < 20

    def test_covariates_are_a_logit_of_the_superclusters(self):
        rng = np.random.default_rng(6)
        n = 1500
        z = rng.normal(2.0, 3.0, n)
        top = (rng.random(n) < 1 / (1 + np.exp(-(-1.0 + 0.5 * z)))).astype(int)
        theme = np.where(rng.random((n, 3)) < 0.9, top[:, None], 1 - top[:, None])
        answers = rng.random((n, 3, 4)) < np.where(theme, 0.9, 0.15)[:, :, None]
        names = [f"t{t}_{i}" for t in range(3) for i in range(4)]
        frame = pd.DataFrame(answers.reshape(n, 12).astype(int), columns=names)
        frame["z"] = z
        themes = {f"t{t}": names[4 * t : 4 * t + 4] for t in range(3)}
        model = fit(frame, themes=themes, covariates=["z"], n_init=6, random_state=1)
        table = model.coefficients_.set_index("covariate")
        slope = table.loc["z"]
        assert abs(abs(slope["estimate"]) - 0.5) < 3 * slope["se"]
        assert slope["se"] < 0.1
        assert slope["p_value"] < 1e-6
        assert model.n_parameters_ == fit(frame, themes=themes, n_init=4).n_parameters_ + 1
        plain = model.predict_proba(frame, covariates=["z"])
        assert plain.shape == (n, 2)
        assert model.shares_["estimate"].sum() == pytest.approx(1.0)

    def test_sample_has_the_columns_and_labels_of_the_data(self):
        frame, themes, kinds = mixed()
        model = fit(
            frame, themes=themes, n_theme_classes={"small": 2, "large": 3}, indicators=kinds,
            n_init=4, random_state=1,
        )  # fmt: skip
        drawn = model.sample(400)
        assert list(drawn.columns) == [c for columns in themes.values() for c in columns]
        assert set(drawn["yes1"]) == {"yes", "no"}
        assert drawn["size"].std() > 0.5
        model.predict_proba(drawn)

    def test_all_families_stand_in_the_profiles(self):
        frame, themes, kinds = mixed()
        model = fit(
            frame, themes=themes, n_theme_classes={"small": 2, "large": 3}, indicators=kinds,
            n_init=10, random_state=1,
        )  # fmt: skip
        table = model.profiles_
        assert set(table["parameter"]) == {"probability", "mean", "variance", "rate", "effect"}
        assert list(table.columns[:2]) == ["theme", "group"]
        sums = table[table["parameter"] == "probability"].groupby(["indicator", "class"])
        np.testing.assert_allclose(sums["estimate"].sum(), 1.0, atol=1e-12)
        rates = table[table["parameter"] == "rate"]
        assert (rates["lower"] < rates["estimate"]).all()

    def test_themes_know_their_classes(self, plain):
        frame, _, model = plain
        p = model.theme_proba(frame, "t0")
        np.testing.assert_allclose(p.sum(axis=1), 1.0)
        shares = p.mean(axis=0)
        assert shares[0] >= shares[1]

    def test_one_dimension_lies_between_independence_and_saturation(self, plain):
        coupled = plain[2].coupled_
        question, line = ask([coupled]), one_dimension((2, 2, 2))
        separate = separate_of(question, line, Rule(4, 10), [1])
        measured = fixed_measurement(question, separate)
        found = fit_structure(question, line, separate, measured, Rule(4), [1])
        independent = float(separate.log_likelihood.sum())
        assert independent < found.log_likelihood[0] <= plain[2].log_likelihood_ + 1e-6
        _, _, sums = expect(Setting(question, line, measured), found.state)
        assert sums.conditional[0].shape[:2] == (11, 2)
