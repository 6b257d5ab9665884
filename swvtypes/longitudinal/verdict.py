"""Whether a comparison is legitimate, and why."""

from __future__ import annotations

from dataclasses import dataclass

from swvtypes.language import Label


@dataclass(frozen=True)
class Verdict:
    """One comparison.

    Attributes
    ----------
    comparison : str
        moved, old_types, profiles, split, drift, joint_model or positions.
    sectors : str
        Sectors that it is about; empty for all.
    possible : bool
    title, reason : Label
        What is compared, and one sentence why it can or cannot be.
    """

    comparison: str
    sectors: str
    possible: bool
    title: Label
    reason: Label
