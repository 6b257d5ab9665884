"""What can be asked of a fitted typology: scoring, describing, counting, comparing sectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import pandas as pd

from swvtypes.errors import OptionError, TypologyError
from swvtypes.language import Label, Language
from swvtypes.lca.model import check_real, check_whole
from swvtypes.lca.options import seed_of
from swvtypes.membership import Membership, Origin
from swvtypes.survey import Wave

from .census import Census, CensusOptions, take_census
from .contrasting import contrasts
from .description import TypeDescription, category_text, describe_types
from .drawn_out import without_pseudo_cases
from .findings import check_fitted
from .item_columns import prepared_material, recoded
from .material import Material
from .naming import name_faults
from .pipeline import child_seed
from .profiles import TypesModel
from .scoring import (
    LEAST_INFORMATION,
    ScoredMembership,
    Scores,
    Shares,
    check_wave,
    information_frame,
    joined,
    read_scorable,
    score_types,
)
from .sector_comparison import SectorComparison, compare_two
from .specification import TypologyOptions
from .superclusters import Superclusters
from .theme_step import ThemeAcrossSectors
from .themes import ThemeItem

_CONTRASTS, _COMPARISON = 20_000, 30_000


class FittedTypology:
    """What a typology can be asked once it was fitted or loaded; see :class:`Typology`."""

    themes_: dict[str, ThemeAcrossSectors]
    superclusters_: dict[str, Superclusters]
    membership_: Membership
    contrasts_: pd.DataFrame
    models_: tuple[TypesModel, ...]
    seed_: int
    options: TypologyOptions
    names: dict[str, str]
    n_jobs: int
    _items: dict[str, list[ThemeItem]]
    _labels: dict[str, Label]
    _material: Material | None
    _wave: dict[str, Any]

    def score(
        self,
        wave: Wave | pd.DataFrame,
        shares: Shares = "refit",
        least_information: float = LEAST_INFORMATION,
    ) -> ScoredMembership:
        """Say of the organisations of a wave which types they are of.

        Parameters
        ----------
        wave : Wave or DataFrame
            Items may be missing; their answers are integrated out.
        shares : {"refit", "keep"}
            Estimate the shares of the types in this wave (default), or keep those of the typology.
            Old shares pull organisations to the old answer.
        least_information : float
            Part of the typology's information that the remaining items must carry, by sector.

        Returns
        -------
        ScoredMembership
            A Membership with ``.information`` and ``.type_shares`` beside it.

        Raises
        ------
        UnseenCategoryError, InformationError, TypologyError
            Each lists every fault.
        """
        check_fitted(self, "score")
        if shares not in ("refit", "keep"):
            raise OptionError("shares", "'refit' or 'keep'", shares)
        check_real("least_information", least_information, 0.0)
        if least_information > 1.0:
            raise OptionError("least_information", "a number from 0 to 1", least_information)
        material = read_scorable(list(self._items.values()), wave)
        found = check_wave(
            self.models_, self._prepared(material), material.sector, least_information,
            [self._drawn_out(model) for model in self.models_],
        )  # fmt: skip
        made, kept = self._membership(material, shares)
        return ScoredMembership(
            **vars(made), information=information_frame(found), type_shares=kept
        )

    def _drawn_out(self, model: TypesModel) -> TypesModel:
        if self.options.route != "one_step":
            return model
        known = self._wave["organisations"]
        n = float(sum(known.get(sector, 0) for sector in model.sectors))
        return without_pseudo_cases(model, n, self.options.type_prior)

    def rename(self, names: Mapping[str, str]) -> Self:
        """Give types names of one's own, which stand beside ``"po 1"`` and its like.

        Raises
        ------
        TypologyError
            For names of types that do not exist, names that are no text, and one name for two types
            of a sector; lists them all.
        """
        check_fitted(self, "rename")
        faults = name_faults(names, [m.types for m in self.models_])
        if faults:
            raise TypologyError("names", faults)
        self.names = dict(names)
        if hasattr(self, "membership_"):
            self.membership_ = self._membership(self._needed("rename"), "keep")[0]
        return self

    def descriptions(self, membership: Membership | None = None) -> tuple[TypeDescription, ...]:
        """Describe each type: contrasts, typical and borderline organisations.

        Parameters
        ----------
        membership : Membership, optional
            Whose organisations are named; those of the fit when left out. A typology from a file
            knows none.
        """
        check_fitted(self, "describe")
        if membership is None:
            membership = getattr(self, "membership_", None)
        types = [m.types for m in self.models_]
        shares = {t: float(m.shares[0][k]) for m in self.models_ for k, t in enumerate(m.types)}
        return describe_types(membership, self.contrasts_, self._labels, types, shares, self.names)

    def describe(self, language: Language = "en", membership: Membership | None = None) -> str:
        """Say in Dutch or English which types there are, why, and what each is like."""
        from .concluding import conclusion

        check_fitted(self, "describe")
        return conclusion(self, language, membership)

    def label(self, name: str, language: Language = "en") -> str:
        """Give the short text of a theme or an item, its own name where there is none."""
        check_fitted(self, "label")
        known = self._labels.get(name)
        return name if known is None else known.text(language)

    def category_label(self, item: str, category: object, language: Language = "en") -> str:
        """Give the short text of a category of an item."""
        check_fitted(self, "category_label")
        return category_text(item, category, self._labels).text(language)

    def census(
        self,
        register: pd.DataFrame | None = None,
        n_boot: int = 50,
        random_state: int | None = None,
        *,
        show_progress: bool = False,
    ) -> Census:
        """Count how many of all organisations are of each type, with the error and its sources.

        Parameters
        ----------
        register : DataFrame by organisation, optional
            Every organisation that exists, with column ``sector`` and numeric figures from which
            the types of those that did not answer are predicted. Without it they are taken to be
            like the respondents.
        n_boot : int
            Data sets on which the whole analysis (classes, items, types; by BIC) is run again.
        random_state : int, optional
            Seed; that of the fit when left out.
        show_progress : bool
            Whether to draw progress on standard error.

        Raises
        ------
        TypologyError
            For a typology from a file, which has no respondents.
        InputError
            For a register that lacks respondents or has columns that are no numbers.
        """
        check_fitted(self, "census")
        seed = self.seed_ if random_state is None else seed_of(random_state)
        options = CensusOptions(n_boot, 0.95, seed, self.n_jobs, show_progress)
        material = self._needed("census")
        parts = [
            (prepared_material(material, self.themes_, key), found.model)
            for key, found in self.superclusters_.items()
        ]
        return take_census(parts, self.names, self.options, register, options)

    def compare_sectors(
        self, first: str | None = None, second: str | None = None, n_boot: int = 99
    ) -> SectorComparison:
        """Test whether a type of one sector is the same thing as the type of that name in another.

        Parameters
        ----------
        first, second : str, optional
            Sectors with types of their own; the first two when left out.
        n_boot : int
            Replicates of each test.

        Raises
        ------
        TypologyError
            For sectors that are together, fewer than two, or a typology from a file.
        """
        check_whole("n_boot", n_boot, 1)
        material = self._needed("compare_sectors")
        known = [m.sectors[0] for m in self.models_ if len(m.sectors) == 1]
        if len(known) < 2:
            raise TypologyError("compare_sectors", ["expected two sectors with types of their own"])
        names = (first or known[0], second or known[1])
        wrong = [f"no sector {name!r}; there are {known}" for name in names if name not in known]
        if wrong or names[0] == names[1]:
            raise TypologyError("compare_sectors", wrong or ["expected two different sectors"])
        at = [known.index(name) for name in names]
        frames = self._prepared(material)
        return compare_two(
            self.models_[at[0]], self.models_[at[1]], (frames[at[0]], frames[at[1]]),
            child_seed(self.seed_, _COMPARISON), n_boot,
        )  # fmt: skip

    def _needed(self, what: str) -> Material:
        check_fitted(self, what)
        if self._material is None:
            fault = "a typology from a file has no respondents; fit it to the wave again"
            raise TypologyError(what, [fault])
        return self._material

    def _membership(
        self, material: Material, shares: Shares
    ) -> tuple[Membership, pd.Series[float]]:
        """Score a wave with all models; the membership, and the shares that it rests on."""
        parts: list[Scores] = []
        used: dict[str, float] = {}
        for model, rows in zip(self.models_, self._prepared(material), strict=True):
            if not len(rows):
                continue
            weight = None if material.weight is None else material.weight[rows.index]
            sector = material.sector[rows.index]
            scores = score_types(model, rows, sector, shares, weight)
            parts.append(scores)
            used |= dict(zip(model.types, scores.shares[0].tolist(), strict=True))
        shaped = {i for m in self.models_ for i in m.items}
        made_of = [i for items in self._items.values() for i in items if i.name in shaped]
        # Variables of the wave: a log-ratio, or an item joined with its gate, is made of several.
        items = tuple(dict.fromkeys(c for item in made_of for c in item.sources))
        names = {t: n for t, n in self.names.items() if t in used}
        origin = Origin(material.name, material.year, "super", items, names)
        made = Membership.from_probabilities(
            joined(parts, material.frame.index), material.sector, origin, weights=material.weight
        )
        return made, pd.Series(used, name="share", dtype=float)

    def _prepared(self, material: Material) -> list[pd.DataFrame]:
        """Items of each model, made of the columns of a wave, for the organisations it is about."""
        return [
            recoded(material.rows(model.sectors), items)
            for model, items in zip(self.models_, self._items.values(), strict=True)
        ]

    def _contrasts(self, material: Material) -> pd.DataFrame:
        parts = [
            contrasts(m, m.encode(rows), child_seed(self.seed_, _CONTRASTS + i))
            for i, (m, rows) in enumerate(zip(self.models_, self._prepared(material), strict=True))
        ]
        kept = [part for part in parts if len(part)]
        return pd.concat(kept, ignore_index=True) if kept else parts[0]
