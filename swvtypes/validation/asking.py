"""From a question to a result: the steps that all validations share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.survey import Wave

from .engine import Related, read_weights, relate
from .findings import Floats
from .options import ValidationOptions
from .outcomes import Outcome
from .reading import By, Grounds, Types, read_by
from .result import Validation, empty_disagreements, tables
from .wording import REMARKS


@dataclass(frozen=True)
class Question:
    """What is held against what: a wave, grounds, options and weights, all read and checked."""

    wave: Wave
    grounds: Grounds
    options: ValidationOptions
    weights: Floats | None

    def left_out(self, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
        """Names of outcomes that are the grounds themselves."""
        mine = self.grounds.name if not isinstance(self.grounds, Types) else ""
        names = {o.name for o in outcomes if o.drawn_from == frozenset({mine}) and o.name == mine}
        return tuple(dict.fromkeys(o.name for o in outcomes if o.name in names))

    def related(self, outcomes: Sequence[Outcome]) -> list[Related]:
        """Hold the outcomes against the grounds.

        Raises
        ------
        InputError
            Where no outcome is left beside the grounds.
        """
        out = self.left_out(outcomes)
        kept = [outcome for outcome in outcomes if outcome.name not in out]
        if not kept:
            raise InputError("outcomes", [f"{self.grounds.name!r} is the only outcome"])
        return relate(self.wave, self.grounds, kept, self.options, self.weights)


def ask(
    wave: Wave,
    by: By,
    options: ValidationOptions | None,
    weights: pd.Series[float] | None,
) -> Question:
    """Read and check what is asked."""
    options = options or ValidationOptions()
    return Question(
        wave,
        read_by(wave, by, options.assignment, options.errors),
        options,
        read_weights(wave, weights),
    )


def answer(
    question: Question,
    what: Label,
    outcomes: Sequence[Outcome],
    *,
    remarks: Sequence[Label] = (),
    disagreements: pd.DataFrame | None = None,
) -> Validation:
    """Run the tests of a question and lay them out."""
    table, groups, contrasts = tables(question.related(outcomes))
    label = question.grounds.label
    return Validation(
        Label(f"{what.nl} tegen {label.nl}", f"{what.en} against {label.en}"),
        table,
        groups,
        contrasts,
        empty_disagreements() if disagreements is None else disagreements,
        (*_remarks(question, outcomes), *remarks),
        {outcome.name: outcome.label for outcome in outcomes},
        question.options.level,
    )


def _remarks(question: Question, outcomes: Sequence[Outcome]) -> list[Label]:
    found = []
    if question.wave.provenance.get("synthetic"):
        found.append(REMARKS["synthetic"])
    found += [REMARKS["pairwise"], REMARKS["families"]]
    if question.weights is not None:
        found.append(REMARKS["weights"])
    if isinstance(question.grounds, Types):
        found.append(REMARKS["types"])
        if any(block.sector for block in question.grounds.blocks):
            found.append(REMARKS["apart"])
    out = question.left_out(outcomes)
    if out:
        found.append(filled("left_out", names=", ".join(out)))
    return found


def filled(key: str, **values: object) -> Label:
    """Fill the blanks of a remark in both languages; decimals get the comma that Dutch has."""
    template = REMARKS[key]
    dutch = {k: str(v).replace(".", ",") for k, v in values.items()}
    return Label(template.nl.format(**dutch), template.en.format(**values))
