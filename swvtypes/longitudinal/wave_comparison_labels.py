"""Words of a comparison of two waves that its text, its tables and its page share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from swvtypes.language import Label, in_english_only

MEASURES = {
    "adjusted Rand index": Label("aangepaste Rand-index", "adjusted Rand index"),
    "adjusted mutual information": Label(
        "aangepaste wederzijdse informatie", "adjusted mutual information"
    ),
    "kappa": Label("kappa", "kappa"),
}
NOT_IDENTIFIED = Label("niet te bepalen", "not identified")
ALL_SECTORS = Label("alle sectoren", "all sectors")

_FAULTS = (
    (r"expected organisations with a type in both waves, found too few",
     "te weinig organisaties hebben in beide golven een type"),
    (r"(.*): survey weights are not taken", r"\1: met steekproefgewichten kan dit niet"),
    (r"expected at least (\d+) organisations with both positions, got (\d+)",
     r"er zijn minstens \1 organisaties met beide posities nodig, er zijn er \2"),
    (r"before: every position is the same", "in de eerste golf is elke positie gelijk"),
    (r"after: every position is the same", "in de tweede golf is elke positie gelijk"),
    (r"expected one scale in both waves, got (.*) to (.*) and (.*) to (.*)",
     r"de schaal verschilt: \1 tot \2 en \3 tot \4"),
    (r"expected a minimum and a maximum in the codebook, or answers of (.*) to (.*); "
     r"got answers of (.*) to (.*)",
     r"het codeboek geeft geen minimum en maximum, en de antwoorden lopen niet van \1 tot \2 maar "
     r"van \3 tot \4"),
    (r"sector '(.*)': the old typology does not know it",
     r"de oude typologie kent de sector \1 niet"),
)  # fmt: skip


def measure_label(name: str) -> Label:
    """Give a measure of agreement in both languages; itself where it is not known."""
    return MEASURES.get(name, Label(name, name))


def faults_label(faults: Iterable[str], subject: str = "") -> Label:
    """Give faults in one line, in both languages.

    Parameters
    ----------
    faults : iterable of str
        In English.
    subject : str
        What they are about, in English; stands before those that have no Dutch.

    Returns
    -------
    Label
        In Dutch where every fault has a Dutch text; otherwise in English, which the Dutch says.

    Examples
    --------
    >>> faults_label(["before: every position is the same"]).nl
    'in de eerste golf is elke positie gelijk'
    >>> faults_label(["no such column"], "panel").nl
    '(melding in het Engels) panel: no such column'
    """
    told = list(faults)
    english = "; ".join(told)
    whole = f"{subject}: {english}" if subject else english
    dutch = [_in_dutch(fault) for fault in told]
    known = [text for text in dutch if text is not None]
    if not dutch or len(known) < len(dutch):
        return in_english_only(whole)
    return Label("; ".join(known), whole)


def _in_dutch(fault: str) -> str | None:
    for pattern, dutch in _FAULTS:
        match = re.fullmatch(pattern, fault)
        if match:
            return match.expand(dutch)
    return None
