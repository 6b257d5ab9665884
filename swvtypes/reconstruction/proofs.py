"""Machine-made proofs that a printed number cannot hold, before any search.

Each rule looks at every target alike; none knows a particular report. A proof names what it takes
as given.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from swvtypes.rounding import window

from .facts import Facts, Proof
from .project import Project
from .rules import RULES


def prove(project: Project) -> tuple[Proof, ...]:
    """Try every rule on every target.

    Returns
    -------
    tuple of Proof
        In the order of the targets; at most one a target.
    """
    facts = Facts(project)
    found: dict[str, Proof] = {}
    for rule in RULES:
        for target in project.targets:
            if target.role == "target" and target.target not in found:
                proof = rule(facts, target, found)
                if proof is not None:
                    found[target.target] = replace(proof, printed=target.printed)
    return tuple(found[t.target] for t in project.targets if t.target in found)


def proofs_text(proofs: Sequence[Proof]) -> str:
    """Give proofs as the text of ``proofs.csv``."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["target", "printed", "given", "proof"])
    writer.writerows([proof.target, proof.printed, proof.given, proof.proof] for proof in proofs)
    return stream.getvalue()


def losers(project: Project, proofs: Sequence[Proof]) -> tuple[str, ...]:
    """List the targets that rows are not fitted to.

    Those proven impossible; and of two prints of one fact whose rounding windows do not meet, the
    later one in the project's order (tables stand before running text).
    """
    proven = {(proof.target, proof.printed) for proof in proofs}
    impossible = {t.target for t in project.targets if (t.target, t.printed) in proven}
    kept: dict[tuple[str, ...], list[tuple[Fraction, Fraction]]] = {}
    lost = set(impossible)
    for target in project.targets:
        numeric = target.kind in ("mean", "sd", "median", "min", "max", "alpha", "r", "F")
        if target.role != "target" or target.target in impossible or not numeric:
            continue
        fact = (target.kind, target.var1, target.var2, target.sector, target.codes)
        pair = window(target.printed, target.decimals)
        if any(pair[0] >= high or low >= pair[1] for low, high in kept.get(fact, [])):
            lost.add(target.target)
        else:
            kept.setdefault(fact, []).append(pair)
    return tuple(t.target for t in project.targets if t.target in lost)
