"""Due days of cases as entries of a calendar, and secret addresses under which they are read."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sluicegate.cases.case import Case, Clock, ClockState
from sluicegate.cases.clocks import calculation_of
from sluicegate.core.identifiers import uuid7
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Scope
from sluicegate.services.desk import Desk
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import Feed

FEED_MADE, FEED_REVOKED = "calendar feed made", "calendar feed revoked"
TOKEN_BYTES = 32
MOST_FEEDS = 10


class CasesDue(Protocol):
    """Reads open cases that have a due day."""

    def __call__(self, scope: Scope, assignee: str | None) -> Iterable[Case]:
        """Yield the open cases within a scope with a due day, of one assignee or of all."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A due day in a calendar: `uid` stays the same while the clock lives.

    `link` is a path on the node. `changed_at` says when the case last changed.
    """

    uid: str
    day: date
    summary: str
    description: str
    link: str
    changed_at: datetime
    priority: int
    version: int


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed with its token, which is shown this once."""

    feed: Feed
    token: str


def entries(cases: Iterable[Case], language: Language = Language.EN) -> list[Entry]:
    """Return an entry for each clock of cases that runs or stands still; sealed cases give none.

    An entry names the duty, the case's id and the calculation, and no party.
    """
    found = []
    for case in cases:
        if case.sealed_for is not None or not case.is_open:
            continue
        for clock in case.clocks:
            if clock.due is None or clock.state not in _SHOWN:
                continue
            duty = clock.duty or say("the case's own day").text(language)
            summary = say("Due: {duty} ({case})", duty=duty, case=case.case_id).text(language)
            found.append(
                Entry(
                    uid=f"{clock.clock_id}.{case.case_id}@sluicegate",
                    day=clock.due,
                    summary=summary,
                    description=_calculation(clock, language),
                    link=f"/cases/{case.case_id}",
                    changed_at=case.changed_at,
                    priority=case.priority.value,
                    version=case.version,
                )
            )
    return sorted(found, key=lambda one: (one.day, one.uid))


_SHOWN = (ClockState.RUNNING, ClockState.STOPPED)


def _calculation(clock: Clock, language: Language) -> str:
    lines = [step.text(language) for step in calculation_of(clock)]
    return "\n".join([*lines, *([clock.reference] if clock.reference else [])])


def calendar_entries(
    desk: Desk, cases: CasesDue, *, is_whole_queue: bool, language: Language = Language.EN
) -> list[Entry]:
    """Return the due days of the principal's own cases, or of all within their scope."""
    desk.must(Action.CASE_READ)
    assignee = None if is_whole_queue else desk.principal.id
    open_ = Scope(desk.principal.tenant, desk.scope.jurisdictions)
    return entries(cases(open_, assignee), language)


def make_feed(desk: Desk, *, is_whole_queue: bool) -> NewFeed:
    """Make a feed of the principal's due days; its token is a secret and shown this once.

    Raises:
        ValueError: the principal has as many feeds as one may have.
    """
    desk.must(Action.CASE_READ)
    account, at = desk.principal.id, desk.now()
    if len(desk.store.work.feeds(account)) >= MOST_FEEDS:
        raise ValueError(f"calendar feeds: there are {MOST_FEEDS} already; revoke one first")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = Feed(str(uuid7(at)), account, is_whole_queue, token_digest(token), at)
    with desk.store.transaction():
        desk.store.work.add_feed(feed)
        desk.store.act(FEED_MADE, {"feed": feed.feed_id}, at=at, by=account, reason=FEED_MADE)
    return NewFeed(feed, token)


def my_feeds(desk: Desk) -> Sequence[Feed]:
    """Return the principal's feeds."""
    return desk.store.work.feeds(desk.principal.id)


def revoke_feed(desk: Desk, feed_id: str) -> None:
    """End one of the principal's own feeds; raise NotFoundError when there is none."""
    account, at = desk.principal.id, desk.now()
    if feed_id not in {one.feed_id for one in desk.store.work.feeds(account)}:
        raise NotFoundError("feed", feed_id)
    with desk.store.transaction():
        desk.store.work.revoke_feed(feed_id, at=at)
        desk.store.act(FEED_REVOKED, {"feed": feed_id}, at=at, by=account, reason=FEED_REVOKED)


def feed_of(store: Store, token: str) -> Feed:
    """Return the feed of a token; raise NotFoundError when there is none or it was revoked."""
    feed = store.work.feed_of(token_digest(token))
    if feed is None:
        raise NotFoundError("feed", "")
    return feed


def token_digest(token: str) -> str:
    """Return what the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
