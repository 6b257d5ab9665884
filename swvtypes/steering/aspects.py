"""What the position on the continuum is set against: answers, scales, counts, and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.scales import build_scales
from swvtypes.scales.moments import FloatArray
from swvtypes.survey import Codebook, Wave

AspectKind = Literal["variable", "scale", "count", "codes"]

#: Suffix of the yes-or-no aspect "this provision is lacking" made of a question on provision.
LACKING = "_lacking"
LACKING_CODES = (2, 3)
SERVICES_COUNT = "services_count"
_SCALES = ("care_duty", "bureaucracy", "clarity", "trust", "consensus")
_CONTEXT = ("equalisation", "boards", "pupil_growth")
_LACKS = Label("ontbreekt of schiet tekort", "absent or too little")
_NUMBER = Label("aantal", "number of")


@dataclass(frozen=True)
class Aspect:
    """One thing that positions are set against.

    Attributes
    ----------
    id : str
        Name in results.
    block : str
        Family that it belongs to, for adjusting p values.
    kind : {"variable", "scale", "count", "codes"}
        Answers as they are; a scale score (mean of the items answered); how many of a set were
        chosen, the exclusive option left out (missing when no option was answered); or one where
        the answer has one of `codes` and zero where it has another.
    source : str
        Variable, scale or set.
    codes : tuple of int
        For ``"codes"``.
    """

    id: str
    block: str
    kind: AspectKind
    source: str
    codes: tuple[int, ...] = ()

    def label(self, codebook: Codebook) -> Label:
        """Give its label from the codebook."""
        if self.kind == "scale":
            text = codebook.scales[self.source].label
        elif self.kind == "count":
            text = codebook.sets[self.source].label
            return Label(f"{_NUMBER.nl} {text.nl}", f"{_NUMBER.en} {text.en}")
        else:
            text = codebook.variable(self.source).label
        if self.kind == "codes":
            return Label(f"{text.nl}: {_LACKS.nl}", f"{text.en}: {_LACKS.en}")
        return Label(text.nl, text.en)


AspectChoice = Sequence[str | Aspect] | None
NO_ASPECTS = (
    "aspects: expected at least one beside the position; the wave has no standard aspect, name some"
)


def standard_aspects(wave: Wave) -> tuple[Aspect, ...]:
    """Give what the study of 2016 set steering against, as far as the wave has it.

    Parameters
    ----------
    wave : Wave

    Returns
    -------
    tuple of Aspect
        Blocks ``budget`` (posts), ``services`` (each, and their number), ``scales`` (care duty,
        bureaucracy, clarity of financial policy, trust, consensus), ``gaps`` (provision absent
        though needed, or too little: codes 2 and 3), ``profiles`` (support profiles) and
        ``context`` (register figures).
    """
    book = wave.codebook
    found: list[Aspect] = []
    for name in book.compositions:
        found += [Aspect(v, "budget", "variable", v) for v in book.members(name)]
    if "services" in book.sets:
        members = book.members("services")
        found += [Aspect(v, "services", "variable", v) for v in members]
        found.append(Aspect(SERVICES_COUNT, "services", "count", "services"))
    found += [Aspect(name, "scales", "scale", name) for name in _SCALES if name in book.scales]
    if "gap_block" in book.batteries:
        found += [
            Aspect(v + LACKING, "gaps", "codes", v, LACKING_CODES)
            for v in book.battery("gap_block")
        ]
    if "profile_block" in book.batteries:
        found += [Aspect(v, "profiles", "variable", v) for v in book.battery("profile_block")]
    found += [Aspect(v, "context", "variable", v) for v in _CONTEXT if v in book.variables]
    return tuple(aspect for aspect in found if not _absent(wave, aspect))


def choose_aspects(wave: Wave, choice: AspectChoice) -> tuple[Aspect, ...]:
    """Turn names into aspects; the standard ones for None.

    A name is that of a standard aspect, a scale, or a variable with an order.

    Raises
    ------
    InputError
        Lists every fault: unknown names, columns that the wave lacks, nominal answers, a name
        that stands there twice, no name at all.
    """
    standard = {aspect.id: aspect for aspect in standard_aspects(wave)}
    if choice is None:
        return tuple(standard.values())
    asked = (choice,) if isinstance(choice, str | Aspect) else tuple(choice)
    found = [_named(wave, entry, standard) for entry in asked]
    faults = [] if asked else ["aspects: expected at least one, got none"]
    faults += [f"aspects: {fault}" for fault in (_fault(wave, a) for a in found) if fault]
    names = [aspect.id for aspect in found]
    faults += [
        f"aspects: {x!r} stands there twice" for x in sorted(set(names)) if names.count(x) > 1
    ]
    if faults:
        raise InputError("aspects", faults)
    return tuple(found)


def aspect_values(wave: Wave, aspects: Sequence[Aspect]) -> dict[str, FloatArray]:
    """Give each aspect as numbers, shape (n_organisations,); NaN where there is no answer.

    Answers such as "don't know" are missing. Survey weights are not applied here.
    """
    frame = wave.frame
    scales = [aspect.source for aspect in aspects if aspect.kind == "scale"]
    scores = build_scales(wave, scales).scores if scales else None
    values: dict[str, FloatArray] = {}
    for aspect in aspects:
        if aspect.kind == "scale" and scores is not None:
            column = scores[aspect.source].to_numpy(dtype=float, na_value=np.nan)
        elif aspect.kind == "count":
            column = _chosen(wave, aspect.source)
        else:
            column = frame[aspect.source].to_numpy(dtype=float, na_value=np.nan)
        if aspect.kind == "codes":
            column = np.where(np.isnan(column), np.nan, np.isin(column, aspect.codes))
        values[aspect.id] = column.astype(float)
    return values


def _chosen(wave: Wave, name: str) -> FloatArray:
    """Count the options of a set that were chosen."""
    exclusive = wave.codebook.sets[name].exclusive
    members = [v for v in wave.codebook.members(name) if v in wave.variables]
    block = wave.frame[members].to_numpy(dtype=float, na_value=np.nan)
    counted = [at for at, v in enumerate(members) if v != exclusive]
    total: FloatArray = np.nansum(block[:, counted], axis=1)
    return np.where(np.isnan(block).all(axis=1), np.nan, total)


def _named(wave: Wave, entry: str | Aspect, standard: dict[str, Aspect]) -> Aspect:
    if isinstance(entry, Aspect):
        return entry
    if entry in standard:
        return standard[entry]
    kind: AspectKind = "scale" if entry in wave.codebook.scales else "variable"
    return Aspect(entry, "own", kind, entry)


def _absent(wave: Wave, aspect: Aspect) -> bool:
    if aspect.kind == "scale":
        items = wave.codebook.items(aspect.source)
        return not items or any(item not in wave.variables for item in items)
    if aspect.kind == "count":
        return not any(v in wave.variables for v in wave.codebook.members(aspect.source))
    return aspect.source not in wave.variables


def _fault(wave: Wave, aspect: Aspect) -> str | None:
    book = wave.codebook
    if aspect.kind not in get_args(AspectKind):
        return f"{aspect.id!r} has the unknown kind {aspect.kind!r}"
    known = {"scale": book.scales, "count": book.sets}.get(aspect.kind, book.variables)
    if aspect.source not in known:
        return f"{aspect.source!r} is no standard aspect, scale, set or variable of the codebook"
    if _absent(wave, aspect):
        return f"the wave {wave.name!r} lacks the answers to {aspect.source!r}"
    if aspect.kind == "variable" and book.variable(aspect.source).type == "nominal":
        return f"expected answers with an order, the codebook says {aspect.source!r} is nominal"
    if aspect.kind == "codes" and not aspect.codes:
        return f"{aspect.id!r} needs the codes that count"
    return None
