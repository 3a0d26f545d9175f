"""Records of diligence into ownership of one tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from sqlalchemy import Select, func, insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.services.ports.ownership_diligence import (
    DiligenceChangedError,
    DiligenceState,
    Gap,
    OwnershipDiligence,
)


class OwnershipRecords:
    """Implements `services.ports.ownership_diligence.OwnershipDiligenceStore`."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(self, record: OwnershipDiligence) -> None:
        """Write a further version; refuse one whose number stands already."""
        row = {
            **self._unit.stamp(record.at),
            "recorded_by": record.by,
            "diligence_id": record.diligence_id,
            "version": record.version,
            "party_id": record.party_id,
            "state": record.state.value,
            "gaps": _gaps_text(record.gaps),
            "searched": record.searched,
            "found": record.found,
            "left_open": record.left_open,
            "reason": record.reason,
        }
        try:
            with self._unit.writing() as connection:
                connection.execute(insert(table("ownership_diligence")), [row])
        except IntegrityError as error:
            raise DiligenceChangedError(record.diligence_id, record.version) from error

    def find(self, diligence_id: str) -> OwnershipDiligence | None:
        """Return the last version of a record, or None."""
        rows = table("ownership_diligence")
        query = self._unit.rows(rows).where(rows.c.diligence_id == diligence_id)
        found = self._read(query.order_by(rows.c.version.desc()).limit(1))
        return found[0] if found else None

    def versions(self, diligence_id: str) -> Sequence[OwnershipDiligence]:
        """Return all versions of a record, the oldest first."""
        rows = table("ownership_diligence")
        query = self._unit.rows(rows).where(rows.c.diligence_id == diligence_id)
        return self._read(query.order_by(rows.c.version))

    def last(self, state: DiligenceState | None = None) -> Sequence[OwnershipDiligence]:
        """Return the last version of every record in order of ids, of one state or of both."""
        rows = table("ownership_diligence")
        newer = rows.alias("newer")
        newest = (
            self._unit.rows(newer, func.max(newer.c.version))
            .where(newer.c.diligence_id == rows.c.diligence_id)
            .correlate(rows)
            .scalar_subquery()
        )
        query = self._unit.rows(rows).where(rows.c.version == newest)
        if state is not None:
            query = query.where(rows.c.state == state.value)
        return self._read(query.order_by(rows.c.diligence_id))

    def _read(self, query: Select[Any]) -> tuple[OwnershipDiligence, ...]:
        with self._unit.reading() as connection:
            return tuple(_record(row) for row in connection.execute(query).all())


def _record(row: Any) -> OwnershipDiligence:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    return OwnershipDiligence(
        diligence_id=row.diligence_id,
        version=row.version,
        party_id=row.party_id,
        state=DiligenceState(row.state),
        gaps=tuple(
            Gap(one["ground"], one["regime"], one["share"], tuple(one["owners"]))
            for one in load_json(row.gaps)
        ),
        searched=row.searched,
        found=row.found,
        left_open=row.left_open,
        reason=row.reason,
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
    )


def _gaps_text(gaps: Sequence[Gap]) -> str:
    told = [
        {
            "ground": one.ground,
            "regime": one.regime,
            "share": one.share,
            "owners": list(one.owners),
        }
        for one in gaps
    ]
    return canonical_bytes(told).decode()
