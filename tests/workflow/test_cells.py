"""Tables as bytes: texts never become formulas, and time leaves no trace."""

from __future__ import annotations

import io
import time

import numpy as np
import openpyxl
import pandas as pd
import pytest

from swvtypes.workflow.cells import csv_bytes, frame_rows, harmless, xlsx_bytes

RISKY = ["=1+1", "+31 6", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1"]


@pytest.mark.parametrize("text", RISKY)
def test_risky_texts_get_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


def test_texts_are_harmless_in_both_forms_and_numbers_stay_numbers() -> None:
    frame = pd.DataFrame({"=name": RISKY, "x": np.linspace(-1, 1, len(RISKY)), "plain": "po 1"})
    back = pd.read_csv(io.BytesIO(csv_bytes(frame)), keep_default_na=False)
    assert back.columns.tolist() == ["'=name", "x", "plain"]
    assert all(str(cell).startswith("'") for cell in back["'=name"])
    assert back["x"].to_numpy() == pytest.approx(frame["x"].to_numpy())
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes({"s": frame_rows(frame)})))
    cells = [cell for row in book["s"].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert book["s"]["B2"].value == -1


def test_the_same_table_gives_the_same_bytes_later() -> None:
    rows = [["a", 1.5, None, float("nan"), True, "\x00\x1f"]]
    first = xlsx_bytes({"s": rows})
    time.sleep(2.1)
    assert xlsx_bytes({"s": rows}) == first
