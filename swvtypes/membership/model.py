"""The noun that rooms exchange: which organisation is of which type, and how surely."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from swvtypes.errors import MembershipError, OptionError
from swvtypes.survey import Wave

from .blocks import Block, blocks_of, weighted_shares
from .checking import checked_frame, checked_weights, modal_frame, type_blocks
from .classification import Assignment, ClassificationErrors, classify
from .optimism import ErrorTable, Optimism, factors_of
from .origin import Origin, check_names, with_source
from .ranking import ranked, summary_table


@dataclass(frozen=True, eq=False, repr=False)
class Membership:
    """Probabilities that organisations are of each type.

    Make one with :meth:`from_probabilities`, :meth:`from_modal` or :meth:`load`. What its
    properties give are copies.

    Attributes
    ----------
    origin : Origin
        Wave, year, theme, indicators, names.
    sectors : tuple of str
        Sectors of the organisations, in order of appearance.
    types : tuple of str
        Names of the types: ``"po 1"``, ``"po 2"``, ``"vo 1"`` where each sector has its own, else
        any others (``"1"``, ``"2"``) that sectors share.

    Notes
    -----
    Organisations without a membership (no answers) are kept, with NaN. Survey weights, where the
    wave has any, enter shares and classification errors; their scale plays no part. They are not
    frequencies.

    Examples
    --------
    >>> sector = pd.Series({"A": "po", "B": "po", "C": "vo", "D": "vo"})
    >>> p = pd.DataFrame(
    ...     {"po 1": [0.9, 0.2, None, None], "po 2": [0.1, 0.8, None, None],
    ...      "vo 1": [None, None, 1.0, None]}, index=sector.index)
    >>> m = Membership.from_probabilities(p, sector)
    >>> m.modal.tolist()
    ['po 1', 'po 2', 'vo 1', <NA>]
    >>> m.borderline(0.85).tolist()
    [False, True, False, <NA>]
    """

    origin: Origin
    sectors: tuple[str, ...]
    types: tuple[str, ...]
    _probabilities: pd.DataFrame
    _sector: pd.Series[str]
    _weight: pd.Series[float] | None
    _optimism: Optimism | None = None

    @classmethod
    def from_probabilities(
        cls,
        probabilities: pd.DataFrame,
        source: Wave | pd.Series[str],
        origin: Origin | None = None,
        weights: pd.Series[float] | None = None,
    ) -> Membership:
        """Check probabilities and keep them.

        Parameters
        ----------
        probabilities : DataFrame, shape (n_organisations, n_types)
            Indexed by organisation; one column a type. Columns either all begin with a sector and
            a space (types of that sector; NaN for the other sectors) or none does (shared types).
            A row is NaN throughout (no membership) or adds up to one within 1e-6.
        source : Wave or Series of str by organisation
            The wave, or the sector of each organisation. Organisations that `probabilities` lacks
            get NaN.
        origin : Origin, optional
            Name and year of a wave come from the wave when they are left out.
        weights : Series of float by organisation, optional
            Survey weights; those of the wave when left out.

        Raises
        ------
        MembershipError
            Lists every fault.
        """
        sector, origin, weights = with_source(source, origin, weights)
        frame = checked_frame(probabilities, sector)
        return cls._made(frame, sector, origin, weights)

    @classmethod
    def from_modal(
        cls,
        modal: pd.Series,
        source: Wave | pd.Series[str],
        origin: Origin | None = None,
        *,
        apart: bool = False,
        weights: pd.Series[float] | None = None,
    ) -> Membership:
        """Make a membership without doubt from a hard grouping.

        Parameters
        ----------
        modal : Series by organisation
            The type of each organisation (text or whole numbers), missing where there is none.
            Types stand in the order of the categories of a categorical, else sorted.
        source, origin, weights
            As in :meth:`from_probabilities`.
        apart : bool
            Whether groups of the same name in two sectors are different types: ``1`` becomes
            ``"po 1"`` and ``"vo 1"``.

        Raises
        ------
        MembershipError
            Lists every fault.
        """
        sector, origin, weights = with_source(source, origin, weights)
        frame = checked_frame(modal_frame(modal, sector, apart), sector)
        return cls._made(frame, sector, origin, weights)

    @classmethod
    def _made(
        cls,
        frame: pd.DataFrame,
        sector: pd.Series[str],
        origin: Origin,
        weights: pd.Series[float] | None,
    ) -> Membership:
        weight = None if weights is None else checked_weights(weights, sector.index)
        types = tuple(frame.columns)
        check_names(origin, types)
        return cls(origin, tuple(dict.fromkeys(sector)), types, frame, sector, weight)

    def __repr__(self) -> str:
        known = int(self._known.sum())
        return (
            f"<Membership {self.theme!r} of {self.wave!r} ({self.year}): {known} of "
            f"{len(self._sector)} organisations, types {', '.join(self.types)}>"
        )

    def __len__(self) -> int:
        return len(self._sector)

    @property
    def wave(self) -> str:
        """Name of the wave."""
        return self.origin.wave

    @property
    def year(self) -> int | None:
        """Year of the wave."""
        return self.origin.year

    @property
    def theme(self) -> str:
        """The theme, or ``"super"``."""
        return self.origin.theme

    @property
    def apart(self) -> bool:
        """Whether each sector has types of its own."""
        return any(block for block in type_blocks(self.types, self.sectors))

    @property
    def probabilities(self) -> pd.DataFrame:
        """Probabilities, shape (n_organisations, n_types), a copy.

        NaN for the types of the other sector and for organisations without a membership.
        """
        return self._probabilities.copy()

    @property
    def sector_of(self) -> pd.Series[str]:
        """Sector of each organisation, a copy."""
        return self._sector.copy()

    @property
    def survey_weight(self) -> pd.Series[float] | None:
        """Survey weights by organisation, None without any; a copy."""
        return None if self._weight is None else self._weight.copy()

    @property
    def is_hard(self) -> bool:
        """Whether every known membership is zero or one."""
        values = self._probabilities.to_numpy()
        return bool(np.isin(values[~np.isnan(values)], (0.0, 1.0)).all())

    @property
    def modal(self) -> pd.Series[str]:
        """Most probable type by organisation, the first of ties; NA without a membership."""
        return self._ranked(0)[0].rename("modal")

    @property
    def runner_up(self) -> pd.Series[str]:
        """Second most probable type; NA without a membership, or where there is one type only."""
        return self._ranked(1)[0].rename("runner_up")

    @property
    def certainty(self) -> pd.Series[float]:
        """Probability of the modal type; NaN without a membership."""
        return self._ranked(0)[1].rename("certainty")

    @property
    def shares(self) -> pd.Series[float]:
        """Share of each type: its mean probability (weighted) within its sector, or over all."""
        return pd.Series(weighted_shares(self.blocks), name="share", dtype=float)

    def borderline(self, threshold: float = 0.80) -> pd.Series[bool]:
        """Say which organisations are not surely of one type.

        Parameters
        ----------
        threshold : float
            Borderline is a modal probability below it; above 0, at most 1.

        Returns
        -------
        Series of boolean by organisation
            NA without a membership.

        Raises
        ------
        OptionError
            For a threshold outside its range.
        """
        if not 0 < threshold <= 1:
            raise OptionError("threshold", "a number above 0, at most 1", threshold)
        certainty = self._ranked(0)[1]
        flag = (certainty < threshold).astype("boolean").mask(certainty.isna())
        return flag.rename("borderline")

    def summary(self, threshold: float = 0.80) -> pd.DataFrame:
        """Tabulate the types, one row an organisation.

        Returns
        -------
        DataFrame by organisation
            sector, modal, name (a user's, else that of the type), certainty, runner_up,
            runner_up_probability, borderline.
        """
        flag = self.borderline(threshold)
        return summary_table(self._probabilities, self._sector, self.origin.names, flag)

    @property
    def optimism(self) -> Optimism | None:
        """What corrects the errors of assignment; None where the membership does not carry it."""
        return self._optimism

    def with_optimism(self, optimism: Optimism | None) -> Membership:
        """Give the same membership with, or without, what corrects its errors of assignment.

        Raises
        ------
        MembershipError
            Where the factors are not those of its types.
        """
        if optimism is not None:
            optimism.check(tuple(type_blocks(self.types, self.sectors).values()), self.types)
        return replace(self, _optimism=optimism)

    def classification_error(
        self, assignment: Assignment = "modal", errors: ErrorTable = "apparent"
    ) -> ClassificationErrors:
        """Assign the organisations to types and estimate the errors made by it.

        Parameters
        ----------
        assignment : {"modal", "proportional"}
        errors : {"apparent", "corrected", "auto"}
            As the memberships say; corrected by :attr:`optimism`; or corrected where there is any.

        Returns
        -------
        ClassificationErrors
            P(assigned | true), P(true | assigned), and the weights of third steps (BCH and ML).

        Raises
        ------
        OptionError, MembershipError
            For corrected errors of a membership that carries no correction.
        """
        factors = factors_of(self._optimism, assignment, errors)
        return classify(self.blocks, self._sector.index, assignment, factors)

    def sector(self, sector: str) -> Membership:
        """Give the membership of one sector: its organisations, and its types where apart.

        Raises
        ------
        OptionError
            When there is no such sector.
        """
        if sector not in self.sectors:
            raise OptionError("sector", "one of " + ", ".join(map(repr, self.sectors)), sector)
        keep = self._sector == sector
        types = type_blocks(self.types, self.sectors).get(sector, self.types)
        weight = None if self._weight is None else self._weight[keep]
        names = {key: name for key, name in self.origin.names.items() if key in types}
        frame = self._probabilities.loc[keep, list(types)]
        origin = replace(self.origin, names=names)
        kept = None if self._optimism is None else self._optimism.among(types)
        return Membership(origin, (sector,), tuple(types), frame, self._sector[keep], weight, kept)

    def save(self, path: str | Path) -> None:
        """Write the membership to one JSON file, one organisation a line, whole or not at all."""
        from .file_form import written

        written(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Membership:
        """Read a membership that :meth:`save` wrote; the same numbers to the last bit.

        Raises
        ------
        MembershipError
            Lists every fault.
        """
        from .file_form import contents

        found = contents(path)
        try:
            made = cls.from_probabilities(found.frame, found.sector, found.origin, found.weights)
            return made.with_optimism(found.optimism)
        except MembershipError as error:
            raise MembershipError(Path(path).name, error.faults) from None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Rows and types that go together, one a sector where types are apart; arrays inside."""
        types = type_blocks(self.types, self.sectors)
        return blocks_of(types, self._probabilities, self._sector, self._weight)

    @property
    def _known(self) -> pd.Series[bool]:
        return self._probabilities.notna().any(axis=1)

    def _ranked(self, place: int) -> tuple[pd.Series[str], pd.Series[float]]:
        return ranked(self._probabilities, place)
