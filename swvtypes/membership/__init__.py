"""Membership: which organisation is of which type, how surely, and with what error."""

from .classification import Assignment, ClassificationErrors
from .model import Membership
from .optimism import ErrorTable, Optimism
from .origin import Origin

__all__ = ["Assignment", "ClassificationErrors", "ErrorTable", "Membership", "Optimism", "Origin"]
