"""Telling people what they asked to be told, by mail, and never more than they may know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from sluicegate.core.clock import Clock
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import Authority
from sluicegate.services.access.principals import Principal, Resource, Scope
from sluicegate.services.desk import Desk
from sluicegate.services.ports.notices import DAYS_AHEAD, MOST_DAYS_AHEAD
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import (
    EventKind,
    NewNotice,
    Notice,
    NoticeKind,
    NoticeState,
    Wishes,
)
from sluicegate.services.work.events import Event, announce_all
from sluicegate.services.work.mail import DueLine, Mailer, MailError, digest_mail, notice_mail
from sluicegate.services.work.rights import Directory
from sluicegate.services.work.settings import is_mail_address

WISHED = "notices chosen"
LEASE = timedelta(minutes=5)
WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, 480))
"""How long a mail waits after its first, second, … failure; after the last it has failed."""

DIGEST_HOUR = 6
"""The daily mail goes out after this hour of UTC."""

_OF_THE_NODE = (
    NoticeKind.LIST_NOT_FETCHED,
    NoticeKind.SCREENING_LATE,
    NoticeKind.WEBHOOK_DISABLED,
)
"""Kinds of notices about no case."""

MOST_LINES = 100
"""Cases in one daily mail."""


@dataclass(frozen=True, slots=True)
class DueCase:
    """A case with a due day: what reminders need of it."""

    case_id: str
    due: str
    jurisdiction: str
    assignee: str | None
    sealed_for: str | None = None


class DueCases(Protocol):
    """Reads cases by their due day."""

    def __call__(self, scope: Scope, until: datetime) -> Iterable[DueCase]:
        """Yield open cases within a scope that are due by the day of an instant."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """What notices are sent with."""

    mailer: Mailer | None
    directory: Directory
    authority: Authority
    public_url: str = ""


def notify(store: Store, *notices: NewNotice, at: datetime) -> int:
    """Keep notices to be sent; whether each is wanted and allowed is seen when it is sent.

    Call it in the transaction of the change. To tell the maker of a change of
    their own act, do not.
    """
    return store.work.add_notices(notices, at=at)


def my_wishes(desk: Desk, days_ahead: int = DAYS_AHEAD) -> Wishes:
    """Return what the principal wants to be told; `days_ahead` days, until they choose."""
    return desk.store.work.wishes(desk.principal.id, days_ahead=days_ahead)


def choose(desk: Desk, wishes: Wishes) -> Wishes:
    """Keep what the principal wants to be told; everyone chooses for themselves alone.

    Raises:
        ValueError: the address is no mail address, or the days are out of range.
    """
    if wishes.address and not is_mail_address(wishes.address):
        raise ValueError("address: is no mail address; give one such as office@node.example")
    if (wishes.kinds or wishes.digest) and not wishes.address:
        raise ValueError("address: is empty; give the mail address for notices")
    if not 0 <= wishes.days_ahead <= MOST_DAYS_AHEAD:
        raise ValueError(f"days_ahead: is not from 0 to {MOST_DAYS_AHEAD}; give e.g. 7")
    mine = replace(wishes, account=desk.principal.id, digest_sent_on=my_wishes(desk).digest_sent_on)
    at = desk.now()
    with desk.store.transaction():
        desk.store.work.set_wishes(mine, at=at)
        record = {"account": mine.account, "kinds": sorted(kind.value for kind in mine.kinds)}
        desk.store.act(WISHED, record, at=at, by=mine.account, reason=WISHED)
    return mine


def send_due_notices(store: Store, post: Post, clock: Clock, *, limit: int = 50) -> int:
    """Send notices that are due, up to a number; return how many were looked at."""
    for count in range(limit):
        now = clock.now()
        taken = store.work.take_notices(at=now, lease_until=now + LEASE, limit=1)
        if not taken:
            return count
        state, next_at = _send(store, post, taken[0], now)
        store.work.settle_notice(taken[0].notice_id, state, at=now, next_at=next_at)
    return limit


def _send(store: Store, post: Post, notice: Notice, now: datetime) -> tuple[NoticeState, datetime]:
    """Send one notice, or drop it; return how it stands and when it is tried again."""
    wishes = store.work.wishes(notice.to)
    is_wanted = notice.kind in wishes.kinds and bool(wishes.address)
    if post.mailer is None or not is_wanted or not _may_know(store, post, notice):
        return NoticeState.DROPPED, now
    mail = notice_mail(
        wishes.address,
        notice.kind,
        _place(notice),
        public_url=post.public_url,
        language=post.directory.language(notice.to),
        is_sealed=notice.sealed_for is not None,
    )
    try:
        post.mailer(mail)
    except MailError as error:
        if error.is_final or notice.attempts > len(WAITS):
            return NoticeState.FAILED, now
        return NoticeState.WAITING, now + WAITS[notice.attempts - 1]
    return NoticeState.SENT, now


def _place(notice: Notice) -> str:
    """Return the page that a notice leads to."""
    if notice.kind is NoticeKind.SCREENING_LATE:
        return "/jobs"
    if notice.kind is NoticeKind.LIST_NOT_FETCHED:
        return "/screening/lists"
    noun = "webhooks" if notice.kind is NoticeKind.WEBHOOK_DISABLED else "cases"
    return f"/{noun}/{notice.object_id}"


def _may_know(store: Store, post: Post, notice: Notice) -> bool:
    """Say whether a person may know of what a notice is about, and it still concerns them."""
    principal = post.directory.principal(notice.to)
    if principal is None:
        return False
    if notice.kind in _OF_THE_NODE:
        return True
    case = store.cases.find(notice.object_id, Scope.of(principal))
    if case is None:
        return False
    if notice.kind is not NoticeKind.CHECK_WAITS:
        return True
    return any(
        post.authority.decide(
            principal,
            Action.CASE_CHECK,
            Resource(
                "case",
                principal.tenant,
                case.case_id,
                case.jurisdiction or None,
                case.sealed_for,
                maker=proposal.by,
            ),
        ).is_allowed
        for proposal in case.proposals
    )


def remind(store: Store, directory: Directory, due: DueCases, *, now: datetime) -> int:
    """Put a notice and an event into the queue for each case that comes near its due day.

    A person is told of their own cases, `days_ahead` days before; each due day of
    a case is told once.
    """
    count = 0
    for wishes in store.work.all_wishes():
        principal = directory.principal(wishes.account)
        if principal is None or NoticeKind.DUE_SOON not in wishes.kinds:
            continue
        notices = [
            NewNotice(
                wishes.account,
                NoticeKind.DUE_SOON,
                one.case_id,
                f"{NoticeKind.DUE_SOON.value} {one.case_id} {one.due}",
                one.sealed_for,
            )
            for one in _mine(due, principal, now, wishes.days_ahead)
        ]
        count += store.work.add_notices(notices, at=now)
    return count


def announce_due(
    store: Store, due: DueCases, scope: Scope, *, now: datetime, days_ahead: int = DAYS_AHEAD
) -> int:
    """Tell webhooks of cases that come within `days_ahead` days of their due day, each day once."""
    ahead = timedelta(days=days_ahead)
    events = [
        Event(
            EventKind.CASE_DUE_SOON,
            one.case_id,
            one.due,
            jurisdiction=one.jurisdiction or None,
            codes={"due": one.due},
        )
        for one in due(replace(scope, sealed_groups=frozenset()), now + ahead)
        if one.sealed_for is None
    ]
    return announce_all(store, events, at=now)


def send_digests(store: Store, post: Post, due: DueCases, *, now: datetime) -> int:
    """Send the daily mail of due days to whoever wants it and has not had today's."""
    today = now.date()
    if post.mailer is None or now.hour < DIGEST_HOUR:
        return 0
    sent = 0
    for wishes in store.work.all_wishes():
        if not wishes.digest or not wishes.address or wishes.digest_sent_on == today:
            continue
        principal = post.directory.principal(wishes.account)
        if principal is None:
            continue
        lines = [
            DueLine(one.case_id, datetime.fromisoformat(one.due).date())
            for one in _mine(due, principal, now, wishes.days_ahead)
            if one.sealed_for is None
        ]
        # Marked first: a mail that is lost is better than one sent again and again.
        store.work.set_wishes(replace(wishes, digest_sent_on=today), at=now)
        sent += _send_digest(post, wishes, lines)
    return sent


def _send_digest(post: Post, wishes: Wishes, lines: Sequence[DueLine]) -> int:
    if not lines or post.mailer is None:
        return 0
    language = post.directory.language(wishes.account)
    ordered = sorted(lines, key=lambda line: (line.due, line.case_id))[:MOST_LINES]
    try:
        post.mailer(
            digest_mail(wishes.address, ordered, public_url=post.public_url, language=language)
        )
    except MailError:
        return 0
    return 1


def _mine(due: DueCases, principal: Principal, now: datetime, days: int) -> Iterable[DueCase]:
    found = due(Scope.of(principal), now + timedelta(days=days))
    return [one for one in found if one.assignee == principal.id]
