"""Three dimensions of central and decentral at once: steering, services, and means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label, Language, check_language
from swvtypes.scales.moments import FloatArray
from swvtypes.survey import Wave

from .agreement import cohen_kappa, concordance
from .aspects import SERVICES_COUNT, aspect_values, choose_aspects
from .correlations import rank_correlate
from .joint_patterns import (
    DIMENSIONS,
    JointRows,
    pattern_rows,
    sensitivity_rows,
    side_rows,
)
from .joint_text import joint_lines
from .options import SteeringOptions
from .permutations import Rearrangement
from .relating import seed_key
from .scopes import POOLED, position_labels, read_positions
from .weighted_moments import share_estimate


@dataclass(frozen=True)
class JointSpec:
    """What the three dimensions are, and where each is cut in two.

    Attributes
    ----------
    steering, services, means, pupil : str
        Position; number of central services (an aspect); share of the budget put through to
        schools; share bound to pupils.
    services_cut : float, optional
        Fewest services that count as many; the median of all organisations unless given
        (at the median counts as many).
    means_cut : float, optional
        Smallest share put through to schools that counts as decentral means; the median
        unless given.
    pupil_cut : float, optional
        Smallest share bound to pupils that counts as tight allocation; the median of those
        above zero unless given.
    """

    steering: str = "steering"
    services: str = SERVICES_COUNT
    means: str = "budget_decentral"
    pupil: str = "budget_pupil"
    services_cut: float | None = None
    means_cut: float | None = None
    pupil_cut: float | None = None

    def __post_init__(self) -> None:
        faults = [
            f"{name}: expected a finite number, got {value!r}"
            for name in ("services_cut", "means_cut", "pupil_cut")
            if (value := getattr(self, name)) is not None
            and (isinstance(value, bool) or not isinstance(value, int | float)
                 or not np.isfinite(value))
        ]  # fmt: skip
        if faults:
            raise InputError("JointSpec", faults)


@dataclass(frozen=True, eq=False)
class JointView:
    """Steering, services and means at once.

    Attributes
    ----------
    organisations : DataFrame, index organisation
        sector, steering, services, means, pupil; central_steering, many_services,
        decentral_means, tight_allocation (bool); pattern. Complete organisations only.
    missing : int
        Organisations left out because one of the dimensions is missing.
    pairs : DataFrame
        A row a sector (and pooled) and pair of dimensions, all pointing to central: scope,
        first, second, n, spearman, lower, upper, p_value, kappa (of the two halves).
    agreement : DataFrame
        A row a sector (and pooled): scope, n, kendall_w, mean_spearman, p_value, n_in_line (all
        three on the same side), share_in_line, lower, upper (Wilson), exact_lower, exact_upper
        (Clopper-Pearson), expected (share in line if the three were independent).
    patterns : DataFrame
        A row a sector (and pooled) and pattern: scope, pattern, n, total, share, lower, upper,
        exact_lower, exact_upper, expected (if services and means were independent),
        steering_mean, steering_lower, steering_upper, n_central. The patterns part the
        organisations in four; "tight_and_lean" (few services, a large share bound to pupils) is
        counted apart and overlaps them.
    sides : DataFrame
        A row a sector (and pooled) and combination of the three halves: scope, central_steering,
        many_services, decentral_means, n, share, lower, upper.
    sensitivity : DataFrame
        A row a pair of cuts that leave a fifth or more on either side, and pattern (pooled):
        services_cut, means_cut, pattern, n, share.
    cuts : dict of str to float
        The midpoint of steering and the cuts used.
    labels : dict of str to Label
        Of the three dimensions and of `pupil`, from the codebook.
    options : SteeringOptions
    synthetic, carries_weights : bool
    totals : dict of str to float
        Total of the composition of each dimension that is a part of one.
    """

    organisations: pd.DataFrame
    missing: int
    pairs: pd.DataFrame
    agreement: pd.DataFrame
    patterns: pd.DataFrame
    sides: pd.DataFrame
    sensitivity: pd.DataFrame
    cuts: Mapping[str, float]
    labels: Mapping[str, Label]
    options: SteeringOptions
    synthetic: bool
    carries_weights: bool
    totals: Mapping[str, float] = field(default_factory=dict)

    def text(self, language: Language = "nl") -> str:
        """Say in sentences what was found, with what must be said of the rows.

        Raises
        ------
        OptionError
            When the language is neither ``"nl"`` nor ``"en"``.
        """
        check_language(language)
        return "\n".join(joint_lines(self, language))


def three_dimensions(
    wave: Wave, spec: JointSpec | None = None, *, options: SteeringOptions | None = None
) -> JointView:
    """View steering, services and the distribution of means at once.

    Parameters
    ----------
    wave : Wave
    spec : JointSpec, optional
    options : SteeringOptions, optional

    Returns
    -------
    JointView
        Over organisations that have all of position, number of services and share put through
        to schools; one without the share bound to pupils stays in and has no tight allocation
        counted.

    Raises
    ------
    InputError
        Lists every fault of the variables; also when survey weights are asked for (counts of
        patterns are of organisations), and when no organisation is complete.
    """
    spec, options = spec or JointSpec(), options or SteeringOptions()
    if options.weighted:
        fault = "weighted: patterns are counts of organisations; expected no weights"
        raise InputError("three_dimensions", [fault])
    rows, labels = _read(wave, spec)
    scoped = [(POOLED, rows)] if len(wave.sectors) > 1 else []
    scoped += [(s, rows.where(rows.frame["sector"] == s)) for s in wave.sectors]
    return JointView(
        rows.marked(),
        len(wave) - len(rows.frame),
        pd.DataFrame([row for scope, part in scoped for row in _pairs(scope, part, options)]),
        pd.DataFrame([_agreement(scope, part, options) for scope, part in scoped]),
        pd.DataFrame([row for scope, part in scoped for row in pattern_rows(scope, part, options)]),
        pd.DataFrame([row for scope, part in scoped for row in side_rows(scope, part, options)]),
        pd.DataFrame(sensitivity_rows(rows)),
        rows.cuts,
        labels,
        options,
        bool(wave.provenance.get("synthetic")),
        wave.survey_weight is not None,
        _totals(wave, spec),
    )


def _totals(wave: Wave, spec: JointSpec) -> dict[str, float]:
    book, found = wave.codebook, {}
    for name, source in (("services", spec.services), ("means", spec.means), ("pupil", spec.pupil)):
        whole = book.variable(source).composition if source in book.variables else None
        if whole is not None:
            found[name] = float(book.compositions[whole].total)
    return found


def _read(wave: Wave, spec: JointSpec) -> tuple[JointRows, dict[str, Label]]:
    positions = read_positions(wave, spec.steering, weighted=False)
    aspects = choose_aspects(wave, (spec.services, spec.means, spec.pupil))
    values = aspect_values(wave, aspects)
    columns: dict[str, FloatArray] = {"steering": positions.x}
    for name, aspect in zip(("services", "means", "pupil"), aspects, strict=True):
        columns[name] = values[aspect.id]
    frame = pd.DataFrame(columns, index=wave.frame.index)
    frame.insert(0, "sector", wave.frame["sector"])
    frame = frame[frame[list(DIMENSIONS)].notna().all(axis=1)]
    if frame.empty:
        raise InputError("three_dimensions", ["no organisation has all three dimensions"])
    codes = position_labels(wave.codebook, spec.steering)
    above = frame["pupil"][frame["pupil"] > 0]
    cuts = {
        "steering": (min(codes) + max(codes)) / 2,
        "services": _cut(spec.services_cut, frame["services"]),
        "means": _cut(spec.means_cut, frame["means"]),
        "pupil": _cut(spec.pupil_cut, above if len(above) else frame["pupil"]),
    }
    entry = wave.codebook.variable(spec.steering).label
    labels = {"steering": Label(entry.nl, entry.en)}
    for name, aspect in zip(("services", "means", "pupil"), aspects, strict=True):
        labels[name] = aspect.label(wave.codebook)
    return JointRows(frame, cuts), labels


def _cut(asked: float | None, values: pd.Series) -> float:
    return float(values.median()) if asked is None else float(asked)


def _pairs(scope: str, rows: JointRows, options: SteeringOptions) -> list[dict[str, object]]:
    toward = rows.toward_central()
    halves = rows.central_sides()
    found = []
    for a, b in combinations(range(3), 2):
        ranks = rank_correlate(toward[:, a], toward[:, b], level=options.level)
        found.append(
            {
                "scope": scope,
                "first": DIMENSIONS[a],
                "second": DIMENSIONS[b],
                "n": ranks.n,
                "spearman": ranks.r,
                "lower": ranks.lower,
                "upper": ranks.upper,
                "p_value": ranks.p_value,
                "kappa": cohen_kappa(halves[:, a], halves[:, b]),
            }
        )
    return found


def _agreement(scope: str, rows: JointRows, options: SteeringOptions) -> dict[str, object]:
    halves = rows.central_sides()
    plan = Rearrangement(options.replicates, options.seed, seed_key("joint", scope, 2))
    found = concordance(rows.toward_central(), plan)
    same = np.asarray(np.ptp(halves.astype(np.int64), axis=1) == 0, dtype=np.bool_)
    in_line = share_estimate(same, None, options.level)
    sides = halves.mean(axis=0) if len(halves) else np.full(3, np.nan)
    row = asdict(found)
    counted = asdict(in_line)
    row |= {"n_in_line": counted.pop("count"), "share_in_line": counted.pop("share")}
    counted.pop("n")
    expected = float(np.prod(sides) + np.prod(1 - sides))
    return {"scope": scope, **row, **counted, "expected": expected}
