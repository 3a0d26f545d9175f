"""Random values that prove something, and their digests; the values are never stored."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from sluicegate.core.identifiers import TenantId

_BYTES = 32
_RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and figures that nobody takes for one another when copying by hand."""


def new_session_value(tenant: TenantId) -> str:
    """Return a new session value: the tenant, and 256 random bits."""
    named = base64.urlsafe_b64encode(tenant.encode()).decode().rstrip("=")
    return f"{named}.{secrets.token_urlsafe(_BYTES)}"


def tenant_of_session(value: str) -> TenantId | None:
    """Return the tenant that a session value names, or None when it is none.

    >>> tenant_of_session(new_session_value(TenantId("self")))
    'self'
    """
    named, dot, _ = value.partition(".")
    if not dot or not named:
        return None
    try:
        padded = named + "=" * (-len(named) % 4)
        return TenantId(base64.b64decode(padded, altchars=b"-_", validate=True).decode())
    except (binascii.Error, UnicodeError, ValueError):
        return None


def value_digest(value: str) -> str:
    """Return the SHA-256 of a random value, in hexadecimal: what the store keeps of it."""
    return hashlib.sha256(value.encode("utf-8", errors="surrogatepass")).hexdigest()


def csrf_secret(value: str) -> str:
    """Return the secret that a session's forms carry; who has it cannot find the session's value.

    >>> len(csrf_secret("a session's value"))
    64
    """
    return hmac.new(value.encode(), b"sluicegate csrf", hashlib.sha256).hexdigest()


def new_password() -> str:
    """Return a password of about 79 random bits, easy to read out: four groups of four."""
    letters = [secrets.choice(_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes that stand in for a lost second factor, about 59 random bits each."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        for _ in range(_RECOVERY_CODES)
    )


def recovery_digest(code: str) -> str:
    """Return the digest of a recovery code, however it was typed.

    >>> recovery_digest("abcd-efgh-2345") == recovery_digest(" ABCD EFGH 2345")
    True
    """
    return value_digest("".join(letter for letter in code.casefold() if letter.isalnum()))
