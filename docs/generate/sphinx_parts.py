"""What pages may say beyond plain Markdown: stored figures, stored tables, references.

- ``{stored}`inference_levels / n_boot | d``` is a stored figure, in Python's format;
- ``{result-table} speed`` is a whole table of them;
- ``{references} goodman-1974 ...`` is a list of works from ``references.toml``.

Formulas are written as MathML, which browsers draw without a script and without a network.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.domains.python import PyObject
from sphinx.util.docutils import SphinxDirective, SphinxRole

from .fragments import TABLES
from .places import DOCS, RESULTS
from .stored import shown


@cache
def works() -> dict[str, dict[str, str]]:
    """Give the works that pages refer to, by key."""
    return tomllib.loads((DOCS / "references.toml").read_text(encoding="utf-8"))


def reference_line(key: str) -> str:
    """Give one work as Markdown, with its DOI where it is known for sure."""
    work = works()[key]
    line = f"{work['by']} ({work['year']}). {work['title']}. *{work['where']}*."
    if "doi" in work:
        line += f" [doi:{work['doi']}](https://doi.org/{work['doi']})"
    return line


class StoredRole(SphinxRole):
    """A figure of the stored results."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Put the figure in the page; one that is not there is an error of the build."""
        name = self.text.split(" / ")[0].strip()
        self.env.note_dependency(str(RESULTS / f"{name}.json"))
        return [nodes.inline(self.text, shown(self.text), classes=["stored"])], []


class ResultTable(SphinxDirective):
    """A table of stored results."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        for path in RESULTS.glob("*.json"):
            self.env.note_dependency(str(path))
        box = nodes.container(classes=["stored-table"])
        _parse(self, TABLES[self.arguments[0]](), box)
        return [box]


class References(SphinxDirective):
    """A list of works."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Make the list."""
        self.env.note_dependency(str(DOCS / "references.toml"))
        lines = [f"- {reference_line(key)}" for key in sorted(self.arguments[0].split())]
        box = nodes.container(classes=["references"])
        _parse(self, "\n".join(lines), box)
        return [box]


def _parse(directive: SphinxDirective, markdown: str, box: nodes.Element) -> None:
    source = directive.env.doc2path(directive.env.docname)
    content = StringList(markdown.splitlines(), source=str(source))
    directive.state.nested_parse(content, directive.content_offset, box)


def _inline_formula(writer: Any, node: nodes.math) -> None:
    writer.body.append(tex2mathml(node.astext(), as_block=False))
    raise nodes.SkipNode


def _block_formula(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Make them known to Sphinx."""
    for field in PyObject.doc_field_types:
        if field.name == "variable":
            field.label = "Attributes"
    app.add_role("stored", StoredRole())
    app.add_directive("result-table", ResultTable)
    app.add_directive("references", References)
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_inline_formula, None), block_renderers=(_block_formula, None)
    )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
