"""The organisation's OpenID provider: authorization code with PKCE, nonce and state.

Discovery (OpenID Connect Discovery 1.0), keys that change (JWKS), and the
checks of OpenID Connect Core 1.0, 3.1.3.7.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]
from authlib.oauth2.client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]
    prepare_token_request,
)

from sluicegate.adapters.identity import jose
from sluicegate.core.clock import Clock
from sluicegate.services.ports.identity import (
    ProviderError,
    ProviderPerson,
    ProviderSignIn,
    UnsoundTokenError,
)
from sluicegate.services.setting_values import LOOPBACK

_DISCOVERY = "/.well-known/openid-configuration"
_KEPT_FOR = timedelta(hours=1)
_KEYS_AGAIN_AFTER = timedelta(seconds=30)
_SKEW_SECONDS = 60
_MOST_BYTES = 1_000_000
_TIMEOUT_SECONDS = 10.0
_LOGIN_SIGNS = 100
_NAME_SIGNS = 200
_FORM = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
}


@dataclass(frozen=True)
class OidcSettings:
    """How the provider knows this node; `groups_claim` may be a path such as realm.roles."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    groups_claim: str = "groups"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A document of the provider, and when it was fetched."""

    document: Mapping[str, Any]
    at: datetime


class OidcProvider:
    """Implements `services.ports.identity.Provider`."""

    def __init__(
        self, settings: OidcSettings, clock: Clock, *, http: httpx.Client | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._http = http or httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False)
        self._lock = threading.Lock()
        self._discovered: _Kept | None = None
        self._keys: _Kept | None = None

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def begin(self, return_to: str) -> ProviderSignIn:
        """Start a sign-in that comes back to an address. Raises ProviderError."""
        state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        verifier = secrets.token_urlsafe(64)
        client = OAuth2Client(
            session=None,
            client_id=self._settings.client_id,
            scope=" ".join(self._settings.scopes),
            redirect_uri=return_to,
            code_challenge_method="S256",
        )
        address, _ = client.create_authorization_url(
            self._endpoint("authorization_endpoint"),
            state=state,
            code_verifier=verifier,
            nonce=nonce,
        )
        return ProviderSignIn(str(address), state, nonce, verifier)

    def finish(
        self, answer: Mapping[str, str], started: ProviderSignIn, return_to: str
    ) -> ProviderPerson:
        """Return the person from the provider's answer (its query). Raises ProviderError."""
        if not hmac.compare_digest(answer.get("state", "").encode(), started.state.encode()):
            raise ProviderError("the provider's answer: its state is another one; begin again")
        self._need_issuer(answer)
        if "error" in answer:
            raise ProviderError(f"the provider's answer: {_code(answer['error'])}; begin again")
        if not answer.get("code"):
            raise ProviderError("the provider's answer: it has no code; begin again")
        tokens = self._exchange(answer["code"], started.verifier, return_to)
        id_token = tokens.get("id_token")
        if not isinstance(id_token, str):
            raise ProviderError("the provider's token answer: it has no id_token; ask for openid")
        claims = self._verified(id_token)
        self._check(claims, started.nonce)
        return self._person(claims, id_token, tokens.get("access_token"))

    def sign_out(self, id_token: str, return_to: str) -> str | None:
        """Return where a person signs out at the provider, or None when it offers nothing."""
        try:
            address = self._discovery().get("end_session_endpoint")
        except ProviderError:  # the session here has ended; the provider is not needed for that
            return None
        if not isinstance(address, str) or not _is_safe(address):
            return None
        query = {
            "id_token_hint": id_token,
            "client_id": self._settings.client_id,
            "post_logout_redirect_uri": return_to,
        }
        return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"

    def _need_issuer(self, answer: Mapping[str, str]) -> None:
        """Refuse an answer of another provider (RFC 9207, 2.4), also one that hides whose it is."""
        always_says = self._discovery().get("authorization_response_iss_parameter_supported")
        if "iss" not in answer and always_says is True:
            raise ProviderError("the provider's answer: it does not say who sent it; begin again")
        if "iss" in answer and answer["iss"] != self._settings.issuer:
            raise ProviderError("the provider's answer: it comes from another issuer; begin again")

    def _exchange(self, code: str, verifier: str, return_to: str) -> Mapping[str, Any]:
        body = prepare_token_request(
            "authorization_code", redirect_uri=return_to, code=code, code_verifier=verifier
        )
        auth = ClientAuth(
            self._settings.client_id, self._settings.client_secret, self._authentication()
        )
        address = self._endpoint("token_endpoint")
        address, headers, body = auth.prepare("POST", address, dict(_FORM), body)
        answer = self._document("POST", address, headers=headers, content=body, refused=True)
        if "error" in answer:
            raise ProviderError(
                f"the provider's token endpoint: {_code(answer['error'])}; "
                "check oidc_client_id and oidc_client_secret"
            )
        return answer

    def _authentication(self) -> str:
        """Return how this node proves itself to the token endpoint."""
        if self._settings.client_secret is None:
            return "none"
        offered = self._discovery().get("token_endpoint_auth_methods_supported")
        basic = not isinstance(offered, list) or "client_secret_basic" in offered
        return "client_secret_basic" if basic else "client_secret_post"

    def _verified(self, id_token: str) -> Mapping[str, Any]:
        """Return the claims of an identity token; fetch the keys again for one not known."""
        try:
            return jose.verified(id_token, self._public_keys()).claims
        except UnsoundTokenError as first:
            kept = self._keys
            if kept is not None and self._clock.now() - kept.at < _KEYS_AGAIN_AFTER:
                raise _unsound(first) from first
        try:
            return jose.verified(id_token, self._public_keys(again=True)).claims
        except UnsoundTokenError as error:
            raise _unsound(error) from error

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        """Go on only when an identity token was made for this node and this sign-in, just now."""
        audience, party = claims.get("aud"), claims.get("azp")
        audiences = audience if isinstance(audience, list) else [audience]
        now = int(self._clock.now().timestamp())
        ends, made = _number(claims.get("exp")), _number(claims.get("iat"))
        given = claims.get("nonce")
        faults = {
            "iss": claims.get("iss") != self._settings.issuer,
            "aud": self._settings.client_id not in audiences,
            "azp": (party is not None or len(audiences) > 1) and party != self._settings.client_id,
            "exp": ends is None or now >= ends + _SKEW_SECONDS,
            "iat": made is None or made > now + _SKEW_SECONDS,
            "nonce": not isinstance(given, str)
            or not hmac.compare_digest(given.encode(), nonce.encode()),
            "sub": not isinstance(claims.get("sub"), str) or not claims.get("sub"),
        }
        wrong = [name for name, is_wrong in faults.items() if is_wrong]
        if wrong:
            raise ProviderError(
                f"the provider's identity token: {', '.join(wrong)} does not hold; begin again"
            )

    def _person(
        self, claims: Mapping[str, Any], id_token: str, access_token: object
    ) -> ProviderPerson:
        found = dict(claims)
        if _at_path(found, self._settings.groups_claim) is None and isinstance(access_token, str):
            found = {**self._more(access_token, str(claims["sub"])), **found}
        subject = str(found["sub"])
        logins = (found.get(name) for name in ("preferred_username", "email", "upn"))
        login = next((one for one in logins if isinstance(one, str) and one.strip()), subject)
        name = found.get("name")
        return ProviderPerson(
            issuer=self._settings.issuer,
            subject=subject,
            login=_line(login, _LOGIN_SIGNS) or subject,
            name=_line(name, _NAME_SIGNS) if isinstance(name, str) else "",
            groups=_texts(_at_path(found, self._settings.groups_claim)),
            id_token=id_token,
        )

    def _more(self, access_token: str, subject: str) -> Mapping[str, Any]:
        """Return what the provider says of the person beside the token, when it offers that."""
        address = self._discovery().get("userinfo_endpoint")
        if not isinstance(address, str):
            return {}
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        found = self._document("GET", self._endpoint("userinfo_endpoint"), headers=headers)
        if found.get("sub") != subject:
            raise ProviderError("the provider's userinfo: it is of another person; begin again")
        return found

    def _public_keys(self, *, again: bool = False) -> list[Mapping[str, Any]]:
        now = self._clock.now()
        with self._lock:
            kept = self._keys
        if again or kept is None or now - kept.at > _KEPT_FOR:
            kept = _Kept(self._document("GET", self._endpoint("jwks_uri")), now)
            with self._lock:
                self._keys = kept
        listed = kept.document.get("keys")
        keys = listed if isinstance(listed, list) else []
        found: list[Mapping[str, Any]] = []
        for key in keys:
            try:
                found.append(jose.public_jwk(key))
            except UnsoundTokenError:
                continue  # a key of a kind that is not accepted signs nothing here
        return found

    def _discovery(self) -> Mapping[str, Any]:
        now = self._clock.now()
        with self._lock:
            kept = self._discovered
        if kept is None or now - kept.at > _KEPT_FOR:
            address = self._settings.issuer.rstrip("/") + _DISCOVERY
            kept = _Kept(self._document("GET", address), now)
            if kept.document.get("issuer") != self._settings.issuer:
                raise ProviderError(
                    f"the provider at {self._settings.issuer}: it names itself otherwise; "
                    "set oidc_issuer exactly as the provider writes it"
                )
            with self._lock:
                self._discovered = kept
        return kept.document

    def _endpoint(self, name: str) -> str:
        address = self._discovery().get(name)
        if not isinstance(address, str):
            raise ProviderError(f"the provider: its discovery names no {name}")
        return address

    def _document(
        self, method: str, address: str, *, refused: bool = False, **request: Any
    ) -> Mapping[str, Any]:
        """Return a JSON object of the provider; `refused` takes the body of an error too."""
        if not _is_safe(address):
            raise ProviderError(
                "the provider: one of its addresses is not https; only this machine may use http"
            )
        try:
            with self._http.stream(method, address, **request) as answer:
                content = b""
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > _MOST_BYTES:
                        raise ProviderError("the provider: its answer is too long")
        except httpx.HTTPError as error:
            kind = type(error).__name__
            raise ProviderError(
                f"the provider: cannot be reached ({kind}); check the network and oidc_issuer"
            ) from error
        ok = answer.status_code == httpx.codes.OK
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not (ok or (refused and "error" in found)):
            raise ProviderError(f"the provider: it answered {answer.status_code}, and no document")
        return found


def _is_safe(address: str) -> bool:
    """Say whether an address is https, or http on this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def _at_path(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim by its name, or by a path of names with dots between them."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def _texts(value: Any) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    if not isinstance(value, list):
        return frozenset()
    return frozenset(one for one in value if isinstance(one, str))


def _line(text: str, most: int) -> str:
    return "".join(one for one in " ".join(text.split()) if one.isprintable())[:most]


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _code(value: object) -> str:
    """Return an error code of RFC 6749 as it may be shown; anything else is left out."""
    text = value if isinstance(value, str) else ""
    plain = len(text) <= 60 and text.replace("_", "").isalnum() and text.isascii()
    return text if plain else "an error"


def _unsound(error: UnsoundTokenError) -> ProviderError:
    return ProviderError(f"the provider's identity token: {error}; begin again")
