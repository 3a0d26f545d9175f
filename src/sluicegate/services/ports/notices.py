"""Notices to people: what they are told of and where, and their calendar feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol


class NoticeKind(Enum):
    """What a person can be told of."""

    ASSIGNED = "assigned"
    CHECKED = "checked"
    CHECK_WAITS = "check_waits"
    DUE_SOON = "due_soon"
    ESCALATED = "escalated"
    LIST_NOT_FETCHED = "list_not_fetched"
    SCREENING_LATE = "screening_late"
    WEBHOOK_DISABLED = "webhook_disabled"

    @property
    def code(self) -> str:
        """The code by which the terms label it."""
        return f"notice_{self.value}"


class NoticeState(Enum):
    """Where a notice stands; one that nobody wanted is dropped."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Something to tell a principal; of the same `key` it is told once.

    `object_id` is the case, the webhook, the list, or the day of an alarm. `sealed_for` names
    the group outside which nobody is told.
    """

    to: str
    kind: NoticeKind
    object_id: str
    key: str
    sealed_for: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands."""

    notice_id: str
    to: str
    kind: NoticeKind
    object_id: str
    sealed_for: str | None
    state: NoticeState
    created_at: datetime
    attempts: int


MOST_DAYS_AHEAD = 60

DAYS_AHEAD = 7
"""How many days before a due day it is told, unless a setting or a person says otherwise."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants to be told, and where.

    `address` is a mail address, empty for none. `days_ahead` is how many days
    before a due day it is told. `digest` asks for one mail a day of what is due.
    """

    account: str
    kinds: frozenset[NoticeKind] = frozenset()
    address: str = ""
    days_ahead: int = DAYS_AHEAD
    digest: bool = False
    digest_sent_on: date | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar feed of one person; the token itself is shown once and kept nowhere."""

    feed_id: str
    account: str
    is_whole_queue: bool
    token_digest: str
    created_at: datetime
    revoked_at: datetime | None = None


class NoticeStore(Protocol):
    """Notices to people, what they want, and their calendar feeds."""

    def add_notices(self, notices: Sequence[NewNotice], *, at: datetime) -> int:
        """Keep notices to be sent; return how many were not there yet."""
        ...

    def take_notices(self, *, at: datetime, lease_until: datetime, limit: int) -> Sequence[Notice]:
        """Take notices that are due; no two workers take the same before the lease ends."""
        ...

    def settle_notice(
        self, notice_id: str, state: NoticeState, *, at: datetime, next_at: datetime
    ) -> None:
        """Write how a notice stands after a try."""
        ...

    def wishes(self, account: str, *, days_ahead: int = DAYS_AHEAD) -> Wishes:
        """Return what a person wants; nothing at all, `days_ahead` days, until they say so."""
        ...

    def all_wishes(self) -> Sequence[Wishes]:
        """Return the wishes of everybody who has said any."""
        ...

    def set_wishes(self, wishes: Wishes, *, at: datetime) -> None:
        """Keep what a person wants."""
        ...

    def add_feed(self, feed: Feed) -> None:
        """Keep a new feed."""
        ...

    def feeds(self, account: str) -> Sequence[Feed]:
        """Return a person's feeds that are not revoked, oldest first."""
        ...

    def feed_of(self, token_digest: str) -> Feed | None:
        """Return the feed of a token that is not revoked, or None."""
        ...

    def revoke_feed(self, feed_id: str, *, at: datetime) -> None:
        """End a feed; its address answers no more."""
        ...

    def notice_counts(self) -> Mapping[str, int]:
        """Return state → how many notices, those on sealed things left out."""
        ...
