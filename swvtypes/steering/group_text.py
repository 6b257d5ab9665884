"""Sentences about groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from swvtypes.language import Label, Language

from .scopes import SCOPE_LABELS
from .verdicts import VERDICT_LABELS, Verdict
from .wording import NOTES, notes, number, percent, probability

if TYPE_CHECKING:
    from .grouping import SteeringGroups

CUT_READINGS = {
    "always": Label("bij elke indeling aantoonbaar", "shown under every cut"),
    "mostly": Label(
        "bij {some} van de {all} indelingen aantoonbaar", "shown under {some} of {all} cuts"
    ),
    "seldom": Label(
        "hangt aan de indeling: bij {some} van de {all} aantoonbaar",
        "hangs on the cut: shown under {some} of {all}",
    ),
    "elsewhere": Label(
        "bij deze indeling niet, bij {some} van de {all} andere wel aantoonbaar",
        "not shown as cut, shown under {some} of {all} cuts",
    ),
    "never": Label("bij geen indeling aantoonbaar", "shown under no cut"),
    "undefined": Label("niet te bepalen", "cannot be determined"),
}


def group_lines(result: SteeringGroups, language: Language) -> list[str]:
    """Give sizes, one sentence a test, the pairs that differ, and the notes."""
    lines = [_size_line(result, sector, language) for sector in result.sizes["sector"].unique()]
    if result.margin is not None:
        margin = number(result.margin, 2, language)
        head = Label(
            f"Vooraf gestelde marge: een gestandaardiseerd verschil van {margin}.",
            f"Margin stated beforehand: a standardised difference of {margin}.",
        )
        lines.append(head.text(language))
    sensitivity = result.sensitivity.set_index(["aspect", "scope"])
    for _, row in result.tests.iterrows():
        found = sensitivity.loc[(row["aspect"], row["scope"])]
        lines.append(_test_line(result, row, found, language))
        lines += _pair_lines(result, row, language)
    if result.margin is None:
        lines.append(NOTES["no_margin"].text(language))
    lines += [NOTES["pairwise"].text(language), NOTES["design"].text(language)]
    said = notes(
        synthetic=result.synthetic,
        weighted=result.options.weighted,
        carries_weights=result.carries_weights,
    )
    return [*lines, *(note.text(language) for note in said)]


def _where(scope: str, language: Language) -> str:
    return SCOPE_LABELS[scope].text(language) if scope in SCOPE_LABELS else scope


def _size_line(result: SteeringGroups, sector: str, language: Language) -> str:
    labels = result.cuts.labels
    rows = result.sizes[result.sizes["sector"] == sector]
    parts = [
        f"{labels[row['group']].text(language)} {percent(row['share'], language)} (n = {row['n']})"
        for _, row in rows.iterrows()
    ]
    return f"{_where(sector, language)}: {', '.join(parts)}."


def _test_line(result: SteeringGroups, row: pd.Series, found: pd.Series, language: Language) -> str:
    label = result.labels[row["aspect"]].text(language)
    line = f"{label} ({_where(row['scope'], language)}, n = {row['n']}): "
    if pd.isna(row["p_value"]):
        return line + VERDICT_LABELS["undefined"].text(language) + "."
    name = "Wald F" if result.options.weighted else "F"
    f = number(row["f"], 2, language)
    holm = Label("na Holm", "after Holm").text(language)
    p, adjusted = (probability(row[key], language) for key in ("p_value", "p_holm_all"))
    reading = CUT_READINGS[found["reading"]].text(language)
    said = reading.format(some=found["n_significant"], all=found["n_cuts"])
    line += f"{name}({row['df1']:.0f}, {row['df2']:.0f}) = {f}, {p} ({holm} {adjusted}); {said}"
    if row["p_value"] < result.options.alpha and not pd.isna(found["p_any_cut"]):
        best = Label("over alle indelingen samen", "over all cuts together").text(language)
        line += f" ({best} {probability(found['p_any_cut'], language)})"
    alpha = result.options.alpha
    if not pd.isna(row["p_welch"]) and (row["p_value"] < alpha) != (row["p_welch"] < alpha):
        other = Label("Welch, bij ongelijke spreiding", "Welch, for unequal spreads")
        line += f"; {other.text(language)}: {probability(row['p_welch'], language)}"
    return line + "."


def _pair_lines(result: SteeringGroups, row: pd.Series, language: Language) -> list[str]:
    """Name the pairs of groups that differ, or are shown not to."""
    table = result.pairs
    here = (table["aspect"] == row["aspect"]) & (table["scope"] == row["scope"])
    told = table[here & table["verdict"].isin(["related", "related_within_margin",
                                               "within_margin"])]  # fmt: skip
    labels, until = result.cuts.labels, Label("tot", "to").text(language)
    lines = []
    for _, pair in told.iterrows():
        verdict: Verdict = pair["verdict"]
        first, second = (labels[pair[key]].text(language) for key in ("first", "second"))
        difference = number(pair["difference"], 2, language)
        said = PAIR_VERDICTS[verdict].text(language)
        line = f"  {first} - {second}: {difference}"
        if not pd.isna(pair["hedges_g"]):
            g, low, high = (
                number(pair[k], 2, language) for k in ("hedges_g", "g_lower", "g_upper")
            )
            line += f", g = {g} ({low} {until} {high})"
        lines.append(f"{line}, {probability(pair['p_holm'], language)}; {said}.")
    return lines


PAIR_VERDICTS: dict[Verdict, Label] = {
    "related": Label("verschillend", "different"),
    "related_within_margin": Label(
        "verschillend, maar aantoonbaar minder dan de marge",
        "different, yet shown to be by less than the margin",
    ),
    "within_margin": Label(
        "aantoonbaar minder dan de marge verschillend",
        "shown to differ by less than the margin",
    ),
}
