"""For every sentence of the audit a small record that earns it; see ``sentences.toml``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit_small import YES_NO, findings, item, marks, table, text

from swvtypes.auditing.finding import Finding

FIVE = ("s1", "s2", "s3", "s4", "s5")
SCALE_ANSWERS = {
    "five": {
        "measures": list(FIVE),
        "scores": [1, 2, 3, 4, 5],
        "missing": ["blank"],
        "groups": {"agree": ["s4", "s5"]},
    }
}


def scale(
    statistics: list[str],
    *,
    statements: tuple[dict[str, str], ...] = (),
    seen: tuple[str, ...] = (),
    negative: tuple[str, ...] = ("item_2",),
) -> list[Finding]:
    """Audit a scale of two complete items, the second worded negatively; n = 20."""
    rows = [
        *item("A", 1, "a", (0, 2, 8, 6, 4, 0), (*FIVE, "blank")),
        *item("A", 2, "a", (4, 6, 6, 4, 0, 0), (*FIVE, "blank")),
        *statistics,
    ]
    meaning: dict[str, Any] = {
        "respondents": {"a": 20},
        "answers": SCALE_ANSWERS,
        "scale": [
            {
                "variable": "trust",
                "table": "B",
                "names": ["item_1", "item_2"],
                "negative": list(negative),
                "listed": ["fn 1"],
                "items": {"a": ["A#1", "A#2"]},
            }
        ],
    }
    frames = {"tables": table(*rows)}
    if statements:
        frames["text"] = text(*statements)
    if seen:
        frames["marks"] = marks(*seen)
    return findings(meaning, **frames)


def linked(target: list[str], kind: str = "battery", **more: Any) -> list[Finding]:
    """Audit a table B against the battery A of 40 with blanks."""
    rows = [
        *item("A", 1, "a", (12, 20, 8), ("yes", "no", "blank")),
        *item("A", 2, "a", (9, 21, 10), ("yes", "no", "blank")),
        *target,
    ]
    meaning = {
        "respondents": {"a": 40},
        **YES_NO,
        "linked": [
            {
                "table": "B",
                "kind": kind,
                "source": {"a": "A"},
                "columns": {"percent": ["yes"]},
                "rows": {"1": 1, "2": 2},
            }
        ],
        **more,
    }
    return findings(meaning, tables=table(*rows))


def chosen(target: list[str], says: tuple[dict[str, str], ...] = (), **more: Any) -> list[Finding]:
    """Audit against a question with counts 8, 7 and 25 of 40."""
    rows = []
    for row, count in ((1, 8), (2, 7), (3, 25)):
        rows.append(f"A|{row}|answer|a|count|{count}|count")
        rows.append(f"A|{row}|answer|a|percent|{100 * count / 40:.1f}|percent")
    rows += ["A|4|Total|a|count|40|count", "A|4|Total|a|percent|100.0|percent", *target]
    meaning = {
        "respondents": {"a": 40},
        "choice": [
            {
                "variable": "model",
                "source": {"a": "A"},
                "categories": {"one": [1], "two": [2], "three": [3]},
                "partition": True,
            }
        ],
        **more,
    }
    frames = {"tables": table(*rows)}
    if says:
        frames["text"] = text(*says)
    return findings(meaning, **frames)


def survey(*rows: dict[str, str], respondents: int = 65, **more: Any) -> list[Finding]:
    return findings({"respondents": {"a": respondents}, **more}, text=text(*rows))


def shown(kind: str, value: str, p: str, **more: str) -> dict[str, str]:
    return {"sector": "a", "kind": kind, "var1": "x", "var2": "y", "value": value, "p": p} | more


def two_groups(says: dict[str, str]) -> list[Finding]:
    rows = [f"A|1|x|{s}|percent|{p}|percent" for s, p in (("a", "25.0"), ("b", "75.0"))]
    rows += [f"A|0|base|{s}|n|40|count" for s in ("a", "b")]
    meaning = {"respondents": {"a": 40, "b": 40}, "variables": {"x": {"a": "A#1", "b": "A#1"}}}
    return findings(meaning, tables=table(*rows), text=text(says))


def means(*values: str, effect: str = "") -> list[Finding]:
    """Three groups of 8, 7 and 25 with an overall mean of 3.00 and an SD of 0.50."""
    says = [
        {
            "sector": "a",
            "kind": "mean",
            "var1": "trust",
            "var2": "model",
            "value": v,
            "note": f"category={c}",
        }
        for c, v in zip(("one", "two", "three"), values, strict=True)
    ]
    says += [
        {"sector": "a", "kind": k, "var1": "trust", "value": v}
        for k, v in (("mean", "3.00"), ("sd", "0.50"))
    ]
    if effect:
        says.append(
            {
                "sector": "a",
                "kind": "effect_size",
                "var1": "trust",
                "var2": "model",
                "value": effect,
                "note": "category=one_against_two",
            }
        )
    return chosen([], tuple(says))


BASE = ["T|0|base|a|n|52|count"]
CASES: dict[str, Callable[[], list[Finding]]] = {
    "totals_column": lambda: findings(
        tables=table(
            "T|1|x|a|percent|40|percent",
            "T|2|y|a|percent|50|percent",
            "T|3|Total|a|percent|100|percent",
        )
    ),
    "totals_share": lambda: findings(
        tables=table(
            "T|1|x|a|percent|40|percent",
            "T|1|x|a|count|3|count",
            "T|2|y|a|count|7|count",
            "T|3|Total|a|count|10|count",
        )
    ),
    "totals_count": lambda: findings(
        tables=table(
            "T|1|x|a|percent|30|percent",
            "T|1|x|a|count|4|count",
            "T|2|y|a|count|7|count",
            "T|3|Total|a|count|10|count",
        )
    ),
    "totals_base": lambda: findings(
        tables=table(
            "T|0|base|a|n|12|count",
            "T|1|x|a|count|3|count",
            "T|2|y|a|count|7|count",
            "T|3|Total|a|count|10|count",
        )
    ),
    "totals_row": lambda: findings(
        YES_NO, tables=table("T|1|x|a|yes|40|percent", "T|1|x|a|no|50|percent")
    ),
    "grim_base": lambda: findings(tables=table(*BASE, "T|1|x|a|percent|18|percent")),
    "grim_text": lambda: findings(
        {"variables": {"slow": {"a": "T#1"}}},
        tables=table(*BASE, "T|1|x|a|percent|18|percent"),
        text=text({"sector": "a", "kind": "percent", "var1": "slow", "value": "10"}),
    ),
    "grim_row": lambda: findings(
        {"respondents": {"a": 9}, **YES_NO},
        tables=table("T|1|x|a|yes|51|percent", "T|1|x|a|no|49|percent"),
    ),
    "grim_mean": lambda: findings(tables=table("T|1|x|a|mean|3.47|score", "T|1|x|a|n|10|count")),
    "grimmer": lambda: findings(
        tables=table("T|1|x|a|mean|3.00|score", "T|1|x|a|sd|0.50|score", "T|1|x|a|n|10|count")
    ),
    "debit": lambda: findings(
        tables=table(
            "T|1|x|a|mean|0.50|proportion", "T|1|x|a|sd|0.60|proportion", "T|1|x|a|n|10|count"
        )
    ),
    "sd_range": lambda: findings(
        tables=table(
            "T|1|x|a|mean|4.90|score",
            "T|1|x|a|sd|1.50|score",
            "T|1|x|a|n|10|count",
            "T|1|x|a|low|1|score",
            "T|1|x|a|high|5|score",
        )
    ),
    "p_differs": lambda: survey(shown("F", "1.29", "0.049", df1="2", df2="120"), respondents=200),
    "p_near": lambda: survey(shown("F", "5.9", "0.018", df1="1", df2="121"), respondents=200),
    "p_one_sided": lambda: survey(shown("t", "2.10", "0.022", df2="30")),
    "implied_n": lambda: survey(
        shown("r", "0.235", "0.010"),
        shown("F", "0.50", "0.608", df1="2", df2="120"),
        shown("F", "0.50", "0.608", df1="2", df2="120", var1="y"),
        respondents=123,
    ),
    "exchanged_p": lambda: survey(
        shown("F", "5.00", "0.100", df1="1", df2="50"),
        shown("F", "2.80", "0.030", df1="1", df2="50", var1="z"),
    ),
    "df_groups": lambda: chosen(
        [], (shown("F", "3.00", "0.091", df1="1", df2="38", var2="model"),)
    ),
    "df_too_many": lambda: survey(shown("F", "5.00", "0.030", df1="2", df2="64")),
    "df_too_many_p": lambda: survey(shown("F", "5.21", "0.008", df1="2", df2="64")),
    "df_too_few": lambda: chosen(
        [], (shown("F", "3.00", "0.063", df1="2", df2="33", var1="model", var2="model"),)
    ),
    "extreme_below": lambda: scale(["B|1|trust|a|min|1.00|score"]),
    "extreme_above": lambda: scale(
        [], statements=({"sector": "a", "kind": "max", "var1": "trust", "value": "5.40"},)
    ),
    "extreme_between": lambda: scale(["B|1|trust|a|min|2.20|score"]),
    "scale_mean": lambda: scale(["B|1|trust|a|mean|3.0|score"]),
    "spread_alpha": lambda: scale(["B|1|trust|a|sd|1.40|score", "B|1|trust|a|alpha|0.70|alpha"]),
    "mark_missing": lambda: scale([], seen=("fn 9|reversed|other|*|",)),
    "mark_missing_mean": lambda: scale(
        ["B|1|trust|a|mean|3.6|score"], seen=("fn 9|reversed|other|*|",)
    ),
    "mark_superfluous": lambda: scale(
        [], seen=("fn 1|reversed|item_2|*|", "fn 1|reversed|item_1|*|")
    ),
    "mark_superfluous_mean": lambda: scale(
        ["B|1|trust|a|mean|3.6|score"], seen=("fn 1|reversed|item_2|*|", "fn 1|reversed|item_1|*|")
    ),
    "groups_mean": lambda: means("3.50", "3.40", "3.60"),
    "groups_f": lambda: chosen(
        [],
        tuple(
            {"sector": "a", "kind": k, "var1": "trust", "value": v} | more
            for k, v, more in (
                ("mean", "3.20", {"var2": "model", "note": "category=one"}),
                ("mean", "3.20", {"var2": "model", "note": "category=two"}),
                ("mean", "2.90", {"var2": "model", "note": "category=three"}),
                ("sd", "0.50", {}),
                ("F", "9.00", {"var2": "model", "df1": "2", "df2": "37", "p": "0.001"}),
            )
        ),
    ),
    "groups_effect": lambda: means("3.20", "3.00", "2.94", effect="2.50"),
    "groups_counts": lambda: two_groups(
        shown("F", "9.00", "0.004", df1="1", df2="78", sector="both", var2="sector")
    ),
    "same_fact": lambda: survey(
        *(
            {"sector": "a", "kind": "sd", "var1": "x", "value": v, "locator": at}
            for v, at in (("0.56", "fn 1"), ("0.58", "2.1"), ("0.58", "3.1"))
        )
    ),
    "same_words": lambda: findings(
        {"same": [["1", "2"]]},
        text=text(
            {"kind": "percent", "qualifier": "een kwart"},
            {"kind": "percent", "value": "19", "locator": "2.1"},
        ),
    ),
    "derived": lambda: linked(["B|1|x|a|percent|45|percent", "B|2|y|a|percent|30|percent"]),
    "derived_twice": lambda: findings(
        {
            "respondents": {"a": 65},
            "linked": [
                {
                    "table": "B",
                    "kind": "choice",
                    "source": {"a": "A"},
                    "rows": {"1": 1, "2": 2},
                    "without": [3],
                }
            ],
        },
        tables=table(
            *(
                f"A|{r}|x|a|{m}|{v}|{u}"
                for r, c, p in ((1, 4, 6), (2, 34, 52), (3, 27, 42))
                for m, v, u in (("count", c, "count"), ("percent", p, "percent"))
            ),
            "A|4|Total|a|count|65|count",
            "B|1|x|a|percent|10|percent",
            "B|2|y|a|percent|89|percent",
        ),
    ),
    "derived_rule": lambda: findings(
        {
            "respondents": {"a": 40},
            **YES_NO,
            "linked": [
                {
                    "table": "B",
                    "kind": "battery",
                    "source": {"a": "A"},
                    "columns": {"percent": ["yes"]},
                    "rows": {"1": 1, "2": 2, "3": 3},
                }
            ],
        },
        tables=table(
            *(
                line
                for row, counts in ((1, (12, 20, 8)), (2, (9, 21, 10)), (3, (8, 24, 8)))
                for line in item("A", row, "a", counts, ("yes", "no", "blank"))
            ),
            "B|1|x|a|percent|38|percent",
            "B|2|y|a|percent|30|percent",
            "B|3|z|a|percent|20|percent",
        ),
    ),
    "derived_forced": lambda: findings(
        {
            "linked": [
                {
                    "table": "B",
                    "kind": "choice",
                    "source": {"a": "A"},
                    "rows": {"1": 1, "2": 2, "3": 3},
                }
            ]
        },
        tables=table(
            *(f"A|{r}|x|a|count|{c}|count" for r, c in ((1, 8), (2, 19), (3, 38))),
            "B|1|x|a|percent|12|percent",
            "B|2|y|a|percent|29|percent",
            "B|3|z|a|percent|59|percent",
        ),
    ),
    "derived_division": lambda: chosen(
        ["B|1|x|a|percent|50|percent", "B|2|y|a|percent|20|percent"],
        linked=[
            {
                "table": "B",
                "kind": "choice",
                "source": {"a": "A"},
                "rows": {},
                "split": {"3": [1, 2]},
            }
        ],
    ),
    "derived_division_forced": lambda: findings(
        {
            "linked": [
                {
                    "table": "B",
                    "kind": "choice",
                    "source": {"a": "A"},
                    "rows": {"1": 1},
                    "split": {"2": [2, 3]},
                }
            ]
        },
        tables=table(
            "A|1|x|a|count|46|count",
            "A|2|y|a|count|19|count",
            "B|1|x|a|percent|71|percent",
            "B|2|y|a|percent|22|percent",
            "B|3|z|a|percent|7|percent",
        ),
    ),
    "exchanged_columns": lambda: findings(
        {
            "respondents": {"a": 10, "b": 20},
            "linked": [
                {
                    "table": "B",
                    "kind": "choice",
                    "measure": "count",
                    "source": {"a": "A a", "b": "A b"},
                    "rows": {"1": 1, "2": 2},
                }
            ],
        },
        tables=table(
            *(
                f"A {s}|{r}|x|{s}|count|{c}|count"
                for s, counts in (("a", (3, 7)), ("b", (15, 5)))
                for r, c in enumerate(counts, start=1)
            ),
            *(
                f"B|{r}|x|{s}|count|{c}|count"
                for s, counts in (("b", (3, 7)), ("a", (15, 5)))
                for r, c in enumerate(counts, start=1)
            ),
        ),
    ),
    "stated": lambda: chosen(
        [],
        (
            {
                "sector": "a",
                "kind": "percent",
                "var1": "model",
                "value": "25",
                "note": "category=one",
            },
        ),
    ),
    "stated_rule": lambda: findings(
        {
            "respondents": {"a": 40},
            **YES_NO,
            "variables": {f"x{r}": {"a": f"A#{r}"} for r in (1, 2, 3)},
        },
        tables=table(
            *(
                line
                for row, counts in ((1, (12, 20, 8)), (2, (9, 21, 10)), (3, (8, 24, 8)))
                for line in item("A", row, "a", counts, ("yes", "no", "blank"))
            )
        ),
        text=text(
            *(
                {"sector": "a", "kind": "percent", "var1": v, "value": p, "note": "category=agree"}
                for v, p in (("x1", "38"), ("x2", "30"), ("x3", "20"))
            )
        ),
    ),
    "stated_twice": lambda: findings(
        {
            "respondents": {"a": 65},
            "answers": {
                "three": {
                    "measures": ["no", "partly", "yes"],
                    "groups": {"agree": ["partly", "yes"]},
                }
            },
            "variables": {"x": {"a": "A#1"}},
        },
        tables=table(
            "A|1|x|a|no|55|percent", "A|1|x|a|partly|18|percent", "A|1|x|a|yes|26|percent"
        ),
        text=text(
            {"sector": "a", "kind": "percent", "var1": "x", "value": "44", "note": "category=agree"}
        ),
    ),
    "repeated_note": lambda: findings(
        {
            "respondents": {"a": 40},
            **YES_NO,
            "variables": {v: {"a": f"A#{r}"} for r, v in enumerate(("x", "z", "u", "w"), start=1)},
        },
        tables=table(
            *(
                line
                for r, yes in ((1, 10), (2, 20), (3, 10), (4, 4))
                for line in item("A", r, "a", (yes, 40 - yes), ("yes", "no"))
            )
        ),
        text=text(
            *(
                {
                    "locator": at,
                    "sector": "a",
                    "kind": "percent",
                    "var1": v,
                    "value": p,
                    "note": "category=agree",
                }
                for at, v, p in (
                    ("fn 1", "x", "25"),
                    ("fn 1", "z", "50"),
                    ("fn 2", "u", "25"),
                    ("fn 2", "w", "50"),
                )
            )
        ),
    ),
    "counted": lambda: chosen(
        [],
        ({"sector": "a", "kind": "count", "var1": "model", "value": "9", "note": "category=one"},),
    ),
    "related_count": lambda: survey(
        shown("r", "0.50", "0.000", var1="gap_1"),
        shown("r", "0.50", "0.000", var1="gap_2"),
        {
            "sector": "a",
            "kind": "count",
            "var1": "gaps",
            "var2": "y",
            "value": "1",
            "note": "category=related",
        },
    ),
    "size_words": lambda: survey(shown("r", "-0.470", "0.000", qualifier="klein")),
    "range_low": lambda: findings(
        {"range": [{"low": "1", "high": "2", "cells": ["T#1-2"]}]},
        tables=table("T|1|x|a|percent|67|percent", "T|2|y|a|percent|78|percent"),
        text=text({"kind": "percent", "value": "68"}, {"kind": "percent", "value": "78"}),
    ),
    "range_high": lambda: findings(
        {"range": [{"low": "1", "high": "2", "cells": ["T#1-2"]}]},
        tables=table("T|1|x|a|percent|67|percent", "T|2|y|a|percent|78|percent"),
        text=text({"kind": "percent", "value": "67"}, {"kind": "percent", "value": "75"}),
    ),
    "words_number": lambda: findings(
        text=text({"kind": "percent", "value": "76", "qualifier": "ruim een kwart"})
    ),
    "words_tables": lambda: chosen(
        [],
        (
            {
                "sector": "a",
                "kind": "percent",
                "var1": "model",
                "qualifier": "bijna de helft",
                "note": "category=three; words only",
            },
        ),
    ),
    "arithmetic_sum": lambda: findings(
        {"arithmetic": [{"id": "1", "operation": "sum", "of": ["2", "3"]}]},
        text=text(*({"kind": "total", "value": v} for v in ("150", "77", "75"))),
    ),
    "arithmetic_product": lambda: findings(
        {"arithmetic": [{"id": "1", "operation": "product", "of": ["2", "3"]}]},
        text=text(*({"kind": "total", "value": v} for v in ("110", "40", "3"))),
    ),
    "arithmetic_share": lambda: findings(
        {"arithmetic": [{"id": "1", "operation": "share", "of": ["2", "3"]}]},
        text=text(*({"kind": "total", "value": v} for v in ("95", "136", "151"))),
    ),
    "arithmetic_margin": lambda: findings(
        {"arithmetic": [{"id": "1", "operation": "margin", "of": ["2", "3"]}]},
        text=text(*({"kind": "total", "value": v} for v in ("8", "136", "151"))),
    ),
    "arithmetic_covered": lambda: findings(
        {"arithmetic": [{"id": "1", "operation": "covered", "of": ["2", "3"]}]},
        text=text(*({"kind": "total", "value": v} for v in ("73", "23", "15"))),
    ),
    "ranking": lambda: findings(
        {"respondents": {"a": 60, "b": 40}},
        tables=table(
            "T|1|one|a|percent|50|percent",
            "T|1|one|b|percent|60|percent",
            "T|2|two|a|percent|70|percent",
            "T|2|two|b|percent|40|percent",
            "T|3|three|a|percent|90|percent",
        ),
        marks=marks("1.1|ranking|x|named most|T#1"),
    ),
    "scale_label": lambda: findings(
        marks=marks(
            "B|scale_label|s|always so (1)|",
            "B|scale_label|s|never so (2)|",
            "B|scale_label|s|always so (3)|",
        )
    ),
    "reference_nowhere": lambda: findings(
        marks=marks("1.1|heading|trust|1.1|section", "1.1|reference|trust|section 4.2|")
    ),
    "reference_astray": lambda: findings(
        marks=marks(
            "1.1|heading|trust|1.1|section",
            "2.1|heading|money|2.1|section",
            "3.1|reference|trust|section 2.1|",
        )
    ),
    "figure_nowhere": lambda: findings(
        {"figures": ["4.1", "4.5"]},
        text=text({"kind": "count", "value": "4", "locator": "4", "note": "figuur 4.1 en 4.6"}),
    ),
    "omission": lambda: findings(
        {
            "respondents": {"a": 40, "b": 40},
            "linked": [
                {
                    "table": "T",
                    "kind": "items",
                    "source": {"a": "Appendix 2 a Q1"},
                    "rows": {"1": 1},
                }
            ],
        },
        tables=table(
            "Appendix 2 a Q1|1|x|a|percent|25|percent",
            "T|1|x|a|percent|25|percent",
            "T|1|x|b|percent|50|percent",
        ),
    ),
    "impossible_range": lambda: survey(shown("r", "1.32", "0.010")),
    "impossible_below": lambda: survey(shown("F", "-2.0", "0.100", df1="2", df2="30")),
    "impossible_above": lambda: survey({"kind": "alpha", "var1": "x", "value": "1.3"}),
    "impossible_share": lambda: survey({"kind": "percent", "var1": "x", "value": "134.5"}),
    "impossible_df": lambda: survey(shown("F", "4.1", "0.050", df1="0", df2="40")),
    "impossible_count": lambda: findings(tables=table("A|0|base|a|n|45.5|count")),
    "impossible_order": lambda: findings(
        tables=table("A|1|x|a|min|2.0|score", "A|1|x|a|mean|1.4|score")
    ),
    "ns_contradicted": lambda: survey(
        shown("r", "0.50", "0.000", locator="fn 2"), shown("ns", "", "")
    ),
}
