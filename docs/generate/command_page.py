"""The page of the command line, from the commands themselves."""

from __future__ import annotations

from typing import Any

import typer
import typer.main

from swvtypes.cli.app import app

from .markdown import cell, table
from .places import write


def build() -> None:
    """Write the page."""
    write("commands.md", page())


def page() -> str:
    """Give the page."""
    group: Any = typer.main.get_command(app)
    parts = [
        "# Commands\n",
        "Exit status: 0 done; 1 the result falls short (for example a missed cell); 2 the input is "
        "at fault, with one line a fault on standard error and nothing written.\n",
    ]
    for name, command in sorted(group.commands.items()):
        parts.append(f"## swvtypes {name}\n")
        parts.append(f"```sh\nswvtypes {name} {_usage(command)}\n```\n")
        parts += [_words(command.help or ""), ""]
        rows = [_row(parameter) for parameter in command.params]
        if rows:
            parts.append(
                table(("argument or option", "what it is", "when left out"), rows, raw=True)
            )
    return "\n".join(parts)


def _words(text: str) -> str:
    """Give help as paragraphs of Markdown."""
    paragraphs = []
    for paragraph in text.replace("\b", "").split("\n\n"):
        said = " ".join(paragraph.split())
        is_example = said.startswith("Example: ")
        example = said.removeprefix("Example: ")
        paragraphs.append(f"```sh\n{example}\n```" if is_example else cell(said))
    return "\n\n".join(paragraphs)


def _usage(command: Any) -> str:
    names = []
    for parameter in command.params:
        if parameter.param_type_name != "argument":
            continue
        name = (parameter.metavar or parameter.name).upper()
        names.append(name if parameter.required else f"[{name}]")
    if any(p.param_type_name == "option" for p in command.params):
        names.append("[OPTIONS]")
    return " ".join(names)


def _row(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        name = f"`{(parameter.metavar or parameter.name).upper()}`"
    else:
        name = ", ".join(f"`{option}`" for option in parameter.opts)
        if parameter.secondary_opts:
            name += " / " + ", ".join(f"`{option}`" for option in parameter.secondary_opts)
    if parameter.required:
        default = "must be given"
    elif _says_nothing(parameter.default):
        default = ""
    else:
        default = f"`{parameter.default}`"
    return name, cell(getattr(parameter, "help", None) or ""), default


def _says_nothing(default: object) -> bool:
    """Whether a default is no news to a reader: none, empty, a flag, or worked out."""
    return isinstance(default, bool) or callable(default) or default in (None, (), "")
