"""Write a simulated wave as files, and read the truth that lies beside one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from swvtypes.errors import ResourceError
from swvtypes.resources import atomic_write, data_path

from .outcome import SimulatedWave


def write_simulated(made: SimulatedWave, folder: str | Path) -> dict[str, Path]:
    """Write the files of one seed.

    Parameters
    ----------
    made : SimulatedWave
        What was simulated.
    folder : str or Path
        Where ``seed_XX.csv`` goes and, where there are any, ``register_XX.csv`` and
        ``truth_XX.csv``.

    Returns
    -------
    dict of str to Path
        ``wave``, ``register``, ``truth``: what was written.
    """
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    parts = {"wave": made.table, "register": made.register, "truth": made.truth}
    stems = {"wave": "seed", "register": "register", "truth": "truth"}
    written: dict[str, Path] = {}
    for kind, frame in parts.items():
        if frame is None:
            continue
        path = where / f"{stems[kind]}_{made.seed:02d}.csv"
        with atomic_write(path) as stream:
            stream.write(frame.to_csv(index=False, lineterminator="\n"))
        written[kind] = path
    return written


def load_truth(name: str, seed: int = 1) -> pd.DataFrame:
    """Read the truth behind a simulated wave that ships with the package.

    It serves tests of methods. No wave holds it and nothing that estimates may read it.

    Parameters
    ----------
    name : str
        For example ``"start_2014"``.
    seed : int
        Which of the shipped seeds.

    Returns
    -------
    DataFrame by organisation
        ``sector, synthetic, seed, supercluster`` and a column a theme; whole numbers, 1 for the
        extended type and the rich class, 2 for the other.

    Raises
    ------
    ResourceError
        When no such file ships.
    """
    folder = data_path("waves", name)
    path = folder / f"truth_{seed:02d}.csv"
    if not path.is_file():
        known = sorted(item.name for item in folder.glob("truth_*.csv"))
        listed = ", ".join(known) or "none (its rows rest on no truth of ours)"
        raise ResourceError(f"truth of wave {name!r}: expected {path.name}, there are {listed}")
    frame = pd.read_csv(path, index_col="organisation", encoding="utf-8")
    return frame.astype({"sector": "str"})
