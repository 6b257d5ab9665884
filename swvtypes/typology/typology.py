"""The typology: from a wave to types, and from types to the next wave."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from swvtypes.errors import OptionError, TypologyError
from swvtypes.lca.options import seed_of
from swvtypes.survey import Wave

from .asking import FittedTypology
from .findings import check_fitted, content_of, restore
from .hearing_of_themes import settled
from .item_columns import recoded_labels, taken_items
from .ledger import Ledger, fingerprint
from .material import Choices, Material, Themes, names_of, read_material
from .option_faults import raise_all
from .pipeline import Work, type_sectors, type_themes
from .specification import TypologyOptions
from .theme_step import ThemeAcrossSectors, ThemeTyping
from .themes.from_codebook import Shares as BudgetShares


class Typology(FittedTypology):
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
    the membership, and weigh re-estimated shares. Whether types exist, and how many, is decided by
    maximum likelihood; the types themselves are posterior modes under a weak prior (option
    ``type_prior``), which `describe` and ``superclusters_[...].routes`` say.

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

    def __init__(self, random_state: int | None = None, n_jobs: int = 1, **options: Any) -> None:
        self.random_state = random_state
        self.n_jobs = n_jobs
        known = {n: v for n, v in options.items() if n in TypologyOptions.__dataclass_fields__}
        raise_all([
            partial(_check_workers, n_jobs), partial(_check_known, options),
            partial(TypologyOptions, **known),
        ])  # fmt: skip
        self.options = TypologyOptions(**options)
        self.names: dict[str, str] = {}

    def fit(
        self,
        wave: Wave | pd.DataFrame,
        themes: Themes | None = None,
        indicators: Mapping[str, str] | None = None,
        *,
        active: Collection[str] = (),
        passive: Collection[str] = (),
        shares: BudgetShares = "log_ratio",
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
        active, passive : collection of str
            Variables of the codebook that take part although it has them passive (register
            figures: a typology that uses one cannot be validated by it), and that are kept aside.
        shares : {"log_ratio", "coarse"}
            How a wave's shares of a budget enter: as log-ratios, or in coarse classes.
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
        choices = Choices(names_of("active", active), names_of("passive", passive), shares)
        material = read_material(wave, themes, indicators, choices)
        asked = {"options": self.options.as_dict()} | fingerprint(material)
        ledger, begun = Ledger.opened(checkpoint, asked, self.random_state)
        self.seed_ = seed_of(begun)
        ledger.begin(asked, self.seed_)
        work = Work(ledger, self.n_jobs, show_progress)
        found = type_themes(material, self.options, self.seed_, work)
        self.superclusters_ = type_sectors(material, found, self.options, self.seed_, work)
        self.themes_ = {name: self._heard(name, by) for name, by in found.items()}
        self.models_ = tuple(s.model for s in self.superclusters_.values())
        self._material = material
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

    def _heard(self, name: str, by: Mapping[str, ThemeTyping]) -> ThemeAcrossSectors:
        types = self.superclusters_
        after = {k: settled(t, types[k].heard, types[k].theme_classes) for k, t in by.items()}
        return ThemeAcrossSectors(name, after)

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

    def __repr__(self) -> str:
        if not hasattr(self, "models_"):
            return "<Typology, not fitted>"
        types = ", ".join(t for m in self.models_ for t in m.types)
        return f"<Typology of {self._wave['name'] or 'a frame'!r}: types {types}>"


def _check_workers(n_jobs: object) -> None:
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int) or (n_jobs < 1 and n_jobs != -1):
        raise OptionError("n_jobs", "-1 or an integer of at least 1", n_jobs)


def _check_known(options: Mapping[str, Any]) -> None:
    unknown = [name for name in options if name not in TypologyOptions.__dataclass_fields__]
    if unknown:
        known = ", ".join(TypologyOptions.__dataclass_fields__)
        raise OptionError("option", f"one of {known}", ", ".join(unknown))


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
