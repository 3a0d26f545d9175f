"""Filings of one tenant, on SQLite or PostgreSQL; rows are written once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from sqlalchemy import Select, and_, func, insert, or_
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.filings.filing import FilingState
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.filings import (
    FilingChangedError,
    FilingHead,
    FilingKept,
    FilingVersion,
)

_HEAD = (
    *("filing_id", "case_id", "form_id", "form_digest", "duty", "obligation"),
    *("recipient_en", "recipient_zh", "jurisdiction", "sealed_for", "corrects"),
)


class Filings:
    """Implements `services.ports.filings.FilingStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def find(self, filing_id: str, scope: Scope) -> FilingKept | None:
        """Return a filing at its last version; None outside the scope."""
        found = self._read(self._last(scope).where(table("filings").c.filing_id == filing_id))
        return found[0] if found else None

    def of_case(self, case_id: str, scope: Scope) -> Sequence[FilingKept]:
        """Return the filings of a case, oldest first."""
        heads = table("filings")
        query = self._last(scope).where(heads.c.case_id == case_id)
        return self._read(query.order_by(heads.c.sequence))

    def listed(
        self, scope: Scope, *, state: FilingState | None, form: str | None, limit: int
    ) -> Sequence[FilingKept]:
        """Return filings, the newest first."""
        heads, versions = table("filings"), table("filing_versions")
        query = self._last(scope)
        if state is not None:
            query = query.where(versions.c.state == state.value)
        if form is not None:
            query = query.where(heads.c.form_id == form)
        return self._read(query.order_by(heads.c.sequence.desc()).limit(limit))

    def last_of_form(self, form: str, scope: Scope, sealed_for: str | None) -> FilingKept | None:
        """Return the newest filing of a form with the same seal that was not withdrawn."""
        heads, versions = table("filings"), table("filing_versions")
        query = (
            self._last(scope)
            .where(heads.c.form_id == form, versions.c.state != FilingState.WITHDRAWN.value)
            .where(heads.c.sealed_for.is_not_distinct_from(sealed_for))
        )
        found = self._read(query.order_by(heads.c.sequence.desc()).limit(1))
        return found[0] if found else None

    def versions(self, filing_id: str, scope: Scope) -> Sequence[FilingVersion]:
        """Return all versions, oldest first; none outside the scope."""
        if self.find(filing_id, scope) is None:
            return ()
        versions = table("filing_versions")
        query = self._unit.rows(versions).where(versions.c.filing_id == filing_id)
        with self._unit.reading() as connection:
            rows = connection.execute(query.order_by(versions.c.version)).all()
        return tuple(_version(row) for row in rows)

    def open(self, head: FilingHead, first: FilingVersion, form_text: str) -> None:
        """Write a new filing with its first version, and its form unless it is kept already."""
        forms = table("filing_forms")
        stamp = self._unit.stamp(head.at)
        kept = self._unit.rows(forms, forms.c.sequence).where(
            forms.c.form_digest == head.form_digest
        )
        row = {**stamp, "recorded_by": head.by, **{name: getattr(head, name) for name in _HEAD}}
        with self._unit.writing() as connection:
            if connection.execute(kept).first() is None:
                form = {**stamp, "form_digest": head.form_digest, "form": form_text}
                try:
                    with connection.begin_nested():
                        connection.execute(insert(forms), [form])
                except IntegrityError:  # another connection was first to keep this form
                    connection.execute(kept).one()
            connection.execute(insert(table("filings")), [row])
            self.add(head, first)

    def add(self, head: FilingHead, version: FilingVersion) -> None:
        """Write a further version; refuse one whose number stands already."""
        document = {
            "values": version.values,
            "origins": version.origins,
            "people": version.people,
        }
        row = {
            **self._unit.stamp(version.at),
            "recorded_by": version.by,
            "filing_id": head.filing_id,
            "version": version.version,
            "state": version.state.value,
            "document": canonical_bytes(document).decode(),
            "digest": version.digest,
            "reason": version.reason,
            "sealed_for": head.sealed_for,
        }
        try:
            with self._unit.writing() as connection:
                connection.execute(insert(table("filing_versions")), [row])
        except IntegrityError as error:
            raise FilingChangedError(head.filing_id, version.version - 1) from error

    def form_text(self, digest: str) -> str:
        """Return the text of a form by its digest."""
        forms = table("filing_forms")
        query = self._unit.rows(forms, forms.c.form).where(forms.c.form_digest == digest)
        with self._unit.reading() as connection:
            text: str = connection.execute(query).scalar_one()
        return text

    def _last(self, scope: Scope) -> Select[Any]:
        """Select the filings of a scope, each joined with its last version."""
        heads, versions = table("filings"), table("filing_versions")
        newest = (
            self._unit.rows(versions, func.max(versions.c.version))
            .where(versions.c.filing_id == heads.c.filing_id)
            .correlate(heads)
            .scalar_subquery()
        )
        columns = [heads.c[name] for name in _HEAD]
        opened = [
            heads.c[name].label(f"opened_{name}")
            for name in ("recorded_at", "recorded_offset_minutes", "recorded_by")
        ]
        last = [
            versions.c[name]
            for name in (
                *("version", "state", "document", "digest", "reason", "recorded_at"),
                *("recorded_offset_minutes", "recorded_by"),
            )
        ]
        together = and_(
            versions.c.tenant_id == heads.c.tenant_id,
            versions.c.filing_id == heads.c.filing_id,
            versions.c.version == newest,
        )
        query = self._unit.rows(heads, *columns, *opened, *last).join(versions, together)
        seal = heads.c.sealed_for
        query = query.where(or_(seal.is_(None), seal.in_(sorted(scope.sealed_groups))))
        query = query.where(heads.c.tenant_id == scope.tenant)
        if scope.jurisdictions is not None:
            allowed = sorted({*scope.jurisdictions, ""})
            query = query.where(heads.c.jurisdiction.in_(allowed))
        return query

    def _read(self, query: Select[Any]) -> tuple[FilingKept, ...]:
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(FilingKept(_head(row), _version(row)) for row in rows)


def _head(row: Any) -> FilingHead:
    values = {name: getattr(row, name) for name in _HEAD}
    offset = timezone(timedelta(minutes=row.opened_recorded_offset_minutes))
    at = row.opened_recorded_at.astimezone(offset)
    return FilingHead(**values, at=at, by=row.opened_recorded_by)


def _version(row: Any) -> FilingVersion:
    document = load_json(row.document)
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    return FilingVersion(
        version=row.version,
        state=FilingState(row.state),
        values=document["values"],
        origins=document["origins"],
        people=document["people"],
        digest=row.digest,
        reason=row.reason,
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
    )
