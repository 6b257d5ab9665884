"""The only door to pyreadstat: SPSS files in and out."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from swvtypes.errors import InputError, WaveError

from .extras import check_installed, need

FEATURE = "reading and writing .sav files"
_PROGRAM = Path(__file__).with_name("sav_process.py")
_PATIENCE = 300
_FIRST_MOMENT = datetime.datetime(1582, 10, 14)
_MOST_MISSING = 3


def read_sav(path: Path) -> tuple[tuple[str, ...], tuple[list[object], ...]]:
    """Read a ``.sav`` file, with user-missing codes kept as codes.

    The library runs in a process of its own: on some damaged files it ends the process.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    columns : tuple of str
    cells : tuple of list
        Numbers as float, text as str, dates as datetime, None for system-missing.

    Raises
    ------
    MissingExtraError
        Without pyreadstat.
    WaveError
        When it is no sound SPSS file.
    """
    answer = _answer(path)
    columns, dates = tuple(answer["columns"]), set(answer["dictionary"]["dates"])
    cells = (
        [_date(cell) for cell in cells] if name in dates else cells
        for name, cells in zip(columns, answer["cells"], strict=True)
    )  # fmt: skip
    return columns, tuple(cells)


def _date(cell: object) -> object:
    """Give the moment that a number of seconds stands for in a column of dates."""
    if not isinstance(cell, int | float):
        return cell
    try:
        return _FIRST_MOMENT + datetime.timedelta(seconds=cell)
    except (OverflowError, ValueError):
        return cell


def read_sav_dictionary(path: Path) -> dict[str, Any]:
    """Read what a ``.sav`` file says of its columns; raises as :func:`read_sav`.

    Returns
    -------
    dict
        ``labels`` (text by column), ``values`` (pairs of code and label by column), ``missing``
        (pairs lowest and highest user-missing value by column), ``measure`` (by column), ``sets``
        (multiple-response sets as pyreadstat gives them), ``year`` (of the file, or None).
    """
    found: dict[str, Any] = _answer(path)["dictionary"]
    return found


def _answer(path: Path) -> dict[str, Any]:
    check_installed("pyreadstat", FEATURE)
    with path.open("rb"):
        pass
    command = [sys.executable, "-P", str(_PROGRAM), str(path.resolve())]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    fault = "no valid .sav file: "
    try:
        run = subprocess.run(
            command, capture_output=True, check=False, timeout=_PATIENCE, env=environment
        )
        answer = json.loads(run.stdout) if run.returncode == 0 else {"error": _last(run)}
    except subprocess.TimeoutExpired:
        answer = {"error": f"the SPSS library did not end within {_PATIENCE} s"}
    if "error" in answer:
        raise WaveError(path.name, [fault + " ".join(answer["error"].split())])
    return dict(answer)


def _last(run: subprocess.CompletedProcess[bytes]) -> str:
    """Say how a run ended that gave no answer."""
    lines = run.stderr.decode("utf-8", "replace").strip().splitlines()
    said = f": {lines[-1]}" if lines else ""
    return f"the SPSS library broke off (status {run.returncode}){said}"


def sav_bytes(
    frame: pd.DataFrame,
    labels: dict[str, str],
    value_labels: dict[str, dict[int, str]],
    missing: dict[str, list[int]],
) -> bytes:
    """Give a frame as the content of a ``.sav`` file.

    Parameters
    ----------
    frame : DataFrame
        Text and float columns.
    labels : dict
        Label by column.
    value_labels : dict
        Labels of codes by column.
    missing : dict
        Codes that SPSS is to take as user-missing, by column. SPSS has room for three, or for a
        range and one more; more than fit so are a range that holds no other labelled code.

    Raises
    ------
    MissingExtraError
        Without pyreadstat.
    """
    pyreadstat = need("pyreadstat", FEATURE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wave.sav"
        pyreadstat.write_sav(
            frame,
            str(path),
            column_labels=labels,
            variable_value_labels=value_labels,
            missing_ranges={
                name: _missing_ranges(codes, list(value_labels.get(name, ())))
                for name, codes in missing.items()
                if codes
            },
        )
        return path.read_bytes()


def _missing_ranges(codes: list[int], labelled: list[int]) -> list[Any]:
    """Give user-missing codes as SPSS can hold them: three, or a range and one more.

    Raises
    ------
    InputError
        When answers lie between the codes, so that neither holds them all.
    """
    if len(codes) <= _MOST_MISSING:
        return list(codes)
    ordered = sorted(codes)
    answers = set(labelled) - set(codes)
    for kept, alone in ((ordered, []), (ordered[1:], ordered[:1]), (ordered[:-1], ordered[-1:])):
        if not any(kept[0] <= answer <= kept[-1] for answer in answers):
            return [{"lo": kept[0], "hi": kept[-1]}, *alone]
    raise InputError(
        "user-missing codes of a .sav file",
        [f"expected three codes, or a range without answers and one more, got {ordered}"],
    )
