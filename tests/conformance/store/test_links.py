"""Links on every database: decisions only grow, what was found is replaced, tenants stay apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sluicegate.adapters.store import SqlStore
from sluicegate.registry.records import AccountSignal
from sluicegate.screening.linkage import (
    Aside,
    Common,
    Decision,
    Link,
    LinkKind,
    Pattern,
    Verdict,
)
from sluicegate.services.ports import Put
from sluicegate.services.ports.links import (
    KeptCommon,
    KeptGroup,
    KeptLink,
    LinkMark,
    Suggestion,
)

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
DAY = date(2026, 6, 30)
GROUP = "linked-c-1"
MEMBERS: Mapping[str, str] = {"c-1": GROUP, "c-2": GROUP, "c-3": GROUP}


def link(a: str, b: str, kind: LinkKind = LinkKind.DEVICE, weight: int = 100) -> Link:
    return Link(a, b, kind, "ab12" * 6, weight, 3, kind is LinkKind.DEVICE, DAY, None)


def kept(a: str, b: str, *, holds: bool = True, group: str = GROUP, weight: int = 100) -> KeptLink:
    return KeptLink(link(a, b, weight=weight), holds, group)


def mark(digest: str = "d1", links: int = 2, as_of: date = DAY) -> LinkMark:
    return LinkMark(as_of, "linkage-2", digest, 9, links, 1, 1, 1)


LINKS = (
    kept("c-1", "c-2"),
    kept("c-2", "c-3"),
    kept("c-8", "c-9", holds=False, group="", weight=60),
    replace(kept("c-3", "c-8", holds=False, group=""), aside=Aside(Pattern.CHAIN, 120)),
)
COMMON = (
    Common(LinkKind.ADDRESS, "ef34", ("c-1", "c-2", "c-8", "c-9")),
    Common(LinkKind.TELEPHONE, "cd56", ("c-1", "c-8")),
)


def test_what_was_found_is_read_by_group_by_customer_and_by_pair(store: SqlStore) -> None:
    assert store.links.mark() is None
    assert store.links.keep(mark(), LINKS, MEMBERS, COMMON, at=AT)
    assert store.links.groups() == (KeptGroup(GROUP, 3, 2),)
    assert store.links.groups(after=GROUP) == ()
    assert store.links.group_of("c-3") == GROUP
    assert store.links.group_of("c-9") is None
    assert store.links.members(GROUP) == ("c-1", "c-2", "c-3")
    assert store.links.links_of(GROUP) == LINKS[:2]
    assert store.links.links_between("c-2", "c-1") == LINKS[:1]
    found = store.links.mark()
    assert found is not None
    assert (found.digest, found.at) == ("d1", AT)


def test_what_is_not_used_says_why_and_who_shares_it(store: SqlStore) -> None:
    store.links.keep(mark(), LINKS, MEMBERS, COMMON, at=AT)
    [aside] = store.links.links_aside()
    assert store.links.links_aside_of("c-8") == (aside,)
    assert store.links.links_aside_of("c-1") == ()
    assert aside == LINKS[3]
    assert str(aside.why_aside) == "It would join 120 customers to one group: not used as a link."
    common = store.links.common_things()
    assert [(one.kind, one.sharers, one.customers) for one in common] == [
        (LinkKind.ADDRESS, 4, ()),
        (LinkKind.TELEPHONE, 2, ()),
    ]
    assert str(common[0].why) == "address: shared by 4 customers, not used as a link."
    assert store.links.common_in(GROUP) == (
        KeptCommon(LinkKind.ADDRESS, "ef34", 4, ("c-1", "c-2")),
    )
    assert [one.kind for one in store.links.common_of("c-8")] == [
        LinkKind.ADDRESS,
        LinkKind.TELEPHONE,
    ]


def test_suggestions_are_those_of_the_last_model(store: SqlStore, other_tenant: SqlStore) -> None:
    first = (Suggestion("c-1", "c-2", 990, ("name", "address")), Suggestion("c-3", "c-4", 950, ()))
    store.links.keep_suggestions(first[::-1], at=AT)
    assert store.links.suggestions() == first
    assert other_tenant.links.suggestions() == ()
    store.links.keep_suggestions(first[1:], at=AT)
    assert store.links.suggestions() == first[1:]


def test_the_same_finding_writes_nothing_and_another_replaces_it(store: SqlStore) -> None:
    assert store.links.keep(mark(), LINKS, MEMBERS, COMMON, at=AT)
    assert not store.links.keep(mark(), (), {}, (), at=AT + timedelta(hours=1))
    assert store.links.members(GROUP) == ("c-1", "c-2", "c-3")
    later = AT + timedelta(days=1)
    assert not store.links.keep(mark(as_of=date(2026, 7, 1)), (), {}, (), at=later)
    assert store.links.members(GROUP) == ("c-1", "c-2", "c-3")
    assert store.links.keep(mark("d2", 0), (), {}, (), at=later)
    assert store.links.groups() == ()
    assert store.links.common_things() == ()
    assert store.links.links_aside() == ()


def test_decisions_come_oldest_first_and_as_known_on_a_day(store: SqlStore) -> None:
    first = Decision("c-1", "c-2", Verdict.CUT, "neighbours", "user:ada", AT)
    second = Decision(
        "c-1", "c-2", Verdict.RESTORED, "one owner", "user:bo", AT + timedelta(days=1)
    )
    store.links.decide(first)
    store.links.decide(second)
    assert store.links.decisions() == (first, second)
    assert store.links.decisions(known_on=AT) == (first,)


def test_a_decision_names_the_lesser_id_first(store: SqlStore) -> None:
    store.links.decide(Decision("c-9", "c-10", Verdict.CUT, "neighbours", "user:ada", AT))
    [found] = store.links.decisions()
    assert found.pair == ("c-10", "c-9")


def test_the_links_of_another_tenant_are_not_seen(store: SqlStore, other_tenant: SqlStore) -> None:
    store.links.keep(mark(), LINKS, MEMBERS, COMMON, at=AT)
    store.links.decide(Decision("c-1", "c-2", Verdict.CUT, "neighbours", "user:ada", AT))
    other = other_tenant.links
    assert other.mark() is None
    assert other.groups() == ()
    assert other.decisions() == ()
    assert other.keep(mark("d9"), LINKS[:1], {"c-1": GROUP}, (), at=AT)
    assert store.links.members(GROUP) == ("c-1", "c-2", "c-3")
    assert other.members(GROUP) == ("c-1",)


@pytest.mark.parametrize("table", ["link_decisions", "link_marks", "account_signals"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET tenant_id = 'x'"])
def test_history_is_never_edited(store: SqlStore, table: str, change: str) -> None:
    store.links.keep(mark(), LINKS, MEMBERS, COMMON, at=AT)
    store.links.decide(Decision("c-1", "c-2", Verdict.CUT, "neighbours", "user:ada", AT))
    put_signal(store)
    with pytest.raises(DBAPIError, match="history is never edited"), store.engine.begin() as one:
        one.execute(text(change.format(table)))


def put_signal(store: SqlStore, **given: str) -> Put:
    row = {"source": "portal", "customer_id": "c-1", "signal": "device", "value": "dev-1"}
    return store.put("account_signals", [{**row, **given}], at=AT, by="ana")


def test_signals_are_kept_as_versions(store: SqlStore) -> None:
    assert put_signal(store) == Put(1, 0)
    assert put_signal(store) == Put(0, 1)
    assert put_signal(store, last_seen="2026-06-01") == Put(1, 0)
    assert put_signal(store, value="dev-2") == Put(1, 0)
    found = list(store.records("account_signals", as_of=DAY))
    assert [(one.value, one.last_seen) for one in found if isinstance(one, AccountSignal)] == [
        ("dev-1", date(2026, 6, 1)),
        ("dev-2", None),
    ]
    versions = store.histories.versions("account_signals", "customer_id", ["c-1"])
    assert len(versions) == 3
