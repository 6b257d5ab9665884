"""``swvtypes fit`` and ``swvtypes score``: types from a wave, and a wave by types made earlier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .folders import check_output, output_folder

if TYPE_CHECKING:
    import pandas as pd

    from swvtypes.membership import Membership
    from swvtypes.typology import Typology

FIT_FILES = (
    "typology.json", "membership.csv", "selection.csv", "routes.csv", "description.txt",
)  # fmt: skip
SCORE_FILES = ("membership.csv", "information.csv")


def fit(  # noqa: PLR0913, PLR0917
    wave: Annotated[Path, typer.Argument(help="Data file: .csv, .sav, .xlsx or .parquet.")],
    codebook: Annotated[Path, typer.Option("--codebook", "-c", help="Codebook (.toml).")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("typology"),
    seed: Annotated[int, typer.Option(help="Seed of everything.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="No bootstrap: BIC decides.")] = False,
    together: Annotated[
        bool, typer.Option("--together", help="The same types in all sectors.")
    ] = False,
    language: Annotated[str, typer.Option(help="Of the description: nl or en.")] = "nl",
    checkpoint: Annotated[
        Path | None, typer.Option(help="Folder that keeps finished steps, to go on from.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Worker processes; -1 uses every core.")] = -1,
    dask: Annotated[str | None, typer.Option(help="Scheduler of a Dask cluster to use.")] = None,
) -> None:
    """Find the types of a wave: themes, significant items, superclusters.

    Writes the typology, who is of which type, the items, the three routes, and a description.

    Example: swvtypes fit wave.csv --codebook codebook.toml --out typology
    """
    from swvtypes.clusters import on_cluster
    from swvtypes.errors import OptionError
    from swvtypes.language import check_language
    from swvtypes.survey import read_wave
    from swvtypes.typology import Typology
    from swvtypes.workflow.workers import n_workers

    spoken = check_language(language)
    if seed < 0:
        raise OptionError("seed", "a whole number of at least 0", seed)
    n_jobs = n_workers(jobs)
    check_output(out, FIT_FILES)
    read = read_wave(wave, codebook=codebook)
    sectors = "together" if together else "apart"
    with on_cluster(dask) as reached:
        typology = Typology(
            random_state=seed, n_jobs=reached or n_jobs, quick=quick, sectors=sectors
        )
        typology.fit(read, checkpoint=checkpoint, show_progress=True)
    folder = output_folder(out)
    described = typology.describe(spoken)
    typology.save(folder / "typology.json")
    _write_frame(folder / "membership.csv", membership_frame(typology.membership_))
    _write_frame(folder / "selection.csv", selection_frame(typology))
    _write_frame(folder / "routes.csv", routes_frame(typology))
    _write_text(folder / "description.txt", described)
    typer.echo(described)
    typer.echo(f"{folder}: {', '.join(FIT_FILES)}")


def score(
    typology: Annotated[Path, typer.Argument(help="Typology file (.json).")],
    wave: Annotated[Path, typer.Argument(help="Data file: .csv, .sav, .xlsx or .parquet.")],
    codebook: Annotated[
        Path | None, typer.Option("--codebook", "-c", help="Codebook (.toml) to check it by.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("scored"),
    keep_shares: Annotated[
        bool, typer.Option("--keep-shares", help="Keep the shares of the typology's own wave.")
    ] = False,
    least_information: Annotated[
        float, typer.Option(help="Part of the information that the items must carry.")
    ] = 0.5,
) -> None:
    """Say which types the organisations of a wave are of, by a typology made earlier.

    Items may be missing; how much of the typology's information the others carry is said. With a
    codebook its missing reasons are told from answers; without one every cell is an answer.

    Example: swvtypes score typology.json wave.csv --codebook codebook.toml
    """
    from swvtypes.errors import OptionError
    from swvtypes.survey import read_wave
    from swvtypes.typology import Typology

    if not 0.0 <= least_information <= 1.0:
        raise OptionError("least_information", "a number from 0 to 1", least_information)
    check_output(out, SCORE_FILES)
    read = Typology.load(typology)
    source = plain_frame(wave) if codebook is None else read_wave(wave, codebook=codebook)
    scored = read.score(source, "keep" if keep_shares else "refit", least_information)
    folder = output_folder(out)
    _write_frame(folder / "membership.csv", membership_frame(scored))
    _write_frame(folder / "information.csv", scored.information)
    for row in scored.information.to_dict("records"):
        typer.echo(
            f"{row['sectors']}: {row['remaining']} of {row['items']} items, "
            f"{100 * row['share']:.0f}% of the information; expected agreement with all items "
            f"{100 * row['agreement']:.0f}%"
        )
    shares = ", ".join(f"{name} {100 * share:.0f}%" for name, share in scored.type_shares.items())
    typer.echo(f"shares: {shares}")
    typer.echo(f"{folder}: {', '.join(SCORE_FILES)}")


def plain_frame(path: Path) -> pd.DataFrame:
    """Read a data file without a codebook: organisations as index, numbers where cells are.

    Raises
    ------
    WaveError
        Lists every fault of the file itself.
    """
    import pandas as pd

    from swvtypes.errors import WaveError
    from swvtypes.survey import file_faults
    from swvtypes.survey.readers import read_raw

    faults = file_faults(path)
    if faults:
        raise WaveError(path.name, faults)
    table = read_raw(path)
    columns = {}
    for name, cells in zip(table.columns, table.cells, strict=True):
        column = pd.Series(cells, dtype=object).replace("", None)
        numbers = pd.to_numeric(column, errors="coerce")
        columns[name] = numbers if numbers.isna().equals(column.isna()) else column
    if "organisation" not in columns:
        raise WaveError(path.name, ["expected a column 'organisation'"])
    return pd.DataFrame(columns).set_index("organisation")


def membership_frame(membership: Membership) -> pd.DataFrame:
    """Sector, most probable type, certainty, and the probability of each type."""
    return membership.summary().join(membership.probabilities).reset_index()


def selection_frame(typology: Typology) -> pd.DataFrame:
    """Items of all themes and sectors."""
    import pandas as pd

    parts = []
    for name, theme in typology.themes_.items():
        part = theme.selection
        part.insert(0, "theme", name)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def routes_frame(typology: Typology) -> pd.DataFrame:
    """Routes of all sectors, with their agreement."""
    import pandas as pd

    parts = []
    for key, found in typology.superclusters_.items():
        agreed = found.agreement.add_prefix("rand_")
        part = found.routes.join(agreed).reset_index()
        part.insert(0, "sector", key)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _write_frame(path: Path, frame: pd.DataFrame) -> None:
    _write(path, lambda: frame.to_csv(index=False, lineterminator="\n"))


def _write_text(path: Path, text: str) -> None:
    _write(path, lambda: text)


def _write(path: Path, content: Callable[[], str]) -> None:
    from swvtypes.resources import atomic_write

    text = content()
    with atomic_write(path) as stream:
        stream.write(text)
