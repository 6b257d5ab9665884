"""The rival typology: school, expertise and pupil model, read off budget shares by a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.language import Label, Language
from swvtypes.survey import Wave
from swvtypes.survey.response import population_interval

from .asking import answer, ask
from .findings import Floats, Integers
from .options import ValidationOptions
from .outcomes import Outcome, as_numbers
from .reading import By
from .result import Validation

MIXED = "mixed"
_NAMES = {
    "school": Label("schoolmodel", "school model"),
    "expertise": Label("expertisemodel", "expertise model"),
    "pupil": Label("leerlingmodel", "pupil model"),
    MIXED: Label("mengvorm", "mixed model"),
}
_WHAT = Label("verdeelmodel", "allocation model")


def _models() -> dict[str, tuple[str, ...]]:
    return {
        "school": ("budget_decentral",),
        "expertise": ("budget_special", "budget_services"),
        "pupil": ("budget_pupil",),
    }


@dataclass(frozen=True)
class AllocationRule:
    """When an organisation follows one allocation model.

    An organisation follows a model when the posts of that model take at least `threshold` of the
    means, those of `outside` not counted; else its model is mixed. The default reads: means go by
    formula to boards and schools (school model), to special places and services of the
    partnership (expertise model), or to individual pupils (pupil model), and two thirds or more
    of what reaches pupils goes one way. The threshold is a choice, not fitted to anything:
    see :attr:`AllocationModels.sensitivity`.

    Attributes
    ----------
    models : mapping of model to posts
    outside : tuple of str
        Posts that count for no model and not in the base.
    threshold : float
        Above 0.5 (so that one model wins), at most 1.
    """

    models: Mapping[str, tuple[str, ...]] = field(default_factory=_models)
    outside: tuple[str, ...] = ("budget_management",)
    threshold: float = 2 / 3

    def __post_init__(self) -> None:
        faults = []
        posts = [post for members in self.models.values() for post in members]
        if not self.models or any(not members for members in self.models.values()):
            faults.append("models: expected at least one, each with a post")
        if MIXED in self.models:
            faults.append(f"models: {MIXED!r} is what remains and takes no posts")
        twice = sorted({post for post in [*posts, *self.outside] if posts.count(post) > 1})
        twice += sorted(set(posts) & set(self.outside))
        faults += [f"models: the post {post!r} stands in it twice" for post in twice]
        if not 0.5 < self.threshold <= 1:
            faults.append(f"threshold: expected above 0.5, at most 1, got {self.threshold!r}")
        if faults:
            raise InputError("AllocationRule", faults)


@dataclass(frozen=True, eq=False)
class AllocationModels:
    """Allocation models by organisation.

    Attributes
    ----------
    models : Series of category by organisation
        In the order of the rule, then ``"mixed"``; missing where a post is.
    shares : DataFrame
        scope (``"pooled"`` or a sector), model, count, n, share, lower, upper: exact intervals for
        the share in the population (hypergeometric; over sectors the population of all that the
        wave has organisations of).
    sensitivity : DataFrame, indexed by threshold
        Share of each model, pooled, under other thresholds.
    rule : AllocationRule
    level : float
    """

    models: pd.Series
    shares: pd.DataFrame
    sensitivity: pd.DataFrame
    rule: AllocationRule
    level: float

    def against_shares(
        self, expected: Mapping[str, float], *, times: int = 9999, seed: int | None = 0
    ) -> pd.DataFrame:
        """Hold the shares against those of another study.

        Parameters
        ----------
        expected : mapping of model to share
            As fractions; what is left to one is ``"mixed"`` when that is not given.
        times, seed : int
            Draws from the expected shares (exact multinomial test by simulation).

        Returns
        -------
        DataFrame by model
            share, expected, difference, p_value (exact binomial, two-sided); the attribute
            ``attrs["p_value"]`` is that of all at once (chi-square distance).

        Raises
        ------
        InputError
            For shares that are no distribution over the models; when no organisation has a model.

        Notes
        -----
        The expected shares are taken as known. Budget shares and a director's own word for the
        model are different measures: a difference is no error of either.
        """
        target = _expected(expected, list(self.models.cat.categories))
        counts = self.models.value_counts(sort=False)
        n = int(counts.sum())
        if not n:
            raise InputError("against_shares", ["expected organisations with a model, found none"])
        rows = {}
        for model, chance in target.items():
            found = int(counts[model])
            p = float(stats.binomtest(found, n, chance).pvalue)
            rows[model] = (found / n, chance, found / n - chance, p)
        names = ["share", "expected", "difference", "p_value"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("model")
        chances = np.array(list(target.values()))
        draws = np.random.default_rng(seed).multinomial(n, chances, size=times)
        mine = np.array([[float(counts[model]) for model in target]])
        found_at = _distance(mine, chances, n)
        more = int(
            (_distance(draws.astype(np.float64), chances, n) >= found_at[0] * (1 - 1e-12)).sum()
        )
        table.attrs["p_value"] = (more + 1) / (times + 1)
        return table

    def text(self, language: Language = "nl") -> str:
        """Say how many follow which model, pooled."""
        rows = self.shares[self.shares["scope"] == "pooled"]
        parts = []
        for model, share in zip(rows["model"], rows["share"], strict=True):
            label = _NAMES.get(str(model), Label(str(model), str(model))).text(language)
            parts.append(f"{label} {100 * share:.0f}%")
        if not parts:
            parts = [
                Label("geen organisatie heeft er een", "no organisation has one").text(language)
            ]
        tail = {
            "nl": f"drempel {self.rule.threshold:.2f}".replace(".", ","),
            "en": f"threshold {self.rule.threshold:.2f}",
        }[language]
        return f"{_WHAT.text(language)}: {', '.join(parts)} ({tail})"


def allocation_models(
    wave: Wave, rule: AllocationRule | None = None, level: float = 0.95
) -> AllocationModels:
    """Read the allocation model of each organisation off its budget shares.

    Parameters
    ----------
    wave : Wave
    rule : AllocationRule, optional
    level : float
        Confidence of the intervals.

    Raises
    ------
    InputError
        Lists posts that the wave lacks.

    Notes
    -----
    Organisations with a blank post, or nothing but posts outside the base, have no model. Survey
    weights do not enter.
    """
    rule = rule or AllocationRule()
    parts = _shares_of(wave, rule)
    names = [*rule.models, MIXED]
    codes = _classified(parts, rule.threshold)
    models = pd.Series(
        pd.Categorical.from_codes(codes, categories=pd.Index(names)),
        index=wave.frame.index,
        name="model",
    )
    sensitivity = pd.DataFrame(
        {
            threshold: _tallied(_classified(parts, threshold), len(names))
            for threshold in sorted({0.55, 0.6, 0.65, 0.7, 0.75, 0.8, rule.threshold})
        },
        index=names,
    ).T.rename_axis("threshold")
    return AllocationModels(models, _counted(wave, models, level), sensitivity, rule, level)


def against_allocation(
    wave: Wave,
    by: By,
    options: ValidationOptions | None = None,
    *,
    rule: AllocationRule | None = None,
    weights: pd.Series[float] | None = None,
) -> Validation:
    """Hold the rival typology against a continuum, groups or types.

    Parameters
    ----------
    wave : Wave
    by : str, Series or Membership
        As in :func:`against_budget`.
    options : ValidationOptions, optional
    rule : AllocationRule, optional
    weights : Series of float by organisation, optional
        Survey weights; those of the wave when left out.

    Returns
    -------
    Validation
        ``"allocation_model"``: all models at once (against a continuum the means of the continuum
        by model); ``"allocation_<model>"``: each model against the others.

    Raises
    ------
    InputError
        Lists what cannot be used.
    """
    question = ask(wave, by, options, weights)
    rule = rule or AllocationRule()
    found = allocation_models(wave, rule).models
    codes = np.where(found.cat.codes < 0, np.nan, found.cat.codes.to_numpy(dtype=float))
    names = tuple(map(str, found.cat.categories))
    posts = frozenset(post for members in rule.models.values() for post in members)
    whole = Outcome("allocation_model", _WHAT, "category", codes[:, None], "", names, posts)
    each = []
    for at, name in enumerate(names):
        values = np.where(np.isnan(codes), np.nan, (codes == at).astype(float))
        label = _NAMES.get(name, Label(name, name))
        part = replace(whole, name=f"allocation_{name}", label=label, kind="binary", categories=())
        each.append(replace(part, numbers=values[:, None]))
    return answer(question, _WHAT, [whole, *each])


def _shares_of(wave: Wave, rule: AllocationRule) -> Floats:
    """Share of the base that each model's posts take, shape (n, n_models); NaN where unknown."""
    posts = [post for members in rule.models.values() for post in members]
    missing = [post for post in [*posts, *rule.outside] if post not in wave.variables]
    if missing:
        raise InputError(
            "AllocationRule", [f"the wave {wave.name!r} has no post {post!r}" for post in missing]
        )
    sums = np.column_stack(
        [
            np.sum([as_numbers(wave.column(post)) for post in members], axis=0)
            for members in rule.models.values()
        ]
    )
    base = sums.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(sums, base, out=np.full(sums.shape, np.nan), where=base > 0))


