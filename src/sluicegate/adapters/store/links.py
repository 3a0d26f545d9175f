"""Links between customers of one tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, func, insert

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.screening.linkage import Decision, Link, LinkKind, Verdict, pair_of
from sluicegate.services.ports.links import KeptGroup, KeptLink, LinkMark

_CHUNK = 2_000
_FOUND = ("found_links", "linked_customers")
"""Tables for quick reading: written anew whenever something else is found."""

_MARK = ("as_of", "version", "digest", "customers", "links", "groups", "common")
_LINK = ("a", "b", "evidence", "weight", "sharers", "decides", "since", "until")


class Links:
    """Implements `services.ports.links.LinkStore` for one tenant."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def decide(self, decision: Decision) -> None:
        """Enter a decision; earlier ones stay."""
        a, b = pair_of(decision.a, decision.b)
        row = {
            **self._unit.stamp(decision.at),
            "recorded_by": decision.by,
            "a": a,
            "b": b,
            "verdict": decision.verdict.value,
            "reason": decision.reason,
        }
        with self._unit.writing() as connection:
            connection.execute(insert(table("link_decisions")), [row])

    def decisions(self, *, known_on: datetime | None = None) -> Sequence[Decision]:
        """Return all decisions, oldest first."""
        rows = table("link_decisions")
        query = self._unit.rows(rows).order_by(rows.c.sequence)
        if known_on is not None:
            query = query.where(rows.c.recorded_at <= known_on)
        with self._unit.reading() as connection:
            found = connection.execute(query).all()
        return tuple(
            Decision(row.a, row.b, Verdict(row.verdict), row.reason, row.recorded_by, _at(row))
            for row in found
        )

    def keep(
        self, mark: LinkMark, links: Sequence[KeptLink], members: Mapping[str, str], *, at: datetime
    ) -> bool:
        """Keep what was found in the place of what was; return whether anything changed."""
        stamp = self._unit.stamp(at)
        values = {name: getattr(mark, name) for name in _MARK}
        with self._unit.writing() as connection:
            held = self.mark()
            if held is not None and {name: getattr(held, name) for name in _MARK} == values:
                return False
            connection.execute(insert(table("link_marks")), [{**stamp, **values}])
            if held is not None and held.digest == mark.digest:
                return False
            for name in _FOUND:
                found = table(name)
                connection.execute(delete(found).where(found.c.tenant_id == self._unit.tenant))
            _write(connection, "found_links", (stamp | _link_row(one) for one in links))
            pairs = sorted(members.items())
            rows = (stamp | {"customer_id": key, "group_id": group} for key, group in pairs)
            _write(connection, "linked_customers", rows)
        return True

    def mark(self) -> LinkMark | None:
        """Say when links were last found, or None."""
        rows = table("link_marks")
        query = self._unit.rows(rows).order_by(rows.c.sequence.desc()).limit(1)
        with self._unit.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return LinkMark(**{name: getattr(row, name) for name in _MARK}, at=_at(row))

    def groups(self, *, after: str = "", limit: int = 100) -> Sequence[KeptGroup]:
        """Return groups in order of their ids, those after an id."""
        linked, found = table("linked_customers"), table("found_links")
        counted = (
            self._unit.rows(linked, linked.c.group_id, func.count().label("members"))
            .where(linked.c.group_id > after)
            .group_by(linked.c.group_id)
            .order_by(linked.c.group_id)
            .limit(limit)
        )
        with self._unit.reading() as connection:
            groups = {row.group_id: row.members for row in connection.execute(counted)}
            links = (
                self._unit.rows(found, found.c.group_id, func.count().label("links"))
                .where(found.c.group_id.in_(list(groups)))
                .group_by(found.c.group_id)
            )
            counts = {row.group_id: row.links for row in connection.execute(links)}
        return tuple(KeptGroup(key, groups[key], counts.get(key, 0)) for key in groups)

    def group_of(self, customer: str) -> str | None:
        """Return the group that a customer stands in."""
        linked = table("linked_customers")
        query = self._unit.rows(linked, linked.c.group_id).where(linked.c.customer_id == customer)
        with self._unit.reading() as connection:
            group: str | None = connection.execute(query).scalar_one_or_none()
        return group

    def members(self, group: str) -> Sequence[str]:
        """Return the customers of a group, in order."""
        linked = table("linked_customers")
        query = self._unit.rows(linked, linked.c.customer_id).where(linked.c.group_id == group)
        with self._unit.reading() as connection:
            found = connection.execute(query.order_by(linked.c.customer_id)).scalars()
            return tuple(found)

    def links_of(self, group: str) -> Sequence[KeptLink]:
        """Return the links within a group, in order of their pairs."""
        found = table("found_links")
        return self._links(self._unit.rows(found).where(found.c.group_id == group))

    def links_between(self, one: str, other: str) -> Sequence[KeptLink]:
        """Return the links between two customers."""
        found = table("found_links")
        a, b = pair_of(one, other)
        return self._links(self._unit.rows(found).where(found.c.a == a, found.c.b == b))

    def weak_links(self, *, limit: int = 100) -> Sequence[KeptLink]:
        """Return links whose pairs nothing holds together, the heaviest first."""
        found = table("found_links")
        query = self._unit.rows(found).where(found.c.holds.is_(False))
        query = query.order_by(found.c.weight.desc(), found.c.a, found.c.b, found.c.kind)
        return self._read(query.limit(limit))

    def _links(self, query: Any) -> Sequence[KeptLink]:
        found = table("found_links").c
        order = (found.a, found.b, found.weight.desc(), found.kind, found.evidence)
        return self._read(query.order_by(*order))

    def _read(self, query: Any) -> Sequence[KeptLink]:
        with self._unit.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(map(_kept, rows))


def _write(connection: Connection, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    waiting = iter(rows)
    while chunk := [dict(one) for one in islice(waiting, _CHUNK)]:
        connection.execute(insert(table(name)), chunk)


def _link_row(kept: KeptLink) -> dict[str, Any]:
    values = {name: getattr(kept.link, name) for name in _LINK}
    return {
        **values,
        "kind": kept.link.kind.value,
        "holds": kept.holds,
        "group_id": kept.group,
    }


def _kept(row: Any) -> KeptLink:
    values = {name: getattr(row, name) for name in _LINK}
    return KeptLink(Link(kind=LinkKind(row.kind), **values), row.holds, row.group_id)


def _at(row: Any) -> datetime:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    at: datetime = row.recorded_at.astimezone(offset)
    return at
