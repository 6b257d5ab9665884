"""What a fitted typology keeps in its file, and a typology made of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from swvtypes._version import __version__
from swvtypes.errors import TypologyError
from swvtypes.language import Label

from .file_form import TypologyFile, entry_frame, frame_entry, read_typology
from .item_columns import item_entry, item_of
from .supercluster_entry import superclusters_entry, superclusters_of
from .theme_step import ThemeAcrossSectors, theme_entry, theme_typing

if TYPE_CHECKING:
    from .asking import FittedTypology
    from .typology import Typology

T = TypeVar("T", bound="Typology")


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
    """Make a typology of a file."""
    content = read_typology(path)
    options = dict(content.options)
    # A file without the types' own prior was fitted at the one prior there was.
    options.setdefault("type_prior", options.get("prior", 0.0))
    made = kind(content.seed, **options)
    made.seed_ = content.seed
    made.models_ = content.models
    made.names = dict(content.names)
    made._wave = dict(content.wave)
    made._material = None
    made._labels = {key: Label(text["nl"], text["en"]) for key, text in content.labels.items()}
    made._items = {
        key: [item_of(name, entry) for name, entry in items.items()]
        for key, items in content.recodes.items()
    }
    findings = content.findings
    made.contrasts_ = entry_frame(findings["contrasts"])
    made.themes_ = {
        name: ThemeAcrossSectors(name, {key: theme_typing(e) for key, e in by.items()})
        for name, by in findings["themes"].items()
    }
    made.superclusters_ = {key: superclusters_of(entry) for key, entry in findings["types"].items()}
    return made


def _anonymous(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {"assigned": entry["assigned"] | {"rows": []}}
