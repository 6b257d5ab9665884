"""Small records for the tests: one idea each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from swvtypes.auditing import Record, build_record, meaning_from
from swvtypes.auditing.examine import find_all
from swvtypes.auditing.finding import Finding

TEXT = ("id", "locator", "sector", "kind", "var1", "var2", "value", "decimals", "df1", "df2", "p",
        "n", "qualifier", "note")  # fmt: skip
YES_NO = {"answers": {"yn": {"measures": ["yes", "no"], "scores": [1, 2], "missing": ["blank"],
                             "groups": {"agree": ["yes"]}}}}  # fmt: skip


def decimals(value: str) -> str:
    return str(len(value.partition(".")[2]))


def table(*rows: str) -> pd.DataFrame:
    """Rows of ``"locator|row|label|sector|measure|value|unit"``."""
    held = []
    for row in rows:
        locator, number, label, sector, measure, value, unit = row.split("|")
        held.append(
            {"locator": locator, "row_no": int(number), "row_label": label, "sector": sector,
             "measure": measure, "value": float(value), "decimals": decimals(value), "unit": unit,
             "note": ""}
        )  # fmt: skip
    return pd.DataFrame(held)


def text(*rows: dict[str, str]) -> pd.DataFrame:
    """Statements; what is not given is empty, ids count from 1."""
    held = []
    for number, row in enumerate(rows, start=1):
        value = row.get("value", "")
        held.append(
            {column: row.get(column, "") for column in TEXT}
            | {"id": row.get("id", str(number)), "locator": row.get("locator", "1.1"),
               "value": float(value) if value else float("nan"),
               "decimals": decimals(value) if value else ""}
        )  # fmt: skip
    return pd.DataFrame(held)


def marks(*rows: str) -> pd.DataFrame:
    """Rows of ``"locator|kind|subject|printed|note"`` (a printed | is written as /)."""
    held = []
    for row in rows:
        locator, kind, subject, printed, note = row.split("|")
        held.append({"locator": locator, "kind": kind, "subject": subject,
                     "printed": printed.replace("/", "|"), "note": note})  # fmt: skip
    return pd.DataFrame(held)


def record(meaning: dict[str, Any] | None = None, **frames: pd.DataFrame) -> Record:
    return build_record("small", frames, meaning_from(meaning or {}))


def findings(meaning: dict[str, Any] | None = None, **frames: pd.DataFrame) -> list[Finding]:
    return find_all(record(meaning, **frames))


def item(
    locator: str, row: int, sector: str, counts: tuple[int, ...], names: tuple[str, ...]
) -> list[str]:
    """One row of a battery from counts, in percentages with one decimal."""
    n = sum(counts)
    return [
        f"{locator}|{row}|item {row}|{sector}|{name}|{100 * count / n:.1f}|percent"
        for name, count in zip(names, counts, strict=True)
    ]
