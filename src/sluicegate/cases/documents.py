"""Frozen values as JSON documents and back, by their annotations.

A field that has its default is left out, so that a document written before a
field existed reads as one written after.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")

Turn = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    default: Any
    write: Turn | None
    read: Turn | None


class DocumentError(ValueError):
    """A stored document that does not have the shape of its kind."""


def as_document(value: Any) -> dict[str, Any]:
    """Return a frozen value as JSON values; days and instants as ISO text, members by value.

    >>> from sluicegate.cases.case import ClockStep
    >>> as_document(ClockStep("on {day}", (("day", "2026-05-01"),)))
    {'template': 'on {day}', 'values': [['day', '2026-05-01']]}
    """
    found: dict[str, Any] = {}
    kind: Any = type(value)
    for part in _parts(kind):
        held = getattr(value, part.name)
        if held is part.default or held == part.default:
            continue
        found[part.name] = held if part.write is None or held is None else part.write(held)
    return found


def from_document(kind: type[Value], document: Mapping[str, Any]) -> Value:
    """Return the value that a document stands for; fields unknown to its kind are passed over.

    Raises:
        DocumentError: a field is missing or holds what it may not.
    """
    given: dict[str, Any] = {}
    shape: Any = kind
    try:
        for part in _parts(shape):
            if part.name in document:
                held = document[part.name]
                given[part.name] = held if part.read is None or held is None else part.read(held)
        return kind(**given)
    except (TypeError, ValueError, AttributeError) as error:
        raise DocumentError(f"{kind.__name__}: {error}; the stored document is damaged") from error


def write_json(value: Any) -> str:
    """Return a frozen value as JSON text."""
    return json.dumps(as_document(value), ensure_ascii=False, separators=(",", ":"))


def read_json(kind: type[Value], text: str) -> Value:
    """Return the value that a JSON text stands for."""
    return from_document(kind, json.loads(text))


@cache
def _parts(kind: Any) -> tuple[_Part, ...]:
    hints = get_type_hints(kind)
    return tuple(
        _Part(
            one.name,
            MISSING if one.default is MISSING else one.default,
            _writer(hints[one.name]),
            _reader(hints[one.name]),
        )
        for one in fields(kind)
    )


def _plain(hint: Any) -> Any:
    """Return what a hint says besides None."""
    if get_origin(hint) in (Union, types.UnionType):
        kinds = [one for one in get_args(hint) if one is not type(None)]
        if len(kinds) == 1:
            return kinds[0]
    return hint


def _item(hint: Any) -> Any:
    """Return what each item of a tuple is."""
    return get_args(hint)[0]


def _writer(hint: Any) -> Turn | None:
    kind = _plain(hint)
    if get_origin(kind) is tuple:
        inner = _writer(_item(kind))
        return list if inner is None else lambda held: [inner(one) for one in held]
    if is_dataclass(kind):
        return as_document
    if issubclass(kind, Enum):
        return lambda held: held.value
    if issubclass(kind, datetime):
        return datetime.isoformat
    return date.isoformat if issubclass(kind, date) else None


def _reader(hint: Any) -> Turn | None:
    kind = _plain(hint)
    if get_origin(kind) is tuple:
        if get_args(kind)[-1] is not Ellipsis:
            return tuple
        inner = _reader(_item(kind))
        return tuple if inner is None else lambda held: tuple(inner(one) for one in held)
    if is_dataclass(kind) and isinstance(kind, type):
        return lambda held: from_document(kind, held)
    if issubclass(kind, Enum):
        return lambda held: kind(held)
    if issubclass(kind, datetime):
        return datetime.fromisoformat
    return date.fromisoformat if issubclass(kind, date) else None
