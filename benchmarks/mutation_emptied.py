"""Empty public functions one by one; a test of the room should notice.

``python benchmarks/mutation_emptied.py --seed 1 --size 400`` draws public functions and methods of
the whole package (the command line, which tests reach through other processes, apart), lets each
do nothing in turn, and runs tests of its room: first those whose own text or fixtures name it,
then others of files that do; where none notices, tests from all over the room. A test of more than
a few seconds of processor time is not waited for. What no test noticed stands under ``emptied`` in
``benchmarks/results/mutation.json``. With ``--again`` those are tried once more, after tests were
written for them; what was noticed at first stays in the results.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from mutation_emptied_rows import (
    NOT_LOADED,
    SLOW,
    UNNOTICED,
    UNREACHED,
    is_open,
    last,
    rows_of,
    write,
)
from mutation_operators import Function as AnyFunction
from mutation_operators import Site, name_of, sites_of
from mutation_server import (
    SURVIVED,
    TIMED_OUT,
    Loaded,
    Suite,
    enter,
    in_child,
    lay_out,
    run_items,
    silent,
    with_tests,
)

_NAMED, _NEAR, _MOST_SLOW = 8, 16, 3
_WIDE, _AT_ONCE, _LEVELS = 60, 6, 3

# Modules beside the rooms whose tests stand with a room that uses them.
_HOMES = {
    "quantity_words.py": "auditing", "multiplicity.py": "scales", "clusters.py": "hardening",
}  # fmt: skip

Function = tuple[str, str, int]


def room_of(file: str) -> str:
    """Give the folder of tests of a module."""
    parts = Path(file).parts
    return parts[1] if len(parts) > 2 else _HOMES.get(parts[-1], "ground")


def everything() -> list[Function]:
    """List the public functions of the package, as file, name and line."""
    found = []
    for path in sorted(Path("swvtypes").rglob("*.py")):
        file = path.as_posix()
        if room_of(file) != "cli" and path.name != "__main__.py":
            source = path.read_text("utf-8")
            found += [(file, name, line) for name, line in public_functions(source)]
    return found


def emptied(source: str, function: str) -> ast.Module:
    """Give the tree of a module with one function that does nothing."""
    tree, sites = sites_of(source)
    for site in sites:
        if isinstance(site.node, AnyFunction) and _qualified(sites, site) == function:
            line = site.node.body[0]
            nothing: list[ast.stmt] = [ast.Return(ast.Constant(None))]
            if any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in ast.walk(site.node)):
                nothing.append(ast.Expr(ast.Yield(ast.Constant(None))))
            for statement in nothing:
                ast.copy_location(statement, line)
                ast.fix_missing_locations(statement)
            site.node.body = nothing
    return tree


def _qualified(sites: list[Site], site: Site) -> str:
    parents = {id(s.node): s.parent for s in sites}
    names: list[str] = []
    node: ast.AST | None = site.node
    while node is not None:
        if isinstance(node, (AnyFunction, ast.ClassDef)):
            names.append(node.name)
        node = parents.get(id(node))
    return ".".join(reversed(names))


def public_functions(source: str) -> list[tuple[str, int]]:
    """List the public functions and methods of a module that do something, with their lines."""
    _, sites = sites_of(source)
    found = []
    for site in sites:
        if not isinstance(site.node, AnyFunction) or site.function:
            continue
        name = _qualified(sites, site)
        if any(part.startswith("_") for part in name.split(".")) or _idle(site.node):
            continue
        found.append((name, site.node.lineno))
    return found


def _idle(node: AnyFunction) -> bool:
    """Say whether the body only documents: protocols, overloads, and methods left to others."""
    marks = {name_of(d) for d in node.decorator_list}
    if marks & {"overload", "abstractmethod"}:
        return True
    return all(
        isinstance(s, (ast.Pass, ast.Raise))
        or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
        for s in node.body
    )


@cache
def uses() -> dict[str, set[str]]:
    """Give the names that each function or class of the package uses, by its own name."""
    found: dict[str, set[str]] = {}
    for path in Path("swvtypes").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, (AnyFunction, ast.ClassDef)):
                inside = ast.walk(node)
                names = {getattr(n, "id", getattr(n, "attr", "")) for n in inside}
                found.setdefault(node.name, set()).update(names)
    return found


def callers_of(name: str) -> list[str]:
    """List what uses a function, directly or through two others; names of one letter aside."""
    found, last = [name], [name]
    for _ in range(_LEVELS):
        last = [
            user
            for user, used in uses().items()
            if user not in found and len(user) > 1 and used.intersection(last)
        ]
        found += last
    return found


def texts_of(session: pytest.Session) -> dict[str, str]:
    """Give the source of every test with that of its fixtures."""
    known: dict[Any, str] = {}

    def text(thing: Any) -> str:
        if thing not in known:
            try:
                known[thing] = inspect.getsource(thing)
            except (OSError, TypeError):
                known[thing] = ""
        return known[thing]

    found = {}
    for item in session.items:
        parts = [text(getattr(item, "function", None))]
        info = getattr(item, "_fixtureinfo", None)
        for definitions in (info.name2fixturedefs if info else {}).values():
            parts += [text(definition.func) for definition in definitions]
        found[item.nodeid] = "\n".join(parts)
    return found


def candidates(name: str, texts: dict[str, str]) -> list[str]:
    """Give tests that name a function, then others of files that do; few enough to be run."""
    last = name.rpartition(".")[2]
    named = [test for test, text in texts.items() if last in text][:_NAMED]
    files = {
        file: Path(file).read_text("utf-8")
        for file in dict.fromkeys(test.partition("::")[0] for test in texts)
        if Path(file).is_file()
    }
    words = name.split(".")
    near = [
        test
        for test in texts
        if any(word in files.get(test.partition("::")[0], "") for word in words)
        and test not in named
    ]
    step = max(1, len(near) // _NEAR)
    return [*named, *near[::step][:_NEAR]]


class Room:
    """The loaded tests of one room."""

    def __init__(self, session: pytest.Session) -> None:
        self.texts = texts_of(session)
        self.items = {item.nodeid: item for item in session.items}
        self.loaded = Loaded(session, {name: {"seconds": 0.3} for name in self.items})
        self.loaded.index()
        self.sound: dict[str, bool] = {}

    def passes(self, test: str) -> bool:
        """Say whether a test passes when nothing is emptied."""

        def work() -> str:
            silent()
            return run_items([self.items[test]], self.loaded.reach)

        if test not in self.sound:
            self.sound[test] = in_child(work) == SURVIVED
        return self.sound[test]

    def near(self, file: str, name: str) -> tuple[str, int]:
        """Run tests that name the function; give what came of it, and how many there are."""
        tree, slow, outcome = emptied(Path(file).read_text("utf-8"), name), 0, UNREACHED
        tests = candidates(name, self.texts)
        for test in tests:
            found = self.loaded.try_out(file, tree, [test])
            if found is None:
                return NOT_LOADED, len(tests)
            if found == TIMED_OUT:
                slow += 1
                if slow == _MOST_SLOW:
                    return SLOW, len(tests)
            elif found != SURVIVED and self.passes(test):
                return str(found), len(tests)
            outcome = SURVIVED
        return outcome, len(tests)

    def widely(self, file: str, name: str) -> tuple[str, int]:
        """Run tests that name what calls the function, then some from all over the room."""
        tree, names = emptied(Path(file).read_text("utf-8"), name), list(self.items)
        spread = names[:: max(1, len(names) // _WIDE)]
        users = callers_of(name.rpartition(".")[2])
        nearest: dict[str, int] = {}
        for rank, user in enumerate(users):
            word = re.compile(rf"\b{user}\b")
            for test, text in self.texts.items():
                if test not in nearest and word.search(text):
                    nearest[test] = rank
        close = sorted(nearest, key=lambda test: nearest[test])[:_WIDE]
        spread = list(dict.fromkeys((*close, *spread)))
        for start in range(0, len(spread), _AT_ONCE):
            found = self.loaded.try_out(file, tree, spread[start : start + _AT_ONCE])
            if found in self.items and self.passes(str(found)):
                return str(found), len(spread)
        return SURVIVED, len(spread)


def try_room(
    room: str, functions: list[Function], widely: bool = False
) -> Iterator[dict[str, Any]]:
    """Empty functions of one room, and give what came of each."""
    rows: list[dict[str, Any]] = []

    def judge(session: pytest.Session) -> None:
        tests = Room(session)
        for file, name, line in functions:
            outcome, n_tests = (tests.widely if widely else tests.near)(file, name)
            row = {"file": file, "function": name, "line": line, "outcome": outcome}
            rows.append(row | {"tests": n_tests, "widely": widely})

    def work() -> list[dict[str, Any]]:
        with_tests(Suite((f"tests/{room}",)), judge)
        return rows

    found = in_child(work, seconds=0)
    yield from found if isinstance(found, list) else ()


def main() -> None:
    """Draw, empty and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=400)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "emptied")
    parser.add_argument("--again", action="store_true")
    asked = parser.parse_args()
    folder: Path = asked.folder.resolve()
    enter(lay_out(folder))
    log = folder / f"emptied_{asked.seed}.jsonl"
    functions = everything()
    if asked.again:
        _try_again(log, len(functions))
        return
    held = {(row["file"], row["function"]) for row in rows_of(log)}
    # A sample that was begun stays what it was, also when the package has changed since.
    order = np.random.default_rng(asked.seed).permutation(len(functions))[: asked.size]
    sample = [f for f in functions if f[:2] in held] or [functions[i] for i in order]
    drawn: dict[str, list[Function]] = {}
    for function in sample:
        drawn.setdefault(room_of(function[0]), []).append(function)
    for widely in (False, True):
        done = {(row["file"], row["function"]): row for row in rows_of(log)}
        for room, chosen in sorted(drawn.items()):
            left = [f for f in chosen if is_open(done.get(f[:2]), widely)]
            if left and Path("tests", room).is_dir():
                with log.open("a", encoding="utf-8") as out:
                    for row in try_room(room, left, widely):
                        out.write(json.dumps(row) + "\n")
                write(rows_of(log), len(functions))


def _try_again(log: Path, n_functions: int) -> None:
    """Try once more what nothing noticed, on its own account."""
    for widely in (False, True):
        unnoticed: dict[str, list[Function]] = {}
        for row in last(rows_of(log)):
            if row["outcome"] in UNNOTICED:
                found = (row["file"], row["function"], row["line"])
                unnoticed.setdefault(room_of(row["file"]), []).append(found)
        for room, chosen in sorted(unnoticed.items()):
            with log.open("a", encoding="utf-8") as out:
                for row in try_room(room, chosen, widely):
                    out.write(json.dumps(row | {"again": True}) + "\n")
    write(rows_of(log), n_functions)


if __name__ == "__main__":
    main()
