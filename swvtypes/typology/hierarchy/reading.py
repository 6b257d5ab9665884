"""Themes and their answers: what was given, checked and coded."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import InputError, OptionError, WeightError
from swvtypes.lca.design import Floats, Item
from swvtypes.lca.model import Indicator, check_whole, encode, read_indicators, warn_about

from .coupling import Coupled, couple

Themes = Mapping[str, Sequence[Hashable]]


@dataclass(frozen=True)
class Reading:
    """How the columns of the themes are read.

    Attributes
    ----------
    themes : tuple of (str, tuple)
        Name and columns of each theme.
    n_classes : tuple of int
        Classes of each theme.
    indicators : tuple of tuple of Indicator
        How the columns are read.
    """

    themes: tuple[tuple[str, tuple[Hashable, ...]], ...]
    n_classes: tuple[int, ...]
    indicators: tuple[tuple[Indicator, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The themes."""
        return tuple(name for name, _ in self.themes)

    @property
    def items(self) -> tuple[tuple[Item, ...], ...]:
        """The indicators as the engine knows them."""
        return tuple(tuple(i.item() for i in theme) for theme in self.indicators)

    def values(self, frame: pd.DataFrame) -> list[Floats]:
        """Coded answers of each theme, shape (n, J).

        Raises
        ------
        InputError
            For columns that are absent.
        UnseenCategoryError
            For a category that was not there at fit.
        """
        absent = [c for _, columns in self.themes for c in columns if c not in frame.columns]
        if absent:
            raise InputError("X", [f"no column {c!r}" for c in absent])
        return [
            encode(frame[list(columns)], indicators)
            for (_, columns), indicators in zip(self.themes, self.indicators, strict=True)
        ]

    def couple(
        self, frame: pd.DataFrame, weight: Floats | None = None, covariates: Floats | None = None
    ) -> Coupled:
        """Give the rows as the model knows them."""
        return couple(self.values(frame), self.items, weight, covariates)


def read_frame(X: Any) -> pd.DataFrame:
    """Take a DataFrame, or an array whose columns are numbered from 0."""
    if isinstance(X, pd.DataFrame):
        frame = X.reset_index(drop=True)
    else:
        array = np.asarray(X)
        if array.ndim != 2:
            raise InputError("X", [f"expected a table of rows and columns, got {array.ndim}-D"])
        frame = pd.DataFrame(array)
    if not len(frame):
        raise InputError("X", ["no rows"])
    if not frame.columns.is_unique:
        double = sorted({repr(c) for c in frame.columns[frame.columns.duplicated()]})
        raise InputError("X", [f"column {c} stands there twice" for c in double])
    return frame


def read_themes(themes: Any, frame: pd.DataFrame) -> tuple[tuple[str, tuple[Hashable, ...]], ...]:
    """Check the themes: every column there, none in two themes."""
    if not isinstance(themes, Mapping) or not themes:
        raise InputError(
            "themes", [f"expected a mapping of theme to columns, got {type(themes).__name__}"
                       if not isinstance(themes, Mapping) else "expected at least one theme"]
        )  # fmt: skip
    faults: list[str] = []
    seen: dict[Hashable, Any] = {}
    read: list[tuple[str, tuple[Hashable, ...]]] = []
    for name, columns in themes.items():
        if isinstance(columns, str):
            faults.append(f"theme {name!r}: expected a list of columns, got {columns!r}")
            continue
        members = tuple(columns)
        if not members:
            faults.append(f"theme {name!r}: no columns")
        for column in members:
            if column not in frame.columns:
                faults.append(f"theme {name!r}: no column {column!r}")
            if column in seen:
                faults.append(
                    f"theme {name!r}: column {column!r} already stands in {seen[column]!r}"
                )
            seen[column] = name
        read.append((str(name), members))
    if faults:
        raise InputError("themes", faults)
    return tuple(read)


def read_class_numbers(n_theme_classes: Any, names: Sequence[str]) -> tuple[int, ...]:
    """Classes of each theme, from one number for all or one a theme."""
    if not isinstance(n_theme_classes, Mapping):
        check_whole("n_theme_classes", n_theme_classes, 1)
        return (int(n_theme_classes),) * len(names)
    given = {str(name): value for name, value in n_theme_classes.items()}
    if set(given) != set(names):
        raise OptionError(
            "n_theme_classes", f"a number for each of the themes {sorted(names)}", sorted(given)
        )
    for name in names:
        check_whole(f"n_theme_classes[{name!r}]", given[name], 1)
    return tuple(int(given[name]) for name in names)


