"""Agreement with an earlier wave, in words of the language."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from swvtypes.report import ReportInputs, render_report


@pytest.mark.parametrize(
    ("language", "sector", "shown"),
    [
        ("nl", "all", "alle sectoren: aangepaste Rand-index"),
        ("en", "all", "all sectors: adjusted Rand index"),
        ("nl", "po", "po: aangepaste Rand-index"),
        ("nl", None, "Overeenstemming Maat waarde laagste hoogste bij toeval p aangepaste Rand"),
    ],
)
def test_the_sector_of_a_measure(
    small_run: ReportInputs, language: str, sector: str | None, shown: str
) -> None:
    (earlier,) = small_run.earlier
    assert earlier.comparison is not None
    if sector is not None:
        own = earlier.comparison.measures.rename_axis("measure").reset_index()
        earlier = replace(earlier, measures=own.assign(sector=sector))
    page = render_report(replace(small_run, earlier=(earlier,)), language)  # type: ignore[arg-type]
    body = page.split('<section id="earlier"')[1].split("</section>", maxsplit=1)[0]
    words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))
    assert shown in words
    assert "all: " not in words
