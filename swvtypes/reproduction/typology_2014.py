"""The claims on the typology of 2014, each with a verdict from re-runs on simulated waves."""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swvtypes.errors import InputError
from swvtypes.language import Label
from swvtypes.published import load
from swvtypes.resources import data_path

from .typology_2014_checks import CHECKS, Found, Rule
from .typology_2014_runs import TypologyRun
from .typology_2014_texts import CAVEAT, REASONS, TypologyVerdict

ALWAYS, AT_TIMES = 0.95, 0.5
FEWEST_WAVES = 20
_COLUMNS = (
    "id sector claim kind verdict held waves computed lowest highest reason reason_nl".split()  # noqa: SIM905
)
_SECTORS = ("po", "vo")


@dataclass(frozen=True, eq=False)
class TypologyReplication:
    """A verdict for every claim on the typology of 2014.

    Attributes
    ----------
    claims : DataFrame, one row a claim in the order of the record
        ``id, sector, claim``; ``kind`` (recoverable, method, built_in, context); ``verdict``
        (recovered, partly_recovered, not_recovered, method_followed, method_not_followed,
        built_in, cannot_be_judged); ``held``: share of the waves in which it held; ``waves``:
        their number; ``computed, lowest, highest``: median and range of the number behind it over
        waves and sectors (NaN where there is none); ``reason, reason_nl``.
    seeds : tuple of int
        Versions of the wave.
    caveat : Label
        What recovery does not show; belongs beside the table wherever it is shown.
    """

    claims: pd.DataFrame
    seeds: tuple[int, ...]
    caveat: Label = CAVEAT

    @property
    def verdicts(self) -> dict[str, int]:
        """Number of claims by verdict."""
        return {str(k): int(v) for k, v in self.claims["verdict"].value_counts().items()}


@dataclass(frozen=True)
class _Claim:
    id: str
    kind: str
    sectors: tuple[str, ...]
    rule: Rule
    reason: str


def judge_typology_2014(
    runs: Iterable[TypologyRun], *, fewest_waves: int = FEWEST_WAVES
) -> TypologyReplication:
    """Hold runs over simulated waves against every claim on the typology of 2014.

    A claim on both sectors holds on a wave when it holds in both. It is *recovered* when it holds
    on at least 95% of the waves, *partly* on at least half. Claims on shares that were built into
    the rows, on the method, and on what rows cannot show, say so.

    Parameters
    ----------
    runs : iterable of TypologyRun
        For every wave one run a sector; see
        :func:`~swvtypes.reproduction.typology_2014_runs.summarise_run`.
    fewest_waves : int
        How many waves a verdict needs at least.

    Returns
    -------
    TypologyReplication

    Raises
    ------
    InputError
        Lists every fault: too few waves, a sector twice or absent on a wave.
    """
    waves = _by_wave(list(runs), fewest_waves)
    printed = load("typology_2014").set_index("id")[["sector", "claim"]].to_dict("index")
    lines = [_line(claim, printed[claim.id], waves) for claim in read_claims()]
    return TypologyReplication(pd.DataFrame(lines, columns=_COLUMNS), tuple(waves))


def read_claims(path: str | Path | None = None) -> tuple[_Claim, ...]:
    """Read how each claim can be held against rows; the packaged file unless a path is given."""
    where = data_path("reproduction", "typology_2014_claims.csv") if path is None else Path(path)
    with where.open(encoding="utf-8", newline="") as stream:
        return tuple(
            _Claim(
                id=row["id"],
                kind=row["kind"],
                sectors=tuple(row["sectors"].split()) or _SECTORS,
                rule=Rule(
                    check=row["check"],
                    indicators=tuple(row["indicators"].split()),
                    codes=tuple(int(code) for code in row["codes"].split()),
                    low=float(row["low"] or 0),
                    high=float(row["high"] or 0),
                ),
                reason=row["reason"],
            )
            for row in csv.DictReader(stream)
        )


def _by_wave(runs: Sequence[TypologyRun], fewest: int) -> dict[int, dict[str, TypologyRun]]:
    waves: dict[int, dict[str, TypologyRun]] = {}
    faults = []
    for run in runs:
        wave = waves.setdefault(run.seed, {})
        if run.sector in wave:
            faults.append(f"seed {run.seed}: expected one run of {run.sector}, got more")
        wave[run.sector] = run
    for seed, wave in waves.items():
        faults += [
            f"seed {seed}: expected a run of {s}, got none" for s in _SECTORS if s not in wave
        ]
    if len(waves) < fewest:
        faults.append(f"expected runs on at least {fewest} waves, got {len(waves)}")
    if faults:
        raise InputError("runs of the typology", faults)
    return dict(sorted(waves.items()))


def _line(
    claim: _Claim, printed: Mapping[Hashable, object], waves: dict[int, dict[str, TypologyRun]]
) -> dict[str, object]:
    reason = REASONS[claim.reason]
    line: dict[str, object] = {
        "id": claim.id,
        "sector": printed["sector"],
        "claim": printed["claim"],
        "kind": claim.kind,
        "reason": reason.en,
        "reason_nl": reason.nl,
    }
    if claim.kind in ("context", "built_in"):
        verdict: TypologyVerdict = "built_in" if claim.kind == "built_in" else "cannot_be_judged"
        return line | {"verdict": verdict, "waves": len(waves)}
    check = CHECKS[claim.rule.check]
    found: list[list[Found]] = [
        [check(wave[sector], claim.rule) for sector in claim.sectors] for wave in waves.values()
    ]
    held = sum(all(one.holds for one in wave) for wave in found) / len(found)
    values = pd.Series([one.value for wave in found for one in wave], dtype=float).dropna()
    return line | {
        "verdict": _verdict(claim.kind, held),
        "held": held,
        "waves": len(waves),
        "computed": values.median(),
        "lowest": values.min(),
        "highest": values.max(),
    }


def _verdict(kind: str, held: float) -> TypologyVerdict:
    if kind == "method":
        return "method_followed" if held == 1 else "method_not_followed"
    if held >= ALWAYS:
        return "recovered"
    return "partly_recovered" if held >= AT_TIMES else "not_recovered"
