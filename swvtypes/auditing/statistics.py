"""p-values of printed tests, with the rounding windows of both the statistic and its p."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from .printed import Printed
from .record import Statement

KINDS = {"r": "r", "F": "F", "t": "t", "chi2": "chi2", "chi-square": "chi2", "x2": "chi2"}


@dataclass(frozen=True)
class PrintedP:
    """A p as printed: equal to, or only below or above, a number."""

    sign: str
    number: Printed

    def overlaps(self, low: float, high: float, units: float = 0.0) -> bool:
        """Say whether a range of p-values holds one that would print so.

        `units` widens the window by that many units of the last digit.
        """
        slack = units * float(self.number.unit) + 1e-12
        if self.sign == "<":
            return low < float(self.number.value) + slack
        if self.sign == ">":
            return high > float(self.number.value) - slack
        return low <= float(self.number.high) + slack and high >= float(self.number.low) - slack

    @property
    def text(self) -> str:
        """As printed."""
        return ("" if self.sign == "=" else self.sign) + self.number.text


def read_p(text: str) -> PrintedP | None:
    """Read ``"0.017"``, ``"<.001"`` or ``"> 0.05"``; None where there is no p from 0 to 1."""
    number = number_of_p(text)
    if number is None or not 0 <= number.value <= 1:
        return None
    sign = text.strip()[0]
    return PrintedP(sign if sign in {"<", ">"} else "=", number)


def number_of_p(text: str) -> Printed | None:
    """Read the number of a printed p, whatever it is; None where there is none."""
    digits = text.strip().replace(",", ".").lstrip("<>= ")
    try:
        value = float(digits)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return Printed.of(value, len(digits.partition(".")[2]))


def can_be(kind: str, printed: Printed) -> bool:
    """Say whether a statistic can print so at all: r from -1 to 1, F and chi-square from 0."""
    if kind == "r":
        return printed.low <= 1 and printed.high >= -1
    return kind == "t" or printed.high >= 0


def p_value(kind: str, statistic: float, df1: float, df2: float) -> float:
    """Give the two-sided p of a statistic (one-sided for F and chi-square).

    Parameters
    ----------
    kind : {"r", "F", "t", "chi2"}
        For r and t `df2` holds the degrees of freedom, for chi-square `df1`.
    """
    if kind == "F":
        return float(stats.f.sf(statistic, df1, df2))
    if kind == "chi2":
        return float(stats.chi2.sf(statistic, df1))
    if kind == "r":
        if abs(statistic) >= 1:
            return 0.0
        statistic *= math.sqrt(df2 / (1 - statistic * statistic))
    return float(2 * stats.t.sf(abs(statistic), df2))


def p_range(kind: str, printed: Printed, df1: float, df2: float) -> tuple[float, float]:
    """Give the p-values of all statistics that print as `printed`."""
    ends = [abs(float(printed.low)), abs(float(printed.high))]
    if printed.low <= 0 <= printed.high:
        ends.append(0.0)
    values = [p_value(kind, end, df1, df2) for end in ends]
    return min(values), max(values)


def statistic_for(kind: str, p: float, df1: float, df2: float) -> float:
    """Give the statistic (positive) whose p is `p`."""
    if kind == "F":
        return float(stats.f.isf(p, df1, df2))
    if kind == "chi2":
        return float(stats.chi2.isf(p, df1))
    t = float(stats.t.isf(p / 2, df2))
    return t / math.sqrt(df2 + t * t) if kind == "r" else t


def degrees(statement: Statement) -> tuple[float, float] | None:
    """Give the printed degrees of freedom, in the places that :func:`p_value` wants them."""
    df1 = float(statement.df1.value) if statement.df1 else None
    df2 = float(statement.df2.value) if statement.df2 else None
    kind = KINDS.get(statement.kind)
    if kind == "F":
        return (df1, df2) if df1 and df2 else None
    if kind == "chi2":
        return (df1, 0.0) if df1 else None
    if kind in {"r", "t"}:
        held = df2 or df1
        return (0.0, held) if held else None
    return None
