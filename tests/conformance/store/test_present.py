"""The read model of findings: pages, counts and changes are those of the versions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic import command
from sqlalchemy import insert, select, text

from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.opening import connect, migrations
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.access.principals import Scope
from sluicegate.services.paging import Key
from sluicegate.services.ports.present import (
    ChangedHow,
    FindingFilter,
    FindingOrder,
    FindingRow,
    ObligationFilter,
)
from sluicegate.services.ports.present_world import (
    Standing,
    WorldFilter,
    WorldMark,
    WorldOrder,
    WorldPart,
    WorldRow,
)
from sluicegate.services.present.keys import amount_key

FIRST = datetime(2026, 4, 1, 10, tzinfo=UTC)
RULES = {
    "eu.ai_act.systemic_risk": "eu.ai_act",
    "us_ca.sb53.frontier_developer": "us_ca.sb53",
    "assess.kyc.compute_used": "assess.kyc",
}
CERTAINTIES = ("certain", "likely", "possible", "cleared")
RANK = {name: place for place, name in enumerate(CERTAINTIES)}
NAMES = ("Ada Works", "adage", "Brim", "Élan", "水闸")
SCOPE = Scope(DEFAULT_TENANT)


def drawn(number: int, draw: Random) -> dict[str, Any]:
    """Return a finding's document, as far as the read model looks."""
    rule = draw.choice(sorted(RULES))
    certainty = draw.choice(CERTAINTIES)
    name = draw.choice(NAMES)
    amount = draw.choice((None, "7", "10", "1" + "0" * 25, "99.5", str(draw.randrange(10**6))))
    return {
        "id": f"f-{number:03}",
        "subject": f"customer:c-{number % 7}",
        "subject_kind": "customer",
        "subject_id": f"c-{number % 7}",
        "subject_name": name,
        "customer_id": f"c-{number % 7}",
        "rule": rule,
        "instrument": RULES[rule],
        "question": "asked",
        "as_of": "2026-03-31",
        "certainty": certainty,
        "level": "approaching" if certainty == "cleared" else "passed",
        "as_written": certainty != "cleared",
        "as_enforced": draw.random() < 0.4,
        "estimate": None if amount is None else {"central": amount},
        "share_of_threshold": None,
        "threshold": {"value": "100", "unit": "FLOP"},
    }


def owed(finding: dict[str, Any], number: int, draw: Random) -> dict[str, Any]:
    due = draw.choice((None, f"2026-{draw.randrange(1, 13):02}-15"))
    return {
        "id": f"o-{finding['id']}-{number}",
        "finding": finding["id"],
        "due": due,
        "binding": finding["as_enforced"],
        "duty": "Notify",
    }


class Model:
    """What is open, kept as documents: the plain answer to compare with."""

    def __init__(self, seed: int) -> None:
        self.draw = Random(seed)
        self.findings: dict[str, dict[str, Any]] = {}
        self.obligations: dict[str, dict[str, Any]] = {}
        self.written: dict[str, int] = {}
        self.passes = 0

    def step(self, store: SqlStore) -> str:
        """Write one pass: some findings new, some changed, some closed."""
        draw, self.passes = self.draw, self.passes + 1
        found = {f"f-{n:03}": drawn(n, draw) for n in draw.sample(range(60), 25)}
        closed = [one for one in draw.sample(range(60), 12) if f"f-{one:03}" not in found]
        closings = [f"f-{one:03}" for one in closed]
        duties = {
            duty["id"]: duty
            for one in found.values()
            for duty in (owed(one, n, draw) for n in range(draw.randrange(3)))
        }
        gone = [
            name
            for name, duty in self.obligations.items()
            if duty["finding"] in {*found, *closings} and name not in duties
        ]
        at = FIRST + timedelta(days=self.passes)
        made = store.record_pass(
            list(found.values()),
            closings,
            at=at,
            by="ana",
            obligations=list(duties.values()),
            closed_obligations=gone,
        )
        for name, one in found.items():
            if self.findings.get(name) != one:
                self.written[name] = self.passes
        for name in closings:
            self.findings.pop(name, None)
        for name in gone:
            del self.obligations[name]
        self.findings |= found
        self.obligations |= duties
        return made

    def due(self, finding: str) -> str:
        days = [one["due"] for one in self.obligations.values() if one["finding"] == finding]
        return min((day for day in days if day), default="~")

    def wanted(self, wanted: FindingFilter, scope: Scope) -> list[str]:
        """Return the ids that a filter lets through, in order."""
        found = [one for one in self.findings.values() if _lets(one, wanted, scope)]
        if wanted.due_by is not None:
            last = wanted.due_by.isoformat()
            found = [one for one in found if self.due(one["id"]) <= last]
        return [one["id"] for one in sorted(found, key=lambda one: self.order(one, wanted))]

    def order(self, one: dict[str, Any], wanted: FindingFilter) -> tuple[Any, ...]:
        amount = (one["estimate"] or {}).get("central")
        keys: dict[FindingOrder, tuple[Any, ...]] = {
            FindingOrder.GRAVITY: (
                RANK[one["certainty"]],
                not one["as_enforced"],
                amount is None,
                -float(amount or 0),
            ),
            FindingOrder.AMOUNT: (amount is None, -float(amount or 0)),
            FindingOrder.DUE: (self.due(one["id"]),),
            FindingOrder.CHANGED: (-self.written[one["id"]],),
            FindingOrder.NAME: (one["subject_name"].casefold(),),
        }
        return keys[wanted.sorted_by]


