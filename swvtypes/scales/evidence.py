"""What a judgement over items rests on: answers, or rows that were made to fit print."""

from __future__ import annotations

from collections.abc import Sequence

from swvtypes.survey import Wave

from .rules import Evidence


def item_evidence(wave: Wave | None, item: str, items: Sequence[str]) -> Evidence:
    """Say what the relation of an item to others of its set rests on.

    Parameters
    ----------
    wave : Wave or None
        None for a frame, whose rows are taken to be answers.
    item : str
    items : sequence of str
        The whole set.

    Returns
    -------
    {"answers", "by_construction", "none"}
        On synthetic rows: ``"by_construction"`` when the item shares a scale of the codebook
        with another of the set (a printed reliability ties them), else ``"none"``: rows can
        carry no relation that was not printed.
    """
    if wave is None or not wave.provenance.get("synthetic"):
        return "answers"
    scale = wave.codebook.variable(item).scale
    shared = [x for x in items if x != item and wave.codebook.variable(x).scale == scale]
    return "by_construction" if scale is not None and shared else "none"


def set_evidence(items: Sequence[Evidence]) -> Evidence:
    """Say what the decision over a set rests on, from what its items rest on.

    Examples
    --------
    >>> set_evidence(["by_construction", "none", "questionnaire"])
    'partly'
    """
    kinds = {kind for kind in items if kind != "questionnaire"}
    if len(kinds) > 1:
        return "partly"
    return kinds.pop() if kinds else "questionnaire"
