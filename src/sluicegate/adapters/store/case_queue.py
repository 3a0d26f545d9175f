"""The queue in SQL: its order, its filters, its counts.

Every filter and every order has an index (models/casework.py). Text is looked
for anywhere in an index that holds only names and ids, which is read whole;
the cases it finds are then filtered like any others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, literal, or_, tuple_

from sluicegate.adapters.store.case_rows import IN_QUEUE
from sluicegate.adapters.store.case_tallies import NO_DAY, due_key
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.case import CaseKind, Outcome, Priority, State
from sluicegate.cases.filters import ME, NOBODY, Filter
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import CaseRow, Facets, QueueKey

Condition = ColumnElement[bool]

_FEW = 5_000
"""Cases up to which they are counted by rule, row by row."""


class CaseQueue:
    """Reads rows and counts of the queue."""

    _unit: Unit

    def queue(
        self, wanted: Filter, scope: Scope, *, who: str, after: QueueKey | None, limit: int
    ) -> Sequence[CaseRow]:
        """Return rows of the queue in its order: priority, due day, id."""
        cases = table("cases")
        query, ordered = self._ordered(wanted, cases)
        query = query.where(*self._kept(wanted, scope, who))
        key = tuple_(ordered.c.priority, ordered.c.due_key, ordered.c.case_id)
        if after is not None:
            query = query.where(key > tuple_(*(literal(part) for part in after)))
        query = query.order_by(ordered.c.priority, ordered.c.due_key, ordered.c.case_id)
        return self._rows(query.limit(limit))

    def counts(self, wanted: Filter, scope: Scope, *, who: str, today: date) -> Facets:
        """Count what a filter keeps: from kept counts where they tell, else from the rows."""
        with self._unit.reading() as connection:
            if _is_tallied(wanted):
                rows = connection.execute(self._tallied(wanted, scope, who, today)).all()
                rules = connection.execute(self._tallied_rules(wanted, scope, who)).all()
            else:
                kept = self._kept(wanted, scope, who, has_rule=True)
                rows = connection.execute(self._counted(kept, today)).all()
                total = sum(row.cases for row in rows)
                by_rule = self._counted_rules(kept)
                rules = connection.execute(by_rule).all() if total <= _FEW else []
        return _facets(rows, dict(map(tuple, rules)))

    def _counted(self, kept: Sequence[Condition], today: date) -> Select[Any]:
        cases = table("cases")
        columns = _facet_columns(cases, today)
        query = self._unit.rows(cases, *columns, func.count().label("cases"))
        return query.where(*kept).group_by(*columns)

    def _counted_rules(self, kept: Sequence[Condition]) -> Select[Any]:
        cases, rules = table("cases"), table("case_rules")
        inside = self._unit.rows(cases, cases.c.case_id).where(*kept)
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
            kept.append(tallies.c.assignee == assignee)
        if wanted.is_escalated:
            kept.append(tallies.c.is_escalated.is_(True))
        return kept

    def _ordered(self, wanted: Filter, cases: Table) -> tuple[Select[Any], Table]:
        """Return the selection of rows, and the table whose columns give their order."""
        query = self._unit.rows(cases)
        if not wanted.rule:
            return query, cases
        rules = table("case_rules")
        query = query.join(rules, rules.c.case_id == cases.c.case_id).where(
            rules.c.tenant_id == self._unit.tenant, rules.c.rule == wanted.rule
        )
        if not wanted.states and not wanted.has_all_states:
            query = query.where(rules.c.in_queue.is_(True))
        return query, rules

    def _kept(
        self, wanted: Filter, scope: Scope, who: str, *, has_rule: bool = False
    ) -> list[Condition]:
        cases = table("cases")
        kept = self._within(cases, scope)
        if wanted.states:
            kept.append(_one_of(cases.c.state, [one.value for one in wanted.states]))
            if set(wanted.states) <= set(IN_QUEUE):
                kept.append(cases.c.in_queue.is_(True))
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
        if wanted.text:
            kept.append(cases.c.case_id.in_(self._named(wanted.text)))
        if wanted.rule and has_rule:
            rules = table("case_rules")
            under = self._unit.rows(rules, rules.c.case_id).where(
                rules.c.rule == wanted.rule, rules.c.case_id == cases.c.case_id
            )
            kept.append(under.exists())
        return kept

    def _named(self, text: str) -> Select[Any]:
        """Select the ids of cases in whose subject's name or ids a text stands."""
        cases = table("cases")
        place = func.instr if self._unit.engine.dialect.name == "sqlite" else func.strpos
        return self._unit.rows(cases, cases.c.case_id).where(
            place(cases.c.name_key, text.casefold()) > 0
        )

    def _within(self, rows: Table, scope: Scope) -> list[Condition]:
        """Keep the rows that a principal may see; of another tenant's there are none."""
        within: list[Condition] = [literal(scope.tenant) == literal(self._unit.tenant)]
        if scope.tenant == self._unit.tenant:
            within = []
        open_to_all = rows.c.sealed_for.is_(None)
        if scope.sealed_groups:
            groups = sorted(scope.sealed_groups)
            within.append(or_(open_to_all, rows.c.sealed_for.in_(groups)))
        else:
            within.append(open_to_all)
        if scope.jurisdictions is not None:
            within.append(rows.c.jurisdiction.in_(["", *sorted(scope.jurisdictions)]))
        return within

    def _rows(self, query: Select[Any]) -> Sequence[CaseRow]:
        with self._unit.reading() as connection:
            return tuple(map(_row, connection.execute(query)))


def _one_of(column: Any, values: Sequence[Any]) -> Condition:
    found: Condition = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def _assigned(cases: Table, assignee: str, who: str) -> Condition:
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
