"""``swvtypes compare``: two typed waves beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .folders import check_output
from .run_folder import Typed, read_run

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from swvtypes.longitudinal.wave_comparison import WaveComparison, WaveSide
    from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk, Wave
    from swvtypes.workflow.source_files import Kind

    Read = TypeVar("Read")


def compare(  # noqa: PLR0913, PLR0917
    run_a: Annotated[Path, typer.Argument(help="Earlier run: its folder, or its results.")],
    run_b: Annotated[Path, typer.Argument(help="Later run.")],
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("comparison"),
    crosswalk: Annotated[
        Path | None, typer.Option(help="Which question is which (.csv).", show_default=False)
    ] = None,
    organisations: Annotated[
        Path | None, typer.Option(help="Which organisation is which (.csv).")
    ] = None,
    wave_a: Annotated[
        Path | None, typer.Option(help="Earlier data file, where the run has none.")
    ] = None,
    codebook_a: Annotated[Path | None, typer.Option(help="Its codebook (.toml).")] = None,
    wave_b: Annotated[
        Path | None, typer.Option(help="Later data file, where the run has none.")
    ] = None,
    codebook_b: Annotated[Path | None, typer.Option(help="Its codebook (.toml).")] = None,
    position: Annotated[str, typer.Option(help="Self-rated position.")] = "steering",
    language: Annotated[str, typer.Option(help="nl or en.")] = "nl",
    figures: Annotated[bool, typer.Option(help="Whether to draw.")] = True,
    seed: Annotated[int, typer.Option(help="Seed of resampling.")] = 0,
) -> None:
    """Lay two waves side by side: who moved, what changed, what cannot be compared and why.

    Example: swvtypes compare 2014 2016 --crosswalk items.csv --out moved
    """
    from swvtypes.errors import InputError, OptionError
    from swvtypes.language import check_language
    from swvtypes.longitudinal.wave_comparison import CompareOptions, compare_waves
    from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk

    from .comparing_files import figures_of, write_comparison

    spoken = check_language(language)
    if seed < 0:
        raise OptionError("seed", "a whole number of at least 0", seed)
    check_output(out)
    faults: list[str] = []
    given = ((wave_a, codebook_a), (wave_b, codebook_b))
    own = _own_files(given, (crosswalk, organisations))
    runs = [
        _tried(faults, lambda f=folder, k=kinds: read_run(f, k))  # type: ignore[misc]
        for folder, kinds in zip((run_a, run_b), own, strict=True)
    ]
    items = _tried(faults, lambda: ItemCrosswalk.read(crosswalk)) if crosswalk else None
    who = (
        _tried(faults, lambda: OrganisationCrosswalk.read(organisations)) if organisations else None
    )
    read = [
        _tried(faults, lambda s=side, w=pair: _wave(s, *w))  # type: ignore[misc]
        for side, pair in zip("ab", given, strict=True)
    ]
    first, second = runs
    if faults or first is None or second is None:
        raise InputError("compare", faults)
    _check_order(first, second)
    sides = (_side(first, read[0]), _side(second, read[1]))
    options = CompareOptions(
        items or _crosswalk_of(first, second), who or _organisations_of(first, second),
        position=position, random_state=seed,
    )  # fmt: skip
    found = _with_gone(compare_waves(*sides, options), (run_a, first), (run_b, second))
    told = found.text(spoken)
    drawn = figures_of(found, sides, options, spoken) if figures else {}
    names = write_comparison(out, found, drawn, told)
    typer.echo(told)
    typer.echo(f"{out}: {', '.join(names)}")


def _check_order(first: Typed, second: Typed) -> None:
    """Say that the later run was given as the earlier one."""
    from swvtypes.errors import InputError
    from swvtypes.longitudinal.typology_parts import parts_of

    years = [parts_of(run.typology).wave.get("year") for run in (first, second)]
    if None not in years and int(str(years[0])) > int(str(years[1])):
        fault = f"expected the earlier wave first, got {years[0]} before {years[1]}"
        raise InputError("compare", [fault])


def _with_gone(found: WaveComparison, *runs: tuple[Path, Typed]) -> WaveComparison:
    """Say which files of the runs went, so that the comparison did without them."""
    from dataclasses import replace

    from swvtypes.language import Label

    told = tuple(
        Label(
            f"{name}, dat {folder.name} noemt, is er niet meer: zonder dat bestand vergeleken",
            f"{name}, which {folder.name} names, is gone: compared without that file",
        )
        for folder, run in runs
        for name in run.gone
    )
    return replace(found, left_out=(*found.left_out, *told)) if told else found


def _own_files(
    given: tuple[tuple[Path | None, Path | None], ...], crosswalks: tuple[Path | None, Path | None]
) -> list[tuple[Kind, ...]]:
    """Say what each run is to bring itself: what was not given; crosswalks, the later one only."""
    kinds: list[tuple[Kind, ...]] = [("answers",) if pair == (None, None) else () for pair in given]
    names: tuple[Kind, ...] = ("crosswalk", "organisations")
    absent = (name for name, path in zip(names, crosswalks, strict=True) if path is None)
    return [kinds[0], (*kinds[1], *absent)]


def _tried(faults: list[str], read: Callable[[], Read]) -> Read | None:
    """Read something; its faults go to the list."""
    from swvtypes.errors import FaultsError

    try:
        return read()
    except FaultsError as error:
        faults += [f"{error.subject}: {fault}" for fault in error.faults]
    return None


def _side(run: Typed, given: Wave | None) -> WaveSide:
    """Put the answers beside the types, under the name by which the run knows its wave."""
    from dataclasses import replace

    from swvtypes.longitudinal.wave_comparison import WaveSide

    wave, name = run.wave if given is None else given, run.membership.wave
    named = None if wave is None or not name else replace(wave, name=name)
    return WaveSide(run.typology, run.membership, named or wave)


def _crosswalk_of(first: Typed, second: Typed) -> ItemCrosswalk | None:
    """Take the crosswalk of the later run, where it knows both waves."""
    from swvtypes.survey import ItemCrosswalk

    if second.crosswalk is None:
        return None
    found = ItemCrosswalk.read(second.crosswalk)
    return found if {first.membership.wave, second.membership.wave} <= set(found.waves) else None


def _organisations_of(first: Typed, second: Typed) -> OrganisationCrosswalk | None:
    """Take the crosswalk of organisations from the one wave to the other, of the later run."""
    from swvtypes.survey import OrganisationCrosswalk

    waves = (first.membership.wave, second.membership.wave)
    found = (OrganisationCrosswalk.read(path) for path in second.organisations)
    return next((who for who in found if (who.before_wave, who.after_wave) == waves), None)


def _wave(side: str, wave: Path | None, codebook: Path | None) -> Wave | None:
    from swvtypes.errors import InputError
    from swvtypes.survey import read_wave

    if wave is None and codebook is None:
        return None
    if wave is None or codebook is None:
        fault = f"expected --wave-{side} and --codebook-{side} together"
        raise InputError("options", [fault])
    return read_wave(wave, codebook=codebook)
