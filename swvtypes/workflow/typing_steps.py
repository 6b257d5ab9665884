"""Steps that type: the typology itself, and who is of which type in every form of file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd

from swvtypes.language import Label
from swvtypes.membership import Membership
from swvtypes.survey.spss import sav_bytes
from swvtypes.typology import Typology

from .cells import csv_bytes, frame_rows, xlsx_bytes
from .plan import Files, Work, tables_as_files
from .run_file import typology_options

_SAV_CREATED, _SAV_TIME = slice(92, 101), slice(101, 109)


def typology(work: Work) -> Files:
    """Find the types: themes, significant items, superclusters."""
    file = work.inputs.file
    options = typology_options(file, work.quick).as_dict()
    made = Typology(random_state=file.seed, n_jobs=work.jobs, **options)
    made.fit(work.wave, checkpoint=work.scratch, show_progress=work.show_progress)
    tables = {
        "selection": _selection(made),
        "routes": _routes(made),
        "contrasts": made.contrasts_.reset_index(drop=True),
        "membership": _table(made.membership_),
    }
    described = made.describe(work.language).encode() + b"\n"
    with tempfile.TemporaryDirectory() as folder:
        made.save(Path(folder) / "typology.json")
        made.membership_.save(Path(folder) / "membership.json")
        files = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    return tables_as_files(tables) | files | {"description.txt": described}


def membership(work: Work) -> Files:
    """Write who is of which type: probabilities, modal type, runner-up, borderline flag."""
    found = Membership.load(work.out / "typology" / "membership.json")
    names = {}
    for name, given in work.inputs.file.names.items():
        if name in found.types:
            names[name] = given
        else:
            known = ", ".join(map(repr, found.types))
            work.notes.add(
                "names",
                Label(f"{name!r} is geen type; er zijn {known}",
                      f"{name!r} is no type; there are {known}"),
            )  # fmt: skip
    found = Membership.from_probabilities(
        found.probabilities,
        found.sector_of,
        replace(found.origin, names=names),
        weights=found.survey_weight,
    )
    table = _table(found)
    with tempfile.TemporaryDirectory() as folder:
        found.save(Path(folder) / "membership.json")
        saved = (Path(folder) / "membership.json").read_bytes()
    shares = found.shares.rename_axis("type").reset_index()
    return {
        "membership.csv": csv_bytes(table),
        "membership.xlsx": xlsx_bytes({"membership": frame_rows(table)}),
        "membership.sav": _sav(table, found),
        "membership.json": saved,
        "shares.csv": csv_bytes(shares),
    }


def _table(found: Membership) -> pd.DataFrame:
    """Give sector, types, certainty, borderline flag, and the probability of each type."""
    return found.summary().join(found.probabilities).reset_index()


def _selection(made: Typology) -> pd.DataFrame:
    """Give the items of all themes and sectors."""
    parts = []
    for name, theme in made.themes_.items():
        part = theme.selection.copy()
        part.insert(0, "theme", name)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _routes(made: Typology) -> pd.DataFrame:
    """Give the routes to types of all sectors, with their agreement."""
    parts = []
    for key, found in made.superclusters_.items():
        part = found.routes.join(found.agreement.add_prefix("rand_")).reset_index()
        part.insert(0, "sector", key)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _sav(table: pd.DataFrame, found: Membership) -> bytes:
    """Give the membership as SPSS file: types as labelled codes, without the time of writing."""
    code = {name: at for at, name in enumerate(found.types, start=1)}
    names = dict(found.origin.names)
    columns: dict[str, pd.Series] = {
        "organisation": table["organisation"].astype(object),
        "sector": table["sector"].astype(object),
        "modal": table["modal"].map(code).astype(float),
        "runner_up": table["runner_up"].map(code).astype(float),
        "certainty": table["certainty"].astype(float),
        "runner_up_p": table["runner_up_probability"].astype(float),
        "borderline": table["borderline"].astype("Float64").astype(float),
    }
    labels = {
        "modal": "most probable type",
        "runner_up": "second most probable type",
        "certainty": "probability of the most probable type",
        "runner_up_p": "probability of the second",
        "borderline": "not surely of one type",
    }
    for name, at in code.items():
        columns[f"p_{at}"] = table[name].astype(float)
        labels[f"p_{at}"] = f"probability of {name}"
    texts = {at: names.get(name, name)[:120] for name, at in code.items()}
    values = {"modal": texts, "runner_up": texts, "borderline": {0: "no", 1: "yes"}}
    content = bytearray(sav_bytes(pd.DataFrame(columns), labels, values, {}))
    content[_SAV_CREATED] = b"01 Jan 00"
    content[_SAV_TIME] = b"00:00:00"
    return bytes(content)
