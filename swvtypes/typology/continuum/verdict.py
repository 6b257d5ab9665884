"""The verdict: what the three models came to, and what the bootstrap lets one say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from swvtypes.language import Language

Outcome = Literal["independent", "continuum", "types", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """Result of :func:`types_or_continuum`.

    Attributes
    ----------
    verdict : {"independent", "continuum", "types", "undecided"}
        What may be said. Independence that is not rejected at `level` ends the matter. Otherwise
        the one of continuum and types that is not rejected while the other is; where neither or
        both are rejected, undecided.
    fits : DataFrame
        A row a model: ``model`` (independence, line, continuum, types), ``form`` (shape of the
        trait, or how nodes are placed), ``n_classes`` (nodes of a line), ``log_likelihood``,
        ``n_parameters``, ``aic``, ``bic``, ``times_found``, ``n_init``, ``compared`` (whether the
        replicates were drawn from it). Over themes the log-likelihood is that of the two-step
        model, measurement held fixed, and parameters are those of the second step.
    tests : DataFrame
        Indexed by the hypothesis tested (independence, continuum, types): ``statistic``,
        ``p_value``, ``standard_error``, ``lower``, ``upper`` (95% interval of the p-value that
        infinitely many replicates would give), ``n_boot``, ``n_exceeding``, ``rejected``.
    scope : {"items", "themes"}
        Whether items were compared, or the classes of themes.
    n : float
        Cases with an answer.
    n_units : int
        Items or themes with more than one value or class.
    n_types : int
        Free classes of the best number above one by BIC.
    shape : {"normal", "uniform", "skewed"}
        Shape of the best-fitting trait.
    level : float
        At which hypotheses are rejected.
    two_alike : bool
        Whether `n_types` is two. Two classes are two points of a line: only the form of the
        trait then sets types apart from a continuum.
    seed : int
        Gives the same verdict again.
    """

    verdict: Outcome
    fits: pd.DataFrame
    tests: pd.DataFrame
    scope: Literal["items", "themes"]
    n: float
    n_units: int
    n_types: int
    shape: str
    level: float
    seed: int

    @property
    def two_alike(self) -> bool:
        """Whether the best number of types is two, which are two points of a line."""
        return self.n_types == 2

    @property
    def p_values(self) -> dict[str, float]:
        """P-value of each hypothesis."""
        return {str(name): float(p) for name, p in self.tests["p_value"].items()}

    def sentence(self, language: Language = "nl") -> str:
        """Say the verdict in one sentence."""
        from .verdict_text import sentence

        return sentence(self, language)

    def text(self, language: Language = "nl") -> str:
        """Say the verdict, what it rests on, and what it leaves open."""
        from .verdict_text import lines

        return "\n".join(lines(self, language))

    def _repr_html_(self) -> str:
        from swvtypes.lca.tables_html import frame_html

        return frame_html(
            f"Types or a continuum: {self.verdict}", self.fits, self.sentence("en")
        ) + frame_html("Bootstrap tests", self.tests)


def decide(p_values: dict[str, float], level: float) -> Outcome:
    """Turn the p-values of the three hypotheses into a verdict.

    Examples
    --------
    >>> decide({"independence": 0.01, "continuum": 0.30, "types": 0.02}, 0.05)
    'continuum'
    >>> decide({"independence": 0.01, "continuum": 0.30, "types": 0.20}, 0.05)
    'undecided'
    """
    rejected = {name: p <= level for name, p in p_values.items()}
    if not rejected["independence"]:
        return "independent"
    if rejected["continuum"] == rejected["types"]:
        return "undecided"
    return "types" if rejected["continuum"] else "continuum"
