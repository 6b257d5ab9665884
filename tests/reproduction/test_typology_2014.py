"""Claims on the typology of 2014: the truth recovers them, noise does not, faults are named."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import InputError
from swvtypes.reconstruction.simulated import load_truth
from swvtypes.reproduction.typology_2014 import judge_typology_2014, read_claims
from swvtypes.reproduction.typology_2014_checks import CHECKS
from swvtypes.reproduction.typology_2014_runs import TypologyRun, summarise_run
from swvtypes.reproduction.typology_2014_texts import REASONS, VERDICT_LABELS
from swvtypes.survey import Wave

SEEDS = range(1, 21)
RECOVERABLE = {c.id for c in read_claims() if c.kind == "recoverable"}
Deal = Callable[[Wave, int], pd.Series]


@cache
def shipped(seed: int) -> Wave:
    return sw.load_wave("start_2014", seed=seed)


def by_truth(wave: Wave, seed: int) -> pd.Series:
    return load_truth("start_2014", seed).loc[wave.frame.index, "supercluster"]


def by_chance(wave: Wave, seed: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    return pd.Series(rng.integers(1, 3, len(wave)), index=wave.frame.index)


def run_of(seed: int, sector: str, deal: Deal, exist: bool | None = True) -> TypologyRun:
    wave = shipped(seed).sector(sector)
    types = deal(wave, seed)
    probabilities = pd.DataFrame(
        {f"{sector} {k}": (types == k).astype(float) for k in (2, 1)}, index=types.index
    )
    codebook = wave.codebook
    items = [n for n in wave.variables if codebook.variables[n].role == "active"]
    selection = pd.DataFrame(
        {"theme": [codebook.variables[n].theme for n in items], "indicator": items}
    ).assign(selected=True)
    return summarise_run(wave, probabilities, selection, items[:-1], exist=exist)


def runs(deal: Deal, exist: bool | None = True) -> list[TypologyRun]:
    return [run_of(seed, sector, deal, exist) for seed in SEEDS for sector in ("po", "vo")]


def test_every_claim_of_the_record_has_an_entry_that_can_be_carried_out() -> None:
    claims = read_claims()
    assert [c.id for c in claims] == sw.published.load("typology_2014")["id"].tolist()
    assert len(claims) == 96
    known = set(sw.load_wave("start_2014").codebook.variables)
    for claim in claims:
        assert claim.reason in REASONS
        assert claim.kind in {"recoverable", "method", "built_in", "context"}
        if claim.kind in {"recoverable", "method"}:
            assert claim.rule.check in CHECKS
        assert set(claim.rule.indicators) <= known
    sectors = sw.published.load("typology_2014").set_index("id")["sector"]
    for claim in claims:
        if claim.kind == "recoverable" and sectors[claim.id] != "both":
            assert claim.sectors == (sectors[claim.id],)


def test_the_truth_recovers_every_claim_that_rows_can_show() -> None:
    found = judge_typology_2014(runs(by_truth))
    claims = found.claims.set_index("id")
    assert set(claims.index[claims["verdict"] == "recovered"]) == RECOVERABLE
    assert found.verdicts == {
        "cannot_be_judged": 39,
        "built_in": 29,
        "recovered": 21,
        "method_followed": 7,
    }
    assert claims.loc["C49", "computed"] == pytest.approx(39 / 77)
    assert claims.loc["C56", "computed"] == pytest.approx(40 / 60)
    assert found.seeds == tuple(SEEDS)
    assert set(claims["verdict"]) <= set(VERDICT_LABELS)
    assert "does not say what 2014 was" in found.caveat.en
    assert "niet wat er in 2014 was" in found.caveat.nl


def test_types_dealt_at_random_recover_no_contrast() -> None:
    claims = judge_typology_2014(runs(by_chance)).claims.set_index("id")
    contrasts = [c.id for c in read_claims() if c.rule.check in {"contrast", "two_poles"}]
    assert not (claims.loc[contrasts, "verdict"] == "recovered").any()
    assert claims.loc["C61", "verdict"] == "not_recovered"


def test_types_that_are_not_supported_carry_no_claim() -> None:
    claims = judge_typology_2014(runs(by_truth, exist=False)).claims.set_index("id")
    for claim in ("C48", "C40", "C50", "C55", "C61", "C66"):
        assert claims.loc[claim, "verdict"] == "not_recovered"
        assert claims.loc[claim, "held"] == 0


def test_existence_that_was_not_tested_is_not_claimed() -> None:
    claims = judge_typology_2014(runs(by_truth, exist=None)).claims.set_index("id")
    assert claims.loc["C48", "verdict"] == "not_recovered"
    assert claims.loc["C50", "verdict"] == "recovered"


def test_a_claim_that_holds_at_times_says_so() -> None:
    mixed = runs(by_truth)[:26] + runs(by_chance)[26:]
    claims = judge_typology_2014(mixed).claims.set_index("id")
    assert claims.loc["C64", "verdict"] == "partly_recovered"
    assert claims.loc["C64", "held"] == pytest.approx(13 / 20)


def test_indicators_that_were_not_selected_break_the_method() -> None:
    made = runs(by_truth)
    first = made[0]
    made[0] = TypologyRun(**{**vars(first), "selection": first.selection.assign(selected=False)})
    claims = judge_typology_2014(made).claims.set_index("id")
    assert claims.loc["C45", "verdict"] == "method_not_followed"
    assert claims.loc["C46", "verdict"] == "method_followed"


def test_contrast_against_its_definition_with_three_types() -> None:
    wave = shipped(1).sector("po")
    rng = np.random.default_rng(3)
    probabilities = pd.DataFrame(
        rng.dirichlet([1, 1, 1], len(wave)), index=wave.frame.index, columns=["a", "b", "c"]
    )
    selection = pd.DataFrame({"theme": ["policy"], "indicator": ["policy_goals"], "selected": [1]})
    run = summarise_run(wave, probabilities, selection, ["policy_goals"])
    extended = run.extended
    others = [name for name in "abc" if name != extended]
    yes = (wave.frame["policy_goals"] == 1).astype(float)
    share = {k: (yes * probabilities[k]).sum() / probabilities[k].sum() for k in "abc"}
    sizes = probabilities.mean()
    rest = sum(share[k] * sizes[k] for k in others) / sum(sizes[k] for k in others)
    assert run.contrast(["policy_goals"], [1]) == pytest.approx(share[str(extended)] - rest)
    assert np.isnan(run.contrast(["policy_goals", "nothing"], [1]))


def test_one_type_for_all_carries_no_contrast() -> None:
    one = judge_typology_2014(
        runs(lambda wave, seed: pd.Series(1, index=wave.frame.index), exist=False)
    ).claims.set_index("id")
    assert set(one.loc[sorted(RECOVERABLE - {"C44"}), "verdict"]) == {"not_recovered"}
    wave = shipped(1).sector("po")
    alone = pd.DataFrame({"po 1": 1.0}, index=wave.frame.index)
    selection = pd.DataFrame(columns=["theme", "indicator", "selected"])
    run = summarise_run(wave, alone, selection, [], exist=False)
    assert np.isnan(run.contrast(["policy_goals"], [1]))
    assert run.extended == "po 1"


def test_missing_answers_leave_the_base() -> None:
    run = run_of(1, "po", by_truth)
    rows = run.profiles[run.profiles["indicator"] == "service_complaints"]
    totals = rows.groupby("type")["share"].sum()
    assert np.allclose(totals, 1)


def test_faults_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        judge_typology_2014([*runs(by_truth)[:3], runs(by_truth)[2]])
    assert caught.value.faults == (
        "seed 2: expected one run of po, got more",
        "seed 2: expected a run of vo, got none",
        "expected runs on at least 20 waves, got 2",
    )
    wave = shipped(1)
    with pytest.raises(InputError) as caught:
        summarise_run(wave, pd.DataFrame({"a": [1.0]}, index=["x"]), pd.DataFrame(), [])
    assert caught.value.faults == (
        "wave: expected one sector, got po, vo",
        "probabilities: expected a row for every organisation of the wave, no other",
        "selection: expected the columns theme, indicator, selected",
    )


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_a_stored_run_comes_out_again() -> None:
    import json
    from pathlib import Path

    from benchmarks.studies import typology_2014_recovery as recovery
    from swvtypes.reconstruction.simulated import simulate_start

    stored = json.loads(Path(recovery.RESULTS).read_text(encoding="utf-8"))["standard"]
    assert stored["dial"] == recovery.DIALS["standard"].named()
    assert stored["verdicts"]["recovered"] == len(RECOVERABLE)
    run, line = recovery.one_sector(simulate_start(2), "vo")
    wanted = next(r for r in stored["runs"] if (r["seed"], r["sector"]) == (2, "vo"))
    for name, value in line.items():
        assert value == pytest.approx(wanted[name], abs=1e-4), name
    assert run.sector == "vo"
