"""Are there superclusters? Association first, then types against one continuous dimension."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from swvtypes.lca.model import check_whole

from .dimension_tests import class_line_tests, item_line_tests
from .identification import identified_superclusters
from .likelihood_ratio import (
    SuperclusterTest,
    check_bound,
    named,
    run_test,
)
from .options import check_level
from .reading import Themes
from .replicates import Route
from .structure import Structure
from .trial import Trial, read_trial

# A difference in BIC below which neither model is preferred (Kass and Raftery 1995).
UNDECIDED = 2.0
SuperclusterVerdict = Literal["independent", "types", "continuum", "undecided", "neither"]


@dataclass(frozen=True, eq=False)
class SuperclusterDecision:
    """What the data say about superclusters.

    Attributes
    ----------
    verdict : {"independent", "types", "continuum", "undecided", "neither"}
        ``"independent"``: theme classes are not shown to be associated; no superclusters.
        ``"types"``: they are, one continuous dimension does not explain it, and superclusters do.
        ``"continuum"``: they are, superclusters do not explain it, and one dimension does.
        ``"undecided"``: they are, and both explain it, or the themes are too few to tell.
        ``"neither"``: they are, and neither explains it.
    n_superclusters : int
        Number that the association supports; describe with it, whatever the verdict. 1 where
        themes are independent.
    bound : int
        Largest number that themes of these sizes can tell apart.
    association : tuple of SuperclusterTest
        P against P + 1, until a test does not reject.
    dimension : tuple of SuperclusterTest
        One dimension over theme classes against superclusters, and the reverse; then the same for
        one dimension behind the items. Empty where independent.
    level : float
    """

    verdict: SuperclusterVerdict
    n_superclusters: int
    bound: int
    association: tuple[SuperclusterTest, ...]
    dimension: tuple[SuperclusterTest, ...]
    level: float

    @property
    def claims_types(self) -> bool:
        """Whether superclusters are claimed as types of organisations."""
        return self.verdict == "types"

    @property
    def associated(self) -> bool:
        """Whether theme classes are associated."""
        return self.verdict != "independent"

    @property
    def table(self) -> pd.DataFrame:
        """Tests in order: null, alternative, statistic, p_value, bic_difference, rejected.

        `rejected` is by bootstrap and BIC for association (which may be 2 worse for two
        superclusters against one), by bootstrap for the others.
        `bic_difference` is that of the null less that of the alternative, above 0 where BIC
        prefers the alternative.
        """
        rows = [
            (t.null, t.alternative, t.statistic, t.p_value, t.bic[0] - t.bic[1],
             t.rejects(self.level, allowance(p)) if t in self.association
             else t.p_value <= self.level + 1e-12)
            for p, t in enumerate((*self.association, *self.dimension), start=1)
        ]  # fmt: skip
        columns = ["null", "alternative", "statistic", "p_value", "bic_difference", "rejected"]
        return pd.DataFrame(rows, columns=columns)


def allowance(n_superclusters: int) -> float:
    """By how much BIC may be worse with one supercluster more than so many."""
    return UNDECIDED if n_superclusters == 1 else 0.0


def decide_superclusters(  # noqa: PLR0913
    X: Any,
    themes: Themes | None = None,
    n_theme_classes: int | Mapping[str, int] = 2,
    *,
    most: int = 4,
    level: float = 0.05,
    n_boot: int = 499,
    route: Route = "one_step",
    n_init: int = 10,
    indicators: Mapping[Hashable, str] | None = None,
    scores: Mapping[Hashable, Sequence[float]] | None = None,
    sample_weight: ArrayLike | None = None,
    survey_weight: ArrayLike | None = None,
    prior: float = 0.0,
    random_state: int | np.random.RandomState | None = None,
    stop_after: int | None = None,
    n_jobs: int | None = None,
) -> SuperclusterDecision:
    """Decide whether there are superclusters, and whether they are types or a continuum.

    The rule. Theme classes are associated when P = 1 is rejected in favour of P = 2 by the
    bootstrap at `level` and BIC is at most 2 worse: the bootstrap alone keeps the level, BIC is the
    second witness, and a difference of 2 says nothing either way (Kass and Raftery 1995). P rises
    further as long as both bootstrap and BIC prefer more, up to `most` and to what the rank of the
    Jacobian bears. Association alone does not make types: one continuous dimension
    cut at each theme associates theme classes just as well. Types are claimed only if the
    bootstrap rejects two such models in favour of superclusters: one normally distributed
    dimension on which the theme classes depend, and one (normal, uniform or skewed) on which the
    items depend without any classes; and if the bootstrap under superclusters does not reject
    these in favour of either. Whichever of the null models holds, types are thus claimed falsely
    in at most `level` of the data sets. BIC takes no part in the comparisons with a dimension,
    for the models are not nested. Continuous items cannot be laid on a line here; with them only
    the first of the two dimensions is tested.

    With two classes in each of four themes types and a dimension of classes differ by little: at
    the sizes of a wave ``"undecided"`` is the common and honest verdict.

    Parameters
    ----------
    X, themes, n_theme_classes, n_boot, route, n_init, indicators, scores, sample_weight,
    survey_weight, prior, random_state, stop_after, n_jobs
        See :func:`bootstrap_superclusters`.
    most : int
        Largest number of superclusters to look at.
    level : float
        Of every test.

    Returns
    -------
    SuperclusterDecision

    Raises
    ------
    OptionError, InputError, WeightError, SurveyWeightError
    """
    check_whole("most", most, 2)
    check_level(level)
    trial = read_trial(
        X, themes, n_theme_classes, n_boot=n_boot, route=route, n_init=n_init,
        indicators=indicators, scores=scores, sample_weight=sample_weight,
        survey_weight=survey_weight, prior=prior, random_state=random_state,
        stop_after=stop_after, n_jobs=n_jobs,
    )  # fmt: skip
    check_bound(trial.n_classes, 1)
    return decide(trial, int(most), float(level))


def decide(trial: Trial, most: int = 4, level: float = 0.05) -> SuperclusterDecision:
    """Apply the rule to data that were read."""
    bound = identified_superclusters(trial.n_classes, most)
    association: list[SuperclusterTest] = []
    P = 1
    while max(min(bound, most), 2) > P:
        null, alternative = (Structure(p, trial.n_classes) for p in (P, P + 1))
        test = run_test(trial, null, alternative, (named(P), named(P + 1)))
        association.append(test)
        if not test.rejects(level, allowance(P)):
            break
        P += 1
    found = tuple(association)
    if P == 1:
        return SuperclusterDecision("independent", 1, bound, found, (), level)
    if bound < 2:
        return SuperclusterDecision("undecided", 1, bound, found, (), level)
    lines = (class_line_tests(trial, P), item_line_tests(trial, P))
    kept = tuple(pair for pair in lines if pair)
    against_line = all(forward.p_value <= level + 1e-12 for forward, _ in kept)
    against_types = any(backward.p_value <= level + 1e-12 for _, backward in kept)
    verdict: SuperclusterVerdict = "undecided"
    if against_line and against_types:
        verdict = "neither"
    elif against_line:
        verdict = "types"
    elif against_types:
        verdict = "continuum"
    tests = tuple(test for pair in kept for test in pair)
    return SuperclusterDecision(verdict, P, bound, found, tests, level)
