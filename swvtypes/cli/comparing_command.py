"""``swvtypes compare``: two typed waves beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .folders import check_output
from .run_folder import read_run

if TYPE_CHECKING:
    from swvtypes.survey import Wave


def compare(  # noqa: PLR0913, PLR0917
    run_a: Annotated[Path, typer.Argument(help="Folder of the earlier run of 'swvtypes fit'.")],
    run_b: Annotated[Path, typer.Argument(help="Folder of the later run.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("comparison"),
    crosswalk: Annotated[
        Path | None, typer.Option(help="Which question is which (.csv); by name without one.")
    ] = None,
    organisations: Annotated[
        Path | None, typer.Option(help="Which organisation is which (.csv); by name without one.")
    ] = None,
    wave_a: Annotated[
        Path | None, typer.Option(help="Data file of the earlier wave, for its answers.")
    ] = None,
    codebook_a: Annotated[Path | None, typer.Option(help="Its codebook (.toml).")] = None,
    wave_b: Annotated[Path | None, typer.Option(help="Data file of the later wave.")] = None,
    codebook_b: Annotated[Path | None, typer.Option(help="Its codebook (.toml).")] = None,
    position: Annotated[
        str, typer.Option(help="Question that holds the self-rated position.")
    ] = "steering",
    language: Annotated[str, typer.Option(help="Of text and figures: nl or en.")] = "nl",
    figures: Annotated[bool, typer.Option(help="Whether to draw.")] = True,
    seed: Annotated[int, typer.Option(help="Seed of resampling.")] = 0,
) -> None:
    """Compare two waves: who moved, what changed, and what only the questionnaire changed.

    What questionnaires do not allow to be compared is named with its reason; the rest is compared.
    With the data files of both waves also the answers, positions, and the old types in the new
    wave.

    Example: swvtypes compare run_2014 run_2016 --crosswalk items.csv --organisations who.csv
    """
    from swvtypes.errors import FaultsError, InputError, OptionError
    from swvtypes.language import check_language
    from swvtypes.longitudinal.wave_comparison import CompareOptions, WaveSide, compare_waves
    from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk

    from .comparing_files import figures_of, write_comparison

    spoken = check_language(language)
    if seed < 0:
        raise OptionError("seed", "a whole number of at least 0", seed)
    check_output(out)
    faults: list[str] = []
    runs, read = [], []
    for name, folder in (("run", run_a), ("run", run_b)):
        try:
            runs.append(read_run(folder))
        except FaultsError as error:
            faults += [f"{name}: {fault}" for fault in error.faults]
    try:
        items = None if crosswalk is None else ItemCrosswalk.read(crosswalk)
    except FaultsError as error:
        faults += [f"{error.subject}: {fault}" for fault in error.faults]
    try:
        who = None if organisations is None else OrganisationCrosswalk.read(organisations)
    except FaultsError as error:
        faults += [f"{error.subject}: {fault}" for fault in error.faults]
    for side, (wave, codebook) in zip("ab", ((wave_a, codebook_a), (wave_b, codebook_b)),
                                      strict=True):  # fmt: skip
        try:
            read.append(_wave(side, wave, codebook))
        except FaultsError as error:
            faults += [f"{error.subject}: {fault}" for fault in error.faults]
    if faults:
        raise InputError("compare", faults)
    waves = [_named(w, m.wave) for w, (_, m) in zip(read, runs, strict=True)]
    sides = (WaveSide(*runs[0], waves[0]), WaveSide(*runs[1], waves[1]))
    options = CompareOptions(items, who, position=position, random_state=seed)
    found = compare_waves(*sides, options)
    told = found.text(spoken)
    drawn = figures_of(found, sides, options, spoken) if figures else {}
    names = write_comparison(out, found, drawn, told)
    typer.echo(told)
    typer.echo(f"{out}: {', '.join(names)}")


def _wave(side: str, wave: Path | None, codebook: Path | None) -> Wave | None:
    from swvtypes.errors import InputError
    from swvtypes.survey import read_wave

    if wave is None and codebook is None:
        return None
    if wave is None or codebook is None:
        fault = f"expected --wave-{side} and --codebook-{side} together"
        raise InputError("options", [fault])
    return read_wave(wave, codebook=codebook)


def _named(wave: Wave | None, name: str) -> Wave | None:
    """Give a wave the name under which its run knows it, which crosswalks use."""
    from dataclasses import replace

    return None if wave is None or not name else replace(wave, name=name)
