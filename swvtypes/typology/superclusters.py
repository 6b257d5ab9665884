"""Types over the themes of one sector: do they exist, and what three routes make of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from swvtypes.errors import SwvtypesWarning
from swvtypes.language import Label

from .existence_text import estimation_note, identification_note, route_one_caution
from .hearing_of_themes import LEVEL, hear
from .one_more import raised_together
from .profiles import TypesModel
from .routes import RouteFit, TypesTask, measure, one_class_analysis, one_step, two_step, type_names
from .specification import TypologyOptions
from .type_existence import Existence, existence

ROUTE_COLUMNS = (
    "n_types", "log_likelihood", "n_parameters", "bic", "largest", "smallest", "entropy_r2",
    "mean_certainty", "prior",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Superclusters:
    """Types over the themes of one sector.

    Attributes
    ----------
    sectors : tuple of str
    model : TypesModel
        The types concluded upon; one type where themes are independent.
    existence : DataFrame
        Indexed by n_types: log_likelihood, n_parameters, bic of the one-step model by maximum
        likelihood (at the option `prior`), and statistic, p_value and n_boot of the bootstrap test
        against one type more.
    routes : DataFrame
        Indexed by route: n_types, log_likelihood, n_parameters, bic, largest, smallest (shares),
        entropy_r2, mean_certainty, prior (pseudo-cases; above 0 the row holds posterior modes,
        and log_likelihood and bic are those at the mode; in two steps the mode is that of the theme
        classes). The first route has the number of types
        that its own BIC names.
    agreement : DataFrame
        Adjusted Rand index between the routes' most probable types.
    assigned : DataFrame by organisation
        Most probable type (from 1) by route.
    reasons : tuple of Label
        Why this number of types, and which estimates stand for them.
    verdict : mapping of str to object
        Types or a continuum over the themes; empty where that was not asked.
    heard : mapping of str to float
        p-value of the hearing of each theme that alone has one class; see
        :mod:`swvtypes.typology.hearing`. Empty where there was none, and with one type.
    theme_classes : mapping of str to int
        Classes of each theme that takes part in the types.
    """

    sectors: tuple[str, ...]
    model: TypesModel
    existence: pd.DataFrame
    routes: pd.DataFrame
    agreement: pd.DataFrame
    assigned: pd.DataFrame
    reasons: tuple[Label, ...]
    verdict: Mapping[str, Any] = field(default_factory=dict)
    heard: Mapping[str, float] = field(default_factory=dict)
    theme_classes: Mapping[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Name the sectors and the types, on one line."""
        sectors = " and ".join(map(str, self.sectors))
        return f"<Superclusters of {sectors}: types {', '.join(self.model.types)}>"


def find_types(task: TypesTask, options: TypologyOptions) -> Superclusters:
    """Decide how many types there are over the themes, and find them by three routes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        if not task.themes:
            return _without_themes(task)
        found = existence(task, options)
        heard = hear(task, found.n_types, options)
        stayed = tuple(t for t, p in heard.items() if p <= LEVEL)
        task = task.without([t for t in task.to_be_heard if t not in stayed])
        if not task.themes:
            return replace(_without_themes(task), existence=found.table, heard=heard)
        found = found.limited(task, options)
        task, number, more = raised_together(task, found.n_types, options)
        found = replace(found, n_types=number, reasons=(*found.reasons, *more))
        fits = _routes(task, found, options)
    chosen = fits[options.route]
    if options.route == "one_class_analysis" and chosen.model.n_types != found.n_types:
        chosen = one_class_analysis(task, found.n_types, options.n_init, options.prior)
    claimed = fits["one_class_analysis"].model.n_types
    sizes = {t: n for t, (n, _) in task.themes.items()}
    notes = (
        *identification_note(found.n_types, sizes.values(), options.max_types),
        *route_one_caution(found.n_types, claimed),
        *estimation_note(chosen),
    )
    assigned = pd.DataFrame(
        {r: f.probabilities.argmax(axis=1) + 1 for r, f in fits.items()}, index=task.frame.index
    )
    return Superclusters(
        task.sectors, chosen.model, found.table, route_frame(list(fits.values())),
        agreement(assigned), assigned, (*found.reasons, *notes), found.verdict, heard,
        sizes,
    )  # fmt: skip


def _routes(task: TypesTask, found: Existence, options: TypologyOptions) -> dict[str, RouteFit]:
    starts, prior = options.n_init, options.prior
    plain = [one_class_analysis(task, k, starts, prior) for k in range(1, options.max_types + 2)]
    measured = measure(task, starts, prior)
    return {
        "one_class_analysis": min(plain, key=lambda fit: fit.bic),
        "two_step": two_step(task, measured, found.n_types, starts, prior),
        "one_step": one_step(task, found.n_types, starts, prior_of_types(found.n_types, options)),
    }


def prior_of_types(n_types: int, options: TypologyOptions) -> float:
    """Pseudo-cases of the one-step types that are concluded upon; one type needs none."""
    return options.type_prior if n_types > 1 else options.prior


def route_frame(fits: Sequence[RouteFit]) -> pd.DataFrame:
    """One row a route."""
    rows = []
    for fit in fits:
        p, P = fit.probabilities, fit.model.n_types
        shares = p.mean(axis=0)
        entropy = -float((p * np.log(np.maximum(p, 1e-300))).sum())
        spread = -len(p) * float((shares * np.log(np.maximum(shares, 1e-300))).sum())
        rows.append((
            P, fit.log_likelihood, fit.n_parameters, fit.bic, float(shares.max()),
            float(shares.min()), 1.0 - entropy / spread if P > 1 and spread > 0 else 1.0,
            float(p.max(axis=1).mean()), float(fit.prior),
        ))  # fmt: skip
    index = pd.Index([fit.route for fit in fits], name="route")
    return pd.DataFrame(rows, index=index, columns=list(ROUTE_COLUMNS))


def agreement(assigned: pd.DataFrame) -> pd.DataFrame:
    """Compare columns of types by the adjusted Rand index (Hubert and Arabie 1985)."""
    names = list(assigned.columns)
    values = [[float(adjusted_rand_score(assigned[a], assigned[b])) for b in names] for a in names]
    return pd.DataFrame(values, index=pd.Index(names, name="route"), columns=names)


def _without_themes(task: TypesTask) -> Superclusters:
    model = TypesModel(task.sectors, type_names(task.names, 1), np.ones((len(task.sectors), 1)), ())
    reason = Label(
        "Eén type: geen enkel thema heeft klassen, dus er is niets dat samen kan hangen.",
        "One type: no theme has classes, so there is nothing that could be associated.",
    )
    table = pd.DataFrame(
        columns=["log_likelihood", "n_parameters", "bic", "statistic", "p_value", "n_boot"],
        index=pd.Index([], name="n_types", dtype="int64"), dtype=float,
    )  # fmt: skip
    assigned = pd.DataFrame({"one_step": 1}, index=task.frame.index)
    return Superclusters(
        task.sectors, model, table, pd.DataFrame(
            columns=list(ROUTE_COLUMNS), index=pd.Index([], name="route", dtype="str"), dtype=float
        ), agreement(assigned), assigned, (reason,),
    )  # fmt: skip
