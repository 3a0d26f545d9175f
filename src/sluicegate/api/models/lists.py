"""Shapes of lists of parties: versions, differences, listed parties and designations."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sluicegate.api.models.common import Day, Identifier, Line, Note, Reason, Shape, in_line
from sluicegate.screening.entries import Schema

Names = Annotated[list[Line], Field(default_factory=list, max_length=50)]
Texts = list[str]
"""Where a field is called `list`."""


class ListInUse(Shape):
    """A list with the version that speaks for it, and how old it is and may be, in days."""

    list: str
    version: str
    published: str | None
    loaded: str
    entries: int
    days: int
    greatest: int
    stale: bool
    file: str
    issuer: str
    checksum: str


class ListsInUse(Shape):
    """The lists in use, in order of their ids."""

    items: list[ListInUse]


class ListVersionRow(Shape):
    """A version of a list as it was taken in, with its counts and checksum."""

    file: str
    version: str
    version_id: str
    issuer: str
    published: str | None
    loaded: str
    entries: int
    names: int
    counts: dict[str, int]
    problems: int
    size_bytes: int
    checksum: str
    reader: str
    source: str
    accepted_smaller: str | None
    by: str


Versions = list[ListVersionRow]


class ListVersions(Shape):
    """The versions of a list, oldest first."""

    list: str
    versions: Versions


class ListChangeRow(Shape):
    """An entry that was added, removed, renamed or changed, with the fields that differ."""

    change: str
    list: str
    entry: str
    name: str
    fields: Texts


class ListChangePage(Shape):
    """A page of what differs between two versions; `counts` is of all of it."""

    counts: dict[str, int]
    items: list[ListChangeRow]
    next: str | None


class ListedNumber(Shape):
    """A number or code of a listed party."""

    kind: str
    value: str
    country: str | None


Numbers = list[ListedNumber]


class ListEntryShown(Shape):
    """An entry of a list as its issuer writes it; `gone_on` is when its list had it no more."""

    list: str
    entry: str
    schema_: str = Field(alias="schema")
    name: str
    names: Texts
    weak_names: Texts
    countries: Texts
    birth_dates: Texts
    identifiers: Numbers
    addresses: Texts
    programmes: Texts
    since: str | None
    until: str | None
    gone_on: str | None


class ListedJoin(Shape):
    """A party that became a part of another (`into`), or stands by itself again, and why."""

    party: str
    into: str | None
    reason: str
    at: str
    by: str


class ListedPartyShown(Shape):
    """A listed party with its entries over all lists, and why they are one."""

    party: str
    name: str
    delisted_on: str | None
    entries: list[ListEntryShown]
    joins: list[ListedJoin]


class DesignationRow(Shape):
    """A designation that was entered by hand, and the party as which it is screened."""

    designation: str
    party: str
    name: str
    state: str
    expected: str
    dated: str
    document: str
    url: str | None
    met: str | None
    reason: str
    by: str


class DesignationMade(DesignationRow):
    """A designation as it was entered; `joins` says with what it is one party already."""

    joins: list[str]


class DesignationList(Shape):
    """Every designation that was entered by hand, at its last version."""

    items: list[DesignationRow]


class NumberBody(Shape):
    """A number or code of a party, such as kind imo, value 9187629."""

    kind: Identifier
    value: Identifier
    country: Annotated[str, Field(max_length=2)] = ""


class DesignationBody(Shape):
    """A designation published before its list carries it; the first name is the one shown."""

    names: Annotated[list[Identifier], Field(min_length=1, max_length=50)]
    expected: Identifier = Field(description="The list that will carry it.", examples=["us_sdn"])
    document: Identifier = Field(description="The document that published it.")
    dated: Day
    schema_: Annotated[Schema, in_line(Schema)] = Field(Schema.LEGAL_ENTITY, alias="schema")
    url: Line = ""
    weak_names: Names
    countries: Names
    birth_dates: Names
    identifiers: Annotated[list[NumberBody], Field(default_factory=list, max_length=50)]
    addresses: Names
    reason: Note = ""


class JoinBody(Shape):
    """Two listed parties that are one, and why."""

    first: Identifier
    second: Identifier
    reason: Reason


class Joined(Shape):
    """The party that became a part of another, which answers for both."""

    party: str
    into: str


class SplitBody(Shape):
    """Entries (LIST:ENTRY) that are taken out of a listed party, and why."""

    party: Identifier
    entries: Annotated[list[Identifier], Field(min_length=1, max_length=200)]
    reason: Reason


class Split(Shape):
    """The id of the party that was taken out."""

    parted: str


class FetchBody(Shape):
    """Lists to be fetched; without any, all in use whose issuer's address is known."""

    lists: Annotated[list[Identifier], Field(default_factory=list, max_length=50)]
    accept_smaller: Note = Field("", description="Why many entries are gone; it is kept.")
