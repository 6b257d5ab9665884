"""Bootstrap standard errors and intervals with classes aligned."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from .design import Design, Floats, redesign
from .em import Mapper, Problem, stack
from .families import Parameters
from .fit import Fit
from .inference_alignment import align_classes
from .inference_intervals import Estimates, Key, ProfileEstimates, Scale, interval
from .inference_replicates import (
    Effort,
    bootstrap_effort,
    chunks,
    fit_all,
    natural_to_parameters,
    one_row_a_case,
    refuse_survey_fit,
    reweighted,
)
from .simulate import simulate_like

BootstrapKind = Literal["parametric", "nonparametric"]
BootstrapInterval = Literal["percentile", "normal"]


@dataclass(frozen=True)
class BootstrapInference:
    """Fits to bootstrap replicates, their classes in the order of the model's.

    Attributes
    ----------
    kind : {"parametric", "nonparametric"}
        Drawn from the model, or from the rows.
    original : Parameters
        The model.
    replicates : tuple of Parameters
        One a replicate.
    log_likelihood : ndarray, shape (B,)
        Of the replicates.
    level : float
        Coverage of intervals.
    interval : {"percentile", "normal"}
        Percentiles of the replicates, or the estimate and the bootstrap standard error on the
        scale without limits.
    """

    kind: BootstrapKind
    original: Parameters
    replicates: tuple[Parameters, ...]
    log_likelihood: Floats
    level: float = 0.95
    interval: BootstrapInterval = "percentile"

    @cached_property
    def estimates(self) -> ProfileEstimates:
        """Standard errors and intervals of every estimate."""
        units: dict[Key, Estimates] = {}
        effects: dict[Key, Estimates] = {}
        for i, table in enumerate(self.original.tables):
            draws = np.stack([p.tables[i].values for p in self.replicates])
            key = (table.items, table.group)
            if table.kind == "continuous":
                mean = self._summary(table.values[:, 0], draws[..., 0], "identity")
                spread = self._summary(table.values[:, 1], draws[..., 1], "log")
                names = vars(mean)
                units[key] = Estimates(
                    *(np.stack([getattr(mean, n), getattr(spread, n)], axis=1) for n in names)
                )
                continue
            scale: Scale = "log" if table.kind == "count" else "logit"
            units[key] = self._summary(table.values, draws, scale)
        shares = np.exp(np.stack([p.log_shares for p in self.replicates]))
        return ProfileEstimates(
            units, effects, self._summary(np.exp(self.original.log_shares), shares, "logit")
        )

    def _summary(self, value: Floats, draws: Floats, scale: Scale) -> Estimates:
        se = draws.std(axis=0, ddof=1)
        if self.interval == "normal":
            return interval(value, se, scale, self.level)
        tail = (1.0 - self.level) / 2.0
        low, high = np.quantile(draws, [tail, 1.0 - tail], axis=0)
        return Estimates(value, se, low, high)


def bootstrap_estimates(
    fit: Fit,
    design: Design,
    kind: BootstrapKind = "nonparametric",
    effort: Effort | None = None,
    rows: tuple[Floats, Floats] | None = None,
    mapper: Mapper = map,
) -> BootstrapInference:
    """Refit a model to bootstrap replicates of its data.

    Parameters
    ----------
    fit : Fit
        The model.
    design : Design
        Its data.
    kind : {"nonparametric", "parametric"}
        Rows drawn with replacement (Efron 1979), or answers drawn from the model with the missing
        cells and groups of the data.
    effort : Effort, optional
        Replicates and starts; each replicate also starts from the model itself.
    rows : pair of ndarray, shape (n_rows,), optional
        Frequency and survey weight of each row, for the rows to be drawn with their survey
        weights. Frequencies of patterns when left out.
    mapper : callable
        ``map``, or that of a pool of threads. Results do not depend on it.

    Returns
    -------
    BootstrapInference
        Classes aligned with those of the model (:func:`align_classes`).

    Raises
    ------
    InputError
        When a parametric bootstrap is asked of weights that are not whole numbers.
    """
    effort = effort or Effort()
    problem = fit.problem
    if kind == "parametric":
        design = one_row_a_case(design)
    log_likelihood, models = [], []
    for portion in chunks(effort.n_boot, design.X.size if kind == "parametric" else len(design.X)):
        many = _replicates(fit, design, kind, effort, portion, rows)
        ll, A = fit_all(
            many, fit.parameters.n_classes, (fit.parameters,), portion.start, effort, mapper
        )
        log_likelihood.append(ll)
        models += natural_to_parameters(problem, A)
    aligned = tuple(m.reorder(align_classes(fit.parameters, m)) for m in models)
    return BootstrapInference(kind, fit.parameters, aligned, np.concatenate(log_likelihood))


def _replicates(
    fit: Fit,
    design: Design,
    kind: BootstrapKind,
    effort: Effort,
    portion: range,
    rows: tuple[Floats, Floats] | None,
) -> Problem:
    if kind == "parametric":
        answers = [
            redesign(design, simulate_like(design, fit.parameters, effort.generator(r)))
            for r in portion
        ]
        return stack(answers, fit.problem.prior, fit.problem.variances)
    weight = np.stack([_resampled(design, effort.generator(r), rows) for r in portion])
    return reweighted(fit.problem, weight, design.base)


def _resampled(
    design: Design, generator: np.random.Generator, rows: tuple[Floats, Floats] | None
) -> Floats:
    """Weights of the patterns after drawing as many cases as there are, with replacement."""
    frequency = design.weight if rows is None else np.where(
        design.weight[design.inverse] > 0, rows[0], 0.0
    )  # fmt: skip
    n = round(float(frequency.sum()))
    drawn = generator.multinomial(n, frequency / frequency.sum()).astype(float)
    if rows is None:
        return np.asarray(drawn)
    return np.asarray(
        np.bincount(design.inverse, drawn * rows[1], minlength=len(design.weight)), dtype=float
    )


def bootstrap_model(
    model: Any,
    kind: BootstrapKind = "nonparametric",
    n_boot: int = 499,
    n_starts: int = 5,
    random_state: int | np.random.RandomState | None = 0,
    n_jobs: int | None = None,
) -> BootstrapInference:
    """Bootstrap a fitted :class:`~swvtypes.lca.LatentClassModel`.

    Parameters
    ----------
    model : LatentClassModel
        A fitted model.
    kind : {"nonparametric", "parametric"}
        See :func:`bootstrap_estimates`. Under survey weights only nonparametric, rows drawn with
        their weights.
    n_boot : int
        Replicates.
    n_starts : int
        Random starts a replicate, besides the model itself.
    random_state : int, RandomState instance or None
        Seed.
    n_jobs : int, optional
        Threads; results do not depend on it.

    Returns
    -------
    BootstrapInference
        For :func:`~swvtypes.lca.profile_table` and :func:`~swvtypes.lca.share_table`.

    Raises
    ------
    SurveyWeightError
        When a parametric bootstrap is asked under survey weights.
    InputError
        When one is asked of frequencies that are not whole numbers.
    OptionError
        For an option outside its range.

    Examples
    --------
    >>> import numpy as np
    >>> from swvtypes.lca import LatentClassModel, bootstrap_model, profile_table
    >>> rng = np.random.default_rng(1)
    >>> classes = rng.integers(2, size=300)
    >>> X = (rng.random((300, 5)) < np.where(classes, 0.9, 0.2)[:, None]).astype(int)
    >>> model = LatentClassModel(2, n_init=10, random_state=1).fit(X)
    >>> boot = bootstrap_model(model, n_boot=50, n_starts=0, random_state=1)
    >>> table = profile_table(model, boot)
    >>> bool((table["se"] / model.profiles_["se"]).between(0.5, 2.0).all())
    True
    """
    from typing import get_args

    from swvtypes.errors import OptionError

    from .model import check_whole
    from .threads import workers

    if kind not in get_args(BootstrapKind):
        raise OptionError("kind", "'parametric' or 'nonparametric'", kind)
    check_whole("n_boot", n_boot, 2)
    effort = bootstrap_effort(n_boot, n_starts, random_state)
    rows = model.row_weights_
    if kind == "parametric":
        refuse_survey_fit("a parametric bootstrap", model)
    with workers(n_jobs) as mapper:
        return bootstrap_estimates(model.fit_, model.design_, kind, effort, rows, mapper)
