"""Circumstances and any other variables, against a continuum, groups or types."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.survey import Wave

from .asking import answer, ask
from .options import ValidationOptions
from .outcomes import variable_outcomes
from .reading import By
from .result import Validation


def against_context(
    wave: Wave,
    by: By,
    options: ValidationOptions | None = None,
    *,
    variables: Sequence[str] | None = None,
    weights: pd.Series[float] | None = None,
) -> Validation:
    """Hold register figures against a continuum, groups or types.

    Parameters
    ----------
    wave : Wave
        With a register joined.
    by : str, Series or Membership
        As in :func:`against_budget`.
    options : ValidationOptions, optional
    variables : sequence of str, optional
        Those of the register that the wave has when left out (for the 2016 monitor funding
        equalisation, number of boards, pupil growth).
    weights : Series of float by organisation, optional
        Survey weights; those of the wave when left out.

    Raises
    ------
    InputError
        Lists what cannot be used; says so when no register is joined.
    """
    question = ask(wave, by, options, weights)
    if variables is None:
        known = wave.codebook.variables
        variables = [name for name in wave.variables if known[name].origin == "register"]
        if not variables:
            raise InputError(
                "variables", [f"the wave {wave.name!r} has no register figures; join a register"]
            )
    what = Label("omstandigheden", "circumstances")
    return answer(question, what, variable_outcomes(wave, variables))


def against_variables(
    wave: Wave,
    by: By,
    variables: Sequence[str],
    options: ValidationOptions | None = None,
    *,
    weights: pd.Series[float] | None = None,
) -> Validation:
    """Hold any variables of a wave (a theme, items) against a continuum, groups or types.

    Parameters
    ----------
    wave : Wave
    by : str, Series or Membership
        As in :func:`against_budget`.
    variables : sequence of str
        Ordinal variables, counts and numbers enter as numbers, binary ones as shares, nominal
        ones as categories.
    options : ValidationOptions, optional
    weights : Series of float by organisation, optional
        Survey weights; those of the wave when left out.

    Raises
    ------
    InputError
        Lists what cannot be used.
    """
    question = ask(wave, by, options, weights)
    what = Label("variabelen", "variables")
    return answer(question, what, variable_outcomes(wave, variables))
