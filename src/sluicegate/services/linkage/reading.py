"""Groups of linked customers as they were last found, with why, for people to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.core.phrases import Language, term
from sluicegate.screening.linkage import Decision, Link, shipped_policy, standing_of
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.linkage.finding import Linked
from sluicegate.services.ports.links import (
    KeptCommon,
    KeptGroup,
    KeptLink,
    LinkMark,
    Suggestion,
)

LINKED_GROUP = "linked_group"
MOST_GROUPS = 500


@dataclass(frozen=True, slots=True)
class GroupList:
    """Groups in order of their ids, and when they were found (None: never yet)."""

    mark: LinkMark | None
    groups: Sequence[KeptGroup]


@dataclass(frozen=True, slots=True)
class LinkedGroup:
    """A group of linked customers: who is in it, what links them, what was decided.

    `common` are things that several of them have and too many others as well.
    """

    group_id: str
    mark: LinkMark | None
    members: Sequence[str]
    links: Sequence[KeptLink]
    decisions: Sequence[Decision]
    common: Sequence[KeptCommon]

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return the group as a document."""
        return {
            "group": self.group_id,
            "as_of": None if self.mark is None else self.mark.as_of.isoformat(),
            "policy": None if self.mark is None else self.mark.version,
            "members": list(self.members),
            "links": [link_row(one, language) for one in self.links],
            "decisions": [decision_row(one) for one in self.decisions],
            "not_used": [common_row(one, language) for one in self.common],
        }


def found_row(linked: Linked) -> dict[str, Any]:
    """Return what came of a search for links, in figures."""
    mark = linked.mark()
    return {
        "as_of": mark.as_of.isoformat(),
        "policy": mark.version,
        "customers": mark.customers,
        "links": mark.links,
        "groups": mark.groups,
        "linked_customers": len(linked.group_of),
        "too_common": mark.common,
        "set_aside": mark.aside,
    }


def link_row(kept: KeptLink, language: Language = Language.EN) -> dict[str, Any]:
    """Return a link as columns; what is shared is shown by its digest."""
    link: Link = kept.link
    return {
        "a": link.a,
        "b": link.b,
        "kind": link.kind.value,
        "kind_label": term(link.kind.value, language),
        "family": shipped_policy().kinds[link.kind].family,
        "evidence": link.evidence,
        "weight": link.weight,
        "sharers": link.sharers,
        "decides": link.decides,
        "holds": kept.holds,
        "since": None if link.since is None else link.since.isoformat(),
        "until": None if link.until is None else link.until.isoformat(),
        "why": link.why.text(language),
        "set_aside": None if kept.aside is None else kept.aside.pattern.value,
        "why_set_aside": None if kept.why_aside is None else kept.why_aside.text(language),
    }


def common_row(one: KeptCommon, language: Language = Language.EN) -> dict[str, Any]:
    """Return a thing that is too common to link anybody as columns."""
    return {
        "kind": one.kind.value,
        "kind_label": term(one.kind.value, language),
        "evidence": one.evidence,
        "sharers": one.sharers,
        "customers": list(one.customers),
        "why": one.why.text(language),
    }


def suggestion_row(one: Suggestion) -> dict[str, Any]:
    """Return a suggested pair as columns."""
    return {"a": one.a, "b": one.b, "per_mille": one.per_mille, "agreeing": list(one.agreeing)}


def decision_row(decision: Decision) -> dict[str, Any]:
    """Return a decision as columns."""
    return {
        "a": decision.a,
        "b": decision.b,
        "verdict": decision.verdict.value,
        "reason": decision.reason,
        "by": decision.by,
        "at": decision.at.isoformat(),
    }


def groups(desk: Desk, *, after: str = "", limit: int = MOST_GROUPS) -> GroupList:
    """Return the groups as they were last found. Raises RefusedError."""
    desk.must(Action.LINK_READ)
    links = desk.store.links
    return GroupList(links.mark(), links.groups(after=after, limit=limit))


def group(desk: Desk, key: str) -> LinkedGroup:
    """Return a group by its id or by a customer in it; the reading is an act.

    Raises NotFoundError, RefusedError.
    """
    desk.must(Action.LINK_READ)
    links = desk.store.links
    members = links.members(key)
    group_id = key if members else links.group_of(key)
    if group_id is None:
        raise NotFoundError(LINKED_GROUP, key)
    members = members or links.members(group_id)
    desk.read(Action.LINK_READ, Resource("link", desk.principal.tenant, group_id))
    inside = frozenset(members)
    decided = [one for one in links.decisions() if one.a in inside or one.b in inside]
    return LinkedGroup(
        group_id,
        links.mark(),
        members,
        links.links_of(group_id),
        decided,
        links.common_in(group_id),
    )


@dataclass(frozen=True, slots=True)
class NotUsed:
    """What was found and links nobody: things too common, and links that would join too many."""

    common: Sequence[KeptCommon]
    aside: Sequence[KeptLink]

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return it as a document."""
        return {
            "common": [common_row(one, language) for one in self.common],
            "set_aside": [link_row(one, language) for one in self.aside],
        }


def not_used(desk: Desk, customer: str | None = None, *, limit: int = MOST_GROUPS) -> NotUsed:
    """Return what was found and is not used, of everybody or of one customer.

    What is asked of a customer is an act of reading. Raises RefusedError.
    """
    links = desk.store.links
    if customer is None:
        desk.must(Action.LINK_READ)
        return NotUsed(links.common_things(limit=limit), links.links_aside(limit=limit))
    desk.read(Action.LINK_READ, Resource("link", desk.principal.tenant, customer))
    return NotUsed(links.common_of(customer)[:limit], links.links_aside_of(customer, limit=limit))


def suggestions(desk: Desk) -> Sequence[Suggestion]:
    """Return the suggested pairs about which nobody has decided, the most probable first.

    Raises RefusedError.
    """
    desk.must(Action.LINK_READ)
    decided = standing_of(desk.store.links.decisions(), {})
    return [one for one in desk.store.links.suggestions() if (one.a, one.b) not in decided]


def decisions(desk: Desk) -> Sequence[Decision]:
    """Return everything that people decided about links, oldest first. Raises RefusedError."""
    desk.must(Action.LINK_READ)
    return desk.store.links.decisions()
