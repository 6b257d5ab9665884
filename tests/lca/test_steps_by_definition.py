"""The engine's steps against their definitions, written out case by case, class by class."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pytest
from scipy.special import gammaln, logsumexp
from scipy.stats import norm, poisson

from swvtypes.lca.design import Design, Item, Pair, build_design, redesign
from swvtypes.lca.design.items import FAMILIES, Family
from swvtypes.lca.em import Problem, begin, empty_runs, expectation, one_class, stack
from swvtypes.lca.em.batch import em_map
from swvtypes.lca.em.bundles import make_bundles
from swvtypes.lca.em.words import write_words
from swvtypes.lca.families import (
    Parameters,
    Table,
    Variances,
    count_parameters,
    m_step,
    nominal_counts,
    pack,
    unpack,
)
from swvtypes.lca.families.loglinear import _expected, _solved, fit_ordinal
from swvtypes.lca.families.steps import log_normaliser
from swvtypes.lca.fit.posteriors import one_class_parameters

ITEMS = (
    Item("yes", "binary", 2),
    Item("colour", "nominal", 3),
    Item("agree", "ordinal", 4),
    Item("rank", "ordinal", 3, (0.0, 1.0, 4.0)),
    Item("visits", "count"),
    Item("size", "continuous"),
    Item("left", "nominal", 2),
    Item("right", "nominal", 3),
    Item("up", "binary", 2),
    Item("down", "nominal", 3),
)
PAIRS = (Pair(6, 7, "joint"), Pair(8, 9, "direct"))
GROUPED = tuple(replace(item, free=item.name in {"colour", "size", "rank"}) for item in ITEMS)
K = 3


def made(kind: str, n: int = 60, seed: int = 0) -> Design:
    """Answers to every kind of item; some are missing, and one row is empty."""
    rng = np.random.default_rng(seed)
    columns = [
        rng.poisson(3.0, n) if item.family == "count"
        else rng.normal(20.0, 4.0, n) if item.family == "continuous"
        else rng.integers(item.n_categories, size=n)
        for item in ITEMS
    ]  # fmt: skip
    values = np.stack(columns, axis=1).astype(float)
    if kind != "complete":
        values[rng.random(values.shape) < 0.15] = np.nan
        values[3] = np.nan
    group = rng.integers(2, size=n) if kind == "groups" else None
    weight = rng.random(n) + 0.5
    return build_design(values, GROUPED if kind == "groups" else ITEMS, weight, group, PAIRS)


def drawn(design: Design, seed: int = 1) -> Parameters:
    """Draw a model of the design's form."""
    rng = np.random.default_rng(seed)
    tables = []
    for block in design.layout.blocks:
        if block.kind == "direct":
            associated = rng.normal(size=block.shape)
        for j, (members, g) in enumerate(zip(block.items, block.groups, strict=True)):
            if block.kind == "count":
                values = rng.uniform(1.0, 6.0, (K, 1))
            elif block.kind == "continuous":
                values = np.stack([rng.normal(20, 3, K), rng.uniform(2, 9, K)], axis=1)
            elif block.kind == "ordinal":
                logs = rng.normal(size=block.size) + np.outer(rng.normal(size=K), block.scores[j])
                values = np.exp(logs - logsumexp(logs, axis=1, keepdims=True))
            elif block.kind == "direct":
                m1, m2 = block.shape
                own = rng.normal(size=(K, m1, 1)) + rng.normal(size=(K, 1, m2)) + associated
                values = np.exp(own).reshape(K, -1)
                values /= values.sum(axis=1, keepdims=True)
            else:
                values = rng.dirichlet(np.ones(block.size), K)
            tables.append(Table(block.kind, members, g, values))
    shares = rng.dirichlet(np.ones(K), design.layout.n_groups)
    return Parameters(np.log(shares), tuple(tables))


