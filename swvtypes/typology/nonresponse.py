"""Types of organisations that did not answer, predicted from a register."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from swvtypes.errors import InputError

from .profiles import Floats

PENALTY = 1.0


@dataclass(frozen=True, eq=False)
class Predictor:
    """Predicts types from register figures, or from the shares alone.

    Attributes
    ----------
    n : int
        Organisations to predict.
    answered, absent : ndarray, shape (n_respondents, J) and (n, J), or None
        Standardised figures; missing ones at the average.
    """

    n: int
    answered: Floats | None = None
    absent: Floats | None = None

    @classmethod
    def made(
        cls, register: pd.DataFrame | None, sector: str, respondents: pd.Index, n: int
    ) -> Predictor:
        """Read a register; without one, or without figures in it, shares predict.

        Raises
        ------
        InputError
            For columns that are no numbers.
        """
        if register is None:
            return cls(n)
        rows = register[register["sector"] == sector] if "sector" in register else register
        rows = rows.drop(columns=[c for c in ("sector", "year") if c in rows])
        wrong = [c for c in rows if not pd.api.types.is_numeric_dtype(rows[c])]
        if wrong:
            raise InputError("register", [f"column {c!r}: expected numbers" for c in wrong])
        if not rows.shape[1]:
            return cls(n)
        values = rows.astype(float)
        spread = values.std().replace(0.0, 1.0).fillna(1.0)
        scaled = ((values - values.mean()) / spread).fillna(0.0)
        absent = scaled.loc[~scaled.index.isin(respondents)]
        return cls(len(absent), scaled.loc[respondents].to_numpy(), absent.to_numpy())

    def predict(self, probabilities: Floats, weight: Floats | None = None) -> Floats:
        """Probabilities of the types of the organisations that did not answer, shape (n, P).

        Parameters
        ----------
        probabilities : ndarray, shape (n_respondents, P)
            Of the respondents.
        weight : ndarray, shape (n_respondents,), optional
            Weights of the respondents.
        """
        P = probabilities.shape[1]
        weight = np.ones(len(probabilities)) if weight is None else np.asarray(weight, dtype=float)
        mean = weight @ probabilities / weight.sum()
        if self.answered is None or self.absent is None or P == 1 or not self.n:
            return np.broadcast_to(mean, (self.n, P)).copy()
        from sklearn.linear_model import LogisticRegression

        X = np.repeat(self.answered, P, axis=0)
        y = np.tile(np.arange(P), len(self.answered))
        w = (probabilities * weight[:, None]).ravel()
        model = LogisticRegression(C=1.0 / PENALTY, max_iter=500)
        model.fit(X, y, sample_weight=w)
        return np.asarray(model.predict_proba(self.absent))


def check_register(register: object) -> None:
    """Check a register before anything is worked out.

    Raises
    ------
    InputError
        Lists every fault: organisations that stand in it twice, columns that are no finite numbers.
    """
    if not isinstance(register, pd.DataFrame):
        kind = type(register).__name__
        raise InputError("register", [f"expected a DataFrame by organisation, got {kind}"])
    twice = register.index[register.index.duplicated()].unique()
    faults = [f"organisation {name!r} stands in it more than once" for name in twice[:10]]
    again = register.columns[register.columns.duplicated()].unique()
    faults += [f"column {name!r} stands in it more than once" for name in again]
    for name in register.columns.unique():
        column = register[name]
        if name in {"sector", "year"} or name in again:
            continue
        if not pd.api.types.is_numeric_dtype(column):
            faults.append(f"column {name!r}: expected numbers")
        elif np.isinf(column.to_numpy(dtype=float, na_value=np.nan)).any():
            faults.append(f"column {name!r}: expected finite numbers, got infinity")
    if faults:
        raise InputError("register", faults)
