"""How a theme is analysed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from swvtypes.lca import Limits
from swvtypes.lca.model import check_choice, check_real, check_whole
from swvtypes.lca.outcomes import Adjustment
from swvtypes.typology.hierarchy.options import check_level
from swvtypes.typology.option_faults import raise_all

ChoiceRule = Literal["bootstrap_then_bic", "bic", "bootstrap", "both"]
Deciding = Literal["likelihood_ratio", "wald", "variable_selection", "all"]


@dataclass(frozen=True)
class ThemeOptions:
    """How a theme is analysed.

    Parameters
    ----------
    max_classes : int
        Largest number of classes tried; fewer are tried where the items do not identify so many.
    n_init : int
        Starts of each model of the enumeration.
    n_boot : int
        Replicates of the bootstrap likelihood-ratio test and permutations of the indicator test.
    boot_n_init : int
        Starts of each data set in the bootstrap.
    stop_after : int, optional
        Sequential stop of both tests (Besag and Clifford 1991): exact, and saves most of the work
        where nothing is found. None draws all.
    rule : {"bootstrap_then_bic", "bic", "bootstrap", "both"}
        How the number of classes is chosen; see
        :func:`~swvtypes.typology.themes.choosing.choose_classes`.
    level : float
        Level of all tests.
    limits : Limits
        What a model must show to be chosen: smallest class, replication, cases a parameter.
    separation : float
        Least entropy R-squared of a model with two or more classes.
    decide : {"likelihood_ratio", "wald", "variable_selection", "all"}
        Which route says that an indicator is selected: the small-sample test, adjusted; Wald,
        adjusted; the search by model comparison; or all three at once.
    adjustment : {"holm", "bonferroni", "benjamini_hochberg", "none"}
        How p-values are adjusted over the indicators of the theme.
    search : bool
        Whether variables are also selected by model comparison.
    rarest : int
        Items with fewer cases than this outside their commonest answer are dropped.
    prior : float
        Pseudo-cases of the models; 0 is maximum likelihood.
    quick : bool
        No bootstrap and no permutations: BIC chooses, and Wald tests say what is selected.
    n_jobs : int, optional
        Threads and processes; results do not depend on it.
    """

    max_classes: int = 5
    n_init: int = 100
    n_boot: int = 499
    boot_n_init: int = 10
    stop_after: int | None = 25
    rule: ChoiceRule = "bootstrap_then_bic"
    level: float = 0.05
    limits: Limits = field(
        default_factory=lambda: Limits(smallest_share=0.05, smallest_n=5.0, times_replicated=2)
    )
    separation: float = 0.3
    decide: Deciding = "likelihood_ratio"
    adjustment: Adjustment = "holm"
    search: bool = True
    rarest: int = 5
    prior: float = 0.0
    quick: bool = False
    n_jobs: int | None = 1

    def __post_init__(self) -> None:
        checks: list[Callable[[], None]] = [
            partial(check_whole, name, getattr(self, name), least)
            for name, least in (
                ("max_classes", 1), ("n_init", 1), ("n_boot", 19), ("boot_n_init", 10),
                ("rarest", 1),
            )
        ]  # fmt: skip
        if self.stop_after is not None:
            checks.append(partial(check_whole, "stop_after", self.stop_after, 1))
        for name, choices in (
            ("rule", ChoiceRule), ("decide", Deciding), ("adjustment", Adjustment),
        ):  # fmt: skip
            checks.append(partial(check_choice, name, getattr(self, name), choices))
        checks.append(partial(check_level, self.level))
        checks += [partial(check_real, n, getattr(self, n), 0.0) for n in ("separation", "prior")]
        raise_all(checks)
