"""Do types over the themes exist? They do only if theme classes are associated."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from swvtypes.language import Label

from .existence_text import existence_reasons
from .file_form import frame_entry
from .hierarchy import SuperclusterDecision, decide_superclusters, identified_superclusters
from .hierarchy.decision import allowance
from .routes import RouteFit, TypesTask, one_step
from .sequential import deciding_stop
from .specification import TypologyOptions

_TEST_STARTS = 10
_NOT_TESTED = {"verdict": "not tested", "claims_types": False}


@dataclass(frozen=True, eq=False)
class Existence:
    """How many types there are, and why.

    Attributes
    ----------
    n_types : int
    table : DataFrame
        See :class:`~swvtypes.typology.superclusters.Superclusters`.
    reasons : tuple of Label
    verdict : mapping of str to object
        ``verdict`` (``"independent"``, ``"types"``, ``"continuum"``, ``"undecided"``,
        ``"neither"``; ``"not tested"`` for a quick look), ``claims_types``, and the tests.
    """

    n_types: int
    table: pd.DataFrame
    reasons: tuple[Label, ...]
    verdict: Mapping[str, Any] = field(default_factory=dict)

    def limited(self, task: TypesTask, options: TypologyOptions) -> Existence:
        """Give no more types than the themes that stayed after the hearing can tell apart."""
        most = _most(task, options)
        if self.n_types <= most:
            return self
        if most > 1:
            return replace(self, n_types=most)
        told = existence_reasons(task, 1, self.table, None)
        return replace(self, n_types=1, reasons=told, verdict=dict(_NOT_TESTED))


def _by_bic(bic: Mapping[int, float]) -> int:
    """Give the number of types of a quick look: as the decision has it, without bootstrap."""
    best = min(bic, key=lambda p: bic[p])
    if best == 1 and 2 in bic and bic[2] < bic[1] + allowance(1):
        return 2
    return best


def existence(task: TypesTask, options: TypologyOptions) -> Existence:
    """Decide how many types there are over the themes of a sector.

    With one theme there is one type. A quick look goes by the BIC of the one-step model; otherwise
    both BIC and the bootstrap must prefer one type more (see
    :func:`~swvtypes.typology.hierarchy.decide_superclusters`).
    """
    most = _most(task, options)
    decision = None
    if most > 1 and not options.quick:
        decision = _decided(task, options, most)
        fitted = range(1, min(most, decision.n_superclusters + 1) + 1)
    else:
        fitted = range(1, most + 1)
    fits = {p: one_step(task, p, options.n_init, options.prior) for p in fitted}
    if decision is None:
        number = _by_bic({p: fit.bic for p, fit in fits.items()})
        told: dict[str, Any] = dict(_NOT_TESTED)
    else:
        number = decision.n_superclusters
        told = {
            "verdict": decision.verdict,
            "claims_types": decision.claims_types,
            "tests": frame_entry(decision.table),
        }
    table = _table(fits, decision)
    reasons = existence_reasons(task, number, table, decision)
    return Existence(number, table, reasons, told)


def _most(task: TypesTask, options: TypologyOptions) -> int:
    """Largest number of types that the themes can tell apart."""
    if len(task.themes) < 2 or options.max_types == 1:
        return 1
    sizes = [n for n, _ in task.themes.values()]
    return max(2, min(options.max_types, identified_superclusters(sizes, options.max_types)))


def _decided(task: TypesTask, options: TypologyOptions, most: int) -> SuperclusterDecision:
    kinds: dict[Hashable, str] = {c: task.kinds[c] for c in task.items if c in task.kinds}
    return decide_superclusters(
        task.frame,
        {t: list(columns) for t, (_, columns) in task.themes.items()},
        {t: n for t, (n, _) in task.themes.items()},
        most=most,
        level=options.level,
        n_boot=options.n_boot,
        n_init=max(_TEST_STARTS, options.boot_n_init),
        indicators=kinds,
        prior=options.prior,
        random_state=task.seed,
        stop_after=deciding_stop(options.level, options.n_boot),
        n_jobs=1,
    )


def _table(fits: Mapping[int, RouteFit], decision: SuperclusterDecision | None) -> pd.DataFrame:
    """One row a number of types; the test of one type more stands with the smaller number."""
    tests = {} if decision is None else dict(enumerate(decision.association, start=1))
    nothing = float("nan")
    return pd.DataFrame(
        {
            "log_likelihood": [f.log_likelihood for f in fits.values()],
            "n_parameters": [f.n_parameters for f in fits.values()],
            "bic": [f.bic for f in fits.values()],
            "statistic": [tests[p].statistic if p in tests else nothing for p in fits],
            "p_value": [tests[p].p_value if p in tests else nothing for p in fits],
            "n_boot": [tests[p].n_boot if p in tests else 0 for p in fits],
        },
        index=pd.Index(list(fits), name="n_types"),
    )
