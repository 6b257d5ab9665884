"""Whether the typology finds types in answers of other kinds than yes or no.

Whole waves of one sector, drawn at random from populations of many kinds, go through
``Typology(random_state=wave, quick=True).fit(frame, themes=...)`` with nothing of the truth known
to it. No rule of the package was chosen on these populations. The yardstick is what the true
parameters attain on the same rows. Where answers on five points are *ordinal stated*, the families
are told by ``indicators=``; otherwise they are read from the dtype, whole numbers as categories
without order.

By population: mean adjusted Rand index to the truth of the most probable types, that of the true
parameters, their ratio and its standard error, mean absolute error of the shares to those of the
rows (over types, in waves with the right number), and how often the number of types is right.
Beside it (*given*) what one-step estimation with the same prior makes of the same rows when it is
told how many classes and types there are.

Run from the checkout: ``python -m benchmarks.typology_kinds [waves] [words]``; `words` keep to
populations whose name holds them. Writes ``benchmarks/results/typology_kinds.json`` wave by wave;
what is stored is not run again.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from benchmarks.storing import read_json, write_json
from benchmarks.typology_weak_items import error_of_shares, recovery
from swvtypes.errors import SwvtypesWarning
from swvtypes.typology import ClassesOfClasses, Typology
from swvtypes.typology.specification import SHARE_PRIOR, TypologyOptions

RESULTS = Path(__file__).resolve().parent / "results" / "typology_kinds.json"
SEED, WAVES, STARTS = 20160131, 20, 20
QUICK = {"quick": True}

Chances = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class OneTheme:
    """Items of one kind, and the chances of two classes within each type.

    A binary item says yes with chance `high` in the first class and `low` in the second, each
    moved by up to .08; an ordinal one has five answers about the points `high` and `low` (from 0,
    a normal density of spread 1.1 at the five points); a count and a measurement have these means
    (a Poisson law, a normal law of variance 1). A nominal item has four answers, whose chances
    come from a flat law of concentration `high`, kept off 0.
    """

    family: str
    items: int
    high: float
    low: float
    chances: Chances


@dataclass(frozen=True)
class Population:
    """Types, and the themes in which they differ."""

    n: int
    shares: tuple[float, ...]
    themes: tuple[OneTheme, ...]
    missing: float = 0.0
    stated: bool = False


def coupled(chance: float) -> Chances:
    """Give two types that hold the class of their own number with this chance."""
    return ((chance, 1.0 - chance), (1.0 - chance, chance))


UNRELATED: Chances = ((0.5, 0.5), (0.5, 0.5))
_A, _B = (0.95, 0.05), (0.05, 0.95)
_HALF = (0.5, 0.5)
_POINTS_77 = (OneTheme("ordinal", 5, 3.0, 1.2, coupled(0.90)),) * 4
_POINTS_58 = (OneTheme("ordinal", 4, 2.9, 1.3, coupled(0.90)),) * 5

POPULATIONS = {
    "five points, 77": Population(77, (0.6, 0.4), _POINTS_77),
    "five points, 77, ordinal stated": Population(77, (0.6, 0.4), _POINTS_77, stated=True),
    "five points, 58, 8% missing": Population(58, (0.65, 0.35), _POINTS_58, 0.08),
    "five points, 58, 8% missing, ordinal stated": Population(
        58, (0.65, 0.35), _POINTS_58, 0.08, True
    ),
    "four answers without order, 77": Population(
        77, (0.55, 0.45), (OneTheme("nominal", 5, 0.7, 0.0, coupled(0.92)),) * 4
    ),
    "four kinds of item, 77": Population(77, _HALF, (
        OneTheme("binary", 5, 0.80, 0.25, coupled(0.90)),
        OneTheme("ordinal", 4, 3.0, 1.2, coupled(0.90)),
        OneTheme("continuous", 3, 1.0, -1.0, coupled(0.85)),
        OneTheme("count", 3, 5.0, 2.0, coupled(0.90)),
    )),
    "three themes linked, three not, 77": Population(
        77, _HALF, (OneTheme("binary", 5, 0.82, 0.20, coupled(0.92)),) * 3
        + (OneTheme("binary", 5, 0.82, 0.20, UNRELATED),) * 3,
    ),
    "unequal coupling, 65": Population(65, (0.6, 0.4), tuple(
        OneTheme("binary", 5, 0.82, 0.20, coupled(chance)) for chance in (0.98, 0.90, 0.80, 0.70)
    )),
    "one type of 15%, 77": Population(
        77, (0.85, 0.15), (OneTheme("binary", 6, 0.85, 0.15, coupled(0.95)),) * 4
    ),
    "one type pure, one mixed, 77": Population(
        77, _HALF, (OneTheme("binary", 6, 0.90, 0.30, ((0.98, 0.02), (0.40, 0.60))),) * 4
    ),
    "three types, six themes of two classes, 77": Population(77, (0.4, 0.3, 0.3), tuple(
        OneTheme("binary", 5, 0.85, 0.15, chances)
        for chances in ((_A, _A, _B), (_A, _B, _B), (_A, _B, _A), (_B, _A, _B), (_B, _B, _A),
                        (_A, _A, _B))
    )),
    "strong items, 152": Population(
        152, (0.4, 0.6), (OneTheme("binary", 5, 0.85, 0.15, coupled(0.90)),) * 4
    ),
}  # fmt: skip


def item(
    theme: OneTheme, inside: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Answers to one item, and their density in each class, shape (n, 2)."""
    n, means = len(inside), np.array([theme.high, theme.low])
    if theme.family == "continuous":
        x = means[inside] + rng.normal(size=n)
        return x, np.exp(-0.5 * (x[:, None] - means) ** 2)
    if theme.family == "count":
        x = rng.poisson(means[inside]).astype(float)
        return x, np.exp(x[:, None] * np.log(means) - means)
    if theme.family == "binary":
        yes = np.clip(means + rng.uniform(-0.08, 0.08, 2), 0.03, 0.97)
        p = np.column_stack([1.0 - yes, yes])
    elif theme.family == "ordinal":
        p = np.exp(-0.5 * ((np.arange(5) - means[:, None]) / 1.1) ** 2)
        p /= p.sum(axis=1, keepdims=True)
    else:
        p = 0.9 * rng.dirichlet(np.full(4, theme.high), 2) + 0.025
    x = (rng.random((n, 1)) > p[inside].cumsum(axis=1)[:, :-1]).sum(axis=1)
    return x.astype(float), p[:, x].T


