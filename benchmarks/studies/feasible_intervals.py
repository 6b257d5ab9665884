"""What print identifies: feasible intervals of relations that the 2016 report does not print.

For each relation of ``data/reconstruction/monitor_2016/relations.toml`` the rows of two seeds are
driven both ways with the builder's moves, every printed number held; the extreme rows go to the
certifier. Run from the checkout: ``python -m benchmarks.studies.feasible_intervals``; names of
relations after it run those alone. Writes ``benchmarks/results/feasible_intervals.json`` after
every relation.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import Any

from swvtypes.reconstruction import SearchEffort, feasible_interval
from swvtypes.reconstruction.feasible import FeasibleInterval, read_relations
from swvtypes.resources import data_path

CHECKOUT = Path(__file__).resolve().parents[2]
RESULTS = CHECKOUT / "benchmarks" / "results" / "feasible_intervals.json"
SEEDS = (1, 7)
EFFORT = SearchEffort(proposals=4000, first_step=0.03, last_step=0.01)


def entry(found: FeasibleInterval, seconds: float) -> dict[str, Any]:
    """Give one result as it is stored."""
    return {
        "measure": found.relation.measure,
        "first": found.relation.first,
        "second": found.relation.second,
        "sector": found.relation.sector,
        "label": {"nl": found.relation.label.nl, "en": found.relation.label.en},
        "start": [round(found.start_low, 4), round(found.start_high, 4)],
        "found": [round(found.low_found, 4), round(found.high_found, 4)],
        "bounds": [finite(found.low_bound), finite(found.high_bound)],
        "bound_reason": {"nl": found.bound_reason.nl, "en": found.bound_reason.en},
        "seeds": [found.low_seed, found.high_seed],
        "effort": {"proposals": EFFORT.proposals, "last_step": EFFORT.last_step},
        "moves": found.n_moves,
        "constraints": found.constraints,
        "certified": found.certified,
        "seconds": round(seconds, 1),
    }


def finite(value: float) -> float | None:
    """Store an infinite bound as nothing."""
    return round(value, 4) if math.isfinite(value) else None


def main(names: list[str]) -> None:
    """Run the study and store it."""
    relations = read_relations(data_path("reconstruction", "monitor_2016", "relations.toml"))
    stored = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    done = stored.get("relations", {}) if names else {}
    for name, relation in relations.items():
        if names and name not in names:
            continue
        began = time.process_time()
        found = feasible_interval(relation, SEEDS, effort=EFFORT)
        done[name] = entry(found, time.process_time() - began)
        kept = {key: done[key] for key in relations if key in done}
        head = {"report": "monitor_2016", "seeds": list(SEEDS)}
        RESULTS.write_text(json.dumps({**head, "relations": kept}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
