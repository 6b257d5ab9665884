"""Log-densities of answers under a model in plain form, exact where variances are next to nothing.

The natural parameters of a measurement grow with the inverse of its variance, and their sum loses
as many digits. A measurement whose variance is next to nothing is therefore taken out of the
product of matrices as if standard normal, and put in again as a squared distance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from swvtypes.lca.design import Design, Floats, Layout

from .plain import Parameters, Table, pack

# Fraction of a measurement's overall variance below which densities lose digits.
NARROW = 1e-5


def narrow_runs(layout: Layout, A: Floats) -> NDArray[np.bool_]:
    """Say which runs, natural parameters A (D, S, K), have a variance that is next to nothing."""
    found = np.zeros(A.shape[1], dtype=bool)
    for block in layout.blocks:
        if block.kind == "continuous":
            twice_precision = -2.0 * A[block.start + 1 : block.stop : 2]
            found |= (twice_precision * NARROW > 1.0).any(axis=(0, 2))
    return found


def log_joint(design: Design, parameters: Parameters) -> Floats:
    """Log-density of each pattern and class together, shape (N, K), but for `design.base`.

    Parameters
    ----------
    design : Design
        The data; a missing answer adds nothing.
    parameters : Parameters
        The model.
    """
    layout = design.layout
    narrow = [t for t in parameters.tables if _is_narrow(layout, t)]
    if not narrow:
        return np.asarray(design.X @ pack(layout, parameters))
    plain = [_standard(layout, t) if _is_narrow(layout, t) else t for t in parameters.tables]
    joint = np.asarray(design.X @ pack(layout, replace(parameters, tables=tuple(plain))))
    for table in narrow:
        center, scale = (v[table.items[0]] for v in (layout.center, layout.scale))
        answers = design.values[:, table.items[0]]
        rows = np.flatnonzero(
            ~np.isnan(answers) & ((design.group == table.group) | (table.group < 0))
        )
        z = (answers[rows, None] - center) / scale
        away = (answers[rows, None] - table.values[:, 0]) / scale
        variance = table.values[:, 1] / scale**2
        joint[rows] += 0.5 * z**2 - 0.5 * away**2 / variance - 0.5 * np.log(variance)
    return joint


def _is_narrow(layout: Layout, table: Table) -> bool:
    if table.kind != "continuous":
        return False
    return bool((table.values[:, 1] < NARROW * layout.scale[table.items[0]] ** 2).any())


def _standard(layout: Layout, table: Table) -> Table:
    """Give the table that makes a measurement standard normal in every class."""
    item = table.items[0]
    values = np.empty_like(table.values)
    values[:, 0], values[:, 1] = layout.center[item], layout.scale[item] ** 2
    return replace(table, values=values)
