"""The laws of the house that import contracts cannot express."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import sys
from pathlib import Path

import pytest

import swvtypes

PACKAGE = Path(swvtypes.__file__).resolve().parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    """Absolute names of everything that a file imports, inside functions too."""
    package = ["swvtypes", *path.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            stem = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*stem, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names} | {base}
    return found


def outside(path: Path, allowed: tuple[str, ...]) -> set[str]:
    """Imports of a file that an allow-list does not cover."""
    return {
        name
        for name in imports_of(path)
        if not any(name == entry or name.startswith(entry + ".") for entry in allowed)
    }


def test_no_module_imports_the_package_root() -> None:
    children = {item.name for item in pkgutil.iter_modules([str(PACKAGE)])}
    offenders = {}
    for path in MODULES:
        if path.parent == PACKAGE and path.name in {"__init__.py", "__main__.py"}:
            continue
        names = imports_of(path)
        bad = {n for n in names if n.startswith("swvtypes.") and n.split(".")[1] not in children}
        plain = any(
            isinstance(node, ast.Import) and any(a.name == "swvtypes" for a in node.names)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
        if bad or plain:
            offenders[str(path.relative_to(PACKAGE))] = sorted(bad) or ["swvtypes"]
    assert offenders == {}


@pytest.mark.parametrize("name", ["design", "families", "em", "fit"])
def test_core_of_the_engine_needs_only_numpy_scipy_and_errors(name: str) -> None:
    paths = [PACKAGE / "lca" / f"{name}.py", *sorted((PACKAGE / "lca" / name).glob("*.py"))]
    present = [path for path in paths if path.exists()]
    assert present
    core = tuple(f"swvtypes.lca.{room}" for room in ("design", "families", "em", "fit"))
    standard = tuple(sys.stdlib_module_names)
    allowed = ("numpy", "scipy", "swvtypes.errors", *core, *standard)
    for path in present:
        assert outside(path, allowed) <= {"swvtypes", "swvtypes.lca"}


def test_certifier_shares_nothing_with_the_builder() -> None:
    path = PACKAGE / "reconstruction" / "certifier.py"
    allowed = ("__future__", "pandas", "decimal", "swvtypes.errors")
    assert outside(path, allowed) <= {"swvtypes"}


def test_no_public_callable_shares_its_modules_name() -> None:
    clashes = []
    for path in MODULES:
        parts = ["swvtypes", *path.relative_to(PACKAGE).with_suffix("").parts]
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name == "swvtypes.__main__":
            continue
        module = importlib.import_module(name)
        for label, value in vars(module).items():
            if label.startswith("_") or not callable(value) or inspect.ismodule(value):
                continue
            if getattr(value, "__module__", "").startswith("swvtypes"):
                owner = value.__module__.rsplit(".", 1)
                if label in value.__module__.split(".")[1:]:
                    clashes.append(f"{'.'.join(owner)}.{label}")
    assert sorted(set(clashes)) == []


def test_import_of_the_root_loads_nothing_heavy() -> None:
    import subprocess

    code = (
        "import swvtypes, sys; print([m for m in ('pandas', 'numpy', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_root_names_resolve() -> None:
    for name in swvtypes.__all__:
        assert getattr(swvtypes, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = swvtypes.nonsense
