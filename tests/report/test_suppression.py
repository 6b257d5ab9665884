"""What is kept back cannot be worked out: a reader with a solver tries, on the page itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_runs import made_up
from scipy.optimize import LinearConstraint, milp

from swvtypes.report import ReportInputs, ReportOptions, render_report
from swvtypes.report.privacy import CountSystem, Sum, attack, suppress

SMALLEST = 5
SECTORS = ("po", "vo")


class Tables(HTMLParser):
    """Tables of a page: captions and cells; None where a count is kept back."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._caption = ""
        self._rows: list[list[str]] = []
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._caption, self._rows = "", []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")
            self._into = "cell"
        elif tag == "caption":
            self._into = "caption"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "caption"):
            self._into = ""
        if tag == "table":
            self.found[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        if self._into == "caption":
            self._caption += data
        elif self._into == "cell":
            self._rows[-1][-1] += data


def count(cell: str) -> int | None:
    """A count as a reader sees it; None where it is kept back."""
    return int(cell) if re.fullmatch(r"\d+", cell) else None


class Reader:
    """Someone who knows the page and how tables add up, and nothing else."""

    def __init__(self, page: str) -> None:
        parser = Tables()
        parser.feed(page)
        self.known: dict[str, int | None] = {}
        self.sums: list[tuple[str, list[str]]] = []
        self._types(parser.found["Types and numbers of organisations"][1:])
        moves = next(v for k, v in parser.found.items() if k.startswith("From type to type"))
        self._moves(moves)
        self._places(parser.found["Organisations by place"])
        lead = page[page.index('class="lead"') : page.index("<nav")]
        for sector, size in re.findall(r"<bdi>(po|vo)</bdi>: (\d+|<span)", lead):
            if size.isdigit():
                self.known[f"all {sector}"] = int(size)

    def _types(self, rows: list[list[str]]) -> None:
        for kind, sector, shown, *_ in rows:
            name = {"together": f"all {sector}"}.get(kind, f"{kind} {sector}")
            self.known[name] = count(shown)
        for sector in ("po", "vo"):
            parts = [n for n in self.known if n.endswith(f" {sector}") and not n.startswith("all")]
            self.sums.append((f"all {sector}", parts))

    def _moves(self, rows: list[list[str]]) -> None:
        heads, body = rows[0][1:-1], rows[1:]
        for before, *cells, whole in body:
            names = [f"{before} > {after}" for after in heads]
            self.known |= dict(zip(names, map(count, cells), strict=True))
            if whole:
                self.known[f"{before} >"] = count(whole)
                self.sums.append((f"{before} >", names))
        for after in heads:
            self.known.setdefault(after, None)
            self.sums.append((after, [f"{b[0]} > {after}" for b in body]))
            self.sums.append((after, [f"{after} po", f"{after} vo"]))

    def _places(self, rows: list[list[str]]) -> None:
        for at, sector in enumerate(rows[0][1:], start=1):
            names = [f"{row[0]} at {sector}" for row in rows[1:-1]]
            shown = [count(row[at]) for row in rows[1:]]
            self.known |= dict(zip([*names, f"placed {sector}"], shown, strict=True))
            self.sums.append((f"placed {sector}", names))
            self.known[f"unplaced {sector}"] = None
            self.sums.append((f"all {sector}", [f"placed {sector}", f"unplaced {sector}"]))

    def range_of(self, name: str) -> tuple[int, int]:
        """Lowest and highest whole number that a count can be."""
        names = list(self.known)
        rows, right = [], []
        for total, parts in self.sums:
            row = np.zeros(len(names))
            row[names.index(total)] -= 1
            for part in parts:
                row[names.index(part)] += 1
            rows.append(row)
            right.append(0.0)
        for at, key in enumerate(names):
            if self.known[key] is not None:
                row = np.zeros(len(names))
                row[at] = 1
                rows.append(row)
                right.append(float(self.known[key] or 0))
        limits = LinearConstraint(np.array(rows), right, right)
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(names))
            goal[names.index(name)] = sign
            found = milp(goal, constraints=limits, integrality=np.ones(len(names)))
            # Unbounded above is no knowledge at all.
            ends.append(10**6 if found.x is None else round(found.x[names.index(name)]))
        return ends[0], ends[1]


