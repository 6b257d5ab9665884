from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swvtypes.errors import MembershipError, OptionError
from swvtypes.membership import Membership, Optimism, Origin
from swvtypes.survey import load_wave


@pytest.fixture
def membership(probabilities: pd.DataFrame, sector: pd.Series) -> Membership:
    origin = Origin("made", 2016, "governance", ("a", "b"), {"po 1": "Extended"})
    return Membership.from_probabilities(probabilities, sector, origin)


def test_types_runner_up_and_borderline(membership: Membership) -> None:
    table = membership.summary(0.7)
    assert table["modal"].tolist() == [
        "po 1", "po 1", "po 2", "po 1", pd.NA, "vo 1", "vo 2", "vo 2", "vo 1",
    ]  # fmt: skip
    assert table["runner_up"].fillna("-").tolist()[:6] == [
        "po 2", "po 2", "po 1", "po 2", "-", "vo 2",
    ]  # fmt: skip
    assert table["borderline"].fillna(False).tolist() == [
        False, True, False, True, False, False, False, False, False,
    ]  # fmt: skip
    assert table["borderline"].isna().sum() == 1
    assert table.loc["P0", "name"] == "Extended"
    assert table.loc["P2", "name"] == "po 2"
    assert table["certainty"].iloc[3] == 0.5
    assert np.isnan(table["certainty"].iloc[4])
    assert membership.apart
    assert not membership.is_hard
    assert membership.theme == "governance"
    assert len(membership) == 9
    assert "8 of 9" in repr(membership)


def test_what_it_gives_are_copies(membership: Membership) -> None:
    frame, sector = membership.probabilities, membership.sector_of
    frame.iloc[0, 0] = 0
    sector.iloc[0] = "x"
    assert membership.probabilities.iloc[0, 0] == 0.9
    assert membership.sector_of.iloc[0] == "po"


def test_shares_are_mean_probabilities(membership: Membership) -> None:
    assert membership.shares.to_dict() == pytest.approx(
        {"po 1": 0.55, "po 2": 0.45, "vo 1": 2.39 / 4, "vo 2": 1.61 / 4}
    )


def test_a_sector_keeps_its_types(membership: Membership) -> None:
    vo = membership.sector("vo")
    assert vo.types == ("vo 1", "vo 2")
    assert vo.sectors == ("vo",)
    assert len(vo) == 4
    assert vo.origin.names == {}
    with pytest.raises(OptionError, match="sector: expected one of 'po', 'vo', got 'mbo'"):
        membership.sector("mbo")


@pytest.mark.parametrize("assignment", ["modal", "proportional"])
def test_errors_by_hand(membership: Membership, assignment: str) -> None:
    """Both tables from their definition, organisation by organisation."""
    found = membership.classification_error(assignment)  # type: ignore[arg-type]
    p = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.5, 0.5]])
    a = p if assignment == "proportional" else np.array([[1, 0], [1, 0], [0, 1], [1, 0]])
    joint = sum(np.outer(p[i], a[i]) for i in range(4))
    forward = joint / joint.sum(axis=1, keepdims=True)
    back = (joint / joint.sum(axis=0, keepdims=True)).T
    mine = ["po 1", "po 2"]
    np.testing.assert_allclose(found.assigned_given_true.loc[mine, mine], forward)
    np.testing.assert_allclose(found.true_given_assigned.loc[mine, mine], back)
    assert found.assigned_given_true.loc["po 1", "vo 1"] != found.assigned_given_true.iloc[0, 0]
    assert np.isnan(found.assigned_given_true.loc["po 1", "vo 1"])
    assert found.error["po"] == pytest.approx(1 - np.trace(joint) / 4)
    weights = found.bch_weights.loc[["P0", "P1", "P2", "P3"], mine]
    np.testing.assert_allclose(weights, a @ np.linalg.inv(forward), atol=1e-12)
    # the point of the weights: they give back the shares that assignment loses
    np.testing.assert_allclose(weights.mean(), membership.shares[mine], atol=1e-12)
    assert found.bch_weights.loc["P4"].isna().all()
    assert len(found.table) == 8


