"""``swvtypes simulate``: a made-up wave, to try an analysis on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    source: Annotated[Path, typer.Argument(help="Typology (.json) or codebook (.toml).")],
    out: Annotated[Path, typer.Option(help="Data file to write (.csv).")] = Path("simulated.csv"),
    n: Annotated[int, typer.Option("--n", help="Organisations in each sector.")] = 60,
    seed: Annotated[int, typer.Option(help="Seed of everything.")] = 1,
) -> None:
    """Make up a wave from a typology's types, or without any relation from a codebook.

    Every row is marked synthetic. From a typology, the types drawn are written beside the wave, in
    a file that ends in _types.csv.

    Example: swvtypes simulate typology.json --n 150 --seed 3 --out made_up.csv
    """
    from swvtypes.errors import InputError
    from swvtypes.resources import atomic_bytes
    from swvtypes.workflow.cells import csv_bytes
    from swvtypes.workflow.simulating import simulate_wave

    from .folders import check_output, output_folder

    types_file = out.with_name(f"{out.stem}_types.csv")
    if out.suffix.lower() != ".csv":
        raise InputError("out", [f"expected a name that ends in .csv, got {out.name!r}"])
    check_output(out.parent, (out.name, types_file.name))
    made = simulate_wave(source, n, seed)
    output_folder(out.parent)
    atomic_bytes(out, csv_bytes(made.answers))
    written = [out]
    if made.types is not None:
        atomic_bytes(types_file, csv_bytes(made.types))
        written.append(types_file)
    if made.left_out:
        typer.echo(f"left out, made of several questions: {', '.join(made.left_out)}")
    typer.echo(f"{', '.join(map(str, written))}: {len(made.answers)} made-up organisations")
