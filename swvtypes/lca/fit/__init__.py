"""Fitting a latent class model: random starts, the ledger of what each came to, the best one.

The first starts are random. With more than one round of starts, half of every later round are
recombinations of the best solutions of earlier rounds: a class exchanged for a random one, or
the classes of two solutions mixed. They find optima of overfitted models that random starts
meet once in thousands.
"""

from .choosing import SAME, solutions
from .fitting import best_of_replicates, fit_classes, fit_replicates
from .posteriors import one_class_parameters, posterior
from .records import ORIGINS, Fit, Ledger, Origin, Starts
from .rounds import ROUND
from .starting import Frame

__all__ = [
    "ORIGINS",
    "ROUND",
    "SAME",
    "Fit",
    "Frame",
    "Ledger",
    "Origin",
    "Starts",
    "best_of_replicates",
    "fit_classes",
    "fit_replicates",
    "one_class_parameters",
    "posterior",
    "solutions",
]
