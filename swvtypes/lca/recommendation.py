"""An explained recommendation on the number of classes.

No criterion dictates. Each names its number; those that agree are counted together; a number of
classes is put forward only where the data can carry it and at least two criteria name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.language import Label, Language, check_language

from .model import check_real, check_whole

CRITERIA = ("aic", "aic3", "bic", "caic", "sabic", "icl_bic")
NAMES = {
    "aic": "AIC", "aic3": "AIC3", "bic": "BIC", "caic": "CAIC", "sabic": "SABIC",
    "icl_bic": "ICL-BIC", "blrt": "BLRT",
}  # fmt: skip
LEVEL = 0.05
SMALL_SAMPLE = 300


@dataclass(frozen=True)
class Limits:
    """What a model must show before it is put forward: conventions, to be set otherwise at will.

    Parameters
    ----------
    cases_per_parameter : float
        Least number of cases for each free parameter.
    smallest_share : float
        Least share of the smallest class.
    smallest_n : float
        Least expected number of cases in the smallest class.
    times_replicated : int
        Starts that must have come to the best solution.
    """

    cases_per_parameter: float = 1.0
    smallest_share: float = 0.05
    smallest_n: float = 10.0
    times_replicated: int = 2

    def __post_init__(self) -> None:
        check_real("cases_per_parameter", self.cases_per_parameter, 0.0)
        check_real("smallest_share", self.smallest_share, 0.0)
        check_real("smallest_n", self.smallest_n, 0.0)
        check_whole("times_replicated", self.times_replicated, 1)


@dataclass(frozen=True)
class Recommendation:
    """Which number of classes the criteria name, and what the data can carry.

    Attributes
    ----------
    n_classes : int or None
        Number put forward; None where fewer than two criteria agree on one that the data carry.
    choices : mapping of str to int
        Number that each criterion names.
    agree, disagree : tuple of str
        Criteria that name the number put forward, and the others.
    objections : mapping of int to tuple of Label
        Why the data do not carry a number of classes; absent where they do.
    sentences : tuple of Label
        The explanation.
    """

    n_classes: int | None
    choices: Mapping[str, int]
    agree: tuple[str, ...]
    disagree: tuple[str, ...]
    objections: Mapping[int, tuple[Label, ...]]
    sentences: tuple[Label, ...]

    def text(self, language: Language = "en") -> str:
        """Give the explanation in Dutch or English."""
        checked = check_language(language)
        return " ".join(sentence.text(checked) for sentence in self.sentences)


def recommend(table: pd.DataFrame, n: float, limits: Limits | None = None) -> Recommendation:
    """Weigh the table of :func:`enumerate_classes`.

    Parameters
    ----------
    table : DataFrame
        Indexed by n_classes.
    n : float
        Cases.
    limits : Limits, optional
        What a model must show.

    Returns
    -------
    Recommendation
    """
    limits = limits or Limits()
    choices = {
        name: int(table.index.to_numpy()[table[name].argmin()])
        for name in CRITERIA
        if table[name].notna().any()
    }
    tested = _sequential_choice(table)
    if tested is not None:
        choices["blrt"] = tested
    objections = _objections(table, n, limits)
    votes = {k: [c for c, chosen in choices.items() if chosen == k] for k in table.index}
    able = [int(k) for k in table.index if k not in objections and len(votes[k]) >= 2]
    best = max((len(votes[k]) for k in able), default=0)
    chosen = next((k for k in able if len(votes[k]) == best), None)
    agree = tuple(votes[chosen]) if chosen is not None else ()
    disagree = tuple(c for c in choices if c not in agree)
    sentences = [_verdict(chosen, agree)]
    sentences += _others(choices, disagree)
    sentences += _carrying(choices, objections)
    sentences.append(_allowed(table, objections, n))
    sentences += _cautions(table, choices, chosen, n)
    return Recommendation(chosen, choices, agree, disagree, objections, tuple(sentences))


def _sequential_choice(table: pd.DataFrame) -> int | None:
    """Give, going up, the first number of classes that one more does not improve."""
    if "blrt_p" not in table or table["blrt_p"].isna().all():
        return None
    for k in table.index:
        if k + 1 in table.index and not table.loc[k + 1, "blrt_p"] <= LEVEL:
            return int(k)
    return int(table.index.max())


def _objections(table: pd.DataFrame, n: float, limits: Limits) -> dict[int, tuple[Label, ...]]:
    found = {}
    for k, row in table.iterrows():
        reasons = []
        per = n / row["n_parameters"]
        if per < limits.cases_per_parameter:
            reasons.append(Label(
                f"{row['n_parameters']} parameters op {n:g} gevallen",
                f"{row['n_parameters']} parameters for {n:g} cases",
            ))  # fmt: skip
        share, size = row["smallest_class"], row["smallest_class_n"]
        if share < limits.smallest_share or size < limits.smallest_n:
            reasons.append(Label(
                f"de kleinste klasse telt {_dutch(size)} gevallen ({_percent(share, 'nl')})",
                f"the smallest class has {size:.1f} cases ({_percent(share, 'en')})",
            ))  # fmt: skip
        times = int(row["times_replicated"])
        if times < limits.times_replicated:
            reasons.append(Label(
                f"de beste oplossing is {times} keer gevonden",
                f"the best solution was found {times} time{'' if times == 1 else 's'}",
            ))  # fmt: skip
        if not row["converged"]:
            reasons.append(Label("niet geconvergeerd", "not converged"))
        if reasons:
            found[int(k)] = tuple(reasons)  # type: ignore[call-overload]
    return found


def _dutch(number: float, digits: int = 1) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


def _percent(share: float, language: Language) -> str:
    return f"{_dutch(100 * share)}%" if language == "nl" else f"{100 * share:.1f}%"


def _named(criteria: tuple[str, ...] | list[str]) -> str:
    return ", ".join(NAMES[c] for c in criteria)


def _classes(k: int) -> Label:
    return Label("1 klasse" if k == 1 else f"{k} klassen", "1 class" if k == 1 else f"{k} classes")


def _verdict(chosen: int | None, agree: tuple[str, ...]) -> Label:
    if chosen is None:
        return Label(
            "Geen aantal klassen wordt aanbevolen: geen twee criteria noemen hetzelfde aantal dat "
            "deze gegevens kunnen dragen.",
            "No number of classes is recommended: no two criteria name the same number that "
            "these data can carry.",
        )
    size = _classes(chosen)
    return Label(
        f"{size.nl}: daarop wijzen {_named(agree)}.", f"{size.en}: named by {_named(agree)}."
    )


def _others(choices: Mapping[str, int], disagree: tuple[str, ...]) -> list[Label]:
    by_number: dict[int, list[str]] = {}
    for criterion in disagree:
        by_number.setdefault(choices[criterion], []).append(criterion)
    return [
        Label(
            f"{_named(named)} {'wijst' if len(named) == 1 else 'wijzen'} op {_classes(k).nl}.",
            f"{_named(named)} {'names' if len(named) == 1 else 'name'} {_classes(k).en}.",
        )
        for k, named in sorted(by_number.items())
    ]


def _carrying(
    choices: Mapping[str, int], objections: Mapping[int, tuple[Label, ...]]
) -> list[Label]:
    """Say of every number that a criterion names why the data do not carry it."""
    return [
        Label(
            f"Tegen {_classes(k).nl}: {'; '.join(r.nl for r in objections[k])}.",
            f"Against {_classes(k).en}: {'; '.join(r.en for r in objections[k])}.",
        )
        for k in sorted(set(choices.values()))
        if k in objections
    ]


def _allowed(table: pd.DataFrame, objections: Mapping[int, tuple[Label, ...]], n: float) -> Label:
    """Say which of the numbers tried the data carry."""
    carried = [int(k) for k in table.index if k not in objections]
    if not carried:
        return Label(
            f"{n:g} gevallen dragen geen van de geprobeerde aantallen klassen.",
            f"{n:g} cases carry none of the numbers of classes tried.",
        )
    if len(carried) == len(table):
        return Label(
            f"{n:g} gevallen dragen alle geprobeerde aantallen klassen.",
            f"{n:g} cases carry all numbers of classes tried.",
        )
    return Label(
        f"{n:g} gevallen dragen van de geprobeerde aantallen klassen alleen "
        f"{_enumerated(carried, 'en')}.",
        f"Of the numbers of classes tried, {n:g} cases carry {_enumerated(carried, 'and')} only.",
    )


def _enumerated(numbers: list[int], last: str) -> str:
    words = [str(k) for k in numbers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _cautions(
    table: pd.DataFrame, choices: Mapping[str, int], chosen: int | None, n: float
) -> list[Label]:
    found = []
    edge = [c for c, k in choices.items() if k == table.index.max() and k > 1]
    if edge:
        found.append(Label(
            f"{_named(edge)}: het beste aantal is het grootste dat geprobeerd is; probeer er meer.",
            f"{_named(edge)}: the best number is the largest tried; try more.",
        ))  # fmt: skip
    if not choices:
        found.append(Label(
            "Met steekproefgewichten zijn er geen criteria die gevallen tellen.",
            "Under survey weights no criterion counts cases.",
        ))  # fmt: skip
    if chosen is not None:
        found += _misfit(table, chosen)
    if n < SMALL_SAMPLE:
        found.append(Label(
            f"Met {n:g} gevallen blijven klassen die weinig verschillen onopgemerkt; simuleer het "
            "onderscheidend vermogen.",
            f"With {n:g} cases, classes that differ little go unseen; simulate the power.",
        ))  # fmt: skip
    if chosen is not None:
        per = n / float(np.asarray(table.loc[chosen, "n_parameters"]))
        found.append(Label(
            f"Gevallen per parameter: {_dutch(per)}.",
            f"Cases per parameter: {per:.1f}.",
        ))  # fmt: skip
    return found


def _misfit(table: pd.DataFrame, chosen: int) -> list[Label]:
    """Say what the bootstrap finds wrong with the fit of the number put forward."""
    if "largest_residual_p" not in table:
        return []
    p, size = float(np.asarray(table.loc[chosen, "largest_residual_p"])), _classes(chosen)
    if not p <= LEVEL:
        return []
    return [Label(
        f"Met {size.nl} blijven paren kenmerken samenhangen (bootstrap-p van het grootste "
        f"bivariate residu {_dutch(p, 3)}): zie de bivariate residuen.",
        f"With {size.en} pairs of items stay associated (bootstrap p of the largest bivariate "
        f"residual {p:.3f}): see the bivariate residuals.",
    )]  # fmt: skip
