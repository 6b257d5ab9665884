"""Every outcome in every scope, held against a continuum, groups or types."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from swvtypes.errors import InputError
from swvtypes.survey import Wave

from .bias_adjusted import compare_types
from .comparing import compare_groups, indicators
from .composition import whole_test
from .correlating import correlation, rank_correlation
from .crossing import cross_table_test, shares
from .findings import Finding, Findings, Floats, Setting
from .logistic import logistic_test
from .options import ValidationOptions
from .outcomes import Outcome
from .reading import Continuum, Grounds, Groups, TypeBlock, Types

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Scope:
    """Rows that are taken together; ``adjusted`` takes all and adjusts for sector."""

    name: str
    rows: Mask
    adjusts: bool = False


@dataclass(frozen=True)
class Related:
    """What one outcome gave in one scope."""

    outcome: Outcome
    scope: str
    findings: Findings


def scopes_of(wave: Wave) -> tuple[Scope, ...]:
    """Pooled, each sector, and adjusted for sector; pooled only where there is one sector."""
    sector = wave.frame["sector"].to_numpy(dtype=object)
    every = np.ones(len(sector), dtype=bool)
    found = [name for name in wave.sectors if (sector == name).any()]
    if len(found) < 2:
        return (Scope("pooled", every),)
    apart = tuple(Scope(name, np.asarray(sector == name)) for name in found)
    return (Scope("pooled", every), *apart, Scope("adjusted", every, adjusts=True))


def read_weights(wave: Wave, weights: pd.Series[float] | None) -> Floats | None:
    """Survey weights by organisation of the wave, its own unless given.

    Raises
    ------
    InputError
        Where they are no Series of numbers, one is absent, negative or not finite or stands there
        twice, or none is above 0.
    """
    found = wave.survey_weight if weights is None else weights
    if found is None:
        return None
    _check_kind(found)
    twice = found.index[found.index.duplicated()].unique()
    if len(twice):
        raise InputError("weights", [f"{name!r} stands in them twice" for name in twice])
    try:
        values = found.reindex(wave.frame.index).astype("Float64")
    except (TypeError, ValueError) as error:
        raise InputError("weights", [f"expected numbers: {error}"]) from None
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(numbers) | (numbers < 0)
    if bad.any():
        faults = [
            f"{name!r}: expected a number of at least 0, got {number:g}"
            for name, number in zip(values.index[bad], numbers[bad], strict=True)
        ]
        raise InputError("weights", faults)
    if not numbers.sum() > 0:
        raise InputError("weights", ["expected at least one above 0"])
    return np.asarray(numbers)


def _check_kind(weights: object) -> None:
    if not isinstance(weights, pd.Series):
        fault = f"expected a Series by organisation, got {type(weights).__name__}"
        raise InputError("weights", [fault])


def relate(
    wave: Wave,
    grounds: Grounds,
    outcomes: Sequence[Outcome],
    options: ValidationOptions,
    weights: Floats | None = None,
) -> list[Related]:
    """Hold every outcome against the grounds, in every scope.

    Rows that lack either, or whose survey weight is 0, are left out test by test; survey weights
    are scaled to mean one over the rows of a test.
    """
    return list(_related(wave, grounds, outcomes, options, weights))


def _related(
    wave: Wave,
    grounds: Grounds,
    outcomes: Sequence[Outcome],
    options: ValidationOptions,
    weights: Floats | None,
) -> Iterator[Related]:
    codes, present = pd.factorize(wave.frame["sector"])
    sectors, names = codes.astype(np.int64), tuple(str(name) for name in present)
    for scope in scopes_of(wave):
        for outcome in outcomes:
            rows = scope.rows & ~np.isnan(outcome.numbers).any(axis=1)
            if weights is not None:
                rows &= weights > 0
            case = _Case(outcome, scope, rows, sectors, names, options, weights)
            found = _dispatch(grounds, case)
            if found is not None:
                yield Related(outcome, scope.name, found)


@dataclass(frozen=True)
class _Case:
    outcome: Outcome
    scope: Scope
    rows: Mask
    sectors: NDArray[np.int64]
    sectors_present: tuple[str, ...]
    options: ValidationOptions
    weights: Floats | None

    def setting(self, used: Mask, label: str = "") -> Setting:
        options = self.options
        strata = self.sectors[used] if self.scope.adjusts else np.zeros(int(used.sum()), dtype=int)
        present = np.unique(strata)
        columns = np.asarray(strata[:, None] == present[None, 1:], dtype=float)
        weight = None
        if self.weights is not None:
            weight = self.weights[used]
            weight = weight / weight.mean() if weight.sum() > 0 else np.zeros(len(weight))
        key = f"{self.scope.name}/{self.outcome.name}/{self.outcome.form}/{label}".encode()
        return Setting(
            sector=columns,
            strata=strata.astype(np.int64),
            weight=weight,
            level=options.level,
            times=0 if options.exact == "never" else options.n_permutations,
            small=options.small,
            always=options.exact == "always",
            child=np.random.SeedSequence(options.seed, spawn_key=(zlib.crc32(key),)),
        )


def _dispatch(grounds: Grounds, case: _Case) -> Findings | None:
    if isinstance(grounds, Continuum):
        return _by_continuum(grounds, case)
    if isinstance(grounds, Groups):
        return _by_groups(grounds, case)
    return _by_types(grounds, case)


def _by_continuum(grounds: Continuum, case: _Case) -> Findings:
    used = case.rows & ~np.isnan(grounds.numbers)
    x, Y, setting = grounds.numbers[used], case.outcome.numbers[used], case.setting(used)
    if len(x) < 3:
        return _too_few(len(x), "pearson")
    if case.outcome.kind == "whole":
        return Findings((whole_test(x[:, None], Y, setting),))
    y = Y[:, 0]
    if case.outcome.kind == "category":
        levels = case.outcome.categories
        if setting.weight is not None:
            present = [at for at in range(len(levels)) if (y == at).any()]
            names = tuple(levels[at] for at in present)
            return compare_types(indicators(y.astype(np.int64)), x[:, None], names, setting)
        return compare_groups(y.astype(np.int64), x, levels, setting)
    tests = [correlation(x, y, setting)]
    if case.outcome.kind == "binary":
        tests.append(logistic_test(x[:, None], y, setting)[0])
    elif setting.weight is None:
        tests.append(rank_correlation(x, y, setting))
    return Findings(tuple(tests))


def _by_groups(grounds: Groups, case: _Case) -> Findings:
    used = case.rows & (grounds.codes >= 0)
    codes, Y, setting = grounds.codes[used], case.outcome.numbers[used], case.setting(used)
    if len(codes) < 3 or len(np.unique(codes)) < 2:
        return _too_few(len(codes), "anova" if case.outcome.kind == "number" else "chi_square")
    present = tuple(grounds.levels[at] for at in np.unique(codes))
    if case.outcome.kind == "whole" and setting.weight is None:
        return Findings((whole_test(indicators(codes)[:, 1:], Y, setting),))
    if setting.weight is not None:
        columns, names = _columns(case.outcome, Y)
        return compare_types(indicators(codes), columns, present, setting, names)
    y = Y[:, 0]
    if case.outcome.kind == "number":
        return compare_groups(codes, y, grounds.levels, setting)
    tests = [cross_table_test(codes, y.astype(np.int64), setting)]
    if case.outcome.kind == "category":
        return Findings(tuple(tests))
    tests.append(logistic_test(indicators(codes)[:, 1:], y, setting)[0])
    return Findings(tuple(tests), shares(codes, y, grounds.levels, setting.level))


def _by_types(grounds: Types, case: _Case) -> Findings | None:
    """Types shared by the sectors in every scope; else each sector's own, and their sum."""
    if not any(block.sector for block in grounds.blocks):
        return _one_block(grounds.blocks[0], grounds, case)
    if case.scope.adjusts:
        return _summed(grounds, case)
    if case.scope.name == "pooled":
        mine = [block for block in grounds.blocks if block.sector in case.sectors_present]
        alone = len(case.sectors_present) == 1 and len(mine) == 1
        return _one_block(mine[0], grounds, case) if alone else None
    mine = [block for block in grounds.blocks if block.sector == case.scope.name]
    return _one_block(mine[0], grounds, case) if mine else None


