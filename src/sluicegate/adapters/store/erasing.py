"""Personal data that was erased: how an erased row is marked, and how it is known again."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    update,
)

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.redacting import (
    HISTORIES,
    digest_of,
    filed_of,
    redact,
    redaction_of,
)
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import digest
from sluicegate.core.exact import dump_json
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.events import About, Kind
from sluicegate.kyc.diligence.redaction import Redaction
from sluicegate.kyc.diligence.retention import Records
from sluicegate.registry.records import CustomerKind
from sluicegate.services.ports.diligence import Disposal, Erasable, Mentions, Tombstone
from sluicegate.services.present.keys import name_key

ERASED = "erased:"
"""How the digest of an erased version begins; the rest is the digest under the tombstone's salt."""

_CHUNK = 500
_SALT_BYTES = 32
EVENTS = "diligence_events"
_EVENT_FIELDS = ("private", "content")
_STATED: Mapping[str, tuple[str, ...]] = {
    "customers": (
        *("name", "address", "email", "telephone", "registration_number", "birth_date"),
        *("payment_source", "ip_addresses", "stated_purpose"),
    ),
    "ownership": ("owner_name",),
    "account_signals": ("value", "key"),
}
"""Table of versions → columns that an erasure empties."""

_WHOSE = {"customers": "customer_id", "ownership": "owned_id", "account_signals": "customer_id"}
"""Table of versions → the column that names the customer whose record it is."""

_STAND_IN = {("customers", "name"): "customer_id", ("ownership", "owner_name"): "owner_id"}
"""A column that cannot be empty → the column whose id stands in its place."""

_MARKED = frozenset({("account_signals", "value"), ("account_signals", "key")})
"""Columns that cannot be empty and name nothing: the version's id stands there, marked."""


def mark(salt: str, content: str) -> str:
    """Return what stands in the place of a version's digest after an erasure."""
    return ERASED + salted(salt, content)


def salted(salt: str, content: str) -> str:
    """Return a digest of a digest under a salt."""
    return digest({"salt": salt, "digest": content})


def salts_of(unit: Unit, connection: Connection, kind: str, ids: Collection[str]) -> dict[str, str]:
    """Return version id → salt of versions of a kind that were erased."""
    stones = table("erasures")
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(ids)):
        query = unit.rows(stones, stones.c.row_id, stones.c.salt).where(
            stones.c.kept_in == kind, stones.c.row_id.in_(chunk)
        )
        found.update((row.row_id, row.salt) for row in connection.execute(query))
    return found


