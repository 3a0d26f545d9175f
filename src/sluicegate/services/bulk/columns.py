"""Facts of many rows, in columns: the literals of a fact, each once, and which row has which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sluicegate.rules.fields import FieldSpec

Numbers = NDArray[np.int64]
"""Numbers of rows, or for each row the number of its literal."""

_SAMPLE = 4096


class NotGiven(Enum):
    """The literal of a fact that a row does not give."""

    NOT_GIVEN = "not given"


NOT_GIVEN = NotGiven.NOT_GIVEN


@dataclass(frozen=True)
class Column:
    """One fact of many rows: `literals[codes[row]]` is the literal of a row.

    A literal is one that `ask` takes, or NOT_GIVEN. The same literal may have
    more than one code; that costs time and changes nothing.
    """

    codes: Numbers
    literals: Sequence[Any]

    @classmethod
    def of(
        cls, cells: Sequence[Any], literal: Callable[[Any], Any], key: Callable[[Any], object]
    ) -> Column:
        """Return the column of cells; cells of one key have one literal."""
        firsts: dict[object, int] = {}
        codes = np.fromiter(
            (firsts.setdefault(key(cell), len(firsts)) for cell in cells), np.int64, len(cells)
        )
        found = np.unique(codes, return_index=True)[1]
        return cls(codes, [literal(cells[place]) for place in found.tolist()])

    @classmethod
    def of_texts(cls, cells: Sequence[str | None], literal: Callable[[str | None], Any]) -> Column:
        """Return the column of cells of a file; a sample says whether most cells differ."""
        sample = cells[:_SAMPLE]
        if len(sample) == _SAMPLE and len(set(sample)) > 0.9 * _SAMPLE:
            return cls(np.arange(len(cells)), list(map(literal, cells)))
        numbers: defaultdict[str | None, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        codes = np.fromiter(map(numbers.__getitem__, cells), np.int64, len(cells))
        return cls(codes, list(map(literal, numbers)))

    @classmethod
    def constant(cls, literal: Any, size: int) -> Column:
        """Return a column that has one literal in every row."""
        return cls(np.zeros(size, np.int64), [literal])

    def taken(self, rows: Numbers) -> Column:
        """Return the column of some rows, with the literals that they have."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        return Column(codes, [self.literals[code] for code in used.tolist()])

    def cell(self, row: int) -> Any:
        """Return the literal of a row."""
        return self.literals[self.codes[row]]


@dataclass(frozen=True)
class FactTable:
    """The facts of many rows of one question.

    A fact without a column is given in no row. `days` holds the day of each
    row, where rows have their own; NOT_GIVEN is the day of the whole table.
    `odd` holds what is no table row (unknown fields, no record): it is asked
    as it stands.
    """

    size: int
    columns: Mapping[str, Column]
    days: Column | None = None
    odd: Mapping[int, object] = field(default_factory=dict)

    def facts(self, row: int) -> object:
        """Return the facts of a row as `ask` takes them."""
        if row in self.odd:
            return self.odd[row]
        cells = {name: column.cell(row) for name, column in self.columns.items()}
        return {name: cell for name, cell in cells.items() if cell is not NOT_GIVEN}

    @classmethod
    def of(cls, specs: Iterable[FieldSpec], rows: Sequence[object]) -> FactTable:
        """Return the table of rows that are facts as `ask` takes them."""
        names = [spec.name for spec in specs]
        known = set(names)
        odd = {
            number: row
            for number, row in enumerate(rows)
            if not (isinstance(row, Mapping) and known.issuperset(row))
        }
        plain = [{} if number in odd else row for number, row in enumerate(rows)]
        columns = {
            name: Column.of([_given(row, name) for row in plain], lambda cell: cell, _key)
            for name in names
        }
        return cls(len(rows), columns, None, odd)


def _given(row: Any, name: str) -> Any:
    return row.get(name, NOT_GIVEN)


def _key(literal: Any) -> object:
    """Return what two literals share only when they are written alike.

    `True`, `1` and `Decimal("1.0")` are equal in Python and are three literals.
    """
    return literal if type(literal) is str else (repr(literal),)
