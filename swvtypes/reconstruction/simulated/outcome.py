"""What a simulation gives: the rows an analysis may see, and the truth it may not."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from swvtypes.survey import Wave


@dataclass(frozen=True, eq=False)
class SimulatedWave:
    """One simulated wave and the truth behind it.

    Attributes
    ----------
    name : str
        Name of the wave and of its codebook.
    seed : int
        The seed that made it.
    table : DataFrame, one row a respondent
        As in the wave file: ``organisation, sector, synthetic, seed``, then the items; None where
        a cell is empty.
    register : DataFrame or None
        One row an organisation that exists, respondent or not: ``organisation, year``, figures.
    truth : DataFrame or None, one row a respondent
        ``organisation, sector, synthetic, seed, supercluster`` (1 the extended type, 2 the
        other), then a column a theme (1 the rich class, 2 the spare one).
    """

    name: str
    seed: int
    table: pd.DataFrame
    register: pd.DataFrame | None
    truth: pd.DataFrame | None

    def wave(self) -> Wave:
        """Check the rows against the packaged codebook and join the register; never the truth."""
        from swvtypes.resources import data_path
        from swvtypes.survey import Codebook

        codebook = Codebook.load(data_path("codebooks", f"{self.name}.toml"))
        wave = Wave.from_frame(self.table, codebook, name=self.name)
        return wave if self.register is None else wave.join_register(self.register)
