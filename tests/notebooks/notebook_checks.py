"""What must hold of a notebook as it stands in the repository, before it runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode, ValidationError

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WORDS = {
    "en": {"learn": "You will learn", "exercise": "Exercise", "answer": "Answer"},
    "nl": {"learn": "Je leert", "exercise": "Opdracht", "answer": "Antwoord"},
}
ROWS = {"en": ("synthetic", "simulated"), "nl": ("synthetisch", "gesimuleerd")}

_NAME = re.compile(r"(\d\d)_[a-z0-9_]+(\.nl)?\.ipynb")
_MACHINE_PATH = re.compile(r"(?<![\w.<])(/(work|tmp|home|Users|root|opt|mnt|usr)\b|[A-Z]:\\)")
_PRIVATE = re.compile(r"\b(?:import\s+|\.)_[a-z]\w*")


def paths() -> list[Path]:
    """Give every notebook of the folder, by name."""
    return sorted(FOLDER.glob("*.ipynb"))


def language(path: Path) -> str:
    """Tell a notebook's language from its name."""
    return "nl" if path.name.endswith(".nl.ipynb") else "en"


def twin(path: Path) -> Path:
    """Name the English notebook of which this is the Dutch text."""
    return path.with_name(path.name.replace(".nl.ipynb", ".ipynb"))


def read(path: Path) -> NotebookNode:
    """Read a notebook as it is stored."""
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def name_faults(names: list[str]) -> list[str]:
    """List names of another form, gaps and doubles in the numbers, and Dutch without English."""
    odd = [f"{name}: not NN_words.ipynb" for name in names if not _NAME.fullmatch(name)]
    english = sorted(n for n in names if _NAME.fullmatch(n) and not n.endswith(".nl.ipynb"))
    numbers = [int(name[:2]) for name in english]
    if numbers != list(range(1, len(numbers) + 1)):
        odd.append(f"numbers are {numbers}")
    alone = [n for n in names if n.endswith(".nl.ipynb") and n.replace(".nl.", ".") not in names]
    return odd + [f"{name}: no English notebook of that name" for name in alone]


def form_faults(notebook: NotebookNode, text: str) -> list[str]:
    """List faults of the file: form, metadata, ids, outputs, counts, paths, private names."""
    found = []
    try:
        nbformat.validate(notebook)
    except ValidationError as error:
        found.append(f"not a valid notebook: {error.message}")
    if text != nbformat.writes(notebook) + "\n":
        found.append("the file is not as nbformat.write stores it")
    if notebook.metadata != METADATA:
        found.append("the metadata holds more, or other, than the kernel python3")
    for cell in notebook.cells:
        found += [f"cell {cell.get('id')}: {fault}" for fault in _cell_faults(cell)]
    return found


def _cell_faults(cell: NotebookNode) -> list[str]:
    found = []
    if cell.metadata:
        found.append("has metadata")
    if not cell.source.strip():
        found.append("is empty")
    if _MACHINE_PATH.search(cell.source):
        found.append("holds a path of a machine")
    if cell.cell_type == "code":
        if cell.outputs or cell.execution_count is not None:
            found.append("outputs or an execution count are stored")
        if _PRIVATE.search(cell.source):
            found.append("uses a private name")
    return found


def teaching_faults(notebook: NotebookNode, tongue: str) -> list[str]:
    """List what the opening lacks, and exercises without an answer."""
    words, found = WORDS[tongue], []
    opening = notebook.cells[0]
    first = opening.source if opening.cell_type == "markdown" else ""
    if not first.startswith("# ") or words["learn"] not in first:
        found.append(f"the first cell is no title with {words['learn']!r}")
    if not any(word in first.lower() for word in ROWS[tongue]):
        found.append("the first cell does not say that the rows are synthetic or simulated")
    heading = re.compile(rf"^#+ {words['exercise']} (\d+)", re.MULTILINE)
    at = [
        (number, int(match.group(1)))
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for match in heading.finditer(cell.source)
    ]
    numbers = [number for _, number in at]
    if numbers != list(range(1, len(numbers) + 1)) or not 2 <= len(numbers) <= 4:
        found.append(f"exercises are numbered {numbers}; 1 to 2, 3 or 4 are expected")
    starts = [*(place for place, _ in at), len(notebook.cells)]
    for (start, number), end in zip(at, starts[1:], strict=True):
        part = notebook.cells[start:end]
        summary = f"<details><summary>{words['answer']}</summary>"
        told = "".join(cell.source for cell in part if cell.cell_type == "markdown")
        if told.count(summary) != 1 or told.count("</details>") != 1:
            found.append(f"exercise {number} has no answer in {summary}...</details>")
        if not any(cell.cell_type == "code" for cell in part):
            found.append(f"exercise {number} has no cell that computes its answer")
    return found


class _WithoutTexts(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant("") if isinstance(node.value, str) else node


def code_without_texts(source: str) -> str:
    """Give the syntax of a cell with every text made empty, to set beside another language."""
    return ast.dump(_WithoutTexts().visit(ast.parse(source)))


def twin_faults(one: NotebookNode, other: NotebookNode) -> list[str]:
    """List cells in which two notebooks differ in more than texts."""
    shape = [[(cell.cell_type, cell.id) for cell in book.cells] for book in (one, other)]
    if shape[0] != shape[1]:
        return ["the cells have other kinds or ids"]
    return [
        f"cell {a.id}: other code than its twin"
        for a, b in zip(one.cells, other.cells, strict=True)
        if a.cell_type == "code" and code_without_texts(a.source) != code_without_texts(b.source)
    ]
