"""How well a fitted model does: criteria, classification, fit of tables, identification."""

# ruff: noqa: PD011  (a Table's values are an array, no pandas object is meant)
from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from .design import Design, Floats, build_design
from .families import Parameters, Table, pack
from .fit import posterior

CELLS = 4096


@dataclass(frozen=True)
class Classification:
    """How certain the assignment to classes is.

    Attributes
    ----------
    probabilities : ndarray, shape (N, K)
        Posterior class probabilities of each pattern.
    weight : ndarray, shape (N,)
        Weights.
    """

    probabilities: Floats
    weight: Floats

    @property
    def n(self) -> float:
        """Sum of the weights."""
        return float(self.weight.sum())

    @property
    def shares(self) -> Floats:
        """Average posterior probability of each class, shape (K,)."""
        return np.asarray(self.weight @ self.probabilities / self.n)

    @property
    def entropy(self) -> float:
        """Total entropy of the posterior probabilities, in nats."""
        p = self.probabilities
        return float(-self.weight @ (p * np.log(np.maximum(p, 1e-300))).sum(axis=1))

    @property
    def entropy_r2(self) -> float:
        """One less the average posterior entropy over the entropy of the class shares."""
        shares = self.shares
        prior = float(-(shares * np.log(np.maximum(shares, 1e-300))).sum())
        return 1.0 - self.entropy / self.n / prior if prior > 0 else float("nan")

    @property
    def entropy_relative(self) -> float:
        """One less the average posterior entropy over log K (Ramaswamy et al. 1993)."""
        K = self.probabilities.shape[1]
        return 1.0 - self.entropy / (self.n * np.log(K)) if K > 1 else float("nan")

    @property
    def error(self) -> float:
        """Expected share of wrong modal assignments."""
        return float(self.weight @ (1.0 - self.probabilities.max(axis=1)) / self.n)

    def table(self) -> pd.DataFrame:
        """Count expected numbers by modal class (rows) and latent class (columns), labels 1..K."""
        K = self.probabilities.shape[1]
        modal = self.probabilities.argmax(axis=1)
        counts = np.zeros((K, K))
        np.add.at(counts, modal, self.probabilities * self.weight[:, None])
        labels = range(1, K + 1)
        return pd.DataFrame(
            counts, index=pd.Index(labels, name="modal"), columns=pd.Index(labels, name="class")
        )

    def by_class(self) -> pd.DataFrame:
        """Share, modal share, average posterior and odds of correct classification per class.

        The average posterior is that of the cases assigned to the class; the odds are its odds
        over the odds of the class share (Nagin 2005, p. 88).
        """
        table = self.table().to_numpy()
        modal = table.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            average = np.where(modal > 0, np.diag(table) / modal, np.nan)
            shares = self.shares
            odds = (average / (1.0 - average)) / (shares / (1.0 - shares))
        frame = pd.DataFrame(
            {
                "share": shares,
                "modal_share": modal / self.n,
                "average_posterior": average,
                "odds_correct_classification": odds,
            },
            index=pd.Index(range(1, len(shares) + 1), name="class"),
        )
        return frame


def information_criteria(
    log_likelihood: float, n_parameters: int, n: float, entropy: float
) -> dict[str, float]:
    """AIC, AIC3, BIC, CAIC, SABIC and ICL-BIC.

    Sources: Akaike (1974); Bozdogan (1987, 1993); Schwarz (1978); Sclove (1987); Biernacki,
    Celeux and Govaert (2000), as BIC plus twice the entropy.
    """
    deviance, p = -2.0 * log_likelihood, n_parameters
    bic = deviance + p * np.log(n)
    return {
        "aic": deviance + 2 * p,
        "aic3": deviance + 3 * p,
        "bic": bic,
        "caic": bic + p,
        "sabic": deviance + p * np.log((n + 2.0) / 24.0),
        "icl_bic": bic + 2.0 * entropy,
    }


