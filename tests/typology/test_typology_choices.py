"""What of a wave goes into a typology: shares of a budget, register figures, states."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import InputError, OptionError
from swvtypes.survey import Codebook, Wave
from swvtypes.typology.themes import theme_specs

QUICK: dict[str, Any] = {"quick": True, "n_init": 8, "max_classes": 2}
PARTS = ("staff", "rent", "other")
CODEBOOK = """
schema_version = 1
id = "libraries"
title = {{nl = "Bibliotheken", en = "Libraries"}}
year = 2020
sectors = [{{id = "po", label = {{nl = "po", en = "po"}}, population = 160}}]
themes = [
  {{id = "desk", label = {{nl = "balie", en = "desk"}}}},
  {{id = "hall", label = {{nl = "zaal", en = "hall"}}}},
  {{id = "money", label = {{nl = "geld", en = "money"}}}},
]
compositions = [{{id = "costs", label = {{nl = "kosten", en = "costs"}}, total = {total}}}]
missing = [
  {{id = "not_applicable", code = 9, label = {{nl = "n.v.t.", en = "n.a."}}, enters = "state"}},
]
answers = [{{id = "three", label = {{nl = "drie", en = "three"}}, categories = [
  {{code = 1, label = {{nl = "a", en = "a"}}}}, {{code = 2, label = {{nl = "b", en = "b"}}}},
  {{code = 3, label = {{nl = "c", en = "c"}}}}]}}]