def test_agrees_with_stepmix() -> None:
    """The errors and BCH weights of independent software on the same posteriors."""
    stepmix = pytest.importorskip("stepmix.corrections")
    rng = np.random.default_rng(3)
    p = rng.dirichlet([1.0, 1.0, 1.0], size=40)
    sector = pd.Series("po", index=[f"O{k}" for k in range(40)])
    frame = pd.DataFrame(p, index=sector.index, columns=["1", "2", "3"])
    found = Membership.from_probabilities(frame, sector).classification_error("modal")
    hard = np.eye(3)[p.argmax(axis=1)]
    D = stepmix.compute_bch_matrix(p)[0]
    np.testing.assert_allclose(found.assigned_given_true, D, atol=1e-10)
    np.testing.assert_allclose(found.bch_weights, hard @ np.linalg.inv(D), atol=1e-8)


def test_ml_records(membership: Membership) -> None:
    modal = membership.classification_error("modal")
    records = modal.ml_records
    assert len(records) == 8
    assert records["weight"].eq(1).all()
    first = records.iloc[0]
    assert first["organisation"] == "P0"
    assert first["po 2"] == pytest.approx(np.log(modal.assigned_given_true.loc["po 2", "po 1"]))
    assert np.isnan(first["vo 1"])
    spread = membership.classification_error("proportional").ml_records
    assert spread.groupby("organisation")["weight"].sum().to_numpy() == pytest.approx(1)


def test_survey_weights_enter_and_their_scale_does_not(
    probabilities: pd.DataFrame, sector: pd.Series
) -> None:
    weights = pd.Series(np.arange(1.0, 10), index=sector.index)
    one = Membership.from_probabilities(probabilities, sector, weights=weights)
    two = Membership.from_probabilities(probabilities, sector, weights=2 * weights)
    plain = Membership.from_probabilities(probabilities, sector)
    pd.testing.assert_series_equal(one.shares, two.shares)
    np.testing.assert_allclose(
        one.classification_error().assigned_given_true,
        two.classification_error().assigned_given_true,
    )
    assert abs(one.shares - plain.shares).max() > 0.01
    assert one.shares["po 1"] == pytest.approx((0.9 + 1.2 + 0.6 + 2.0) / 10)
    # in estimates, a weight of 2 is the row twice
    weights = pd.Series([2.0, 1, 1, 1, 1, 1, 1, 1, 1], index=sector.index)
    doubled = pd.concat([probabilities, probabilities.iloc[[0]].rename(index={"P0": "P0b"})])
    more = pd.concat([sector, pd.Series({"P0b": "po"})])
    a = Membership.from_probabilities(probabilities, sector, weights=weights)
    b = Membership.from_probabilities(doubled, more)
    pd.testing.assert_series_equal(a.shares, b.shares)
    pd.testing.assert_frame_equal(
        a.classification_error().assigned_given_true,
        b.classification_error().assigned_given_true,
    )


def test_hard_groups(sector: pd.Series) -> None:
    groups = pd.Series([1, 2, 1, 2, np.nan, 2, 1, 1, 1], index=sector.index)
    apart = Membership.from_modal(groups, sector, apart=True)
    shared = Membership.from_modal(groups, sector)
    assert apart.types == ("po 1", "po 2", "vo 1", "vo 2")
    assert shared.types == ("1", "2")
    assert apart.is_hard
    assert apart.modal.fillna("-").tolist()[3:6] == ["po 2", "-", "vo 2"]
    errors = apart.classification_error()
    assert errors.error.to_dict() == {"po": 0, "vo": 0}
    np.testing.assert_array_equal(errors.bch_weights.fillna(0), apart.probabilities.fillna(0))
    ordered = pd.Series(
        pd.Categorical(["lo", "hi"] * 4 + ["lo"], ["lo", "mid", "hi"]), index=sector.index
    )
    assert Membership.from_modal(ordered, sector).types == ("lo", "hi")
    named = pd.Series(["po 1"] * 5 + ["vo 1"] * 4, index=sector.index)
    assert Membership.from_modal(named, sector).apart


