"""An interrupt between any two steps of a write leaves the old file or the new one, and no half."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from swvtypes.resources import abandon_all, atomic_bytes, atomic_write
from swvtypes.workflow.receipts import publish


def by_text(folder: Path, content: str) -> None:
    with atomic_write(folder / "table.csv") as stream:
        stream.write(content)


def by_bytes(folder: Path, content: str) -> None:
    atomic_bytes(folder / "table.csv", content.encode())


def by_step(folder: Path, content: str) -> None:
    publish(folder, "step", "key", {"table.csv": content.encode()})


WRITES = {"text": by_text, "bytes": by_bytes, "step": by_step}


def interrupted_at(number: int, work: Callable[[], None]) -> bool:
    """Do the work with an interrupt before the step of that number; say whether it fell."""
    steps = 0
    fell = False

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps, fell
        frame.f_trace_opcodes = True
        if event == "opcode" and not fell:
            steps += 1
            if steps == number:
                fell = True
                raise KeyboardInterrupt
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        work()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    return fell


def every_step(work: Callable[[Path], None], folder: Path, begin: Callable[[Path], None]
               ) -> Iterator[Path]:  # fmt: skip
    number = 0
    (folder / "0").mkdir()
    interrupted_at(0, lambda: work(folder / "0"))  # Python 3.12 traces steps from the second on
    while True:
        number += 1
        place = folder / str(number)
        place.mkdir()
        begin(place)
        if not interrupted_at(number, lambda place=place: work(place)):
            return
        abandon_all()
        yield place


# An interrupt between the opening of a file and its with-block leaves the closing to Python.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize("there", [False, True], ids=["new", "replaced"])
def test_an_interrupt_between_any_two_steps(tmp_path: Path, name: str, there: bool) -> None:
    write = WRITES[name]
    left = set()
    places = 0
    for place in every_step(
        lambda folder: write(folder, "second"), tmp_path,
        lambda folder: write(folder, "first") if there else None,
    ):  # fmt: skip
        places += 1
        files = {str(p.relative_to(place)): p for p in place.rglob("*") if p.is_file()}
        tables = [p.read_text() for n, p in files.items() if n.endswith("table.csv")]
        left.add(tuple(tables))
        assert set(files) <= {"table.csv", "step/table.csv", "step/receipt.json"}
        assert not list(place.glob(".*"))
    gc.collect()
    assert places > 100
    assert left == ({("first",), ("second",)} if there else {(), ("second",)})
