"""SQLite reads what pages of cases ask for by an index of its own, with no statistics taken yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from case_samples import AT, opening
from empty_stores import empty_store
from sluicegate.adapters.store import SqlStore
from sluicegate.cases.filters import Filter, Order
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import Scope

SCOPE = Scope(TenantId("self"))
ALL_OF_A_TENANT = re.compile(r"^SCAN |\(tenant_id=\?\)$")
"""Steps that read every row of a table, or every row of a tenant."""

SMALL = re.compile(r"case_tallies|counted|found")
"""Tables of cells, and what an inner query has found already."""

READS: dict[str, Callable[[SqlStore, str], Any]] = {
    "a case": lambda store, one: store.cases.find(one, SCOPE),
    "its events": lambda store, one: store.cases.events(one, SCOPE),
    "its row": lambda store, one: store.cases.row(one, SCOPE),
    "cases that belong to it": lambda store, one: related(store, one),
    "cases for a pass": lambda store, one: store.cases.standing([one]),
    "blocks": lambda store, one: store.cases.blocks("c-a", SCOPE),
    "the queue of a customer": lambda store, one: queue(store, Filter(customer="c-a")),
    "the queue of a subject": lambda store, one: queue(store, Filter(subject="customer:a")),
}


def related(store: SqlStore, one: str) -> Any:
    case = store.cases.find(one, SCOPE)
    assert case is not None
    return store.cases.related(case, SCOPE)


def queue(store: SqlStore, wanted: Filter) -> Any:
    store.cases.counts(wanted, SCOPE, who="user:ada", today=date(2026, 7, 1))
    for order in Order:
        ordered = Filter(customer=wanted.customer, subject=wanted.subject, order=order)
        store.cases.queue(ordered, SCOPE, who="user:ada", after=None, limit=5)
    return None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with empty_store(FixedClock(AT), f"sqlite:///{tmp_path / 'state.db'}") as opened:
        opened.cases.write([opening(name) for name in "abc"])
        yield opened


@contextmanager
def plans(store: SqlStore) -> Iterator[list[str]]:
    """Gather the steps of every query that is asked meanwhile."""
    steps: list[str] = []

    def explain(_context: Any, cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            other = cursor.connection.cursor()
            other.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            steps.extend(row[3] for row in other.fetchall())

    event.listen(store.engine, "before_cursor_execute", explain)
    try:
        yield steps
    finally:
        event.remove(store.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("what", READS)
def test_a_page_of_cases_reads_by_an_index_of_its_own(store: SqlStore, what: str) -> None:
    with plans(store) as steps:
        READS[what](store, "c-a")
    wide = [one for one in steps if ALL_OF_A_TENANT.search(one) and not SMALL.search(one)]
    assert steps != []
    assert wide == []
