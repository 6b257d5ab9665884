"""How many of all organisations are of each type, with an interval and where its width comes from.

Respondents count by their probabilities, organisations that did not answer by what a register
predicts of them. The error has four sources, told apart by the law of total variance:

- classification: a type is never seen, only its probability;
- non-response: the others may be different;
- parameters: the typology was estimated, with its structure known;
- model choice: the numbers of classes and types and the items were chosen on the same answers.

The last two come from data sets drawn from the typology, on which the whole analysis is run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Language, check_language
from swvtypes.lca.model import check_whole
from swvtypes.parallel import progress, run_as_finished

from .census_text import census_sentences
from .ledger import Ledger
from .material import Material
from .nonresponse import Predictor, check_register
from .pipeline import Work, type_sectors, type_themes
from .profiles import Floats, TypesModel, pick, posterior
from .refitting import bootstrap_weights, prior_of, refit, theme_statistics
from .replicas import drawn
from .specification import TypologyOptions

SOURCES = ("classification", "non_response", "parameters", "model_choice")
_DRAWS, _RESPONSE_DRAWS, _RERUN_STARTS = 40, 60, 10


@dataclass(frozen=True)
class CensusOptions:
    """How a census is made.

    Parameters
    ----------
    n_boot : int
        Data sets drawn from the typology on which everything is run again.
    level : float
        Of the intervals.
    seed : int
    n_jobs : int
        Worker processes; results do not depend on it.
    show_progress : bool
    """

    n_boot: int = 50
    level: float = 0.95
    seed: int = 0
    n_jobs: int = 1
    show_progress: bool = False

    def __post_init__(self) -> None:
        check_whole("n_boot", self.n_boot, 2)


@dataclass(frozen=True, eq=False)
class Census:
    """Result of :meth:`~swvtypes.typology.Typology.census`.

    Attributes
    ----------
    table : DataFrame
        Indexed by type: sector, name, population, respondents (of the sector), estimate, lower,
        upper: organisations of the type, out of the population.
    errors : DataFrame
        Indexed by type: standard deviations `total`, `classification`, `non_response`,
        `parameters` and `model_choice`; their squares add up to that of the total.
    reruns : DataFrame
        Indexed by sector: re-runs, and how many found as many types as the typology has. The
        intervals rest on those.
    predicted_from : str
        ``"register"`` or ``"shares"``: how organisations without answers were predicted.
    """

    table: pd.DataFrame
    errors: pd.DataFrame
    reruns: pd.DataFrame
    predicted_from: str

    def text(self, language: Language = "en") -> str:
        """Say in Dutch or English how many organisations are of each type."""
        checked = check_language(language)
        return " ".join(sentence.text(checked) for sentence in census_sentences(self))


@dataclass(frozen=True, eq=False)
class _Rerun:
    material: Material
    model: TypesModel
    options: TypologyOptions
    entropy: int

    def __call__(self) -> TypesModel:
        again = replace(self.material, frame=drawn(self.material, self.model, self.entropy))
        quick = replace(self.options, quick=True, n_init=_RERUN_STARTS)
        work = Work(Ledger())
        themes = type_themes(again, quick, self.entropy, work)
        (found,) = type_sectors(again, themes, quick, self.entropy, work).values()
        return found.model


def take_census(
    parts: Sequence[tuple[Material, TypesModel]],
    names: Mapping[str, str],
    asked: TypologyOptions,
    register: pd.DataFrame | None,
    options: CensusOptions,
) -> Census:
    """Count the organisations of each type.

    Parameters
    ----------
    parts : sequence of (Material, TypesModel)
        For each set of types the answers that it was fitted to, recoded, and the types.
    names : mapping of str to str
        A user's own names.
    asked : TypologyOptions
        What the typology was asked to be.
    register : DataFrame by organisation, optional
        All organisations that exist: column ``sector`` and numeric columns to predict from.
        Without it the others are taken to be like the respondents.
    options : CensusOptions
    """
    if register is not None:
        check_register(register)
    populations: dict[str, int] = {}
    for material, _ in parts:
        populations |= _populations(material, register)
    seeds = np.random.SeedSequence(options.seed).generate_state(options.n_boot).tolist()
    tasks = [_Rerun(m, model, asked, seed) for m, model in parts for seed in seeds]
    reruns: dict[int, TypesModel] = {}
    with progress(options.show_progress) as display:
        bar = display.add_task("census", total=len(tasks))
        for at, found in run_as_finished(_call, tasks, options.n_jobs):
            reruns[at] = found
            display.advance(bar)
    rows, errors, told = [], [], []
    prior = prior_of(asked)
    for m, (material, model) in enumerate(parts):
        mine = range(m * len(seeds), (m + 1) * len(seeds))
        for g, sector in enumerate(model.sectors):
            part = _Part(material, model, g, register, populations[sector], options, seeds, prior)
            count = part.counted([reruns[at] for at in mine])
            rows += count.rows(names)
            errors += count.errors
            told.append((sector, len(seeds), count.agreeing))
    return Census(
        pd.DataFrame(rows).set_index("type"),
        pd.DataFrame(errors, columns=["type", "total", *SOURCES]).set_index("type"),
        pd.DataFrame(told, columns=["sector", "reruns", "same_number"]).set_index("sector"),
        "shares" if register is None else "register",
    )


def _call(task: _Rerun) -> TypesModel:
    return task()


def _populations(material: Material, register: pd.DataFrame | None) -> dict[str, int]:
    faults, found = [], {}
    for sector in material.sectors:
        n = int((material.sector == sector).sum())
        known = material.population.get(sector, n)
        if register is not None:
            if "sector" not in register.columns and len(material.sectors) > 1:
                raise InputError("register", ["expected a column 'sector'"])
            mine = (
                register.index[register["sector"] == sector]
                if "sector" in register
                else register.index
            )
            absent = material.frame.index[material.sector == sector].difference(mine)
            if len(absent):
                faults.append(
                    f"{sector}: {len(absent)} respondents are not in it, first {absent[0]!r}"
                )
            known = len(mine)
        if known < n:
            faults.append(f"{sector}: {n} respondents of a population of {known}")
        found[sector] = known
    if faults:
        raise InputError("census", faults)
    return found


@dataclass(frozen=True, eq=False)
class _Count:
    sector: str
    model: TypesModel
    population: int
    respondents: int
    estimate: Floats
    lower: Floats
    upper: Floats
    errors: list[tuple[object, ...]]
    agreeing: int

    def rows(self, names: Mapping[str, str]) -> list[dict[str, object]]:
        return [
            {
                "type": name, "sector": self.sector, "name": names.get(name, ""),
                "population": self.population, "respondents": self.respondents,
                "estimate": float(self.estimate[k]), "lower": float(self.lower[k]),
                "upper": float(self.upper[k]),
            }
            for k, name in enumerate(self.model.types)
        ]  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Part:
    """One sector of a census."""

    material: Material
    model: TypesModel
    group: int
    register: pd.DataFrame | None
    population: int
    options: CensusOptions
    seeds: Sequence[int]
    prior: float

    def counted(self, others: Sequence[TypesModel]) -> _Count:
        """Count, with the re-runs of this sector."""
        sector = self.model.sectors[self.group]
        rows = self.material.rows([sector])
        n = len(rows)
        own = self._probabilities(self.model, rows)
        generator = np.random.default_rng(
            np.random.SeedSequence(self.options.seed, spawn_key=(1, self.group))
        )
        predictor = Predictor.made(self.register, sector, rows.index, self.population - n)
        q = predictor.predict(own)
        resampled = [
            predictor.predict(own, bootstrap_weights(n, 1, generator)[0])
            for _ in range(_RESPONSE_DRAWS)
        ]
        fixed = self._fixed(rows)
        again = [self._aligned(other, rows, own) for other in others]
        agreeing = [p for p in again if p is not None] or [own]
        draws = np.concatenate([self._draws(p, predictor, generator) for p in agreeing])
        tail = (1.0 - self.options.level) / 2.0
        low, high = np.quantile(draws, [tail, 1.0 - tail], axis=0, method="nearest")
        estimate = own.sum(axis=0) + q.sum(axis=0)
        sources = self._sources(own, q, resampled, fixed, agreeing, predictor)
        errors = [
            (name, float(np.sqrt(sources[:, k].sum())), *np.sqrt(sources[:, k]).tolist())
            for k, name in enumerate(self.model.types)
        ]
        kept = sum(p is not None for p in again)
        return _Count(
            sector, self.model, self.population, n, estimate, np.minimum(low, estimate),
            np.maximum(high, estimate), errors, kept,
        )  # fmt: skip

    def _sources(
        self,
        own: Floats,
        q: Floats,
        resampled: Sequence[Floats],
        fixed: Sequence[Floats],
        again: Sequence[Floats],
        predictor: Predictor,
    ) -> Floats:
        """Variances by source and type, shape (4, P)."""
        P = self.model.n_types
        classification = (own * (1.0 - own)).sum(axis=0)
        response = (q * (1.0 - q)).sum(axis=0)
        if len(q):
            response = response + np.var([r.sum(axis=0) for r in resampled], axis=0)
        spread = [np.zeros(P), np.zeros(P)]
        for at, found in enumerate((fixed, again)):
            if len(found) > 1:
                spread[at] = np.var(
                    [p.sum(axis=0) + predictor.predict(p).sum(axis=0) for p in found], axis=0
                )
        choice = np.maximum(spread[1] - spread[0], 0.0)
        return np.stack([classification, response, spread[0], choice])

    def _draws(self, p: Floats, predictor: Predictor, generator: np.random.Generator) -> Floats:
        """Numbers of organisations of each type that one re-run allows, shape (draws, P)."""
        n, P = p.shape
        out = np.zeros((_DRAWS, P))
        for d in range(_DRAWS):
            kinds = [pick(p, generator)]
            if predictor.n:
                q = predictor.predict(p, bootstrap_weights(n, 1, generator)[0])
                kinds.append(pick(q, generator))
            out[d] = np.bincount(np.concatenate(kinds), minlength=P)
        return out

    def _probabilities(self, model: TypesModel, rows: pd.DataFrame) -> Floats:
        answers = model.encode(_known(model, rows))
        given = model.log_given_type(answers, len(rows))
        return posterior(given, model.shares[self.group])[0]

    def _fixed(self, rows: pd.DataFrame) -> list[Floats]:
        """Probabilities under re-estimates with the structure held."""
        if self.model.n_types == 1:
            return []
        index = rows.index
        sets = [
            self.model.encode(_known(self.model, drawn(self.material, self.model, seed).loc[index]))
            for seed in self.seeds
        ]
        single = self.model.with_shares(self.model.shares[[self.group]])
        statistics = [
            np.stack([theme_statistics(theme, answers) for answers in sets])
            for theme in self.model.themes
        ]
        found = refit(single, statistics, np.ones((len(sets), len(rows))), prior=self.prior)
        own = self.model.encode(_known(self.model, rows))
        given = found.log_given_type([theme_statistics(t, own) for t in self.model.themes])
        return [posterior(given[b], found.shares[b])[0] for b in range(len(sets))]

    def _aligned(self, other: TypesModel, rows: pd.DataFrame, own: Floats) -> Floats | None:
        """Probabilities under a re-run, its types in the places of ours; None if not as many."""
        if other.n_types != self.model.n_types:
            return None
        from scipy.optimize import linear_sum_assignment

        p = self._probabilities(other, rows)
        return np.asarray(p[:, linear_sum_assignment(-own.T @ p)[1]])


def _known(model: TypesModel, rows: pd.DataFrame) -> pd.DataFrame:
    """Blank the categories that a re-run never met."""
    items = {i.name: i.indicator for t in model.themes for i in t.items if i.indicator.categorical}
    frame = rows[[c for c in model.items if c in rows.columns]].copy()
    for name, indicator in items.items():
        frame[name] = frame[name].where(frame[name].isin(list(indicator.categories)))
    return frame
