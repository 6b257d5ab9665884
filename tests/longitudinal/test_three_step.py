"""Corrected transitions: bias, coverage, identities, and every error."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import FewOrganisationsWarning, InputError, MembershipError, OptionError
from swvtypes.longitudinal import compare_memberships, corrected_transitions
from swvtypes.membership import Membership
from swvtypes.membership.optimism import optimism_of

few = pytest.mark.filterwarnings("ignore::swvtypes.errors.FewOrganisationsWarning")


def panel(
    n: int, seed: int, move: float = 0.1, waves: int = 2, share: float = 0.6
) -> list[Membership]:
    """Make posteriors of five binary items (.85 and .20), known profiles and shares."""
    rng = np.random.default_rng(seed)
    classes = (rng.random(n) > share).astype(int)
    out = []
    index = [f"o{i}" for i in range(n)]
    for t in range(waves):
        if t:
            classes = np.where(rng.random(n) < move, 1 - classes, classes)
        y = rng.random((n, 5)) < np.where(classes[:, None] == 0, 0.85, 0.2)
        first = np.where(y, 0.85, 0.15).prod(axis=1) * share
        second = np.where(y, 0.2, 0.8).prod(axis=1) * (1 - share)
        p = np.stack([first, second], axis=1) / (first + second)[:, None]
        frame = pd.DataFrame(p, index=index, columns=["A", "B"])
        out.append(Membership.from_probabilities(frame, pd.Series("po", index=index)))
    return out


@pytest.mark.parametrize("evidence", ["modal", "posterior"])
def test_many_organisations_give_the_true_rate_and_naive_ones_do_not(evidence: str) -> None:
    before, after = panel(20_000, 1)
    found = corrected_transitions([before, after], evidence=evidence)  # type: ignore[arg-type]
    assert found.mover_rate() == pytest.approx(0.10, abs=0.01)
    naive = compare_memberships(before, after, n_draws=1, align="names").moved.mean()
    assert naive > 0.14
    assert found.initial["A"] == pytest.approx(0.6, abs=0.01)


@few
def test_errors_are_corrected_where_memberships_carry_it() -> None:
    """More error than the memberships say leaves less true change; "apparent" is as without it."""
    plain = panel(400, 2)
    factors = np.log([[0.95, 1.5], [1.5, 0.95]])
    optimism = optimism_of({"modal": factors, "proportional": factors}, ("A", "B"))
    carrying = [m.with_optimism(optimism) for m in plain]
    stated = corrected_transitions(plain).mover_rate()
    less = corrected_transitions(carrying).mover_rate()
    assert less < stated - 0.01
    assert corrected_transitions(carrying, errors="apparent").mover_rate() == stated
    assert corrected_transitions(carrying, errors="corrected").mover_rate() == less
    # Posteriors have no table.
    rates = [corrected_transitions(m, evidence="posterior").mover_rate() for m in (plain, carrying)]
    assert rates[0] == rates[1]
    with pytest.raises(MembershipError, match="expected a membership that carries their"):
        corrected_transitions(plain, errors="corrected")


@pytest.mark.slow
@pytest.mark.parametrize("n", [500, 60])
@few
def test_profile_intervals_cover(n: int) -> None:
    hits, rates = [], []
    for seed in range(80):
        found = corrected_transitions(panel(n, seed))
        table = found.table().set_index(["from_class", "to_class"])
        for cell in (("A", "B"), ("B", "A")):
            hits.append(table.loc[cell, "low"] <= 0.10 <= table.loc[cell, "high"])
        rates.append(found.mover_rate())
    assert np.mean(hits) >= 0.90
    assert np.mean(rates) == pytest.approx(0.10, abs=0.01 if n == 500 else 0.03)


def test_sure_memberships_give_the_plain_rates() -> None:
    index = [f"o{i}" for i in range(10)]
    sector = pd.Series("po", index=index)
    before = Membership.from_modal(pd.Series(list("aaaaaabbbb"), index=index), sector)
    after = Membership.from_modal(pd.Series(list("aaaabbbbba"), index=index), sector)
    found = corrected_transitions([before, after])
    np.testing.assert_allclose(found.transition(), [[4 / 6, 2 / 6], [1 / 4, 3 / 4]], atol=1e-4)
    wald = found.table("wald")
    assert wald.loc[1, "se"] == pytest.approx(np.sqrt(2 / 6 * 4 / 6 / 6), rel=1e-3)
    assert found.posterior().shape == (10, 4)


def test_three_waves_with_missing_ones_and_another_number_of_types() -> None:
    first, second, third = panel(400, 3, waves=3)
    frame = second.probabilities
    frame.iloc[::7] = np.nan
    frame["C"] = np.where(frame["A"].isna(), np.nan, 0.0)
    second = Membership.from_probabilities(frame, second.sector_of)
    found = corrected_transitions([first, second, third])
    assert found.transition(0).shape == (2, 3)
    assert found.transition(1).shape == (3, 2)
    assert found.transition(0)["C"].max() < 0.01
    assert len(found.table("wald")) == 12


@few
def test_bootstrap_intervals_hold_the_estimate() -> None:
    found = corrected_transitions(panel(200, 5))
    table = found.table("bootstrap", n_boot=40, random_state=1)
    assert (table["low"] <= table["estimate"] + 0.05).all()
    assert (table["high"] >= table["estimate"] - 0.05).all()


@few
def test_new_identities() -> None:
    before, after = panel(50, 7)
    frame = before.probabilities
    frame.index = [f"x{i}" for i in range(50)]
    sector = pd.Series("po", index=frame.index)
    old = Membership.from_probabilities(frame, sector)
    found = corrected_transitions(
        [old, after], organisations=[{f"x{i}": f"o{i}" for i in range(50)}, {}]
    )
    plain = corrected_transitions([before, after])
    assert found.log_likelihood == pytest.approx(plain.log_likelihood)


def test_few_organisations_are_warned_of() -> None:
    memberships = panel(60, 1)
    with pytest.warns(FewOrganisationsWarning, match="With 60 organisations these intervals are"):
        found = corrected_transitions(memberships)
    assert found.n_both == 60
    assert not found.sure
    assert found.caution is not None
    assert "Met 60 organisaties" in found.caution.nl
    frame = memberships[0].probabilities
    frame.iloc[:40] = np.nan
    gone = Membership.from_probabilities(frame, memberships[0].sector_of)
    with pytest.warns(FewOrganisationsWarning, match="With 20 organisations"):
        corrected_transitions([gone, memberships[1]])
    assert corrected_transitions(panel(300, 1)).caution is None
    index = [f"o{i}" for i in range(10)]
    sector = pd.Series("po", index=index)
    sure = Membership.from_modal(pd.Series(list("aaaaabbbbb"), index=index), sector)
    assert corrected_transitions([sure, sure]).caution is None


@few
def test_faults() -> None:
    before, after = panel(20, 9)
    with pytest.raises(InputError, match="at least two waves, got 1"):
        corrected_transitions([before])
    frame = after.probabilities
    frame.index = [f"y{i}" for i in range(20)]
    other = Membership.from_probabilities(frame, pd.Series("po", index=frame.index))
    with pytest.raises(InputError, match="waves 1 and 2 have no organisation"):
        corrected_transitions([before, other])
    weighted = Membership.from_probabilities(
        after.probabilities, after.sector_of,
        weights=pd.Series(1.0, index=after.probabilities.index),
    )  # fmt: skip
    with pytest.raises(InputError, match="survey weights are not taken"):
        corrected_transitions([before, weighted])
    index = pd.Index(["a", "b"])
    apart = Membership.from_modal(
        pd.Series(["1", "1"], index=index), pd.Series(["po", "vo"], index=index), apart=True
    )
    with pytest.raises(InputError, match="expected types of one sector"):
        corrected_transitions([apart, apart])
    with pytest.raises(InputError, match="stand more than once"):
        corrected_transitions([before, after], organisations=[{"o1": "o2"}, {}])
    with pytest.raises(OptionError, match="evidence"):
        corrected_transitions([before, after], evidence="other")  # type: ignore[arg-type]
