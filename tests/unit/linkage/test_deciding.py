"""Links are cut, restored and accepted with a reason and an act; what holds on is said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from empty_stores import empty_store
from principals import principal
from sluicegate.adapters.store import SqlStore
from sluicegate.core.clock import FixedClock
from sluicegate.rules.loading import shipped_book
from sluicegate.screening.linkage import Verdict
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.linkage import deciding, reading
from sluicegate.services.linkage.deciding import LinkError
from sluicegate.services.linkage.suggesting import suggest
from sluicegate.services.ports.links import Particulars, Suggestion
from sluicegate.wiring.access import authority_of

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
BOOK = shipped_book()
GROUP = "linked-c-1"


def row(key: str, **given: str) -> dict[str, str]:
    names = {"c-1": "Alder", "c-2": "Saltgrass Models", "c-3": "Quillmere", "c-4": "Lowfen Works"}
    base = {"source": "crm", "customer_id": key, "name": names.get(key, key)}
    return {**base, "customer_kind": "entity", "country": "US", **given}


def sign(key: str, value: str) -> dict[str, str]:
    return {"source": "portal", "customer_id": key, "signal": "device", "value": value}


@pytest.fixture
def store() -> Iterator[SqlStore]:
    """Return three customers with one device, a fourth with one of its own, and an account."""
    with empty_store(FixedClock(AT)) as opened:
        rows = [row(f"c-{number}") for number in range(1, 5)]
        opened.put("customers", [*rows, row("a-3", account_of="c-3")], at=AT, by="ana")
        signs = [sign(key, "dev-99af") for key in ("c-1", "c-2", "c-3")]
        opened.put("account_signals", [*signs, sign("c-4", "dev-11aa")], at=AT, by="ana")
        yield opened


def desk(store: SqlStore, role: str = "analyst", days: int = 0) -> Desk:
    return Desk(principal(role), store, authority_of(), FixedClock(AT + timedelta(days=days)))


def acts(store: SqlStore) -> list[str]:
    return [one.name for one in store.acts()]


def test_finding_keeps_the_groups_and_writes_one_act(store: SqlStore) -> None:
    linked = deciding.find(desk(store), BOOK)
    assert linked.group_of == dict.fromkeys(("a-3", "c-1", "c-2", "c-3"), GROUP)
    deciding.find(desk(store), BOOK)
    assert acts(store) == ["links.found"]
    [act] = store.acts()
    assert json.loads(act.canonical)["record"]["groups"] == 1
    assert b"dev-99af" not in act.canonical


def test_a_cut_says_who_still_joins_the_two_and_the_last_one_parts_them(store: SqlStore) -> None:
    deciding.find(desk(store), BOOK)
    first = deciding.cut(desk(store), BOOK, "c-2", "c-1", "neighbours")
    assert first.still == ("c-2", "c-3", "c-1") or first.still == ("c-1", "c-3", "c-2")
    assert [bond.pair for bond in first.bonds] == [("c-1", "c-3"), ("c-2", "c-3")]
    second = deciding.cut(desk(store), BOOK, "c-1", "c-3", "neighbours")
    assert second.still == ()
    assert second.group is None
    linked = deciding.find(desk(store), BOOK)
    assert linked.group_of == dict.fromkeys(("a-3", "c-2", "c-3"), "linked-c-2")


def test_a_cut_stays_over_new_runs_and_is_restored_with_a_reason_only(store: SqlStore) -> None:
    for other in ("c-2", "c-3"):
        deciding.cut(desk(store), BOOK, "c-1", other, "a device of a shared room")
    more = [sign(key, "dev-77ee") for key in ("c-1", "c-2")]
    store.put("account_signals", more, at=AT, by="ana")
    assert "c-1" not in deciding.find(desk(store, days=1), BOOK).group_of
    with pytest.raises(LinkError, match="restore them first"):
        deciding.accept(desk(store), BOOK, "c-1", "c-2", "one firm")
    with pytest.raises(LinkError, match="needs a reason"):
        deciding.restore(desk(store), BOOK, "c-1", "c-2", "  ")
    assert "c-1" not in deciding.find(desk(store, days=1), BOOK).group_of
    deciding.restore(desk(store), BOOK, "c-2", "c-1", "one firm after all")
    assert deciding.find(desk(store, days=2), BOOK).group_of["c-1"] == GROUP
    found = reading.decisions(desk(store))
    assert [one.verdict.value for one in found] == ["cut", "cut", "restored"]


def test_all_links_of_one_customer_in_a_group_are_cut_at_once(store: SqlStore) -> None:
    deciding.find(desk(store), BOOK)
    done = deciding.cut_out(desk(store), BOOK, "c-2", GROUP, "another tenant of the room")
    assert [one.decision.pair for one in done] == [("c-1", "c-2"), ("c-2", "c-3")]
    assert done[-1].still == ()
    assert "c-2" not in deciding.find(desk(store), BOOK).group_of
    with pytest.raises(LinkError, match="No link joins"):
        deciding.cut_out(desk(store), BOOK, "c-2", GROUP, "again")


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("c-1", "c-4", "No link joins c-1 and c-4; there is nothing to cut"),
        ("c-1", "gone", "There is no customer gone"),
        ("c-1", "c-1", "c-1 is given twice"),
        ("a-3", "c-3", "are accounts of one customer, c-3"),
    ],
)
def test_what_cannot_be_cut_says_why(store: SqlStore, one: str, other: str, said: str) -> None:
    with pytest.raises(LinkError, match=said):
        deciding.cut(desk(store), BOOK, one, other, "neighbours")
    assert acts(store) == []


def test_one_controlling_party_is_no_link_that_could_be_cut(store: SqlStore) -> None:
    owned = [
        {"source": "register", "owner_id": "p-1", "owned_id": key, "owner_name": "Mirea Sandling"}
        | {"owner_kind": "individual", "share": "1"}
        for key in ("c-1", "c-4")
    ]
    store.put("ownership", owned, at=AT, by="ana")
    linked = deciding.find(desk(store), BOOK)
    assert linked.group_of["c-4"] == GROUP
    with pytest.raises(LinkError, match="stand under one controlling party, p-1"):
        deciding.cut(desk(store), BOOK, "c-1", "c-4", "neighbours")
    with pytest.raises(LinkError, match="they stand together through c-2 – c-1 – c-4"):
        deciding.cut(desk(store), BOOK, "c-4", "c-2", "neighbours")


def test_an_affiliate_group_alone_is_no_group_of_links(store: SqlStore) -> None:
    owned = [
        {"source": "register", "owner_id": "p-1", "owned_id": f"c-{number}", "share": "1"}
        | {"owner_kind": "individual", "owner_name": "Mirea Sandling"}
        for number in (1, 2, 3)
    ]
    store.put("ownership", owned, at=AT, by="ana")
    linked = deciding.find(desk(store), BOOK)
    assert linked.group_of == {}
    assert linked.groups.members == {"c-1": ("c-1", "c-2", "c-3")}


def test_every_decision_is_an_act_with_its_reason_and_no_value(store: SqlStore) -> None:
    deciding.cut(desk(store), BOOK, "c-1", "c-2", "neighbours")
    deciding.restore(desk(store), BOOK, "c-1", "c-2", "no neighbours")
    deciding.accept(desk(store), BOOK, "c-1", "c-4", "one firm")
    said = [(one.name, one.reason) for one in store.acts() if one.name.startswith("link.")]
    assert said == [
        ("link.cut", "neighbours"),
        ("link.restored", "no neighbours"),
        ("link.accepted", "one firm"),
    ]
    linked = deciding.find(desk(store), BOOK)
    assert linked.group_of["c-4"] == GROUP


def test_what_is_held_already_is_not_accepted_and_what_is_not_cut_not_restored(
    store: SqlStore,
) -> None:
    with pytest.raises(LinkError, match="held together already"):
        deciding.accept(desk(store), BOOK, "c-1", "c-2", "one firm")
    with pytest.raises(LinkError, match="No cut stands"):
        deciding.restore(desk(store), BOOK, "c-1", "c-2", "why not")


@pytest.mark.parametrize("role", ["auditor", "engineer", "viewer", "administrator"])
def test_only_those_who_work_cases_decide(store: SqlStore, role: str) -> None:
    for act in (deciding.cut, deciding.restore, deciding.accept):
        with pytest.raises(RefusedError):
            act(desk(store, role), BOOK, "c-1", "c-2", "neighbours")
    with pytest.raises(RefusedError):
        deciding.cut_out(desk(store, role), BOOK, "c-1", GROUP, "neighbours")


def test_a_group_is_read_by_its_id_or_by_a_customer_and_the_reading_is_an_act(
    store: SqlStore,
) -> None:
    deciding.find(desk(store), BOOK)
    shown = reading.group(desk(store, "auditor"), GROUP)
    assert shown == reading.group(desk(store, "auditor"), "a-3")
    assert shown.members == ("a-3", "c-1", "c-2", "c-3")
    document = shown.as_json()
    assert {one["kind"] for one in document["links"]} == {"device"}
    assert "dev-99af" not in json.dumps(document)
    assert acts(store)[-2:] == ["read", "read"]
    with pytest.raises(NotFoundError):
        reading.group(desk(store), "c-4")
    with pytest.raises(RefusedError):
        reading.group(desk(store, "engineer"), GROUP)


def test_the_links_of_a_day_are_those_known_on_it(store: SqlStore) -> None:
    late = {**sign("c-4", "dev-99af"), "first_seen": "2026-07-05"}
    store.put("account_signals", [late], at=AT, by="ana")
    assert "c-4" not in deciding.find(desk(store), BOOK, date(2026, 6, 30)).group_of
    assert deciding.find(desk(store), BOOK, date(2026, 7, 6)).group_of["c-4"] == GROUP


class _Pairs:
    """Suggests what it is made with."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs
        self.given: Sequence[Particulars] = ()

    def suggest(self, particulars: Sequence[Particulars], **_: Any) -> Sequence[Suggestion]:
        self.given = particulars
        return [Suggestion(*pair, 950, ("name",)) for pair in self._pairs]


