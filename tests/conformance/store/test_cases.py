"""Cases on every database: events that stay, a queue that agrees with them, and whom it shows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Select

from case_samples import AT, PEOPLE, commands, opening, owed, rules
from sluicegate.adapters.store import SqlStore, case_queue
from sluicegate.cases.case import Case, CaseKind, DecisionKind, Priority, State
from sluicegate.cases.clocks import clock_of, own_clock
from sluicegate.cases.commands import Assign, Check, Command, Escalate, Propose, Snooze
from sluicegate.cases.deciding import decide
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filters import Filter, Order
from sluicegate.cases.folding import fold, fold_all
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.casework import CaseChange, CaseChangedError, View

SELF = TenantId("self")
ALL = Scope(SELF)
SEALED = Scope(SELF, None, frozenset({"suspicion"}))
WHO = "user:ada"


def work(store: SqlStore, case: Case, command: Command, by: str = WHO, days: int = 0) -> Case:
    events = decide(case, command, by, AT + timedelta(days=days), rules())
    after = case
    for one in events:
        after = fold(after, one)
    store.cases.write([CaseChange(case, after, events)])
    return after


def ids(store: SqlStore, wanted: Filter, scope: Scope = ALL) -> list[str]:
    rows = store.cases.queue(wanted, scope, who=WHO, after=None, limit=500)
    return [row.case_id for row in rows]


def fill(store: SqlStore) -> list[Case]:
    changes = [
        opening("a", priority=Priority.HIGH),
        opening("b", jurisdiction="EU"),
        opening("c", subject_kind="run", subject_name="Quill 数据"),
        opening("d", sealed_for="suspicion", kind=CaseKind.SUSPICION),
        opening("e", priority=Priority.URGENT, has_alerts=False),
    ]
    store.cases.write(changes)
    return [one.after for one in changes]


def test_the_queue_is_in_order_and_every_filter_keeps_its_own(store: SqlStore) -> None:
    a, b, c, _, e = fill(store)
    work(store, a, Assign(WHO))
    work(store, b, Escalate("officer", "urgent"))
    c = work(store, c, Propose(DecisionKind.CONFIRM, "seen"), PEOPLE[1])
    work(store, e, Snooze(date(2026, 7, 10), "rest"))
    assert ids(store, Filter()) == ["c-a", "c-b", "c-c"]
    table = {
        "c-a": Filter(assignee="me"),
        "c-b": Filter(is_escalated=True),
        "c-c": Filter(states=(State.PENDING,)),
        "c-e": Filter(states=(State.SNOOZED,)),
    }
    for expected, wanted in table.items():
        assert ids(store, wanted) == [expected], wanted
    assert ids(store, Filter(is_mine_to_check=True)) == ["c-c"]
    assert not store.cases.queue(
        Filter(is_mine_to_check=True), ALL, who=PEOPLE[1], after=None, limit=9
    )
    assert ids(store, Filter(assignee="nobody")) == ["c-b", "c-c"]
    assert ids(store, Filter(jurisdictions=("EU",))) == ["c-b"]
    assert ids(store, Filter(subject_kind="run")) == ["c-c"]
    assert ids(store, Filter(customer="b")) == ["c-b"]
    assert ids(store, Filter(subject="customer:c")) == ["c-c"]
    assert ids(store, Filter(text="QUILL")) == ["c-c"]
    assert ids(store, Filter(text="数")) == ["c-c"]
    assert ids(store, Filter(text="%")) == []
    assert ids(store, Filter(rule="us.nprm_702.run")) == ["c-a", "c-b", "c-c"]
    assert ids(store, Filter(rule="us.other")) == []
    assert ids(store, Filter(due_before=date(2026, 7, 15))) == []
    assert ids(store, Filter(has_all_states=True)) == ["c-e", "c-a", "c-b", "c-c"]


def due_key(due: date | None) -> str:
    return "9999-12-31" if due is None else due.isoformat()


def paged(store: SqlStore, wanted: Filter, limit: int, scope: Scope = ALL) -> list[str]:
    """Return the ids of all pages of a filter, one after the other."""
    found: list[str] = []
    after = None
    while True:
        rows = store.cases.queue(wanted, scope, who=WHO, after=after, limit=limit)
        found += [row.case_id for row in rows]
        if len(rows) < limit:
            return found
        last = rows[-1]
        after = (last.priority.value, due_key(last.due), last.case_id)


def spread(store: SqlStore) -> list[Case]:
    """Write cases of several priorities, places and due days, some with none; return them."""
    held = []
    for number in range(24):
        given: dict[str, Any] = {
            "priority": list(Priority)[number % 4],
            "jurisdiction": ("US", "EU", "KR")[number % 3],
            "subject_kind": ("customer", "run")[number % 2],
            "customer_id": f"k{number % 5}",
            "has_alerts": number % 7 != 0,
            "due": None if number % 8 == 3 else date(2026, 7, 8 + number // 3),
            "sealed_for": "suspicion" if number == 11 else None,
        }
        change = opening(f"{number:02}", **given)
        store.cases.write([change])
        case = change.after
        if number % 4 == 1:
            case = work(store, case, Assign(WHO))
        if number % 6 == 2:
            case = work(store, case, Snooze(AT.date() + timedelta(days=3), "rest"))
        if number % 6 == 4:
            case = work(store, case, Propose(DecisionKind.CONFIRM, "seen"), PEOPLE[number // 6 % 2])
        held.append(case)
    return held


@pytest.mark.parametrize("order", Order)
def test_pages_follow_one_another_in_each_order_without_gap_or_repeat(
    store: SqlStore, order: Order
) -> None:
    """Every filter keeps the cases that its own words say, in the order that it names."""
    held = spread(store)
    assert len({case.due for case in held}) > 3
    for wanted in MIXED:
        expected = expected_of(held, replace(wanted, order=order))
        for limit in (1, 3, 50):
            assert paged(store, replace(wanted, order=order), limit) == expected, (wanted, limit)
        counted = store.cases.counts(wanted, ALL, who=WHO, today=AT.date())
        assert counted.total == len(expected), wanted
    assert sum(bool(expected_of(held, wanted)) for wanted in MIXED) > len(MIXED) // 2


def name_of(case: Case) -> str:
    """Return what a text is looked for in."""
    parts = (case.subject_name, case.subject_id, case.customer_id, case.title)
    return "\n".join(parts).casefold()


def expected_of(held: Sequence[Case], wanted: Filter) -> list[str]:
    """Return the ids that a filter keeps of cases, worked out from the cases alone."""
    waits = {State.NEW, State.OPEN, State.WAITING, State.PENDING}
    states = set(wanted.states) or (set(State) if wanted.has_all_states else waits)
    if wanted.is_mine_to_check:
        states = {State.PENDING}

    def is_kept(case: Case) -> bool:
        makers = {one.by for one in case.proposals}
        return (
            case.sealed_for is None
            and case.state in states
            and (not wanted.priorities or case.priority in wanted.priorities)
            and (not wanted.jurisdictions or case.jurisdiction in wanted.jurisdictions)
            and (not wanted.subject_kind or case.subject_kind == wanted.subject_kind)
            and (not wanted.customer or case.customer_id == wanted.customer)
            and (not wanted.rule or any(one.rule == wanted.rule for one in case.alerts))
            and (not wanted.assignee or (case.assignee == WHO) is (wanted.assignee == "me"))
            and (wanted.due_before is None or due_key(case.due) < wanted.due_before.isoformat())
            and (not wanted.is_mine_to_check or makers != {WHO})
            and wanted.text.casefold() in name_of(case)
        )

    def place(case: Case) -> tuple[Any, ...]:
        key = (case.priority.value, due_key(case.due))
        return (*(key if wanted.order is Order.PRIORITY else key[::-1]), case.case_id)

    return [case.case_id for case in sorted(filter(is_kept, held), key=place)]


MIXED = (
    Filter(),
    Filter(has_all_states=True),
    Filter(has_all_states=True, jurisdictions=("KR",)),
    Filter(states=(State.SNOOZED,), jurisdictions=("US", "KR")),
    Filter(priorities=(Priority.LOW, Priority.HIGH), jurisdictions=("EU",)),
    Filter(assignee="me", due_before=AT.date() + timedelta(days=40)),
    Filter(assignee="nobody", subject_kind="run"),
    Filter(rule="us.nprm_702.run", jurisdictions=("KR",), has_all_states=True),
    Filter(rule="us.nprm_702.run", priorities=(Priority.URGENT,)),
    Filter(due_before=AT.date() + timedelta(days=8)),
    Filter(is_mine_to_check=True, subject_kind="customer"),
    Filter(customer="k3", has_all_states=True),
    Filter(customer="k3", rule="us.nprm_702.run"),
    Filter(text="BASIN 1"),
    Filter(text="n 0", jurisdictions=("EU",)),
    Filter(text="2", rule="us.nprm_702.run"),
)


NAMES = (
    "Harrow Basin",
    "HARROW basin Straße",
    "数据科技有限公司",
    "北京数据",
    "a'b\"c\\d",
    "100% & sons | (ltd) : * !",
    "İzmir compute",
    "ab",
    "cloud",
)
SEARCHED = (
    *("harrow", "Basin", "STRASSE", "数", "数据", "数据科", "司", "公司", "京数", "'", '"', "\\"),
    *("a'", "'b\"c", "%", "% & s", "&", "|", "* !", " : ", "!*", "izm", "ab", "b", "oud", "zz"),
    *("ow ba", "harrow basin s", "AND", "OR", "NEAR(a b)", "c-", "ghost", "x" * 200),
)


@pytest.mark.parametrize("often", [case_queue._OFTEN, 0], ids=["by the index", "in order"])
def test_a_text_is_found_anywhere_in_a_name_and_nothing_else_is(
    store: SqlStore, other_tenant: SqlStore, monkeypatch: pytest.MonkeyPatch, often: int
) -> None:
    monkeypatch.setattr(case_queue, "_OFTEN", often)
    named = [opening(f"{number}x", subject_name=name) for number, name in enumerate(NAMES)]
    store.cases.write(named)
    other_tenant.cases.write([opening("ghost", subject_name="Harrow ghost")])

    for sought in SEARCHED:
        expected = [one.after.case_id for one in named if sought.casefold() in name_of(one.after)]
        assert ids(store, Filter(text=sought)) == expected, sought
        assert store.cases.counts(Filter(text=sought), ALL, who=WHO, today=AT.date()).total == len(
            expected
        )
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE cases SET name_key = 'renamed' WHERE case_id = 'c-0x'"))
    assert ids(store, Filter(text="harrow")) == ["c-1x"]
    assert ids(store, Filter(text="ed")) == ["c-0x"]


def test_what_differs_from_the_cases_is_told_and_made_anew(store: SqlStore) -> None:
    spread(store)
    assert store.cases.faults() == []
    expected = ids(store, Filter())
    stray = (
        "UPDATE cases SET cell = (SELECT max(sequence) FROM case_tallies) WHERE case_id = 'c-02'",
        "UPDATE case_rules SET cell = 0 WHERE case_id = 'c-05'",
        "UPDATE case_tallies SET cases = cases + 1 WHERE rule = '' AND priority = 1",
    )
    with store.engine.begin() as connection:
        for statement in stray:
            connection.execute(text(statement))
        if connection.dialect.name == "sqlite":
            connection.execute(
                text(
                    "INSERT INTO case_names(case_names, rowid, name_key)"
                    " SELECT 'delete', sequence, name_key FROM case_texts WHERE sequence = 4"
                )
            )
    told = store.cases.faults()
    assert told[:3] == [
        "cases: 1 rows are not in the cell of their case",
        "case_rules: 1 rows are not in the cell of their case",
        "case_tallies: the counts are not those of the cases",
    ]
    assert len(told) == (4 if store.engine.dialect.name == "sqlite" else 3)
    store.cases.recount(at=AT)
    assert store.cases.faults() == []
    assert ids(store, Filter()) == expected
    assert ids(store, Filter(text="basin 03")) == ["c-03"]


def test_nobody_sees_past_their_scope(store: SqlStore, other_tenant: SqlStore) -> None:
    fill(store)
    assert "c-d" not in ids(store, Filter(has_all_states=True))
    assert "c-d" in ids(store, Filter(has_all_states=True), SEALED)
    assert ids(store, Filter(), Scope(SELF, frozenset({"EU"}))) == ["c-b"]
    assert ids(other_tenant, Filter(has_all_states=True), Scope(TenantId("other"))) == []
    assert ids(store, Filter(has_all_states=True), Scope(TenantId("other"))) == []
    for scope in (ALL, Scope(SELF, frozenset({"EU"})), Scope(TenantId("other"))):
        assert store.cases.find("c-d", scope) is None
        assert store.cases.events("c-d", scope) == ()
        assert store.cases.row("c-d", scope) is None
    assert store.cases.find("c-d", SEALED) is not None


def test_what_is_not_seen_is_not_counted(store: SqlStore) -> None:
    fill(store)
    day = AT.date()
    before = store.cases.counts(Filter(), ALL, who=WHO, today=day)
    assert (before.total, before.rules) == (4, {"us.nprm_702.run": 3})
    assert store.cases.counts(Filter(), SEALED, who=WHO, today=day).total == 5
    europe = store.cases.counts(Filter(), Scope(SELF, frozenset({"EU"})), who=WHO, today=day)
    assert (europe.total, europe.jurisdictions) == (1, {"EU": 1})


FILTERS = (
    Filter(),
    Filter(has_all_states=True),
    Filter(states=(State.OPEN, State.PENDING)),
    Filter(priorities=(Priority.HIGH,)),
    Filter(assignee="me"),
    Filter(assignee="nobody"),
    Filter(rule="us.nprm_702.run"),
    Filter(is_escalated=True),
    Filter(text="harrow"),
    Filter(due_before=date(2026, 8, 1)),
    Filter(is_mine_to_check=True),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None
)
@given(st.data())
def test_what_is_kept_is_what_the_events_fold_to(store: SqlStore, data: st.DataObject) -> None:
    """After any commands the kept case is the fold, and the counts are those of the rows."""
    fresh = TenantId(f"t-{secrets.token_hex(6)}")
    tenant = SqlStore(store.engine, fresh, FixedClock(AT))
    scope = Scope(fresh, None, frozenset({"suspicion"}))
    held = {one.case_id: one for one in fill(tenant)}
    for _ in range(10):
        name = data.draw(st.sampled_from(sorted(held)))
        command = data.draw(commands(held[name]))
        try:
            held[name] = work(tenant, held[name], command, data.draw(st.sampled_from(PEOPLE)))
        except NotAllowedNowError:
            continue
    kept = {case.case_id: case for case, _ in tenant.cases.every()}
    assert kept == held
    for case, events in tenant.cases.every():
        assert fold_all(events) == case
        assert tenant.cases.find(case.case_id, scope) == case
    for wanted in FILTERS:
        counted = tenant.cases.counts(wanted, scope, who=WHO, today=AT.date())
        found = ids(tenant, wanted, scope)
        assert counted.total == len(found), wanted
        assert sum(counted.states.values()) == len(found)
    assert tenant.cases.faults() == []
    before = [tenant.cases.counts(one, scope, who=WHO, today=AT.date()) for one in FILTERS]
    tenant.cases.recount(at=AT)
    again = [tenant.cases.counts(one, scope, who=WHO, today=AT.date()) for one in FILTERS]
    assert again == before
    assert tenant.cases.faults() == []


def test_two_who_write_at_once_do_not_overwrite_each_other(store: SqlStore) -> None:
    case = fill(store)[0]
    work(store, case, Assign(WHO))
    with pytest.raises(CaseChangedError, match="version 2, expected 1"):
        work(store, case, Assign(PEOPLE[1]))
    assert len(store.cases.events("c-a", ALL)) == 2
    with pytest.raises(CaseChangedError, match="expected 0"):
        store.cases.write([opening("a")])


def test_a_write_that_fails_keeps_nothing(store: SqlStore) -> None:
    fill(store)
    with pytest.raises(CaseChangedError):
        store.cases.write([opening("new"), opening("a")])
    assert store.cases.find("c-new", ALL) is None


def test_events_are_kept_as_they_were(store: SqlStore) -> None:
    fill(store)
    changes = ("UPDATE case_events SET reason = 'x'", "DELETE FROM case_events")
    for change in changes:
        refused = pytest.raises(DBAPIError, match="history is never edited")
        with refused, store.engine.begin() as connection:
            connection.execute(text(change))


def test_a_block_stands_until_it_is_released(store: SqlStore) -> None:
    case = fill(store)[0]
    case = work(store, case, Propose(DecisionKind.BLOCK, "risk"))
    assert store.cases.blocks("a") == ()
    case = work(store, case, Check(case.proposals[0].proposal_id, True), PEOPLE[1])
    [standing] = store.cases.blocks("a")
    assert (standing.case_id, standing.customer_id, standing.released_at) == ("c-a", "a", None)
    assert store.cases.blocks("a", Scope(SELF, frozenset({"EU"}))) == ()
    case = work(store, case, Propose(DecisionKind.RELEASE, "no risk"))
    work(store, case, Check(case.proposals[0].proposal_id, True), PEOPLE[1])
    assert store.cases.blocks("a") == ()


def test_a_files_content_is_erased_once_and_the_rest_stays(store: SqlStore) -> None:
    *_, sealed, _ = fill(store)
    store.cases.put_attachment(sealed, "a-1", b"\0\xff", "0" * 64, at=AT, by=WHO)
    assert store.cases.attachment("c-d", "a-1", ALL) is None
    assert store.cases.attachment("c-d", "a-1", SEALED) == b"\0\xff"
    for change in ("DELETE FROM attachments", "UPDATE attachments SET sha256 = 'x'"):
        refused = pytest.raises(DBAPIError, match="history is never edited")
        with refused, store.engine.begin() as connection:
            connection.execute(text(change))
    assert not store.cases.erase_attachment("c-d", "a-1", ALL)
    assert store.cases.erase_attachment("c-d", "a-1", SEALED)
    assert not store.cases.erase_attachment("c-d", "a-1", SEALED)
    assert store.cases.attachment("c-d", "a-1", SEALED) is None


def test_views_are_their_owners_own(store: SqlStore, other_tenant: SqlStore) -> None:
    store.cases.save_view(WHO, View("mine", {"assignee": "me"}), at=AT)
    store.cases.save_view(WHO, View("mine", {"state": "all"}), at=AT)
    assert store.cases.views(WHO) == (View("mine", {"state": "all"}),)
    assert store.cases.views(PEOPLE[1]) == ()
    assert other_tenant.cases.views(WHO) == ()
    assert not store.cases.drop_view(PEOPLE[1], "mine")
    assert store.cases.drop_view(WHO, "mine")
    assert store.cases.views(WHO) == ()


def test_related_cases_are_those_within_the_scope(store: SqlStore) -> None:
    case = fill(store)[0]
    store.cases.write(
        [
            opening("a2", customer_id="a", jurisdiction="EU"),
            opening("a3", subject="customer:a", sealed_for="suspicion"),
        ]
    )
    linked = replace(case, links=("c-b",))

    def seen(scope: Scope) -> set[str]:
        return {row.case_id for row in store.cases.related(linked, scope)}

    assert seen(ALL) == {"c-a2", "c-b"}
    assert seen(SEALED) == {"c-a2", "c-a3", "c-b"}
    assert seen(Scope(SELF, frozenset({"US"}))) == set()


def test_cases_whose_rest_has_ended_are_found(store: SqlStore) -> None:
    case = fill(store)[4]
    work(store, case, Snooze(date(2026, 7, 10), "rest"))
    assert store.cases.rested(date(2026, 7, 9)) == ()
    assert store.cases.rested(date(2026, 7, 10)) == ("c-e",)


def test_every_query_of_cases_names_the_tenant(store: SqlStore) -> None:
    statements: list[Select[Any]] = []

    def note(_connection: Any, clause: Any, *_: Any) -> None:
        if isinstance(clause, Select):
            statements.append(clause)

    case = fill(store)[0]
    event.listen(store.engine, "before_execute", note)
    for wanted in FILTERS:
        ids(store, wanted)
        store.cases.counts(wanted, SEALED, who=WHO, today=AT.date())
    for read in (store.cases.find, store.cases.events, store.cases.row):
        read("c-a", ALL)
    store.cases.related(case, ALL)
    store.cases.alert_places()
    store.cases.standing(["c-a"])
    store.cases.blocks("a", ALL)
    store.cases.attachment("c-a", "a-1", ALL)
    store.cases.views(WHO)
    list(store.cases.every())
    assert len(statements) > 20
    for query in statements:
        assert "tenant_id = " in str(query.whereclause), str(query)


def _places(store: SqlStore) -> Sequence[str]:
    return sorted(store.cases.alert_places())


def test_a_pass_knows_where_each_finding_is(store: SqlStore) -> None:
    fill(store)
    assert _places(store) == ["f-a", "f-b", "f-c", "f-d"]
    assert set(store.cases.standing(["c-a", "c-d", "c-x"])) == {"c-a"}
    assert set(store.cases.standing(["c-d"], has_sealed=True)) == {"c-d"}


def test_an_own_day_and_a_duty_are_both_kept(store: SqlStore) -> None:
    case = fill(store)[0]
    assert case.clocks[1] == clock_of(owed("a", alert="f-a"), rules().law)
    assert case.clocks[0] == own_clock(rules().own_days[Priority.NORMAL], AT.date())
