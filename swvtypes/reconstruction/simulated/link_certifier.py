"""Certify a scenario that links two waves, from its written files alone."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

Line = dict[str, str]


def certify_link(crosswalk: str, truth: str, wave: str, link: str) -> pd.DataFrame:
    """Certify one crosswalk between simulated types of 2014 and rows of 2016.

    Parameters
    ----------
    crosswalk, truth, wave : str
        The crosswalk, the truth of 2014 and the rows of 2016.
    link : str
        The correlation that the scenario promises, as a decimal.

    Returns
    -------
    DataFrame
        ``target, link, sector, rule, n, computed, status`` (attained or missed): the correlation
        in each sector, to .02; every organisation there once on each side.
    """
    pairs = _read(crosswalk)
    types = {row["organisation"]: row for row in _read(truth)}
    rows = {row["organisation"]: row for row in _read(wave)}
    lines = []
    for sector in dict.fromkeys(row["sector"] for row in types.values()):
        both = [
            (Decimal(types[p["before"]]["supercluster"]), Decimal(rows[p["after"]]["steering"]))
            for p in pairs
            if p["before"] in types
            and p["after"] in rows
            and types[p["before"]]["sector"] == rows[p["after"]]["sector"] == sector
            and rows[p["after"]]["steering"]
        ]
        r = -_correlation(both)
        holds = abs(r - Decimal(link)) <= Decimal("0.02")
        lines.append(_line(link, sector, "correlation", len(both), f"{r:.3f}", holds))
    for side in ("before", "after"):
        names = [p[side] for p in pairs]
        twice = len(names) - len(set(names))
        lines.append(_line(link, "both", f"{side} once", len(names), str(twice), not twice))
    return pd.DataFrame(lines)


def _line(link: str, sector: str, rule: str, n: int, computed: str, holds: bool) -> Line:
    status = "attained" if holds else "missed"
    return {
        "target": f"link {link}, {sector}: {rule}",
        "link": link,
        "sector": sector,
        "rule": rule,
        "n": str(n),
        "computed": computed,
        "status": status,
    }


def _read(path: str) -> list[Line]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, map(str, row), strict=True)) for row in frame.itertuples(index=False)]


def _correlation(pairs: list[tuple[Decimal, Decimal]]) -> Decimal:
    n = len(pairs)
    a, b = (sum((p[side] for p in pairs), Decimal(0)) / n for side in (0, 1))
    cross = sum(((x - a) * (y - b) for x, y in pairs), Decimal(0))
    squares = sum(((x - a) ** 2 for x, _ in pairs), Decimal(0))
    squares *= sum(((y - b) ** 2 for _, y in pairs), Decimal(0))
    return cross / squares.sqrt()
