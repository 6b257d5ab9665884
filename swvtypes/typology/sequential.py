"""When a bootstrap test may stop without another verdict."""

from __future__ import annotations

from math import ceil


def deciding_stop(level: float, n_boot: int) -> int:
    """Give the number of replicates reaching the data after which no verdict can change.

    With that many the p-value ``(b + 1) / (B + 1)`` of all B replicates lies above the level, and
    so does the one reported on stopping, ``h`` over the replicates drawn (Besag and Clifford
    1991). A test stopped there rejects exactly where the whole test does; where it rejects, all B
    replicates are drawn.

    Parameters
    ----------
    level : float
        Level of the test.
    n_boot : int
        Replicates asked, B.

    Examples
    --------
    >>> deciding_stop(0.05, 499), deciding_stop(0.05, 99)
    (25, 5)
    """
    return max(1, ceil(level * (n_boot + 1) - 1e-9))
