"""What corrects the errors of assigning organisations to types."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from swvtypes.errors import SwvtypesWarning
from swvtypes.lca import LatentClassModel
from swvtypes.lca.model import Indicator
from swvtypes.lca.structural_optimism import Replication, assignment_optimism
from swvtypes.membership import Membership
from swvtypes.typology.assignment_optimism import optimism_of_sectors, types_optimism
from swvtypes.typology.profiles import ItemProfile, ThemeProfiles, TypesModel

YES = np.array([[0.8] * 6, [0.2] * 6])


def indicator(name: str) -> Indicator:
    return Indicator(name, "binary", (0, 1), "stated")


def types_of(model: LatentClassModel, sector: str = "po") -> TypesModel:
    """Types that are the classes of one theme."""
    found = model.fit_.parameters
    items = tuple(ItemProfile(indicator(f"x{j}"), t.values) for j, t in enumerate(found.tables))
    theme = ThemeProfiles("only", items, np.eye(2))
    shares = np.exp(found.log_shares)
    return TypesModel((sector,), (f"{sector} 1", f"{sector} 2"), shares, (theme,))


def rows(seed: int, n: int = 65) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    c = (rng.random(n) < 0.4).astype(int)
    X = pd.DataFrame((rng.random((n, 6)) < YES[c]).astype(float))
    X.columns = [f"x{j}" for j in range(6)]
    return X, c


def fitted(X: pd.DataFrame) -> LatentClassModel:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SwvtypesWarning)
        return LatentClassModel(2, n_init=10, random_state=1, n_jobs=1).fit(X)


def test_it_is_that_of_the_engine_where_types_are_classes() -> None:
    X, _ = rows(3, 200)
    X.iloc[:40, 2] = np.nan
    model = fitted(X)
    theirs = assignment_optimism(model, X, Replication(150, 1))
    X.loc[200] = np.nan  # who answered nothing is assigned to nothing
    mine = types_optimism(types_of(model), X, 1, 150)
    assert mine is not None
    assert mine.types == ("po 1", "po 2")
    for kind in ("modal", "proportional"):
        np.testing.assert_allclose(mine.of(kind), theirs[kind], atol=0.12)  # type: ignore[arg-type]
        assert (np.diag(mine.of(kind)) < 0.0).all()  # type: ignore[arg-type]
    again = types_optimism(types_of(model), X, 1, 150)
    assert again is not None
    pd.testing.assert_frame_equal(again.modal, mine.modal, check_exact=True)


def test_corrected_errors_are_nearer_to_those_made() -> None:
    """Where the true types are known, over 25 waves of 65 organisations."""
    stated, corrected, made = [], [], []
    for seed in range(25):
        X, c = rows(100 + seed)
        model = fitted(X)
        types = types_of(model)
        yes = types.themes[0].items[0].values[:, 1]  # noqa: PD011
        first = yes[0] > yes[1]
        names = list(types.types) if first else list(types.types)[::-1]
        p = pd.DataFrame(model.predict_proba(X), columns=list(types.types))
        carrying = Membership.from_probabilities(p, pd.Series("po", index=X.index)).with_optimism(
            types_optimism(types, X, seed, 40)
        )
        for table, kept in (("apparent", stated), ("auto", corrected)):
            kept.append(carrying.classification_error("modal", table).error["po"])  # type: ignore[arg-type]
        made.append((carrying.modal != np.array(names)[c]).mean())
    gaps = [np.mean(kept) - np.mean(made) for kept in (stated, corrected)]
    assert gaps[0] < -0.01
    assert abs(gaps[1]) < abs(gaps[0])


def test_sectors_side_by_side_and_types_without_doubt() -> None:
    X, _ = rows(5)
    model = fitted(X)
    one = TypesModel(("vo",), ("vo 1",), np.ones((1, 1)), ())
    found = optimism_of_sectors((types_of(model), one), [X, X])
    assert found is not None
    assert found.types == ("po 1", "po 2", "vo 1")
    assert found.modal.loc["po 1", "vo 1"] != found.modal.loc["po 1", "vo 1"]
    assert found.modal.loc["vo 1", "vo 1"] == 0.0
    shared = TypesModel(("po", "vo"), ("1", "2"), np.full((2, 2), 0.5), types_of(model).themes)
    assert optimism_of_sectors((shared,), [X]) is None
