"""Fitted results for the figures, and a guard against fitting again."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import ClassEnumeration, FitTest, LatentClassModel, bootstrap_fit
from swvtypes.lca import enumerate_classes as enumerate_all

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
plt = pytest.importorskip("matplotlib.pyplot")


@pytest.fixture(scope="session")
def answers() -> pd.DataFrame:
    """Three classes on items of several kinds, some answers missing."""
    rng = np.random.default_rng(7)
    n = 160
    c = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    frame = pd.DataFrame(
        {
            f"yes {j}": (rng.random(n) < np.choose(c, [0.9, 0.2, 0.9 if j % 2 else 0.1])) * 1.0
            for j in range(6)
        }
    )
    frame["rating of the cooperation with all schools in the region"] = np.clip(
        np.rint(rng.normal(np.choose(c, [4, 2, 3]), 0.8)), 1, 5
    )
    frame["colour"] = np.choose(c, [rng.choice(3, n), rng.choice(3, n), rng.choice(3, n)])
    frame["colour"] = np.array(["red", "green", "blue"])[frame["colour"].to_numpy()]
    frame["budget"] = rng.normal(np.choose(c, [10.0, 14.0, 12.0]), 2.0)
    frame.loc[::17, "yes 0"] = np.nan
    return frame


def _fit(frame: pd.DataFrame, n_classes: int) -> LatentClassModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        model = LatentClassModel(n_classes, n_init=10, random_state=1, n_jobs=1)
        return model.fit(frame)


@pytest.fixture(scope="session")
def three(answers: pd.DataFrame) -> LatentClassModel:
    return _fit(answers, 3)


@pytest.fixture(scope="session")
def four(answers: pd.DataFrame) -> LatentClassModel:
    return _fit(answers, 4)


@pytest.fixture(scope="session")
def residual_test(three: LatentClassModel) -> FitTest:
    return bootstrap_fit(three, 19, n_init=10, random_state=1, n_jobs=1)


@pytest.fixture(scope="session")
def enumeration(answers: pd.DataFrame) -> ClassEnumeration:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        return enumerate_all(
            answers.filter(like="yes"), range(1, 5), n_init=10, n_boot=19, boot_n_init=10,
            random_state=1, n_jobs=1,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_is_fitted_again(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    for name in ("three", "four", "residual_test", "enumeration"):
        request.getfixturevalue(name)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a figure fitted a model")

    monkeypatch.setattr("swvtypes.lca.estimator.fit_classes", refuse)
    monkeypatch.setattr("swvtypes.lca.replicates.fit_replicates", refuse)
    yield
    plt.close("all")
