"""The continuum, what goes with types, and the tables of the run."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from swvtypes.language import Label
from swvtypes.rounding import half_up

from .markup import data, gap, number, paragraph, percent, section, table
from .setting import Setting

_MOST_OUTCOMES = 200


def steering_section(setting: Setting) -> str:
    """Show where organisations place themselves."""
    say, summary = setting.say, setting.inputs.steering
    title = say("Plek op het continuüm", "Place on the continuum")
    if summary is None:
        text = Label("De plek op het continuüm is niet samengevat.",
                     "The place on the continuum was not summarised.")  # fmt: skip
        return section("steering", title, gap(text, setting.language))
    parts = [paragraph(summary.label.text(setting.language))]
    kept_back = any(isinstance(k, tuple) and k[0] in ("position", "answered", "unanswered")
                    for k in setting.hidden)  # fmt: skip
    if not setting.options.suppresses:
        parts += [paragraph(line) for line in summary.text(setting.language).split("\n")]
    sectors = list(dict.fromkeys(summary.distribution["sector"]))
    rows = []
    for position, label in summary.positions.items():
        cells = [setting.count(("position", s, int(position))) for s in sectors]
        rows.append([data(label.text(setting.language)), *cells])
    rows.append([say("samen", "together"), *(setting.count(("answered", s)) for s in sectors)])
    caption = say("Organisaties per plek", "Organisations by place")
    if not kept_back:
        parts.append(_bars(setting, sectors))
    parts.append(table(caption, [say("Plek", "Place"), *map(str, sectors)], rows, "numbers"))
    return section("steering", title, "".join(parts) + setting.suppressed_note)


def _bars(setting: Setting, sectors: list[str]) -> str:
    """Draw the distribution, one panel a sector."""
    summary = setting.inputs.steering
    if summary is None:
        return ""
    out, places = [], list(summary.positions)
    for sector in sectors:
        part = summary.distribution[summary.distribution["sector"] == sector]
        shares = dict(zip(part["position"], part["share"], strict=True))
        top, step = max([*shares.values(), 1e-9]), 300 / max(len(places), 1)
        bars = "".join(
            f'<rect x="{10 + at * step:.1f}" y="{100 - 90 * shares.get(p, 0) / top:.1f}" '
            f'width="{step * 0.8:.1f}" height="{90 * shares.get(p, 0) / top:.1f}" fill="#0072b2"/>'
            f'<text x="{10 + (at + 0.4) * step:.1f}" y="116" text-anchor="middle" '
            f'font-size="11" fill="#1c2126">{escape(str(p))}</text>'
            for at, p in enumerate(places)
        )
        told = ", ".join(f"{p}: {percent(shares.get(p, 0.0), setting.language)}" for p in places)
        out.append(
            f'<figure><svg class="bars" viewBox="0 0 320 122" role="img" '
            f'aria-label="{escape(sector)}: {escape(told)}">{bars}</svg>'
            f"<figcaption>{data(sector)}</figcaption></figure>"
        )
    return f'<div class="panels">{"".join(out)}</div>'


def validation_section(setting: Setting) -> str:
    """Show what goes with types, the continuum or circumstances."""
    say = setting.say
    title = say("Waarmee hangt het samen?", "What goes with it?")
    if not setting.inputs.validation:
        text = Label(
            "Verbanden met begroting, diensten of omstandigheden zijn niet nagegaan.",
            "Relations with the budget, services or circumstances were not examined.",
        )
        return section("validation", title, gap(text, setting.language))
    parts = []
    for found in setting.inputs.validation:
        parts.append(f"<h3>{data(found.title.text(setting.language))}</h3>")
        parts += [paragraph(remark.text(setting.language), "note") for remark in found.remarks]
        rows = [_relation(setting, found.labels, row) for row in _first(found.table)]
        heads = [
            say("Uitkomst", "Outcome"), say("Bereik", "Scope"), say("Analyse", "Analysis"),
            say("Schatting", "Estimate"), say("Interval", "Interval"), "p",
            say("p na Holm", "p after Holm"),
        ]  # fmt: skip
        parts.append(table(found.title.text(setting.language), heads, rows, "numbers"))
    return section("validation", title, "".join(parts))


def _first(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.head(_MOST_OUTCOMES).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]


def _relation(setting: Setting, labels: dict[str, Label], row: dict[str, Any]) -> list[str]:
    language, name = setting.language, str(row["outcome"])
    label = labels.get(name, Label(name, name)).text(language)
    low, high = (number(float(row[k]), 2, language) for k in ("lower", "upper"))
    form = f" ({row['form']})" if row["form"] else ""
    return [
        data(f"{label}{form}"), data(row["scope"]), data(row["analysis"]),
        number(float(row["estimate"]), 2, language), f"{low} \N{EN DASH} {high}",
        number(float(row["p_value"]), 3, language), number(float(row["p_holm"]), 3, language),
    ]  # fmt: skip


def tables_section(setting: Setting) -> str:
    """Show the tables of the run; where counts are suppressed, only those without a small one."""
    say, frame = setting.say, setting.inputs.tables
    title = say("Tabellen", "Tables")
    if frame is None or not len(frame):
        text = Label("Er zijn geen tabellen gevraagd.", "No tables were asked for.")
        return section("tables", title, gap(text, setting.language))
    parts, left_out = [], []
    for locator, part in frame.groupby("locator", sort=False):
        if setting.options.suppresses and is_sensitive(part, setting.options.smallest_cell):
            left_out.append(str(locator))
            continue
        parts.append(_one_table(setting, str(locator), part))
    if left_out:
        names = ", ".join(left_out)
        parts.insert(0, paragraph(say(
            f"Weggelaten, omdat een aantal onder {setting.options.smallest_cell} erin staat of uit "
            f"een aandeel volgt: {names}.",
            f"Left out, because a count below {setting.options.smallest_cell} stands in it or "
            f"follows from a share: {names}.",
        ), "note"))  # fmt: skip
    return section("tables", title, "".join(parts))


def is_sensitive(part: pd.DataFrame, smallest: int) -> bool:
    """Whether a table holds a small count, or a share from which one follows.

    A table of means is sensitive when its base is small.
    """
    counted = part["numerator"].notna() & part["denominator"].notna()
    inside = part.loc[counted, "numerator"].astype(float)
    outside = part.loc[counted, "denominator"].astype(float) - inside
    small = (inside.between(1, smallest - 1)) | (outside.between(1, smallest - 1))
    return bool(small.any() or part["base_n"].between(1, smallest - 1).any())


def _one_table(setting: Setting, locator: str, part: pd.DataFrame) -> str:
    columns = list(dict.fromkeys(zip(part["sector"], part["measure"], strict=True)))
    cells = {(r["row_no"], r["sector"], r["measure"]): r for r in part.to_dict("records")}
    labels = dict(zip(part["row_no"], part["row_label"], strict=True))
    rows = []
    for no, label in labels.items():
        row = [data(label)]
        for sector, measure in columns:
            cell = cells.get((no, sector, measure))
            row.append("" if cell is None else _cell(setting, cell))
        rows.append(row)
    known = setting.inputs.table_titles.get(locator, Label("", "")).text(setting.language)
    caption = f"{locator}: {known}" if known else locator
    heads = ["", *(f"{sector} {measure}" for sector, measure in columns)]
    return table(caption, heads, rows, "numbers")


def _cell(setting: Setting, cell: dict[Any, Any]) -> str:
    value = float(cell["value"])
    whole = cell["statistic"] in ("count", "base") or (value == half_up(value, 0) and value > 100)
    return number(value, 0 if whole else 1, setting.language)
