"""Tables that cheap functions of the package give."""

from __future__ import annotations

import numpy as np

from swvtypes.longitudinal import smallest_mover_rate
from swvtypes.scales import feldt_interval
from swvtypes.steering import (
    detectable_correlation,
    detectable_difference,
    provable_correlation,
    provable_difference,
)

from .markdown import table


def detectable_positions() -> str:
    """Give what 65, 58 and 123 organisations can show about the position on the continuum."""
    rows = []
    for label, n in (("po, 65", 65), ("vo, 58", 58), ("both, 123", 123)):
        degrees = n - 2
        rows.append(
            (
                label,
                "correlation",
                f"{detectable_correlation(degrees):.2f}",
                f"{provable_correlation(degrees):.2f}",
            )
        )
    for label, counts in (
        ("po against vo, 65 and 58", (65, 58)),
        ("groups of 20 and 31", (20, 31)),
    ):
        rows.append(
            (
                label,
                "standardised difference",
                f"{detectable_difference(counts):.2f}",
                f"{provable_difference(counts):.2f}",
            )
        )
    header = ("organisations", "measure", "smallest shown", "narrowest margin provable")
    return table(header, rows)


def detectable_movers() -> str:
    """Smallest share of movers that shows, by how well types are told apart."""
    rows = []
    for right in (0.99, 0.95, 0.90):
        wrong = np.array([[right, 1 - right], [1 - right, right]])
        for n in (65, 123):
            found = smallest_mover_rate(n, (wrong, wrong), np.array([0.5, 0.5]))
            rows.append(
                (
                    f"{right:.0%}",
                    n,
                    f"{found.apparent_without_movers:.0%}",
                    f"{found.smallest_rate:.0%}",
                )
            )
    header = (
        "right assignments at each wave", "organisations", "seem to move when nobody does",
        "smallest share that shows",
    )  # fmt: skip
    return table(header, rows)


def alpha_intervals() -> str:
    """Feldt's intervals of alphas at the numbers of the waves, five items."""
    rows = []
    for alpha in (0.65, 0.75, 0.85):
        cells = ["{:.2f} to {:.2f}".format(*feldt_interval(alpha, n, 5)) for n in (58, 65, 123)]
        rows.append((f"{alpha:.2f}", *cells))
    return table(("alpha", "58 rows", "65 rows", "123 rows"), rows)


TABLES = {
    "alpha_intervals": alpha_intervals,
    "detectable_positions": detectable_positions,
    "detectable_movers": detectable_movers,
}