variables = [
{variables}
]
"""


def codebook(total: float = 100.0) -> Codebook:
    def entry(name: str, kind: str, theme: str, more: str = "") -> str:
        label = f'{{nl = "{name}", en = "{name}"}}'
        inside = f', theme = "{theme}"' if theme else ""
        return f'{{id = "{name}", label = {label}, type = "{kind}"{inside}{more}}}'

    register = ', role = "passive", origin = "register"'
    entries = [entry(f"{t}{j}", "binary", t) for t in ("desk", "hall") for j in range(4)]
    entries.append(entry("agree", "ordinal", "hall", ', answers = "three"'
                         ', missing = ["not_applicable"]'))  # fmt: skip
    entries += [entry(p, "continuous", "money", ', composition = "costs"') for p in PARTS]
    entries += [entry("growth", "continuous", "money", register)]
    entries += [entry("pupils", "continuous", "", register)]
    text = CODEBOOK.format(total=total, variables=",\n".join(entries))
    return Codebook.parse(text, "libraries.toml")


def libraries(total: float = 100.0) -> Wave:
    """Two kinds: answers, division of costs and growth go together; one part is often zero."""
    rng = np.random.default_rng(4)
    n = 140
    kind = rng.integers(2, size=n)
    columns: dict[str, Any] = {"organisation": [f"B{i:03d}" for i in range(n)], "sector": "po"}
    for theme in ("desk", "hall"):
        inside = np.where(rng.random(n) < 0.9, kind, 1 - kind)
        for j in range(4):
            columns[f"{theme}{j}"] = (rng.random(n) < np.where(inside, 0.88, 0.15)).astype(int)
    columns["agree"] = rng.integers(1, 4, n)
    columns["agree"][:9] = 9
    shares = np.round(100 * np.array([rng.dirichlet([7, 3, 2] if k else [3, 7, 2]) for k in kind]))
    shares[:4, 2] = 0.0
    shares[:, 0] = 100 - shares[:, 1] - shares[:, 2]
    for part, column in zip(PARTS, shares.T, strict=True):
        columns[part] = column * total / 100.0
    frame = pd.DataFrame(columns)
    figures = {"growth": 2.0 * kind + rng.normal(size=n), "pupils": rng.normal(size=n)}
    register = pd.DataFrame({"organisation": frame["organisation"], **figures})
    return Wave.from_frame(frame, codebook(total)).join_register(register)


@pytest.fixture(scope="module")
def wave() -> Wave:
    return libraries()


def money(found: sw.Typology) -> dict[str, tuple[str, str, str]]:
    spec = found.themes_["money"].by_sector["po"].spec
    return {i.name: (i.kind, i.role, i.recode) for i in spec.items}


def test_shares_chosen_one_by_one_are_no_raw_shares(wave: Wave) -> None:
    themes = {"desk": [f"desk{j}" for j in range(4)], "money": [*PARTS, "growth"]}
    found = sw.Typology(random_state=1, **QUICK).fit(wave, themes=themes)
    assert money(found) == {
        "growth": ("continuous", "active", "none"),
        "staff_ratio": ("continuous", "active", "log_ratio"),
        "rent_ratio": ("continuous", "active", "log_ratio"),
    }
    codes = {"staff": "ordinal"}
    for how in ({"indicators": codes}, {"shares": "coarse"}):
        coarse = sw.Typology(random_state=1, **QUICK).fit(wave, themes=themes, **how)
        assert money(coarse)["staff"] == money(coarse)["rent"] == ("ordinal", "active", "coarse")
    alone = sw.Typology(random_state=1, **QUICK).fit(wave, themes=themes | {"money": ["rent"]})
    assert money(alone) == {"rent": ("ordinal", "active", "coarse")}


def test_a_state_is_no_highest_answer_of_a_variable_chosen(wave: Wave) -> None:
    themes = {"hall": ["hall0", "hall1", "hall2", "agree"]}
    found = sw.Typology(random_state=1, **QUICK).fit(wave, themes=themes)
    item = {i.name: i for i in found.themes_["hall"].by_sector["po"].spec.items}["agree"]
    assert (item.kind, item.recode, item.levels) == ("nominal", "state", (9.0,))


def test_types_know_the_shares_that_shaped_them(wave: Wave) -> None:
    found = sw.Typology(random_state=1, **QUICK).fit(wave)
    assert set(PARTS) <= set(found.membership_.origin.indicators)
    assert "growth" not in found.membership_.origin.indicators
    held = sw.validation.against_budget(wave, found.membership_, composition="costs").table
    assert held["notes"].str.contains("circular").all()
    context = sw.validation.against_context(wave, found.membership_, variables=["growth"]).table
    assert not context["notes"].str.contains("circular").any()


def test_a_register_figure_takes_part_only_where_chosen(wave: Wave) -> None:
    plain = sw.Typology(random_state=1, **QUICK).fit(wave)
    assert money(plain)["growth"] == ("continuous", "passive", "none")
    chosen = sw.Typology(random_state=1, **QUICK).fit(wave, active=["growth"])
    assert money(chosen)["growth"] == ("continuous", "active", "none")
    assert "growth" in chosen.membership_.origin.indicators
    context = sw.validation.against_context(wave, chosen.membership_, variables=["growth"]).table
    assert context["notes"].str.contains("circular").all()
    aside = sw.Typology(random_state=1, **QUICK).fit(wave, passive=["other"], active=["growth"])
    assert {name for name, (_, role, _) in money(aside).items() if role == "active"} == {"growth"}


def test_choices_that_mean_nothing_are_told(wave: Wave) -> None:
    with pytest.raises(InputError) as caught:
        sw.Typology(**QUICK).fit(wave, active=["pupils", "desk0", "none"], passive=["desk0"])
    assert caught.value.faults == (
        "active: the codebook has no variable 'none'",
        "'desk0' is to be active and passive",
        "active: 'pupils' is in no theme of the codebook",
    )
    with pytest.raises(InputError) as caught:
        sw.Typology(**QUICK).fit(wave, themes={"desk": ["desk0"]}, active=["growth"])
    assert caught.value.faults == (
        "active: expected none beside themes, which name every item; got growth",
    )
    with pytest.raises(OptionError, match="passive: expected a list of variables, got 'desk0'"):
        sw.Typology(**QUICK).fit(wave, passive="desk0")
    with pytest.raises(OptionError, match="shares: expected 'log_ratio' or 'coarse', got 'raw'"):
        sw.Typology(**QUICK).fit(wave, shares="raw")  # type: ignore[arg-type]


def test_a_zero_is_as_small_whatever_shares_add_up_to(wave: Wave) -> None:
    other = libraries(total=1.0)
    levels = [
        {i.name: i.levels for i in theme_specs(w)["money"].active} for w in (wave, other)
    ]  # fmt: skip
    assert levels[0]["staff_ratio"] == (0.65,)
    assert levels[1]["staff_ratio"] == pytest.approx((0.0065,))
    found = [sw.Typology(random_state=1, **QUICK).fit(w).membership_ for w in (wave, other)]
    np.testing.assert_allclose(found[0].probabilities, found[1].probabilities, atol=1e-9)


def test_answers_that_are_not_what_they_are_stated_to_be_are_all_told() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({f"x{j}": rng.integers(0, 2, 60) for j in range(3)})
    frame["long"] = rng.normal(size=60)
    frame.loc[3, "long"] = np.inf
    frame["calls"], frame["kind"] = -1 * frame["x0"], rng.integers(0, 3, 60)
    frame["when"] = pd.Timestamp("2020-01-01")
    themes = {"t": ["x0", "x1", "x2"], "u": ["long", "calls", "kind", "when"]}
    kinds = {"long": "continuous", "calls": "count", "kind": "binary"}
    with pytest.raises(InputError) as caught:
        sw.Typology(**QUICK).fit(frame, themes=themes, indicators=kinds)
    assert caught.value.faults == (
        "column 'long': expected finite numbers, got infinity",
        "column 'calls': expected whole numbers from 0 for a count indicator",
        "column 'kind': expected at most two values for a binary indicator, got 3",
        "column 'when': cannot read values of type datetime64[us]",
    )


def test_a_theme_without_items_says_why_in_both_languages() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({f"x{j}": rng.integers(0, 2, 60) for j in range(3)})
    frame["same"], frame["none"] = 1, np.nan
    themes = {"t": ["x0", "x1", "x2"], "u": ["same", "none"]}
    found = sw.Typology(random_state=1, **QUICK).fit(frame, themes=themes)
    reason = found.themes_["u"].by_sector["all"].reasons[0]
    assert reason.nl == (
        "Dit thema doet niet mee, want er blijft geen vraag over: same: iedereen gaf hetzelfde "
        "antwoord; none: niemand gaf antwoord."
    )
    assert reason.en == (
        "This theme takes no part, because no item is left: same: all gave the same answer; none: "
        "nobody answered."
    )
