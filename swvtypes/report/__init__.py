"""Results as pages that open without a network."""

from .reproduction_page import render_reproduction_page, write_reproduction_page

__all__ = ["render_reproduction_page", "write_reproduction_page"]
