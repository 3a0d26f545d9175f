"""Fill a node with a million findings about 100,000 customers, as its passes would.

The findings and duties are those of a demo's pass, taken as a pattern: a part of
them is written under other customers through the path that every pass takes,
read models and cases with it, and some cases are worked. The rest are copies of
those rows in SQL under other ids, customers and names. Runs as a program:
`large_node.py NODE --findings N`; the node must be a demo's, with a pass over it.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Text, text

from sluicegate.adapters.store import SqlStore
from sluicegate.adapters.store.models import table
from sluicegate.cases.case import DecisionKind
from sluicegate.cases.commands import Assign, Command, Comment, Escalate, Propose, Snooze
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.core.calendars import legal_day
from sluicegate.core.exact import dump_json, load_json
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.after_pass import PassFound, apply_pass
from sluicegate.services.desk import Desk
from sluicegate.services.identity import DemoAccount
from sluicegate.services.identity.sessions import principal_of
from sluicegate.services.ports.present_world import WorldMark, WorldPart, WorldRow
from sluicegate.services.present.keys import amount_key
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.identity import allow_passwords_alone, demo_accounts
from sluicegate.wiring.serving import served_of

BY = "bench"
FIRST = 25_000
"""Findings that are written by a pass; the others are copies of them."""

TEN = 10
"""Findings a customer has on average."""

MARK = ".k000"
"""Ends every id of what the pass writes; a copy has another number in its place."""

WORKED = 2_000
"""Cases of the pass that people did something to."""

_LIST = ("findings", "obligations")
_PRESENT = ("present_findings", "present_obligations")
_CASES = ("case_events", "cases", "case_documents", "case_rules", "case_alerts")
_RANDOM_IDS = ("version_id", "event_id", "case_id")


def patterns(store: SqlStore) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Yield the findings of the demo's pass, each with what is owed because of it."""
    owed: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in store.last_obligations().values():
        owed[str(one["finding"])].append(dict(one))
    for name, found in store.last_findings().items():
        yield dict(found), owed[name]


