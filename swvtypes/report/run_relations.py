"""Relations that a run tested, read again from its files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swvtypes.language import Label
from swvtypes.survey import Codebook
from swvtypes.validation import Validation
from swvtypes.validation.result import CONTRASTS, GROUPS, TABLE, empty_disagreements
from swvtypes.validation.wording import REMARKS

from .run_tables import read_table

_NUMBERS = ("n", "estimate", "lower", "upper", "p_value", "p_holm")
_WORDS = ("by", "what", "outcome", "form", "scope", "analysis", "notes")


def relations_of_run(folder: Path, book: Codebook, synthetic: bool) -> tuple[Validation, ...]:
    """Give the relations to budgets, services, themes and circumstances that a run tested.

    Parameters
    ----------
    folder : Path
        The results.
    book : Codebook
        For the labels.
    synthetic : bool
        Whether the rows are synthetic, which the relations then say.
    """
    found: list[Validation] = []
    for step in ("validation", "context"):
        path = folder / step / "tests.csv"
        if not path.is_file():
            continue
        frame = read_table(path, _WORDS, _NUMBERS)
        for (by, what), part in frame.groupby(["by", "what"], sort=False):
            found.append(_relation(book, str(by), str(what), part, synthetic))
    return tuple(found)


def _relation(
    book: Codebook, by: str, what: str, part: pd.DataFrame, synthetic: bool
) -> Validation:
    against = {
        "types": Label("typen", "types"),
        "steering": Label("plek op het continuüm", "place on the continuum"),
    }.get(by, Label(by, by))
    subject = _subject(book, what)
    keys = (
        *(["synthetic"] if synthetic else []), "pairwise", "families",
        *(["types"] if by == "types" else []),
        *(["shares_sum"] if what.startswith("budget_") else []),
    )  # fmt: skip
    return Validation(
        Label(f"{subject.nl} naar {against.nl}", f"{subject.en} by {against.en}"),
        part.reindex(columns=list(TABLE)).reset_index(drop=True),
        pd.DataFrame(columns=list(GROUPS)),
        pd.DataFrame(columns=list(CONTRASTS)),
        empty_disagreements(),
        tuple(REMARKS[key] for key in keys),
        {name: _label(book, name) for name in map(str, part["outcome"].unique())},
    )


def _subject(book: Codebook, what: str) -> Label:
    """Say what was held against types or places, in the codebook's own words."""
    if what == "context":
        return Label("Omstandigheden", "Circumstances")
    kind, _, name = what.partition("_")
    known = {"budget": book.compositions, "services": book.sets, "theme": book.themes}
    entry = known.get(kind, {}).get(name)
    if entry is None:
        return Label(what, what)
    return Label(_capital(entry.label.nl), _capital(entry.label.en))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _label(book: Codebook, name: str) -> Label:
    if name in book.variables:
        label = book.variable(name).label
        return Label(label.nl, label.en)
    if name in book.compositions:
        label = book.compositions[name].label
        return Label(label.nl, label.en)
    stem = name.removesuffix("_count")
    if name != stem and stem in book.sets:
        label = book.sets[stem].label
        return Label(f"{label.nl}: aantal", f"{label.en}: number")
    return Label(name, name)
