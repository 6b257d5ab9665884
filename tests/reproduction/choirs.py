"""A made-up report on thirteen choirs: rows, tables, print and targets in a few lines each."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from swvtypes.survey import Codebook, Wave

CODEBOOK = """
schema_version = 1
id = "choirs"
title = {nl = "Koren", en = "Choirs"}
year = 2031
sectors = [
  {id = "old", label = {nl = "oud", en = "old"}, population = 20},
  {id = "new", label = {nl = "nieuw", en = "new"}, population = 20},
]
missing = [
  {id = "no_idea", code = 99, label = {nl = "geen idee", en = "no idea"}, enters = "random"},
]
scales = [{id = "joy", label = {nl = "plezier", en = "joy"}}]
sets = [{id = "sings", label = {nl = "zingt", en = "sings"}}]

[[answers]]
id = "four"
label = {nl = "vier", en = "four"}
categories = [
  {code = 1, label = {nl = "een", en = "one"}}, {code = 2, label = {nl = "twee", en = "two"}},
  {code = 3, label = {nl = "drie", en = "three"}}, {code = 4, label = {nl = "vier", en = "four"}},
]

[[variables]]
id = "voice"
label = {nl = "stem", en = "voice"}
type = "nominal"
answers = "four"
missing = ["no_idea"]

[[variables]]
id = "hymn"
label = {nl = "lied", en = "hymn"}
type = "binary"
set = "sings"

[[variables]]
id = "song"
label = {nl = "wijs", en = "song"}
type = "binary"
set = "sings"

[[variables]]
id = "mood"
label = {nl = "stemming", en = "mood"}
type = "nominal"
answers = "four"

[[variables]]
id = "grade"
label = {nl = "cijfer", en = "grade"}
type = "count"
minimum = 1
maximum = 10

[[variables]]
id = "laugh"
label = {nl = "lach", en = "laugh"}
type = "ordinal"
answers = "four"
scale = "joy"

[[variables]]
id = "smile"
label = {nl = "glimlach", en = "smile"}
type = "ordinal"
answers = "four"
scale = "joy"
"""

TABLES = """
schema_version = 1
id = "choir_tables"
codebook = "choirs"
title = {nl = "Korentabellen", en = "Choir tables"}
chapters = [
  {id = "1", label = {nl = "Een", en = "One"}}, {id = "a", label = {nl = "Bijlage", en = "Annex"}},
]

[[tables]]
locator = "Table 1"
chapter = "1"
title = {nl = "Stem", en = "Voice"}
kind = "distribution"
variable = "voice"
columns = [{measure = "percent"}]
rows = [
  {no = 1, codes = [1]}, {no = 2, codes = [2]}, {no = 3, codes = [3]}, {no = 4, codes = [4]},
  {no = 5, total = true},
]

[[tables]]
locator = "Table 2"
chapter = "1"
title = {nl = "Stem, samengevoegd", en = "Voice, collapsed"}
kind = "collapsed"
columns = [{measure = "low", codes = [1, 2]}]
rows = [{no = 1, variable = "voice"}]

[[tables]]
locator = "Table 3"
chapter = "1"
title = {nl = "Zingt", en = "Sings"}
kind = "multi_response"
columns = [{measure = "percent"}, {measure = "n", statistic = "base"}]
rows = [{no = 0, holds_base = true}, {no = 1, variable = "hymn"}, {no = 2, variable = "song"}]

[[tables]]
locator = "Table 4"
chapter = "1"
title = {nl = "Stemming", en = "Mood"}
kind = "distribution"
variable = "mood"
columns = [{measure = "percent"}]
rows = [{no = 1, codes = [1]}]

[[tables]]
locator = "Table 5"
chapter = "1"
title = {nl = "Stem, opgeteld", en = "Voice, added"}
kind = "collapsed"
arithmetic = "rounded_percentages"
base = {rule = "answered_or", reasons = ["no_idea"]}
why = {nl = "sommen van gehele percentages", en = "sums of whole percentages"}
columns = [{measure = "high", codes = [3, 4]}]
rows = [{no = 1, variable = "voice"}]

[[tables]]
locator = "Annex 1"
chapter = "a"
title = {nl = "Stem", en = "Voice"}
kind = "distribution"
variable = "voice"
base = {rule = "answered_or", reasons = ["no_idea"]}
why = {nl = "alle antwoorden", en = "all answers"}
columns = [{measure = "percent"}, {measure = "count", statistic = "count"}]
rows = [
  {no = 1, codes = [1]}, {no = 2, codes = [2]}, {no = 3, codes = [3]}, {no = 4, codes = [4]},
  {no = 5, reasons = ["no_idea"]}, {no = 6, total = true},
]

[[tables]]
locator = "Annex 2"
chapter = "a"
title = {nl = "Cijfer", en = "Grade"}
kind = "grades"
columns = [{measure = "mean", statistic = "mean"}, {measure = "sd", statistic = "sd"}]
rows = [{no = 1, variable = "grade"}]

