"""Sentences about the three dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from swvtypes.language import Label, Language

from .joint_patterns import PATTERNS, TIGHT, TIGHT_LABEL
from .scopes import POOLED, SCOPE_LABELS
from .wording import NOTES, notes, number, percent, probability

if TYPE_CHECKING:
    from .joint_view import JointView

SHORT = {
    "steering": Label("sturing", "steering"),
    "services": Label("diensten", "services"),
    "means": Label("middelen", "means"),
}


def joint_lines(view: JointView, language: Language) -> list[str]:
    """Say where the halves part, how far the three agree, the patterns, and the notes."""
    lines = [_cut_line(view, language)]
    lines += [_agreement_line(row, language) for _, row in view.agreement.iterrows()]
    for _, row in view.pairs.iterrows():
        if row["scope"] == view.agreement["scope"].iloc[0] and not pd.isna(row["spearman"]):
            first, second = (SHORT[row[key]].text(language) for key in ("first", "second"))
            r, low, high = (number(row[k], 2, language) for k in ("spearman", "lower", "upper"))
            until = Label("tot", "to").text(language)
            rank = Label("rangcorrelatie", "rank correlation").text(language)
            lines.append(f"{first} - {second}: {rank} {r} ({low} {until} {high}).")
    lines += [_pattern_line(row, language) for _, row in view.patterns.iterrows()]
    lines.append(_range_line(view, language))
    if view.synthetic:
        lines.append(NOTES["joint"].text(language))
    said = notes(synthetic=view.synthetic, weighted=False, carries_weights=view.carries_weights)
    return [*lines, *(note.text(language) for note in said)]


def _where(scope: str, language: Language) -> str:
    return SCOPE_LABELS[POOLED].text(language) if scope == POOLED else scope


def _cut_line(view: JointView, language: Language) -> str:
    services, means, pupil = (_cut(view, name, language) for name in ("services", "means", "pupil"))
    return Label(
        f"Veel diensten: minstens {services}; middelen decentraal: minstens {means} naar de "
        f"scholen; leerlinggebonden toewijzing: minstens {pupil} ({view.missing} "
        "organisaties vallen weg door een ontbrekend antwoord).",
        f"Many services: at least {services}; decentral means: at least {means} to the schools; "
        f"allocation bound to pupils: at least {pupil} ({view.missing} organisations are "
        "left out for a missing answer).",
    ).text(language)


def _cut(view: JointView, name: str, language: Language) -> str:
    """Write a cut as it is; parts of a composition as percentages of its total."""
    total = view.totals.get(name)
    value = view.cuts[name] if total is None else 100 * view.cuts[name] / total
    value = round(value, 9)
    return number(value, 0 if value.is_integer() else 1, language) + ("" if total is None else "%")


def _agreement_line(row: pd.Series, language: Language) -> str:
    w = number(row["kendall_w"], 2, language)
    share, low, high, chance = (
        percent(row[k], language) for k in ("share_in_line", "lower", "upper", "expected")
    )
    p = probability(row["p_value"], language)
    where = _where(row["scope"], language)
    return Label(
        f"{where} (n = {row['n']}): bij {row['n_in_line']} ({share}; {low} tot {high}) liggen "
        f"alle drie aan dezelfde kant, bij toeval {chance}; Kendalls W = {w}, {p}.",
        f"{where} (n = {row['n']}): in {row['n_in_line']} ({share}; {low} to {high}) all three lie "
        f"on the same side, by chance {chance}; Kendall's W = {w}, {p}.",
    ).text(language)


def _pattern_line(row: pd.Series, language: Language) -> str:
    label = TIGHT_LABEL if row["pattern"] == TIGHT else PATTERNS[row["pattern"]]
    share, low, high = (percent(row[k], language) for k in ("share", "lower", "upper"))
    until = Label("tot", "to").text(language)
    where = _where(row["scope"], language)
    line = f"{where}, {label.text(language)}: {row['n']} ({share}; {low} {until} {high})"
    if row["n"]:
        mean = number(row["steering_mean"], 1, language)
        line += "; " + Label(f"gemiddelde plaats {mean}", f"mean position {mean}").text(language)
    return line + "."


def _range_line(view: JointView, language: Language) -> str:
    if view.sensitivity.empty:
        return NOTES["no_other_cuts"].text(language)
    until = Label("tot", "to").text(language)
    parts = []
    for name, label in PATTERNS.items():
        counts = view.sensitivity["n"][view.sensitivity["pattern"] == name]
        parts.append(f"{label.text(language)} {int(counts.min())} {until} {int(counts.max())}")
    head = Label(
        "Bij andere grenzen (minstens een vijfde aan elke kant) lopen de aantallen uiteen",
        "Under other cuts (a fifth or more on either side) the counts range",
    )
    return f"{head.text(language)}: {'; '.join(parts)}."
