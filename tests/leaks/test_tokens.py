"""Forged, old and replayed assertions and tokens of machines, tried over HTTP: none works."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc import jws

from identity_world import private_key, public_text
from leak_calls import UNHURRIED, Answer, Calls, caller_of
from principals import SELF
from sluicegate.api import Parts
from sluicegate.api import application as api_application
from sluicegate.services.identity import Identity, Rights
from sluicegate.wiring.identity import operator_desk

ASSERTED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def machine(calls: Calls) -> Iterator[Forger]:
    """Serve the API as it is, with a machine whose key the test holds."""
    identity = calls.world.served.identities.of(SELF)
    assert identity is not None
    key = private_key("ES256")
    desk = operator_desk(calls.world.node)
    rights = Rights(frozenset({"analyst"}))
    client = identity.add_client(desk, "a machine", public_text(key), rights)
    served = calls.world.served
    app = api_application(Parts(served, served.identities, rates=UNHURRIED))
    yield Forger(caller_of(calls, app), client.id, key, identity)
    calls.restore()


@dataclass
class Forger:
    """A machine that also signs what it should not."""

    call: Any
    client: str
    key: Any
    identity: Identity

    def claims(self, **other: Any) -> dict[str, Any]:
        """Return the claims of a good assertion, but for those given."""
        now = int(self.identity.parts.now().timestamp())
        aud = self.identity.parts.base_url + "/oauth/token"
        said = {"iss": self.client, "sub": self.client, "aud": aud, "iat": now}
        return {**said, "exp": now + 240, "jti": secrets.token_hex(8), **other}

    def signed(self, claims: dict[str, Any], **head: Any) -> str:
        """Sign claims with the machine's key."""
        header = {"alg": "ES256", "kid": self.key.kid, **head}
        registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
        return jws.serialize_compact(header, json.dumps(claims), self.key, registry=registry)

    def token(self, assertion: str) -> Answer:
        """Ask for a token."""
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTED}
        answer: Answer = self.call(
            "POST", "/oauth/token", data={**form, "client_assertion": assertion}
        )
        return answer


def without_signature(header: dict[str, Any], claims: dict[str, Any], signature: bytes) -> str:
    """Return a compact JWS of any parts."""
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_no_forged_old_or_replayed_assertion_gives_a_token(machine: Forger) -> None:
    good = machine.signed(machine.claims())
    assert machine.token(good).status == 200
    now = int(machine.identity.parts.now().timestamp())
    public = public_text(machine.key).encode()
    head, claims = {"alg": "HS256", "kid": machine.key.kid}, machine.claims()
    begin = without_signature(head, claims, b"").rpartition(".")[0]
    mac = hmac.new(public, begin.encode(), hashlib.sha256).digest()
    forged = {
        "replayed": good,
        "no algorithm": without_signature({"alg": "none"}, claims, b""),
        "no algorithm, other case": without_signature({"alg": "nOnE"}, claims, b""),
        "the public key as a secret": without_signature(head, claims, mac),
        "a key of its own": machine.signed(claims, jwk=machine.key.as_dict(private=False))[:-4]
        + "AAAA",
        "expired": machine.signed(machine.claims(iat=now - 600, exp=now - 1)),
        "far ahead": machine.signed(machine.claims(exp=now + 86_400)),
        "for another": machine.signed(machine.claims(aud="https://elsewhere.example/oauth/token")),
        "of another": machine.signed(machine.claims(sub="client:other")),
        "without an end": machine.signed({**machine.claims(), "exp": None}),
        "no token": "a.b.c",
    }
    for name, assertion in forged.items():
        answer = machine.token(assertion)
        assert answer.status in (400, 401), f"{name}: {answer.text}"
        assert "access_token" not in answer.text, name


def test_no_changed_or_forged_token_opens_anything(machine: Forger) -> None:
    token = json.loads(machine.token(machine.signed(machine.claims())).text)["access_token"]
    header, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    other = {**claims, "tenant": "other"}
    tried = {
        "whole": (token, 200),
        "no algorithm": (without_signature({"alg": "none"}, claims, b""), 401),
        "another tenant": (without_signature({"alg": "none"}, other, b""), 401),
        "other claims": (
            f"{header}.{without_signature({}, other, b'').split('.')[1]}.{signature}",
            401,
        ),
        "an assertion for a token": (machine.signed(machine.claims()), 401),
        "the machine's own key": (machine.signed(claims), 401),
        "cut short": (token[:-2], 401),
    }
    for name, (given, status) in tried.items():
        answer = machine.call("GET", "/v1/me", headers={"Authorization": f"Bearer {given}"})
        assert answer.status == status, f"{name}: {answer.text}"
