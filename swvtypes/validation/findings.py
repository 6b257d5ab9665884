"""One test, as rows of the tables that a validation gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
NAN = float("nan")


@dataclass(frozen=True)
class Finding:
    """One relation.

    Attributes
    ----------
    analysis : str
        A key of :data:`swvtypes.validation.wording.ANALYSES`.
    n : int
        Organisations it rests on.
    estimate, lower, upper : float
        Size of the relation, in the measure of the analysis, with its interval.
    statistic, df1, df2 : float
        Of the test.
    p_value : float
        Of the usual test.
    p_exact : float
        By Fisher's exact test or permutation; NaN where it was not asked.
    notes : tuple of str
        Keys of :data:`swvtypes.validation.wording.NOTES`.
    """

    analysis: str
    n: int
    estimate: float = NAN
    lower: float = NAN
    upper: float = NAN
    statistic: float = NAN
    df1: float = NAN
    df2: float = NAN
    p_value: float = NAN
    p_exact: float = NAN
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupValue:
    """Mean or share of an outcome in one group or type."""

    group: str
    n: float
    estimate: float
    se: float = NAN
    lower: float = NAN
    upper: float = NAN


@dataclass(frozen=True)
class Contrast:
    """Difference of an outcome between two groups or types, second less first."""

    first: str
    second: str
    difference: float
    se: float
    lower: float
    upper: float
    effect_size: float
    p_value: float


@dataclass(frozen=True)
class Findings:
    """All that one outcome in one scope gives."""

    tests: tuple[Finding, ...] = ()
    groups: tuple[GroupValue, ...] = ()
    contrasts: tuple[Contrast, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What the tests of one outcome in one scope share.

    Attributes
    ----------
    sector : ndarray of float, shape (n, q)
        Indicators of the sectors but the first, q = 0 unless the test adjusts for sector.
    strata : ndarray of int, shape (n,)
        Within which answers are exchanged: sectors when the test adjusts for them, else zeros.
    weight : ndarray of float, shape (n,), or None
        Survey weights with mean one.
    level : float
    times : int
        Permutations; 0 for none.
    small : int
    always : bool
        Whether exact p values are given even where nothing is small.
    child : SeedSequence
    """

    sector: Floats
    strata: Integers
    weight: Floats | None
    level: float
    times: int
    small: int
    always: bool
    child: np.random.SeedSequence

    @property
    def n_adjusted(self) -> int:
        """Columns that are adjusted for."""
        return int(self.sector.shape[1])

    def wants_exact(self, smallest: float) -> bool:
        """Whether an exact p is asked where the smallest cell or group is this large."""
        asked = self.always or smallest < self.small
        return self.times > 0 and self.weight is None and asked
