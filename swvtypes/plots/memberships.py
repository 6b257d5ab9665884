"""How certain the cases belong to their classes: a strip for any number, a triangle for three."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from swvtypes.errors import OptionError
from swvtypes.language import Label, Language, check_language
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Floats
from swvtypes.lca.fit import posterior

from .canvas import bare, class_names, colour, decimal_ticks, number, open_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_X = Label("gevallen, naar waarschijnlijkste klasse", "cases, by most probable class")
_Y = Label("kans op de klasse", "probability of the class")
_WIDEST = 2000


def posterior_strip(
    model: LatentClassModel,
    *,
    language: Language = "en",
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the class probabilities of every case as a strip, the most certain first in its class.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model; nothing is fitted again.
    language : {"en", "nl"}
        Of titles and numbers.
    names : sequence of str, optional
        Names of the classes.
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Cases of weight zero are left out, and frequencies count; beyond 2,000 cases every so
        manieth is drawn.

    Raises
    ------
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    heads = class_names(list(model.class_shares_), names, language)
    sorted_rows = _sorted(_by_case(model))
    axes = open_axes(ax, 8.0, 3.4)
    n = len(sorted_rows)
    shown = sorted_rows
    if n > _WIDEST:
        shown = sorted_rows[np.linspace(0, n - 1, _WIDEST).round().astype(int)]
    _fill(axes, shown, n, heads)
    axes.set_xlim(0, n)
    axes.set_ylim(0, 1)
    axes.set_xlabel(_X.text(language))
    axes.set_ylabel(_Y.text(language))
    axes.set_title(_title(model, language))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    decimal_ticks(axes.yaxis, language)
    bare(axes)
    return axes


def posterior_triangle(
    model: LatentClassModel,
    *,
    language: Language = "en",
    names: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw every case of a model with three classes in a triangle of class probabilities.

    Parameters
    ----------
    model, language, names, ax
        As :func:`posterior_strip`.

    Returns
    -------
    Axes
        Cases in a corner surely belong to that class; dotted lines part the most probable classes;
        points are larger where cases coincide.

    Raises
    ------
    OptionError
        For a model with another number of classes.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    if model.n_classes != 3:
        raise OptionError("model", "three classes for a triangle", f"{model.n_classes} classes")
    heads = class_names(list(model.class_shares_), names, language)
    axes = open_axes(ax, 6.2, 5.4)
    height = np.sqrt(0.75)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, height]])
    axes.plot(*corners[[0, 1, 2, 0]].T, color="0.4", linewidth=1)
    centre = corners.mean(axis=0)
    for a, b in ((0, 1), (1, 2), (0, 2)):
        axes.plot(*np.array([centre, corners[[a, b]].mean(axis=0)]).T, color="0.6",
                  linestyle=":", linewidth=1)  # fmt: skip
    design = model.design_
    probabilities = posterior(design, model.fit_.parameters)[0]
    places, inverse = np.unique(probabilities.round(2), axis=0, return_inverse=True)
    counts = np.bincount(inverse.ravel(), weights=design.weight)
    counted = counts > 0
    points = places[counted] / places[counted].sum(axis=1, keepdims=True) @ corners
    modal = places[counted].argmax(axis=1)
    size = 18.0 + 360.0 * counts[counted] / counts.sum()
    colours = [colour(int(k)) for k in modal]
    axes.scatter(points[:, 0], points[:, 1], s=size, c=colours, alpha=0.65, linewidth=0)
    for head, (x, y), va in zip(heads, corners, ("top", "top", "bottom"), strict=True):
        offset = -0.05 if va == "top" else 0.05
        name, _, share = head.rpartition(" (")
        axes.text(x, y + offset, f"{textwrap.fill(name, 24)}\n({share}", ha="center", va=va)
    axes.set_xlim(-0.22, 1.22)
    axes.set_ylim(-0.2, height + 0.2)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_title(_title(model, language))
    return axes


def _fill(axes: Axes, shown: Floats, n: int, heads: Sequence[str]) -> None:
    """Stack the probabilities of each case, its most probable class at the bottom."""
    edges = np.linspace(0.0, n, len(shown) + 1)
    modal, K = shown.argmax(axis=1), len(heads)
    for m in range(K):
        rows = np.flatnonzero(modal == m)
        if not len(rows):
            continue
        x = edges[rows[0] : rows[-1] + 2]
        below = np.zeros(len(rows))
        for k in (m, *(k for k in range(K) if k != m)):
            above = below + shown[rows, k]
            axes.fill_between(
                x, np.append(below, below[-1]), np.append(above, above[-1]), step="post",
                color=colour(k), linewidth=0,
            )  # fmt: skip
            below = above
    for k, head in enumerate(heads):
        axes.fill_between([], [], color=colour(k), linewidth=0, label=head)


def _by_case(model: LatentClassModel) -> Floats:
    """Class probabilities of every case, shape (n, K); frequencies as so many cases."""
    design = model.design_
    times = np.maximum(np.rint(design.weight), design.weight > 0).astype(int)
    return np.asarray(np.repeat(posterior(design, model.fit_.parameters)[0], times, axis=0))


def _sorted(probabilities: Floats) -> Floats:
    modal = probabilities.argmax(axis=1)
    order = np.lexsort((-probabilities.max(axis=1), modal))
    return np.asarray(probabilities[order])


def _title(model: LatentClassModel, language: Language) -> str:
    error = number(100 * float(model.criteria_["classification_error"]), 1, language)
    return Label(
        f"Indeling van de gevallen (verwachte fout {error}%)",
        f"Classification of the cases (expected error {error}%)",
    ).text(language)
