"""The tables of the run; where counts are suppressed, only what gives no small one away."""

from __future__ import annotations

from typing import Any

import pandas as pd

from swvtypes.language import Label
from swvtypes.rounding import half_up
from swvtypes.tables import is_weighted

from .markup import data, gap, number, paragraph, section, table
from .setting import Setting
from .table_words import TableWords

_OPEN, _STEP = 4, 5
_BASES = ("count", "base")
_OF_ONE = ("min", "max")  # the answer of one organisation


def tables_section(setting: Setting) -> str:
    """Show the tables of the run; where counts are suppressed, only those without a small one."""
    say, frame = setting.say, setting.inputs.tables
    title = say("Tabellen", "Tables")
    if frame is None or not len(frame):
        text = Label("Er zijn geen tabellen gevraagd.", "No tables were asked for.")
        return section("tables", title, gap(text, setting.language) + setting.left_out("tables"))
    parts, left_out = [], []
    locators = frame["locator"].nunique()
    chapter = ""
    for locator, whole in frame.groupby("locator", sort=False):
        part = _fit_to_publish(whole, setting.options.smallest_cell) \
            if setting.options.suppresses else whole  # fmt: skip
        if not len(part):
            left_out.append(str(locator))
            continue
        words = setting.inputs.table_words.get(str(locator), TableWords())
        now = words.chapter.text(setting.language)
        if now and now != chapter:
            parts.append(f"<h3>{data(now)}</h3>")
            chapter = now
        parts.append(_one_table(setting, str(locator), part, locators <= _OPEN))
    notes = _notes(setting, frame, left_out)
    return section("tables", title, "".join([*notes, *parts]) + setting.left_out("tables"))


def _notes(setting: Setting, frame: pd.DataFrame, left_out: list[str]) -> list[str]:
    say, out = setting.say, []
    if "previous" in frame and (frame["previous"] != "").any() and not setting.options.suppresses:
        out.append(paragraph(say("Tussen haakjes staat de vorige golf.",
                                 "In brackets stands the previous wave."), "small"))  # fmt: skip
    if is_weighted(frame):
        out.append(paragraph(say("Percentages en gemiddelden zijn gewogen, aantallen niet.",
                                 "Percentages and means are weighted, counts are not."),
                             "small"))  # fmt: skip
    if setting.options.suppresses:
        out.append(paragraph(say(
            "Percentages zijn geheel, of op vijf punten afgerond waar anders te zien zou zijn dat "
            "een enkele organisatie niet antwoordde; zonder aantallen, laagste en hoogste.",
            "Percentages are whole, or rounded to five points where they would otherwise show that "
            "a few organisations did not answer; counts, lowest and highest are not given.",
        ), "small"))  # fmt: skip
    if left_out:
        k, names = setting.options.smallest_cell, ", ".join(left_out)
        out.append(paragraph(say(
            f"Weggelaten, omdat een aantal onder {k} erin staat of uit een aandeel volgt, of omdat "
            f"elk getal erin van één organisatie is: {names}.",
            f"Left out, because a count below {k} stands in it or follows from a share, or every "
            f"number in it is of one organisation: {names}.",
        ), "note"))  # fmt: skip
    return out


