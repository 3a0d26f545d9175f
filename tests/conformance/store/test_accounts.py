"""Accounts, sessions, attempts and machines on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sluicegate.adapters.store import SqlStore
from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.ports.identity import (
    Account,
    AccountSource,
    Attempts,
    Client,
    LoginTakenError,
    Rights,
    SessionRecord,
    SessionStage,
)

AT = datetime(2026, 4, 1, 10, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


def account(identifier: str = "a-1", login: str = "mira.okonwo", **values: object) -> Account:
    made = Account(
        id=identifier,
        tenant=DEFAULT_TENANT,
        login=login,
        name="Mira Okonwo 米拉",
        language=Language.ZH,
        source=AccountSource.LOCAL,
        rights=Rights(
            frozenset({"analyst", "viewer"}), frozenset({"EU"}), frozenset({"suspicion"})
        ),
        created_at=AT,
        password_hash="$argon2id$",
    )
    return replace(made, **values)  # type: ignore[arg-type]


def session(identifier: str = "s-1", account_id: str = "a-1") -> SessionRecord:
    return SessionRecord(
        id=identifier,
        digest=f"digest of {identifier}",
        account_id=account_id,
        stage=SessionStage.COMPLETE,
        started_at=AT,
        seen_at=AT,
        ends_at=AT + timedelta(hours=12),
        agent="a browser",
        provider_token="sealed",
    )


def client(identifier: str = "m-1") -> Client:
    return Client(
        id=identifier,
        tenant=DEFAULT_TENANT,
        name="scheduler",
        keys=({"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "k-1"},),
        rights=Rights(frozenset({"engineer"})),
        created_at=AT,
        tokens_from=AT,
    )


def test_an_account_is_read_as_it_was_written(store: SqlStore) -> None:
    whole = account(
        must_change=True,
        totp_secret="sealed",
        totp_pending="sealed too",
        issuer="https://id.example",
        subject="p-1",
    )
    store.accounts.add(whole)
    assert store.accounts.account("a-1") == whole
    assert store.accounts.by_login("MIRA.Okonwo") == whole
    assert store.accounts.by_subject("https://id.example", "p-1") == whole
    assert store.accounts.by_subject("https://id.example", "p-2") is None
    assert list(store.accounts.all()) == [whole]


@pytest.mark.parametrize("places", [None, frozenset[str](), frozenset({"EU", "US"})])
def test_no_jurisdiction_and_all_of_them_are_two_things(
    store: SqlStore, places: frozenset[str] | None
) -> None:
    rights = Rights(frozenset({"analyst"}), places)
    store.accounts.add(account(rights=rights))
    read = store.accounts.account("a-1")
    assert read is not None
    assert read.rights == rights


def test_a_login_and_a_subject_stand_once_in_a_tenant(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    store.accounts.add(account(issuer="https://id.example", subject="p-1"))
    with pytest.raises(LoginTakenError):
        store.accounts.add(account("a-2", "Mira.Okonwo"))
    with pytest.raises(LoginTakenError):
        store.accounts.add(account("a-2", "another", issuer="https://id.example", subject="p-1"))
    store.accounts.add(account("a-3", "third"))
    other_tenant.accounts.add(replace(account(), tenant=TenantId("other")))
    assert [one.id for one in store.accounts.all()] == ["a-1", "a-3"]


def test_only_the_named_values_of_an_account_change(store: SqlStore) -> None:
    store.accounts.add(account())
    other = replace(account(), is_disabled=True, name="X", rights=Rights(frozenset({"viewer"})))
    store.accounts.save(other, "rights")
    assert store.accounts.account("a-1") == replace(account(), rights=other.rights)
    store.accounts.save(other, "name", "is_disabled")
    assert store.accounts.account("a-1") == other


def test_a_half_minute_is_used_once_and_none_before_it(store: SqlStore) -> None:
    store.accounts.add(account())
    assert [store.accounts.use_step("a-1", step) for step in (7, 7, 6, 8)] == [
        *(True, False, False, True),
    ]
    assert not store.accounts.use_step("no such account", 9)


def test_a_recovery_code_is_used_once(store: SqlStore) -> None:
    store.accounts.set_recovery_codes("a-1", ["x", "y"], at=AT)
    assert store.accounts.use_recovery_code("a-1", "x", at=AT)
    assert not store.accounts.use_recovery_code("a-1", "x", at=AT)
    assert not store.accounts.use_recovery_code("a-2", "y", at=AT)
    assert store.accounts.recovery_codes_left("a-1") == 1
    store.accounts.set_recovery_codes("a-1", [], at=AT)
    assert store.accounts.recovery_codes_left("a-1") == 0


def test_attempts_are_counted_blocked_and_forgotten(store: SqlStore) -> None:
    assert store.accounts.attempts("key") == Attempts()
    assert [store.accounts.count_failure("key", at=AT) for _ in range(3)] == [1, 2, 3]
    store.accounts.block("key", until=LATER)
    assert store.accounts.attempts("key") == Attempts(3, LATER)
    assert store.accounts.attempts("another") == Attempts()
    assert store.accounts.count_failure("key", at=LATER - timedelta(microseconds=1)) is None
    assert store.accounts.attempts("key") == Attempts(3, LATER)
    assert store.accounts.count_failure("key", at=LATER) == 4
    store.accounts.forget_attempts("key")
    assert store.accounts.attempts("key") == Attempts()


def test_attempts_made_at_the_same_time_are_all_counted_up_to_the_block(
    store: SqlStore, store_url: str
) -> None:
    if store_url == "sqlite://":
        return  # one connection: nothing happens at the same time

    def attempt(_: int) -> int:
        with store.transaction():
            count = store.accounts.count_failure("key", at=AT)
            if count == 5:
                store.accounts.block("key", until=LATER)
            return count or 0

    with ThreadPoolExecutor(4) as threads:
        counts = sorted(threads.map(attempt, range(12)))
    assert counts == [0] * 7 + [1, 2, 3, 4, 5]


def test_an_assertion_sent_twice_at_the_same_time_is_used_once(
    store: SqlStore, store_url: str
) -> None:
    if store_url == "sqlite://":
        return  # one connection: nothing happens at the same time

    def use(_: int) -> bool:
        return store.clients.use_assertion("m-1", "digest", ends_at=LATER, at=AT)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(8))) == [False] * 7 + [True]


def test_a_session_is_found_until_it_ends(store: SqlStore) -> None:
    store.accounts.add(account())
    store.accounts.start_session(session())
    store.accounts.start_session(session("s-2"))
    assert store.accounts.session("digest of s-1") == (session(), account())
    store.accounts.touch("s-1", at=LATER)
    found = store.accounts.session("digest of s-1")
    assert found is not None
    assert found[0].seen_at == LATER
    assert [one.id for one in store.accounts.sessions("a-1")] == ["s-2", "s-1"]
    assert store.accounts.end_session("s-1", at=LATER)
    assert not store.accounts.end_session("s-1", at=LATER)
    assert store.accounts.session("digest of s-1") is None
    store.accounts.start_session(session("s-3"))
    assert store.accounts.end_sessions("a-1", at=LATER, but="s-3") == ("s-2",)


def test_what_ended_long_ago_is_forgotten(store: SqlStore) -> None:
    store.accounts.add(account())
    store.accounts.start_session(session())
    store.accounts.start_session(session("s-2"))
    store.accounts.end_session("s-1", at=AT)
    store.accounts.count_failure("key", at=AT)
    assert store.accounts.forget_ended(before=AT) == 0
    assert store.accounts.forget_ended(before=LATER) == 1
    assert store.accounts.attempts("key") == Attempts()
    assert store.accounts.session("digest of s-2") is not None


def test_a_machine_is_read_as_it_was_written_and_changed(store: SqlStore) -> None:
    store.clients.add(client())
    assert store.clients.client("m-1") == client()
    changed = replace(client(), revoked_at=LATER, tokens_from=LATER, keys=())
    store.clients.save(changed)
    assert list(store.clients.all()) == [changed]


def test_an_assertion_is_used_once_and_forgotten_when_it_has_expired(store: SqlStore) -> None:
    use = store.clients.use_assertion
    assert use("m-1", "x", ends_at=LATER, at=AT)
    assert not use("m-1", "x", ends_at=LATER, at=LATER)
    assert use("m-2", "x", ends_at=LATER, at=AT)
    assert use("m-1", "x", ends_at=LATER, at=LATER + timedelta(seconds=1))


def test_nothing_of_one_tenant_is_seen_or_changed_by_another(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    store.accounts.add(account())
    store.accounts.start_session(session())
    store.accounts.set_recovery_codes("a-1", ["x"], at=AT)
    store.accounts.count_failure("key", at=AT)
    store.clients.add(client())
    theirs = other_tenant.accounts
    assert theirs.account("a-1") is None
    assert theirs.by_login("mira.okonwo") is None
    assert list(theirs.all()) == []
    assert theirs.session("digest of s-1") is None
    assert list(theirs.sessions("a-1")) == []
    assert theirs.attempts("key") == Attempts()
    assert not theirs.use_step("a-1", 1)
    assert not theirs.use_recovery_code("a-1", "x", at=AT)
    assert not theirs.end_session("s-1", at=AT)
    assert theirs.forget_ended(before=AT + timedelta(days=9)) == 0
    theirs.save(account(is_disabled=True), "is_disabled")
    theirs.forget_attempts("key")
    assert other_tenant.clients.client("m-1") is None
    assert list(other_tenant.clients.all()) == []
    other_tenant.clients.save(replace(client(), revoked_at=AT))
    assert store.accounts.session("digest of s-1") == (session(), account())
    assert store.accounts.attempts("key").failed == 1
    assert store.clients.client("m-1") == client()
