"""What every start came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from swvtypes.language import Label, Language, check_language
from swvtypes.lca import LatentClassModel

from .canvas import bare, colour, decimal_ticks, open_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_X = Label("starts, van hoog naar laag", "starts, from high to low")
_Y = Label("log-aannemelijkheid", "log-likelihood")
_BEST = Label("beste oplossing", "best solution")
_OTHER = Label("lager", "lower")
_UNFINISHED = Label("niet geconvergeerd", "not converged")


def starts_by_rank(
    model: LatentClassModel, *, language: Language = "en", ax: Axes | None = None
) -> Axes:
    """Draw the log-likelihood of every start from high to low.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model; its ledger of starts is drawn.
    language : {"en", "nl"}
        Of titles.
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    axes = open_axes(ax, 6.4, 4.0)
    starts = model.starts_.sort_values("log_likelihood", ascending=False, kind="stable")
    value = starts["log_likelihood"].to_numpy(float)
    best = starts["solution"].to_numpy() == 1
    done = starts["converged"].to_numpy(bool)
    rank = np.arange(1, len(value) + 1)
    for which, text, shade in (
        (best & done, _BEST, colour(0)),
        (~best & done, _OTHER, colour(1)),
        (~done, _UNFINISHED, "0.6"),
    ):
        if which.any():
            label = f"{text.text(language)}: {int(which.sum())}"
            axes.scatter(rank[which], value[which], s=14, label=label, color=shade)
    axes.set_xlabel(_X.text(language))
    axes.set_ylabel(_Y.text(language))
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.set_title(_title(model, language))
    axes.legend(loc="best", frameon=False)
    decimal_ticks(axes.yaxis, language)
    bare(axes)
    return axes


def _title(model: LatentClassModel, language: Language) -> str:
    times, total = model.fit_.times_found, len(model.starts_)
    return Label(
        f"Beste oplossing {times} van de {total} keer gevonden",
        f"Best solution found {times} times out of {total}",
    ).text(language)
