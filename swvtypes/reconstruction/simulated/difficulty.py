"""How hard a simulated wave makes it to find the truth: a dial with named marks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args

from swvtypes.errors import InputError, OptionError

Level = Literal["standard", "hard", "unrelated"]
Residual = Literal["removed", "sampled"]


@dataclass(frozen=True)
class Difficulty:
    """How strongly theme classes follow types, and answers follow theme classes.

    Attributes
    ----------
    coupling : float from 0.5 to 1
        Share of a type's organisations in the theme class that fits it, in the themes with which
        the sources describe the sector's types. 0.5: classes say nothing of types.
    coupling_unnamed : float from 0.5 to 1
        The same in the sector's other themes.
    high, low : float above 0, below 1
        Probability of "yes" in the rich and in the spare class of a theme; `high` at least `low`.
        Items with printed counts keep the counts and take the odds ratio.
    residual : {"removed", "sampled"}
        Whether associations within a class are swapped away (as far as whole numbers let them) or
        left as chance made them.
    blank : float from 0, below 1
        Share of answers left blank at random; items with printed counts are spared.

    Raises
    ------
    InputError
        Lists every dial outside its range.
    """

    coupling: float = 0.90
    coupling_unnamed: float = 0.70
    high: float = 0.88
    low: float = 0.18
    residual: Residual = "removed"
    blank: float = 0.0

    def __post_init__(self) -> None:
        faults = [
            f"{name}: expected a number from 0.5 to 1, got {value!r}"
            for name, value in (
                ("coupling", self.coupling),
                ("coupling_unnamed", self.coupling_unnamed),
            )
            if not 0.5 <= value <= 1
        ]
        faults += [
            f"{name}: expected a number above 0 and below 1, got {value!r}"
            for name, value in (("high", self.high), ("low", self.low))
            if not 0 < value < 1
        ]
        if self.low > self.high:
            faults.append(f"low: expected at most high ({self.high!r}), got {self.low!r}")
        if self.residual not in get_args(Residual):
            faults.append(f"residual: expected 'removed' or 'sampled', got {self.residual!r}")
        if not 0 <= self.blank < 1:
            faults.append(f"blank: expected a number from 0 and below 1, got {self.blank!r}")
        if faults:
            raise InputError("difficulty", faults)

    @property
    def odds_ratio(self) -> float:
        """Odds of "yes" in the rich class over those in the spare one."""
        return (self.high / (1 - self.high)) / (self.low / (1 - self.low))

    def named(self) -> dict[str, object]:
        """Give the dials by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


_LEVELS: dict[Level, Difficulty] = {
    "standard": Difficulty(),
    "hard": Difficulty(coupling=0.80, high=0.75, low=0.30),
    "unrelated": Difficulty(coupling=0.5, coupling_unnamed=0.5),
}


def as_difficulty(difficulty: Difficulty | Level) -> Difficulty:
    """Give the dials of a named level, or the dials as they are.

    Raises
    ------
    OptionError
        When it is neither.
    """
    if isinstance(difficulty, Difficulty):
        return difficulty
    if difficulty not in _LEVELS:
        expected = "a Difficulty, or one of " + ", ".join(map(repr, _LEVELS))
        raise OptionError("difficulty", expected, difficulty)
    return _LEVELS[difficulty]
