"""Answers, known groups and warnings of a model, read from what is handed over."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_array, validate_data

from swvtypes.errors import (
    BoundaryWarning,
    EmptyRowWarning,
    FoundOnceWarning,
    InputError,
    ManyParametersWarning,
    NotConvergedWarning,
    OptionError,
)

from .design import Floats
from .fit import Fit
from .model import Indicator
from .results import boundary_counts


def read_frame(model: BaseEstimator, X: Any, reset: bool) -> pd.DataFrame:
    """Check data as scikit-learn does and give them as a frame with numbered rows.

    Parameters
    ----------
    model : estimator
        Whose columns are written down, or compared.
    X : DataFrame or array-like, shape (n, J)
    reset : bool
        Whether the model is fitted to these columns.

    Raises
    ------
    InputError
        For columns with names of several levels, names that stand twice and, against a fit to
        columns with names that are no text, other columns or another order.
    """
    if isinstance(X, pd.DataFrame):
        if isinstance(X.columns, pd.MultiIndex):
            raise InputError(
                "columns", [f"expected names of one level, got {X.columns.nlevels} levels"]
            )
        _check_names(X.columns, None if reset else getattr(model, "_columns", None))
        if reset and all(type(name) is str for name in X.columns):
            # What scikit-learn would write down, without its detour by way of other libraries.
            model.feature_names_in_ = np.asarray(X.columns, dtype=object)
            model.n_features_in_ = X.shape[1]
        else:
            validate_data(model, X, skip_check_array=True, reset=reset)
        if not len(X) or not X.shape[1]:
            check_array(np.empty(X.shape))
        if reset:
            model._columns = X.columns
        numbered = isinstance(X.index, pd.RangeIndex) and X.index.equals(pd.RangeIndex(len(X)))
        return X if numbered else X.reset_index(drop=True)
    array = validate_data(
        model, X, dtype=None, ensure_all_finite="allow-nan", ensure_min_samples=1, reset=reset
    )
    frame = pd.DataFrame(array)
    if reset:
        model._columns = frame.columns
    return frame


def _check_names(columns: pd.Index[Any], fitted: pd.Index[Any] | None) -> None:
    """Raise an InputError for columns that cannot be told apart or are not those of the fit.

    Names that are text are compared by scikit-learn, in its own words.
    """
    twice = list(dict.fromkeys(columns[columns.duplicated()]))
    faults = [f"expected each name once, got {name!r} {list(columns).count(name)} times"
              for name in twice]  # fmt: skip
    if not faults and fitted is not None and not all(type(name) is str for name in fitted):
        text = all(type(name) is str for name in columns)
        if not text and len(columns) == len(fitted) and not columns.equals(fitted):
            same = set(columns) == set(fitted)
            end = "them in another order" if same else f"{', '.join(map(repr, columns))}"
            faults = [f"expected those of the fit, {', '.join(map(repr, fitted))}, got {end}"]
    if faults:
        raise InputError("columns", faults)


def split_group(
    frame: pd.DataFrame, group: Hashable | None, counted: NDArray[np.bool_] | None = None
) -> tuple[pd.DataFrame, pd.Series[Any] | None]:
    """Take the column of known groups off the answers.

    Parameters
    ----------
    frame : DataFrame
        Answers, and the groups.
    group : hashable, optional
        Column of the groups.
    counted : ndarray of bool, shape (n,), optional
        Rows that must have one; all when left out.

    Raises
    ------
    InputError
        When the column is not there, has missing values or is the only one.
    """
    if group is None:
        return frame, None
    if group not in frame.columns:
        raise InputError("group", [f"no column {group!r}"])
    groups = frame[group]
    missing = int((groups.isna() if counted is None else groups.isna() & counted).sum())
    if missing:
        raise InputError("group", [f"column {group!r}: {missing} missing values"])
    if len(frame.columns) == 1:
        raise InputError("group", [f"expected answers besides column {group!r}, got it alone"])
    return frame.drop(columns=[group]), groups


def group_labels(groups: pd.Series[Any] | None, counted: NDArray[np.bool_]) -> tuple[Hashable, ...]:
    """Labels of the known groups among the rows that count, sorted."""
    if groups is None:
        return ("all",)
    labels = list(pd.unique(groups[counted]))
    try:
        return tuple(sorted(labels))
    except TypeError:
        return tuple(sorted(labels, key=lambda v: (type(v).__name__, str(v))))


def group_codes(
    groups: pd.Series[Any] | None, labels: Sequence[Hashable], n_rows: int
) -> NDArray[np.intp]:
    """Position of each row's group among the labels, -1 where it is none of them."""
    if groups is None:
        return np.zeros(n_rows, dtype=np.intp)
    lookup = {label: i for i, label in enumerate(labels)}
    return np.array([lookup.get(g, -1) for g in groups], dtype=np.intp)


