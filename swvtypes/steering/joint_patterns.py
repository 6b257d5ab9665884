"""Patterns of services and means, counted, against the position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from swvtypes.language import Label
from swvtypes.scales.moments import FloatArray

from .options import SteeringOptions
from .weighted_moments import mean_estimate, share_estimate

DIMENSIONS = ("steering", "services", "means")

PATTERNS = {
    "decentral_throughout": Label(
        "middelen naar de scholen, weinig diensten",
        "means to the schools, few services",
    ),
    "bought_back": Label(
        "middelen naar de scholen, diensten teruggekocht",
        "means to the schools, services bought back",
    ),
    "schools_deliver": Label(
        "middelen bij het verband, scholen voeren uit",
        "means kept centrally, schools deliver",
    ),
    "central_throughout": Label(
        "middelen bij het verband, veel diensten",
        "means kept centrally, many services",
    ),
}
TIGHT = "tight_and_lean"
TIGHT_LABEL = Label(
    "leerlinggebonden toewijzing, scholen voeren uit",
    "allocation bound to pupils, schools deliver",
)
OFF_DIAGONAL = ("bought_back", "schools_deliver")
Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class JointRows:
    """Organisations with all three dimensions.

    Attributes
    ----------
    frame : DataFrame, index organisation
        sector, steering, services, means, pupil.
    cuts : dict of str to float
        Of each; "steering" is the midpoint.
    """

    frame: pd.DataFrame
    cuts: Mapping[str, float]

    def where(self, keep: pd.Series) -> JointRows:
        """Keep some of the organisations, with the same cuts."""
        return replace(self, frame=self.frame[keep])

    def toward_central(self) -> FloatArray:
        """Give the three dimensions pointing to central, shape (n_organisations, 3)."""
        toward: FloatArray = self.frame[list(DIMENSIONS)].to_numpy(dtype=np.float64, copy=True)
        toward[:, 2] *= -1
        return toward

    def central_sides(self) -> NDArray[np.bool_]:
        """Say which dimensions lie on the central side, shape (n_organisations, 3)."""
        columns = [
            self.frame["steering"] > self.cuts["steering"],
            self.frame["services"] >= self.cuts["services"],
            self.frame["means"] < self.cuts["means"],
        ]
        return np.column_stack([column.to_numpy(dtype=bool) for column in columns])

    def patterns(self) -> NDArray[np.str_]:
        """Give the pattern of services and means of each organisation."""
        sides = self.central_sides()
        names = np.array(list(PATTERNS))
        return np.asarray(names[sides[:, 1] + 2 * sides[:, 2]], dtype=np.str_)

    def tight(self) -> NDArray[np.bool_]:
        """Mark organisations with few services and a large share bound to pupils."""
        few = ~self.central_sides()[:, 1]
        bound = (self.frame["pupil"] >= self.cuts["pupil"]).to_numpy(dtype=bool)
        return few & bound & (self.frame["pupil"] > 0).to_numpy(dtype=bool)

    def marked(self) -> pd.DataFrame:
        """Give the frame with the halves and the pattern of each organisation."""
        sides = self.central_sides()
        frame = self.frame.copy()
        frame["central_steering"] = sides[:, 0]
        frame["many_services"] = sides[:, 1]
        frame["decentral_means"] = ~sides[:, 2]
        frame["tight_allocation"] = self.tight()
        frame["pattern"] = self.patterns()
        return frame


def pattern_rows(scope: str, rows: JointRows, options: SteeringOptions) -> list[Row]:
    """Count the patterns with intervals, and give the positions within each."""
    sides, found = rows.central_sides(), rows.patterns()
    steering = rows.frame["steering"].to_numpy(dtype=float)
    many, kept = (float(sides[:, at].mean()) if len(sides) else np.nan for at in (1, 2))
    chance = dict(
        zip(
            PATTERNS,
            ((1 - many) * (1 - kept), many * (1 - kept), (1 - many) * kept, many * kept),
            strict=True,
        )
    )
    counted = [(name, found == name) for name in PATTERNS] + [(TIGHT, rows.tight())]
    result = []
    for name, here in counted:
        share = share_estimate(here, None, options.level)
        mean = mean_estimate(steering[here], None, options.level)
        result.append(
            {
                "scope": scope,
                "pattern": name,
                "n": share.count,
                "total": share.n,
                "share": share.share,
                "lower": share.lower,
                "upper": share.upper,
                "exact_lower": share.exact_lower,
                "exact_upper": share.exact_upper,
                "expected": chance.get(name, float("nan")),
                "steering_mean": mean.mean,
                "steering_lower": mean.lower,
                "steering_upper": mean.upper,
                "n_central": int(sides[here, 0].sum()),
            }
        )
    return result


def side_rows(scope: str, rows: JointRows, options: SteeringOptions) -> list[Row]:
    """Count the eight combinations of halves."""
    sides = rows.central_sides()
    found = []
    for central, many, decentral in product((False, True), repeat=3):
        here = (sides == np.array([central, many, not decentral])).all(axis=1)
        share = share_estimate(here, None, options.level)
        found.append(
            {
                "scope": scope,
                "central_steering": central,
                "many_services": many,
                "decentral_means": decentral,
                "n": share.count,
                "share": share.share,
                "lower": share.lower,
                "upper": share.upper,
            }
        )
    return found


def sensitivity_rows(rows: JointRows) -> list[Row]:
    """Count the patterns under other cuts that leave a fifth or more on either side."""
    services, means = (
        _fair_cuts(rows.frame[name].to_numpy(dtype=float)) for name in ("services", "means")
    )
    found = []
    for at_services, at_means in product(services, means):
        moved = replace(rows, cuts={**rows.cuts, "services": at_services, "means": at_means})
        patterns = moved.patterns()
        for name in PATTERNS:
            n = int((patterns == name).sum())
            found.append(
                {
                    "services_cut": at_services,
                    "means_cut": at_means,
                    "pattern": name,
                    "n": n,
                    "share": n / len(patterns),
                }
            )
    return found


def _fair_cuts(values: FloatArray) -> list[float]:
    shares = {cut: float((values >= cut).mean()) for cut in np.unique(values).tolist()}
    return [cut for cut, share in shares.items() if 0.2 <= share <= 0.8]
