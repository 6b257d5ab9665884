"""A comparison of two waves, told in Dutch or English."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from swvtypes.language import Label, Language

from .wave_comparison_labels import measure_label

if TYPE_CHECKING:
    from .three_step import CorrectedTransitions
    from .wave_comparison_results import TypesComparison, WaveComparison

_TITLE = Label("Vergelijking van", "Comparison of")
_AND = Label("en", "and")
_WHAT = Label("Wat vergeleken mag worden", "What may be compared")
_MOST = 10
_LEFT = Label("Niet vergeleken", "Not compared")


def told(found: WaveComparison, language: Language) -> str:
    """Tell a comparison in paragraphs."""
    compare = found.comparability
    parts = [
        f"{_TITLE.text(language)} {compare.before} {_AND.text(language)} {compare.after}",
        f"{_WHAT.text(language)}\n{compare.text(language)}",
    ]
    parts += [_types(t, language) for t in found.types]
    if found.old is not None:
        head = Label("Oude typen in de nieuwe golf", "Old types in the new wave").text(language)
        parts.append(f"{head}\n{found.old.text(language)}")
    if found.split:
        parts.append("\n".join(s.text(language) for s in found.split))
    if found.drift is not None:
        parts.append(_drift(found, language))
    if found.positions:
        parts.append(_positions(found, language))
    if found.left_out:
        lines = "\n".join(f"- {text.text(language)}" for text in dict.fromkeys(found.left_out))
        parts.append(f"{_LEFT.text(language)}\n{lines}")
    return _localised("\n\n".join(parts), language) + "\n"


def _types(found: TypesComparison, language: Language) -> str:
    m = found.members
    moved = int(m.moved.sum())
    head = f"{Label('Typen', 'Types').text(language)} {found.sector}".strip()
    if min(len(m.pairs.types_before), len(m.pairs.types_after)) == 1:
        one = Label(
            f"Een van de golven heeft één type: wie van de {m.pairs.n} organisaties is verplaatst, "
            "is niet te zeggen.",
            f"One of the waves has one type: which of the {m.pairs.n} organisations moved cannot "
            "be said.",
        )
        return f"{head}\n{one.text(language)}"
    lines = [
        head,
        Label(
            f"{moved} van {m.pairs.n} organisaties zijn anders ingedeeld (niet gecorrigeerd voor "
            "fouten in de indeling).",
            f"{moved} of {m.pairs.n} organisations are assigned another type (not corrected for "
            "errors of assignment).",
        ).text(language),
    ]
    for name, value in (("adjusted Rand index", m.ari), ("adjusted mutual information", m.ami),
                        ("kappa", m.kappa)):  # fmt: skip
        chance = Label("toeval", "chance").text(language)
        shown = measure_label(name).text(language)
        lines.append(
            f"{shown} {float(value):.2f} ({value.low:.2f} - {value.high:.2f}; "
            f"{chance} {value.chance:.2f}, {_p(value.p_value)})"
        )
    lines.append(f"Bowker {_p(m.bowker.p_value)}, Stuart-Maxwell {_p(m.stuart_maxwell.p_value)}")
    if found.corrected is not None:
        lines += _corrected(found, found.corrected, language)
    if m.detectability is not None:
        lines.append(m.detectability.text(language))
    lines += _alignment(found, language)
    return "\n".join(lines)


def _corrected(
    found: TypesComparison, corrected: CorrectedTransitions, language: Language
) -> list[str]:
    row = found.movers.loc["corrected"].to_dict()
    share, low, high = (100 * float(row[k]) for k in ("estimate", "low", "high"))
    said = Label(
        f"Gecorrigeerd voor fouten in de indeling is {share:.0f}% van type veranderd "
        f"({low:.0f} - {high:.0f}%).",
        f"Corrected for errors of assignment {share:.0f}% changed type ({low:.0f} - {high:.0f}%).",
    )
    caution = corrected.caution
    return [said.text(language), *([] if caution is None else [caution.text(language)])]


def _alignment(found: TypesComparison, language: Language) -> list[str]:
    lines = []
    for name, match in (
        (Label("Op leden", "On members"), found.members.alignment),
        (Label("Op profielen", "On profiles"), found.by_profiles),
    ):
        if match is None:
            continue
        pairs = ", ".join(f"{a} = {b}" for a, b in match.partner.items()) or "-"
        alone = [*match.without_before, *match.without_after]
        without = Label("zonder partner", "without a partner").text(language)
        tail = f"; {without}: {', '.join(alone)}" if alone else ""
        lines.append(f"{name.text(language)}: {pairs}{tail}")
    return lines


def _drift(found: WaveComparison, language: Language) -> str:
    table = found.drift
    if table is None:
        return ""
    clear = table[table["p_adjusted"] < 0.05]
    gaps = table[table["missing_p_adjusted"] < 0.05]
    names = ", ".join(map(str, clear.index)) or "-"
    missing = ", ".join(map(str, gaps.index)) or "-"
    said = Label(
        f"Antwoorden: {len(clear)} van {len(table)} vragen veranderden (Holm, 5%): {names}\n"
        f"Ontbreken: {len(gaps)} vragen: {missing}",
        f"Answers: {len(clear)} of {len(table)} questions changed (Holm, 5%): {names}\n"
        f"Gaps: {len(gaps)} questions: {missing}",
    ).text(language)
    weighty = clear[clear["matters"] > 0].sort_values("matters", ascending=False, kind="stable")
    told = ", ".join(map(str, weighty.index[:_MOST])) or "-"
    matter = Label(
        f"Daarvan dragen de oude typen (verschil x verklaarde variantie, grootste eerst): {told}",
        f"Of these carry the old types (difference x variance explained, largest first): {told}",
    )
    return f"{said}\n{matter.text(language)}"


def _positions(found: WaveComparison, language: Language) -> str:
    lines = [Label("Posities", "Positions").text(language)]
    for sector, change in found.positions.items():
        mean, variance, middle = (
            change.table.loc[row].to_dict()
            for row in ("mean", "variance", "distance to the middle")
        )
        told = Label(
            f"{sector} (n = {change.n}): gemiddelde {_shift(mean)}; afstand tot het midden "
            f"{_shift(middle)}; variantie x {_span(variance, '')} (Pitman-Morgan "
            f"{_p(variance['p_value'])}, robuust {_p(variance['p_robust'])})",
            f"{sector} (n = {change.n}): mean {_shift(mean)}; distance to the middle "
            f"{_shift(middle)}; variance x {_span(variance, '')} (Pitman-Morgan "
            f"{_p(variance['p_value'])}, robust {_p(variance['p_robust'])})",
        )
        lines.append(told.text(language))
    return "\n".join(lines)


def _shift(row: dict[Hashable, Any]) -> str:
    return f"{_span(row, '+')} ({_p(row['p_robust'])})"


def _span(row: dict[Hashable, Any], sign: str) -> str:
    return f"{row['estimate']:{sign}.2f} [{row['low']:{sign}.2f}, {row['high']:{sign}.2f}]"


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _localised(text: str, language: Language) -> str:
    if language == "en":
        return text
    import re

    return re.sub(r"(?<![\w.])([+-]?\d+)\.(\d+)(?![\w.]*\w)", r"\1,\2", text)
