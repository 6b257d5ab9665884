"""Printed tables as data: a specification and a wave in, a computed table out."""

from .cells import Cell, cells_of
from .computing import compute, compute_tables, is_weighted
from .specification import TableSet, TableSpec, load_tables, parse_tables

__all__ = [
    "Cell",
    "TableSet",
    "TableSpec",
    "cells_of",
    "compute",
    "compute_tables",
    "is_weighted",
    "load_tables",
    "parse_tables",
]
