"""Where the parts of the documentation stand."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
RESULTS = ROOT / "benchmarks" / "results"
GENERATED = DOCS / "generated"

ROOMS = (
    "survey", "tables", "scales", "lca", "membership", "typology", "steering", "validation",
    "longitudinal", "reconstruction", "reproduction", "auditing", "published", "plots", "report",
    "workflow",
)  # fmt: skip


def write(name: str, text: str) -> Path:
    """Write a generated page; a page that says the same already keeps its time of writing."""
    path = GENERATED / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
