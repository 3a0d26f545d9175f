"""What all shapes are made of: days, exact figures, problems."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from sluicegate.core.calendars import parse_day

LAST_YEAR = 9900
"""The last year asked about: periods and windows that begin in it still end within dates."""


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("is not a day as text; write 2026-04-01")
    return parse_day(value)


def _near(day: date) -> date:
    if day.year > LAST_YEAR:
        raise ValueError(f"is too far ahead; give a day up to {LAST_YEAR}-12-31")
    return day


DAY_SCHEMA = {
    "type": "string",
    "format": "date",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "example": "2026-06-30",
}

Day = Annotated[date, BeforeValidator(_day), AfterValidator(_near), WithJsonSchema(DAY_SCHEMA)]
"""A legal day as ISO text; nothing else is one."""

_PRINTABLE = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(strict=True, max_length=300, pattern=_PRINTABLE)]
"""A short text."""
Text = Annotated[str, StringConstraints(strict=True, max_length=20_000, pattern=_PRINTABLE)]
"""A text of some pages at most."""
Reason = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=4_000, pattern=_PRINTABLE)
]
"""Why something is done; it is kept."""
Note = Annotated[str, StringConstraints(strict=True, max_length=4_000, pattern=_PRINTABLE)]
"""What else there is to say; may be empty."""
Identifier = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=300, pattern=_PRINTABLE)
]
"""An id; it is looked up and never made into a path."""

Exact = Annotated[
    str,
    Field(
        description="An exact figure as decimal text, such as 1.31e26 or all of its digits.",
        examples=["131000000000000000000000000"],
    ),
]
Digest = Annotated[str, Field(description="SHA-256 in hexadecimal.", pattern="^[0-9a-f]{64}$")]


def in_line(kind: type[Enum]) -> WithJsonSchema:
    """Return the schema of a member of a closed set where it stands, without a name of its own."""
    return WithJsonSchema({"type": "string", "enum": [one.value for one in kind]})


class Shape(BaseModel):
    """A shape without fields that are not named."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Sparse(BaseModel):
    """A shape whose fields with a default may be left out of an answer."""

    model_config = ConfigDict(extra="forbid")


class Open(BaseModel):
    """A shape that names what always stands; more may come with later versions."""

    model_config = ConfigDict(extra="allow")


class Bilingual(Shape):
    """A text in both languages."""

    en: str
    zh: str


class FieldFault(Shape):
    """What is wrong with one field of a request."""

    field: str
    problem: str


class FactFault(Shape):
    """What is wrong with one fact."""

    path: str
    problem: str


class Problem(Open):
    """A problem (RFC 9457). `type` names its kind and never changes."""

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str
    reasons: list[str] | None = Field(None, description="Why something may not be done.")
    action: str | None = Field(None, description="What was refused, of the actions in roles.")
    errors: list[FieldFault | str] | None = Field(
        None, description="Each wrong field, or the paths of bad facts in order."
    )
    error: str | None = Field(None, description="The first path of bad facts.")
    faults: list[FactFault] | None = None


class Cited(Shape):
    """A place in a text, and how certain it is that it says this."""

    text: str
    mark: str


def page_of(item: Any, name: str) -> type[BaseModel]:
    """Return the shape of a page of items."""
    from pydantic import create_model

    made: type[BaseModel] = create_model(
        name,
        __base__=Shape,
        __doc__="A page of a list; `next` is the cursor of the next one, null at the end.",
        items=(list[item], ...),
        next=(str | None, None),
    )
    return made