def test_a_wave_gives_sector_name_year_and_missing_organisations() -> None:
    wave = load_wave("monitor_2016", seed=1)
    half = wave.column("steering").iloc[:100]
    membership = Membership.from_modal(half > 5, wave, apart=True)
    assert membership.wave == wave.name
    assert membership.year == 2016
    assert membership.sectors == ("po", "vo")
    assert len(membership) == 123
    assert membership.modal.isna().sum() == 23


@pytest.mark.parametrize("weighted", [False, True])
def test_saved_and_read_back_to_the_bit(
    probabilities: pd.DataFrame, sector: pd.Series, tmp_path: Path, weighted: bool
) -> None:
    third = probabilities.copy()
    third.loc["P0", ["po 1", "po 2"]] = [1 / 3, 2 / 3]
    weights = pd.Series(np.linspace(0.1, 2, 9), index=sector.index) if weighted else None
    origin = Origin("golf é", None, "super", ("x",), {"vo 2": "Zuinig"})
    before = Membership.from_probabilities(third, sector, origin, weights)
    path = tmp_path / "types.json"
    before.save(path)
    after = Membership.load(path)
    pd.testing.assert_frame_equal(before.probabilities, after.probabilities, check_exact=True)
    assert after.origin == origin
    assert after.types == before.types
    pd.testing.assert_series_equal(
        before.sector_of, after.sector_of, check_dtype=False, check_index_type=False
    )
    if weighted:
        assert after.survey_weight is not None
        assert after.survey_weight.tolist() == before.survey_weight.tolist()  # type: ignore[union-attr]
    again = tmp_path / "again.json"
    after.save(again)
    assert path.read_bytes() == again.read_bytes()
    assert sum("organisation" in line for line in path.read_text("utf-8").splitlines()) == 10


