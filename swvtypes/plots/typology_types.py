"""What types are like: their classes in each theme, and what sets one apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from swvtypes.errors import OptionError
from swvtypes.language import Label, Language, check_language
from swvtypes.typology import Typology
from swvtypes.typology.profiles import TypesModel

from .canvas import bare, colour, number, open_axes, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 12


def type_theme_map(
    typology: Typology,
    sector: str | None = None,
    *,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw how probable each class of each theme is in each type.

    Parameters
    ----------
    typology : Typology
        A fitted or loaded one.
    sector : str, optional
        Whose types; the first when left out.
    language : {"en", "nl"}
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Types as columns with their shares, classes theme by theme as rows, darker where more
        probable.

    Raises
    ------
    OptionError
        For a sector without types, or one whose only type has no theme.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    model = _model(typology, sector)
    if not model.themes:
        raise OptionError("sector", "one with themes that have classes", sector or model.sectors[0])
    values = np.concatenate([theme.conditional.T for theme in model.themes])
    axes = open_axes(ax, 2.6 + 1.5 * model.n_types, 1.2 + 0.34 * len(values))
    axes.imshow(values, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    for (y, x), value in np.ndenumerate(values):
        ink = "white" if value > 0.6 else "black"
        axes.text(x, y, f"{100 * value:.0f}%", ha="center", va="center", color=ink)
    rows, edge = [], -0.5
    for theme in model.themes:
        text = typology.label(theme.name, language)
        rows += [f"{text}: {_CLASS.text(language)} {k + 1}" for k in range(theme.n_classes)]
        edge += theme.n_classes
        if edge < len(values) - 0.5:
            axes.axhline(edge, color="white", linewidth=3)
    axes.set_yticks(range(len(rows)), rows)
    heads = [_head(typology, model, k) for k in range(model.n_types)]
    axes.set_xticks(range(model.n_types), heads)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(_MAP.text(language))
    return axes


def type_contrasts(
    typology: Typology,
    type: str,
    *,
    most: int = _MOST,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw what sets a type apart from the others, with 95% intervals.

    Parameters
    ----------
    typology : Typology
        A fitted or loaded one.
    type : str
        For example ``"po 1"``.
    most : int
        Contrasts drawn, largest first.
    language : {"en", "nl"}
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Differences in units of each item's standard deviation, so that yes-or-no items and scales
        stand on one axis; filled where the interval leaves zero out.

    Raises
    ------
    OptionError
        For a type that does not exist or has nothing beside it.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    own = typology.contrasts_[typology.contrasts_["type"] == type]
    if not len(own):
        known = sorted(set(typology.contrasts_["type"])) or ["none"]
        raise OptionError("type", "one of " + ", ".join(known), type)
    order = own["scaled"].abs().sort_values(ascending=False, kind="stable").index[:most]
    rows = [{str(k): v for k, v in r.items()} for r in own.loc[order][::-1].to_dict("records")]
    axes = open_axes(ax, 7.6, 1.4 + 0.36 * len(rows))
    axes.axvline(0.0, color="0.6", linewidth=1)
    for y, row in enumerate(rows):
        unit = abs(row["scaled"] / row["difference"]) if row["difference"] else 0.0
        low, middle, high = (unit * row[k] for k in ("lower", "difference", "upper"))
        clear = low > 0 or high < 0
        hue = colour(0 if middle > 0 else 1)
        axes.plot([low, high], [y, y], color=hue, linewidth=2)
        axes.plot(middle, y, "o", color=hue, markerfacecolor=hue if clear else "white")
    labels = [_said(typology, row, language) for row in rows]
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlabel(_DIFFERENCE.text(language))
    name = typology.names.get(type, "")
    axes.set_title(f"{type} ({name})" if name else type)
    if language == "nl":
        from .canvas import decimal_ticks

        decimal_ticks(axes.xaxis, language)
    bare(axes)
    return axes


_CLASS = Label("klasse", "class")
_MAP = Label("Klassen van de thema's per type", "Theme classes by type")
_DIFFERENCE = Label(
    "verschil met de andere typen, in standaarddeviaties",
    "difference from the other types, in standard deviations",
)


def _model(typology: Typology, sector: str | None) -> TypesModel:
    known = [name for model in typology.models_ for name in model.sectors]
    wanted = known[0] if sector is None else sector
    for model in typology.models_:
        if wanted in model.sectors:
            return model
    raise OptionError("sector", "one of " + ", ".join(map(repr, known)), sector)


def _head(typology: Typology, model: TypesModel, k: int) -> str:
    name = model.types[k]
    own = typology.names.get(name)
    share = f"{100 * float(model.shares[0][k]):.0f}%"
    return f"{name}\n{own} ({share})" if own else f"{name}\n({share})"


def _said(typology: Typology, row: dict[str, object], language: Language) -> str:
    item = str(row["item"])
    text = wrapped(typology.label(item, language), None)
    if row["parameter"] != "probability":
        return f"{text} {_level(row, language)}"
    category = typology.category_label(item, row["category"], language)
    low, high = (f"{100 * float(row[k]):.0f}" for k in ("others", "estimate"))  # type: ignore[arg-type]
    return f"{text} ({category}) {low}→{high}%"


def _level(row: dict[str, object], language: Language) -> str:
    low, high = (number(float(row[k]), 1, language) for k in ("others", "estimate"))  # type: ignore[arg-type]
    return f"{low}→{high}"