def drawn(name: str, number: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Rows of one wave, their types, and their types by the true parameters."""
    population = POPULATIONS[name]
    # Told or not, the rows are the same.
    at = list(POPULATIONS).index(name.removesuffix(", ordinal stated"))
    rng = np.random.default_rng(np.random.SeedSequence(SEED, spawn_key=(at, number)))
    n, shares = population.n, np.array(population.shares)
    kind = rng.choice(len(shares), size=n, p=shares)
    logs = np.tile(np.log(shares), (n, 1))
    columns: dict[str, np.ndarray] = {}
    for t, theme in enumerate(population.themes):
        rho = np.array(theme.chances)
        inside = (rng.random(n) > rho[kind, 0]).astype(int)
        density = np.ones((n, 2))
        for j in range(theme.items):
            x, each = item(theme, inside, rng)
            gone = rng.random(n) < population.missing
            x[gone] = np.nan
            density *= np.where(gone[:, None], 1.0, each)
            columns[f"t{t}_{j}"] = np.array(list("abcd"))[x.astype(int)] if (
                theme.family == "nominal"
            ) else x  # fmt: skip
        logs += np.log(density @ rho.T)
    return pd.DataFrame(columns), kind, logs.argmax(axis=1)


def themes_of(population: Population) -> dict[str, list[str]]:
    """Items of each theme."""
    return {
        f"t{t}": [f"t{t}_{j}" for j in range(theme.items)]
        for t, theme in enumerate(population.themes)
    }


def families(population: Population) -> dict[str, str] | None:
    """Families that are told, or none."""
    if not population.stated:
        return None
    return {c: "ordinal" for names in themes_of(population).values() for c in names}


def one(name: str, number: int) -> dict[str, float]:
    """Give what came of one wave."""
    population = POPULATIONS[name]
    frame, kind, best = drawn(name, number)
    themes, told = themes_of(population), families(population)
    found = Typology(random_state=number, n_init=STARTS, **QUICK).fit(frame, themes, told)
    made = found.membership_.probabilities.to_numpy(dtype=float)
    P = len(population.shares)
    given = ClassesOfClasses(
        P, 2, n_init=STARTS, random_state=number, prior=TypologyOptions().type_prior,
        share_prior=SHARE_PRIOR, indicators=told,
    ).fit(frame, themes=themes)  # fmt: skip
    codes, every = np.asarray(given.predict(frame)) - 1, np.arange(len(kind))
    shares = found.models_[0].shares[0]
    right = made.shape[1] == P
    return {
        "wave": number,
        "rand": float(adjusted_rand_score(kind, made.argmax(axis=1))),
        "rand_of_truth": float(adjusted_rand_score(kind, best)),
        "types": made.shape[1],
        "share_error": error_of_shares(made.argmax(axis=1), kind, every, shares)
        if right
        else float("nan"),
        "themes": sum(t.by_sector["all"].n_classes > 1 for t in found.themes_.values()),
        "rand_given": float(adjusted_rand_score(kind, codes)),
        "share_error_given": error_of_shares(
            codes, kind, every, given.shares_["estimate"].to_numpy(dtype=float)
        ),
    }


def summary(name: str, rows: list[dict[str, float]]) -> dict[str, float]:
    """All waves of one population."""
    t, population = pd.DataFrame(rows), POPULATIONS[name]
    return {
        **recovery(t, len(population.shares)),
        "themes": round(float(t["themes"].mean()) / len(population.themes), 3),
    }


def main(waves: int = WAVES, words: str = "") -> None:
    """Run what is not stored yet."""
    stored: dict[str, Any] = read_json(RESULTS) or {}
    stored |= {"seed": SEED, "starts": STARTS, "options": QUICK}
    populations = stored.setdefault("populations", {})
    mine = [name for name in POPULATIONS if words in name]
    for number in range(waves):
        for name in mine:
            entry = populations.setdefault(name, {"rows": []})
            if any(row["wave"] == number for row in entry["rows"]):
                continue
            entry["rows"].append(one(name, number))
            if len(entry["rows"]) > 1:
                entry["summary"] = summary(name, entry["rows"])
            write_json(RESULTS, stored)
    for name in mine:
        print(name, populations[name].get("summary"), flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore", SwvtypesWarning)
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else WAVES, *arguments[1:2])
