"""Everything that reads a user's file, with sound files of its kind to set out from."""

from __future__ import annotations

import importlib.util
import io
import json
import random
import shutil
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Read = Callable[[Path], Any]


@dataclass(frozen=True)
class Reader:
    """One way in.

    Attributes
    ----------
    name : str
    file : str
        Name of the file that is spoilt, below the folder.
    form : {"csv", "toml", "json", "bytes"}
    seeds : tuple of bytes
        Sound files.
    read : callable
        Reads the folder; must end in a result or in an error of the package.
    make : callable, optional
        Makes the bytes of a file that is of its format and holds odd things.
    by_coverage : bool
        Whether atheris can follow it; not where a library reads with threads of its own, nor
        where the reading is done by another process.
    """

    name: str
    file: str
    form: str
    seeds: tuple[bytes, ...]
    read: Read
    make: Callable[[random.Random], bytes] | None = None
    by_coverage: bool = True


def module(path: Path) -> ModuleType:
    """Load a module of the checkout that no package holds."""
    name = path.stem
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def samples() -> Any:
    return module(ROOT / "tests" / "survey" / "survey_samples.py")


@dataclass(frozen=True)
class Ground:
    """What readers stand on: a finished run of a small wave.

    Attributes
    ----------
    home : Path
        Folder of the run file, with ``results``.
    fitted : Path
        A folder as ``swvtypes fit`` writes it.
    """

    home: Path
    fitted: Path


def prepared(folder: Path) -> Ground:
    """Make the finished run and the fit, unless they stand there."""
    home, fitted = folder / "run", folder / "fit"
    if not (fitted / "membership.csv").is_file():
        from swvtypes.cli.fitting_command import membership_frame
        from swvtypes.survey import read_wave
        from swvtypes.typology import Typology
        from swvtypes.workflow import RunOptions, run_wave

        shutil.rmtree(folder, ignore_errors=True)
        home.mkdir(parents=True)
        fitted.mkdir()
        run_file = module(ROOT / "benchmarks" / "studies" / "kill_and_resume.py").small_wave(home)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run_wave(run_file, RunOptions(quick=True, jobs=1, language="en"))
            wave = read_wave(home / "wave.csv", home / "codebook.toml")
            made = Typology(random_state=1, n_jobs=1, quick=True, n_init=4, max_classes=2)
            made.fit(wave, checkpoint=folder / "steps")
            made.save(fitted / "typology.json")
        frame = membership_frame(made.membership_)
        (fitted / "membership.csv").write_text(frame.to_csv(index=False))
    return Ground(home, fitted)


def readers(ground: Ground) -> dict[str, Reader]:
    """Give every reader by name."""
    made = (
        *_waves(), *_descriptions(ground), *_results(ground), *_crosswalks(), *_records(),
    )  # fmt: skip
    return {reader.name: reader for reader in made}


def _waves() -> tuple[Reader, ...]:
    from swvtypes.survey import file_faults, read_wave

    book = samples().sample_codebook()
    rows = samples().valid_rows(random.Random(1))
    sheet = samples().as_sheet(rows)
    text = samples().csv_text(sheet)
    dutch = samples().csv_text(sheet, ";").replace("6.5", "6,5").replace("8.25", "8,25")

    def wave(name: str) -> Read:
        def read(folder: Path) -> Any:
            file_faults(folder / name)
            return read_wave(folder / name, book)

        return read

    def register(folder: Path) -> Any:
        return _sound_wave().join_register(folder / "register.csv")

    from binary_files import parquet_bytes, parquet_odd, sav_bytes, sav_odd, xlsx_bytes, xlsx_odd

    figures = "organisation,sector,year,equalisation,boards,shrinkage\n" + "".join(
        f"{r['organisation']},{r['sector']},2016,{i}.5,{i},{i if r['sector'] == 'po' else ''}\n"
        for i, r in enumerate(rows)
    )
    return (
        Reader(".csv wave", "wave.csv", "csv", (
            text.encode(), dutch.encode("latin-1"), text.encode("utf-16"),
            text.encode("utf-8-sig").replace(b"\n", b"\r\n")), wave("wave.csv")),
        Reader(".xlsx wave", "wave.xlsx", "bytes", (xlsx_bytes(sheet),), wave("wave.xlsx"),
               lambda rng: xlsx_odd(sheet, rng)),
        Reader(".parquet wave", "wave.parquet", "bytes", (parquet_bytes(sheet),),
               wave("wave.parquet"), lambda rng: parquet_odd(sheet, rng), by_coverage=False),
        Reader(".sav wave", "wave.sav", "bytes", (sav_bytes(sheet),), wave("wave.sav"),
               lambda rng: sav_odd(sheet, rng), by_coverage=False),
        Reader("register", "register.csv", "csv", (figures.encode(),), register),
    )  # fmt: skip


