"""Made-up waves: from a typology's types, or from a codebook alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.survey import Codebook, Wave
from swvtypes.typology import Typology

Generator = np.random.Generator


@dataclass(frozen=True)
class Simulated:
    """A made-up wave.

    Attributes
    ----------
    answers : DataFrame, one row an organisation
        Columns organisation, sector, synthetic, seed, then the questions.
    types : DataFrame or None
        Organisation and the type it was drawn from; None without types.
    left_out : tuple of str
        Items of the typology that are made of several questions, so that no answer can be given.
    """

    answers: pd.DataFrame
    types: pd.DataFrame | None
    left_out: tuple[str, ...] = ()


def simulate_wave(source: str | Path, n: int, seed: int) -> Simulated:
    """Make up a wave of `n` organisations in each sector.

    Parameters
    ----------
    source : str or Path
        A typology file (``.json``): types, then theme classes, then answers are drawn from it,
        independent within a class. Or a codebook (``.toml``): answers are drawn without any
        relation among questions, every category alike, within gates, sets and compositions.
    n : int
    seed : int

    Raises
    ------
    InputError
        For another kind of file, or an `n` below one or above the number of organisations that
        the codebook knows.
    TypologyError, CodebookError
        For a file at fault.
    """
    return make_wave(read_source(source, n, (seed,)), n, seed)


def read_source(source: str | Path, n: int, seeds: Sequence[int]) -> Typology | Codebook:
    """Read what waves are made up from; see :func:`simulate_wave`."""
    suffix = Path(source).suffix.lower()
    faults = [] if n >= 1 else [f"expected at least 1 organisation, got {n}"]
    faults += [f"expected a seed of at least 0, got {seed}" for seed in seeds if seed < 0]
    if suffix not in (".json", ".toml"):
        faults.append(f"expected a typology (.json) or a codebook (.toml), got {suffix!r}")
    if faults:
        raise InputError(str(source), faults)
    return Typology.load(source) if suffix == ".json" else Codebook.load(source)


def make_wave(source: Typology | Codebook, n: int, seed: int) -> Simulated:
    """Make up a wave from what was read; see :func:`simulate_wave`."""
    if isinstance(source, Codebook):
        return _from_codebook(source, n, seed)
    return _from_types(source, n, seed)


def _from_types(typology: Typology, n: int, seed: int) -> Simulated:
    rows, types = [], []
    plain = {i.name: i.sources[0] for items in typology._items.values() for i in items
             if i.recode in ("none", "state")}  # fmt: skip
    left_out: list[str] = []
    sectors = [(m, g, s) for m in typology.models_ for g, s in enumerate(m.sectors)]
    streams = np.random.SeedSequence(seed).spawn(len(sectors))
    for (model, g, sector), stream in zip(sectors, streams, strict=True):
        drawn, kinds = model.with_shares(model.shares[[g]]).simulate(
            n, np.random.default_rng(stream)
        )
        columns = _marks(sector, n, seed)
        for theme in model.themes:
            for item in theme.items:
                if item.name not in plain:
                    left_out.append(item.name)
                    continue
                codes = drawn[item.name]
                if item.indicator.categorical:
                    labels = np.array(item.indicator.categories, dtype=object)
                    columns[plain[item.name]] = _whole(labels[codes.astype(np.intp)])
                else:
                    columns[plain[item.name]] = codes
        rows.append(pd.DataFrame(columns))
        names = np.array(model.types, dtype=object)[kinds.astype(np.intp)]
        types.append(pd.DataFrame({"organisation": columns["organisation"], "type": names}))
    answers = pd.concat(rows, ignore_index=True)
    return Simulated(answers, pd.concat(types), tuple(dict.fromkeys(left_out)))


def _from_codebook(book: Codebook, n: int, seed: int) -> Simulated:
    short = [f"sector {s!r} has {p} organisations, {n} asked" for s, p in book.population.items()
             if n > p]  # fmt: skip
    if short:
        raise InputError(book.id, short)
    rows = []
    streams = np.random.SeedSequence(seed).spawn(len(book.sectors))
    for sector, stream in zip(book.sectors, streams, strict=True):
        rows.append(_sector(book, sector, n, seed, np.random.default_rng(stream)))
    answers = pd.concat(rows, ignore_index=True)
    Wave.from_frame(answers, book, name="simulated")
    return Simulated(answers, None)


def _sector(book: Codebook, sector: str, n: int, seed: int, generator: Generator) -> pd.DataFrame:
    columns = _marks(sector, n, seed)
    for name, variable in book.variables.items():
        if variable.composition is None:
            columns[name] = _answers(book, name, n, generator)
    for name, composition in book.compositions.items():
        parts = [p for p in book.members(name) if book.asked(p, sector)]
        shares = generator.dirichlet(np.ones(len(parts)), size=n) if parts else np.empty((n, 0))
        points = np.floor(shares * composition.total)
        if parts:
            points[:, -1] += composition.total - points.sum(axis=1)
        columns |= {part: points[:, at] for at, part in enumerate(parts)}
    for name, entry in book.sets.items():
        if entry.exclusive is not None:
            others = [m for m in book.members(name) if m != entry.exclusive]
            others = [m for m in others if book.asked(m, sector)]
            chosen = np.column_stack([columns[m] for m in others]).astype(float).sum(axis=1)
            columns[entry.exclusive] = (chosen == 0).astype(float)
    for name, variable in book.variables.items():  # gates come earlier in the file
        values = np.asarray(columns.get(name, np.full(n, np.nan)), dtype=float)
        if not book.asked(name, sector):
            values = np.full(n, np.nan)
        elif variable.gate is not None:
            gate = np.asarray(columns[variable.gate.variable], dtype=float)
            values = np.where(np.isin(gate, variable.gate.codes), values, np.nan)
        columns[name] = values
    order = [*_marks(sector, n, seed), *book.variables]
    return pd.DataFrame({name: columns[name] for name in order})


def _answers(book: Codebook, name: str, n: int, generator: Generator) -> Any:
    variable = book.variables[name]
    codes = [category.code for category in book.categories(name)]
    if codes:
        return generator.choice(codes, size=n).astype(float)
    low = variable.minimum if variable.minimum is not None else 0.0
    high = variable.maximum if variable.maximum is not None else low + 20.0
    if variable.type == "count":
        return generator.integers(int(np.ceil(low)), int(np.floor(high)) + 1, size=n).astype(float)
    return np.round(generator.uniform(low, high, size=n), 6)


def _marks(sector: str, n: int, seed: int) -> dict[str, Any]:
    return {
        "organisation": [f"SIM-{sector.upper()}-{at:04d}" for at in range(1, n + 1)],
        "sector": [sector] * n,
        "synthetic": ["true"] * n,
        "seed": [seed] * n,
    }


def _whole(values: Any) -> list[Any]:
    """Give whole numbers as such, whatever they were kept as."""
    return [int(v) if isinstance(v, float) and v.is_integer() else v for v in values]
