"""Signatures of webhooks as the Standard Webhooks specification asks (version 1.0.0).

The signed text is `id.timestamp.body`; the signature is `v1,` and the base64 of
its HMAC-SHA256. A secret is written `whsec_` and the base64 of its bytes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

SECRET_BYTES = 32
_PREFIX = "whsec_"


def new_secret() -> bytes:
    """Return the bytes of a new secret."""
    return secrets.token_bytes(SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """Write a secret as its receiver enters it."""
    return _PREFIX + base64.b64encode(secret).decode()


def secret_bytes(text: str) -> bytes:
    """Read a secret as it was written."""
    return base64.b64decode(text.removeprefix(_PREFIX), validate=True)


def signatures(secrets: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header `webhook-signature`: one signature for each secret, with a space between.

    A receiver takes a message that any of its signatures holds for.
    """
    return " ".join(signature(one, message_id, timestamp, body) for one in secrets)


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return a signature under one secret; `timestamp` is in whole seconds since 1970.

    >>> secret = secret_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
