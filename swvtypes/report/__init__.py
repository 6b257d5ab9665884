"""Results as pages that open without a network."""

from .inputs import Choice, EarlierWave, ReportInputs
from .options import ReportOptions, SignalRule
from .reproduction_page import render_reproduction_page, write_reproduction_page
from .run_page import render_report, write_report
from .spreadsheet import export_membership, neutral_frame

__all__ = [
    "Choice",
    "EarlierWave",
    "ReportInputs",
    "ReportOptions",
    "SignalRule",
    "export_membership",
    "neutral_frame",
    "render_report",
    "render_reproduction_page",
    "write_report",
    "write_reproduction_page",
]
