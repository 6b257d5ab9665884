"""What stands in the root for a release agrees with the package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from swvtypes import __version__

ROOT = Path(__file__).resolve().parents[2]


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_citation_and_the_change_log_name_the_version() -> None:
    assert re.search(rf"^version: {re.escape(__version__)}$", _text("CITATION.cff"), re.MULTILINE)
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", _text("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == __version__


def test_the_citation_has_what_the_form_asks_and_names_nobody() -> None:
    keys = set(re.findall(r"^([a-z-]+):", _text("CITATION.cff"), re.MULTILINE))
    assert {"cff-version", "message", "title", "authors"} <= keys
    authors = _text("CITATION.cff").split("authors:\n")[1].split("\nversion")[0]
    assert authors.strip() == "- name: swvtypes contributors"


def test_the_licence_is_the_same_everywhere() -> None:
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    assert project["license"] == "MIT"
    assert "license: MIT" in _text("CITATION.cff")
    assert _text("LICENSE").startswith("MIT License")


def test_what_the_documentation_needs_is_pinned_and_part_of_dev() -> None:
    extras = tomllib.loads(_text("pyproject.toml"))["project"]["optional-dependencies"]
    assert any("docs" in entry for entry in extras["dev"] if entry.startswith("swvtypes["))
    pins = {line.partition("==")[0].lower() for line in _text("constraints.txt").splitlines()}
    for entry in extras["docs"]:
        assert re.match(r"[\w-]+", entry)[0].lower() in pins  # type: ignore[index]
