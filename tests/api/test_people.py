"""Accounts and machines over HTTP: who may, what is shown once, and what is never shown."""

from __future__ import annotations

from typing import Any

import pytest

from served_api import Caller
from sluicegate.api.examples import OTHER_KEY, PUBLIC_KEY
from sluicegate.wiring import OpenNode

RIGHTS = {"roles": ["analyst"], "jurisdictions": ["EU"]}


def add(caller: Caller, login: str, **more: Any) -> Any:
    body = {"login": login, "name": "Ada Moss", "rights": RIGHTS}
    return caller.post("/v1/users", "administrator", json=body, **more)


def test_an_account_is_made_changed_and_closed(caller: Caller) -> None:
    made = add(caller, "ada.moss").json()
    user = made["user"]["id"]
    assert len(made["password"]) >= 12
    assert made["user"]["must_change_password"] is True
    path = f"/v1/users/{user}"
    rights = {"roles": ["reviewer"], "sealed_groups": ["suspicion"]}
    after = caller.post(f"{path}/rights", "administrator", json=rights).json()
    assert after["rights"] == {**rights, "jurisdictions": None}
    assert caller.post(f"{path}/disable", "administrator").json()["is_disabled"] is True
    assert caller.post(f"{path}/enable", "administrator").json()["is_disabled"] is False
    again = caller.post(f"{path}/reset", "administrator", json={}).json()
    assert again["password"] not in ("", made["password"])
    logins = [one["login"] for one in caller.get("/v1/users", "administrator").json()["items"]]
    assert "ada.moss" in logins


def test_a_password_is_shown_once_and_stands_nowhere(caller: Caller, node: OpenNode) -> None:
    headers = {"Idempotency-Key": "one-account"}
    first, again = (add(caller, "kept.once", headers=headers) for _ in range(2))
    password = first.json()["password"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == {**first.json(), "password": None}
    shown = caller.get(f"/v1/users/{first.json()['user']['id']}", "administrator").text
    assert password not in shown
    acts = caller.get("/v1/audit?name=account.added&limit=500", "auditor").text
    assert password not in acts
    for file in node.node.folder.path.rglob("*"):
        if file.is_file():
            assert password.encode() not in file.read_bytes(), file.name


def test_the_secret_of_a_webhook_is_not_kept_with_a_key(caller: Caller) -> None:
    body = {"url": "https://93.184.215.14/hook"}
    headers = {"Idempotency-Key": "one-webhook"}
    first, again = (
        caller.post("/v1/webhooks", "administrator", json=body, headers=headers) for _ in range(2)
    )
    assert first.json()["secret"]
    assert again.json() == {**first.json(), "secret": None}


@pytest.mark.parametrize("who", ["analyst", "reviewer", "engineer", "viewer", "machine"])
def test_only_an_administrator_keeps_accounts_and_machines(caller: Caller, who: str) -> None:
    body = {"login": "not.made", "name": "X", "rights": RIGHTS}
    assert caller.post("/v1/users", who, json=body).status == 403
    machine = {"name": "X", "keys": PUBLIC_KEY, "rights": RIGHTS}
    assert caller.post("/v1/clients", who, json=machine).status == 403
    assert caller.get("/v1/clients", who).status == 403


def test_an_account_of_another_tenant_is_not_there(caller: Caller) -> None:
    user = add(caller, "own.tenant").json()["user"]["id"]
    for who in ("other-officer", "other-auditor"):
        got = caller.get(f"/v1/users/{user}", who)
        none = caller.get("/v1/users/none", who)
        assert (got.status, got.content) == (none.status, none.content)


def test_a_taken_login_and_an_unknown_role_are_said(caller: Caller) -> None:
    add(caller, "taken.login")
    assert "is taken" in add(caller, "taken.login").json()["detail"]
    body = {"login": "x.y", "name": "X", "rights": {"roles": ["king"]}}
    got = caller.post("/v1/users", "administrator", json=body)
    assert got.status == 422
    assert "king" in got.json()["detail"]


def test_a_machine_is_added_rotated_and_revoked(caller: Caller) -> None:
    body = {"name": "scheduler", "keys": PUBLIC_KEY, "rights": RIGHTS}
    made = caller.post("/v1/clients", "administrator", json=body).json()
    path = f"/v1/clients/{made['id']}"
    both = caller.post(
        f"{path}/rotate", "administrator", json={"keys": OTHER_KEY, "keep_old": True}
    )
    assert len(both.json()["keys"]) == 2
    assert caller.post(f"{path}/revoke", "administrator").json()["revoked_at"] is not None
    refused = caller.post(f"{path}/rotate", "administrator", json={"keys": OTHER_KEY})
    assert refused.status == 422


def test_a_private_key_is_refused_and_not_repeated(caller: Caller) -> None:
    secret = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
    key = '{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"'
    body = {"name": "leaky", "keys": f'{key}, "d": "{secret}"}}', "rights": RIGHTS}
    got = caller.post("/v1/clients", "administrator", json=body)
    assert got.status == 422
    assert secret not in got.text
