"""Whether the theme classes of a fitted typology are associated: the test by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swvtypes.errors import TypologyError

from .hierarchy import SuperclusterTest, bootstrap_superclusters
from .pipeline import child_seed
from .sequential import deciding_stop

if TYPE_CHECKING:
    from .typology import Typology

_STREAM, _STARTS = 40_000, 10


def association_test(typology: Typology, sector: str, n_boot: int = 99) -> SuperclusterTest | None:
    """Test one type against two over the themes of a sector, after a quick look too.

    Parameters
    ----------
    typology : Typology
        Fitted to a wave in this session.
    sector : str
        A key of ``typology.superclusters_``.
    n_boot : int
        Replicates; the test stops as soon as it can no longer reject.

    Returns
    -------
    SuperclusterTest or None
        Of the one-step model with each theme's chosen classes and items; None where fewer than
        two themes have classes.

    Raises
    ------
    TypologyError
        For an unknown sector, and for a typology from a file.
    """
    known = list(typology.superclusters_)
    if sector not in known:
        raise TypologyError("association_test", [f"no sector {sector!r}; there are {known}"])
    material = typology._needed("association_test")
    at = known.index(sector)
    themes = {n: t.by_sector[sector] for n, t in typology.themes_.items() if sector in t.by_sector}
    part = {n: t for n, t in themes.items() if t.n_classes > 1 and t.taken}
    if len(part) < 2:
        return None
    frame = typology._prepared(material)[at]
    options = typology.options
    return bootstrap_superclusters(
        frame, {n: list(t.taken) for n, t in part.items()},
        {n: t.n_classes for n, t in part.items()},
        n_boot=n_boot, n_init=max(_STARTS, options.boot_n_init),
        indicators={i.name: i.kind for i in typology._items[sector] if i.name in frame},
        prior=options.prior, random_state=child_seed(typology.seed_, _STREAM + at),
        stop_after=deciding_stop(options.level, n_boot),
    )  # fmt: skip
