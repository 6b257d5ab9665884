"""Classes on a line: nesting, identities, weights, missing answers, monotone likelihood."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swvtypes.errors import InputError
from swvtypes.lca.design import Item, Pair, build_design
from swvtypes.lca.em import Settings, expectation, stack
from swvtypes.lca.families import Variances, count_parameters, unpack
from swvtypes.lca.fit import Starts, fit_classes
from swvtypes.typology.continuum.line_fit import fit_line
from swvtypes.typology.continuum.line_model import (
    SHAPES,
    TRAIT_NODES,
    Line,
    State,
    count_line_parameters,
    natural,
    trait_shares,
)
from swvtypes.typology.continuum.line_steps import line_step

EXACT = Settings(5000, 1e-11)


def answers(seed: int = 1, n: int = 150, missing: float = 0.1) -> np.ndarray:
    """Three binary, one four-category, one ordinal item and a count on a normal trait."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(n)
    out = np.empty((n, 6))
    for j in range(3):
        out[:, j] = rng.random(n) < 1 / (1 + np.exp(-(1.4 * z + (j - 1) * 0.7)))
    for j, slopes in ((3, np.array([0.0, 0.3, 1.2, 0.9])), (4, 0.8 * np.arange(4))):
        logits = z[:, None] * slopes - 0.3 * np.arange(4)
        p = np.exp(logits)
        p = (p / p.sum(axis=1, keepdims=True)).cumsum(axis=1)
        out[:, j] = (rng.random(n)[:, None] > p[:, :-1]).sum(axis=1)
    out[:, 5] = rng.poisson(np.exp(0.4 + 0.5 * z))
    out[rng.random(out.shape) < missing] = np.nan
    return out


ITEMS = [
    Item("a", "binary", 2),
    Item("b", "nominal", 2),
    Item("c", "nominal", 2),
    Item("d", "nominal", 4),
    Item("e", "ordinal", 4),
    Item("f", "count"),
]


@pytest.fixture(scope="module")
def design():
    return build_design(answers(), ITEMS)


def log_likelihood(design, line: Line, n_init: int = 8) -> float:
    return float(fit_line(stack([design]), line, [3], n_init, EXACT).log_likelihood[0])


def test_two_nodes_are_two_classes(design) -> None:
    free = fit_classes(design, 2, Starts(40, 1))
    for positions in ("equal", "free"):
        line = Line(2, positions=positions)
        assert log_likelihood(design, line) == pytest.approx(free.log_likelihood, abs=2e-5)
        assert count_line_parameters(design.layout, line) == free.n_parameters


def test_nesting(design) -> None:
    classes = {K: fit_classes(design, K, Starts(60, 1)).log_likelihood for K in (1, 2, 3, 4)}
    equal = {Q: log_likelihood(design, Line(Q)) for Q in (2, 3, 4, 5)}
    free = {Q: log_likelihood(design, Line(Q, positions="free")) for Q in (3, 4)}
    slack = 1e-4
    for Q in (3, 4):
        assert classes[Q] + slack >= free[Q] >= equal[Q] - slack
    assert equal[2] > classes[1]
    # Nodes at -1, 0, 1 are among those at -1, -.5, 0, .5, 1; two ends are among any.
    assert equal[5] >= equal[3] - slack
    assert min(equal[3], equal[4]) >= equal[2] - slack
    for shape in SHAPES:
        assert log_likelihood(design, Line(TRAIT_NODES, shape)) > classes[1]


def test_slopes_of_zero_are_independence(design) -> None:
    problem = stack([design])
    one = fit_classes(design, 1, Starts(1, 1))
    first = design.layout.n_indicators
    line = Line(TRAIT_NODES, "normal")
    # With one class the intercepts are the natural parameters themselves.
    flat = one.A[first:]
    state = State(
        flat.copy(), np.zeros_like(flat), np.log(line.shares)[None], line.nodes[None].copy()
    )
    found, _ = expectation(problem, natural(design.layout, state), np.zeros(1, np.intp))
    assert found[0] + design.constant == pytest.approx(one.log_likelihood, abs=1e-9)


