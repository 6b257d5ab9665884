"""What a validation gives: tidy tables, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from swvtypes.language import Label, Language, check_language

from .engine import Related
from .multiplicity import benjamini_hochberg, holm
from .wording import ANALYSES, COLUMNS, FORMS, NOTES, SCOPES, number, probability

TABLE = (
    "outcome", "form", "scope", "analysis", "n", "estimate", "lower", "upper", "statistic", "df1",
    "df2", "p_value", "p_exact", "p_holm", "p_bh", "notes",
)  # fmt: skip
GROUPS = ("outcome", "form", "scope", "group", "n", "estimate", "se", "lower", "upper")
CONTRASTS = (
    "outcome", "form", "scope", "first", "second", "difference", "se", "lower", "upper",
    "effect_size", "p_value", "p_holm",
)  # fmt: skip
DISAGREEMENTS = (
    "outcome", "scope", "analysis", "share_estimate", "share_p", "log_ratio_estimate",
    "log_ratio_p", "lowest_p", "highest_p", "sign_differs", "significance_differs",
    "depends_on_zeros",
)  # fmt: skip
FIRST = ("pearson", "point_biserial", "anova", "chi_square", "mantel_haenszel", "bch")
_FAMILY = ["form", "scope", "analysis_family"]


@dataclass(frozen=True, eq=False)
class Validation:
    """Relations of outcomes to a continuum, groups or types.

    Attributes
    ----------
    title : Label
        What was held against what.
    table : DataFrame, one row an outcome, form, scope and analysis
        Columns outcome; form (``"share"``, ``"log_ratio"`` or empty); scope (``"pooled"``, a
        sector, ``"adjusted"`` for sector); analysis; n (organisations); estimate, lower, upper (in
        the measure of the analysis; for logistic an odds ratio a unit); statistic, df1, df2;
        p_value; p_exact (Fisher or permutation; NaN where not asked); p_holm, p_bh (adjusted over
        the outcomes with the same analysis, form and scope); notes (keys, by semicolons).
    groups : DataFrame
        Mean or share of an outcome by group or type: outcome, form, scope, group, n, estimate, se,
        lower, upper. Under BCH n is the weight of the type. Empty for a continuum.
    contrasts : DataFrame
        Pairs of groups or types, second less first; p_holm over the pairs of an outcome.
    disagreements : DataFrame
        Only for compositions: the share beside its log-ratio, whether signs or significance
        differ, and the range of p when zeros are replaced by half and by double.
    remarks : tuple of Label
        What a reader has to know.
    labels : mapping of outcome to Label
    level : float

    Notes
    -----
    Survey weights are scaled to mean one over the rows of each test and give sandwich standard
    errors; multiplied by two they change nothing. They are not frequencies.
    """

    title: Label
    table: pd.DataFrame
    groups: pd.DataFrame
    contrasts: pd.DataFrame
    disagreements: pd.DataFrame
    remarks: tuple[Label, ...]
    labels: dict[str, Label] = field(default_factory=dict)
    level: float = 0.95

    def __repr__(self) -> str:
        outcomes = self.table["outcome"].nunique()
        return f"<Validation: {self.title.en}; {outcomes} outcomes, {len(self.table)} tests>"

    def first(self, scope: str = "pooled", form: str | None = None) -> pd.DataFrame:
        """Give the first test of each outcome in a scope, indexed by outcome.

        Correlation, analysis of variance, chi-square or BCH, not the ones that stand beside them.
        """
        rows = self.table[(self.table["scope"] == scope) & self.table["analysis"].isin(FIRST)]
        if form is not None:
            rows = rows[rows["form"] == form]
        return rows.set_index("outcome")

    def frame(self, language: Language = "nl") -> pd.DataFrame:
        """Give the table with columns and cells in Dutch or English."""
        check_language(language)
        shown = self.table.copy()
        shown["outcome"] = [self._label(name, language) for name in shown["outcome"]]
        shown["form"] = [FORMS[form].text(language) for form in shown["form"]]
        shown["scope"] = [_scope(scope, language) for scope in shown["scope"]]
        shown["analysis"] = [ANALYSES[name].text(language) for name in shown["analysis"]]
        shown["notes"] = [_notes(keys, language) for keys in shown["notes"]]
        return shown.rename(columns={key: label.text(language) for key, label in COLUMNS.items()})

    def text(self, language: Language = "nl") -> str:
        """Say in Dutch or English what was found: first tests by scope, then what to know."""
        check_language(language)
        lines = [self.title.text(language)]
        for scope in dict.fromkeys(self.table["scope"]):
            lines += ["", _scope(scope, language) + ":"]
            rows = self.table[
                (self.table["scope"] == scope) & self.table["analysis"].isin((*FIRST, "pillai"))
            ]
            lines += [self._sentence(row, language) for row in rows.to_dict("records")]
        lines += self._disagreement_lines(language)
        lines += ["", *(f"- {remark.text(language)}" for remark in self.remarks)]
        return "\n".join(lines)

    def _label(self, name: str, language: Language) -> str:
        return self.labels.get(name, Label(name, name)).text(language)

    def _sentence(self, row: dict[str, object], language: Language) -> str:
        form = FORMS[str(row["form"])].text(language)
        what = self._label(str(row["outcome"]), language) + (f" ({form})" if form else "")
        value = {key: _float(row[key]) for key in ("estimate", "p_value", "p_exact", "p_holm")}
        parts = [ANALYSES[str(row["analysis"])].text(language)]
        if not np.isnan(value["estimate"]):
            parts[0] += " = " + number(value["estimate"], language)
        parts += [probability(value["p_value"], language), f"n = {row['n']}"]
        if not np.isnan(value["p_holm"]):
            parts.append("Holm " + probability(value["p_holm"], language))
        if not np.isnan(value["p_exact"]):
            word = "exacte " if language == "nl" else "exact "
            parts.append(word + probability(value["p_exact"], language))
        note = _notes(str(row["notes"]), language)
        return f"  {what}: " + ", ".join(parts) + (f" ({note})" if note else "")

    def _disagreement_lines(self, language: Language) -> list[str]:
        table = self.disagreements
        if not len(table):
            return []
        rows = table[table["sign_differs"] | table["significance_differs"]]
        if not len(rows):
            words = {
                "nl": "Aandelen en logratio's wijzen overal dezelfde kant op.",
                "en": "Shares and log-ratios point the same way throughout.",
            }
            return ["", words[language]]
        head = {
            "nl": "Aandelen en logratio's spreken elkaar tegen bij:",
            "en": "Shares and log-ratios disagree on:",
        }
        lines = ["", head[language]]
        beside = {"nl": "aandeel", "en": "share"}[language]
        for row in rows.to_dict("records"):
            where = _scope(str(row["scope"]), language)
            lines.append(
                f"  {self._label(str(row['outcome']), language)} ({where}): {beside} "
                f"{number(_float(row['share_estimate']), language)}, "
                f"{probability(_float(row['share_p']), language)}; logratio "
                f"{number(_float(row['log_ratio_estimate']), language)}, "
                f"{probability(_float(row['log_ratio_p']), language)}"
            )
        return lines


def tables(related: Sequence[Related]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Lay findings out as tests, groups and contrasts, with adjusted p values."""
    tests, groups, contrasts = [], [], []
    for one in related:
        place = {"outcome": one.outcome.name, "form": one.outcome.form, "scope": one.scope}
        whole = one.outcome.kind == "whole"
        for test in one.findings.tests:
            family = _family(test.analysis, whole)
            row = {**place, **asdict(test), "analysis_family": family}
            tests.append({**row, "notes": ";".join(test.notes)})
        groups += [{**place, **asdict(value)} for value in one.findings.groups]
        contrasts += [{**place, **asdict(pair)} for pair in one.findings.contrasts]
    table = pd.DataFrame(tests, columns=[*TABLE[:-3], "p_holm", "p_bh", "notes", "analysis_family"])
    table["p_holm"] = _adjusted(table, _FAMILY, "holm")
    table["p_bh"] = _adjusted(table, _FAMILY, "bh")
    pairs = pd.DataFrame(contrasts, columns=list(CONTRASTS))
    pairs["p_holm"] = _adjusted(pairs, ["outcome", "form", "scope"], "holm")
    return table[list(TABLE)], pd.DataFrame(groups, columns=list(GROUPS)), pairs


def empty_disagreements() -> pd.DataFrame:
    """Give the table of disagreements without rows."""
    return pd.DataFrame(columns=list(DISAGREEMENTS))


def _family(analysis: str, whole: bool) -> str:
    """Name tests that are adjusted together: correlations share a family whatever the scale."""
    if whole:
        return "whole"
    return {"point_biserial": "pearson", "logistic_firth": "logistic"}.get(analysis, analysis)


def _adjusted(table: pd.DataFrame, family: list[str], how: str) -> pd.Series[float]:
    adjust = holm if how == "holm" else benjamini_hochberg
    out = pd.Series(np.nan, index=table.index, dtype=float)
    for _, part in table.groupby(family, sort=False):
        out[part.index] = adjust(part["p_value"].to_numpy(dtype=float))
    return out


def _scope(scope: str, language: Language) -> str:
    return SCOPES[scope].text(language) if scope in SCOPES else scope


def _notes(keys: str, language: Language) -> str:
    return "; ".join(NOTES[key].text(language) for key in keys.split(";") if key)


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float | np.number) else float("nan")
