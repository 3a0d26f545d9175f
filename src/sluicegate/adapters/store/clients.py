"""Machines of one tenant: their public keys, and the assertions that they have used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, update
from sqlalchemy.exc import IntegrityError

from sluicegate.adapters.store.accounts import rights_columns, rights_of
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.canonical import canonical_bytes
from sluicegate.core.exact import load_json
from sluicegate.core.identifiers import TenantId
from sluicegate.services.ports.identity import Client


class Clients:
    """Implements `services.ports.identity.Clients`."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def add(self, client: Client) -> None:
        """Write a new machine."""
        row = {**self._unit.stamp(client.created_at), **_columns(client)}
        with self._unit.writing() as connection:
            connection.execute(insert(table("clients")), [row])

    def save(self, client: Client) -> None:
        """Write a machine's values over the ones that stand."""
        clients = table("clients")
        change = update(clients).where(
            clients.c.tenant_id == self._unit.tenant, clients.c.client_id == client.id
        )
        with self._unit.writing() as connection:
            connection.execute(change.values(**_columns(client)))

    def client(self, client_id: str) -> Client | None:
        """Return a machine by its id."""
        clients = table("clients")
        query = self._unit.rows(clients).where(clients.c.client_id == client_id)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _client(row)

    def all(self) -> Sequence[Client]:
        """Return every machine, revoked ones too, oldest first."""
        clients = table("clients")
        with self._unit.reading() as connection:
            rows = connection.execute(self._unit.rows(clients).order_by(clients.c.sequence)).all()
        return tuple(map(_client, rows))

    def use_assertion(
        self, client_id: str, digest: str, *, ends_at: datetime, at: datetime
    ) -> bool:
        """Use an assertion's id up; False when it was used before.

        Those that have expired are forgotten: they are refused by their date.
        """
        used = table("client_assertions")
        mine = used.c.tenant_id == self._unit.tenant
        row = {
            **self._unit.stamp(at),
            "client_id": client_id,
            "digest": digest,
            "ends_at": ends_at,
        }
        with self._unit.writing() as connection:
            connection.execute(delete(used).where(mine, used.c.ends_at < at))
            try:
                with connection.begin_nested():
                    connection.execute(insert(used), [row])
            except IntegrityError:
                return False
        return True


def _columns(client: Client) -> dict[str, Any]:
    return {
        **rights_columns(client.rights),
        "client_id": client.id,
        "name": client.name,
        "keys": canonical_bytes(client.keys).decode(),
        "tokens_from": client.tokens_from,
        "revoked_at": client.revoked_at,
    }


def _client(row: Row[Any]) -> Client:
    return Client(
        id=row.client_id,
        tenant=TenantId(row.tenant_id),
        name=row.name,
        keys=tuple(load_json(row.keys)),
        rights=rights_of(row),
        created_at=row.recorded_at,
        tokens_from=row.tokens_from,
        revoked_at=row.revoked_at,
    )
