"""Comparisons with other providers, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.services.ports.exchange import (
    JointKept,
    SessionChangedError,
    SessionSide,
    SessionState,
    SessionVersion,
)

_CHUNK = 2_000


class Exchange:
    """Implements `services.ports.exchange.ExchangeStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def sessions(self) -> Sequence[SessionVersion]:
        """Return the last version of every comparison, the newest first."""
        last: dict[str, SessionVersion] = {}
        for version in self._versions(None):
            last[version.session] = version
        return tuple(last[session] for session in reversed(last))

    def session(self, session: str) -> SessionVersion | None:
        """Return a comparison at its last version."""
        versions = self._versions(session)
        return versions[-1] if versions else None

    def history(self, session: str) -> Sequence[SessionVersion]:
        """Return all versions, oldest first."""
        return self._versions(session)

    def add(self, version: SessionVersion) -> None:
        """Write a further version."""
        row = {
            **self._stamp(version.at, version.by),
            "session": version.session,
            "version": version.version,
            "side": version.side.value,
            "state": version.state.value,
            "partner": version.partner,
            "terms": canonical_bytes(version.terms).decode(),
            "basis": version.basis,
            "reference": version.reference,
            "proposed_by": version.proposed_by,
            "approved_by": version.approved_by,
            "message": version.message,
            "reason": version.reason,
        }
        try:
            with self._unit.writing() as connection:
                connection.execute(insert(table("exchange_sessions")), [row])
        except IntegrityError as error:
            raise SessionChangedError(version.session) from error

    def add_found(self, found: Sequence[JointKept], *, at: datetime, by: str) -> None:
        """Write who crosses together."""
        rows = [
            {
                **self._stamp(at, by),
                "session": one.session,
                "party": one.party,
                "partner": one.partner,
                "own": one.own,
                "other_low": one.other_low,
            }
            for one in found
        ]
        with self._unit.writing() as connection:
            for start in range(0, len(rows), _CHUNK):
                chunk = rows[start : start + _CHUNK]
                connection.execute(insert(table("exchange_found")), chunk)

    def found(
        self, session: str | None = None, *, known_on: datetime | None = None
    ) -> Sequence[JointKept]:
        """Return who crosses together, of one comparison or of all, oldest first."""
        rows = table("exchange_found")
        query = self._unit.rows(rows).order_by(rows.c.sequence)
        if session is not None:
            query = query.where(rows.c.session == session)
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        with self._unit.reading() as connection:
            return tuple(
                JointKept(row.session, row.party, row.partner, row.own, row.other_low)
                for row in connection.execute(query)
            )

    def _versions(self, session: str | None) -> tuple[SessionVersion, ...]:
        rows = table("exchange_sessions")
        query = self._unit.rows(rows).order_by(rows.c.sequence)
        if session is not None:
            query = query.where(rows.c.session == session)
        with self._unit.reading() as connection:
            return tuple(map(_version, connection.execute(query)))

    def _stamp(self, at: datetime, by: str) -> Mapping[str, Any]:
        return {**self._unit.stamp(self._unit.instant(at)), "recorded_by": by}


def _version(row: Any) -> SessionVersion:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    return SessionVersion(
        session=row.session,
        version=row.version,
        side=SessionSide(row.side),
        state=SessionState(row.state),
        partner=row.partner,
        terms=load_json(row.terms),
        basis=row.basis,
        reference=row.reference,
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        message=row.message,
        reason=row.reason,
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
    )
