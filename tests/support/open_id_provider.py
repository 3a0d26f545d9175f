"""A small OpenID provider on loopback, with faults that a test may switch on."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jws
from joserfc.jwk import Key, RSAKey

CLIENT = "node-1"
SECRET = "between-node-and-provider"
FIRST_KEY = RSAKey.generate_key(2048, auto_kid=True)


@dataclass
class OpenIdProvider:
    """What the provider knows; `claims` are added to, or put over, those of a token."""

    issuer: str
    now: Callable[[], datetime]
    person: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    key: Key = field(default_factory=lambda: FIRST_KEY)
    algorithm: str = "RS256"
    sign: Callable[[dict[str, Any]], str] | None = None
    asked: list[str] = field(default_factory=list)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish no other."""
        self.key = RSAKey.generate_key(2048, auto_kid=True)

    def authorise(self, address: str) -> dict[str, str]:
        """Do what a browser and a person do at the authorization endpoint; return the answer."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.grants[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def document(self, path: str) -> dict[str, Any]:
        """Return a document of the provider."""
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "end_session_endpoint": f"{self.issuer}/end",
                **self.discovery,
            }
        if path == "/keys":
            return {"keys": [{**self.key.as_dict(private=False), "use": "sig"}]}
        if path == "/userinfo":
            return self.userinfo or {"sub": self.person.get("sub")}
        raise KeyError(path)

    def exchange(self, form: dict[str, str], authorization: str) -> dict[str, Any]:
        """Return tokens for a code, once; the verifier and the node's secret have to fit."""
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.grants.pop(form.get("code", ""), None)
        if authorization != expected:
            return {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or challenge != asked["code_challenge"]:
            return {"error": "invalid_grant"}
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return {"error": "invalid_grant"}
        now = int(self.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        sign = self.sign or self._sign
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "id_token": sign(claims),
        }

    def _sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jws.serialize_compact(header, json.dumps(claims), self.key)


@contextmanager
def open_id_provider(now: Callable[[], datetime]) -> Iterator[OpenIdProvider]:
    """Serve a provider on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            self._answer(200, provider.document(path))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode())
            found = provider.exchange(
                {name: values[0] for name, values in form.items()},
                self.headers.get("Authorization", ""),
            )
            self._answer(400 if "error" in found else 200, found)

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = OpenIdProvider(f"http://127.0.0.1:{server.server_address[1]}", now)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
