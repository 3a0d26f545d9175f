"""Time pages, filters and counts over a million findings about 100,000 customers.

The first 50,000 are written by a pass, as a node's are; the others are copies of
their rows under other ids, customers and names. Prints the slowest of the medians
of each kind of question; the control, in the same run, is the plain reading of
the versions that the read model spares. Fails below the stated size unless
--findings is smaller, whose figures may not enter the docs.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import text

from sluicegate import __version__
from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.adapters.store.models import table
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.principals import Scope
from sluicegate.services.paging import Key
from sluicegate.services.ports.present import FindingFilter, FindingOrder, ObligationFilter
from sluicegate.services.ports.present_world import (
    Standing,
    WorldFilter,
    WorldMark,
    WorldPart,
    WorldRow,
)
from sluicegate.services.present.keys import amount_key

STATED_FINDINGS = 1_000_000
STATED_MILLISECONDS = 50
PASS = 50_000
NOW = datetime(2026, 7, 1, tzinfo=UTC)
SCOPE = Scope(DEFAULT_TENANT)
CERTAINTIES = ("certain", "certain", "likely", "possible", "possible", "cleared")
KINDS = ("run", "run", "run", "customer", "cluster")
SYLLABLES = ("ar", "bel", "cor", "dun", "el", "fen", "gil", "har", "in", "jor", "kel", "lum")


def document(number: int, customers: int, rules: list[tuple[str, str]], draw: random.Random) -> Any:
    rule, instrument = draw.choice(rules)
    certainty = draw.choice(CERTAINTIES)
    kind = draw.choice(KINDS)
    customer = draw.randrange(customers)
    name = "".join(draw.choices(SYLLABLES, k=3)).title()
    amount = str(draw.randrange(10**23, 10**27))
    return {
        "id": f"f-{number:016x}",
        "subject": f"{kind}:c-{customer}/r-{number}",
        "subject_kind": kind,
        "subject_id": f"c-{customer}/r-{number}",
        "subject_name": f"{name} {customer}: r-{number}",
        "customer_id": f"c-{customer}",
        "rule": rule,
        "instrument": instrument,
        "question": rule,
        "as_of": "2026-06-30",
        "certainty": certainty,
        "level": "approaching" if certainty == "cleared" else "passed",
        "as_written": certainty != "cleared",
        "as_enforced": certainty != "cleared" and instrument.startswith(("eu", "us_")),
        "estimate": {"central": amount},
        "threshold": {"value": "1" + "0" * 25, "unit": "FLOP"},
        "share_of_threshold": "1.5",
    }


def duty(finding: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    due = date(2025, 7, 1) + timedelta(days=draw.randrange(700))
    return {
        "id": "o" + finding["id"][1:],
        "finding": finding["id"],
        "due": due.isoformat() if draw.random() < 0.7 else None,
        "binding": finding["as_enforced"],
        "duty": "Notify",
    }


def fill(store: SqlStore, count: int, customers: int) -> float:
    """Fill a store; return the seconds that the pass took."""
    draw = random.Random(20261122)
    book = shipped_book()
    rules = sorted((one.id, one.instrument) for one in book.thresholds.values())
    first = min(count, PASS)
    copies = -(-count // first)
    people = max(customers // copies, 1)
    found = [document(number, people, rules, draw) for number in range(first)]
    owed = [duty(one, draw) for one in found]
    started = time.perf_counter()
    store.record_pass(found, [], at=NOW, by="bench", obligations=owed)
    passed = time.perf_counter() - started
    copy_rows(store, first, copies)
    fill_world(store, customers, draw)
    return passed


_VERSION = {
    "version_id": "version_id || '-' || {n}",
    "document_id": "document_id || '-' || {n}",
}
COPIED = {
    "findings": {
        "version_id": "version_id || '-' || {n}",
        "document_id": "document_id || '-' || {n}",
    },
    "obligations": {
        "version_id": "version_id || '-' || {n}",
        "document_id": "document_id || '-' || {n}",
    },
    "present_findings": {
        "finding_id": "finding_id || '-' || {n}",
        "subject": "subject || '-' || {n}",
        "customer_id": "customer_id || '-' || {n}",
        "name_key": "name_key || ' ' || {n}",
        "version": "version + {n} * {size}",
        "changed_key": "changed_key - {n} * {size}",
    },
    "present_obligations": {
        "obligation_id": "obligation_id || '-' || {n}",
        "finding_id": "finding_id || '-' || {n}",
        "customer_id": "customer_id || '-' || {n}",
        "version": "version + {n} * {size}",
    },
    "present_changes": {"finding_id": "finding_id || '-' || {n}"},
}
"""Table → how the columns of a copy differ; all tables have as many rows as findings."""


def copy_rows(store: SqlStore, size: int, copies: int) -> None:
    with store.engine.begin() as connection:
        for name, changed in COPIED.items():
            columns = [column.name for column in table(name).columns]
            for number in range(1, copies):
                made = {"sequence": "sequence + {n} * {size}"} | changed
                shown = [made.get(one, one).format(n=number, size=size) for one in columns]
                connection.execute(
                    text(
                        f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(shown)}"
                        f" FROM {name} WHERE sequence <= {size}"
                    )
                )
        connection.execute(text(f"UPDATE present_cells SET count = count * {copies}"))


def fill_world(store: SqlStore, customers: int, draw: random.Random) -> None:
    rows = [
        WorldRow(
            id=f"c-{number}",
            name="".join(draw.choices(SYLLABLES, k=3)).title(),
            owner=f"g-{number // 9}" if number % 3 == 0 else None,
            document={"estimate": None, "kind": "entity", "group_name": None, "steps": []},
            amount_key=amount_key(str(draw.randrange(10**18, 10**26))),
            standing=Standing.NAMED,
            country="US",
        )
        for number in range(customers)
    ]
    store.present.keep_world(WorldMark(NOW.date(), NOW), {WorldPart.CUSTOMERS: rows}, at=NOW)


def filters(store: SqlStore) -> Iterator[tuple[str, FindingFilter]]:
    """Yield filters: none, each value of each facet, pairs, and those that are no facets."""
    cells = store.present.cells(SCOPE)
    yield "all", FindingFilter()
    for rule in sorted({cell.facets.rule for cell in cells})[::6]:
        yield "rule", FindingFilter(rules=frozenset({rule}))
        yield (
            "rule, certainty",
            FindingFilter(rules=frozenset({rule}), certainties=frozenset({"likely"})),
        )
    for place in sorted({cell.facets.jurisdiction for cell in cells}):
        yield "jurisdiction", FindingFilter(jurisdictions=frozenset({place}))
    for certainty in sorted(set(CERTAINTIES)):
        yield "certainty", FindingFilter(certainties=frozenset({certainty}))
    for kind in sorted(set(KINDS)):
        yield "subject kind", FindingFilter(subject_kinds=frozenset({kind}), is_enforced=True)
    for customer in ("c-1", "c-77"):
        yield "customer", FindingFilter(customer_id=customer)
    for day in (date(2025, 7, 2), date(2026, 3, 1), date(2027, 12, 1)):
        yield "due by", FindingFilter(due_by=day)
    for begins in ("Be", "belcor", "Belcorfen 7"):
        yield "name", FindingFilter(text=begins)


class Times(NamedTuple):
    """Milliseconds on the clock, and of the processor: the latter a loaded machine tells too."""

    clock: float
    processor: float


def timed(ask: Callable[[], object], times: int = 3) -> Times:
    """Return the median times of a question, the first asking included."""
    clock, processor = [], []
    for _ in range(times):
        started, worked = time.perf_counter(), time.process_time()
        ask()
        clock.append((time.perf_counter() - started) * 1000)
        processor.append((time.process_time() - worked) * 1000)
    return Times(statistics.median(clock), statistics.median(processor))


def pages(store: SqlStore) -> dict[str, Times]:
    """Return kind of question → the slowest of its medians, in milliseconds."""
    present = store.present
    slowest: dict[str, Times] = {}

    def page(wanted: FindingFilter) -> object:
        return present.findings(SCOPE, wanted, None, 51)

    def take(name: str, ask: Callable[[], object]) -> None:
        slowest[name] = max(slowest.get(name, Times(0, 0)), timed(ask))

    for name, wanted in filters(store):
        for order in FindingOrder:
            take(f"page, {name}", partial(page, replace(wanted, order=order)))
        take(f"counts, {name}", partial(present.counted, SCOPE, wanted))
    deep: tuple[Key, ...] | None = None
    for _ in range(20):
        deep = present.findings(SCOPE, FindingFilter(), deep, 500)[-1].key
    take("page, 10,000 rows down", lambda: present.findings(SCOPE, FindingFilter(), deep, 51))
    take("obligations", lambda: present.obligations(SCOPE, ObligationFilter(), None, 51))
    soon = ObligationFilter(due_from=date(2026, 7, 1), is_binding=True)
    take("obligations, due from, binding", lambda: present.obligations(SCOPE, soon, None, 51))
    take("changes", lambda: present.changes(SCOPE, None, None, 51))
    people = WorldPart.CUSTOMERS
    take("customers", lambda: present.world_rows(people, WorldFilter(), None, 51))
    take("customers, search", lambda: present.world_rows(people, WorldFilter(text="be"), None, 21))
    take("customers, count", lambda: present.world_count(people, WorldFilter()))
    return slowest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=STATED_FINDINGS)
    parser.add_argument("--customers", type=int, help="a tenth of the findings if left out")
    parser.add_argument("--store", type=Path, help="keep the filled store in this file")
    options = parser.parse_args()
    count = options.findings
    customers = options.customers or max(count // 10, 1)
    with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as place:
        file = options.store or Path(place) / "state.db"
        is_new = not file.exists()
        with open_store(f"sqlite:///{file}", clock=FixedClock(NOW)) as store:
            passed = fill(store, count, customers) if is_new else 0.0
            slowest = pages(store)
            started = time.perf_counter()
            found = store.last_findings()
            certain = sum(one["certainty"] == "certain" for one in found.values())
            control = (time.perf_counter() - started) * 1000
        size = file.stat().st_size / 2**20
    print(f"{len(found)} findings, {certain} certain, {customers} customers; store {size:.0f} MiB")
    print(
        f"sluicegate {__version__}, sqlalchemy {sqlalchemy.__version__},"
        f" python {platform.python_version()}, {platform.machine()}"
    )
    if is_new:
        print(f"the pass of {min(count, PASS)} findings was written in {passed:.1f} s")
    for name, taken in sorted(slowest.items(), key=lambda one: -one[1].clock):
        print(f"{name}: {taken.clock:.1f} ms, processor {taken.processor:.1f} ms")
    print(f"control, counting from the versions: {control:.0f} ms")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    over = [name for name, taken in slowest.items() if taken.clock > STATED_MILLISECONDS]
    if count >= STATED_FINDINGS and over:
        print(f"above the stated {STATED_MILLISECONDS} ms: {', '.join(sorted(over))}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
