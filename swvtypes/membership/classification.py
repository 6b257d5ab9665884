"""How often an organisation of one type is assigned to another, and weights that undo it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from swvtypes.errors import MembershipError, OptionError

from .blocks import Block, Floats

Assignment = Literal["modal", "proportional"]
WORST_CONDITION = 1e8


@dataclass(frozen=True, eq=False)
class ClassificationErrors:
    """Assignments of organisations to types, and the errors made by it.

    Attributes
    ----------
    assignment : {"modal", "proportional"}
        To the most probable type (of ties the first), or to every type by its probability.
    assigned : DataFrame, shape (n_organisations, n_types)
        What an organisation was assigned; rows add up to one. NaN for the types of the other
        sector and for organisations without a membership.
    assigned_given_true : DataFrame, shape (n_types, n_types)
        P(assigned | true): rows the true type, columns the assigned one. Rows add up to one;
        NaN between sectors whose types are apart, and in a row without organisations.
    true_given_assigned : DataFrame, shape (n_types, n_types)
        P(true | assigned): rows the assigned type, columns the true one. NaN in the row of a type
        that nobody was assigned.
    error : Series by sector (``"all"`` where types are shared)
        Share of organisations expected to be assigned wrongly.

    Notes
    -----
    ``P(W = s | X = t) = sum_i w_i p_it a_is / sum_i w_i p_it`` over the organisations of the wave
    (Vermunt, 2010, equation 6), w the survey weights (their scale plays no part).

    References
    ----------
    Bolck, A., Croon, M. & Hagenaars, J. (2004). Estimating latent structure models with
    categorical variables. *Political Analysis*, 12, 3-27.
    Vermunt, J. K. (2010). Latent class modeling with covariates: two improved three-step
    approaches. *Political Analysis*, 18, 450-469.
    """

    assignment: Assignment
    assigned: pd.DataFrame
    assigned_given_true: pd.DataFrame
    true_given_assigned: pd.DataFrame
    error: pd.Series[float]
    _blocks: tuple[tuple[str, ...], ...]

    @property
    def table(self) -> pd.DataFrame:
        """Both tables in long form: true, assigned, assigned_given_true, true_given_assigned."""
        rows = [
            (
                true,
                assigned,
                self.assigned_given_true.loc[true, assigned],
                self.true_given_assigned.loc[assigned, true],
            )
            for types in self._blocks
            for true in types
            for assigned in types
        ]
        names = ["true", "assigned", "assigned_given_true", "true_given_assigned"]
        return pd.DataFrame(rows, columns=names)

    @property
    def bch_weights(self) -> pd.DataFrame:
        """Weight of each type for each organisation, shape (n_organisations, n_types).

        Assignments times the inverse of the errors (Vermunt, 2010, equation 13): rows add up to
        one, single weights may be negative. Survey weights are not multiplied in. NaN where
        `assigned` has it.

        Raises
        ------
        MembershipError
            Where the errors have no inverse: a type to which nobody was assigned, or types that
            the memberships do not tell apart.
        """
        weights = self.assigned.copy()
        faults = []
        for types in self._blocks:
            columns = list(types)
            errors = self.assigned_given_true.loc[columns, columns].to_numpy(dtype=float)
            if np.isnan(errors).any() or np.linalg.cond(errors) > WORST_CONDITION:
                faults.append(self._no_inverse(types))
                continue
            rows = self.assigned[columns].to_numpy(dtype=float)
            weights[columns] = np.linalg.solve(errors.T, rows.T).T
        if faults:
            raise MembershipError("BCH weights", faults)
        return weights

    def _no_inverse(self, types: tuple[str, ...]) -> str:
        empty = [name for name in types if not (self.assigned[name].sum() > 0)]
        if empty:
            return (
                f"{', '.join(map(repr, empty))}: nobody was assigned to it by "
                f"{self.assignment} assignment, so errors have no inverse"
            )
        return f"{', '.join(map(repr, types))}: memberships do not tell these types apart"

    @property
    def ml_records(self) -> pd.DataFrame:
        """Records for the third step by maximum likelihood (Vermunt, 2010, equation 8).

        Returns
        -------
        DataFrame
            Columns organisation, assigned, weight (one under modal assignment), then one column a
            type with log P(assigned | type): what enters the third step as a known measurement
            model. Minus infinity where such an assignment does not occur; NaN for the types of
            the other sector.
        """
        parts = []
        for types in self._blocks:
            names = list(types)
            errors = self.assigned_given_true.loc[names, names].to_numpy(dtype=float)
            logs = np.log(errors, where=errors > 0, out=np.full(errors.shape, -np.inf))
            for at, name in enumerate(types):
                weight = self.assigned[name]
                weight = weight[weight > 0]
                record = pd.DataFrame(
                    {"organisation": weight.index, "assigned": name, "weight": weight.to_numpy()}
                )
                for other, true in enumerate(types):
                    record[true] = logs[other, at]
                parts.append(record)
        records = pd.concat(parts, ignore_index=True)
        order = {name: at for at, name in enumerate(self.assigned.index)}
        place = records["organisation"].map(order)
        return records.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)


def classify(
    blocks: tuple[Block, ...],
    organisations: pd.Index,
    assignment: Assignment,
    factors: pd.DataFrame | None = None,
) -> ClassificationErrors:
    """Assign the organisations of each block, and estimate the errors.

    Parameters
    ----------
    blocks : tuple of Block
    organisations : Index
        All of them, those without a membership too.
    assignment : {"modal", "proportional"}
    factors : DataFrame, shape (n_types, n_types), optional
        Logs by which the errors are multiplied, see
        :class:`~swvtypes.membership.optimism.Optimism`.

    Raises
    ------
    OptionError
        For an assignment that does not exist.
    """
    if assignment not in get_args(Assignment):
        raise OptionError("assignment", "'modal' or 'proportional'", assignment)
    every = [name for block in blocks for name in block.types]
    given = pd.DataFrame(np.nan, index=every, columns=every)
    back = given.copy()
    assigned = pd.DataFrame(np.nan, index=organisations, columns=every)
    error: dict[str, float] = {}
    for block in blocks:
        names = list(block.types)
        a = _assign(block.probabilities, assignment)
        joint = block.probabilities.T @ (block.weight[:, None] * a)
        if factors is not None:
            raised = joint * np.exp(factors.loc[names, names].to_numpy(dtype=float))
            joint = np.nan_to_num(_rows_to_one(raised)) * joint.sum(axis=1, keepdims=True)
        given.loc[names, names] = _rows_to_one(joint)
        back.loc[names, names] = _rows_to_one(joint.T)
        assigned.loc[block.organisations, names] = a
        total = joint.sum()
        error[block.name or "all"] = (
            float(1 - np.trace(joint) / total) if total > 0 else float("nan")
        )
    given.index.name, given.columns.name = "true", "assigned"
    back.index.name, back.columns.name = "assigned", "true"
    return ClassificationErrors(
        assignment, assigned, given, back,
        pd.Series(error, name="error", dtype=float), tuple(block.types for block in blocks),
    )  # fmt: skip


def _assign(probabilities: Floats, assignment: Assignment) -> Floats:
    if assignment == "proportional":
        return probabilities
    places = np.arange(probabilities.shape[1])
    return np.asarray(probabilities.argmax(axis=1)[:, None] == places, dtype=float)


def _rows_to_one(joint: Floats) -> Floats:
    totals = joint.sum(axis=1, keepdims=True)
    shares = np.divide(joint, totals, out=np.full(joint.shape, np.nan), where=totals > 0)
    return np.asarray(shares)
