"""What a fitted typology keeps in its file, and a typology made of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from swvtypes._version import __version__
from swvtypes.errors import SwvtypesError, TypologyError
from swvtypes.language import Label

from .file_form import TypologyFile, entry_frame, frame_entry, read_typology
from .item_columns import item_entry, item_of
from .material import NO_SECTOR
from .supercluster_entry import superclusters_entry, superclusters_of
from .superclusters import Superclusters
from .theme_step import ThemeAcrossSectors, ThemeTyping, theme_entry, theme_typing
from .themes import ThemeItem

if TYPE_CHECKING:
    import pandas as pd

    from .asking import FittedTypology
    from .typology import Typology

T = TypeVar("T", bound="Typology")
Part = TypeVar("Part")
Told = TypeVar("Told", ThemeTyping, Superclusters)
CONTRASTS = frozenset({
    "type", "theme", "item", "parameter", "category", "estimate", "others", "difference", "lower",
    "upper", "scaled",
})  # fmt: skip


def check_fitted(typology: FittedTypology, what: str) -> None:
    """Raise a TypologyError for a typology that was neither fitted nor loaded."""
    if not hasattr(typology, "models_"):
        raise TypologyError(what, ["expected a fitted typology"])


def content_of(typology: Typology) -> TypologyFile:
    """Collect what a typology file holds; it names no organisation."""
    findings: dict[str, Any] = {"contrasts": frame_entry(typology.contrasts_)}
    findings["themes"] = {
        name: {key: theme_entry(typing) for key, typing in theme.by_sector.items()}
        for name, theme in typology.themes_.items()
    }
    findings["types"] = {
        key: _anonymous(superclusters_entry(found))
        for key, found in typology.superclusters_.items()
    }
    return TypologyFile(
        typology.models_,
        typology._wave,
        typology.options.as_dict(),
        typology.seed_,
        typology.names,
        {key: {i.name: item_entry(i) for i in items} for key, items in typology._items.items()},
        {key: {"nl": text.nl, "en": text.en} for key, text in typology._labels.items()},
        findings,
        f"swvtypes {__version__}",
    )


def restore(kind: type[T], path: str | Path) -> T:
    """Make a typology of a file.

    Raises
    ------
    TypologyError
        Lists every fault.
    """
    content = read_typology(path)
    findings, faults = content.findings, list[str]()
    # A file without the types' own prior was fitted at the one prior there was.
    options = {"type_prior": content.options.get("prior", 0.0)} | dict(content.options)
    made = _part("options", faults, lambda: kind(content.seed, **options))
    labels = _part("labels", faults, lambda: {
        key: Label(text["nl"], text["en"]) for key, text in content.labels.items()
    })  # fmt: skip
    items = _part("recodes", faults, lambda: _items(content))
    contrasts = _part("findings.contrasts", faults, lambda: _contrasts(findings["contrasts"]))
    themes = _part("findings.themes", faults, lambda: {
        name: ThemeAcrossSectors(name, {key: _told(theme_typing(e)) for key, e in by.items()})
        for name, by in findings["themes"].items()
    })  # fmt: skip
    types = _part("findings.types", faults, lambda: {
        key: _told(superclusters_of(entry)) for key, entry in findings["types"].items()
    })  # fmt: skip
    wave = _part("wave", faults, lambda: _wave(content.wave))
    if (
        wave is None or made is None or labels is None or items is None
        or contrasts is None or themes is None or types is None
    ):  # fmt: skip
        raise TypologyError(Path(path).name, faults)
    made.seed_, made.models_ = content.seed, content.models
    made.names, made._wave, made._material = dict(content.names), wave, None
    made._labels, made._items = labels, items
    made.contrasts_, made.themes_, made.superclusters_ = contrasts, themes, types
    return made


def _part(where: str, faults: list[str], make: Callable[[], Part]) -> Part | None:
    """Make a part of what a file says; that it is not as it was written is a fault."""
    try:
        return make()
    except KeyError as error:
        faults.append(f"{where}: {error.args[0]!r} is absent")
    except SwvtypesError as error:
        faults.append(f"{where}: {error}")
    except (AttributeError, IndexError, TypeError, ValueError, OverflowError) as error:
        said = " ".join(str(error).split())[:160]
        faults.append(f"{where}: not as a typology is written: {said}")
    return None


def _told(found: Told) -> Told:
    """Check that what is said in words is words."""
    if any(not isinstance(text, str) for reason in found.reasons for text in reason):
        raise TypeError("reasons: expected texts")
    if any(not isinstance(found.verdict.get(word, ""), str) for word in ("verdict", "nl", "en")):
        raise TypeError("verdict: expected texts")
    themed = isinstance(found, ThemeTyping) and found.verdict
    if themed and not {"nl", "en"} <= set(found.verdict):
        raise TypeError("verdict: expected nl and en")
    return found


def _items(content: TypologyFile) -> dict[str, list[ThemeItem]]:
    """Read how items are made, and check that all of the types are, and no others.

    An item of one value is made and stands in no type.
    """
    made = {
        key: [item_of(name, entry) for name, entry in items.items()]
        for key, items in content.recodes.items()
    }
    keys = [NO_SECTOR if len(m.sectors) > 1 else m.sectors[0] for m in content.models]
    if len(keys) == 1 and set(made) == {NO_SECTOR}:
        keys = [NO_SECTOR]
    if list(made) != keys:
        raise ValueError(f"expected entries {keys}, got {list(made)}")
    absent = [
        f"{key}: {name!r}"
        for (key, items), model in zip(made.items(), content.models, strict=True)
        for name in model.items
        if name not in {item.name for item in items}
    ]
    if absent:
        raise ValueError(f"no entry for {', '.join(absent)}")
    return made


def _wave(told: Mapping[str, Any]) -> dict[str, Any]:
    """Check where a typology says it came from."""
    if not isinstance(told["organisations"], dict) or not isinstance(told["synthetic"], bool):
        raise TypeError("expected organisations by sector, and whether they are synthetic")
    counts = told["organisations"].values()
    if any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in counts):
        raise TypeError("organisations: expected whole numbers of at least 0 by sector")
    if not isinstance(told["name"], str | None):
        raise TypeError("expected a name")
    return dict(told)


def _contrasts(entry: Any) -> pd.DataFrame:
    frame = entry_frame(entry)
    absent = sorted(CONTRASTS - set(frame.columns))
    if absent:
        raise KeyError(absent[0])
    return frame


def _anonymous(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {"assigned": entry["assigned"] | {"rows": []}}
