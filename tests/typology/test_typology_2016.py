"""The rebuilt rows of 2016 through the same pipeline: independence, and the output says why."""

from __future__ import annotations

import pytest

import swvtypes as sw


@pytest.mark.slow
def test_the_rebuilt_rows_of_2016_make_one_type_a_sector() -> None:
    """Relations that were not published are noise in the rows, so themes are independent."""
    wave = sw.load_wave("monitor_2016", seed=1)
    typology = sw.Typology(random_state=1, quick=True, n_init=5, max_classes=3, max_types=2)
    typology.fit(wave)
    assert typology.membership_.types == ("po 1", "vo 1")
    for found in typology.superclusters_.values():
        assert found.existence.loc[1, "bic"] < found.existence.loc[2, "bic"]
        # The way of 2014 would have named types on the same rows.
        assert found.routes.loc["one_class_analysis", "n_types"] > 1
    told = {language: typology.describe(language) for language in ("en", "nl")}
    assert "relations that were not published are noise in them" in told["en"]
    assert told["en"].count("are associated has not been shown (BIC rises by") == 2
    assert told["en"].count("that proves nothing, for it does so with unrelated themes") == 2
    assert "verbanden die niet gepubliceerd zijn, zijn er ruis" in told["nl"]
    assert told["nl"].count("is niet aangetoond (BIC stijgt met") == 2
