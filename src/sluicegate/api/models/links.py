"""Shapes of links between customers, their groups, and what people decided about them."""

from __future__ import annotations

from pydantic import Field

from sluicegate.api.models.common import Identifier, Reason, Shape


class LinkedGroupRow(Shape):
    """A group of linked customers, with how many customers and links it has."""

    group: str
    members: int
    links: int


class LinkedGroupPage(Shape):
    """A page of groups in order of their ids; `as_of` is null where nobody looked for links yet."""

    as_of: str | None
    policy: str | None
    items: list[LinkedGroupRow]
    next: str | None


class LinkShown(Shape):
    """Something that two customers share, by its digest and never by its value."""

    a: str
    b: str
    kind: str
    kind_label: str
    family: str
    evidence: str
    weight: int
    sharers: int
    decides: bool
    holds: bool
    since: str | None
    until: str | None
    why: str


class LinkDecision(Shape):
    """What a person decided about two customers."""

    a: str
    b: str
    verdict: str
    reason: str
    by: str
    at: str


class LinkDecisionList(Shape):
    """Everything that people decided about links, oldest first."""

    items: list[LinkDecision]


class LinkedGroupShown(Shape):
    """A group of linked customers: who is in it, what links them, what was decided."""

    group: str
    as_of: str | None
    policy: str | None
    members: list[str]
    links: list[LinkShown]
    decisions: list[LinkDecision]


class LinkBody(Shape):
    """Two customers, and why it is decided; to cut, `other` may be a group of linked customers."""

    one: Identifier = Field(examples=["c-17"])
    other: Identifier = Field(examples=["c-21"])
    reason: Reason


class LinkDecided(Shape):
    """What a decision did; `through` is the way by which the two still stand in one group."""

    a: str
    b: str
    verdict: str
    reason: str
    still_together: bool
    through: list[str]
    group: str | None


class LinksCut(Shape):
    """What cutting did: one pair, or every pair of a customer and a group."""

    items: list[LinkDecided]
