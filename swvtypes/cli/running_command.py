"""``swvtypes run``: from a wave's files to its results."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swvtypes.language import Label, Language

if TYPE_CHECKING:
    from swvtypes.workflow import RunResult

STEPS = {
    "check": Label("controle", "check"),
    "tables": Label("tabellen", "tables"),
    "scales": Label("schalen", "scales"),
    "typology": Label("typologie", "typology"),
    "membership": Label("wie van welk type is", "who is of which type"),
    "steering": Label("sturing", "steering"),
    "validation": Label("validatie", "validation"),
    "context": Label("omstandigheden", "context"),
    "comparison": Label("vergelijking met eerdere runs", "comparison with earlier runs"),
    "figures": Label("figuren", "figures"),
}
MOST_NOTES = 5
SAID = {
    "done": Label("klaar", "done"),
    "kept": Label("was al klaar", "was finished"),
    "left_out": Label("weggelaten of op te letten", "left out, or to be heeded"),
    "results": Label("resultaten in", "results in"),
    "synthetic": Label("de rijen zijn synthetisch", "the rows are synthetic"),
}


def run(
    run_file: Annotated[Path, typer.Argument(metavar="RUN.toml", help="Run file.")],
    quick: Annotated[bool, typer.Option("--quick", help="No bootstrap: BIC decides.")] = False,
    language: Annotated[
        str | None, typer.Option(help="nl or en; that of the run file when left out.")
    ] = None,
    jobs: Annotated[int, typer.Option(help="Worker processes; -1 uses every core.")] = -1,
    dask: Annotated[str | None, typer.Option(help="Scheduler of a Dask cluster to use.")] = None,
) -> None:
    """Run everything: check, tables, scales, types, steering, validation, comparison, figures.

    An interrupted or killed run goes on from its finished steps when it is started again, and
    ends in the same files. results/manifest.json is written last: with it, a run is complete.

    Example: swvtypes run monitor_2026/run.toml --quick
    """
    from swvtypes.clusters import on_cluster
    from swvtypes.language import check_language
    from swvtypes.workflow import RunOptions, read_run_file, run_wave

    asked = None if language is None else check_language(language)
    spoken = asked or read_run_file(run_file).language

    def tell(step: str, state: str, seconds: float) -> None:
        took = f" ({seconds:.1f} s)" if state == "done" else ""
        typer.echo(f"{STEPS[step].text(spoken)}: {SAID[state].text(spoken)}{took}")

    with on_cluster(dask) as reached:
        options = RunOptions(quick, asked, reached or jobs, show_progress=True)
        result = run_wave(run_file, options, tell)
    _say(result, spoken)


def _say(result: RunResult, language: Language) -> None:
    if result.notes:
        typer.echo(f"{SAID['left_out'].text(language)}:")
    said = Counter(step for step, _, _ in result.notes)
    told: Counter[str] = Counter()
    for step, subject, reason in result.notes:
        told[step] += 1
        if told[step] > MOST_NOTES:
            continue
        cut = reason if len(reason) <= 160 else reason[:157] + "..."
        typer.echo(f"- {STEPS[step].text(language)}, {subject}: {cut}")
        if told[step] == MOST_NOTES < said[step]:
            more = said[step] - MOST_NOTES
            typer.echo(f"- {STEPS[step].text(language)}: +{more}, {result.folder / step}/notes.csv")
    if result.synthetic:
        typer.echo(SAID["synthetic"].text(language))
    typer.echo(f"{SAID['results'].text(language)} {result.folder}")
