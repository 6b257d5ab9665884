"""Scenarios of who of 2014 is who in 2016: no print says, so the link is a dial.

Rows of 2014 and of 2016 are simulated apart. A scenario pairs their organisations so that, among
those who answered both times, the 2014 type (1 for the extended one) and the 2016 steering position
correlate as asked, in each sector. No row changes; only the crosswalk of organisations does.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from swvtypes.errors import OptionError, ReconstructionError
from swvtypes.reconstruction.stream import Stream
from swvtypes.resources import atomic_write
from swvtypes.survey import Wave, load_wave

from .outcome import SimulatedWave
from .plan import read_start_plan
from .start import simulate_start

LINKS = (0.0, 0.3, 0.6)
BEFORE, AFTER = "start_2014", "monitor_2016"
CROSSWALK = ("before_wave", "before", "after_wave", "after", "event", "note")
_PATIENCE = 20_000


def link_organisations(
    seed: int, link: float, *, start: SimulatedWave | None = None, later: Wave | None = None
) -> pd.DataFrame:
    """Pair the organisations of 2014 with those of 2016.

    Parameters
    ----------
    seed : int
        Seed of both waves, and of the pairing.
    link : float from -1 to 1
        Correlation of the 2014 type with the 2016 steering position, in each sector.
    start : SimulatedWave, optional
        The 2014 wave with its truth; that of the seed, at standard difficulty, unless given.
    later : Wave, optional
        The 2016 wave; the shipped one of the seed unless given.

    Returns
    -------
    DataFrame
        A crosswalk of organisations: ``before_wave, before, after_wave, after, event, note``, one
        row an organisation that exists, respondent or not; every event is ``same``.

    Raises
    ------
    OptionError
        When `link` is no number from -1 to 1.
    ReconstructionError
        When no pairing comes within .02 of the link.
    """
    if isinstance(link, bool) or not isinstance(link, int | float) or not -1 <= link <= 1:
        raise OptionError("link", "a number from -1 to 1", link)
    start = simulate_start(seed) if start is None else start
    later = load_wave(AFTER, seed=seed) if later is None else later
    plan = read_start_plan()
    if start.truth is None:
        raise ReconstructionError("the 2014 wave: expected its truth, found none")
    kinds = start.truth.set_index("organisation")["supercluster"]
    positions = later.column("steering")
    lines = []
    for number, (sector, population) in enumerate(plan.populations.items()):
        everyone = [f"{plan.prefixes[sector]}{k:03d}" for k in range(1, population + 1)]
        types = {name: 2 - int(kinds[name]) for name in everyone if name in kinds.index}
        places = {
            name: int(positions[name])
            for name in everyone
            if name in positions.index and not pd.isna(positions[name])
        }
        stream = Stream(seed, 100 + number, round(1000 * link) + 1000)
        pairs = _pair(everyone, types, places, link, stream)
        lines += [(BEFORE, a, AFTER, b, "same", f"scenario: link {link:g}") for a, b in pairs]
    return pd.DataFrame(lines, columns=list(CROSSWALK))


def _pair(
    everyone: list[str],
    types: dict[str, int],
    places: dict[str, int],
    link: float,
    stream: Stream,
) -> list[tuple[str, str]]:
    """Pair names at random, then swap partners of those in both waves until the link is met."""
    both = round(len(types) * len(places) / len(everyone))
    early = _draw([n for n in everyone if n in types], both, stream)
    late = _draw([n for n in everyone if n in places], both, stream)
    later_only = [n for n in everyone if n in places and n not in late]
    rest = [n for n in everyone if n not in places]
    early_only = [n for n in everyone if n in types and n not in early]
    absent = [n for n in everyone if n not in types]
    for names in (rest, absent):
        numbers = list(range(len(names)))
        stream.shuffle(numbers)
        names[:] = [names[k] for k in numbers]
    # Respondents of 2014 alone meet those who did not answer in 2016, and the other way round.
    others = list(zip(absent + early_only, later_only + rest, strict=True))
    x, y = [types[n] for n in early], [places[n] for n in late]
    _reach(x, y, late, link, stream)
    return sorted([*zip(early, late, strict=True), *others])


def _draw(names: list[str], count: int, stream: Stream) -> list[str]:
    numbers = list(range(len(names)))
    stream.shuffle(numbers)
    return [names[k] for k in numbers[:count]]


def _reach(x: list[int], y: list[int], names: list[str], link: float, stream: Stream) -> None:
    """Swap partners (y and its names together) until the correlation is as near as it gets."""
    n = len(x)
    spread = (n * sum(v * v for v in x) - sum(x) ** 2) * (n * sum(v * v for v in y) - sum(y) ** 2)
    wanted = link * math.sqrt(spread) + sum(x) * sum(y)
    cross = n * sum(a * b for a, b in zip(x, y, strict=True))
    for _ in range(_PATIENCE):
        if abs(cross - wanted) <= n / 2:
            break
        a, b = stream.below(n), stream.below(n)
        moved = cross - n * (x[a] - x[b]) * (y[a] - y[b])
        if abs(moved - wanted) < abs(cross - wanted):
            cross = moved
            y[a], y[b] = y[b], y[a]
            names[a], names[b] = names[b], names[a]
    if spread and abs(cross - wanted) / math.sqrt(spread) > 0.02:
        raise ReconstructionError(f"link {link}: no pairing of {n} organisations comes that far")


def write_links(seed: int, folder: str | Path) -> dict[float, Path]:
    """Write the crosswalk of each scenario: ``link_0.3/seed_01.csv`` and so on.

    Returns
    -------
    dict of float to Path
        By link.
    """
    start, later = simulate_start(seed), load_wave(AFTER, seed=seed)
    written = {}
    for link in LINKS:
        lines = link_organisations(seed, link, start=start, later=later)
        path = Path(folder) / f"link_{link:.1f}" / f"seed_{seed:02d}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as stream:
            stream.write(lines.to_csv(index=False, lineterminator="\n"))
        written[link] = path
    return written
