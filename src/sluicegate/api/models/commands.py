"""Acts on a case as JSON: one tagged union, made from `cases.commands`."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from enum import Enum
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, RootModel, StrictBool, StrictInt, create_model

from sluicegate.api.models.common import Day, Identifier, Shape, Text
from sluicegate.api.models.shapes import code_of
from sluicegate.cases.commands import Attach, Command

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_LONG = frozenset({"text", "reason", "what", "summary", "ground"})
_MOST_DAYS = 3650
_MOST_ALERTS = 10_000


def _shape(kind: type[Any]) -> type[BaseModel]:
    hints = get_type_hints(kind)
    fields: dict[str, Any] = {"act": (Literal[command_name_of(kind)], ...)}
    for field in dataclasses.fields(kind):
        has_default = field.default is not dataclasses.MISSING
        default = field.default if has_default else ...
        fields[field.name] = (_annotation(field.name, hints[field.name]), default)
    doc = (kind.__doc__ or "").strip()
    made: type[BaseModel] = create_model(
        f"{kind.__name__}Act", __base__=Shape, __doc__=doc, **fields
    )
    return made


def command_name_of(kind: type[Any]) -> str:
    """Return the tag of a command.

    >>> from sluicegate.cases.commands import RequestInformation
    >>> command_name_of(RequestInformation)
    'request_information'
    """
    return _CAPITAL.sub("_", kind.__name__).lower()


def _annotation(name: str, hint: Any) -> Any:
    optional = [one for one in get_args(hint) if one is not type(None)]
    if type(None) in get_args(hint):
        return _annotation(name, optional[0]) | None
    if get_origin(hint) is tuple:
        return Annotated[tuple[Identifier, ...], Field(max_length=_MOST_ALERTS)]
    if hint is date:
        return Day
    if hint is bool:
        return StrictBool
    if hint is int:
        return Annotated[StrictInt, Field(ge=1, le=_MOST_DAYS)]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Literal[tuple(code_of(member) for member in hint)]
    return Text if name in _LONG else Annotated[Identifier, Field()]


KINDS: dict[str, type[Any]] = {
    command_name_of(kind): kind for kind in get_args(Command) if kind is not Attach
}
"""Tag → command; a file is attached by sending it."""

_SHAPES = {tag: _shape(kind) for tag, kind in KINDS.items()}


_UNION: Any = Annotated[reduce(or_, _SHAPES.values()), Field(discriminator="act")]

if TYPE_CHECKING:
    _Root = RootModel[Any]
else:
    _Root = RootModel[_UNION]


class CaseAct(_Root):
    """What is done to a case: `act` names it, the other fields are its own."""


def command_of(act: CaseAct) -> Command:
    """Return the command that an act stands for."""
    shape = act.root
    kind = KINDS[shape.act]
    hints = get_type_hints(kind)
    given = {
        field.name: _value(hints[field.name], getattr(shape, field.name))
        for field in dataclasses.fields(kind)
    }
    command: Command = kind(**given)
    return command


def _value(hint: Any, value: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(member for member in hint if code_of(member) == value)
    return value
