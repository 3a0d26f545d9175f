"""Counts of cases kept with every change, so that the queue counts without reading it.

A cell is what cases have alike: state, priority, jurisdiction and so on. A
count over 100,000 cases is then a sum over some hundred cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, case, delete, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.case import Case, State
from sluicegate.services.ports.casework import CaseChange

NO_DAY = "9999-12-31"
"""Where a case without a due day stands in the order: after all others."""


def due_key(day: date | None) -> str:
    """Return a due day as text that orders."""
    return NO_DAY if day is None else day.isoformat()


def sole_maker(case_: Case) -> str | None:
    """Return who proposed all that waits for a check; None where several did, or nothing waits."""
    makers = {one.by for one in case_.proposals}
    return next(iter(makers)) if len(makers) == 1 else None


class Cell(NamedTuple):
    """What cases that are counted together have alike."""

    rule: str
    state: str
    priority: int
    jurisdiction: str
    sealed_for: str
    kind: str
    subject_kind: str
    assignee: str
    is_escalated: bool
    due_key: str
    maker: str


def keep_tallies(
    connection: Connection, changes: Sequence[CaseChange], stamp: Mapping[str, Any]
) -> None:
    """Bring the counts to what changes make of them."""
    difference: Counter[Cell] = Counter()
    for one in changes:
        difference.update(_cells(one.after))
        if one.before is not None:
            difference.subtract(_cells(one.before))
    rows = [
        {**stamp, **cell._asdict(), "cases": count}
        for cell, count in sorted(difference.items())
        if count
    ]
    if not rows:
        return
    tallies = table("case_tallies")
    cell_columns = ["tenant_id", *Cell._fields]
    if connection.dialect.name == "postgresql":
        put = postgresql.insert(tallies)
        connection.execute(
            put.on_conflict_do_update(
                index_elements=cell_columns,
                set_={"cases": tallies.c.cases + put.excluded.cases},
            ),
            rows,
        )
        return
    put_here = sqlite.insert(tallies)
    connection.execute(
        put_here.on_conflict_do_update(
            index_elements=cell_columns,
            set_={"cases": tallies.c.cases + put_here.excluded.cases},
        ),
        rows,
    )


def recount(connection: Connection, unit: Unit, stamp: Mapping[str, Any]) -> None:
    """Count anew from the cases as they stand."""
    tallies, cases, rules = table("case_tallies"), table("cases"), table("case_rules")
    connection.execute(delete(tallies).where(tallies.c.tenant_id == unit.tenant))
    alike = (
        *(cases.c.state, cases.c.priority, cases.c.jurisdiction),
        *(func.coalesce(cases.c.sealed_for, ""), cases.c.kind, cases.c.subject_kind),
        *(func.coalesce(cases.c.assignee, ""), cases.c.is_escalated, cases.c.due_key),
        case(
            (cases.c.state == State.PENDING.value, func.coalesce(cases.c.proposed_by, "")),
            else_="",
        ),
    )
    whole = select(literal(""), *alike, func.count()).where(cases.c.tenant_id == unit.tenant)
    by_rule = (
        select(rules.c.rule, *alike, func.count())
        .join(cases, cases.c.case_id == rules.c.case_id)
        .where(cases.c.tenant_id == unit.tenant, rules.c.tenant_id == unit.tenant)
        .group_by(rules.c.rule, *alike)
    )
    found = [
        *connection.execute(whole.group_by(*alike)).all(),
        *connection.execute(by_rule).all(),
    ]
    rows = [{**stamp, **dict(zip([*Cell._fields, "cases"], one, strict=True))} for one in found]
    if rows:
        connection.execute(insert(tallies), rows)


def _cells(case_: Case) -> Iterator[Cell]:
    alike = (
        case_.state.value,
        case_.priority.value,
        case_.jurisdiction,
        case_.sealed_for or "",
        case_.kind.value,
        case_.subject_kind,
        case_.assignee or "",
        case_.escalated_to is not None,
        due_key(case_.due),
        (sole_maker(case_) or "") if case_.state is State.PENDING else "",
    )
    yield Cell("", *alike)
    for rule in rules_of(case_):
        yield Cell(rule, *alike)


def rules_of(case: Case) -> Iterable[str]:
    """Return the rules under which a case has an alert that is not gone."""
    return dict.fromkeys(one.rule for one in case.alerts if not one.is_gone)
