"""Whether a type of one sector is the same thing as the type of that name in another.

Three models of two sectors are compared on the items and themes that both have: everything free,
theme classes that answer alike, and types that are alike as well. Shares always differ. Then each
type by itself. Likelihood ratios are judged by a parametric bootstrap.
"""

# ruff: noqa: PD011  (values are arrays, no pandas object is meant)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from swvtypes.language import Label, Language, check_language

from .profiles import Floats, ItemProfile, ThemeProfiles, TypesModel
from .refitting import theme_statistics
from .sector_ladder import Rung, count_parameters, fit_rung

N_BOOT = 99


@dataclass(frozen=True, eq=False)
class SectorComparison:
    """Result of :meth:`~swvtypes.typology.Typology.compare_sectors`.

    Attributes
    ----------
    sectors : tuple of str
        The two sectors.
    tests : DataFrame
        Indexed by hypothesis (``"theme classes alike"``, ``"types alike"``, ``"po 1 = vo 2"``,
        ...): statistic, df, p_value, n_boot. Types are tested given that theme classes are alike.
        Empty where sectors have no themes in common or differ in their number of types.
    distance : DataFrame
        Types of the first sector (rows) against those of the second: mean absolute difference of
        the expected answers, on the probabilities of categories.
    pairs : mapping of str to str
        For each type of the first sector the one of the second that resembles it most, one to one.
    themes, items : int
        Compared.
    reason : Label
        Why there is no test.
    """

    sectors: tuple[str, str]
    tests: pd.DataFrame
    distance: pd.DataFrame
    pairs: Mapping[str, str]
    themes: int
    items: int
    reason: Label | None = None

    def text(self, language: Language = "en") -> str:
        """Say in Dutch or English what came out."""
        checked = check_language(language)
        return " ".join(s.text(checked) for s in _sentences(self))


def compare_two(
    first: TypesModel,
    second: TypesModel,
    frames: tuple[pd.DataFrame, pd.DataFrame],
    seed: int,
    n_boot: int = N_BOOT,
) -> SectorComparison:
    """Compare the types of two sectors.

    Parameters
    ----------
    first, second : TypesModel
        Types of one sector each.
    frames : tuple of two DataFrames
        Their organisations' answers, items made.
    seed : int
    n_boot : int
        Replicates of each test.
    """
    sectors = (first.sectors[0], second.sectors[0])
    one, other = _shared(first, second)
    nothing = pd.DataFrame(columns=["statistic", "df", "p_value", "n_boot"], dtype=float)
    if not one.themes or 1 in (one.n_types, other.n_types):
        empty = pd.DataFrame(index=list(first.types), columns=list(second.types), dtype=float)
        reason = Label(
            "De sectoren hebben geen thema met evenveel klassen en dezelfde vragen gemeen, of een "
            "ervan heeft één type.",
            "The sectors share no theme with as many classes and the same items, or one of them "
            "has one type.",
        )
        return SectorComparison(sectors, nothing, empty, {}, 0, 0, reason)
    n_items = len(one.items)
    other = _same_classes(one, other)
    distance = _distance(one, other)
    frame = pd.DataFrame(distance, index=list(first.types), columns=list(second.types))
    pairs = _pairs(distance)
    told = {first.types[a]: second.types[b] for a, b in pairs}
    shape = (sectors, frame, told, len(one.themes), n_items)
    if one.n_types != other.n_types:
        reason = Label(
            "De sectoren hebben niet evenveel typen.",
            "The sectors do not have as many types.",
        )
        return SectorComparison(sectors, nothing, frame, told, len(one.themes), n_items, reason)
    other = other.reorder([b for _, b in pairs])
    names = [f"{first.types[a]} = {second.types[b]}" for a, b in pairs]
    tests = _tests([one, other], frames, names, seed, n_boot)
    return SectorComparison(shape[0], tests, frame, told, len(one.themes), n_items)


def _shared(first: TypesModel, second: TypesModel) -> tuple[TypesModel, TypesModel]:
    """Themes and items that both have, with as many classes and the same categories."""
    mine, theirs = [], []
    known = {t.name: t for t in second.themes}
    for theme in first.themes:
        other = known.get(theme.name)
        if other is None or other.n_classes != theme.n_classes:
            continue
        items = {i.name: i for i in other.items}
        both = [
            (i, items[i.name]) for i in theme.items
            if i.name in items and _alike(i, items[i.name])
        ]  # fmt: skip
        if both:
            mine.append(replace(theme, items=tuple(i for i, _ in both)))
            theirs.append(replace(other, items=tuple(j for _, j in both)))
    return replace(first, themes=tuple(mine)), replace(second, themes=tuple(theirs))


def _alike(one: ItemProfile, other: ItemProfile) -> bool:
    a, b = one.indicator, other.indicator
    return (a.categorical, a.categories) == (b.categorical, b.categories) and (
        a.categorical or a.family == b.family
    )


