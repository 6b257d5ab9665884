"""How many relations the text says were found, and how strong it calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swvtypes.auditing.finding import Finding
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.statistics import read_p
from swvtypes.language import Label

_LEVEL = 0.05
# Cohen, J. (1988). Statistical Power Analysis, 2nd ed.: r of .10, .30 and .50, d of .20, .50 and
# .80 are small, medium and large. A word fits from halfway the class below to halfway that above.
_SIZES = {
    "r": {"small": (0.0, 0.40), "medium": (0.20, 0.50), "large": (0.40, 1.0)},
    "effect_size": {"small": (0.0, 0.50), "medium": (0.35, 0.80), "large": (0.65, 99.0)},
}
_CLASSES = {
    "r": {"large": 0.5, "medium": 0.3, "small": 0.0},
    "effect_size": {"large": 0.8, "medium": 0.5, "small": 0.0},
}
_NAMES = {
    "small": Label("klein", "small"),
    "medium": Label("middelgroot", "medium"),
    "large": Label("groot", "large"),
}
_ENGLISH = r"\b(small|weak|medium|moderate|large|strong)\b"
_WORDS = {
    "small": r"\b(klein|kleine|zwak|zwakke|small|weak)\b",
    "medium": r"\b(middelgroot|matig|matige|medium|moderate)\b",
    "large": r"\b(groot|grote|sterk|sterke|large|strong)\b",
}


def check_related(record: Record) -> Iterator[Finding]:
    """Find counts of relations that the printed tests do not give, and words for their size."""
    for statement in record.statements:
        if statement.kind == "count" and statement.category.startswith("related"):
            yield from _count(record, statement)
        elif statement.kind in _SIZES:
            yield from _size(statement)


def _stem(name: str) -> str:
    return name.removesuffix("s")


def _count(record: Record, statement: Statement) -> Iterator[Finding]:
    tests = [
        s
        for s in record.statements
        if s.kind == "r"
        and s.var2 == statement.var2
        and s.var1.startswith(_stem(statement.var1) + "_")
        and (s.sector == statement.sector or statement.sector in {"", "both", "all"})
        and _significant(s)
    ]
    if not tests or statement.printed is None or len(tests) == statement.printed.value:
        return
    # An unprinted test may explain a larger number, nothing explains a smaller one.
    where = ", ".join(dict.fromkeys(test.locator for test in tests))
    fewer = statement.printed.value < len(tests)
    yield Finding(
        statement.place, "same_fact", statement.printed.text, str(len(tests)), "related_count",
        "likely" if fewer else "possible", {"where": where},
    )  # fmt: skip


def _significant(statement: Statement) -> bool:
    p = read_p(statement.p)
    return p is not None and p.sign != ">" and float(p.number.value) <= _LEVEL


def _size(statement: Statement) -> Iterator[Finding]:
    if statement.printed is None:
        return
    named = [
        size for size, words in _WORDS.items() if re.search(words, statement.qualifier.lower())
    ]
    if len(named) != 1:
        return
    value = abs(float(statement.printed.value))
    sizes = _SIZES[statement.kind]
    low, high = sizes[named[0]]
    if low <= value <= high:
        return
    classes = _CLASSES[statement.kind]
    fitting = next(size for size, least in classes.items() if value >= least)
    shown = _NAMES[fitting].text("en" if re.search(_ENGLISH, statement.qualifier) else "nl")
    yield Finding(
        statement.place, "words", f"{statement.qualifier} ({statement.printed.text})", shown,
        "size_words", "possible", {"value": statement.printed.text, "words": statement.qualifier},
    )  # fmt: skip
