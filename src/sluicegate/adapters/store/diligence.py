"""Due diligence of one tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.diligence_standings import DiligenceStandings, keep_standing
from sluicegate.adapters.store.erasing import EVENTS, Erasing
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import dump_json, load_json
from sluicegate.kyc.diligence.events import About, Event, Kind, salted
from sluicegate.services.ports.diligence import DiligenceChangedError, NewEvent

_SALT_BYTES = 32


class Diligence(Erasing, DiligenceStandings):
    """Implements `services.ports.diligence.DiligenceStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(self, new: NewEvent) -> Event:
        """Write an event and return it as it is kept."""
        private = {name: text for name, text in (new.private or {}).items() if text}
        salt = secrets.token_hex(_SALT_BYTES) if private else None
        event = replace(
            new.event,
            private=private or None,
            private_digest=None if salt is None else salted(salt, private),
            content_sha256=_sha256(new.content),
        )
        row = {
            **self._unit.stamp(self._unit.instant(event.at)),
            "recorded_by": event.by,
            "event_id": event.event_id,
            "about": event.about.value,
            "subject": event.subject,
            "version": event.version,
            "kind": event.kind.value,
            "data": canonical_bytes(event.data).decode(),
            "digest": event.digest,
            "private": None if salt is None else dump_json(private),
            "salt": salt,
            "private_digest": event.private_digest,
            "content": new.content,
            "content_sha256": event.content_sha256,
        }
        try:
            with self._unit.writing() as connection:
                connection.execute(insert(table(EVENTS)), [row])
                if event.about is About.CUSTOMER:
                    events = self.events(event.about, event.subject)
                    keep_standing(self._unit, connection, event.subject, events)
        except IntegrityError as error:
            raise DiligenceChangedError(f"{event.about.value} {event.subject}") from error
        return event

    def events(
        self, about: About, subject: str, *, known_on: datetime | None = None
    ) -> Sequence[Event]:
        """Return the events of one subject, oldest first."""
        rows = table(EVENTS)
        query = self._unit.rows(rows, *_told(rows)).where(
            rows.c.about == about.value, rows.c.subject == subject
        )
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        with self._unit.reading() as connection:
            found = connection.execute(query.order_by(rows.c.version)).all()
        return tuple(map(_event, found))

    def every(self, about: About) -> Mapping[str, Sequence[Event]]:
        """Return the events of every subject of a kind, each oldest first, by subject."""
        rows = table(EVENTS)
        query = self._unit.rows(rows, *_told(rows)).where(rows.c.about == about.value)
        with self._unit.reading() as connection:
            found = connection.execute(query.order_by(rows.c.subject, rows.c.version)).all()
        by_subject: dict[str, list[Event]] = {}
        for row in found:
            by_subject.setdefault(row.subject, []).append(_event(row))
        return by_subject

    def content(self, event_id: str) -> bytes | None:
        """Return the document of an event; None when there is none or it was erased."""
        rows = table(EVENTS)
        query = self._unit.rows(rows, rows.c.content).where(rows.c.event_id == event_id)
        with self._unit.reading() as connection:
            found: bytes | None = connection.execute(query).scalar_one_or_none()
        return found


def _told(rows: Any) -> list[Any]:
    """Return the columns of an event but its document, which may be large."""
    return [column for column in rows.c if column.name != "content"] + [
        rows.c.content.is_not(None).label("has_content")
    ]


def _event(row: Any) -> Event:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    lost_words = row.private is None and row.private_digest is not None
    lost_document = not row.has_content and row.content_sha256 is not None
    return Event(
        event_id=row.event_id,
        about=About(row.about),
        subject=row.subject,
        version=row.version,
        kind=Kind(row.kind),
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
        data=load_json(row.data),
        private=None if row.private is None else load_json(row.private),
        is_erased=lost_words or lost_document,
        private_digest=row.private_digest,
        content_sha256=row.content_sha256,
    )


def _sha256(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()
