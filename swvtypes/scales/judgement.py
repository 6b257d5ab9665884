"""The decision over one set of items, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from swvtypes.errors import OptionError
from swvtypes.language import Label, Language, check_language

from .candidates import Candidate
from .rules import EVIDENCE, VERDICTS, Evidence, Reason, ScaleRules, Verdict
from .wording import JUDGEMENT_COLUMNS, YES_NO


@dataclass(frozen=True, eq=False)
class Judgement:
    """The decision over one set of items, with its reasons.

    Attributes
    ----------
    name : str
    label : Label
    verdict : {"forms_scale", "drop_items", "no_scale"}
    kept, dropped : tuple of str
        Items of the scale, and those left out of it. Where there is no scale, `kept` is empty
        and `dropped` holds the items that had gone before the set failed.
    turned : tuple of str
        Items of no scale that were turned round on the evidence of the answers.
    reasons : tuple of Reason
    evidence : {"answers", "by_construction", "partly", "none", "questionnaire"}
        What the decision rests on; on synthetic rows, whether the relations were made to fit
        print.
    item_evidence : mapping of str to str
        The same for each item; "questionnaire" for one left out by design.
    rules : ScaleRules
    item_labels : mapping of str to Label
    """

    name: str
    label: Label
    verdict: Verdict
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    turned: tuple[str, ...]
    reasons: tuple[Reason, ...]
    evidence: Evidence
    item_evidence: Mapping[str, Evidence]
    rules: ScaleRules
    item_labels: Mapping[str, Label] = field(repr=False)
    _items: pd.DataFrame = field(repr=False)
    _sectors: pd.DataFrame = field(repr=False)

    @property
    def items(self) -> pd.DataFrame:
        """One row an item and sector, a copy.

        Columns item, sector, item_rest, loading, alpha_if_dropped (when the item went, or in the
        final set; NaN for one left out by design), decision (keep or drop), evidence.
        """
        return self._items.copy()

    @property
    def sectors(self) -> pd.DataFrame:
        """The final set, one row a sector, a copy: sector, n, n_items, alpha, n_factors."""
        return self._sectors.copy()

    def text(self, language: Language = "nl") -> str:
        """Give the decision, its reasons and what it rests on, in Dutch or English."""
        check_language(language)
        head = f"{self.label.text(language)}: {VERDICTS[self.verdict].text(language)}"
        if self.verdict == "drop_items":
            names = [f'"{self.item_labels[x].text(language)}"' for x in self.dropped]
            head = f"{head} {', '.join(names)}"
        basis = dict.fromkeys([self.evidence, *(self.item_evidence[x] for x in self.dropped)])
        return "\n".join(
            [
                f"{head}.",
                *(f"- {reason.text(language)}." for reason in self.reasons),
                *(f"* {EVIDENCE[kind].text(language)}" for kind in basis if kind != "answers"),
            ]
        )


@dataclass(frozen=True, eq=False)
class Judgements:
    """The decisions over every set that a codebook suggests.

    Attributes
    ----------
    candidates : tuple of Candidate
    judgements : tuple of Judgement
        In the same order.
    """

    candidates: tuple[Candidate, ...]
    judgements: tuple[Judgement, ...]

    def __getitem__(self, name: str) -> Judgement:
        """Give the decision over one set; OptionError when there is none of that name."""
        for judgement in self.judgements:
            if judgement.name == name:
                return judgement
        names = ", ".join(repr(judgement.name) for judgement in self.judgements)
        raise OptionError("set", f"one of {names}", name)

    @property
    def table(self) -> pd.DataFrame:
        """One row a set.

        Columns name, verdict, kept, dropped, declared (tuples of items; `declared` is the scale
        of the codebook, empty where it has none), agrees (the items kept are those declared),
        evidence. Read `agrees` beside `evidence`: on synthetic rows agreement by construction
        confirms nothing, and where evidence is "none" or "partly" it is chance.
        """
        rows = [
            {
                "name": judged.name,
                "verdict": judged.verdict,
                "kept": judged.kept,
                "dropped": judged.dropped,
                "declared": asked.declared,
                "agrees": set(judged.kept) == set(asked.declared),
                "evidence": judged.evidence,
            }
            for asked, judged in zip(self.candidates, self.judgements, strict=True)
        ]
        return pd.DataFrame(rows, columns=list(JUDGEMENT_COLUMNS))

    def labelled(self, language: Language = "nl") -> pd.DataFrame:
        """Give :attr:`table` in Dutch or English, items by their labels."""
        check_language(language)
        table = self.table
        table["name"] = [judged.label.text(language) for judged in self.judgements]
        table["verdict"] = [VERDICTS[judged.verdict].text(language) for judged in self.judgements]
        table["evidence"] = [EVIDENCE[judged.evidence].text(language) for judged in self.judgements]
        table["agrees"] = [YES_NO[bool(agrees)].text(language) for agrees in table["agrees"]]
        for column in ("kept", "dropped", "declared"):
            table[column] = [
                ", ".join(judged.item_labels[item].text(language) for item in items)
                for judged, items in zip(self.judgements, table[column], strict=True)
            ]
        return table.rename(columns={k: v.text(language) for k, v in JUDGEMENT_COLUMNS.items()})
