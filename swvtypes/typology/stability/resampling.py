"""Stability under resampling: which types come back when organisations are drawn anew."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.errors import InputError, OptionError, SurveyWeightError
from swvtypes.language import Language
from swvtypes.lca import LatentClassModel
from swvtypes.lca.bootstrap_likelihood_ratio import refuse_survey_weight, warn_few_starts
from swvtypes.lca.design import Floats, Integers
from swvtypes.lca.em import Settings
from swvtypes.lca.enumeration import FIT_WARNINGS
from swvtypes.lca.fit import posterior
from swvtypes.lca.model import check_whole
from swvtypes.lca.options import ModelOptions, seed_of
from swvtypes.lca.replicates import BLOCK, Rule, Work, one_row_a_case, run_blocks

from .overlap import Booleans, best_jaccard, expected_jaccard, match, overlaps, shuffled
from .resample_fits import Resampling, child, resample_block

DISSOLVED, DOUBTFUL, VALID, HIGHLY = 0.5, 0.6, 0.75, 0.85
_SETTINGS = Settings(2000, 1e-7)


@dataclass(frozen=True)
class Stability:
    """Result of :func:`bootstrap_stability`.

    Attributes
    ----------
    classes : DataFrame
        Indexed by class: ``size`` and ``share`` (modal assignment); ``jaccard``, the mean over
        the resamples of the coefficient with the class most like it, among the organisations
        drawn (Hennig 2007), ``lower`` and ``upper`` (the middle 95% of the resamples);
        ``chance``, the mean, and ``chance_upper``, the 95th percentile, of the same coefficient
        when the classes of the resample are dealt out at random; ``expected``, the expected
        coefficient of one random set of the class's size; ``corrected``, (jaccard - chance) /
        (1 - chance); ``dissolved`` and ``recovered``, shares of resamples at or below .5 and at
        or above .75; ``verdict``: "no better than chance" (jaccard not above `chance_upper`),
        "dissolved" (below .6), "doubtful" (below .75), "stable" or "highly stable" (.85 and up).
    organisations : DataFrame
        A row an organisation: ``type``, ``same`` (share of resamples in which it is of the class
        paired with its type), ``runner_up`` and ``runner_up_share``. NaN without any answer.
    n_classes, n_boot, n_init : int
        Classes, resamples, starts of each.
    n : int
        Cases.
    jaccard, chance : ndarray, shape (n_boot, K)
        Coefficients of each resample, as they are and with the classes dealt out at random.
    found_once : float
        Share of resamples whose best solution one start only came to.
    seed : int
        Gives the same result again.
    """

    classes: pd.DataFrame
    organisations: pd.DataFrame
    n_classes: int
    n_boot: int
    n_init: int
    n: int
    jaccard: Floats
    chance: Floats
    found_once: float
    seed: int

    def text(self, language: Language = "nl") -> str:
        """Say which types come back and how many organisations keep theirs."""
        from .stability_text import stability_lines

        return "\n".join(stability_lines(self, language))

    def _repr_html_(self) -> str:
        from swvtypes.lca.tables_html import frame_html

        return frame_html(f"Stability under {self.n_boot} resamples", self.classes, self.text("en"))


def bootstrap_stability(  # noqa: PLR0913
    X: Any,
    n_boot: int = 500,
    *,
    n_classes: int | None = None,
    n_init: int = 10,
    index: Any = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
    random_state: int | np.random.RandomState | None = None,
    n_jobs: int | None = None,
    show_progress: bool = False,
    **options: Unpack[ModelOptions],
) -> Stability:
    """Resample the organisations, fit each resample anew, and see which types come back.

    Parameters
    ----------
    X : LatentClassModel, or DataFrame or array-like, shape (n, J)
        A fitted model, or answers as :class:`swvtypes.lca.LatentClassModel` takes them; NaN where
        missing, and no row is dropped. Answers are fitted with `n_classes` classes from 100
        starts first.
    n_boot : int
        Resamples; more of them keep the earlier ones.
    n_classes : int, optional
        Classes, at least 2; needed with answers, not with a model.
    n_init : int
        Random starts of each resample: the solution for the data is not among them.
    index : array-like, optional
        Names of the organisations when a model is given; the rows that counted in its fit.
    sample_weight : array-like, shape (n,), optional
        Frequencies, whole numbers; weight 2 is the row twice, weight 0 the row left out.
    survey_weight : optional
        Not accepted: a resample draws organisations with equal chances.
    random_state : int, RandomState instance or None
        Seed; the answer does not depend on the number of workers.
    n_jobs : int, optional
        Worker processes for large jobs; all cores when left out.
    show_progress : bool
        Whether to draw a progress bar on standard error.
    **options
        Other options of :class:`swvtypes.lca.LatentClassModel`, with answers only.

    Returns
    -------
    Stability

    Raises
    ------
    OptionError, InputError, WeightError
        For options out of range, fewer than two classes, frequencies that are no whole numbers.
    SurveyWeightError
        For survey weights, given here or to the model.

    Warns
    -----
    FewStartsWarning
        When `n_init` is below 10.

    References
    ----------
    Hennig (2007), Computational Statistics & Data Analysis 52.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.typology import bootstrap_stability
    >>> rng = np.random.default_rng(1)
    >>> types = rng.integers(2, size=100)
    >>> X = (rng.random((100, 5)) < np.where(types, 0.9, 0.1)[:, None]).astype(int)
    >>> bootstrap_stability(X, n_boot=40, n_classes=2, random_state=1).classes["verdict"].tolist()
    ['highly stable', 'highly stable']
    """
    check_whole("n_boot", n_boot, 1)
    refuse_survey_weight("stability", survey_weight)
    warn_few_starts(n_init)
    seed = seed_of(random_state)
    if isinstance(X, LatentClassModel):
        if n_classes is not None or sample_weight is not None or options:
            given = {"n_classes": n_classes, "sample_weight": sample_weight, **options}
            names = ", ".join(name for name, value in given.items() if value is not None)
            raise OptionError("X", f"answers, not a fitted model, along with {names}", "a model")
        model = _checked_model(X)
    else:
        model = _fit(X, n_classes, seed, sample_weight, options)
        index = _counted_index(X, sample_weight) if index is None else index
    work = Work(n_jobs, show_progress, "stability")
    return _stability(model, int(n_boot), int(n_init), _names(model, index), (seed, work))


def _checked_model(model: LatentClassModel) -> LatentClassModel:
    check_whole("n_classes", model.n_classes, 2)
    if np.isnan(model.criteria_["bic"]):
        raise SurveyWeightError(
            "model", ["stability draws organisations with equal chances; the model was fitted "
                      "under survey weights"]
        )  # fmt: skip
    return model


def _fit(
    X: Any, n_classes: int | None, seed: int, weight: ArrayLike | None, options: ModelOptions
) -> LatentClassModel:
    check_whole("n_classes", n_classes, 2)
    with warnings.catch_warnings():
        for kind in FIT_WARNINGS:
            warnings.simplefilter("ignore", kind)
        model = LatentClassModel(
            n_classes=int(n_classes or 0), n_init=100, random_state=seed, **options
        )
        return model.fit(X, sample_weight=weight)


def _counted_index(X: Any, sample_weight: ArrayLike | None) -> Any:
    if not isinstance(X, pd.DataFrame):
        return None
    return X.index if sample_weight is None else X.index[np.asarray(sample_weight, float) > 0]


def _names(model: LatentClassModel, index: Any) -> pd.Index[Any]:
    n_rows = len(model.design_.inverse)
    names = pd.RangeIndex(n_rows) if index is None else pd.Index(index)
    if len(names) != n_rows:
        raise InputError(
            "index", [f"expected {n_rows} names, one a row that counted in the fit, "
                      f"got {len(names)}"]
        )  # fmt: skip
    return names


def _stability(
    model: LatentClassModel, n_boot: int, n_init: int, names: pd.Index[Any], how: tuple[int, Work]
) -> Stability:
    seed, work = how
    design, fit, K = model.design_, model.fit_, int(model.n_classes)
    pattern = _pattern_of_cases(model)
    rule = Rule(n_init, _SETTINGS, fit.problem.prior, fit.problem.variances)
    job = Resampling(design, pattern, K, rule, seed)
    cells = float(n_boot) * n_init * design.X.size * K
    blocks = list(run_blocks(partial(resample_block, job), -(-n_boot // BLOCK), cells, work))
    labels, drawn, times = (np.concatenate(part)[:n_boot] for part in zip(*blocks, strict=True))
    original = posterior(design, fit.parameters)[0].argmax(axis=1)
    by_case = labels[:, pattern]
    first = original[pattern]
    # Every class has a row, also one without members.
    jaccard = best_jaccard(_padded(overlaps(first, by_case, drawn, K), K))
    seeds = [child(seed, r, 1) for r in range(n_boot)]
    dealt = shuffled(by_case, drawn, seeds)
    chance = best_jaccard(_padded(overlaps(first, dealt, drawn, K), K))
    pairs = match(_padded(overlaps(first, by_case, np.ones_like(drawn), K), K))
    return Stability(
        _class_table(first, jaccard, chance, K),
        _organisations(original, labels, pairs, design.inverse, names, design.weight > 0),
        K, n_boot, n_init, len(pattern), jaccard, chance, float((times == 1).mean()), seed,
    )  # fmt: skip


def _pattern_of_cases(model: LatentClassModel) -> Integers:
    """Pattern of each case, in canonical order; checks that frequencies are whole numbers."""
    one_row_a_case(model.design_)
    weight = np.rint(model.design_.weight).astype(np.intp)
    return np.repeat(np.arange(len(weight)), weight)


def _padded(overlap: Floats, K: int) -> Floats:
    missing = K - overlap.shape[1]
    return np.pad(overlap, ((0, 0), (0, missing), (0, 0))) if missing else overlap


def _class_table(first: Integers, jaccard: Floats, chance: Floats, K: int) -> pd.DataFrame:
    rows = []
    n = len(first)
    for k in range(K):
        size = int((first == k).sum())
        found, random = jaccard[:, k], chance[:, k]
        found, random = found[~np.isnan(found)], random[~np.isnan(random)]
        if not len(found):
            rows.append({"size": size, "share": size / n, "verdict": "no members"})
            continue
        mean, base = float(found.mean()), float(random.mean())
        upper = float(np.quantile(random, 0.95))
        rows.append(
            {
                "size": size, "share": size / n, "jaccard": mean,
                "lower": float(np.quantile(found, 0.025)),
                "upper": float(np.quantile(found, 0.975)), "chance": base, "chance_upper": upper,
                "expected": expected_jaccard(n, size, size),
                "corrected": (mean - base) / (1.0 - base) if base < 1.0 else float("nan"),
                "dissolved": float((found <= DISSOLVED).mean()),
                "recovered": float((found >= VALID).mean()), "verdict": _verdict(mean, upper),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, index=pd.RangeIndex(1, K + 1, name="class"))


def _verdict(jaccard: float, chance_upper: float) -> str:
    if jaccard <= chance_upper:
        return "no better than chance"
    for limit, name in ((DOUBTFUL, "dissolved"), (VALID, "doubtful"), (HIGHLY, "stable")):
        if jaccard < limit:
            return name
    return "highly stable"


def _organisations(
    original: Integers,
    labels: Integers,
    pairs: Integers,
    inverse: Integers,
    names: pd.Index[Any],
    counts: Booleans,
) -> pd.DataFrame:
    """Shares of resamples by type, classes of resamples renamed after the types they pair with."""
    R, K = pairs.shape
    renamed = np.empty((R, K), dtype=np.intp)
    np.put_along_axis(renamed, pairs, np.broadcast_to(np.arange(K), (R, K)), axis=1)
    types = np.take_along_axis(renamed, labels, axis=1)
    shares = np.stack([(types == k).mean(axis=0) for k in range(K)], axis=1)
    rows = np.arange(len(original))
    others = shares.copy()
    others[rows, original] = -1.0
    runner = others.argmax(axis=1)
    table = pd.DataFrame(
        {
            "type": pd.array(original + 1, dtype="Int64"), "same": shares[rows, original],
            "runner_up": pd.array(runner + 1, dtype="Int64"),
            "runner_up_share": shares[rows, runner],
        }
    )  # fmt: skip
    table[~counts] = pd.NA
    return table.iloc[inverse].set_index(names)
