"""Earlier waves beside this one: who moved, and how much of that is chance."""

from __future__ import annotations

from collections.abc import Hashable
from html import escape
from typing import Any

import pandas as pd

from swvtypes.language import Label
from swvtypes.longitudinal import MembershipComparison
from swvtypes.longitudinal.wave_comparison_labels import ALL_SECTORS, measure_label

from .inputs import EarlierWave
from .markup import chance, data, gap, number, paragraph, section, table
from .setting import Setting


def earlier_section(setting: Setting) -> str:
    """Lay this wave beside the earlier ones."""
    say = setting.say
    title = say("Naast eerdere golven", "Beside earlier waves")
    if not setting.inputs.earlier:
        text = Label("Er is geen eerdere golf om mee te vergelijken.",
                     "There is no earlier wave to compare with.")  # fmt: skip
        return section("earlier", title, gap(text, setting.language) + setting.left_out("earlier"))
    parts = [_one(setting, at, e) for at, e in enumerate(setting.inputs.earlier)]
    rest = setting.suppressed_note + setting.left_out("earlier")
    return section("earlier", title, "".join(parts) + rest)


def _one(setting: Setting, at: int, earlier: EarlierWave) -> str:
    membership = earlier.membership
    year = f" ({membership.year})" if membership.year else ""
    parts = [f"<h3>{data(membership.wave)}{escape(year)}</h3>"]
    if any(earlier.note):
        parts.append(paragraph(earlier.note.text(setting.language), "note"))
    if earlier.comparison is None:
        text = Label("Deze golf is er niet naast gelegd.", "This wave was not laid beside it.")
        return "".join([*parts, gap(text, setting.language)])
    parts.append(_transitions(setting, at, earlier))
    parts.append(_left(setting, earlier))
    if not _hides(setting, at):
        parts.append(_measures(setting, earlier))
        found = earlier.comparison.detectability
        if found is not None:
            parts.append(paragraph(found.text(setting.language)))
    return "".join(parts)


def _hides(setting: Setting, at: int) -> bool:
    """Whether a count is kept back that measures of agreement would help to find."""
    kinds = ("move", "before", "joined", "mixed", "after")
    return any(isinstance(k, tuple) and k[:2] in {(kind, at) for kind in kinds}
               for k in setting.hidden)  # fmt: skip


def _transitions(setting: Setting, at: int, earlier: EarlierWave) -> str:
    if earlier.comparison is None:
        return ""
    say, frame = setting.say, earlier.comparison.transitions
    now = list(map(str, frame.columns))
    apart = _of_other_sectors(setting, earlier)
    rates = {} if setting.options.suppresses else _rates(setting, earlier.comparison)
    rows = []
    for before in map(str, frame.index):
        cells = [
            _move(setting, at, (before, after), rates) if (before, after) not in apart else ""
            for after in now
        ]
        name = earlier.membership.origin.names.get(before, "")
        shown = f"{before} ({name})" if name else before
        rows.append([data(shown), *cells, setting.count(("before", at, before))])
    if all(("joined", at, after) in setting.counts.counts for after in now):
        cells = [setting.count(("joined", at, after)) for after in now]
        rows.append([escape(say("toen zonder type", "then without a type")), *cells, ""])
    if all(("mixed", at, after) in setting.counts.counts for after in now):
        cells = [setting.count(("mixed", at, after)) for after in now]
        title = say(
            "samengevoegd uit verschillende typen", "merged from organisations of different types"
        )
        rows.append([escape(title), *cells, ""])
    heads = [
        say("Toen ↓ nu →", "Then ↓ now →"), *(setting.type_title(a) for a in now),
        say("samen", "together"),
    ]  # fmt: skip
    caption = say("Van type naar type", "From type to type")
    return table(f"{caption}: {earlier.membership.wave}", heads, rows, "numbers")


def _move(
    setting: Setting, at: int, pair: tuple[str, str], rates: dict[tuple[str, str], str]
) -> str:
    return setting.count(("move", at, *pair)) + rates.get(pair, "")


def _of_other_sectors(setting: Setting, earlier: EarlierWave) -> set[tuple[str, str]]:
    """Pairs of types that no organisation can go between: each is of another sector."""
    now, before = setting.inputs.membership, earlier.membership
    if now is None or not (now.apart and before.apart):
        return set()
    here = {t: s for s in now.sectors for t in now.sector(s).types}
    then = {t: s for s in before.sectors for t in before.sector(s).types}
    return {
        (a, b) for a in then for b in here
        if then[a] != here[b] and not _count(earlier, a, b)
    }  # fmt: skip


def _count(earlier: EarlierWave, before: str, after: str) -> int:
    """Organisations that went from one type to another; none where a type is not in the table."""
    if earlier.comparison is None:
        return 0
    pairs = earlier.comparison.pairs
    if before not in pairs.types_before or after not in pairs.types_after:
        return 0
    return int(pairs.table[pairs.types_before.index(before), pairs.types_after.index(after)])


def _rates(setting: Setting, found: MembershipComparison) -> dict[tuple[str, str], str]:
    """Rate and interval of each transition."""
    out = {}
    for row in found.rates.to_dict("records"):
        rate, low, high = (number(100 * float(row[k]), 0, setting.language)
                           for k in ("rate", "low", "high"))  # fmt: skip
        text = f'<span class="answer">{rate}% ({low}\N{EN DASH}{high})</span>'
        out[str(row["before"]), str(row["after"])] = text
    return out


def _left(setting: Setting, earlier: EarlierWave) -> str:
    """Say how many had a type then and have none now."""
    if earlier.comparison is None or setting.options.suppresses:
        return ""
    gone = len(earlier.comparison.pairs.only_before)
    return paragraph(setting.say(
        f"{gone} organisaties hadden toen een type en nu niet. Percentages zijn deelverhoudingen "
        "per rij met hun interval; fouten van de indeling maken overgangen te talrijk.",
        f"{gone} organisations had a type then and have none now. Percentages are of the row, "
        "with their interval; errors of classification make transitions too many.",
    ), "small")  # fmt: skip


def _measure(setting: Setting, sector: str, name: str) -> str:
    shown = measure_label(name).text(setting.language)
    where = ALL_SECTORS.text(setting.language) if sector == "all" else sector
    return f"{where}: {shown}" if where else shown


def _agreement(
    found: MembershipComparison, own: pd.DataFrame | None
) -> list[tuple[str, str, dict[Hashable, Any]]]:
    """Give sector, measure and row of agreement; no sector where a run wrote none."""
    if own is None:
        frame = found.measures
        names = map(str, frame.index)
        return [("", n, r) for n, r in zip(names, frame.to_dict("records"), strict=True)]
    return [(str(r["sector"]), str(r["measure"]), r) for r in own.to_dict("records")]


def _measures(setting: Setting, earlier: EarlierWave) -> str:
    if earlier.comparison is None:
        return ""
    language, say = setting.language, setting.say
    rows = [
        [data(_measure(setting, sector, name)), *(number(float(row[c]), 2, language)
                       for c in ("value", "low", "high", "chance")),
         chance(float(row["p_value"]), language)]
        for sector, name, row in _agreement(earlier.comparison, earlier.measures)
    ]  # fmt: skip
    heads = [say("Maat", "Measure"), say("waarde", "value"), say("laagste", "low"),
             say("hoogste", "high"), say("bij toeval", "by chance"), "p"]  # fmt: skip
    return table(say("Overeenstemming", "Agreement"), heads, rows, "numbers")
