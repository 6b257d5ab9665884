"""Tables of stored results about steering, comparisons over time, the audit, the rebuilding."""

from __future__ import annotations

from typing import Any

from .markdown import percent, signed, table
from .stored import figure, results

_STEERING = {
    "r": "correlation",
    "spearman": "rank correlation",
    "f": "F over three groups",
    "welch": "Welch",
    "kruskal": "Kruskal-Wallis",
    "pairs_holm": "any pair (Holm)",
    "f_permutation": "F by rearrangement",
    "exact": "exact",
}
_ASPECTS = (
    "statement, five points", "statement at the ceiling", "yes 50%", "yes 20%", "yes 90%",
    "yes 5%", "scale score", "budget share",
)  # fmt: skip


def steering_level() -> str:
    """Type I error of the tests of the position, aspect by aspect."""
    rows = []
    for aspect in _ASPECTS:
        found = figure("steering_level", aspect)
        null: dict[str, Any] = next(v for k, v in found.items() if k.startswith("no relation"))
        rows.append((aspect, *(_rate(null[test]) for test in _STEERING)))
    return table(("aspect", *_STEERING.values()), rows)


def _rate(entry: dict[str, float]) -> str:
    return f"{entry['rejected']:.3f}" if "rejected" in entry else "does not apply"


def steering_spreads() -> str:
    """Type I error with equal means and unequal spreads, and between sectors."""
    names = {**_STEERING, "permutation": "by rearrangement", "mann_whitney": "Mann-Whitney"}
    rows = []
    for key in ("sectors 65+58", "unequal spreads, groups 20+31+14"):
        for test, got in figure("steering_level", key).items():
            rows.append((key, names[test], f"{got['rejected']:.3f}", got["data_sets"]))
    return table(("design", "test", "rejected at level .05", "data sets"), rows)


_ESTIMATES = {
    "naive, moved": "modal types compared",
    "three-step, moved": "three steps",
    "joint, moved": "latent transition model, equal profiles",
    "joint free, moved": "latent transition model, free profiles",
}


def movers() -> str:
    """Bias and coverage of the share that moved, true value 10%."""
    rows = []
    for part, mark in (("intervals", ""), ("new seeds", ", new seeds")):
        for design, found in results("latent_transition").get(part, {}).items():
            for key, label in _ESTIMATES.items():
                got = found.get(key)
                if got is None:
                    continue
                cover = [_cover(got, kind) for kind in ("profile", "wald")]
                bias = signed(got["bias_points"], 1)
                rows.append((f"{design}{mark}", label, bias, *cover, found["data_sets"]))
    header = (
        "design", "estimate", "bias, percentage points", "coverage, profile intervals",
        "coverage, Wald intervals", "data sets",
    )  # fmt: skip
    return table(header, rows)


def _cover(entry: dict[str, Any], kind: str) -> str:
    return percent(entry[kind]["coverage"]) if kind in entry else ""


def symmetry() -> str:
    """Type I error of the tests of symmetry."""
    rows = []
    for name, found in figure("latent_transition", "symmetry").items():
        for test, rate in found["rejected_at_5_percent"].items():
            approximate = found["rejected_by_the_approximation"][test]
            rows.append((name, test, f"{rate:.3f}", f"{approximate:.3f}", found["data_sets"]))
    header = ("changes", "test", "by flips", "chi-square table", "data sets")
    return table(header, rows)


def audit_recall() -> str:
    """Recall of the audit by kind of fault."""
    rows = [
        (_fault(name), got["made"], got["found"], percent(got["recall"], 0))
        for name, got in figure("audit_corpus", "per_corruption").items()
    ]
    return table(("fault put in", "made", "found", "recall"), rows)


def _fault(name: str) -> str:
    """Give the words of a fault, statistics written as usual."""
    words = {"f": "F", "sd": "SD"}
    return " ".join(words.get(word, word) for word in name.split("_"))


def feasible_widths() -> str:
    """How wide feasible intervals of correlations are, beside the scatter of the seeds."""
    rows = []
    for found in figure("feasible_intervals", "relations").values():
        if found["measure"] != "correlation":
            continue
        start, low_high = found["start"], found["found"]
        rows.append(
            (
                found["label"]["en"],
                found["sector"].replace("both", "po and vo"),
                f"{start[1] - start[0]:.2f}",
                f"{low_high[1] - low_high[0]:.2f}",
                "yes" if found["certified"] else "no",
            )
        )
    seeds = " and ".join(map(str, figure("feasible_intervals", "seeds")))
    over = f"range over seeds {seeds}"
    header = ("correlation", "sector", over, "range of rows found", "certified")
    return table(header, rows)


def recovery_2014() -> str:
    """Recovery of the 2014 types under other settings of the simulation."""
    rows = []
    for setting, found in results("typology_2014_recovery").items():
        for sector, got in found["sectors"].items():
            rows.append(
                (
                    setting,
                    sector,
                    f"{got['share_error']:.3f}",
                    f"{got['rand']:.2f}",
                    f"{got['rand_of_truth']:.2f}",
                    f"{got['types_by_bic']:.2f}",
                )
            )
    header = (
        "setting", "sector", "error of share", "adjusted Rand", "the true parameters' own",
        "types by BIC, mean",
    )  # fmt: skip
    return table(header, rows)


def versions_tested() -> str:
    """Outcome of the quick tests by Python and set of dependencies."""
    found: dict[str, Any] = results("versions")
    watched = ("numpy", "pandas", "scipy", "scikit-learn", "matplotlib")
    rows = [
        (
            {"constraints": "constraints.txt"}.get(got["dependencies"], got["dependencies"]),
            got["python"],
            *(got["versions"][name] for name in watched),
            got["tests"].split(" in ")[0],
        )
        for got in found.values()
    ]
    return table(("libraries", "Python", *watched, "tests"), rows)


TABLES = {
    "versions_tested": versions_tested,
    "steering_level": steering_level,
    "steering_spreads": steering_spreads,
    "movers": movers,
    "symmetry": symmetry,
    "audit_recall": audit_recall,
    "feasible_widths": feasible_widths,
    "recovery_2014": recovery_2014,
}
