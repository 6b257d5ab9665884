"""Every table that pages may ask for, by the name under which they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import computed_tables, engine_tables, other_tables, typology_tables

TABLES: Mapping[str, Callable[[], str]] = {
    **engine_tables.TABLES,
    **typology_tables.TABLES,
    **other_tables.TABLES,
    **computed_tables.TABLES,
}
