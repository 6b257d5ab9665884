"""A run: the folder that ``swvtypes fit`` or ``swvtypes run`` writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swvtypes.errors import FaultsError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from swvtypes.membership import Membership
    from swvtypes.survey import Wave
    from swvtypes.typology import Typology

FITTED = ("typology.json", "membership.csv")
_WHO = "organisations "
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
    """

    typology: Typology
    membership: Membership
    wave: Wave | None = None
    crosswalk: Path | None = None
    organisations: tuple[Path, ...] = ()


def read_run(folder: Path, answers: bool = True) -> Typed:
    """Read what ``swvtypes fit`` or ``swvtypes run`` wrote.

    Parameters
    ----------
    folder : Path
        Of `fit`; or of `run`: that of the run file, or the results in it.
    answers : bool
        Whether to read the wave's files as well, which a run names.

    Raises
    ------
    InputError
        Lists every fault. Files of a run that changed since are faults; those that went are not.
    """
    if all((folder / name).is_file() for name in FITTED):
        return _fitted(folder)
    results = _results(folder)
    if results is not None:
        return _ran(results, answers)
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
    """Find the results of a run: this folder, or the one that its run file names."""
    from swvtypes.workflow import read_manifest

    places = [folder, folder / "results"]
    places += sorted(p.parent for p in folder.glob("*/manifest.json"))
    return next((p for p in places if p.is_dir() and read_manifest(p) is not None), None)


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


def _ran(results: Path, answers: bool) -> Typed:
    from swvtypes.membership import Membership
    from swvtypes.typology import Typology
    from swvtypes.workflow import require_complete

    try:
        manifest = require_complete(results)
        typology = Typology.load(results / RUN[0])
        membership = Membership.load(results / RUN[1])
        wave, named = _sources(results, manifest) if answers else (None, {})
    except FaultsError as error:
        raise InputError("run", [f"{results}: {fault}" for fault in error.faults]) from None
    who = tuple(path for key, path in named.items() if key.startswith(_WHO))
    return Typed(typology, membership, wave, named.get("crosswalk"), who)


def _sources(results: Path, manifest: dict[str, Any]) -> tuple[Wave | None, dict[str, Path]]:
    """Give the answers and the files that a run read, where they still stand."""
    from swvtypes.survey import Codebook
    from swvtypes.survey.wave import wave_from_table
    from swvtypes.workflow.inputs import digest_of, read_table
    from swvtypes.workflow.run_file import RunFile

    try:
        settings = dict(manifest["settings"])
        file = RunFile.model_validate({k: v for k, v in settings.items() if k != "quick"})
        digests = dict(manifest["inputs"])
    except (KeyError, TypeError, ValueError):
        fault = "manifest.json: expected the settings and inputs of a run"
        raise InputError("run", [fault]) from None
    home = results.resolve().parents[len(Path(file.out).parts) - 1]
    named = {"wave": file.wave, "codebook": file.codebook, "crosswalk": file.crosswalk}
    named |= {f"{_WHO}{name}": name for name in file.organisations}
    stand = {k: home / name for k, name in named.items() if name and (home / name).is_file()}
    changed = [k for k, path in stand.items() if digest_of(path) != digests.get(k)]
    if changed:
        raise InputError("run", [f"{named[k]}: changed since the run" for k in changed])
    if not {"wave", "codebook"} <= set(stand):
        return None, stand
    table = read_table(stand["wave"], file)
    book = Codebook.load(stand["codebook"])
    wave = wave_from_table(table, book, file.name or Path(file.wave).stem)
    return wave, stand


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
