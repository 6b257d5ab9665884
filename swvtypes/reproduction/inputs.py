"""What a reproduction needs, gathered from the package or given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from swvtypes import published
from swvtypes.errors import ResourceError
from swvtypes.parallel import progress
from swvtypes.resources import data_path
from swvtypes.survey import Wave, available_seeds, load_wave
from swvtypes.tables import TableSet, load_tables

from .claim_file import ClaimSet, load_claims


@dataclass(frozen=True)
class Inputs:
    """What a reproduction compares.

    Attributes
    ----------
    source : str
        Name of the report.
    record : DataFrame
        Its printed cells (see :func:`swvtypes.published.load`).
    text : DataFrame
        Statistics printed in running text and footnotes; may be empty.
    tables : TableSet
        What each cell counts.
    waves : mapping of int to Wave
        Versions of the rows by seed, all with the same codebook.
    targets : DataFrame
        What the rows were fitted to (see :func:`swvtypes.reproduction.roles.read_targets`).
    claims : ClaimSet or None
        Which analysis of the rows answers each statement of `text`.
    certificate : DataFrame
        Certificate of the first version of the rows, whose proofs hold for all; may be empty.
    """

    source: str
    record: pd.DataFrame
    text: pd.DataFrame
    tables: TableSet
    waves: Mapping[int, Wave]
    targets: pd.DataFrame
    claims: ClaimSet | None = None
    certificate: pd.DataFrame = field(default_factory=pd.DataFrame)


def gather(source: str, seeds: Iterable[int] | None = None, show_progress: bool = False) -> Inputs:
    """Gather what ships with the package.

    Parameters
    ----------
    source : str
        Name of the report, for example ``"monitor_2016"``.
    seeds : iterable of int, optional
        Versions of the rows; all that ship unless given.
    show_progress : bool
        Draw a progress bar on a terminal.

    Raises
    ------
    RecordError
        When the printed record is absent or malformed.
    TableError
        When the table specifications are absent or malformed.
    ResourceError
        When the rows or the list of targets are absent.
    """
    record = published.load(f"{source}_tables")
    has_text = f"{source}_text" in published.available()
    text = published.load(f"{source}_text") if has_text else _no_text()
    tables = load_tables(source)
    path = data_path("reconstruction", source, "targets.csv")
    targets = pd.read_csv(path, dtype=str, keep_default_na=False)
    chosen = available_seeds(source) if seeds is None else tuple(dict.fromkeys(seeds))
    if not chosen:
        raise ResourceError(f"wave {source!r}: expected at least one seed, none was found or asked")
    waves = {}
    with progress(show_progress) as display:
        task = display.add_task(f"rows of {source}", total=len(chosen))
        for seed in chosen:
            waves[seed] = load_wave(source, seed=seed)
            display.advance(task)
    return Inputs(
        source,
        record,
        text,
        tables,
        waves,
        targets,
        claims=load_claims(source),
        certificate=_certificate(source, chosen[0]),
    )


def _certificate(source: str, seed: int) -> pd.DataFrame:
    try:
        path = data_path("waves", source, f"certificate_{seed:02d}.csv")
    except ResourceError:
        return pd.DataFrame()
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _no_text() -> pd.DataFrame:
    about = ("locator", "sector", "kind", "var1", "var2")
    columns = (*about, "value", "decimals", "qualifier", "note")
    return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
