"""A fit checked by StepMix, and every way in which it cannot be."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from swvtypes.errors import InputError, MissingExtraError
from swvtypes.lca import LatentClassModel
from swvtypes.lca.second_engine import CrossCheck, cross_check


def data(seed: int = 1, n: int = 120) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    classes = rng.integers(2, size=n)
    answers = rng.random((n, 5)) < np.where(classes, 0.85, 0.25)[:, None]
    return pd.DataFrame(answers.astype(int), columns=list("abcde"))


def fitted(frame: pd.DataFrame, **options: object) -> LatentClassModel:
    weight = options.pop("sample_weight", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return LatentClassModel(2, n_init=10, random_state=1, **options).fit(  # type: ignore[arg-type]
            frame, sample_weight=weight
        )


def test_both_engines_find_the_same_with_gaps_and_weights() -> None:
    frame = data()
    gaps = frame.astype(float).mask(np.random.default_rng(2).random(frame.shape) < 0.1)
    weight = np.arange(len(frame)) % 3
    for found in (
        cross_check(fitted(frame), frame),
        cross_check(fitted(gaps), gaps),
        cross_check(fitted(frame, sample_weight=weight), frame, weight),
    ):
        assert found.agrees
        assert found.log_likelihood == pytest.approx(found.ours, abs=1e-4)
        assert found.engine.startswith("StepMix 3")


def test_a_lower_fit_does_not_agree() -> None:
    assert not CrossCheck("StepMix", -100.0, -100.1, 5).agrees


def test_models_that_stepmix_does_not_have() -> None:
    frame = data().assign(z=np.random.default_rng(3).normal(size=120))
    with pytest.raises(InputError, match="others: z") as caught:
        cross_check(fitted(frame, prior=1.0), frame)
    assert "the model has a prior" in str(caught.value)
    grouped = data().assign(g=["po", "vo"] * 60)
    with pytest.raises(InputError, match="no known groups"):
        cross_check(fitted(grouped, group="g"), grouped)
    with pytest.raises(InputError, match="no local dependence"):
        cross_check(fitted(data(), local_dependence=[("a", "b")]), data())
    survey = LatentClassModel(2, n_init=5, random_state=1).fit(
        data(), survey_weight=np.linspace(1, 2, 120)
    )
    with pytest.raises(InputError, match="no survey weights"):
        cross_check(survey, data())


def test_other_rows_than_those_of_the_fit() -> None:
    with pytest.raises(InputError, match="expected the rows of the fit"):
        cross_check(fitted(data()), data(5))


def test_without_stepmix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stepmix", None)
    with pytest.raises(MissingExtraError, match="needs the library stepmix"):
        cross_check(fitted(data()), data())