@cache
def _sound_wave() -> Any:
    import pandas as pd

    from swvtypes.survey import Wave

    rows = samples().valid_rows(random.Random(1))
    frame = pd.DataFrame(rows).replace("", None)
    return Wave.from_frame(frame, samples().sample_codebook(), name="sample")


def _descriptions(ground: Ground) -> tuple[Reader, ...]:
    from swvtypes.survey import Codebook
    from swvtypes.tables import load_tables
    from swvtypes.typology import Typology
    from swvtypes.workflow import read_inputs
    from swvtypes.workflow.run_file import read_run_file

    small = samples().codebook_text(samples().raw_codebook()).encode()
    packaged = (ROOT / "data" / "codebooks" / "start_2014.toml").read_bytes()
    whole = (ROOT / "data" / "tables" / "monitor_2016.toml").read_bytes()
    parts = whole.split(b"\n[[tables]]")
    tables = tuple(
        b"\n[[tables]]".join([parts[0], *parts[at : at + 4]]) for at in range(1, len(parts), 9)
    )
    plain = (ground.home / "run.toml").read_bytes()
    full = plain.replace(
        b"[typology]",
        b'seed = 3\nname = "later"\nleave_out = []\nearlier_runs = ["earlier"]\n'
        b'previous = "monitor_2016"\n[columns]\n"first_0" = "first_0"\n[names]\n"po 1" = "x"\n'
        b'[steering]\nvariable = "first_0"\ncuts = [3, 7]\n[typology]',
    )

    def run_file(folder: Path) -> Any:
        read_run_file(folder / "run.toml")
        for name in ("wave.csv", "codebook.toml"):
            if not (folder / name).exists():
                shutil.copy(ground.home / name, folder / name)
        return read_inputs(folder / "run.toml")

    def codebook(folder: Path) -> Any:
        book = Codebook.load(folder / "codebook.toml")
        return book, repr(book), [book.categories(name) for name in book.variables]

    def typology(folder: Path) -> Any:
        found = Typology.load(folder / "typology.json")
        return found.describe("nl"), found.describe("en"), found.score(_small_wave(ground))

    return (
        Reader("codebook", "codebook.toml", "toml", (small, packaged), codebook),
        Reader("run file", "run.toml", "toml", (plain, full), run_file),
        Reader("table specification", "tables.toml", "toml", tables,
               lambda folder: load_tables(folder / "tables.toml")),
        Reader("typology", "typology.json", "json",
               ((ground.home / "results" / "typology" / "typology.json").read_bytes(),
                (ground.fitted / "typology.json").read_bytes()), typology),
    )  # fmt: skip


@cache
def _small_wave(ground: Ground) -> Any:
    from swvtypes.survey import read_wave

    return read_wave(ground.home / "wave.csv", ground.home / "codebook.toml")


def _results(ground: Ground) -> tuple[Reader, ...]:
    from swvtypes.cli.run_folder import read_run
    from swvtypes.membership import Membership
    from swvtypes.typology.ledger import Ledger
    from swvtypes.workflow import require_complete
    from swvtypes.workflow.earlier_runs import answers_digest, wave_name

    results = ground.home / "results"

    def membership(folder: Path) -> Any:
        found = Membership.load(folder / "membership.json")
        return found.summary(), found.shares, found.blocks

    def fitted(folder: Path) -> Any:
        if not (folder / "typology.json").exists():
            shutil.copy(ground.fitted / "typology.json", folder / "typology.json")
        return read_run(folder)

    def manifest(folder: Path) -> Any:
        linked = folder / "run" / "results"
        if not linked.is_dir():
            shutil.copytree(ground.home, folder / "run")
        shutil.copy(folder / "manifest.json", linked / "manifest.json")
        wave_name(linked), answers_digest(linked)
        require_complete(linked)
        return read_run(folder / "run")

    def checkpoint(folder: Path) -> Any:
        asked = json.loads((steps / "fit.json").read_text())
        seed = asked.pop("seed")
        asked.pop("ledger_version")
        return Ledger.opened(folder, asked, seed)

    steps = ground.fitted.parent / "steps"
    kept = (results / "membership" / "membership.json").read_bytes()
    return (
        Reader("membership", "membership.json", "json", (kept,), membership),
        Reader("fitted run: membership.csv", "membership.csv", "csv",
               ((ground.fitted / "membership.csv").read_bytes(),), fitted),
        Reader("finished run: manifest", "manifest.json", "json",
               ((results / "manifest.json").read_bytes(),), manifest),
        Reader("checkpoint", "fit.json", "json", ((steps / "fit.json").read_bytes(),), checkpoint),
        _table_of_a_run(ground),
    )  # fmt: skip


