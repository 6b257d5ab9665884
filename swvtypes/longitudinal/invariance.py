"""Whether classes are the same thing at every wave: equal profiles against free ones.

The joint model is fitted with profiles that are equal over the waves, and with profiles of their
own at each wave (all items, or one item at a time). Likelihood ratios of latent class models do not
follow their textbook distribution at small numbers of cases, so p-values come from panels that are
simulated from the model with equal profiles and fitted in both ways from as many starts as the data
(McLachlan 1987).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.lca.design import Floats, Integers, Item, build_design
from swvtypes.lca.fit import Starts
from swvtypes.lca.model import check_choice, check_whole
from swvtypes.lca.threads import workers
from swvtypes.multiplicity import adjust

from .chain.em import Stop
from .chain.fit import ChainFit, Mapper, fit_chain
from .chain.panel import PanelColumns, read_panel
from .chain.sequences import Sequences, collapse
from .chain.simulate import simulate_chain
from .chain.states import ChainModel

Transitions = Literal["free", "homogeneous"]
_STOP = Stop(2000, 1e-8)


@dataclass(frozen=True)
class InvarianceOptions:
    """How invariance is tested.

    Parameters
    ----------
    transitions : {"free", "homogeneous"}
        Of both models.
    n_init : int
        Starts of every fit, of data and of replicates.
    n_boot : int
        Simulated panels.
    transition_prior : float
        Pseudo-transitions, see :class:`~swvtypes.longitudinal.LatentTransitionModel`.
    random_state : int
    n_jobs : int, optional
        Threads; all cores when left out. Results do not depend on it.
    """

    transitions: Transitions = "free"
    n_init: int = 10
    n_boot: int = 99
    transition_prior: float = 0.0
    random_state: int = 0
    n_jobs: int | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        check_choice("transitions", self.transitions, Transitions)
        check_whole("n_init", self.n_init, 1)
        check_whole("n_boot", self.n_boot, 1)


@dataclass(frozen=True, eq=False, repr=False)
class Invariance:
    """Equal profiles against free ones.

    Attributes
    ----------
    table : DataFrame by freed item
        Row ``"all items"``, then each item alone where asked: log_likelihood_equal,
        log_likelihood_free, parameters (freed), ratio (twice the difference), p_value (bootstrap;
        smallest 1 / (n_boot + 1)), p_adjusted (Holm over the items; of all items the p-value),
        bic_equal, bic_free, replicates.
    n : float
        Units.
    n_classes : int
    waves : tuple
    n_boot : int
    """

    table: pd.DataFrame
    n: float
    n_classes: int
    waves: tuple[Hashable, ...]
    n_boot: int

    @property
    def p_value(self) -> float:
        """Of equal profiles against free ones of all items."""
        return float(self.table["p_value"].iloc[0])

    @property
    def bic_prefers(self) -> str:
        """Which model BIC prefers, ``"equal"`` or ``"free"`` profiles."""
        row = self.table.iloc[0]
        return "equal" if row["bic_equal"] <= row["bic_free"] else "free"

    def __repr__(self) -> str:
        return (
            f"<Invariance of {self.n_classes} classes over {len(self.waves)} waves: "
            f"p = {self.p_value:.3f}, BIC prefers {self.bic_prefers} profiles>"
        )


def invariance_test(
    long_frame: pd.DataFrame,
    unit: Hashable,
    wave: Hashable,
    indicators: Sequence[Hashable],
    *,
    n_classes: int,
    each: bool = False,
    kinds: Mapping[Hashable, str] | None = None,
    options: InvarianceOptions | None = None,
) -> Invariance:
    """Test whether profiles are equal over the waves.

    Parameters
    ----------
    long_frame, unit, wave, indicators
        As in :meth:`LatentTransitionModel.fit`.
    n_classes : int
        Classes.
    each : bool
        Free every item alone as well.
    kinds : mapping, optional
        Families of indicators.
    options : InvarianceOptions, optional

    Returns
    -------
    Invariance

    Raises
    ------
    OptionError, InputError

    Notes
    -----
    Missing answers and waves are missing at random, in replicates where they are in the data.
    Weights are not taken. A ratio below zero, from a free model whose best start was missed, counts
    as zero in data and replicates alike. An item that changed can make others seem to when each is
    freed alone, for the model that they are tested against then is wrong: read the largest first.
    """
    options = options or InvarianceOptions()
    check_whole("n_classes", n_classes, 2)
    names = tuple(indicators)
    panel = read_panel(long_frame, PanelColumns(unit, wave, names), kinds)
    if len(panel.waves) < 2:
        raise InputError("panel", [f"expected at least two waves, got {len(panel.waves)}"])
    items = tuple(i.item(False) for i in panel.indicators)
    sets: list[tuple[str, tuple[bool, ...]]] = [("all items", (True,) * len(items))]
    if each and len(items) > 1:
        sets += [(str(n), tuple(m == n for m in names)) for n in names]
    children = np.random.SeedSequence(options.random_state).spawn(options.n_boot + 1)
    with workers(options.n_jobs) as mapper:
        task = _Task(items, n_classes, len(panel.waves), options, mapper)
        equal, free = task.fits(panel.data, [s for _, s in sets], children[0])
        drawn = []
        for child in children[1:]:
            data = simulate_chain(equal, items, np.random.default_rng(child))
            one, others = task.fits(data, [s for _, s in sets], child)
            drawn.append([_ratio(one, f) for f in others])
    return Invariance(
        _table(sets, equal, free, np.array(drawn)), panel.data.n, n_classes, panel.waves,
        options.n_boot,
    )  # fmt: skip


@dataclass(frozen=True)
class _Task:
    items: tuple[Item, ...]
    n_classes: int
    n_waves: int
    options: InvarianceOptions
    mapper: Mapper

    def fits(
        self, data: Sequences, sets: Sequence[tuple[bool, ...]], child: np.random.SeedSequence
    ) -> tuple[ChainFit, list[ChainFit]]:
        """Fit the model with equal profiles, and those with some profiles free."""
        entropy = int(child.generate_state(1)[0])
        equal = self._fit(data, entropy)
        return equal, [self._fit(regrouped(data, self.items, free), entropy) for free in sets]

    def _fit(self, data: Sequences, entropy: int) -> ChainFit:
        steps = 1 if self.options.transitions == "homogeneous" else self.n_waves - 1
        model = ChainModel(
            data.design.layout, self.n_classes, steps, 0.0, self.options.transition_prior
        )
        return fit_chain(model, data, Starts(self.options.n_init, entropy), _STOP, self.mapper)


def regrouped(data: Sequences, items: Sequence[Item], free: Sequence[bool]) -> Sequences:
    """Give the same panel to a model in which some profiles differ between waves.

    Parameters
    ----------
    data : Sequences
        Without known groups.
    items : sequence of Item
    free : sequence of bool
        Whether each item's profile is free.
    """
    freed = [replace(item, free=f) for item, f in zip(items, free, strict=True)]
    here = data.cell < len(data.design.X)
    wave = np.broadcast_to(np.arange(data.n_waves), data.cell.shape)[here].astype(np.intp)
    weight = np.broadcast_to(data.weight[:, None], data.cell.shape)[here]
    answers = data.design.values  # noqa: PD011
    design = build_design(answers[data.cell[here]], freed, weight, wave)
    cell = np.full(data.cell.shape, len(design.X), dtype=np.intp)
    cell[here] = design.inverse
    made = collapse(design, cell, data.weight)
    places: Integers = made.inverse[data.inverse]
    return replace(made, inverse=places)


def _ratio(equal: ChainFit, free: ChainFit) -> float:
    return max(2.0 * (free.log_likelihood - equal.log_likelihood), 0.0)


def _table(
    sets: Sequence[tuple[str, tuple[bool, ...]]],
    equal: ChainFit,
    free: Sequence[ChainFit],
    drawn: Floats,
) -> pd.DataFrame:
    n = np.log(equal.data.n)
    rows: dict[str, dict[str, Any]] = {}
    for k, ((name, _), fit) in enumerate(zip(sets, free, strict=True)):
        ratio = _ratio(equal, fit)
        beyond = int((drawn[:, k] >= ratio - 1e-9).sum())
        rows[name] = {
            "log_likelihood_equal": equal.log_likelihood,
            "log_likelihood_free": fit.log_likelihood,
            "parameters": fit.n_parameters - equal.n_parameters, "ratio": ratio,
            "p_value": (beyond + 1) / (len(drawn) + 1),
            "bic_equal": -2.0 * equal.log_likelihood + equal.n_parameters * n,
            "bic_free": -2.0 * fit.log_likelihood + fit.n_parameters * n,
            "replicates": len(drawn),
        }  # fmt: skip
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("freed")
    p = table["p_value"].to_numpy(dtype=float)
    adjusted = p.copy()
    if len(p) > 1:
        adjusted[1:] = adjust(p[1:], "holm")
    table.insert(5, "p_adjusted", adjusted)
    return table