def _lets(one: dict[str, Any], wanted: FindingFilter, scope: Scope) -> bool:
    place = jurisdiction_of(one["instrument"])
    return (
        (scope.jurisdictions is None or place in scope.jurisdictions)
        and (not wanted.jurisdictions or place in wanted.jurisdictions)
        and (not wanted.rules or one["rule"] in wanted.rules)
        and (not wanted.certainties or one["certainty"] in wanted.certainties)
        and (not wanted.levels or one["level"] in wanted.levels)
        and wanted.is_enforced in (None, one["as_enforced"])
        and wanted.customer_id in (None, one["customer_id"])
        and wanted.subject in (None, one["subject"])
        and one["subject_name"].casefold().startswith(wanted.text.casefold())
    )


def read(store: SqlStore, wanted: FindingFilter, scope: Scope, limit: int) -> list[FindingRow]:
    """Read all pages of a filter."""
    rows: list[FindingRow] = []
    after: tuple[Key, ...] | None = None
    while page := store.present.findings(scope, wanted, after, limit):
        rows += page
        after = page[-1].key
    return rows


FILTERS = [
    FindingFilter(),
    FindingFilter(rules=frozenset({"eu.ai_act.systemic_risk"})),
    FindingFilter(jurisdictions=frozenset({"US-CA", "OWN"}), is_enforced=False),
    FindingFilter(certainties=frozenset({"certain", "possible"}), levels=frozenset({"passed"})),
    FindingFilter(customer_id="c-3"),
    FindingFilter(subject="customer:c-2", is_enforced=True),
    FindingFilter(text="AD"),
    FindingFilter(text="水"),
    FindingFilter(due_by=date(2026, 5, 15)),
    FindingFilter(rules=frozenset({"none"})),
]
SCOPES = [SCOPE, Scope(DEFAULT_TENANT, frozenset({"EU"})), Scope(DEFAULT_TENANT, frozenset())]


@pytest.mark.parametrize("seed", range(3))
def test_pages_under_every_filter_order_and_scope_are_those_of_the_open_findings(
    store: SqlStore, seed: int
) -> None:
    model = Model(seed)
    for _ in range(4):
        model.step(store)
    for scope in SCOPES:
        for plain in FILTERS:
            for order in FindingOrder:
                wanted = replace(plain, order=order)
                rows = read(store, wanted, scope, 7)
                expected = model.wanted(wanted, scope)
                assert sorted(row.finding_id for row in rows) == sorted(expected)
                found = [model.findings[row.finding_id] for row in rows]
                ordered = [model.order(one, wanted) for one in found]
                assert ordered == sorted(ordered)
                counted = store.present.counted(scope, plain)
                total = (
                    sum(
                        cell.count
                        for cell in counted
                        if _lets(
                            {
                                **model.findings[expected[0]],
                                "instrument": cell.facets.instrument,
                                "rule": cell.facets.rule,
                                "certainty": cell.facets.certainty,
                                "level": cell.facets.level,
                                "as_enforced": cell.facets.is_enforced,
                            },
                            plain,
                            scope,
                        )
                    )
                    if expected
                    else 0
                )
                assert total == len(expected)
    assert store.present.faults() == []


