"""The checks of notebooks find what they look for."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebook_checks import (
    METADATA,
    form_faults,
    name_faults,
    teaching_faults,
    twin_faults,
)
from notebook_runs import run, said_on_stderr

OPENING = "# Title\n\n**You will learn** to count. The rows are synthetic."
EXERCISE = "## Exercise {0}\n\nCount.\n\n<details><summary>Answer</summary>\n\nTwo.\n\n</details>"


def _notebook(*sources: str | NotebookNode) -> NotebookNode:
    cells = [new_code_cell(s) if isinstance(s, str) else s for s in sources]
    for number, cell in enumerate(cells):
        cell.id = f"c{number}"
    return new_notebook(cells=cells, metadata=METADATA)


def _text(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook) + "\n"


def _taught(*extra: NotebookNode) -> NotebookNode:
    exercises = [
        cell
        for number in (1, 2)
        for cell in (new_markdown_cell(EXERCISE.format(number)), new_code_cell("1 + 1"))
    ]
    return _notebook(new_markdown_cell(OPENING), *exercises, *extra)


@pytest.mark.parametrize(
    "source",
    [
        "import warnings; warnings.warn('x')",
        "import warnings; warnings.warn('x', DeprecationWarning)",
        "import warnings; warnings.warn('x', PendingDeprecationWarning)",
        "import numpy as np; np.log(np.array([0.0]))",
        "'\\d'",
    ],
    ids=["user", "deprecation", "pending", "numpy", "syntax"],
)
def test_a_warning_in_a_cell_fails_it(source: str, tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError, match=r"Warning|invalid escape sequence"):
        run(_notebook(source), tmp_path)


def test_a_warning_in_a_process_that_a_cell_starts_fails_it(tmp_path: Path) -> None:
    source = (
        "import subprocess, sys\n"
        "code = 'import warnings; warnings.warn(\"x\", DeprecationWarning)'\n"
        "subprocess.run([sys.executable, '-c', code], check=True)"
    )
    with pytest.raises(CellExecutionError, match="CalledProcessError"):
        run(_notebook(source), tmp_path)


def test_a_run_keeps_outputs_its_folder_and_the_notebook_as_it_was(tmp_path: Path) -> None:
    notebook = _notebook("import sys; open('here', 'w').close(); print('e', file=sys.stderr); 7")
    done = run(notebook, tmp_path)
    assert said_on_stderr(done) == "e\n"
    assert done.cells[0].outputs[-1]["data"]["text/plain"] == "7"
    assert (tmp_path / "here").exists()
    assert notebook.cells[0].outputs == []


def test_the_limit_of_time_holds_for_all_cells_together(tmp_path: Path) -> None:
    naps = ["import time; time.sleep(1.5)"] * 4
    with pytest.raises(CellTimeoutError):
        run(_notebook(*naps), tmp_path, seconds=4)


def test_a_clean_notebook_has_no_fault() -> None:
    notebook = _taught()
    assert form_faults(notebook, _text(notebook)) == []
    assert teaching_faults(notebook, "en") == []


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (new_code_cell("1", execution_count=3), "outputs or an execution count"),
        (new_code_cell("open('/home/me/x')"), "path of a machine"),
        (new_markdown_cell("see C:\\Users"), "path of a machine"),
        (new_code_cell("from swvtypes.lca import _fit"), "private name"),
        (new_code_cell("model._fit()"), "private name"),
        (new_code_cell(" "), "is empty"),
        (new_code_cell("1", metadata={"tags": ["x"]}), "has metadata"),
    ],
)
def test_what_must_not_be_stored_is_found(cell: NotebookNode, fault: str) -> None:
    notebook = _taught(cell)
    found = form_faults(notebook, _text(notebook))
    assert len(found) == 1
    assert fault in found[0]


def test_other_metadata_and_another_layout_are_found() -> None:
    notebook = _taught()
    notebook.metadata["author"] = "x"
    assert form_faults(notebook, _text(notebook)) == [
        "the metadata holds more, or other, than the kernel python3"
    ]
    notebook = _taught()
    assert len(form_faults(notebook, json.dumps(notebook))) == 1


def test_the_opening_and_the_exercises_are_asked_for() -> None:
    assert len(teaching_faults(_notebook("1"), "en")) == 3
    unanswered = _taught(new_markdown_cell("## Exercise 3\n\nWhy?"))
    assert [fault[:10] for fault in teaching_faults(unanswered, "en")] == ["exercise 3"] * 2
    skipped = _taught(new_markdown_cell(EXERCISE.format(4)), new_code_cell("1"))
    assert teaching_faults(skipped, "en") == [
        "exercises are numbered [1, 2, 4]; 1 to 2, 3 or 4 are expected"
    ]


def test_gaps_odd_names_and_dutch_alone_are_found() -> None:
    assert name_faults(["01_a.ipynb", "01_a.nl.ipynb", "02_b.ipynb"]) == []
    assert name_faults(["01_a.ipynb", "03_b.ipynb"]) == ["numbers are [1, 3]"]
    assert name_faults(["01_a.ipynb", "01_b.ipynb"]) == ["numbers are [1, 1]"]
    assert name_faults(["First.ipynb"]) == ["First.ipynb: not NN_words.ipynb"]
    assert name_faults(["01_a.ipynb", "01_b.nl.ipynb"]) == [
        "01_b.nl.ipynb: no English notebook of that name"
    ]


def test_a_twin_may_differ_in_texts_and_comments_only() -> None:
    one = _notebook("draw(x, title='types', n=3)  # as printed")
    assert twin_faults(one, _notebook("draw(x, title='typen', n=3)")) == []
    assert twin_faults(one, _notebook("draw(x, title='typen', n=4)")) == [
        "cell c0: other code than its twin"
    ]
    assert twin_faults(one, _notebook("x", "y")) == ["the cells have other kinds or ids"]
