"""How the documentation is built: ``python -m sphinx -W --keep-going -b html docs OUT``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from docs.generate.pages import build_all  # noqa: E402
from docs.generate.places import GENERATED  # noqa: E402
from swvtypes import __version__  # noqa: E402

_NAMES = re.compile(r"\w+(?:, \w+)+,?")
_FIELD = re.compile(r"(:(?:ivar|vartype|param|type) )((?:\\?\*|\w)+(?:, (?:\\?\*|\w)+)+)(?=:)")
_NO_WIDTH = "\N{ZERO WIDTH SPACE}"

project = "swvtypes"
author = "swvtypes contributors"
project_copyright = author
version = release = __version__
language = "en"
extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "myst_parser",
    "docs.generate.sphinx_parts",
]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
exclude_patterns = ["_build", "build", "examples", "generate", "generated/extra"]

myst_enable_extensions = ["deflist", "dollarmath", "attrs_inline"]
myst_heading_anchors = 3

napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
toc_object_entries = False
smartquotes_action = "qDe"
# A cross-reference that two rooms could answer goes to the page that names it in full.
suppress_warnings = ["ref.python"]

html_theme = "alabaster"
html_theme_options = {
    "description": "Type organisations from survey waves, and check such typologies.",
    "fixed_sidebar": True,
    "page_width": "1180px",
    "sidebar_width": "250px",
    "body_max_width": "900px",
}
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_static_path = ["_static"]
html_css_files = ["house.css"]
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
html_math_renderer = "mathml"


def _ours(app: Any, what: str, name: str, found: Any, skip: bool, options: Any) -> bool | None:
    """Leave out what a class has from elsewhere (scikit-learn's routing of metadata)."""
    module = getattr(found, "__module__", None)
    if module is not None and not str(module).startswith(("swvtypes", "builtins")):
        return True
    return None


def _one_line(app: Any, what: str, name: str, found: Any, options: Any, lines: list[str]) -> None:
    """Put names of parameters that run over two lines on one, as the parser expects them."""
    at = 0
    while at + 1 < len(lines):
        follows = lines[at + 1]
        if lines[at].endswith(",") and _NAMES.fullmatch(f"{lines[at]} {follows}"):
            lines[at : at + 2] = [f"{lines[at]} {follows}"]
        else:
            at += 1


def _joined(app: Any, what: str, name: str, found: Any, options: Any, lines: list[str]) -> None:
    """Keep names that share a description together: the last would be taken for the name alone."""
    for at, line in enumerate(lines):
        start = _FIELD.match(line)
        if start:
            lines[at] = f"{start[1]}{start[2].replace(', ', ',' + _NO_WIDTH)}{line[start.end(2) :]}"


def _generate(app: Any) -> None:
    build_all()


def _put_extra(app: Any, failure: Exception | None) -> None:
    """Put whole pages of their own beside the documentation."""
    if failure is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "extra"
    target.mkdir(parents=True, exist_ok=True)
    for page in (GENERATED / "extra").glob("*.html"):
        (target / page.name).write_bytes(page.read_bytes())


def setup(app: Any) -> None:
    """Make pages before sources are looked for."""
    app.connect("builder-inited", _generate)
    app.connect("autodoc-skip-member", _ours)
    app.connect("autodoc-process-docstring", _one_line, priority=400)
    app.connect("autodoc-process-docstring", _joined, priority=600)
    app.connect("build-finished", _put_extra)