def test_a_suggestion_is_shown_until_a_person_decides_and_is_never_applied(
    store: SqlStore,
) -> None:
    finder = _Pairs(("c-1", "c-2"), ("c-1", "c-4"))
    assert [one.b for one in suggest(desk(store), BOOK, finder)] == ["c-4"]
    assert [one.customer for one in finder.given] == ["c-1", "c-2", "c-3", "c-4"]
    assert "c-4" not in deciding.find(desk(store), BOOK).group_of
    deciding.accept(desk(store), BOOK, "c-1", "c-4", "one firm, two spellings")
    assert suggest(desk(store), BOOK, finder) == []


def test_what_is_suggested_is_kept_until_a_person_confirms_or_cuts_it(store: SqlStore) -> None:
    finder = _Pairs(("c-1", "c-4"), ("a-9", "c-4"))
    suggest(desk(store), BOOK, finder)
    assert [one.a for one in reading.suggestions(desk(store))] == ["a-9", "c-1"]
    assert acts(store) == ["links.suggested"]
    decided = deciding.cut(desk(store), BOOK, "c-4", "c-1", "two firms in one building")
    assert (decided.decision.verdict, decided.still) == (Verdict.CUT, ())
    assert [one.a for one in reading.suggestions(desk(store))] == ["a-9"]
    suggest(desk(store), BOOK, finder)
    assert [one.a for one in reading.suggestions(desk(store))] == ["a-9"]


def test_a_suggested_pair_that_is_confirmed_stands_in_one_group(store: SqlStore) -> None:
    suggest(desk(store), BOOK, _Pairs(("c-1", "c-4")))
    decided = deciding.accept(desk(store), BOOK, "c-1", "c-4", "one firm, two spellings")
    assert decided.group == GROUP
    assert reading.suggestions(desk(store)) == []


def test_what_too_many_share_is_shown_of_a_customer_and_of_a_group(store: SqlStore) -> None:
    crowd = [row(f"x-{number}", telephone="+1 202 555 0143") for number in range(40)]
    shared = [row(key, telephone="+1 202 555 0143") for key in ("c-1", "c-2")]
    store.put("customers", [*crowd, *shared], at=AT, by="ana")
    deciding.find(desk(store), BOOK)
    [thing] = reading.not_used(desk(store), "x-3").common
    assert str(thing.why) == "telephone number: shared by 42 customers, not used as a link."
    found = reading.group(desk(store), "c-1")
    assert [one.customers for one in found.common] == [("c-1", "c-2")]
    assert found.as_json()["not_used"][0]["sharers"] == 42