@pytest.mark.parametrize(("n", "seed"), [(40, 3), (60, 1), (90, 2)])
def test_a_reader_with_a_solver_pins_no_hidden_count_down(n: int, seed: int) -> None:
    run = made_up(n, seed)
    page = render_report(run, "en", ReportOptions(organisations="none", smallest_cell=SMALLEST))
    reader = Reader(page)
    shown = [v for k, v in reader.known.items() if v is not None]
    assert all(v == 0 or v >= SMALLEST for v in shown)
    hidden = [k for k, v in reader.known.items() if v is None and not k.startswith("unplaced")]
    assert any("type" in k for k in hidden)
    real = truth(run)
    small = [name for name in hidden if 0 < real.get(name, 0) < SMALLEST]
    assert small
    for name in small:
        lowest, highest = reader.range_of(name)
        assert lowest <= real[name] <= highest
        assert highest - lowest >= SMALLEST - 1, (name, lowest, highest)
    known = {k: v for k, v in reader.known.items() if v is not None and k in real}
    assert known == {k: real[k] for k in known}


def truth(run: ReportInputs) -> dict[str, int]:
    """Every count of the tables, straight from the rows."""
    assert run.membership is not None
    assert run.wave is not None
    now, sector = run.membership.modal, run.membership.sector_of
    then = run.earlier[0].membership.modal.reindex(now.index)
    place = run.wave.column("steering")
    out = {f"type {t} {s}": int(((now == t) & (sector == s)).sum()) for t in "123" for s in SECTORS}
    for before in "123":
        out[f"{before} >"] = int((then == before).sum())
        for t in "123":
            out[f"{before} > type {t}"] = int(((then == before) & (now == t)).sum())
    for t in "123":
        out[f"then without a type > type {t}"] = int((then.isna() & (now == t)).sum())
    for s in SECTORS:
        out[f"all {s}"] = out[f"placed {s}"] = int((sector == s).sum())
        for k in range(1, 6):
            out[f"place {k} at {s}"] = int(((place == k) & (sector == s)).sum())
    return out


def test_without_complements_the_reader_succeeds() -> None:
    """The attack is no straw man: hiding small counts alone is undone by subtraction."""
    system = CountSystem()
    system.add("all", {"a": 2, "b": 30, "c": 40})
    assert attack(system, ["a"], "a") == (2, 2)
    hidden = suppress(system, SMALLEST)
    low, high = attack(system, hidden, "a")
    assert high - low >= SMALLEST - 1


def test_a_second_table_does_not_undo_the_first() -> None:
    system = CountSystem()
    system.add("all", {"a": 3, "b": 4, "c": 40})
    system.sums.append(Sum("c and b", ("b", "c")))
    system.counts["c and b"] = 44
    hidden = suppress(system, SMALLEST)
    for name in ("a", "b"):
        low, high = attack(system, hidden, name)
        assert high - low >= SMALLEST - 1


def test_nothing_small_hides_nothing() -> None:
    system = CountSystem()
    system.add("all", {"a": 0, "b": 30, "c": 5})
    assert suppress(system, SMALLEST) == frozenset()


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_every_small_count_of_any_table_stays_open(cells: list[list[int]]) -> None:
    system = CountSystem()
    for i, row in enumerate(cells):
        system.add(("row", i), {(i, j): v for j, v in enumerate(row)})
    for j in range(3):
        system.add(("column", j), {(i, j): row[j] for i, row in enumerate(cells)})
    system.add("all", {("row", i): sum(row) for i, row in enumerate(cells)})
    hidden = suppress(system, SMALLEST)
    for key, value in system.counts.items():
        if 0 < value < SMALLEST:
            assert key in hidden
            low, high = attack(system, hidden, key)
            assert low <= value <= high
            assert high - low >= SMALLEST - 1


def test_a_public_report_names_no_organisation() -> None:
    run = made_up(60)
    page = render_report(run, "nl", ReportOptions(organisations="none"))
    assert "SYN-" not in page
    assert 'id="explorer-data"' not in page
    assert "afgeschermd" in page