class Erasing:
    """Erases personal data of customers, and proves it; a part of `Diligence`."""

    _unit: Unit

    def erasable(self, customer_id: str, records: Collection[Records]) -> Sequence[Erasable]:
        """Return the rows that hold personal data of a customer, of some kinds of records."""
        found: list[Erasable] = []
        with self._unit.reading() as connection:
            if Records.IDENTITY in records:
                for name in _STATED:
                    found += self._stated(connection, name, customer_id)
            found += self._events(connection, customer_id, records)
        return tuple(found)

    def erase(self, rows: Sequence[Erasable], disposal: Disposal) -> Sequence[Tombstone]:
        """Empty what rows hold of personal data, and leave a tombstone for each."""
        stones = []
        with self._unit.writing() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            for one in rows:
                stones.append(self._erase(connection, one, disposal))
            if any(one.kept_in == "customers" for one in rows):
                self._forget_read_models(connection, disposal.customer_id)
        return tuple(stones)

    def redaction(self, customer_id: str) -> Redaction:
        """Return the words by which a customer and its owners are named, as long as they stand."""
        with self._unit.reading() as connection:
            return redaction_of(self._unit, connection, customer_id)

    def redact(self, said: Redaction, disposal: Disposal) -> Sequence[Tombstone]:
        """Take words out of the documents that speak of a customer; their digests stay."""
        with self._unit.writing() as connection:
            return tuple(redact(self._unit, connection, said, disposal))

    def tombstones(self, customer_id: str) -> Sequence[Tombstone]:
        """Return the tombstones of a customer, oldest first."""
        stones = table("erasures")
        query = self._unit.rows(stones).where(stones.c.customer_id == customer_id)
        with self._unit.reading() as connection:
            rows = connection.execute(query.order_by(stones.c.sequence)).all()
        return tuple(
            Tombstone(
                disposal_id=row.disposal_id,
                customer_id=row.customer_id,
                kept_in=row.kept_in,
                row_id=row.row_id,
                fields=row.fields,
                digest=row.digest,
                rule=row.rule,
                at=row.recorded_at,
                by=row.recorded_by,
            )
            for row in rows
        )

    def faults(self, customer_id: str) -> Sequence[Sentence]:
        """Say which erased rows are not empty, or differ from what their tombstone says."""
        faults: list[Sentence] = []
        with self._unit.reading() as connection:
            for stone in self._last_stones(customer_id):
                row = connection.execute(self._one(stone.kept_in, stone.row_id)).one_or_none()
                place = f"{stone.kept_in} {stone.row_id}"
                if row is None:
                    faults.append(
                        say("{place}: the row is gone; only its tombstone is left.", place=place)
                    )
                    continue
                if stone.kept_in in HISTORIES:
                    if digest_of(row, stone.fields) != stone.digest:
                        faults.append(
                            say("{place}: it was changed after its erasing.", place=place)
                        )
                    continue
                filled = [name for name in stone.fields if not _is_empty(stone.kept_in, name, row)]
                if filled:
                    faults.append(say("{place}: not empty: {fields}.", place=place, fields=filled))
                is_event = stone.kept_in == EVENTS
                found = _event_digest(row) if is_event else row.digest.removeprefix(ERASED)
                if found != stone.digest:
                    differs = say("{place}: its digest is not that of its tombstone.", place=place)
                    faults.append(differs)
        return tuple(faults)

    def _last_stones(self, customer_id: str) -> Sequence[Tombstone]:
        """Return the last tombstone of each row, none where another's disposal touched it too."""
        stones = table("erasures")
        own = {(one.kept_in, one.row_id): one for one in self.tombstones(customer_id)}
        later = self._unit.rows(stones, stones.c.kept_in, stones.c.row_id).where(
            stones.c.customer_id != customer_id, stones.c.kept_in.in_(HISTORIES)
        )
        with self._unit.reading() as connection:
            for row in connection.execute(later):
                own.pop((row.kept_in, row.row_id), None)
        return tuple(own.values())

    def mentions(self, customer_id: str) -> Mentions:
        """Count the rows that speak of a customer, and those that stay with its name."""
        cases, filings = table("cases"), table("filings")
        ordinary = cases.c.sealed_for.is_(None) & (cases.c.customer_id == customer_id)
        ids = self._unit.rows(cases, cases.c.case_id).where(ordinary)
        counted = {
            "cases": self._unit.rows(cases, func.count()).where(ordinary),
            "filings": self._unit.rows(filings, func.count()).where(
                filings.c.case_id.in_(ids), filings.c.sealed_for.is_(None)
            ),
        }
        for name in ("present_findings", "present_obligations", "runs"):
            counted[name] = self._naming(name, "customer_id", customer_id)
        counted["ownership_diligence"] = self._naming(
            "ownership_diligence", "party_id", customer_id
        )
        matches = table("match_versions")
        counted["match_versions"] = self._unit.rows(matches, func.count()).where(
            matches.c.document.contains(dump_json(customer_id), autoescape=True)
        )
        with self._unit.reading() as connection:
            found = {
                name: connection.execute(query).scalar_one() for name, query in counted.items()
            }
            own = self._unit.rows(filings, filings.c.filing_id).where(
                filings.c.case_id.in_(ids), filings.c.sealed_for.is_(None)
            )
            filed = filed_of(self._unit, connection, connection.execute(own).scalars().all())
        return Mentions(
            {name: number for name, number in found.items() if number}, tuple(sorted(filed))
        )

    def settle(self) -> None:
        """Leave no copy of what was erased in SQLite's files; PostgreSQL sees to it by vacuum.

        Rows that were rewritten long before an erasing left words in pages that
        are free now, so the file is written anew.
        """
        if self._unit.engine.dialect.name != "sqlite":
            return
        with self._unit.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")

    def _naming(self, name: str, column: str, customer_id: str) -> Select[Any]:
        rows = table(name)
        return self._unit.rows(rows, func.count()).where(rows.c[column] == customer_id)

    def _stated(self, connection: Connection, name: str, customer_id: str) -> Iterator[Erasable]:
        rows = table(name)
        query = self._unit.rows(rows).where(
            rows.c[_WHOSE[name]] == customer_id, rows.c.digest.not_like(f"{ERASED}%")
        )
        if name == "ownership":
            query = query.where(rows.c.owner_kind == CustomerKind.INDIVIDUAL)
        for row in connection.execute(query.order_by(rows.c.sequence)):
            fields = [one for one in _STATED[name] if getattr(row, one) not in (None, ())]
            yield Erasable(name, row.version_id, tuple(fields))

    def _events(
        self, connection: Connection, customer_id: str, records: Collection[Records]
    ) -> Iterator[Erasable]:
        rows = table(EVENTS)
        is_evidence = rows.c.kind == Kind.VERIFIED.value
        wanted = []
        if Records.VERIFICATION in records:
            wanted.append(is_evidence)
        if Records.IDENTITY in records:
            wanted.append(and_(~is_evidence, rows.c.kind != Kind.DISPOSED.value))
        query = self._unit.rows(rows).where(
            rows.c.about == About.CUSTOMER.value,
            rows.c.subject == customer_id,
            or_(*wanted),
            or_(rows.c.private.is_not(None), rows.c.content.is_not(None)),
        )
        for row in connection.execute(query.order_by(rows.c.sequence)):
            fields = [one for one in _EVENT_FIELDS if getattr(row, one) is not None]
            yield Erasable(EVENTS, row.event_id, tuple(fields))

    def _erase(self, connection: Connection, one: Erasable, disposal: Disposal) -> Tombstone:
        row = connection.execute(self._one(one.kept_in, one.row_id)).one()
        salt = secrets.token_hex(_SALT_BYTES)
        is_event = one.kept_in == EVENTS
        content = _event_digest(row) if is_event else salted(salt, row.digest)
        stone = Tombstone(
            disposal_id=disposal.disposal_id,
            customer_id=disposal.customer_id,
            kept_in=one.kept_in,
            row_id=one.row_id,
            fields=one.fields,
            digest=content,
            rule=disposal.rule,
            at=disposal.at,
            by=disposal.by,
        )
        written = {
            **self._unit.stamp(self._unit.instant(disposal.at)),
            "recorded_by": disposal.by,
            "disposal_id": disposal.disposal_id,
            "customer_id": disposal.customer_id,
            "kept_in": one.kept_in,
            "row_id": one.row_id,
            "fields": one.fields,
            "salt": "" if is_event else salt,
            "digest": content,
            "rule": disposal.rule,
        }
        connection.execute(insert(table("erasures")), [written])
        rows = table(one.kept_in)
        emptied = _emptied(one.kept_in, row)
        if not is_event:
            emptied["digest"] = ERASED + content
        connection.execute(
            update(rows)
            .where(rows.c.tenant_id == self._unit.tenant, rows.c[_id_of(rows)] == one.row_id)
            .values(emptied)
        )
        return stone

    def _one(self, kept_in: str, row_id: str) -> Any:
        rows = table(kept_in)
        return self._unit.rows(rows).where(_same(rows, row_id))

    def _forget_read_models(self, connection: Connection, customer_id: str) -> None:
        """Take the name out of what pages read; the next pass makes these rows anew."""
        rows = table("present_customers")
        connection.execute(
            update(rows)
            .where(rows.c.tenant_id == self._unit.tenant, rows.c.customer_id == customer_id)
            .values(name=customer_id, name_key=name_key(customer_id))
        )
        for links in (table("found_links"), table("suggested_links")):
            connection.execute(
                delete(links).where(
                    links.c.tenant_id == self._unit.tenant,
                    or_(links.c.a == customer_id, links.c.b == customer_id),
                )
            )


