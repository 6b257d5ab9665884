"""Made-up reports for the audit: built from made-up respondents, so everything in them is right.

Each has one harmless habit of real reports, drawn from :data:`QUIRKS`: blanks kept in the base
("kept"), a question put to some only ("routed"), ties rounded to even ("even"), a cell calculated
from rounded percentages ("twice"), or none.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from swvtypes.auditing import build_record, meaning_from
from swvtypes.auditing.examine import find_all
from swvtypes.auditing.finding import Finding
from swvtypes.rounding import half_up

SECTORS = ("a", "b")
ANSWERS = ("never", "rarely", "partly", "mostly", "always")
N_ITEMS = 5
QUIRKS = ("none", "kept", "routed", "even", "twice")
Place = tuple[str, int, str]
_HEADINGS = (
    ("2.2", "model", "section"),
    ("2.3", "services", "section"),
    ("3.1", "item", "section"),
    ("3.2", "trust", "section"),
    ("4.1", "grades", "section"),
    ("2", "model", "chapter"),
    ("3", "trust", "chapter"),
    ("4", "grades", "chapter"),
    ("Table 2.1", "model", "table"),
    ("Table 2.2", "services", "table"),
    ("Table 3.1", "item", "table"),
    ("Table 4.1", "grades", "table"),
    ("Appendix 1", "scales", "appendix"),
    ("Appendix 2", "questions", "appendix"),
)


@dataclass
class Report:
    """A made-up report: the rows of its files, its meaning, and where it was corrupted."""

    tables: list[dict[str, Any]] = field(default_factory=list)
    text: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    meaning: dict[str, Any] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    quirk: str = "none"

    def rounded(self, value: float | Fraction, decimals: int) -> float:
        """Round as this report does."""
        exact = Fraction(value) * 10**decimals
        if self.quirk == "even" and exact % 1 == Fraction(1, 2):
            return round(exact) / 10**decimals
        return float(half_up(value, decimals))

    def cell(
        self,
        at: Place,
        measure: str,
        value: float | Fraction,
        decimals: int = 0,
        label: str = "",
        unit: str = "percent",
    ) -> None:
        """Print a number in a table, rounded half up."""
        locator, row, sector = at
        self.tables.append(
            {
                "locator": locator,
                "row_no": row,
                "row_label": label or f"row {row}",
                "sector": sector,
                "measure": measure,
                "value": self.rounded(value, decimals),
                "decimals": str(decimals),
                "unit": unit,
                "note": "",
            }
        )

    def say(
        self,
        at: tuple[str, str],
        kind: str,
        var1: str,
        value: float | Fraction | None = None,
        decimals: int = 0,
        **more: str,
    ) -> None:
        """Print a statistic in a section or footnote, for a sector."""
        locator, sector = at
        row: dict[str, Any] = dict.fromkeys(
            ("var2", "df1", "df2", "p", "n", "qualifier", "note"), ""
        )
        row |= {
            "id": f"S{len(self.text) + 1:03d}",
            "locator": locator,
            "sector": sector,
            "kind": kind,
            "var1": var1,
        }
        row["value"] = float("nan") if value is None else self.rounded(value, decimals)
        row["decimals"] = "" if value is None else str(decimals)
        self.text.append(row | more)

    def mark(self, locator: str, kind: str, subject: str, printed: str, note: str = "") -> None:
        """Print a mark."""
        self.marks.append(
            {"locator": locator, "kind": kind, "subject": subject, "printed": printed, "note": note}
        )

    def find(self) -> list[Finding]:
        """Audit the report."""
        frames = {
            "tables": pd.DataFrame(self.tables),
            "text": pd.DataFrame(self.text),
            "marks": pd.DataFrame(self.marks),
        }
        return find_all(build_record("made-up", frames, meaning_from(copy.deepcopy(self.meaning))))


def build(seed: np.random.SeedSequence) -> Report:
    """Make a report in which everything printed is right."""
    rng = np.random.default_rng(seed)
    report = Report(quirk=str(rng.choice(QUIRKS)))
    sizes = {s: int(rng.integers(45, 96)) for s in SECTORS}
    report.meaning = {
        "respondents": dict(sizes),
        "answers": {
            "agreement": {
                "measures": list(ANSWERS),
                "scores": [1, 2, 3, 4, 5],
                "missing": ["blank"],
                "groups": {"agree": ["mostly", "always"], "disagree": ["never", "rarely"]},
            }
        },
        "choice": [],
        "linked": [],
        "scale": [],
        "range": [],
        "arithmetic": [],
        "variables": {},
        "complements": [],
    }
    people = {s: _people(rng, n) for s, n in sizes.items()}
    _respondents(report, sizes)
    _choices(report, people)
    _battery(report, people)
    asked = {s: frame[rng.random(len(frame)) < 0.8] for s, frame in people.items()}
    _services(report, asked if report.quirk == "routed" else people)
    _scale(report, people)
    _tests(report, people, asked if report.quirk == "routed" else people)
    _moments(report, rng)
    _headings(report)
    if report.quirk == "twice":
        _round_twice(report)
    return report


def _people(rng: np.random.Generator, n: int) -> pd.DataFrame:
    trait = rng.normal(size=n)
    frame = pd.DataFrame(index=range(n))
    for i in range(N_ITEMS):
        coded = np.clip(
            np.round(3.5 + 0.7 * trait + 0.8 * rng.normal(size=n) + rng.normal(0, 0.2)), 1, 5
        )
        frame[f"item_{i + 1}"] = coded
        if i:
            frame.loc[rng.random(n) < 0.02, f"item_{i + 1}"] = np.nan
    frame["score"] = frame.filter(like="item_").mean(axis=1)
    frame["model"] = rng.choice(4, size=n, p=[0.42, 0.28, 0.2, 0.1]) + 1
    frame["group"] = 1 + (rng.random(n) < 0.66).astype(int) + (rng.random(n) < 0.25).astype(int)
    frame["growth"] = 0.35 * trait + rng.normal(size=n)
    frame["money"] = 0.3 * trait + rng.normal(size=n)
    for i, share in enumerate((0.9, 0.7, 0.55, 0.4, 0.3, 0.15)):
        frame[f"service_{i + 1}"] = rng.random(n) < share
    return frame


def _respondents(report: Report, sizes: dict[str, int]) -> None:
    report.say(("1.1", "both"), "count", "respondents", sum(sizes.values()))
    for sector, n in sizes.items():
        report.say(("1.1", sector), "count", "respondents", n)
    report.meaning["arithmetic"].append({"id": "S001", "operation": "sum", "of": ["S002", "S003"]})


def _choices(report: Report, people: dict[str, pd.DataFrame]) -> None:
    for number, (variable, k) in enumerate((("model", 4), ("group", 3)), start=1):
        for sector, frame in people.items():
            counts = [int((frame[variable] == c + 1).sum()) for c in range(k)]
            locator = f"Appendix 2 {sector} Q{number}"
            for row, count in enumerate([*counts, len(frame)], start=1):
                label = "Total" if row > k else ""
                share = Fraction(100 * count, len(frame))
                report.cell((locator, row, sector), "percent", share, label=label)
                report.cell((locator, row, sector), "count", count, label=label, unit="count")
                if variable == "model":
                    report.cell(("Table 2.1", row, sector), "percent", share, label=label)
        source = {s: f"Appendix 2 {s} Q{number}" for s in people}
        names = {f"c{c + 1}": [c + 1] for c in range(k)}
        report.meaning["choice"].append(
            {
                "variable": variable,
                "source": source,
                "categories": names,
                "partition": variable == "group",
            }
        )
    report.meaning["linked"].append(
        {
            "table": "Table 2.1",
            "kind": "choice",
            "source": {s: f"Appendix 2 {s} Q1" for s in people},
            "rows": {str(r): r for r in range(1, 5)},
        }
    )
    for sector, frame in people.items():
        share = Fraction(100 * int((frame["model"] == 1).sum()), len(frame))
        report.say(
            ("2.2", sector),
            "percent",
            "model",
            share,
            note="category=c1",
            qualifier=_words(float(share)),
        )
    both = pd.concat(people.values())
    report.say(
        ("2.2", "both"),
        "percent",
        "model",
        Fraction(100 * int((both["model"] == 2).sum()), len(both)),
        note="category=c2",
    )


def _words(share: float) -> str:
    for centre, name in ((25, "a quarter"), (100 / 3, "a third"), (50, "half")):
        if 0.6 < share - centre < 4:
            return f"just over {name}"
        if 0.6 < centre - share < 4:
            return f"nearly {name}"
    return ""


def _battery(report: Report, people: dict[str, pd.DataFrame]) -> None:
    for sector, frame in people.items():
        locator = f"Appendix 2 {sector} Q3"
        for i in range(1, N_ITEMS + 1):
            answers = 6 - frame[f"item_{i}"] if i == N_ITEMS else frame[f"item_{i}"]
            counts = {m: int((answers == s).sum()) for s, m in enumerate(ANSWERS, start=1)}
            blank = int(answers.isna().sum())
            for measure, count in (*counts.items(), ("blank", blank)):
                report.cell((locator, i, sector), measure, Fraction(100 * count, len(frame)))
            base = len(frame) - (0 if report.quirk == "kept" else blank)
            for measure, chosen in (("disagree", ANSWERS[:2]), ("agree", ANSWERS[3:])):
                share = Fraction(100 * sum(counts[c] for c in chosen), base)
                report.cell(("Table 3.1", i, sector), measure, share)
            report.meaning["variables"].setdefault(f"item_{i}", {})[sector] = f"{locator}#{i}"
        first = Fraction(100 * int((frame["item_1"] >= 4).sum()), len(frame))
        report.say(("3.1", sector), "percent", "item_1", first, note="category=agree")
    report.meaning["linked"].append(
        {
            "table": "Table 3.1",
            "kind": "battery",
            "source": {s: f"Appendix 2 {s} Q3" for s in people},
            "columns": {"disagree": list(ANSWERS[:2]), "agree": list(ANSWERS[3:])},
            "rows": {str(i): i for i in range(1, N_ITEMS + 1)},
        }
    )


def _services(report: Report, people: dict[str, pd.DataFrame]) -> None:
    shares = []
    for sector, frame in people.items():
        for i in range(1, 7):
            share = Fraction(100 * int(frame[f"service_{i}"].sum()), len(frame))
            for locator in ("Table 2.2", f"Appendix 2 {sector} Q4"):
                report.cell((locator, i, sector), "percent", share)
            report.meaning["variables"].setdefault(f"service_{i}", {})[sector] = f"Table 2.2#{i}"
            if i in {2, 3}:
                shares.append(report.rounded(share, 0))
    report.meaning["linked"].append(
        {
            "table": "Table 2.2",
            "kind": "items",
            "source": {s: f"Appendix 2 {s} Q4" for s in people},
            "rows": {str(i): i for i in range(1, 7)},
        }
    )
    low = len(report.text) + 1
    for value, note in ((min(shares), "low end"), (max(shares), "high end")):
        report.say(("2.3", "both"), "percent", "services", Fraction(value), note=note)
    report.meaning["range"].append(
        {"low": f"S{low:03d}", "high": f"S{low + 1:03d}", "cells": ["Table 2.2#2-3"]}
    )


def _round_twice(report: Report) -> None:
    """Calculate the condensed table's last row from the rounded percentages of the appendix."""
    printed = {(c["locator"], c["row_no"], c["measure"]): c["value"] for c in report.tables}
    for cell in report.tables:
        if cell["locator"] != "Table 3.1" or cell["row_no"] != N_ITEMS:
            continue
        home = f"Appendix 2 {cell['sector']} Q3"
        row = [printed[home, N_ITEMS, measure] for measure in ANSWERS]
        chosen = row[:2] if cell["measure"] == "disagree" else row[3:]
        cell["value"] = float(half_up(100 * sum(chosen) / sum(row), 0))