def renamed(document: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return a document with its ids changed wherever they stand."""
    said = dump_json(document)
    for old, new in names.items():
        said = said.replace(old, new)
    found: dict[str, Any] = load_json(said)
    return found


def drawn(
    store: SqlStore, count: int, customers: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return findings and obligations like the demo's under other customers and ids."""
    draw = random.Random(20261122)
    found: list[dict[str, Any]] = []
    owed: list[dict[str, Any]] = []
    known = list(patterns(store))
    turn = 0
    while len(found) < count:
        people: dict[str, str] = {}
        for one, duties in known[: count - len(found)]:
            old = str(one["customer_id"])
            places = {str(one["id"]): f"{one['id']}-{turn}{MARK}"}
            if old:
                new = people.setdefault(old, f"c-{draw.randrange(customers):06}{MARK}")
                places[old] = new
            subject = str(one["subject_id"])
            if subject != old:
                places[subject] = f"{subject.replace(old, places[old]) if old else subject}-{turn}"
                places[subject] += "" if old else MARK
            places = dict(sorted(places.items(), key=lambda pair: -len(pair[0])))
            found.append(renamed(one, places))
            places |= {str(duty["id"]): f"{duty['id']}-{turn}{MARK}" for duty in duties}
            owed += [renamed(duty, places) for duty in duties]
        turn += 1
    return found, owed


def write_pass(node: OpenNode, count: int, customers: int) -> None:
    """Write a pass that finds what the demo's found and much more."""
    store = node.store
    assert isinstance(store, SqlStore)
    now = node.clock.now()
    before = list(store.last_findings().values())
    before_owed = list(store.last_obligations().values())
    found, owed = drawn(store, count, customers)
    started = time.perf_counter()
    with store.transaction():
        store.record_pass(found, [], at=now, by=BY, obligations=owed)
        seen = PassFound(
            store.tenant,
            legal_day(now),
            [*before, *found],
            [*before_owed, *owed],
            {str(one["id"]) for one in found},
        )
        apply_pass(store, seen, node.book, at=now, by=BY)
    took = time.perf_counter() - started
    say(
        f"a pass with {len(found)} findings and {len(owed)} obligations was written in {took:.0f} s"
    )


def commands(who: str, day: Any) -> tuple[tuple[Command, ...], ...]:
    """Return what is done to worked cases, in turn."""
    return (
        (Assign(who),),
        (Assign(who), Comment("Asked the account manager for the contract.")),
        (Escalate("officer", "A second cluster of the same owner."),),
        (Assign(who), Snooze(day + timedelta(days=20), "Waits for the contract.")),
        (Assign(who), Propose(DecisionKind.CONFIRM, "The records bear it out.")),
        (Assign(who), Propose(DecisionKind.CLEAR, "A known public project.")),
    )


def work(desk: Desk, node: OpenNode, count: int) -> None:
    """Do something to some cases, as people do."""
    store = node.store
    assert isinstance(store, SqlStore)
    cases = table("cases")
    with store.engine.connect() as connection:
        query = text(
            f"SELECT case_id FROM {cases.name} WHERE subject_id LIKE '%{MARK}%' ORDER BY case_id"
        )
        ids = list(connection.execute(query).scalars())[:count]
    done = 0
    ways = commands(desk.principal.id, legal_day(node.clock.now()))
    with store.transaction():
        for number, case_id in enumerate(ids):
            for command in ways[number % len(ways)]:
                try:
                    act(desk, case_id, command, book=node.book)
                except NotAllowedNowError:
                    continue
                done += 1
    say(f"{done} acts on {len(ids)} cases")


def copy_rows(file: Path, copies: int) -> None:
    """Copy what the pass and people wrote, under other ids; no other may have the store open.

    Indexes that only serve reading are made anew when all rows are there: that
    writes each of them once, in order.
    """
    tables = (*_LIST, *_PRESENT, *_CASES)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -3000000"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            f" AND tbl_name IN ({', '.join(repr(name) for name in tables)})"
        ).fetchall()
        # The index of names follows cases by triggers; it too is made anew in the end.
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cases'"
        ).fetchall()
        shift = {name: _span(connection, name) for name in tables}
        connection.execute("BEGIN IMMEDIATE")
        for name, _sql in indexes:
            connection.execute(f"DROP INDEX {name}")
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for name, (first, last) in shift.items():
            started = time.perf_counter()
            for number in range(1, copies):
                connection.execute(_copy_of(name, number, shift, first, last))
            say(f"{name}: {time.perf_counter() - started:.0f} s")
        for _name, sql in (*indexes, *triggers):
            connection.execute(sql)
        connection.execute("INSERT INTO case_names(case_names) VALUES ('rebuild')")
        _count_cells(connection)
        connection.execute("ANALYZE")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")


def _count_cells(connection: sqlite3.Connection) -> None:
    for part, name in (("finding", "present_findings"), ("obligation", "present_obligations")):
        connection.execute(
            "UPDATE present_cells SET count = (SELECT count(*) FROM "
            f"{name} AS p WHERE p.tenant_id = present_cells.tenant_id"
            f" AND p.cell = present_cells.sequence) WHERE part = '{part}'"
        )


def _span(connection: sqlite3.Connection, name: str) -> tuple[int, int]:
    """Return the first and last row of what is copied; what was there before is not."""
    mark = {
        "findings": "document_id",
        "obligations": "document_id",
        "present_findings": "finding_id",
        "present_obligations": "obligation_id",
        "case_alerts": "finding_id",
    }.get(name)
    condition = f"{mark} LIKE '%{MARK}'" if mark else f"case_id IN ({_COPIED_CASES})"
    first, last = connection.execute(
        f"SELECT min(sequence), max(sequence) FROM {name} WHERE {condition}"
    ).fetchone()
    return int(first), int(last)


_COPIED_CASES = f"SELECT case_id FROM cases WHERE subject_id LIKE '%{MARK}%'"


