"""Tables of stored results about typologies: recovery, weak items, types or a continuum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .markdown import percent, table
from .stored import figure, results


def indicator_selection() -> str:
    """How often indicators are called significant that are not."""
    rows = []
    for design, found in results("indicator_selection").items():
        if not isinstance(found, dict):
            continue
        for test, got in found.items():
            if isinstance(got, dict):
                rows.append((design, test, f"{got['called']:.3f}", got["of"]))
    return table(("design", "test", "called significant", "tests"), rows)


def superclusters() -> str:
    """How often superclusters are claimed as types, by what is true."""
    rows = []
    for name, found in results("classes_of_classes").items():
        if not isinstance(found, dict) or "associated" not in found:
            continue
        rows.append(
            (
                name,
                found["data_sets"],
                percent(found["associated"]),
                percent(found["one dimension of classes rejected"]),
                percent(found["one dimension of items rejected"]),
                _claimed(found["claimed as types"]),
            )
        )
    header = (
        "truth", "data sets", "themes called associated", "line of classes rejected",
        "line of items rejected", "claimed as types",
    )  # fmt: skip
    return table(header, rows)


def _claimed(value: float | str) -> str:
    """Give a rate, or the bound that is stored where the rate itself is not known."""
    if isinstance(value, str):
        words, _, bound = value.rpartition(" ")
        return f"{words} {percent(float(bound))}"
    return percent(value)


def false_types() -> str:
    """How often a whole typology names types where there are none."""
    ways = {"full": "with bootstrap", "quick": "quick look"}
    rows = []
    stored = figure("typology_false_types", "cells")
    for name in sorted(stored, key=_size_and_way):
        truth, size, how = name.split(", ")
        found = stored[name]["summary"]
        low, high = found["interval"]
        said = found["verdicts"]
        rows.append(
            (
                truth,
                size.removeprefix("N="),
                ways[how],
                found["waves"],
                found["more_than_one_type"],
                said["continuum"],
                said["undecided"],
                said["not tested"],
                found["claimed"],
                "not asked"
                if said["not tested"] and not found["claimed"] and "continuum" in truth
                else f"{percent(found['rate'])} ({percent(low)} to {percent(high)})",
            )
        )
    header = (
        "truth", "organisations", "typology", "waves", "more than one type",
        "of these: stretches of a continuum", "undecided", "not tested", "claimed as kinds",
        "false, with 95% interval",
    )  # fmt: skip
    return table(header, rows)


def _size_and_way(name: str) -> tuple[int, str]:
    """Larger numbers first, with the bootstrap before without; populations stay in order."""
    _, size, how = name.split(", ")
    return -int(size.removeprefix("N=")), how


_RECOVERED = ("waves", "adjusted Rand", "true parameters", "ratio and standard error")


def _weak_designs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what came of each design with weak items, as far as it is summed up."""
    for name, entry in figure("typology_weak_items", "quick", "designs").items():
        if "summary" in entry:
            yield name, entry["summary"]


def _recovered(name: str, found: dict[str, Any]) -> tuple[Any, ...]:
    """Give the cells under `_RECOVERED`: agreement with the truth, and what could be had."""
    return (
        name,
        found["waves"],
        f"{found['rand']:.2f}",
        f"{found['rand_of_truth']:.2f}",
        f"{found['ratio']:.2f} ± {found['ratio_error']:.2f}",
    )


def weak_items() -> str:
    """Give the recovery of types where items are weak, on whole waves, by design."""
    rows = []
    for name, found in _weak_designs():
        rows.append(
            (
                *_recovered(name, found),
                f"{found['share_error']:.3f}",
                percent(found["right_number"], 0),
                percent(found["themes"], 0),
                percent(found["items"], 0),
            )
        )
    header = (
        "design", *_RECOVERED, "error of share", "right number of types", "themes taken",
        "items taken",
    )  # fmt: skip
    return table(header, rows)


def weak_items_full() -> str:
    """Give the recovery with the bootstrap tests, beside that of a quick look on the same waves."""
    quick, rows = figure("typology_weak_items", "quick", "designs"), []
    for name, entry in figure("typology_weak_items", "full", "designs").items():
        found = entry["summary"]
        waves = {row["wave"] for row in entry["rows"]}
        same = [row for row in quick[name]["rows"] if row["wave"] in waves]
        best = sum(row["rand_of_truth"] for row in same)
        rows.append(
            (
                name,
                found["waves"],
                f"{found['ratio']:.2f} ± {found['ratio_error']:.2f}",
                f"{sum(row['rand'] for row in same) / best:.2f}",
                f"{found['share_error']:.3f}",
                percent(found["right_number"], 0),
            )
        )
    header = (
        "design", "waves", "ratio and standard error", "ratio of a quick look", "error of share",
        "right number of types",
    )  # fmt: skip
    return table(header, rows)