def _alpha(items: pd.DataFrame) -> float:
    full = items.dropna()
    k = full.shape[1]
    return float(k / (k - 1) * (1 - full.var(ddof=1).sum() / full.sum(axis=1).var(ddof=1)))


def _scale(report: Report, people: dict[str, pd.DataFrame]) -> None:
    for sector, frame in people.items():
        score, items = frame["score"], frame.filter(like="item_")
        values = {
            "mean": score.mean(),
            "median": score.median(),
            "sd": score.std(ddof=1),
            "alpha": _alpha(items),
        }
        for measure, value in values.items():
            report.cell(
                ("Appendix 1 Trust", 1, sector),
                measure,
                value,
                1 if measure in {"mean", "median"} else 2,
                unit="score",
            )
        report.say(("3.2", sector), "mean", "trust", values["mean"], 1)
        for kind, value in (("min", score.min()), ("max", score.max()), ("sd", values["sd"])):
            report.say(("fn 1", sector), kind, "trust", value, 2)
    report.say(("3.2", "both"), "count", "trust", N_ITEMS, note="category=items")
    names = [f"item_{i}" for i in range(1, N_ITEMS + 1)]
    report.meaning["scale"].append(
        {
            "variable": "trust",
            "table": "Appendix 1 Trust",
            "names": names,
            "negative": [names[-1]],
            "listed": ["fn 2", "Appendix 1 Trust"],
            "items": {s: [f"Appendix 2 {s} Q3#{i}" for i in range(1, N_ITEMS + 1)] for s in people},
        }
    )
    for place in ("fn 2", "Appendix 1 Trust"):
        report.mark(place, "reversed", names[-1], "*")
    for number, words in enumerate(ANSWERS, start=1):
        report.mark("Appendix 1", "scale_label", "scales", f"that is {words} so ({number})")
    report.mark("Appendix 2 a Q3", "scale_label", "trust", " | ".join([*ANSWERS, "blank"]))


