"""What keeps a page safe: its headers, its cookies, and forms that only it can have sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""The content security policy of every page: nothing inline, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""Headers of every answer."""

NO_STORE = "no-store"
_HSTS_SECONDS = 31_536_000
_NONCE_BYTES = 16
_VISITOR_BYTES = 32
_TEXT_LIMIT = 2000

CSRF_FIELD = "csrf"


class CookieName(Enum):
    """The cookies of the console."""

    SESSION = "session"
    VISITOR = "visitor"
    """A random value for who has not signed in: forms of the sign-in page are tied to it."""
    PROVIDER = "provider"
    NOTICE = "notice"
    LANGUAGE = "language"
    THEME = "theme"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and writes cookies; over https they are bound to this very host.

    A cookie with the prefix `__Host-` can be set by no other host and over https only.
    """

    is_https: bool

    def name(self, cookie: CookieName) -> str:
        """Return the name under which a cookie is kept."""
        return (
            f"__Host-sluicegate-{cookie.value}" if self.is_https else f"sluicegate-{cookie.value}"
        )

    def read(self, request: Request, cookie: CookieName) -> str | None:
        """Return a cookie's value, or None."""
        return request.cookies.get(self.name(cookie))

    def set(
        self, response: Response, cookie: CookieName, value: str, *, seconds: int | None = None
    ) -> None:
        """Set a cookie; without `seconds` it ends with the browser."""
        response.set_cookie(
            self.name(cookie),
            value,
            max_age=seconds,
            path="/",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response, cookie: CookieName) -> None:
        """Take a cookie away."""
        response.delete_cookie(
            self.name(cookie), path="/", secure=self.is_https, httponly=True, samesite="lax"
        )


class ForgedError(PermissionError):
    """A form that this console did not make, or that has grown old."""


def new_visitor() -> str:
    """Return a new random value for a visitor."""
    return secrets.token_urlsafe(_VISITOR_BYTES)


def form_token(secret: str) -> str:
    """Return a token for a form: another one each time, all tied to one secret."""
    nonce = secrets.token_hex(_NONCE_BYTES)
    return f"{nonce}.{_sign(secret, 'form', nonce)}"


def check_form(request: Request, secret: str | None, token: str | None, origin: str) -> None:
    """Go on only when a form was sent from a page of this console for this session.

    `origin` is where the console is reached. The browser's own word for where the
    form comes from is asked first; a browser that says nothing still needs the token.

    Raises:
        ForgedError: it comes from elsewhere, or its token is missing or of another session.
    """
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        raise ForgedError(f"the form was sent from another site ({site}); open the page again")
    given = request.headers.get("origin")
    if given is not None and given != origin:
        raise ForgedError("the form was sent from another address; open the page again")
    nonce, _, signature = (token or "").partition(".")
    if secret is None or not hmac.compare_digest(
        signature.encode(), _sign(secret, "form", nonce).encode()
    ):
        raise ForgedError("the form is of another session; open the page again")


def seal_notice(secret: str, notice: dict[str, str]) -> str:
    """Return a notice for the next page, signed so that no other can put words there."""
    body = base64.urlsafe_b64encode(json.dumps(notice).encode()).decode()
    return f"{body}.{_sign(secret, 'notice', body)}"


def open_notice(secret: str | None, sealed: str | None) -> dict[str, Any] | None:
    """Return the notice of a cookie, or None when there is none that we signed."""
    body, _, signature = (sealed or "").partition(".")
    if secret is None or not body or len(body) > 2 * _TEXT_LIMIT:
        return None
    if not hmac.compare_digest(signature.encode(), _sign(secret, "notice", body).encode()):
        return None
    read = json.loads(base64.urlsafe_b64decode(body))
    return read if isinstance(read, dict) else None


def safe_path(path: str | None, otherwise: str = "/") -> str:
    """Return a path of this console, or another one for what leads elsewhere.

    >>> safe_path("/rules?as_of=2026-01-01"), safe_path("//evil.example/"), safe_path("/\\\\evil")
    ('/rules?as_of=2026-01-01', '/', '/')
    """
    if not path or not path.startswith("/") or len(path) > _TEXT_LIMIT:
        return otherwise
    if path.startswith("//") or "\\" in path or any(ord(char) < ord(" ") for char in path):
        return otherwise
    parts = urlsplit(path)
    return otherwise if parts.scheme or parts.netloc else path


def harden(response: Response, *, is_https: bool, is_static: bool) -> None:
    """Put the headers on an answer; a page with data is kept by no browser and no proxy."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not is_static:
        response.headers.setdefault("Cache-Control", NO_STORE)
    if is_https:
        response.headers.setdefault(
            "Strict-Transport-Security", f"max-age={_HSTS_SECONDS}; includeSubDomains"
        )


def _sign(secret: str, purpose: str, text: str) -> str:
    message = f"{purpose}:{text}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
