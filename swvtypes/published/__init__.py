"""The printed record: one row a printed number and where it stands."""

from .record import available, load

__all__ = ["available", "load"]
