"""Candidate indicators of a codebook's themes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from swvtypes.language import Label
from swvtypes.survey import Codebook
from swvtypes.survey.schema import Variable

from .specification import NO_REASON, LeftOut, Role, ThemeItem, ThemeSpec

Shares = Literal["log_ratio", "coarse"]

# A share of zero is taken for 0.65 of the smallest that answers in whole per cents can show, in
# per cents of the whole.
ZERO = 0.65
_FEW_VALUES = 11
_REGISTER = Label(
    "registercijfer: een typologie die het gebruikt, kan er niet mee worden gevalideerd",
    "register figure: a typology that uses it cannot be validated by it",
)
_OPEN = Label("met de hand gecodeerde open antwoorden", "open answers coded by hand")
_PASSIVE = Label("passief volgens het codeboek", "passive by the codebook")
_EXCLUSIVE = Label(
    "volgt uit de andere opties: alleen te kiezen waar geen andere is gekozen",
    "follows from the other options: can be chosen only where no other is",
)
_BLANK = Label(
    "alleen voorgelegd na een antwoord dat in het thema staat; de rest ontbreekt dus toevallig "
    "gegeven dat antwoord",
    "put only after an answer that is in the theme; the rest is missing at random given it",
)
_NOT_PUT = Label(
    "niet voorgelegd is een categorie: de vraag die erover beslist, staat niet in het thema",
    "not put is a category: the question that decides is not in the theme",
)
_JOINED = Label(
    "samengevoegd met de vraag die erover beslist, waar het antwoord anders uit zou volgen",
    "joined with the question that decides, from which a gap would otherwise follow",
)
_RATIO = Label(
    "log-ratio: een aandeel zegt iets tegenover de andere delen",
    "log-ratio: a share speaks against the other parts",
)
_COARSE = Label("aandeel in grove klassen", "share in coarse classes")
_GRADE = Label("cijfer op een korte schaal", "grade on a short scale")
_CHOSEN = Label("zo gekozen", "chosen so")
_LAST = Label("volgt uit de andere delen", "follows from the other parts")


@dataclass(frozen=True)
class Reading:
    """How a codebook is read.

    Parameters
    ----------
    sectors : tuple of str
        Sectors that are analysed; items that none of them was asked are left out.
    present : frozenset of str, optional
        Variables that the file has; all when left out.
    shares : {"log_ratio", "coarse"}
        How the parts of a composition enter.
    active : tuple of str
        Passive variables that are chosen all the same.
    passive : tuple of str
        Active variables that are kept aside; a share of a budget takes the others with it.
    """

    sectors: tuple[str, ...]
    present: frozenset[str] | None = None
    shares: Shares = "log_ratio"
    active: tuple[str, ...] = ()
    passive: tuple[str, ...] = ()


@dataclass
class _Draft:
    items: list[ThemeItem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read_theme(codebook: Codebook, theme: str, reading: Reading) -> ThemeSpec:
    """Read the candidate indicators of one theme."""
    draft = _Draft()
    entries = []
    for name in codebook.theme(theme):
        entry = codebook.variable(name)
        why = _unusable(codebook, entry, reading)
        if why is None:
            entries.append(entry)
        else:
            draft.left_out.append(LeftOut(name, why))
    joined = _joinable(entries, reading)
    for entry in entries:
        if entry.composition is None and entry.id not in joined.values():
            draft.items.append(_item(codebook, entry, entries, joined, reading))
    for composition in dict.fromkeys(e.composition for e in entries if e.composition):
        _add_shares(draft, codebook, [e for e in entries if e.composition == composition], reading)
    label = codebook.themes[theme].label
    return ThemeSpec(theme, tuple(draft.items), tuple(draft.left_out), Label(label.nl, label.en))


def _unusable(codebook: Codebook, entry: Variable, reading: Reading) -> Label | None:
    if reading.present is not None and entry.id not in reading.present:
        return Label("staat niet in het bestand", "not in the file")
    if not any(codebook.asked(entry.id, sector) for sector in reading.sectors):
        return Label("niet gevraagd in deze sector", "not asked in this sector")
    if entry.set is not None and codebook.sets[entry.set].exclusive == entry.id:
        return _EXCLUSIVE
    return None


def _role(entry: Variable, reading: Reading) -> tuple[Role, Label]:
    if entry.id in reading.passive:
        return "passive", _CHOSEN
    if entry.id in reading.active:
        return "active", _CHOSEN
    if entry.role == "active":
        return "active", NO_REASON
    reasons = {"register": _REGISTER, "open_answers": _OPEN}
    return "passive", reasons.get(entry.origin, _PASSIVE)


def _joinable(entries: Iterable[Variable], reading: Reading) -> dict[str, str]:
    """Gated item by its gate, where one categorical item hangs on a categorical gate."""
    by_id = {e.id: e for e in entries}
    found: dict[str, list[Variable]] = {}
    for entry in by_id.values():
        if entry.gate is not None and entry.gate.variable in by_id:
            found.setdefault(entry.gate.variable, []).append(entry)
    return {
        gate: gated[0].id
        for gate, gated in found.items()
        if len(gated) == 1
        and by_id[gate].type in ("nominal", "binary")
        and gated[0].type in ("nominal", "binary", "ordinal")
        and all(_role(e, reading)[0] == "active" for e in (by_id[gate], gated[0]))
    }


def _item(
    codebook: Codebook,
    entry: Variable,
    entries: Iterable[Variable],
    joined: dict[str, str],
    reading: Reading,
) -> ThemeItem:
    role, reason = _role(entry, reading)
    if entry.id in joined:
        gated = codebook.variable(joined[entry.id])
        assert gated.gate is not None
        codes = tuple(float(code) for code in gated.gate.codes)
        return ThemeItem(
            entry.id, "nominal", role, "joined", (entry.id, gated.id), codes, _JOINED
        )  # fmt: skip
    if entry.gate is not None and role == "active":
        if entry.gate.variable in {e.id for e in entries if _role(e, reading)[0] == "active"}:
            reason = _BLANK
        elif entry.type in ("nominal", "binary", "ordinal"):
            codes = tuple(float(code) for code in entry.gate.codes)
            sources = (entry.id, entry.gate.variable)
            return ThemeItem(entry.id, "nominal", role, "not_put", sources, codes, _NOT_PUT)
    if _short_count(entry):
        return ThemeItem(entry.id, "ordinal", role, reason=_GRADE)
    states = tuple(
        float(r.code) for r in codebook.reasons(entry.id)
        if r.enters == "state" and r.code is not None
    )  # fmt: skip
    if states and entry.type in ("nominal", "binary", "ordinal"):
        names = ", ".join(r.id for r in codebook.reasons(entry.id) if r.code in states)
        note = Label(
            f"{names} is een toestand: een categorie waar minstens vijf die gaven",
            f"{names} is a state: a category where at least five gave it",
        )
        return ThemeItem(entry.id, entry.type, role, "state", (entry.id,), states, note)
    return ThemeItem(entry.id, entry.type, role, reason=reason)


def _short_count(entry: Variable) -> bool:
    limits = (entry.minimum, entry.maximum)
    if entry.type != "count" or limits[0] is None or limits[1] is None:
        return False
    return limits[1] - limits[0] < _FEW_VALUES


def read_chosen(
    codebook: Codebook, theme: str, names: Iterable[str], kinds: Mapping[str, str]
) -> ThemeSpec:
    """Read variables of a codebook that were chosen one by one; all of them are active.

    Shares enter as log-ratios of the parts chosen; as coarse ordinals where a part is stated to be
    ordinal, or is the only one. States are a category or missing. Answers that a gate kept away
    are missing, and short scales are ordinal unless another kind is stated.

    Parameters
    ----------
    codebook : Codebook
    theme : str
        A name for them together.
    names : iterable of str
    kinds : mapping of str to str
        Stated kinds.
    """
    chosen = [codebook.variable(name) for name in names]
    reading = Reading(codebook.sectors, active=tuple(entry.id for entry in chosen))
    draft = _Draft()
    for entry in chosen:
        if entry.composition is None:
            ungated = entry.model_copy(update={"gate": None})
            item = _item(codebook, ungated, (), {}, reading)
            if entry.id in kinds:
                item = replace(item, kind=kinds[entry.id])  # type: ignore[arg-type]
            draft.items.append(item)
    for composition in dict.fromkeys(e.composition for e in chosen if e.composition):
        parts = [e for e in chosen if e.composition == composition]
        coarse = len(parts) == 1 or any(kinds.get(e.id) == "ordinal" for e in parts)
        shares: Shares = "coarse" if coarse else "log_ratio"
        _add_shares(draft, codebook, parts, replace(reading, shares=shares))
    return ThemeSpec(theme, tuple(draft.items), tuple(draft.left_out), Label(theme, theme))


def _add_shares(draft: _Draft, codebook: Codebook, parts: list[Variable], reading: Reading) -> None:
    """Add the parts of a whole: all but the last, which follows from the others."""
    if len(parts) == 1:
        role, _ = _role(parts[0], reading)
        name = parts[0].id
        draft.items.append(ThemeItem(name, "ordinal", role, "coarse", (name,), (), _COARSE))
        return
    if any(part.id in reading.passive for part in parts):
        reading = replace(reading, passive=tuple(part.id for part in parts))
    zero = ZERO * (codebook.compositions[str(parts[0].composition)].total / 100.0)
    names = tuple(part.id for part in parts)
    for at, part in enumerate(parts[:-1]):
        role, _ = _role(part, reading)
        if reading.shares == "coarse":
            draft.items.append(
                ThemeItem(part.id, "ordinal", role, "coarse", (part.id,), (), _COARSE)
            )
            continue
        draft.items.append(
            ThemeItem(
                f"{part.id}_ratio", "continuous", role, "log_ratio", names[at:], (zero,), _RATIO
            )
        )
    draft.left_out.append(LeftOut(names[-1], _LAST))
