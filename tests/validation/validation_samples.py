"""A small codebook with a budget, services and a register, and waves drawn from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from swvtypes.membership import Membership, Origin
from swvtypes.survey import Codebook, Wave

POSTS = ("budget_special", "budget_decentral", "budget_pupil", "budget_services",
         "budget_management")  # fmt: skip
_TEXT = """
schema_version = 1
id = "small"
title = {nl = "Klein", en = "Small"}
year = 2020
sectors = [
  {id = "po", label = {nl = "primair", en = "primary"}, population = 800},
  {id = "vo", label = {nl = "voortgezet", en = "secondary"}, population = 700},
]
sets = [{id = "services", label = {nl = "diensten", en = "services"}, exclusive = "service_none"}]
compositions = [{id = "budget", label = {nl = "begroting", en = "budget"}, closure = "rescale"}]
answers = [{id = "kinds", label = {nl = "soorten", en = "kinds"}, categories = [
  {code = 1, label = {nl = "een", en = "one"}}, {code = 2, label = {nl = "twee", en = "two"}},
  {code = 3, label = {nl = "drie", en = "three"}}]}]
"""
_VARIABLES = [
    ("steering", "count", 'minimum = 1, maximum = 10'),
    ("kind", "nominal", 'answers = "kinds"'),
    ("tried", "binary", ""),
    *((post, "continuous", 'composition = "budget", minimum = 0') for post in POSTS),
    *((f"service_{name}", "binary", 'set = "services"') for name in ("a", "b", "c", "none")),
    ("equalisation", "continuous", 'origin = "register", role = "passive", optional = true'),
    ("boards", "count", 'origin = "register", role = "passive", optional = true'),
]  # fmt: skip


def codebook() -> Codebook:
    entries = [
        f'{{id = "{name}", label = {{nl = "{name} nl", en = "{name} en"}}, type = "{kind}"'
        + (f", {rest}" if rest else "")
        + "}"
        for name, kind, rest in _VARIABLES
    ]
    return Codebook.parse(_TEXT + "variables = [\n" + ",\n".join(entries) + "\n]\n", "small.toml")


def small_frame(seed: int = 0, n: int = 90) -> pd.DataFrame:
    """Answers in which steering bears on the budget and on service a; the rest is noise."""
    rng = np.random.default_rng(seed)
    steering = rng.integers(1, 11, n)
    logits = rng.normal(0, 0.7, (n, 5)) + np.array([0.5, 1.5, 0.2, 0.3, -0.5])
    logits[:, 1] -= 0.12 * (steering - 5)
    shares = np.round(100 * np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))
    shares[::15, 2] = 0
    shares[:, 1] += 100 - shares.sum(axis=1)
    a = rng.random(n) < 1 / (1 + np.exp(-0.4 * (steering - 5)))
    frame: dict[str, Any] = {
        "organisation": [f"O{k:03d}" for k in range(n)],
        "sector": np.where(np.arange(n) % 2 == 0, "po", "vo"),
        "steering": steering,
        "kind": rng.integers(1, 4, n),
        "tried": rng.integers(0, 2, n),
        **{post: shares[:, at] for at, post in enumerate(POSTS)},
        "service_a": a.astype(int),
        "service_b": rng.integers(0, 2, n),
        "service_c": (rng.random(n) < 0.05).astype(int),
    }
    table = pd.DataFrame(frame)
    none = table[["service_a", "service_b", "service_c"]].sum(axis=1) == 0
    table["service_none"] = none.astype(int)
    return table


def small_wave(seed: int = 0, n: int = 90, weights: np.ndarray | None = None) -> Wave:
    table = small_frame(seed, n)
    if weights is not None:
        table["survey_weight"] = weights
    wave = Wave.from_frame(table, codebook(), name="small")
    rng = np.random.default_rng(seed + 1)
    register = pd.DataFrame(
        {
            "organisation": table["organisation"],
            "equalisation": rng.normal(0, 10, n).round(1),
            "boards": rng.poisson(15, n) + 1,
        }
    )
    return wave.join_register(register)


def typed(wave: Wave, error: float = 0.15, seed: int = 0, *, apart: bool = False) -> Membership:
    """Two types by steering, with posteriors as of a model that errs this often."""
    rng = np.random.default_rng(seed)
    sector = wave.frame["sector"]
    true = (wave.column("steering") > 5).astype(int).to_numpy()
    sure = np.clip(rng.beta(8, 8 * error / (1 - error), len(true)), 0.5, 1)
    p = np.where(true == 1, sure, 1 - sure)
    frame = pd.DataFrame({"1": 1 - p, "2": p}, index=sector.index)
    if apart:
        frame = pd.DataFrame(
            {f"{s} {k}": frame[k].where(sector == s) for s in ("po", "vo") for k in ("1", "2")}
        )
    return Membership.from_probabilities(frame, wave, Origin(indicators=("budget_special",)))
