"""JSON Schema (2020-12) of every question's facts and answer."""

from __future__ import annotations

from typing import Any

from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.quantities import flop_text
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.specifications import Spec

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DECIMAL_TEXT = r"^\+?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,4})?$"

_KINDS: dict[Kind, dict[str, Any]] = {
    Kind.COUNTRY: {"type": "string", "pattern": "^[A-Z]{2}$"},
    Kind.DATE: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLOP: {"type": "string", "pattern": _DECIMAL_TEXT},
    Kind.FLOP_PER_SECOND: {"type": "string", "pattern": _DECIMAL_TEXT},
    Kind.TPP: {"type": "number", "minimum": 0},
    Kind.SHARE: {"type": "number", "minimum": 0, "maximum": 1},
    Kind.ENUM: {"type": "string"},
    Kind.STRING: {"type": "string"},
}


def facts_schema(spec: Spec) -> dict[str, Any]:
    """Return the schema that a question's facts must meet."""
    return {
        "$schema": DRAFT,
        "title": spec.title.en,
        "description": spec.notes,
        **_record(spec.facts, facts=True),
    }


def answer_schema(spec: Spec) -> dict[str, Any]:
    """Return the schema that a question's answer meets."""
    return {"$schema": DRAFT, "title": spec.title.en, **_record(spec.answer, facts=False)}


def _record(fields: tuple[FieldSpec, ...], *, facts: bool) -> dict[str, Any]:
    required = [spec.name for spec in fields if spec.required or not facts]
    return {
        "type": "object",
        "properties": {spec.name: _field(spec, facts=facts) for spec in fields},
        "required": required,
        "additionalProperties": False,
    }


def _field(spec: FieldSpec, *, facts: bool) -> dict[str, Any]:
    shape = _shape(spec, spec.shape, facts=facts)
    if spec.nullable:
        shape = {"anyOf": [shape, {"type": "null"}]}
    schema: dict[str, Any] = {"description": spec.meaning, **shape}
    if spec.unit:
        schema["x-unit"] = spec.unit
    if isinstance(spec.default, dict):
        schema["x-default"] = spec.default
    elif facts and not spec.required:
        schema["default"] = load_json(dump_json(spec.default))
    if spec.needed_when:
        schema["x-needed-when"] = {name: list(v) for name, v in spec.needed_when.items()}
    return schema


def _shape(spec: FieldSpec, shape: Shape, *, facts: bool) -> dict[str, Any]:
    if shape.is_map and shape.item is not None:
        return {"type": "object", "additionalProperties": _shape(spec, shape.item, facts=facts)}
    if shape.item is not None:
        return {"type": "array", "items": _shape(spec, shape.item, facts=facts)}
    if shape.kind is Kind.RECORD:
        return _record(spec.fields, facts=facts)
    assert shape.kind is not None
    schema = dict(_KINDS[shape.kind])
    if spec.values:
        schema["enum"] = list(spec.values)
    for keyword, bound in (
        ("minimum", spec.minimum),
        ("exclusiveMinimum", spec.above),
        ("maximum", spec.maximum),
    ):
        if bound is not None and shape.kind not in (Kind.FLOP, Kind.FLOP_PER_SECOND):
            schema[keyword] = load_json(flop_text(bound))
    return schema
