"""Counts of cases kept with every change, so that the queue counts without reading it.

A cell is what cases have alike: state, priority, jurisdiction and so on. A
count over 100,000 cases is then a sum over some hundred cells. Every case, and
every rule of a case, holds the number of its cell, by which pages are read. The
row of a cell is never taken away, so its number stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    case,
    func,
    literal,
    update,
)
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
    connection: Connection, unit: Unit, changes: Sequence[CaseChange], stamp: Mapping[str, Any]
) -> Mapping[Cell, int]:
    """Bring the counts to what changes make of them; return the numbers of the cells after."""
    difference: Counter[Cell] = Counter()
    for one in changes:
        difference.update(cells_of(one.after))
        if one.before is not None:
            difference.subtract(cells_of(one.before))
    _add(connection, {cell: count for cell, count in difference.items() if count}, stamp)
    return _numbers(connection, unit, {cell for one in changes for cell in cells_of(one.after)})


def _add(connection: Connection, counts: Mapping[Cell, int], stamp: Mapping[str, Any]) -> None:
    """Add to the counts of cells; a cell that has no row yet gets one."""
    rows = [{**stamp, **cell._asdict(), "cases": counts[cell]} for cell in sorted(counts)]
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


def _numbers(connection: Connection, unit: Unit, cells: Collection[Cell]) -> dict[Cell, int]:
    """Return the number of each cell; every one has a row."""
    tallies = table("case_tallies")
    query = unit.rows(tallies, tallies.c.sequence).where(
        *(tallies.c[name] == bindparam(name) for name in Cell._fields)
    )
    return {cell: connection.execute(query, cell._asdict()).scalar_one() for cell in cells}


def recount(connection: Connection, unit: Unit, stamp: Mapping[str, Any]) -> None:
    """Count anew from the cases as they stand, and give each case its cell."""
    tallies, cases, rules = table("case_tallies"), table("cases"), table("case_rules")
    of_case = _values(cases)
    whole = unit.rows(cases, literal(""), *of_case, func.count()).group_by(*of_case)
    by_rule = (
        unit.rows(rules, rules.c.rule, *of_case, func.count())
        .where(cases.c.tenant_id == unit.tenant, cases.c.case_id == rules.c.case_id)
        .group_by(rules.c.rule, *of_case)
    )
    found = [*connection.execute(whole).all(), *connection.execute(by_rule).all()]
    connection.execute(
        update(tallies).where(tallies.c.tenant_id == unit.tenant).values(cases=literal(0))
    )
    _add(connection, {Cell(*row[:-1]): row[-1] for row in found}, stamp)
    cell = unit.rows(tallies, tallies.c.sequence).where(
        *(tallies.c[name] == value for name, value in zip(Cell._fields[1:], of_case, strict=True))
    )
    own = cell.where(tallies.c.rule == "").correlate(cases).scalar_subquery()
    connection.execute(update(cases).where(cases.c.tenant_id == unit.tenant).values(cell=own))
    under = (
        cell.where(cases.c.tenant_id == unit.tenant, cases.c.case_id == rules.c.case_id)
        .where(tallies.c.rule == rules.c.rule)
        .correlate(rules)
        .scalar_subquery()
    )
    connection.execute(update(rules).where(rules.c.tenant_id == unit.tenant).values(cell=under))


def tally_faults(connection: Connection, unit: Unit) -> list[str]:
    """Say whether cases are in other cells than their own, or counted otherwise than they are."""
    tallies, cases, rules = table("case_tallies"), table("cases"), table("case_rules")
    alike = [
        tallies.c[name] == value
        for name, value in zip(Cell._fields[1:], _values(cases), strict=True)
    ]
    right = unit.rows(tallies, tallies.c.sequence).where(*alike)
    own = right.where(tallies.c.sequence == cases.c.cell, tallies.c.rule == "")
    strays = unit.rows(cases, func.count()).where(~own.correlate(cases).exists())
    under = (
        right.where(tallies.c.sequence == rules.c.cell, tallies.c.rule == rules.c.rule)
        .where(cases.c.case_id == rules.c.case_id, cases.c.tenant_id == unit.tenant)
        .correlate(rules)
    )
    stray_rules = unit.rows(rules, func.count()).where(~under.exists())
    faults = [
        f"{name}: {count} rows are not in the cell of their case"
        for name, query in (("cases", strays), ("case_rules", stray_rules))
        if (count := connection.execute(query).scalar_one())
    ]
    kept = unit.rows(tallies, tallies.c.sequence, tallies.c.cases).where(tallies.c.cases != 0)
    counted = [
        unit.rows(rows, rows.c.cell, func.count()).group_by(rows.c.cell) for rows in (cases, rules)
    ]
    truth = {tuple(row) for query in counted for row in connection.execute(query)}
    if truth != set(map(tuple, connection.execute(kept))):
        faults.append("case_tallies: the counts are not those of the cases")
    return faults


def _values(cases: Table) -> tuple[ColumnElement[Any], ...]:
    """Return what of a row of `cases` makes its cell, in the order of `Cell`, without the rule."""
    waits = cases.c.state == State.PENDING.value
    maker = case((waits, func.coalesce(cases.c.proposed_by, "")), else_="")
    return (
        *(cases.c.state, cases.c.priority, cases.c.jurisdiction),
        *(func.coalesce(cases.c.sealed_for, ""), cases.c.kind, cases.c.subject_kind),
        *(func.coalesce(cases.c.assignee, ""), cases.c.is_escalated, cases.c.due_key, maker),
    )


def cells_of(case_: Case) -> Iterator[Cell]:
    """Yield the cell of a case, then that under each of its rules."""
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
