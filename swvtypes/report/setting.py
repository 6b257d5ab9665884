"""What every section of a report needs: the inputs, the language, and which counts are shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape

import pandas as pd

from swvtypes.language import Label, Language, check_language

from .answer_view import AnswerItem, answer_items
from .counting import collect_counts
from .inputs import ReportInputs
from .markup import data, plain
from .options import ReportOptions
from .privacy import CountSystem, suppress
from .pseudonym_names import pseudonyms

UNTYPED = Label("zonder type", "without a type")
HIDDEN = Label("afgeschermd", "suppressed")
MARK = "\N{MIDLINE HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, eq=False)
class Setting:
    """The report at hand.

    Attributes
    ----------
    inputs : ReportInputs
    options : ReportOptions
    language : {"nl", "en"}
    names : mapping of organisation to str
        What each is called; empty where none is named.
    counts : CountSystem
        All counts of the report.
    hidden : frozenset
        Keys of those that are kept back.
    """

    inputs: ReportInputs
    options: ReportOptions
    language: Language
    names: Mapping[Hashable, str]
    counts: CountSystem
    hidden: frozenset[Hashable]

    def say(self, nl: str, en: str) -> str:
        """Give the text in the language of the report."""
        return nl if self.language == "nl" else en

    def count(self, key: Hashable) -> str:
        """Give a count as markup, or a mark where it is kept back."""
        if key in self.hidden:
            word = HIDDEN.text(self.language)
            return f'<span class="hidden-count" title="{word}">{MARK}<span class="sr">{word}</span></span>'  # fmt: skip  # noqa: E501
        return str(self.counts.counts[key])

    def shows(self, key: Hashable) -> bool:
        """Whether a count is shown."""
        return key not in self.hidden

    def organisation(self, name: Hashable) -> str:
        """Give an organisation as markup."""
        return data(self.names[name])

    def type_title(self, name: str) -> str:
        """Give a type with a user's own name for it, as plain text."""
        shown = f"type {name}" if name.isdigit() else name
        own = self.own_names.get(name, "")
        return plain(f"{shown} ({own})" if own else shown)

    def type_markup(self, name: str) -> str:
        """Give a type with a user's own name for it, as markup."""
        return data(self.type_title(name))

    @property
    def own_names(self) -> Mapping[str, str]:
        """A user's own names of types."""
        membership = self.inputs.membership
        return {} if membership is None else membership.origin.names

    @cached_property
    def items(self) -> tuple[AnswerItem, ...]:
        """Items whose answers are shown; none without a wave."""
        wave = self.inputs.wave
        if wave is None:
            return ()
        return answer_items(
            wave, self.inputs.membership, self.inputs.typology, self.language,
            self.options.coded_open_answers,
        )  # fmt: skip

    def sector_shows_types(self, sector: str) -> bool:
        """Whether no type of a sector is kept back, so that shares of types give none away."""
        kept_back = {k[1:] for k in self.hidden if isinstance(k, tuple) and k[0] == "type"}
        membership = self.inputs.membership
        if membership is None or ("sector", sector) in self.hidden:
            return membership is None
        types = membership.sector(sector).types
        return not any((sector, t) in kept_back or (t,) in kept_back for t in types)

    def left_out(self, section: str) -> str:
        """Say what the run left out of a section; nothing where organisations are not named."""
        notes = self.inputs.left_out.get(section, ())
        if not notes or self.options.organisations != "named":
            return ""
        head = self.say(
            f"Wat de run hier wegliet ({len(notes)})", f"What the run left out here ({len(notes)})"
        )
        items = "".join(f"<li>{data(a)}: {data(b)}</li>" for a, b in notes)
        return f'<details class="long"><summary>{head}</summary><ul>{items}</ul></details>'

    @property
    def suppressed_note(self) -> str:
        """What to say where counts are kept back; nothing where none is."""
        if not self.hidden:
            return ""
        k = self.options.smallest_cell
        text = self.say(
            f"Aantallen onder {k} zijn afgeschermd ({MARK}), met zoveel andere dat ze niet uit "
            "totalen of andere tabellen van dit rapport zijn af te leiden.",
            f"Counts below {k} are suppressed ({MARK}), with as many others as it takes that they "
            "cannot be worked out from totals or other tables of this report.",
        )
        return f'<p class="note">{escape(text)}</p>'


def make_setting(inputs: ReportInputs, options: ReportOptions, language: Language) -> Setting:
    """Collect the counts of a report, and say which are kept back and what each one is called."""
    checked = check_language(language)
    counts = collect_counts(inputs)
    hidden = suppress(counts, options.smallest_cell) if options.suppresses else frozenset()
    return Setting(inputs, options, checked, _names(inputs, options, checked), counts, hidden)


def _names(inputs: ReportInputs, options: ReportOptions, language: Language) -> dict[Hashable, str]:
    known = inputs.membership.sector_of.index if inputs.membership is not None else (
        inputs.wave.frame.index if inputs.wave is not None else pd.Index([])
    )  # fmt: skip
    if options.organisations == "none":
        return {}
    if options.organisations == "pseudonyms":
        return pseudonyms(known, language, options.pseudonym_seed)
    return {name: plain(name) for name in known}
