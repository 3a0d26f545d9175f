"""The JSON Schema of a form's document, for whoever receives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sluicegate.cases.filings.checking import MOST_ENTRIES
from sluicegate.cases.filings.filing import FilingState
from sluicegate.cases.filings.form import Condition, Field, FieldKind, Form
from sluicegate.cases.filings.values import ATTACHMENT_PARTS, LINE, LONG, PARTY_PARTS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_COUNT = "^[0-9]+$"
_DIGEST = "^[0-9a-f]{64}$"


def filing_schema(form: Form) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the document of a form that is complete.

    What it cannot say, such as that an end is not before its begin, the check of
    the form says.
    """
    text = {"type": "string"}
    return {
        "$schema": DRAFT,
        "$id": f"urn:sluicegate:filing:{form.id}:{form.digest[:16]}",
        "title": form.title.en,
        "type": "object",
        "additionalProperties": False,
        "required": ["filing", "form", "form_digest", "duty", "recipient", "values", "digest"],
        "properties": {
            "filing": text,
            "form": {"const": form.id},
            "form_digest": {"type": "string", "pattern": _DIGEST},
            "instruments": {"const": list(form.instruments)},
            "duty": {"enum": list(form.duties)} if form.duties else text,
            "recipient": {
                "type": "object",
                "properties": {"en": text, "zh": text},
                "required": ["en", "zh"],
            },
            "corrects": {"type": ["string", "null"]},
            "values": _level(form.fields),
            "digest": {"type": "string", "pattern": _DIGEST},
            "state": {"enum": [one.value for one in FilingState]},
            "version": {"type": "integer", "minimum": 1},
            "filed_at": {"type": ["string", "null"], "format": "date-time"},
        },
    }


def _level(fields: Sequence[Field]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {one.id: _described(one) for one in fields},
        "required": [one.id for one in fields if one.is_required],
    }
    rules = [
        {"if": _holds(one.required_when), "then": {"required": [one.id]}}
        for one in fields
        if one.required_when
    ]
    return {**schema, "allOf": rules} if rules else schema


def _holds(conditions: Sequence[Condition]) -> dict[str, Any]:
    return {"allOf": [_condition(one) for one in conditions]}


def _condition(condition: Condition) -> dict[str, Any]:
    given = {"required": [condition.field]}
    if condition.is_given is not None:
        return given if condition.is_given else {"not": given}
    return {**given, "properties": {condition.field: {"enum": list(condition.values)}}}


def _described(field: Field) -> dict[str, Any]:
    asked = "; ".join(one.reference for one in field.clauses)
    return {"title": field.label.en, "description": asked, **_shape(field)}


def _shape(field: Field) -> dict[str, Any]:
    match field.kind:
        case FieldKind.CHOICE:
            return {"enum": [one.code for one in field.options]}
        case FieldKind.PARTS:
            return {"type": "array", "maxItems": MOST_ENTRIES, "items": _level(field.parts)}
        case _:
            return _SHAPES[field.kind]


def _object(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties) if required is None else required,
    }


_LINE: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": LINE}
_CURRENCY = {"type": "string", "pattern": "^[A-Z]{3}$"}
_SHAPES: dict[FieldKind, dict[str, Any]] = {
    FieldKind.TEXT: _LINE,
    FieldKind.LONG_TEXT: {**_LINE, "maxLength": LONG},
    FieldKind.DAY: {"type": "string", "format": "date", "pattern": _DAY},
    FieldKind.INSTANT: {"type": "string", "format": "date-time"},
    FieldKind.FLOP: {"type": "string", "pattern": _COUNT},
    FieldKind.MONEY: _object({"amount": _LINE, "currency": _CURRENCY}),
    FieldKind.PARTY: _object(dict.fromkeys(PARTY_PARTS, _LINE), required=["name"]),
    FieldKind.COUNTRY: {"type": "string", "pattern": "^[A-Z]{2}$"},
    FieldKind.YES_NO: {"type": "boolean"},
    FieldKind.ATTACHMENT: _object(
        dict.fromkeys(ATTACHMENT_PARTS, _LINE), required=["attachment", "sha256"]
    ),
}
"""What a value of a kind looks like; choices and lists depend on their field."""
