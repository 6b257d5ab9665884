"""Rebuild respondent-level synthetic rows from a report's printed figures."""

from .certifier import certify
from .ensemble import SeedReport, rebuild
from .facts import Proof
from .project import Project, read_project
from .proofs import prove

__all__ = ["Project", "Proof", "SeedReport", "certify", "prove", "read_project", "rebuild"]
