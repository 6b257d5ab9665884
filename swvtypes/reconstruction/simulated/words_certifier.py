"""Certify what the sources say in words of a simulated wave, with none of the generator's code.

Reads the written files alone. Each line of ``words.csv`` reads a phrase as a range; it ends as
*attained*, *assumed* (attained; the reading itself is an assumption), *contradicted* (a printed
number of the same fact says otherwise, and holds) or *missed*.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from swvtypes.errors import ReconstructionError

Line = dict[str, str]
_KEPT = ("target", "source", "text_id", "sector", "kind")


def certify_words(project: str, record: str, files: dict[str, str]) -> pd.DataFrame:
    """Certify one seed against phrases.

    Parameters
    ----------
    project : str
        Folder with ``words.csv``: ``target, source, text_id, sector, kind, file, variable, codes,
        group, group_codes, low, high, words, rival, assumption``. ``kind`` is ``percent`` (of
        the answers), ``difference`` (of two groups' percentages, in points) or ``median``;
        ``codes`` are answers, or ``>0``; ``low`` and ``high`` bound what the phrase allows, both
        included; ``rival`` is the id of a printed number of the same fact.
    record : str
        Folder of the printed record; each line's id must be there.
    files : dict of str to str
        ``wave``, and where there are any ``register`` and ``truth``: files of one seed.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`swvtypes.reconstruction.certify`, one line a phrase.

    Raises
    ------
    ReconstructionError
        When the record lacks an id, or a line names a kind that there is none of.
    """
    rows = _join(files)
    known: dict[str, dict[str, str]] = {}
    lines = []
    for target in _read(f"{project}/words.csv"):
        source = target["source"]
        if source not in known:
            known[source] = {row["id"]: row["value"] for row in _read(f"{record}/{source}.csv")}
        for name in (target["text_id"], target["rival"]):
            if name and name not in known[source]:
                raise ReconstructionError(f"{target['target']}: the record has no entry {name!r}")
        lines.append(_line(rows, target, known[source].get(target["rival"], "")))
    return pd.DataFrame(lines)


def _read(path: str) -> list[Line]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, map(str, row), strict=True)) for row in frame.itertuples(index=False)]


def _join(files: dict[str, str]) -> list[Line]:
    rows = {row["organisation"]: dict(row) for row in _read(files["wave"])}
    for kind in ("register", "truth"):
        for row in _read(files[kind]) if kind in files else []:
            if row["organisation"] in rows:
                rows[row["organisation"]] |= row
    return list(rows.values())


def _line(rows: list[Line], target: Line, rival: str) -> Line:
    inside = [row for row in rows if target["sector"] in (row["sector"], "both")]
    groups = target["group_codes"].split("-") if target["group"] else [""]
    members = [
        [row for row in inside if not target["group"] or row[target["group"]] == code]
        for code in groups
    ]
    found = [_statistic(part, target) for part in members]
    value = found[0] - found[1] if target["kind"] == "difference" else found[0]
    holds = Decimal(target["low"]) <= value <= Decimal(target["high"])
    status = "missed"
    reason = f"read as {target['low']} to {target['high']}"
    if holds:
        status = "assumed" if target["assumption"] else "attained"
    elif rival and value.quantize(Decimal(1), rounding=ROUND_HALF_UP) == Decimal(rival):
        status = "contradicted"
        reason += f"; {target['rival']} prints {rival}, which holds"
    if target["assumption"]:
        reason += f"; {target['assumption']}"
    return {name: target[name] for name in _KEPT} | {
        "var1": target["variable"],
        "var2": target["group"],
        "codes": target["codes"],
        "printed": target["words"],
        "computed": str(value.quantize(Decimal("0.1"))),
        "status": status,
        "reason": reason,
    }


def _statistic(rows: list[Line], target: Line) -> Decimal:
    cells = sorted(Decimal(row[target["variable"]]) for row in rows if row[target["variable"]])
    if not cells:
        raise ReconstructionError(f"{target['target']}: no answers to compute it from")
    if target["kind"] == "median":
        return (cells[(len(cells) - 1) // 2] + cells[len(cells) // 2]) / 2
    if target["kind"] not in ("percent", "difference"):
        raise ReconstructionError(f"{target['target']}: no such kind as {target['kind']!r}")
    if target["codes"].startswith(">"):
        chosen = sum(1 for cell in cells if cell > Decimal(target["codes"][1:]))
    else:
        wanted = {Decimal(code) for code in target["codes"].split()}
        chosen = sum(1 for cell in cells if cell in wanted)
    return 100 * Decimal(chosen) / len(cells)
