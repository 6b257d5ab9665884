"""Which estimates stand for the types, as routes, texts and files of older versions say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typology_samples import THEMES, sector_rows

import swvtypes as sw
from swvtypes.typology.routes import TypesTask, measure, two_step

QUICK = {"quick": True, "n_init": 10, "max_classes": 2, "max_types": 2, "items": "all"}
FIXED = "maximum likelihood estimates."
SAID = {
    "one_step": (
        "Aandelen en kansen van de typen zijn posterior-modi, geen zuivere meest aannemelijke "
        "schattingen: per thema 0,5 pseudo-waarnemingen, gelijk verdeeld over typen en klassen",
        "0.5 pseudo-cases in each theme, spread evenly over types and classes",
    ),
    "two_step": (
        "Kansen van de antwoorden in de klassen van een thema zijn posterior-modi, geen zuivere "
        "meest aannemelijke schattingen: per thema 1 pseudo-waarnemingen, gelijk verdeeld over de "
        "klassen, die antwoorden zoals het gemiddelde. Met die klassen vast",
        "1 pseudo-cases in each theme, spread evenly over its classes, that answer as the average "
        "does. With those classes fixed, shares of the types, and of classes within them, are "
        + FIXED,
    ),
    "one_class_analysis": (
        "schattingen: 1 pseudo-waarnemingen, gelijk verdeeld over de typen, die antwoorden",
        "plain maximum likelihood estimates: 1 pseudo-cases, spread evenly over the types, that",
    ),
}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return sector_rows("A", 77, 0.5, 11)[0]


@pytest.mark.parametrize("route", list(SAID))
def test_every_route_says_which_of_its_estimates_are_modes(frame: pd.DataFrame, route: str) -> None:
    found = sw.Typology(random_state=1, prior=1.0, type_prior=0.5, route=route, **QUICK)
    found.fit(frame, themes=THEMES)
    priors = found.superclusters_["all"].routes["prior"].to_dict()
    assert priors == {"one_class_analysis": 1.0, "two_step": 1.0, "one_step": 0.5}
    assert SAID[route][0] in found.describe("nl")
    assert SAID[route][1] in found.describe("en")
    assert found.describe("en").count("are posterior modes") == 1


def test_two_steps_by_maximum_likelihood_need_no_caution(frame: pd.DataFrame) -> None:
    found = sw.Typology(random_state=1, route="two_step", **QUICK).fit(frame, themes=THEMES)
    assert found.superclusters_["all"].routes.loc["two_step", "prior"] == 0.0
    assert "posterior" not in found.describe("en")


@pytest.mark.filterwarnings("ignore::swvtypes.errors.SwvtypesWarning")
def test_the_prior_of_two_steps_is_that_of_the_measurement(frame: pd.DataFrame) -> None:
    sector = pd.Series("all", index=frame.index)
    themes = {t: (2, tuple(names)) for t, names in THEMES.items()}
    task = TypesTask(("all",), frame, sector, themes, {}, "", 7)
    fits = {p: two_step(task, measure(task, 5, p), 2, 5, p) for p in (0.0, 40.0)}
    yes = {
        p: [np.asarray(item.values)[:, 1] for theme in fit.model.themes for item in theme.items]
        for p, fit in fits.items()
    }
    gap = {p: float(np.ptp(yes[p], axis=1).mean()) for p in fits}
    # Pseudo-cases that answer as the average draw the classes together.
    assert 0.0 < gap[40.0] < gap[0.0] - 0.1
    assert {p: fit.prior for p, fit in fits.items()} == {0.0: 0.0, 40.0: 40.0}


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_a_file_without_the_prior_of_types_was_fitted_at_the_prior(
    frame: pd.DataFrame, prior: float, tmp_path: Path
) -> None:
    path = tmp_path / "t.json"
    found = sw.Typology(random_state=1, prior=prior, type_prior=prior, **QUICK)
    found.fit(frame, themes=THEMES).save(path)
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["options"]["type_prior"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert sw.Typology.load(path).options == found.options
    del content["options"]["prior"]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert sw.Typology.load(path).options.type_prior == 0.0
