"""Types in words, from their contrasts; which organisations are typical, which borderline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from swvtypes.language import Label, Language, check_language
from swvtypes.membership import Membership

MOST, TYPICAL, BORDERLINE = 6, 3, 0.80


@dataclass(frozen=True, eq=False)
class TypeDescription:
    """One type in words.

    Attributes
    ----------
    type, name : str
        Its name, and a user's own name ("" without one).
    share : float
        Share of the organisations of its sector.
    contrasts : DataFrame
        Its contrasts whose interval leaves zero out, largest first; see
        :func:`~swvtypes.typology.contrasting.contrasts`.
    alone : bool
        Whether it is the only type of its sector.
    typical : tuple of str
        Organisations that are most surely of this type.
    borderline : tuple of str
        Organisations whose most probable type it is, with a probability below 0.80.
    labels : mapping of str to Label
        Short texts of themes, items and ``"item=category"``.
    """

    type: str
    name: str
    share: float
    contrasts: pd.DataFrame
    alone: bool
    typical: tuple[str, ...]
    borderline: tuple[str, ...]
    labels: Mapping[str, Label]

    def text(self, language: Language = "en") -> str:
        """Describe the type in Dutch or English.

        Parameters
        ----------
        language : {"nl", "en"}
        """
        checked = check_language(language)
        return " ".join(sentence.text(checked) for sentence in self._sentences())

    def _sentences(self) -> list[Label]:
        named = f"{self.type} ({self.name})" if self.name else self.type
        sentences = [
            Label(
                f"{named}: {_percent(self.share, 'nl')} van de organisaties.",
                f"{named}: {_percent(self.share, 'en')} of the organisations.",
            )
        ]
        if self.alone:
            return [*sentences, Label(
                "Er is geen ander type om het mee te vergelijken.",
                "There is no other type to compare it with.",
            )]  # fmt: skip
        sentences += self._contrasting()
        sentences += self._organisations()
        return sentences

    def _contrasting(self) -> list[Label]:
        if not len(self.contrasts):
            return [Label(
                "Op geen enkele vraag verschilt het aantoonbaar van de andere.",
                "On no item does it differ from the others beyond doubt.",
            )]  # fmt: skip
        shown = self.contrasts.head(MOST)
        parts = [
            self._contrast({str(k): v for k, v in row.items()}) for row in shown.to_dict("records")
        ]
        more = len(self.contrasts) - len(shown)
        rest = Label(f"; en nog {more} verschillen" if more else "",
                     f"; and {more} more differences" if more else "")  # fmt: skip
        return [Label(
            f"Anders dan de andere organisaties: {'; '.join(p.nl for p in parts)}{rest.nl}.",
            f"Unlike the other organisations: {'; '.join(p.en for p in parts)}{rest.en}.",
        )]  # fmt: skip

    def _contrast(self, row: Mapping[str, object]) -> Label:
        item = str(row["item"])
        label = self.labels.get(item, Label(item, item))
        probability = row["parameter"] == "probability"
        category = (
            category_text(item, row["category"], self.labels) if probability else Label("", "")
        )
        more = float(row["difference"]) > 0  # type: ignore[arg-type]
        kind = ("vaker", "more often") if more else ("minder vaak", "less often")
        if not probability:
            kind = ("hoger", "higher") if more else ("lager", "lower")
        texts = []
        for at, language in enumerate(("nl", "en")):
            quoted = category[at] and f" ({category[at]})"
            texts.append(
                f"{kind[at]} {label[at]}{quoted}, {_numbers(row, probability, language)}"  # type: ignore[arg-type]
            )
        return Label(*texts)

    def _organisations(self) -> list[Label]:
        found = []
        if self.typical:
            told = ", ".join(self.typical)
            found.append(Label(f"Typisch: {told}.", f"Typical: {told}."))
        if self.borderline:
            n = len(self.borderline)
            told = ", ".join(self.borderline[:MOST]) + (" ..." if n > MOST else "")
            found.append(Label(f"Grensgevallen ({n}): {told}.", f"Borderline ({n}): {told}."))
        return found


def describe_types(
    membership: Membership | None,
    contrasts: pd.DataFrame,
    labels: Mapping[str, Label],
    types: Sequence[Sequence[str]],
    shares: Mapping[str, float],
    names: Mapping[str, str],
) -> tuple[TypeDescription, ...]:
    """Describe every type of a typology.

    Parameters
    ----------
    membership : Membership, optional
        Whose organisations are named.
    contrasts : DataFrame
        Of all types; see :func:`~swvtypes.typology.contrasting.contrasts`.
    labels : mapping of str to Label
        Short texts.
    types : sequence of sequences of str
        Types that stand beside each other: those of one sector.
    shares : mapping of str to float
        Share of each type in its sector.
    names : mapping of str to str
        A user's own names.
    """
    return tuple(
        TypeDescription(
            name, names.get(name, ""), shares[name], _clear(contrasts, name), len(beside) == 1,
            *_named(membership, name, len(beside) > 1), labels,
        )
        for beside in types
        for name in beside
    )  # fmt: skip


def _clear(contrasts: pd.DataFrame, name: str) -> pd.DataFrame:
    """Contrasts of a type whose interval leaves zero out, largest first."""
    own = contrasts[contrasts["type"] == name]
    clear = own[(own["lower"] > 0) | (own["upper"] < 0)]
    order = clear["scaled"].astype(float).abs().sort_values(ascending=False, kind="stable").index
    return clear.loc[order].reset_index(drop=True)


def _named(
    membership: Membership | None, name: str, several: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Typical and borderline organisations of a type."""
    if membership is None or not several or name not in membership.types:
        return (), ()
    mine = membership.certainty[(membership.modal == name).fillna(False).to_numpy(dtype=bool)]
    mine = mine.sort_values(ascending=False, kind="stable")
    typical = mine.index[mine >= BORDERLINE][:TYPICAL]
    borderline = mine.index[mine < BORDERLINE][::-1]
    return tuple(map(str, typical)), tuple(map(str, borderline))


def category_text(item: str, category: object, labels: Mapping[str, Label]) -> Label:
    """Give the short text of a category, yes for 1 without a label."""
    whole = isinstance(category, float) and category.is_integer()
    code = int(category) if whole else category  # type: ignore[call-overload]
    known = labels.get(f"{item}={code}")
    if known is not None:
        return known
    return Label("ja", "yes") if code in (1, True) else Label(str(code), str(code))


def _percent(share: float, language: str) -> str:
    return f"{100 * share:.0f}%"


def _numbers(row: Mapping[str, float], probability: bool, language: str) -> str:
    against = "tegen" if language == "nl" else "against"
    gap = "verschil" if language == "nl" else "difference"
    to = "tot" if language == "nl" else "to"
    low, high = sorted((abs(row["lower"]), abs(row["upper"])))
    if probability:
        unit = "punten" if language == "nl" else "points"
        return (
            f"{100 * row['estimate']:.0f}% {against} {100 * row['others']:.0f}% "
            f"({gap} {100 * abs(row['difference']):.0f} {unit}, "
            f"{100 * low:.0f} {to} {100 * high:.0f})"
        )
    text = (
        f"{row['estimate']:.1f} {against} {row['others']:.1f} "
        f"({gap} {abs(row['difference']):.1f}, {low:.1f} {to} {high:.1f})"
    )
    return text.replace(".", ",") if language == "nl" else text
