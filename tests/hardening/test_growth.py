"""The measuring of growth and of where time goes, on made-up figures."""

from __future__ import annotations

import pytest

from benchmarks import growth, run_profile
from docs.generate import growth_figures


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_a_slope_is_that_of_the_upper_part(exponent: float) -> None:
    sizes = [10.0 * 3**k for k in range(8)]
    seconds = [0.001 + 1e-3 * s**exponent for s in sizes]
    found = growth.slope(sizes, seconds)
    assert found == pytest.approx(exponent, abs=0.05)
    assert found is not None
    assert found <= exponent + 1e-9  # fixed costs can only flatten it


def test_a_short_ladder_has_no_slope() -> None:
    assert growth.slope([1.0, 2.0], [1.0, 2.0]) is None
    flat = [1.0, 10.0, 100.0, 1000.0], [1.0, 1.0, 1.0, 1.0]
    assert growth.slope(*flat) is None  # fixed costs hide it
    assert growth.slope(*flat, whole=True) == pytest.approx(0.0)


def test_a_ladder_stops_before_the_step_that_would_be_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken: list[int] = []

    def make(size: int) -> object:
        taken.append(size)
        return lambda: size

    from benchmarks import growth_stages

    monkeypatch.setattr(growth_stages, "scoring", make)
    monkeypatch.setattr(growth, "processor", lambda action, repeats: action() / 100.0)
    found = growth.climb(
        growth.Stage("made up", "rows", "scoring", (10, 20, 40, 80, 160, 320)), 1.7
    )
    assert taken == [10, 10, 20, 40, 80, 160]
    assert found["stopped_before"] == 320
    assert found["slope"] == pytest.approx(1.0)
    assert found["no_faster_than_its_mathematics"] is True
    steep = growth.Stage("made up", "rows", "scoring", (10, 20, 40, 80, 160), expected=0.8)
    assert growth.climb(steep, 9.0)["no_faster_than_its_mathematics"] is False


def test_every_stage_can_be_made() -> None:
    from benchmarks import growth_stages

    for stage in growth.STAGES:
        assert callable(getattr(growth_stages, stage.make)), stage
        assert list(stage.sizes) == sorted(set(stage.sizes))


def test_samples_are_shared_out_by_room_and_kind() -> None:
    import_frame = "<module> (<frozen importlib._bootstrap>:2)"
    stacks = [
        "run (swvtypes/lca/em/rows.py:8);DOUBLE_exp_AVX512F (_multiarray_umath.so) 3",
        "run (swvtypes/lca/em/rows.py:9);cblas_dgemm (libscipy_openblas64.so) 2",
        "fit (swvtypes/typology/routes.py:5);concat (pandas/core/frame.py:1);realloc (libc.so) 4",
        f"main (swvtypes/cli/app.py:1);{import_frame};read (libc.so.6) 1",
    ]
    found = run_profile.shares("\n".join(stacks))
    assert found["rooms"] == {"lca": 0.5, "typology": 0.4, "imports": 0.1}
    assert found["kinds"] == {
        "tables": 0.4, "exponentials and logarithms": 0.3,
        "matrix products and factorisations": 0.2, "imports": 0.1,
    }  # fmt: skip
    assert found["functions"]["run (swvtypes/lca/em/rows.py)"] == 0.5


def test_the_figure_tells_a_stage_that_grows_too_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = {"slope": 1.4, "expected": 1.0, "no_faster_than_its_mathematics": False}
    stages = {"a": stage, "b": {**stage, "slope": 0.9, "no_faster_than_its_mathematics": True}}
    stored = {"stages": stages, "margin": 0.15}
    monkeypatch.setattr(growth_figures, "figure", lambda file, key: stored[key])
    drawn = growth_figures.slopes()
    assert drawn.count(f'fill="{growth_figures.PEER}"') == 2  # the legend's and the stage's
    assert "a: 1.40" in drawn
    assert "b: 0.90" in drawn
