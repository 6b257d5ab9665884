"""The number of classes of a theme: a stated rule, and what spoke against its choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isnan

import pandas as pd

from swvtypes.language import Label
from swvtypes.lca import BootstrapTest, ClassEnumeration
from swvtypes.lca.recommendation import NAMES, recommend

from .options import ChoiceRule, ThemeOptions
from .result import Choice

Rows = Mapping[int, Mapping[str, float]]

_USED = ("bic", "blrt_p", "entropy_r2", "smallest_class_n")
# A difference in BIC below which neither model is preferred (Kass and Raftery 1995).
_UNDECIDED = 2.0
_RULES: Mapping[ChoiceRule, Label] = {
    "bootstrap_then_bic": Label(
        "de bootstraptoets beslist of er klassen zijn, toets en BIC samen hoeveel",
        "the bootstrap test decides whether there are classes, test and BIC together how many",
    ),
    "bic": Label("de laagste BIC", "the lowest BIC"),
    "bootstrap": Label(
        "klassen erbij zolang de bootstraptoets dat steunt",
        "more classes as long as the bootstrap test supports it",
    ),
    "both": Label(
        "klassen erbij zolang bootstraptoets en BIC dat steunen",
        "more classes as long as bootstrap test and BIC support it",
    ),
}


def with_tests(
    found: ClassEnumeration, tests: Mapping[int, BootstrapTest], options: ThemeOptions
) -> ClassEnumeration:
    """Add bootstrap tests, by the number of classes under the null hypothesis, to a table."""
    table = found.table.copy()
    for column in ("blrt_statistic", "blrt_p", "blrt_error"):
        table[column] = float("nan")
    table["blrt_n_boot"] = 0
    for k, test in tests.items():
        table.loc[k + 1, ["blrt_statistic", "blrt_p", "blrt_error"]] = [
            test.statistic, test.p_value, test.standard_error
        ]  # fmt: skip
        table.loc[k + 1, "blrt_n_boot"] = test.n_boot
    n = float(found.models[min(found.models)].design_.n)
    return replace(
        found, table=table, tests=dict(tests), recommendation=recommend(table, n, options.limits)
    )


def choose_classes(found: ClassEnumeration, options: ThemeOptions) -> Choice:
    """Choose the number of classes.

    ``"bootstrap_then_bic"`` goes up from one class. The step to two is taken where the bootstrap
    likelihood-ratio test calls for it, whatever BIC says: at small numbers BIC misses classes
    that are there, and the test keeps its level. Further steps also need a BIC that is at most 2
    worse. ``"bootstrap"`` asks the test alone, ``"both"`` the test and a lower BIC at every step,
    ``"bic"`` takes the lowest BIC and is what a quick analysis falls back on. No rule chooses a
    model that breaks the limits (smallest class, replication, cases a parameter, convergence) or
    has less than the least separation; the next lower number is then taken.

    Parameters
    ----------
    found : ClassEnumeration
        Models side by side, with the tests that were needed.
    options : ThemeOptions
        Rule and limits.

    Returns
    -------
    Choice
        With one class as a possible answer.
    """
    rule: ChoiceRule = "bic" if options.quick else options.rule
    table = _rows(found.table)
    barred = _barred(found, table, options)
    wanted = (
        min(table, key=lambda k: table[k]["bic"])
        if rule == "bic"
        else _walk(table, rule, options.level)
    )
    chosen = max(k for k in table if k <= wanted and k not in barred)
    sentences = [_classes(chosen), _by_rule(rule)]
    if chosen > 1 and not isnan(table[chosen]["blrt_p"]):
        p = _number(table[chosen]["blrt_p"])
        sentences.append(
            Label(
                f"Bootstraptoets tegen een klasse minder: p = {p.nl}.",
                f"Bootstrap test against one class fewer: p = {p.en}.",
            )
        )
    rejected = {k: _why_not(table, k, chosen, barred) for k in table if k != chosen}
    criteria = dict(found.recommendation.choices)
    against = _against(table, chosen, wanted, criteria, barred)
    return Choice(chosen, rule, criteria, tuple(against), rejected, tuple(sentences))


def _rows(table: pd.DataFrame) -> dict[int, dict[str, float]]:
    used = table.reindex(columns=list(_USED)).to_numpy(dtype=float)
    numbers = [int(k) for k in table.index.to_numpy(dtype=int)]
    return {
        k: dict(zip(_USED, map(float, row), strict=True))
        for k, row in zip(numbers, used, strict=True)
    }


def _barred(
    found: ClassEnumeration, table: Rows, options: ThemeOptions
) -> dict[int, tuple[Label, ...]]:
    """Give the reasons why models with two or more classes may not be chosen."""
    reasons = {k: v for k, v in found.recommendation.objections.items() if k > 1}
    for k, row in table.items():
        if k > 1 and not row["entropy_r2"] >= options.separation:
            text = _number(row["entropy_r2"], 2)
            label = Label(
                f"de klassen zijn slecht te scheiden (entropie-R² {text.nl})",
                f"the classes are poorly separated (entropy R² {text.en})",
            )
            reasons[k] = (*reasons.get(k, ()), label)
    return reasons


def _walk(table: Rows, rule: ChoiceRule, level: float) -> int:
    number = min(table)
    while number + 1 in table:
        worse = table[number + 1]["bic"] - table[number]["bic"]
        if rule == "both":
            supported = worse < 0
        elif rule == "bootstrap" or number == 1:
            supported = True
        else:
            supported = worse <= _UNDECIDED
        if not (supported and table[number + 1]["blrt_p"] <= level):
            break
        number += 1
    return number


def _classes(k: int) -> Label:
    if k == 1:
        return Label(
            "Eén klasse: dit thema kent geen typen.", "One class: this theme has no types."
        )
    return Label(f"{k} klassen.", f"{k} classes.")


def _by_rule(rule: ChoiceRule) -> Label:
    return Label(f"Regel: {_RULES[rule].nl}.", f"Rule: {_RULES[rule].en}.")


def _number(value: float, decimals: int = 3) -> Label:
    text = f"{value:.{decimals}f}"
    return Label(text.replace(".", ","), text)


def _why_not(
    table: Rows, k: int, chosen: int, barred: Mapping[int, tuple[Label, ...]]
) -> tuple[Label, ...]:
    reasons = list(barred.get(k, ()))
    worse = table[k]["bic"] - table[chosen]["bic"]
    if worse > 0:
        text = _number(worse, 1)
        reasons.append(Label(f"BIC {text.nl} hoger", f"BIC higher by {text.en}"))
    if k > chosen and not isnan(table[k]["blrt_p"]):
        p = _number(table[k]["blrt_p"])
        reasons.append(Label(f"bootstraptoets p = {p.nl}", f"bootstrap test p = {p.en}"))
    if k < chosen and not isnan(table[k + 1]["blrt_p"]):
        p = _number(table[k + 1]["blrt_p"])
        reasons.append(
            Label(f"een klasse meer past beter, p = {p.nl}", f"one more fits better, p = {p.en}")
        )
    return tuple(reasons)


def _against(
    table: Rows,
    chosen: int,
    wanted: int,
    criteria: Mapping[str, int],
    barred: Mapping[int, tuple[Label, ...]],
) -> list[Label]:
    found = []
    for k in sorted({k for k in criteria.values() if k != chosen}):
        named = [NAMES[c] for c, number in criteria.items() if number == k]
        one, all_of_them = len(named) == 1, ", ".join(named)
        found.append(Label(
            f"Anders: {all_of_them} {'noemt' if one else 'noemen'} {k}.",
            f"Otherwise: {all_of_them} {'names' if one else 'name'} {k}.",
        ))  # fmt: skip
    for k in range(chosen + 1, wanted + 1):
        why_nl = "; ".join(r.nl for r in barred.get(k, ()))
        why_en = "; ".join(r.en for r in barred.get(k, ()))
        found.append(Label(f"{k} kon niet: {why_nl}.", f"{k} was barred: {why_en}."))
    if chosen > 1:
        size = _number(table[chosen]["smallest_class_n"], 1)
        if table[chosen]["smallest_class_n"] < 10:
            found.append(Label(
                f"De kleinste klasse telt {size.nl} gevallen.",
                f"The smallest class has {size.en} cases.",
            ))  # fmt: skip
        if chosen == max(table):
            found.append(Label(
                "Meer klassen zijn niet geprobeerd.", "More classes were not tried."
            ))  # fmt: skip
    return found
