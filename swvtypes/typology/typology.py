"""The typology: from a wave to types, and from types to the next wave."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from swvtypes.errors import OptionError, TypologyError
from swvtypes.language import Language
from swvtypes.lca.model import check_real, check_whole
from swvtypes.lca.options import seed_of
from swvtypes.membership import Membership, Origin
from swvtypes.survey import Wave

from .census import Census, CensusOptions, take_census
from .contrasting import contrasts
from .description import TypeDescription, category_text, describe_types
from .findings import check_fitted, content_of, restore
from .item_columns import prepared_material, recoded, recoded_labels, taken_items
from .ledger import Ledger, fingerprint
from .material import Material, Themes, read_material
from .pipeline import Work, child_seed, type_sectors, type_themes
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


class Typology:
    """Types of organisations: found in a wave, kept in a file, applied to other waves.

    Each theme of a questionnaire gets latent class analyses of its own; items that tell its classes
    apart go on; over the themes, types exist only if theme classes are associated. Sectors have
    types of their own unless asked otherwise.

    Parameters
    ----------
    random_state : int, optional
        Seed of everything; drawn afresh when left out, and kept in `seed_`.
    n_jobs : int
        Worker processes; -1 uses every core. Results do not depend on it.
    **options
        Those of :class:`~swvtypes.typology.specification.TypologyOptions`, for example
        ``quick=True`` (no bootstrap) or ``sectors="together"``.

    Attributes
    ----------
    themes_ : dict of str to ThemeAcrossSectors
        By theme: ``.selection`` (DataFrame over sectors), ``.n_classes`` and ``.by_sector["po"]``.
    superclusters_ : dict of str to Superclusters
        By sector (``"all"`` where sectors are together): whether types exist, and the routes.
    membership_ : Membership
        Of the superclusters: ``"po 1"``, ``"po 2"``, ``"vo 1"``, ... where sectors are apart.
    contrasts_ : DataFrame
        What sets each type apart, with intervals.
    models_ : tuple of TypesModel
        The types in plain numbers.
    seed_ : int
        The seed used.

    Notes
    -----
    Missing answers are missing at random (full-information likelihood); organisations without any
    answer have no membership. Survey weights of a wave enter no model here; they are carried by
    the membership, and weigh re-estimated shares.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(1)
    >>> kind = rng.integers(2, size=150)
    >>> answers = {}
    >>> for theme in "ab":
    ...     inside = np.where(rng.random(150) < 0.9, kind, 1 - kind)
    ...     for j in range(5):
    ...         answers[f"{theme}{j}"] = (rng.random(150) < np.where(inside, 0.9, 0.15)).astype(int)
    >>> frame = pd.DataFrame(answers)
    >>> themes = {t: [f"{t}{j}" for j in range(5)] for t in "ab"}
    >>> typology = Typology(random_state=1, quick=True, n_init=20, max_classes=3)
    >>> typology.fit(frame, themes=themes).membership_.types
    ('1', '2')
    """

    themes_: dict[str, ThemeAcrossSectors]
    superclusters_: dict[str, Superclusters]
    membership_: Membership
    contrasts_: pd.DataFrame
    models_: tuple[TypesModel, ...]
    seed_: int
    _items: dict[str, list[ThemeItem]]

    def __init__(self, random_state: int | None = None, n_jobs: int = 1, **options: Any) -> None:
        self.random_state = random_state
        if isinstance(n_jobs, bool) or not isinstance(n_jobs, int) or (n_jobs < 1 and n_jobs != -1):
            raise OptionError("n_jobs", "-1 or an integer of at least 1", n_jobs)
        self.n_jobs = n_jobs
        unknown = [name for name in options if name not in TypologyOptions.__dataclass_fields__]
        if unknown:
            known = ", ".join(TypologyOptions.__dataclass_fields__)
            raise OptionError("option", f"one of {known}", ", ".join(unknown))
        self.options = TypologyOptions(**options)
        self.names: dict[str, str] = {}

    def fit(
        self,
        wave: Wave | pd.DataFrame,
        themes: Themes | None = None,
        indicators: Mapping[str, str] | None = None,
        *,
        checkpoint: str | Path | None = None,
        show_progress: bool = False,
    ) -> Typology:
        """Find the types.

        Parameters
        ----------
        wave : Wave or DataFrame
            A frame is indexed by organisation; a column ``sector`` is optional.
        themes : mapping of str to sequence of str, optional
            Items of each theme; from the codebook when left out.
        indicators : mapping of str to str, optional
            Families of items (``"nominal"``, ``"ordinal"``, ``"binary"``, ``"count"``,
            ``"continuous"``); from the codebook or the dtype when left out.
        checkpoint : str or Path, optional
            Folder that keeps finished steps. An interrupted fit that is started again with the
            same data and options goes on from there and ends in the same result.
        show_progress : bool
            Whether to draw progress on standard error.

        Raises
        ------
        InputError
            For data that cannot be used; lists every fault.
        TypologyError
            When another fit was begun in the checkpoint folder.
        """
        material = read_material(wave, themes, indicators)
        asked = {"options": self.options.as_dict()} | fingerprint(material)
        ledger, begun = Ledger.opened(checkpoint, asked, self.random_state)
        self.seed_ = seed_of(begun)
        ledger.begin(asked, self.seed_)
        work = Work(ledger, self.n_jobs, show_progress)
        found = type_themes(material, self.options, self.seed_, work)
        self.superclusters_ = type_sectors(material, found, self.options, self.seed_, work)
        self.themes_ = {name: ThemeAcrossSectors(name, by) for name, by in found.items()}
        self.models_ = tuple(s.model for s in self.superclusters_.values())
        self._material: Material | None = material
        self._items = {
            key: [i for by in self.themes_.values() if key in by.by_sector
                  for i in taken_items(by.by_sector[key])]
            for key in self.superclusters_
        }  # fmt: skip
        every = [item for items in self._items.values() for item in items]
        self._labels = dict(material.labels) | recoded_labels(every, material.labels)
        self._wave = _origin(material)
        self.contrasts_ = self._contrasts(material)
        self.membership_ = self._membership(material, "keep")[0]
        return self

    def save(self, path: str | Path) -> None:
        """Write the typology to one JSON file that people can read, whole or not at all.

        It holds items, categories, recodes, parameters, options, names and where it came from, and
        no organisation.
        """
        write_checked(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Typology:
        """Read a typology that :meth:`save` wrote.

        Raises
        ------
        TypologyError
            Lists every fault.
        """
        return restore(cls, path)

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
        material = read_scorable(list(self._items.values()), wave)
        found = check_wave(
            self.models_, self._prepared(material), material.sector, least_information
        )
        made, kept = self._membership(material, shares)
        return ScoredMembership(
            **vars(made), information=information_frame(found), type_shares=kept
        )

    def rename(self, names: Mapping[str, str]) -> Typology:
        """Give types names of one's own, which stand beside ``"po 1"`` and its like.

        Raises
        ------
        TypologyError
            For names of types that do not exist; lists them all.
        """
        check_fitted(self, "rename")
        known = [t for m in self.models_ for t in m.types]
        wrong = [name for name in names if name not in known]
        if wrong:
            told = ", ".join(map(repr, known))
            raise TypologyError(
                "names", [f"{name!r} is no type; there are {told}" for name in wrong]
            )
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
        items = tuple(dict.fromkeys(i for m in self.models_ for i in m.items))
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

    def __repr__(self) -> str:
        if not hasattr(self, "models_"):
            return "<Typology, not fitted>"
        types = ", ".join(t for m in self.models_ for t in m.types)
        return f"<Typology of {self._wave['name'] or 'a frame'!r}: types {types}>"


def write_checked(typology: Typology, path: str | Path) -> None:
    """Write a fitted typology."""
    from .file_form import write_typology

    check_fitted(typology, "save")
    try:
        write_typology(content_of(typology), path)
    except OSError as error:
        raise TypologyError(
            f"save {path}", [f"cannot be written: {error.strerror or error}"]
        ) from None


def _origin(material: Material) -> dict[str, Any]:
    return {
        "name": material.name,
        "year": material.year,
        "codebook": material.codebook,
        "synthetic": material.synthetic,
        "organisations": {s: int((material.sector == s).sum()) for s in material.sectors},
    }
