"""Tables of stored benchmarks: times, goals, solutions, machine; statistics beside StepMix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .benchmark_figures import for_our_work, stored_tasks
from .benchmark_statistics import ENGINES, METHODS, QUANTITIES, structural_cells
from .markdown import percent, table
from .stored import figure

_ENGINE_TASKS = ("lca_speed", "gaussian_speed")
_PEERS = {
    "StepMix": "StepMix", "hmmlearn": "hmmlearn", "scikit-learn": "scikit-learn",
    "phenocluster": "phenocluster",
}  # fmt: skip


def _of(entry: dict[str, float], digits: int = 3) -> str:
    """Give a median with its range, where one was kept."""
    if "least" not in entry:
        return f"{entry['median']:.{digits}g}"
    return (
        f"{entry['median']:.{digits}g} ({entry['least']:.{digits}g} to {entry['most']:.{digits}g})"
    )


def _records(*benchmarks: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, found) for of, name, found in stored_tasks() if of in benchmarks)


def _beside(*benchmarks: str) -> str:
    """Give a table of times beside peers, both for the work that ours did."""
    rows = [
        (name, _of(for_our_work(found, "swvtypes")), _PEERS[peer], _of(for_our_work(found, peer)),
         _of(ratio.get("wall") or ratio["processor"]), found["load"])
        for name, found in _records(*benchmarks)
        for peer, ratio in found.get("ratio", {}).items()
    ]  # fmt: skip
    return table(("task", "swvtypes, seconds", "peer", "peer, seconds", "ratio", "load"), rows)


def speed() -> str:
    """Give times of the engine beside its peers."""
    return _beside(*_ENGINE_TASKS)


def transition_speed() -> str:
    """Give times of latent transitions beside hmmlearn, with the solutions."""
    rows = []
    for name, found in _records("latent_transition_speed"):
        values = found["shown"]["log_likelihood"]
        for peer, ratio in found.get("ratio", {}).items():
            rows.append(
                (name, f"{for_our_work(found, 'swvtypes')['median']:.3g}",
                 f"{for_our_work(found, peer)['median']:.3g}",
                 _of(ratio.get("processor") or ratio["wall"]),
                 f"{values['swvtypes'] - values[peer]:+.3f}")
            )  # fmt: skip
    header = ("task", "swvtypes, seconds", "hmmlearn, seconds", "ratio", "log-likelihood, gain")
    return table(header, rows)


def bootstrap_speed() -> str:
    """Give the time of the bootstrap likelihood-ratio test beside StepMix."""
    rows = []
    for name, found in _records("lca_bootstrap"):
        for engine, seconds in found["seconds"].items():
            ratio = found["ratio"].get(engine)
            rows.append(
                (name, engine, f"{found['work'][engine]:,}", _of(seconds["wall"]),
                 _of(ratio["wall"]) if ratio else "", found["load"])
            )  # fmt: skip
    header = ("task", "engine", "data sets times starts", "seconds", "ratio of rates", "load")
    return table(header, rows)


def stability() -> str:
    """Jaccard coefficients under resampling beside chance, and how long they take."""
    rows = []
    for name, found in _records("typology_stability"):
        shown, seconds = found["shown"], found["seconds"]["swvtypes"]
        peers = found.get("ratio", {})
        rows.append(
            (name, ", ".join(f"{value:.2f}" for value in shown["jaccard"]),
             ", ".join(f"{value:.2f}" for value in shown["chance"]),
             _of(seconds["wall"]), f"{seconds['processor']['median']:.2g}",
             ", ".join(_of(ratio["wall"]) for ratio in peers.values()), found["load"])
        )  # fmt: skip
    header = (
        "task", "Jaccard", "by chance", "seconds", "processor seconds", "phenocluster, ratio",
        "load",
    )  # fmt: skip
    return table(header, rows)


def run_time() -> str:
    """Give the time of a whole run on one simulated wave of 2014."""
    rows = []
    for name, found in _records("typology_run"):
        seconds = found["seconds"]["swvtypes"]
        verdicts = found["shown"]["verdicts"].items()
        rows.append(
            (name, _of(seconds["wall"]), _of(seconds["processor"]),
             ", ".join(f"{sector}: {verdict}" for sector, verdict in verdicts))
        )  # fmt: skip
    return table(("run", "seconds", "processor seconds", "verdict"), rows)


def memory() -> str:
    """Peak memory of the engine on long data."""
    rows = [
        (name, f"{found['seconds']['swvtypes']['wall']['median']:.3g}",
         f"{found['shown']['peak_memory_gigabytes']:.3g}", found["goals"][0]["most"])
        for name, found in _records("lca_speed")
        if "peak_memory_gigabytes" in found.get("shown", {})
    ]  # fmt: skip
    return table(("task", "seconds", "peak memory, GB", "allowed, GB"), rows)


def optima() -> str:
    """Log-likelihoods reached, beside the best known ones and those of StepMix."""
    rows = []
    for _, found in _records("lca_optima"):
        shown, seconds = found["shown"], found["seconds"]
        peer = shown.get("stepmix_difference")
        rows.append(
            (found["label"].removeprefix("K="), f"{shown['best_known']:.2f}",
             f"{shown['seeds_within_half_a_point_or_above']} of {shown['seeds']}",
             f"{shown['lowest']:+.2f} to {shown['highest']:+.2f}",
             "" if peer is None else f"{peer:+.2f}",
             *(_of(seconds[engine]["wall"]) if engine in seconds else ""
               for engine in ("swvtypes", "StepMix")))
        )  # fmt: skip
    header = (
        "classes", "best known", "seeds within .5 of it or above", "ours less best known",
        "StepMix (100 starts) less best known", "ours, seconds", "StepMix, seconds",
    )  # fmt: skip
    return table(header, rows)


def goals() -> str:
    """Give every goal that was set, and whether it was met."""
    rows = []
    for _, name, found in stored_tasks():
        for goal in found["goals"]:
            side = "least" if "least" in goal else "most"
            value = "not measured" if goal["found"] is None else f"{goal['found']:.4g}"
            what = goal["figure"].replace("shown/", "").removesuffix("/median")
            asked = f"at {side} {goal[side]:g}"
            rows.append((name, what.replace("/", ", ").replace("_", " "), asked, value,
                         "yes" if goal["met"] else "no"))  # fmt: skip
    return table(("task", "figure", "goal", "measured", "met"), rows)


def measured_on() -> str:
    """Give machines and versions behind the figures; runs that share both stand in one row."""
    alike: dict[tuple[str, str], list[str]] = {}
    for started, run in figure("speed", "runs").items():
        machine, versions = run["machine"], run["versions"]
        memory = machine.get("memory_gigabytes")
        box = [machine.get("processor") or machine["architecture"], f"{machine['cores']} cores"]
        box += [f"{memory:g} GB"] if memory else []
        names = {**versions, **run.get("peers", {})}
        told = [f"{name} {text}" for name, text in names.items() if not text.startswith("absent")]
        key = ", ".join([*box, machine["system"]]), "; ".join(told)
        alike.setdefault(key, []).append(started)
    rows = [
        (runs[0] if len(runs) == 1 else f"{len(runs)} runs, {runs[0]} to {runs[-1]}", *key)
        for key, runs in alike.items()
    ]
    return table(("run", "machine", "versions"), rows)


def step_one_recovery() -> str:
    """Items, shares and classes found again by both engines, beside the true parameters."""
    rows = []
    for (what, separation, n), cell in structural_cells().items():
        if what != "outcome":
            continue
        found = cell["step_one"]
        rows.append(
            (f"{separation.lstrip('0')}, N={n:,}",
             *(f"{found[one]['item_rmse']:.3f}" for one in ENGINES),
             *(f"{found[one]['share_rmse']:.3f}" for one in ENGINES),
             *(f"{found[one]['adjusted_rand']:.3f}" for one in (*ENGINES, "truth")),
             cell["data_sets"])
        )  # fmt: skip
    header = (
        "design", "items, RMSE: swvtypes", "StepMix", "shares, RMSE: swvtypes", "StepMix",
        "adjusted Rand: swvtypes", "StepMix", "true parameters", "data sets",
    )  # fmt: skip
    return table(header, rows)


def structural_bias() -> str:
    """Bias, root mean squared error and coverage of both engines on the designs of StepMix."""
    rows = []
    for (what, separation, n), cell in structural_cells().items():
        design = f"{separation.lstrip('0')}, N={n:,}"
        for method, label in METHODS.items():
            rows.append((QUANTITIES[what], design, label, *_pair(cell[method]), cell["data_sets"]))
    return table(("quantity", "design", "method", *_PAIR, "data sets"), rows)


_PAIR = ("bias: swvtypes", "StepMix", "RMSE: swvtypes", "StepMix", "coverage: swvtypes")


def _pair(got: dict[str, Any]) -> tuple[str, ...]:
    sizes = (f"{got[one]['bias_percent']:+.1f}% ({got[one]['monte_carlo_error_percent']:.1f})"
             for one in ENGINES)  # fmt: skip
    errors = (f"{got[one]['rmse']:.2f}" for one in ENGINES)
    return (*sizes, *errors, percent(got["ours"]["coverage"]))


def missing_answers() -> str:
    """Bias and error of class means where answers are missing, by both engines."""
    rows = []
    for name, cell in figure("stepmix_designs", "cells").items():
        if name.startswith("missing"):
            share = float(name.split()[1])
            for method, label in METHODS.items():
                rows.append((percent(share, 0), label, *_pair(cell[method]), cell["data_sets"]))
    return table(("missing", "method", *_PAIR, "data sets"), rows)


def variance_held() -> str:
    """Bias of class means with the variance of the outcome known and estimated."""
    rows = []
    for name, cell in figure("stepmix_designs", "cells").items():
        if name.startswith("variance"):
            for method in (key for key in METHODS if key in cell):
                shown = (
                    f"{got['bias_percent']:+.1f}% ({got['monte_carlo_error_percent']:.1f})"
                    for got in cell[method].values()
                )
                rows.append((METHODS[method], *shown, cell["data_sets"]))
    header = (
        "method", "swvtypes", "StepMix, variance held", "StepMix, variance estimated", "data sets",
    )  # fmt: skip
    return table(header, rows)


def full_covariances() -> str:
    """Give the adjusted Rand index where classes have full covariances, which ours does not fit."""
    labels = {"StepMix": "StepMix, full covariances", "ours": "swvtypes, diagonal ones"}
    rows = []
    for name, cell in figure("stepmix_designs", "cells").items():
        if name.startswith("gaussian"):
            for key, label in labels.items():
                got = cell[key]
                rows.append((label, f"{got['adjusted_rand']:.3f} ({got['monte_carlo_error']:.3f})",
                             cell["data_sets"]))  # fmt: skip
    return table(("model", "adjusted Rand (error)", "data sets"), rows)


def levels_beside_stepmix() -> str:
    """Share of true hypotheses rejected at 5%, and coverage of intervals, by engine."""
    rows = []
    for name, part in figure("stepmix_levels", "parts").items():
        for key, got in part.items():
            if not isinstance(got, dict):
                continue
            share = got.get("rejected", got.get("coverage"))
            what = "rejected at 5%" if "rejected" in got else "covered by 95% intervals"
            words = key.replace("ours", "swvtypes")
            for method, label in METHODS.items():
                words = re.sub(rf"(?<![a-z_]){method}(?![a-z_])", label, words)
            shown = f"{percent(share)} ({100 * got['monte_carlo_error']:.1f})"
            design = name[0].upper() + name[1:]
            rows.append((design, words.replace("_", " "), what, shown, part["data_sets"]))
    return table(("design", "test or interval", "figure", "share (error)", "data sets"), rows)


TABLES = {
    "speed": speed,
    "transition_speed": transition_speed,
    "bootstrap_speed": bootstrap_speed,
    "stability": stability,
    "run_time": run_time,
    "memory": memory,
    "optima": optima,
    "goals": goals,
    "measured_on": measured_on,
    "step_one_recovery": step_one_recovery,
    "structural_bias": structural_bias,
    "missing_answers": missing_answers,
    "full_covariances": full_covariances,
    "variance_held": variance_held,
    "levels_beside_stepmix": levels_beside_stepmix,
}
