"""A split of changed assignments into moves, changed profiles and changed questions.

Three things may have changed between an old typology on its wave and a fresh one on the next: what
organisations answer to questions that stayed the same, what types are like in those questions, and
which questions there are. Each can be put in its old or its new state, and each of the eight
combinations assigns every organisation a type. What one thing adds depends on which were changed
before it; the average over the six orders (Shapley 1953) adds up to the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
import pandas as pd

from swvtypes.errors import OptionError, TypologyError
from swvtypes.language import Label, Language
from swvtypes.lca.design import Floats, Integers
from swvtypes.survey import ItemCrosswalk, OrganisationCrosswalk, Wave
from swvtypes.typology import Typology

from .alignment import align_by_members
from .common_items import (
    CommonTypes,
    common_answers,
    common_types,
    own_answers,
    questions_of,
)
from .comparability_of_waves import (
    LEAST_INFORMATION,
    LEAST_PAIRS,
    Comparability,
    comparability,
)
from .comparability_texts import no_fresh_types, too_few_to_split
from .pairs import count_table
from .surviving_information import survival
from .typology_parts import TypesModel, posterior

_CELLS = 2**22
FACTORS = ("moves", "profiles", "questions")
_NAMES = {
    "moves": Label("verplaatste organisaties", "moved organisations"),
    "profiles": Label("veranderde profielen", "changed profiles"),
    "questions": Label("veranderde vragen", "changed questions"),
}


@dataclass(frozen=True, eq=False, repr=False)
class ChangeSplit:
    """A split of the share of organisations that are assigned another type.

    Attributes
    ----------
    sectors : str
    identified : bool
        Whether unchanged items hold the types in place in both waves.
    reason : Label
        Why, or why not.
    n : int
        Organisations in both waves; 0 where not identified.
    table : DataFrame by part
        moves, profiles, questions, total: estimate, low, high (of resampled organisations, both
        typologies taken as they are), least and most (over the six orders). Empty where not
        identified.
    partner : dict
        Old type to fresh type.
    """

    sectors: str
    identified: bool
    reason: Label
    n: int
    table: pd.DataFrame
    partner: Mapping[str, str]

    def text(self, language: Language = "en") -> str:
        """Say it in Dutch or English."""
        if not self.identified:
            return f"{self.sectors}: {self.reason.text(language)}"
        share = {str(k): 100.0 * float(v) for k, v in self.table["estimate"].items()}
        total = share["total"]
        parts = ", ".join(f"{_NAMES[f].text(language)} {round(share[f]):d}" for f in FACTORS)
        return Label(
            f"{self.sectors}: {total:.0f}% van {self.n} organisaties is anders ingedeeld; in "
            f"procentpunten: {parts}.",
            f"{self.sectors}: {total:.0f}% of {self.n} organisations are assigned another type; "
            f"in percentage points: {parts}.",
        ).text(language)

    def __repr__(self) -> str:
        return f"<ChangeSplit {self.text('en')}>"


@dataclass(frozen=True)
class SplitOptions:
    """How change is split.

    Parameters
    ----------
    least_information : float
        Part of the information of either typology that unchanged items must carry.
    n_boot : int
        Resamples of organisations.
    level : float
        Coverage of intervals.
    random_state : int
    """

    least_information: float = LEAST_INFORMATION
    n_boot: int = 999
    level: float = 0.95
    random_state: int = 0

    def __post_init__(self) -> None:
        """Check the options."""
        for name in ("least_information", "level"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise OptionError(name, "a number above 0, at most 1", getattr(self, name))
        if self.n_boot < 1:
            raise OptionError("n_boot", "at least 1", self.n_boot)


def split_change(
    before: tuple[Typology, Wave],
    after: tuple[Typology, Wave],
    *,
    crosswalk: ItemCrosswalk | None = None,
    organisations: OrganisationCrosswalk | None = None,
    options: SplitOptions | None = None,
) -> tuple[ChangeSplit, ...]:
    """Split changed assignments, sector by sector, where unchanged items identify the parts.

    Parameters
    ----------
    before, after : tuple of Typology and Wave
        The old typology with its wave, the fresh one with its own.
    crosswalk : ItemCrosswalk, optional
        Questions of the same name and categories when left out. Only those called the same are
        anchors; reworded and recoded ones count as other questions.
    organisations : OrganisationCrosswalk, optional
        Those of the same name when left out. Merged and split ones are left out.
    options : SplitOptions, optional

    Returns
    -------
    tuple of ChangeSplit
        One a set of types of the old typology; where parts are not identified, or fewer than ten
        organisations are in both waves, it says why.

    Raises
    ------
    OptionError, CrosswalkError

    Notes
    -----
    With n organisations profiles that did not change are estimated anew with error, so that a part
    called changed profiles is above zero even then. Survey weights play no part.
    """
    options = options or SplitOptions()
    (old, first), (fresh, second) = before, after
    told = comparability(
        first, second, crosswalk=crosswalk, organisations=organisations, typology=old,
        least_information=options.least_information,
    )  # fmt: skip
    names = (questions_of(first).wave, questions_of(second).wave)
    _check_wave(old, names[0], "before")
    _check_wave(fresh, names[1], "after")
    crosswalk = told.crosswalk
    sides = (
        common_types(old, crosswalk, names, ("same",), set(second.variables)),
        common_types(fresh, crosswalk, names[::-1], ("same",), set(first.variables)),
    )
    wholes = (own_answers(old, first), own_answers(fresh, second))
    identity = _identity(first, second, organisations)
    found = []
    for k, anchored in enumerate(sides[0]):
        sectors = ", ".join(anchored.full.sectors)
        place = next(
            (j for j, c in enumerate(sides[1]) if c.full.sectors == anchored.full.sectors), None
        )
        reason = _why_not(told, sectors, None if place is None else sides[1][place], options)
        mine = _among(identity, anchored.full.sectors, (first, second))
        if reason is None and len(mine) < LEAST_PAIRS:
            reason = too_few_to_split(len(mine), LEAST_PAIRS)
        if reason is not None or place is None:
            found.append(_unidentified(sectors, reason or no_fresh_types(sectors)))
            continue
        pair = _Pair(
            (anchored, sides[1][place]), (wholes[0][k], wholes[1][place]), (first, second),
            names, crosswalk,
        )  # fmt: skip
        found.append(_split(sectors, pair, mine, told, options))
    return tuple(found)


def shapley(values: Mapping[tuple[bool, ...], Floats]) -> tuple[Floats, Floats, Floats]:
    """Average what each factor adds over all orders.

    Parameters
    ----------
    values : mapping of tuple of bool to ndarray, shape (...)
        Value of every combination of factors, old (False) or new (True).

    Returns
    -------
    tuple of ndarray, shape (F, ...)
        Mean, least and most over the orders.
    """
    F = len(next(iter(values)))
    gains = []
    for order in permutations(range(F)):
        state, gain = [False] * F, [np.zeros(0)] * F
        for f in order:
            last = values[tuple(state)]
            state[f] = True
            gain[f] = values[tuple(state)] - last
        gains.append(np.stack(gain))
    stacked = np.stack(gains)
    return stacked.mean(axis=0), stacked.min(axis=0), stacked.max(axis=0)


@dataclass(frozen=True, eq=False)
class _Pair:
    anchored: tuple[CommonTypes, CommonTypes]
    whole: tuple[pd.DataFrame, pd.DataFrame]
    waves: tuple[Wave, Wave]
    names: tuple[str, str]
    crosswalk: ItemCrosswalk

    def assigned(self, answers: int, profiles: int, questions: int, rows: pd.Index) -> Integers:
        """Type of each organisation with every part in its old (0) or new (1) state."""
        common = self.anchored[profiles]
        if answers == profiles == questions:
            return _modal(common.full, self.whole[profiles].loc[rows])
        names = (self.names[profiles], self.names[answers])
        frame = common_answers(common, self.crosswalk, self.waves[answers], names)
        return _modal(common.model, frame.loc[rows])


def _split(
    sectors: str,
    pair: _Pair,
    mine: pd.Series[str],
    told: Comparability,
    options: SplitOptions,
) -> ChangeSplit:
    rows = (pd.Index(mine.index), pd.Index(mine.to_numpy()))
    types = {(a, p, q): pair.assigned(a, p, q, rows[a]) for a, p, q in product((0, 1), repeat=3)}
    first, last = types[0, 0, 0], types[1, 1, 1]
    models = tuple(c.full for c in pair.anchored)
    counts = count_table(first, last, models[0].n_types, models[1].n_types)
    match = align_by_members(counts, models[0].types, models[1].types)
    lookup = np.full(models[1].n_types, -1)
    for a, b in match.partner.items():
        lookup[models[1].types.index(b)] = models[0].types.index(a)
    changed: dict[tuple[bool, ...], Floats] = {
        (s[0] == 1, s[1] == 1, s[2] == 1): ((lookup[t] if s[1] else t) != first).astype(float)
        for s, t in types.items()
    }
    table = _table(changed, options)
    return ChangeSplit(
        sectors, True, told.verdict("split", sectors).reason, len(mine), table, match.partner
    )


def _table(changed: Mapping[tuple[bool, ...], Floats], options: SplitOptions) -> pd.DataFrame:
    n = len(next(iter(changed.values())))
    generator = np.random.default_rng(options.random_state)
    total = changed[True, True, True]
    parts = []
    for at in range(0, options.n_boot, size := max(1, _CELLS // n)):
        draws = min(size, options.n_boot - at)
        weights = generator.multinomial(n, np.full(n, 1.0 / n), size=draws) / n
        gains = shapley({s: weights @ v for s, v in changed.items()})[0]
        parts.append(np.vstack([gains, weights @ total]))
    drawn = np.hstack(parts)
    estimate, least, most = shapley({s: np.asarray(v.mean()) for s, v in changed.items()})
    tail = 50.0 * (1.0 - options.level)
    rows = [
        (estimate[f], *np.percentile(drawn[f], [tail, 100.0 - tail]), least[f], most[f])
        for f in range(len(FACTORS))
    ]
    limits = np.percentile(drawn[-1], [tail, 100.0 - tail])
    rows.append((total.mean(), *limits, total.mean(), total.mean()))
    return pd.DataFrame(
        np.array(rows, dtype=float), index=pd.Index([*FACTORS, "total"], name="part"),
        columns=["estimate", "low", "high", "least", "most"],
    )  # fmt: skip


def _modal(model: TypesModel, frame: pd.DataFrame) -> Integers:
    logs = model.log_given_type(model.encode(frame), len(frame))
    return np.asarray(posterior(logs, model.shares[0])[0].argmax(axis=1))


def _identity(
    first: Wave, second: Wave, organisations: OrganisationCrosswalk | None
) -> pd.Series[str]:
    """Later name by earlier name, of those in both waves."""
    here = first.frame.index
    names = {o: o for o in here} if organisations is None else organisations.identities(list(here))
    later = set(second.frame.index)
    kept = {str(a): str(b) for a, b in names.items() if b in later}
    return pd.Series(kept, dtype="str")


def _among(
    identity: pd.Series[str], sectors: Sequence[str], waves: tuple[Wave, Wave]
) -> pd.Series[str]:
    """Those that are of some sectors in both waves."""
    mine = [w.frame["sector"].isin(list(sectors)) for w in waves]
    known = [set(s.index[s]) for s in mine]
    kept = {a: b for a, b in identity.items() if a in known[0] and b in known[1]}
    return pd.Series(kept, dtype="str")


def _why_not(
    told: Comparability, sectors: str, fresh: CommonTypes | None, options: SplitOptions
) -> Label | None:
    verdict = told.verdict("split", sectors)
    if not verdict.possible:
        return verdict.reason
    if fresh is None or fresh.full.n_types == 1:
        return no_fresh_types(sectors)
    share = survival(fresh).share
    if share < options.least_information:
        return Label(
            f"Niet geïdentificeerd. De ongewijzigde items dragen {100 * share:.0f}% van de "
            f"informatie over de nieuwe typen; nodig is {100 * options.least_information:.0f}%.",
            f"Not identified. The unchanged items carry {100 * share:.0f}% of the information "
            f"about the fresh types; {100 * options.least_information:.0f}% is needed.",
        )
    return None


def _unidentified(sectors: str, reason: Label) -> ChangeSplit:
    columns = ["estimate", "low", "high", "least", "most"]
    return ChangeSplit(sectors, False, reason, 0, pd.DataFrame(columns=columns), {})


def _check_wave(typology: Typology, wave: str, side: str) -> None:
    own = questions_of(typology).wave
    if own != wave:
        fault = f"{side}: expected the wave of the typology, {own!r}, got {wave!r}"
        raise TypologyError("split of change", [fault])