[[tables]]
locator = "Annex 3"
chapter = "a"
title = {nl = "Plezier", en = "Joy"}
kind = "scale_summary"
columns = [
  {measure = "mean", statistic = "mean"}, {measure = "sd", statistic = "sd"},
  {measure = "alpha", statistic = "alpha"},
]
rows = [{no = 1, scale = "joy"}]
"""

VOICE = [1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 99]
GRADES = [6, 6, 7, 7, 7, 7, 7, 8, 8, 8, 8, 9, 9]
COLUMNS = ("locator", "row_no", "row_label", "sector", "measure", "value", "decimals", "unit")
Entry = tuple[str, int, str, str, float, int]

# Thirteen choirs in the old sector; the new one has no print but for one table.
PRINT: list[Entry] = [
    ("Table 1", 1, "old", "percent", 42, 0),
    ("Table 1", 2, "old", "percent", 25, 0),
    ("Table 1", 3, "old", "percent", 17, 0),
    ("Table 1", 4, "old", "percent", 17, 0),
    ("Table 1", 5, "old", "percent", 100, 0),
    ("Table 2", 1, "old", "low", 67, 0),
    ("Table 3", 0, "old", "n", 12, 0),
    ("Table 3", 1, "old", "percent", 75, 0),
    ("Table 3", 2, "old", "percent", 33, 0),
    ("Table 4", 1, "old", "percent", 38, 0),
    ("Table 5", 1, "old", "high", 30, 0),
    ("Annex 1", 1, "old", "percent", 38, 0),
    ("Annex 1", 1, "old", "count", 5, 0),
    ("Annex 1", 2, "old", "percent", 23, 0),
    ("Annex 1", 2, "old", "count", 3, 0),
    ("Annex 1", 3, "old", "percent", 15, 0),
    ("Annex 1", 3, "old", "count", 2, 0),
    ("Annex 1", 4, "old", "percent", 15, 0),
    ("Annex 1", 4, "old", "count", 2, 0),
    ("Annex 1", 5, "old", "percent", 8, 0),
    ("Annex 1", 5, "old", "count", 1, 0),
    ("Annex 1", 6, "old", "percent", 100, 0),
    ("Annex 1", 6, "old", "count", 13, 0),
    ("Annex 2", 1, "old", "mean", 7.46, 2),
    ("Annex 2", 1, "old", "sd", 0.97, 2),
    ("Annex 3", 1, "old", "mean", 2.54, 2),
    ("Annex 3", 1, "old", "sd", 1.01, 2),
    ("Annex 3", 1, "old", "alpha", 0.92, 2),
]

# What the rows were fitted to: everything but tables 1, 2, 4 and 5.
FITTED = frozenset({"Table 3", "Annex 1", "Annex 2", "Annex 3"})
KINDS = {"Annex 2": "mean", "Annex 3": "mean"}
ABOUT = {"Annex 1": "voice", "Annex 2": "grade", "Annex 3": "joy", "Table 4": "mood"}


def make_wave(book: Codebook, seed: int, **columns: list[object]) -> Wave:
    """Give thirteen choirs: the same distributions in another order a seed, mood at random."""
    rng = np.random.default_rng(seed)
    n = len(VOICE)
    laugh = [1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 3]
    smile = [1, 1, 1, 2, 2, 3, 2, 3, 3, 4, 4, 4, 3]
    frame = pd.DataFrame(
        {
            "organisation": [f"C-{number:02d}" for number in range(n)],
            "sector": "old",
            "synthetic": True,
            "seed": seed,
            "voice": rng.permutation(VOICE),
            "hymn": rng.permutation([1] * 9 + [0] * 3 + [-1]),
            "song": -1,
            "mood": rng.permutation([1] * (3 + seed) + [2] * (10 - seed)),
            "grade": rng.permutation(GRADES),
            "laugh": laugh,
            "smile": smile,
        }
    )
    song = iter(rng.permutation([1] * 4 + [0] * 8))
    frame["song"] = [next(song) if hymn >= 0 else -1 for hymn in frame["hymn"]]
    for name, values in columns.items():
        frame[name] = values
    whole = [name for name in frame if name not in ("organisation", "sector", "synthetic")]
    frame[whole] = frame[whole].astype("Int64")
    frame[whole] = frame[whole].where(frame[whole] >= 0)
    return Wave.from_frame(frame, book, name="choirs")


def as_record(entries: Iterable[Entry]) -> pd.DataFrame:
    lines = [
        (loc, no, f"{loc} row {no}", sector, measure, float(value), str(decimals), "percent")
        for loc, no, sector, measure, value, decimals in entries
    ]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    frame["note"] = ""
    return frame


def as_text(statements: Iterable[dict[str, object]]) -> pd.DataFrame:
    blank = dict.fromkeys(
        ("locator", "sector", "kind", "var1", "var2", "decimals", "qualifier", "note"), ""
    )
    lines = [{**blank, "value": float("nan"), **statement} for statement in statements]
    return pd.DataFrame(lines, columns=[*blank, "value"])


def as_targets(fitted: frozenset[str]) -> pd.DataFrame:
    lines = []
    for locator, row_no, sector, measure, *_ in PRINT:
        key = ("choirs_tables", locator, str(row_no), sector, measure)
        if locator in fitted:
            about = ABOUT.get(locator) or {1: "hymn", 2: "song"}.get(row_no, "")
            lines.append((*key, KINDS.get(locator, "percent"), about, "target"))
        elif locator == "Table 2":
            lines.append((*key, "percent", "voice", "settle"))
    columns = ["source", "locator", "row_no", "sector", "measure", "kind", "var1", "role"]
    return pd.DataFrame(lines, columns=columns)
