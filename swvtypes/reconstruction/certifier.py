"""Certify a written wave against the printed record, with none of the builder's code.

Reads the files alone, computes every target statistic in decimal arithmetic, rounds half up, and
ends each line as *attained*, *assumed* (attained under a reading that print leaves open),
*impossible* (with its proof), *contradicted* (another print of the same fact holds) or *missed*.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pandas as pd

from swvtypes.errors import ReconstructionError

PI = Decimal("3.14159265358979323846264338327950288419716939937510582")
ONE, HALF = Decimal(1), Decimal("0.5")
Values = list[Decimal | None]
Line = dict[str, str]


def certify(project: str, record: str, wave: str, register: str | None = None) -> pd.DataFrame:
    """Certify one wave.

    Parameters
    ----------
    project : str
        Folder with ``targets.csv``, ``variables.csv``, ``quantities.csv`` and ``proofs.csv``.
    record : str
        Folder of the printed record.
    wave, register : str
        The files of one seed.

    Returns
    -------
    pandas.DataFrame
        One line a target, then one a rule of the files (``source`` "structure"): ``target, source,
        locator, row_no, measure, text_id, sector, kind, var1, var2, codes, printed, computed,
        status, reason``.

    Raises
    ------
    ReconstructionError
        When a target has no printed number.
    """
    with localcontext() as context:
        context.prec = 40
        rows = Rows(project, wave, register)
        lines = [_line(rows, target) for target in _targets(project, record)]
        proofs = {
            (row["target"], row["printed"]): row["proof"] for row in _read(f"{project}/proofs.csv")
        }
        _judge(lines, proofs)
        return pd.DataFrame([*lines, *_structure(rows)])


def _read(path: str) -> list[Line]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, map(str, row), strict=True)) for row in frame.itertuples(index=False)]


def _targets(project: str, record: str) -> list[Line]:
    targets = [t for t in _read(f"{project}/targets.csv") if t["role"] == "target"]
    printed: dict[tuple[str, ...], Line] = {}
    for source in sorted({target["source"] for target in targets}):
        for row in _read(f"{record}/{source}.csv"):
            key = (row["id"],) if "id" in row else _table_key(row)
            printed[(source, *key)] = row
    for target in targets:
        key = (target["text_id"],) if target["text_id"] else _table_key(target)
        if (target["source"], *key) not in printed:
            raise ReconstructionError(f"target {target['target']}: the record holds no such number")
        row = printed[(target["source"], *key)]
        place = {"p": "p", "df2": "df2"}.get(target["measure"], "value")
        target["printed"] = row[place]
        target["n_decimals"] = (
            row["decimals"] or "0" if place == "value" else str(len(row[place].partition(".")[2]))
        )
    return targets


def _table_key(row: Line) -> tuple[str, ...]:
    return (row["locator"], row["row_no"], row["sector"], row["measure"])


class Rows:
    """The written rows, and the quantities that the project names."""

    def __init__(self, project: str, wave: str, register: str | None) -> None:
        self.cells = _read(wave)
        if register is not None:
            figures = {row["organisation"]: row for row in _read(register)}
            self.cells = [{**row, **figures.get(row["organisation"], {})} for row in self.cells]
        self.variables = {row["variable"]: row for row in _read(f"{project}/variables.csv")}
        self.quantities = {row["quantity"]: row for row in _read(f"{project}/quantities.csv")}
        self.sectors = list(dict.fromkeys(row["sector"] for row in self.cells))

    def raw(self, variable: str) -> list[str]:
        """Give the cells of a column as written."""
        return [row.get(variable, "") for row in self.cells]

    def plain(self, variable: str) -> Values:
        """Give the substantive answers of a variable."""
        missing = set(self.variables[variable]["missing"].split())
        return [Decimal(c) if c and c not in missing else None for c in self.raw(variable)]

    def quantity(self, name: str) -> Values:
        """Give a quantity of every row."""
        if name == "sector":
            return [Decimal(self.sectors.index(row["sector"]) + 1) for row in self.cells]
        spec = self.quantities.get(name)
        if spec is None:
            return self.plain(name)
        if spec["kind"] in ("scale", "total"):
            items = self.items(name)
            answered = [[v for v in row if v is not None] for row in zip(*items, strict=True)]
            mean = spec["kind"] == "scale"
            return [sum(a, Decimal(0)) / (len(a) if mean else 1) if a else None for a in answered]
        values = self.plain(spec["variables"])
        if spec["kind"] == "indicator":
            chosen = {Decimal(code) for code in spec["codes"].split()}
            return [None if v is None else Decimal(int(v in chosen)) for v in values]
        groups = [
            (*part.split("=")[0].split("-"), part.split("=")[1]) for part in spec["codes"].split()
        ]
        return [_group(v, groups) for v in values]

    def items(self, name: str) -> list[Values]:
        """Give the items of a scale, turned round where the scale does so."""
        spec = self.quantities[name]
        ends = sum((Decimal(code) for code in spec["codes"].split()), Decimal(0))
        found = []
        for word in spec["variables"].split():
            values = self.plain(word.removeprefix("-"))
            turned = word.startswith("-")
            found.append([ends - v if turned and v is not None else v for v in values])
        return found


def _group(value: Decimal | None, groups: list[tuple[str, ...]]) -> Decimal | None:
    for *span, name in groups:
        if value is not None and Decimal(span[0]) <= value <= Decimal(span[-1]):
            return Decimal(name)
    return None


def _line(rows: Rows, target: Line) -> Line:
    inside = [target["sector"] in (row["sector"], "both") for row in rows.cells]
    computed, holds = _STATISTICS[target["kind"]](rows, target, inside)
    names = ("target", "source", "locator", "row_no", "measure", "text_id", "sector", "kind")
    line = {name: target[name] for name in (*names, "var1", "var2", "codes")}
    line |= {"printed": target["printed"], "computed": computed, "reason": target["assumption"]}
    reached = "assumed" if target["assumption"] else "attained"
    return line | {"status": reached if holds else "missed"}


def _judge(lines: list[Line], proofs: dict[tuple[str, str], str]) -> None:
    """Explain what is not attained: a proof about this very number, else a rival print."""

    def fact(line: Line) -> tuple[str, ...]:
        return (line["sector"], line["kind"], line["var1"], line["var2"], line["codes"])

    holds: dict[tuple[str, ...], Line] = {}
    for line in lines:
        if line["status"] in ("attained", "assumed"):
            holds.setdefault(fact(line), line)
    for line in lines:
        if line["status"] != "missed":
            continue
        rival = holds.get(fact(line))
        proven = proofs.get((line["target"], line["printed"]))
        if proven is not None:
            line |= {"status": "impossible", "reason": proven}
        elif rival is not None and rival["printed"] != line["printed"]:
            where = " ".join(x for x in (rival["locator"], rival["row_no"], rival["text_id"]) if x)
            reason = f"{where} prints {rival['printed']}, which holds"
            line |= {"status": "contradicted", "reason": reason}


def _rounded(value: Decimal, target: Line) -> tuple[str, bool]:
    step = Decimal(1).scaleb(-int(Decimal(target["n_decimals"])))
    shown = value.quantize(step, rounding=ROUND_HALF_UP)
    equal = shown == Decimal(target["printed"]).quantize(step, rounding=ROUND_HALF_UP)
    return str(shown), equal


def _chosen(values: Values, inside: list[bool]) -> list[Decimal]:
    return [v for v, inn in zip(values, inside, strict=True) if inn and v is not None]


def _share(rows: Rows, target: Line, inside: list[bool]) -> tuple[str, bool]:
    if target["codes"].startswith("<"):
        values = _chosen(rows.quantity(target["var1"]), inside)
        hits = sum(1 for v in values if v < Decimal(target["codes"][1:]))
        return _rounded(100 * Decimal(hits) / len(values), target)
    missing = set(rows.variables[target["var1"]]["missing"].split())
    cells = [c for c, inn in zip(rows.raw(target["var1"]), inside, strict=True) if inn and c]
    if target["base"] == "substantive":
        cells = [c for c in cells if c not in missing]
    wanted = set(target["codes"].split())
    hits = sum(1 for c in cells if c in wanted)
    if target["kind"] == "n":
        return _rounded(Decimal(len(cells)), target)
    if target["kind"] == "count":
        return _rounded(Decimal(hits), target)
    return _rounded(100 * Decimal(hits) / len(cells), target) if cells else ("", False)


def _summary(rows: Rows, target: Line, inside: list[bool]) -> tuple[str, bool]:
    values = rows.quantity(target["var1"])
    if target["var2"]:
        wanted = {Decimal(code) for code in target["codes"].split()}
        groups = rows.quantity(target["var2"])
        values = [v if g in wanted else None for v, g in zip(values, groups, strict=True)]
    found = sorted(_chosen(values, inside))
    if not found:
        return "", False
    middle = (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    computed = {
        "mean": lambda: _mean(found),
        "sd": lambda: _variance(found).sqrt(),
        "median": lambda: middle,
        "min": lambda: found[0],
        "max": lambda: found[-1],
    }[target["kind"]]()
    return _rounded(computed, target)


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def _squares(values: list[Decimal]) -> Decimal:
    mean = _mean(values)
    return sum(((v - mean) ** 2 for v in values), Decimal(0))


def _variance(values: list[Decimal]) -> Decimal:
    return _squares(values) / (len(values) - 1)


def _alpha(rows: Rows, target: Line, inside: list[bool]) -> tuple[str, bool]:
    complete = [
        [v for v in row if v is not None]
        for row, inn in zip(zip(*rows.items(target["var1"]), strict=True), inside, strict=True)
        if inn and None not in row
    ]
    k = len(complete[0])
    parts = sum((_variance([row[i] for row in complete]) for i in range(k)), Decimal(0))
    whole = _variance([sum(row, Decimal(0)) for row in complete])
    return _rounded((1 - parts / whole) * k / (k - 1), target)


def _pairs(rows: Rows, target: Line, inside: list[bool]) -> tuple[list[Decimal], list[Decimal]]:
    first, second = rows.quantity(target["var1"]), rows.quantity(target["var2"])
    kept = [
        (x, y)
        for x, y, inn in zip(first, second, inside, strict=True)
        if inn and x is not None and y is not None
    ]
    return [x for x, _ in kept], [y for _, y in kept]


def _r(x: list[Decimal], y: list[Decimal]) -> Decimal:
    a, b = _mean(x), _mean(y)
    cross = sum(((u - a) * (v - b) for u, v in zip(x, y, strict=True)), Decimal(0))
    spread = (_squares(x) * _squares(y)).sqrt()
    return cross / spread if spread else Decimal(0)


def _correlation(rows: Rows, target: Line, inside: list[bool]) -> tuple[str, bool]:
    x, y = _pairs(rows, target, inside)
    r = _r(x, y)
    if target["kind"] == "r":
        return _rounded(r, target)
    shown, equal = _rounded(_p_of_r(r, len(x)), target)
    return shown, equal and not (target["direction"] == "+" and r <= 0)


def _p_of_r(r: Decimal, n: int) -> Decimal:
    return beta_tail(1 - r * r, n - 2, 1)


def _analysis(rows: Rows, target: Line, inside: list[bool]) -> tuple[str, bool]:
    f, df1, df2, means = _f(rows, target, inside)
    ordered = all(
        means[Decimal(part.split(">")[0])] > means[Decimal(part.split(">")[1])]
        for part in target["direction"].split()
    )
    if target["kind"] == "df2":
        return _rounded(Decimal(df2), target)
    value = f if target["kind"] == "F" else beta_tail(df2 / (df2 + df1 * f), df2, df1)
    shown, equal = _rounded(value, target)
    return shown, equal and ordered


def _f(
    rows: Rows, target: Line, inside: list[bool]
) -> tuple[Decimal, int, int, dict[Decimal, Decimal]]:
    x, g = _pairs(rows, target, inside)
    groups = {code: [v for v, h in zip(x, g, strict=True) if h == code] for code in sorted(set(g))}
    within = sum((_squares(values) for values in groups.values()), Decimal(0))
    df1, df2 = len(groups) - 1, len(x) - len(groups)
    f = (_squares(x) - within) / df1 / (within / df2)
    return f, df1, df2, {code: _mean(values) for code, values in groups.items()}


def _not_significant(rows: Rows, target: Line, inside: list[bool]) -> tuple[str, bool]:
    spec = rows.quantities.get(target["var2"])
    if target["var2"] == "sector" or (spec is not None and spec["kind"] == "recode"):
        f, df1, df2, _ = _f(rows, target, inside)
        p = beta_tail(df2 / (df2 + df1 * f), df2, df1)
    else:
        x, y = _pairs(rows, target, inside)
        p = _p_of_r(_r(x, y), len(x))
    return f"p={p:.3f}", p > Decimal("0.05")


def _effect(rows: Rows, target: Line, inside: list[bool]) -> tuple[str, bool]:
    x, g = _pairs(rows, target, inside)
    groups = {code: [v for v, h in zip(x, g, strict=True) if h == code] for code in sorted(set(g))}

    def size(a: Decimal, b: Decimal) -> Decimal:
        u, v = groups[a], groups[b]
        pooled = (_squares(u) + _squares(v)) / (len(u) + len(v) - 2)
        return (_mean(u) - _mean(v)) / pooled.sqrt()

    if target["codes"] == "max":
        return _rounded(max(abs(size(a, b)) for a in groups for b in groups if a < b), target)
    first, _, second = target["codes"].partition("-")
    return _rounded(size(Decimal(first), Decimal(second)), target)


def beta_tail(x: Decimal, twice_a: int, twice_b: int) -> Decimal:
    """Give the regularised incomplete beta function I_x(a, b) of half whole numbers.

    The p value of F(df1, df2) is I of df2 / (df2 + df1 F) with a = df2 / 2 and b = df1 / 2
    (Abramowitz and Stegun, 1964, 26.5 and 26.6), by Lentz's continued fraction.
    """
    if x <= 0 or x >= 1:
        return Decimal(0) if x <= 0 else ONE
    a, b = Decimal(twice_a) / 2, Decimal(twice_b) / 2
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_tail(1 - x, twice_b, twice_a)
    front = _gamma(twice_a + twice_b) / (_gamma(twice_a) * _gamma(twice_b))
    front *= _power(x, twice_a) * _power(1 - x, twice_b) / a
    c, d = ONE, 1 / (1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d, c = 1 / (1 + step * d), 1 + step / c
            total *= c * d
        if abs(c * d - 1) < Decimal("1e-30"):
            break
    return front * total


def _power(x: Decimal, twice: int) -> Decimal:
    return x ** (twice // 2) * (x.sqrt() if twice % 2 else ONE)


def _gamma(twice: int) -> Decimal:
    value = PI.sqrt() if twice % 2 else ONE
    start = HALF if twice % 2 else ONE
    while start < Decimal(twice) / 2:
        value *= start
        start += 1
    return value


_STATISTICS = {
    "percent": _share,
    "count": _share,
    "n": _share,
    **dict.fromkeys(("mean", "sd", "median", "min", "max"), _summary),
    "alpha": _alpha,
    "r": _correlation,
    "p_r": _correlation,
    "F": _analysis,
    "p_F": _analysis,
    "df2": _analysis,
    "ns": _not_significant,
    "effect_size": _effect,
}


def _structure(rows: Rows) -> list[Line]:
    """Check what every row must satisfy: ids, marks, totals, exclusive options, routing."""
    faults: dict[str, list[str]] = {
        "unique organisations": [],
        "marked synthetic": [],
        "one seed": [],
        "compositions add up": [],
        "exclusive options": [],
        "routing": [],
    }
    seen: set[str] = set()
    for row in rows.cells:
        name = row["organisation"]
        if name in seen or not name.startswith("SYN-"):
            faults["unique organisations"].append(name)
        seen.add(name)
        if row["synthetic"] != "true":
            faults["marked synthetic"].append(name)
        if row["seed"] != rows.cells[0]["seed"]:
            faults["one seed"].append(name)
        faults["compositions add up"] += [name] * (not _adds_up(rows, row))
        faults["exclusive options"] += [name] * (not _exclusive(rows, row))
        faults["routing"] += [name] * (not _routed(rows, row))
    return [
        {"target": f"structure:{rule}", "source": "structure", "kind": "structure"}
        | {"computed": str(len(found)), "status": "missed" if found else "attained"}
        | {"reason": ", ".join(found)}
        for rule, found in faults.items()
    ]


def _adds_up(rows: Rows, row: Line) -> bool:
    totals: dict[str, Decimal] = {}
    whole: dict[str, Decimal] = {}
    for name, spec in rows.variables.items():
        if spec["composition"] and row["sector"] in spec["sectors"].split():
            part = Decimal(row[name]) if row[name] else Decimal(0)
            totals[spec["composition"]] = totals.get(spec["composition"], Decimal(0)) + part
            whole[spec["composition"]] = Decimal(spec["maximum"])
    return totals == whole


def _exclusive(rows: Rows, row: Line) -> bool:
    picked: dict[str, list[bool]] = {}
    for name, spec in rows.variables.items():
        if spec["response_set"] and row[name] == "1":
            picked.setdefault(spec["response_set"], []).append(spec["exclusive"] == "1")
    return all(len(found) == 1 or not any(found) for found in picked.values())


def _routed(rows: Rows, row: Line) -> bool:
    for name, spec in rows.variables.items():
        if row["sector"] not in spec["sectors"].split() and row.get(name, ""):
            return False
        if spec["gate"] and row[name] and row[spec["gate"]] not in spec["gate_codes"].split():
            return False
    return True
