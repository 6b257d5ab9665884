"""Register figures as predictors of those who did not answer, and mixtures of class densities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError
from swvtypes.typology.nonresponse import Predictor
from swvtypes.typology.refitting import mixed

REGISTER = pd.DataFrame(
    {
        "sector": ["po", "po", "po", "po", "vo"],
        "year": [2016] * 5,
        "size": [10.0, 20.0, np.nan, 30.0, 99.0],
        "same": [1.0] * 5,
    },
    index=["a", "b", "c", "d", "e"],
)


def test_figures_are_standardised_within_the_sector() -> None:
    held = Predictor.made(REGISTER, "po", pd.Index(["b", "a"]), 7)
    assert held.n == 2
    assert held.answered is not None
    assert held.absent is not None
    np.testing.assert_allclose(held.answered, [[0.0, 0.0], [-1.0, 0.0]])
    np.testing.assert_allclose(held.absent, [[0.0, 0.0], [1.0, 0.0]])


@pytest.mark.parametrize("register", [None, REGISTER[["sector", "year"]]])
def test_without_figures_the_shares_predict(register: pd.DataFrame | None) -> None:
    held = Predictor.made(register, "po", pd.Index(["a"]), 7)
    assert held.n == 7
    assert held.answered is held.absent is None


def test_figures_that_are_no_numbers_are_all_named() -> None:
    words = REGISTER.assign(place="x", kind="y")
    with pytest.raises(InputError) as caught:
        Predictor.made(words, "po", pd.Index(["a"]), 7)
    assert caught.value.faults == (
        "column 'place': expected numbers",
        "column 'kind': expected numbers",
    )


def test_mixtures_of_densities_far_from_one() -> None:
    logs = np.array([[[-2000.0, -2001.0], [3.0, 1.0]]])
    rho = np.array([[[0.25, 0.75], [1.0, 0.0], [0.5, 0.5]]])
    found = mixed(logs, rho)
    wanted = np.logaddexp(np.log(0.25) + logs[..., 0], np.log(0.75) + logs[..., 1])
    assert found.shape == (1, 2, 3)
    np.testing.assert_allclose(found[..., 0], wanted)
    np.testing.assert_allclose(found[..., 1], logs[..., 0])
