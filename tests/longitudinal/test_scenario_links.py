"""The panel of 2014 and 2016 at each strength of its link: nothing found where nothing is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import swvtypes as sw
from swvtypes.longitudinal import carry_membership, corrected_transitions
from swvtypes.reconstruction.simulated.wave_files import load_truth
from swvtypes.resources import data_path
from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk

SEEDS = (1, 2)
PAIRS = {"po": 65, "vo": 46}


def types_and_positions(link: float, seed: int) -> tuple[sw.Membership, sw.Membership, pd.Series]:
    """2014 types by the names of 2016, position groups of 2016, and positions of 2016."""
    first, second = sw.load_wave("start_2014", seed=seed), sw.load_wave("monitor_2016", seed=seed)
    kind = load_truth("start_2014", seed)["supercluster"].astype(int)
    early = sw.Membership.from_modal(kind.reindex(first.frame.index), first, apart=True)
    crosswalk = ItemCrosswalk.read(data_path("crosswalks", "items.csv"))
    group = crosswalk.apply(second)["steering_group"].dropna().astype(int)
    late = sw.Membership.from_modal(group, second, apart=True)
    folder = data_path("crosswalks", "organisations", "start_2014--monitor_2016", f"link_{link}")
    who = OrganisationCrosswalk.read(folder / f"seed_{seed:02d}.csv")
    return carry_membership(early, who), late, second.column("steering").astype(float)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("link", [0.0, 0.3, 0.6])
def test_association_is_found_where_there_is_one(link: float, seed: int) -> None:
    early, late, position = types_and_positions(link, seed)
    for sector, n in PAIRS.items():
        found = sw.compare_memberships(early.sector(sector), late.sector(sector), n_draws=499)
        assert found.pairs.n == n
        kind = early.sector(sector).modal.dropna()
        both = pd.concat([kind == f"{sector} 1", position], axis=1, join="inner").dropna()
        of_first, place = both.iloc[:, 0].to_numpy(dtype=float), both.iloc[:, 1].to_numpy()
        assert np.corrcoef(of_first, place)[0, 1] == pytest.approx(link, abs=0.03)
        p = stats.mannwhitneyu(place[of_first == 1], place[of_first == 0]).pvalue
        if link == 0.0:
            assert min(found.ari.p_value, found.ami.p_value, p) > 0.05
            assert found.ari.low <= 0.0 <= found.ari.high
        elif link == 0.3:
            # Seen in the positions themselves, not in three groups of so few organisations.
            assert p < 0.06
            assert found.ari.p_value > 0.05
        else:
            assert max(found.ari.p_value, found.ami.p_value, p) < 0.01
            assert found.ari.low > 0.0


def test_transitions_follow_the_link() -> None:
    gaps = []
    for link in (0.0, 0.6):
        early, late, _ = types_and_positions(link, 1)
        table = corrected_transitions([early.sector("po"), late.sector("po")]).transition()
        gaps.append(float((table.loc["po 1"] - table.loc["po 2"]).abs().sum() / 2))
    assert gaps[0] < 0.2
    assert gaps[1] > 2 * gaps[0]
