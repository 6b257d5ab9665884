"""Waves for the continuum: three synthetic seeds, and a small one with weights and gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from swvtypes.survey import Codebook, Wave, load_wave
from swvtypes.survey.schema import CodebookFile


def label(text: str) -> dict[str, str]:
    return {"nl": f"{text} (nl)", "en": f"{text} (en)"}


def variable(identity: str, kind: str, **rest: Any) -> dict[str, Any]:
    return {"id": identity, "label": label(identity), "type": kind, **rest}


def answers(identity: str, codes: range) -> dict[str, Any]:
    categories = [{"code": code, "label": label(str(code))} for code in codes]
    return {"id": identity, "label": label(identity), "categories": categories}


CODEBOOK = Codebook(
    CodebookFile.model_validate(
        {
            "schema_version": 1,
            "id": "small",
            "title": label("small"),
            "year": 2018,
            "sectors": [
                {"id": "po", "label": label("po"), "population": 60},
                {"id": "vo", "label": label("vo"), "population": 60},
            ],
            "sets": [{"id": "services", "label": label("services"), "exclusive": "service_none"}],
            "compositions": [{"id": "budget", "label": label("budget"), "closure": "tolerate"}],
            "answers": [answers("line", range(1, 11)), answers("kinds", range(1, 4))],
            "variables": [
                variable("steering", "ordinal", answers="line"),
                variable("tally", "count", minimum=1, maximum=5),
                variable("kind", "nominal", answers="kinds"),
                variable("service_a", "binary", set="services"),
                variable("service_b", "binary", set="services"),
                variable("service_none", "binary", set="services"),
                variable("budget_decentral", "continuous", composition="budget"),
                variable("budget_pupil", "continuous", composition="budget"),
                variable("flat", "continuous"),
                variable("absent", "continuous", optional=True),
            ],
        }
    )
)


def small_frame(n: int = 40, seed: int = 5) -> pd.DataFrame:
    """A frame in which steering raises services and lowers decentral means."""
    rng = np.random.default_rng(seed)
    steering = rng.integers(1, 11, n)
    means = np.clip(80 - 6 * steering + rng.normal(0, 15, n), 0, 100).round()
    a = (rng.random(n) < steering / 11).astype(int)
    b = (rng.random(n) < 0.5).astype(int)
    return pd.DataFrame(
        {
            "organisation": [f"O{i:03d}" for i in range(n)],
            "sector": np.where(np.arange(n) % 2 == 0, "po", "vo"),
            "survey_weight": rng.uniform(0.5, 2.0, n).round(2),
            "steering": steering,
            "tally": rng.integers(1, 6, n),
            "kind": rng.integers(1, 4, n),
            "service_a": a,
            "service_b": b,
            "service_none": ((a + b) == 0).astype(int),
            "budget_decentral": means,
            "budget_pupil": 100 - means,
            "flat": 3.0,
        }
    )


def make_wave(frame: pd.DataFrame) -> Wave:
    return Wave.from_frame(frame, CODEBOOK, name="small")


@pytest.fixture(scope="session")
def small() -> Wave:
    return make_wave(small_frame())


@pytest.fixture(scope="session", params=[1, 2, 3], ids="seed {}".format)
def monitor(request: pytest.FixtureRequest) -> Wave:
    return load_wave("monitor_2016", seed=request.param)


@pytest.fixture(scope="session")
def first() -> Wave:
    return load_wave("monitor_2016", seed=1)
