"""Recall and precision of the audit on made-up reports, clean and corrupted.

A clean report is built from made-up respondents, so that everything printed in it is right; a
corrupted one has one fault more, of a kind drawn in turn from ``CORRUPTIONS``. A fault counts as
found when some finding points at the corrupted print (or at another print of the same fact, which
is as much in contradiction); every other finding counts as a false alarm. Some faults are small
enough to be possible (a minimum moved to another attainable score), and cannot be found.

Run as a script, with the number of reports of either kind if not 300, this writes
``benchmarks/results/audit_corpus.json``.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from audit_corpus_faults import CORRUPTIONS
from audit_corpus_reports import Place, Report, build

from swvtypes.auditing.finding import Finding


def corrupted(seed: np.random.SeedSequence, number: int) -> tuple[Report, str]:
    """Make a report with one fault, of the kind whose turn it is."""
    corrupt = list(CORRUPTIONS)[number % len(CORRUPTIONS)]
    for child in seed.spawn(50):
        made, drawn = child.spawn(2)
        report = build(made)
        if corrupt(report, np.random.default_rng(drawn)):
            return report, corrupt.__name__
    raise RuntimeError(f"{corrupt.__name__} found no hold in 50 reports")


def at_fault(finding: Finding, places: set[Place]) -> bool:
    """Say whether a finding points at a corrupted place (the row, or any row of its locator)."""
    place = finding.place
    rows = {(loc, sec) for loc, row, sec in places if row == 0 or place.row_no in {0, row}}
    return (place.locator, place.sector) in rows or (
        place.locator,
        place.row_no,
        place.sector,
    ) in places


def evaluate(n: int, seed: int = 20161001) -> dict[str, Any]:
    """Audit `n` clean and `n` corrupted reports."""
    root = np.random.SeedSequence(seed)
    clean_seeds, corrupt_seeds = (child.spawn(n) for child in root.spawn(2))
    checks: dict[str, dict[str, int]] = {}
    kinds: dict[str, dict[str, Any]] = {}
    clean_alarms: dict[str, int] = {}

    def tally(finding: Finding, right: bool) -> None:
        held = checks.setdefault(finding.check, {"right": 0, "false": 0, "false_firm": 0})
        held["right" if right else "false"] += 1
        if not right and finding.confidence != "possible":
            held["false_firm"] += 1

    for child in clean_seeds:
        report = build(child)
        for finding in report.find():
            # Rounding twice is to be reported, as no more than "possible": then it is no alarm.
            explained = finding.key.endswith("_twice") and finding.confidence == "possible"
            name = "explained" if explained else f"{report.quirk} {finding.confidence}"
            clean_alarms[name] = clean_alarms.get(name, 0) + 1
            if not explained:
                tally(finding, False)
    for number, child in enumerate(corrupt_seeds):
        report, kind = corrupted(child, number)
        found = report.find()
        right = [f for f in found if at_fault(f, report.places)]
        held = kinds.setdefault(kind, {"made": 0, "found": 0, "found_firmly": 0, "by": {}})
        held["made"] += 1
        held["found"] += bool(right)
        held["found_firmly"] += any(f.confidence != "possible" for f in right)
        for finding in found:
            if finding in right or not finding.key.endswith("_twice"):
                tally(finding, finding in right)
        for name in sorted({f.check for f in right}):
            held["by"][name] = held["by"].get(name, 0) + 1
    return _summary(n, seed, checks, kinds, clean_alarms)


def _summary(
    n: int,
    seed: int,
    checks: dict[str, dict[str, int]],
    kinds: dict[str, dict[str, Any]],
    clean_alarms: dict[str, int],
) -> dict[str, Any]:
    right, wrong = (sum(c[key] for c in checks.values()) for key in ("right", "false"))
    meant = {fault.__name__: check for fault, check in CORRUPTIONS.items()}
    for check in set(meant.values()):
        own = [held for kind, held in kinds.items() if meant[kind] == check]
        made = sum(held["made"] for held in own)
        entry = checks.setdefault(check, {"right": 0, "false": 0, "false_firm": 0})
        entry |= {"meant_for_it": made, "of_these_found": sum(held["found"] for held in own)}
    return {
        "clean_reports": n,
        "corrupted_reports": n,
        "seed": seed,
        "recall": round(sum(k["found"] for k in kinds.values()) / n, 3),
        "precision": round(right / max(right + wrong, 1), 3),
        "findings_in_clean_reports": clean_alarms,
        "per_check": {name: held | _rates(held) for name, held in sorted(checks.items())},
        "per_corruption": {
            name: held | {"recall": round(held["found"] / held["made"], 3)}
            for name, held in kinds.items()
        },
    }


def _rates(held: dict[str, int]) -> dict[str, float]:
    """Give the precision of a check, and its recall where faults were meant for it."""
    rates: dict[str, float] = {}
    if held["right"] + held["false"]:
        rates["precision"] = round(held["right"] / (held["right"] + held["false"]), 3)
    if held.get("meant_for_it"):
        rates["recall"] = round(held["of_these_found"] / held["meant_for_it"], 3)
    return rates


def main() -> None:
    start = time.perf_counter()
    result = evaluate(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
    result["seconds"] = round(time.perf_counter() - start, 1)
    path = Path(__file__).resolve().parent / "results" / "audit_corpus.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(
        json.dumps(
            {k: result[k] for k in ("recall", "precision", "findings_in_clean_reports", "seconds")}
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