def test_a_row_says_what_its_document_says(store: SqlStore) -> None:
    model = Model(9)
    model.step(store)
    model.step(store)
    for row in read(store, FindingFilter(), SCOPE, 50):
        document = model.findings[row.finding_id]
        amount = (document["estimate"] or {}).get("central")
        assert row.amount == amount
        assert (row.threshold, row.threshold_unit) == ("100", "FLOP")
        assert row.facets.jurisdiction == jurisdiction_of(document["instrument"])
        assert row.facets.certainty == document["certainty"]
        assert row.as_of == date(2026, 3, 31)
        assert (row.due.isoformat() if row.due else "~") == model.due(row.finding_id)
        assert row.changed_at == FIRST + timedelta(days=model.written[row.finding_id])
        assert row.opened_at <= row.changed_at
        again = store.present.finding(SCOPE, row.finding_id)
        assert again is not None
        assert replace(again, key=row.key) == row


def test_obligations_come_by_due_day_with_their_findings_facets(store: SqlStore) -> None:
    model = Model(5)
    for _ in range(3):
        model.step(store)
    rows: list[Any] = []
    after: tuple[Key, ...] | None = None
    while page := store.present.obligations(SCOPE, ObligationFilter(), after, 4):
        rows += page
        after = page[-1].key
    assert {row.obligation_id for row in rows} == set(model.obligations)
    days = [row.due or date.max for row in rows]
    assert days == sorted(days)
    for row in rows:
        finding = model.findings[row.finding_id]
        assert row.document == model.obligations[row.obligation_id]
        assert (row.facets.rule, row.customer_id) == (finding["rule"], finding["customer_id"])
    first, last = date(2026, 3, 1), date(2026, 8, 31)
    within = ObligationFilter(due_from=first, due_by=last, is_binding=True)
    found = store.present.obligations(SCOPE, within, None, 500)
    assert {row.obligation_id for row in found} == {
        name
        for name, one in model.obligations.items()
        if one["due"] and "2026-03-01" <= one["due"] <= "2026-08-31" and one["binding"]
    }
    by_customer = store.present.obligations(SCOPE, ObligationFilter(customer_id="c-1"), None, 500)
    assert {row.customer_id for row in by_customer} <= {"c-1"}
    assert len(by_customer) == sum(
        model.findings[one["finding"]]["customer_id"] == "c-1" for one in model.obligations.values()
    )
    assert store.present.obligations(SCOPES[2], ObligationFilter(), None, 500) == []


def test_changes_since_a_pass_are_told_with_what_was_and_is(store: SqlStore) -> None:
    one = drawn(1, Random(1)) | {"certainty": "certain"}
    two = drawn(2, Random(2))
    first = store.record_pass([one, two], [], at=FIRST, by="ana")
    less = one | {"certainty": "possible"}
    second = store.record_pass([less], ["f-002"], at=FIRST, by="ana")
    figures = less | {"share_of_threshold": "0.5"}
    store.record_pass([figures], [], at=FIRST, by="ana")
    since_first = store.present.changes(SCOPE, first, None, 10)
    assert [(row.finding_id, row.how) for row in since_first] == [
        ("f-001", ChangedHow.FIGURES),
        ("f-002", ChangedHow.CLEARED),
        ("f-001", ChangedHow.CHANGED),
    ]
    changed = since_first[-1]
    assert changed.before is not None
    assert changed.after is not None
    assert (changed.before.certainty, changed.after.certainty) == ("certain", "possible")
    assert [row.how for row in store.present.changes(SCOPE, second, None, 10)] == [
        ChangedHow.FIGURES
    ]
    every = store.present.changes(SCOPE, None, None, 10)
    assert Counter(row.how for row in every)[ChangedHow.NEW] == 2
    page = store.present.changes(SCOPE, None, None, 2)
    rest = store.present.changes(SCOPE, None, page[-1].key, 10)
    assert [*page, *rest] == list(every)
    assert all(a.key > b.key for a, b in pairwise(every))
    only = Scope(DEFAULT_TENANT, frozenset({jurisdiction_of(two["instrument"])}))
    seen = {row.finding_id for row in store.present.changes(only, None, None, 10)}
    assert "f-002" in seen
    if jurisdiction_of(one["instrument"]) != jurisdiction_of(two["instrument"]):
        assert seen == {"f-002"}
    with pytest.raises(LookupError, match="there is none"):
        store.present.changes(SCOPE, "no-pass", None, 10)
    assert [row.pass_id for row in store.present.passes(None, 2)][-1] == second


