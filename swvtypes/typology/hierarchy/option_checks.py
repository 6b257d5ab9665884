"""Options of classes of classes, checked."""

from __future__ import annotations

from typing import Any

from swvtypes.errors import OptionError
from swvtypes.lca.model import VarianceOption, check_choice, check_real, check_whole

from .structure import Conditional, Shares


def check_options(model: Any) -> None:
    """Raise an OptionError for an option outside its range."""
    for name in ("n_superclusters", "n_init", "max_iter"):
        check_whole(name, getattr(model, name), 1)
    check_real("tol", model.tol, 0.0)
    check_real("prior", model.prior, 0.0)
    if model.share_prior is not None:
        check_real("share_prior", model.share_prior, 0.0)
    check_choice("conditional", model.conditional, Conditional)
    check_choice("shares", model.shares, Shares)
    check_choice("variances", model.variances, VarianceOption)
    if model.variance_floor is not None:
        check_real("variance_floor", model.variance_floor, 0.0, open_=True)
    if model.variances == "free" and not model.prior > 0 and model.variance_floor is None:
        raise OptionError(
            "variances", "a positive prior or a stated variance_floor with 'free'", "neither"
        )
    if model.n_jobs is not None and model.n_jobs != -1:
        check_whole("n_jobs", model.n_jobs, 1)
