"""Warnings that a fitted hierarchy gives, once each."""

from __future__ import annotations

import warnings

import numpy as np

from swvtypes.errors import (
    BoundaryWarning,
    EmptyRowWarning,
    FoundOnceWarning,
    ManyParametersWarning,
    NotConvergedWarning,
)
from swvtypes.lca.design import Floats

from .coordinates import EDGE
from .coupling import Coupled
from .outcome import Outcome


def warn_about_fit(found: Outcome, coupled: Coupled, n_init: int, max_iter: int) -> None:
    """Warn of what a user should know of a fit."""
    if found.n_parameters > coupled.n:
        _warn(
            ManyParametersWarning,
            f"{found.n_parameters} parameters for {coupled.n:g} cases",
        )
    if not found.converged:
        _warn(
            NotConvergedWarning,
            f"the best start had not converged after {max_iter} steps",
        )
    if found.times_found == 1 and n_init > 1:
        _warn(
            FoundOnceWarning,
            f"the best log-likelihood was reached from one of {n_init} starts only; "
            "use more starts or fewer superclusters",
        )
    boundary, estimates = boundary_counts(found)
    if boundary:
        _warn(
            BoundaryWarning,
            f"{boundary} of {estimates} estimates lie on the boundary of their range; "
            "a prior keeps them off it",
        )


def boundary_counts(found: Outcome) -> tuple[int, int]:
    """Count estimates on the boundary of their range, and all that could be."""
    model = found.model
    arrays = [model.shares[None]] if len(model.shares) > 1 else []
    arrays += [rho for rho in model.conditional if rho.shape[1] > 1]
    arrays += [t.values for theme in model.tables for t in theme
               if t.kind in ("nominal", "ordinal") and t.values.shape[1] > 1]  # fmt: skip
    edge = sum(int(((a < EDGE) | (a > 1.0 - EDGE)).sum()) for a in arrays)
    return edge, sum(a.size for a in arrays)


def _warn(kind: type[Warning], text: str) -> None:
    warnings.warn(text, kind, stacklevel=4)


def warn_empty(values: list[Floats]) -> None:
    """Warn of rows without any answer."""
    empty = int(np.isnan(np.concatenate(values, axis=1)).all(axis=1).sum())
    if empty:
        warnings.warn(
            f"{empty} rows without any answer: they get the shares and carry no weight",
            EmptyRowWarning,
            stacklevel=3,
        )
