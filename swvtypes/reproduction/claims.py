"""Every statement of running text beside what the rows give."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

import pandas as pd

from swvtypes.errors import RecordError
from swvtypes.language import Label

from . import claim_counts as counts
from . import claim_statistics as statistics
from .claim_comparison import Statement, compare, statement_of
from .claim_file import OUTSIDE, ClaimSet, ClaimSpec
from .claim_fits import Fitted
from .claim_rows import ClaimRows, Outcome
from .claim_verdicts import Claim, by_p, judge_claim, shown_value
from .findings import Finding, Role

CLAIM_COLUMNS = (
    "id",
    "locator",
    "sector",
    "kind",
    "var1",
    "var2",
    "printed",
    "computed",
    "verdict",
    "role",
    "reason",
    "reason_nl",
    "chapter",
    "qualifier",
    "p",
    "decimals",
    "analysis",
    "computed_is",
    "base_n",
    "lowest",
    "highest",
    "seeds_agreeing",
    "disagreeing",
)
Analysis = Callable[[ClaimRows, str, Mapping[str, object], str], Outcome]

_ANALYSES: Mapping[str, Analysis] = {
    "population": counts.population,
    "respondents": counts.respondents,
    "response": counts.response,
    "questionnaire": counts.questionnaire,
    "share": counts.share,
    "sum_of_cells": counts.sum_of_cells,
    "most_chosen": counts.most_chosen,
    "items_without_majority": counts.items_without_majority,
    "score": statistics.score,
    "score_share": statistics.score_share,
    "largest_mean": statistics.largest_mean,
    "reliability": statistics.alpha,
    "forms_scale": statistics.forms_scale,
    "relation": statistics.relation,
    "count_of_relations": statistics.count_of_relations,
    "sector_difference": statistics.sector_difference,
    "groups": statistics.groups,
}
_NO_SPECIFICATION = Label(
    "Niets zegt welke analyse van de rijen dit beantwoordt.",
    "Nothing says which analysis of the rows answers this.",
)


def compare_claims(
    text: pd.DataFrame,
    claims: ClaimSet | None,
    rows: Mapping[int, ClaimRows],
    fitted: Fitted,
) -> pd.DataFrame:
    """Set every statement of a text record beside the rows.

    Parameters
    ----------
    text : DataFrame
        A text record (see :func:`swvtypes.published.load`).
    claims : ClaimSet or None
        Which analysis answers each; None when none was written for this report.
    rows : mapping of int to ClaimRows
        Versions of the rows by seed.
    fitted : Fitted
        What the rows were fitted to, and what is proven.

    Returns
    -------
    DataFrame
        One row a statement, columns :data:`CLAIM_COLUMNS`; none where statements bear no ids and
        no specification asks for them. Missing answers are left out of each
        statistic as the analysis says; survey weights are not used.

    Raises
    ------
    RecordError
        When the specification names statements that the record lacks.
    """
    if claims is None and "id" not in text:
        return pd.DataFrame(columns=list(CLAIM_COLUMNS))
    specs: Mapping[str, ClaimSpec] = claims.specs if claims is not None else {}
    unknown = sorted(set(specs) - set(text["id"])) if len(text) and "id" in text else sorted(specs)
    if unknown:
        raise RecordError("claims", [f"{key}: the record has no such statement" for key in unknown])
    lines = []
    for line, chapter in zip(text.to_dict("records"), _chapters(text), strict=True):
        statement = statement_of(line)
        spec = specs.get(statement.id)
        shared = {name: line[name] for name in CLAIM_COLUMNS[:6]} | {
            "printed": line["value"],
            "chapter": chapter,
            "qualifier": statement.qualifier,
            "p": statement.p,
            "decimals": statement.decimals,
            "analysis": spec.analysis if spec else "",
        }
        if spec is None or spec.analysis == OUTSIDE:
            why = _NO_SPECIFICATION
            if spec is not None and claims is not None:
                why = claims.outside[spec.options["because"]]
            lines.append({**shared, **_unanswered(why, tuple(rows))})
        else:
            lines.append({**shared, **_answered(statement, spec, rows, fitted)})
    return pd.DataFrame(lines, columns=list(CLAIM_COLUMNS))


def _answered(
    statement: Statement, spec: ClaimSpec, rows: Mapping[int, ClaimRows], fitted: Fitted
) -> dict[str, object]:
    analysis = _ANALYSES[spec.analysis]
    outcomes = tuple(
        analysis(one, statement.sector, spec.options, statement.kind) for one in rows.values()
    )
    role: Role = fitted.role(statement.id, outcomes[0].facts)
    compared = tuple(compare(statement, spec, outcome) for outcome in outcomes)
    claim = Claim(statement, role, outcomes, compared)
    finding: Finding = judge_claim(claim, fitted)
    values = [shown_value(claim, outcome) for outcome in outcomes]
    known = [value for value in values if not math.isnan(value)]
    wrong = [seed for seed, agrees in zip(rows, claim.agreeing, strict=True) if not agrees]
    nothing = float("nan")
    return {
        "computed": values[0],
        "verdict": finding.verdict,
        "role": role,
        "reason": finding.reason.en,
        "reason_nl": finding.reason.nl,
        "computed_is": "p" if by_p(claim) else "value",
        "base_n": outcomes[0].n,
        "lowest": min(known, default=nothing),
        "highest": max(known, default=nothing),
        "seeds_agreeing": len(rows) - len(wrong),
        "disagreeing": ", ".join(map(str, wrong)),
    }


def _unanswered(why: Label, seeds: tuple[int, ...]) -> dict[str, object]:
    nothing = float("nan")
    return {
        "computed": nothing,
        "verdict": "undetermined",
        "role": "free",
        "reason": why.en,
        "reason_nl": why.nl,
        "computed_is": "",
        "base_n": 0,
        "lowest": nothing,
        "highest": nothing,
        "seeds_agreeing": 0,
        "disagreeing": "",
    }


def _chapters(text: pd.DataFrame) -> list[str]:
    """Give each statement its chapter; a footnote has that of the section before it."""
    chapters, last = [], ""
    for locator in text.get("locator", ()):
        section = re.fullmatch(r"(\d+)(\.\d+)*", str(locator))
        appendix = re.fullmatch(r"Bijlage (\d+)", str(locator))
        if section:
            last = section[1]
        elif appendix:
            last = f"appendix_{appendix[1]}"
        elif not str(locator).startswith("vn "):
            last = str(locator)
        chapters.append(last)
    return chapters
