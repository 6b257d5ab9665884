"""A codebook drafted from what a data file says of itself, and from the last wave's."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from swvtypes.survey import Codebook
from swvtypes.survey.raw import RawTable, as_text, is_empty, numbers
from swvtypes.survey.rows import MARKS, NEEDED
from swvtypes.survey.schema import LARGEST_CODE, Variable

Level = Literal["all", "no gates", "no structure", "alone"]
Labels = tuple[tuple[int, str, str], ...]

_MISSING_WORDS = re.compile(
    r"weet (ik )?niet|n\.?v\.?t|niet van toepassing|geen (antwoord|mening)|wil niet|onbekend|"
    r"don'?t know|not applicable|no (answer|opinion)|refus|unknown|missing|overgeslagen",
    re.IGNORECASE,
)
_NOT_APPLICABLE = re.compile(r"n\.?v\.?t|niet van toepassing|not applicable", re.IGNORECASE)
_ORDERED = ("ordinal", "scale")
_FEWEST_IN_THEME = 3
_MOST_CATEGORIES = 12
LONGEST_LABEL = 200


@dataclass(frozen=True)
class Source:
    """A data file as it came, what it says of its columns, and the last wave's codebook."""

    table: RawTable
    said: dict[str, Any]
    last: Codebook
    file: str
    year: int


@dataclass
class Entry:
    """One drafted variable; `guesses` says why, by key."""

    id: str
    label: tuple[str, str]
    type: str
    keys: dict[str, Any] = field(default_factory=dict)
    guesses: dict[str, str] = field(default_factory=dict)
    categories: Labels = ()
    reasons: tuple[str, ...] = ()
    like: Variable | None = None


@dataclass
class Drafted:
    """A drafted codebook, before it is written out."""

    level: Level
    entries: list[Entry] = field(default_factory=list)
    sectors: dict[str, int] = field(default_factory=dict)
    answers: dict[str, Labels] = field(default_factory=dict)
    missing: dict[str, tuple[int, str, str, str]] = field(default_factory=dict)
    themes: dict[str, tuple[str, str]] = field(default_factory=dict)
    guessed_themes: bool = False
    sets: dict[str, tuple[str, str]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    leave_out: list[str] = field(default_factory=list)


def draft_codebook(source: Source, level: Level) -> Drafted:
    """Draft a codebook.

    Parameters
    ----------
    source : Source
    level : {"all", "no gates", "no structure", "alone"}
        How much is taken over from the last wave: everything; all but gates and sectors; labels,
        types and themes only; nothing.
    """
    drafted = Drafted(level)
    taken: set[str] = {*NEEDED, *MARKS}
    for at, column in enumerate(source.table.columns):
        if column in (*NEEDED, *MARKS) or not column.strip():
            continue
        cells = source.table.cells[at]
        read = numbers(cells, {})
        if read.problems:
            drafted.leave_out.append(column)
            continue
        identity = _identity(column, taken)
        taken.add(identity)
        if identity != column:
            drafted.columns[column] = identity
        drafted.entries.append(_entry(source, drafted, column, identity, read.array))
    cells_of_sector = source.table.column("sector") or []
    counted = Counter(as_text(cell) for cell in cells_of_sector if not is_empty(cell))
    drafted.sectors = dict(sorted(counted.items()))
    _declared_sets(source, drafted)
    if level != "alone":
        _like_last(source, drafted)
    _own_themes(drafted)
    return drafted


def _identity(column: str, taken: set[str]) -> str:
    """Give a name that a codebook accepts: small letters, digits, underscores."""
    plain = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9_]+", "_", plain.lower()).strip("_")[:56] or "v"
    name = name if name[0].isalpha() else f"v_{name}"
    other, number = name, 2
    while other in taken:
        other, number = f"{name}_{number}", number + 1
    return other


