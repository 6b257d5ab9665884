"""``swvtypes check``: every fault of a wave, or of the file itself without a codebook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from swvtypes.survey import Wave


def check(
    wave: Annotated[
        Path, typer.Argument(help="Data file (.csv .sav .xlsx .parquet), or a run file (.toml).")
    ],
    codebook: Annotated[
        Path | None, typer.Option("--codebook", "-c", help="Codebook (.toml) that it should fit.")
    ] = None,
) -> None:
    """List every fault of a wave, with row, column, value and expectation.

    Without a codebook: only what can be said of the file itself. Of a run file: every file that it
    names.

    Example: swvtypes check wave.csv --codebook codebook.toml
    """
    from swvtypes.errors import WaveError
    from swvtypes.survey import file_faults, read_wave

    if wave.suffix.lower() == ".toml":
        from swvtypes.workflow import read_inputs

        typer.echo(_described(wave, read_inputs(wave).wave))
        return
    if codebook is not None:
        typer.echo(_described(wave, read_wave(wave, codebook=codebook)))
        return
    faults = file_faults(wave)
    if faults:
        raise WaveError(wave.name, faults)
    typer.echo(f"{wave}: no fault in the file itself; a codebook is needed to check its answers")


def _described(path: Path, wave: Wave) -> str:
    sizes = ", ".join(
        f"{sector} {wave.respondents(sector)} of {population}"
        for sector, population in wave.population.items()
    )
    lines = [f"{path}: no fault; {len(wave.variables)} variables; organisations: {sizes}"]
    if wave.provenance["synthetic"]:
        lines.append("the rows are synthetic")
    if len(wave.log):
        lines += [f"changed or tolerated on reading ({len(wave.log)}):"]
        lines += [wave.log.to_string(index=False)]
    return "\n".join(lines)
