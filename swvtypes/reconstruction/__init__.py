"""Rebuild respondent-level synthetic rows from a report's printed figures."""

from .certifier import certify
from .ensemble import SeedReport, rebuild
from .facts import Proof
from .feasible import FeasibleInterval, Relation, SearchEffort, feasible_interval
from .project import Project, read_project
from .proofs import prove

__all__ = [
    "FeasibleInterval",
    "Project",
    "Proof",
    "Relation",
    "SearchEffort",
    "SeedReport",
    "certify",
    "feasible_interval",
    "prove",
    "read_project",
    "rebuild",
]
