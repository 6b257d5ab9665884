"""Who is of which type, and who is on the border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from swvtypes.errors import OptionError
from swvtypes.language import Label, Language, check_language
from swvtypes.membership import Membership

from .canvas import apart, bare, colour, decimal_ticks, open_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_Y = Label("kans op het type", "probability of the type")
_X = Label("organisaties, naar waarschijnlijkste type", "organisations, by most probable type")
_BORDER = Label("grensgevallen", "borderline")
_MOST_NAMED = 12
# Inches across that a name on its side takes, with room for a legend beside the axes.
_NAME = 0.15


def membership_strip(
    membership: Membership,
    sector: str | None = None,
    *,
    threshold: float = 0.80,
    language: Language = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the probabilities of every organisation, the most certain first in its type.

    Parameters
    ----------
    membership : Membership
        Of a typology.
    sector : str, optional
        Whose organisations; needed where sectors have types of their own and there are several.
    threshold : float
        Below it an organisation is borderline; it is named where no more than 12 are.
    language : {"en", "nl"}
    ax : Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    Axes
        Organisations without a membership are left out.

    Raises
    ------
    OptionError
        For a sector that is not there, or none where one is needed.
    MissingExtraError
        When matplotlib is not installed.
    """
    check_language(language)
    part = _part(membership, sector)
    known = part.probabilities.dropna(how="any")
    p = known.to_numpy(dtype=float)
    modal = p.argmax(axis=1)
    order = np.lexsort((-p.max(axis=1), modal))
    p, modal, ids = p[order], modal[order], known.index[order]
    axes = open_axes(ax, 9.0, 3.8)
    below = np.zeros(len(p))
    x = np.arange(len(p))
    for turn in range(p.shape[1]):
        which = np.where(turn == 0, modal, np.where(turn <= modal, turn - 1, turn))
        height = p[x, which]
        axes.bar(x, height, 1.0, bottom=below, color=[colour(int(k)) for k in which], align="edge")
        below = below + height
    _mark_border(axes, p, ids, threshold, language)
    shares = part.shares
    for k, name in enumerate(known.columns):
        own = part.origin.names.get(name)
        text = f"{name} {own}" if own else str(name)
        label = f"{text} ({100 * shares[name]:.0f}%)"
        axes.fill_between([], [], color=colour(k), linewidth=0, label=label)
    axes.set_xlim(0, len(p))
    axes.set_ylim(0, 1)
    axes.set_ylabel(_Y.text(language))
    axes.set_xlabel(_X.text(language))
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    decimal_ticks(axes.yaxis, language)
    bare(axes)
    return axes


def _mark_border(
    axes: Axes,
    p: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    ids: object,
    threshold: float,
    language: Language,
) -> None:
    border = np.flatnonzero(p.max(axis=1) < threshold)
    axes.axhline(threshold, color="black", linewidth=0.8, linestyle=":")
    axes.set_title(f"{_BORDER.text(language)}: {len(border)} / {len(p)}", loc="left")
    axes.set_xticks([])
    if 0 < len(border) <= _MOST_NAMED:
        names = [str(ids[at]) for at in border]  # type: ignore[index]
        inches = axes.get_position().width * float(axes.get_figure().get_size_inches()[0])  # type: ignore[union-attr]
        places = apart((border + 0.5).tolist(), _NAME * len(p) / inches)
        places = [place - max(0.0, places[-1] - len(p)) for place in places]
        for at, place in zip(border, places, strict=True):
            axes.plot([at + 0.5, place], [0.0, -0.04], color="0.4", linewidth=0.6, clip_on=False)
        axes.set_xticks(places, names, rotation=90, fontsize=7)
        axes.tick_params(axis="x", length=0, pad=8)


def _part(membership: Membership, sector: str | None) -> Membership:
    if sector is not None:
        return membership.sector(sector)
    if membership.apart and len(membership.sectors) > 1:
        known = ", ".join(map(repr, membership.sectors))
        raise OptionError("sector", f"one of {known}", sector)
    return membership
