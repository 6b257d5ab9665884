"""Themes: candidates and their recoding, the choice of K, and the analysis of a theme."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swvtypes.errors import InputError, OptionError, SurveyWeightError, SwvtypesWarning
from swvtypes.language import Label
from swvtypes.lca import ClassEnumeration, enumerate_classes
from swvtypes.survey import Codebook, Wave, load_wave
from swvtypes.typology.themes import (
    ThemeItem,
    ThemeOptions,
    ThemeSpec,
    analyse_theme,
    theme_frame,
    theme_specs,
)
from swvtypes.typology.themes.choosing import choose_classes
from swvtypes.typology.themes.preparing import prepare_theme
from swvtypes.typology.themes.recoding import log_ratio, recode, settle

CODEBOOK = """
schema_version = 1
id = "bakery"
title = {nl = "Bakkerij", en = "Bakery"}
year = 2016
sectors = [
  {id = "po", label = {nl = "klein", en = "small"}, population = 40},
  {id = "vo", label = {nl = "groot", en = "large"}, population = 40},
]
themes = [
  {id = "ovens", label = {nl = "ovens", en = "ovens"}},
  {id = "money", label = {nl = "geld", en = "money"}},
]
sets = [{id = "breads", label = {nl = "broden", en = "breads"}, exclusive = "bread_none"}]
compositions = [{id = "costs", label = {nl = "kosten", en = "costs"}}]
missing = [
  {id = "not_applicable", code = 9, label = {nl = "n.v.t.", en = "n.a."}, enters = "state"},
  {id = "dont_know", code = 8, label = {nl = "weet niet", en = "unknown"}, enters = "random"},
]
answers = [
  {id = "three", label = {nl = "drie", en = "three"}, categories = [
    {code = 1, label = {nl = "a", en = "a"}}, {code = 2, label = {nl = "b", en = "b"}},
    {code = 3, label = {nl = "c", en = "c"}}]},
]
variables = [
  {id = "kind", label = {nl = "soort", en = "kind"}, type = "nominal", theme = "ovens",
   answers = "three"},
  {id = "fuel", label = {nl = "brandstof", en = "fuel"}, type = "nominal", theme = "ovens",
   answers = "three", gate = {variable = "kind", codes = [2]}},
  {id = "rye", label = {nl = "rogge", en = "rye"}, type = "binary", theme = "ovens",
   set = "breads"},
  {id = "wheat", label = {nl = "tarwe", en = "wheat"}, type = "binary", theme = "ovens",
   set = "breads"},
  {id = "bread_none", label = {nl = "geen", en = "none"}, type = "binary", theme = "ovens",
   set = "breads"},
  {id = "agree", label = {nl = "eens", en = "agree"}, type = "ordinal", theme = "ovens",
   answers = "three", missing = ["not_applicable", "dont_know"]},
  {id = "large_only", label = {nl = "groot", en = "large"}, type = "binary", theme = "ovens",
   sectors = ["vo"]},
  {id = "grade", label = {nl = "cijfer", en = "grade"}, type = "count", theme = "ovens",
   minimum = 1.0, maximum = 10.0},
  {id = "flour", label = {nl = "meel", en = "flour"}, type = "continuous", theme = "money",
   composition = "costs"},
  {id = "staff", label = {nl = "personeel", en = "staff"}, type = "continuous", theme = "money",
   composition = "costs"},
  {id = "rent", label = {nl = "huur", en = "rent"}, type = "continuous", theme = "money",
   composition = "costs"},
  {id = "growth", label = {nl = "groei", en = "growth"}, type = "continuous", theme = "money",
   role = "passive", origin = "register"},
  {id = "loan", label = {nl = "lening", en = "loan"}, type = "binary", theme = "money",
   gate = {variable = "kind", codes = [1, 2]}},
  {id = "debt", label = {nl = "schuld", en = "debt"}, type = "binary", theme = "money"},
  {id = "owed_bank", label = {nl = "bank", en = "bank"}, type = "binary", theme = "money",
   gate = {variable = "debt", codes = [1]}},
  {id = "owed_family", label = {nl = "familie", en = "family"}, type = "binary", theme = "money",
   gate = {variable = "debt", codes = [1]}},
]
"""


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return Codebook.parse(CODEBOOK.replace(",\n   ", ", "), "bakery.toml")


@pytest.fixture(scope="module")
def bakeries(codebook: Codebook) -> Wave:
    rng = np.random.default_rng(1)
    n = 40
    kind = rng.integers(1, 4, n)
    debt = rng.integers(0, 2, n)
    agree = rng.integers(1, 4, n)
    agree[:6], agree[6:8] = 9, 8
    shares = np.round(rng.dirichlet([4, 3, 2], n), 2) * 100
    shares[:5, 2] += shares[:5, 1]
    shares[:5, 1] = 0
    shares[:, 2] = 100 - shares[:, 0] - shares[:, 1]
    frame = pd.DataFrame(
        {
            "organisation": [f"b{i:02d}" for i in range(n)],
            "sector": np.repeat(["po", "vo"], n // 2),
            "kind": kind,
            "fuel": np.where(kind == 2, rng.integers(1, 4, n), np.nan),
            "rye": rng.integers(0, 2, n),
            "wheat": rng.integers(0, 2, n),
            "agree": agree,
            "large_only": np.where(np.arange(n) < n // 2, np.nan, rng.integers(0, 2, n)),
            "grade": rng.integers(5, 10, n),
            "flour": shares[:, 0],
            "staff": shares[:, 1],
            "rent": shares[:, 2],
            "loan": np.where(kind < 3, rng.integers(0, 2, n), np.nan),
            "debt": debt,
            "owed_bank": np.where(debt == 1, rng.integers(0, 2, n), np.nan),
            "owed_family": np.where(debt == 1, rng.integers(0, 2, n), np.nan),
        }
    )
    frame["bread_none"] = ((frame["rye"] == 0) & (frame["wheat"] == 0)).astype(int)
    frame = frame.set_index("organisation")
    register = pd.DataFrame({"organisation": frame.index, "growth": rng.normal(size=n)})
    return Wave.from_frame(frame.reset_index(), codebook).join_register(register)


def items(spec: ThemeSpec) -> dict[str, ThemeItem]:
    return {item.name: item for item in spec.items}


def reasons(spec: ThemeSpec) -> dict[str, str]:
    return {out.name: out.reason.en for out in spec.left_out}


def test_candidates_of_a_codebook(bakeries: Wave) -> None:
    specs = theme_specs(bakeries.sector("po"))
    ovens, money = items(specs["ovens"]), items(specs["money"])
    assert ovens["kind"].recode == "joined"
    assert ovens["kind"].sources == ("kind", "fuel")
    assert "fuel" not in ovens
    assert [ovens[name].kind for name in ("rye", "wheat", "grade")] == [
        "binary",
        "binary",
        "ordinal",
    ]
    assert (ovens["agree"].recode, ovens["agree"].levels) == ("state", (9.0,))
    left = reasons(specs["ovens"])
    assert left["bread_none"].startswith("follows from the other options")
    assert left["large_only"] == "not asked in this sector"
    assert money["growth"].role == "passive"
    assert "cannot be validated" in money["growth"].reason.en
    assert money["flour_ratio"].sources == ("flour", "staff", "rent")
    assert reasons(specs["money"])["rent"] == "follows from the other parts"
    assert money["loan"].recode == "not_put"
    assert (money["owed_bank"].recode, money["owed_family"].recode) == ("none", "none")
    assert "missing at random" in money["owed_bank"].reason.en
    raw = {name for item in specs["money"].active for name in (item.name,)}
    assert not raw & {"flour", "staff", "rent"}


def test_choices_of_a_codebook(bakeries: Wave, codebook: Codebook) -> None:
    money = theme_specs(bakeries, active=["growth"], passive=["debt"], shares="coarse")["money"]
    assert "growth" in money.columns
    assert "debt" not in money.columns
    assert items(money)["flour"].recode == "coarse"
    assert items(money)["flour"].kind == "ordinal"
    assert set(theme_specs(codebook)) == {"ovens", "money"}
    assert set(theme_specs(codebook, {"money": ["debt"]})) == {"money"}
    with pytest.raises(InputError) as error:
        theme_specs(codebook, {"money": ["cake"]}, active=["pie"], passive=["tart"])
    assert error.value.faults == (
        "active: the codebook has no variable 'pie'",
        "passive: the codebook has no variable 'tart'",
        "theme 'money': the codebook has no variable 'cake'",
    )
    with pytest.raises(OptionError, match="shares: expected 'log_ratio' or 'coarse', got 'raw'"):
        theme_specs(codebook, shares="raw")  # type: ignore[arg-type]


def test_recoding_of_a_wave(bakeries: Wave) -> None:
    frame, specs = theme_frame(bakeries), theme_specs(bakeries)
    ovens, settled = prepare_theme(frame, specs["ovens"], rarest=2)
    kinds = {item.name: item.kind for item in settled.active}
    assert kinds["agree"] == "nominal"
    assert (ovens["agree"] == 9).sum() == 6
    assert ovens["agree"].isna().sum() == 2
    let_in = frame["kind"] == 2
    assert (ovens["kind"][~let_in] == frame["kind"][~let_in]).all()
    assert (ovens["kind"][let_in] == 2000 + frame["fuel"][let_in]).all()
    money, _ = prepare_theme(frame, specs["money"], rarest=2)
    assert (money["loan"][frame["kind"] == 3] == -1).all()
    assert money["owed_bank"].isna().equals(frame["owed_bank"].isna())
    assert np.isfinite(money["staff_ratio"]).all()


def test_rare_states_are_missing() -> None:
    frame = pd.DataFrame({"a": [1.0, 2, 3, 9, 9, 2, 1, 3]})
    item = ThemeItem("a", "ordinal", recode="state", levels=(9.0,))
    settled = settle(frame, item)
    assert settled.kind == "ordinal"
    assert recode(frame, settled).isna().tolist() == [x == 9 for x in frame["a"]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 99)] * 3), min_size=1, max_size=8), st.floats(0.1, 50))
def test_log_ratios_are_of_ratios_alone(rows: list[tuple[int, int, int]], factor: float) -> None:
    parts = np.array(rows, dtype=float)
    np.testing.assert_allclose(log_ratio(parts, 0.5), log_ratio(parts * factor, 0.5), atol=1e-9)
    both = log_ratio(parts[:, :2], 0.5)
    np.testing.assert_allclose(both, np.log(parts[:, 0] / parts[:, 1]) / np.sqrt(2), atol=1e-12)


def test_log_ratio_refuses_negative_shares_and_texts() -> None:
    with pytest.raises(InputError, match="expected shares of at least 0, got -1"):
        log_ratio(np.array([[-1.0, 2.0]]), 0.5)
    item = ThemeItem("r", "continuous", recode="log_ratio", sources=("a", "b"), levels=(0.65,))
    with pytest.raises(InputError, match="expected numbers, got str"):
        recode(pd.DataFrame({"a": ["x"], "b": [1.0]}), item)


def test_coarse_shares_have_zeros_and_thirds() -> None:
    x = np.r_[np.zeros(5), np.arange(1.0, 31.0)]
    frame = pd.DataFrame({"a": x})
    item = settle(frame, ThemeItem("a", "ordinal", recode="coarse"))
    assert item.levels[0] == 0.0
    assert len(item.levels) == 3
    assert np.bincount(recode(frame, item).astype(int)).tolist() == [5, 10, 10, 10]
    assert settle(frame, item) == item


def test_candidates_of_a_frame() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "yes": rng.integers(0, 2, 50),
            "text": [f"answer {i}" for i in range(50)],
            "letter": rng.choice(list("xyz"), 50),
            "size": rng.normal(size=50),
            "same": 1,
            "rare": np.r_[np.ones(2), np.zeros(48)].astype(int),
            "empty": np.nan,
        }
    )
    spec = theme_specs(frame, {"t": list(frame)}, kinds={"yes": "binary"}, passive=["size"])["t"]
    assert reasons(spec) == {"text": "free text (50 texts)"}
    assert {i.name: i.kind for i in spec.items if i.name in ("yes", "letter", "size")} == {
        "yes": "binary", "letter": "nominal", "size": "continuous",
    }  # fmt: skip
    recoded, left = prepare_theme(frame, spec)
    assert list(recoded) == ["yes", "letter"]
    assert reasons(left) == {
        "text": "free text (50 texts)",
        "same": "all gave the same answer",
        "rare": "nearly all gave the same answer (2 otherwise)",
        "empty": "nobody answered",
    }


def test_faults_of_a_frame_are_all_told() -> None:
    frame = pd.DataFrame({"a": [0, 1], "b": [0, 1]})
    with pytest.raises(InputError) as error:
        theme_specs(frame, {"t": ["a", "c"], "u": ["a"], "v": "ab"}, kinds={"z": "odd"},
                    passive=["q"])  # type: ignore[dict-item]  # fmt: skip
    assert error.value.faults == (
        "theme 't': no column 'c'",
        "column 'a' stands in themes 't' and 'u'",
        "theme 'v': expected a list of columns, got 'ab'",
        "kinds: 'z' belongs to no theme",
        "passive: 'q' belongs to no theme",
        "kinds: 'z': expected nominal, ordinal, binary, count, continuous; got 'odd'",
    )
    with pytest.raises(InputError, match="expected themes="):
        theme_specs(frame)
    with pytest.raises(InputError, match="no column 'gone'"):
        analyse_theme(frame, ThemeSpec("t", (ThemeItem("gone", "binary"),)))


def test_a_spec_survives_its_plain_form_and_changes_roles(bakeries: Wave) -> None:
    for spec in theme_specs(bakeries).values():
        assert ThemeSpec.from_dict(spec.as_dict()) == spec
    spec = theme_specs(bakeries)["money"]
    assert "growth" in spec.with_active("growth").columns
    with pytest.raises(OptionError, match="passive item: expected one of 'growth', got 'debt'"):
        spec.with_active("debt")
    with pytest.raises(OptionError, match=r"kind: expected 'nominal' or .* got 'odd'"):
        ThemeItem("a", "odd")  # type: ignore[arg-type]


def two_classes(n: int = 77, J: int = 5, noise: int = 1, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    c = rng.random(n) < 0.5
    X = (rng.random((n, J)) < np.where(c, 0.88, 0.18)[:, None]).astype(int)
    out = pd.DataFrame(X, columns=[f"i{j}" for j in range(J)])
    for j in range(noise):
        out[f"noise{j}"] = rng.integers(0, 2, n)
    return out


def analysed(frame: pd.DataFrame, options: ThemeOptions, seed: int = 1, **weights: object):
    return analyse_theme(
        frame, theme_specs(frame, {"t": list(frame)})["t"], options, seed, **weights
    )


LIGHT = ThemeOptions(max_classes=3, n_init=10, n_boot=99, boot_n_init=10, stop_after=5)


def test_a_theme_with_classes() -> None:
    frame = two_classes()
    found = analysed(frame, LIGHT)
    assert found.n_classes == 2
    assert set(found.selected) == {f"i{j}" for j in range(5)}
    table = found.selection
    assert list(table.columns[:7]) == [
        "indicator", "wald", "df", "p_value", "p_adjusted", "r2", "selected",
    ]  # fmt: skip
    assert (table["p_value"] == table["lr_p"]).all()
    assert (table["selected"] == (table["p_adjusted"] <= 0.05)).all()
    assert found.search is not None
    assert (table["carries"] == [name in found.search.selected for name in table.index]).all()
    assert found.enumeration.table.loc[2, "blrt_p"] == 0.01
    assert "2 klassen" in found.choice.text("nl")
    assert set(found.choice.rejected) == {1, 3}
    again = analysed(frame, LIGHT)
    pd.testing.assert_frame_equal(again.selection, table)


def test_a_theme_without_classes_selects_nothing_and_says_so() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.integers(0, 2, (77, 4)), columns=list("abcd"))
    found = analysed(frame, LIGHT)
    assert (found.n_classes, found.selected, found.search) == (1, (), None)
    assert (found.selection["note"] == "one class: nothing tells classes apart").all()
    assert found.selection["p_value"].notna().all()
    assert found.choice.text("en").startswith("One class: this theme has no types.")
    assert found.selection["wald"].isna().all()


def test_quick_needs_no_bootstrap_and_still_tells_boundary_items() -> None:
    rng = np.random.default_rng(1)
    c = rng.random(77) < 0.5
    frame = two_classes()
    frame["sharp"] = np.where(c, 1, 0) * 0 + frame["i0"] * frame["i1"]
    found = analysed(frame, ThemeOptions(quick=True, n_init=20))
    assert found.choice.rule == "bic"
    assert not found.enumeration.tests
    assert found.selection["lr_p"].isna().all()
    undefined = found.selection["wald_p"].isna()
    assert undefined.any()
    assert found.selection["p_value"].notna().all()
    assert found.selection["note"][undefined].str.contains("chi-square approximation").all()


def test_weights(recwarn: pytest.WarningsRecorder) -> None:
    frame = two_classes(noise=0)
    weight = np.arange(len(frame)) % 2 + 1
    options = ThemeOptions(quick=True, n_init=10, max_classes=3)
    one = analysed(frame, options, sample_weight=weight)
    twice = frame.loc[frame.index.repeat(weight)].reset_index(drop=True)
    two = analysed(twice, options)
    assert one.model.log_likelihood_ == pytest.approx(two.model.log_likelihood_, abs=1e-7)
    with pytest.raises(SurveyWeightError, match="the number of classes is chosen by BIC"):
        analysed(frame, options, survey_weight=weight)
    assert not recwarn.list


def test_a_theme_of_nothing_and_of_one_item() -> None:
    frame = pd.DataFrame({"a": [1] * 30, "b": [0, 1] * 15})
    with pytest.raises(InputError, match="no active item is left\n- a: all gave the same answer"):
        analysed(frame[["a"]], LIGHT)
    found = analysed(frame, LIGHT)
    assert (found.n_classes, found.selected) == (1, ())


def table_of(rows: dict[int, tuple[float, float, float, float]]) -> ClassEnumeration:
    """An enumeration whose BIC, bootstrap p, entropy and smallest class are set by hand."""
    from swvtypes.lca.recommendation import recommend

    frame = two_classes(40, 4, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        found = enumerate_classes(frame, list(rows), n_init=2, random_state=1, n_jobs=1)
    table = found.table.copy()
    table["times_replicated"], table["converged"] = 5, True
    for k, (bic, p, entropy, size) in rows.items():
        table.loc[k, ["bic", "entropy_r2", "smallest_class_n"]] = [bic, entropy, size]
        table.loc[k, "smallest_class"] = size / 40
        table.loc[k, "blrt_p"] = p
    limits = ThemeOptions().limits
    return ClassEnumeration(table, found.models, {}, recommend(table, 40.0, limits))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("bootstrap_then_bic", 2), ("bic", 1), ("bootstrap", 3), ("both", 1)],
)
def test_rules_where_bic_and_bootstrap_disagree(rule: str, expected: int) -> None:
    found = table_of({
        1: (100.0, np.nan, 1.0, 40), 2: (103.0, 0.01, 0.8, 15), 3: (109.0, 0.02, 0.8, 10),
    })  # fmt: skip
    choice = choose_classes(found, ThemeOptions(rule=rule))  # type: ignore[arg-type]
    assert choice.n_classes == expected
    assert choice.rule == rule


def test_limits_bar_a_number_and_the_choice_says_so() -> None:
    found = table_of({
        1: (100.0, np.nan, 1.0, 40), 2: (90.0, 0.01, 0.8, 15), 3: (80.0, 0.01, 0.9, 2.0),
    })  # fmt: skip
    choice = choose_classes(found, ThemeOptions())
    assert choice.n_classes == 2
    assert any("3 was barred: the smallest class has 2.0 cases" in a.en for a in choice.against)
    poor = table_of({1: (100.0, np.nan, 1.0, 40), 2: (90.0, 0.01, 0.1, 15)})
    choice = choose_classes(poor, ThemeOptions())
    assert choice.n_classes == 1
    assert choice.rejected[2][0] == Label(
        "de klassen zijn slecht te scheiden (entropie-R² 0,10)",
        "the classes are poorly separated (entropy R² 0.10)",
    )


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        ("max_classes", 0, "max_classes: expected an integer of at least 1, got 0"),
        ("n_boot", 5, "n_boot: expected an integer of at least 19, got 5"),
        ("boot_n_init", 2, "boot_n_init: expected an integer of at least 10, got 2"),
        ("stop_after", 0, "stop_after: expected an integer of at least 1, got 0"),
        ("rule", "luck", "rule: expected 'bootstrap_then_bic' or 'bic' or 'bootstrap' or 'both'"),
        ("decide", "luck", "decide: expected 'likelihood_ratio' or 'wald'"),
        ("adjustment", "luck", "adjustment: expected 'holm' or 'bonferroni'"),
        ("level", 0.0, "level: expected a number between 0 and 1, got 0.0"),
        ("separation", -1.0, "separation: expected a number of at least 0, got -1.0"),
        ("prior", -1.0, "prior: expected a number of at least 0, got -1.0"),
    ],
)
def test_options_are_checked(option: str, value: object, text: str) -> None:
    with pytest.raises(OptionError, match=text):
        ThemeOptions(**{option: value})  # type: ignore[arg-type]


def test_every_theme_of_2016_has_candidates() -> None:
    wave = load_wave("monitor_2016", seed=1).sector("po")
    specs, frame = theme_specs(wave), theme_frame(wave)
    assert "context" not in specs
    for spec in specs.values():
        recoded, settled = prepare_theme(frame, spec)
        assert list(recoded) == list(settled.columns)
        assert recoded.notna().any().all()
        budget = [item for item in settled.active if item.name.startswith("budget")]
        assert all(item.recode == "log_ratio" for item in budget)
