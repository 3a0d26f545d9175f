"""The queue in SQL: its order, its filters, its counts.

What the cells of the counts have alike is filtered by them (`case_pages.py`), so
that such a page costs the same under any filters and in any order. Subject,
customer and text are filtered row by row from an index of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    false,
    func,
    literal,
    or_,
    select,
)

from sluicegate.adapters.store.case_names import has_text, stands_in
from sluicegate.adapters.store.case_pages import ORDERS, CasePages, after_row
from sluicegate.adapters.store.case_rows import IN_QUEUE
from sluicegate.adapters.store.case_scope import within
from sluicegate.adapters.store.case_tallies import NO_DAY, due_key
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.case import CaseKind, Outcome, Priority, State
from sluicegate.cases.filters import ME, NOBODY, Filter, Order
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import CaseRow, Facets, QueueKey

Condition = ColumnElement[bool]

_FEW = 5_000
"""Cases up to which they are counted by rule, row by row."""

_OFTEN = 20_000
"""Names with a text above which its cases are looked for in the order of the queue, where they
are soon found. Up to it they are read by the index and sorted."""

_FILTERED = (
    *("tenant_id", "case_id", "cell", "kind", "state", "in_queue", "priority", "due_key"),
    *("assignee", "jurisdiction", "subject_kind", "is_escalated", "proposed_by", "sealed_for"),
    *("subject", "customer_id"),
)
"""Columns of cases that filters ask for."""


@dataclass(frozen=True, slots=True)
class Often:
    """A text that more than `_OFTEN` names have."""

    text: str


Named = tuple[int, ...] | Often | None
"""The rows in whose names a text stands, that it stands in very many, or neither."""


class CaseQueue:
    """Reads rows and counts of the queue."""

    _unit: Unit

    def queue(
        self, wanted: Filter, scope: Scope, *, who: str, after: QueueKey | None, limit: int
    ) -> Sequence[CaseRow]:
        """Return rows of the queue in the order that the filter names."""
        with self._unit.reading() as connection:
            named = self._named(connection, wanted)
            if not _is_tallied(wanted) and not isinstance(named, Often):
                source = self._source(named, wanted)
                kept = self._kept(source, wanted, scope, who)
                return self._sorted(connection, source, kept, wanted.order, after, limit)
            ids = CasePages(self._unit, connection, wanted.order).ids(
                wanted.rule,
                self._alike(wanted, scope, who),
                after=after,
                limit=limit,
                narrowed=[self._stands_in(wanted.text)] if wanted.text else [],
            )
            cases = table("cases")
            query = self._unit.rows(cases).where(
                cases.c.case_id.in_(ids), *within(self._unit, cases, scope)
            )
            by_id = {row.case_id: row for row in connection.execute(query)} if ids else {}
            return tuple(_row(by_id[one]) for one in ids if one in by_id)

    def counts(self, wanted: Filter, scope: Scope, *, who: str, today: date) -> Facets:
        """Count what a filter keeps: from kept counts where they tell, else from the rows."""
        with self._unit.reading() as connection:
            if _is_tallied(wanted):
                rows = connection.execute(self._tallied(wanted, scope, who, today)).all()
                rules = connection.execute(self._tallied_rules(wanted, scope, who)).all()
            else:
                source = self._source(self._named(connection, wanted), wanted, _FILTERED)
                kept = self._kept(source, wanted, scope, who)
                rows = connection.execute(self._counted(source, kept, today)).all()
                total = sum(row.cases for row in rows)
                by_rule = self._counted_rules(source, kept)
                rules = connection.execute(by_rule).all() if total <= _FEW else []
        return _facets(rows, dict(map(tuple, rules)))

    def _named(self, connection: Connection, wanted: Filter) -> Named:
        """Return where a text stands, by the index of names; None where the index is not asked.

        The cases of one subject or customer are few, and their names are read.
        """
        if not wanted.text or wanted.subject or wanted.customer:
            return None
        has_it = has_text(table("cases"), wanted.text.casefold(), self._dialect)
        found = self._apart(("tenant_id", "sequence"), *has_it)
        query = self._unit.rows(found, found.c.sequence).limit(_OFTEN + 1)
        sequences = tuple(connection.execute(query).scalars())
        return Often(wanted.text) if len(sequences) > _OFTEN else sequences

    def _source(self, named: Named, wanted: Filter, columns: Sequence[str] = ()) -> FromClause:
        """Return the rows of cases among which the rest of a filter is looked for."""
        cases = table("cases")
        if named is None:
            own = cases.c.tenant_id == self._unit.tenant
            about = [
                column == value
                for column, value in (
                    (cases.c.subject, wanted.subject),
                    (cases.c.customer_id, wanted.customer),
                )
                if value
            ]
            return self._apart(columns, own, *about) if about else cases
        if isinstance(named, Often):
            return self._apart(columns, self._stands_in(named.text))
        return self._apart(columns, cases.c.sequence.in_(named))

    def _apart(self, columns: Sequence[str], *conditions: Condition) -> Subquery:
        """Return the cases under some conditions, of every tenant, as rows read before others.

        Of their columns some, where they are named: what is counted reads no names.
        SQLite would else begin with the tenant, whose cases are all; the limit keeps it
        from that. Whoever reads it asks for a tenant's rows, as everywhere.
        """
        cases = table("cases")
        inner = select(*(cases.c[name] for name in columns or cases.c.keys())).where(*conditions)
        return (inner.limit(-1) if self._dialect == "sqlite" else inner).subquery("found")

    def _sorted(
        self,
        connection: Connection,
        source: FromClause,
        kept: Sequence[Condition],
        order: Order,
        after: QueueKey | None,
        limit: int,
    ) -> Sequence[CaseRow]:
        """Return rows that an index of their own finds, sorted here."""
        query = self._unit.rows(source).where(*kept)
        if after is not None:
            query = query.where(after_row(source, after, order))
        columns = [source.c[name] for name in (*ORDERS[order], "case_id")]
        return tuple(map(_row, connection.execute(query.order_by(*columns).limit(limit))))

    def _counted(self, source: FromClause, kept: Sequence[Condition], today: date) -> Select[Any]:
        """Count rows by the cell they are in, and what their cells have alike from the cells."""
        tallies = table("case_tallies")
        by_cell = self._unit.rows(source, source.c.cell, func.count().label("cases")).where(*kept)
        counted = by_cell.group_by(source.c.cell).subquery("counted")
        columns = _facet_columns(tallies, today)
        query = self._unit.rows(tallies, *columns, func.sum(counted.c.cases).label("cases"))
        return query.where(counted.c.cell == tallies.c.sequence).group_by(*columns)

    def _counted_rules(self, source: FromClause, kept: Sequence[Condition]) -> Select[Any]:
        rules = table("case_rules")
        inside = self._unit.rows(source, source.c.case_id).where(*kept)
        query = self._unit.rows(rules, rules.c.rule, func.count().label("cases"))
        return query.where(rules.c.case_id.in_(inside)).group_by(rules.c.rule)

    def _tallied(self, wanted: Filter, scope: Scope, who: str, today: date) -> Select[Any]:
        tallies = table("case_tallies")
        columns = _facet_columns(tallies, today)
        query = self._unit.rows(tallies, *columns, func.sum(tallies.c.cases).label("cases"))
        return (
            query.where(tallies.c.rule == wanted.rule, *self._alike(wanted, scope, who))
            .group_by(*columns)
            .having(func.sum(tallies.c.cases) > 0)
        )

    def _tallied_rules(self, wanted: Filter, scope: Scope, who: str) -> Select[Any]:
        tallies = table("case_tallies")
        query = self._unit.rows(tallies, tallies.c.rule, func.sum(tallies.c.cases).label("cases"))
        return (
            query.where(tallies.c.rule != "", *self._alike(wanted, scope, who))
            .group_by(tallies.c.rule)
            .having(func.sum(tallies.c.cases) > 0)
        )

    def _alike(self, wanted: Filter, scope: Scope, who: str) -> list[Condition]:
        """Keep the cells that a filter and a scope keep."""
        tallies = table("case_tallies")
        kept: list[Condition] = [tallies.c.sealed_for.in_(["", *sorted(scope.sealed_groups)])]
        if scope.tenant != self._unit.tenant:
            kept.append(literal(scope.tenant) == literal(self._unit.tenant))
        if scope.jurisdictions is not None:
            kept.append(tallies.c.jurisdiction.in_(["", *sorted(scope.jurisdictions)]))
        if wanted.states or not (wanted.has_all_states or wanted.is_mine_to_check):
            kept.append(tallies.c.state.in_([one.value for one in wanted.states or IN_QUEUE]))
        if wanted.is_mine_to_check:
            kept.append(tallies.c.state == State.PENDING.value)
            kept.append(tallies.c.maker != who)
        if wanted.due_before is not None:
            kept.append(tallies.c.due_key < wanted.due_before.isoformat())
        for column, values in (
            (tallies.c.kind, [one.value for one in wanted.kinds]),
            (tallies.c.priority, [one.value for one in wanted.priorities]),
            (tallies.c.jurisdiction, list(wanted.jurisdictions)),
            (tallies.c.subject_kind, [wanted.subject_kind] if wanted.subject_kind else []),
        ):
            if values:
                kept.append(_one_of(column, values))
        if wanted.assignee:
            assignee = {ME: who, NOBODY: ""}.get(wanted.assignee, wanted.assignee)
            is_someone = bool(assignee) or wanted.assignee == NOBODY
            kept.append(tallies.c.assignee == assignee if is_someone else false())
        if wanted.is_escalated:
            kept.append(tallies.c.is_escalated.is_(True))
        return kept

    def _kept(self, cases: FromClause, wanted: Filter, scope: Scope, who: str) -> list[Condition]:
        """Keep the rows that a filter and a scope keep; a text is left to the index of names."""
        kept = within(self._unit, cases, scope)
        if wanted.states:
            kept.append(_one_of(cases.c.state, [one.value for one in wanted.states]))
        elif not wanted.has_all_states and not wanted.is_mine_to_check:
            kept.append(cases.c.in_queue.is_(True))
        for column, values in (
            (cases.c.kind, [one.value for one in wanted.kinds]),
            (cases.c.priority, [one.value for one in wanted.priorities]),
            (cases.c.jurisdiction, list(wanted.jurisdictions)),
            (cases.c.subject_kind, [wanted.subject_kind] if wanted.subject_kind else []),
            (cases.c.subject, [wanted.subject] if wanted.subject else []),
            (cases.c.customer_id, [wanted.customer] if wanted.customer else []),
        ):
            if values:
                kept.append(_one_of(column, values))
        if wanted.assignee:
            kept.append(_assigned(cases, wanted.assignee, who))
        if wanted.due_before is not None:
            kept.append(cases.c.due_key < wanted.due_before.isoformat())
        if wanted.is_escalated:
            kept.append(cases.c.is_escalated.is_(True))
        if wanted.is_mine_to_check:
            kept.append(cases.c.state == State.PENDING.value)
            kept.append(or_(cases.c.proposed_by.is_(None), cases.c.proposed_by != who))
        if wanted.text and cases is table("cases"):
            kept.append(self._stands_in(wanted.text))
        if wanted.rule:
            rules = table("case_rules")
            under = self._unit.rows(rules, rules.c.case_id).where(
                rules.c.rule == wanted.rule, rules.c.case_id == cases.c.case_id
            )
            kept.append(under.exists())
        return kept

    @property
    def _dialect(self) -> str:
        return self._unit.engine.dialect.name

    def _stands_in(self, text: str) -> Condition:
        return stands_in(table("cases"), text.casefold(), self._dialect)

    def _rows(self, query: Select[Any]) -> Sequence[CaseRow]:
        with self._unit.reading() as connection:
            return tuple(map(_row, connection.execute(query)))


def _one_of(column: Any, values: Sequence[Any]) -> Condition:
    found: Condition = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def _assigned(cases: FromClause, assignee: str, who: str) -> Condition:
    if assignee == NOBODY:
        return cases.c.assignee.is_(None)
    found: Condition = cases.c.assignee == (who if assignee == ME else assignee)
    return found


def _row(row: Any) -> CaseRow:
    return CaseRow(
        case_id=row.case_id,
        kind=CaseKind(row.kind),
        title=row.title,
        subject=row.subject,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject_name=row.subject_name,
        customer_id=row.customer_id,
        jurisdiction=row.jurisdiction,
        state=State(row.state),
        priority=Priority(row.priority),
        due=None if row.due_key == NO_DAY else date.fromisoformat(row.due_key),
        assignee=row.assignee,
        escalated_to=row.escalated_to,
        snoozed_until=row.snoozed_until,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        version=row.version,
        alert_count=row.alert_count,
        lead_rule=row.lead_rule,
        proposed_by=row.proposed_by,
        sealed_for=row.sealed_for,
    )


def _is_tallied(wanted: Filter) -> bool:
    """Say whether a filter asks only for what the cells of the counts have alike."""
    return not (wanted.subject or wanted.customer or wanted.text)


def _facet_columns(rows: Table, today: date) -> tuple[Any, ...]:
    """Return what cases are counted by; `is_late` is whether an open one is past its day."""
    is_late = and_(rows.c.due_key < due_key(today), rows.c.state != State.CLOSED.value)
    return (
        *(rows.c.state, rows.c.priority, rows.c.jurisdiction, rows.c.subject_kind),
        *(rows.c.assignee, rows.c.is_escalated, is_late.label("is_late")),
    )


def _facets(rows: Sequence[Any], rules: dict[str, int]) -> Facets:
    found: dict[str, Counter[str]] = {
        name: Counter() for name in ("state", "priority", "jurisdiction", "subject_kind", "who")
    }
    total = escalated = overdue = 0
    for row in rows:
        total += row.cases
        overdue += row.cases if row.is_late else 0
        found["state"][row.state] += row.cases
        found["priority"][Priority(row.priority).code] += row.cases
        found["jurisdiction"][row.jurisdiction] += row.cases
        found["subject_kind"][row.subject_kind] += row.cases
        found["who"][row.assignee or NOBODY] += row.cases
        escalated += row.cases if row.is_escalated else 0
    return Facets(
        total=total,
        states=found["state"],
        priorities=found["priority"],
        jurisdictions=found["jurisdiction"],
        subject_kinds=found["subject_kind"],
        assignees=found["who"],
        rules={rule: int(count) for rule, count in rules.items()},
        overdue=overdue,
        unassigned=found["who"][NOBODY],
        escalated=escalated,
    )
