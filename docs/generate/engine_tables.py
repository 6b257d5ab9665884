"""Tables of stored results about the latent class engine and inference."""

from __future__ import annotations

from .markdown import percent, table
from .stored import figure, results


def _of(entry: dict[str, float], digits: int = 3) -> str:
    """Give a median with its range."""
    return (
        f"{entry['median']:.{digits}g} ({entry['least']:.{digits}g} to {entry['most']:.{digits}g})"
    )


def speed() -> str:
    """Give times of the engine beside StepMix, run side by side in one process."""
    rows = []
    for task, found in figure("lca_speed", "tasks").items():
        if "ratio" not in found or task.startswith("optima"):
            continue
        rows.append(
            (
                task,
                _of(found["seconds"]["ours wall"]),
                _of(found["seconds"]["StepMix wall"]),
                _of(found["ratio"]["wall"]),
                found["machine"]["load_average_of_the_last_minute"],
            )
        )
    header = ("task", "swvtypes, seconds", "StepMix, seconds", "ratio", "load")
    return table(header, rows)


def memory() -> str:
    """Peak memory of the engine on long data."""
    rows = [
        (task, f"{found['seconds']:.3g}", f"{found['peak_memory_gigabytes']:.3g}", found["goal"])
        for task, found in figure("lca_speed", "tasks").items()
        if "peak_memory_gigabytes" in found
    ]
    return table(("task", "seconds", "peak memory, GB", "allowed, GB"), rows)


def optima() -> str:
    """Log-likelihoods reached, beside the best known ones and those of StepMix."""
    rows = []
    for classes, found in figure("lca_optima", "classes").items():
        peer = found["stepmix_of_100_starts"]
        rows.append(
            (
                classes,
                f"{found['best_known']:.2f}",
                f"{found['seeds_within_half_a_point_or_above']} of {found['seeds']}",
                f"{found['lowest']:+.2f} to {found['highest']:+.2f}",
                f"{peer['difference']:+.2f}",
                f"{found['median_seconds']['processor']:.2f}",
                f"{peer['processor']:.2f}",
            )
        )
    header = (
        "classes", "best known", "seeds within .5 of it or above", "ours less best known",
        "StepMix (100 starts) less best known", "ours, processor seconds",
        "StepMix, processor seconds",
    )  # fmt: skip
    return table(header, rows)


def bootstrap_speed() -> str:
    """Time of the bootstrap likelihood-ratio test beside StepMix."""
    found = results("lca_bootstrap")
    peer = found["stepmix_seconds"][0]
    rows = [
        ("swvtypes", found["n_boot"], found["n_init"], f"{found['median_seconds']:.2f}"),
        ("StepMix", found["stepmix_replicates"], found["n_init"], f"{peer:.2f}"),
    ]
    times = found["times_stepmix_rate"]
    return (
        table(("engine", "replicates", "starts of each", "seconds"), rows)
        + f"\nReplicates a second: {times:.0f} times as many; load {found['load']:.1f}.\n"
    )


def bootstrap_level() -> str:
    """Type I error of the bootstrap likelihood-ratio test."""
    rows = []
    for name, found in figure("bootstrap_level", "designs").items():
        design = found["design"]
        rows.append(
            (
                name,
                design["n"],
                design["n_boot"],
                design["n_init"],
                found["data_sets"],
                f"{found['rejection_rate']:.3f}",
            )
        )
    header = ("truth", "N", "replicates", "starts", "data sets", "rejected at level .05")
    return table(header, rows)


_INTERVALS = {
    "adjusted": "posterior mode, one pseudo-case a class (default)",
    "wald_observed": "maximum likelihood, observed information",
    "wald_outer_product": "maximum likelihood, outer product",
    "wald_sandwich": "maximum likelihood, sandwich",
    "nonparametric_percentile": "bootstrap of rows, percentiles",
    "nonparametric_normal": "bootstrap of rows, normal",
    "parametric_percentile": "parametric bootstrap, percentiles",
    "parametric_normal": "parametric bootstrap, normal",
}


def interval_coverage() -> str:
    """Coverage of 95% intervals for item probabilities."""
    found = results("inference_coverage")
    designs = [name for name, entry in found.items() if isinstance(entry, dict)]
    rows = []
    for key, label in _INTERVALS.items():
        cells = []
        for name in designs:
            entry = found[name][key]
            cells.append(f"{percent(entry['coverage'])} ({entry['data_sets']})")
        rows.append((label, *cells))
    share = [percent(found[name]["boundary_frequency"]) for name in designs]
    rows.append(("estimates on the boundary", *share))
    return table(("interval", *designs), rows)


_METHODS = {
    "naive": "assignments taken as classes",
    "ml": "three steps, ML",
    "bch": "three steps, BCH",
    "two_step": "two steps",
    "one_step": "one step",
}
_QUANTITIES = {"slope": "slope of a covariate", "mean": "mean of an outcome"}


def three_step() -> str:
    """Bias and coverage of the ways to relate classes to other variables."""
    found = results("inference_three_step")
    rows = []
    for design, entry in found.items():
        if not isinstance(entry, dict):
            continue
        for quantity, label in _QUANTITIES.items():
            for method, name in _METHODS.items():
                got = entry.get(f"{quantity} {method} modal")
                if got is None:
                    continue
                rows.append((design, label, name, *_bias(got), entry["data_sets"]))
    header = ("design", "quantity", "method", "relative bias (error)", "95% coverage", "data sets")
    return table(header, rows)


def _bias(got: dict[str, float]) -> tuple[str, str]:
    bias, error = got["relative_bias_percent"], got["monte_carlo_error_percent"]
    return f"{bias:+.1f}% ({error:.1f})", percent(got["coverage"])


def corrected_errors() -> str:
    """Give what it changes to correct the table of assignment errors for optimism."""
    found = results("inference_corrected_errors")
    rows = []
    for design, entry in found.items():
        if not isinstance(entry, dict):
            continue
        for quantity, label in _QUANTITIES.items():
            for method in ("ml", "bch"):
                both = [
                    entry.get(f"{quantity} {method} {kind}") for kind in ("apparent", "corrected")
                ]
                if None in both:
                    continue
                cells = [text for got in both if got is not None for text in _bias(got)]
                rows.append((design, label, _METHODS[method], *cells, entry["data_sets"]))
    header = (
        "design", "quantity", "method", "bias, errors as stated", "coverage",
        "bias, errors corrected", "coverage", "data sets",
    )  # fmt: skip
    return table(header, rows)


def indicator_levels() -> str:
    """Type I error of the bootstrap tests of indicators and of known groups."""
    labels = {
        "groups 65+58": "equal profiles in two known groups of 65 and 58",
        "indicator N=65": "an indicator without classes, N = 65",
    }
    rows = []
    for key, label in labels.items():
        found = figure("inference_levels", key)
        rows.append(
            (
                label,
                found["data_sets"],
                f"{found['rejected_at_5_percent']:.3f}",
                f"{found['rejected_at_5_percent_chi_square']:.3f}",
                f"{found['monte_carlo_error']:.3f}",
            )
        )
    header = ("null hypothesis", "data sets", "bootstrap", "chi-square table", "error")
    return table(header, rows)


TABLES = {
    "speed": speed,
    "memory": memory,
    "optima": optima,
    "bootstrap_speed": bootstrap_speed,
    "bootstrap_level": bootstrap_level,
    "interval_coverage": interval_coverage,
    "three_step": three_step,
    "corrected_errors": corrected_errors,
    "indicator_levels": indicator_levels,
}
