"""A run: the folder that ``swvtypes fit`` writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from swvtypes.errors import FaultsError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from swvtypes.membership import Membership
    from swvtypes.typology import Typology

NEEDED = ("typology.json", "membership.csv")


def run_faults(folder: Path) -> list[str]:
    """Say what is absent from a run."""
    if not folder.is_dir():
        return [f"{folder}: expected a folder that 'swvtypes fit' wrote, found none"]
    return [f"{folder}: no file {name}" for name in NEEDED if not (folder / name).is_file()]


def read_run(folder: Path) -> tuple[Typology, Membership]:
    """Read the typology and the membership of a run.

    Raises
    ------
    InputError
        Lists every fault.
    """
    from swvtypes.typology import Typology

    faults = run_faults(folder)
    if faults:
        raise InputError("run", faults)
    found = None
    try:
        typology = Typology.load(folder / "typology.json")
    except FaultsError as error:
        faults += [f"{folder / 'typology.json'}: {fault}" for fault in error.faults]
    else:
        try:
            found = typology, _membership(folder / "membership.csv", typology)
        except FaultsError as error:
            faults += [f"{folder / 'membership.csv'}: {fault}" for fault in error.faults]
    if found is None:
        raise InputError("run", faults)
    return found


def _membership(path: Path, typology: Typology) -> Membership:
    from swvtypes.longitudinal.common_items import questions_of
    from swvtypes.membership import Membership, Origin

    frame = _table(path)
    types = [t for model in typology.models_ for t in model.types]
    faults = [f"no column {name!r}" for name in ("organisation", "sector", *types)
              if name not in frame]  # fmt: skip
    if faults:
        raise InputError("membership", faults)
    twice = frame.loc[frame["organisation"].duplicated(), "organisation"].unique()
    faults = [f"organisation {name!r} stands in it twice" for name in twice]
    rows = frame.set_index("organisation")
    numbers = rows[types].apply(_numbers)
    faults += [
        f"organisation {rows.index[i]!r}, column {types[j]!r}: expected a probability, got "
        f"{rows[types].iloc[i, j]!r}"
        for i, j in zip(*((rows[types] != "") & numbers.isna()).to_numpy().nonzero(), strict=True)
    ]
    if faults:
        raise InputError("membership", faults)
    items = tuple(dict.fromkeys(i for model in typology.models_ for i in model.items))
    origin = Origin(questions_of(typology).wave, None, "super", items)
    return Membership.from_probabilities(numbers, rows["sector"], origin)


def _table(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError("membership", [f"cannot be read as a table: {error}"]) from None


def _numbers(column: pd.Series) -> pd.Series:
    import pandas as pd

    return pd.to_numeric(column, errors="coerce")
