"""What passes found: versions of JSON documents and their closings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, func, insert

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.projection import PassMark, Projection, Version
from sluicegate.adapters.store.unit import Unit, new_ids
from sluicegate.core.canonical import canonical_bytes, digest
from sluicegate.core.exact import load_json

_CHUNK = 2_000


class _Last(NamedTuple):
    version_id: str
    digest: str | None


class Passes:
    """Findings and obligations of one tenant, by pass."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def last_findings(self, *, known_on: datetime | None = None) -> Mapping[str, Mapping[str, Any]]:
        """Return finding id → the finding's latest stored document, closed ones left out."""
        return self._open_documents(table("findings"), known_on)

    def last_obligations(
        self, *, known_on: datetime | None = None
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return obligation id → its latest stored document, closed ones left out."""
        return self._open_documents(table("obligations"), known_on)

    def record_pass(
        self,
        findings: Sequence[Mapping[str, Any]],
        closed: Sequence[str],
        *,
        at: datetime | None = None,
        by: str,
        obligations: Sequence[Mapping[str, Any]] = (),
        closed_obligations: Sequence[str] = (),
    ) -> str:
        """Store changed findings and obligations and the closings; return the pass id.

        A document is keyed by its `id`. One that equals its last version, and
        the closing of what is not open, are not stored again. The read model
        follows in the same transaction.
        """
        instant = self._unit.instant(at)
        ids = new_ids(instant)
        pass_id = next(ids)
        stamp = {**self._unit.stamp(instant), "recorded_by": by, "pass_id": pass_id}
        with self._unit.writing() as connection:
            counts = {"changed": len(findings), "closed": len(closed)}
            made = connection.execute(insert(table("passes")).values({**stamp, **counts}))
            assert made.inserted_primary_key is not None
            mark = PassMark(pass_id, int(made.inserted_primary_key[0]), instant)
            written: dict[str, dict[str, Version]] = {}
            for name, documents, closings in (
                ("findings", findings, closed),
                ("obligations", obligations, closed_obligations),
            ):
                versions = self._versions(connection, table(name), documents, closings)
                rows = [{**stamp, **version, "version_id": next(ids)} for version in versions]
                if rows:
                    connection.execute(insert(table(name)), rows)
                known = {one["id"]: one for one in documents}
                written[name] = self._written(connection, table(name), rows, known, mark)
            model = Projection(self._unit, connection, instant)
            model.apply(written["findings"], written["obligations"], mark)
        return pass_id

    def finding(self, finding_id: str) -> Mapping[str, Any] | None:
        """Return a finding's latest document, closed or not."""
        versions = table("findings")
        query = (
            self._unit.rows(versions, versions.c.document)
            .where(versions.c.document_id == finding_id, versions.c.document.is_not(None))
            .order_by(versions.c.sequence.desc())
            .limit(1)
        )
        with self._unit.reading() as connection:
            text = connection.execute(query).scalar_one_or_none()
        return None if text is None else _document(text)

    def _versions(
        self,
        connection: Connection,
        versions: Table,
        documents: Sequence[Mapping[str, Any]],
        closings: Sequence[str],
    ) -> list[dict[str, Any]]:
        """Return the rows to write: what differs from the last version of its document."""
        wanted: dict[str, Mapping[str, Any] | None] = {}
        for document in documents:
            wanted[_id_of(versions, document)] = document
        for closing in closings:
            if wanted.setdefault(closing, None) is not None:
                raise ValueError(
                    f"{versions.name}, {closing}: is both stored and closed in one pass; "
                    "give it in one of the two"
                )
        last = self._last_documents(connection, versions, sorted(wanted))
        rows: list[dict[str, Any]] = []
        for document_id, document_or_none in wanted.items():
            before = last.get(document_id)
            content = None if document_or_none is None else digest(document_or_none)
            if content == (None if before is None else before.digest):
                continue
            rows.append(
                {
                    "document_id": document_id,
                    "digest": content,
                    "document": None if content is None else _text(document_or_none),
                    "supersedes": None if before is None else before.version_id,
                }
            )
        return rows

    def _written(
        self,
        connection: Connection,
        versions: Table,
        rows: Sequence[Mapping[str, Any]],
        documents: Mapping[str, Mapping[str, Any]],
        mark: PassMark,
    ) -> dict[str, Version]:
        """Return what was written as versions, with the sequences that the database gave."""
        found: dict[str, Version] = {}
        by_version = {row["version_id"]: row["document_id"] for row in rows}
        columns = (versions.c.version_id, versions.c.sequence)
        for chunk in _chunks(list(by_version)):
            query = self._unit.rows(versions, *columns).where(versions.c.version_id.in_(chunk))
            for version_id, sequence in connection.execute(query):
                name = by_version[version_id]
                found[name] = Version(documents.get(name), sequence, mark.at, mark.pass_id)
        return found

    def _last_documents(
        self, connection: Connection, versions: Table, ids: Sequence[str]
    ) -> dict[str, _Last]:
        found: dict[str, _Last] = {}
        columns = (versions.c.document_id, versions.c.version_id, versions.c.digest)
        for chunk in _chunks(ids):
            newest = (
                self._unit.rows(versions, func.max(versions.c.sequence))
                .where(versions.c.document_id.in_(chunk))
                .group_by(versions.c.document_id)
            )
            query = self._unit.rows(versions, *columns).where(versions.c.sequence.in_(newest))
            for document_id, version_id, content in connection.execute(query):
                found[document_id] = _Last(version_id, content)
        return found

    def _open_documents(
        self, versions: Table, known_on: datetime | None
    ) -> dict[str, Mapping[str, Any]]:
        newest = self._unit.rows(versions, func.max(versions.c.sequence))
        if known_on is not None:
            newest = newest.where(versions.c.recorded_at <= known_on)
        newest = newest.group_by(versions.c.document_id)
        query = (
            self._unit.rows(versions, versions.c.document_id, versions.c.document)
            .where(versions.c.sequence.in_(newest), versions.c.document.is_not(None))
            .order_by(versions.c.document_id)
        )
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return {document_id: _document(text) for document_id, text in rows}


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _id_of(versions: Table, document: Mapping[str, Any]) -> str:
    found = document.get("id")
    if not isinstance(found, str) or not found:
        raise ValueError(f"{versions.name}: a document has no id; give it a text `id`")
    return found


def _text(document: Mapping[str, Any] | None) -> str:
    return canonical_bytes(document).decode()


def _document(text: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = load_json(text)
    return document
