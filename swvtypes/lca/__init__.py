"""Latent class analysis: exact, honest at small numbers of cases, and fast."""

from .estimator import LatentClassModel

__all__ = ["LatentClassModel"]
