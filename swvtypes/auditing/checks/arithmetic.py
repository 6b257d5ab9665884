"""Statements that follow from others by simple arithmetic."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from swvtypes.auditing.finding import Finding
from swvtypes.auditing.meaning import Arithmetic
from swvtypes.auditing.printed import Printed, show
from swvtypes.auditing.record import Record

_Z95 = 1.959963984540054


def check_arithmetic(record: Record) -> Iterator[Finding]:
    """Find sums, products, shares and margins of error that do not come out.

    Which statements belong together is said in the record's meaning.
    """
    for line in record.meaning.arithmetic:
        statement = record.by_id.get(line.id)
        parts = [record.by_id.get(key) for key in line.of]
        printed = [p.printed for p in parts if p is not None and p.printed is not None]
        if statement is None or statement.printed is None or len(printed) < len(line.of):
            continue
        value = _value(line, printed)
        whole = statement.printed
        if line.operation == "covered":
            if whole.low > value:
                yield Finding(
                    statement.place, "arithmetic", whole.text, f"<= {show(value, 0)}",
                    "arithmetic_covered", "possible",
                    {"parts": " + ".join(p.text for p in printed), "sum": show(value, 0)},
                )  # fmt: skip
        elif not whole.fits(value):
            yield Finding(
                statement.place, "arithmetic", whole.text, show(value, whole.decimals),
                f"arithmetic_{line.operation}", "certain",
                {"parts": ", ".join(p.text for p in printed)},
            )  # fmt: skip


def _value(line: Arithmetic, parts: list[Printed]) -> Fraction:
    values = [part.value for part in parts]
    if line.operation == "product":
        return math.prod(values, start=Fraction(1))
    if line.operation == "share":
        return 100 * values[0] / values[1]
    if line.operation == "margin":
        return Fraction(margin(int(values[0]), int(values[1]))).limit_denominator(10**6)
    if line.operation == "covered":
        return sum((part.high for part in parts), Fraction(0))
    return sum(values, Fraction(0))


def margin(sample: int, population: int) -> float:
    """Give the 95% margin, in percentage points, of a share of one half.

    The finite population correction ``sqrt((N - n) / (N - 1))`` is applied (Cochran, W. G.
    (1977). *Sampling Techniques*, eq. 3.9).

    Examples
    --------
    >>> round(margin(136, 151), 2), round(margin(40, 151), 2)
    (2.66, 13.33)
    """
    correction = math.sqrt((population - sample) / (population - 1))
    return 100 * _Z95 * math.sqrt(0.25 / sample) * correction