def _entry(
    source: Source, drafted: Drafted, column: str, identity: str, values: np.ndarray[Any, Any]
) -> Entry:
    like = source.last.variables.get(identity) if drafted.level != "alone" else None
    text = clean(source.said.get("labels", {}).get(column) or column)
    entry = Entry(identity, (text, text), "nominal", like=like)
    if like is not None and text in (like.label.nl, like.label.en):
        entry.label = (like.label.nl, like.label.en)
    else:
        entry.guesses["label"] = "one text for both languages; translate it"
    if len(_plain(source.said.get("labels", {}).get(column) or "")) > LONGEST_LABEL:
        entry.guesses["label"] = f"cut off after {LONGEST_LABEL} signs; shorten and translate it"
    labelled = {
        int(code): clean(label)
        for code, label in source.said.get("values", {}).get(column, [])
        if isinstance(code, int | float) and float(code).is_integer() and abs(code) <= LARGEST_CODE
    }
    known = values[~np.isnan(values)]
    missing = _missing_codes(source, column, labelled, known, like)
    entry.reasons = tuple(
        _reason(source, drafted, code, labelled.get(code, ""), like) for code in sorted(missing)
    )
    if like is not None and set(like.missing) == set(entry.reasons):
        entry.reasons = like.missing
    substantive = {c: t for c, t in labelled.items() if c not in missing}
    observed = np.unique(known[~np.isin(known, list(missing))])
    _measure(source, entry, column, substantive, observed)
    return entry


def _missing_codes(
    source: Source,
    column: str,
    labelled: dict[int, str],
    known: np.ndarray[Any, Any],
    like: Variable | None,
) -> set[int]:
    """Give the codes that stand for no answer: declared, as last time, or by their label."""
    spans = source.said.get("missing", {}).get(column, [])
    codes = {*labelled, *(int(v) for v in np.unique(known) if float(v).is_integer())}
    found = {
        code
        for code in codes
        for low, high in spans
        if isinstance(low, int | float) and low <= code <= high
    }
    if like is not None:
        before = source.last.reason_codes(like.id)
        if not found or found <= set(before):
            found |= {code for code in before if code in labelled}
    found |= {code for code, text in labelled.items() if _MISSING_WORDS.search(text)}
    return found if len(codes - found) > 0 or not labelled else set()


def _reason(source: Source, drafted: Drafted, code: int, text: str, like: Variable | None) -> str:
    """Find or make the missing reason of a code, and give its id."""
    before = source.last.reason_codes(like.id).get(code) if like is not None else None
    if before is not None and text in (before.label.nl, before.label.en, ""):
        drafted.missing[before.id] = (code, before.label.nl, before.label.en, before.enters)
        return before.id
    text = text or f"code {code}"
    enters = "state" if _NOT_APPLICABLE.search(text) else "random"
    for name, (other, nl, _, _) in drafted.missing.items():
        if (other, nl) == (code, text):
            return name
    name = _identity(f"{text}", {*drafted.missing, "blank", "routed_past", "not_asked"})
    drafted.missing[name] = (code, text, text, enters)
    return name


def _measure(
    source: Source,
    entry: Entry,
    column: str,
    labelled: dict[int, str],
    observed: np.ndarray[Any, Any],
) -> None:
    """Settle the level of measurement and the categories."""
    like = entry.like
    if like is not None:
        before = {c.code: c.label for c in source.last.categories(like.id)}
        codes = set(labelled) or {int(v) for v in observed if float(v).is_integer()}
        if before and codes <= set(before) and all(v in before for v in observed):
            entry.type = like.type
            same = all(text in (before[c].nl, before[c].en) for c, text in labelled.items())
            entry.categories = tuple(
                (c, t.nl, t.en) if same else (c, labelled.get(c, t.nl), labelled.get(c, t.en))
                for c, t in before.items()
            )
            entry.guesses["type"] = f"as in {source.last.id}"
            return
        if not before and not labelled:
            entry.type = like.type
            entry.guesses["type"] = f"as in {source.last.id}"
            return
    entry.like = None
    whole = bool(len(observed)) and all(float(v).is_integer() for v in observed)
    if len(labelled) >= 2 and whole | (not len(observed)):
        codes = {*labelled, *(int(v) for v in observed)}
        entry.categories = tuple(
            (c, t, t) for c in sorted(codes) for t in [labelled.get(c, f"code {c}")]
        )
        if set(labelled) < codes:
            entry.guesses["answers"] = "some codes have no label in the file"
        measure = source.said.get("measure", {}).get(column)
        entry.type = "binary" if len(codes) == 2 else "nominal"
        if len(codes) > 2 and measure in _ORDERED:
            entry.type = "ordinal"
        entry.guesses["type"] = "binary, nominal or ordinal?"
    elif whole and set(observed.tolist()) <= {0.0, 1.0}:
        entry.type, entry.guesses["type"] = "binary", "0 and 1 only"
    elif whole and observed.min() >= 0:
        entry.type = "count"
        entry.guesses["type"] = (
            "whole numbers without labels; give an answer list if they are codes"
        )
    else:
        entry.type = "continuous"
        entry.guesses["type"] = "numbers without labels" if len(observed) else "no answers to go by"


