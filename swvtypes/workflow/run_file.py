"""The run file: what is run on which files, checked with every fault at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from swvtypes.errors import RunError, SwvtypesError
from swvtypes.language import Language
from swvtypes.survey.plain_faults import plain_fault
from swvtypes.survey.wording import meant, shown
from swvtypes.typology.specification import TypologyOptions

Name = Annotated[str, Field(min_length=1, max_length=1000)]
Whole = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
SCHEMA_VERSION = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Steering(_Part):
    """The self-rated continuum: its variable, and the last position of each group but the last."""

    variable: Name = "steering"
    cuts: Annotated[tuple[Whole, ...], Field(min_length=1)] = (3, 7)


class RunFile(_Part):
    """What a run file says.

    Attributes
    ----------
    schema_version : int
    wave, codebook : str
        Files; all paths are taken from the folder of the run file.
    out : str
        Folder of the results, inside the folder of the run file.
    name : str, optional
        Name of the wave; that of the data file when left out.
    register_file : str, optional
        Key ``register``: figures by organisation and year.
    seed : int
    language : {"nl", "en"}
    tables : str
        Table specifications: a packaged name or a file.
    previous : str, optional
        Whose tables stand beside the wave's: the results of an earlier run, or the name of a
        printed record.
    earlier_runs : tuple of str
        Results of earlier runs that the typology is compared with.
    crosswalk : str, optional
        Which questions of the waves are the same.
    organisations : tuple of str
        Which organisations of an earlier wave and this one are the same, where ids changed; a
        file for each earlier wave.
    columns : dict
        Column of the data file to variable of the codebook, where they differ.
    leave_out : tuple of str
        Columns of the data file that are not read.
    typology : dict
        Options of the typology.
    names : dict
        Names of types.
    steering : Steering
    """

    schema_version: Annotated[int, Field(strict=True, ge=1, le=SCHEMA_VERSION)]
    wave: Name
    codebook: Name
    out: Name = "results"
    name: Name | None = None
    register_file: Annotated[Name | None, Field(alias="register")] = None
    seed: Whole = 1
    language: Language = "nl"
    tables: Name = "monitor_2016"
    previous: Name | None = None
    earlier_runs: tuple[Name, ...] = ()
    crosswalk: Name | None = None
    organisations: tuple[Name, ...] = ()
    columns: dict[Name, Name] = {}
    leave_out: tuple[Name, ...] = ()
    typology: dict[str, Any] = {}
    names: dict[Name, Name] = {}
    steering: Steering = Steering()


def read_run_file(path: str | Path) -> RunFile:
    """Read a run file.

    Raises
    ------
    RunError
        Lists every fault.
    """
    name = Path(path).name or str(path)
    try:
        raw = tomllib.loads(Path(path).read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RunError(
            name, [f"expected UTF-8 text, found another byte at {error.start}"]
        ) from None
    except RecursionError:
        raise RunError(name, ["no valid TOML: nested too deeply"]) from None
    except OSError as error:
        raise RunError(name, [f"the file cannot be read: {error.strerror}"]) from None
    except (ValueError, OverflowError) as error:
        raise RunError(name, [f"no valid TOML: {error}"]) from None
    faults: list[str] = []
    file: RunFile | None = None
    try:
        file = RunFile.model_validate(raw)
    except ValidationError as error:
        faults += [sentence(fault) for fault in error.errors(include_url=False)]
    if file is not None:
        faults += [
            f"leave_out: {name!r} is lined up under columns, a column is read or left out"
            for name in dict.fromkeys(file.leave_out)
            if name in file.columns
        ]
    faults += _option_faults(raw.get("typology", {}))
    faults += _place_faults(Path(path), raw.get("out", "results"))
    if faults or file is None:
        raise RunError(name, faults)
    return file


def results_folder(path: str | Path, file: RunFile) -> Path:
    """Give the folder of the results; :func:`read_run_file` saw that it is inside the run's."""
    return Path(path).resolve().parent / file.out


def typology_options(file: RunFile, quick: bool) -> TypologyOptions:
    """Give the options of the typology; `quick` only adds to what the file asks."""
    asked = dict(file.typology)
    return TypologyOptions(**asked | ({"quick": True} if quick else {}))


def _option_faults(raw: object) -> list[str]:
    """Check the options of the typology one by one, so that all faults are told."""
    if not isinstance(raw, dict):
        return []
    known = TypologyOptions.__dataclass_fields__
    faults = []
    for key, value in raw.items():
        if key not in known:
            hint = meant(key, known) or f"; known are {', '.join(known)}"
            faults.append(f"typology.{key}: unknown key{hint}")
            continue
        if key == "quick" and not isinstance(value, bool):
            faults.append(f"typology.quick: expected true or false, got {shown(value)}")
            continue
        if key == "level" and isinstance(value, int | float) and not 0 < value < 1:
            faults.append(f"typology.level: expected a number between 0 and 1, got {value}")
            continue
        try:
            TypologyOptions(**{key: value})
        except (SwvtypesError, TypeError, ValueError) as error:
            said = " ".join(str(error).split()).removeprefix(f"{key}: ")
            faults.append(f"typology.{key}: {said}")
    return faults


def _place_faults(path: Path, out: object) -> list[str]:
    """Say whether the results would stand outside the folder of the run file."""
    if not isinstance(out, str) or not out:
        return []
    if "\0" in out or "\n" in out:
        return ["out: expected a name without control characters"]
    home = path.resolve().parent
    try:
        target = (home / out).resolve()
    except (OSError, RuntimeError):
        return [f"out: {out!r} cannot be followed"]
    if target == home or not target.is_relative_to(home):
        return [f"out: expected a folder inside that of the run file, got {out!r}"]
    return []


def sentence(fault: Any) -> str:
    """Give a fault that pydantic found in a run file as a plain sentence with its place."""
    where = ".".join(str(step) for step in fault["loc"]) or "file"
    if where == "schema_version" and fault["type"] != "missing":
        return f"{where}: this release reads version {SCHEMA_VERSION}, got {shown(fault['input'])}"
    known = _known(Steering if fault["loc"][:1] == ("steering",) else RunFile)
    text = plain_fault(fault, known)
    if fault["type"] == "extra_forbidden" and text == "unknown key":
        text += f"; known are {', '.join(known)}"
    return f"{where}: {text}"


def _known(model: type[_Part]) -> list[str]:
    return [field.alias or key for key, field in model.model_fields.items()]
