"""Shapes of answers made from the dataclasses that services return.

A dataclass becomes a Pydantic model with the same fields, and its values become
JSON by the same annotations: a day and an instant are ISO text, a member of a
closed set its code, a sentence its words in a language, an exact figure decimal
text. So what is described and what is sent cannot differ.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, create_model

from sluicegate.api.models.common import Bilingual, Day, Exact, Shape
from sluicegate.api.models.findings import FigureShown, FindingRow, ObligationRow
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import Sentence
from sluicegate.core.trace import Figure
from sluicegate.rules.instruments import Title
from sluicegate.services.ports import present
from sluicegate.services.ports.work import Told

Convert = Callable[[Any, Language], Any]

_FIGURE = frozenset({int, Fraction})


@dataclasses.dataclass(frozen=True)
class Shaped:
    """A model for the OpenAPI document, and what makes a value fit it."""

    model: type[BaseModel]
    convert: Convert


def shape_of(
    kind: type[Any],
    name: str | None = None,
    *,
    without: Collection[str] = (),
    rename: Mapping[str, str] | None = None,
) -> Shaped:
    """Return the shape of a dataclass; `without` leaves fields out, `rename` gives other names."""
    hints = get_type_hints(kind)
    renamed = rename or {}
    fields: dict[str, Any] = {}
    converts: list[tuple[str, str, Convert]] = []
    for field in dataclasses.fields(kind):
        if field.name in without:
            continue
        hint, convert = _typed(hints[field.name])
        told = renamed.get(field.name, field.name)
        fields[told] = (hint, ...)
        converts.append((field.name, told, convert))

    def document(value: Any, language: Language) -> dict[str, Any]:
        return {told: convert(getattr(value, own), language) for own, told, convert in converts}

    doc = (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
    model = create_model(name or kind.__name__, __base__=Shape, __doc__=doc, **fields)
    return Shaped(model, document)


@lru_cache(maxsize=512)
def _shape_of(kind: type[Any]) -> Shaped:
    return shape_of(kind)


def _typed(hint: Any) -> tuple[Any, Convert]:
    """Return the annotation of a field in a model, and what makes a value fit it."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _union(arguments)
    if origin is not None and isinstance(origin, type):
        if issubclass(origin, Mapping):
            return _mapping(arguments)
        if issubclass(origin, (Sequence, Collection)):
            return _sequence(arguments)
    if hasattr(hint, "__supertype__"):
        return _typed(hint.__supertype__)
    if isinstance(hint, type):
        return _plain(hint)
    return Any, _anything


def _plain(kind: type[Any]) -> tuple[Any, Convert]:
    known = _KNOWN.get(kind)
    if known is not None:
        return known
    if issubclass(kind, Enum):
        codes = [code_of(member) for member in kind]
        return _coded(codes), lambda value, _language: code_of(value)
    if dataclasses.is_dataclass(kind):
        shaped = _shape_of(kind)
        return shaped.model, shaped.convert
    return Any, _anything


def _coded(codes: list[str]) -> Any:
    from typing import Annotated

    return Annotated[str, Field(json_schema_extra={"enum": list(codes)})]


def code_of(member: Enum) -> str:
    """Return the code of a member of a closed set: its value, or its name where that is a number.

    >>> from sluicegate.cases.case import Priority, State
    >>> code_of(Priority.URGENT), code_of(State.NEW)
    ('urgent', 'new')
    """
    return member.value if isinstance(member.value, str) else member.name.lower()


def _union(arguments: tuple[Any, ...]) -> tuple[Any, Convert]:
    kinds = [one for one in arguments if one is not type(None)]
    is_optional = len(kinds) < len(arguments)
    if frozenset(kinds) == _FIGURE:
        hint, convert = _KNOWN[Fraction]
    elif len(kinds) == 1:
        hint, convert = _typed(kinds[0])
    else:
        hint, convert = Any, _anything
    if not is_optional or hint is Any:
        return hint, convert
    return hint | None if isinstance(hint, type) else Union[hint, None], (  # noqa: UP007
        lambda value, language: None if value is None else convert(value, language)
    )


def _mapping(arguments: tuple[Any, ...]) -> tuple[Any, Convert]:
    inner, convert = _typed(arguments[1] if arguments else Any)

    def document(found: Mapping[Any, Any], language: Language) -> dict[str, Any]:
        return {_key(name): convert(one, language) for name, one in found.items()}

    return dict[str, inner], document  # type: ignore[valid-type]


def _key(name: Any) -> str:
    if isinstance(name, Enum):
        return code_of(name)
    return name.isoformat() if isinstance(name, date) else str(name)


def _sequence(arguments: tuple[Any, ...]) -> tuple[Any, Convert]:
    kinds = [one for one in arguments if one is not Ellipsis]
    if len(kinds) != 1:
        pairs = [_typed(one)[1] for one in kinds]
        return list[Any], lambda found, language: [
            convert(one, language) for convert, one in zip(pairs, found, strict=True)
        ]
    inner, convert = _typed(kinds[0])

    def items(found: Collection[Any], language: Language) -> list[Any]:
        ordered = sorted(found) if isinstance(found, set | frozenset) else found
        return [convert(one, language) for one in ordered]

    return list[inner], items  # type: ignore[valid-type]


def _anything(value: Any, language: Language) -> Any:
    """Return any value as JSON; for fields whose type is not told."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _typed(type(value))[1](value, language)
    if isinstance(value, Mapping):
        return {_key(name): _anything(one, language) for name, one in value.items()}
    if isinstance(value, Sequence | frozenset | set) and not isinstance(value, str | bytes):
        return [_anything(one, language) for one in value]
    if isinstance(value, Enum):
        return code_of(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return flop_text(value)
    return value


def _same(value: Any, _language: Language) -> Any:
    return value


_KNOWN: dict[type[Any], tuple[Any, Convert]] = {
    str: (str, _same),
    int: (int, _same),
    bool: (bool, _same),
    Fraction: (Exact, lambda value, _language: flop_text(value)),
    date: (Day, lambda value, _language: value.isoformat()),
    datetime: (str, lambda value, _language: value.isoformat()),
    Sentence: (str, lambda value, language: value.text(language)),
    Figure: (FigureShown, lambda value, _language: value.as_json()),
    Title: (Bilingual, lambda value, _language: {"en": value.en, "zh": value.zh}),
    Told: (str, lambda value, language: getattr(value, language.value)),
    present.FindingRow: (FindingRow, lambda value, _language: value.as_json()),
    present.ObligationRow: (ObligationRow, lambda value, _language: value.as_json()),
}
