"""Sessions end in time, belong to one person and one tenant, and are known by a digest only."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_world import PASSWORD, World, world
from sluicegate.core.identifiers import TenantId
from sluicegate.services.identity import Identities, Started
from sluicegate.services.identity.values import tenant_of_session, value_digest


def sign_in(node: World, agent: str = "") -> Started:
    return node.identity.sign_in("mira.okonwo", PASSWORD, agent=agent)


def test_a_session_ends_when_nothing_is_asked_of_it(node: World) -> None:
    node.ready()
    token = sign_in(node).token
    for _ in range(4):
        node.clock.move(minutes=29)
        assert node.identity.session(token) is not None
    node.clock.move(minutes=30, seconds=1)
    assert node.identity.session(token) is None
    node.clock.move(minutes=-20)
    assert node.identity.session(token) is None


def test_a_session_ends_in_any_case(node: World) -> None:
    node.ready()
    token = sign_in(node).token
    for _ in range(35):
        node.clock.move(minutes=20)
        assert node.identity.session(token) is not None
    node.clock.move(minutes=20)
    assert node.identity.session(token) is None


def test_a_sign_in_that_is_half_way_ends_soon(node: World) -> None:
    issued = node.add()
    token = node.identity.sign_in("mira.okonwo", issued.password).token
    node.clock.move(minutes=10)
    assert node.identity.session(token) is None


def test_every_sign_in_gives_another_value_and_another_csrf_secret(node: World) -> None:
    node.ready()
    found = [sign_in(node) for _ in range(3)]
    assert len({one.token for one in found}) == 3
    assert len({one.signed_in.csrf_secret for one in found}) == 3
    again = node.identity.session(found[0].token)
    assert again is not None
    assert again.csrf_secret == found[0].signed_in.csrf_secret
    assert found[0].token not in repr(found[0])
    assert again.csrf_secret not in repr(again)


def test_the_digest_in_the_store_is_no_key(node: World) -> None:
    node.ready()
    token = sign_in(node).token
    assert node.identity.session(value_digest(token)) is None
    assert node.identity.session(token + "x") is None
    assert node.identity.session("") is None


def test_a_person_sees_and_ends_the_own_sessions_only(node: World) -> None:
    node.ready()
    node.ready("jonas.tedeschi")
    here, there = sign_in(node, "a browser"), sign_in(node, "another")
    other = node.identity.sign_in("jonas.tedeschi", PASSWORD)
    shown = node.identity.own_sessions(here.signed_in)
    assert [(one.agent, one.is_this) for one in shown] == [("another", False), ("a browser", True)]
    assert not node.identity.end_own_session(here.signed_in, other.signed_in.session_id)
    assert node.identity.session(other.token) is not None
    assert node.identity.end_own_session(here.signed_in, there.signed_in.session_id)
    assert node.identity.session(there.token) is None
    assert not node.identity.end_own_session(here.signed_in, there.signed_in.session_id)


def test_signing_out_ends_the_session_and_is_an_act(node: World) -> None:
    node.ready()
    token = sign_in(node).token
    assert node.identity.sign_out(token) is None
    assert node.identity.session(token) is None
    assert node.acts()[-2:] == ["session.started", "session.ended"]
    assert node.identity.sign_out(token) is None


def test_no_act_tells_a_login_a_name_or_a_value(node: World) -> None:
    node.ready()
    token = sign_in(node).token
    node.identity.change_password(token, "eleven herons over the weir", old=PASSWORD)
    written = b"".join(one.canonical for one in node.store.acts())
    for word in (b"mira", b"Okonwo", token.encode(), PASSWORD.encode()):
        assert word not in written


def test_a_disabled_account_loses_its_sessions_at_once(node: World) -> None:
    account_id = node.ready()
    token = sign_in(node).token
    node.identity.disable(node.desk(), account_id)
    assert node.identity.session(token) is None
    node.identity.enable(node.desk(), account_id)
    assert node.identity.session(token) is None
    assert sign_in(node).signed_in.is_complete


def test_a_session_of_one_tenant_is_none_in_another(tmp_path: Path) -> None:
    one = world(tmp_path / "keys")
    with one.store:
        from sluicegate.adapters.store import SqlStore

        name = TenantId("second office")
        store = SqlStore(one.store.engine, name, one.clock)
        two = world(tmp_path / "keys", tenant=name, store=store, clock=one.clock)
        one.ready()
        two.ready()
        token = two.identity.sign_in("mira.okonwo", PASSWORD).token
        assert one.identity.session(token) is None
        both = Identities({one.parts.tenant: one.identity, name: two.identity})
        found = both.session(token)
        assert found is not None
        assert found.principal.tenant == name
        forged = token.replace(token.split(".")[0], "c2VsZg")
        assert both.session(forged) is None


@given(st.text())
def test_no_text_breaks_the_reading_of_a_session_value(text: str) -> None:
    found = tenant_of_session(text)
    assert found is None or isinstance(found, str)


@pytest.mark.parametrize("text", ["", ".", "x", "é.y", "\ud800.y"])
def test_a_value_that_is_none_names_no_tenant(text: str) -> None:
    assert tenant_of_session(text) is None
