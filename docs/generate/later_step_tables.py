"""Tables of later steps: corrected for the optimism of step one, and beside what is printed."""

from __future__ import annotations

from .engine_tables import _METHODS, _QUANTITIES, _bias
from .markdown import table
from .stored import results

_WHAT = {"covariate": "slope of a covariate", "outcome": "mean of an outcome"}


def corrected_steps() -> str:
    """Give what it changes to correct step one, by method of the later step."""
    rows = []
    for design, entry in results("inference_corrected_steps").items():
        if not isinstance(entry, dict):
            continue
        for quantity, label in _QUANTITIES.items():
            for method, name in _METHODS.items():
                stated = entry.get(f"{quantity} {method} apparent")
                mine = entry.get(f"{quantity} {method} corrected")
                if stated is None or mine is None:
                    continue
                cells = (*_bias(stated), *_bias(mine), entry["data_sets"])
                rows.append((design, label, name, *cells))
    header = (
        "design", "quantity", "method", "bias as stated", "coverage", "bias corrected",
        "coverage", "data sets",
    )  # fmt: skip
    return table(header, rows)


def published_bias() -> str:
    """Give the bias at low separation beside that in print."""
    rows = []
    for name, entry in results("inference_published").items():
        if not isinstance(entry, dict):
            continue
        what, _, size = name.split()
        for method, label in _METHODS.items():
            best, one = entry.get(f"{method} best of ten"), entry.get(f"{method} one start")
            if best is None:
                continue
            rows.append((
                size, _WHAT[what], label, f"{best['printed_bias']:+.2f}", _plain(best),
                "" if one is None else _plain(one), entry["data_sets"],
            ))  # fmt: skip
    header = (
        "cases", "quantity", "method", "bias in print", "here (error)", "here, one start (error)",
        "data sets",
    )  # fmt: skip
    return table(header, rows)


def _plain(got: dict[str, float]) -> str:
    return f"{got['bias']:+.2f} ({got['monte_carlo_error']:.2f})"


TABLES = {"corrected_steps": corrected_steps, "published_bias": published_bias}
