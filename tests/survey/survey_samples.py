"""A small codebook that has everything, valid waves of it, and writers of files."""

from __future__ import annotations

import copy
import csv
import io
import random
from pathlib import Path
from typing import Any

from swvtypes.survey import Codebook

MARKS = ("organisation", "sector", "synthetic", "seed", "survey_weight")


def label(text: str) -> dict[str, str]:
    return {"nl": f"{text} (nl)", "en": f"{text} (en)"}


def variable(identity: str, kind: str, **rest: Any) -> dict[str, Any]:
    return {"id": identity, "label": label(identity), "type": kind, **rest}


def answer_list(identity: str, codes: list[int]) -> dict[str, Any]:
    categories = [{"code": code, "label": label(f"{identity} {code}")} for code in codes]
    return {"id": identity, "label": label(identity), "categories": categories}


_CODEBOOK: dict[str, Any] = {
    "schema_version": 1,
    "id": "sample",
    "title": label("Sample"),
    "year": 2016,
    "sectors": [
        {"id": "po", "label": label("primary"), "population": 14},
        {"id": "vo", "label": label("secondary"), "population": 12},
    ],
    "themes": [{"id": "governance", "label": label("governance")}],
    "batteries": [{"id": "statements", "label": label("statements")}],
    "scales": [{"id": "trust", "label": label("trust")}],
    "sets": [{"id": "services", "label": label("services"), "exclusive": "service_none"}],
    "compositions": [
        {"id": "budget", "label": label("budget"), "closure": "rescale"},
        {"id": "time", "label": label("time"), "closure": "reject"},
        {"id": "staff", "label": label("staff"), "closure": "tolerate"},
    ],
    "answers": [answer_list("models", [1, 2, 3]), answer_list("agreement", [1, 2, 3, 4, 5])],
    "missing": [
        {"id": "dont_know", "code": 99, "label": label("don't know"), "enters": "random"},
        {"id": "not_applicable", "code": 98, "label": label("n/a"), "enters": "gate"},
    ],
    "variables": [
        variable("model", "nominal", answers="models", theme="governance", missing=["dont_know"]),
        variable(
            "follow_up",
            "ordinal",
            answers="agreement",
            gate={"variable": "model", "codes": [1, 2]},
            missing=["dont_know", "not_applicable"],
        ),
        variable(
            "trust_help",
            "ordinal",
            answers="agreement",
            scale="trust",
            battery="statements",
            missing=["dont_know"],
        ),
        variable("trust_self", "ordinal", answers="agreement", scale="trust", reversed=True),
        variable("admission", "ordinal", answers="agreement", sectors=["vo"]),
        variable("service_advice", "binary", set="services"),
        variable("service_training", "binary", set="services"),
        variable("service_none", "binary", set="services"),
        variable("steering", "count", minimum=1, maximum=10, missing=["dont_know"]),
        variable("pupils", "count"),
        variable("grade", "continuous", minimum=1, maximum=10),
        variable("budget_school", "continuous", composition="budget", maximum=100),
        variable("budget_pupil", "continuous", composition="budget", maximum=100),
        variable("budget_office", "continuous", composition="budget", maximum=100),
        variable("time_inside", "continuous", composition="time"),
        variable("time_outside", "continuous", composition="time"),
        variable("staff_own", "count", composition="staff"),
        variable("staff_hired", "count", composition="staff"),
        variable("remark", "binary", optional=True),
        variable("equalisation", "continuous", origin="register", role="passive"),
        variable("boards", "count", origin="register", role="passive"),
        variable("shrinkage", "continuous", origin="register", sectors=["po"]),
    ],
}


def raw_codebook() -> dict[str, Any]:
    """A fresh copy of the codebook as a dictionary."""
    return copy.deepcopy(_CODEBOOK)


def toml(value: Any) -> str:
    """Inline TOML of a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value)


def codebook_text(raw: dict[str, Any]) -> str:
    return "\n".join(f"{key} = {toml(value)}" for key, value in raw.items())


def sample_codebook() -> Codebook:
    return Codebook.parse(codebook_text(raw_codebook()), "sample.toml")


def _shares(rng: random.Random, parts: int) -> list[int]:
    cuts = sorted(rng.randint(1, 99) for _ in range(parts - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]


def valid_row(rng: random.Random, identity: str, sector: str) -> dict[str, str]:
    """One row without a fault, with gaps of every kind."""
    agree = ["1", "2", "3", "4", "5"]
    model = rng.choice(["1", "2", "3", "99", ""])
    row = {"organisation": identity, "sector": sector, "synthetic": "true", "seed": "7"}
    row["survey_weight"] = rng.choice(["1", "0.5", "2.25"])
    row["model"] = model
    row["follow_up"] = (
        rng.choice([*agree, "", "99"]) if model in ("1", "2") else rng.choice(["", "98"])
    )
    row["trust_help"] = rng.choice([*agree, "", "99"])
    row["trust_self"] = rng.choice([*agree, ""])
    row["admission"] = rng.choice([*agree, ""]) if sector == "vo" else ""
    none = rng.random() < 0.3
    row["service_advice"] = "0" if none else rng.choice(["0", "1"])
    row["service_training"] = "0" if none else rng.choice(["0", "1"])
    row["service_none"] = "1" if none else "0"
    row["steering"] = rng.choice([*map(str, range(1, 11)), "99", ""])
    row["pupils"] = str(rng.randint(0, 30000))
    row["grade"] = rng.choice(["6.5", "7", "", "8.25"])
    for name, share in zip(("school", "pupil", "office"), _shares(rng, 3), strict=True):
        row[f"budget_{name}"] = str(share)
    for name, share in zip(("inside", "outside"), _shares(rng, 2), strict=True):
        row[f"time_{name}"] = str(share)
    for name, share in zip(("own", "hired"), _shares(rng, 2), strict=True):
        row[f"staff_{name}"] = str(share)
    return row


def valid_rows(rng: random.Random, n_po: int = 10, n_vo: int = 9) -> list[dict[str, str]]:
    po = [valid_row(rng, f"PO{n:02d}", "po") for n in range(1, n_po + 1)]
    return po + [valid_row(rng, f"VO{n:02d}", "vo") for n in range(1, n_vo + 1)]


def as_sheet(rows: list[dict[str, str]]) -> list[list[str]]:
    return [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)]


def csv_text(sheet: list[list[str]], separator: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(sheet)
    return stream.getvalue()


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text(csv_text(as_sheet(rows)), encoding="utf-8")
    return path


def write_xlsx(path: Path, sheet: list[list[Any]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in sheet:
        book.active.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path
