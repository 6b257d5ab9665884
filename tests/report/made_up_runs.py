"""Small made-up runs, and one whose names and labels try to be more than text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swvtypes.language import Label
from swvtypes.longitudinal import compare_memberships
from swvtypes.membership import Membership, Origin
from swvtypes.report import EarlierWave, ReportInputs
from swvtypes.steering import summarise
from swvtypes.survey import Codebook, Wave

HOSTILE = (
    "<script>window.struck=1</script>",
    '=HYPERLINK("http://example.invalid","x")',
    "../../etc/passwd",
    "L" * 10_000,
    "\u202egnp.exe\u202c",
    "\N{PARTY POPPER}\N{ZERO WIDTH JOINER}\N{FIRE}",
    "\"><img src=x onerror='window.struck=1'>",
    "</script><script>window.struck=1</script>",
    "'; window.struck=1; //",
    "<!--<script>",
)


def codebook(labels: dict[str, str] | None = None, population: int = 600) -> Codebook:
    """Give a codebook of five yes-or-no items, a place on a line and a register figure."""
    given = labels or {}

    def text(name: str) -> str:
        label = given.get(name, name).replace("\\", "\\\\").replace('"', '\\"')[:200]
        return f'{{nl = "{label}", en = "{label}"}}'

    items = "\n".join(
        f'{{id = "{n}", label = {text(n)}, type = "binary", theme = "policy"}},'
        for n in ("vision", "aims", "funds", "contact", "website")
    )
    places = "\n".join(
        f'{{code = {k}, label = {{nl = "plek {k}", en = "place {k}"}}}},' for k in range(1, 6)
    )
    return Codebook.parse(f"""
schema_version = 1
id = "made_up"
title = {text("title")}
year = 2020
sectors = [
  {{id = "po", label = {{nl = "primair", en = "primary"}}, population = {population}}},
  {{id = "vo", label = {{nl = "voortgezet", en = "secondary"}}, population = {population}}},
]
themes = [{{id = "policy", label = {text("policy")}}}]
answers = [{{id = "place", label = {{nl = "plek", en = "place"}}, categories = [{places}]}}]
variables = [
{items}
{{id = "steering", label = {text("steering")}, type = "ordinal", answers = "place"}},
{{id = "boards", label = {text("boards")}, type = "count", origin = "register", role = "passive"}},
]
""")


def made_up(n: int, seed: int = 1, names: list[str] | None = None, **labels: str) -> ReportInputs:
    """Give a run of n organisations, half of each sector, three shared types, and a wave before."""
    rng = np.random.default_rng(seed)
    ids = names or [f"SYN-{k:04d}" for k in range(n)]
    index = pd.Index(ids, name="organisation")
    kind = rng.choice(3, size=n, p=(0.55, 0.35, 0.10))
    frame = pd.DataFrame({"sector": np.where(np.arange(n) % 2 == 0, "po", "vo")}, index=index)
    frame["synthetic"] = True
    frame["seed"] = seed
    for j, name in enumerate(("vision", "aims", "funds", "contact", "website")):
        frame[name] = (rng.random(n) < np.array([0.85, 0.3, 0.5])[(kind + j) % 3]).astype(float)
    frame.loc[index[rng.random(n) < 0.1], "aims"] = np.nan
    frame["steering"] = rng.integers(1, 6, size=n)
    register = pd.DataFrame({"year": 2020, "boards": rng.integers(1, 60, size=n)}, index=index)
    book = codebook(labels)
    wave = Wave.from_frame(frame.reset_index(), book, name=labels.get("wave", "made_up"))
    wave = wave.join_register(register.reset_index(), year=2020)
    p = rng.dirichlet((0.3, 0.3, 0.3), size=n)
    p[np.arange(n), kind] += 1.5
    p /= p.sum(axis=1, keepdims=True)
    types = ["1", "2", "3"]
    own = {"1": labels["type"]} if "type" in labels else {}
    now = Membership.from_probabilities(
        pd.DataFrame(p, index=index, columns=types), wave, Origin(names=own)
    )
    moved = np.where(rng.random(n) < 0.15, rng.choice(3, size=n), kind)
    earlier = pd.Series(np.array(types)[moved], index=index).iloc[: int(0.9 * n)]
    then = Membership.from_modal(
        earlier, frame["sector"].loc[earlier.index], Origin(wave="before", year=2018)
    )
    # Exact tests of 1,000 organisations take minutes and say nothing of the page.
    small = n <= 200
    compared = compare_memberships(then, now, align="names", n_draws=19) if small else None
    return ReportInputs(
        question=Label(labels.get("question", "Wat?"), labels.get("question", "What?")),
        wave=wave,
        membership=now,
        steering=summarise(wave) if small else None,
        earlier=(EarlierWave(then, compared),),
    )
