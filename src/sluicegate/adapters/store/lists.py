"""Versions of lists, ids of listed parties and designations by hand, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Select, insert
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.screening.entries import ListVersion
from sluicegate.services.lists.documents import entry_document, entry_of, join_document, join_of
from sluicegate.services.ports.lists import (
    Coming,
    Confirmation,
    Designation,
    DesignationChangedError,
    DesignationState,
    Judged,
    KeptFile,
    KeptVersion,
    PartyUnion,
    Presence,
    Verdict,
)

_CHUNK = 2_000


class Lists:
    """Implements `services.ports.lists.ListStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def versions(self, *, known_on: datetime | None = None) -> Sequence[KeptVersion]:
        """Return every version that was taken in, the oldest loading first."""
        return tuple(map(_version, self._all("list_versions", known_on)))

    def add_version(self, version: KeptVersion) -> None:
        """Enter a version; from then on it is the current one of its list."""
        about = version.about
        self._insert(
            "list_versions",
            [
                {
                    **self._stamp(about.loaded_at, version.by),
                    "version_id": version.version_id,
                    "list_id": about.list_id,
                    "version": about.version,
                    "issuer": about.issuer,
                    "published": about.published,
                    "checksum": about.checksum,
                    "size_bytes": about.size_bytes,
                    "reader": about.reader,
                    "counts": _text(about.counts),
                    "names": about.names,
                    "origin": about.source,
                    "files": _text([[f.name, f.checksum, f.size_bytes] for f in version.files]),
                    "entries_digest": version.entries_digest,
                    "problems": version.problems,
                    "excuse": version.excuse,
                }
            ],
        )

    def confirmations(self, *, known_on: datetime | None = None) -> Mapping[str, Confirmation]:
        """Return version id → its last confirmation."""
        rows = self._all("list_confirmations", known_on)
        return {
            row.version_id: Confirmation(row.version_id, _at(row), row.origin, row.recorded_by)
            for row in rows
        }

    def confirm(self, confirmation: Confirmation) -> None:
        """Enter that the issuer's address gave a version again."""
        said = {"version_id": confirmation.version_id, "origin": confirmation.source}
        stamp = self._stamp(confirmation.at, confirmation.by)
        self._insert("list_confirmations", [{**stamp, **said}])

    def presence(self, *, known_on: datetime | None = None) -> Sequence[Presence]:
        """Return the coming and going of every entry, the oldest first."""
        return tuple(
            Presence(
                (row.list_id, row.entry_id),
                row.party_id,
                Coming(row.event),
                row.happened_on,
                row.version_id,
                _at(row),
                row.recorded_by,
            )
            for row in self._all("list_presence", known_on)
        )

    def add_presence(self, events: Sequence[Presence]) -> None:
        """Enter what came and went."""
        self._insert(
            "list_presence",
            [
                {
                    **self._stamp(one.at, one.by),
                    "list_id": one.key[0],
                    "entry_id": one.key[1],
                    "party_id": one.party_id,
                    "event": one.event.value,
                    "happened_on": one.on,
                    "version_id": one.version_id,
                }
                for one in events
            ],
        )

    def unions(self, *, known_on: datetime | None = None) -> Sequence[PartyUnion]:
        """Return every joining and parting, the oldest first."""
        found = []
        for row in self._all("list_unions", known_on):
            evidence = load_json(row.evidence)
            join = None if evidence is None else join_of(evidence)
            found.append(
                PartyUnion(
                    row.party_id, row.into_party, join, row.reason, _at(row), row.recorded_by
                )
            )
        return tuple(found)

    def add_unions(self, unions: Sequence[PartyUnion]) -> None:
        """Enter what became one party or stands by itself again."""
        self._insert(
            "list_unions",
            [
                {
                    **self._stamp(one.at, one.by),
                    "party_id": one.party_id,
                    "into_party": one.into,
                    "evidence": _text(None if one.join is None else join_document(one.join)),
                    "reason": one.reason,
                }
                for one in unions
            ],
        )

    def judged(self, *, known_on: datetime | None = None) -> Sequence[Judged]:
        """Return what people said of pairs of entries, the oldest first."""
        return tuple(
            Judged(
                (row.first_list, row.first_entry),
                (row.second_list, row.second_entry),
                Verdict(row.verdict),
                row.reason,
                _at(row),
                row.recorded_by,
            )
            for row in self._all("list_judgements", known_on)
        )

    def add_judged(self, judged: Sequence[Judged]) -> None:
        """Enter what a person said."""
        self._insert(
            "list_judgements",
            [
                {
                    **self._stamp(one.at, one.by),
                    "first_list": one.first[0],
                    "first_entry": one.first[1],
                    "second_list": one.second[0],
                    "second_entry": one.second[1],
                    "verdict": one.verdict.value,
                    "reason": one.reason,
                }
                for one in judged
            ],
        )

    def designations(self, *, known_on: datetime | None = None) -> Sequence[Designation]:
        """Return each designation at its last version, in the order they were entered."""
        last = {row.designation_id: row for row in self._all("list_designations", known_on)}
        return tuple(map(_designation, last.values()))

    def designation_versions(self, designation_id: str) -> Sequence[Designation]:
        """Return all versions of a designation, the oldest first."""
        rows = table("list_designations")
        query = self._unit.rows(rows).where(rows.c.designation_id == designation_id)
        with self._unit.reading() as connection:
            found = connection.execute(query.order_by(rows.c.version)).all()
        return tuple(map(_designation, found))

    def add_designation(self, designation: Designation) -> None:
        """Enter a version of a designation; refuse one whose number stands already."""
        row = {
            **self._stamp(designation.at, designation.by),
            "designation_id": designation.designation_id,
            "version": designation.version,
            "state": designation.state.value,
            "entry": _text(entry_document(designation.entry)),
            "expected_list": designation.expected_list,
            "document": designation.document,
            "url": designation.url,
            "dated": designation.dated,
            "met_list": None if designation.met is None else designation.met[0],
            "met_entry": None if designation.met is None else designation.met[1],
            "reason": designation.reason,
        }
        try:
            self._insert("list_designations", [row])
        except IntegrityError as error:
            raise DesignationChangedError(
                f"designation {designation.designation_id}: was changed by someone else "
                "meanwhile; look at it again"
            ) from error

    def _all(self, name: str, known_on: datetime | None) -> Sequence[Any]:
        rows = table(name)
        query: Select[Any] = self._unit.rows(rows)
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        with self._unit.reading() as connection:
            return connection.execute(query.order_by(rows.c.sequence)).all()

    def _insert(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        with self._unit.writing() as connection:
            for start in range(0, len(rows), _CHUNK):
                connection.execute(insert(table(name)), rows[start : start + _CHUNK])

    def _stamp(self, at: datetime, by: str) -> dict[str, Any]:
        return {**self._unit.stamp(at), "recorded_by": by}


def _text(value: Any) -> str:
    return canonical_bytes(value).decode()


def _at(row: Any) -> datetime:
    instant: datetime = row.recorded_at
    return instant.astimezone(timezone(timedelta(minutes=row.recorded_offset_minutes)))


def _version(row: Any) -> KeptVersion:
    about = ListVersion(
        list_id=row.list_id,
        version=row.version,
        issuer=row.issuer,
        published=row.published,
        loaded_at=_at(row),
        checksum=row.checksum,
        size_bytes=row.size_bytes,
        reader=row.reader,
        counts=tuple((name, count) for name, count in load_json(row.counts)),
        names=row.names,
        source=row.origin,
    )
    files = tuple(KeptFile(*one) for one in load_json(row.files))
    return KeptVersion(
        version_id=row.version_id,
        about=about,
        files=files,
        entries_digest=row.entries_digest,
        problems=row.problems,
        excuse=row.excuse,
        by=row.recorded_by,
    )


def _designation(row: Any) -> Designation:
    met = None if row.met_list is None else (row.met_list, row.met_entry)
    return Designation(
        designation_id=row.designation_id,
        version=row.version,
        state=DesignationState(row.state),
        entry=entry_of(load_json(row.entry)),
        expected_list=row.expected_list,
        document=row.document,
        url=row.url,
        dated=row.dated,
        met=met,
        reason=row.reason,
        at=_at(row),
        by=row.recorded_by,
    )