def cost_of_choices() -> str:
    """Give what not knowing items, classes and types costs, beside error of estimation."""
    rows = []
    for name, found in _weak_designs():
        rows.append(
            (
                name,
                found["waves"],
                f"{found['ratio']:.2f}",
                f"{found['ratio_given']:.2f}",
                f"{found['cost_of_choices']:.2f} ± {found['cost_error']:.2f}",
                f"{found['share_error']:.3f}",
                f"{found['share_error_given']:.3f}",
            )
        )
    header = (
        "design", "waves", "ratio of a whole typology", "ratio when told",
        "cost of the choices and standard error", "error of share", "error of share when told",
    )  # fmt: skip
    return table(header, rows)


def kinds() -> str:
    """Give the recovery of types on waves of other kinds of answers, by population."""
    rows = []
    for name, entry in figure("typology_kinds", "populations").items():
        found = entry["summary"]
        rows.append(
            (
                *_recovered(name, found),
                f"{found['ratio_given']:.2f}",
                f"{found['share_error']:.3f}",
                f"{found['share_error_given']:.3f}",
                percent(found["right_number"], 0),
            )
        )
    header = (
        "population", *_RECOVERED, "ratio when told", "error of share",
        "error of share when told", "right number of types",
    )  # fmt: skip
    return table(header, rows)


def routes() -> str:
    """Agreement of types with the truth, by route."""
    rows = []
    for name, found in results("classes_of_classes").items():
        if not name.startswith("agreement"):
            continue
        keys = ("one step", "two step", "two step, modal classes", "all items", "true parameters")
        rows.append((name.removeprefix("agreement: "), *(f"{found[k]:.2f}" for k in keys)))
    header = (
        "design", "one step", "two steps", "two steps, modal classes", "all items at once",
        "the true parameters",
    )  # fmt: skip
    return table(header, rows)


def prior_on_types() -> str:
    """Give what a prior on the types does to their recovery."""
    rows = [
        (
            prior,
            f"{got['mean_ratio']:.3f}",
            f"{got['least_ratio']:.3f}",
            got["designs_below_0.90"],
            f"{got['mean_share_error']:.3f}",
            f"{got['largest_share_error']:.3f}",
        )
        for prior, got in figure("typology_prior", "overall").items()
    ]
    header = (
        "pseudo-cases", "mean ratio", "least ratio", "designs below .90", "mean error of share",
        "largest error of share",
    )  # fmt: skip
    return table(header, rows)


def scored_with_items_missing() -> str:
    """Agreement of a scored wave with the truth when items are missing."""
    rows = []
    for sector in ("po", "vo"):
        found = figure("typology_recovery", sector)
        rows.append(
            (
                sector,
                found["waves"],
                percent(found["two_types"]),
                f"{found['mean_absolute_error_of_share']:.3f}",
                f"{found['rand']:.2f}",
                f"{found['rand_of_true_parameters']:.2f}",
                percent(found["agreement_expected"]),
                percent(found["agreement_observed"]),
            )
        )
    header = (
        "sector", "waves", "two types found", "error of share", "adjusted Rand",
        "the true parameters' own", "agreement expected", "agreement observed",
    )  # fmt: skip
    return table(header, rows)


def types_or_continuum() -> str:
    """Verdicts by what is true."""
    rows = []
    for name, found in figure("types_or_continuum", "warp_speed").items():
        verdict = found["verdict"]
        kinds = ("independent", "continuum", "types", "undecided")
        rows.append((name, found["data_sets"], *(percent(verdict[kind]) for kind in kinds)))
    return table(("truth", "data sets", "independent", "continuum", "types", "undecided"), rows)


def interrupted_runs() -> str:
    """Count runs that were killed at random moments and started again."""
    labels = {"quick": "without bootstrap", "bootstrap": "with bootstrap"}
    rows = [
        (
            label,
            figure("kill_and_resume", key, "kills"),
            figure("kill_and_resume", key, "identical"),
            figure("kill_and_resume", key, "half_files_seen"),
            figure("kill_and_resume", key, "csv_files"),
        )
        for key, label in labels.items()
    ]
    header = ("run", "kills", "ended with the same files", "half-written files", "files compared")
    return table(header, rows)


TABLES = {
    "weak_items": weak_items,
    "weak_items_full": weak_items_full,
    "kinds": kinds,
    "indicator_selection": indicator_selection,
    "superclusters": superclusters,
    "false_types": false_types,
    "cost_of_choices": cost_of_choices,
    "routes": routes,
    "prior_on_types": prior_on_types,
    "scored_with_items_missing": scored_with_items_missing,
    "types_or_continuum": types_or_continuum,
    "interrupted_runs": interrupted_runs,
}
