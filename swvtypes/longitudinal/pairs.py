"""Two memberships side by side: the organisations that both know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import InputError
from swvtypes.membership import Membership
from swvtypes.membership.checking import label_of

Integers = NDArray[np.intp]
Labels = Membership | pd.Series
_SHOWN = 3


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
        Of a Membership the modal type; missing where there is none. Types are told apart by
        their text: 1, 1.0 (what whole numbers become beside a gap) and ``"1"`` are one.
    organisations : mapping, optional
        Identity of earlier organisations at the later occasion, where it changed; see
        :class:`~swvtypes.survey.OrganisationCrosswalk` for merged ones.

    Returns
    -------
    Pairs

    Raises
    ------
    InputError
        When an organisation stands twice, or none has a type at both occasions; also when names
        are numbers at one occasion and text at the other.
    """
    first, second = _labels(before), _labels(after)
    if organisations:
        first.index = pd.Index([organisations.get(o, o) for o in first.index])
    faults = index_faults(("before", "after"), (first.index, second.index))
    known_first, known_second = first.dropna(), second.dropna()
    common = known_second.index[known_second.index.isin(known_first.index)]
    if not faults and not len(common):
        faults.append(
            f"expected organisations with a type at both occasions; before has "
            f"{len(known_first)}, after {len(known_second)}, none is in both"
        )
    if faults:
        raise InputError("comparison of memberships", faults)
    rows, columns = _types(before), _types(after)
    return Pairs(
        common,
        pd.Index(rows).get_indexer(pd.Index(known_first[common])).astype(np.intp),
        pd.Index(columns).get_indexer(pd.Index(known_second[common])).astype(np.intp),
        rows,
        columns,
        tuple(known_first.index[~known_first.index.isin(common)]),
        tuple(known_second.index[~known_second.index.isin(common)]),
    )


def index_faults(names: Sequence[str], indexes: Sequence[pd.Index]) -> list[str]:
    """Say which organisations stand twice, and which are a number in one place, text in another.

    Parameters
    ----------
    names : sequence of str
        Of the occasions, in the faults.
    indexes : sequence of Index
        Organisations of each.
    """
    faults = [
        f"{name}: {o!r} stands more than once"
        for name, index in zip(names, indexes, strict=True)
        for o in index[index.duplicated()].unique()
    ]
    kinds = {str(index.dtype) for index in indexes}
    if len(kinds) == 1 and "object" not in kinds:
        return faults
    first: dict[str, tuple[str, object]] = {}
    alike = []
    for name, index in zip(names, indexes, strict=True):
        for o in index.unique():
            known, other = first.setdefault(label_of(o), (name, o))
            if isinstance(other, str) != isinstance(o, str):
                alike.append(f"{other!r} {known} and {o!r} {name}")
    if alike:
        more = f" and {len(alike) - _SHOWN} more" if len(alike) > _SHOWN else ""
        shown = ", ".join(alike[:_SHOWN])
        faults.append(f"expected names of one kind, got numbers and text: {shown}{more}")
    return faults


def _labels(source: Labels) -> pd.Series:
    if isinstance(source, Membership):
        return source.modal.astype(object)
    if isinstance(source, pd.Series):
        return source.astype(object).map(label_of, na_action="ignore")
    raise InputError(
        "comparison of memberships",
        [f"expected a Membership or a Series by organisation, got {type(source).__name__}"],
    )


def _types(source: Labels) -> tuple[str, ...]:
    if isinstance(source, Membership):
        return source.types
    if isinstance(source.dtype, pd.CategoricalDtype):
        return tuple(dict.fromkeys(map(label_of, source.dtype.categories)))
    levels = sorted(source.dropna().unique(), key=lambda v: (str(type(v)), v))
    return tuple(dict.fromkeys(map(label_of, levels)))