def test_no_step_lowers_the_likelihood(design) -> None:
    problem = stack([design])
    rng = np.random.default_rng(5)
    C, B = design.layout.width - design.layout.n_indicators, 6
    replicate = np.zeros(B, np.intp)
    for line in (Line(4), Line(4, positions="free"), Line(TRAIT_NODES, "skewed")):
        state = State(
            rng.normal(size=(C, B)) * 0.5, rng.normal(size=(C, B)) * 0.5,
            np.tile(np.log(line.shares), (B, 1)), np.tile(line.nodes, (B, 1)),
        )  # fmt: skip
        before = np.full(B, -np.inf)
        for _ in range(25):
            value, T = expectation(problem, natural(design.layout, state), replicate)
            assert (value >= before - 1e-8).all()
            before, state = value, line_step(design.layout, line, T, state)


def test_stationary_point(design) -> None:
    """At the end, the likelihood falls in whichever direction a parameter moves."""
    problem = stack([design])
    line = Line(TRAIT_NODES, "normal")
    fit = fit_line(problem, line, [1], 4, EXACT)
    where = np.zeros(1, np.intp)

    def at(intercept: np.ndarray, slope: np.ndarray) -> float:
        state = State(intercept, slope, fit.state.log_shares, fit.state.x)
        return float(expectation(problem, natural(design.layout, state), where)[0][0])

    a, b = fit.state.intercept, fit.state.slope
    top = at(a, b)
    ordinal = next(block for block in design.layout.blocks if block.kind == "ordinal")
    first = design.layout.n_indicators
    for c in range(len(a)):
        for step in (-0.02, 0.02):
            moved = a.copy()
            moved[c] += step
            assert at(moved, b) < top + 1e-7
            if not ordinal.start <= c + first < ordinal.stop:
                moved = b.copy()
                moved[c] += step
                assert at(a, moved) < top + 1e-7


def test_ordinal_slopes_are_one_slope_times_scores(design) -> None:
    fit = fit_line(stack([design]), Line(5), [1], 4)
    parameters = unpack(
        design.layout, np.ascontiguousarray(natural(design.layout, fit.state)[:, 0])
    )
    table = next(t.values for t in parameters.tables if t.kind == "ordinal")
    steps = np.diff(np.log(table), axis=1)  # adjacent-category logits (Q, 3)
    along = np.diff(steps, axis=0)
    assert np.abs(along - along[0, 0]).max() < 1e-6
    assert parameters.n_classes == 5


def test_weight_two_is_the_row_twice() -> None:
    values = answers(4, 80)
    weight = np.where(np.arange(80) % 3 == 0, 2.0, 1.0)
    twice = np.repeat(values, weight.astype(int), axis=0)
    line = Line(TRAIT_NODES, "uniform")
    weighted = log_likelihood(build_design(values, ITEMS, weight), line)
    assert weighted == pytest.approx(log_likelihood(build_design(twice, ITEMS), line), abs=1e-8)


def test_rows_without_answers_and_order_do_not_matter(design) -> None:
    values = answers()
    empty = np.vstack([values, np.full((3, 6), np.nan)])
    shuffled = values[np.random.default_rng(2).permutation(len(values))]
    line = Line(3)
    base = log_likelihood(design, line)
    assert log_likelihood(build_design(empty, ITEMS), line) == pytest.approx(base, abs=1e-8)
    assert log_likelihood(build_design(shuffled, ITEMS), line) == pytest.approx(base, abs=1e-8)


def test_missing_is_marginalised(design) -> None:
    """The density of a row with a gap is the sum over what could have stood there."""
    fit = fit_line(stack([design]), Line(TRAIT_NODES, "skewed"), [1], 4)
    row = np.array([[1.0, 0.0, 1.0, np.nan, 2.0, 3.0]])
    filled = np.repeat(row, 4, axis=0)
    filled[:, 3] = np.arange(4)

    def density(rows: np.ndarray) -> np.ndarray:
        from swvtypes.lca.fit import posterior

        one = build_design(rows, ITEMS)
        A = np.ascontiguousarray(natural(design.layout, fit.state)[:, 0])
        found = posterior(one, unpack(design.layout, A))[1]
        return np.asarray(np.exp(found)[one.inverse])

    assert density(filled).sum() == pytest.approx(density(row)[0], rel=1e-10)