def _fit_to_publish(part: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Give the cells that give no small count and no single answer away; none of some tables."""
    shown = part[~part["statistic"].isin((*_BASES, *_OF_ONE))]
    return shown.head(0) if is_sensitive(part, smallest) else shown


def is_sensitive(part: pd.DataFrame, smallest: int) -> bool:
    """Whether a table holds a small count, or a share from which one follows.

    That is also so when rows of the same base leave a small number of it over, for a table of
    means on a small base, and for shares of which nobody knows how many they are of (weighted, in
    a run of an earlier version).
    """
    if part["base_n"].between(1, smallest - 1).any():
        return True
    counted = _counted(part)
    if counted["inside"].isna().any():
        return True
    outside = counted["base"] - counted["inside"]
    if (counted["inside"].between(1, smallest - 1) | outside.between(1, smallest - 1)).any():
        return True
    for along in ("measure", "row_no"):  # rows that are the answers, or columns
        keys = [name for name in ("sector", along, "base") if name in counted]
        for _, rows in counted.groupby(keys):
            base = float(rows["base"].iloc[0])
            rest = base - float(rows.loc[rows["inside"] < base, "inside"].sum())  # without totals
            if 1 <= rest <= smallest - 1:
                return True
    return False


def _counted(part: pd.DataFrame) -> pd.DataFrame:
    """Give the cells that are shares or counts, with the number inside and its base.

    Sums of rounded percentages have a numerator, but it counts nobody; weighted ones have none.
    """
    kind = part.get("statistic", pd.Series("", index=part.index))
    value = part.get("value", pd.Series(float("nan"), index=part.index))
    shares = kind.isin(("percent", *_BASES))
    inside, base = part["numerator"].astype(float), part["denominator"].astype(float)
    if "hits" in part:
        inside = part["hits"].astype(float).where(shares, inside)
        base = part["base_n"].astype(float).where(shares, base)
    known = (inside.notna() & base.notna()) | (shares & value.notna())
    return part.assign(inside=inside, base=base)[known]


def _one_table(setting: Setting, locator: str, part: pd.DataFrame, is_open: bool) -> str:
    language = setting.language
    words = setting.inputs.table_words.get(locator, TableWords())
    columns = {
        (str(r["sector"]), str(r["measure"])): str(r["statistic"]) for r in part.to_dict("records")
    }
    cells = {(r["row_no"], r["sector"], r["measure"]): r for r in part.to_dict("records")}
    labels = dict(zip(part["row_no"], part["row_label"], strict=True))
    steps = {s: _step(setting, s, part) for s in part["sector"].unique()}
    rows = []
    for no, label in labels.items():
        row = [data(words.rows.get(int(no), Label(str(label), str(label))).text(language))]
        for sector, measure in columns:
            cell = cells.get((no, sector, measure))
            row.append("" if cell is None else _cell(setting, cell, steps[sector]))
        rows.append(row)
    known = words.title.text(language)
    caption = f"{locator}: {known}" if known else locator
    heads = [
        setting.say("Regel", "Row"), *(f"{s}: {words.heading(s, m, statistic).text(language)}"
              for (s, m), statistic in columns.items())
    ]  # fmt: skip
    laid_out = table(caption, heads, rows, "numbers")
    state = " open" if is_open else ""
    return f"<details{state}><summary>{data(caption)}</summary>{laid_out}</details>"


def _step(setting: Setting, sector: str, part: pd.DataFrame) -> int:
    """Give what percentages are rounded to: finer than that, few missing answers would show."""
    if not setting.options.suppresses:
        return 0
    whole = setting.counts.counts.get(("sector", sector))
    bases = part.loc[part["sector"] == sector, "base_n"].dropna().astype(float)
    most = setting.options.smallest_cell - 1
    return _STEP if whole is None or (whole - bases).between(1, most).any() else 1


def _cell(setting: Setting, cell: dict[Any, Any], step: int) -> str:
    value, language = float(cell["value"]), setting.language
    percent = cell["statistic"] == "percent"
    if step and percent:
        return number(step * float(half_up(value / step, 0)), 0, language)
    if not step and cell.get("shown"):
        return _printed(setting, cell)
    whole = cell["statistic"] in _BASES or (value == half_up(value, 0) and value > 100)
    return number(value, 0 if whole else 1, language)


def _printed(setting: Setting, cell: dict[Any, Any]) -> str:
    """Give a cell as the run printed it, with the previous wave in brackets."""
    shown, before = str(cell["shown"]), str(cell.get("previous") or "")
    text = f"{shown} ({before})" if before else shown
    return data(text.replace(".", ",") if setting.language == "nl" else text)
