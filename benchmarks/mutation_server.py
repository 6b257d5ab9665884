"""Run tests against changed code: one process that is forked for each change.

A copy of the checkout is laid out in a folder of its own and the tests run there, so that the
checkout is never touched. The process loads the libraries and the tests once; for each change a
child puts the changed code into the loaded functions (their code objects), runs the tests that
reach the place, the quickest first, and stops at the first that fails. Code that runs on import
(constants, tables, defaults) cannot be changed so: such changes start from a child in which the
package is not loaded yet, and an import of the module gives the changed one.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
# A test gets this many times its own seconds of processor time, and at least so many.
_PATIENCE, _LEAST_SECONDS = 10.0, 3.0
_WALL_SECONDS, _MOST_BYTES = 240, 6 << 30
SURVIVED, TIMED_OUT = "survived", "timed out"

Reach = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Suite:
    """Which tests are run, and what of them counts as quick.

    Attributes
    ----------
    tests : tuple of str
        Files and folders below the copy; modules of the package give their doctests.
    most_seconds : float
        Tests of more processor time than this (with their fixtures) are left out.
    budget : float
        Seconds of tests that a change is given at most, the quickest first.
    """

    tests: tuple[str, ...]
    most_seconds: float = 2.0
    budget: float = 40.0


def lay_out(folder: Path) -> Path:
    """Copy what the tests need to a folder; give the copy of the checkout in it."""
    copy = folder / "checkout"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "_build", "generated")
    for name in ("swvtypes", "tests", "benchmarks", "docs"):
        shutil.copytree(CHECKOUT / name, copy / name, ignore=ignored)
    (copy / "data").symlink_to(CHECKOUT / "data")
    for file in ("README.md", "CHANGELOG.md", "CITATION.cff", "pyproject.toml"):
        shutil.copy(CHECKOUT / file, copy / file)
    beside = folder / "shared"
    if not beside.exists() and (CHECKOUT.parent / "shared").is_dir():
        beside.symlink_to(CHECKOUT.parent / "shared")
    (copy / "mutation.ini").write_text(
        "[pytest]\nmarkers =\n    slow: left out\nfilterwarnings =\n    error\n", encoding="utf-8"
    )
    return copy


def enter(copy: Path) -> None:
    """Make the copy the place from which everything is imported, here and in child processes."""
    os.chdir(copy)
    sys.path[:] = [str(copy), *(p for p in sys.path if p not in {"", str(CHECKOUT)})]
    os.environ["PYTHONPATH"] = str(copy)
    os.environ["OMP_NUM_THREADS"] = "1"
    for name in ("numpy", "scipy.stats", "scipy.optimize", "pandas", "sklearn.base", "joblib"):
        importlib.import_module(name)
    assert not any(name.partition(".")[0] == "swvtypes" for name in sys.modules)


def in_child(work: Callable[[], Any], seconds: int = _WALL_SECONDS) -> Any:
    """Do the work in a fork and give what it returns; "timed out" where it was stopped."""
    read, write = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(read)
        status = 1
        try:
            os.setpgid(0, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(seconds)
            answer = json.dumps(work()).encode()
            while answer:
                answer = answer[os.write(write, answer) :]
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if os.WIFSIGNALED(status):
        stopped = os.WTERMSIG(status) in {signal.SIGALRM, signal.SIGPROF, signal.SIGXCPU}
        return TIMED_OUT if stopped else f"died of signal {os.WTERMSIG(status)}"
    return json.loads(answer) if answer else "died"


def silent() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


@dataclass
class Loaded:
    """The loaded tests, from which children are forked."""

    session: pytest.Session
    reach: Reach
    functions: dict[str, list[FunctionType]] = field(default_factory=dict)

    def index(self) -> None:
        """Note every loaded function of the package by its file."""
        root = os.path.join(os.getcwd(), "swvtypes") + os.sep
        found: dict[str, list[FunctionType]] = {}
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(root):
                found.setdefault(thing.__code__.co_filename, []).append(thing)
        self.functions = found
        gc.freeze()

    def try_out(self, file: str, tree: ast.Module, tests: Sequence[str]) -> Any:
        """Give the test that fails under the change, "survived", "timed out" or None.

        None says that the change could not be put into loaded code.
        """
        items = {item.nodeid: item for item in self.session.items}

        def work() -> str | None:
            silent()
            if not self._put_in(file, tree):
                return None
            return run_items([items[name] for name in tests if name in items], self.reach)

        return in_child(work)

    def _put_in(self, file: str, tree: ast.Module) -> bool:
        path = os.path.abspath(file)
        new = _codes(compile(tree, path, "exec", dont_inherit=True))
        old = _codes(compile(Path(path).read_bytes(), path, "exec", dont_inherit=True))
        changed = {place for place in new if new[place] != old.get(place)}
        hit = 0
        for function in self.functions.get(path, ()):
            place = _place(function.__code__)
            if place in changed:
                if new[place].co_freevars != function.__code__.co_freevars:
                    return False
                function.__code__ = new[place]
                hit += 1
        return hit > 0


def _place(code: CodeType) -> tuple[str, int, tuple[Any, ...]]:
    first = next(iter(code.co_positions()), ())
    return (code.co_qualname, code.co_firstlineno, first[2:3] if code.co_name == "<lambda>" else ())


def _codes(module: CodeType) -> dict[Any, CodeType]:
    found: dict[Any, CodeType] = {}
    todo = [module]
    while todo:
        for constant in todo.pop().co_consts:
            if isinstance(constant, CodeType):
                found[_place(constant)] = constant
                todo.append(constant)
    return found


def patience(seconds: float) -> float:
    """Give the seconds that a test would have to take to be given so many."""
    return seconds / _PATIENCE


class _Outcomes:
    """Notes what failed."""

    def __init__(self) -> None:
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed


def run_items(items: Sequence[pytest.Item], reach: Reach) -> str:
    """Run tests until one fails and give its name, or "survived"."""
    if not items:
        return SURVIVED
    outcomes = _Outcomes()
    items[0].config.pluginmanager.register(outcomes)
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for item, following in zip(items, [*items[1:], None], strict=True):
        own = reach.get(item.nodeid, {}).get("seconds", 1.0)
        signal.setitimer(signal.ITIMER_PROF, max(_LEAST_SECONDS, _PATIENCE * own))
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if outcomes.failed:
            return item.nodeid
    return SURVIVED


class Plugin:
    """Collects once, and hands the loaded tests over in place of running them."""

    def __init__(self, work: Callable[[pytest.Session], None]) -> None:
        self.work = work

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave slow tests out; failing examples of hypothesis need no shrinking."""
        from hypothesis import Phase, settings

        items[:] = [item for item in items if item.get_closest_marker("slow") is None]
        for item in items:
            test = getattr(item, "obj", None)
            held = getattr(test, "_hypothesis_internal_use_settings", None)
            if held is not None:
                quick = settings(held, phases=(Phase.explicit, Phase.generate))
                getattr(test, "__func__", test)._hypothesis_internal_use_settings = quick

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work."""
        import swvtypes

        assert str(swvtypes.__file__).startswith(os.getcwd() + os.sep), swvtypes.__file__
        self.work(session)
        return True


def with_tests(suite: Suite, work: Callable[[pytest.Session], None]) -> None:
    """Collect the tests of a suite and do the work with them."""
    arguments = [
        "-c", "mutation.ini", "-q", "-s", "--doctest-modules", "--tb=no", "--rootdir", ".",
        "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:timeout", "-p", "no:faulthandler",
    ]  # fmt: skip
    code = pytest.main([*arguments, *suite.tests], plugins=[Plugin(work)])
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        raise RuntimeError(f"pytest ended with {code!r}")


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, file: str, tree: ast.Module) -> None:
        self.path, self.tree = os.path.abspath(file), tree
        parts = Path(file).with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """Claim the module."""
        if fullname != self.name:
            return None
        where = [os.path.dirname(self.path)] if self.is_package else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=where
        )

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code."""
        exec(compile(self.tree, self.path, "exec", dont_inherit=True), module.__dict__)


def _files_of(tests: Sequence[str]) -> tuple[str, ...]:
    """Give the files of tests, and the folders of doctests: pytest loads a module named to it."""
    files = (Path(name.partition("::")[0]) for name in tests)
    where = (file if file.parts[0] == "tests" else file.parent for file in files)
    return tuple(dict.fromkeys(map(str, where)))


def try_cold(suite: Suite, file: str, tree: ast.Module, tests: Sequence[str], reach: Reach) -> Any:
    """Try a change of code that runs on import; same answers as :meth:`Loaded.try_out`."""

    def work() -> str:
        silent()
        sys.meta_path.insert(0, _Changed(file, tree))
        ended = "at collection"

        def judge(session: pytest.Session) -> None:
            nonlocal ended
            if session.testsfailed:
                return
            items = {item.nodeid: item for item in session.items}
            ended = run_items([items[name] for name in tests if name in items], reach)

        try:
            with_tests(Suite(_files_of(tests)), judge)
        except RuntimeError:
            return ended
        return ended

    return in_child(work)
