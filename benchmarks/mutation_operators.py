"""Small faults put into Python source: what can be changed where, and the changed tree.

A mutant keeps the line numbers of its module, so that the code of its functions can take the place
of the code of the functions that stand loaded. Left alone are docstrings, annotations, decorators,
imports, texts (of errors, of labels, strings with a space, and f-strings), what only types read,
and ``strict=True`` of ``zip``, which is a guard.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_OPPOSITE = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all",
    "all": "any", "floor": "ceil", "ceil": "floor", "argmin": "argmax", "argmax": "argmin",
    "zeros": "ones", "zeros_like": "ones_like", "ones": "zeros", "removeprefix": "removesuffix",
    "startswith": "endswith", "endswith": "startswith", "lstrip": "rstrip", "rstrip": "lstrip",
}  # fmt: skip
_TEXTS = {"Label", "warn", "cast", "TypeVar"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutant:
    """One fault at one place.

    Attributes
    ----------
    file : str
        Path of the module below the folder that holds the package.
    node : int
        Place of the changed node in a walk through the tree.
    variant : int
        Which of the node's changes.
    operator, line, function, before, after : str or int
        What a reader is shown; `function` is the qualified name of the outermost function around
        it, empty where the code runs on import.
    reached : tuple of int
        First and last line of what has to run for the fault to matter.
    key : str
        Name of the mutant that survives changes elsewhere in its module.
    """

    file: str
    node: int
    variant: int
    operator: str
    line: int
    function: str
    before: str
    after: str
    reached: tuple[int, int]
    key: str


@dataclass
class Site:
    """One node of a tree, with where it hangs."""

    node: ast.AST
    parent: ast.AST | None
    name: str
    place: int | None
    function: str
    skipped: bool
    statement: ast.AST | None


@dataclass
class _Walk:
    """Every node in a fixed order, with where it hangs."""

    sites: list[Site] = field(default_factory=list)

    def visit(self, site: Site, scope: tuple[str, ...] = ()) -> None:
        """Add a node and all below it."""
        self.sites.append(site)
        node = site.node
        statement = node if isinstance(node, ast.stmt) else site.statement
        inner = scope
        if isinstance(node, (Function, ast.ClassDef)):
            inner = (*scope, node.name)
        for name, value in ast.iter_fields(node):
            function = site.function
            if isinstance(node, Function) and name == "body" and not function:
                function = ".".join(inner)
            skipped = site.skipped or _left_alone(node, name)
            for place, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    spot = place if isinstance(value, list) else None
                    quiet = skipped or _is_docstring(child)
                    self.visit(Site(child, node, name, spot, function, quiet, statement), inner)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def name_of(call: ast.AST) -> str:
    target = call.func if isinstance(call, ast.Call) else call
    return target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def _left_alone(node: ast.AST, name: str) -> bool:
    """Say whether what hangs under this part of a node is texts or types only."""
    if name in {"annotation", "returns", "decorator_list", "bases", "keywords"} and not isinstance(
        node, ast.Call
    ):
        return True
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr, ast.Raise, ast.Assert)):
        return True
    if isinstance(node, ast.Call):
        called = name_of(node)
        return called in _TEXTS or called.endswith(("Error", "Warning"))
    if isinstance(node, ast.If) and name_of(node.test) == "TYPE_CHECKING":
        return True
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        target = node.targets[0].id
        is_type = target[:1].isupper() and not target.isupper()
        return target == "__all__" or (
            is_type and isinstance(node.value, (ast.Subscript, ast.BinOp))
        )
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    return False


def _variants(site: Site) -> Iterator[tuple[str, ast.AST]]:
    """Give every change of one node, as the operator's name and the node in its place."""
    node = site.node
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in _COMPARE.get(type(op), ()):
                changed = copy.deepcopy(node)
                changed.ops[i] = other()
                yield "comparison", changed
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in _ARITHMETIC:
        sides = [getattr(node, part, None) for part in ("left", "right", "value")]
        if not any(_is_text(side) for side in sides):
            turned = copy.deepcopy(node)
            turned.op = _ARITHMETIC[type(node.op)]()
            yield "arithmetic", turned
    elif isinstance(node, ast.BoolOp):
        either = copy.deepcopy(node)
        either.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", either
    elif isinstance(node, ast.UnaryOp):
        yield "sign or not removed", copy.deepcopy(node.operand)
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
        if not isinstance(node.test, (ast.UnaryOp, ast.Compare)):
            negated = copy.deepcopy(node)
            negated.test = ast.UnaryOp(ast.Not(), negated.test)
            yield "condition negated", negated
    else:
        yield from _of_parts(node)
    if _can_go(node):
        yield "statement removed", ast.Pass()


