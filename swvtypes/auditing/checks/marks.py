"""Marks that are no numbers: labels of answer scales, references, repeated notes, omissions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swvtypes.auditing.finding import Finding, Place
from swvtypes.auditing.record import Mark, Record

_NUMBERED = re.compile(r"^(?P<words>.*\S)\s*\((?P<number>\d+)\)$")
_REFERENCE = re.compile(
    r"(?P<what>tabel|table|figuur|figure|grafiek|paragraaf|section|§|bijlage|appendix|hoofdstuk"
    r"|chapter|\bH(?=\d))\s*(?P<number>\d+(?:\.\d+)*)",
    re.IGNORECASE,
)
_KINDS = {
    "tabel": "table", "table": "table",
    "figuur": "figure", "figure": "figure", "grafiek": "figure",
    "paragraaf": "section", "section": "section", "§": "section",
    "bijlage": "appendix", "appendix": "appendix",
    "hoofdstuk": "chapter", "chapter": "chapter", "h": "chapter",
}  # fmt: skip
_FIGURES = re.compile(r"(?:figuur|figure)\s+(\d+(?:\.\d+)?)(?:\s+(?:en|and)\s+(\d+(?:\.\d+)?))?")


def check_marks(record: Record) -> Iterator[Finding]:
    """Find scale labels printed twice, references that lead nowhere or astray."""
    yield from _labels(record)
    yield from _references(record)
    yield from _figures(record)
    yield from _omissions(record)


def _labels(record: Record) -> Iterator[Finding]:
    """Two numbers of one answer scale cannot have the same words."""
    scales: dict[tuple[str, str], list[tuple[str, int, Mark]]] = {}
    for mark in record.marks:
        found = _NUMBERED.match(mark.printed)
        if mark.kind == "scale_label" and found:
            scales.setdefault((mark.locator, mark.subject), []).append(
                (found["words"].lower(), int(found["number"]), mark)
            )
    for labels in scales.values():
        for index, (words, number, mark) in enumerate(labels):
            later = [
                other for other in labels[index + 1 :] if other[0] == words and other[1] != number
            ]
            if not later:
                continue
            wrong, right = _which(labels, (words, number, mark), later[0])
            yield Finding(
                wrong[2].place,
                "scale_label",
                wrong[2].printed,
                _opposite(record, wrong[1]),
                "scale_label",
                "certain",
                {"first": str(wrong[1]), "second": str(right[1])},
            )


def _which(
    labels: list[tuple[str, int, Mark]],
    one: tuple[str, int, Mark],
    other: tuple[str, int, Mark],
) -> tuple[tuple[str, int, Mark], tuple[str, int, Mark]]:
    """Of two equal labels the one whose neighbours speak against it is wrong."""

    def denies(label: tuple[str, int, Mark]) -> bool:
        return bool(re.search(r"\b(niet|not|geen|no|on\w+)\b", label[0]))

    near = [label for label in labels if abs(label[1] - one[1]) == 1]
    if near and denies(near[0]) != denies(one):
        return one, other
    return other, one


def _opposite(record: Record, number: int) -> str:
    """Find, in the heads of the record's batteries, what label stands at a number."""
    for mark in record.marks:
        heads = [head.strip() for head in mark.printed.split("|")]
        if mark.kind == "scale_label" and len(heads) >= number > 0 and len(heads) > 2:
            return f"{heads[number - 1]} ({number})"
    return ""


