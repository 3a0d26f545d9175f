"""How customers stand in due diligence: a row of each, folded from its events with every event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, update

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.kyc.diligence.events import Event
from sluicegate.kyc.diligence.file import Band, DiligenceFile, Standing
from sluicegate.kyc.diligence.folding import fold
from sluicegate.services.ports.diligence import StandingFilter, StandingRow

_NAME = "diligence_standings"
_NEVER = date.max.isoformat()


def keep_standing(
    unit: Unit, connection: Connection, customer_id: str, events: Sequence[Event]
) -> None:
    """Write how a customer stands after its events, oldest first."""
    rows = table(_NAME)
    values = _values(fold(customer_id, events))
    stamp = unit.stamp(unit.instant(events[-1].at))
    done = connection.execute(
        update(rows)
        .where(rows.c.tenant_id == unit.tenant, rows.c.customer_id == customer_id)
        .values(values)
    )
    if not done.rowcount:
        connection.execute(insert(rows), [{**stamp, "customer_id": customer_id, **values}])


class DiligenceStandings:
    """Reads how customers stand; a part of `Diligence`."""

    _unit: Unit

    def standings(
        self, wanted: StandingFilter, *, after: str = "", limit: int
    ) -> Sequence[StandingRow]:
        """Return at most `limit` customers that fit, by review day where one is asked, or by id."""
        rows = table(_NAME)
        order = (
            (rows.c.review_by, rows.c.customer_id) if wanted.review_by else (rows.c.customer_id,)
        )
        query = self._fitting(self._unit.rows(rows), wanted).order_by(*order).limit(limit)
        if after:
            query = query.where(rows.c.customer_id > after)
        with self._unit.reading() as connection:
            return tuple(map(_row, connection.execute(query)))

    def count_standings(self, wanted: StandingFilter) -> int:
        """Count the customers that fit."""
        query = self._fitting(self._unit.rows(table(_NAME), func.count()), wanted)
        with self._unit.reading() as connection:
            found: int = connection.execute(query).scalar_one()
        return found

    def standings_differing(self, events: Mapping[str, Sequence[Event]]) -> Sequence[str]:
        """Say which rows differ from what the events of every customer make."""
        rows = table(_NAME)
        with self._unit.reading() as connection:
            kept = {row.customer_id: row for row in connection.execute(self._unit.rows(rows))}
        faults = []
        for customer_id in sorted({*kept, *events}):
            row = kept.get(customer_id)
            told = _values(fold(customer_id, events.get(customer_id, ())))
            if row is None or any(getattr(row, name) != value for name, value in told.items()):
                faults.append(f"due diligence of {customer_id}: as kept differs from its events")
        return faults

    def fold_standings(self, events: Mapping[str, Sequence[Event]]) -> None:
        """Make the rows anew from the events of every customer."""
        rows = table(_NAME)
        with self._unit.writing() as connection:
            connection.execute(delete(rows).where(rows.c.tenant_id == self._unit.tenant))
            for customer_id, own in events.items():
                keep_standing(self._unit, connection, customer_id, own)

    def _fitting(self, query: Select[Any], wanted: StandingFilter) -> Select[Any]:
        rows = table(_NAME)
        said: list[ColumnElement[bool]] = []
        if wanted.review_by is not None:
            said.append(rows.c.review_by <= wanted.review_by.isoformat())
        if wanted.is_waiting:
            said.append(rows.c.waiting > 0)
        if wanted.is_disposed:
            said.append(rows.c.disposals > 0)
        if wanted.standings:
            said.append(rows.c.standing.in_(one.value for one in wanted.standings))
        return query.where(*said)


def _values(file: DiligenceFile) -> dict[str, Any]:
    return {
        "version": file.version,
        "standing": file.standing.value,
        "band": None if file.rating is None else file.rating.stands.value,
        "review_by": _NEVER if file.review_by is None else file.review_by.isoformat(),
        "waiting": len(file.proposals),
        "disposals": len(file.disposals),
    }


def _row(row: Any) -> StandingRow:
    return StandingRow(
        customer_id=row.customer_id,
        version=row.version,
        standing=Standing(row.standing),
        band=None if row.band is None else Band(row.band),
        review_by=None if row.review_by == _NEVER else date.fromisoformat(row.review_by),
        waiting=row.waiting,
        disposals=row.disposals,
    )
