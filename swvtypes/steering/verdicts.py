"""What a test and an equivalence test say together."""

from __future__ import annotations

from typing import Literal

import numpy as np

from swvtypes.language import Label

Verdict = Literal[
    "related", "related_within_margin", "within_margin", "undecided", "not_shown", "undefined"
]

VERDICT_LABELS: dict[Verdict, Label] = {
    "related": Label("samenhang", "related"),
    "related_within_margin": Label(
        "samenhang, maar aantoonbaar kleiner dan de marge",
        "related, yet shown to be within the margin",
    ),
    "within_margin": Label(
        "aantoonbaar kleiner dan de marge: geen samenhang van betekenis",
        "shown to be within the margin: no relation that matters",
    ),
    "undecided": Label(
        "onbeslist: geen samenhang aangetoond, afwezigheid evenmin",
        "undecided: neither a relation nor its absence is shown",
    ),
    "not_shown": Label("geen samenhang aangetoond", "no relation shown"),
    "undefined": Label("niet te bepalen", "cannot be determined"),
}


def decide(p_value: float, p_equivalence: float, alpha: float, *, margin: bool) -> Verdict:
    """Combine a test of no relation with a test of a relation within the margin.

    Parameters
    ----------
    p_value, p_equivalence : float
        NaN where undefined.
    alpha : float
        Level of both.
    margin : bool
        Whether a margin was stated; without one, absence cannot be shown.

    Examples
    --------
    >>> decide(0.40, 0.20, 0.05, margin=True), decide(0.40, 0.01, 0.05, margin=True)
    ('undecided', 'within_margin')
    """
    if np.isnan(p_value):
        return "undefined"
    small = margin and p_equivalence < alpha
    if p_value < alpha:
        return "related_within_margin" if small else "related"
    if small:
        return "within_margin"
    return "undecided" if margin else "not_shown"
