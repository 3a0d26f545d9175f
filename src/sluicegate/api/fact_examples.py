"""Facts to begin with: every required fact of a question with a value that its type takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sluicegate.core.quantities import flop_text
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.specifications import Spec

_PLAIN: dict[Kind, Any] = {
    Kind.COUNTRY: "US",
    Kind.DATE: "2026-06-30",
    Kind.DATETIME: "2026-06-30T09:00:00+00:00",
    Kind.BOOLEAN: False,
    Kind.INTEGER: 1,
    Kind.NUMBER: 1,
    Kind.FLOP: "1.7e24",
    Kind.FLOP_PER_SECOND: "1.9e17",
    Kind.TPP: 4000,
    Kind.SHARE: 1,
    Kind.STRING: "example",
}


def example_facts(spec: Spec) -> dict[str, Any]:
    """Return the facts; what a question needs beyond its types it says when it is asked."""
    return _record(spec.facts)


def _record(specs: Iterable[FieldSpec]) -> dict[str, Any]:
    return {one.name: _value(one, one.shape) for one in specs if one.required}


def _value(spec: FieldSpec, shape: Shape) -> Any:
    if shape.key is not None and shape.item is not None:
        key = "1" if shape.key is Kind.INTEGER else _key(spec, shape.key)
        return {key: _value(spec, shape.item)}
    if shape.item is not None:
        return [_value(spec, shape.item)]
    if shape.kind is Kind.RECORD:
        return _record(spec.fields)
    if spec.values:
        return spec.values[0]
    assert shape.kind is not None
    value = _PLAIN[shape.kind]
    return _bounded(spec, value) if isinstance(value, int) else value


def _key(spec: FieldSpec, kind: Kind) -> str:
    return spec.values[0] if spec.values else str(_PLAIN.get(kind, "example"))


def _bounded(spec: FieldSpec, value: int) -> Any:
    """Return a whole number within the limits of a field."""
    if isinstance(value, bool):
        return value
    if spec.minimum is not None and value < spec.minimum:
        return int(flop_text(spec.minimum))
    if spec.maximum is not None and value > spec.maximum:
        return int(flop_text(spec.maximum))
    return value