def degrees_of_freedom(design: Design, n_parameters: int) -> float:
    """Cells (at most the cases) less the free parameters; NaN with counts or measurements.

    Cells are the possible patterns less one for each known group. Negative values say that the
    data cannot carry the model.
    """
    items = design.layout.items
    if not all(item.categorical for item in items):
        return float("nan")
    cells = float(np.prod([float(item.n_categories) for item in items]))
    groups = design.layout.n_groups
    return min(groups * (cells - 1.0), design.n) - n_parameters


def chi_squares(design: Design, parameters: Parameters) -> tuple[float, float]:
    """L-squared and X-squared of the table of complete patterns; NaN with other than categories.

    Expected numbers are those for the complete cases of each group.
    """
    complete = ~np.isnan(design.values).any(axis=1) & (design.weight > 0)
    if not all(item.categorical for item in design.layout.items) or not complete.any():
        return float("nan"), float("nan")
    observed, group = design.weight[complete], design.group[complete]
    density = np.exp(posterior(design, parameters)[1][complete])
    n = np.bincount(group, weights=observed, minlength=design.layout.n_groups)
    expected = np.maximum(density * n[group], 1e-300)
    l2 = 2.0 * float(observed @ np.log(observed / expected))
    unseen = float(n.sum() - expected.sum())
    x2 = float(((observed - expected) ** 2 / expected).sum()) + unseen
    return l2, x2


def bivariate_residuals(
    design: Design, parameters: Parameters, probabilities: Floats
) -> pd.DataFrame:
    """Association that a model leaves between two items, per degree of freedom.

    For two categorical items: Pearson's X-squared of their two-way table over (m1 - 1)(m2 - 1)
    (Vermunt and Magidson 2016), with the class mix of those who answered both. With a count or
    measurement: the squared standardised sum of residual cross-products, per degree of freedom.
    Values well above 1 ask attention; under local independence their distribution is not exactly
    chi-square.

    Parameters
    ----------
    design : Design
        The data.
    parameters : Parameters
        The model.
    probabilities : ndarray, shape (N, K)
        Posterior class probabilities.

    Returns
    -------
    DataFrame
        Columns first, second, statistic, df, residual (statistic over df); NaN where no case
        answered both. Items in a local-dependence pair are compared through their margins.
    """
    names = [item.name for item in design.layout.items]
    items = [_ItemView(design, parameters, j) for j in range(len(names))]
    rows = []
    for a, b in combinations(range(len(names)), 2):
        statistic, df = _pair_residual(items[a], items[b], design.weight, probabilities)
        rows.append((names[a], names[b], statistic, df, statistic / df if df else np.nan))
    return pd.DataFrame(rows, columns=["first", "second", "statistic", "df", "residual"])


class _ItemView:
    """One item's answers as columns, and what each class expects of them."""

    def __init__(self, design: Design, parameters: Parameters, j: int) -> None:
        item = design.layout.items[j]
        x = design.values[:, j]
        self.seen = ~np.isnan(x)
        self.categorical = item.categorical
        N, K = len(x), parameters.n_classes
        width = item.n_categories if item.categorical else 1
        self.expected = np.zeros((N, K, width))
        scale = np.ones((N, K))
        for table in marginal_tables(design, parameters):
            if table.items == (j,):
                rows = (design.group == table.group) | (table.group < 0)
                self.expected[rows] = table.values[None, :, :width]
                if table.kind == "continuous":
                    scale[rows] = np.sqrt(table.values[None, :, 1])
                elif table.kind == "count":
                    scale[rows] = np.sqrt(np.maximum(table.values[None, :, 0], 1e-300))
        if item.categorical:
            self.observed = (x[:, None] == np.arange(width)).astype(float)
        else:
            self.observed = np.nan_to_num(x)[:, None]
        self.residual = (self.observed[:, None] - self.expected) / scale[..., None]


