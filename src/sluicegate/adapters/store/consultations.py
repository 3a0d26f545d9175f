"""Consultations and reviews of thresholds of one tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.inserting import insert_new
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.exact import dump_json, load_json
from sluicegate.frontier.consultation import Event, Happening
from sluicegate.frontier.threshold_register import Noted, Reviewing
from sluicegate.services.ports.consultation import ConsultationChangedError, KeptFile

EVENTS, APART = "consultation_events", "consultation_confidential"


class Consultations:
    """Implements `services.ports.consultation.ConsultationStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(self, event: Event) -> None:
        """Write an event; what it says apart goes into a table of its own."""
        row = {
            **self._stamp(event.at, event.by),
            "consultation": event.consultation,
            "number": event.number,
            "kind": event.happening.value,
        }
        try:
            with self._unit.writing() as connection:
                said = {**row, "document": dump_json(dict(event.data))}
                connection.execute(insert(table(EVENTS)), [said])
                if event.apart is not None:
                    apart = {**row, "document": dump_json(dict(event.apart))}
                    connection.execute(insert(table(APART)), [apart])
        except IntegrityError as error:
            raise ConsultationChangedError(event.consultation) from error

    def events(
        self,
        consultation: str,
        *,
        with_apart: bool = False,
        known_on: datetime | None = None,
    ) -> Sequence[Event]:
        """Return what happened in a consultation, in order; `with_apart` reads what is apart."""
        found = self._read(consultation, with_apart, known_on)
        return tuple(found.get(consultation, ()))

    def every(
        self,
        *,
        with_apart: bool = False,
        known_on: datetime | None = None,
        only: Collection[Happening] = (),
    ) -> Mapping[str, Sequence[Event]]:
        """Return consultation → what happened in it, in the order of their first events."""
        return self._read(None, with_apart, known_on, only)

    def keep_file(self, consultation: str, file: KeptFile, *, at: datetime, by: str) -> None:
        """Keep a document of a consultation; one that is there already stays."""
        row = {
            **self._stamp(at, by),
            "consultation": consultation,
            "digest": file.digest,
            "name": file.name,
            "content": file.content,
        }
        with self._unit.writing() as connection:
            insert_new(connection, table("consultation_files"), [row])

    def file(self, consultation: str, digest: str) -> KeptFile | None:
        """Return a document of a consultation by its SHA-256."""
        rows = table("consultation_files")
        query = self._unit.rows(rows).where(
            rows.c.consultation == consultation, rows.c.digest == digest
        )
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else KeptFile(row.digest, row.name, row.content)

    def add_reviewing(self, entry: Reviewing) -> None:
        """Write an entry of the register of thresholds."""
        row = {
            **self._stamp(entry.at, entry.by),
            "parameter": entry.parameter,
            "noted": entry.noted.value,
            "day": entry.on,
            "months": entry.months,
            "outcome": entry.outcome,
            "consultation": entry.consultation,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("threshold_reviews")), [row])

    def reviewings(self, *, known_on: datetime | None = None) -> Sequence[Reviewing]:
        """Return every entry of the register, the oldest first."""
        rows = table("threshold_reviews")
        query = self._unit.rows(rows).order_by(rows.c.sequence)
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        with self._unit.reading() as connection:
            found = connection.execute(query).all()
        return tuple(
            Reviewing(
                parameter=row.parameter,
                noted=Noted(row.noted),
                on=row.day,
                months=row.months,
                outcome=row.outcome,
                consultation=row.consultation,
                at=_at(row),
                by=row.recorded_by,
            )
            for row in found
        )

    def _read(
        self,
        consultation: str | None,
        with_apart: bool,
        known_on: datetime | None,
        only: Collection[Happening] = (),
    ) -> dict[str, list[Event]]:
        apart: dict[tuple[str, int], Mapping[str, Any]] = {}
        if with_apart:
            rows = self._rows(APART, consultation, known_on)
            apart = {(row.consultation, row.number): load_json(row.document) for row in rows}
        found: dict[str, list[Event]] = {}
        for row in self._rows(EVENTS, consultation, known_on, only):
            event = Event(
                consultation=row.consultation,
                number=row.number,
                happening=Happening(row.kind),
                data=load_json(row.document),
                at=_at(row),
                by=row.recorded_by,
                apart=apart.get((row.consultation, row.number)),
            )
            found.setdefault(row.consultation, []).append(event)
        return found

    def _rows(
        self,
        name: str,
        consultation: str | None,
        known_on: datetime | None,
        only: Collection[Happening] = (),
    ) -> Sequence[Any]:
        rows = table(name)
        query = self._unit.rows(rows).order_by(rows.c.sequence)
        if consultation is not None:
            query = query.where(rows.c.consultation == consultation)
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        if only:
            query = query.where(rows.c.kind.in_([one.value for one in only]))
        with self._unit.reading() as connection:
            return connection.execute(query).all()

    def _stamp(self, at: datetime, by: str) -> Mapping[str, Any]:
        return {**self._unit.stamp(self._unit.instant(at)), "recorded_by": by}


def _at(row: Any) -> datetime:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    at: datetime = row.recorded_at.astimezone(offset)
    return at