def test_a_rebuild_gives_the_same_rows(store: SqlStore, other_tenant: SqlStore) -> None:
    model = Model(3)
    for _ in range(4):
        model.step(store)
    Model(4).step(other_tenant)
    others = read(other_tenant, FindingFilter(), Scope(TenantId("other")), 500)
    before = read(store, FindingFilter(), SCOPE, 500)
    duties = store.present.obligations(SCOPE, ObligationFilter(), None, 500)
    changes = store.present.changes(SCOPE, None, None, 500)
    store.present.rebuild()
    assert read(store, FindingFilter(), SCOPE, 500) == before
    again = store.present.obligations(SCOPE, ObligationFilter(), None, 500)
    assert [replace(row, facets=row.facets) for row in again] == list(duties)
    told = store.present.changes(SCOPE, None, None, 500)
    assert Counter(map(_without_key, told)) == Counter(map(_without_key, changes))
    assert read(other_tenant, FindingFilter(), Scope(TenantId("other")), 500) == others
    assert [*store.present.faults(), *other_tenant.present.faults()] == []


def _without_key(row: Any) -> Any:
    return replace(row, key=())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM present_findings WHERE finding_id = 'f-001'", "rows are not those"),
        ("UPDATE present_findings SET version = 0 WHERE finding_id = 'f-001'", "rows are not"),
        ("DELETE FROM present_obligations", "present_obligations"),
        ("UPDATE present_cells SET count = count + 1", "the counts of"),
    ],
)
def test_a_read_model_that_differs_is_noticed_and_mended(
    store: SqlStore, change: str, told: str
) -> None:
    one = drawn(1, Random(1))
    store.record_pass([one], [], at=FIRST, by="ana", obligations=[owed(one, 1, Random(1))])
    assert store.present.faults() == []
    with store.engine.begin() as connection:
        connection.execute(text(change))
    assert any(told in fault for fault in store.present.faults())
    store.present.rebuild()
    assert store.present.faults() == []


def test_a_scope_of_another_tenant_is_refused(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="the store is of self"):
        store.present.findings(Scope(TenantId("other")), FindingFilter(), None, 5)


def test_a_store_from_before_gets_its_read_model_when_it_is_opened(tmp_path: Path) -> None:
    clock = FixedClock(FIRST)
    model = Model(7)
    with open_store(f"sqlite:///{tmp_path / 'new.db'}", clock=clock) as store:
        model.step(store)
        model.step(store)
        before = read(store, FindingFilter(), SCOPE, 500)
        with store.engine.connect() as connection:
            kept = {
                name: connection.execute(select(table(name))).mappings().all()
                for name in ("passes", "findings", "obligations")
            }
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = connect(url)
    config = migrations()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for name, rows in kept.items():
            connection.execute(insert(table(name)), [dict(row) for row in rows])
    engine.dispose()
    with open_store(url, clock=clock) as store:
        assert read(store, FindingFilter(), SCOPE, 500) == before
        assert store.present.faults() == []


def world(*rows: WorldRow, part: WorldPart = WorldPart.CUSTOMERS) -> dict[WorldPart, Any]:
    return {part: rows}


def customer(name: str, amount: str, owner: str | None = None) -> WorldRow:
    return WorldRow(
        id=f"c-{name.lower()}",
        name=name,
        owner=owner,
        document={"amount": amount},
        amount_key=amount_key(amount),
        standing=Standing.NAMED,
        country="US",
    )


