"""Two memberships side by side: the organisations that both know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import InputError
from swvtypes.membership import Membership

Integers = NDArray[np.intp]
Labels = Membership | pd.Series


@dataclass(frozen=True, eq=False)
class Pairs:
    """Organisations with a type at both occasions.

    Attributes
    ----------
    organisations : Index, length n
        As the later occasion names them.
    before, after : ndarray of int, shape (n,)
        Position of each one's type.
    types_before, types_after : tuple of str
        Names of the types.
    only_before, only_after : tuple
        Organisations with a type at one occasion only.
    """

    organisations: pd.Index
    before: Integers
    after: Integers
    types_before: tuple[str, ...]
    types_after: tuple[str, ...]
    only_before: tuple[object, ...]
    only_after: tuple[object, ...]

    @property
    def n(self) -> int:
        """Organisations with a type at both occasions."""
        return len(self.before)

    @property
    def table(self) -> Integers:
        """Counts, types before by types after."""
        return count_table(self.before, self.after, len(self.types_before), len(self.types_after))


def count_table(before: Integers, after: Integers, rows: int, columns: int) -> Integers:
    """Cross-tabulate positions."""
    flat = np.bincount(before * columns + after, minlength=rows * columns)
    return flat.reshape(rows, columns).astype(np.intp)


def pair_up(
    before: Labels, after: Labels, organisations: Mapping[object, object] | None = None
) -> Pairs:
    """Find the organisations that have a type at both occasions.

    Parameters
    ----------
    before, after : Membership or Series by organisation
        Of a Membership the modal type; missing where there is none.
    organisations : mapping, optional
        Identity of earlier organisations at the later occasion, where it changed; see
        :class:`~swvtypes.survey.OrganisationCrosswalk` for merged ones.

    Returns
    -------
    Pairs

    Raises
    ------
    InputError
        When an organisation stands twice, or none has a type at both occasions.
    """
    first, second = _labels(before), _labels(after)
    if organisations:
        first.index = pd.Index([organisations.get(o, o) for o in first.index])
    faults = [
        f"{name}: {o!r} stands more than once"
        for name, series in (("before", first), ("after", second))
        for o in series.index[series.index.duplicated()].unique()
    ]
    known_first, known_second = first.dropna(), second.dropna()
    common = known_second.index[known_second.index.isin(known_first.index)]
    if not faults and not len(common):
        faults.append(
            f"expected organisations with a type at both occasions; before has "
            f"{len(known_first)}, after {len(known_second)}, none is in both"
        )
    if faults:
        raise InputError("comparison of memberships", faults)
    rows, columns = _types(before, known_first), _types(after, known_second)
    return Pairs(
        common,
        pd.Index(rows).get_indexer(pd.Index(known_first[common].astype(str))).astype(np.intp),
        pd.Index(columns).get_indexer(pd.Index(known_second[common].astype(str))).astype(np.intp),
        rows,
        columns,
        tuple(known_first.index[~known_first.index.isin(common)]),
        tuple(known_second.index[~known_second.index.isin(common)]),
    )


def _labels(source: Labels) -> pd.Series:
    if isinstance(source, Membership):
        return source.modal.astype(object)
    if isinstance(source, pd.Series):
        return source.astype(object).copy()
    raise InputError(
        "comparison of memberships",
        [f"expected a Membership or a Series by organisation, got {type(source).__name__}"],
    )


def _types(source: Labels, known: pd.Series) -> tuple[str, ...]:
    if isinstance(source, Membership):
        return source.types
    if isinstance(source.dtype, pd.CategoricalDtype):
        return tuple(map(str, source.dtype.categories))
    return tuple(map(str, sorted(known.unique(), key=lambda v: (str(type(v)), v))))
