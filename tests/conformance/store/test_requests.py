"""Answers kept for idempotency keys, and the audit, the same on every database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sluicegate.adapters.store import SqlStore
from sluicegate.adapters.store.requests import KEPT, LOST
from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.audit import ActFilter
from sluicegate.services.ports.requests import Attempt, KeptAnswer, Standing

NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)
ONE = Attempt("client:a", "key-1", "f" * 64)
ANSWER = KeptAnswer(
    201, (("content-type", "application/json"), ("etag", '"x"')), b'{"\xe6\xb0\xb4": 1}'
)


def test_a_request_is_begun_once_and_answered_again(store: SqlStore) -> None:
    requests = store.requests
    assert requests.begin(ONE, at=NOW) is Standing.NEW
    assert requests.begin(ONE, at=NOW) is Standing.RUNNING
    requests.keep(ONE, ANSWER, at=NOW)
    assert requests.begin(ONE, at=NOW) == ANSWER
    other = Attempt(ONE.principal, ONE.key, "0" * 64)
    assert requests.begin(other, at=NOW) is Standing.OTHER


def test_a_key_is_the_principals_and_the_tenants_own(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    requests = store.requests
    assert requests.begin(ONE, at=NOW) is Standing.NEW
    someone = Attempt("client:b", ONE.key, ONE.fingerprint)
    assert requests.begin(someone, at=NOW) is Standing.NEW
    assert other_tenant.requests.begin(ONE, at=NOW) is Standing.NEW


def test_a_key_is_free_after_a_day_a_refusal_or_a_lost_process(store: SqlStore) -> None:
    requests = store.requests
    requests.begin(ONE, at=NOW)
    requests.drop(ONE)
    assert requests.begin(ONE, at=NOW) is Standing.NEW
    assert requests.begin(ONE, at=NOW + LOST - timedelta(seconds=1)) is Standing.RUNNING
    assert requests.begin(ONE, at=NOW + LOST) is Standing.NEW
    requests.keep(ONE, ANSWER, at=NOW)
    assert requests.begin(ONE, at=NOW + KEPT - timedelta(seconds=1)) == ANSWER
    assert requests.begin(ONE, at=NOW + KEPT) is Standing.NEW


def test_old_keys_are_forgotten(store: SqlStore) -> None:
    requests = store.requests
    for number in range(3):
        at = NOW + timedelta(hours=number)
        requests.begin(Attempt("client:a", f"key-{number}", "f"), at=at)
    assert requests.forget(before=NOW + timedelta(hours=2)) == 2
    assert requests.forget(before=NOW + timedelta(hours=2)) == 0


def test_acts_come_page_by_page_within_the_scope(store: SqlStore, other_tenant: SqlStore) -> None:
    sealed: list[str] = []
    ids: list[str] = []
    for number in range(6):
        group = "suspicion" if number == 3 else None
        act = store.act(
            "noted" if number % 2 else "read",
            {"case": f"c-{number}"},
            at=NOW + timedelta(minutes=number),
            by=f"user:{number % 3}",
            reason="test",
            sealed_for=group,
        )
        (sealed if group else ids).append(act)
    everything = Scope(TenantId("self"), None, frozenset({"suspicion"}))
    plain = Scope(TenantId("self"))
    newest = list(reversed(ids))
    found = store.audit.page(plain, ActFilter(), before=None, limit=10)
    assert [act.act_id for act in found] == newest
    first = store.audit.page(plain, ActFilter(), before=None, limit=2)
    rest = store.audit.page(plain, ActFilter(), before=first[-1].act_id, limit=10)
    assert [act.act_id for act in (*first, *rest)] == newest
    assert len(store.audit.page(everything, ActFilter(), before=None, limit=10)) == 6
    assert store.audit.act_of(plain, sealed[0]) is None
    assert store.audit.act_of(everything, sealed[0]) is not None
    assert other_tenant.audit.page(plain, ActFilter(), before=None, limit=10) == ()


def test_acts_are_found_by_what_by_whom_when_and_about_what(store: SqlStore) -> None:
    for number in range(4):
        store.act(
            "noted" if number else "read",
            {"case": f"c-{number}"},
            at=datetime(2026, 5, 1 + number, tzinfo=UTC),
            by=f"user:{number % 2}",
            reason="test",
        )
    plain = Scope(TenantId("self"))

    def days(wanted: ActFilter) -> list[int]:
        return [act.at.day for act in store.audit.page(plain, wanted, before=None, limit=9)]

    assert days(ActFilter(name="noted")) == [4, 3, 2]
    assert days(ActFilter(by="user:1")) == [4, 2]
    assert days(ActFilter(text="c-2")) == [3]
    assert days(ActFilter(text="c-")) == []
    since, until = datetime(2026, 5, 2, tzinfo=UTC), datetime(2026, 5, 4, tzinfo=UTC)
    assert days(ActFilter(since=since, until=until)) == [3, 2]
