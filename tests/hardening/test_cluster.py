"""Work on a Dask cluster: the same results as here, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from places import command, files, small_run

from swvtypes import clusters
from swvtypes.clusters import on_cluster
from swvtypes.errors import ClusterError, MissingExtraError
from swvtypes.lca import bootstrap_lrt
from swvtypes.parallel import run_as_finished, run_parallel, run_shared
from swvtypes.typology import multiverse
from swvtypes.typology.stability import Universe

pytest.importorskip("distributed")
HERE = Path(__file__).parent
ENDINGS = ".csv", ".txt", ".json"


@dataclass(frozen=True)
class Started:
    address: str
    workers: tuple[int, ...]


@pytest.fixture
def cluster() -> Iterator[Started]:
    process = subprocess.Popen(
        [sys.executable, str(HERE / "local_cluster.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    assert process.stdout is not None
    address, *pids = process.stdout.readline().split()
    yield Started(address, tuple(map(int, pids)))
    process.communicate(timeout=60)


def square(number: int) -> tuple[int, int]:
    time.sleep(0.05)
    return number * number, os.getpid()


def slow_square(number: int) -> int:
    time.sleep(0.3)
    return number * number


def cut(at: int) -> Universe:
    scores = pd.Series([1, 2, 5, 7, 8], index=list("abcde"))
    return Universe((scores > at) + 1, {"most are high": bool((scores > at).mean() > 0.5)})


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore:Sending large graph")
def test_every_door_leads_to_the_cluster_and_gives_the_same(cluster: Started) -> None:
    rng = np.random.default_rng(4)
    kind = rng.integers(2, size=120)
    answers = (rng.random((120, 6)) < np.where(kind[:, None] == 1, 0.8, 0.25)).astype(int)
    frame = pd.DataFrame(answers, columns=list("abcdef"))
    grid = [{"at": 4}, {"at": 3}, {"at": 6}]
    here = bootstrap_lrt(frame, 1, 199, n_init=10, random_state=3, n_jobs=1)
    cells = multiverse(cut, grid).runs
    with on_cluster(cluster.address) as n:
        assert n == 2
        for run in (run_parallel, run_shared):
            found = run(square, range(12), 2)
            assert [value for value, _ in found] == [i * i for i in range(12)]
            assert os.getpid() not in {pid for _, pid in found}
        assert {at: value for at, (value, _) in run_as_finished(square, range(6), 2)} == {
            i: i * i for i in range(6)
        }
        with pytest.raises(ZeroDivisionError):
            run_parallel((1).__truediv__, [1, 0], 2)
        there = bootstrap_lrt(frame, 1, 199, n_init=10, random_state=3, n_jobs=n)
        pd.testing.assert_frame_equal(multiverse(cut, grid, n_jobs=n).runs, cells)
    assert clusters.current() is None
    assert there.p_value == here.p_value
    np.testing.assert_array_equal(there.replicates, here.replicates)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_killed_worker_of_a_cluster_changes_nothing(cluster: Started) -> None:
    with on_cluster(cluster.address):
        work = run_as_finished(slow_square, range(12), 2)
        found = dict([next(work)])
        os.kill(cluster.workers[0], signal.SIGKILL)
        found |= dict(work)
    assert found == {i: i * i for i in range(12)}


def test_fit_and_simulate_on_a_cluster_write_the_same_files(
    cluster: Started, tmp_path: Path
) -> None:
    source = small_run(tmp_path / "in").parent
    fit = ("fit", str(source / "wave.csv"), "-c", str(source / "codebook.toml"), "--quick")
    for name, where in (("here", ("--jobs", "1")), ("there", ("--dask", cluster.address))):
        done = command(*fit, "--out", name, *where, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
    assert files(tmp_path / "here", ENDINGS) == files(tmp_path / "there", ENDINGS)
    types = str(tmp_path / "here" / "typology.json")
    for name, where in (("a", ()), ("b", ("--dask", cluster.address))):
        done = command(
            "simulate", types, "--n", "20", "--seeds", "1-4", "--out", f"{name}/m.csv", *where,
            cwd=tmp_path,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    assert files(tmp_path / "a", (".csv",)) == files(tmp_path / "b", (".csv",))
    assert len(files(tmp_path / "a", (".csv",))) == 8


@pytest.mark.slow
def test_a_run_on_a_cluster_with_a_killed_worker_gives_the_same_csvs(
    cluster: Started, tmp_path: Path
) -> None:
    for name in ("here", "there"):
        small_run(tmp_path / name)
    done = command("run", "here/run.toml", "--jobs", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    process = subprocess.Popen(
        [sys.executable, "-m", "swvtypes", "run", "there/run.toml", "--dask", cluster.address],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if "schal" in line or "scale" in line:  # the step before the typology
            break
    time.sleep(0.7)
    os.kill(cluster.workers[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=300)
    assert (process.returncode, errors) == (0, "")
    same = files(tmp_path / "here" / "results", (".csv",))
    assert files(tmp_path / "there" / "results", (".csv",)) == same


@pytest.mark.parametrize("address", ["", "nonsense", "foo://x:1", "tcp://x", "inproc://1/2"])
def test_what_is_no_address_is_one_line(address: str) -> None:
    with (
        pytest.raises(ClusterError, match=r"expected the address of a Dask scheduler, such as tcp"),
        on_cluster(address),
    ):
        pass


def test_an_address_where_nobody_answers_is_one_line_and_status_two(tmp_path: Path) -> None:
    source = small_run(tmp_path / "in").parent
    before = files(tmp_path)
    done = command(
        "fit", str(source / "wave.csv"), "-c", str(source / "codebook.toml"), "--dask",
        "127.0.0.1:9", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("cluster 127.0.0.1:9: no Dask scheduler answers there (")
    assert files(tmp_path) == before


def test_workers_of_other_versions_and_clusters_without_workers_are_refused() -> None:
    class Other:
        def __init__(self, told: dict[str, dict[str, str]]) -> None:
            self.told = told

        def run(self, _: object) -> dict[str, dict[str, str]]:
            return self.told

    with pytest.raises(ClusterError, match="a: the cluster has no worker"):
        clusters._checked(Other({}), "a")
    older = clusters.versions() | {"numpy": "1.0"}
    with pytest.raises(ClusterError, match=r"a worker has numpy 1\.0 instead of"):
        clusters._checked(Other({"w": older}), "a")
    assert clusters._checked(Other({"w": clusters.versions()}), "a") == 1


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"swvtypes\[dask\]"), on_cluster("127.0.0.1:1"):
        pass
