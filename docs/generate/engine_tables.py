"""Tables of stored results about the latent class engine and inference."""

from __future__ import annotations

from .markdown import percent, table
from .stored import figure, results


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
    "bootstrap_level": bootstrap_level,
    "interval_coverage": interval_coverage,
    "three_step": three_step,
    "corrected_errors": corrected_errors,
    "indicator_levels": indicator_levels,
}