def log_terms(design: Design, model: Parameters) -> np.ndarray:
    """Log of class share times density of each pattern, term by term, shape (N, K)."""
    logs = model.log_shares[design.group].copy()
    for table in model.tables:
        for i, (answers, g) in enumerate(zip(design.values, design.group, strict=True)):
            if table.group not in (-1, g):
                continue
            own = answers[list(table.items)]
            if len(own) == 2:
                sizes = tuple(design.layout.items[j].n_categories for j in table.items)
                joint = table.values.reshape(-1, *sizes)
                if np.isnan(own).all():
                    continue
                for axis in (1, 0):
                    joint = (
                        joint.sum(axis=1 + axis) if np.isnan(own[axis])
                        else joint.take(int(own[axis]), axis=1 + axis)
                    )  # fmt: skip
                logs[i] += np.log(joint)
            elif np.isnan(own[0]):
                continue
            elif table.kind == "count":
                logs[i] += poisson.logpmf(own[0], table.values[:, 0])
            elif table.kind == "continuous":
                logs[i] += norm.logpdf(own[0], table.values[:, 0], np.sqrt(table.values[:, 1]))
            else:
                logs[i] += np.log(table.values[:, int(own[0])])
    return logs


@pytest.mark.parametrize("kind", ["complete", "missing", "groups"])
def test_design_times_parameters_is_the_log_density(kind: str) -> None:
    design = made(kind)
    model = drawn(design)
    logs = design.X @ pack(design.layout, model) + design.base[:, None]
    np.testing.assert_allclose(logs, log_terms(design, model), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", ["complete", "missing", "groups"])
def test_tables_survive_packing(kind: str) -> None:
    design = made(kind)
    model = drawn(design)
    found = unpack(design.layout, pack(design.layout, model))
    np.testing.assert_allclose(found.log_shares, model.log_shares, atol=1e-10)
    assert found.n_classes == K
    for one, other in zip(found.tables, model.tables, strict=True):
        assert (one.kind, one.items, one.group) == (other.kind, other.items, other.group)
        np.testing.assert_allclose(one.values, other.values, rtol=1e-9)


def test_classes_change_places_together() -> None:
    design = made("missing")
    model = drawn(design)
    turned = log_terms(design, model.reorder([2, 0, 1]))
    np.testing.assert_allclose(turned, log_terms(design, model)[:, [2, 0, 1]])


@pytest.mark.parametrize("kind", ["complete", "missing", "groups"])
@pytest.mark.parametrize("prior", [0.0, 3.0])
def test_the_e_step_is_that_of_the_definition(kind: str, prior: float) -> None:
    design = made(kind)
    problem, model = stack([design], prior), drawn(design)
    A = pack(design.layout, model)[:, None]
    log_likelihood, T = expectation(problem, A, np.zeros(1, dtype=np.intp))
    logs = log_terms(design, model)
    density = logsumexp(logs, axis=1)
    posterior = np.exp(logs - density[:, None])
    assert log_likelihood[0] + problem.constant[0] == pytest.approx(design.weight @ density)
    np.testing.assert_allclose(
        T[:, 0], design.X.T @ (design.weight[:, None] * posterior), rtol=1e-8, atol=1e-8
    )
    batch = begin(problem, T, np.zeros(1, dtype=np.intp), empty_runs(1, len(T), K))
    pseudo = prior / K * (design.weight @ design.X) / design.weight.sum()
    replicate = np.zeros(1, dtype=np.intp)
    ll, objective, at, sums = em_map(problem, A, batch.T, replicate, pseudo[:, None, None], map)
    again, T_at = expectation(problem, at, replicate)
    np.testing.assert_allclose(ll, again)
    np.testing.assert_allclose(objective, again + (at[:, 0].T @ pseudo).sum())
    np.testing.assert_allclose(sums[:, 0], T_at[:, 0] + pseudo[:, None], rtol=1e-9, atol=1e-12)


def weighted(design: Design, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Draw weights of each pattern in each class, and the sums that they give."""
    rng = np.random.default_rng(seed)
    P = rng.dirichlet(np.ones(K), len(design.X)) * design.weight[:, None]
    return P, design.X.T @ P


def settled(design: Design, T: np.ndarray, variances: Variances, steps: int = 40) -> Parameters:
    """Maximise for given sums; iterative families need some steps."""
    A = one_class(stack([design], 0.0, variances))
    A = np.repeat(A, K, axis=2)
    for _ in range(steps):
        A = m_step(design.layout, T[:, None], A, variances)
    return unpack(design.layout, A[:, 0])


def inside(design: Design, table: Table) -> tuple[np.ndarray, np.ndarray]:
    """Give the answers to the items of a table, and who of its group answered all of them."""
    own = design.values[:, list(table.items)]
    ours = (design.group == table.group) | (table.group < 0)
    return own, ~np.isnan(own).any(axis=1) & ours


@pytest.mark.parametrize("kind", ["complete", "missing", "groups"])
@pytest.mark.parametrize("variances", [Variances(), Variances(free=True), Variances(True, 0.9)])
def test_the_m_step_gives_weighted_estimates(kind: str, variances: Variances) -> None:
    design = made(kind)
    P, T = weighted(design)
    model = settled(design, T, variances)
    for g in range(design.layout.n_groups):
        share = P[design.group == g].sum(axis=0)
        np.testing.assert_allclose(np.exp(model.log_shares[g]), share / share.sum(), rtol=1e-9)
    for table in model.tables:
        own, seen = inside(design, table)
        x, p = own[seen], P[seen]
        n = p.sum(axis=0)
        if table.kind == "nominal":
            for c in range(table.values.shape[1]):
                wanted = p[x[:, 0] == c].sum(axis=0) / n
                np.testing.assert_allclose(table.values[:, c], wanted, rtol=1e-8, atol=1e-12)
        elif table.kind == "count":
            np.testing.assert_allclose(table.values[:, 0], x[:, 0] @ p / n, rtol=1e-9)
        elif table.kind == "continuous":
            mean = x[:, 0] @ p / n
            squares = (p * (x - mean) ** 2).sum(axis=0)
            variance = squares / n if variances.free else np.full(K, squares.sum() / n.sum())
            least = variances.floor * design.layout.scale[table.items[0]] ** 2
            np.testing.assert_allclose(table.values[:, 0], mean, rtol=1e-9)
            np.testing.assert_allclose(table.values[:, 1], np.maximum(variance, least), rtol=1e-8)
        elif table.kind == "ordinal":
            block = next(b for b in design.layout.blocks if table.items in b.items)
            units = list(zip(block.items, block.groups, strict=True))
            scores = block.scores[units.index((table.items, table.group))]
            counts = np.stack([p[x[:, 0] == c].sum(axis=0) for c in range(len(scores))], axis=1)
            left = counts - n[:, None] * table.values
            np.testing.assert_allclose(left.sum(axis=0), 0.0, atol=1e-7)
            np.testing.assert_allclose((left @ scores), 0.0, atol=1e-7)


def test_the_m_step_of_pairs() -> None:
    """Complete pairs: the joint table itself; with a shared association its margins."""
    design = made("complete")
    P, T = weighted(design)
    model = settled(design, T, Variances())
    tables = {t.kind: t for t in model.tables if len(t.items) == 2}
    for name, table in tables.items():
        x = design.values[:, list(table.items)].astype(int)
        counts = np.zeros((K, 2, 3))
        for row, p in zip(x, P, strict=True):
            counts[:, row[0], row[1]] += p
        n = P.sum(axis=0)[:, None, None]
        fitted = n * table.values.reshape(K, 2, 3)
        if name == "joint":
            np.testing.assert_allclose(fitted, counts, rtol=1e-8)
            continue
        for axes in ((1,), (2,), (0,)):
            np.testing.assert_allclose(fitted.sum(axis=axes), counts.sum(axis=axes), rtol=1e-6)
        odds = np.log(fitted)
        contrast = odds[:, 1:, 1:] - odds[:, 1:, :1] - odds[:, :1, 1:] + odds[:, :1, :1]
        np.testing.assert_allclose(contrast, contrast[:1].repeat(K, axis=0), atol=1e-8)


@pytest.mark.parametrize("kind", ["complete", "missing", "groups"])
def test_no_m_step_lowers_the_expected_log_density(kind: str) -> None:
    design = made(kind)
    _, T = weighted(design)
    for seed in range(6):
        A = pack(design.layout, drawn(design, seed))[:, None]
        values = [float((T * A[:, 0]).sum())]
        for _ in range(5):
            A = m_step(design.layout, T[:, None], A, Variances(free=True))
            values.append(float((T * A[:, 0]).sum()))
        assert np.diff(values).min() > -1e-9


def nominal(n: int = 40, missing: float = 0.0, groups: bool = False, seed: int = 2) -> Design:
    """Answers to nominal items only, one of which everybody answers alike."""
    rng = np.random.default_rng(seed)
    levels = (3, 2, 4, 2, 1)
    values = np.stack([rng.integers(m, size=n) for m in levels], axis=1).astype(float)
    values[rng.random(values.shape) < missing] = np.nan
    items = [Item(str(j), "nominal", m, (), groups and j == 2) for j, m in enumerate(levels)]
    return build_design(values, items, None, rng.integers(2, size=n) if groups else None)


@pytest.mark.parametrize("n_runs", [1, 80])
def test_few_runs_and_many_have_one_m_step(n_runs: int) -> None:
    """Few runs of complete nominal data take theirs in one product."""
    design = nominal()
    T = np.stack([weighted(design, seed)[1] for seed in range(n_runs)], axis=1)
    A = m_step(design.layout, T, np.zeros_like(T), Variances())
    for b in {0, n_runs - 1}:
        P, _ = weighted(design, b)
        model = unpack(design.layout, A[:, b])
        np.testing.assert_allclose(np.exp(model.log_shares[0]), P.sum(axis=0) / P.sum())
        for table in model.tables:
            x = design.values[:, table.items[0]]
            for c in range(table.values.shape[1]):
                wanted = P[x == c].sum(axis=0) / P.sum(axis=0)
                np.testing.assert_allclose(table.values[:, c], wanted, rtol=1e-9)
        # The constants stand with the class shares: densities add up to one.
        levels = [range(item.n_categories) for item in design.layout.items]
        every = build_design(np.array(list(product(*levels)), dtype=float), design.layout.items)
        logs = every.X @ pack(every.layout, model)
        assert logsumexp(logs) == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("groups", [False, True])
def test_counts_of_every_category(missing: float, groups: bool) -> None:
    design = nominal(60, missing, groups)
    counts = nominal_counts(design.layout)
    assert counts is not None
    P, T = weighted(design)
    wide = counts.widen(T[:, None])
    n = design.layout.n_indicators
    assert counts.first_reference == design.layout.width - n
    assert len(wide) == design.layout.width + counts.n_units
    np.testing.assert_array_equal(wide[-n:], T[:n, None])
    row = counts.first_reference
    for block in design.layout.blocks:
        for (j,), g, reference in zip(block.items, block.groups, block.reference, strict=True):
            ours = (design.values[:, j] == reference) & ((design.group == g) | (g < 0))
            np.testing.assert_allclose(wide[row, 0], P[ours].sum(axis=0), atol=1e-12)
            row += 1
    by_run = np.ascontiguousarray(wide.swapaxes(1, 2))
    A = counts.natural(counts.logs(by_run.copy(), 1e-300), by_run)
    expected = m_step(design.layout, T[:, None], np.zeros_like(T[:, None]), Variances())
    np.testing.assert_allclose(A.swapaxes(1, 2), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(counts.normalise(expected + 0.0), expected, atol=1e-9)
    spoilt = expected.copy()
    spoilt[: design.layout.n_indicators] += 0.7
    np.testing.assert_allclose(counts.normalise(spoilt)[n:], expected[n:], atol=1e-12)


def test_counts_are_for_nominal_items_only() -> None:
    assert nominal_counts(made("complete").layout) is None


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_the_gain_of_a_step_is_measured(missing: float) -> None:
    """Between the gain and twice that, near an optimum."""
    design = nominal(200, missing, seed=8)
    problem, counts = stack([design]), nominal_counts(design.layout)
    assert counts is not None
    zero = np.zeros(1, dtype=np.intp)
    T = weighted(design)[1][:, None]
    A = m_step(design.layout, T, np.zeros_like(T), Variances())
    for _ in range(60):
        before, T = expectation(problem, A, zero)
        A = m_step(design.layout, T, A, Variances())
    held = [np.ascontiguousarray(counts.widen(T).swapaxes(1, 2))]
    after, T = expectation(problem, A, zero)
    held.append(np.ascontiguousarray(counts.widen(T).swapaxes(1, 2)))
    logs = [np.log(np.maximum(h, 1e-300)) for h in held]
    gained = float(after[0] - before[0])
    A = m_step(design.layout, T, A, Variances())
    following = float(expectation(problem, A, zero)[0][0] - after[0])
    measured = counts.gain((logs[0], logs[1]), (held[0], held[1]))
    assert measured.shape == (1,)
    assert 0.9 * following <= measured[0] <= 2.2 * gained


def several(groups: bool, prior: float = 0.0) -> Problem:
    """Four data sets of one shape."""
    design = nominal(50, 0.2, groups)
    rng = np.random.default_rng(4)
    designs = []
    for _ in range(4):
        drawn_values = rng.integers(2, size=design.values.shape).astype(float)
        drawn_values = np.minimum(drawn_values, [i.n_categories - 1 for i in design.layout.items])
        designs.append(redesign(design, np.where(np.isnan(design.values), np.nan, drawn_values)))
    return stack(designs, prior)


@pytest.mark.parametrize("far", [1.0, 90.0])
@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize("runs", [(3, 3, 2, 1), (5, 0, 0, 0), (1, 2, 6, 2), (1, 0, 1, 1)])
def test_bundles_take_the_e_step(runs: tuple[int, ...], groups: bool, far: float) -> None:
    """In single precision, whatever the shift and however many runs each data set has."""
    problem = several(groups)
    replicate = np.repeat(np.arange(4), runs)
    rng = np.random.default_rng(6)
    A = -far * np.abs(rng.normal(size=(problem.layout.width, len(replicate), 2)))
    _, T = expectation(problem, A, replicate)
    wanted = nominal_counts(problem.layout).widen(T)  # type: ignore[union-attr]
    weight = problem.weight.astype(np.float32)
    memory = np.empty(2 * 2 * len(replicate) * problem.X.shape[1], dtype=np.float32)
    single = np.ascontiguousarray(A.swapaxes(1, 2)).astype(np.float32)
    found = np.full((len(wanted), 2, len(replicate)), np.nan, dtype=np.float32)
    shift = 0.0
    for _ in range(2):
        for bundle in make_bundles(problem, weight, replicate):
            given = bundle.take(single.copy())
            with np.errstate(over="ignore", under="ignore"):
                counts, shift = bundle.expect(given, problem.layout.n_groups, shift, memory)
            found[:, :, bundle.runs.ravel()] = counts
        np.testing.assert_allclose(
            found, wanted.swapaxes(1, 2), rtol=2e-3 if far > 1 else 1e-4, atol=2e-3
        )
    assert np.isfinite(shift)


def test_densities_are_kept_in_the_middle_of_single_precision() -> None:
    problem = several(False)
    replicate = np.zeros(1, dtype=np.intp)
    weight = problem.weight.astype(np.float32)
    (bundle,) = make_bundles(problem, weight, replicate)
    A = np.full((problem.layout.width, 2, 1), -3.0, dtype=np.float32)
    memory = np.empty(2 * problem.X.shape[1], dtype=np.float32)
    logs = np.log(2.0) + problem.X[0].sum(axis=1) * -3.0
    _, shift = bundle.expect(A.copy(), problem.layout.n_groups, 0.0, memory)
    assert shift == pytest.approx(0.5 * (logs.min() + logs.max()), abs=1e-3)
    _, again = bundle.expect(A.copy(), problem.layout.n_groups, shift, memory)
    assert again == pytest.approx(shift, abs=1e-3)


def test_bundles_hold_like_numbers_of_runs() -> None:
    problem = several(False)
    replicate = np.repeat(np.arange(4), (10, 4, 7, 3))
    bundles = make_bundles(problem, problem.weight.astype(np.float32), replicate)
    assert [b.runs.tolist() for b in bundles] == [
        [list(range(10)), [14, 15, 16, 17, 18, 19, 20, 20, 20, 20]],
        [[10, 11, 12, 13], [21, 22, 23, 23]],
    ]
    assert not any(b.whole for b in bundles)
    (alone,) = make_bundles(problem, problem.weight.astype(np.float32), np.ones(3, dtype=np.intp))
    assert alone.whole
    np.testing.assert_array_equal(alone.X, problem.X[1].astype(np.float32))


def test_parameters_are_counted_by_family() -> None:
    for variances, spread in ((Variances(), 1), (Variances(free=True), K)):
        counted = {
            ("binary", 2): K * 1,
            ("nominal", 3): K * 2,
            ("ordinal", 4): 3 + (K - 1),
            ("count", 0): K,
            ("continuous", 0): K + spread,
        }
        for (family, m), expected in counted.items():
            item = Item("x", family, m)  # type: ignore[arg-type]
            values = np.arange(12.0)[:, None] % max(m, 5 if m == 0 else m)
            design = build_design(values, [item])
            found = count_parameters(design.layout, K, variances)
            assert found == expected + K - 1
    pairs = build_design(
        np.array(list(product(range(2), range(3))), dtype=float),
        [Item("a", "nominal", 2), Item("b", "nominal", 3)], pairs=[Pair(0, 1, "joint")],
    )  # fmt: skip
    assert count_parameters(pairs.layout, K, Variances()) == K - 1 + K * 5
    direct = build_design(pairs.values, pairs.layout.items, pairs=[Pair(0, 1)])
    assert count_parameters(direct.layout, K, Variances()) == K - 1 + K * (1 + 2) + 1 * 2
    grouped = made("groups")
    assert grouped.layout.n_groups == 2
    once = count_parameters(made("missing").layout, K, Variances())
    twice = K * 2 + (K + 1) + (2 + K - 1)
    assert count_parameters(grouped.layout, K, Variances()) == once + twice + (K - 1)


def test_the_untouched_part_of_the_density() -> None:
    design = made("missing")
    counted = np.where(np.isnan(design.values[:, 4]), 0.0, gammaln(design.values[:, 4] + 1))
    scale = design.layout.scale[5]
    spread = np.where(np.isnan(design.values[:, 5]), 0.0, np.log(scale))
    np.testing.assert_allclose(design.base, -counted - spread, atol=1e-12)
    assert design.constant == pytest.approx(design.weight @ design.base)
    seen = ~np.isnan(design.values[:, 5])
    x, w = design.values[seen, 5], design.weight[seen]
    assert design.layout.center[5] == pytest.approx(np.average(x, weights=w))
    assert scale**2 == pytest.approx(np.cov(x, aweights=w, ddof=0))


def test_one_class_is_the_weighted_mean_of_everything() -> None:
    design = nominal(80, 0.2)
    model = unpack(design.layout, one_class(stack([design]))[:, 0])
    same = one_class_parameters(design)
    for table, other in zip(model.tables, same.tables, strict=True):
        np.testing.assert_array_equal(table.values, other.values)
        x = design.values[:, table.items[0]]
        seen = ~np.isnan(x)
        wanted = np.bincount(x[seen].astype(int), design.weight[seen]) / design.weight[seen].sum()
        np.testing.assert_allclose(table.values[0], wanted, rtol=1e-9)


def test_which_answers_are_categories() -> None:
    categorical = {family for family in FAMILIES if Item("x", family, 2).categorical}
    assert categorical == {"nominal", "binary", "ordinal"}
    assert get_args(Family) == FAMILIES


def test_an_ordinal_item_that_all_answer_alike_is_nominal() -> None:
    values = np.array([[0.0, 1.0], [0.0, 0.0], [0.0, 2.0]])
    design = build_design(values, [Item("a", "ordinal", 1), Item("b", "ordinal", 3)])
    assert [block.kind for block in design.layout.blocks] == ["nominal", "ordinal"]


def test_rows_without_any_answer_weigh_nothing() -> None:
    values = np.array([[0.0, 1.0], [np.nan, np.nan], [1.0, np.nan]])
    items = [Item("a", "binary", 2), Item("b", "binary", 2)]
    design = build_design(values, items, np.array([1.0, 5.0, 2.0]))
    assert design.n == 3.0
    assert sorted(design.weight.tolist()) == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("kind", ["joint", "direct"])
def test_pairs_of_one_size_stand_apart(kind: str) -> None:
    values = np.array(list(product(range(2), repeat=4)), dtype=float)
    items = [Item(name, "nominal", 2) for name in "abcd"]
    pairs = [Pair(0, 1, kind), Pair(2, 3, kind)]  # type: ignore[arg-type]
    design = build_design(values, items, np.arange(1.0, 17.0), pairs=pairs)
    assert [block.items for block in design.layout.blocks] == [((0, 1),), ((2, 3),)]
    model = unpack(design.layout, one_class(stack([design]))[:, 0])
    for table in model.tables:
        x = values[:, list(table.items)].astype(int)
        wanted = np.bincount(2 * x[:, 0] + x[:, 1], np.arange(1.0, 17.0)) / 136
        np.testing.assert_allclose(table.values[0], wanted, rtol=1e-9)


def test_designs_with_counts_or_measurements_have_no_words() -> None:
    values = np.array([[0.0, 1.0], [1.0, 2.0], [0.0, 0.0]])
    for family in ("count", "continuous"):
        items = [Item("a", "binary", 2), Item("b", family)]  # type: ignore[arg-type]
        design = build_design(values, items)
        assert write_words(design.layout, design.X) is None
    both = build_design(values[:2], [Item("a", "binary", 2), Item("b", "nominal", 3)])
    assert write_words(both.layout, both.X) is not None


@pytest.mark.parametrize("m", [1, 2, 3, 5])
def test_small_systems_are_solved_all_at_once(m: int) -> None:
    rng = np.random.default_rng(m)
    root = rng.normal(size=(4, 6, m, m))
    H = root @ root.swapaxes(-1, -2) + np.eye(m)
    right = rng.normal(size=(4, 6, m))
    wanted = np.linalg.solve(H, right[..., None])[..., 0]
    lower = np.tril(H).transpose(2, 3, 0, 1).copy()
    found = _solved(lower, right.transpose(2, 0, 1).copy(), np.full((4, 6), 1e-12))
    np.testing.assert_allclose(found, wanted.transpose(2, 0, 1), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("away", [1e-4, 1e-2])
def test_newton_steps_square_the_distance_from_the_optimum(away: float) -> None:
    """Adjacent-category logits: what is left of the score equations after one M step."""
    rng = np.random.default_rng(3)
    scores = np.array([[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 4.0, 5.0]])
    reference = np.array([1, 0])
    counts = rng.uniform(2.0, 9.0, (1, 2, K, 4))
    keep = [[0, 2, 3], [1, 2, 3]]
    statistics = np.stack([counts[:, j][..., keep[j]] for j in range(2)], axis=1)
    answered = counts.sum(axis=3)

    def left_over(eta: np.ndarray) -> float:
        most = 0.0
        for j in range(2):
            full = np.zeros((K, 4))
            full[:, keep[j]] = eta[0, j]
            p = np.exp(full - logsumexp(full, axis=1, keepdims=True))
            residual = counts[0, j] - answered[0, j][:, None] * p
            most = max(most, np.abs(residual.sum(axis=0)).max())
            most = max(most, np.abs(residual[1:] @ scores[j]).max())
        return float(most)

    eta = np.zeros_like(statistics)
    for _ in range(30):
        eta = fit_ordinal(statistics, answered, eta, scores, reference)
    assert left_over(eta) < 1e-9
    shape = np.stack([scores[j][keep[j]] - scores[j][reference[j]] for j in range(2)])
    effect = rng.normal(size=(2, K, 1)) * np.array([0.0, 1.0, 1.0])[:, None]
    moved = eta + away * (rng.normal(size=(1, 2, 1, 3)) + effect * shape[:, None])
    after = left_over(fit_ordinal(statistics, answered, moved, scores, reference))
    assert left_over(moved) > 5 * away
    assert after < 100 * away**2


@pytest.mark.parametrize("far", [1.0, 800.0])
def test_normalising_constants_neither_over_nor_underflow(far: float) -> None:
    eta = far * np.array([[[[1.0]], [[-1.0]]], [[[0.5]], [[-2.0]]]])
    T, n = np.full((2, 2, 1, 1), 2.0), np.full((2, 1, 1), 6.0)
    p, value = _expected(T, n, eta)
    logs = np.concatenate([eta, np.zeros((1, 2, 1, 1))])
    z = logsumexp(logs, axis=0)
    np.testing.assert_allclose(p, np.exp(eta - z), atol=1e-300)
    np.testing.assert_allclose(value, [[(T * eta).sum() - (n * z).sum()]])
    np.testing.assert_allclose(log_normaliser(np.moveaxis(eta, 0, -1)), z)


@pytest.mark.parametrize("groups", [1, 3])
def test_patterns_of_more_items_than_a_whole_number_holds(groups: int) -> None:
    """Rows are collapsed where they are alike in everything, and nowhere else."""
    rng = np.random.default_rng(7)
    values = rng.integers(3, size=(40, 60)).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    # Pairs of rows that differ in one item alone, one of the first or of the last.
    near = values[:20].copy()
    for row, column in zip(range(20), [0, 1, 29, 58, 59] * 4, strict=True):
        near[row, column] = 2.0 if values[row, column] != 2.0 else 1.0
    values = np.concatenate([values, near, values[:5]])
    group = np.arange(len(values)) % groups
    items = [Item(str(j), "nominal", 3) for j in range(60)]
    design = build_design(values, items, None, group)
    rows = np.column_stack([np.nan_to_num(values, nan=9.0), group])
    distinct = np.unique(rows, axis=0)
    assert len(design.X) == len(distinct)
    np.testing.assert_array_equal(design.values[design.inverse], values)
    np.testing.assert_array_equal(design.group[design.inverse], group)
    again = build_design(values[::-1], items, None, group[::-1])
    np.testing.assert_array_equal(again.values, design.values)


@pytest.mark.parametrize("n_runs", [1, 80])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_the_m_step_in_single_precision(n_runs: int, missing: float) -> None:
    """As in double precision; a category that nobody has keeps off zero."""
    design = nominal(missing=missing)
    T = np.stack([weighted(design, seed)[1] for seed in range(n_runs)], axis=1)
    wide = m_step(design.layout, T, np.zeros_like(T), Variances())
    narrow = m_step(design.layout, T.astype(np.float32), np.zeros_like(T), Variances())
    np.testing.assert_allclose(narrow, wide, rtol=2e-3, atol=2e-3)
    firsts = []
    for block in design.layout.blocks:
        each = block.size - 1
        for j, indicator in enumerate(block.indicator):
            own = block.start + j * each
            T[own : own + each] = 0.0
            if each:
                T[own] = T[indicator] * (1 + 1e-8)
                firsts.append(own)
    held = m_step(design.layout, T.astype(np.float32), np.zeros_like(T), Variances())
    assert np.isfinite(held).all()
    assert (held[firsts] < 20).all(), "what is left out is no less than rounding"


@pytest.mark.parametrize(
    ("place", "spread", "constant"),
    [(0.0, 1e-11, False), (0.0, 1e-13, True), (1e6, 1e-8, True), (1e6, 1e-4, False)],
)
def test_measurements_that_hardly_differ_are_constant(
    place: float, spread: float, constant: bool
) -> None:
    values = place + spread * np.array([[-1.0], [1.0], [-1.0], [1.0]])
    design = build_design(values, [Item("x", "continuous")])
    if constant:
        assert design.layout.scale[0] == 1.0
    else:
        assert design.layout.scale[0] == pytest.approx(spread, rel=1e-3)
