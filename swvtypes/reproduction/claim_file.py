"""Which analysis of the rows answers each printed statement, read from a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from swvtypes.errors import RecordError, ResourceError
from swvtypes.language import Label
from swvtypes.resources import data_path

OUTSIDE = "outside"

#: What each analysis takes besides the statement itself: needed, then allowed.
ANALYSES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        name: (frozenset(needed.split()), frozenset(allowed.split()))
        for name, needed, allowed in (
            (OUTSIDE, "because", ""),
            ("population", "", ""),
            ("respondents", "", ""),
            ("response", "", ""),
            ("questionnaire", "counts", "of battery without only_sector"),
            ("share", "variables", "codes reasons base statistic pick where where_codes rounded"),
            ("sum_of_cells", "table measure rows", ""),
            ("score", "", "of items"),
            ("score_share", "of", "below above"),
            ("items_without_majority", "of agree", ""),
            ("most_chosen", "of", ""),
            ("largest_mean", "of among", ""),
            ("reliability", "of", ""),
            ("forms_scale", "items", ""),
            ("relation", "first second", "within unless items"),
            ("count_of_relations", "first second", "within"),
            ("sector_difference", "of", ""),
            ("groups", "of gives", "group"),
        )
    }
)
#: What every analysis may say of the comparison: other words for the printed ones; a limit where
#: print gives a direction and no number; that print reports a relation without a number.
COMPARED = frozenset({"read_as", "at_least", "at_most", "expect"})


@dataclass(frozen=True)
class ClaimSpec:
    """How one statement is answered.

    Attributes
    ----------
    id : str
        Id of the statement in the text record.
    analysis : str
        One of :data:`ANALYSES`. ``outside``: nothing on the rows can answer it, `because` names
        the reason. ``population``, ``respondents``, ``response``: sizes of the survey.
        ``questionnaire``: how many items, options, posts or groups there are. ``share``: percentage
        (or ``statistic`` count or base) of answers with these `codes` or missing `reasons`, over
        ``base`` answered or filled_in (with "don't know" and the like), among rows `where`
        another answer has `where_codes`; of several
        variables and sectors ``pick`` lowest, highest or each; ``rounded`` adds the whole
        percentages of each answer. ``sum_of_cells``: rows of a printed table, as it rounds them,
        added. ``score``: mean, SD, median, least
        or greatest scale score or answer, as the statement's kind says. ``score_share``:
        percentage of scores `below` or `above` a limit. ``items_without_majority``: items of a
        scale that less than half `agree` with. ``most_chosen``: the most options that anybody
        chose. ``largest_mean``: whether one post has the largest mean. ``reliability``: alpha.
        ``forms_scale``: whether items form a scale by the rules of ``swvtypes.scales``.
        ``relation``: correlation of `first` with each of `second`, pooled as the statement's
        sector says or `within` each sector, `unless` print names the pair as related.
        ``count_of_relations``: how many of these are significant. ``sector_difference``: F over
        sectors. ``groups``: means, effects and tests over the groups of steering.
    options : mapping of str to Any
        What the analysis takes.
    """

    id: str
    analysis: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class ClaimSet:
    """How the statements of one report are answered: specs by id, and reasons for ``outside``."""

    id: str
    specs: Mapping[str, ClaimSpec]
    outside: Mapping[str, Label]


def load_claims(name: str | Path) -> ClaimSet | None:
    """Load the specification of a report's statements.

    Parameters
    ----------
    name : str or Path
        Name of a packaged file (``"monitor_2016"``), or the path of a TOML file.

    Returns
    -------
    ClaimSet or None
        None when no such file ships.

    Raises
    ------
    RecordError
        When the file is malformed; lists every fault.
    """
    path = Path(name)
    if path.suffix != ".toml":
        try:
            path = data_path("claims", f"{name}.toml")
        except ResourceError:
            return None
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, OverflowError) as error:
        raise RecordError(f"claims {path.name}", [f"expected readable TOML: {error}"]) from error
    return parse_claims(raw, path.name)


def parse_claims(raw: Mapping[str, Any], name: str = "claims") -> ClaimSet:
    """Check what a claims file holds; see :func:`load_claims`."""
    faults = []
    if raw.get("schema_version") != 1:
        faults.append(f"schema_version: expected 1, got {raw.get('schema_version')!r}")
    outside, entries = raw.get("outside", {}), raw.get("claims", {})
    torn = [word for word, part in (("outside", outside), ("claims", entries))
            if not isinstance(part, dict)]  # fmt: skip
    if torn:
        raise RecordError(f"claims {name}", [f"{word}: expected a table" for word in torn])
    for key, entry in entries.items():
        faults += [f"{key}: {fault}" for fault in _faults(entry, outside)]
    faults += [f"outside.{key}: expected nl and en" for key, text in outside.items()
               if not isinstance(text, dict) or set(text) != {"nl", "en"}
               or not all(isinstance(said, str) for said in text.values())]  # fmt: skip
    if faults:
        raise RecordError(f"claims {name}", faults)
    specs = {
        key: ClaimSpec(key, entry["analysis"], MappingProxyType(dict(entry)))
        for key, entry in entries.items()
    }
    reasons = {key: Label(text["nl"], text["en"]) for key, text in outside.items()}
    return ClaimSet(str(raw.get("id", "")), MappingProxyType(specs), MappingProxyType(reasons))


def _faults(entry: Any, outside: Mapping[str, Any]) -> list[str]:
    if not isinstance(entry, dict) or str(entry.get("analysis")) not in ANALYSES:
        got = entry.get("analysis") if isinstance(entry, dict) else entry
        return [f"analysis: expected one of {', '.join(ANALYSES)}, got {got!r}"]
    needed, allowed = ANALYSES[entry["analysis"]]
    found = set(entry) - {"analysis"}
    faults = [f"{word}: {entry['analysis']} needs it" for word in sorted(needed - found)]
    faults += [
        f"{word}: unknown to {entry['analysis']}"
        for word in sorted(found - needed - allowed - COMPARED)
    ]
    if entry["analysis"] == OUTSIDE and str(entry.get("because")) not in outside:
        faults.append(f"because: no reason {entry.get('because')!r} in [outside]")
    return faults
