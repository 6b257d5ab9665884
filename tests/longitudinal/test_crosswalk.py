"""Crosswalks of questions and of organisations: reading, applying, faults."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import swvtypes as sw
from swvtypes.errors import CrosswalkError, OptionError
from swvtypes.resources import data_path
from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk

ITEMS = "wave,variable,concept,value_map,missing_map,comparability,note\n"
WHO = "before_wave,before,after_wave,after,event,note\n"


def items(tmp_path: Path, text: str) -> ItemCrosswalk:
    (tmp_path / "items.csv").write_text(ITEMS + text, encoding="utf-8")
    return ItemCrosswalk.read(tmp_path / "items.csv")


def who(tmp_path: Path, text: str, name: str = "who.csv") -> OrganisationCrosswalk:
    (tmp_path / name).write_text(WHO + text, encoding="utf-8")
    return OrganisationCrosswalk.read(tmp_path / name)


def test_the_shipped_crosswalk_fits_its_waves_and_compares_them() -> None:
    crosswalk = ItemCrosswalk.read(data_path("crosswalks", "items.csv"))
    for name in crosswalk.waves:
        crosswalk.check(sw.load_wave(name))
    table = crosswalk.common("monitor_2016", "scenario_2018")
    kinds = table["comparability"].value_counts()
    assert kinds.to_dict() == {"same": 107, "gone": 54, "recoded": 7, "reworded": 3, "new": 3}
    assert table.loc["plan_evaluated", "comparability"] == "new"
    # Reworded between 2014 and 2016, the same since: reworded over both steps.
    assert (
        crosswalk.common("start_2014", "scenario_2018").loc["service_allocation", "comparability"]
        == "reworded"
    )


def test_answers_are_put_in_the_codes_of_concepts() -> None:
    crosswalk = ItemCrosswalk.read(data_path("crosswalks", "items.csv"))
    wave = sw.load_wave("monitor_2016")
    frame = crosswalk.apply(wave)
    position = wave.column("steering")
    expected = pd.cut(position.astype(float), [0, 3, 7, 10], labels=[1.0, 2.0, 3.0]).astype(float)
    pd.testing.assert_series_equal(
        frame["steering_group"].astype(float), expected, check_names=False
    )
    assert frame["steering"].equals(position)
    assert frame.columns[0] == "sector"


def test_reasons_of_absence_are_mapped_by_id() -> None:
    crosswalk = ItemCrosswalk.read(data_path("crosswalks", "items.csv"))
    wave = sw.load_wave("start_2014")
    before, after = wave.reason("service_allocation"), crosswalk.apply_reasons(wave)
    routed = before == "routed_past"
    assert routed.any()
    assert (after.loc[routed, "service_allocation"] == "not_comparable").all()
    assert (after.loc[~routed, "service_allocation"] == before[~routed]).all()


def test_every_fault_of_an_items_file_is_listed_with_its_line(tmp_path: Path) -> None:
    text = (
        "w1,a,a,,,new,\n"
        "w1,,b,,,new,\n"
        "w1,c,c,1=x 2,,new,\n"
        "w2,a,a,1=1 1=2,,fresh,\n"
        "w2,a,a,,,new,\n"
        "w2,d,d,,,same,\n"
        "w2,e,c,,,gone,\n"
        ",f,,,,new,\n"
    )
    with pytest.raises(CrosswalkError) as raised:
        items(tmp_path, text)
    faults = "\n".join(raised.value.faults)
    for told in (
        "line 3: no variable; expected one, or comparability gone",
        "line 4: value_map: expected numbers, got 1=x",
        "line 4: value_map: expected pairs such as 1=2, got",
        "line 5: value_map: 1 is mapped twice",
        "line 5: comparability: expected one of same, reworded, recoded, new, gone",
        "line 6: w2 has concept 'a' already, on line 5",
        "line 6: 'a' is called new; line 2 has it",
        "line 7: 'd' is called same, but no earlier wave has it",
        "line 8: a concept that is gone has no variable",
        "line 9: no wave",
        "line 9: no concept",
    ):
        assert told in faults, told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("wave,concept\n", "line 1: no column 'variable'"),
        (ITEMS, "expected at least one row below the header"),
        (ITEMS + "a,b\n", "line 2: expected 7 cells as in the header, found 2"),
        (ITEMS.replace("note", "wave"), "line 1: column 'wave' stands in it twice"),
        (ITEMS.replace("note", "remark"), "line 1: column 'remark' is not known"),
    ],
)
def test_faults_of_the_file_itself(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CrosswalkError, match=told):
        ItemCrosswalk.read(tmp_path / "x.csv")


def test_a_file_that_is_absent_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(CrosswalkError, match="cannot be read"):
        ItemCrosswalk.read(tmp_path / "none.csv")
    (tmp_path / "x.csv").write_bytes(b"wave\xff")
    with pytest.raises(CrosswalkError, match="expected UTF-8"):
        ItemCrosswalk.read(tmp_path / "x.csv")


def test_semicolons_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    text = ("\ufeff" + ITEMS + "w1,a,a,,,new,\n").replace(",", ";")
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    assert ItemCrosswalk.read(tmp_path / "x.csv").waves == ("w1",)


def test_a_crosswalk_that_does_not_fit_its_wave(tmp_path: Path) -> None:
    crosswalk = items(
        tmp_path,
        "monitor_2016,steering,a,1=1 11=2,,new,\nmonitor_2016,nothing,b,,,new,\n"
        "monitor_2016,plan_none,c,,asleep=gone,new,\n",
    )
    with pytest.raises(CrosswalkError) as raised:
        crosswalk.check(sw.load_wave("monitor_2016"))
    faults = "\n".join(raised.value.faults)
    assert "line 2: monitor_2016 'steering': value_map: 11 is no code of it" in faults
    assert "line 2: monitor_2016 'steering': value_map lacks code 2" in faults
    assert "line 3: monitor_2016 'nothing': the codebook has no such variable" in faults
    assert "line 4: monitor_2016 'plan_none': missing_map: 'asleep' is no reason of it" in faults


def test_waves_and_frames_that_a_crosswalk_cannot_use(tmp_path: Path) -> None:
    crosswalk = items(tmp_path, "w1,a,a,1=1,,new,\nw2,a,a,,,same,\n")
    frame = pd.DataFrame({"a": [1, 2]}, index=["x", "y"])
    with pytest.raises(OptionError, match="wave: expected the name of the wave"):
        crosswalk.apply(frame)
    with pytest.raises(OptionError, match="expected one of 'w1', 'w2'"):
        crosswalk.apply(frame, "w3")
    with pytest.raises(CrosswalkError, match="line 2: w1 'a': value_map lacks code 2"):
        crosswalk.apply(frame, "w1")
    with pytest.raises(OptionError, match="a wave later than 'w2'"):
        crosswalk.common("w2", "w1")


MERGED = "u,A,v,A,same,\nu,B,v,Z,merged,\nu,C,v,Z,merged,\nu,D,v,D1,split,\nu,D,v,D2,split,\n"


def test_merged_and_split_organisations_follow_the_rule(tmp_path: Path) -> None:
    found = who(tmp_path, MERGED + "u,E,v,,gone,\nu,,v,F,new,\n")
    kinds = pd.Series(["x", "x", "x", "y", "x"], index=list("ABCDE"))
    assert found.carry(kinds).to_dict() == {"A": "x", "Z": "x", "D1": "y", "D2": "y"}
    apart = kinds.copy()
    apart["C"] = "y"
    assert found.carry(apart).isna()["Z"]
    assert found.carry(kinds, merged="unknown").isna()["Z"]
    sizes = pd.Series({"B": 10.0, "C": 4.0})
    assert found.carry(apart, merged="larger", sizes=sizes)["Z"] == "x"
    assert found.carry(apart, merged="larger", sizes=20.0 - sizes)["Z"] == "y"
    equal = pd.Series({"B": 4.0, "C": 4.0})
    assert pd.isna(found.carry(apart, merged="larger", sizes=equal)["Z"])
    assert found.carry(kinds, split="unknown").isna().to_dict() == {
        "A": False, "Z": False, "D1": True, "D2": True,
    }  # fmt: skip
    only = found.carry(kinds.drop("C"))
    assert only["Z"] == "x"


def test_probabilities_of_parts_that_agree_are_averaged(tmp_path: Path) -> None:
    found = who(tmp_path, MERGED)
    p = pd.DataFrame({"1": [0.9, 0.8, 0.6], "2": [0.1, 0.2, 0.4]}, index=list("ABC"))
    assert found.carry(p).loc["Z"].tolist() == pytest.approx([0.7, 0.3])
    p.loc["C"] = [0.4, 0.6]
    assert found.carry(p).loc["Z"].isna().all()


def test_identities_do_not_join_strangers(tmp_path: Path) -> None:
    found = who(tmp_path, "u,A,v,B,same,\nu,B,v,A,same,\nu,C,v,Z,merged,\nu,D,v,Z,merged,\n")
    assert found.identities(list("ABCX")) == {"A": "B", "B": "A", "C": "C (u)", "X": "X (u)"}


def test_crosswalks_are_followed_over_two_steps(tmp_path: Path) -> None:
    first = who(tmp_path, MERGED)
    second = who(
        tmp_path, "v,A,w,Y,merged,\nv,Z,w,Y,merged,\nv,D1,w,D1,same,\nv,D2,w,,gone,\n", "b.csv"
    )
    both = first.then(second)
    table = both.table.set_index(["before", "after"])["event"].to_dict()
    assert table == {
        ("A", "Y"): "merged", ("B", "Y"): "merged", ("C", "Y"): "merged", ("D", "D1"): "same",
    }  # fmt: skip
    with pytest.raises(CrosswalkError, match="expected a crosswalk from 'v', got 'u'"):
        first.then(first)


def test_every_fault_of_an_organisations_file_is_listed(tmp_path: Path) -> None:
    text = (
        "u,A,v,A,same,\nu,A,v,A,same,\nu,B,v,C,merged,\nu,D,v,E,split,\nu,,v,G,same,\n"
        "u,H,v,,same,\nu,I,v,J,new,\nu,K,v,L,moved,\nw,M,v,N,same,\nu,O,v,P,same,\nu,Q,v,P,same,\n"
        "u,R,v,S,same,\nu,R,v,T,same,\n"
    )
    with pytest.raises(CrosswalkError) as raised:
        who(tmp_path, text)
    faults = "\n".join(raised.value.faults)
    for told in (
        "line 3: 'A' with 'A' stands on line 2 too",
        "line 4: 'C' is called merged, but has one part",
        "line 5: 'D' is called split, but has one part",
        "line 6: no organisation before; expected one, or event new",
        "line 7: no organisation after; expected one, or event gone",
        "line 8: event new has one organisation, found two",
        "line 9: event: expected one of same, merged, split, new, gone",
        "before_wave: expected the name of one wave on every line",
        "line 11: 'P' stands on 2 lines; expected event merged",
        "line 13: 'R' stands on 2 lines; expected event split",
    ):
        assert told in faults, told


def test_rules_and_organisations_that_cannot_be_followed(tmp_path: Path) -> None:
    found = who(tmp_path, MERGED)
    kinds = pd.Series(["x", "y"], index=["A", "X"])
    with pytest.raises(CrosswalkError, match="'X' of u does not stand in it"):
        found.carry(kinds)
    with pytest.raises(CrosswalkError, match="'B' is part of a merged organisation and has no"):
        found.carry(kinds[:1], merged="larger")
    with pytest.raises(OptionError, match="merged"):
        found.carry(kinds[:1], merged="first")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="split"):
        found.carry(kinds[:1], split="first")  # type: ignore[arg-type]
