"""The data dictionary: a page a codebook, from ``data/codebooks``."""

from __future__ import annotations

from collections.abc import Sequence

from swvtypes.resources import data_path
from swvtypes.survey import Codebook
from swvtypes.survey.schema import Variable

from .markdown import cell, table
from .places import write


def build() -> None:
    """Write a page a codebook, and the page that leads to them."""
    books = [Codebook.load(path) for path in sorted(data_path("codebooks").glob("*.toml"))]
    books.sort(key=lambda book: book.year)
    for book in books:
        write(f"data/{book.id}.md", page(book))
    write("data/index.md", overview(books))


def overview(books: list[Codebook]) -> str:
    """Give the page that leads to the codebooks."""
    rows = [
        (
            f"[{book.id}]({book.id}.md)",
            book.year,
            cell(book.title.en),
            cell(book.title.nl),
            ", ".join(f"{n} {sector}" for sector, n in book.population.items()),
            len(book.variables),
        )
        for book in books
    ]
    header = ("codebook", "year", "English", "Nederlands", "population", "variables")
    listed = "\n".join(book.id for book in books)
    return (
        "# Data dictionary\n\n"
        "What was asked of whom, and what the codes mean. Labels are short descriptions of our "
        "own, not the wording of a questionnaire. Every variable also admits `blank` (asked, not "
        "answered), `routed_past` (a gate forbade the question) and `not_asked` (not in this "
        "sector's questionnaire), which stand as an empty cell in a data file.\n\n"
        + table(header, rows, raw=True)
        + "\n```{toctree}\n:maxdepth: 1\n:hidden:\n\n"
        + listed
        + "\n```\n"
    )


def page(book: Codebook) -> str:
    """Give the page of one codebook."""
    parts = [f"# {book.id}: {cell(book.title.en)}\n", f"{cell(book.title.nl)}.\n"]
    parts.append("## Sectors\n")
    rows: list[Sequence[object]] = [
        (s.id, s.label.en, s.label.nl, s.population) for s in book.file.sectors
    ]
    parts.append(table(("sector", "English", "Nederlands", "organisations that exist"), rows))
    parts += _lists(book)
    parts.append("## Variables\n")
    groups = {theme: list(book.theme(theme)) for theme in book.themes}
    placed = {name for names in groups.values() for name in names}
    groups[""] = [name for name in book.variables if name not in placed]
    for theme, names in groups.items():
        if names:
            parts.append(f"### {_heading(book, theme)}\n")
            parts.append(_variables(book, names))
    return "\n".join(parts)


def _heading(book: Codebook, theme: str) -> str:
    if not theme:
        return "In no theme"
    label = book.themes[theme].label
    return f"{theme}: {cell(label.en)} ({cell(label.nl)})"


def _lists(book: Codebook) -> list[str]:
    """Give the tables of answer lists, missing reasons, scales, sets and compositions."""
    parts = []
    if book.answers:
        rows: list[Sequence[object]] = [
            (
                f"`{name}`",
                "; ".join(_category(c.code, c.label.en) for c in entry.categories),
                "; ".join(_category(c.code, c.label.nl) for c in entry.categories),
            )
            for name, entry in book.answers.items()
        ]
        header: tuple[str, ...] = ("answer list", "English", "Nederlands")
        parts += ["## Answer lists\n", table(header, rows, raw=True)]
    if book.file.missing:
        rows = [(m.id, m.code, m.label.en, m.label.nl, m.enters) for m in book.file.missing]
        header = ("reason", "code", "English", "Nederlands", "enters an analysis as")
        parts += ["## Reasons of absence\n", table(header, rows)]
    if book.scales:
        rows = [
            (name, s.label.en, s.label.nl, ", ".join(book.items(name)))
            for name, s in book.scales.items()
        ]
        parts += ["## Scales\n", table(("scale", "English", "Nederlands", "items"), rows)]
    blocks = {**book.sets, **book.compositions}
    if blocks:
        rows = [
            (name, b.label.en, b.label.nl, ", ".join(book.members(name)))
            for name, b in blocks.items()
        ]
        header = ("set or composition", "English", "Nederlands", "members")
        parts += ["## Multi-response sets and compositions\n", table(header, rows)]
    return parts


def _category(code: int, label: str) -> str:
    return str(code) if label == str(code) else f"{code} = {cell(label)}"


def _variables(book: Codebook, names: list[str]) -> str:
    rows = []
    for name in names:
        entry = book.variable(name)
        rows.append(
            (
                f"`{name}`",
                cell(entry.label.en),
                cell(entry.label.nl),
                entry.type,
                _answers(entry),
                ", ".join(entry.sectors or book.sectors),
                cell("; ".join(_notes(entry))),
            )
        )
    header = ("variable", "English", "Nederlands", "type", "answers", "asked in", "notes")
    return table(header, rows, raw=True)


def _answers(entry: Variable) -> str:
    if entry.answers:
        return f"`{entry.answers}`"
    if entry.minimum is not None or entry.maximum is not None:
        low = "" if entry.minimum is None else f"{entry.minimum:g}"
        high = "" if entry.maximum is None else f"{entry.maximum:g}"
        return f"{low} to {high}".strip()
    return "0, 1" if entry.type == "binary" else ""


def _notes(entry: Variable) -> list[str]:
    notes = []
    if entry.scale:
        notes.append(f"scale {entry.scale}" + (", turned round" if entry.reversed else ""))
    if entry.set:
        notes.append(f"option of {entry.set}")
    if entry.composition:
        notes.append(f"part of {entry.composition}")
    if entry.gate:
        codes = " or ".join(map(str, entry.gate.codes))
        notes.append(f"asked where {entry.gate.variable} is {codes}")
    if entry.missing:
        notes.append("may be " + ", ".join(entry.missing))
    if entry.origin != "questionnaire":
        notes.append(entry.origin.replace("_", " "))
    if entry.role == "passive":
        notes.append("passive")
    return notes
