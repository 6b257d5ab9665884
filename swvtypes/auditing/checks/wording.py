"""Quantity words against the numbers beside them, or against the tables they speak of."""

from __future__ import annotations

from collections.abc import Iterator

from swvtypes.auditing.finding import Confidence, Finding
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.stated import stated_shares
from swvtypes.auditing.words import (
    Phrase,
    Verdict,
    approximate,
    describe,
    language_of,
    modifier_of,
    read_phrase,
)

_FAR_ENOUGH = 10.0


def check_wording(record: Record) -> Iterator[Finding]:
    """Find words that do not say the number printed with them.

    A word that stands alone is held against the share that the tables give for its statement,
    where the record's meaning tells which that is.
    """
    for statement in record.statements:
        if statement.kind != "percent" or not statement.qualifier:
            continue
        phrase = read_phrase(statement.qualifier)
        if statement.printed is not None and phrase is not None:
            low, high = float(statement.printed.low), float(statement.printed.high)
            yield from _judge(statement, phrase, low, high, "words_number")
        elif statement.printed is None and phrase is not None:
            yield from _from_tables(record, statement, phrase)
        elif statement.printed is not None and modifier_of(statement.qualifier):
            near = approximate(statement.printed, modifier_of(statement.qualifier))
            yield from _from_tables(record, statement, near)


def _from_tables(record: Record, statement: Statement, phrase: Phrase) -> Iterator[Finding]:
    shares = stated_shares(record, statement)
    if shares:
        low, high = float(min(shares)), float(max(shares))
        yield from _judge(statement, phrase, low, high, "words_tables")


def _confidence(verdict: Verdict, phrase: Phrase, low: float, high: float) -> Confidence:
    if verdict == "wrong_side":
        return "certain"
    if verdict == "doubtful":
        return "possible"
    gap = max(phrase.fits[0] - high, low - phrase.fits[1])
    return "certain" if gap > _FAR_ENOUGH else "likely"


def _judge(
    statement: Statement, phrase: Phrase, low: float, high: float, key: str
) -> Iterator[Finding]:
    verdict = phrase.judge(low, high)
    if verdict == "fits":
        return
    middle = (low + high) / 2
    shown = statement.qualifier
    if statement.printed is not None:
        shown = f"{statement.qualifier} ({statement.printed.text}%)"
    fitting = describe(middle)
    yield Finding(
        statement.place,
        "words",
        shown,
        f"{fitting.text(language_of(shown))} ({middle:.0f}%)"
        if key == "words_number"
        else f"{middle:.0f}%",
        key,
        _confidence(verdict, phrase, low, high),
        {"value": f"{middle:.0f}", "words": statement.qualifier},
    )
