"""Notices, what people want to be told, and calendar feeds in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, update

from sluicegate.adapters.store.inserting import insert_new
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit, new_ids
from sluicegate.services.ports.notices import DAYS_AHEAD
from sluicegate.services.ports.work import (
    Feed,
    NewNotice,
    Notice,
    NoticeKind,
    NoticeState,
    Wishes,
)

NOTICES = table("notices")
WISHES = table("notice_wishes")
FEEDS = table("calendar_feeds")


class SqlNotices:
    """Implements `services.ports.work.NoticeStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add_notices(self, notices: Sequence[NewNotice], *, at: datetime) -> int:
        """Keep notices to be sent; return how many were not there yet."""
        instant = self._unit.instant(at)
        ids = new_ids(instant)
        count = 0
        with self._unit.writing() as connection:
            for one in notices:
                known = self._unit.rows(NOTICES, NOTICES.c.sequence).where(
                    NOTICES.c.account == one.to, NOTICES.c.key == one.key
                )
                if connection.execute(known).first() is not None:
                    continue
                row = {
                    **self._unit.stamp(instant),
                    "notice_id": next(ids),
                    "account": one.to,
                    "kind": one.kind.value,
                    "object_id": one.object_id,
                    "key": one.key,
                    "sealed_for": one.sealed_for,
                    "state": NoticeState.WAITING.value,
                    "attempts": 0,
                    "next_at": instant,
                }
                insert_new(connection, NOTICES, [row])
                count += 1
        return count

    def take_notices(self, *, at: datetime, lease_until: datetime, limit: int) -> Sequence[Notice]:
        """Take notices that are due; no two workers take the same before the lease ends."""
        query = (
            self._unit.rows(NOTICES)
            .where(NOTICES.c.state == NoticeState.WAITING.value, NOTICES.c.next_at <= at)
            .order_by(NOTICES.c.next_at, NOTICES.c.sequence)
            .limit(limit)
        )
        with self._unit.reading() as connection:
            due = connection.execute(query).all()
        if not due:
            return ()
        taken = []
        with self._unit.writing() as connection:
            for row in due:
                change = (
                    update(NOTICES)
                    .where(NOTICES.c.tenant_id == self._unit.tenant)
                    .where(NOTICES.c.notice_id == row.notice_id)
                    .where(NOTICES.c.state == NoticeState.WAITING.value)
                    .where(NOTICES.c.next_at == row.next_at)
                    .values(next_at=lease_until, attempts=row.attempts + 1)
                )
                if connection.execute(change).rowcount:
                    taken.append(replace(_notice(row), attempts=row.attempts + 1))
        return tuple(taken)

    def settle_notice(
        self, notice_id: str, state: NoticeState, *, at: datetime, next_at: datetime
    ) -> None:
        """Write how a notice stands after a try."""
        over = None if state is NoticeState.WAITING else at
        with self._unit.writing() as connection:
            connection.execute(
                update(NOTICES)
                .where(NOTICES.c.tenant_id == self._unit.tenant)
                .where(NOTICES.c.notice_id == notice_id)
                .values(state=state.value, next_at=next_at, finished_at=over)
            )

    def wishes(self, account: str, *, days_ahead: int = DAYS_AHEAD) -> Wishes:
        """Return what a person wants; nothing at all, `days_ahead` days, until they say so."""
        query = self._unit.rows(WISHES).where(WISHES.c.account == account)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return Wishes(account, days_ahead=days_ahead) if row is None else _wishes(row)

    def all_wishes(self) -> Sequence[Wishes]:
        """Return the wishes of everybody who has said any."""
        query = self._unit.rows(WISHES).order_by(WISHES.c.account)
        with self._unit.reading() as connection:
            return tuple(_wishes(row) for row in connection.execute(query))

    def set_wishes(self, wishes: Wishes, *, at: datetime) -> None:
        """Keep what a person wants."""
        values: dict[str, Any] = {
            "kinds": tuple(sorted(kind.value for kind in wishes.kinds)),
            "address": wishes.address,
            "days_ahead": wishes.days_ahead,
            "digest": wishes.digest,
            "digest_sent_on": wishes.digest_sent_on,
        }
        with self._unit.writing() as connection:
            change = (
                update(WISHES)
                .where(WISHES.c.tenant_id == self._unit.tenant)
                .where(WISHES.c.account == wishes.account)
            )
            if connection.execute(change.values(**values)).rowcount:
                return
            stamp = self._unit.stamp(self._unit.instant(at))
            row = {**stamp, **values, "account": wishes.account}
            connection.execute(insert(WISHES), [row])

    def add_feed(self, feed: Feed) -> None:
        """Keep a new feed."""
        row = {
            **self._unit.stamp(self._unit.instant(feed.created_at)),
            "feed_id": feed.feed_id,
            "account": feed.account,
            "is_whole_queue": feed.is_whole_queue,
            "token_digest": feed.token_digest,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(FEEDS), [row])

    def feeds(self, account: str) -> Sequence[Feed]:
        """Return a person's feeds that are not revoked, oldest first."""
        query = (
            self._unit.rows(FEEDS)
            .where(FEEDS.c.account == account, FEEDS.c.revoked_at.is_(None))
            .order_by(FEEDS.c.sequence)
        )
        with self._unit.reading() as connection:
            return tuple(_feed(row) for row in connection.execute(query))

    def feed_of(self, token_digest: str) -> Feed | None:
        """Return the feed of a token that is not revoked, or None."""
        query = self._unit.rows(FEEDS).where(
            FEEDS.c.token_digest == token_digest, FEEDS.c.revoked_at.is_(None)
        )
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _feed(row)

    def revoke_feed(self, feed_id: str, *, at: datetime) -> None:
        """End a feed; its address answers no more."""
        change = (
            update(FEEDS)
            .where(FEEDS.c.tenant_id == self._unit.tenant)
            .where(FEEDS.c.feed_id == feed_id, FEEDS.c.revoked_at.is_(None))
        )
        with self._unit.writing() as connection:
            connection.execute(change.values(revoked_at=at))

    def notice_counts(self) -> Mapping[str, int]:
        """Return state → how many notices, those on sealed things left out."""
        query = (
            self._unit.rows(NOTICES, NOTICES.c.state, func.count())
            .where(NOTICES.c.sealed_for.is_(None))
            .group_by(NOTICES.c.state)
        )
        with self._unit.reading() as connection:
            return dict(_pairs(connection, query))


def _pairs(connection: Connection, query: Any) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in connection.execute(query)]


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        notice_id=row.notice_id,
        to=row.account,
        kind=NoticeKind(row.kind),
        object_id=row.object_id,
        sealed_for=row.sealed_for,
        state=NoticeState(row.state),
        created_at=row.recorded_at,
        attempts=row.attempts,
    )


def _wishes(row: Row[Any]) -> Wishes:
    return Wishes(
        account=row.account,
        kinds=frozenset(map(NoticeKind, row.kinds)),
        address=row.address,
        days_ahead=row.days_ahead,
        digest=row.digest,
        digest_sent_on=row.digest_sent_on,
    )


def _feed(row: Row[Any]) -> Feed:
    return Feed(
        feed_id=row.feed_id,
        account=row.account,
        is_whole_queue=row.is_whole_queue,
        token_digest=row.token_digest,
        created_at=row.recorded_at,
        revoked_at=row.revoked_at,
    )