def _one_block(block: TypeBlock, grounds: Types, case: _Case) -> Findings:
    notes = ("circular",) if grounds.indicators & case.outcome.drawn_from else ()
    if block.weights is None:
        n = int(case.rows.sum())
        return Findings((Finding("bch", n, notes=("no_third_step", *notes)),))
    used = case.rows & ~np.isnan(block.weights).any(axis=1)
    if int(used.sum()) < 3:
        return _too_few(int(used.sum()), "bch")
    Y, names = _columns(case.outcome, case.outcome.numbers[used])
    setting = case.setting(used, block.sector)
    found = compare_types(block.weights[used], Y, block.types, setting, names)
    if not notes:
        return found
    tests = tuple(replace(t, notes=(*t.notes, *notes)) for t in found.tests)
    return Findings(tests, found.groups, found.contrasts)


def _summed(grounds: Types, case: _Case) -> Findings:
    """Add up the Wald tests of the sectors."""
    n, statistic, df1, df2 = 0, 0.0, 0.0, 0.0
    notes: list[str] = []
    for block in grounds.blocks:
        inner = replace(case, scope=Scope(block.sector, case.rows))
        test = _one_block(block, grounds, inner).tests[0]
        notes += [note for note in test.notes if note not in notes]
        if np.isnan(test.p_value):
            continue
        n += test.n
        statistic += test.statistic * test.df1
        df1, df2 = df1 + test.df1, df2 + test.df2
    if not df1:
        return Findings((Finding("bch", n, notes=tuple(notes)),))
    f = statistic / df1
    p = float(stats.f.sf(f, df1, df2))
    return Findings(
        (Finding("bch", n, statistic=f, df1=df1, df2=df2, p_value=p, notes=tuple(notes)),)
    )


def _columns(outcome: Outcome, Y: Floats) -> tuple[Floats, tuple[str, ...]]:
    """Columns whose means are compared: the numbers, or indicators of the categories that occur."""
    if outcome.kind != "category":
        return Y, outcome.categories if outcome.kind == "whole" else ()
    present = [at for at in range(len(outcome.categories)) if (Y[:, 0] == at).any()]
    columns = np.asarray(np.equal(Y, np.array(present, dtype=float)[None]), dtype=float)
    return columns, tuple(outcome.categories[at] for at in present)


def _too_few(n: int, analysis: str) -> Findings:
    return Findings((Finding(analysis, n, notes=("nothing_varies",)),))
