"""The notebooks as pages: their text and code, without what they print and draw."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .markdown import table
from .places import ROOT, write

NOTEBOOKS = ROOT / "notebooks"
# What each notebook teaches, and the minutes to read and try it.
SENTENCES = {
    "01_first_look": ("Load a wave, find out what its columns mean, count, and draw.", 10),
    "02_reproduce_published_tables": (
        "Compute a printed table by hand and with swvtypes, and prove that a cell cannot be right.",
        15,
    ),
    "03_theme_from_answers_to_types": (
        "One theme: how many classes, what they are like, what may be wrong, types or a line.",
        30,
    ),
    "04_superclusters_and_2014": (
        "Types over themes by three routes, whether they exist, and the claims of 2014.",
        30,
    ),
    "05_steering_continuum": (
        "The self-rated continuum of 2016: many tests at once, and what is pinned by print.",
        30,
    ),
    "06_your_own_wave": ("From an SPSS file to a report, in three commands.", 20),
    "07_comparing_waves": ("Who moved between two waves, once errors are taken out.", 30),
    "08_how_much_can_65_tell": ("What 65 answers can show, and what they cannot.", 30),
    "09_auditing_a_paper": ("Hold the printed figures of a paper against each other.", 25),
}

_LINK = re.compile(r"\[([^\]]+)\]\(([\w.]+)\.ipynb\)")


def stems() -> list[str]:
    """Name the notebooks, Dutch ones after their English twins."""
    return sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def page(path: Path) -> str:
    """Give a notebook as a page: text as it is, code as code."""
    parts = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            parts.append(f"```python\n{source}\n```")
        else:
            parts.append(_LINK.sub(_to_page, source).replace("](../docs/", "](../../"))
    told = (
        "Uitvoer en figuren verschijnen als je het notebook uitvoert: "
        if path.stem.endswith(".nl")
        else "Run the notebook to see what it prints and draws: "
    )
    down = f"{told}{{download}}`{path.name} <../../../notebooks/{path.name}>`."
    parts.insert(1, down)
    return "\n\n".join(parts) + "\n"


def index() -> str:
    """Give the page that lists them."""
    rows = []
    for stem in stems():
        if stem.endswith(".nl"):
            continue
        what, minutes = SENTENCES[stem]
        dutch = f" ([in het Nederlands]({stem}.nl.md))" if f"{stem}.nl" in stems() else ""
        rows.append((f"[{title(NOTEBOOKS / f'{stem}.ipynb')}]({stem}.md){dutch}", what, minutes))
    tree = "\n".join(stems())
    return "\n".join(
        [
            "# Notebooks\n",
            "Each teaches one thing, runs in under two minutes, and has exercises with answers. "
            "They stand in the folder `notebooks` of the checkout and need `jupyterlab` or any "
            "other editor of notebooks beside the package with its extras "
            '(`python -m pip install -c constraints.txt ".[report,spss]" jupyterlab`). '
            "The rows in them are synthetic or simulated, and every notebook says so.\n",
            table(("notebook", "what you learn", "minutes"), rows, raw=True),
            f"```{{toctree}}\n:hidden:\n{tree}\n```\n",
        ]
    )


def title(path: Path) -> str:
    """Give the title of a notebook."""
    first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    return first.splitlines()[0].removeprefix("# ")


def build() -> None:
    """Write the pages."""
    for stem in stems():
        write(f"notebooks/{stem}.md", page(NOTEBOOKS / f"{stem}.ipynb"))
    write("notebooks/index.md", index())


def _to_page(match: re.Match[str]) -> str:
    text, stem = match.groups()
    return f"[{text}]({stem}.md)" if (NOTEBOOKS / f"{stem}.ipynb").is_file() else text
