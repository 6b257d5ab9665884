"""How often a case of one class is assigned to another, and the weights that undo it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from swvtypes.errors import InputError

from .design import Floats, Integers

Assignment = Literal["modal", "proportional"]
_WORST = 1e10
_ONE = 1e-6


@dataclass(frozen=True)
class ClassificationErrors:
    """Assignments and their errors.

    Attributes
    ----------
    assignment : {"modal", "proportional"}
        To the most probable class, or to all classes by their posterior probabilities.
    assigned : ndarray, shape (n, K)
        Weight of each class in the assignment of a row; rows add up to one.
    errors : ndarray, shape (K, K)
        Probability of being assigned to class s (column) for a case of class t (row).
    """

    assignment: Assignment
    assigned: Floats
    errors: Floats

    @property
    def bch_weights(self) -> Floats:
        """Weights of each class for each row, shape (n, K): assignments times inverse errors.

        Rows add up to one; weights may be negative (Bolck, Croon and Hagenaars 2004; Vermunt
        2010, equation 13).

        Raises
        ------
        InputError
            Where the errors have no inverse: a class that nobody was assigned to, or classes that
            the answers do not tell apart.
        """
        if not np.linalg.cond(self.errors) < _WORST:
            empty = np.flatnonzero(~(self.assigned.sum(axis=0) > 0)) + 1
            faults = [f"class {k}: nobody was assigned to it" for k in empty]
            told = faults or ["the answers do not tell the classes apart"]
            fault = "; take method 'two_step', or fewer classes"
            raise InputError("BCH weights", [f"{text}: they do not exist{fault}" for text in told])
        return np.asarray(np.linalg.solve(self.errors.T, self.assigned.T).T)

    @property
    def log_errors(self) -> Floats:
        """Log of the errors, shape (K, K), bounded from below."""
        return np.asarray(np.log(np.maximum(self.errors, 1e-300)))

    def times(self, log_factors: Floats) -> ClassificationErrors:
        """Multiply the errors by factors, given by their logs (K, K), rows adding up to one."""
        raised = self.errors * np.exp(log_factors)
        total = np.maximum(raised.sum(axis=1, keepdims=True), 1e-300)
        return replace(self, errors=raised / total)


def classification_errors(
    posterior: Floats,
    weight: Floats | None = None,
    assignment: Assignment = "modal",
    modal: Integers | None = None,
) -> ClassificationErrors:
    """Assign rows to classes and estimate the errors made by it.

    ``P(W = s | X = t) = sum_i w_i p_it a_is / sum_i w_i p_it`` with posterior probabilities p and
    assignments a (Vermunt 2010, equation 6), over the rows of the data.

    Parameters
    ----------
    posterior : ndarray, shape (n, K)
        Posterior class probabilities.
    weight : ndarray, shape (n,), optional
        Weights of the rows; weight 2 is the row twice.
    assignment : {"modal", "proportional"}
        Of ties the first class wins.
    modal : ndarray of int, shape (n,), optional
        Modal classes from 0 that were assigned before; read from `posterior` when left out.

    Returns
    -------
    ClassificationErrors

    Raises
    ------
    OptionError
        For an assignment that does not exist.
    InputError
        For posterior probabilities that are no table of probabilities, and for weights or modal
        classes that do not fit it.

    Examples
    --------
    >>> p = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]])
    >>> classification_errors(p).errors.round(2).tolist()
    [[0.85, 0.15], [0.3, 0.7]]
    """
    from .model import check_choice

    check_choice("assignment", assignment, Assignment)
    posterior = np.asarray(posterior, dtype=float)
    weight = np.ones(len(posterior)) if weight is None else np.asarray(weight, dtype=float)
    faults = _faults(posterior, weight, modal)
    if faults:
        raise InputError("classification errors", faults)
    assigned = posterior
    if assignment == "modal":
        chosen = posterior.argmax(axis=1) if modal is None else modal
        assigned = np.asarray(chosen[:, None] == np.arange(posterior.shape[1]), dtype=float)
    joint = posterior.T @ (weight[:, None] * assigned)
    return ClassificationErrors(
        assignment, assigned, joint / np.maximum(joint.sum(axis=1, keepdims=True), 1e-300)
    )


def _faults(posterior: Floats, weight: Floats, modal: Integers | None) -> list[str]:
    if posterior.ndim != 2:
        return [f"posterior: expected a table (n, K), got an array of shape {posterior.shape}"]
    n, K = posterior.shape
    faults = []
    if not np.isfinite(posterior).all() or (posterior < 0.0).any():
        faults.append("posterior: expected probabilities, got missing, infinite or negative ones")
    elif np.abs(posterior.sum(axis=1) - 1.0).max(initial=0.0) > _ONE:
        faults.append("posterior: expected rows that add up to 1")
    if weight.shape != (n,) or not np.isfinite(weight).all() or (weight < 0.0).any():
        faults.append(f"weight: expected {n} numbers from 0")
    if modal is not None and (np.shape(modal) != (n,) or not np.isin(modal, np.arange(K)).all()):
        faults.append(f"modal: expected {n} classes from 0 to {K - 1}")
    return faults
