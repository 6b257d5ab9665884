"""The same run elsewhere, with another number of workers, and with other batch sizes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from places import ROOT, command, files, small_run

sys.path.insert(0, str(ROOT / "benchmarks"))

from batch_sizes import answers, divided

from swvtypes.lca import LatentClassModel, bootstrap_lrt


def test_workers_and_folders_change_no_csv(tmp_path: Path) -> None:
    """Each run in a process, a folder and a working folder of its own, with other hash seeds."""
    found = []
    for name, jobs, seed in (("one", "1", "1"), ("two/deeper", "2", "2")):
        folder = tmp_path / name
        small_run(folder)
        cwd = folder if jobs == "1" else tmp_path
        run_file = "run.toml" if jobs == "1" else str(folder / "run.toml")
        done = command("run", run_file, "--jobs", jobs, cwd=cwd, env={"PYTHONHASHSEED": seed})
        assert (done.returncode, done.stderr) == (0, "")
        found.append(files(folder / "results", (".csv",)))
    assert len(found[0]) >= 15
    assert found[0] == found[1]


@pytest.mark.filterwarnings("ignore::swvtypes.errors.BoundaryWarning")
@pytest.mark.parametrize("by", [2, 4])
def test_another_batch_size_changes_nothing_beyond_the_stopping_rule(by: int) -> None:
    frame = answers(120)

    def found() -> tuple[float, np.ndarray, float]:
        model = LatentClassModel(3, n_init=50, random_state=1).fit(frame)
        test = bootstrap_lrt(frame, 1, 39, n_init=10, random_state=1, n_jobs=1)
        return model.log_likelihood_, np.asarray(model.class_shares_), test.p_value

    plain = found()
    with divided(by):
        other = found()
    assert other[0] == pytest.approx(plain[0], abs=1e-8)
    np.testing.assert_allclose(other[1], plain[1], atol=1e-5)
    assert other[2] == plain[2]


def test_the_stored_study_of_batch_sizes() -> None:
    """Replicates of a bootstrap end where the stopping rule, 1e-7 a case, lets them."""
    stored = json.loads((ROOT / "benchmarks" / "results" / "batch_sizes.json").read_text())
    for what, gap in stored["greatest_difference"].items():
        ends = what == "bootstrap: replicates"
        assert max(gap.values()) <= (2 * 2 * 1e-7 * stored["n"] if ends else 1e-8), what
