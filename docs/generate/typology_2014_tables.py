"""Tables of stored results about the simulated waves of 2014."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np

from .markdown import percent, table
from .places import ROOT
from .stored import figure, results

RECORD = ROOT / "data" / "published" / "typology_2014.csv"
STRENGTHS = ("strong", "weak")


def prior_by_design() -> str:
    """Give recovery by size, strength of the items and prior, over the couplings."""
    designs = figure("typology_prior", "designs")
    priors = list(figure("typology_prior", "overall"))
    sizes = list(dict.fromkeys(name.split("; ")[0] for name in designs))
    rows = []
    for strength in STRENGTHS:
        for size in sizes:
            mine = [
                found["by_prior"]
                for name, found in designs.items()
                if name.startswith(f"{size}; {strength} items")
            ]
            cells = [
                f"{np.mean([m[p]['ratio'] for m in mine]):.2f} "
                f"({np.mean([m[p]['share_error'] for m in mine]):.3f})"
                for p in priors
            ]
            rows.append((size, strength, *cells))
    return table(("organisations", "items", *(f"prior {p}" for p in priors)), rows)


def recovery_on_waves_of_2014() -> str:
    """Give the recovery on the simulated waves, by sector."""
    rows = []
    for sector in ("po", "vo"):
        found = figure("typology_waves", "sectors", sector)
        rows.append(
            (
                sector,
                found["waves"],
                f"{found['mean_absolute_error_of_share']:.3f} "
                f"({found['largest_error_of_share']:.3f})",
                f"{found['rand']:.2f}",
                f"{found['rand_of_true_parameters']:.2f}",
                f"{found['ratio']:.3f}",
                f"{found['ratio_by_maximum_likelihood']:.3f}",
                percent(found["two_types_by_bic"], 0),
                percent(found["association_rejected"], 0),
            )
        )
    header = (
        "sector", "waves", "mean (largest) error of the share", "adjusted Rand",
        "true parameters", "ratio", "ratio by maximum likelihood", "two types by BIC",
        "independence rejected by bootstrap",
    )  # fmt: skip
    return table(header, rows)


def routes_on_waves_of_2014() -> str:
    """Give the adjusted Rand index by route, by sector."""
    keys = ("rand_one_step", "rand_two_step", "rand_one_class_analysis")
    rows = []
    for sector in ("po", "vo"):
        found = figure("typology_waves", "sectors", sector)
        rows.append((sector, *(f"{found[key]:.2f}" for key in keys)))
    return table(("sector", "one step", "two steps", "one class analysis, as in 2014"), rows)


@cache
def _record() -> dict[str, tuple[str, str]]:
    with RECORD.open(encoding="utf-8", newline="") as file:
        return {row["id"]: (row["sector"], row["claim"]) for row in csv.DictReader(file)}


def claims_on_waves_of_2014() -> str:
    """Give the verdict of every claim that rows can show."""
    stored = results("typology_waves")
    rows = []
    for name, verdict in stored["verdict"].items():
        sector, claim = _record()[name]
        number = stored["computed"].get(name)
        rows.append(
            (
                name,
                sector,
                claim,
                verdict.replace("_", " "),
                percent(stored["held"][name], 0),
                "" if number is None else f"{number:.2f}",
            )
        )
    return table(("claim", "sector", "what it says", "verdict", "held", "number"), rows)


TABLES = {
    "prior_by_design": prior_by_design,
    "recovery_on_waves_of_2014": recovery_on_waves_of_2014,
    "routes_on_waves_of_2014": routes_on_waves_of_2014,
    "claims_on_waves_of_2014": claims_on_waves_of_2014,
}
