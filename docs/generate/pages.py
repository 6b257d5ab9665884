"""Every generated page, made in one go."""

from __future__ import annotations

from . import (
    api_pages,
    benchmark_figures,
    codebook_pages,
    command_page,
    glossary_page,
    growth_figures,
    house_picture,
    notebook_pages,
    report_pages,
)


def build_all() -> None:
    """Write all generated pages."""
    for module in (
        api_pages,
        benchmark_figures,
        codebook_pages,
        command_page,
        glossary_page,
        growth_figures,
        house_picture,
        notebook_pages,
        report_pages,
    ):
        module.build()
