"""Percentages and counts of the running text against the tables they are taken from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from swvtypes.auditing.finding import Confidence, Finding
from swvtypes.auditing.meaning import Choice
from swvtypes.auditing.printed import either, show
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.shares import choice_parts
from swvtypes.auditing.stated import Backing, backing
from swvtypes.auditing.words import modifier_of, read_phrase


def check_statements(record: Record) -> Iterator[Finding]:
    """Find percentages and counts in the text that the tables do not give.

    Which answers a statement counts is named in its note (``category=``). Statements of one
    passage on one category follow one missing rule; a number that only the other rule gives is no
    more than "possible". Numbers with words such as "about" are left to the check on wording.
    """
    backed = [(s, held) for s in record.statements if (held := backing(record, s)) is not None]
    rules = _rules(backed)
    for statement, held in backed:
        if statement.printed is not None and not _approximate(statement):
            yield from _percent(statement, held, rules.get(_passage(statement), ""))
    for statement in record.statements:
        if statement.kind == "count" and statement.printed is not None:
            yield from _count(record, statement)


def _approximate(statement: Statement) -> bool:
    return bool(modifier_of(statement.qualifier)) and read_phrase(statement.qualifier) is None


def _passage(statement: Statement) -> tuple[str, str]:
    return statement.locator, statement.category


def _rules(backed: list[tuple[Statement, Backing]]) -> dict[tuple[str, str], str]:
    """Find which missing rule a passage follows, where its numbers decide it."""
    votes: dict[tuple[str, str], Counter[str]] = {}
    for statement, held in backed:
        if statement.printed is None or not held.dropped:
            continue
        kept = any(statement.printed.fits(v) for v in held.kept)
        dropped = any(statement.printed.fits(v) for v in held.dropped)
        if kept != dropped:
            votes.setdefault(_passage(statement), Counter())["kept" if kept else "dropped"] += 1
    return {
        passage: rule
        for passage, counter in votes.items()
        for rule, other in (("kept", "dropped"), ("dropped", "kept"))
        if counter[rule] > counter[other]
    }


def _percent(statement: Statement, held: Backing, rule: str) -> Iterator[Finding]:
    printed = statement.printed
    if printed is None or not held.shares:
        return
    ruled = {"kept": held.kept, "dropped": held.dropped}.get(rule) or held.shares
    if any(printed.fits(share) for share in ruled):
        return
    key, confidence = "stated", "certain"
    if any(printed.fits(v) for v in held.twice if v not in held.shares):
        key, confidence = "stated_twice", "possible"
    elif any(printed.fits(share) for share in held.shares):
        key, confidence = "stated_rule", "possible"
    yield _finding(
        statement, held, ruled, key, "certain" if confidence == "certain" else "possible"
    )


def _finding(
    statement: Statement,
    held: Backing,
    shares: list[Fraction],
    key: str,
    confidence: Confidence,
) -> Finding:
    printed = statement.printed
    decimals = printed.decimals if printed else 0
    return Finding(
        statement.place,
        "derived",
        printed.text if printed else "",
        either([show(share, decimals) for share in shares]),
        key,
        confidence,
        {"where": ", ".join(held.where)},
        held.places,
    )


def _count(record: Record, statement: Statement) -> Iterator[Finding]:
    if statement.elsewhere or statement.var2 or "caption" in statement.note:
        return
    value, where = _counted(record, statement)
    if value is None or statement.printed is None or statement.printed.value == value:
        return
    yield Finding(
        statement.place, "same_fact", statement.printed.text, str(value), "counted", "certain",
        {"where": where},
    )  # fmt: skip


def _counted(record: Record, statement: Statement) -> tuple[int | None, str]:
    """Give how many the tables count: answers, a base, the items of a scale, groups."""
    if statement.category == "items":
        for scale in record.meaning.scales:
            if scale.variable == statement.var1:
                return len(scale.names), scale.table
    for choice in record.meaning.choices:
        if choice.variable != statement.var1:
            continue
        if statement.category == "groups" and choice.partition:
            return len(choice.categories), next(iter(choice.source.values()))
        found = _answers(record, choice, statement)
        if found is not None:
            return found, ", ".join(choice.source.values())
    return None, ""


def _answers(record: Record, choice: Choice, statement: Statement) -> int | None:
    sectors = [statement.sector] if statement.sector in record.sectors else list(record.sectors)
    total = 0
    for sector in sectors:
        names = [statement.category]
        if statement.category == "base":
            names = list(choice.categories)[:1]
        held = choice_parts(record, choice, names[0], sector)
        parts = held[0][0].parts(held[0][1]) if held and held[0][0].counts else []
        if len(parts) != 1:
            return None
        total += int(parts[0][1] if statement.category == "base" else parts[0][0])
    return total
