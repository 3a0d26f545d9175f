"""Machines: what an assertion has to be, what a token is good for, and for how long."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from identity_world import BASE, NOW, World, private_key, public_text, world
from sluicegate.adapters.identity import jose
from sluicegate.adapters.store import SqlStore
from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.principals import PrincipalKind
from sluicegate.services.identity import (
    TOKEN_PATH,
    AccountError,
    Client,
    Identities,
    Rights,
    TokenRefusedError,
)

ENGINEER = Rights(frozenset({"engineer"}), frozenset({"EU"}))
KEYS = {kind: private_key(kind) for kind in ("ES256", "EdDSA", "RS256")}
KEYS["PS256"] = KEYS["RS256"]
ALGORITHMS = sorted(KEYS)


@dataclass
class Machine:
    """A machine as it is known to a node, with its private key."""

    node: World
    client: Client
    key: ECKey | OKPKey | RSAKey
    algorithm: str

    def assertion(
        self, header: Mapping[str, Any] | None = None, key: Key | None = None, **claims: Any
    ) -> str:
        """Sign an assertion; a claim that is None is left out."""
        now = int(self.node.clock.now().timestamp())
        whole = {
            "iss": self.client.id,
            "sub": self.client.id,
            "aud": BASE + TOKEN_PATH,
            "iat": now,
            "exp": now + 300,
            "jti": f"j-{self.node.parts.new_id()}",
            **claims,
        }
        content = {name: value for name, value in whole.items() if value is not None}
        signing = key or self.key
        head = {"alg": self.algorithm, "kid": self.key.kid, **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        return sign(head, content, signing)


def sign(header: dict[str, Any], content: dict[str, Any], key: Key) -> str:
    """Sign whatever is asked, with any algorithm that the library has."""
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    if header["alg"] == "EdDSA":
        registry = jose._REGISTRY  # the library warns of this name
    return jws.serialize_compact(header, json.dumps(content), key, registry=registry)


def machine(node: World, algorithm: str = "ES256") -> Machine:
    key = KEYS[algorithm]
    client = node.identity.add_client(node.desk(), "scheduler", public_text(key), ENGINEER)
    return Machine(node, client, key, algorithm)


def refusal(node: World, assertion: str) -> TokenRefusedError:
    with pytest.raises(TokenRefusedError) as refused:
        node.identity.exchange(assertion)
    return refused.value


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_machine_gets_a_token_for_an_assertion_and_acts_with_its_rights(
    node: World, algorithm: str
) -> None:
    one = machine(node, algorithm)
    granted = node.identity.exchange(one.assertion())
    assert (granted.token_type, granted.expires_in) == ("Bearer", 600)
    found = node.identity.principal_of_token(granted.token)
    assert found.id == f"client:{one.client.id}"
    assert found.kind is PrincipalKind.MACHINE
    assert found.roles == {"engineer"}
    assert found.jurisdictions == frozenset({"EU"})
    assert found.sealed_groups == frozenset()
    assert granted.token not in repr(granted)


def test_an_assertion_counts_once(node: World) -> None:
    one = machine(node)
    assertion = one.assertion()
    node.identity.exchange(assertion)
    assert "used before" in str(refusal(node, assertion))
    assert "used before" in str(refusal(node, one.assertion(jti=jti_of(assertion))))


def jti_of(assertion: str) -> str:
    piece = assertion.split(".")[1]
    found: str = json.loads(base64.urlsafe_b64decode(piece + "=="))["jti"]
    return found


AHEAD = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("claims", "problem"),
    [
        ({"iss": "another"}, "issuer is no machine"),
        ({"iss": None}, "issuer is no machine"),
        ({"iss": 7}, "issuer is no machine"),
        ({"sub": "another"}, "iss and sub"),
        ({"sub": None}, "iss and sub"),
        ({"aud": "https://elsewhere.example/oauth/token"}, "aud is not this node"),
        ({"aud": None}, "aud is not this node"),
        ({"aud": ["https://elsewhere.example", 7]}, "aud is not this node"),
        ({"aud": BASE + "/v1"}, "aud is not this node"),
        ({"exp": None}, "no exp"),
        ({"exp": AHEAD}, "has expired"),
        ({"exp": AHEAD - 1}, "has expired"),
        ({"exp": AHEAD + 301}, "more than 5 minutes ahead"),
        ({"exp": True}, "no exp"),
        ({"exp": "soon"}, "no exp"),
        ({"exp": 1e300}, "no exp"),
        ({"exp": -1}, "no exp"),
        ({"iat": AHEAD + 61}, "iat lies ahead"),
        ({"nbf": AHEAD + 61}, "nbf lies ahead"),
        ({"jti": None}, "no jti"),
        ({"jti": ""}, "no jti"),
        ({"jti": "x" * 201}, "no jti"),
        ({"jti": 7}, "no jti"),
    ],
)
def test_an_assertion_whose_claims_do_not_hold_is_refused(
    node: World, claims: dict[str, Any], problem: str
) -> None:
    assert problem in str(refusal(node, machine(node).assertion(**claims)))


@pytest.mark.parametrize(
    "claims", [{"aud": BASE}, {"aud": ["https://x.example", BASE]}, {"exp": AHEAD + 1}]
)
def test_an_assertion_at_the_edge_holds(node: World, claims: dict[str, Any]) -> None:
    assert node.identity.exchange(machine(node).assertion(**claims)).token


def unsigned(header: dict[str, Any], content: dict[str, Any], signature: str = "") -> str:
    parts = [json.dumps(header).encode(), json.dumps(content).encode()]
    return ".".join(
        [*(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts), signature]
    )


def test_an_assertion_without_a_signature_is_refused(node: World) -> None:
    one = machine(node)
    claims = {
        "iss": one.client.id,
        "sub": one.client.id,
        "aud": BASE,
        "exp": AHEAD + 60,
        "jti": "a",
    }
    for name in ("none", "None", "NONE", "nOnE"):
        assert refusal(node, unsigned({"alg": name}, claims)).code == "invalid_request"
        assert "not accepted" in str(refusal(node, unsigned({"alg": name}, claims, "AAAA")))


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("kind", ["RS256", "ES256"])
def test_a_public_key_is_no_shared_secret(node: World, algorithm: str, kind: str) -> None:
    """Key confusion: the public key, which everyone has, used as the key of an HMAC."""
    one = machine(node, kind)
    head, body, _ = one.assertion({"alg": kind}).split(".")
    head = unsigned({"alg": algorithm, "kid": one.key.kid}, {}).split(".")[0]
    digest = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}[algorithm]
    for secret in (public_text(one.key), json.dumps(one.key.as_dict(private=False)), ""):
        mac = hmac.digest(secret.encode(), f"{head}.{body}".encode(), digest)
        forged = f"{head}.{body}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        assert "not accepted" in str(refusal(node, forged))


def test_an_algorithm_of_another_kind_of_key_is_refused(node: World) -> None:
    one = machine(node, "ES256")
    other = private_key("RS256")
    assert "no known key" in str(refusal(node, one.assertion({"alg": "RS256"}, other)))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_key_signs_nothing(node: World, algorithm: str) -> None:
    one = machine(node, algorithm)
    other = private_key(algorithm)
    for header in ({}, {"kid": None}, {"kid": other.kid}):
        assert "no known key" in str(refusal(node, one.assertion(header, other)))


def test_a_key_that_the_assertion_brings_along_is_not_looked_at(node: World) -> None:
    one = machine(node, "ES256")
    other = private_key("ES256")
    brought = {"jwk": other.as_dict(private=False), "jku": "https://elsewhere.example/keys"}
    assert "no known key" in str(refusal(node, one.assertion(brought, other)))


@pytest.mark.parametrize("header", [{"crit": ["b64"], "b64": False}, {"b64": False}])
def test_an_extension_that_is_not_known_is_refused(node: World, header: dict[str, Any]) -> None:
    one = machine(node)
    good = one.assertion().split(".")
    head = {"alg": "ES256", "kid": one.key.kid, **header}
    forged = unsigned(head, {}).split(".")[0]
    assert "extension" in str(refusal(node, ".".join([forged, good[1], good[2]])))


@pytest.mark.parametrize(
    "text",
    ["", "x", "a.b.c", "..", "{}.{}.{}", "e30.W10.e30", "x" * 20_000, "e30.e30.e30", "é.é.é"],
)
def test_what_is_no_token_is_refused_as_such(node: World, text: str) -> None:
    assert refusal(node, text).code in {"invalid_request", "invalid_client"}
    with pytest.raises(TokenRefusedError) as refused:
        node.identity.principal_of_token(text)
    assert refused.value.code == "invalid_token"


def test_a_changed_assertion_is_refused(node: World) -> None:
    good = machine(node).assertion()
    head, body, signature = good.split(".")
    for changed in (f"{head}.{body}x.{signature}", f"{head}.{body}.{signature[:-4]}AAAA"):
        assert refusal(node, changed).code in {"invalid_client", "invalid_request"}


def test_a_token_ends(node: World) -> None:
    one = machine(node)
    token = node.identity.exchange(one.assertion()).token
    node.clock.move(seconds=599)
    assert node.identity.principal_of_token(token).name == "scheduler"
    node.clock.move(seconds=1)
    with pytest.raises(TokenRefusedError, match="has ended") as refused:
        node.identity.principal_of_token(token)
    assert refused.value.code == "invalid_token"


def test_a_revoked_machine_has_no_token_and_gets_none(node: World) -> None:
    one = machine(node)
    token = node.identity.exchange(one.assertion()).token
    node.identity.revoke_client(node.desk(), one.client.id)
    with pytest.raises(TokenRefusedError, match="no longer counts"):
        node.identity.principal_of_token(token)
    assert "no machine" in str(refusal(node, one.assertion()))
    with pytest.raises(AccountError, match="revoked"):
        node.identity.rotate_client(node.desk(), one.client.id, public_text(one.key))
    assert node.acts() == ["client.added", "client.revoked"]


def test_a_new_key_ends_the_old_one_and_its_tokens(node: World) -> None:
    one = machine(node)
    token = node.identity.exchange(one.assertion()).token
    node.clock.move(seconds=0.01)
    fresh = private_key("EdDSA")
    node.identity.rotate_client(node.desk(), one.client.id, public_text(fresh))
    with pytest.raises(TokenRefusedError):
        node.identity.principal_of_token(token)
    assert "no known key" in str(refusal(node, one.assertion()))
    after = replace(one, key=fresh, algorithm="EdDSA")
    again = node.identity.exchange(after.assertion()).token
    assert node.identity.principal_of_token(again).name == "scheduler"


def test_a_change_over_accepts_both_keys(node: World) -> None:
    one = machine(node)
    token = node.identity.exchange(one.assertion()).token
    fresh = private_key("EdDSA")
    node.identity.rotate_client(node.desk(), one.client.id, public_text(fresh), keep_old=True)
    assert node.identity.principal_of_token(token).name == "scheduler"
    assert node.identity.exchange(one.assertion()).token
    assert node.identity.exchange(replace(one, key=fresh, algorithm="EdDSA").assertion()).token


def test_a_token_of_one_tenant_is_none_in_another(tmp_path: Path) -> None:
    one = world(tmp_path / "keys")
    with one.store:
        name = TenantId("other")
        store = SqlStore(one.store.engine, name, one.clock)
        two = world(tmp_path / "keys", tenant=name, store=store, clock=one.clock)
        other = machine(two)
        assert "no machine" in str(refusal(one, other.assertion()))
        both = Identities({one.parts.tenant: one.identity, name: two.identity})
        token = both.exchange(other.assertion()).token
        assert both.principal_of_token(token).tenant == name
        with pytest.raises(TokenRefusedError):
            one.identity.principal_of_token(token)


def test_a_token_of_another_node_is_refused(tmp_path: Path, node: World) -> None:
    elsewhere = world(tmp_path / "elsewhere")
    with elsewhere.store:
        token = elsewhere.identity.exchange(machine(elsewhere).assertion()).token
        with pytest.raises(TokenRefusedError, match="no token of this node"):
            node.identity.principal_of_token(token)


def test_an_assertion_is_no_token(node: World) -> None:
    one = machine(node)
    with pytest.raises(TokenRefusedError):
        node.identity.principal_of_token(one.assertion(aud=BASE + "/v1", tenant="self"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (private_key("ES256").as_pem(private=True).decode(), "private key"),
        (json.dumps(private_key("EdDSA").as_dict(private=True)), "private key"),
        (json.dumps({"kty": "oct", "k": "c2VjcmV0"}), "private key"),
        (json.dumps({"kty": "oct"}), "not accepted"),
        (json.dumps(ECKey.generate_key("P-384").as_dict(private=False)), "not accepted"),
        (json.dumps(OKPKey.generate_key("X25519").as_dict(private=False)), "not accepted"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "no public key in PEM"),
        ('{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}', "cannot be read"),
        ('{"keys": []}', "no key in it"),
        ("no key", "no PEM, JWK or JWKS"),
        ("[]", "no JWK"),
        ("7", "no JWK"),
    ],
    ids=[
        *("private PEM", "private JWK", "secret", "no secret", "P-384", "X25519", "broken PEM"),
        *("broken JWK", "empty JWKS", "no key", "list", "number"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_and_not_repeated(
    node: World, text: str, problem: str
) -> None:
    with pytest.raises(AccountError, match=problem) as refused:
        node.identity.add_client(node.desk(), "scheduler", text, ENGINEER)
    assert len(text) < 20 or text not in str(refused.value)


def test_a_weak_key_is_refused(node: World) -> None:
    with pytest.warns(UserWarning, match="2048"):
        weak = RSAKey.generate_key(1024)
    with pytest.warns(UserWarning, match="2048"), pytest.raises(AccountError, match="1024 bits"):
        node.identity.add_client(node.desk(), "scheduler", public_text(weak), ENGINEER)


def test_keys_are_read_in_every_form_and_kept_without_their_extras(node: World) -> None:
    key = KEYS["ES256"]
    jwk = {**key.as_dict(private=False), "kid": "mine", "x5c": ["..."], "note": "x"}
    for text in (json.dumps(jwk), json.dumps({"keys": [jwk]})):
        client = node.identity.add_client(node.desk(), "scheduler", text, ENGINEER)
        assert [set(one) for one in client.keys] == [{"kty", "crv", "x", "y", "kid"}]
        assert client.keys[0]["kid"] == "mine"
    assert machine(node).client.keys[0]["kid"] == key.thumbprint()


def test_a_machine_is_in_no_group_of_sealed_files(node: World) -> None:
    sealed = Rights(frozenset({"engineer"}), None, frozenset({"suspicion"}))
    with pytest.raises(AccountError, match="sees no sealed file"):
        node.identity.add_client(node.desk(), "x", public_text(KEYS["ES256"]), sealed)
