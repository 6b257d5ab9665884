"""What a step of a run is, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from swvtypes.errors import FaultsError, MissingExtraError, SwvtypesError
from swvtypes.language import Label, Language, in_english_only
from swvtypes.longitudinal.wave_comparison_labels import faults_label
from swvtypes.membership import Membership
from swvtypes.survey import Wave
from swvtypes.typology import Typology

from .cells import csv_bytes
from .inputs import Inputs

NOTES = "notes.csv"
_SUBJECTS = {
    "comparison": "vergelijking", "context": "omstandigheden", "figures": "figuren",
    "groups": "groepen", "previous": "vorige golf", "response": "respons",
    "scale scores": "schaalscores", "scales": "schalen", "steering": "sturing",
    "summary": "samenvatting", "tables": "tabellen", "types": "typen", "budget": "begroting",
    "services": "voorzieningen", "theme": "thema",
}  # fmt: skip
_ASKED = ("budget", "services", "theme")  # before the id of a composition, set or theme


@dataclass
class Notes:
    """What a step left out, and why; it becomes the step's ``notes.csv``."""

    language: Language = "nl"
    rows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, subject: str, reason: object) -> None:
        """Note that something was left out; a label or an error in the language of the run.

        The Dutch of an error that has no Dutch text says that it is in English.
        """
        if isinstance(reason, Exception):
            reason = _told(reason)
        if isinstance(reason, Label):
            reason = reason.text(self.language)
        self.rows.append((self._named(subject), " ".join(str(reason).split())))

    def _named(self, subject: str) -> str:
        """Give a subject in the language of the run; names of the user's own stay."""
        if self.language != "nl":
            return subject
        head, _, by = subject.rpartition(" by ")
        if head and by in ("types", "steering"):
            kind, _, own = head.partition("_")
            named = (
                f"{_SUBJECTS[kind]} {own}" if own and kind in _ASKED else _SUBJECTS.get(head, head)
            )
            return f"{named} naar {_SUBJECTS[by]}"
        return _SUBJECTS.get(subject, subject)

    def tried(self, subject: str, make: Callable[[], None]) -> None:
        """Do something that may be impossible for this wave; note why where it is.

        What no room of the package foresaw is noted as such, so that one analysis of an unusual
        wave does not cost all the others. Disk and memory are another matter.
        """
        try:
            make()
        except SwvtypesError as error:
            self.add(subject, error)
        except (OSError, MemoryError):
            raise
        except Exception as error:
            said = in_english_only(f"{type(error).__name__}: {error}")
            self.add(subject, Label(f"niet te berekenen: {said.nl}",
                                    f"could not be computed ({said.en})"))  # fmt: skip

    def frame(self) -> pd.DataFrame:
        """Give the notes as a table, each once."""
        return pd.DataFrame(list(dict.fromkeys(self.rows)), columns=["subject", "reason"])


def _told(error: Exception) -> Label:
    if isinstance(error, FaultsError):
        return faults_label(error.faults, error.subject)
    if isinstance(error, MissingExtraError):
        return Label(
            f"hiervoor is de bibliotheek {error.needed} nodig, die niet is geïnstalleerd: "
            f'pip install "swvtypes[{error.extra}]"',
            str(error),
        )
    return in_english_only(str(error))


@dataclass(frozen=True)
class Work:
    """What a step works on.

    Attributes
    ----------
    inputs : Inputs
    out : Path
        Folder of the results; finished steps stand in it.
    language : Language
    quick : bool
    jobs : int
    scratch : Path
        Folder for the typology's finished parts.
    show_progress : bool
    notes : Notes
    """

    inputs: Inputs
    out: Path
    language: Language
    quick: bool
    jobs: int
    scratch: Path
    show_progress: bool = False
    notes: Notes = field(default_factory=Notes)

    @property
    def wave(self) -> Wave:
        """The wave of the run."""
        return self.inputs.wave

    def typology(self) -> Typology:
        """Read the typology of the run; always from its file, so that resuming changes nothing."""
        return Typology.load(self.out / "typology" / "typology.json")

    def membership(self) -> Membership:
        """Read the membership of the run, with the names of types where they were given."""
        return Membership.load(self.out / "membership" / "membership.json")


Files = dict[str, bytes]
Settings = Callable[[Inputs, bool], Mapping[str, Any]]


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Attributes
    ----------
    name : str
        Also the folder of its files.
    make : callable
        Gives its files.
    needs : tuple of str
        Earlier steps whose files it reads.
    reads : tuple of str
        Inputs besides wave, codebook and register whose change makes it stale; a prefix ends in
        a blank.
    settings : callable
        Settings whose change makes it stale.
    """

    name: str
    make: Callable[[Work], Files]
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    settings: Settings = lambda inputs, quick: {}


def tables_as_files(tables: Mapping[str, pd.DataFrame]) -> Files:
    """Give tables as the bytes of CSV files, those without rows as their header."""
    return {f"{name}.csv": csv_bytes(table) for name, table in tables.items()}
