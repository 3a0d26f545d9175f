"""Whether an answer is what its question's specification promises: types, codes, limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sluicegate.rules.answers import Asked
from sluicegate.rules.countries import country_names
from sluicegate.rules.fields import FieldSpec, Kind, Shape

_MEMBERS = frozenset({"EU", "XK"})
"""Codes that an answer may have for a country besides those of countries: the Union is a member."""


def misfits(asked: Asked) -> list[tuple[str, Any]]:
    """Return the fields of an answer that are not as promised, with their values."""
    return [
        (spec.name, asked.answer[spec.name])
        for spec in asked.spec.answer
        if not fits(spec, asked.answer[spec.name])
    ]


def fits(spec: FieldSpec, value: Any) -> bool:
    """Say whether a value has the type of its field, or is null where that is allowed."""
    return spec.nullable if value is None else has_type(spec, spec.shape, value)


def has_type(spec: FieldSpec, shape: Shape, value: Any) -> bool:
    """Say whether a value has a shape, and lies within the limits of its field."""
    if shape.key is not None and shape.item is not None:
        item, key = shape.item, shape.key
        return isinstance(value, Mapping) and all(
            _is_scalar(spec, key, name) and has_type(spec, item, held)
            for name, held in value.items()
        )
    if shape.item is not None:
        item = shape.item
        return isinstance(value, list | tuple) and all(has_type(spec, item, v) for v in value)
    if shape.kind is Kind.RECORD:
        names = {part.name for part in spec.fields}
        return set(value) == names and all(fits(part, value[part.name]) for part in spec.fields)
    assert shape.kind is not None
    return _is_scalar(spec, shape.kind, value)


def _is_scalar(spec: FieldSpec, kind: Kind, value: Any) -> bool:
    match kind:
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.INTEGER:
            return type(value) is int and _is_within(spec, value)
        case Kind.NUMBER:
            return type(value) in (int, Fraction) and _is_within(spec, value)
        case Kind.FLOP | Kind.FLOP_PER_SECOND | Kind.TPP:
            return type(value) in (int, Fraction) and value >= 0 and _is_within(spec, value)
        case Kind.SHARE:
            return type(value) in (int, Fraction) and 0 <= value <= 1
        case Kind.DATE:
            return type(value) is date
        case Kind.DATETIME:
            return isinstance(value, datetime) and value.utcoffset() is not None
        case Kind.ENUM:
            return isinstance(value, str) and (not spec.values or value in spec.values)
        case Kind.COUNTRY:
            return isinstance(value, str) and (value in country_names() or value in _MEMBERS)
        case _:
            return isinstance(value, str)


def _is_within(spec: FieldSpec, value: int | Fraction) -> bool:
    low = spec.minimum is None or value >= spec.minimum
    above = spec.above is None or value > spec.above
    return low and above and (spec.maximum is None or value <= spec.maximum)