def _declared_sets(source: Source, drafted: Drafted) -> None:
    """Take over the multi-response sets that the file declares, of options coded 0 and 1."""
    by_column = {drafted.columns.get(c, c): c for c in source.table.columns}
    for name, said in source.said.get("sets", {}).items():
        members = [str(m).lower() for m in said.get("variable_list", [])]
        mine = [e for e in drafted.entries if by_column.get(e.id, "").lower() in members]
        codes = [{c for c, _, _ in e.categories} for e in mine]
        fits = all(e.type == "binary" and c <= {0, 1} for e, c in zip(mine, codes, strict=True))
        if len(mine) < 2 or not said.get("is_dichotomy") or not fits:
            continue
        identity = _identity(name.lstrip("$"), set(drafted.sets))
        text = clean(said.get("label") or name.lstrip("$"))
        drafted.sets[identity] = (text, text)
        for entry in mine:
            entry.keys["set"] = identity
            entry.categories = ()


def _like_last(source: Source, drafted: Drafted) -> None:
    """Take over from the last wave what a data file does not say."""
    structure = ("scale", "reversed", "set", "composition", "battery")
    wanted = ["theme", "role", "question", "origin", "minimum", "maximum"]
    wanted += structure if drafted.level in ("all", "no gates") else ()
    wanted += ("gate", "sectors") if drafted.level == "all" else ()
    present = {entry.id for entry in drafted.entries}
    for entry in drafted.entries:
        like = entry.like
        if like is None:
            continue
        for key in wanted:
            value = getattr(like, key)
            default = type(like).model_fields[key].default
            if value == default or key in entry.keys:
                continue
            if key == "gate" and value.variable not in present:
                continue
            entry.keys[key] = value
            entry.guesses[key] = f"as in {source.last.id}"
        theme = entry.keys.get("theme")
        if theme is not None:
            text = source.last.themes[theme].label
            drafted.themes[theme] = (text.nl, text.en)


def _own_themes(drafted: Drafted) -> None:
    """Put questions without a theme together by the start of their names, to be named."""
    stems: dict[str, list[Entry]] = {}
    for entry in drafted.entries:
        if "theme" not in entry.keys and entry.keys.get("origin", "") != "register":
            stem, part, _ = entry.id.partition("_")
            stem = stem if part else re.split(r"\d", stem, maxsplit=1)[0]
            stems.setdefault(stem, []).append(entry)
    for stem, entries in stems.items():
        if len(entries) < _FEWEST_IN_THEME:
            continue
        drafted.guessed_themes = True
        name = _identity(f"theme_{stem}", set(drafted.themes))
        drafted.themes[name] = (f"NOEM MIJ ({stem})", f"NAME ME ({stem})")
        for entry in entries:
            entry.keys["theme"] = name
            entry.guesses["theme"] = f"its name begins with {stem!r}"


def clean(text: str) -> str:
    """Give a label on one line, at most 200 signs, without signs that cannot be seen."""
    return _plain(text)[:LONGEST_LABEL] or "-"


def _plain(text: str) -> str:
    shown = "".join(s if unicodedata.category(s)[0] != "C" else " " for s in str(text))
    return " ".join(shown.split())
