"""Short tokens for a machine's own key: signed, exchanged, and renewed in time."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

GRANT = "client_credentials"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH = "/oauth/token"
_LIFE_SECONDS = 120
_EARLY_SECONDS = 30

Key = ECKey | OKPKey | RSAKey

_ALGORITHMS: Mapping[type[Key], str] = {ECKey: "ES256", OKPKey: "Ed25519", RSAKey: "PS256"}


class TokenSource(Protocol):
    """Gives a token that holds now."""

    def token(self, http: httpx.Client) -> str:
        """Return a token; `http` reaches the node."""
        ...


@dataclass(frozen=True)
class FixedToken:
    """One token that somebody else keeps fresh."""

    text: str

    def token(self, _http: httpx.Client) -> str:
        """Return it."""
        return self.text


class MachineKey:
    """Signs assertions with a machine's private key (private_key_jwt, RFC 7523).

    `audience` is the node's address or that of its token endpoint. The
    algorithm follows from the kind of the key: ES256 for P-256, Ed25519, PS256
    for RSA.
    """

    def __init__(
        self,
        client_id: str,
        key: Key,
        *,
        audience: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client_id = client_id
        self._key = key
        self._audience = audience
        self._algorithm = _ALGORITHMS[type(key)]
        self._now = now
        self._token = ""
        self._until = 0.0

    def token(self, http: httpx.Client) -> str:
        """Return a token, a new one when the last has almost ended. Raises httpx errors."""
        if self._now() < self._until:
            return self._token
        form = {
            "grant_type": GRANT,
            "client_assertion_type": ASSERTION,
            "client_assertion": self.assertion(),
        }
        answer = http.post(TOKEN_PATH, data=form)
        answer.raise_for_status()
        document = answer.json()
        self._token = str(document["access_token"])
        self._until = self._now() + int(document["expires_in"]) - _EARLY_SECONDS
        return self._token

    def assertion(self) -> str:
        """Return a signed statement of who asks, good for one use."""
        now = int(self._now())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._audience,
            "iat": now,
            "exp": now + _LIFE_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        return jwt.encode({"alg": self._algorithm}, claims, self._key, algorithms=[self._algorithm])
