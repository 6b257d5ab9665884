"""Shares that add up to a total, as log-ratios."""

from __future__ import annotations

import numpy as np
from scipy import stats

from swvtypes.errors import InputError

from .findings import NAN, Finding, Floats, Setting
from .options import Coordinates, ZeroReplacement


def replace_zeros(shares: Floats, zeros: ZeroReplacement, total: float = 100.0) -> Floats:
    """Put a small share in the place of zeros; see :class:`ZeroReplacement`.

    Parameters
    ----------
    shares : ndarray, shape (n, D)
        Rows add up to `total`; rows with gaps stay as they are.
    zeros : ZeroReplacement
    total : float

    Raises
    ------
    InputError
        Where so many shares are zero that the replacements exceed the total, or one is negative.

    Examples
    --------
    >>> replace_zeros(np.array([[0.0, 40.0, 60.0]]), ZeroReplacement()).round(2).tolist()
    [[0.65, 39.74, 59.61]]
    """
    if (shares < 0).any():
        raise InputError(
            "composition", [f"expected shares of at least 0, got {np.nanmin(shares):g}"]
        )
    empty, small = shares == 0, zeros.value(total)
    taken = empty.sum(axis=1, keepdims=True) * small
    if (taken >= total).any():
        raise InputError(
            "composition", [f"zeros: replacements of {small:g} exceed the total of {total:g}"]
        )
    return np.asarray(np.where(empty, small, shares * (1 - taken / total)))


def log_ratios(shares: Floats, coordinates: Coordinates = "centred") -> Floats:
    """Give one log-ratio a part, shape (n, D); NaN in rows with gaps.

    ``"centred"``: ``log(x_j / g(x))`` with g the geometric mean of all parts (Aitchison, 1986).
    ``"isometric"``: ``sqrt((D - 1) / D) log(x_j / g(x_-j))``, part j against the others (Filzmoser,
    Hron & Reimann, 2009).

    Examples
    --------
    >>> log_ratios(np.array([[10.0, 40.0, 50.0]])).round(3).tolist()
    [[-0.999, 0.388, 0.611]]
    """
    logs = np.log(shares)
    centred = logs - logs.mean(axis=1, keepdims=True)
    D = shares.shape[1]
    return np.asarray(centred * np.sqrt(D / (D - 1)) if coordinates == "isometric" else centred)


def isometric_basis(shares: Floats) -> Floats:
    """Give D - 1 coordinates that carry the whole composition (Egozcue et al., 2003).

    Tests of the whole do not depend on which basis is taken; this is Helmert's.
    """
    D = shares.shape[1]
    basis = np.zeros((D, D - 1))
    for k in range(1, D):
        basis[:k, k - 1] = 1 / k
        basis[k, k - 1] = -1
        basis[:, k - 1] *= np.sqrt(k / (k + 1))
    return np.asarray(np.log(shares) @ basis)


def whole_test(design: Floats, Y: Floats, setting: Setting) -> Finding:
    """Test columns against several outcomes at once: Pillai's trace.

    Parameters
    ----------
    design : ndarray, shape (n, p)
        The continuum, or indicators of the groups but the first.
    Y : ndarray, shape (n, c)
    setting : Setting
        Sectors are adjusted for; NaN under survey weights.

    Returns
    -------
    Finding
        ``"pillai"`` with the approximate F of Pillai (1955), exact for one column; the estimate is
        the trace over its largest value, a share of variance.
    """
    n, c = Y.shape
    if setting.weight is not None:
        return Finding("pillai", n, notes=("unweighted_only",))
    small = np.column_stack([np.ones(n), setting.sector])
    large = np.column_stack([small, design])
    rank = int(np.linalg.matrix_rank(large))
    q, v = rank - int(np.linalg.matrix_rank(small)), n - rank
    if q < 1 or v < c:
        return Finding("pillai", n, notes=("nothing_varies",))
    E, T = _cross(large, Y), _cross(small, Y)
    if np.linalg.cond(T) > 1e14:
        return Finding("pillai", n, notes=("nothing_varies",))
    trace = float(np.trace(np.linalg.solve(T, T - E)))
    s = min(c, q)
    m, k = (abs(c - q) - 1) / 2, (v - c - 1) / 2
    df1, df2 = s * (2 * m + s + 1), s * (2 * k + s + 1)
    if s - trace <= 1e-12:
        return Finding("pillai", n, 1.0, NAN, NAN, float("inf"), df1, df2, 0.0)
    f = trace / (s - trace) * df2 / df1
    return Finding("pillai", n, trace / s, NAN, NAN, f, df1, df2, float(stats.f.sf(f, df1, df2)))


def _cross(design: Floats, Y: Floats) -> Floats:
    rest = Y - design @ np.linalg.lstsq(design, Y, rcond=None)[0]
    return np.asarray(rest.T @ rest)
