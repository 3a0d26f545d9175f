"""Values that fill a form, as a person would enter them."""

from __future__ import annotations

from typing import Any

from sluicegate.cases.filings.form import Field, FieldKind, Form

PARTY = {"name": "Mavoret Compute Ltd", "country": "NO", "email": "desk@mavoret.example"}
FILE = {"attachment": "a-1", "name": "log.txt", "sha256": "a" * 64}
PLAIN: dict[FieldKind, Any] = {
    FieldKind.TEXT: "one line",
    FieldKind.LONG_TEXT: "A sentence.\nAnother.",
    FieldKind.DAY: "2026-05-04",
    FieldKind.INSTANT: "2026-05-04T10:30:00+02:00",
    FieldKind.FLOP: "2.5e24",
    FieldKind.MONEY: {"amount": "120.50", "currency": "EUR"},
    FieldKind.PARTY: PARTY,
    FieldKind.COUNTRY: "NO",
    FieldKind.YES_NO: True,
    FieldKind.ATTACHMENT: FILE,
}


def value_of(field: Field) -> Any:
    """Return a value that a field takes; a choice has its first option."""
    if field.kind is FieldKind.CHOICE:
        return field.options[0].code
    if field.kind is FieldKind.PARTS:
        return [{part.id: value_of(part) for part in field.parts}]
    return PLAIN[field.kind]


def filled(form: Form) -> dict[str, Any]:
    """Return a value for every field of a form."""
    return {field.id: value_of(field) for field in form.fields}
