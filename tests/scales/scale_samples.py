"""A small codebook and waves for tests of scales."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.survey import Codebook, Wave

_HEAD = """
schema_version = 1
id = "small"
title = {nl = "Klein", en = "Small"}
year = 2016
sectors = [
  {id = "po", label = {nl = "primair", en = "primary"}, population = 770},
  {id = "vo", label = {nl = "voortgezet", en = "secondary"}, population = 750},
]
missing = [
  {id = "dont_know", code = 99, label = {nl = "weet niet", en = "don't know"}, enters = "random"},
]
batteries = [
  {id = "care_block", label = {nl = "blok zorg", en = "care block"}},
  {id = "loose_block", label = {nl = "blok los", en = "loose block"}},
  {id = "kind_block", label = {nl = "blok soort", en = "kind block"}},
]
scales = [{id = "care", label = {nl = "zorg", en = "care"}}]
sets = [{id = "help", label = {nl = "hulp", en = "help"}, exclusive = "help_none"}]

[[answers]]
id = "five"
label = {nl = "vijf", en = "five"}
categories = [
  {code = 1, label = {nl = "1", en = "1"}}, {code = 2, label = {nl = "2", en = "2"}},
  {code = 3, label = {nl = "3", en = "3"}}, {code = 4, label = {nl = "4", en = "4"}},
  {code = 5, label = {nl = "5", en = "5"}},
]

[[answers]]
id = "six"
label = {nl = "zes", en = "six"}
categories = [
  {code = 1, label = {nl = "1", en = "1"}}, {code = 2, label = {nl = "2", en = "2"}},
  {code = 6, label = {nl = "6", en = "6"}},
]
"""

CARE = ("care_a", "care_b", "care_c", "care_d")
LOOSE = ("loose_a", "loose_b", "loose_c", "loose_d")


def _entry(name: str, more: str, answers: str = "five", kind: str = "ordinal") -> str:
    return (
        f'[[variables]]\nid = "{name}"\nlabel = {{nl = "{name} nl", en = "{name} en"}}\n'
        f'type = "{kind}"\nanswers = "{answers}"\nmissing = ["dont_know"]\n{more}\n'
    )


def small_codebook() -> Codebook:
    """Four items of care (the third reversed), two of its block outside, and loose ones."""
    parts = [_HEAD]
    for name in CARE:
        turned = "reversed = true" if name == "care_c" else ""
        parts.append(_entry(name, f'scale = "care"\nbattery = "care_block"\n{turned}'))
    parts.append(_entry("care_odd", 'battery = "care_block"'))
    parts.append(_entry("care_vo", 'battery = "care_block"\nsectors = ["vo"]'))
    parts += [_entry(name, 'battery = "loose_block"') for name in LOOSE]
    parts += [
        _entry(name, 'battery = "kind_block"', "five", "nominal") for name in ("kind_a", "kind_b")
    ]
    parts.append(_entry("wide", "", "six"))
    for name in ("help_a", "help_b", "help_c", "help_none"):
        parts.append(
            f'[[variables]]\nid = "{name}"\nlabel = {{nl = "{name}", en = "{name}"}}\n'
            'type = "binary"\nset = "help"\n'
        )
    parts.append(
        '[[variables]]\nid = "boards"\nlabel = {nl = "besturen", en = "boards"}\ntype = "count"\n'
    )
    return Codebook.parse("\n".join(parts), "small.toml")


def likert(latent: np.ndarray) -> np.ndarray:
    """Cut normal variables into answers 1 to 5."""
    return np.digitize(latent, [-1.5, -0.5, 0.5, 1.5]) + 1


def factor_answers(rng: np.random.Generator, n: int, loadings: list[float]) -> np.ndarray:
    """Likert answers of a one-factor model, shape (n, n_items)."""
    pattern = np.array(loadings)
    factor = rng.standard_normal((n, 1))
    return likert(
        factor * pattern + rng.standard_normal((n, len(pattern))) * np.sqrt(1 - pattern**2)
    )


def small_frame(seed: int = 1, n: int = 120) -> pd.DataFrame:
    """A data file: care is one factor, care_odd and the loose items are noise."""
    rng = np.random.default_rng(seed)
    care = factor_answers(rng, n, [0.75, 0.7, 0.7, 0.65, 0.7])
    frame = pd.DataFrame(
        {
            "organisation": [f"o{i:03d}" for i in range(n)],
            "sector": ["po"] * (n // 2) + ["vo"] * (n - n // 2),
        }
    )
    for at, name in enumerate(CARE):
        frame[name] = 6 - care[:, at] if name == "care_c" else care[:, at]
    frame["care_odd"] = likert(rng.standard_normal(n))
    frame["care_vo"] = np.where(frame["sector"] == "vo", care[:, 4], np.nan)
    for name in LOOSE:
        frame[name] = likert(rng.standard_normal(n))
    for name in ("kind_a", "kind_b"):
        frame[name] = rng.integers(1, 6, n)
    frame["wide"] = rng.choice([1, 2, 6], n)
    chosen = rng.integers(0, 2, (n, 3))
    for at, name in enumerate(("help_a", "help_b", "help_c")):
        frame[name] = chosen[:, at]
    frame["help_none"] = (chosen.sum(axis=1) == 0).astype(int)
    frame["boards"] = rng.integers(1, 40, n)
    return frame


def small_wave(frame: pd.DataFrame | None = None, *, synthetic: bool = False) -> Wave:
    """The wave of a data file (a fresh one unless given)."""
    frame = small_frame() if frame is None else frame
    if synthetic:
        frame = frame.assign(synthetic="true", seed=1)
    return Wave.from_frame(frame, small_codebook(), name="small")