def _same_classes(one: TypesModel, other: TypesModel) -> TypesModel:
    """Give the other sector's theme classes the numbers of those that answer alike."""
    from scipy.optimize import linear_sum_assignment

    themes = []
    for a, b in zip(one.themes, other.themes, strict=True):
        cost = np.zeros((a.n_classes, a.n_classes))
        for i, j in zip(a.items, b.items, strict=True):
            cost += np.abs(i.values[:, None] - j.values[None]).sum(axis=2)
        order = linear_sum_assignment(cost)[1]
        items = tuple(replace(j, values=j.values[order]) for j in b.items)
        themes.append(ThemeProfiles(b.name, items, b.conditional[:, order]))
    return replace(other, themes=tuple(themes))


def _distance(one: TypesModel, other: TypesModel) -> Floats:
    """Mean absolute difference of expected answers between types, shape (P1, P2)."""
    total, n = np.zeros((one.n_types, other.n_types)), 0
    for a, b in zip(one.themes, other.themes, strict=True):
        for i, j in zip(a.items, b.items, strict=True):
            if not i.indicator.categorical:
                continue
            left, right = a.conditional @ i.values, b.conditional @ j.values
            total += 0.5 * np.abs(left[:, None] - right[None]).sum(axis=2)
            n += 1
    return total / max(n, 1)


def _pairs(distance: Floats) -> list[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(distance)
    return [(int(a), int(b)) for a, b in zip(rows, columns, strict=True)]


def _tests(
    models: Sequence[TypesModel],
    frames: Sequence[pd.DataFrame],
    names: Sequence[str],
    seed: int,
    n_boot: int,
) -> pd.DataFrame:
    P = models[0].n_types
    free, alike, all_types = Rung(), Rung(True), Rung(True, tuple(range(P)))
    wanted = {"theme classes alike": (alike, free), "types alike": (all_types, alike)}
    if P > 1:
        wanted |= {name: (Rung(True, (k,)), alike) for k, name in enumerate(names)}
    rows = {}
    for at, (name, (null, alternative)) in enumerate(wanted.items()):
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(at,)))
        rows[name] = _test(models, frames, (null, alternative), generator, n_boot)
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["statistic", "df", "p_value", "n_boot"]
    )
    return frame.rename_axis("hypothesis")


def _test(
    models: Sequence[TypesModel],
    frames: Sequence[pd.DataFrame],
    rungs: tuple[Rung, Rung],
    generator: np.random.Generator,
    n_boot: int,
) -> tuple[float, int, float, int]:
    null, alternative = rungs
    answers = [m.encode(f) for m, f in zip(models, frames, strict=True)]
    real = [
        [theme_statistics(t, a) for t in m.themes] for m, a in zip(models, answers, strict=True)
    ]
    smaller = fit_rung(models, real, null)
    larger = fit_rung(models, real, alternative)
    statistic = 2.0 * float(larger.log_likelihood[0] - smaller.log_likelihood[0])
    drawn = []
    for model, own in zip(smaller.models, answers, strict=True):
        n = len(next(iter(own.values())))
        sets = []
        for _ in range(n_boot):
            made, _ = model.simulate(n, generator)
            sets.append({k: np.where(np.isnan(own[k]), np.nan, v) for k, v in made.items()})
        drawn.append([
            np.stack([theme_statistics(t, one) for one in sets]) for t in model.themes
        ])  # fmt: skip
    ratios = 2.0 * (
        fit_rung(smaller.models, drawn, alternative).log_likelihood
        - fit_rung(smaller.models, drawn, null).log_likelihood
    )
    df = count_parameters(models, alternative) - count_parameters(models, null)
    p = (1 + int((ratios >= statistic - 1e-9).sum())) / (n_boot + 1)
    return statistic, df, p, n_boot


def _sentences(found: SectorComparison) -> list[Label]:
    a, b = found.sectors
    told = [
        Label(
            f"{a} en {b} vergeleken op {found.items} vragen in {found.themes} thema's.",
            f"{a} and {b} compared on {found.items} items in {found.themes} themes.",
        )
    ]
    if found.reason is not None:
        told.append(found.reason)
    for one, other in found.pairs.items():
        gap = 100 * float(found.distance[other][one])
        told.append(Label(
            f"{one} lijkt het meest op {other} (gemiddeld {gap:.0f} punten verschil).",
            f"{one} is most like {other} ({gap:.0f} points apart on average).",
        ))  # fmt: skip
    names = {
        "theme classes alike": Label(
            "de klassen van de thema's gelijk zijn", "theme classes are alike"
        ),
        "types alike": Label("de typen gelijk zijn", "the types are alike"),
    }
    for name, row in found.tests.iterrows():
        label = names.get(str(name))
        if label is None:
            one, other = str(name).split(" = ")
            label = Label(f"{one} hetzelfde is als {other}", f"{one} is the same as {other}")
        p = f"{row['p_value']:.3f}"
        said = ("verworpen", "rejected") if row["p_value"] <= 0.05 else (
            "niet verworpen", "not rejected"
        )  # fmt: skip
        told.append(Label(
            f"Dat {label.nl}, wordt {said[0]} (p = {p.replace('.', ',')}).",
            f"That {label.en} is {said[1]} (p = {p}).",
        ))  # fmt: skip
    return told
