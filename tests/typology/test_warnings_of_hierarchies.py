"""What a user is warned of after a fit, each once and in numbers."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from swvtypes.errors import (
    BoundaryWarning,
    FoundOnceWarning,
    ManyParametersWarning,
    NotConvergedWarning,
)
from swvtypes.typology.hierarchy.fit_warnings import boundary_counts, warn_about_fit
from swvtypes.typology.specification import TypologyOptions
from swvtypes.typology.theme_step import theme_options


def outcome(**more: Any) -> Any:
    """A fit with one theme of a yes-or-no item and a count, two superclusters of two classes."""
    tables = (
        SimpleNamespace(kind="nominal", values=np.array([[0.2, 0.8], [0.6, 0.4]])),
        SimpleNamespace(kind="count", values=np.array([[0.0], [3.0]])),
    )
    model = SimpleNamespace(
        shares=np.array([0.5, 0.5]), conditional=(np.array([[0.9, 0.1], [0.3, 0.7]]),),
        tables=(tables,),
    )  # fmt: skip
    given = {"n_parameters": 9, "converged": True, "times_found": 3, "model": model}
    return SimpleNamespace(**given | more)


COUPLED: Any = SimpleNamespace(n=40.0)


def test_a_sound_fit_gives_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_about_fit(outcome(), COUPLED, 10, 500)
        warn_about_fit(outcome(times_found=1), COUPLED, 1, 500)
        warn_about_fit(outcome(n_parameters=40), COUPLED, 10, 500)


@pytest.mark.parametrize(
    ("more", "kind", "text"),
    [
        ({"n_parameters": 41}, ManyParametersWarning, "41 parameters for 40 cases"),
        ({"converged": False}, NotConvergedWarning, "had not converged after 500 steps"),
        ({"times_found": 1}, FoundOnceWarning, "from one of 10 starts only"),
    ],
)
def test_each_weakness_is_named(more: dict[str, Any], kind: type[Warning], text: str) -> None:
    with pytest.warns(kind, match=text) as caught:
        warn_about_fit(outcome(**more), COUPLED, 10, 500)
    assert len(caught) == 1


def test_estimates_on_the_boundary_are_counted() -> None:
    found = outcome()
    assert boundary_counts(found) == (0, 10)
    found.model.tables[0][0].values[0] = [0.0, 1.0]
    assert boundary_counts(found) == (2, 10)
    with pytest.warns(BoundaryWarning, match="2 of 10 estimates lie on the boundary"):
        warn_about_fit(found, COUPLED, 10, 500)
    found.model.shares = np.array([1.0])
    found.model.conditional = (np.ones((2, 1)),)
    assert boundary_counts(found) == (2, 4)


def test_a_theme_is_analysed_by_the_options_of_the_typology() -> None:
    asked = TypologyOptions(n_init=7, n_boot=99, boot_n_init=3, level=0.1)
    given = theme_options(asked)
    assert (given.n_init, given.n_boot, given.level, given.n_jobs) == (7, 99, 0.1, 1)
    assert given.boot_n_init == 10, "ten starts at least"
    assert given.search
    assert not theme_options(TypologyOptions(quick=True)).search
