"""Which column of a table says what: Epoch AI's layouts from 2025 on, and the house's own.

A column is known by its name in lower case, all signs but letters and digits as
one underscore: `Training compute (FLOP)` is `training_compute_flop`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum


class Part(Enum):
    """What a column says of a model."""

    NAME = "name"
    DEVELOPERS = "developers"
    PUBLISHED = "published"
    COMPUTE = "compute"
    LOW = "low"
    HIGH = "high"
    OPEN = "open"
    ACCESS = "access"
    COUNTRIES = "countries"
    CONFIDENCE = "confidence"
    NOTABLE = "notable"
    BASE = "base"
    COST = "cost"
    FRONTIER = "frontier"


_NAMES: Mapping[Part, tuple[str, ...]] = {
    Part.NAME: ("model", "system", "name"),
    Part.DEVELOPERS: ("organization", "organization_s", "developers", "developer"),
    Part.PUBLISHED: ("publication_date", "published"),
    Part.COMPUTE: ("training_compute_flop", "flop"),
    Part.LOW: ("training_compute_lower_bound", "flop_low"),
    Part.HIGH: ("training_compute_upper_bound", "flop_high"),
    Part.OPEN: ("open_model_weights", "open"),
    Part.ACCESS: ("model_accessibility",),
    Part.COUNTRIES: ("country_of_organization", "country_from_organization", "countries"),
    Part.CONFIDENCE: ("confidence",),
    Part.NOTABLE: ("notability_criteria", "notable"),
    Part.BASE: ("base_model",),
    Part.COST: ("training_compute_cost_2023_usd", "cost_usd"),
    Part.FRONTIER: ("frontier_model", "frontier"),
}
"""Epoch's names come first: their `FLOP/$` would else be read as `flop`."""

NEEDED = (Part.NAME, Part.PUBLISHED, Part.COMPUTE)
"""A table without one of these is no table of models."""

_OVER = re.compile(r"(estimated|maybe)_over_(1e[0-9]{2})_flop")


def column_name(text: str) -> str:
    """Return the form in which names of columns are compared.

    >>> column_name("Country (of organization)")
    'country_of_organization'
    """
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


class Columns:
    """Where in a row each part stands, by the header of its table.

    `over` says which columns tell that compute is estimated, or may be, over a
    figure that only the column's name gives: (how, figure, place).
    """

    def __init__(self, header: Sequence[str]) -> None:
        names = [column_name(cell) for cell in header]
        self.width = len(names)
        self._places: dict[Part, int] = {}
        for part, known in _NAMES.items():
            found = next((names.index(name) for name in known if name in names), None)
            if found is not None:
                self._places[part] = found
        self.over = tuple(
            (match[1], match[2], place)
            for place, name in enumerate(names)
            if (match := _OVER.fullmatch(name))
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of needed columns that the table lacks."""
        return tuple(_NAMES[part][-1] for part in NEEDED if part not in self._places)

    def text(self, cells: Sequence[str], part: Part) -> str:
        """Return what a row says of a part; empty where the table has no such column."""
        place = self._places.get(part)
        return "" if place is None else cells[place].strip()

    def has(self, part: Part) -> bool:
        """Say whether the table has a column for a part."""
        return part in self._places
