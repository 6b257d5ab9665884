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
    seeds: Annotated[str | None, typer.Option(help="Instead: many waves, such as 1-200.")] = None,
    jobs: Annotated[int, typer.Option(help="Workers for those; -1 uses every core.")] = 1,
    dask: Annotated[str | None, typer.Option(help="Scheduler of a Dask cluster to use.")] = None,
) -> None:
    """Make up a wave from a typology's types, or without any relation from a codebook.

    Every row is marked synthetic. From a typology, the types drawn stand in a file _types.csv. Of
    many waves each is named by its seed, and finished ones stay when the command is started again.

    Example: swvtypes simulate typology.json --n 150 --seed 3 --out made_up.csv
    """
    from swvtypes.errors import InputError

    if out.suffix.lower() != ".csv":
        raise InputError("out", [f"expected a name that ends in .csv, got {out.name!r}"])
    if seeds is None:
        _one(source, out, n, seed)
    else:
        _many(source, out, n, seeds, jobs, dask)


def _one(source: Path, out: Path, n: int, seed: int) -> None:
    from swvtypes.resources import atomic_bytes
    from swvtypes.workflow.cells import csv_bytes
    from swvtypes.workflow.simulating import simulate_wave

    from .folders import check_output, output_folder

    types_file = out.with_name(f"{out.stem}_types.csv")
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


def _many(source: Path, out: Path, n: int, seeds: str, jobs: int, dask: str | None) -> None:
    from swvtypes.clusters import on_cluster
    from swvtypes.workflow.simulated_series import Series, simulate_series
    from swvtypes.workflow.simulating import read_source
    from swvtypes.workflow.workers import n_workers

    from .folders import check_output, output_folder
    from .rebuilding_command import read_seeds

    chosen, n_jobs = read_seeds(seeds), n_workers(jobs)
    check_output(out.parent, tuple(f"{out.stem}_{k:04d}.csv" for k in chosen))
    read_source(source, n, chosen)
    with on_cluster(dask) as reached:
        output_folder(out.parent)
        made = simulate_series(Series(source, n, chosen, out), reached or n_jobs, True)
    kept = f", {len(made.kept)} were there" if made.kept else ""
    typer.echo(f"{out.with_name(out.stem)}_*.csv: {len(made.made)} waves made{kept}")
