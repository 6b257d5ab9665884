"""Faults of pydantic in plain sentences: what was expected, what came, what may be meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .wording import meant, shown

_PLAIN = {
    "string_type": "expected a text in quotes",
    "string_too_long": "expected at most {max_length} characters",
    "string_pattern_mismatch": (
        "expected small letters, digits and underscores, with a letter in front"
    ),
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_parsing_size": "expected a smaller whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "finite_number": "expected a finite number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "greater_than": "expected more than {gt:g}",
    "greater_than_equal": "expected at least {ge:g}",
    "less_than": "expected less than {lt:g}",
    "less_than_equal": "expected at most {le:g}",
    "tuple_type": "expected a list in square brackets",
    "list_type": "expected a list in square brackets",
    "dict_type": "expected a table with keys",
    "model_type": "expected a table with keys",
    "model_attributes_type": "expected a table with keys",
    "literal_error": "expected {expected}",
}


def plain_fault(fault: Mapping[str, Any], known: Iterable[str]) -> str:
    """Give one fault as ``expected ..., got ...``, without the place where it stands.

    Parameters
    ----------
    fault : mapping
        One of ``pydantic.ValidationError.errors()``.
    known : iterable of str
        Keys that could be meant where an unknown one stands.

    Examples
    --------
    >>> plain_fault({"type": "too_short", "loc": ("codes",), "input": [], "msg": "",
    ...              "ctx": {"min_length": 1}}, [])
    'expected at least 1 entry, got []'
    >>> plain_fault({"type": "extra_forbidden", "loc": ("seeds",), "input": 1, "msg": ""}, ["seed"])
    "unknown key; did you mean 'seed'?"
    """
    if fault["type"] == "extra_forbidden":
        return f"unknown key{meant(fault['loc'][-1], known)}"
    if fault["type"] == "missing":
        return "expected a value, found none"
    return f"{_expected(fault)}, got {shown(fault.get('input'))}"


def _expected(fault: Mapping[str, Any]) -> str:
    context = fault.get("ctx", {})
    least = context.get("min_length")
    if fault["type"] == "string_too_short":
        return "expected a text, not an empty one" if least == 1 else f"expected {least} characters"
    if fault["type"] == "too_short":
        return f"expected at least {least} {'entry' if least == 1 else 'entries'}"
    text = _PLAIN.get(fault["type"])
    return f"not as expected ({fault['msg']})" if text is None else text.format(**context)