def test_a_failed_save_leaves_the_old_file(
    membership: Membership, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "types.json"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        membership.save(path)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["types.json"]


def spoil(path: Path, **changes: object) -> None:
    raw = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**raw, **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema_version": 3}, "schema_version: this release reads up to 2, the file has 3"),
        ({"format": "else"}, "format: expected 'swvtypes membership', got 'else'"),
        ({"types": []}, "types: expected at least 1 entry"),
        ({"types": ["po 1"]}, "'P0' has probabilities of 'po 2', which is no type"),
        ({"colour": 1}, "colour: unknown key"),
        ({"names": {"vo 9": "x"}}, "names: 'vo 9' is no type; there are 'po 1'"),
        (
            {"types": ["po 1", "po 2"], "organisations": [
                {"organisation": "A", "sector": "po", "probabilities": {"po 1": 0.4}},
            ]},
            "types.json: .*\n- 'A': expected a probability of each type or none",
        ),
        (
            {"organisations": [
                {"organisation": "A", "sector": "po", "probabilities": None},
                {"organisation": "A", "sector": "po", "weight": 1.0, "probabilities": None},
            ]},
            r"(?s)'A' stands in it twice.*expected a weight for all or for none",
        ),
    ],
)  # fmt: skip
def test_files_at_fault(
    membership: Membership, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    path = tmp_path / "types.json"
    membership.save(path)
    spoil(path, **changes)
    with pytest.raises(MembershipError, match=message):
        Membership.load(path)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(MembershipError, match="cannot be read: No such file"):
        Membership.load(tmp_path / "absent.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(MembershipError, match="no valid JSON"):
        Membership.load(tmp_path / "broken.json")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(MembershipError, match="file: expected a table with keys"):
        Membership.load(tmp_path / "list.json")


def test_every_fault_of_values_at_once(probabilities: pd.DataFrame, sector: pd.Series) -> None:
    bad = probabilities.copy()
    bad.loc["P0", "po 1"] = 0.95
    bad.loc["P1", "po 2"] = np.nan
    bad.loc["P2", ["po 1", "po 2"]] = [-0.2, 1.2]
    bad.loc["V0", ["po 1", "po 2"]] = [0.5, 0.5]
    with pytest.raises(MembershipError) as caught:
        Membership.from_probabilities(bad, sector)
    text = str(caught.value)
    assert "4 faults" in text
    assert "'P0': expected probabilities that add up to 1, got 1.05" in text
    assert "'P1': expected a probability of each type or none" in text
    assert "'P2': expected probabilities from 0 to 1" in text
    assert "'V0': has probabilities of the types of 'po' but is of 'vo'" in text


def test_faults_of_form(probabilities: pd.DataFrame, sector: pd.Series) -> None:
    cases = [
        (probabilities.rename(columns={"vo 2": "third"}), sector, "these do not: 'third'"),
        (probabilities.rename(columns={"po 2": "po 1"}), sector, "expected different names"),
        (probabilities[[]], sector, "expected at least one type, got none"),
        (probabilities.rename(index={"P0": "Q"}), sector, "does not have: 'Q'"),
        (probabilities.rename(index={"P1": "P0"}), sector, "stand in it twice: 'P0'"),
        (probabilities * np.nan, sector, "at least one organisation with a membership"),
        (probabilities, sector.iloc[:0], "at least one organisation"),
        (probabilities, sector.rename(index={"P1": "P0"}), "sector: an organisation stands"),
        (probabilities.astype(object).replace(0.9, "x"), sector, "expected numbers"),
    ]
    for frame, sectors, message in cases:
        with pytest.raises(MembershipError, match=message):
            Membership.from_probabilities(frame, sectors)
    for weights, message in [
        (pd.Series(-1.0, index=sector.index), "'P0': expected a number of at least 0, got -1"),
        (pd.Series(0.0, index=sector.index), "expected at least one above 0"),
        (pd.Series([1.0, 1.0], index=["P0", "P0"]), "stands in them twice"),
    ]:
        with pytest.raises(MembershipError, match=message):
            Membership.from_probabilities(probabilities, sector, weights=weights)
    twice = pd.Series([1, 1], index=["P0", "P0"])
    with pytest.raises(MembershipError, match="organisations stand in it twice: 'P0'"):
        Membership.from_modal(twice, sector)


def test_options_and_weights_without_an_inverse(membership: Membership) -> None:
    with pytest.raises(OptionError, match="assignment: expected 'modal' or 'proportional'"):
        membership.classification_error("soft")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="threshold: expected a number above 0, at most 1"):
        membership.borderline(0.0)
    sector = pd.Series("po", index=["A", "B", "C"])
    nobody = pd.DataFrame({"1": [0.9, 0.8, 0.7], "2": [0.1, 0.2, 0.3]}, index=sector.index)
    found = Membership.from_probabilities(nobody, sector).classification_error()
    with pytest.raises(MembershipError, match="'2': nobody was assigned to it by modal"):
        _ = found.bch_weights
    assert found.true_given_assigned.loc["2"].isna().all()
    alike = pd.DataFrame({"1": [0.5, 0.5, 0.5], "2": [0.5, 0.5, 0.5]}, index=sector.index)
    found = Membership.from_probabilities(alike, sector).classification_error("proportional")
    with pytest.raises(MembershipError, match="do not tell these types apart"):
        _ = found.bch_weights


@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(5, 40))
def test_weights_give_back_shares_whatever_the_posteriors(seed: int, K: int, n: int) -> None:
    p = np.random.default_rng(seed).dirichlet(np.full(K, 0.3), size=n)
    sector = pd.Series("po", index=[f"O{k}" for k in range(n)])
    frame = pd.DataFrame(p, index=sector.index, columns=[f"po {k + 1}" for k in range(K)])
    membership = Membership.from_probabilities(frame, sector)
    for assignment in ("modal", "proportional"):
        found = membership.classification_error(assignment)  # type: ignore[arg-type]
        try:
            weights = found.bch_weights
        except MembershipError:
            continue
        np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
        np.testing.assert_allclose(weights.mean(), membership.shares, atol=1e-6)
        rows = found.assigned_given_true.sum(axis=1)
        np.testing.assert_allclose(rows, 1.0)


# Errors corrected for their optimism -------------------------------------------------------------


