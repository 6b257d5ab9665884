"""The latent transition model against LMest, brute force and theory."""

from __future__ import annotations

import itertools
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, OptionError, WeightError
from swvtypes.lca.families import Parameters, Table, pack
from swvtypes.longitudinal import LatentTransitionModel
from swvtypes.longitudinal.chain.em import Climb, Stop
from swvtypes.longitudinal.chain.forward import expect


def simulate(n: int, seed: int, waves: int = 3, move: float = 0.15) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    classes = [rng.integers(2, size=n)]
    for _ in range(waves - 1):
        classes.append(np.where(rng.random(n) < move, 1 - classes[-1], classes[-1]))
    rows = [
        pd.DataFrame(
            (rng.random((n, 4)) < np.where(c, 0.85, 0.2)[:, None]).astype(int), columns=list("abcd")
        ).assign(id=np.arange(n), year=2014 + 2 * t)
        for t, c in enumerate(classes)
    ]
    return pd.concat(rows, ignore_index=True)


def fit(frame: pd.DataFrame, n_classes: int = 2, **options: object) -> LatentTransitionModel:
    weight = options.pop("sample_weight", None)
    indicators = options.pop("indicators", list("abcd"))
    options = {"n_init": 6, "random_state": 1, **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LatentTransitionModel(n_classes, **options)  # type: ignore[arg-type]
        return model.fit(frame, "id", "year", indicators, sample_weight=weight)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def drug(reference_dir: Path) -> tuple[pd.DataFrame, dict[str, dict[str, dict[str, object]]]]:
    wide = pd.read_csv(reference_dir / "data" / "lmest_data_drug.csv")
    wide["id"] = np.arange(len(wide))
    long = wide.melt(id_vars=["id", "V6"], var_name="year", value_name="y")
    return long, json.loads((reference_dir / "lmest_drug.json").read_text())


@pytest.mark.parametrize("transitions", ["homogeneous", "free"])
@pytest.mark.parametrize("n_classes", [1, 2, 3, 4])
def test_log_likelihood_of_lmest_or_higher(drug, transitions: str, n_classes: int) -> None:
    long, reference = drug
    kind = "homogeneous" if transitions == "homogeneous" else "heterogeneous"
    known = reference[kind][f"K{n_classes}"]
    model = fit(
        long, n_classes, transitions=transitions, indicators=["y"], sample_weight="V6", n_init=20
    )
    assert model.log_likelihood_ > known["loglik"] - 1e-4
    assert model.n_parameters_ == known["npar"]


@pytest.mark.parametrize(
    ("transitions", "n_classes"), [("homogeneous", 2), ("homogeneous", 3), ("free", 2)]
)
def test_probabilities_of_lmest(drug, transitions: str, n_classes: int) -> None:
    long, reference = drug
    kind = "homogeneous" if transitions == "homogeneous" else "heterogeneous"
    known = reference[kind][f"K{n_classes}"]
    model = fit(
        long, n_classes, transitions=transitions, indicators=["y"], sample_weight="V6", n_init=20
    )
    order = np.argsort(-np.array(known["initial"]))
    np.testing.assert_allclose(model.initial_, np.array(known["initial"])[order], atol=1e-3)
    table = np.array(known["transition"])[:, :, 1:][np.ix_(order, order)]
    ours = model.transition_.to_numpy().reshape(-1, n_classes, n_classes)
    for step in range(4):
        np.testing.assert_allclose(ours[min(step, len(ours) - 1)], table[:, :, step], atol=1e-3)
    profiles = model.profiles_.pivot_table("estimate", "category", "class")
    np.testing.assert_allclose(profiles, np.array(known["psi"])[:, order, 0], atol=1e-3)


@pytest.mark.parametrize("transitions", ["homogeneous", "free"])
def test_one_class_has_the_shares_of_the_answers(drug, transitions: str) -> None:
    long, reference = drug
    known = reference["homogeneous" if transitions == "homogeneous" else "heterogeneous"]["K1"]
    model = fit(long, 1, transitions=transitions, indicators=["y"], sample_weight="V6")
    profile = model.profiles_["estimate"].to_numpy()
    np.testing.assert_allclose(profile, np.ravel(known["psi"]), atol=1e-9)
    assert model.initial_.tolist() == [1.0]
    assert (model.transition_.to_numpy() == 1.0).all()


def test_free_transitions_of_three_classes_lie_above_those_of_lmest(drug) -> None:
    """LMest stops 1.2e-4 short of the optimum; EM from its own estimates comes to ours."""
    long, reference = drug
    known = reference["heterogeneous"]["K3"]
    model = fit(long, 3, indicators=["y"], sample_weight="V6", n_init=20)
    assert model.log_likelihood_ - known["loglik"] == pytest.approx(1.2e-4, abs=2e-5)
    result = model._result
    order = np.argsort(-np.array(known["initial"]))
    A = pack(
        result.model.layout,
        Parameters(
            np.zeros((1, 3)),
            (Table("nominal", (0,), -1, np.array(known["psi"])[:, order, 0].T),),
        ),
    )
    moves = np.array(known["transition"])[:, :, 1:][np.ix_(order, order)].transpose(2, 0, 1)
    chain = np.concatenate([np.array(known["initial"])[order][None], moves.reshape(-1, 3)])
    Z = np.concatenate([A, np.log(np.maximum(chain, 1e-12))])[:, None]
    at_lmest, sums = expect(result.model, result.data, Z)
    assert at_lmest[0] + result.data.constant == pytest.approx(known["loglik"], abs=1e-5)
    climbed = Climb(result.model, result.data, Stop(tol=1e-14)).run(sums)
    assert climbed.log_likelihood[0] == pytest.approx(model.log_likelihood_, abs=1e-7)
    np.testing.assert_allclose(np.exp(climbed.Z[-12:, 0]), np.exp(result.Z[-12:]), atol=1e-3)


def test_log_density_is_the_sum_over_all_paths() -> None:
    frame = simulate(30, 3)
    frame.loc[frame.index % 7 == 0, "a"] = np.nan
    frame = frame[~((frame["id"] % 5 == 0) & (frame["year"] == 2016))]
    model = fit(frame)
    start, moves = model.initial_.to_numpy(), model.transition_.to_numpy().reshape(2, 2, 2)
    chance = model.profiles_.pivot_table(
        index=["indicator", "category"], columns="class", values="estimate"
    )
    for unit, own in frame.groupby("id"):
        total = 0.0
        for path in itertools.product(range(2), repeat=3):
            p = start[path[0]] * moves[0][path[0], path[1]] * moves[1][path[1], path[2]]
            for _, row in own.iterrows():
                k = path[int(row["year"] - 2014) // 2]
                for name in "abcd":
                    if not np.isnan(row[name]):
                        p *= chance.loc[(name, int(row[name]))].iloc[k]
            total += p
        assert model.score_samples()[unit] == pytest.approx(np.log(total), abs=1e-9)


def test_likelihood_never_falls_and_acceleration_never_ends_lower() -> None:
    frame = simulate(60, 5)
    values = [fit(frame, 3, max_iter=m, n_init=1, tol=1e-12).log_likelihood_ for m in (4, 30, 200)]
    assert values == sorted(values)


def test_weight_two_is_the_unit_twice_and_order_does_not_matter() -> None:
    frame = simulate(40, 7)
    weight = pd.Series(1 + (np.arange(40) % 3 == 0), index=pd.Index(np.arange(40), name="unit"))
    twice = pd.concat(
        [frame, frame[frame["id"].map(weight) == 2].assign(id=lambda f: f["id"] + 100)]
    )
    weighted = fit(frame, sample_weight=weight.rename_axis("id").sort_index(ascending=False))
    double = fit(twice.sample(frac=1, random_state=1))
    assert weighted.log_likelihood_ == pytest.approx(double.log_likelihood_, abs=1e-8)
    np.testing.assert_allclose(weighted.transition_, double.transition_, atol=1e-7)


def test_a_wave_without_a_row_is_a_row_without_answers() -> None:
    frame = simulate(50, 9)
    gone = (frame["id"] % 4 == 0) & (frame["year"] == 2018)
    blank = frame.astype(dict.fromkeys("abcd", float))
    blank.loc[gone, list("abcd")] = np.nan
    assert fit(frame[~gone]).log_likelihood_ == pytest.approx(fit(blank).log_likelihood_, abs=1e-9)


def test_frozen_classes_are_a_latent_class_model_of_all_waves_at_once() -> None:
    from swvtypes.lca import LatentClassModel

    frame = simulate(300, 11, waves=2, move=0.0)
    model = fit(frame, tol=1e-12)
    assert np.diag(model.transition_).min() > 0.97
    wide = frame.pivot_table(index="id", columns="year")
    wide.columns = [f"{a}{b}" for a, b in wide.columns]
    together = LatentClassModel(2, n_init=10, random_state=1).fit(wide.astype(int))
    first = model.predict().xs(2014, level="wave")
    agree = (first.to_numpy() == together.predict(wide.astype(int))).mean()
    assert max(agree, 1 - agree) > 0.97


def test_recovery_with_many_units() -> None:
    model = fit(simulate(3000, 13), transitions="homogeneous")
    np.testing.assert_allclose(np.diag(model.transition_), [0.85, 0.85], atol=0.03)
    assert model.shares_.to_numpy() == pytest.approx(0.5, abs=0.04)


def test_one_class_has_no_moves() -> None:
    frame = simulate(50, 15)
    model = fit(frame, 1)
    p = frame[list("abcd")].mean().to_numpy()
    expected = sum(150 * (q * np.log(q) + (1 - q) * np.log(1 - q)) for q in p)
    assert model.log_likelihood_ == pytest.approx(expected, abs=1e-8)
    assert model.n_parameters_ == 4


def test_free_profiles_add_parameters_and_likelihood() -> None:
    frame = simulate(120, 17)
    equal, free = fit(frame), fit(frame, profiles="free")
    partly = fit(frame, profiles=["a", "b"])
    assert (equal.n_parameters_, partly.n_parameters_, free.n_parameters_) == (13, 21, 29)
    assert equal.log_likelihood_ < partly.log_likelihood_ < free.log_likelihood_
    assert sorted(free.profiles_["group"].unique()) == [2014, 2016, 2018]


def test_a_prior_on_transitions_keeps_them_off_the_boundary() -> None:
    frame = simulate(40, 19, move=0.0)
    assert fit(frame, transition_prior=1.0).transition_.to_numpy().min() > 0.002
    assert "transition prior 1" in fit(frame, transition_prior=1.0).estimation_


def test_same_seed_same_answer_for_any_number_of_threads() -> None:
    frame = simulate(60, 21)
    one, two = fit(frame, 3, n_init=25, n_jobs=1), fit(frame, 3, n_init=25, n_jobs=2)
    pd.testing.assert_frame_equal(one.starts_, two.starts_)
    pd.testing.assert_frame_equal(one.transition_, two.transition_)


def test_scoring_the_rows_of_the_fit_gives_its_posteriors() -> None:
    frame = simulate(60, 23)
    model = fit(frame, profiles=["a"])
    pd.testing.assert_frame_equal(model.predict_proba(), model.predict_proba(frame))
    moved = model.move_probabilities()
    assert moved.shape == (60, 2)
    assert moved.to_numpy().min() >= -1e-12
    assert moved.to_numpy().max() <= 1.0 + 1e-12


def test_all_faults_of_a_panel_at_once() -> None:
    frame = simulate(10, 25)
    with pytest.raises(InputError, match="no column 'x'") as caught:
        fit(frame, indicators=["a", "x", "a"])
    assert any("'a' twice" in fault for fault in caught.value.faults)
    with pytest.raises(InputError, match="one row a unit and wave, got more for 0 at 2014"):
        fit(pd.concat([frame, frame.head(1)]))
    with pytest.raises(InputError, match="at least two waves, got 1"):
        fit(frame[frame["year"] == 2014])
    with pytest.raises(InputError, match="1 rows without a known value"):
        fit(frame.assign(year=frame["year"].where(frame.index != 0)))
    with pytest.raises(InputError, match="'z' is not among the indicators"):
        fit(frame, profiles=["z"])


def test_faults_of_weights() -> None:
    frame = simulate(10, 27)
    with pytest.raises(WeightError, match="weights change within 10 units"):
        fit(frame, sample_weight=np.arange(1.0, 31.0))
    with pytest.raises(WeightError, match="expected one weight a row"):
        fit(frame, sample_weight=[1.0])
    with pytest.raises(WeightError, match="30 negative weights"):
        fit(frame, sample_weight=np.full(30, -1.0))
    with pytest.raises(WeightError, match="30 missing or infinite weights"):
        fit(frame, sample_weight=np.full(30, np.nan))
    with pytest.raises(WeightError, match="all weights are zero"):
        fit(frame, sample_weight=np.zeros(30))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("n_classes", 0), ("n_init", 0), ("max_iter", 0), ("tol", 0.0), ("prior", -1.0),
        ("transition_prior", -1.0), ("transitions", "some"), ("profiles", "some"),
    ],
)  # fmt: skip
def test_options_out_of_range(option: str, value: object) -> None:
    options = {"n_classes": 2, option: value}
    with pytest.raises(OptionError, match=option):
        LatentTransitionModel(**options).fit(  # type: ignore[arg-type]
            simulate(5, 1), "id", "year", list("abcd")
        )
