"""Which items of a theme go on to the types, and with how many classes.

Calling an item significant and taking it along are two questions. The first guards against saying
too much, and its tests are adjusted over the items of the theme. For the second a real item left
out costs the types more than a noise item taken in, which a prior keeps harmless: an item goes on
unless it is likely to be noise. The same holds for a theme whose classes cannot be shown from its
own answers: it may be heard beside the others (:mod:`swvtypes.typology.hearing`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2

from swvtypes.language import Label
from swvtypes.lca.model import read_indicators

from .selection.identifying import most_classes
from .selection.testing import indicator_ratios
from .specification import TypologyOptions
from .themes import ThemeResult

HEARD_CLASSES = 2


class GoingOn(NamedTuple):
    """What goes on of a theme.

    Attributes
    ----------
    items : tuple of str
    n_classes : int
        Of the theme over the themes; above that of the theme alone where it is to be heard.
    notes : tuple of Label
    """

    items: tuple[str, ...]
    n_classes: int
    notes: tuple[Label, ...] = ()


def items_going_on(found: ThemeResult, options: TypologyOptions, seed: int) -> GoingOn:
    """Say which items of an analysed theme go on.

    Parameters
    ----------
    found : ThemeResult
    options : TypologyOptions
        Option `items`, and the level `support`.
    seed : int
        Of the models of a quick look.
    """
    K = found.n_classes
    if K == 1:
        if options.items != "supported" or HEARD_CLASSES not in found.enumeration.models:
            return GoingOn((), 1)
        K = HEARD_CLASSES
    if options.items == "all":
        return GoingOn(tuple(map(str, found.spec.columns)), K)
    chosen = list(map(str, found.selected))
    if options.items == "supported":
        p = _chances(found, options, seed)
        chosen = [n for n in p.index if n in chosen or p[n] <= options.support]
    elif options.items == "selected" and found.search is not None:
        carries = found.selection["carries"].fillna(False).to_numpy(dtype=bool)
        chosen = [str(n) for n in found.selection.index[carries]]
    if not chosen:
        return _nobody(found.n_classes)
    added = filled_up(found, chosen, K)
    if not added:
        return GoingOn(tuple(chosen), K)
    order = tuple(c for c in map(str, found.spec.columns) if c in {*chosen, *added})
    names = ", ".join(added)
    return GoingOn(order, K, (Label(
        f"Met de overige vragen alleen liggen {K} klassen niet vast; erbij: {names}.",
        f"The other items alone do not identify {K} classes; added: {names}.",
    ),))  # fmt: skip


def _nobody(n_classes: int) -> GoingOn:
    if n_classes == 1:
        return GoingOn((), 1)
    return GoingOn((), n_classes, (Label(
        "Er zijn klassen, maar geen vraag onderscheidt ze aantoonbaar: het thema doet verder "
        "niet mee.",
        "There are classes, but no item tells them apart beyond doubt: the theme takes no "
        "further part.",
    ),))  # fmt: skip


def _chances(found: ThemeResult, options: TypologyOptions, seed: int) -> pd.Series[float]:
    """p-values, not adjusted: of the small-sample test, or the likelihood ratio's chi-square."""
    names = [str(n) for n in found.selection.index]
    p = found.selection["lr_p"].astype(float).set_axis(names)
    if not p.isna().all():
        return p
    if len(names) < 2:
        return found.selection["p_value"].astype(float).set_axis(names)
    most = max(found.n_classes, HEARD_CLASSES)
    ratio = indicator_ratios(found.model, names, most, seed)
    lr, df = (ratio[c].to_numpy(dtype=float) for c in ("lr", "lr_df"))
    return pd.Series(chi2.sf(lr, np.maximum(df, 1.0)), index=names)


def filled_up(found: ThemeResult, chosen: list[str], n_classes: int) -> list[str]:
    """Items to add, in order of their p-values, until so many classes are identified."""
    rest = found.selection["p_value"].drop(index=chosen, errors="ignore")
    queue = [str(n) for n in rest.sort_values(kind="stable", na_position="last").index]
    added: list[str] = []
    while queue:
        frame = found.frame[[*chosen, *added]]
        kinds = {k: v for k, v in found.spec.kinds.items() if k in frame.columns}
        items = [i.item() for i in read_indicators(frame, dict(kinds))]
        if most_classes(items, n_classes) >= n_classes:
            break
        added.append(queue.pop(0))
    return added
