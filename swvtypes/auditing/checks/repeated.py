"""The same statistic printed in several places: text, figure, footnote, table, appendix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from swvtypes.auditing.facts import Fact, statistics
from swvtypes.auditing.finding import Finding
from swvtypes.auditing.printed import Printed
from swvtypes.auditing.record import Record, Statement
from swvtypes.auditing.words import Quantity, read_quantity


def check_repeated(record: Record) -> Iterator[Finding]:
    """Find places that state one fact differently.

    Places agree when the number with fewer decimals is a rounding of the other. Of two that
    disagree the table is taken to be right over the text, and the more frequent print over the
    rarer one; which of them errs is not known, only that not both can hold.
    """
    groups: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in statistics(record):
        groups.setdefault((fact.variable, fact.sector, fact.kind), []).append(fact)
    for facts in groups.values():
        yield from _facts(facts)
    yield from _counts(record)
    for ids in record.meaning.same:
        yield from _statements([record.by_id[key] for key in ids if key in record.by_id])


def agree(one: Printed, other: Printed) -> bool:
    """Say whether two prints can be of one value."""
    return one.overlaps(other.low, other.high) and (
        one.decimals != other.decimals or one.value == other.value
    )


def _facts(facts: list[Fact]) -> Iterator[Finding]:
    votes = Counter(f.printed.value for f in facts)
    best = max(facts, key=lambda f: (votes[f.printed.value], f.in_table, f.printed.decimals))
    for fact in facts:
        if not agree(fact.printed, best.printed):
            yield Finding(
                fact.place,
                "same_fact",
                fact.printed.text,
                best.printed.text,
                "same_fact",
                "certain",
                {"where": _where(best)},
            )


def _where(fact: Fact) -> str:
    return (
        f"{fact.place.locator} ({fact.place.sector})" if fact.place.sector else fact.place.locator
    )


def _counts(record: Record) -> Iterator[Finding]:
    """Compare counts of one thing, named alike in the record, in several places."""
    groups: dict[tuple[str, ...], list[Statement]] = {}
    for s in record.statements:
        if s.kind == "count" and s.printed is not None and not s.elsewhere and not s.var2:
            groups.setdefault((s.var1, s.sector, s.category, s.instrument), []).append(s)
    for held in groups.values():
        votes = Counter(s.printed.value for s in held if s.printed)
        best = max(held, key=lambda s: votes[s.printed.value] if s.printed else 0)
        for s in held:
            if s.printed and best.printed and s.printed.value != best.printed.value:
                yield Finding(
                    s.place, "same_fact", s.printed.text, best.printed.text, "same_fact",
                    "likely", {"where": best.locator},
                )  # fmt: skip


def _statements(held: list[Statement]) -> Iterator[Finding]:
    """Statements named as the same fact; words count as the range they stand for."""
    read = [(s, q) for s in held if (q := read_quantity(s)) is not None]
    if not read:
        return
    best, best_quantity = min(read, key=_vagueness)
    others = [(s, q) for s, q in read if s.id != best.id]
    misfits = [(s, q) for s, q in others if not q.meets(best_quantity)]
    if len(misfits) > len(others) / 2 and len(others) > 1:
        best, best_quantity = min(misfits, key=_vagueness)
        misfits = [(s, q) for s, q in read if not q.meets(best_quantity)]
    for s, quantity in misfits:
        yield Finding(
            s.place,
            "same_fact",
            quantity.text,
            best_quantity.text,
            "same_words",
            "likely" if quantity.gap(best_quantity) > 2 or s.printed else "possible",
            {"where": best.locator, "low": f"{quantity.low:.0f}", "high": f"{quantity.high:.0f}"},
        )


def _vagueness(read: tuple[Statement, Quantity]) -> tuple[bool, bool, float]:
    """Sort numbers before words, known bases before unknown ones, narrow ranges before wide."""
    statement, quantity = read
    return statement.printed is None, statement.n is None, quantity.high - quantity.low