def known_groups(
    groups: pd.Series[Any] | None, labels: Sequence[Hashable], counted: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Position of each row's group among those of the fit, 0 in rows that do not count.

    Raises
    ------
    InputError
        For groups that were not there at fit.
    """
    codes = group_codes(groups, labels, len(counted))
    unknown = (codes < 0) & counted
    if groups is not None and unknown.any():
        found = ", ".join(sorted({repr(g) for g in groups[unknown]}))
        known = ", ".join(map(repr, labels))
        raise InputError("group", [f"unknown group {found}; the model knows {known}"])
    return np.maximum(codes, 0)


def free_columns(
    profiles: str | Sequence[Hashable], columns: pd.Index[Any], grouped: bool
) -> set[Hashable]:
    """Columns whose profiles differ between known groups.

    Raises
    ------
    InputError, OptionError
        For columns that are not there, and for free profiles without known groups.
    """
    free: set[Hashable] = set()
    if profiles == "free":
        free |= set(columns)
    elif profiles != "equal":
        free |= set(profiles)
        unknown = [f"no column {name!r}" for name in free if name not in columns]
        if unknown:
            raise InputError("profiles", sorted(unknown))
    if free and not grouped:
        raise OptionError("profiles", "'equal' without known groups", profiles)
    return free


def start_entropy(random_state: int | np.random.RandomState | None) -> int:
    """Turn a `random_state` into the seed of the starts.

    Raises
    ------
    OptionError
        For anything but a non-negative integer, a RandomState or None.
    """
    if random_state is None:
        return int(np.random.SeedSequence().entropy)  # type: ignore[arg-type]
    if isinstance(random_state, (int, np.integer)) and random_state >= 0:
        return int(random_state)
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31 - 1))
    raise OptionError("random_state", "a non-negative integer, a RandomState or None", random_state)


def decode(indicator: Indicator, values: Floats) -> Any:
    """Turn codes and numbers back into the values of a column."""
    if indicator.categorical:
        labels = np.array(indicator.categories, dtype=object)[values.astype(int)]
        if indicator.family == "ordinal" and indicator.reason == "ordered categorical":
            return pd.Categorical(labels, categories=list(indicator.categories), ordered=True)
        return pd.Series(labels).infer_objects()
    if indicator.constant:
        return np.full(len(values), indicator.value)
    return values.astype(int) if indicator.family == "count" else values


def in_place(seen: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Put the answers of the rows that count in their place, nothing answered in the others."""
    if counted.all():
        return seen
    values = np.full((len(counted), seen.shape[1]), np.nan)
    values[counted] = seen
    return values


def warn_empty(values: Floats) -> None:
    """Warn of rows without any answer."""
    empty = int(np.isnan(values).all(axis=1).sum())
    if empty:
        warnings.warn(
            f"{empty} rows without any answer: they get the class shares and carry no weight",
            EmptyRowWarning,
            stacklevel=3,
        )


def warn_about_fit(result: Fit, n: float, n_init: int, max_iter: int) -> None:
    """Warn of a fit that is not what it seems: too many parameters, found once, on a boundary."""
    if result.n_parameters > n:
        _warn(ManyParametersWarning, f"{result.n_parameters} parameters for {n:g} cases")
    if not result.converged:
        _warn(
            NotConvergedWarning,
            f"the best start had not converged after {max_iter} iterations",
        )
    if result.times_found == 1 and n_init > 1:
        _warn(
            FoundOnceWarning,
            f"the best log-likelihood was reached from one of {n_init} starts only; "
            "use more starts or fewer classes",
        )
    boundary, estimates = boundary_counts(result)
    if boundary:
        _warn(
            BoundaryWarning,
            f"{boundary} of {estimates} estimates lie on the boundary of their range; "
            "a prior keeps them off it",
        )


def _warn(kind: type[Warning], text: str) -> None:
    warnings.warn(text, kind, stacklevel=4)
