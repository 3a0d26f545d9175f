"""One fact of many rows, checked: its exact value by code, and a float near it to sort rows by.

Nothing is decided by the floats: where one lies near a level, the exact value
of the row decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sluicegate.core.quantities import DECIMAL, Exact, exact, exact_ratio
from sluicegate.rules.facts import BadFactsError, DefaultOf, read_fact
from sluicegate.rules.fields import FieldSpec, Kind
from sluicegate.rules.recorded import FIGURES
from sluicegate.services.bulk.columns import NOT_GIVEN, Column, Numbers

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_TEXTS = (Kind.FLOP, Kind.FLOP_PER_SECOND)
_LONGEST = 1000


class Field:
    """The values of one fact; a code is the number of a literal.

    `near` holds for each code a float within 2^-53 of its figure or day, NaN
    where there is none; `given` whether the value is not null; `faulty` whether
    the literal was refused; `unbounded` whether the limits of its field are still
    to be looked at, as for figures that were not read one by one.
    """

    def __init__(self, spec: FieldSpec, column: Column, default_of: DefaultOf) -> None:
        self.spec = spec
        self.codes = column.codes
        self._literals = column.literals
        self._values: dict[int, Any] = {}
        kind = spec.shape.kind
        plain = _plain_figures(spec, column.literals) if kind in FIGURES else None
        size = len(column.literals)
        self.near: Floats = np.full(size, np.nan) if plain is None else plain
        self.given: Flags = np.ones(size, bool)
        self.faulty: Flags = np.zeros(size, bool)
        self.unbounded: Flags = ~np.isnan(self.near)
        rest = range(size) if plain is None else np.flatnonzero(np.isnan(plain)).tolist()
        self._read(rest, default_of)

    def _read(self, codes: Iterable[int], default_of: DefaultOf) -> None:
        """Read the literals of codes as `ask` reads them, each once."""
        name = self.spec.name
        for code in codes:
            literal = self._literals[code]
            try:
                raw = {} if literal is NOT_GIVEN else {name: literal}
                value = read_fact(self.spec, raw, default_of)
            except BadFactsError:
                self.faulty[code] = True
                continue
            self._values[code] = value
            self.given[code] = value is not None
            self.near[code] = _near(value)

    def value(self, code: int) -> Any:
        """Return the exact value of a code; a figure is read when it is asked for."""
        if code not in self._values:
            self._values[code] = _figure(self._literals[code])
        return self._values[code]

    def values(self, codes: Iterable[int]) -> list[Any]:
        """Return the exact values of codes, none of them to be asked for again."""
        known, literals = self._values, self._literals
        return [known[code] if code in known else _figure(literals[code]) for code in codes]

    def by_code(self) -> Field:
        """Return the field with one row for each code."""
        other = copy(self)
        other.codes = np.arange(len(self._literals))
        return other


class RowFacts(Mapping[str, Any]):
    """The typed facts of one row, each taken when it is read."""

    def __init__(self, fields: Mapping[str, Field], row: int) -> None:
        self._fields, self._row = fields, row

    def __getitem__(self, name: str) -> Any:
        field = self._fields[name]
        return field.value(int(field.codes[self._row]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(frozen=True, slots=True)
class Sets:
    """The different sets of exact values that rows have of some facts.

    `columns` holds for each fact its value in every set, `back` the set of each
    row.
    """

    columns: dict[str, list[Any]]
    back: Numbers

    @classmethod
    def of(cls, fields: Mapping[str, Field], facts: Iterable[str], rows: Numbers) -> Sets:
        """Return the sets that rows have of facts, each set of literals once."""
        named = {fact: fields[fact] for fact in facts}
        back = np.zeros(len(rows), np.int64)
        for each in named.values():
            seen, codes = np.unique(each.codes[rows], return_inverse=True)
            back = np.unique(back * len(seen) + codes, return_inverse=True)[1]
        firsts = rows[np.unique(back, return_index=True)[1]]
        found = {fact: each.values(each.codes[firsts].tolist()) for fact, each in named.items()}
        return cls(found, back)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each set as fact → value."""
        for row in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, row, strict=True))


def _plain_figures(spec: FieldSpec, literals: Iterable[Any]) -> Floats:
    """Return a float for each literal that is a figure as it stands, NaN for any other."""
    near: Callable[[Any], float]
    near = _near_text if spec.shape.kind in _TEXTS else _near_number
    return np.fromiter(map(near, literals), np.float64)


def _figure(literal: str | int | Decimal) -> Exact:
    """Return the figure that a literal is, which was looked at before."""
    return exact_ratio(Decimal(literal)) if isinstance(literal, str) else exact(literal)


def _near_text(literal: Any) -> float:
    if type(literal) is str and len(literal) <= _LONGEST and DECIMAL.fullmatch(literal):
        return float(literal)
    return math.nan


def _near_number(literal: Any) -> float:
    if type(literal) is int:
        return _near(literal)
    if type(literal) is Decimal and literal.is_finite() and abs(literal.adjusted()) < _LONGEST:
        return float(literal)
    return math.nan


def _near(value: Any) -> float:
    """Return the float next to a figure or to a day's ordinal, NaN for anything else."""
    if isinstance(value, date):
        return float(value.toordinal())
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
