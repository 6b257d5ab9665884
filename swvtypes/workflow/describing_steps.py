"""Steps that describe: the check, the tables, the scales."""

from __future__ import annotations

import pandas as pd

from swvtypes.errors import SwvtypesError
from swvtypes.language import Label, in_english_only
from swvtypes.published import load as load_record
from swvtypes.scales import build_scales, judge_all
from swvtypes.survey import response_rates
from swvtypes.tables import TableSpec, compute_tables

from .cells import csv_bytes, xlsx_bytes
from .inputs import is_record
from .plan import Files, Work, tables_as_files
from .printed_layout import KEY, printed, sheets

RECORD, OF_RECORD = "monitor_2016_tables", "monitor_2016"
_CELL = [*KEY, "statistic"]
_OTHER_TABLES = Label(
    "de gedrukte cijfers horen bij de tabellen 'monitor_2016'; deze tabellen zijn andere",
    "the printed figures belong to the tables 'monitor_2016'; these are others",
)
NO_TABLE = Label(
    "de peiling heeft voor geen enkele tabel de vragen",
    "the wave fits none of the table specifications",
)


def check(work: Work) -> Files:
    """Say what was read: respondents, changed rows, and why answers are absent."""
    wave = work.wave
    reasons = wave.reasons
    counted = [
        {"variable": name, "answered": int((reasons[name] == "").sum())}
        | {k: int(v) for k, v in reasons[name][reasons[name] != ""].value_counts().items()}
        for name in wave.variables
    ]
    absent = pd.DataFrame(counted).fillna(0)
    absent = absent.astype({name: int for name in absent.columns if name != "variable"})
    order = ["variable", "answered", *sorted(set(absent.columns) - {"variable", "answered"})]
    labels = [wave.codebook.variable(name).label.text(work.language) for name in absent["variable"]]
    absent = absent[order]
    absent.insert(1, "label", labels)
    made = {"answers": absent, "changed_rows": wave.log}
    tried = work.notes.tried
    tried("response", lambda: made.update(response=response_rates(wave).reset_index()))
    codebook = (work.inputs.folder / work.inputs.file.codebook).read_bytes()
    return tables_as_files(made) | {"codebook.toml": codebook}


def tables(work: Work) -> Files:
    """Compute every printed table that the wave has the questions for, beside the previous one."""
    wave, specs = work.wave, work.inputs.tables
    try:
        table = compute_tables(wave, specs, work.language)
    except SwvtypesError:
        parts = [part for spec in specs if (part := _one(work, spec)) is not None]
        if not parts:
            work.notes.add("tables", NO_TABLE)
            return {}
        table = pd.concat(parts, ignore_index=True)
    record = load_record(RECORD)
    keys = list(record[KEY].itertuples(index=False, name=None))
    decimals = dict(zip(keys, record["decimals"].astype(int), strict=True))
    if work.inputs.tables.id != OF_RECORD:
        decimals = {}
    table["shown"] = printed(table, decimals)
    before = _previous(work, record)
    cells = table[_CELL].itertuples(index=False, name=None)
    table["previous"] = [before.get(key, before.get(key[:-1], "")) for key in cells]
    laid_out = sheets(specs, table, wave.codebook, work.language)
    return {"tables.csv": csv_bytes(table), "tables.xlsx": xlsx_bytes(dict(laid_out))}


def _one(work: Work, spec: TableSpec) -> pd.DataFrame | None:
    try:
        return compute_tables(work.wave, (spec,), work.language)
    except SwvtypesError as error:
        faults = getattr(error, "faults", (str(error),))
        left = len(faults) - 1
        said = in_english_only(faults[0])
        more = Label(f" (en nog {left})", f" (and {left} more)") if left else Label("", "")
        work.notes.add(spec.locator, Label(said.nl + more.nl, said.en + more.en))
        return None


def _previous(work: Work, record: pd.DataFrame) -> dict[tuple[object, ...], str]:
    """Give the previous wave's figures as printed, by cell; of a run by cell and statistic."""
    name = work.inputs.file.previous
    if name is None:
        return {}
    if is_record(name):
        if work.inputs.tables.id != OF_RECORD:  # the same place would be another figure
            work.notes.add("previous", _OTHER_TABLES)
            return {}
        texts = [
            f"{value:.{decimals}f}"
            for value, decimals in zip(record["value"], record["decimals"].astype(int), strict=True)
        ]
        return dict(zip(record[KEY].itertuples(index=False, name=None), texts, strict=True))
    path = work.inputs.folder / name / "tables" / "tables.csv"
    if not path.is_file():
        said = Label(f"{name}: die run heeft geen tabellen", f"{name}: that run has no tables")
        work.notes.add("previous", said)
        return {}
    table = pd.read_csv(path, dtype={"shown": "str"}, keep_default_na=False, encoding="utf-8")
    return dict(zip(table[_CELL].itertuples(index=False, name=None), table["shown"], strict=True))


def scales(work: Work) -> Files:
    """Score the codebook's scales and judge every set of statements."""
    made: dict[str, pd.DataFrame] = {}
    files: Files = {}

    def score() -> None:
        built = build_scales(work.wave)
        scores = built.scores
        scores.insert(0, "sector", built.sector)
        made["scores"] = scores.reset_index()

    def judge() -> None:
        judged = judge_all(work.wave)
        made["judgements"] = judged.labelled(work.language)
        texts = [one.text(work.language) for one in judged.judgements]
        files["judgements.txt"] = ("\n\n".join(texts) + "\n").encode()

    work.notes.tried("scale scores", score)
    work.notes.tried("scales", judge)
    return tables_as_files(made) | files
