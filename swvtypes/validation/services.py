"""Services: each of them, and how many, against a continuum, groups or types."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.errors import InputError, OptionError
from swvtypes.language import Label
from swvtypes.survey import Wave

from .asking import answer, ask
from .options import ValidationOptions
from .outcomes import Outcome, variable_outcomes
from .reading import By
from .result import Validation


def against_services(
    wave: Wave,
    by: By,
    options: ValidationOptions | None = None,
    *,
    services: str = "services",
    weights: pd.Series[float] | None = None,
) -> Validation:
    """Hold the options of a multi-response question against a continuum, groups or types.

    Parameters
    ----------
    wave : Wave
    by : str, Series or Membership
        As in :func:`against_budget`.
    options : ValidationOptions, optional
    services : str
        A multi-response set of the codebook.
    weights : Series of float by organisation, optional
        Survey weights; those of the wave when left out.

    Returns
    -------
    Validation
        For each option: point-biserial correlation and logistic regression (Firth's where answers
        are separated) against a continuum; phi or Cramér's V, Fisher's exact test where cells are
        small, and logistic regression against groups; shares by type against types. Under
        ``"<set>_count"`` the number of options, the exclusive one not counted; missing where any
        option is.

    Raises
    ------
    OptionError
        For a set that the codebook lacks.
    InputError
        Lists what else cannot be used.
    """
    question = ask(wave, by, options, weights)
    sets = wave.codebook.sets
    if services not in sets:
        known = ", ".join(map(repr, sets)) or "none (the codebook has none)"
        raise OptionError("services", f"one of {known}", services)
    names = [name for name in wave.codebook.members(services) if name in wave.variables]
    if not names:
        raise InputError("services", [f"the wave {wave.name!r} has no option of {services!r}"])
    each = variable_outcomes(wave, names)
    entry = sets[services]
    counted = [outcome for outcome in each if outcome.name != entry.exclusive]
    if not counted:
        fault = f"the wave {wave.name!r} has no option of {services!r} but {entry.exclusive!r}"
        raise InputError("services", [fault])
    values = np.column_stack([outcome.numbers for outcome in counted]).sum(axis=1)
    number = Outcome(
        f"{services}_count",
        Label(f"aantal: {entry.label.nl}", f"number: {entry.label.en}"),
        "number",
        values[:, None],
        drawn_from=frozenset(outcome.name for outcome in counted),
    )
    what = Label(entry.label.nl, entry.label.en)
    return answer(question, what, [*each, number])
