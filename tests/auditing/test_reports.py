"""The two packaged reports: each contradiction found by reading them, and no others."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import pytest

from swvtypes.auditing import audit
from swvtypes.errors import OptionError

CERTAIN = [
    ("2.3", 0, "vo", "8.8", "8.0"),
    ("vn 13", 0, "vo", "0.56", "0.58"),
    ("vn 16", 0, "vo", "2.17", ">= 2.20"),
    ("2.5", 0, "both", "68", "67"),
    ("vn 26", 0, "", "H4", "H5"),
    ("vn 38", 0, "", "", "clarity_disputes"),
    ("Bijlage 1 Duidelijk financieel beleid", 0, "", "", "clarity_disputes"),
    ("vn 47", 0, "po", "0.53", "0.54"),
    ("vn 63", 0, "", "bijlage 3", "Bijlage 2"),
    ("vn 63", 0, "both", "2", "0"),
    ("5.6", 0, "", "paragraaf 2.4", "2.5"),
    ("vn 94", 0, "po", "25", "14"),
    ("vn 106", 0, "both", "r = 0.192, p = 0.33", "p = 0.033 / r = 0.089"),
    ("vn 108", 0, "po", "F(2,64)", "F(2,62)"),
    ("vn 109", 0, "both", "F = 1.29, p = 0.049", "p = 0.279 / F = 3.09"),
    ("vn 109", 0, "both", "F = 1.29", ">= 2.00"),
    ("vn 110", 0, "both", "F = 4.88, p = 0.013", "p = 0.009 / F = 4.52"),
    ("Bijlage 1", 0, "", "Dat is helemaal zo (1)", "helemaal niet zo (1)"),
    ("Tabel 2.2", 0, "po", "5", "6"),
    ("Tabel 2.2", 0, "vo", "6", "5"),
    ("Tabel 2.2", 3, "po", "1", "2"),
    ("Tabel 2.2", 3, "vo", "2", "1"),
    ("Tabel 2.2", 4, "po", "5", "6"),
    ("Tabel 2.2", 4, "vo", "6", "5"),
    ("Tabel 7.2", 4, "vo", "9", "14"),
    ("Tabel 7.5", 2, "vo", "18", "10"),
]
LIKELY = [
    ("vn 16", 0, "vo", "5", "<= 4.80"),
    ("5.4", 0, "", "de meest genoemde aspecten: kwaliteit", "klachten"),
    ("Tabel 2.1", 6, "po", "7", "8"),
    ("Bijlage 2", 0, "vo", "", "Tabel 2.7"),
]
POSSIBLE = [
    ("3.5", 0, "", "vooral: meer ondersteuning in school", "minder overhead"),
    ("5.5", 0, "vo", "5", "6"),
    ("6.3", 0, "po", "39", "38 / 40"),
    ("vn 105", 0, "both", "r = 0.235, p = 0.010", "p = 0.009"),
    ("vn 105", 0, "both", "klein (-0.470)", "middelgroot"),
    ("Tabel 5.5", 3, "po", "59", "58"),
    ("Tabel 5.6", 3, "po", "10", "11"),
    ("Tabel 5.6", 3, "vo", "3", "4"),
    ("Tabel 5.6", 4, "vo", "34", "35"),
    ("Tabel 5.6", 5, "po", "51", "52"),
    ("Tabel 5.6", 6, "vo", "11", "10"),
    ("Tabel 6.2", 3, "po", "39", "38"),
    ("Tabel 6.2", 3, "vo", "23", "22"),
    ("Tabel 6.3", 2, "po", "44", "45"),
]
INSPECTORATE = [
    ("Voorwoord", "ongeveer twee derde", "ruim 75%", "likely"),
    ("Samenvatting", "de helft", "46%", "possible"),
    ("4", "figuur 4.6", "", "certain"),
    ("6.1.1", "ongeveer een vijfde (13%)", "ruim een achtste (13%)", "likely"),
    ("6.2.3", "een kwart", "19%", "likely"),
    ("6.2.3", "ongeveer de helft (60%)", "drie vijfde (60%)", "likely"),
    ("6.2.5", "ongeveer de helft", "62%", "likely"),
    ("6.3.1", "de helft (46%)", "bijna de helft (46%)", "possible"),
    ("6.3.5", "figuur 16", "", "certain"),
    ("6.3.5", "ruim een kwart (76%)", "ruim driekwart (76%)", "certain"),
    ("6.3.5", "ruim een zesde (15%)", "bijna een zesde (15%)", "certain"),
    ("6.5", "73", "<= 60", "possible"),
    ("7.4", "alle", "nagenoeg allemaal", "possible"),
]


@lru_cache
def monitor() -> pd.DataFrame:
    return audit("monitor_2016")


@pytest.mark.parametrize(
    ("confidence", "expected"), [("certain", CERTAIN), ("likely", LIKELY), ("possible", POSSIBLE)]
)
def test_monitor(confidence: str, expected: list[tuple[str, int, str, str, str]]) -> None:
    held = monitor()
    held = held[held["confidence"] == confidence]
    columns = ["locator", "row_no", "sector", "printed", "expected"]
    found = {tuple(row) for row in held[columns].itertuples(index=False)}
    assert found == set(expected)
    assert len(held) == len(expected)


def test_inspectorate() -> None:
    held = audit("inspectie_2022")
    columns = ["locator", "printed", "expected", "confidence"]
    assert set(held[columns].itertuples(index=False, name=None)) == set(INSPECTORATE)
    assert (held["row_no"] == 0).all()


def test_columns_types_and_languages() -> None:
    held = monitor()
    assert list(held.columns) == [
        "locator", "row_no", "sector", "check", "printed", "expected", "reason", "confidence",
    ]  # fmt: skip
    assert held["row_no"].dtype == "int64"
    dutch = audit("monitor_2016", language="nl")
    assert dutch.drop(columns="reason").equals(held.drop(columns="reason"))
    assert not (dutch["reason"] == held["reason"]).any()
    assert dutch["reason"].str.endswith(".").all()


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(OptionError, match="language: expected one of 'nl', 'en', got 'de'"):
        audit("monitor_2016", language="de")