def read_all(
    frame: pd.DataFrame,
    themes: Any,
    n_theme_classes: Any,
    indicators: Mapping[Hashable, str] | None = None,
    scores: Mapping[Hashable, Sequence[float]] | None = None,
) -> Reading:
    """Decide how every column of every theme is read, with warnings of poor ones."""
    read = read_themes(themes, frame)
    numbers = read_class_numbers(n_theme_classes, [name for name, _ in read])
    columns = [c for _, members in read for c in members]
    found = read_indicators(frame[columns], indicators, scores)
    warn_about(found, encode(frame[columns], found))
    by_name = dict(zip(columns, found, strict=True))
    return Reading(read, numbers, tuple(tuple(by_name[c] for c in m) for _, m in read))


def read_weights(n: int, **weights: ArrayLike | None) -> Floats | None:
    """Check the one weight that was given, if any; shape (n,)."""
    given = {name: w for name, w in weights.items() if w is not None}
    if len(given) > 1:
        raise WeightError("weights", [f"expected one of {' and '.join(given)}, got both"])
    for name, raw in given.items():
        try:
            array = np.asarray(raw, dtype=float)
        except (TypeError, ValueError):
            raise WeightError(name, ["expected numbers"]) from None
        faults = []
        if array.shape != (n,):
            faults.append(f"expected {n} weights, got shape {array.shape}")
        elif not np.isfinite(array).all():
            faults.append(f"{int((~np.isfinite(array)).sum())} missing or infinite")
        elif (array < 0).any():
            faults.append(f"{int((array < 0).sum())} negative")
        elif not (array > 0).any():
            faults.append("all are zero")
        if faults:
            raise WeightError(name, faults)
        return array
    return None


def read_covariates(
    covariates: Any, frame: pd.DataFrame, X: Any = None
) -> tuple[tuple[str, ...], Floats] | None:
    """Give names and values (n, Q) of covariates: columns of X, a table, or an array.

    Raises
    ------
    InputError
        For columns that are absent, values that are missing or no numbers, another number of rows,
        and a table whose rows go by other names than those of `X`, or by the same in another order.
    """
    if covariates is None:
        return None
    if isinstance(covariates, (list, tuple)) and all(isinstance(c, str) for c in covariates):
        absent = [f"no column {c!r}" for c in covariates if c not in frame.columns]
        if absent:
            raise InputError("covariates", absent)
        table = frame[list(covariates)]
    elif isinstance(covariates, (pd.DataFrame, pd.Series)):
        table = pd.DataFrame(covariates)
    else:
        array = np.asarray(covariates)
        table = pd.DataFrame(array.reshape(len(array), -1))
    faults = []
    if len(table) != len(frame):
        faults.append(f"expected {len(frame)} rows, got {len(table)}")
    for name, column in table.items():
        if not pd.api.types.is_numeric_dtype(column):
            faults.append(f"covariate {name!r}: expected numbers, got {column.dtype}")
        elif column.isna().any():
            faults.append(f"covariate {name!r}: {int(column.isna().sum())} missing values")
        elif not np.isfinite(column.to_numpy(dtype=float)).all():
            faults.append(f"covariate {name!r}: expected finite numbers, got infinity")
    if isinstance(covariates, (pd.DataFrame, pd.Series)) and isinstance(X, pd.DataFrame):
        faults += _other_rows(table.index, X.index)
    if faults:
        raise InputError("covariates", faults)
    return tuple(str(c) for c in table.columns), table.to_numpy(dtype=float)


def _other_rows(mine: pd.Index, theirs: pd.Index) -> list[str]:
    """Say where rows are not those of X, which a numbering from 0 leaves open."""
    if len(mine) != len(theirs) or mine.equals(theirs):
        return []
    if set(mine) == set(theirs):
        return ["the rows of X stand in another order: put both in the same"]
    numbered = pd.RangeIndex(len(mine))
    if mine.equals(numbered) or theirs.equals(numbered):
        return []
    strange = [name for name in mine if name not in set(theirs)]
    return [f"{len(strange)} rows are not in X, among them {strange[0]!r}"] if strange else []


def check_spread(names: Sequence[str], values: Floats) -> None:
    """Check that covariates can be told apart from each other and from the constant.

    Raises
    ------
    InputError
        For covariates with one value, and those that follow from the ones before them.
    """
    mean, spread = values.mean(axis=0), values.std(axis=0)
    least = 1e-10 * np.maximum(np.abs(mean), 1.0)
    faults = [
        f"covariate {name!r}: the same for every row"
        for name, wide in zip(names, spread > least, strict=True)
        if not wide
    ]
    kept: list[int] = []
    for q in np.flatnonzero(spread > least).tolist():
        tried = (values - mean)[:, [*kept, q]] / spread[[*kept, q]]
        if np.linalg.matrix_rank(tried, tol=1e-7 * np.sqrt(len(values))) > len(kept):
            kept.append(q)
        else:
            faults.append(f"covariate {names[q]!r}: follows from the others")
    if faults:
        raise InputError("covariates", faults)
