"""Transitions corrected for errors of classification: the third step of a three-step analysis.

Each wave has its own typology (step one) and its own assignments (step two). Assigned types are
answers to one question with known errors; the transitions between true types are estimated by
maximum likelihood with those errors held fixed (Vermunt 2010; Nylund-Gibson, Grimm, Quirk and
Furlong 2014).

The errors are those that each wave's own model claims, unless a membership carries what corrects
them. With few organisations a fitted model
claims fewer than it makes, and the corrected rates then stay too high and their intervals too
short. With five items and 10% movers, profile-likelihood intervals of the rates covered, and the
share that moved was too high by, 85 to 87% and 5.2 points (50 organisations), 88 to 90% and 3.1
(75), 88 to 92% and 2.3 (100), 91 to 94% and 1.0 (150), 91 to 94% and 0.3 (200), 92 to 96% and 0.1
(300). :class:`~swvtypes.longitudinal.LatentTransitionModel`, which estimates profiles and moves
together from the answers, covered 93 to 97% and was off by 0.1 points or less at 50 and 75; prefer
it where there are answers (``benchmarks/studies/latent_transition.py``).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.errors import FewOrganisationsWarning, OptionError
from swvtypes.language import Label
from swvtypes.lca.fit import Starts
from swvtypes.lca.model import check_choice, check_whole
from swvtypes.membership import ErrorTable, Membership

from .alignment import align_as_stated
from .chain.fit import ChainFit, fit_chain
from .chain.forward import smooth
from .chain.profile_likelihood import mover_share
from .chain.states import ChainModel
from .intervals import IntervalMethod, mover_row, transition_table, with_labels
from .three_step_evidence import (
    check_memberships,
    check_overlap,
    errors_of,
    renamed,
    sequences_of,
    wave_names,
)

Evidence = Literal["modal", "posterior"]

FEW = 300

_STARTS = 5
_SURE = 1e-6
_CAUTION = Label(
    "Met {n} organisaties zijn deze intervallen te kort en is het aandeel eerder te hoog: met 50 "
    "tot 75 dekten zij in simulaties 83 tot 90% in plaats van 95%. Het gezamenlijke model "
    "(LatentTransitionModel) is dan aan te raden.",
    "With {n} organisations these intervals are too short and the share tends to be too high: with "
    "50 to 75 they covered 83 to 90% in simulations, not 95%. The joint model "
    "(LatentTransitionModel) is to be preferred then.",
)


@dataclass(frozen=True, eq=False, repr=False)
class CorrectedTransitions:
    """Transitions between true types, with the errors of assignment taken out.

    Attributes
    ----------
    fit : ChainFit
        The chain; its profiles are the errors of assignment, held fixed.
    types : tuple of tuple of str
        Types of each wave.
    waves : tuple of str
    organisations : Index
    evidence : {"modal", "posterior"}
    n_both : int
        Organisations with a type at two waves in a row; the fewest of all steps.
    sure : bool
        Whether no organisation can have been assigned wrongly, by its own probabilities.
    """

    fit: ChainFit
    types: tuple[tuple[str, ...], ...]
    waves: tuple[str, ...]
    organisations: pd.Index
    evidence: Evidence
    n_both: int
    sure: bool

    @property
    def caution(self) -> Label | None:
        """What to know of the intervals where organisations are few; None where they are many."""
        if self.sure or self.n_both >= FEW:
            return None
        return Label(*(text.format(n=self.n_both) for text in (_CAUTION.nl, _CAUTION.en)))

    @property
    def log_likelihood(self) -> float:
        """Of the third step, given the first two."""
        return self.fit.log_likelihood

    @cached_property
    def initial(self) -> pd.Series[float]:
        """Shares of the true types at the first wave."""
        p = np.exp(self.fit.Z[self.fit.model.width])
        return pd.Series(p[: len(self.types[0])], index=list(self.types[0]), name="initial")

    def transition(self, step: int = 0) -> pd.DataFrame:
        """Transition probabilities of one step: types before by types after."""
        self._check_step(step)
        moves = np.exp(self.fit.model.transition(self.fit.Z[:, None])[:, :, 0])
        table = moves[min(step, self.fit.model.n_steps - 1)]
        before, after = self.types[step], self.types[step + 1]
        return pd.DataFrame(
            table[: len(before), : len(after)], index=list(before), columns=list(after)
        )

    def table(
        self, method: IntervalMethod = "profile", level: float = 0.95, **bootstrap: int
    ) -> pd.DataFrame:
        """Tabulate the transition probabilities with intervals.

        Parameters
        ----------
        method : {"profile", "wald", "bootstrap"}
            See :func:`~swvtypes.longitudinal.intervals.transition_table`. Step one is taken as
            known by each of them; at small numbers of cases that makes intervals too short.
        level : float
        **bootstrap : int
            n_boot and random_state.

        Returns
        -------
        DataFrame
            from_wave, to_wave, from_class, to_class (names of types), estimate, se, low, high,
            boundary.
        """
        draws = _draws(bootstrap)
        raw = transition_table(self.fit, method, level, draws)
        step = raw["step"].to_numpy()
        names = [
            (self._name(t, i), self._name(t + 1, j))
            for t, i, j in zip(step, raw["from_class"], raw["to_class"], strict=True)
        ]
        out = with_labels(raw, self.waves, self.fit.model.n_steps)
        out["from_class"], out["to_class"] = [a for a, _ in names], [b for _, b in names]
        return out[[a is not None and b is not None for a, b in names]].reset_index(drop=True)

    def mover_rate(self, partner: Mapping[str, str] | None = None, step: int = 0) -> float:
        """Share of organisations whose true type changed.

        Parameters
        ----------
        partner : mapping, optional
            Which type before is which type after; those of the same place when left out.
        step : int
        """
        return mover_share(self.fit, step, self._moved(partner, step))

    def mover_rate_interval(
        self,
        partner: Mapping[str, str] | None = None,
        step: int = 0,
        method: IntervalMethod = "profile",
        level: float = 0.95,
        **bootstrap: int,
    ) -> pd.Series[float]:
        """Share of organisations whose true type changed, with an interval.

        Parameters
        ----------
        partner, step
            As for :meth:`mover_rate`.
        method : {"profile", "wald", "bootstrap"}
            As for :meth:`table`.
        level : float
        **bootstrap : int
            n_boot and random_state.

        Returns
        -------
        Series
            estimate, se, low, high.

        Raises
        ------
        OptionError
            For profile likelihood under a transition prior; for options that do not exist.
        InputError
            For types that do not exist.
        """
        draws = _draws(bootstrap)
        row = mover_row(self.fit, step, self._moved(partner, step), method, (level, draws))
        return pd.Series(row, name="mover_rate")

    def shares(self, wave: int) -> pd.Series[float]:
        """Shares of the true types at a wave, counted from 0."""
        if wave not in range(len(self.types)):
            raise OptionError("wave", f"a whole number from 0 to {len(self.types) - 1}", wave)
        share = self.initial
        for t in range(wave):
            share = share @ self.transition(t)
        return share.rename("share")

    def posterior(self) -> pd.DataFrame:
        """Probabilities of the true types by organisation, given all waves.

        Returns
        -------
        DataFrame by organisation
            Columns wave and type.
        """
        smoothed = smooth(self.fit.model, self.fit.data, self.fit.Z).classes
        parts = {
            wave: pd.DataFrame(
                smoothed[t][self.fit.data.inverse][:, : len(names)],
                index=self.organisations, columns=list(names),
            )
            for t, (wave, names) in enumerate(zip(self.waves, self.types, strict=True))
        }  # fmt: skip
        return pd.concat(parts, axis=1, names=["wave", "type"])

    def _moved(self, partner: Mapping[str, str] | None, step: int) -> NDArray[np.bool_]:
        self._check_step(step)
        before, after = self.types[step], self.types[step + 1]
        match = dict(zip(before, after, strict=False)) if partner is None else dict(partner)
        if partner is not None:
            align_as_stated(match, before, after)
        out = np.ones((self.fit.model.n_classes,) * 2, dtype=bool)
        for i, name in enumerate(before):
            if name in match:
                out[i, after.index(match[name])] = False
        return out

    def __repr__(self) -> str:
        return (
            f"<CorrectedTransitions of {len(self.organisations)} organisations over "
            f"{', '.join(self.waves)}>"
        )

    def _check_step(self, step: int) -> None:
        last = len(self.types) - 2
        if isinstance(step, bool) or step not in range(last + 1):
            raise OptionError("step", f"a whole number from 0 to {last}", step)

    def _name(self, wave: int, number: int) -> str | None:
        names = self.types[wave]
        return names[number - 1] if number <= len(names) else None


def corrected_transitions(
    memberships: Sequence[Membership],
    *,
    organisations: Sequence[Mapping[Any, Any]] | None = None,
    evidence: Evidence = "modal",
    transition_prior: float = 0.0,
    errors: ErrorTable = "auto",
    random_state: int = 0,
) -> CorrectedTransitions:
    """Estimate transitions between true types from memberships of two or more waves.

    Parameters
    ----------
    memberships : sequence of Membership
        One a wave, in order of time; of one sector where types are apart
        (``membership.sector("po")``). Organisations need not be the same: a wave that lacks one,
        or has no membership for it, is missing at random.
    organisations : sequence of mapping, optional
        For each wave the identity of its organisations at the last wave, where it changed.
    evidence : {"modal", "posterior"}
        Assigned types with their errors (three-step, ML), or posterior probabilities over shares,
        which is the likelihood of all answers with the profiles held fixed (two-step).
    transition_prior : float
        Pseudo-transitions from each type at each step, spread evenly; 0 is maximum likelihood.
    errors : {"auto", "apparent", "corrected"}
        Of assigned types: corrected for their optimism where a membership carries the correction
        (:meth:`~swvtypes.membership.Membership.with_optimism`), as each membership itself says,
        or corrected in any case.
    random_state : int

    Returns
    -------
    CorrectedTransitions

    Raises
    ------
    InputError
        For fewer than two waves, types apart by sector, survey weights, or no common organisation.

    Warns
    -----
    FewOrganisationsWarning
        For fewer than 300 organisations in two waves in a row whose types are not certain: see the
        head of this module and :attr:`CorrectedTransitions.caution`.
    """
    check_choice("evidence", evidence, Evidence)
    check_memberships(memberships, organisations)
    identities = list(organisations or [{}] * len(memberships))
    probabilities = [renamed(m, i) for m, i in zip(memberships, identities, strict=True)]
    units = pd.Index(dict.fromkeys(u for p in probabilities for u in p.dropna().index))
    check_overlap(probabilities)
    K = max(len(m.types) for m in memberships)
    given = [
        errors_of(m, evidence == "modal", p, errors)
        for m, p in zip(memberships, probabilities, strict=True)
    ]
    data, A = sequences_of(given, units, K)
    steps = len(memberships) - 1
    model = ChainModel(
        data.design.layout, K, steps, transition_prior=transition_prior, fixed_profiles=A
    )
    fit = fit_chain(model, data, Starts(_STARTS, random_state))
    found = CorrectedTransitions(
        fit, tuple(m.types for m in memberships), tuple(wave_names(memberships)), units, evidence,
        *_standing(probabilities),
    )  # fmt: skip
    if found.caution is not None:
        warnings.warn(found.caution.en, FewOrganisationsWarning, stacklevel=2)
    return found


def _draws(bootstrap: Mapping[str, int]) -> tuple[int, int]:
    """Give replicates and seed of a bootstrap."""
    known = {"n_boot": 200, "random_state": 0}
    for name in bootstrap:
        if name not in known:
            raise OptionError("bootstrap", " or ".join(map(repr, known)), name)
    chosen = known | dict(bootstrap)
    check_whole("n_boot", chosen["n_boot"], 1)
    return chosen["n_boot"], chosen["random_state"]


def _standing(probabilities: Sequence[pd.DataFrame]) -> tuple[int, bool]:
    """Organisations in two waves in a row, and whether all types are certain."""
    known = [p.dropna() for p in probabilities]
    both = min(int(a.index.isin(b.index).sum()) for a, b in pairwise(known))
    return both, all(float(p.max(axis=1).min()) > 1.0 - _SURE for p in known)