def shown_p(value: float) -> str:
    """Print a p with three decimals."""
    return f"{value:.3f}"


def _tests(report: Report, people: dict[str, pd.DataFrame], asked: dict[str, pd.DataFrame]) -> None:
    for sector, frame in people.items():
        for variable, other in (("growth", "trust"), ("money", "trust")):
            r, p = stats.pearsonr(frame["score"], frame[variable])
            report.say(
                ("fn 3", sector),
                "r",
                other,
                float(r),
                2,
                var2=variable,
                p=shown_p(float(p)),
                n=str(len(frame)),
            )
        groups = {g: frame.loc[frame["group"] == g, "score"] for g in (1, 2, 3)}
        if min(map(len, groups.values())) < 3:
            continue
        f, p = stats.f_oneway(*groups.values())
        report.say(
            ("fn 4", sector),
            "F",
            "trust",
            float(f),
            2,
            var2="group",
            p=shown_p(float(p)),
            df1="2",
            df2=str(len(frame) - 3),
        )
        for g, values in groups.items():
            report.say(
                ("fn 4", sector),
                "mean",
                "trust",
                values.mean(),
                2,
                var2="group",
                note=f"category=c{g}",
            )
    first, second = (people[s]["score"] for s in SECTORS)
    t, p = stats.ttest_ind(first, second)
    report.say(
        ("fn 5", "both"),
        "t",
        "trust",
        float(t),
        2,
        var2="sector",
        p=shown_p(float(p)),
        df2=str(len(first) + len(second) - 2),
    )
    a, b = (asked[s]["service_2"].astype(float) for s in SECTORS)
    f, p = stats.f_oneway(a, b)
    report.say(
        ("fn 5", "both"),
        "F",
        "service_2",
        float(f),
        2,
        var2="sector",
        p=shown_p(float(p)),
        df1="1",
        df2=str(len(a) + len(b) - 2),
    )
    report.say(("3.3", "both"), "ns", "trust", var2="boards", qualifier="no relation")


def _moments(report: Report, rng: np.random.Generator) -> None:
    n = int(rng.integers(18, 40))
    grades = np.clip(np.round(rng.normal(7, 1.2, size=n)), 1, 10)
    yes = rng.random(n) < 0.6
    for row, (values, unit) in enumerate(
        ((grades, "score"), (yes.astype(float), "proportion")), start=1
    ):
        at = ("Table 4.1", row, "a")
        report.cell(at, "mean", Fraction(int(values.sum()), n), 2, unit=unit)
        report.cell(at, "sd", float(values.std(ddof=1)), 2, unit=unit)
        report.cell(at, "n", n, unit="count")


def _headings(report: Report) -> None:
    for locator, subject, note in _HEADINGS:
        report.mark(locator, "heading", subject, locator, note)
    report.mark("3.2", "reference", "trust", "see Table 3.1", "")
    report.mark("4.1", "reference", "trust", "(section 3.2)", "")
    report.mark("fn 1", "reference", "services", "in chapter 2", "")
