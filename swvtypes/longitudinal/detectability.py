"""The smallest share of movers that a comparison of assigned types would show.

Errors of assignment alone make organisations seem to move. A number of apparent movers is
remarkable when it exceeds what errors alone would give; this asks how many true movers are needed
for that to happen with a stated probability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from swvtypes.errors import OptionError
from swvtypes.language import Label, Language
from swvtypes.lca.design import Floats


@dataclass(frozen=True)
class Detectability:
    """What a comparison could have seen.

    Attributes
    ----------
    n : int
        Organisations compared.
    apparent_without_movers : float
        Share that seems to have moved when nobody has.
    critical : int
        Apparent movers above which chance alone is unlikely (at `level`).
    smallest_rate : float
        Smallest share of true movers found with probability `power`; NaN when even movement of
        all would not be.
    level, power : float
    """

    n: int
    apparent_without_movers: float
    critical: int
    smallest_rate: float
    level: float
    power: float

    def text(self, language: Language = "en") -> str:
        """Say it in a sentence, Dutch (``"nl"``) or English (``"en"``)."""
        if np.isnan(self.smallest_rate):
            return Label(
                f"Met {self.n} organisaties en deze fouten in de toewijzing is geen enkel aandeel "
                "verplaatsingen aan te tonen.",
                f"With {self.n} organisations and these errors of assignment no share of movers "
                "can be shown.",
            ).text(language)
        rate, apparent = 100 * self.smallest_rate, 100 * self.apparent_without_movers
        return Label(
            f"Met {self.n} organisaties lijkt {apparent:.0f}% te zijn verplaatst als niemand dat "
            f"is; pas een werkelijk aandeel van {rate:.0f}% valt op met kans {self.power:.2f}.",
            f"With {self.n} organisations {apparent:.0f}% seem to have moved when nobody has; "
            f"only a true share of {rate:.0f}% shows with probability {self.power:.2f}.",
        ).text(language)


def smallest_mover_rate(
    n: int,
    errors: tuple[Floats, Floats],
    shares: Floats,
    level: float = 0.05,
    power: float = 0.80,
) -> Detectability:
    """Find the smallest share of movers that would show.

    Parameters
    ----------
    n : int
        Organisations compared.
    errors : tuple of two ndarrays, shape (K, K)
        P(assigned | true) before and after, rows the true type; the same types in both.
    shares : ndarray, shape (K,)
        True shares of the types. Movers go to every other type alike.
    level : float
        Of a one-sided binomial test against the apparent movers that errors alone give.
    power : float
        Probability with which the share is to show.

    Returns
    -------
    Detectability

    Raises
    ------
    OptionError
        For options outside their range.

    Examples
    --------
    >>> sure = np.eye(2)
    >>> smallest_mover_rate(50, (sure, sure), np.array([0.5, 0.5])).smallest_rate < 0.04
    True
    """
    for name, value in (("level", level), ("power", power)):
        if not 0.0 < value < 1.0:
            raise OptionError(name, "a number between 0 and 1", value)
    if n < 1:
        raise OptionError("n", "at least 1", n)
    before, after = errors
    K = len(shares)
    rates = np.linspace(0.0, 1.0, 1001)
    stay = float(np.einsum("k,ki,ki->", shares, before, after))
    together = before @ after.T  # P(assigned alike | true before, true after)
    off = (together.sum(axis=1) - np.diag(together)) / max(K - 1, 1)
    moved = float(shares @ off) if K > 1 else 1.0
    apparent = 1.0 - ((1.0 - rates) * stay + rates * moved)
    critical = int(binom.ppf(1.0 - level, n, apparent[0]))
    found = np.asarray(binom.sf(critical, n, apparent)) >= power
    enough = np.flatnonzero(found)
    rate = float(rates[enough[0]]) if len(enough) else float("nan")
    return Detectability(n, float(apparent[0]), critical, rate, level, power)
