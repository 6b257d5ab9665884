"""Choices that an analyst could reasonably have made otherwise."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.lca.model import check_whole
from swvtypes.typology.specification import TYPE_PRIOR

MISSING_RULES = ("at random", "category")
MISSING_RULES_OVER_THEMES = ("at random", "complete rows", "category")
NOTHING = None


def theme_grid(
    frame: pd.DataFrame,
    n_classes: int,
    *,
    priors: Sequence[float] = (0.0, 1.0),
    n_seeds: int = 5,
    leave_one_out: bool = True,
    crossed: bool = True,
) -> list[dict[str, Any]]:
    """Choices for one theme: classes, prior, seed, items, missing answers.

    Parameters
    ----------
    frame : DataFrame
        The theme's columns.
    n_classes : int
        Classes of the base; one fewer (not one: that is no typology) and one more are the other
        choices.
    priors : sequence of float
        Pseudo-cases; the first is the base's.
    n_seeds : int
        Seeds of the starts.
    leave_one_out : bool
        Whether to leave each item out in turn; needs at least three items.
    crossed : bool
        Whether every choice is combined with every other; otherwise one choice is changed at a
        time.

    Returns
    -------
    list of dict
        ``n_classes``, ``prior``, ``seed``, ``left_out`` (a column or None) and ``missing``: "at
        random", or "category" (no answer is an answer of its own), the latter where an answer is
        missing. The base comes first.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"a": [1, 2], "b": [1, 1], "c": [2, 1]})
    >>> len(theme_grid(frame, 2)), len(theme_grid(frame, 2, crossed=False))
    (80, 10)
    """
    check_whole("n_classes", n_classes, 1)
    check_whole("n_seeds", n_seeds, 1)
    if not len(priors):
        raise InputError("priors", ["expected at least one prior, got none"])
    left_out: list[Hashable | None] = [NOTHING]
    if leave_one_out and frame.shape[1] >= 3:
        left_out += list(frame.columns)
    missing = MISSING_RULES if frame.isna().to_numpy().any() else MISSING_RULES[:1]
    around = around_number(n_classes)
    choices: dict[str, Sequence[Any]] = {
        "n_classes": around, "prior": list(priors), "seed": range(n_seeds),
        "left_out": left_out, "missing": missing,
    }  # fmt: skip
    return combine(choices, crossed)


def supercluster_grid(
    n_superclusters: int,
    n_theme_classes: Mapping[str, int],
    *,
    priors: Sequence[float] = (TYPE_PRIOR, 0.0),
    n_seeds: int = 5,
    leave_one_out: bool = True,
    crossed: bool = False,
    frame: pd.DataFrame | None = None,
) -> list[dict[str, Any]]:
    """Choices for superclusters: number, theme classes, themes, prior, seeds, missing answers.

    Parameters
    ----------
    n_superclusters : int
        Superclusters of the base; one fewer (not one) and one more are the other choices.
    n_theme_classes : mapping of str to int
        Classes of each theme in the base; the other choices give one theme one fewer or more.
    priors : sequence of float
        Pseudo-cases; the first, what a typology takes for its types, is the base's; 0 is maximum
        likelihood.
    n_seeds : int
        Seeds of the starts.
    leave_one_out : bool
        Whether to leave each theme out in turn; needs at least three themes.
    crossed : bool
        Whether every choice is combined with every other; otherwise one is changed at a time.
    frame : DataFrame, optional
        The answers. Where any is missing, what is done about that is a choice too.

    Returns
    -------
    list of dict
        ``n_superclusters``, ``n_theme_classes`` (a dict), ``left_out`` (a theme or None), ``seed``,
        ``prior`` and, with a frame, ``missing``: "at random"; where an answer is missing also
        "complete rows" (an organisation with a missing answer takes no part; listwise) and
        "category" (no answer is an answer of its own). The base comes first.

    Examples
    --------
    >>> grid = supercluster_grid(2, {"a": 2, "b": 2, "c": 3})
    >>> len(grid), grid[0]["n_theme_classes"]
    (16, {'a': 2, 'b': 2, 'c': 3})
    >>> gaps = pd.DataFrame({"a1": [1, None], "b1": [1, 2], "c1": [2, 1]})
    >>> grid = supercluster_grid(2, {"a": 2, "b": 2, "c": 3}, frame=gaps)
    >>> [entry["missing"] for entry in grid[-2:]]
    ['complete rows', 'category']
    """
    check_whole("n_superclusters", n_superclusters, 1)
    check_whole("n_seeds", n_seeds, 1)
    if not n_theme_classes:
        raise InputError("n_theme_classes", ["expected at least one theme, got none"])
    if not len(priors):
        raise InputError("priors", ["expected at least one prior, got none"])
    for theme, k in n_theme_classes.items():
        check_whole(f"n_theme_classes[{theme!r}]", k, 1)
    classes = [dict(n_theme_classes)]
    for theme, k in n_theme_classes.items():
        classes += [{**n_theme_classes, theme: k + d} for d in (-1, 1) if k + d >= 1]
    left_out: list[str | None] = [NOTHING]
    if leave_one_out and len(n_theme_classes) >= 3:
        left_out += list(n_theme_classes)
    choices: dict[str, Sequence[Any]] = {
        "n_superclusters": around_number(n_superclusters),
        "n_theme_classes": classes, "left_out": left_out, "seed": range(n_seeds),
        "prior": list(priors),
    }  # fmt: skip
    if frame is not None:
        gaps = bool(frame.isna().to_numpy().any())
        choices["missing"] = MISSING_RULES_OVER_THEMES if gaps else MISSING_RULES_OVER_THEMES[:1]
    return combine(choices, crossed)


def around_number(number: int) -> list[int]:
    """Give a number, one fewer unless that leaves one, and one more.

    Examples
    --------
    >>> around_number(2), around_number(3), around_number(1)
    ([2, 3], [3, 2, 4], [1, 2])
    """
    return [number, *(k for k in (number - 1, number + 1) if k >= 2)]


def combine(choices: Mapping[str, Sequence[Any]], crossed: bool) -> list[dict[str, Any]]:
    """Combine all levels, or change one choice at a time; the first levels are the base.

    Examples
    --------
    >>> len(combine({"a": [1, 2, 3], "b": [1, 2]}, True))
    6
    >>> combine({"a": [1, 2], "b": [1, 2]}, False)
    [{'a': 1, 'b': 1}, {'a': 2, 'b': 1}, {'a': 1, 'b': 2}]
    """
    if crossed:
        return [dict(zip(choices, levels, strict=True)) for levels in product(*choices.values())]
    base = {name: levels[0] for name, levels in choices.items()}
    others = [base | {name: level} for name, levels in choices.items() for level in levels[1:]]
    return [base, *others]
