"""What the certifier makes of each kind of target and each rule, on a dozen rows written here."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.errors import ReconstructionError
from swvtypes.reconstruction import certifier, certify

WAVE = """\
organisation,sector,synthetic,seed,stance,kind,a,b,c,why,x,y,none,p,q
SYN-1,po,true,7,1,1,1,1,4,2,1,1,0,60,40
SYN-2,po,true,7,2,1,2,1,3,1,1,0,0,50,50
SYN-3,po,true,7,2,2,2,3,3,1,0,1,0,100,
SYN-4,po,true,7,3,2,3,4,1,,0,0,1,0,100
SYN-5,po,true,7,4,2,4,3,2,,1,0,0,70,30
SYN-6,po,true,7,9,3,3,3,9,,1,1,0,20,80
SYN-7,po,true,7,,3,9,9,9,,0,0,0,90,10
SYN-8,vo,true,7,1,1,2,2,2,2,0,1,0,,
SYN-9,vo,true,7,3,1,3,2,1,,1,1,0,,
SYN-10,vo,true,7,4,3,4,4,1,,0,0,1,,
SYN-11,vo,true,7,3,3,3,4,4,,1,0,0,,
"""
REGISTER = """\
organisation,size
SYN-1,10
SYN-2,12
SYN-3,11
SYN-4,15
SYN-5,19
SYN-6,14
SYN-8,30
SYN-9,22
SYN-10,28
SYN-11,25
"""
VARIABLES = """\
variable,sectors,missing,gate,gate_codes,response_set,exclusive,composition,maximum
stance,po vo,9,,,,,,
kind,po vo,,,,,,,
a,po vo,9,,,,,,
b,po vo,9,,,,,,
c,po vo,9,,,,,,
why,po vo,,stance,1 2,,,,
x,po vo,,,,set,,,
y,po vo,,,,set,,,
none,po vo,,,,set,1,,
p,po,,,,,,budget,100
q,po,,,,,,budget,100
size,po vo,,,,,,,
not_written,po,,,,,,,
"""
QUANTITIES = """\
quantity,kind,variables,codes
score,scale,a b -c,1 4
sum,total,a b,1 4
favour,indicator,stance,3 4
side,recode,stance,1-2=1 4=3 3=2
half,recode,stance,1-2=1
"""
FIELDS = (
    "target", "source", "locator", "row_no", "measure", "text_id", "sector", "kind", "var1",
    "var2", "codes", "base", "direction", "role", "assumption",
)  # fmt: skip
Target = dict[str, str]

PO = {
    "stance": [1, 2, 2, 3, 4, None, None],
    "score": [
        (1 + 1 + 1) / 3, (2 + 1 + 2) / 3, (2 + 3 + 2) / 3, (3 + 4 + 4) / 3, (4 + 3 + 3) / 3, 3,
        None,
    ],
    "kind": [1, 1, 2, 2, 2, 3, 3],
    "size": [10, 12, 11, 15, 19, 14, None],
}  # fmt: skip
VO = {"score": [(2 + 2 + 3) / 3, (3 + 2 + 4) / 3, 4, (3 + 4 + 1) / 3], "size": [30, 22, 28, 25]}


def target(kind: str, var1: str, value: str = "0.00", **more: str) -> Target:
    """Ask for one number of a table, printed as `value`."""
    given: Target = dict.fromkeys(FIELDS, "") | {
        "source": "cells", "locator": "T1", "measure": "value", "sector": "po", "role": "target",
        "kind": kind, "var1": var1, "base": "substantive", "printed": value,
    }  # fmt: skip
    return given | more


def certified(
    folder: Path,
    targets: Iterable[Target],
    wave: str = WAVE,
    proofs: Iterable[tuple[str, str, str]] = (),
    register: str | None = REGISTER,
) -> pd.DataFrame:
    """Write a project, its record and its wave, and certify it; targets are called t0, t1, ..."""
    asked, cells, texts = [], [], []
    for number, entry in enumerate(targets):
        row = {"target": f"t{number}", "row_no": str(number)}
        row |= {k: v for k, v in entry.items() if v}
        asked.append({name: row.get(name, "") for name in FIELDS})
        places = len(row["printed"].partition(".")[2])
        place = row["measure"] if row["measure"] in {"p", "df2"} else "value"
        printed = {"value": "", "p": "", "df2": "", "decimals": str(places or "")}
        printed[place] = row["printed"]
        if row.get("text_id"):
            texts.append({"id": row["text_id"], **printed})
        else:
            key = {n: row.get(n, "") for n in ("locator", "row_no", "sector", "measure")}
            cells.append(key | printed)
    for name, rows in (("targets", asked), ("cells", cells), ("texts", texts)):
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    for name, text in (("variables", VARIABLES), ("quantities", QUANTITIES), ("wave", wave)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    frame = pd.DataFrame(list(proofs), columns=["target", "printed", "proof"])
    frame.to_csv(folder / "proofs.csv", index=False)
    if register is not None:
        (folder / "register.csv").write_text(register, encoding="utf-8")
    given = str(folder / "register.csv") if register is not None else None
    return certify(str(folder), str(folder), str(folder / "wave.csv"), given)


def computed(folder: Path, *targets: Target) -> list[str]:
    """Give what the certifier computes for each target."""
    found: list[str] = certified(folder, targets)["computed"].tolist()
    return found[: len(targets)]


def known(values: Iterable[float | None]) -> list[float]:
    return [float(v) for v in values if v is not None]


def two(value: float) -> str:
    """Round half up to two decimals, which no number here comes near enough to matter."""
    return f"{value:.2f}"


def test_shares_and_counts_by_base_and_codes(tmp_path: Path) -> None:
    answered = {"base": "answered", "codes": "2"}
    assert computed(
        tmp_path,
        target("percent", "stance", codes="2"),
        target("percent", "stance", **answered),
        target("percent", "stance", codes="1 4"),
        target("percent", "stance", base="answered", codes="9"),
        target("count", "stance", "0", codes="2 3"),
        target("n", "stance", "0"),
        target("n", "stance", "0", base="answered"),
        target("percent", "stance", codes="3", sector="vo"),
        target("percent", "stance", codes="3", sector="both"),
    ) == ["40.00", "33.33", "40.00", "16.67", "3", "5", "6", "50.00", "33.33"]


def test_shares_below_a_bound(tmp_path: Path) -> None:
    below = [v < 3 for v in known(PO["score"])]
    found = computed(
        tmp_path, target("percent", "score", codes="<3"), target("percent", "stance", codes="<2")
    )
    assert found == [two(100 * sum(below) / len(below)), "20.00"]
    assert 3 in known(PO["score"]), "the bound itself is not below it"


def test_without_answers_nothing_is_computed_and_nothing_holds(tmp_path: Path) -> None:
    found = certified(
        tmp_path,
        [
            target("percent", "p", sector="vo", codes="1"),
            target("mean", "p", sector="vo"),
        ],
    ).head(2)
    assert found["computed"].tolist() == ["", ""]
    assert found["status"].tolist() == ["missed", "missed"]


def test_summaries_of_a_scale(tmp_path: Path) -> None:
    for sector, scores in (("po", known(PO["score"])), ("vo", known(VO["score"]))):
        kinds = ("mean", "sd", "median", "min", "max")
        found = computed(tmp_path, *(target(kind, "score", sector=sector) for kind in kinds))
        assert found == [
            two(statistics.mean(scores)), two(statistics.stdev(scores)),
            two(statistics.median(scores)), two(min(scores)), two(max(scores)),
        ]  # fmt: skip


def test_the_middle_of_an_odd_and_of_an_even_number(tmp_path: Path) -> None:
    found = computed(
        tmp_path,
        target("median", "stance"),
        target("median", "stance", sector="vo"),
        target("median", "kind", sector="vo"),
        target("median", "p"),
    )
    assert found == ["2.00", "3.00", "2.00", "60.00"]


def test_summaries_within_a_group(tmp_path: Path) -> None:
    pairs = zip(PO["size"], PO["kind"], strict=True)
    within = known(size for size, kind in pairs if kind in {2, 3})
    found = computed(
        tmp_path,
        target("mean", "size", var2="kind", codes="2 3"),
        target("max", "size", var2="kind", codes="1"),
        target("mean", "size", var2="side", codes="2"),
    )
    assert found == [two(statistics.mean(within)), "12.00", "15.00"]


def test_quantities_are_means_totals_indicators_and_recodes(tmp_path: Path) -> None:
    sides = [1, 1, 1, 2, 3]
    found = computed(
        tmp_path,
        target("max", "sum"),
        target("min", "sum"),
        target("mean", "favour"),
        target("mean", "favour", sector="both"),
        target("mean", "side"),
        target("mean", "half", sector="both"),
        target("mean", "sector", sector="vo"),
        target("mean", "sector"),
        target("mean", "stance"),
    )
    assert found == [
        "7.00", "2.00", "0.40", two(5 / 9), two(statistics.mean(sides)), "1.00", "2.00", "1.00",
        "2.40",
    ]  # fmt: skip


def test_alpha_of_complete_rows_with_a_turned_item(tmp_path: Path) -> None:
    complete = np.array([[1, 1, 1], [2, 1, 2], [2, 3, 2], [3, 4, 4], [4, 3, 3]], dtype=float)
    cov = np.cov(complete.T)
    alpha = 3 / 2 * (1 - np.trace(cov) / cov.sum())
    assert computed(tmp_path, target("alpha", "score", "0.0000")) == [f"{alpha:.4f}"]


def test_correlations_and_their_p(tmp_path: Path) -> None:
    both = [(x, y) for x, y in zip(PO["score"], PO["size"], strict=True) if x and y]
    r, p = stats.pearsonr(*zip(*both, strict=True))
    turned = [
        target("p_r", "score", f"{p:.4f}", var2="size", measure="p", direction=way)
        for way in ("", "+")
    ]
    found = certified(tmp_path, [target("r", "score", var2="size"), *turned]).head(3)
    assert found["computed"].tolist() == [two(r), f"{p:.4f}", f"{p:.4f}"]
    assert found["status"].tolist()[1:] == ["attained", "attained"]


def test_a_falling_relation_is_no_rising_one(tmp_path: Path) -> None:
    stance, against = [1, 2, 2, 3, 4], [4, 3, 3, 1, 2]
    r, p = stats.pearsonr(stance, against)
    assert r < 0
    found = certified(
        tmp_path,
        [
            target("p_r", "stance", f"{p:.3f}", var2="c", measure="p", direction=way)
            for way in ("+", "-", "")
        ],
    ).head(3)
    assert found["computed"].tolist() == [f"{p:.3f}"] * 3
    assert found["status"].tolist() == ["missed", "attained", "attained"]


def test_a_constant_has_no_correlation(tmp_path: Path) -> None:
    assert computed(tmp_path, target("r", "half", var2="size")) == ["0.00"]


def groups(values: list[Any], kinds: list[Any]) -> list[list[float]]:
    pairs = [(v, k) for v, k in zip(values, kinds, strict=True) if v is not None and k is not None]
    return [[float(v) for v, k in pairs if k == code] for code in sorted({k for _, k in pairs})]


def test_analyses_of_variance(tmp_path: Path) -> None:
    parts = groups(PO["score"], PO["kind"])
    f, p = stats.f_oneway(*parts)
    sector = stats.f_oneway(known(PO["size"]), known(VO["size"]))
    found = computed(
        tmp_path,
        target("F", "score", var2="kind"),
        target("p_F", "score", "0.0000", var2="kind", measure="p"),
        target("df2", "score", "3", var2="kind", measure="df2"),
        target("F", "size", var2="sector", sector="both"),
        target("df2", "size", "8", var2="sector", sector="both", measure="df2"),
    )
    assert found == [two(f), f"{p:.4f}", "3", two(sector.statistic), "8"]


def test_an_analysis_holds_only_with_the_means_in_the_printed_order(tmp_path: Path) -> None:
    means = [statistics.mean(part) for part in groups(PO["score"], PO["kind"])]
    assert means[1] > means[2] > means[0]
    f, p = stats.f_oneway(*groups(PO["score"], PO["kind"]))
    orders = ("2>3 3>1", "2>3 1>3", "1>3 2>3", "2>1", "2>2")
    found = certified(
        tmp_path,
        [
            *(target("F", "score", two(f), var2="kind", direction=way) for way in orders),
            target("p_F", "score", f"{p:.4f}", var2="kind", measure="p", direction="1>3"),
            target("df2", "score", "3", var2="kind", measure="df2", direction="1>3"),
        ],
    )["status"].tolist()
    assert found[:7] == [
        "attained", "missed", "missed", "attained", "missed", "missed", "attained",
    ]  # fmt: skip


def test_no_significant_relation_by_the_test_that_fits(tmp_path: Path) -> None:
    sides = [1, 1, 1, 2, 3]
    by_side = stats.f_oneway(*groups(PO["size"][:5], sides)).pvalue
    by_sector = stats.f_oneway(known(PO["size"]), known(VO["size"])).pvalue
    pairs = [(v, k) for v, k in zip(PO["size"], PO["kind"], strict=True) if v is not None]
    by_r = stats.pearsonr(*zip(*pairs, strict=True)).pvalue
    favour = stats.pearsonr([10, 12, 11, 15, 19], [0, 0, 0, 1, 1]).pvalue
    found = certified(
        tmp_path,
        [
            target("ns", "size", var2="side"),
            target("ns", "size", var2="sector", sector="both"),
            target("ns", "size", var2="kind"),
            target("ns", "size", var2="favour"),
        ],
    ).head(4)
    expected = [by_side, by_sector, by_r, favour]
    assert found["computed"].tolist() == [f"p={p:.3f}" for p in expected]
    assert found["status"].tolist() == ["attained" if p > 0.05 else "missed" for p in expected]
    assert {p > 0.05 for p in expected} == {True, False}


def test_no_difference_between_three_sectors(tmp_path: Path) -> None:
    wave = WAVE.replace("SYN-10,vo", "SYN-10,so").replace("SYN-11,vo", "SYN-11,so")
    parts = (known(PO["stance"]), [1.0, 3.0], [4.0, 3.0])
    p = stats.f_oneway(*parts).pvalue
    found = certified(tmp_path, [target("ns", "stance", var2="sector", sector="both")], wave)
    assert found["computed"][0] == f"p={p:.3f}"


def test_effect_sizes(tmp_path: Path) -> None:
    parts = groups(PO["size"], PO["kind"])

    def size(u: list[float], v: list[float]) -> float:
        squares = (len(u) - 1) * np.var(u, ddof=1) + (len(v) - 1) * (
            np.var(v, ddof=1) if len(v) > 1 else 0.0
        )
        return float((np.mean(u) - np.mean(v)) / np.sqrt(squares / (len(u) + len(v) - 2)))

    sizes = [size(parts[a], parts[b]) for a in range(3) for b in range(3) if a < b]
    assert max(map(abs, sizes)) not in sizes, "the largest is one of the negative ones"
    assert computed(
        tmp_path,
        target("effect_size", "size", var2="kind", codes="1-2"),
        target("effect_size", "size", var2="kind", codes="2-1"),
        target("effect_size", "size", var2="kind", codes="max"),
    ) == [two(sizes[0]), two(-sizes[0]), two(max(map(abs, sizes)))]


def test_halves_are_rounded_up_and_away_from_zero(tmp_path: Path) -> None:
    wave = WAVE.replace(",60,40", ",61,39")
    cells = [target("mean", "p", value, sector="po") for value in ("55.9", "56", "55.86")]
    found = certified(tmp_path, cells, wave)
    assert found["computed"].tolist()[:3] == ["55.9", "56", "55.86"]
    half = certified(tmp_path, [target("mean", "sum", "5", var2="kind", codes="2 3")])
    totals = statistics.mean([5, 7, 7, 6])
    assert totals == 6.25
    assert half["computed"][0] == "6"
    quarter = certified(tmp_path, [target("mean", "sum", "6.3", var2="kind", codes="2 3")])
    assert (quarter["computed"][0], quarter["status"][0]) == ("6.3", "attained")


def test_a_print_holds_when_it_is_what_rounding_gives(tmp_path: Path) -> None:
    values = ("2.4", "2.5", "2", "2.40", "3")
    found = certified(tmp_path, [target("mean", "stance", value) for value in values]).head(5)
    assert found["computed"].tolist() == ["2.4", "2.4", "2", "2.40", "2"]
    assert [s == "attained" for s in found["status"]] == [True, False, True, True, False]


def test_what_rests_on_an_assumption_says_so(tmp_path: Path) -> None:
    found = certified(
        tmp_path,
        [
            target("mean", "stance", "2.4", assumption="A1"),
            target("max", "stance", "3", assumption="A2"),
        ],
    ).head(2)
    assert found["status"].tolist() == ["assumed", "missed"]
    assert found["reason"].tolist() == ["A1", "A2"]


def test_a_proof_is_about_this_number_of_this_target(tmp_path: Path) -> None:
    asked = [target("max", "stance", "3"), target("max", "stance", "3.0")]
    proofs = [("t0", "3", "cannot be"), ("t1", "3.5", "about another number")]
    found = certified(tmp_path, asked, proofs=proofs).head(2)
    assert found["status"].tolist() == ["impossible", "missed"]
    assert found["reason"].tolist() == ["cannot be", ""]


def test_a_proof_leaves_what_holds_alone_and_goes_before_a_rival(tmp_path: Path) -> None:
    asked = [target("max", "stance", "4"), target("max", "stance", "3")]
    proofs = [("t0", "4", "no"), ("t1", "3", "cannot be")]
    found = certified(tmp_path, asked, proofs=proofs).head(2)
    assert found["status"].tolist() == ["attained", "impossible"]
    assert found["reason"].tolist() == ["", "cannot be"]


def test_another_print_of_the_same_fact_contradicts(tmp_path: Path) -> None:
    found = certified(
        tmp_path,
        [
            target("max", "stance", "3"),
            target("max", "stance", "4", text_id="S1", source="texts", locator="p. 8"),
            target("max", "stance", "4.0", locator="T2"),
            target("max", "stance", "5", sector="vo"),
        ],
    ).head(4)
    assert found["status"].tolist() == ["contradicted", "attained", "attained", "missed"]
    assert found["reason"][0] == "p. 8 1 S1 prints 4, which holds"
    cells = [target("max", "stance", "3"), target("max", "stance", "4")]
    assert certified(tmp_path, cells)["reason"][0] == "T1 1 prints 4, which holds"


def test_a_rival_must_print_another_number_of_the_same_fact(tmp_path: Path) -> None:
    asked = [
        target("F", "score", "1.00", var2="kind"),
        target("mean", "stance", "2.4"),
        target("mean", "stance", "2.5", var2="kind", codes="1 2 3"),
        target("max", "stance", "2.5"),
        target("mean", "kind", "2.5"),
        target("percent", "stance", "41", codes="1"),
        target("percent", "stance", "20", codes="4"),
    ]
    f, _ = stats.f_oneway(*groups(PO["score"], PO["kind"]))
    turned = [
        target("F", "score", two(f), var2="kind"),
        target("F", "score", two(f), var2="kind", direction="1>3"),
    ]
    found = certified(tmp_path, [*asked, *turned])["status"].tolist()
    assert found[:7] == [
        "contradicted", "attained", "missed", "missed", "missed", "missed", "attained",
    ]  # fmt: skip
    assert found[7:9] == ["attained", "missed"], "the same number contradicts nothing"


def test_the_lines_name_their_target_and_print(tmp_path: Path) -> None:
    asked = target(
        "percent", "stance", "40", codes="2", locator="Table 9", measure="agree", sector="po"
    )
    line = certified(tmp_path, [asked]).iloc[0]
    assert {name: line[name] for name in line.index if line[name]} == {
        "target": "t0", "source": "cells", "locator": "Table 9", "measure": "agree",
        "row_no": "0", "sector": "po", "kind": "percent", "var1": "stance", "codes": "2",
        "printed": "40", "computed": "40", "status": "attained",
    }  # fmt: skip


def test_only_targets_are_certified_each_against_its_own_print(tmp_path: Path) -> None:
    found = certified(
        tmp_path,
        [
            target("max", "stance", "4"),
            target("max", "stance", "4", role="context"),
            target("max", "kind", "3", text_id="S1", source="texts"),
            target("min", "kind", "2", text_id="S2", source="texts"),
        ],
    )
    assert found["target"].tolist()[:3] == ["t0", "t2", "t3"]
    assert found["printed"].tolist()[:3] == ["4", "3", "2"]
    assert found["status"].tolist()[:3] == ["attained", "attained", "missed"]


@pytest.mark.parametrize("column", ["locator", "row_no", "sector", "measure"])
def test_a_cell_is_found_by_all_of_its_place(tmp_path: Path, column: str) -> None:
    certified(tmp_path, [target("max", "stance", "4")])
    cells = pd.read_csv(tmp_path / "cells.csv", dtype=str, keep_default_na=False)
    cells[column] = "other"
    cells.to_csv(tmp_path / "cells.csv", index=False)
    with pytest.raises(ReconstructionError, match="target t0: the record holds no such number"):
        certify(str(tmp_path), str(tmp_path), str(tmp_path / "wave.csv"))


RULES = [
    ("unique organisations", "SYN-3,po", "SYN-2,po", "SYN-2"),
    ("unique organisations", "SYN-3,po", "PO-3,po", "PO-3"),
    ("marked synthetic", "SYN-3,po,true", "SYN-3,po,false", "SYN-3"),
    ("one seed", "SYN-3,po,true,7", "SYN-3,po,true,8", "SYN-3"),
    ("compositions add up", ",70,30\n", ",71,30\n", "SYN-5"),
    ("compositions add up", ",100,\n", ",99,\n", "SYN-3"),
    ("exclusive options", "0,0,1,0,100", "0,1,1,0,100", "SYN-4"),
    ("exclusive options", "0,0,1,,\n", "1,1,1,,\n", "SYN-10"),
    ("routing", "4,3,2,,1,0,0,70,30", "4,3,2,1,1,0,0,70,30", "SYN-5"),
    ("routing", "0,1,0,,\n", "0,1,0,5,\n", "SYN-8"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new", "name"), RULES)
def test_rules_of_the_rows(tmp_path: Path, rule: str, old: str, new: str, name: str) -> None:
    assert WAVE.count(old) == 1
    found = certified(tmp_path, [target("max", "stance", "4")], WAVE.replace(old, new))
    lines = found[found["source"] == "structure"].set_index("target")
    assert set(lines["kind"]) == {"structure"}
    assert lines.loc[f"structure:{rule}", ["computed", "status", "reason"]].tolist() == [
        "1", "missed", name,
    ]  # fmt: skip
    others = lines.drop(f"structure:{rule}")
    assert set(others["status"]) == {"attained"}
    assert set(others["computed"]) == {"0"}
    assert set(others["reason"]) == {""}


def test_rows_in_order_keep_every_rule(tmp_path: Path) -> None:
    found = certified(tmp_path, [target("max", "stance", "4")])
    assert found["target"].tolist()[1:] == [
        f"structure:{rule}" for rule in dict.fromkeys(rule for rule, *_ in RULES)
    ]
    assert set(found["status"]) == {"attained"}


def test_several_rows_against_a_rule_are_all_named(tmp_path: Path) -> None:
    found = certified(
        tmp_path, [target("max", "stance", "4")], WAVE.replace("0,1,0,,\n", "0,1,0,5,\n").replace(
            "1,1,0,,\n", "1,1,0,,5\n"
        ),
    ).set_index("target")  # fmt: skip
    assert found.loc["structure:routing", ["computed", "reason"]].tolist() == ["2", "SYN-8, SYN-9"]


def test_a_wave_without_a_register_has_its_own_columns_only(tmp_path: Path) -> None:
    found = certified(tmp_path, [target("n", "size", "0", base="answered")], register=None)
    assert found["computed"][0] == "0"
    assert certified(tmp_path, [target("n", "size", "6")])["status"][0] == "attained"


@pytest.mark.parametrize("twice_a", [1, 2, 3, 7, 40])
@pytest.mark.parametrize("twice_b", [1, 2, 5, 12])
@pytest.mark.parametrize("x", ["0.02", "0.5", "0.93"])
def test_tails_agree_with_scipy(x: str, twice_a: int, twice_b: int) -> None:
    tail = certifier.beta_tail(Decimal(x), twice_a, twice_b)
    from scipy.special import betainc

    assert float(tail) == pytest.approx(betainc(twice_a / 2, twice_b / 2, float(x)), rel=1e-12)
    whole = tail + certifier.beta_tail(1 - Decimal(x), twice_b, twice_a)
    assert abs(whole - 1) < Decimal("1e-24")


def test_tails_beyond_the_ends() -> None:
    assert certifier.beta_tail(Decimal("-0.1"), 3, 4) == 0
    assert certifier.beta_tail(Decimal("1.1"), 3, 4) == 1