def marginal_tables(design: Design, parameters: Parameters) -> list[Table]:
    """Tables of single items; those of a pair are the margins of its joint table."""
    tables = []
    for table in parameters.tables:
        if len(table.items) == 1:
            tables.append(table)
            continue
        m1, m2 = (design.layout.items[i].n_categories for i in table.items)
        joint = table.values.reshape(-1, m1, m2)
        for item, axis in ((table.items[0], 2), (table.items[1], 1)):
            tables.append(Table("nominal", (item,), table.group, joint.sum(axis=axis)))
    return tables


def _pair_residual(
    a: _ItemView, b: _ItemView, weight: Floats, probabilities: Floats
) -> tuple[float, int]:
    both = a.seen & b.seen & (weight > 0)
    p = probabilities[both] * weight[both, None]
    df_a = a.observed.shape[1] - a.categorical
    df_b = b.observed.shape[1] - b.categorical
    df = int(df_a * df_b)
    if not both.any() or df == 0:
        return float("nan"), df
    if a.categorical and b.categorical:
        observed = (a.observed[both] * weight[both, None]).T @ b.observed[both]
        expected = np.einsum("nk,nki,nkj->ij", p, a.expected[both], b.expected[both])
        return float(((observed - expected) ** 2 / np.maximum(expected, 1e-300)).sum()), df
    product = np.einsum("nk,nki,nkj->ij", p, a.residual[both], b.residual[both])
    shares = np.ones((1, 1))
    if a.categorical:
        shares = (p.sum(axis=1) @ a.observed[both])[:, None]
    elif b.categorical:
        shares = (p.sum(axis=1) @ b.observed[both])[None, :]
    else:
        shares = np.array([[p.sum()]])
    return float((product**2 / np.maximum(shares, 1e-300)).sum()), df


@dataclass(frozen=True)
class Identification:
    """Whether other parameters nearby give the same distribution.

    Attributes
    ----------
    rank : int
        Rank of the derivatives of the cell probabilities.
    n_parameters : int
        Free parameters that are not on the boundary.
    n_boundary : int
        Free parameters on the boundary, left out.
    identified : bool
        Whether the rank equals the number of parameters.
    """

    rank: int
    n_parameters: int
    n_boundary: int
    identified: bool


def identification(
    design: Design, parameters: Parameters, free_variances: bool = False, entropy: int = 0
) -> Identification:
    """Local identification: rank of the Jacobian of the cell probabilities (Goodman 1974).

    Up to 4,096 cells all are used; otherwise answers simulated from the model and from uniform
    draws, four a parameter.
    """
    from .scores import score_columns

    cells = _cells(design, parameters, entropy)
    scores, boundary = score_columns(cells, parameters, free_variances)
    norm = np.sqrt((scores**2).sum(axis=0))
    scores = scores / np.where(norm > 0, norm, 1.0)
    values = np.linalg.svd(scores, compute_uv=False)
    rank = int((values > 1e-7 * values.max(initial=1e-300)).sum())
    return Identification(rank, scores.shape[1], boundary, rank == scores.shape[1])


def _cells(design: Design, parameters: Parameters, entropy: int) -> Design:
    from .simulate import simulate_values

    layout = design.layout
    items, G = layout.items, layout.n_groups
    sizes = [item.n_categories for item in items]
    finite = all(item.categorical for item in items)
    if finite and G * float(np.prod(np.array(sizes, dtype=float))) <= CELLS:
        grid = np.indices(sizes).reshape(len(sizes), -1).T.astype(float)
        values = np.concatenate([grid] * G)
        group = np.repeat(np.arange(G), len(grid))
    else:
        generator = np.random.default_rng(np.random.SeedSequence(entropy))
        n = 4 * pack(layout, parameters).size + 100
        group = np.arange(n) % G
        values = simulate_values(items, parameters, group, generator)[0]
        uniform = np.arange(n) % 2 == 1
        for j, item in enumerate(items):
            if item.categorical:
                values[uniform, j] = generator.integers(item.n_categories, size=int(uniform.sum()))
    return build_design(values, items, None, group, layout.pairs)
