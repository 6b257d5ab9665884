"""Every table that pages may ask for, by the name under which they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import (
    benchmark_tables,
    computed_tables,
    engine_tables,
    growth_figures,
    hardening_tables,
    later_step_tables,
    mutation_tables,
    other_tables,
    typology_2014_tables,
    typology_tables,
)

TABLES: Mapping[str, Callable[[], str]] = {
    **benchmark_tables.TABLES,
    **engine_tables.TABLES,
    **later_step_tables.TABLES,
    **typology_tables.TABLES,
    **typology_2014_tables.TABLES,
    **other_tables.TABLES,
    **hardening_tables.TABLES,
    **mutation_tables.TABLES,
    **growth_figures.TABLES,
    **computed_tables.TABLES,
}
