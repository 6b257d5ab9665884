"""How a fitted model shows itself in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .estimator import LatentClassModel

_SHOWN = (
    "log_likelihood", "n_parameters", "n", "aic", "bic", "sabic", "entropy_r2",
    "classification_error",
)  # fmt: skip


def model_html(model: LatentClassModel) -> str:
    """Compact HTML: what was fitted, the main criteria, the class shares."""
    criteria = model.criteria_
    found = f"best of {len(model.starts_)} starts, found {model.fit_.times_found} times"
    heading = f"LatentClassModel, {model.n_classes} classes, {model.estimation_}; {found}"
    cells = "".join(f"<tr><th>{name}</th><td>{criteria[name]:.10g}</td></tr>" for name in _SHOWN)
    shares = "".join(
        f"<tr><th>class {label}</th><td>{share:.3f}</td></tr>"
        for label, share in model.class_shares_.items()
    )
    families = ", ".join(
        f"{count} {family}"
        for family, count in model.indicator_types_["family"].value_counts().items()
    )
    return (
        f"<div><p><b>{escape(heading)}</b><br>{escape(families)} indicators</p>"
        f"<table>{cells}</table><table>{shares}</table></div>"
    )
