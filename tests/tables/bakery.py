"""A made-up survey of ten bakeries, unlike the monitor in every name and code."""

from __future__ import annotations

import pandas as pd

CODEBOOK = """
schema_version = 1
id = "bakeries"
title = {nl = "Bakkers", en = "Bakeries"}
year = 2030
sectors = [
  {id = "town", label = {nl = "stad", en = "town"}, population = 20},
  {id = "country", label = {nl = "land", en = "country"}, population = 9},
]
missing = [
  {id = "no_idea", code = 91, label = {nl = "geen idee", en = "no idea"}, enters = "random"},
  {id = "no_oven", code = 92, label = {nl = "geen oven", en = "no oven"}, enters = "state"},
]
scales = [{id = "pride", label = {nl = "trots", en = "pride"}}]
sets = [{id = "sells", label = {nl = "verkoop", en = "sales"}}]

[[compositions]]
id = "flour"
label = {nl = "meel", en = "flour"}
closure = "rescale"

[[answers]]
id = "three"
label = {nl = "drie", en = "three"}
categories = [
  {code = 10, label = {nl = "klein", en = "small"}},
  {code = 20, label = {nl = "middel", en = "medium"}},
  {code = 30, label = {nl = "groot", en = "large"}},
]

[[answers]]
id = "five"
label = {nl = "vijf", en = "five"}
categories = [
  {code = 1, label = {nl = "nooit", en = "never"}},
  {code = 2, label = {nl = "zelden", en = "seldom"}},
  {code = 3, label = {nl = "soms", en = "sometimes"}},
  {code = 4, label = {nl = "vaak", en = "often"}},
  {code = 5, label = {nl = "altijd", en = "always"}},
]

[[variables]]
id = "size"
label = {nl = "omvang", en = "size"}
type = "ordinal"
answers = "three"
missing = ["no_idea", "no_oven"]

[[variables]]
id = "large_why"
label = {nl = "waarom groot", en = "why large"}
type = "nominal"
answers = "three"
gate = {variable = "size", codes = [30]}

[[variables]]
id = "bread"
label = {nl = "brood", en = "bread"}
type = "binary"
set = "sells"

[[variables]]
id = "cake"
label = {nl = "taart", en = "cake"}
type = "binary"
set = "sells"

[[variables]]
id = "coffee"
label = {nl = "koffie", en = "coffee"}
type = "binary"
set = "sells"
sectors = ["town"]

[[variables]]
id = "crust"
label = {nl = "korst", en = "crust"}
type = "ordinal"
answers = "five"
missing = ["no_idea"]
scale = "pride"

[[variables]]
id = "burnt"
label = {nl = "verbrand", en = "burnt"}
type = "ordinal"
answers = "five"
missing = ["no_idea"]
scale = "pride"
reversed = true

[[variables]]
id = "rye"
label = {nl = "rogge", en = "rye"}
type = "continuous"
composition = "flour"
minimum = 0
maximum = 100

[[variables]]
id = "wheat"
label = {nl = "tarwe", en = "wheat"}
type = "continuous"
composition = "flour"
minimum = 0
maximum = 100

[[variables]]
id = "grade"
label = {nl = "cijfer", en = "grade"}
type = "count"
minimum = 1
maximum = 10
"""

HEAD = """
schema_version = 1
id = "bakery_tables"
codebook = "bakeries"
title = {nl = "Bakkerstabellen", en = "Bakery tables"}
chapters = [{id = "1", label = {nl = "Een", en = "One"}}]
"""

ROWS: list[dict[str, object]] = [
    {"sector": "town", "size": 10, "bread": 1, "cake": 0, "coffee": 1, "crust": 5, "burnt": 1,
     "rye": 20, "wheat": 80, "grade": 8},
    {"sector": "town", "size": 10, "bread": 1, "cake": 1, "coffee": 0, "crust": 4, "burnt": 2,
     "rye": 30, "wheat": 70, "grade": 7},
    {"sector": "town", "size": 20, "bread": 0, "cake": 1, "coffee": 0, "crust": 4, "burnt": 91,
     "rye": 25, "wheat": 75, "grade": 7},
    {"sector": "town", "size": 30, "large_why": 20, "bread": 1, "cake": 0, "coffee": 0,
     "crust": 2, "burnt": 5, "rye": 10, "wheat": 90, "grade": 4},
    {"sector": "town", "size": 91, "bread": 0, "cake": 0, "coffee": 0, "crust": 91, "burnt": 91,
     "rye": 15, "wheat": 85},
    {"sector": "town", "size": 92, "bread": 1, "cake": 0, "coffee": 1, "crust": 3, "burnt": 3,
     "rye": 20, "wheat": 80, "grade": 6},
    {"sector": "town", "crust": 1, "burnt": 4, "grade": 9},
    {"sector": "country", "size": 30, "bread": 1, "cake": 1, "crust": 5, "burnt": 1, "rye": 50,
     "wheat": 50, "grade": 10},
    {"sector": "country", "size": 30, "large_why": 10, "bread": 1, "cake": 0, "crust": 5,
     "burnt": 2, "rye": 60, "wheat": 40, "grade": 9},
    {"sector": "country", "size": 20, "bread": 0, "cake": 0, "crust": 3, "burnt": 3, "rye": 70,
     "wheat": 30, "grade": 5},
]  # fmt: skip


def as_frame() -> pd.DataFrame:
    """Give the rows as a data file has them."""
    frame = pd.DataFrame(ROWS)
    frame.insert(0, "organisation", [f"B-{number:02d}" for number in range(1, len(ROWS) + 1)])
    whole = [name for name in frame.columns if name not in ("organisation", "sector")]
    return frame.astype(dict.fromkeys(whole, "Int64"))
