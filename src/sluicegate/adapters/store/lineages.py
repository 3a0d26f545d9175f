"""Lineages of one tenant by version, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from threading import Lock
from typing import Any

from sqlalchemy import func, insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.inserting import insert_new
from sluicegate.adapters.store.lineage_packing import Packed, pack, unpack
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.lineage.document import Lineage
from sluicegate.services.ports.lineage import (
    LineageChangedError,
    LineageFilesError,
    LineageVersion,
    Statement,
    StatementKind,
)

_COLUMNS = (
    *("version_id", "lineage_id", "source", "version", "digest", "checksum", "format"),
    *("supersedes", "reason", "nodes", "edges", "models", "outputs", "undisclosed"),
)


class _Recent:
    """The lineages that were read last, by digest, as long as they are small together.

    What a lineage states never changes, so that the same digest is the same lineage.
    """

    def __init__(self, most_nodes: int) -> None:
        self._most_nodes = most_nodes
        self._held: OrderedDict[str, Lineage] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> Lineage | None:
        """Return a lineage that is held, or None."""
        with self._lock:
            found = self._held.pop(digest, None)
            if found is not None:
                self._held[digest] = found
            return found

    def keep(self, digest: str, lineage: Lineage) -> None:
        """Hold a lineage; those read longest ago make room."""
        if len(lineage.nodes) > self._most_nodes:
            return
        with self._lock:
            self._held[digest] = lineage
            nodes = sum(len(one.nodes) for one in self._held.values())
            while nodes > self._most_nodes:
                _, gone = self._held.popitem(last=False)
                nodes -= len(gone.nodes)


_RECENT = _Recent(most_nodes=200_000)


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
            "statements": canonical_bytes(list(map(_told, version.statements))).decode(),
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
        held = _RECENT.get(version.digest)
        if held is not None:
            return held
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
        found = unpack(parts, version.digest)
        _RECENT.keep(version.digest, found)
        return found

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
        statements=tuple(map(_statement, load_json(row.statements))),
        at=row.recorded_at.astimezone(offset),
        by=row.recorded_by,
    )


def _told(one: Statement) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "cause": one.cause,
        "target": one.target,
        "reason": one.reason,
        "evidence": one.evidence,
        "on": None if one.on is None else one.on.isoformat(),
        "by": one.by,
        "at": one.at.isoformat(),
    }


def _statement(told: Mapping[str, Any]) -> Statement:
    return Statement(
        **{
            **told,
            "kind": StatementKind(told["kind"]),
            "on": None if told["on"] is None else date.fromisoformat(told["on"]),
            "at": datetime.fromisoformat(told["at"]),
        }
    )
