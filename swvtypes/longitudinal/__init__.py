"""Who moved, what changed, and what only the questionnaire changed."""

from .latent_transition import LatentTransitionModel

__all__ = ["LatentTransitionModel"]