def _of_parts(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Change filters, slices, calls, and what ends a function or a loop."""
    if isinstance(node, ast.comprehension):
        for i in range(len(node.ifs)):
            open_to_all = copy.deepcopy(node)
            del open_to_all.ifs[i]
            yield "filter removed", open_to_all
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper"):
            if getattr(node, part) is not None:
                unbound = copy.deepcopy(node)
                setattr(unbound, part, None)
                yield "bound of slice removed", unbound
    elif isinstance(node, ast.Call) and name_of(node) in _OPPOSITE:
        call = copy.deepcopy(node)
        if isinstance(call.func, ast.Attribute):
            call.func.attr = _OPPOSITE[name_of(node)]
        elif isinstance(call.func, ast.Name):
            call.func.id = _OPPOSITE[name_of(node)]
        yield "opposite function", call
    elif isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield "returns None", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Continue):
        yield "loop ended", ast.Break()
    elif isinstance(node, ast.Break):
        yield "loop goes on", ast.Continue()


def _is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and not isinstance(node.value, (int, float))
    )


def _constants(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        if value + 1 != value:
            yield "constant", ast.Constant(value + 1)
        if isinstance(value, float) and value:
            yield "constant", ast.Constant(value / 2)
    elif isinstance(value, str) and " " not in value:
        yield "string", ast.Constant(value + "X")


def _can_go(node: ast.AST) -> bool:
    """Say whether the statement can be removed and what follows still has its names."""
    if isinstance(node, (ast.Raise, ast.AugAssign)):
        return True
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Assign) and all(
        isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets
    )


def sites_of(source: str) -> tuple[ast.Module, list[Site]]:
    tree = ast.parse(source)
    walk = _Walk()
    walk.visit(Site(tree, None, "", None, "", False, None))
    return tree, walk.sites


def mutants_of(source: str, file: str) -> list[Mutant]:
    """List every mutant of a module."""
    _, sites = sites_of(source)
    found: list[Mutant] = []
    seen: Counter[str] = Counter()
    for number, site in enumerate(sites):
        if site.skipped:
            continue
        for variant, (operator, changed) in enumerate(_variants(site)):
            before, after = (_shown(n) for n in (site.node, changed))
            name = f"{file}::{site.function}::{before} => {after}"
            seen[name] += 1
            reached = _reached(site)
            line = getattr(site.node, "lineno", reached[0])
            key = f"{name}::{seen[name]}"
            found.append(
                Mutant(
                    file, number, variant, operator, line, site.function, before, after, reached,
                    key,
                )
            )  # fmt: skip
    return found


def _reached(site: Site) -> tuple[int, int]:
    """Lines of a simple statement; of a compound one, those of its changed part."""
    whole = site.node if isinstance(site.node, ast.stmt) else site.statement
    assert isinstance(whole, ast.stmt)
    if not hasattr(whole, "body"):
        return whole.lineno, whole.end_lineno or whole.lineno
    if site.node is whole or not isinstance(site.node, ast.expr):
        return whole.lineno, whole.lineno
    return site.node.lineno, site.node.end_lineno or site.node.lineno


def _shown(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).strip()
    first, _, rest = text.partition("\n")
    return first[:160] + (" ..." if rest else "")


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """Give the tree of a module with the fault in it."""
    tree, sites = sites_of(source)
    site = sites[mutant.node]
    changed = list(_variants(site))[mutant.variant][1]
    _put(site, changed)
    return tree


def _put(site: Site, changed: ast.AST) -> None:
    assert site.parent is not None
    ast.copy_location(changed, site.node)
    ast.fix_missing_locations(changed)
    if site.place is None:
        setattr(site.parent, site.name, changed)
    else:
        getattr(site.parent, site.name)[site.place] = changed
