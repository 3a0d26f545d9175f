"""Shapes of links between customers, their groups, and what people decided about them."""

from __future__ import annotations

from pydantic import Field

from sluicegate.api.models.common import Day, Identifier, Reason, Shape
from sluicegate.services.linkage.suggesting import LEAST_PER_MILLE


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
    set_aside: str | None
    why_set_aside: str | None


class CommonThing(Shape):
    """A thing that too many customers share to link them, by its digest.

    `customers` are those of them that were asked about.
    """

    kind: str
    kind_label: str
    evidence: str
    sharers: int
    customers: list[str]
    why: str


class LinksNotUsed(Shape):
    """What was found and links nobody: things too common, and links that would join too many."""

    common: list[CommonThing]
    set_aside: list[LinkShown]


class SuggestedLink(Shape):
    """Two customers that a model takes for one, and what of them agrees."""

    a: str
    b: str
    per_mille: int
    agreeing: list[str]


class SuggestedLinkList(Shape):
    """Suggested pairs about which nobody has decided, the most probable first."""

    items: list[SuggestedLink]


class FindLinksBody(Shape):
    """The day to look at, today if left out, and whether a model suggests duplicates too.

    `least_per_mille` is the probability from which it does, in thousandths.
    """

    as_of: Day | None = None
    suggest: bool = Field(False, examples=[True])
    least_per_mille: int = Field(LEAST_PER_MILLE, ge=1, le=1000)


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
    not_used: list[CommonThing]


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
