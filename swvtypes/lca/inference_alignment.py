"""Which class of one fitted model is which class of another."""

from __future__ import annotations

import numpy as np

from .design import Floats, Integers
from .families import Parameters


def profile_distance(first: Parameters, second: Parameters) -> Floats:
    """Distance between the profiles of the classes of two models, shape (K1, K2).

    Summed over units that both models have: squared Hellinger distances of probabilities and of
    rates (through square roots), and for measurements squared differences of means over the
    average of the two variances, divided by eight as in the Hellinger distance of near Gaussians.
    """
    known = {(t.items, t.group): t for t in second.tables}
    total = np.zeros((first.n_classes, second.n_classes))
    for table in first.tables:
        other = known.get((table.items, table.group))
        if other is None:
            continue
        a, b = table.values[:, None], other.values[None]
        if table.kind == "continuous":
            variance = np.maximum((a[..., 1] + b[..., 1]) / 2.0, 1e-300)
            total += (a[..., 0] - b[..., 0]) ** 2 / variance / 8.0
        else:
            total += 0.5 * ((np.sqrt(a) - np.sqrt(b)) ** 2).sum(axis=-1)
    return total


def align_classes(reference: Parameters, other: Parameters) -> Integers:
    """Order of the classes of `other` that brings their profiles closest to the reference.

    The assignment with the least total distance (Kuhn 1955, the Hungarian method).

    Returns
    -------
    ndarray of int, shape (K,)
        For :meth:`~swvtypes.lca.families.Parameters.reorder`.
    """
    from scipy.optimize import linear_sum_assignment

    return np.asarray(linear_sum_assignment(profile_distance(reference, other))[1], dtype=np.intp)