def test_likelihood_by_hand() -> None:
    """Two binary items, three nodes: the sum over nodes written out."""
    values = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [1, 1], [0, 0], [1, 0]], dtype=float)
    design = build_design(values, [Item("a", "nominal", 2), Item("b", "nominal", 2)])
    line = Line(3, "normal")
    fit = fit_line(stack([design]), line, [1], 2)
    parameters = unpack(
        design.layout, np.ascontiguousarray(natural(design.layout, fit.state)[:, 0])
    )
    shares = np.exp(parameters.log_shares[0])
    assert shares == pytest.approx(trait_shares("normal", line.nodes), abs=1e-12)
    tables = {t.items[0]: t.values for t in parameters.tables}
    by_hand = sum(
        np.log(sum(shares[q] * tables[0][q, int(x)] * tables[1][q, int(y)] for q in range(3)))
        for x, y in values
    )
    assert fit.log_likelihood[0] == pytest.approx(by_hand, abs=1e-10)
    logits = np.log(tables[0][:, 1] / tables[0][:, 0])
    assert np.diff(logits, 2) == pytest.approx(0.0, abs=1e-9)


def test_replicates_together_and_apart() -> None:
    """A data set gets the same answer alone and among others."""
    values = [answers(seed, 60, 0.0)[:, :3] for seed in (1, 2, 3)]
    base = build_design(np.vstack(values), ITEMS[:3])
    from swvtypes.lca.design import redesign
    from swvtypes.lca.replicates import one_row_a_case, rows_of

    cases = rows_of(one_row_a_case(base), np.arange(60), np.ones(60))
    designs = [redesign(cases, v) for v in values]
    line = Line(TRAIT_NODES, "normal")
    together = fit_line(stack(designs), line, [5, 6, 7], 3, EXACT)
    for r, one in enumerate(designs):
        alone = fit_line(stack([one]), line, [5 + r], 3, EXACT)
        assert together.log_likelihood[r] == pytest.approx(alone.log_likelihood[0], abs=1e-7)


def test_shapes() -> None:
    nodes = Line(TRAIT_NODES, "normal").nodes
    for shape in SHAPES:
        assert trait_shares(shape, nodes).sum() == pytest.approx(1.0)
    assert np.ptp(trait_shares("uniform", nodes)) == 0.0
    skewed = trait_shares("skewed", nodes)
    mean = skewed @ nodes
    spread = np.sqrt(skewed @ (nodes - mean) ** 2)
    assert skewed @ ((nodes - mean) / spread) ** 3 > 0.8


def test_parameters_of_free_classes_and_lines(design) -> None:
    layout = design.layout
    trait = count_line_parameters(layout, Line(TRAIT_NODES, "normal"))
    assert trait == 3 * 2 + 6 + 4 + 2
    assert count_line_parameters(layout, Line(4)) == trait + 3
    assert count_line_parameters(layout, Line(4, positions="free")) == trait + 5
    assert count_line_parameters(layout, Line(2)) == count_parameters(layout, 2, Variances())


def test_refuses_what_cannot_be_laid_on_a_line() -> None:
    values = np.column_stack([answers()[:, :3], np.random.default_rng(1).normal(size=150)])
    items = [*ITEMS[:3], Item("size", "continuous")]
    group = (np.arange(150) % 2).astype(np.intp)
    design = build_design(values, items, None, group, [Pair(1, 2)])
    with pytest.raises(InputError) as caught:
        fit_line(stack([design]), Line(3), [1], 2)
    text = str(caught.value)
    assert "expected one group, got 2 known groups" in text
    assert "expected no local dependence, got 1 pairs" in text
    assert "item 'size' is continuous" in text


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 2.0, float("nan")]), min_size=3, max_size=3),
        min_size=4, max_size=25,
    ),
    st.sampled_from([Line(3), Line(3, positions="free"), Line(5, "normal"), Line(5, "skewed")]),
)  # fmt: skip
def test_any_answers(rows: list[list[float]], line: Line) -> None:
    values = np.array(rows)
    if np.isnan(values).all():
        return
    items = [Item(f"i{j}", "ordinal" if j else "nominal", 3) for j in range(3)]
    design = build_design(values, items)
    found = fit_line(stack([design]), line, [1], 3, Settings(300, 1e-8)).log_likelihood[0]
    one = fit_classes(design, 1, Starts(1, 1)).log_likelihood
    assert np.isfinite(found)
    assert one - 1e-3 <= found <= 1e-9
