"""Ways to spoil a file: bytes, cells, and the trees of TOML and JSON. One seed, one result."""

from __future__ import annotations

import copy
import json
import random
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

TOKENS = (
    b"", b" ", b"0", b"-1", b"-0", b"1e999", b"-1e999", b"1e-400", b"nan", b"NaN", b"inf", b"1_0",
    b"9" * 25, b"9" * 4400, b"0x10", b"1.5", b"1,5", b"1.000,5", b"true", b"True", b"null", b"None",
    b"NA", b"#N/A", b"=1+1", b"@x", b"'", b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n",
    b"\0", b"\xff", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe9",
    "\u2028\u0085\u00a0".encode(), "\u0663".encode(), "\u00b2".encode(), "\U0001f600".encode(),
    b"{", b"}", b"[", b"]", b"[[", b"=", b"#", b"\\", b"\\u0000", b"\\ud800", b"2026-01-01",
    b"x" * 3000, b"[" * 3000, b"../..", b"/", b"wave", b"organisation", b"sector", b"po", b"vo",
    b"1=1", b"1=2 2=1", b"2016", b"1", b"99",
)  # fmt: skip
JUNK: tuple[Any, ...] = (
    None, "", " ", "x", "po", "nan", "\u0663", "\u2028", "\0", "a\nb", 0, -1, 1, 2, 0.5, -0.0,
    1e308, float("inf"), float("nan"), 10**25, 10**400, True, False, [], {}, [[]], [None],
    {"": None}, {"nl": 1}, ["po", "po"], "x" * 5000,
)  # fmt: skip


def spoil(content: bytes, form: str, rng: random.Random, others: tuple[bytes, ...] = ()) -> bytes:
    """Spoil a file once or a few times.

    Parameters
    ----------
    content : bytes
        A file, sound or already spoilt.
    form : {"csv", "toml", "json", "bytes"}
        What it was; a file that can no longer be read as such is spoilt as bytes.
    rng : random.Random
        Draws everything.
    others : tuple of bytes
        Files of which pieces may be put in.
    """
    changes: list[Callable[[bytes, random.Random], bytes]] = [_bytes]
    if form in _BY_FORM:
        changes += [_BY_FORM[form]] * 3
    if form != "bytes":
        changes.append(_tokens)
    for _ in range(1 + min(int(rng.expovariate(1.0)), 6)):
        content = rng.choice(changes)(content, rng)
    if others and rng.random() < 0.1:
        other = rng.choice(others)
        content = content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other)) :]
    return content


def _bytes(content: bytes, rng: random.Random) -> bytes:
    """Change, insert, cut, double or drop a stretch of bytes."""
    at = rng.randrange(len(content) + 1)
    width = min(int(rng.expovariate(0.1)) + 1, 400)
    kind = rng.randrange(6)
    if kind == 0:
        return content[:at] + rng.randbytes(min(width, 8)) + content[at + min(width, 8) :]
    if kind == 1:
        return content[:at] + rng.randbytes(width) + content[at:]
    if kind == 2:
        return content[:at] + content[at + width :]
    if kind == 3:
        return content[:at] + content[at : at + width] * rng.randrange(2, 4) + content[at + width :]
    if kind == 4:
        return content[:at]
    flipped = bytes([content[at] ^ (1 << rng.randrange(8))]) if at < len(content) else b""
    return content[:at] + flipped + content[at + 1 :]


def _tokens(content: bytes, rng: random.Random) -> bytes:
    """Put a nasty word somewhere, or in the place of a word."""
    at = rng.randrange(len(content) + 1)
    end = at
    if rng.random() < 0.6:
        while end < len(content) and (content[end : end + 1].isalnum() or content[end] in b"._-"):
            end += 1
    return content[:at] + rng.choice(TOKENS) + content[end:]


def _csv(content: bytes, rng: random.Random) -> bytes:
    """Change cells, rows and columns of a table."""
    separator = max((b",", b";", b"\t"), key=content.count)
    rows = [line.split(separator) for line in content.split(b"\n")]
    kind = rng.randrange(9)
    row = rng.choice(rows)
    at = rng.randrange(len(row))
    if kind in (0, 1, 2):
        row[at] = rng.choice(TOKENS)
    elif kind == 3:
        row[at] = rng.choice(rng.choice(rows))
    elif kind == 4:
        rows.insert(rng.randrange(len(rows) + 1), list(row))
    elif kind == 5:
        rows.remove(row)
    elif kind == 6:
        for other in rows:
            if at < len(other):
                other[at] = rng.choice((b"", b"1", b"nan", other[at], rng.choice(TOKENS)))
    elif kind == 7:
        for other in rows:
            other.insert(min(at, len(other)), other[at] if at < len(other) else b"")
    else:
        for other in rows:
            del other[at : at + 1]
    other_sign = rng.choice((b",", b";", b"\t")) if rng.random() < 0.1 else separator
    return b"\n".join(other_sign.join(row) for row in rows)


def _json(content: bytes, rng: random.Random) -> bytes:
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        return _tokens(content, rng)
    return json.dumps(_tree(tree, rng), ensure_ascii=rng.random() < 0.5).encode(
        "utf-8", "surrogatepass"
    )


def _toml(content: bytes, rng: random.Random) -> bytes:
    try:
        tree = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        return _tokens(content, rng)
    changed = _tree(tree, rng)
    if not isinstance(changed, dict):
        return _tokens(content, rng)
    lines = (f"{_key(k)} = {_toml_value(v)}" for k, v in changed.items())
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _tree(tree: Any, rng: random.Random) -> Any:
    """Change one node: another value, another name, gone, doubled, or that of another node."""
    tree = copy.deepcopy(tree)
    nodes = list(_nodes(tree))
    if not nodes:
        return rng.choice(JUNK)
    home, key = rng.choice(nodes)
    kind = rng.randrange(7)
    if kind in (0, 1):
        home[key] = rng.choice(JUNK)
    elif kind == 2:
        del home[key]
    elif kind == 3:
        other, place = rng.choice(nodes)
        home[key] = copy.deepcopy(other[place])
    elif kind == 4 and isinstance(home, list):
        home.insert(key, copy.deepcopy(home[key]))
    elif kind == 4:
        home[rng.choice((str(key) + "x", "", "po", "\u2028", "schema_version"))] = home[key]
    elif kind == 5:
        home[key] = [home[key]] if rng.random() < 0.5 else {"x": home[key]}
    else:
        value = home[key]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            home[key] = rng.choice((-value, value + 1, value * 1e9, value / 3, str(value)))
        elif isinstance(value, list):
            rng.shuffle(value)
        elif isinstance(value, str):
            home[key] = rng.choice((value.upper(), value + " ", value * 2, value[:1], [value]))
    return tree


def _nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield tree, key
            yield from _nodes(value)
    elif isinstance(tree, list):
        for at, value in enumerate(tree):
            yield tree, at
            yield from _nodes(value)


def _key(key: str) -> str:
    return json.dumps(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)} = {_toml_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value)
    return '"none"' if value is None else repr(value)


_BY_FORM: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "csv": _csv, "json": _json, "toml": _toml,
}  # fmt: skip
