"""Accounts as an administrator keeps them: who may, what is refused, what is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from identity_world import PASSWORD, World
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.roles import SHIPPED_ROLES
from sluicegate.services.identity import (
    AccountError,
    NewPerson,
    Rights,
    SessionStage,
    SignInRefusedError,
)

REVIEWER = Rights(frozenset({"reviewer"}), frozenset({"EU"}), frozenset({"suspicion"}))


@pytest.mark.parametrize("role", sorted(set(SHIPPED_ROLES) - {"administrator"}))
def test_only_an_administrator_keeps_accounts(node: World, role: str) -> None:
    account_id = node.ready()
    desk = node.desk(role)
    calls: list[Callable[[], object]] = [
        lambda: node.identity.add_person(desk, NewPerson("a.b", "A B", REVIEWER)),
        lambda: node.identity.people(desk),
        lambda: node.identity.disable(desk, account_id),
        lambda: node.identity.set_rights(desk, account_id, REVIEWER),
        lambda: node.identity.reset(desk, account_id),
        lambda: node.identity.end_sessions_of(desk, account_id),
        lambda: node.identity.add_client(desk, "x", "", REVIEWER),
        lambda: node.identity.clients(desk),
        lambda: node.identity.revoke_client(desk, "x"),
        lambda: node.identity.rotate_client(desk, "x", ""),
    ]
    before = node.acts()
    for number, call in enumerate(calls):
        if role == "auditor" and number == 1:
            continue  # an auditor reads who may do what
        with pytest.raises(RefusedError):
            call()
    assert node.acts() == before
    assert node.identity.sign_in("mira.okonwo", PASSWORD).signed_in.principal.roles == {"analyst"}


def test_rights_count_from_the_next_request_on(node: World) -> None:
    account_id = node.ready()
    token = node.identity.sign_in("mira.okonwo", PASSWORD).token
    node.identity.set_rights(node.desk(), account_id, REVIEWER)
    found = node.identity.principal(token)
    assert found is not None
    assert found.roles == {"reviewer"}
    assert found.jurisdictions == frozenset({"EU"})
    assert found.sealed_groups == {"suspicion"}
    [act] = [one for one in node.store.acts() if one.name == "account.rights_set"]
    assert (
        b'"before":{"jurisdictions":null,"roles":["analyst"],"sealed_groups":[]}' in act.canonical
    )
    assert act.by == "user:boss"


def test_no_jurisdiction_is_another_thing_than_all_of_them(node: World) -> None:
    account_id = node.ready(rights=Rights(frozenset({"analyst"}), frozenset()))
    account = node.store.accounts.account(account_id)
    assert account is not None
    assert account.rights.jurisdictions == frozenset()


def test_nobody_keeps_the_own_account(node: World) -> None:
    account_id = node.ready("admin.two", Rights(frozenset({"administrator"})))
    own = node.desk(account_id=account_id)
    for call in (
        lambda: node.identity.set_rights(own, account_id, REVIEWER),
        lambda: node.identity.disable(own, account_id),
        lambda: node.identity.reset(own, account_id),
    ):
        with pytest.raises(AccountError, match="your own account"):
            call()


@pytest.mark.parametrize(
    ("rights", "problem"),
    [
        (Rights(frozenset({"analist"})), "no roles: analist; give one or more of administrator"),
        (Rights(frozenset()), "no roles: none"),
        (Rights(frozenset({"analyst"}), frozenset({"Europe"})), "no jurisdictions: Europe"),
        (
            Rights(frozenset({"analyst"}), None, frozenset({"Suspicion files"})),
            "no names of groups: Suspicion files",
        ),
    ],
)
def test_a_right_that_cannot_be_is_refused(node: World, rights: Rights, problem: str) -> None:
    with pytest.raises(AccountError, match=problem):
        node.add(rights=rights)
    assert node.acts() == []


@pytest.mark.parametrize("login", ["", "a", "a b", "-x", "a\nb", "x" * 101, "a<b>", "a:b"])
def test_a_login_that_cannot_be_typed_plainly_is_refused(node: World, login: str) -> None:
    with pytest.raises(AccountError, match="2 to 100 letters"):
        node.add(login)


@pytest.mark.parametrize("login", ["mira.okonwo", "m@compute.example", "李雷", "x9"])
def test_a_login_may_be_of_any_script(node: World, login: str) -> None:
    assert node.add(login).account.login == login


def test_a_login_is_taken_whatever_its_case(node: World) -> None:
    node.add()
    before = node.acts()
    with pytest.raises(AccountError, match="is taken"):
        node.add("Mira.OKONWO")
    assert node.acts() == before


def test_a_reset_gives_a_password_that_must_be_changed(node: World) -> None:
    account_id = node.ready()
    token = node.identity.sign_in("mira.okonwo", PASSWORD).token
    issued = node.identity.reset(node.desk(), account_id)
    assert node.identity.session(token) is None
    assert issued.password not in repr(issued)
    with pytest.raises(SignInRefusedError):
        node.identity.sign_in("mira.okonwo", PASSWORD)
    started = node.identity.sign_in("mira.okonwo", issued.password)
    assert started.signed_in.stage is SessionStage.CHANGE_PASSWORD


def test_a_reset_forgets_the_second_factor_only_when_asked(node: World) -> None:
    account_id = node.ready()
    token = node.identity.sign_in("mira.okonwo", PASSWORD).token
    begun = node.identity.begin_enrolment(token, password=PASSWORD)
    codes = node.identity.confirm_enrolment(token, node.code(begun.secret)).recovery_codes
    kept = node.identity.reset(node.desk(), account_id)
    half = node.identity.sign_in("mira.okonwo", kept.password)
    assert half.signed_in.stage is SessionStage.SECOND_FACTOR
    node.identity.reset(node.desk(), account_id, second_factor=True)
    with pytest.raises(SignInRefusedError):
        node.identity.second_factor(half.token, codes[0])
    account = node.store.accounts.account(account_id)
    assert account is not None
    assert not account.has_second_factor
    assert node.store.accounts.recovery_codes_left(account_id) == 0


def test_a_change_does_not_undo_one_made_at_the_same_moment(node: World) -> None:
    """Someone read the account before it was disabled, and writes a new hash after."""
    account_id = node.ready()
    read = node.store.accounts.account(account_id)
    assert read is not None
    node.identity.disable(node.desk(), account_id)
    node.store.accounts.save(replace(read, password_hash="another"), "password_hash")
    after = node.store.accounts.account(account_id)
    assert after is not None
    assert after.is_disabled


def test_who_is_looked_at_is_an_act_and_who_is_not_there_is_not_found(node: World) -> None:
    account_id = node.ready()
    node.identity.person(node.desk(), account_id)
    assert node.acts()[-1] == "read"
    for call in (node.identity.person, node.identity.disable, node.identity.sessions_of):
        with pytest.raises(NotFoundError):
            call(node.desk(), "no-such-account")


def test_every_change_is_an_act_of_who_made_it(node: World) -> None:
    account_id = node.ready()
    desk = node.desk()
    node.identity.sign_in("mira.okonwo", PASSWORD)
    node.identity.disable(desk, account_id)
    node.identity.enable(desk, account_id)
    node.identity.reset(desk, account_id)
    assert node.acts() == [
        *("account.added", "session.started", "session.ended"),
        *("account.disabled", "account.enabled", "account.reset"),
    ]
    node.identity.enable(desk, account_id)
    assert node.acts()[-1] == "account.reset"
    assert {one.by for one in node.store.acts()} == {"user:boss", f"user:{account_id}"}
