"""Association that a model leaves between pairs of items."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.lca import FitTest, LatentClassModel

from .canvas import decimal_ticks, number, open_axes, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Label("Bivariate residuen per vrijheidsgraad", "Bivariate residuals per degree of freedom")
_MARKED = Label("omlijnd: bootstrap-p ten hoogste 0,05", "outlined: bootstrap p at most 0.05")
_TOP = 4.0
_MOST_NUMBERED = 24
_LEVEL = 0.05


def bivariate_residual_map(
    model: LatentClassModel,
    *,
    test: FitTest | None = None,
    language: Language = "en",
    labels: Mapping[Hashable, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the bivariate residuals of all pairs of items.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model; nothing is fitted again.
    test : FitTest, optional
        From :func:`swvtypes.lca.bootstrap_fit`; pairs with p at most 0.05 are then outlined.
    language : {"en", "nl"}
        Of titles and numbers.
    labels : mapping, optional
        Labels of columns of the data.
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Colours end at 4 per degree of freedom; pairs that nobody answered both of stay empty.

    Raises
    ------
    InputError
        For fewer than two items, or a test of another model.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    pairs = model.bivariate_residuals_
    if pairs.empty:
        raise InputError("model", ["expected two indicators at least"])
    if test is not None and len(test.bivariate) != len(pairs):
        raise InputError("test", [f"expected {len(pairs)} pairs, got {len(test.bivariate)}"])
    columns = list(model.indicator_types_.index)
    J = len(columns)
    first, second = np.triu_indices(J, 1)
    residual = np.full((J, J), np.nan)
    residual[second, first] = pairs["residual"].to_numpy(float)
    side = 2.6 + 0.36 * J
    axes = open_axes(ax, side + 1.0, side)
    image = axes.imshow(residual[1:, :-1], cmap="YlOrRd", vmin=0.0, vmax=_TOP)
    if J <= _MOST_NUMBERED:
        _number(axes, residual, language)
    if test is not None:
        _outline(axes, test.bivariate["p_value"].to_numpy(float), first, second)
        axes.set_xlabel(_MARKED.text(language), fontsize=8)
    texts = [wrapped(column, labels) for column in columns]
    axes.set_xticks(range(J - 1), texts[:-1], rotation=90, fontsize=8)
    axes.set_yticks(range(J - 1), texts[1:], fontsize=8)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(_TITLE.text(language))
    bar = axes.figure.colorbar(image, ax=axes, fraction=0.04, pad=0.02, extend="max")
    decimal_ticks(bar.ax.yaxis, language)
    return axes


def _number(axes: Axes, residual: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
            language: Language) -> None:  # fmt: skip
    for i, j in zip(*np.nonzero(np.isfinite(residual)), strict=True):
        value = float(residual[i, j])
        axes.text(
            j, i - 1, number(value, 1, language), ha="center", va="center", fontsize=7,
            color="white" if value > 0.75 * _TOP else "black",
        )  # fmt: skip


def _outline(
    axes: Axes,
    p: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    first: np.ndarray[tuple[int, ...], np.dtype[np.intp]],
    second: np.ndarray[tuple[int, ...], np.dtype[np.intp]],
) -> None:
    from matplotlib.patches import Rectangle

    for i in np.flatnonzero(p <= _LEVEL):
        corner = (float(first[i]) - 0.5, float(second[i]) - 1.5)
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="black", linewidth=1.5,
                                 clip_on=False))  # fmt: skip
