"""Signing in with the organisation's provider, against a small one on loopback."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, RSAKey

from identity_world import BASE, PASSWORD, HandClock, World, world
from open_id_provider import CLIENT, SECRET, OpenIdProvider, open_id_provider
from sluicegate.adapters.identity.oidc import OidcProvider, OidcSettings
from sluicegate.services.identity import (
    CALLBACK,
    AccountSource,
    ProviderError,
    Returned,
    SentOut,
    SignInRefusedError,
)
from sluicegate.services.identity.provider import local_path
from sluicegate.services.setting_values import GroupGrant

GROUPS = {
    "compute-desk": GroupGrant(frozenset({"analyst"}), frozenset({"EU"})),
    "compute-check": GroupGrant(
        frozenset({"reviewer"}), frozenset({"US"}), frozenset({"suspicion"})
    ),
    "everywhere": GroupGrant(frozenset({"viewer"})),
}
MIRA = {
    "sub": "p-100",
    "preferred_username": "mira.okonwo",
    "name": "Mira Okonwo",
    "groups": ["compute-desk", "choir"],
}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def provider(clock: HandClock) -> Iterator[OpenIdProvider]:
    with open_id_provider(clock.now) as served:
        served.person = dict(MIRA)
        yield served


def settings(provider: OpenIdProvider, **changes: Any) -> OidcSettings:
    return OidcSettings(
        **{"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, **changes}
    )


@pytest.fixture
def node(tmp_path: Path, provider: OpenIdProvider, clock: HandClock) -> Iterator[World]:
    """Return identity that is joined to the provider."""
    http = httpx.Client(trust_env=False)
    client = OidcProvider(settings(provider), clock, http=http)
    made = world(tmp_path / "keys", groups=GROUPS, provider=client, clock=clock)
    with made.store, http:
        yield made


def come_back(node: World, provider: OpenIdProvider, path: str = "/") -> Returned:
    sent = node.identity.send_out(path=path)
    return node.identity.take_back(provider.authorise(sent.address), sent.keep)


def test_a_person_is_known_at_the_first_sign_in_with_what_the_groups_permit(
    node: World, provider: OpenIdProvider
) -> None:
    back = come_back(node, provider, "/cases?state=open")
    assert back.path == "/cases?state=open"
    who = back.started.signed_in
    assert who.is_complete
    assert who.source is AccountSource.OIDC
    assert who.principal.roles == {"analyst"}
    assert who.principal.jurisdictions == frozenset({"EU"})
    assert who.principal.name == "Mira Okonwo"
    assert node.acts() == ["account.added", "session.started"]
    again = come_back(node, provider)
    assert again.started.signed_in.account_id == who.account_id
    assert node.acts() == ["account.added", "session.started", "session.started"]


def test_groups_are_joined_and_read_again_each_time(node: World, provider: OpenIdProvider) -> None:
    first = come_back(node, provider).started
    provider.person["groups"] = ["compute-desk", "compute-check"]
    both = come_back(node, provider).started.signed_in.principal
    assert both.roles == {"analyst", "reviewer"}
    assert both.jurisdictions == frozenset({"EU", "US"})
    assert both.sealed_groups == {"suspicion"}
    provider.person["groups"] = ["compute-desk", "everywhere"]
    assert come_back(node, provider).started.signed_in.principal.jurisdictions is None
    found = node.identity.principal(first.token)
    assert found is not None
    assert found.roles == {"analyst", "viewer"}


def test_a_new_name_is_taken_over_and_written_down_without_the_name(
    node: World, provider: OpenIdProvider
) -> None:
    come_back(node, provider)
    provider.person["name"] = "Mira Okonwo-Vance"
    assert come_back(node, provider).started.signed_in.principal.name == "Mira Okonwo-Vance"
    assert node.acts().count("account.renamed") == 1
    assert all(b"Vance" not in one.canonical for one in node.store.acts())


@pytest.mark.parametrize("groups", [[], ["choir"], None, "choir", [7], {"compute-desk": 1}])
def test_who_has_no_group_with_a_role_is_refused(
    node: World, provider: OpenIdProvider, groups: Any
) -> None:
    provider.person["groups"] = groups
    with pytest.raises(SignInRefusedError, match="none of your groups has a role here"):
        come_back(node, provider)
    assert node.acts() == []


def test_who_lost_every_group_loses_the_open_sessions(
    node: World, provider: OpenIdProvider
) -> None:
    token = come_back(node, provider).started.token
    provider.person["groups"] = ["choir"]
    with pytest.raises(SignInRefusedError):
        come_back(node, provider)
    assert node.identity.session(token) is None


def test_a_disabled_person_stays_out(node: World, provider: OpenIdProvider) -> None:
    account_id = come_back(node, provider).started.signed_in.account_id
    node.identity.disable(node.desk(), account_id)
    with pytest.raises(SignInRefusedError, match="disabled"):
        come_back(node, provider)


def test_a_local_account_of_the_same_login_is_not_taken_over(
    node: World, provider: OpenIdProvider
) -> None:
    local = node.ready("mira.okonwo")
    who = come_back(node, provider).started.signed_in
    assert who.account_id != local
    assert who.login.startswith("mira.okonwo (")
    assert node.identity.sign_in("mira.okonwo", PASSWORD).signed_in.account_id == local


def test_an_account_of_the_provider_has_no_password_here(
    node: World, provider: OpenIdProvider
) -> None:
    started = come_back(node, provider).started
    with pytest.raises(SignInRefusedError):
        node.identity.sign_in("mira.okonwo", "")
    with pytest.raises(SignInRefusedError, match="provider keeps"):
        node.identity.change_password(started.token, "eleven herons over the weir")
    with pytest.raises(SignInRefusedError, match="provider keeps"):
        node.identity.begin_enrolment(started.token)


def test_groups_may_stand_in_userinfo_or_at_a_path(
    node: World, provider: OpenIdProvider, clock: HandClock
) -> None:
    del provider.person["groups"]
    provider.userinfo = {"sub": "p-100", "groups": ["compute-check"]}
    assert come_back(node, provider).started.signed_in.principal.roles == {"reviewer"}
    provider.userinfo = {"sub": "p-666", "groups": ["compute-check"]}
    with pytest.raises(ProviderError, match="another person"):
        come_back(node, provider)
    provider.person["realm"] = {"groups": ["compute-desk"]}
    with httpx.Client(trust_env=False) as http:
        other = OidcProvider(settings(provider, groups_claim="realm.groups"), clock, http=http)
        begun = other.begin(BASE + CALLBACK)
        found = other.finish(provider.authorise(begun.address), begun, BASE + CALLBACK)
    assert found.groups == {"compute-desk"}


def test_the_request_carries_pkce_nonce_and_state(node: World) -> None:
    sent = node.identity.send_out()
    asked = {name: one[0] for name, one in parse_qs(urlsplit(sent.address).query).items()}
    assert asked["redirect_uri"] == BASE + CALLBACK
    assert min(len(asked["state"]), len(asked["nonce"]), len(asked["code_challenge"])) >= 43
    for secret in (asked["state"], asked["nonce"]):
        assert secret not in sent.keep
    another = node.identity.send_out()
    assert another.address != sent.address


def test_the_answer_has_to_come_to_the_browser_that_began(
    node: World, provider: OpenIdProvider
) -> None:
    mine, theirs = node.identity.send_out(), node.identity.send_out()
    answer = provider.authorise(theirs.address)
    for keep in (mine.keep, "", "1.AAAA", node.parts.box.seal("{}", "another context")):
        with pytest.raises(SignInRefusedError, match="begin again"):
            node.identity.take_back(answer, keep)
    assert provider.grants, "the code was sent to nobody"


def test_a_sign_in_that_takes_too_long_is_refused(
    node: World, provider: OpenIdProvider, clock: HandClock
) -> None:
    sent = node.identity.send_out()
    clock.move(minutes=10, seconds=1)
    with pytest.raises(SignInRefusedError, match="too long"):
        node.identity.take_back(provider.authorise(sent.address), sent.keep)


def test_a_code_counts_once(node: World, provider: OpenIdProvider) -> None:
    sent = node.identity.send_out()
    answer = provider.authorise(sent.address)
    node.identity.take_back(answer, sent.keep)
    with pytest.raises(ProviderError, match="invalid_grant"):
        node.identity.take_back(answer, sent.keep)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"error": "access_denied", "code": ""}, "access_denied"),
        ({"error": "<script>alert(1)</script>"}, "an error"),
        ({"code": ""}, "no code"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"iss": "https://elsewhere.example"}, "another issuer"),
    ],
)
def test_an_answer_that_does_not_hold_is_refused(
    node: World, provider: OpenIdProvider, answer: dict[str, str], problem: str
) -> None:
    sent: SentOut = node.identity.send_out()
    with pytest.raises(ProviderError, match=problem) as refused:
        node.identity.take_back({**provider.authorise(sent.address), **answer}, sent.keep)
    assert "<" not in str(refused.value)


def test_an_answer_says_who_sent_it_where_the_provider_always_does(
    node: World, provider: OpenIdProvider
) -> None:
    provider.discovery = {"authorization_response_iss_parameter_supported": True}
    sent = node.identity.send_out()
    answer = provider.authorise(sent.address)
    hidden = {name: text for name, text in answer.items() if name != "iss"}
    for refused in (hidden, {**hidden, "error": "access_denied"}):
        with pytest.raises(ProviderError, match="does not say who sent it"):
            node.identity.take_back(refused, sent.keep)
    node.identity.take_back(answer, sent.keep)


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"iss": "https://elsewhere.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "node-2"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": [CLIENT, "node-2"]}, "azp"),
        ({"azp": "node-2"}, "azp"),
        ({"exp": 1}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "never"}, "exp"),
        ({"iat": 2**33}, "iat"),
        ({"iat": None}, "iat"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 7}, "nonce"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
    ],
)
def test_a_token_that_was_not_made_for_this_sign_in_is_refused(
    node: World, provider: OpenIdProvider, claims: dict[str, Any], named: str
) -> None:
    provider.claims = claims
    with pytest.raises(ProviderError, match=f"{named} does not hold"):
        come_back(node, provider)
    assert node.acts() == []


def test_more_than_one_audience_is_accepted_with_this_node_as_party(
    node: World, provider: OpenIdProvider
) -> None:
    provider.claims = {"aud": [CLIENT, "node-2"], "azp": CLIENT}
    assert come_back(node, provider).started.signed_in.is_complete


def test_a_token_that_the_provider_did_not_sign_is_refused(
    node: World, provider: OpenIdProvider
) -> None:
    def bare(claims: dict[str, Any]) -> str:
        head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return f"{head}.{body}."

    provider.sign = bare
    with pytest.raises(ProviderError, match="identity token"):
        come_back(node, provider)
    published, provider.sign = provider.key, None
    provider.key = RSAKey.generate_key(2048, parameters={"kid": str(published.kid)})
    signing, provider.key = provider.key, published
    provider.sign = lambda claims: _signed_by(signing, claims)
    with pytest.raises(ProviderError, match="no known key"):
        come_back(node, provider)


def _signed_by(key: Any, claims: dict[str, Any]) -> str:
    from joserfc import jws

    return jws.serialize_compact({"alg": "RS256", "kid": key.kid}, json.dumps(claims), key)


@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_other_algorithms_of_the_list_are_accepted(
    node: World, provider: OpenIdProvider, algorithm: str
) -> None:
    if algorithm == "ES256":
        provider.key = ECKey.generate_key("P-256", auto_kid=True)
    provider.algorithm = algorithm
    if algorithm == "PS256":
        from joserfc import jws

        registry = jws.JWSRegistry(algorithms=["PS256"])
        provider.sign = lambda claims: jws.serialize_compact(
            {"alg": "PS256", "kid": provider.key.kid},
            json.dumps(claims),
            provider.key,
            registry=registry,
        )
    assert come_back(node, provider).started.signed_in.is_complete


def test_new_keys_of_the_provider_are_fetched_and_not_too_often(
    node: World, provider: OpenIdProvider, clock: HandClock
) -> None:
    come_back(node, provider)
    come_back(node, provider)
    assert provider.asked.count("/keys") == 1
    clock.move(minutes=1)
    provider.rotate()
    assert come_back(node, provider).started.signed_in.is_complete
    assert provider.asked.count("/keys") == 2
    published = provider.key
    provider.sign = lambda claims: _signed_by(RSAKey.generate_key(2048, auto_kid=True), claims)
    for _ in range(3):
        with pytest.raises(ProviderError, match="no known key"):
            come_back(node, provider)
    assert provider.asked.count("/keys") == 2
    assert provider.key is published


def test_a_provider_that_names_itself_otherwise_is_refused(
    node: World, provider: OpenIdProvider
) -> None:
    provider.discovery = {"issuer": "https://elsewhere.example"}
    with pytest.raises(ProviderError, match="names itself otherwise"):
        node.identity.send_out()


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address",
    ["http://id.example/x", "ftp://127.0.0.1/x", "//id.example", "http://127.0.0.1@id.example/", 7],
)
def test_every_address_of_the_provider_is_https(
    node: World, provider: OpenIdProvider, name: str, address: Any
) -> None:
    provider.discovery = {name: address}
    with pytest.raises(ProviderError, match=r"not https|names no"):
        come_back(node, provider)


def test_an_issuer_that_is_not_https_is_never_asked(clock: HandClock) -> None:
    far = OidcProvider(OidcSettings("http://id.example", CLIENT), clock)
    try:
        with pytest.raises(ProviderError, match="not https"):
            far.begin(BASE)
    finally:
        far.close()


def test_a_provider_that_cannot_be_reached_is_said_so(clock: HandClock) -> None:
    with httpx.Client(trust_env=False) as http:
        gone = OidcProvider(OidcSettings("http://127.0.0.1:9", CLIENT), clock, http=http)
        with pytest.raises(ProviderError, match="cannot be reached"):
            gone.begin(BASE)
        assert gone.sign_out("token", BASE) is None


def test_the_nodes_secret_is_told_to_nobody(provider: OpenIdProvider, clock: HandClock) -> None:
    wrong = settings(provider, client_secret="not-the-one")
    assert "not-the-one" not in repr(wrong)
    with httpx.Client(trust_env=False) as http:
        client = OidcProvider(wrong, clock, http=http)
        begun = client.begin(BASE + CALLBACK)
        assert "not-the-one" not in begun.address
        with pytest.raises(ProviderError, match="invalid_client") as refused:
            client.finish(provider.authorise(begun.address), begun, BASE + CALLBACK)
    assert "not-the-one" not in str(refused.value)


def test_signing_out_leads_to_the_provider(node: World, provider: OpenIdProvider) -> None:
    token = come_back(node, provider).started.token
    address = node.identity.sign_out(token)
    assert address is not None
    asked = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{provider.issuer}/end?")
    assert asked["post_logout_redirect_uri"] == BASE + "/"
    assert asked["id_token_hint"].count(".") == 2
    with node.store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT provider_token FROM sessions").scalars().all()
    assert kept == [None]


def test_signing_out_of_a_provider_that_offers_nothing_ends_the_session_here(
    node: World, provider: OpenIdProvider
) -> None:
    provider.discovery = {"end_session_endpoint": None}
    token = come_back(node, provider).started.token
    assert node.identity.sign_out(token) is None
    assert node.identity.session(token) is None


@pytest.mark.parametrize(
    "path",
    [
        *("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"),
        *("x", "", "/a\nb", "/a\\b", "javascript:alert(1)", "/\t/elsewhere.example"),
    ],
)
def test_a_person_is_sent_to_no_other_site_afterwards(path: str) -> None:
    assert local_path(path) == "/"


def test_a_node_without_a_provider_says_so(tmp_path: Path) -> None:
    alone = world(tmp_path)
    with alone.store:
        assert not alone.identity.has_provider
        with pytest.raises(SignInRefusedError, match="no provider"):
            alone.identity.send_out()
