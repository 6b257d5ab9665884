"""The site as built: no warning, no broken link, no empty section, no word that gives away."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from docs.generate.places import ROOMS

BARE = re.compile(
    r"<section [^>]*>\s*(?:<span[^>]*></span>\s*)*<h\d>.*?</h\d>\s*</section>", re.DOTALL
)
ROOT = Path(__file__).resolve().parents[2]


class _Page(HTMLParser):
    """Links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.anchors.add(value)
            if name in ("href", "src") and value:
                self.links.append(value)


def _broken(pages: dict[Path, _Page]) -> list[str]:
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.exists():
                broken.append(f"{path.name}: {link}")
            elif parts.fragment and target in pages:
                known = pages[target].anchors
                if unquote(parts.fragment) not in known | {"top"}:
                    broken.append(f"{path.name}: {link}")
    return broken


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_holds_together(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    pytest.importorskip("myst_parser")
    out = tmp_path / "site"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    run = subprocess.run(
        [*command, "-d", str(tmp_path / "doctrees"), str(ROOT / "docs"), str(out)],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")

    texts = {
        path: path.read_text(encoding="utf-8")
        for path in out.rglob("*.html")
        if not {"_static", "_downloads"} & set(path.relative_to(out).parts)
    }
    pages = {path: _Page(text) for path, text in texts.items()}
    assert _broken(pages) == []
    assert (out / "_static" / "extra" / "reproduction_monitor_2016.html").is_file()

    for room in ROOMS:
        anchors = pages[out / "generated" / "api" / f"{room}.html"].anchors
        names = importlib.import_module(f"swvtypes.{room}").__all__
        assert {f"swvtypes.{room}.{name}" for name in names} <= anchors

    for path, text in texts.items():
        bare = BARE.findall(text)
        assert bare == [], path.name
        assert not re.search(r"(?<![\w.])/(?:work|tmp|home|root)/", text), path.name
        assert '<script src="http' not in text, path.name
        # Names that share a description: the earlier ones would stand as the type of the last.
        assert not re.search(r"<em>,</em>\)", text), path.name
