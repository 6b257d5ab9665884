"""Means and standard deviations that no set of whole answers gives (GRIM, GRIMMER, DEBIT).

Allard, A. (2018). Analytic-GRIMMER. Heathers, J. A. J. & Brown, N. J. L. (2019). DEBIT: a simple
consistency test for binary data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from swvtypes.auditing.finding import Finding, Place
from swvtypes.auditing.printed import Printed, show
from swvtypes.auditing.record import Record

_MOST_SUMS = 5000


@dataclass(frozen=True)
class Moments:
    """What is printed of one set of answers: mean, SD, base, items averaged, possible range."""

    place: Place
    mean: Printed
    sd: Printed | None
    n: int
    items: int = 1
    low: Fraction | None = None
    high: Fraction | None = None
    binary: bool = False


def check_moments(record: Record) -> Iterator[Finding]:
    """Find means and SDs that are impossible at the printed base.

    Tables need the measures ``mean`` and ``n`` in a row, with ``sd``, ``items`` (how many whole
    numbers each respondent's score averages) and the possible range ``low``, ``high`` where
    printed; a unit "proportion" says that answers are 0 or 1. Statements need `n`.
    """
    for moments in (*_rows(record), *_statements(record)):
        yield from _mean(moments)
        yield from _spread(moments)


def _rows(record: Record) -> Iterator[Moments]:
    for cells in record.tables.values():
        rows = {(c.row_no, c.sector): {} for c in cells}  # type: dict[tuple[int, str], dict[str, Printed]]
        units = {(c.row_no, c.sector): c.unit for c in cells if c.measure == "mean"}
        for cell in cells:
            rows[cell.row_no, cell.sector][cell.measure] = cell.printed
        for (row, sector), held in rows.items():
            if "mean" not in held or "n" not in held:
                continue
            yield Moments(
                Place(cells[0].locator, row, sector, "mean"),
                held["mean"],
                held.get("sd"),
                int(held["n"].value),
                int(held["items"].value) if "items" in held else 1,
                held["low"].value if "low" in held else None,
                held["high"].value if "high" in held else None,
                units[row, sector] == "proportion",
            )


def _statements(record: Record) -> Iterator[Moments]:
    spreads = {
        (s.locator, s.sector, s.var1, s.var2, s.category): s.printed
        for s in record.statements
        if s.kind == "sd"
    }
    for s in record.statements:
        if s.kind == "mean" and s.printed is not None and s.n is not None:
            spread = spreads.get((s.locator, s.sector, s.var1, s.var2, s.category))
            yield Moments(s.place, s.printed, spread, s.n)


def _sums(m: Moments) -> range:
    """Whole-number totals (in units of one item's answer) whose mean prints so."""
    cells = m.n * m.items
    return range(math.ceil(m.mean.low * cells), math.floor(m.mean.high * cells) + 1)


def _mean(m: Moments) -> Iterator[Finding]:
    if m.n < 1 or _sums(m):
        return
    cells = m.n * m.items
    below = math.floor(m.mean.value * cells)
    options = " / ".join(show(Fraction(t, cells), m.mean.decimals) for t in (below, below + 1))
    yield Finding(
        m.place, "grim", m.mean.text, options, "grim_mean", "certain",
        {"n": str(m.n), "items": str(m.items)},
    )  # fmt: skip


def _spread(m: Moments) -> Iterator[Finding]:
    sums = _sums(m)
    if m.sd is None or m.n < 2 or not sums or len(sums) > _MOST_SUMS:
        return
    place = Place(m.place.locator, m.place.row_no, m.place.sector, "sd")
    if m.binary:
        yield from _debit(m, m.sd, place)
        return
    on_scale = m.low is None or m.high is None or (m.mean.high >= m.low and m.mean.low <= m.high)
    if not on_scale:
        return  # the mean itself is impossible
    if m.low is not None and m.high is not None:
        most = max((m.mean.high - m.low) * (m.high - m.mean.low), Fraction(0))
        bound = math.sqrt(most * m.n / (m.n - 1))
        if m.sd.low > bound:
            yield Finding(
                place, "debit", m.sd.text, f"<= {bound:.{m.sd.decimals}f}", "sd_range", "certain",
                {"mean": m.mean.text, "low": str(m.low), "high": str(m.high)},
            )  # fmt: skip
            return
    if m.items == 1 and not any(_grimmer(total, m, m.sd) for total in sums):
        yield Finding(
            place, "grimmer", m.sd.text, "", "grimmer", "certain",
            {"mean": m.mean.text, "n": str(m.n)},
        )  # fmt: skip


def _grimmer(total: int, m: Moments, sd: Printed) -> bool:
    """Say whether squares can sum so: whole, of the parity of the total, within the window."""
    centre = Fraction(total * total, m.n)
    low = max(sd.low, Fraction(0)) ** 2 * (m.n - 1) + centre
    high = sd.high**2 * (m.n - 1) + centre
    first = max(math.ceil(low), math.ceil(centre))
    return any(square % 2 == total % 2 for square in range(first, math.floor(high) + 1))


def _debit(m: Moments, sd: Printed, place: Place) -> Iterator[Finding]:
    spreads = []
    for total in _sums(m):
        share = Fraction(total, m.n)
        spreads.append(math.sqrt(share * (1 - share) * m.n / (m.n - 1)) if 0 <= share <= 1 else -1)
    if any(s >= 0 and sd.fits(s) for s in spreads):
        return
    yield Finding(
        place, "debit", sd.text, f"{max(spreads):.{sd.decimals}f}", "debit", "certain",
        {"mean": m.mean.text, "n": str(m.n)},
    )  # fmt: skip
