"""Lineages of one tenant by version, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import func, insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.inserting import insert_new
from sluicegate.adapters.store.lineage_packing import Packed, pack, unpack
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.lineage.document import Lineage
from sluicegate.services.ports.lineage import (
    LineageChangedError,
    LineageFilesError,
    LineageVersion,
)

_COLUMNS = (
    *("version_id", "lineage_id", "source", "version", "digest", "checksum", "format"),
    *("supersedes", "reason", "nodes", "edges", "models", "outputs", "undisclosed"),
)


class Lineages:
    """Implements `services.ports.lineage.LineageStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._packed: tuple[Lineage, Packed] | None = None

    def digest_of(self, lineage: Lineage) -> str:
        """Return the digest under which a lineage is kept."""
        return self._pack(lineage).digest

    def add(self, version: LineageVersion, lineage: Lineage) -> None:
        """Keep a version with what it states."""
        packed = self._pack(lineage)
        self._packed = None
        stamp = self._unit.stamp(self._unit.instant(version.at))
        row = {
            **stamp,
            **{name: getattr(version, name) for name in _COLUMNS},
            "lineage_name": version.name,
            "recorded_by": version.by,
        }
        try:
            with self._unit.writing() as connection:
                connection.execute(insert(table("lineage_versions")), [row])
                for number, content in enumerate(packed.parts):
                    part = {"digest": packed.digest, "part": number, "content": content}
                    insert_new(connection, table("lineage_contents"), [{**stamp, **part}])
        except IntegrityError as error:
            raise LineageChangedError(version.lineage_id) from error

    def versions(
        self, lineage_id: str | None = None, *, known_on: datetime | None = None
    ) -> Sequence[LineageVersion]:
        """Return the versions of one lineage or of all, the oldest first."""
        rows = table("lineage_versions")
        query = self._unit.rows(rows).order_by(rows.c.sequence)
        if lineage_id is not None:
            query = query.where(rows.c.lineage_id == lineage_id)
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        return self._read(query)

    def current(self, *, known_on: datetime | None = None) -> Sequence[LineageVersion]:
        """Return the last version of every lineage, in order of source and name."""
        rows = table("lineage_versions")
        last = self._unit.rows(rows, rows.c.lineage_id, func.max(rows.c.version).label("last"))
        if known_on is not None:
            last = last.where(rows.c.recorded_at <= known_on)
        newest = last.group_by(rows.c.lineage_id).subquery()
        query = (
            self._unit.rows(rows)
            .join(
                newest,
                (newest.c.lineage_id == rows.c.lineage_id) & (newest.c.last == rows.c.version),
            )
            .order_by(rows.c.source, rows.c.lineage_name)
        )
        return self._read(query)

    def read(self, version: LineageVersion) -> Lineage:
        """Return what a version states, whole."""
        rows = table("lineage_contents")
        query = (
            self._unit.rows(rows, rows.c.content)
            .where(rows.c.digest == version.digest)
            .order_by(rows.c.part)
        )
        with self._unit.reading() as connection:
            parts = connection.execute(query).scalars().all()
        if not parts:
            raise LineageFilesError(f"lineage {version.lineage_id}: what it states is missing")
        return unpack(parts, version.digest)

    def _pack(self, lineage: Lineage) -> Packed:
        """Pack a lineage once: its digest is asked for before it is kept."""
        if self._packed is None or self._packed[0] is not lineage:
            self._packed = lineage, pack(lineage)
        return self._packed[1]

    def _read(self, query: Any) -> Sequence[LineageVersion]:
        with self._unit.reading() as connection:
            return tuple(map(_version, connection.execute(query).all()))


def _version(row: Any) -> LineageVersion:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    return LineageVersion(
        **{name: getattr(row, name) for name in _COLUMNS},
        name=row.lineage_name,
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
    )
