"""The audit: every check, one finding a number, in the order of the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from swvtypes.language import check_language

from .checks.arithmetic import check_arithmetic
from .checks.contradiction import check_contradiction
from .checks.derivation import check_derivation
from .checks.freedom import check_freedom
from .checks.granularity import check_granularity
from .checks.groups import check_groups
from .checks.marks import check_marks
from .checks.moments import check_moments
from .checks.notes import mark_repeated_notes
from .checks.possible import check_possible
from .checks.ranking import check_ranking
from .checks.related import check_related
from .checks.repeated import check_repeated
from .checks.reversal import check_reversal
from .checks.scales import check_scales
from .checks.significance import check_significance
from .checks.spans import check_spans
from .checks.statements import check_statements
from .checks.totals import check_totals
from .checks.wording import check_wording
from .finding import Finding, one_per_number, to_frame
from .reading import open_record
from .record import Record

CHECKS: tuple[Callable[[Record], Iterator[Finding]], ...] = (
    check_totals,
    check_granularity,
    check_moments,
    check_possible,
    check_significance,
    check_freedom,
    check_scales,
    check_reversal,
    check_groups,
    check_repeated,
    check_derivation,
    check_statements,
    check_related,
    check_spans,
    check_wording,
    check_ranking,
    check_arithmetic,
    check_marks,
    check_contradiction,
)


_NUMBERS = frozenset({"totals", "grim", "derived", "same_fact", "exchanged"})


def audit(source: str | Path | Record = "monitor_2016", language: str = "en") -> pd.DataFrame:
    """Hold a report's printed record against itself.

    Parameters
    ----------
    source : str, Path or Record
        Name of a packaged record ("monitor_2016", "inspectie_2022"), or a folder with any of
        ``tables.csv``, ``text.csv`` and ``marks.csv`` and, optionally, ``meaning.toml``. The form
        of these files is documented in ``docs/audit_template.md``.
    language : {"en", "nl"}
        Language of the reasons.

    Returns
    -------
    pandas.DataFrame
        One row a finding, in the order in which the record prints the places: ``locator``,
        ``row_no`` (0 outside tables), ``sector``, ``check``, ``printed``, ``expected`` (what
        should stand there; empty where print does not tell), ``reason`` (one sentence) and
        ``confidence``: "certain" (the print cannot be right by the report's own figures),
        "likely" (it cannot unless something unprinted explains it) or "possible" (a known,
        harmless cause explains it, such as rounding twice, or words are open to more than one
        reading). Rounding alone is never a finding.

    Raises
    ------
    RecordError
        When the record is absent or malformed; lists all faults.
    OptionError
        When the language is neither of the two.

    Examples
    --------
    >>> found = audit("monitor_2016")
    >>> found.loc[found["locator"] == "Tabel 7.5", ["printed", "expected"]].values.tolist()
    [['18', '10']]
    """
    shown = check_language(language)
    record = open_record(source)
    return to_frame(find_all(record), record.order, shown)


def find_all(record: Record) -> list[Finding]:
    """Give the findings of all checks on a record, one a printed number."""
    found = [finding for check in CHECKS for finding in check(record)]
    single = one_per_number(mark_repeated_notes(record, found))
    firm = [f for f in single if f.confidence == "certain" and f.check in _NUMBERS]
    return [
        finding
        for finding in single
        if not _explained(finding, single) and not any(finding.rests_upon(f) for f in firm)
    ]


def _explained(finding: Finding, others: list[Finding]) -> bool:
    """Say whether a column that does not sum only shows a misfit already named in it."""
    if finding.check != "totals" or not finding.key.startswith("totals_column"):
        return False
    place = finding.place
    return any(
        other is not finding
        and (other.check in _NUMBERS - {"totals"} or other.key == "totals_count")
        and (other.place.locator, other.place.sector, other.place.part)
        == (place.locator, place.sector, place.part)
        for other in others
    )
