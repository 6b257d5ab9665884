"""The page: what it says of what it has, and of what it has not."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up_runs import made_up

from swvtypes.errors import InputError, OptionError
from swvtypes.language import Label
from swvtypes.membership import Membership
from swvtypes.report import (
    Choice,
    ReportInputs,
    ReportOptions,
    SignalRule,
    export_membership,
    neutral_frame,
    render_report,
    write_report,
)
from swvtypes.report.checklist_fields import FIELDS
from swvtypes.report.comparable import comparables
from swvtypes.report.run_page import script_data
from swvtypes.report.spreadsheet import neutral
from swvtypes.report.table_words import TableWords
from swvtypes.report.tables_part import is_sensitive
from swvtypes.validation import against_variables

SECTIONS = ("summary", "existence", "profiles", "census", "explorer", "stability", "earlier",
            "steering", "validation", "tables", "method", "checklist")  # fmt: skip


class Shape(HTMLParser):
    """Ids, headings and scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.scripts = 0
        self.events: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if known.get("id"):
            self.ids.append(str(known["id"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.scripts += tag == "script"
        self.events += [name for name in known if name.startswith("on")]
        self.addresses += [str(known[k]) for k in ("src", "href") if known.get(k)]


def shape(page: str) -> Shape:
    found = Shape()
    found.feed(page)
    return found


def payload(page: str) -> dict[str, object]:
    text = page.split('id="explorer-data">')[1].split("</script>", maxsplit=1)[0]
    found: dict[str, object] = json.loads(text)
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_has_every_section_once_and_asks_for_nothing(
    small_run: ReportInputs, language: str
) -> None:
    page = render_report(small_run, language)  # type: ignore[arg-type]
    found = shape(page)
    assert len(found.ids) == len(set(found.ids))
    assert set(SECTIONS) <= set(found.ids)
    assert all(address.startswith("#") for address in found.addresses)
    assert {a[1:] for a in found.addresses} <= set(found.ids)
    assert f'<html lang="{language}">' in page
    assert all(b - a <= 1 for a, b in zip(found.levels, found.levels[1:], strict=False))
    assert found.levels.count(1) == 1
    assert len(page.encode()) < 5_000_000


def test_what_was_not_done_is_said() -> None:
    page = render_report(replace(made_up(20), steering=None, earlier=()), "en")
    for text in (
        "How many of all organisations are of each type was not worked out",
        "Stability under resampling was not examined",
        "There is no earlier wave to compare with",
        "The place on the continuum was not summarised",
        "No tables were asked for",
        "There is no manifest of a run",
    ):
        assert text in page


def test_a_membership_alone_gives_a_report() -> None:
    p = pd.DataFrame({"1": [0.9, 0.2], "2": [0.1, 0.8]}, index=["A", "B"])
    membership = Membership.from_probabilities(p, pd.Series("po", index=p.index))
    page = render_report(ReportInputs(membership=membership), "nl")
    assert "Zonder indeling of zonder antwoorden is er niets te verkennen" in page


def test_nothing_to_report_is_a_fault() -> None:
    with pytest.raises(InputError, match="expected a wave, a typology or a membership"):
        ReportInputs()


def test_parts_of_other_organisations_are_a_fault(small_run: ReportInputs) -> None:
    p = pd.DataFrame({"1": [1.0]}, index=["nobody"])
    stranger = Membership.from_probabilities(p, pd.Series("po", index=p.index))
    with pytest.raises(InputError, match="none of its organisations is in the wave"):
        replace(small_run, membership=stranger)


def test_a_language_that_is_neither_is_a_fault(small_run: ReportInputs) -> None:
    with pytest.raises(OptionError, match="language"):
        render_report(small_run, "fr")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("option", "value"),
    [("organisations", "all"), ("smallest_cell", 0), ("neighbours", 0), ("borderline", 1.5)],
)
def test_options_out_of_range_are_faults(option: str, value: object) -> None:
    with pytest.raises(OptionError, match=option):
        ReportOptions(**{option: value})  # type: ignore[arg-type]


def test_the_checklist_has_every_field_and_flags_gaps(small_run: ReportInputs) -> None:
    page = render_report(small_run, "en")
    part = page.split('id="checklist"')[1]
    for at, label in enumerate(FIELDS.values(), start=1):
        assert f"{at}. {label.en}" in part
    assert part.count(">missing<") >= 3
    stated = replace(small_run, statements={"residuals": Label("Geen boven 4.", "None above 4.")})
    told = render_report(stated, "en").split('id="checklist"')[1]
    assert "None above 4." in told
    assert told.count(">missing<") == part.count(">missing<") - 1


def test_a_choice_without_a_reason_is_flagged(small_run: ReportInputs) -> None:
    both = (
        Choice(Label("a", "a"), Label("b", "b"), Label("want", "because so")),
        Choice(Label("c", "c"), Label("d", "d")),
    )
    page = render_report(replace(small_run, choices=both), "en")
    assert "because so" in page
    assert page.count("no reason given") == 1


def test_the_explorer_holds_what_the_membership_says(small_run: ReportInputs) -> None:
    page = render_report(small_run, "en")
    data = payload(page)
    rows = data["rows"]
    assert isinstance(rows, list)
    assert len(rows) == 124
    membership = small_run.membership
    assert membership is not None
    for row in rows[:20]:
        p = membership.probabilities.loc[row["n"]]
        assert row["p"] == [round(float(v), 3) for v in p]
    places = small_run.wave.column("steering")  # type: ignore[union-attr]
    assert all(row["x"] == float(places[row["n"]]) for row in rows)


def test_pseudonyms_leave_no_name_and_no_order(small_run: ReportInputs) -> None:
    options = ReportOptions(organisations="pseudonyms", pseudonym_seed=3)
    page = render_report(small_run, "en", options)
    assert "SYN-" not in page
    names = [row["n"] for row in payload(page)["rows"]]  # type: ignore[attr-defined]
    assert names == [f"Organisation {k:03d}" for k in range(1, 125)]
    places = [row["x"] for row in payload(page)["rows"]]  # type: ignore[attr-defined]
    own = list(small_run.wave.column("steering").astype(float))  # type: ignore[union-attr]
    assert places != own
    assert sorted(places) == sorted(own)


def test_signals_are_off_by_default_and_carry_their_uncertainty(small_run: ReportInputs) -> None:
    assert 'id="filter-signal"' not in render_report(small_run, "en")
    rule = SignalRule(Label("geen doelen", "no aims"), {"aims": [0.0]}, type="1")
    page = render_report(small_run, "en", ReportOptions(signals=(rule,)))
    assert "no judgement: no type is superior to another" in page
    answers = small_run.wave.column("aims")  # type: ignore[union-attr]
    p = small_run.membership.probabilities["1"]  # type: ignore[union-attr]
    for row in payload(page)["rows"]:  # type: ignore[attr-defined]
        low, high = row["g"][0]
        given = answers[row["n"]]
        chance = round(float(p[row["n"]]), 3)
        if pd.isna(given):
            assert (low, high) == (0.0, chance)
        else:
            assert low == high == (chance if given == 0 else 0.0)


def test_a_signal_on_what_is_not_there_is_a_fault(small_run: ReportInputs) -> None:
    for rule, word in (
        (SignalRule(Label("x", "x"), {"nothing": [1.0]}), "signal item"),
        (SignalRule(Label("x", "x"), {"aims": [1.0]}, type="9"), "signal type"),
    ):
        with pytest.raises(OptionError, match=word):
            render_report(small_run, "en", ReportOptions(signals=(rule,)))
    with pytest.raises(OptionError, match="at least one item"):
        SignalRule(Label("x", "x"), {})
    with pytest.raises(OptionError, match="from 1 to 1"):
        SignalRule(Label("x", "x"), {"aims": [1.0]}, at_least=2)


def test_comparable_are_the_nearest_in_type_and_circumstances() -> None:
    rng = np.random.default_rng(4)
    p = pd.DataFrame(rng.dirichlet((1, 1, 1), size=30), columns=list("abc"))
    sector = pd.Series(["po", "vo"] * 15)
    size = pd.DataFrame({"size": rng.permutation(30).astype(float)})
    found = comparables(p, sector, size, 3)
    for i in range(30):
        own = [j for j in range(30) if sector[j] == sector[i]]
        ranks = {j: sum(size["size"][k] < size["size"][j] for k in own) / 14 for j in own}
        far = {
            j: (0.5 * float((p.loc[i] - p.loc[j]).abs().sum()) + abs(ranks[i] - ranks[j])) / 2
            for j in own if j != i
        }  # fmt: skip
        assert list(found.nearest[i]) == sorted(far, key=lambda j: far[j])[:3]


def test_texts_for_spreadsheets_are_no_formulas(tmp_path: Path) -> None:
    for text in ('=HYPERLINK("x")', "+1", "-1", "@a", "\t=1", "  =1", "\uff1d1"):
        assert neutral(text).startswith("'")
    frame = pd.DataFrame({"=a": ["=1", "b"], "n": [-1.0, 2.0]})
    out = neutral_frame(frame)
    assert list(out.columns) == ["'=a", "n"]
    assert list(out["'=a"]) == ["'=1", "b"]
    assert list(out["n"]) == [-1.0, 2.0]


def test_an_export_under_pseudonyms_has_no_name_in_it(
    small_run: ReportInputs, tmp_path: Path
) -> None:
    assert small_run.membership is not None
    export_membership(small_run.membership, tmp_path / "a.csv", language="en", seed=1)
    assert "SYN-" not in (tmp_path / "a.csv").read_text()
    export_membership(small_run.membership, tmp_path / "b.csv", under_pseudonyms=False)
    assert (tmp_path / "b.csv").read_text().count("SYN-") == 124
    with pytest.raises(InputError, match=r"ending in \.csv"):
        export_membership(small_run.membership, tmp_path / "c.xlsx")


def test_hostile_texts_stand_in_the_page_as_text(hostile_run: ReportInputs) -> None:
    rule = SignalRule(Label("<b>x</b>", "<b>x</b>"), {"aims": [1.0]})
    page = render_report(hostile_run, "en", ReportOptions(signals=(rule,)))
    found = shape(page)
    assert found.scripts == 2
    assert not found.events
    assert all(address.startswith("#") for address in found.addresses)
    assert "L" * 301 not in page
    assert "<b>x</b>" not in page


def test_no_part_of_a_report_takes_a_text_for_markup(hostile_run: ReportInputs) -> None:
    evil = "<img src=x onerror=alert(1)>\"'</script>"
    label = Label(evil, evil)
    assert hostile_run.wave is not None
    cell = {"locator": evil, "row_no": 1, "row_label": evil, "sector": evil, "measure": evil,
            "statistic": evil, "value": 1.0, "numerator": 1, "denominator": 2, "base_n": 2,
            "shown": evil, "previous": evil}  # fmt: skip
    found = against_variables(hostile_run.wave, "steering", ["vision"])
    bad = replace(
        hostile_run,
        title=label,
        tables=pd.DataFrame([cell]),
        table_words={evil: TableWords(label, label, {(evil, evil): label}, {1: label})},
        validation=(replace(found, title=label, remarks=(label,), labels={"vision": label}),),
        choices=(Choice(label, label, label),),
        statements={"question": label, "residuals": label},
        manifest={evil: {evil: [evil]}},
        left_out=dict.fromkeys(SECTIONS, ((evil, evil),)),
        remarks=(label,),
        earlier=tuple(replace(e, note=label) for e in hostile_run.earlier),
    )
    options = ReportOptions(signals=(SignalRule(label, {"vision": [1.0]}),))
    for page in (
        render_report(bad, "nl", options),
        render_report(bad, "en", ReportOptions(organisations="none")),
    ):
        assert "<img" not in page
        assert page.count("&lt;img src=x onerror=alert(1)&gt;") > 10
        assert not shape(page).events
        assert all(address.startswith("#") for address in shape(page).addresses)


def test_data_cannot_end_their_script_element() -> None:
    text = script_data({"a": "</script><!--<script>\u2028"})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == {"a": "</script><!--<script>\u2028"}


def test_a_table_with_a_small_count_is_sensitive() -> None:
    part = pd.DataFrame(
        {"numerator": [10, 20], "denominator": [30, 30], "base_n": [30, 30]}, dtype="Int64"
    )
    assert not is_sensitive(part, 5)
    assert is_sensitive(part.assign(numerator=[10, 4]), 5)
    assert is_sensitive(part.assign(numerator=[10, 27]), 5)
    assert is_sensitive(part.assign(base_n=[30, 4]), 5)


def test_a_report_is_written_whole_and_a_synthetic_one_says_so(
    small_run: ReportInputs, tmp_path: Path
) -> None:
    write_report(small_run, tmp_path / "report.html", "nl")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.endswith("</html>\n")
    assert "Synthetische gegevens: dit zegt niets over werkelijke organisaties." in page
    assert [f.name for f in tmp_path.iterdir()] == ["report.html"]
