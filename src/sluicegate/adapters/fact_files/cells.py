"""What a cell of a file of facts stands for: the literal that `ask` takes.

| cell | literal |
| --- | --- |
| empty | not given, or null where the fact is required and may be null |
| `null`, where the fact may be null and is no free text | null |
| of a number, share or TPP: a JSON number | that number, exact |
| of a boolean: true or false, in any of YAML's spellings | that boolean |
| of a list, map or record: JSON | what the JSON holds |
| anything else | its text |

A cell that is none of these is its text, which the question then refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.services.bulk import NOT_GIVEN

Literal = Callable[[str | None], Any]

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.SHARE, Kind.TPP})
_COUNTS = frozenset({Kind.FLOP, Kind.FLOP_PER_SECOND})
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,4})?")
_LONGEST_NUMBER = 1000
_BOOLEANS = {
    spelt: value
    for value in (True, False)
    for spelt in (str(value), str(value).lower(), str(value).upper())
}


def literal_of(spec: FieldSpec, *, typed: bool = False) -> Literal:
    """Return the function that gives the literal of a cell of a fact; None is an empty cell.

    With `typed` the cells are of a column of lists, structs or maps as JSON, in
    which a null part of a record is one that was not given.
    """
    read = _reader(spec, typed)
    empty = None if spec.required and spec.nullable else NOT_GIVEN
    null = spec.nullable and spec.shape.kind is not Kind.STRING
    if read is str and not null:
        return lambda cell: empty if cell is None else cell

    def literal(cell: str | None) -> Any:
        if cell is None:
            return empty
        return None if null and cell == "null" else read(cell)

    return literal


def _reader(spec: FieldSpec, typed: bool) -> Callable[[str], Any]:
    kind = spec.shape.kind
    if kind is None or kind is Kind.RECORD:
        return lambda cell: _nested(spec, cell, typed)
    if kind in _NUMBERS:
        return number
    return _boolean if kind is Kind.BOOLEAN else str


def number(cell: str) -> int | Decimal | str:
    """Return the number that a cell holds, exact; another cell is its text.

    >>> number("5"), number("0.40"), number("1e26"), number("07")
    (5, Decimal('0.40'), Decimal('1E+26'), '07')
    """
    found = _NUMBER.fullmatch(cell)
    if found is None or len(cell) > _LONGEST_NUMBER:
        return cell
    return Decimal(cell) if found[1] or found[2] else int(cell)


def _boolean(cell: str) -> bool | str:
    return _BOOLEANS.get(cell, cell)


def _nested(spec: FieldSpec, cell: str, typed: bool) -> Any:
    try:
        value = load_json(cell)
    except ExactTextError:
        return cell
    return _as_literal(spec, spec.shape, value) if typed else value


def _as_literal(spec: FieldSpec, shape: Shape, value: Any) -> Any:
    """Return a value of a typed file as literals: counts as text, null parts left out."""
    if shape.item is not None:
        if isinstance(value, Mapping):
            return {key: _as_literal(spec, shape.item, part) for key, part in value.items()}
        if isinstance(value, list):
            return [_as_literal(spec, shape.item, part) for part in value]
    if shape.kind is Kind.RECORD and isinstance(value, Mapping):
        specs = {part.name: part for part in spec.fields}
        return {
            name: _as_literal(specs[name], specs[name].shape, part) if name in specs else part
            for name, part in value.items()
            if part is not None or (name in specs and specs[name].required)
        }
    if shape.kind in _COUNTS and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return value
