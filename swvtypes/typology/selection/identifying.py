"""How many classes a set of items can identify."""

from __future__ import annotations

from collections.abc import Sequence

from swvtypes.lca.design import Item


def most_classes(items: Sequence[Item], wanted: int) -> int:
    """Largest number of classes, up to `wanted`, with no more parameters than the data have cells.

    Necessary for identification, not sufficient. With a count or a measurement among the items
    cells are no limit; at least two items are needed for two classes.

    Examples
    --------
    >>> three = [Item(name, "binary", 2) for name in "abc"]
    >>> most_classes(three, 5), most_classes(three[:2], 5)
    (2, 1)
    """
    informative = [i for i in items if not i.categorical or i.n_categories > 1]
    if len(informative) < 2:
        return 1
    cells, base, effects = 1.0, 0, 0
    for item in informative:
        if not item.categorical:
            return wanted
        cells *= item.n_categories
        if item.family == "ordinal":
            base += item.n_categories - 2
            effects += 1
        else:
            effects += item.n_categories - 1
    able = [k for k in range(1, wanted + 1) if k - 1 + base + k * effects <= cells - 1]
    return max(able, default=1)
