"""The print beside the computed: a verdict for each cell."""

from .comparison import reproduce
from .inputs import Inputs, gather
from .result import Reproduction

__all__ = ["Inputs", "Reproduction", "gather", "reproduce"]
