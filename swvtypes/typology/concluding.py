"""What a typology comes to, in Dutch or English: which types, why, and what each is like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swvtypes.language import Label, Language, check_language
from swvtypes.membership import Membership

if TYPE_CHECKING:
    from .asking import FittedTypology


def conclusion(
    typology: FittedTypology, language: Language = "en", membership: Membership | None = None
) -> str:
    """Say which types there are, why, and what each is like; one paragraph a subject."""
    checked = check_language(language)
    lines = [sentence.text(checked) for sentence in _opening(typology)]
    described = typology.descriptions(membership)
    for key, found in typology.superclusters_.items():
        lines += ["", _heading(key).text(checked)]
        lines += [sentence.text(checked) for sentence in _themes(typology, key)]
        lines += [reason.text(checked) for reason in found.reasons]
        lines += [d.text(checked) for d in described if d.type in found.model.types]
    return "\n".join(lines) + "\n"


def _opening(typology: FittedTypology) -> list[Label]:
    wave = typology._wave
    name = wave["name"] or "-"
    sizes = ", ".join(f"{s} {n}" for s, n in wave["organisations"].items())
    found = [Label(f"Typologie van {name} ({sizes}).", f"Typology of {name} ({sizes}).")]
    if wave["synthetic"]:
        found.append(Label(
            "De rijen zijn synthetisch: dit zegt niets over werkelijke organisaties, en verbanden "
            "die niet gepubliceerd zijn, zijn er ruis.",
            "The rows are synthetic: this says nothing of real organisations, and relations that "
            "were not published are noise in them.",
        ))  # fmt: skip
    if typology.options.quick:
        found.append(Label(
            "Snelle blik, zonder bootstrap: aantallen klassen en typen alleen volgens BIC.",
            "A quick look without bootstrap: numbers of classes and types by BIC alone.",
        ))  # fmt: skip
    return found


def _themes(typology: FittedTypology, key: str) -> list[Label]:
    """How many classes each theme has, how many of its items go on, and types or a continuum."""
    typings = {n: t.by_sector[key] for n, t in typology.themes_.items() if key in t.by_sector}
    parts = []
    for name, typing in typings.items():
        K, asked, taken = typing.n_classes, len(typing.selection), len(typing.taken)
        nl, en = typology.label(name, "nl"), typology.label(name, "en")
        if K == 1:
            parts.append(Label(f"{nl} 1 klasse", f"{en} 1 class"))
            continue
        parts.append(Label(
            f"{nl} {K} klassen ({taken} van {asked} vragen gaan mee)",
            f"{en} {K} classes ({taken} of {asked} items go on)",
        ))  # fmt: skip
    found = [Label("Thema's: " + "; ".join(p.nl for p in parts) + ".",
                   "Themes: " + "; ".join(p.en for p in parts) + ".")]  # fmt: skip
    for name, typing in typings.items():
        if typing.verdict:
            nl, en = typology.label(name, "nl"), typology.label(name, "en")
            found.append(Label(f"{nl}: {typing.verdict['nl']}", f"{en}: {typing.verdict['en']}"))
    return found


def _heading(key: str) -> Label:
    return Label("Alle sectoren" if key == "all" else f"Sector {key}",
                 "All sectors" if key == "all" else f"Sector {key}")  # fmt: skip
