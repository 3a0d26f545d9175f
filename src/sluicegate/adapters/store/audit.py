"""Reading the acts of a tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, timezone
from typing import Any

from sqlalchemy import Select, Text, cast, func

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.audit import ActFilter, ActRow


class Audit:
    """Implements `services.ports.audit.AuditStore`.

    Acts come by their id, a UUIDv7, which is the order of time. Their sequence
    is told to nobody: a gap in it would tell of a sealed act.
    """

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def page(
        self, scope: Scope, wanted: ActFilter, *, before: str | None, limit: int
    ) -> Sequence[ActRow]:
        """Return at most `limit` acts, the newest first, after the act `before`."""
        acts = table("acts")
        query = self._within(scope)
        if before is not None:
            query = query.where(acts.c.act_id < before)
        if wanted.name:
            query = query.where(acts.c.name == wanted.name)
        if wanted.by:
            query = query.where(acts.c.recorded_by == wanted.by)
        if wanted.since is not None:
            query = query.where(acts.c.recorded_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(acts.c.recorded_at < wanted.until)
        if wanted.text:
            query = query.where(self._naming(wanted.text))
        query = query.order_by(acts.c.act_id.desc()).limit(limit)
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(map(_act, rows))

    def act_of(self, scope: Scope, act_id: str) -> ActRow | None:
        """Return one act; None outside the scope, or where there is none."""
        query = self._within(scope).where(table("acts").c.act_id == act_id)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _act(row)

    def _within(self, scope: Scope) -> Select[Any]:
        acts = table("acts")
        is_open = acts.c.sealed_for.is_(None)
        return self._unit.rows(acts).where(is_open | acts.c.sealed_for.in_(scope.sealed_groups))

    def _naming(self, text: str) -> Any:
        """Say whether an act's canonical JSON names an id, as a whole text."""
        acts = table("acts")
        quoted = f'"{text}"'
        if self._unit.engine.dialect.name == "postgresql":
            return func.strpos(func.convert_from(acts.c.canonical, "UTF8"), quoted) > 0
        return func.instr(cast(acts.c.canonical, Text()), quoted) > 0


def _act(row: Any) -> ActRow:
    return ActRow(
        act_id=row.act_id,
        name=row.name,
        canonical=row.canonical,
        digest=row.digest,
        at=row.recorded_at.astimezone(timezone(timedelta(minutes=row.recorded_offset_minutes))),
        by=row.recorded_by,
        reason=row.reason,
    )