MARK = WorldMark(date(2026, 3, 31), FIRST, {"b": {"first": "2026-01-01"}})


def test_a_world_is_replaced_by_the_next_and_only_changes_are_written(store: SqlStore) -> None:
    rows = [customer("Ada", "5"), customer("Adamant", "50", "g"), customer("Brim", "7")]
    assert store.present.world_mark() is None
    assert store.present.keep_world(MARK, world(*rows), at=FIRST) == 3
    assert store.present.keep_world(MARK, world(*rows), at=FIRST) == 0
    assert store.present.world_mark() == MARK
    part = WorldPart.CUSTOMERS
    assert [row.name for row in store.present.world_rows(part, WorldFilter(), None, 9)] == [
        "Adamant",
        "Brim",
        "Ada",
    ]
    begins = WorldFilter(text="ada")
    first = store.present.world_rows(part, begins, None, 1)
    assert [row.name for row in first] == ["Ada"]
    rest = store.present.world_rows(part, begins, (first[0].name.lower(), first[0].id), 9)
    assert [row.name for row in rest] == ["Adamant"]
    assert store.present.world_count(part, begins) == 2
    assert store.present.world_count(part, WorldFilter(owner="g")) == 1
    assert store.present.world_row(part, "c-ada") == rows[0]
    assert store.present.keep_world(MARK, world(rows[0], customer("Brim", "8")), at=FIRST) == 2
    by_name = WorldFilter(order=WorldOrder.NAME)
    assert [row.name for row in store.present.world_rows(part, by_name, None, 9)] == ["Ada", "Brim"]
    assert store.present.world_row(part, "c-adamant") is None


def test_customers_are_kept_by_country_and_by_findings_that_a_scope_sees(store: SqlStore) -> None:
    found = drawn(1, Random(7))
    store.record_pass([found], (), at=FIRST, by="ana", obligations=(), closed_obligations=())
    here = replace(customer("Ada", "5"), id=found["customer_id"])
    rows = [here, replace(customer("Brim", "7"), country="DE"), customer("Cole", "6")]
    store.present.keep_world(MARK, world(*rows), at=FIRST)

    def names(wanted: WorldFilter, scope: Scope | None = None) -> list[str]:
        part = WorldPart.CUSTOMERS
        return [row.name for row in store.present.world_rows(part, wanted, None, 9, scope)]

    assert names(WorldFilter(country="DE")) == ["Brim"]
    assert names(WorldFilter(country="US")) == ["Cole", "Ada"]
    assert names(WorldFilter(country="U\0S")) == []
    with_findings = WorldFilter(has_findings=True)
    assert names(with_findings) == names(with_findings, SCOPE) == ["Ada"]
    own = jurisdiction_of(found["rule"])
    assert names(with_findings, replace(SCOPE, jurisdictions=frozenset({own}))) == ["Ada"]
    assert names(with_findings, replace(SCOPE, jurisdictions=frozenset({"XX"}))) == []


def test_runs_and_groups_are_kept_as_they_are_given(store: SqlStore) -> None:
    run = WorldRow("c/r", "r", "c", {"flop": "1"}, amount_key("1"), started=date(2026, 1, 2))
    group = WorldRow("g", "Group", None, {"total": "9"}, amount_key("9"), members=3)
    store.present.keep_world(MARK, {WorldPart.RUNS: [run], WorldPart.GROUPS: [group]}, at=FIRST)
    assert store.present.world_row(WorldPart.RUNS, "c/r") == run
    assert store.present.world_row(WorldPart.GROUPS, "g") == group
    assert store.present.world_rows(WorldPart.RUNS, WorldFilter(owner="c"), None, 2) == [run]


def test_no_tenant_sees_anothers_world(store: SqlStore, other_tenant: SqlStore) -> None:
    store.present.keep_world(MARK, world(customer("Ada", "5")), at=FIRST)
    assert other_tenant.present.world_mark() is None
    assert other_tenant.present.world_rows(WorldPart.CUSTOMERS, WorldFilter(), None, 5) == []
    other_tenant.present.keep_world(MARK, {}, at=FIRST)
    assert store.present.world_count(WorldPart.CUSTOMERS, WorldFilter()) == 1
