"""Two waves compared in every way, and the shipped panel of 2014, 2016 and 2018."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import InputError
from swvtypes.longitudinal import (
    CompareOptions,
    WaveSide,
    carry_membership,
    compare_waves,
    corrected_transitions,
    position_change,
)
from swvtypes.reconstruction.simulated.wave_files import load_truth
from swvtypes.resources import data_path
from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk

START, SCENARIO = "start_2014--monitor_2016", "monitor_2016--scenario_2018"


def followed(name: str, *more: str) -> OrganisationCrosswalk:
    parts = ("crosswalks", "organisations", name if more else f"{name}.csv", *more)
    return OrganisationCrosswalk.read(data_path(*parts))


@pytest.fixture(scope="module")
def chain() -> tuple[OrganisationCrosswalk, OrganisationCrosswalk]:
    return followed(START, "link_0.3", "seed_01.csv"), followed(SCENARIO)


def test_waves_that_compare_are_compared_in_every_way(toy: Any) -> None:
    found = compare_waves(
        WaveSide(toy.old, toy.old.membership_, toy.first),
        WaveSide(toy.fresh, toy.fresh.membership_, toy.second),
        CompareOptions(n_draws=199),
    )
    (types,) = found.types
    assert [text.en for text in found.left_out] == [
        "questions of first only (1): care_1", "questions of second only (2): care_6, rules_6",
    ]  # fmt: skip
    assert types.corrected is not None
    partner = types.members.alignment.partner
    assert types.by_profiles is not None
    assert types.by_profiles.partner == partner
    naive = float(types.members.moved.mean())
    assert types.corrected.mover_rate(partner) < naive
    assert abs(types.corrected.mover_rate(partner) - toy.moved) < 0.06
    assert set(types.profiles["indicator"]) == set(toy.second.variables) & set(
        toy.first.variables
    ) - {"steering"}
    own = types.profiles.groupby(["type", "indicator"])[["before", "after"]].sum()
    np.testing.assert_allclose(own, 1.0)
    assert found.drift is not None
    assert len(found.drift) == 10
    assert list(found.positions) == ["po"]
    assert found.old is not None
    assert found.split[0].identified
    english, dutch = found.text("en"), found.text("nl")
    assert "Corrected for errors of assignment" in english
    assert types.corrected.caution is not None
    assert types.corrected.caution.nl in dutch
    assert types.movers.loc["naive", "estimate"] == naive
    assert "Gecorrigeerd voor fouten" in dutch
    assert "aangepaste Rand-index 0," in dutch
    assert repr(found) == english


def test_without_answers_the_rest_is_compared_and_the_gap_is_named(toy: Any) -> None:
    found = compare_waves(
        WaveSide(toy.old, toy.old.membership_), WaveSide(toy.fresh, toy.fresh.membership_),
        CompareOptions(n_draws=99),
    )  # fmt: skip
    assert found.drift is None
    assert found.old is None
    assert not found.split
    assert found.types[0].by_profiles is not None
    told = found.text("en")
    for what in ("old types in the new wave", "split of the change", "change of answers",
                 "change of positions"):  # fmt: skip
        assert f"- {what}: the answers of the waves were not given" in told


def test_no_organisation_in_common_is_an_error(toy: Any) -> None:
    other = toy.fresh.membership_.probabilities
    other.index = [f"B{i}" for i in range(len(other))]
    sector = pd.Series("po", index=other.index)
    strangers = sw.Membership.from_probabilities(other, sector)
    with pytest.raises(InputError, match="organisations with a type in both waves"):
        compare_waves(WaveSide(toy.old, toy.old.membership_), WaveSide(toy.fresh, strangers))


def test_the_panel_of_three_waves_with_a_merger(
    chain: tuple[OrganisationCrosswalk, OrganisationCrosswalk],
) -> None:
    """2014 types (truth), 2016 and 2018 groups of position, carried to the names of 2018."""
    over = chain[0].then(chain[1])
    waves = [sw.load_wave(n) for n in ("start_2014", "monitor_2016", "scenario_2018")]
    truth = load_truth("start_2014")["supercluster"].astype(int)
    crosswalk = ItemCrosswalk.read(data_path("crosswalks", "items.csv"))
    groups = [crosswalk.apply(w)["steering_group"].dropna().astype(int) for w in waves[1:]]
    early = sw.Membership.from_modal(truth.reindex(waves[0].frame.index), waves[0], apart=True)
    middle, late = (
        sw.Membership.from_modal(g, w, apart=True) for g, w in zip(groups, waves[1:], strict=True)
    )
    carried = [carry_membership(early, over), carry_membership(middle, chain[1])]
    assert "SYN-PO-078" in late.modal.index
    parts = chain[1].parts("SYN-PO-078")
    kinds = [middle.modal[p] for p in parts]
    expected = kinds[0] if kinds[0] == kinds[1] else None
    got = carried[1].modal["SYN-PO-078"]
    assert (got == expected) if expected else pd.isna(got)
    # The link between 2014 type and 2016 position holds along the crosswalk of 2014 to 2016.
    linked = carry_membership(early, chain[0]).modal
    both = pd.concat([linked, waves[1].column("steering").astype(float)], axis=1).dropna()
    po = both[both["modal"].str.startswith("po")]
    assert len(po) == 65
    assert np.corrcoef(po["modal"] == "po 1", po["steering"])[0, 1] == pytest.approx(0.3, abs=0.02)
    found = sw.compare_memberships(carried[1].sector("po"), late.sector("po"), align="names",
                                   n_draws=99)  # fmt: skip
    assert found.pairs.n >= 55
    assert float(found.kappa) > 0.3
    chained = corrected_transitions([m.sector("po") for m in (*carried, late)])
    assert len(chained.waves) == 3
    np.testing.assert_allclose(chained.transition(1).sum(axis=1), 1.0, atol=1e-9)


def test_positions_of_the_scenario_moved_to_the_middle(
    chain: tuple[OrganisationCrosswalk, OrganisationCrosswalk],
) -> None:
    first, second = sw.load_wave("monitor_2016"), sw.load_wave("scenario_2018")
    x, y = first.column("steering").astype(float), second.column("steering").astype(float)
    found = position_change(x, y, organisations=chain[1].identities(x.index), n_draws=199)
    # The merged organisation is nobody of 2016, and no stranger takes its place.
    stayed = [k for k in chain[1].links if k.event == "same"]
    both = sum(pd.notna(x.get(k.before)) and pd.notna(y.get(k.after)) for k in stayed)
    assert found.n == both
    assert found.table.loc["distance to the middle", "estimate"] < 0


def test_the_shipped_waves_compare_where_they_can(
    toy: Any, chain: tuple[OrganisationCrosswalk, OrganisationCrosswalk]
) -> None:
    """Toy typologies under the names of shipped waves know no question of them."""
    crosswalk = ItemCrosswalk.read(data_path("crosswalks", "items.csv"))
    first, second = sw.load_wave("monitor_2016"), sw.load_wave("scenario_2018")
    themes = {"governance": ["plan_none", "service_none"], "quality": ["quality_none"]}
    old, fresh = (
        sw.Typology(random_state=1, quick=True, n_init=3, max_classes=2).fit(w, themes=themes)
        for w in (first, second)
    )
    found = compare_waves(
        WaveSide(old, old.membership_, first), WaveSide(fresh, fresh.membership_, second),
        CompareOptions(crosswalk, chain[1], n_draws=49),
    )  # fmt: skip
    assert found.drift is not None
    assert len(found.drift) == 114
    assert set(found.positions) == {"po", "vo"}
    assert {t.sector for t in found.types} == {"po", "vo"}
    assert "One of the waves has one type" in found.text("en")
    assert not any(s.identified for s in found.split)
    assert replace(found, positions={}).text("en") != found.text("en")
