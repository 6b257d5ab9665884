"""Write ``docs/feasible_intervals.md`` from the stored study of feasible intervals.

Run from the checkout: ``python -m benchmarks.studies.feasible_page``.
"""

from __future__ import annotations

import json
from typing import Any

from .feasible_intervals import CHECKOUT, RESULTS

PAGE = CHECKOUT / "docs" / "feasible_intervals.md"
HEAD = """# Feasible intervals: what print identifies

The shipped rows of 2016 are rebuilt from print. The spread of a statistic over their seeds is the
builder's scatter: every seed starts from chance, so what print does not settle comes out near
zero. That spread is **not** uncertainty about 2016. A *feasible interval* is: the smallest and the
largest value found in rows that still meet everything that is printed.

```python
from swvtypes.reconstruction import Relation, feasible_interval

found = feasible_interval(Relation("correlation", "trust", "boards", "po"), seeds=[1, 7])
found.low_found, found.high_found  # attained, by rows that the certifier accepts
found.low_bound, found.high_bound  # proven: nothing lies beyond
```

How it is made. From the rows of several seeds the statistic is driven up, and down, goal by goal,
with the builder's own moves: answers swapped within a column and a sector, whole scales and
budgets swapped between partnerships, points moved between posts of a budget. At every goal that
counts, all printed counts are exact and every printed statistic that concerns the moved columns
lies in its rounding window. The two extreme sets of rows are written and handed to the certifier,
which shares no code with the search: every line must end as it does for the seed's own rows.

How to read it. The true interval contains the one found (other columns stay as they were, and a
search may stop early) and lies within the bounds. Bounds come from the counts of the answers
(rearrangement, overlap) and from printed correlations of both sides with a third column. The
spread of equalisation, boards and growth is assumed, so intervals about them rest on that too.
Where the values found are those of the seeds, the search got nowhere among many tight statistics:
such a line shows no range, and is no sign that print identifies the relation.
An interval that holds both clearly negative and clearly positive values says that the report does
not tell which way the relation went; no analysis of the rows can.

*Statistic* is the correlation (r), a difference of means, a share, an analysis of variance (F) or
the reliability of a scale (alpha); *held to* counts the printed statistics that the rows must meet.
Sectors are primary (po) and secondary education (vo).

"""
TAIL = """
The relations stand in `data/reconstruction/monitor_2016/relations.toml`, the study in
`benchmarks/studies/feasible_intervals.py`, its result with seeds and effort in
`benchmarks/results/feasible_intervals.json`. Moves proposed in all: {moves:,}. Extreme rows
accepted by the certifier: {certified} of {total} relations.
"""
NAMES = {"correlation": "r", "difference": "difference", "share": "share", "f": "F",
         "alpha": "alpha"}  # fmt: skip


def main() -> None:
    """Write the page."""
    study = json.loads(RESULTS.read_text(encoding="utf-8"))
    lines = [
        "| relation | sector | statistic | in the seeds | found | proven bounds | held to |",
        "|---|---|---|---|---|---|---|",
    ]
    relations = study["relations"].values()
    lines += [row(line) for line in relations]
    tail = TAIL.format(
        moves=sum(line["moves"] for line in relations),
        certified=sum(line["certified"] for line in relations),
        total=len(relations),
    )
    PAGE.write_text(HEAD + "\n".join(lines) + "\n" + tail, encoding="utf-8")


def row(line: dict[str, Any]) -> str:
    """Give one line of the table."""
    pairs = [span(line[name], line["measure"]) for name in ("start", "found", "bounds")]
    sector = "po, vo" if line["sector"] == "both" else line["sector"]
    cells = [line["label"]["en"], sector, NAMES[line["measure"]], *pairs, str(line["constraints"])]
    return f"| {' | '.join(cells)} |"


def span(pair: list[float | None], measure: str) -> str:
    """Write an interval; shares as percentages, and ``none`` where no end is proven."""
    low, high = (None if x is None else number(x, measure) for x in pair)
    if low is None or high is None:
        ends = (f"from {low}" if low else "", f"up to {high}" if high else "")
        return "".join(ends) or "none"
    return f"{low} to {high}"


def number(value: float, measure: str) -> str:
    """Write one end; what rounds to zero has no sign."""
    if measure == "share":
        return f"{100 * value:.0f}%"
    return f"{round(value, 2) + 0.0:.2f}"


if __name__ == "__main__":
    main()
