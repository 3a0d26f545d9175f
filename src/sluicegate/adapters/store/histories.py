"""Versions of registry records by the entity they speak of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.statements import RowReader, known_kind
from sluicegate.adapters.store.unit import Unit
from sluicegate.registry.records import Record

INDEXED = {
    "customers": ("customer_id",),
    "ownership": ("owned_id", "owner_id"),
    "runs": ("run_id", "customer_id"),
    "account_map": ("customer_id", "account"),
    "account_signals": ("customer_id",),
}
"""Kind → the columns by which its versions are found without a scan."""

_CHUNK = 2_000


class Histories:
    """Implements `services.ports.histories.HistoryStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def versions(
        self,
        kind: str,
        column: str,
        values: Collection[str],
        *,
        known_on: datetime | None = None,
    ) -> Sequence[Record]:
        """Return every version whose column has one of the values, oldest first."""
        if column not in INDEXED.get(kind, ()):
            raise ValueError(
                f"{kind}.{column}: is not indexed; give one of "
                + ", ".join(f"{name}.{one}" for name, found in INDEXED.items() for one in found)
            )
        rows = table(kind)
        read = RowReader(known_kind(kind), tuple(rows.c.keys()))
        wanted = sorted(values)
        found: list[tuple[int, Record]] = []
        with self._unit.reading() as connection:
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                query = self._unit.rows(rows).where(rows.c[column].in_(chunk))
                if known_on is not None:
                    query = query.where(rows.c.recorded_at <= known_on)
                found += [(row.sequence, read(row)) for row in connection.execute(query)]
        return [record for _, record in sorted(found, key=lambda one: one[0])]