def _copy_of(
    name: str, number: int, shift: Mapping[str, tuple[int, int]], first: int, last: int
) -> str:
    """Return the statement that copies the rows of a table once."""
    new = f".k{number:03}"

    def moved(source: str) -> int:
        return (shift[source][1] - shift[source][0] + 1) * number

    shown = []
    for column in table(name).columns:
        said = column.name
        if said == "sequence":
            said = f"sequence + {moved(name)}"
        elif said == "version" and name in _PRESENT:
            said = f"version + {moved(name.removeprefix('present_'))}"
        elif said == "changed_key":
            said = f"changed_key - {moved('findings')}"
        elif said in _RANDOM_IDS:
            said = f"{said} || '{new}'"
        elif said in ("document", "data"):
            said = f"replace({said}, '{MARK}', '{new}')"
            if name == "case_documents":
                said = f"replace({said}, case_id, case_id || '{new}')"
        elif isinstance(column.type, Text) or column.type.python_type is str:
            said = f"replace({said}, '{MARK}', '{new}')"
        shown.append(said)
    columns = ", ".join(column.name for column in table(name).columns)
    return (
        f"INSERT INTO {name} ({columns}) SELECT {', '.join(shown)} FROM {name}"
        f" WHERE sequence BETWEEN {first} AND {last}"
    )


def write_customers(node: OpenNode, people: int, copies: int) -> None:
    """Write the customers into the registry and into the read model of the last pass."""
    draw = random.Random(20261123)
    ids = [f"c-{one:06}.k{copy:03}" for copy in range(copies) for one in range(people)]
    now = node.clock.now()
    countries = ("US", "US", "DE", "FR", "JP", "SG", "GB", "KR", "BR")
    node.store.put(
        "customers",
        (
            {
                "source": "bench",
                "customer_id": name,
                "name": f"Invented Customer {name}",
                "customer_kind": "entity",
                "country": draw.choice(countries),
            }
            for name in ids
        ),
        at=now,
        by=BY,
    )
    document: dict[str, Any] = {"estimate": None, "kind": "entity", "group_name": None, "steps": []}
    rows = [
        WorldRow(
            id=name,
            name=f"Invented Customer {name}",
            owner=None,
            document=document,
            amount_key=amount_key(str(draw.randrange(10**18, 10**26))),
            country="US",
        )
        for name in ids
    ]
    mark = WorldMark(legal_day(now), now)
    node.store.present.keep_world(mark, {WorldPart.CUSTOMERS: rows}, at=now)
    say(f"{len(ids)} customers")


def accounts(folder: Path) -> dict[str, DemoAccount]:
    """Make the accounts of a demo in a node; return them by login."""
    allow_passwords_alone(folder)
    with opened(folder) as node:
        return {one.login: one for one in demo_accounts(node)}


def say(line: str) -> None:
    """Tell how far it has come."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Fill the node; print the accounts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("node", type=Path)
    parser.add_argument("--findings", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=FIRST, help="findings written by a pass")
    given = parser.parse_args()
    first = min(given.findings, given.first)
    copies = -(-given.findings // first)
    people = max(first // TEN, 1)
    made = accounts(given.node)
    with opened(given.node) as node:
        store = node.store
        assert isinstance(store, SqlStore)
        write_pass(node, first, people)
        served = served_of(node)
        account = store.accounts.by_login("maker")
        assert account is not None
        work(served.desk(principal_of(account, account.rights)), node, min(WORKED, first // 10))
    copy_rows(given.node / "state.db", copies)
    with opened(given.node) as node:
        store = node.store
        assert isinstance(store, SqlStore)
        store.cases.recount(at=node.clock.now())
        write_customers(node, people, copies)
        with store.engine.connect() as connection:
            counts = {
                name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
                for name in ("present_findings", "present_obligations", "cases", "case_events")
            }
    counts["customers"] = people * copies
    passwords = {one.login: one.password for one in made.values()}
    print(json.dumps({"accounts": passwords, "counts": counts}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