def _classified(parts: Floats, threshold: float) -> Integers:
    best = np.nan_to_num(parts, nan=-1.0).argmax(axis=1)
    top = np.nan_to_num(parts, nan=-1.0).max(axis=1)
    codes = np.where(top >= threshold - 1e-12, best, parts.shape[1])
    codes = np.where(np.isnan(parts).any(axis=1), -1, codes)
    return np.asarray(codes, dtype=np.int64)


def _tallied(codes: Integers, n_models: int) -> Floats:
    known = codes[codes >= 0]
    return np.asarray(np.bincount(known, minlength=n_models) / max(len(known), 1))


def _counted(wave: Wave, models: pd.Series, level: float) -> pd.DataFrame:
    sector = wave.frame["sector"]
    sizes = {s: size for s, size in wave.population.items() if (sector == s).any()}
    scopes = {"pooled": (models, sum(sizes.values()))}
    if len(sizes) > 1:
        scopes |= {s: (models[sector == s], size) for s, size in sizes.items()}
    rows = []
    for scope, (part, size) in scopes.items():
        counts = part.value_counts(sort=False)
        n = int(counts.sum())
        for model, count in counts.items():
            if not n:
                continue
            low, high = population_interval(int(count), n, size, level)
            rows.append((scope, str(model), int(count), n, count / n, low / size, high / size))
    return pd.DataFrame(rows, columns=["scope", "model", "count", "n", "share", "lower", "upper"])


def _expected(expected: Mapping[str, float], models: list[str]) -> dict[str, float]:
    target = dict(expected)
    if MIXED not in target:
        target[MIXED] = 1 - sum(target.values())
    faults = [f"{name!r} is no model" for name in target if name not in models]
    faults += [f"{name!r}: expected a share" for name in models if name not in target]
    faults += [
        f"{name!r}: expected a share from 0 to 1, got {value:g}"
        for name, value in target.items()
        if not -1e-12 <= value <= 1
    ]
    total = sum(target.values())
    if abs(total - 1) > 1e-9:
        faults.append(f"expected shares that add up to 1, got {total:g}")
    if faults:
        raise InputError("expected", faults)
    return {name: max(target[name], 0.0) for name in models}


def _distance(counts: Floats, chances: Floats, n: int) -> Floats:
    expected = n * np.maximum(chances, 1e-12)
    return np.asarray(((counts - expected) ** 2 / expected).sum(axis=1))
