"""A small made-up report: rows drawn here, printed to a record, and a project that names them."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from swvtypes.rounding import half_up

SIZES = {"north": 30, "south": 24}


@dataclass
class Report:
    """Where the made-up report stands."""

    project: Path
    record: Path
    truth: pd.DataFrame
    targets: list[dict[str, str]] = field(default_factory=list)


PLAN = """
year = 2030
[sizes]
north = 30
south = 24
[prefixes]
north = "SYN-N-"
south = "SYN-S-"
[[steps]]
name = "scale"
swap = ["@warmth"]
[[steps]]
name = "shares"
transfer = ["+pie"]
[[steps]]
name = "options"
swap = ["%options"]
[[steps]]
name = "size"
swap = ["size"]
"""

ASSUMPTIONS = """
[composition.pie]
total = 100
portion = 10
concentration = 4
steady = {}
reason = "made up"
[spread.size]
north = { mean = 40.0, sd = 9.0 }
south = { mean = 30.0, sd = 9.0 }
reason = "made up"
[empty_allowed.options]
reason = "made up"
"""

VARIABLES = """\
variable,sectors,missing,gate,gate_codes,response_set,exclusive,composition,file,\
decimals,minimum,maximum,base_rule
stance,north south,,,,,,,wave,0,,,largest
warm_a,north south,,,,,,,wave,0,,,largest
warm_b,north south,,,,,,,wave,0,,,largest
warm_c,north south,9,,,,,,wave,0,,,largest
why,north south,,stance,1 2,,,,wave,0,,,largest
option_x,north south,,,,options,,,wave,0,,,largest
option_y,north south,,,,options,,,wave,0,,,largest
option_none,north south,,,,options,1,,wave,0,,,largest
share_p,north south,,,,,,pie,wave,0,0,100,largest
share_q,north south,,,,,,pie,wave,0,0,100,largest
share_r,north south,,,,,,pie,wave,0,0,100,largest
size,north south,,,,,,,register,1,0,90,largest
"""

QUANTITIES = """quantity,kind,variables,codes
warmth,scale,warm_a warm_b -warm_c,1 4
stance_group,recode,stance,1-2=1 3-4=2
"""

FIELDS = (  # noqa: SIM905
    "target source locator row_no measure text_id sector kind var1 var2 codes base direction role "
    "assumption"
).split()


TEXT = "id locator sector kind var1 var2 value decimals df1 df2 p n qualifier note".split()  # noqa: SIM905


def draw(seed: int = 3) -> pd.DataFrame:
    """Draw the rows that the made-up report describes."""
    rng = np.random.default_rng(seed)
    frames = []
    for sector, n in SIZES.items():
        mood = rng.normal(size=n)
        frame = pd.DataFrame({"sector": [sector] * n})
        frame["stance"] = np.digitize(mood + rng.normal(0, 2, n), [-1.2, 0.0, 1.2]) + 1
        for name in ("warm_a", "warm_b", "warm_c"):
            frame[name] = np.digitize(mood + rng.normal(0, 0.6, n), [-1.0, 0.0, 1.0]) + 1
        frame["warm_c"] = 5 - frame["warm_c"]
        frame.loc[[0, 1], "warm_c"] = 9
        frame["why"] = np.where(frame["stance"] <= 2, rng.integers(1, 3, n), 0)
        none = rng.random(n) < 0.15
        for name in ("option_x", "option_y"):
            frame[name] = np.where(none, 0, rng.random(n) < 0.6).astype(int)
        frame["option_none"] = none.astype(int)
        first = rng.integers(20, 60, n)
        second = rng.integers(0, 40, n)
        frame["share_p"], frame["share_q"] = first, second
        frame["share_r"] = 100 - first - second
        frames.append(frame)
    rows = pd.concat(frames, ignore_index=True)
    turned = rows[["warm_a", "warm_b"]].assign(c=5 - rows["warm_c"].where(rows["warm_c"] != 9))
    rows["warmth"] = turned.mean(axis=1)
    rows["complete"] = turned["c"].notna()
    return rows


class Printer:
    """Writes the record and the targets beside it."""

    def __init__(self) -> None:
        self.tables: list[dict[str, str]] = []
        self.text: list[dict[str, str]] = []
        self.targets: list[dict[str, str]] = []

    def cell(
        self, locator: str, row_no: int, sector: str, measure: str, value: float, d: int, **t: str
    ) -> None:
        """Print a table cell."""
        key = {"locator": locator, "row_no": str(row_no), "sector": sector, "measure": measure}
        self.tables.append(
            key
            | {
                "row_label": "x",
                "value": str(half_up(value, d)),
                "decimals": str(d),
                "unit": "",
                "note": "",
            }
        )
        name = f"{locator}:{row_no}:{sector}:{measure}"
        target = (
            dict.fromkeys(FIELDS, "")
            | key
            | {"target": name, "source": "tiny_tables", "role": "target"}
        )
        self.targets.append(target | t)

    def say(
        self,
        identity: str,
        sector: str,
        measure: str = "value",
        *,
        printed: dict[str, str],
        **t: str,
    ) -> None:
        """Print a number of the running text."""
        entry = dict.fromkeys(
            [
                "id",
                "locator",
                "sector",
                "kind",
                "var1",
                "var2",
                "value",
                "decimals",
                "df1",
                "df2",
                "p",
                "n",
                "qualifier",
                "note",
            ],
            "",
        )
        if all(row["id"] != identity for row in self.text):
            self.text.append(entry | {"id": identity, "locator": "1", "sector": sector} | printed)
        target = dict.fromkeys(FIELDS, "") | {
            "target": f"{identity}:{measure}",
            "source": "tiny_text",
            "locator": "1",
            "measure": measure,
            "text_id": identity,
            "sector": sector,
            "role": "target",
        }
        self.targets.append(target | t)


def _print_tables(printer: Printer, rows: pd.DataFrame) -> None:
    for sector in SIZES:
        own = rows[rows["sector"] == sector]
        for name, codes in (
            ("stance", (1, 2, 3, 4)),
            ("warm_a", (1, 2, 3, 4)),
            ("warm_b", (1, 2, 3, 4)),
            ("warm_c", (1, 2, 3, 4, 9)),
            ("why", (1, 2)),
        ):
            base = own[own[name] > 0]
            for number, code in enumerate(codes, start=1):
                printer.cell(
                    name, number, sector, "percent", 100 * (base[name] == code).mean(), 0,
                    kind="percent", var1=name, codes=str(code), base="answered",
                )  # fmt: skip
        for number, name in enumerate(("option_x", "option_y", "option_none"), start=1):
            printer.cell(
                "options", number, sector, "percent", 100 * own[name].mean(), 0,
                kind="percent", var1=name, codes="1", base="answered",
            )  # fmt: skip
        for number, name in enumerate(("share_p", "share_q", "share_r"), start=1):
            printer.cell(
                "pie", number, sector, "mean", own[name].mean(), 0,
                kind="mean", var1=name, base="substantive",
            )  # fmt: skip
        score = own["warmth"]
        for kind, value, decimals in (
            ("mean", score.mean(), 1),
            ("sd", score.std(), 2),
            ("median", score.median(), 1),
            ("min", score.min(), 2),
            ("max", score.max(), 2),
        ):
            printer.cell(
                "warmth", 1, sector, kind, value, decimals,
                kind=kind, var1="warmth", base="substantive",
            )  # fmt: skip
        items = own.loc[own["complete"], ["warm_a", "warm_b", "warm_c"]].assign(
            warm_c=lambda f: 5 - f["warm_c"]
        )
        alpha = 1.5 * (1 - items.var().sum() / items.sum(axis=1).var())
        printer.cell(
            "warmth", 1, sector, "alpha", alpha, 2, kind="alpha", var1="warmth", base="listwise"
        )


def _print_text(printer: Printer, rows: pd.DataFrame) -> None:
    r, p = stats.pearsonr(rows["warmth"], rows["stance"])
    said = {"kind": "r", "value": str(half_up(r, 2)), "decimals": "2", "p": str(half_up(p, 3))}
    printer.say("T1", "both", printed=said, kind="r", var1="warmth", var2="stance")
    printer.say("T1", "both", "p", printed=said, kind="p_r", var1="warmth", var2="stance")
    parts = [rows.loc[rows["stance"].isin(codes), "warmth"] for codes in ((1, 2), (3, 4))]
    f, p = stats.f_oneway(*parts)
    said = {
        "kind": "F", "value": str(half_up(f, 1)), "decimals": "1", "df1": "1", "df2": "60",
        "p": str(half_up(p, 3)),
    }  # fmt: skip
    common = {"var1": "warmth", "var2": "stance_group"}
    direction = "2>1" if parts[1].mean() > parts[0].mean() else "1>2"
    printer.say("T2", "both", printed=said, kind="F", direction=direction, **common)
    printer.say("T2", "both", "p", printed=said, kind="p_F", direction=direction, **common)
    printer.say("T2", "both", "df2", printed=said, kind="df2", **common)
    said = {"kind": "ns"}
    printer.say("T3", "both", printed=said, kind="ns", var1="size", var2="warmth")
    said = {"kind": "min", "value": "1.17", "decimals": "2"}
    printer.say("T4", "south", printed=said, kind="min", var1="warmth", base="substantive")
    said = {"kind": "mean", "value": "4.0", "decimals": "1"}
    printer.say("T5", "south", printed=said, kind="mean", var1="warmth", base="substantive")


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A made-up report with one impossible and one contradicted print."""
    root = tmp_path_factory.mktemp("report")
    project, record = root / "tiny", root / "record"
    project.mkdir()
    record.mkdir()
    rows = draw()
    printer = Printer()
    _print_tables(printer, rows)
    _print_text(printer, rows)
    for path, lines in (
        (record / "tiny_tables.csv", printer.tables),
        (record / "tiny_text.csv", printer.text),
        (project / "targets.csv", printer.targets),
    ):
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(lines[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
    (project / "variables.csv").write_text(VARIABLES, encoding="utf-8")
    (project / "quantities.csv").write_text(QUANTITIES, encoding="utf-8")
    (project / "plan.toml").write_text(PLAN, encoding="utf-8")
    (project / "assumptions.toml").write_text(ASSUMPTIONS, encoding="utf-8")
    from swvtypes.reconstruction.project import read_project
    from swvtypes.reconstruction.proofs import proofs_text, prove

    proofs = prove(read_project(project, record))
    (project / "proofs.csv").write_text(proofs_text(proofs), encoding="utf-8")
    return Report(project, record, rows, printer.targets)
