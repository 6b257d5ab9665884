"""The routes to significant indicators side by side."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import chi2

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.outcomes import Adjustment, adjust

from .searching import VariableSelection

Deciding = Literal["likelihood_ratio", "wald", "variable_selection", "all"]
COLUMNS = (
    "indicator", "wald", "df", "p_value", "p_adjusted", "r2", "selected", "wald_p",
    "wald_p_adjusted", "lr", "lr_df", "lr_p", "lr_p_adjusted", "lr_permutations", "lr_classes",
    "carries", "routes_for", "routes", "agreement", "note",
)  # fmt: skip
ONE_CLASS = "one class: nothing tells classes apart"
CHI_SQUARE = "p-value from the chi-square approximation of the likelihood ratio"


def selection_table(
    model: LatentClassModel,
    ratio: pd.DataFrame | None = None,
    search: VariableSelection | None = None,
    *,
    decide: Deciding = "likelihood_ratio",
    level: float = 0.05,
    adjustment: Adjustment = "holm",
) -> pd.DataFrame:
    """Put the routes side by side and say what is selected.

    Parameters
    ----------
    model : LatentClassModel
        The chosen model.
    ratio : DataFrame, optional
        From :func:`~swvtypes.typology.selection.testing.indicator_tests`. Without it Wald decides
        where the likelihood ratio would.
    search : VariableSelection, optional
        From :func:`~swvtypes.typology.selection.searching.select_variables`.
    decide : {"likelihood_ratio", "wald", "variable_selection", "all"}
        Which route selects: the small-sample test, adjusted; Wald, adjusted; the search; or all
        routes that were taken at once.
    level : float
        Level of the tests.
    adjustment : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        Over the items of the theme.

    Returns
    -------
    DataFrame
        One row an item, by name. indicator; wald, df (within the chosen model, which takes the
        number of classes as given); p_value, p_adjusted (of the test that decides: the
        small-sample test, or Wald where that decides or stands alone); r2 (explained by the
        classes); selected; wald_p, wald_p_adjusted; lr, lr_df, lr_p, lr_p_adjusted,
        lr_permutations, lr_classes (small-sample test); carries (verdict of the search, None
        without one); routes_for and routes (how many routes call it, of how many); agreement
        (whether they all say the same); note.

    Notes
    -----
    With one class nothing is selected, and Wald tests do not exist. The small-sample test is
    still shown: it keeps its level of 5% a noise item there too, and an item that it calls while
    the rule finds no classes is related to the others in a way that the classes do not show.
    """
    names = [str(name) for name in model.indicator_types_.index]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        found = model.indicators_
    one = int(model.n_classes) == 1
    table = pd.DataFrame({"indicator": names}, index=pd.Index(names))
    table["wald"] = np.nan if one else found["wald"].to_numpy(dtype=float)
    table["df"] = 0 if one else found["df"].to_numpy(dtype=int)
    table["r2"] = 0.0 if one else found["r2"].to_numpy(dtype=float)
    table["wald_p"] = np.nan if one else found["p_value"].to_numpy(dtype=float)
    table["wald_p_adjusted"] = adjust(table["wald_p"].to_numpy(dtype=float), adjustment)
    for name in ("lr", "lr_df", "lr_p", "lr_p_adjusted", "lr_permutations", "lr_classes"):
        table[name] = np.nan if ratio is None else ratio[name].to_numpy()
    table["carries"] = None if search is None else [name in search.selected for name in names]
    tested = ratio is not None and bool(ratio["lr_p"].notna().any())
    by_ratio = tested and decide != "wald"
    table["p_value"] = table["lr_p"] if by_ratio else _approximate(table)
    table["p_adjusted"] = adjust(table["p_value"].to_numpy(dtype=float), adjustment)
    verdicts = _verdicts(table, level, one, tested, search is not None)
    table["routes_for"] = verdicts.eq(1.0).sum(axis=1)
    table["routes"] = verdicts.notna().sum(axis=1)
    table["agreement"] = table["routes_for"].eq(0) | table["routes_for"].eq(table["routes"])
    table["selected"] = False if one else _selected(table, verdicts, decide, level)
    notes = [ONE_CLASS] * len(names) if one else [str(note) for note in found["note"]]
    bounded = table["wald_p"].isna() & table["p_value"].notna()
    table["note"] = [
        f"{note}; {CHI_SQUARE}" if on and not by_ratio else note
        for note, on in zip(notes, bounded, strict=True)
    ]
    return table[list(COLUMNS)]


def _approximate(table: pd.DataFrame) -> pd.Series:
    """Wald, or where it is undefined the chi-square approximation of the likelihood ratio."""
    ratio = chi2.sf(table["lr"].to_numpy(dtype=float), table["lr_df"].to_numpy(dtype=float))
    return table["wald_p"].where(table["wald_p"].notna(), pd.Series(ratio, index=table.index))


def _verdicts(
    table: pd.DataFrame, level: float, one: bool, tested: bool, searched: bool
) -> pd.DataFrame:
    """Give what each route that was taken says of each item: 1, 0, or NaN where it says nothing."""
    out = pd.DataFrame(index=table.index)
    if not one:
        p = table["wald_p_adjusted"]
        out["wald"] = p.le(level).astype(float).where(p.notna())
    if tested:
        p = table["lr_p_adjusted"]
        out["likelihood_ratio"] = p.le(level).astype(float).where(p.notna())
    if searched:
        out["variable_selection"] = table["carries"].astype(float)
    return out


def _selected(
    table: pd.DataFrame, verdicts: pd.DataFrame, decide: Deciding, level: float
) -> pd.Series:
    if decide == "all":
        return verdicts.fillna(1.0).eq(1.0).all(axis=1) & verdicts.notna().any(axis=1)
    if decide == "variable_selection" and decide in verdicts:
        return verdicts[decide].eq(1.0)
    return table["p_adjusted"].le(level)
