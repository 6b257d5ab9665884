"""What a check concludes about one cell, in Dutch and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from swvtypes.language import Label

from .cases import Case

Verdict = Literal["reproduced", "impossible", "contradicted", "undetermined", "missed"]
Role = Literal["target", "derived", "free"]

VERDICTS: tuple[Verdict, ...] = (
    "reproduced",
    "impossible",
    "contradicted",
    "undetermined",
    "missed",
)
ROLES: tuple[Role, ...] = ("target", "derived", "free")


_MEASURES = {
    "percent": Label("percentage", "percentage"),
    "count": Label("aantal", "count"),
    "mean": Label("gemiddelde", "mean"),
    "median": Label("mediaan", "median"),
    "sd": Label("standaarddeviatie", "SD"),
}


@dataclass(frozen=True)
class Finding:
    """A verdict and why.

    Attributes
    ----------
    verdict : Verdict
        What follows.
    reason : Label
        The proof or the place, in words and numbers.
    """

    verdict: Verdict
    reason: Label


def joined(*labels: Label | None) -> Label:
    """Put sentences one after another; None is left out."""
    given = [label for label in labels if label is not None]
    return Label(" ".join(t.nl for t in given), " ".join(t.en for t in given))


def place(case: Case) -> Label:
    """Say where a cell stands."""
    cell = case.cell
    measure = _MEASURES.get(cell.measure, Label(cell.measure, cell.measure))
    return Label(
        f"{cell.locator}, rij {cell.row_no}, {cell.sector}, {measure.nl}",
        f"{cell.locator}, row {cell.row_no}, {cell.sector}, {measure.en}",
    )


def number(text: str) -> Label:
    """Write a number with a decimal comma in Dutch.

    Examples
    --------
    >>> number("0.58").nl
    '0,58'
    """
    return Label(text.replace(".", ","), text)


def sign(case: Case) -> str:
    """Give the per cent sign for percentages, else nothing."""
    return "%" if case.cell.statistic == "percent" else ""
