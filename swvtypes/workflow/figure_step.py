"""The step that draws: every figure as SVG and as PNG, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from swvtypes.errors import MissingExtraError
from swvtypes.steering import summarise

from .plan import Files, Work

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Drawn = dict[str, Callable[[], "Axes"]]
_SALT = "swvtypes"
_DOTS = 150


def figures(work: Work) -> Files:
    """Draw memberships, types by theme, what sets types apart, and the steering continuum."""
    return drawn_files(work, lambda: _drawn(work))


def drawn_files(work: Work, drawn: Callable[[], Drawn]) -> Files:
    """Give figures as files; what cannot be drawn, or lacks its library, is noted."""
    try:
        import matplotlib as mpl
    except ImportError:
        work.notes.add("figures", MissingExtraError("a figure", "matplotlib", "report"))
        return {}
    files: Files = {}
    with mpl.rc_context({"svg.hashsalt": _SALT, "backend": "agg", "text.parse_math": False}):
        for name, draw in drawn().items():
            work.notes.tried(name, _saved(name, draw, files))
    return files


def _drawn(work: Work) -> Drawn:
    from swvtypes import plots
    from swvtypes.plots.steering_figures import steering_distribution

    typology, membership = work.typology(), work.membership()
    typology.rename(dict(membership.origin.names))
    spoken = work.language
    out: Drawn = {}
    for model in typology.models_:
        sector = model.sectors[0] if len(model.sectors) == 1 else None
        tail = sector or "all"
        out[f"membership_{tail}"] = lambda s=sector: plots.membership_strip(  # type: ignore[misc]
            membership, s, language=spoken
        )
        if model.themes:
            out[f"types_by_theme_{tail}"] = lambda s=sector: plots.type_theme_map(  # type: ignore[misc]
                typology, s, language=spoken
            )
        for name in model.types if model.n_types > 1 else ():
            out[f"contrasts_{name.replace(' ', '_')}"] = lambda t=name: plots.type_contrasts(  # type: ignore[misc]
                typology, t, language=spoken
            )
    variable = work.inputs.file.steering.variable
    if variable in work.wave.variables:
        out["steering"] = lambda: steering_distribution(
            summarise(work.wave, variable), language=spoken
        )
    return out


def _saved(name: str, draw: Callable[[], Axes], files: Files) -> Callable[[], None]:
    def make() -> None:
        import matplotlib.pyplot as plt

        figure: Any = draw().figure
        try:
            for suffix, said in (("svg", {"Date": None}), ("png", {"Software": None})):
                stream = io.BytesIO()
                figure.savefig(stream, format=suffix, dpi=_DOTS, metadata=said)
                files[f"{name}.{suffix}"] = stream.getvalue()
        finally:
            plt.close(figure)

    return make
