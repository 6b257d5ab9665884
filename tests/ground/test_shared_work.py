"""Work shared between this process and others."""

from __future__ import annotations

import os

import pytest

from swvtypes.errors import WorkerError
from swvtypes.parallel import run_as_finished, run_shared


def square_or_fail(number: int) -> int:
    if number == 13:
        raise ValueError("thirteen")
    return number * number


def who(_: int) -> int:
    import time

    time.sleep(0.05)
    return os.getpid()


@pytest.mark.parametrize("n_jobs", [1, 2, -1])
def test_results_come_in_order(n_jobs: int) -> None:
    assert run_shared(square_or_fail, range(9), n_jobs) == [i * i for i in range(9)]


def test_faults_come_through() -> None:
    for n_jobs in (1, 2):
        with pytest.raises(ValueError, match="thirteen"):
            run_shared(square_or_fail, [1, 13, 2, 3], n_jobs)
        with pytest.raises(ValueError, match="thirteen"):
            run_shared(square_or_fail, [1, 2, 3, 13], n_jobs)


def test_this_process_is_one_of_the_workers() -> None:
    run_shared(who, range(4), 2)
    found = set(run_shared(who, range(40), 2))
    assert os.getpid() in found
    assert len(found) == 2


def die(_: int) -> int:
    if os.getpid() != MAIN:
        os._exit(1)
    import time

    time.sleep(0.3)
    return 0


MAIN = int(os.environ.setdefault("SWVTYPES_TEST_MAIN", str(os.getpid())))


def test_workers_that_die_are_replaced() -> None:
    with pytest.raises(WorkerError, match="finished steps are kept: start again with fewer"):
        run_shared(die, range(40), 2)
    assert run_shared(square_or_fail, range(9), 2) == [i * i for i in range(9)]


@pytest.mark.parametrize("n_jobs", [1, 2, -1])
def test_outcomes_come_with_their_positions_whatever_the_number_of_workers(n_jobs: int) -> None:
    found = dict(run_as_finished(abs, [-3, 4, -5], n_jobs))
    assert found == {0: 3, 1: 4, 2: 5}
