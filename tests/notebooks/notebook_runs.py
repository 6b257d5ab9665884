"""Run a notebook in a kernel of its own, where a warning is an error."""

from __future__ import annotations

import time
from copy import deepcopy
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

SECONDS = 120

# The shell of the kernel sets filters of its own at its start, so they are set after it; processes
# that a cell starts take theirs from the environment. At its end ipykernel announces to itself that
# its own handlers may have to be coroutines one day: no notebook can cause or mend that.
WARNINGS_ARE_ERRORS = """\
import os as _os, warnings as _warnings
_os.environ["PYTHONWARNINGS"] = "error"
_warnings.resetwarnings()
_warnings.simplefilter("error")
_warnings.filterwarnings(
    "ignore", "For consistency across implementations", PendingDeprecationWarning, "ipykernel"
)
"""


def run(notebook: NotebookNode, folder: Path, seconds: float = SECONDS) -> NotebookNode:
    """Execute a copy of a notebook in ``folder`` within ``seconds`` all told; give it with outputs.

    A cell that raises or warns ends the run with nbclient's error, and so does the limit of time.
    """
    copy = deepcopy(notebook)
    copy.cells.insert(0, new_code_cell(WARNINGS_ARE_ERRORS, id="warnings"))
    end = time.monotonic() + seconds
    client = NotebookClient(
        copy,
        kernel_name="python3",
        timeout_func=lambda cell: max(0.1, end - time.monotonic()),
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    del copy.cells[0]
    return copy


def said_on_stderr(notebook: NotebookNode) -> str:
    """Give what the cells of an executed notebook wrote on standard error."""
    return "".join(
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    )
