"""Sentences about relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from swvtypes.language import Label, Language

from .scopes import SCOPE_LABELS
from .verdicts import VERDICT_LABELS, Verdict
from .wording import NOTES, notes, number, probability

if TYPE_CHECKING:
    from .relating import Relations

READINGS = {
    "between_sectors": Label(
        "alleen samengenomen; de samenhang berust op verschillen tussen de sectoren",
        "pooled only; the relation rests on differences between the sectors",
    ),
    "masked": Label(
        "pas zichtbaar na correctie voor sector",
        "shows only once sectors are taken out",
    ),
    "small_sectors": Label(
        "samengenomen en na correctie, maar in geen sector op zichzelf aantoonbaar",
        "pooled and adjusted, yet not shown in any sector by itself",
    ),
}


def relation_lines(relations: Relations, language: Language) -> list[str]:
    """Give one sentence an aspect and scope, then what differs between scopes, then the notes."""
    margin = number(relations.margin, 2, language)
    head = Label(
        f"Vooraf gestelde marge: een correlatie van {margin}.",
        f"Margin stated beforehand: a correlation of {margin}.",
    )
    lines = [head.text(language)]
    lines += [_line(relations, row, language) for _, row in relations.table.iterrows()]
    for _, row in relations.between.iterrows():
        if row["reading"] in READINGS:
            label = relations.labels[row["aspect"]].text(language)
            lines.append(f"{label}: {READINGS[row['reading']].text(language)}.")
    lines += [NOTES["pairwise"].text(language), NOTES["design"].text(language)]
    if (relations.table["block"] == "budget").any():
        lines.append(NOTES["shares"].text(language))
    said = notes(
        synthetic=relations.synthetic,
        weighted=relations.options.weighted,
        carries_weights=relations.carries_weights,
    )
    return [*lines, *(note.text(language) for note in said)]


def _line(relations: Relations, row: pd.Series, language: Language) -> str:
    scope = row["scope"]
    where = SCOPE_LABELS[scope].text(language) if scope in SCOPE_LABELS else scope
    label = relations.labels[row["aspect"]].text(language)
    verdict: Verdict = row["verdict"]
    said = VERDICT_LABELS[verdict].text(language)
    if verdict == "undefined":
        return f"{label} ({where}, n = {row['n']}): {said}."
    r, low, high, least = (
        number(row[key], 2, language) for key in ("r", "lower", "upper", "detectable")
    )
    until = Label("tot", "to").text(language)
    holm = Label("na Holm", "after Holm").text(language)
    p, adjusted = (probability(row[key], language) for key in ("p_value", "p_holm_all"))
    line = f"{label} ({where}, n = {row['n']}): r = {r} ({low} {until} {high}), {p}"
    line += f" ({holm} {adjusted}); {said}"
    if verdict == "undecided" and not relations.options.weighted:
        shown = Label(f"aantoonbaar vanaf r = {least}", f"shown from r = {least}").text(language)
        line += f" ({shown})"
    return line + "."
