"""Links between customers of one tenant, on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.screening.linkage import (
    Aside,
    Common,
    Decision,
    Link,
    LinkKind,
    Pattern,
    Verdict,
    pair_of,
)
from sluicegate.services.ports.links import (
    KeptCommon,
    KeptGroup,
    KeptLink,
    LinkMark,
    Suggestion,
)

_CHUNK = 2_000
_FOUND = ("found_links", "linked_customers", "common_things")
"""Tables for quick reading: written anew whenever something else is found."""

_MARK = ("as_of", "version", "digest", "customers", "links", "groups", "common", "aside")
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
        self,
        mark: LinkMark,
        links: Sequence[KeptLink],
        members: Mapping[str, str],
        common: Sequence[Common],
        *,
        at: datetime,
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
                self._empty(connection, name)
            _write(connection, "found_links", (stamp | _link_row(one) for one in links))
            pairs = sorted(members.items())
            rows = (stamp | {"customer_id": key, "group_id": group} for key, group in pairs)
            _write(connection, "linked_customers", rows)
            having = (
                stamp
                | {
                    "customer_id": key,
                    "kind": one.kind.value,
                    "evidence": one.evidence,
                    "sharers": one.sharers,
                }
                for one in common
                for key in one.customers
            )
            _write(connection, "common_things", having)
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

    def links_aside(self, *, limit: int = 100) -> Sequence[KeptLink]:
        """Return links that are not used because they would join too many, in order of pairs."""
        found = table("found_links")
        return self._links(self._unit.rows(found).where(found.c.aside.is_not(None)).limit(limit))

    def links_aside_of(self, customer: str, *, limit: int = 100) -> Sequence[KeptLink]:
        """Return those of one customer."""
        found = table("found_links")
        of_customer = or_(found.c.a == customer, found.c.b == customer)
        query = self._unit.rows(found).where(found.c.aside.is_not(None), of_customer)
        return self._links(query.limit(limit))

    def common_things(self, *, limit: int = 100) -> Sequence[KeptCommon]:
        """Return what is too common to link anybody, the most common first, nobody named."""
        rows = table("common_things").c
        query = self._unit.rows(table("common_things"), rows.kind, rows.evidence, rows.sharers)
        query = query.distinct().order_by(rows.sharers.desc(), rows.kind, rows.evidence)
        with self._unit.reading() as connection:
            found = connection.execute(query.limit(limit)).all()
        return tuple(KeptCommon(LinkKind(row.kind), row.evidence, row.sharers) for row in found)

    def common_in(self, group: str) -> Sequence[KeptCommon]:
        """Return what is too common and two or more of a group have, with who has it."""
        linked = table("linked_customers")
        members = self._unit.rows(linked, linked.c.customer_id).where(linked.c.group_id == group)
        found = self._common(table("common_things").c.customer_id.in_(members))
        return tuple(one for one in found if len(one.customers) > 1)

    def common_of(self, customer: str) -> Sequence[KeptCommon]:
        """Return what a customer has that is too common to link anybody."""
        return self._common(table("common_things").c.customer_id == customer)

    def keep_suggestions(self, suggestions: Sequence[Suggestion], *, at: datetime) -> None:
        """Keep what a model suggests in the place of what it did."""
        stamp = self._unit.stamp(at)
        with self._unit.writing() as connection:
            self._empty(connection, "suggested_links")
            rows = (
                stamp
                | {
                    "a": one.a,
                    "b": one.b,
                    "per_mille": one.per_mille,
                    "agreeing": " ".join(one.agreeing),
                }
                for one in suggestions
            )
            _write(connection, "suggested_links", rows)

    def suggestions(self) -> Sequence[Suggestion]:
        """Return what was last suggested, the most probable first."""
        rows = table("suggested_links")
        query = self._unit.rows(rows).order_by(rows.c.per_mille.desc(), rows.c.a, rows.c.b)
        with self._unit.reading() as connection:
            found = connection.execute(query).all()
        return tuple(
            Suggestion(row.a, row.b, row.per_mille, tuple(row.agreeing.split())) for row in found
        )

    def _empty(self, connection: Connection, name: str) -> None:
        found = table(name)
        connection.execute(delete(found).where(found.c.tenant_id == self._unit.tenant))

    def _common(self, whose: Any) -> Sequence[KeptCommon]:
        rows = table("common_things")
        order = (rows.c.sharers.desc(), rows.c.kind, rows.c.evidence, rows.c.customer_id)
        query = self._unit.rows(rows).where(whose).order_by(*order)
        found: dict[tuple[str, str, int], list[str]] = {}
        with self._unit.reading() as connection:
            for row in connection.execute(query):
                thing = row.kind, row.evidence, row.sharers
                found.setdefault(thing, []).append(row.customer_id)
        return tuple(
            KeptCommon(LinkKind(kind), evidence, sharers, tuple(customers))
            for (kind, evidence, sharers), customers in found.items()
        )

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
        "aside": None if kept.aside is None else kept.aside.pattern.value,
        "would_join": None if kept.aside is None else kept.aside.customers,
    }


def _kept(row: Any) -> KeptLink:
    values = {name: getattr(row, name) for name in _LINK}
    aside = None if row.aside is None else Aside(Pattern(row.aside), row.would_join)
    return KeptLink(Link(kind=LinkKind(row.kind), **values), row.holds, row.group_id, aside)


def _at(row: Any) -> datetime:
    offset = timezone(timedelta(minutes=row.recorded_offset_minutes))
    at: datetime = row.recorded_at.astimezone(offset)
    return at