@pytest.fixture
def optimism(membership: Membership) -> Optimism:
    """Half of what a model of po believes to be right by chance; vo knows itself."""
    nan = np.nan
    po = np.log([[0.8, 1.6], [1.5, 0.9]])
    frame = pd.DataFrame(nan, index=list(membership.types), columns=list(membership.types))
    frame.iloc[:2, :2] = po
    frame.iloc[2:, 2:] = 0.0
    return Optimism(frame, frame / 2)


def test_corrected_errors(membership: Membership, optimism: Optimism) -> None:
    carrying = membership.with_optimism(optimism)
    assert membership.optimism is None
    assert carrying.optimism is optimism
    stated = carrying.classification_error()
    for errors in ("auto", "corrected"):
        found = carrying.classification_error("modal", errors)
        raised = stated.assigned_given_true * np.exp(optimism.modal)
        expected = raised.div(raised.sum(axis=1), axis=0)
        pd.testing.assert_frame_equal(found.assigned_given_true, expected, check_names=False)
        # The other table and the error are of the same joint table; types keep their shares.
        shares = membership.shares
        joint = expected.mul(shares, axis=0).loc[["po 1", "po 2"], ["po 1", "po 2"]]
        back = (joint / joint.sum()).T
        pd.testing.assert_frame_equal(
            found.true_given_assigned.loc[["po 1", "po 2"], ["po 1", "po 2"]], back,
            check_names=False,
        )  # fmt: skip
        assert found.error["po"] == pytest.approx(1 - np.trace(joint))
        assert found.error["po"] > stated.error["po"]
        assert found.error["vo"] == pytest.approx(stated.error["vo"])
        np.testing.assert_allclose(found.bch_weights.dropna(how="all").sum(axis=1), 1.0)
    half = carrying.classification_error("proportional", "auto").error["po"]
    assert half > carrying.classification_error("proportional").error["po"]
    po = carrying.sector("po")
    assert po.optimism is not None
    assert po.optimism.types == ("po 1", "po 2")
    assert po.classification_error(errors="auto").error["po"] == pytest.approx(
        carrying.classification_error(errors="auto").error["po"]
    )
    assert (
        carrying.with_optimism(None).classification_error(errors="auto").error.equals(stated.error)
    )


def test_correction_in_a_file(membership: Membership, optimism: Optimism, tmp_path: Path) -> None:
    path = tmp_path / "types.json"
    membership.with_optimism(optimism).save(path)
    assert json.loads(path.read_text(encoding="utf-8"))["schema_version"] == 2
    again = Membership.load(path)
    assert again.optimism is not None
    for kind in ("modal", "proportional"):
        pd.testing.assert_frame_equal(again.optimism.of(kind), optimism.of(kind), check_exact=True)
    membership.save(path)
    assert json.loads(path.read_text(encoding="utf-8"))["schema_version"] == 1
    assert Membership.load(path).optimism is None


def test_correction_at_fault(membership: Membership, optimism: Optimism, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="errors: expected 'apparent', 'corrected' or 'auto'"):
        membership.classification_error(errors="right")  # type: ignore[arg-type]
    with pytest.raises(MembershipError, match="expected a membership that carries their correct"):
        membership.classification_error(errors="corrected")
    with pytest.raises(MembershipError, match="factors of 'po 1', 'po 2', 'vo 1', 'vo 2', got th"):
        membership.with_optimism(optimism.among(["po 1", "po 2"]))
    empty = optimism.modal.copy()
    empty.loc["po 1", "po 2"] = np.nan
    with pytest.raises(MembershipError, match="proportional: factors among 'po 1', 'po 2' are mis"):
        membership.with_optimism(Optimism(optimism.modal, empty))
    for frame, message in (
        (optimism.modal.iloc[:, :3], "expected the same types as rows and columns, each once"),
        (optimism.modal.fillna(np.inf), "modal: expected finite factors"),
    ):
        with pytest.raises(MembershipError, match=message):
            Optimism(frame, optimism.proportional)
    path = tmp_path / "types.json"
    membership.save(path)
    spoil(path, schema_version=2, optimism={"modal": [[0.0]], "proportional": [[0.0]]})
    with pytest.raises(MembershipError, match=r"optimism\.modal: expected 4 rows of 4 numbers"):
        Membership.load(path)
