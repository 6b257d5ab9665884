"""Agreement with an earlier wave, in words of the language."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from swvtypes.language import Label
from swvtypes.membership import Membership, Origin
from swvtypes.report import ReportInputs, render_report
from swvtypes.report.run_earlier import earlier_wave
from swvtypes.survey import OrganisationCrosswalk
from swvtypes.survey.crosswalk_organisations import Link


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


def test_merged_of_different_types_is_not_without_a_type(tmp_path: Path) -> None:
    """A merger of two types has no earlier type of its own; it was not without one."""
    names = [f"A{i}" for i in range(12)]
    index = pd.Index(names, name="organisation")
    sector = pd.Series("po", index=index, dtype="str")
    kind = ["1", "2"] * 6
    before = Membership.from_modal(pd.Series(kind, index=index), sector, Origin("first"))
    # A0 (type 1) and A1 (type 2) merged into B0, A2 and A4 (both of type 1) into B1; B2 is new.
    later = [*names[5:], "A3", "B0", "B1", "B2"]
    links = [Link(n, n, "same") for n in [*names[5:], "A3"]]
    links += [Link("A0", "B0", "merged"), Link("A1", "B0", "merged")]
    links += [Link("A2", "B1", "merged"), Link("A4", "B1", "merged"), Link("", "B2", "new")]
    who = OrganisationCrosswalk("first", "second", tuple(links))
    types = pd.Series(["1" if i % 2 else "2" for i in range(len(later))], index=later)
    now = Membership.from_modal(types, pd.Series("po", index=later, dtype="str"), Origin("second"))
    (tmp_path / "comparison").mkdir()
    (tmp_path / "comparison" / "agreement.csv").write_text(
        "earlier_run,sector,measure,value,low,high,chance,p_value\n"
        "first,all,adjusted_rand,0.5,0.4,0.6,0.0,0.01\n"
    )
    earlier = earlier_wave(tmp_path, "first", (before, now), who, 1)
    assert earlier.mixed == ("B0",)
    inputs = ReportInputs(title=Label("t", "t"), membership=now, earlier=(earlier,))
    for language, lone, merged in (
        ("en", "then without a type", "merged from organisations of different types"),
        ("nl", "toen zonder type", "samengevoegd uit verschillende typen"),
    ):
        page = render_report(inputs, language)
        body = page.split('<section id="earlier"')[1].split("</section>", maxsplit=1)[0]
        rows = {
            unescape(cells[0]): cells[1:]
            for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)
            if (cells := re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S))
        }
        counted = {name: [int(c) for c in rows[name][:2]] for name in (lone, merged)}
        of = {name: [int(types[name] == t) for t in ("1", "2")] for name in ("B0", "B2")}
        assert counted == {lone: of["B2"], merged: of["B0"]}
    plain = replace(inputs, earlier=(replace(earlier, mixed=()),))
    assert "merged from" not in render_report(plain, "en")
