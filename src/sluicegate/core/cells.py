"""Cells of CSV files that a program for tables takes for text, never for a formula."""

from __future__ import annotations

import re

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Signs by which a program for tables takes a cell for a formula."""

FIGURE = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
"""What a figure looks like; one is no formula, whatever it begins with."""

APOSTROPHE = "'"
"""What stands before text that may be a formula; programs for tables show the rest."""

_FIGURE = re.compile(FIGURE)


def harmless(cell: str) -> str:
    """Return a cell that no program for tables runs: an apostrophe before what may be a formula.

    A figure such as -3 or +1e25 stays as it is.

    >>> harmless("=1+1"), harmless("-3"), harmless("-3+1"), harmless("Harrow Basin")
    ("'=1+1", '-3', "'-3+1", 'Harrow Basin')
    """
    is_formula = cell.startswith(FORMULA_SIGNS) and _FIGURE.fullmatch(cell) is None
    return APOSTROPHE + cell if is_formula else cell
