"""Faults for made-up reports: each changes one print and notes where.

A fault is a function that returns False where it has no hold on the report.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from audit_corpus_reports import ANSWERS, SECTORS, Report, shown_p

from swvtypes.rounding import half_up

Corruption = Callable[[Report, np.random.Generator], bool]


def _shift(rng: np.random.Generator, least: int, most: int) -> int:
    return int(rng.choice([-1, 1])) * int(rng.integers(least, most + 1))


def _pick(rows: list[dict[str, Any]], rng: np.random.Generator) -> dict[str, Any] | None:
    return rows[int(rng.integers(len(rows)))] if rows else None


def _cells(report: Report, start: str, *measures: str) -> list[dict[str, Any]]:
    return [
        c
        for c in report.tables
        if c["locator"].startswith(start) and c["measure"] in measures and c["row_label"] != "Total"
    ]


def _note(report: Report, row: dict[str, Any]) -> bool:
    report.places.add((row["locator"], int(row.get("row_no", 0)), row["sector"]))
    return True


def _change_cell(
    report: Report,
    rng: np.random.Generator,
    start: str,
    measures: tuple[str, ...],
    by: tuple[int, int],
) -> bool:
    row = _pick(_cells(report, start, *measures), rng)
    if row is None:
        return False
    new = row["value"] + _shift(rng, *by) * 10.0 ** -int(row["decimals"])
    top = 100 if row["unit"] == "percent" else 1e9
    if not 0 <= new <= top:
        return False
    row["value"] = float(half_up(new, int(row["decimals"])))
    return _note(report, row)


def cell_of_copied_table(report: Report, rng: np.random.Generator) -> bool:
    return _change_cell(report, rng, "Table 2.1", ("percent",), (1, 9))


def cell_of_condensed_table(report: Report, rng: np.random.Generator) -> bool:
    return _change_cell(report, rng, "Table 3.1", ("agree", "disagree"), (1, 9))


def cell_of_independent_table(report: Report, rng: np.random.Generator) -> bool:
    return _change_cell(report, rng, "Table 2.2", ("percent",), (1, 9))


def count_in_appendix(report: Report, rng: np.random.Generator) -> bool:
    return _change_cell(report, rng, "Appendix 2", ("count",), (1, 9))


def battery_cell(report: Report, rng: np.random.Generator) -> bool:
    done = _change_cell(report, rng, "Appendix 2", ANSWERS, (2, 9))
    if done:  # what follows from the cell shows the fault as well
        for locator, row, sector in list(report.places):
            report.places |= {("Table 3.1", row, sector), (locator, row, sector)}
            report.places |= {
                ("3.1", 0, sector),
                ("Appendix 1 Trust", 1, sector),
                ("fn 1", 0, sector),
                ("3.2", 0, sector),
                ("fn 2", 0, ""),
                ("Appendix 1 Trust", 0, ""),
            }
    return done


def swapped_columns(report: Report, rng: np.random.Generator) -> bool:
    del rng
    cells = _cells(report, "Table 2.1", "percent")
    values = {(c["row_no"], c["sector"]): c["value"] for c in cells}
    if all(values[r, "a"] == values[r, "b"] for r in range(1, 5)):
        return False
    for c in cells:
        c["value"] = values[c["row_no"], "b" if c["sector"] == "a" else "a"]
        _note(report, c)
    return True


def _statements(report: Report, *kinds: str) -> list[dict[str, Any]]:
    return [s for s in report.text if s["kind"] in kinds]


def wrong_p(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in _statements(report, "r", "F", "t") if float(s["p"]) > 0.002], rng)
    if row is None:
        return False
    p = float(row["p"])
    new = min(10 * p, 0.95) if rng.random() < 0.5 else p / 3
    row["p"] = shown_p(new)
    return abs(new - p) > 0.0015 and _note(report, row)


def swapped_p(report: Report, rng: np.random.Generator) -> bool:
    sector = str(rng.choice(SECTORS))
    rows = [s for s in _statements(report, "r") if s["sector"] == sector]
    one, other = rows
    if abs(float(one["p"]) - float(other["p"])) < 0.002:
        return False
    one["p"], other["p"] = other["p"], one["p"]
    return _note(report, one) and _note(report, other)


def degrees_too_many(report: Report, rng: np.random.Generator) -> bool:
    row = _pick(_statements(report, "F"), rng)
    if row is None:
        return False
    row["df2"] = str(int(row["df2"]) + int(rng.integers(1, 8)))
    return _note(report, row)


def wrong_f(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in _statements(report, "F") if s["value"] > 0.3], rng)
    if row is None:
        return False
    row["value"] = float(half_up(row["value"] * float(rng.choice([0.4, 0.6, 1.7, 3.0])), 2))
    return _note(report, row)


def wrong_group_mean(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in _statements(report, "mean") if s["var2"] == "group"], rng)
    if row is None:
        return False
    row["value"] = float(half_up(row["value"] + _shift(rng, 40, 90) / 100, 2))
    return _note(report, row)


def text_against_table(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in _statements(report, "mean", "sd") if not s["var2"]], rng)
    if row is None:
        return False
    decimals = int(row["decimals"])
    row["value"] = float(half_up(row["value"] + _shift(rng, 2, 9) * 10.0**-decimals, decimals))
    report.places.add(("Appendix 1 Trust", 1, row["sector"]))
    return _note(report, row)


def statement_against_table(report: Report, rng: np.random.Generator) -> bool:
    row = _pick(
        [s for s in _statements(report, "percent") if s["var1"] in {"model", "item_1"}], rng
    )
    if row is None:
        return False
    row["value"] += _shift(rng, 2, 9)
    return 0 <= row["value"] <= 100 and _note(report, row)


def impossible_minimum(report: Report, rng: np.random.Generator) -> bool:
    row = _pick(_statements(report, "min"), rng)
    if row is None:
        return False
    row["value"] = float(half_up(row["value"] + float(rng.choice([0.07, 0.13, -0.07, -0.13])), 2))
    return _note(report, row)


def impossible_maximum(report: Report, rng: np.random.Generator) -> bool:
    row = _pick(_statements(report, "max"), rng)
    if row is None:
        return False
    row["value"] = float(half_up(row["value"] + float(rng.choice([0.07, 0.13, -0.07, -0.13])), 2))
    return _note(report, row)


def wrong_alpha(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([c for c in report.tables if c["measure"] == "alpha"], rng)
    if row is None:
        return False
    row["value"] = float(half_up(max(row["value"] - float(rng.uniform(0.1, 0.4)), 0.05), 2))
    report.places.add(("fn 1", 0, row["sector"]))
    return _note(report, row)


def wrong_scale_mean(report: Report, rng: np.random.Generator) -> bool:
    sector = str(rng.choice(SECTORS))
    shift = _shift(rng, 2, 9) / 10
    for row in report.tables:
        if (
            row["measure"] == "mean"
            and row["locator"].startswith("Appendix")
            and row["sector"] == sector
        ):
            row["value"] = float(half_up(row["value"] + shift, 1))
            _note(report, row)
    for row in report.text:
        if row["kind"] == "mean" and not row["var2"] and row["sector"] == sector:
            row["value"] = float(half_up(row["value"] + shift, 1))
            _note(report, row)
    report.places |= {("fn 4", 0, sector), ("fn 2", 0, ""), ("Appendix 1 Trust", 0, "")}
    return True


def mark_left_out(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([m for m in report.marks if m["kind"] == "reversed"], rng)
    if row is None:
        return False
    report.marks.remove(row)
    report.places.add((row["locator"], 0, ""))
    return True


def label_twice(report: Report, rng: np.random.Generator) -> bool:
    labels = [
        m for m in report.marks if m["kind"] == "scale_label" and m["locator"] == "Appendix 1"
    ]
    one, other = rng.choice(5, size=2, replace=False)
    words = labels[other]["printed"].split(" (")[0]
    labels[one]["printed"] = f"{words} ({one + 1})"
    report.places.add(("Appendix 1", 0, ""))
    return True


def reference_nowhere(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([m for m in report.marks if m["kind"] == "reference"], rng)
    if row is None:
        return False
    row["printed"] = (
        row["printed"]
        .replace("Table 3.1", "Table 3.7")
        .replace("section 3.2", "section 3.9")
        .replace("chapter 2", "chapter 9")
    )
    report.places.add((row["locator"], 0, ""))
    return True


def reference_astray(report: Report, rng: np.random.Generator) -> bool:
    row = _pick(
        [m for m in report.marks if m["kind"] == "reference" and "Table" not in m["printed"]], rng
    )
    if row is None:
        return False
    row["printed"] = (
        row["printed"].replace("section 3.2", "section 2.3").replace("chapter 2", "chapter 4")
    )
    report.places.add((row["locator"], 0, ""))
    return True


def wrong_words(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in _statements(report, "percent") if not pd.isna(s["value"])], rng)
    if row is None:
        return False
    value = row["value"]
    wrong = [
        words
        for words, low, high in (
            ("just over a quarter", 25, 38),
            ("nearly half", 38, 50),
            ("just over half", 50, 72),
            ("more than three quarters", 75, 100),
            ("two thirds", 58, 75),
            ("a minority", 0, 50),
        )
        if not low <= value <= high
    ]
    row["qualifier"] = str(rng.choice(wrong))
    return _note(report, row)


def wrong_range(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in report.text if s["var1"] == "services"], rng)
    if row is None:
        return False
    row["value"] += _shift(rng, 1, 6)
    return _note(report, row)


def impossible_mean(report: Report, rng: np.random.Generator) -> bool:
    row = _pick(_cells(report, "Table 4.1", "mean"), rng)
    if row is None:
        return False
    row["value"] = float(half_up(row["value"] + _shift(rng, 1, 3) / 100, 2))
    return _note(report, row)


def impossible_sd(report: Report, rng: np.random.Generator) -> bool:
    return _change_cell(report, rng, "Table 4.1", ("sd",), (1, 9))


def wrong_total(report: Report, rng: np.random.Generator) -> bool:
    del rng
    report.text[0]["value"] += 10
    return _note(report, report.text[0])


def wrong_number_of_items(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in report.text if s["note"] == "category=items"], rng)
    if row is None:
        return False
    row["value"] += 1
    return _note(report, row)


def relation_denied(report: Report, rng: np.random.Generator) -> bool:
    row = _pick([s for s in _statements(report, "r") if float(s["p"]) < 0.05], rng)
    if row is None:
        return False
    report.say(("3.3", row["sector"]), "ns", "trust", var2=row["var2"], qualifier="no relation")
    return _note(report, report.text[-1])


# Each fault with the check that is meant to find it.
CORRUPTIONS: dict[Corruption, str] = {
    cell_of_copied_table: "derived",
    cell_of_condensed_table: "derived",
    cell_of_independent_table: "same_fact",
    count_in_appendix: "totals",
    battery_cell: "totals",
    swapped_columns: "exchanged",
    wrong_p: "p_value",
    swapped_p: "exchanged",
    degrees_too_many: "degrees_of_freedom",
    wrong_f: "p_value",
    wrong_group_mean: "groups",
    text_against_table: "same_fact",
    statement_against_table: "derived",
    impossible_minimum: "extremes",
    impossible_maximum: "extremes",
    wrong_alpha: "spread",
    wrong_scale_mean: "scale_mean",
    mark_left_out: "reversed_mark",
    label_twice: "scale_label",
    reference_nowhere: "reference",
    reference_astray: "reference",
    wrong_words: "words",
    wrong_range: "range",
    impossible_mean: "grim",
    impossible_sd: "grimmer",
    wrong_total: "arithmetic",
    wrong_number_of_items: "same_fact",
    relation_denied: "contradiction",
}
