"""Which items carry the classes, by comparing models.

An item carries the classes if the latent class model of it and the other carriers beats, by BIC,
the model in which the others carry the classes and it depends on some of them only (Dean and
Raftery 2010; Raftery and Dean 2006; with the regression, which drops items that are redundant and
not only those that are noise, and with the swap step: Fop, Smart and Murphy 2017).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.lca import LatentClassModel
from swvtypes.lca.design import Design, build_design
from swvtypes.lca.em import Settings
from swvtypes.lca.families import Variances
from swvtypes.lca.fit import Starts, fit_classes
from swvtypes.lca.model import check_choice, check_whole
from swvtypes.lca.options import seed_of

from .identifying import most_classes
from .regressing import Cases, redundancy_bic

Direction = Literal["backward", "forward"]
Redundancy = Literal["regression", "independence"]
Items = frozenset[int]
_PATH = ("step", "item", "other", "bic_difference", "accepted")
_WORSE = 12.0


@dataclass(frozen=True)
class VariableSelection:
    """Result of :func:`select_variables`.

    Attributes
    ----------
    selected : tuple of str
        Items that carry the classes, in the order of the model.
    n_classes : int
        Classes of the model of those items with the lowest BIC.
    bic : float
        Its BIC (lower is better).
    path : DataFrame
        One row a step: step ("remove", "add", "swap"), item, other (the item swapped in),
        bic_difference (what the move lowers BIC by), accepted.
    """

    selected: tuple[str, ...]
    n_classes: int
    bic: float
    path: pd.DataFrame


@dataclass(frozen=True)
class Hunt:
    """How models are fitted while items are searched.

    Parameters
    ----------
    max_classes : int
        Largest number of classes.
    n_init : int
        Starts of each model.
    redundancy : {"regression", "independence"}
        Whether an item left out may depend on the carriers.
    prior : float
    variances : Variances
    seed : int
    """

    max_classes: int = 3
    n_init: int = 20
    redundancy: Redundancy = "regression"
    prior: float = 0.0
    variances: Variances = Variances()  # noqa: RUF009
    seed: int = 0


def select_variables(
    model: LatentClassModel,
    max_classes: int = 3,
    *,
    direction: Direction = "backward",
    swap: bool = True,
    redundancy: Redundancy = "regression",
    n_init: int = 20,
    random_state: int | np.random.RandomState | None = None,
) -> VariableSelection:
    """Search the items that carry the classes.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model of the items, with any number of classes: its data, families, prior and
        variances are taken over.
    max_classes : int
        Largest number of classes; models that the items cannot identify are not tried.
    direction : {"backward", "forward"}
        From all items, or from those three that two classes fit best against independence.
    swap : bool
        Whether a carrier may also be exchanged for an item left out, which gets the search past
        sets that neither dropping nor adding one item improves.
    redundancy : {"regression", "independence"}
        Whether an item left out may depend on the carriers. With "independence" only noise is
        dropped.
    n_init : int
        Starts of each model.
    random_state : int, RandomState or None
        Seed.

    Returns
    -------
    VariableSelection

    Raises
    ------
    InputError
        For local dependence, known groups, or fewer items than identify two classes.

    Notes
    -----
    Missing answers: class models by full-information likelihood; in regressions a missing
    predictor is a category of its own. Frequencies count as so many cases; survey weights have no
    BIC and are refused.
    """
    check_whole("max_classes", max_classes, 2)
    check_whole("n_init", n_init, 1)
    check_choice("direction", direction, Direction)
    check_choice("redundancy", redundancy, Redundancy)
    design, problem = model.design_, model.fit_.problem
    names = [str(name) for name in model.indicator_types_.index]
    faults = []
    if design.layout.pairs or design.layout.n_groups > 1:
        faults.append("expected no local dependence and no known groups")
    if not np.isfinite(model.criteria_["bic"]):
        faults.append("expected no survey weights: models are compared by BIC")
    every = frozenset(range(len(names)))
    if most_classes(design.layout.items, max_classes) < 2:
        faults.append(f"expected items that identify two classes, got {len(names)}")
    if faults:
        raise InputError("variable selection", faults)
    hunt = Hunt(
        max_classes, n_init, redundancy, problem.prior, problem.variances, seed_of(random_state)
    )
    walk = _Walk(design, hunt, names)
    chosen = walk.run(every if direction == "backward" else walk.first_three(every), swap)
    bic, K = walk.classes(chosen)
    path = pd.DataFrame(walk.path, columns=list(_PATH))
    return VariableSelection(tuple(names[j] for j in sorted(chosen)), K, bic, path)


@dataclass
class _Walk:
    """A walk over sets of items; what has been fitted is remembered."""

    design: Design
    hunt: Hunt
    names: list[str]
    path: list[tuple[str, str, str, float, bool]] = field(default_factory=list)
    models: dict[Items, tuple[float, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        values = self.design.values  # noqa: PD011
        self.cases = Cases(values, self.design.weight, self.design.layout.items)
        self.log_n = float(np.log(self.cases.n))

    def run(self, chosen: Items, swap: bool) -> Items:
        """Drop, exchange and add items until no move lowers BIC."""
        every = frozenset(range(len(self.names)))
        for _ in range(4 * len(every)):
            before = chosen
            chosen = self._try("remove", chosen, [(chosen - {j}, j, -1) for j in chosen])
            if swap:
                chosen = self._exchange(chosen, every)
            outside = every - chosen
            chosen = self._try("add", chosen, [(chosen | {j}, j, -1) for j in outside])
            if swap:
                chosen = self._exchange(chosen, every)
            if chosen == before:
                break
        return chosen

    def _exchange(self, chosen: Items, every: Items) -> Items:
        """Exchange the weakest carrier for an item left out."""
        if chosen == every:
            return chosen
        moves = [
            (chosen - {i} | {j}, i, j)
            for i in self._weakest(chosen)
            for j in sorted(every - chosen)
        ]
        return self._try("swap", chosen, moves)

    def _weakest(self, chosen: Items) -> list[int]:
        """Give the carrier whose loss would cost least."""
        able = [j for j in sorted(chosen) if self._able(chosen - {j})]
        return [min(able, key=lambda j: self._together(chosen - {j}, chosen))] if able else []

    def _try(self, step: str, chosen: Items, moves: list[tuple[Items, int, int]]) -> Items:
        moves = [move for move in moves if self._able(move[0])]
        if not moves:
            return chosen
        gains = [
            (self._together(chosen, chosen | m[0]) - self._together(m[0], chosen | m[0]), m)
            for m in moves
        ]
        gain, (reached, item, other) = max(gains, key=lambda g: (g[0], -g[1][1], -g[1][2]))
        into = self.names[other] if other >= 0 else ""
        self.path.append((step, self.names[item], into, gain, gain > 0))
        return reached if gain > 0 else chosen

    def _able(self, items: Items) -> bool:
        return most_classes([self.design.layout.items[j] for j in sorted(items)], 2) >= 2

    def _together(self, carriers: Items, items: Items) -> float:
        """BIC of a set of items of which some carry the classes and the others depend on those."""
        predictors = carriers if self.hunt.redundancy == "regression" else frozenset()
        rest = sum(redundancy_bic(self.cases, j, predictors) for j in sorted(items - carriers))
        return self.classes(carriers)[0] + rest

    def classes(self, items: Items) -> tuple[float, int]:
        """Lowest BIC of models of some items, and its number of classes."""
        if items not in self.models:
            self.models[items] = self._enumerate(sorted(items))
        return self.models[items]

    def _enumerate(self, columns: list[int]) -> tuple[float, int]:
        layout, hunt = self.design.layout, self.hunt
        items = [layout.items[j] for j in columns]
        answers = self.design.values[:, columns]  # noqa: PD011
        design = build_design(answers, items, self.design.weight, self.design.group)
        best = (np.inf, 0)
        for K in range(2, most_classes(items, hunt.max_classes) + 1):
            fit = fit_classes(
                design, K, Starts(hunt.n_init, hunt.seed), Settings(1000, 1e-7), hunt.prior,
                hunt.variances,
            )  # fmt: skip
            bic = fit.n_parameters * self.log_n - 2.0 * fit.log_likelihood
            if bic > best[0] + _WORSE:
                break
            best = min(best, (bic, K))
        return best

    def first_three(self, every: Items) -> Items:
        """Give the smallest set that identifies two classes, chosen against independence."""
        from itertools import combinations

        for size in range(2, len(every) + 1):
            able = [frozenset(c) for c in combinations(sorted(every), size)]
            able = [items for items in able if self._able(items)]
            if able:
                return min(able, key=self._against_independence)
        return every

    def _against_independence(self, items: Items) -> float:
        apart = sum(redundancy_bic(self.cases, j, frozenset()) for j in items)
        return self.classes(items)[0] - apart
