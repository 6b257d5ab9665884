"""What the chapter on the continuum prints comes out of the synthetic rows."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest

from swvtypes import published
from swvtypes.resources import data_path
from swvtypes.steering import groups, relations, summarise
from swvtypes.steering.aspects import LACKING
from swvtypes.survey import Wave

GROUPS = ("decentral", "mixed", "central")


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    record = published.load("monitor_2016_text")
    here = record["locator"].isin([f"vn {note}" for note in range(105, 111)])
    return record[here].set_index("id")


@pytest.fixture(scope="module")
def proven() -> set[str]:
    """Targets that print itself rules out, by the certificate of the first seed."""
    certificate = pd.read_csv(data_path("waves", "monitor_2016", "certificate_01.csv"), dtype=str)
    return set(certificate.loc[certificate["status"] == "impossible", "target"])


def agrees(computed: float, value: float, decimals: int) -> bool:
    return abs(abs(computed) - abs(value)) <= 0.5 * 10.0**-decimals + 1e-9


def test_correlations_of_the_footnotes(
    monitor: Wave, printed: pd.DataFrame, proven: set[str]
) -> None:
    rows = printed[printed["kind"].isin(["r", "p"])]
    found = relations(monitor, margin=0.3, aspects=list(rows["var1"]))
    pooled = found.table[found.table["scope"] == "(pooled)"].set_index("aspect")
    assert len(rows) == 10
    missed = set()
    for key, row in rows.iterrows():
        ours = pooled.loc[row["var1"]]
        if row["kind"] == "r" and not agrees(ours["r"], row["value"], int(row["decimals"])):
            missed.add(f"text:{key}:r:both:steering:{row['var1']}")
        if row["kind"] == "r":
            assert np.sign(ours["r"]) == np.sign(row["value"])
        decimals = len(str(row["p"]).partition(".")[2]) if row["p"] == "0.33" else 3
        if not agrees(ours["p_value"], float(row["p"]), decimals):
            missed.add(f"text:{key}:p_r:both:steering:{row['var1']}")
    assert missed == {target for target in proven if "both:steering:" in target}
    assert missed == {"text:T366:p_r:both:steering:service_allocation"}


def test_relations_printed_as_absent_are_not_significant(monitor: Wave) -> None:
    pooled = [
        "service_parent_information", "service_other", "service_none", "care_duty", "bureaucracy",
        "clarity", "trust", "consensus", "equalisation", "boards", "pupil_growth",
        *(f"profile_{x}" for x in ("parents", "referral", "strategic", "refuse", "concentration",
                                   "coverage")),
    ]  # fmt: skip
    gaps = [v + LACKING for v in monitor.codebook.battery("gap_block")]
    table = relations(monitor, margin=0.3, aspects=[*pooled, *gaps]).table
    of_pooled = table[(table["scope"] == "(pooled)") & table["aspect"].isin(pooled)]
    assert len(of_pooled) == 17
    assert of_pooled["p_value"].min() >= 0.05
    by_sector = table[table["scope"].isin(["po", "vo"]) & table["aspect"].isin(gaps)]
    known = by_sector["p_value"].dropna()
    assert len(known) == 21
    assert known.min() >= 0.05


def test_groups_of_the_footnotes(monitor: Wave, printed: pd.DataFrame, proven: set[str]) -> None:
    rows = printed[printed["kind"].isin(["F", "mean", "effect_size"])]
    found = groups(monitor, aspects=list(rows["var1"].unique()))
    tests = found.tests.set_index(["aspect", "scope"])
    missed = set()
    for key, row in rows[rows["kind"] == "F"].iterrows():
        name = row["var1"]
        scope = "(pooled)" if row["sector"] == "both" else row["sector"]
        ours = tests.loc[(name, scope)]
        where = f"{row['sector']}:{name}:steering_group"
        if not agrees(ours["f"], row["value"], 2):
            missed.add(f"text:{key}:F:{where}")
        if int(ours["df2"]) != int(row["df2"]):
            missed.add(f"text:{key}:df2:{where}")
        if not agrees(ours["p_value"], float(row["p"]), 3):
            missed.add(f"text:{key}:p_F:{where}")
        assert ours["df1"] == int(row["df1"]) == 2
    assert missed == {target for target in proven if target.endswith("steering_group")}
    assert len(missed) == 3
    assert tests.loc[("trust", "vo"), "p_value"] >= 0.05
    means = found.means[found.means["scope"] == "(pooled)"].set_index(["aspect", "group"])["mean"]
    for name in ("profile_strategic", "profile_concentration", "profile_refuse"):
        assert means[name].idxmax() == "mixed"


def test_means_and_effect_sizes_of_the_footnotes(monitor: Wave, printed: pd.DataFrame) -> None:
    found = groups(monitor, aspects=["trust", "clarity"])
    means = found.means.set_index(["aspect", "scope", "group"])
    pairs = found.pairs.set_index(["aspect", "scope", "first", "second"])
    for key, name in (("T385", "central"), ("T386", "mixed"), ("T388", "decentral")):
        assert agrees(means.loc[("trust", "po", name), "mean"], printed.loc[key, "value"], 1)
    size = pairs.loc[("trust", "po", "mixed", "central"), "cohen_d"]
    assert agrees(size, printed.loc["T387", "value"], 2)
    size = pairs.loc[("trust", "po", "decentral", "mixed"), "cohen_d"]
    assert agrees(size, printed.loc["T389", "value"], 2)
    clarity = found.means[
        (found.means["aspect"] == "clarity") & (found.means["scope"] == "(pooled)")
    ]
    by = clarity.set_index("group")
    assert agrees(by.loc["central", "mean"], printed.loc["T391", "value"], 1)
    rest = by.loc[["decentral", "mixed"]]
    assert agrees(np.average(rest["mean"], weights=rest["n"]), printed.loc["T392", "value"], 1)
    largest = pairs.loc["clarity"].loc["(pooled)"]["cohen_d"].abs().max()
    assert agrees(largest, printed.loc["T394", "value"], 2)


def test_distribution_and_sizes_as_printed(monitor: Wave) -> None:
    summary = summarise(monitor)
    tables = published.load("monitor_2016_tables")
    for sector in ("po", "vo"):
        rows = tables[
            (tables["locator"] == f"Bijlage 2 {sector} Q1") & (tables["measure"] == "count")
        ]
        counts = rows.sort_values("row_no")["value"].to_numpy()[:10]
        ours = summary.distribution[summary.distribution["sector"] == sector]["n"].to_numpy()
        assert ours.tolist() == counts.tolist()
    record = published.load("monitor_2016_text")
    note = record[record["locator"] == "vn 107"]
    found = groups(monitor, aspects=["trust"]).sizes.set_index(["sector", "group"])
    assert len(note) == 6
    for _, row in note.iterrows():
        name = next(g for g in GROUPS if f"category={g}" in row["note"])
        assert agrees(100 * found.loc[(row["sector"], name), "share"], row["value"], 0)
    together = summary.centre.set_index("sector").loc["(pooled)"]
    assert together["mean"] < summary.midpoint == 5.5
    assert 0.55 <= together["share_left"] < 0.65
    assert (summary.comparison["p_permutation"] > 0.05).all()


PROGRAM = textwrap.dedent(
    """
    import sys

    opened = []
    sys.addaudithook(
        lambda event, given: opened.append(str(given[0]))
        if event == "open" and "published" in str(given[0])
        else None
    )
    import swvtypes as sw

    wave = sw.load_wave("monitor_2016", seed=1)
    sw.steering.summarise(wave)
    sw.steering.relations(wave, margin=0.3, aspects=["trust"])
    sw.steering.groups(wave, aspects=["trust"])
    sw.steering.three_dimensions(wave)
    assert not [name for name in opened if name.endswith(".csv")], opened
    assert "swvtypes.published" not in sys.modules
    print("nothing peeked")
    """
)


def test_the_continuum_opens_no_published_file() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "nothing peeked", done.stderr
