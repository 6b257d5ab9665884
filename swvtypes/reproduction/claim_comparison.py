"""Whether what the rows give is what a statement says: a number, words, or a significance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from swvtypes.quantity_words import Phrase, approximate_number, modifier_of, read_phrase
from swvtypes.rounding import prints_as

from .claim_file import ClaimSpec
from .claim_rows import Outcome

LEVEL = 0.05
Answer = Literal["yes", "no", "loose"]
_WORDED = ("percent", "count")


@dataclass(frozen=True)
class Statement:
    """One row of a text record, as text.

    Attributes
    ----------
    id, locator, sector, kind, var1, var2, qualifier : str
        As in the record.
    printed : str
        The number with its printed decimals, empty where words stand alone.
    decimals : int
    p, df1, df2 : str
        As printed, empty where not printed.
    """

    id: str
    locator: str
    sector: str
    kind: str
    var1: str
    var2: str
    printed: str
    decimals: int
    p: str
    df1: str
    df2: str
    qualifier: str


@dataclass(frozen=True)
class Comparison:
    """How one version of the rows compares: the answer, and which printed parts differ."""

    answer: Answer
    differing: tuple[str, ...] = ()


def statement_of(line: Mapping[Any, Any]) -> Statement:
    """Read a row of a text record."""
    value, decimals = float(line["value"]), str(line["decimals"])
    places = int(decimals) if decimals else 0
    return Statement(
        id=str(line["id"]),
        locator=str(line["locator"]),
        sector=str(line["sector"]),
        kind=str(line["kind"]),
        var1=str(line["var1"]),
        var2=str(line["var2"]),
        printed="" if math.isnan(value) else f"{value:.{places}f}",
        decimals=places,
        p=str(line.get("p", "")),
        df1=str(line.get("df1", "")),
        df2=str(line.get("df2", "")),
        qualifier=str(line.get("qualifier", "")),
    )


def compare(statement: Statement, spec: ClaimSpec, outcome: Outcome) -> Comparison:
    """Compare what one version of the rows gives with a statement.

    Parameters
    ----------
    statement : Statement
    spec : ClaimSpec
    outcome : Outcome

    Returns
    -------
    Comparison
        Numbers must round, half up, to the print; "not significant" needs every p of at least
        .05; words and rounded numbers with a word such as "circa" must lie in the range that the
        shipped vocabulary gives them, and are ``"loose"`` where a reader could still take them so.
    """
    options = spec.options
    if options.get("expect") == "significant":
        return _answer(bool(outcome.p_values) and max(outcome.p_values) < LEVEL, "p")
    if statement.kind == "ns":
        return _answer(bool(outcome.p_values) and min(outcome.p_values) >= LEVEL, "p")
    if outcome.holds is not None:
        return _answer(outcome.holds, "value")
    if outcome.value is None or math.isnan(outcome.value):
        return Comparison("no", ("value",))
    if "at_least" in options or "at_most" in options:
        low, high = options.get("at_least", -math.inf), options.get("at_most", math.inf)
        return _answer(low <= outcome.value <= high, "value")
    if not statement.printed:
        return _words(read_phrase(str(options.get("read_as", statement.qualifier))), outcome)
    return _numbers(statement, outcome)


def _answer(agrees: bool, part: str) -> Comparison:
    return Comparison("yes") if agrees else Comparison("no", (part,))


def _words(phrase: Phrase | None, outcome: Outcome) -> Comparison:
    if phrase is None:
        return Comparison("loose", ("words",))
    values = outcome.values or (outcome.value,)
    judged = {phrase.judge(float(value or 0), float(value or 0)) for value in values}
    if judged == {"fits"}:
        return Comparison("yes")
    return Comparison("loose" if judged <= {"fits", "doubtful"} else "no", ("words",))


def _numbers(statement: Statement, outcome: Outcome) -> Comparison:
    if statement.kind == "p":
        return _answer(prints_as(outcome.p_values[0], statement.printed, statement.decimals), "p")
    differing = [] if _number_agrees(statement, outcome) else ["value"]
    if statement.p and outcome.p_values:
        places = len(statement.p.partition(".")[2])
        if not prints_as(outcome.p_values[0], statement.p, places):
            differing.append("p")
    for name, printed, found in (
        ("df1", statement.df1, outcome.df1),
        ("df2", statement.df2, outcome.df2),
    ):
        if printed and found is not None and int(printed) != found:
            differing.append(name)
    return Comparison("no", tuple(differing)) if differing else Comparison("yes")


def _number_agrees(statement: Statement, outcome: Outcome) -> bool:
    value: Fraction | float = math.nan if outcome.value is None else outcome.value
    if statement.kind == "effect_size" and value < 0:
        value = -value
    if prints_as(value, statement.printed, statement.decimals):
        return True
    near = modifier_of(statement.qualifier) if statement.kind in _WORDED else ""
    if not near:
        return False
    phrase = approximate_number(statement.printed, near)
    return phrase.judge(float(value), float(value)) == "fits"
