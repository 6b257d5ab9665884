"""A report's printed record held against itself, by checks that know no particular report."""

from .examine import audit
from .finding import Confidence, Finding, Place
from .meaning import Meaning
from .meaning_file import meaning_from, read_meaning
from .reading import build_record, open_record
from .record import Record

__all__ = [
    "Confidence",
    "Finding",
    "Meaning",
    "Place",
    "Record",
    "audit",
    "build_record",
    "meaning_from",
    "open_record",
    "read_meaning",
]