def _emptied(kept_in: str, row: Row[Any]) -> dict[str, Any]:
    if kept_in == EVENTS:
        return dict.fromkeys((*_EVENT_FIELDS, "salt"))
    return {name: _empty(kept_in, name, row) for name in _STATED[kept_in]}


def _empty(kept_in: str, name: str, row: Row[Any]) -> Any:
    """Return what stands in a column of a row after an erasure."""
    if (kept_in, name) in _STAND_IN:
        return getattr(row, _STAND_IN[kept_in, name])
    if (kept_in, name) in _MARKED:
        return ERASED + row.version_id
    return None


def _is_empty(kept_in: str, name: str, row: Row[Any]) -> bool:
    held = getattr(row, name)
    return held in (None, ()) or held == _empty(kept_in, name, row)


def _event_digest(row: Row[Any]) -> str:
    """Return what a tombstone says of an event: its digests of what people wrote, and sent."""
    return digest({"private": row.private_digest, "content": row.content_sha256})


def _id_of(rows: Table) -> str:
    return "event_id" if rows.name == EVENTS else "version_id"


def _same(rows: Table, row_id: str) -> ColumnElement[bool]:
    """Return the condition that finds a row by what its tombstone calls it."""
    if rows.name in HISTORIES:
        return rows.c.sequence == int(row_id)
    found: ColumnElement[bool] = rows.c[_id_of(rows)] == row_id
    return found


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]