def _table_of_a_run(ground: Ground) -> Reader:
    """Tables of a finished run as the report reads them, with digests that fit them."""
    from swvtypes.cli.reporting_command import _sources
    from swvtypes.report.run_folder import inputs_of_run
    from swvtypes.workflow import require_complete
    from swvtypes.workflow.receipts import digest

    tables = sorted(
        path for path in (ground.home / "results").glob("*/*.csv") if path.stat().st_size > 40
    )
    seeds = tuple(
        str(path.relative_to(ground.home)).encode() + b"\n" + path.read_bytes() for path in tables
    )

    def read(folder: Path) -> Any:
        home = folder / "home"
        if not home.is_dir():
            shutil.copytree(ground.home, home)
        head, _, content = (folder / "named.csv").read_bytes().partition(b"\n")
        known = [str(path.relative_to(ground.home)).encode() for path in tables]
        name = Path((head if head in known else known[len(content) % len(known)]).decode())
        manifest = home / "results" / "manifest.json"
        told = json.loads(manifest.read_text())
        told["steps"][name.parts[1]]["files"][name.name] = digest(content)
        try:
            (home / name).write_bytes(content)
            manifest.write_text(json.dumps(told))
            sealed = require_complete(home / "results")
            return inputs_of_run(_sources(home / "results", sealed, ()))
        finally:
            shutil.copy(ground.home / name, home / name)
            shutil.copy(ground.home / "results" / "manifest.json", manifest)

    return Reader("finished run: tables", "named.csv", "csv", seeds, read)


def _crosswalks() -> tuple[Reader, ...]:
    from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk

    folder = ROOT / "data" / "crosswalks"
    lines = (folder / "items.csv").read_bytes().split(b"\n")
    items = (
        b"\n".join(lines[:40]),
        b"\n".join([lines[0], *(line for line in lines if b"=" in line)][:40]),
    )
    who = next((folder / "organisations").glob("*.csv")).read_bytes()

    def questions(path: Path) -> Any:
        found = ItemCrosswalk.read(path / "items.csv")
        waves = found.waves
        return [found.common(a, b) for a, b in pairwise(waves)]

    def organisations(path: Path) -> Any:
        found = OrganisationCrosswalk.read(path / "who.csv")
        return found.table, found.identities([link.before for link in found.links])

    return (
        Reader("crosswalk of questions", "items.csv", "csv", items, questions),
        Reader("crosswalk of organisations", "who.csv", "csv",
               (who[:6000].rpartition(b"\n")[0] + b"\n",), organisations),
    )  # fmt: skip


def _records() -> tuple[Reader, ...]:
    from swvtypes.auditing import audit
    from swvtypes.reproduction.claim_file import load_claims

    published = ROOT / "data" / "published"

    def record(name: str, part: str, lines: int) -> Reader:
        whole = (published / f"{name}.csv").read_bytes().split(b"\n")
        cut = b"\n".join(whole[:lines]) + b"\n"
        return Reader(f"printed record: {part}", f"{part}.csv", "csv", (cut,), audit)

    small = b'schema = 1\nfigures = ["Figuur 1"]\n[respondents]\npo = 42\nvo = 35\n'
    meaning = (ROOT / "data" / "audit" / "monitor_2016.toml").read_bytes()

    def with_meaning(folder: Path) -> Any:
        for part in ("tables", "text"):
            if not (folder / f"{part}.csv").exists():
                shutil.copy(published / f"monitor_2016_{part}.csv", folder / f"{part}.csv")
        return audit(folder)

    claims = (ROOT / "data" / "claims" / "monitor_2016.toml").read_bytes()
    return (
        record("monitor_2016_tables", "tables", 60),
        record("monitor_2016_text", "text", 80),
        record("monitor_2016_marks", "marks", 30),
        Reader("printed record: meaning", "meaning.toml", "toml", (small, meaning), with_meaning),
        Reader("statements of a report", "claims.toml", "toml", (claims,),
               lambda folder: load_claims(folder / "claims.toml")),
    )  # fmt: skip


def read_bytes(reader: Reader, folder: Path, content: bytes) -> str:
    """Let a reader read a file; gives ``"accepted"`` or ``"refused"``.

    Raises
    ------
    Exception
        Anything that is not the package's own error of one-line faults; also a foreign warning.
    """
    from swvtypes.errors import FaultsError, SwvtypesError, SwvtypesWarning

    (folder / reader.file).write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", SwvtypesWarning)
        try:
            reader.read(folder)
        except FaultsError as error:
            if not error.faults:
                raise AssertionError("an error without a fault") from error
            torn = [fault for fault in error.faults if len(fault.splitlines()) > 1]
            if torn:
                raise AssertionError(f"a fault of several lines: {torn[0][:300]!r}") from error
        except SwvtypesError as error:
            if len(str(error).splitlines()) > 1:
                raise AssertionError(f"an error of several lines: {str(error)[:300]!r}") from error
        else:
            return "accepted"
    return "refused"


def text_of(frame: Any) -> bytes:
    """Give a frame as the bytes of a .csv file."""
    stream = io.StringIO()
    frame.to_csv(stream, index=False)
    return stream.getvalue().encode()
