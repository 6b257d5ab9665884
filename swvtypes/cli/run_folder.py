"""A run: the folder that ``swvtypes fit`` or ``swvtypes run`` writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from swvtypes.errors import FaultsError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from swvtypes.membership import Membership
    from swvtypes.survey import Wave
    from swvtypes.typology import Typology
    from swvtypes.workflow.source_files import Kind

FITTED = ("typology.json", "membership.csv")
RUN = (Path("typology") / "typology.json", Path("membership") / "membership.json")


@dataclass(frozen=True, eq=False)
class Typed:
    """A wave as it was typed.

    Attributes
    ----------
    typology : Typology
    membership : Membership
    wave : Wave or None
        Its answers, where the folder says from which files they came and those are as they were.
    crosswalk : Path or None
        The crosswalk of questions that the run file names.
    organisations : tuple of Path
        The crosswalks of organisations that it names.
    gone : tuple of str
        Files that it names and that are no longer there.
    """

    typology: Typology
    membership: Membership
    wave: Wave | None = None
    crosswalk: Path | None = None
    organisations: tuple[Path, ...] = ()
    gone: tuple[str, ...] = ()


def read_run(
    folder: Path, kinds: tuple[Kind, ...] = ("answers", "crosswalk", "organisations")
) -> Typed:
    """Read what ``swvtypes fit`` or ``swvtypes run`` wrote.

    Parameters
    ----------
    folder : Path
        Of `fit`; or of `run`: its results, or the folder that they alone stand in.
    kinds : tuple of {"answers", "crosswalk", "organisations"}
        Which files that a run names to find as well; of the answers, to read.

    Raises
    ------
    InputError
        Lists every fault. Files of a run that changed since are faults, as are results that were
        moved away from them; files that went are not.
    """
    if all((folder / name).is_file() for name in FITTED):
        return _fitted(folder)
    results = _results(folder)
    if results is not None:
        return _ran(results, kinds)
    raise InputError("run", run_faults(folder))


def run_faults(folder: Path) -> list[str]:
    """Say what is absent from a folder that should be a run."""
    if not folder.is_dir():
        return [f"{folder}: expected a folder that 'swvtypes run' or 'fit' wrote, found none"]
    lack = [name for name in FITTED if not (folder / name).is_file()]
    if len(lack) < len(FITTED):
        return [f"{folder}: no file {name}" for name in lack]
    return [f"{folder}: no results of 'swvtypes run' (manifest.json), no {' and '.join(FITTED)}"]


def _results(folder: Path) -> Path | None:
    """Find the results of a run: this folder, or the only one in it that has a manifest.

    Raises
    ------
    InputError
        When there are several; names them all.
    """
    from swvtypes.workflow import read_manifest

    if read_manifest(folder) is not None:
        return folder
    found = sorted(
        path.parent for path in folder.glob("*/manifest.json")
        if read_manifest(path.parent) is not None
    )  # fmt: skip
    if len(found) > 1:
        told = ", ".join(path.name for path in found)
        fault = f"{folder}: expected the results of one run, found several: {told}; name one"
        raise InputError("run", [fault])
    return found[0] if found else None


def _fitted(folder: Path) -> Typed:
    from swvtypes.typology import Typology

    faults: list[str] = []
    found = None
    try:
        typology = Typology.load(folder / "typology.json")
    except FaultsError as error:
        faults += [f"{folder / 'typology.json'}: {fault}" for fault in error.faults]
    else:
        try:
            found = Typed(typology, _membership(folder / "membership.csv", typology))
        except FaultsError as error:
            faults += [f"{folder / 'membership.csv'}: {fault}" for fault in error.faults]
    if found is None:
        raise InputError("run", faults)
    return found


def _ran(results: Path, kinds: tuple[Kind, ...]) -> Typed:
    from swvtypes.membership import Membership
    from swvtypes.typology import Typology
    from swvtypes.workflow import require_complete
    from swvtypes.workflow.source_files import find_sources

    try:
        manifest = require_complete(results)
        typology = Typology.load(results / RUN[0])
        membership = Membership.load(results / RUN[1])
        found = find_sources(results, manifest, kinds)
        wave = found.wave() if "answers" in kinds else None
    except FaultsError as error:
        raise InputError("run", [f"{results}: {fault}" for fault in error.faults]) from None
    return Typed(typology, membership, wave, found.crosswalk, found.organisations, found.gone)


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
