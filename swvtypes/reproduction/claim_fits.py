"""Whether rows were fitted to a statement, and what is proven of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from .claim_rows import Fact, pair
from .findings import Role

_PROVEN = ("impossible", "contradicted")
_COUNTED = frozenset({"percent", "count"})


@dataclass(frozen=True)
class Proven:
    """What the certificate of the rows says of one printed number.

    ``part`` is the part of the statement (value, p or df2), ``printed`` the number that the proof
    is about.
    """

    part: str
    printed: str
    status: str
    reason: str


@dataclass(frozen=True)
class Fitted:
    """What the rows were fitted to, found by statement and by fact.

    Attributes
    ----------
    statements : frozenset of str
        Ids of statements that were fitted to.
    facts : frozenset of Fact
        Distributions and relations that were fitted to.
    places : mapping of Fact to tuple of str
        Where each distribution is printed.
    proven : mapping of str to tuple of Proven
        Proofs by statement.
    """

    statements: frozenset[str]
    facts: frozenset[Fact]
    places: dict[Fact, tuple[str, ...]] = field(repr=False)
    proven: dict[str, tuple[Proven, ...]] = field(repr=False)

    def role(self, statement: str, facts: Iterable[Fact]) -> Role:
        """Give the role of a statement that rests on these facts.

        ``"target"``: fitted to. ``"derived"``: the design of the survey, or all it rests on was
        fitted to. ``"free"``: the rows carry no information on it.
        """
        if statement in self.statements:
            return "target"
        needed = set(facts)
        known = needed & self.facts or needed == {("design",)}
        settled = needed <= self.facts | {("design",)} or self._sector_test(needed)
        return "derived" if known and settled else "free"

    def _sector_test(self, needed: set[Fact]) -> bool:
        """Say whether it compares sectors, which follows from the distributions of both."""
        pairs = {fact for fact in needed if fact[0] == "pair" and "sector" in fact[2:]}
        rest = needed - pairs
        return bool(pairs and rest) and rest <= self.facts

    def where(self, facts: Iterable[Fact]) -> tuple[str, ...]:
        """List where the distributions behind a statement are printed."""
        found = (place for fact in sorted(facts) for place in self.places.get(fact, ()))
        return tuple(dict.fromkeys(found))


def read_fitted(targets: pd.DataFrame, certificate: pd.DataFrame) -> Fitted:
    """Read the list of targets and a certificate of the rows.

    Parameters
    ----------
    targets : DataFrame of str
        ``source, locator, text_id, sector, kind, var1, var2, role``.
    certificate : DataFrame of str
        ``text_id, measure, printed, status, reason``; may be empty.
    """
    statements: set[str] = set()
    facts: set[Fact] = set()
    places: dict[Fact, dict[str, None]] = {}
    for line in targets.to_dict("records"):
        if line["role"] != "target":
            continue
        if line.get("text_id"):
            statements.add(line["text_id"])
        if line.get("var2"):
            facts.add(pair(line["sector"], line["var1"], line["var2"]))
        elif line["kind"] in _COUNTED and not line.get("text_id"):
            fact = ("answers", line["sector"], line["var1"])
            facts.add(fact)
            places.setdefault(fact, {})[line["locator"]] = None
        elif line["kind"] == "mean" and line["sector"] != "both":
            facts.add(("answers", line["sector"], line["var1"]))
            places.setdefault(("answers", line["sector"], line["var1"]), {})[line["locator"]] = None
    proven: dict[str, list[Proven]] = {}
    for line in certificate.to_dict("records"):
        if line["text_id"] and line["status"] in _PROVEN:
            part = "value" if line["measure"] == "value" else line["measure"]
            proof = Proven(part, line["printed"], line["status"], line["reason"])
            proven.setdefault(line["text_id"], []).append(proof)
    return Fitted(
        frozenset(statements),
        frozenset(facts),
        {fact: tuple(found) for fact, found in places.items()},
        {key: tuple(found) for key, found in proven.items()},
    )