def _homes(record: Record) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Give the numbers that exist of each kind, and where each subject is treated."""
    exist: dict[str, set[str]] = {}
    treated: dict[str, set[str]] = {}
    for mark in record.marks:
        if mark.kind != "heading":
            continue
        number = re.sub(r"^\D+", "", mark.locator)
        exist.setdefault(mark.note.split(";")[0].strip(), set()).add(number)
        treated.setdefault(mark.subject, set()).add(mark.locator)
    return exist, treated


def _references(record: Record) -> Iterator[Finding]:
    exist, treated = _homes(record)
    if not exist:
        return
    said: set[tuple[str, str]] = set()
    for mark in record.marks:
        if mark.kind != "reference":
            continue
        for found in _REFERENCE.finditer(mark.printed):
            kind, number = _KINDS[found["what"].lower()], found["number"]
            if number not in exist.get(kind, set()) and kind in exist:
                key = "reference_nowhere"
                wanted = _home(treated, mark.subject, kind)
                if not wanted and kind == "appendix":
                    wanted = _appendix(record, mark.subject)
            elif kind in {"section", "chapter"} and _astray(treated, mark.subject, number):
                key, wanted = "reference_astray", _home(treated, mark.subject, kind)
            else:
                continue
            if (mark.locator, mark.printed) in said:
                continue
            said.add((mark.locator, mark.printed))
            yield Finding(
                mark.place, "reference", found[0], wanted, key, "certain",
                {"subject": mark.subject.replace("_", " "), "number": number},
            )  # fmt: skip


def _sections(treated: dict[str, set[str]], subject: str) -> set[str]:
    """Give the sections on a subject, or on the family that its name begins with."""
    words = subject.split("_")
    for size in range(len(words), 0, -1):
        stem = "_".join(words[:size])
        for name in (stem, f"{stem}s"):
            homes = {loc for loc in treated.get(name, set()) if re.match(r"^\d", loc)}
            if homes:
                return homes
    return set()


def _astray(treated: dict[str, set[str]], subject: str, number: str) -> bool:
    homes = _sections(treated, subject)
    return bool(homes) and not any(_within(home, number) for home in homes)


def _within(home: str, number: str) -> bool:
    return home == number or home.startswith(f"{number}.") or number.startswith(f"{home}.")


def _home(treated: dict[str, set[str]], subject: str, kind: str) -> str:
    homes = sorted(_sections(treated, subject))
    if kind == "chapter":
        chapters = sorted({home.split(".")[0] for home in homes})
        return " / ".join(f"H{chapter}" for chapter in chapters)
    return " / ".join(home for home in homes if "." in home) if kind == "section" else ""


def _appendix(record: Record, subject: str) -> str:
    """Find the appendix in which a subject's answers stand."""
    for mark in record.marks:
        found = re.match(r"^(bijlage|appendix)\s*(\d+)", mark.locator, re.IGNORECASE)
        if found and mark.subject == subject and "|" in mark.printed:
            return f"{found[1]} {found[2]}"
    return ""


def _figures(record: Record) -> Iterator[Finding]:
    """Check figures named in the notes of statements, where the record lists its figures."""
    known = record.meaning.figures
    if not known:
        return
    said: set[tuple[str, str]] = set()
    for statement in record.statements:
        for found in _FIGURES.finditer(statement.note):
            for number in filter(None, found.groups()):
                if number in known or (statement.locator, number) in said:
                    continue
                said.add((statement.locator, number))
                near = [f for f in known if f.split(".")[0] == statement.locator.split(".")[0]]
                yield Finding(
                    statement.place, "reference", f"figuur {number}", "", "figure_nowhere",
                    "certain", {"number": number, "known": f"{near[0]}-{near[-1]}" if near else ""},
                )  # fmt: skip


def _omissions(record: Record) -> Iterator[Finding]:
    """Questions that an appendix prints for one sector only, while a table has both."""
    for link in record.meaning.linked:
        sectors = {c.sector for c in record.tables.get(link.table, [])}
        absent = sectors - set(link.source)
        if not absent or not link.source or not set(record.sectors) >= sectors:
            continue
        home = next(iter(link.source.values()))
        appendix = re.match(r"^(bijlage|appendix)\s*\d+", home, re.IGNORECASE)
        if appendix is None:
            continue
        for sector in sorted(absent):
            yield Finding(
                Place(appendix[0], 0, sector, link.table), "omission", "", link.table,
                "omission", "likely", {"table": link.table, "home": home},
            )  # fmt: skip
