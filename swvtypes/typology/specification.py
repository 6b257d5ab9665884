"""What is asked of a typology: options, checked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

from swvtypes.errors import OptionError
from swvtypes.lca.model import check_choice, check_real, check_whole

from .hierarchy.options import check_level
from .option_faults import raise_all
from .themes.options import ChoiceRule, Deciding

Sectors = Literal["apart", "together"]
Route = Literal["one_class_analysis", "two_step", "one_step"]
Items = Literal["supported", "significant", "selected", "all"]
TYPE_PRIOR, SHARE_PRIOR = 6.0, 1.0
ROUTES: tuple[Route, ...] = ("one_class_analysis", "two_step", "one_step")


@dataclass(frozen=True)
class TypologyOptions:
    """Options of a typology.

    Parameters
    ----------
    sectors : {"apart", "together"}
        Types of their own for each sector, or the same types with shares of their own.
    max_classes : int
        Largest number of classes tried in a theme.
    max_types : int
        Largest number of types tried over the themes.
    n_init : int
        Starts of every model.
    n_boot : int
        Replicates of each bootstrap test that decides on classes, items and types; at most 99 of
        the tests of types against a continuum within a theme, on which nothing rests. A test is
        stopped as soon as it can no longer reject (see
        :func:`~swvtypes.typology.sequential.deciding_stop`); where it rejects, all are drawn.
    boot_n_init : int
        Starts of each replicate.
    level : float
        Level of the tests.
    prior : float
        Pseudo-cases against boundary estimates in the themes and in every test; 0 is maximum
        likelihood.
    type_prior : float
        Pseudo-cases of the types concluded upon (one step, two types or more), in each theme,
        spread evenly over types and classes. The default, 6, is a case in each cell of a table of
        three types by two classes: at the size of a wave it keeps the classes of a type
        off the boundary, where maximum likelihood puts them, and types are recovered better
        (``docs/methods/typology.md`` has the figures). The shares of the types have one
        pseudo-case at most, so that unequal shares stay unequal. Whether types exist, and how
        many, is decided at `prior`. With 0 the types are maximum likelihood estimates as well.
    items : {"supported", "significant", "selected", "all"}
        Which items of a theme go on to the types: those that are not likely to be noise, those
        that a test calls significant, those that variable selection keeps, or all. With
        ``"supported"`` a theme whose classes are supported but not shown is heard beside the
        other themes (:mod:`swvtypes.typology.hearing`); otherwise a theme with one class takes no
        part.
    support : float
        Largest p-value, not adjusted, at which an item or a second class of a theme is supported.
    route : {"one_step", "two_step", "one_class_analysis"}
        Whose types are concluded upon. None of them decides whether types exist.
    rule : {"bootstrap_then_bic", "bic", "bootstrap", "both"}
        How the number of classes of a theme is chosen.
    decide : {"likelihood_ratio", "wald", "variable_selection", "all"}
        Which test says that an item is significant.
    quick : bool
        No bootstrap: numbers of classes and types by BIC alone, and the result says so.
    """

    sectors: Sectors = "apart"
    max_classes: int = 5
    max_types: int = 3
    n_init: int = 100
    n_boot: int = 499
    boot_n_init: int = 10
    level: float = 0.05
    prior: float = 0.0
    type_prior: float = TYPE_PRIOR
    items: Items = "supported"
    support: float = 0.5
    route: Route = "one_step"
    rule: ChoiceRule = "bootstrap_then_bic"
    decide: Deciding = "likelihood_ratio"
    quick: bool = False

    def __post_init__(self) -> None:
        checks: list[Callable[[], None]] = [
            partial(check_choice, name, getattr(self, name), choices)
            for name, choices in (
                ("sectors", Sectors), ("items", Items), ("route", Route), ("rule", ChoiceRule),
                ("decide", Deciding),
            )
        ]  # fmt: skip
        for name, least in (
            ("max_classes", 1), ("max_types", 1), ("n_init", 1), ("n_boot", 19), ("boot_n_init", 1),
        ):  # fmt: skip
            checks.append(partial(check_whole, name, getattr(self, name), least))
        checks += [partial(check_real, n, getattr(self, n), 0.0) for n in ("prior", "type_prior")]
        checks += [partial(check_level, self.level), self._check_support, self._check_quick]
        raise_all(checks)

    def _check_support(self) -> None:
        check_real("support", self.support, 0.0)
        if self.support > 1.0:
            raise OptionError("support", "a number from 0 to 1", self.support)

    def _check_quick(self) -> None:
        if not isinstance(self.quick, bool):
            raise OptionError("quick", "True or False", self.quick)

    def as_dict(self) -> dict[str, Any]:
        """Give the options by name."""
        return asdict(self)
