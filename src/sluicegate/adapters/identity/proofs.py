"""Passwords by argon2id, and the codes of authenticator apps (RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import datetime
from functools import cached_property

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

_SECONDS = 30
_DRIFT = (0, -1, 1)
_QUIET_ZONE = 4


class Argon2Hashes:
    """Implements `services.ports.identity.PasswordHashes`: argon2id, RFC 9106's second choice.

    64 MiB, three passes, four lanes.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hashed(self, password: str) -> str:
        """Return a hash of a password, with its parameters."""
        return self._hasher.hash(password)

    def matches(self, hashed: str | None, password: str) -> bool:
        """Say whether a password has a hash; without one, take as long and say no."""
        try:
            self._hasher.verify(self._nobody if hashed is None else hashed, password)
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
        return hashed is not None

    def is_dated(self, hashed: str) -> bool:
        """Say whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    @cached_property
    def _nobody(self) -> str:
        """The hash that is compared for a login that does not exist."""
        return self._hasher.hash("nobody has this password")

    def warm(self) -> Argon2Hashes:
        """Make the hash of nobody now, so that the first unknown login takes no longer."""
        _ = self._nobody
        return self


class AppCodes:
    """Implements `services.ports.identity.OneTimeCodes`: six figures each half minute, SHA-1."""

    def new_secret(self) -> str:
        """Return a new secret of 160 bits, in base 32."""
        return pyotp.random_base32(32)

    def step_of(self, secret: str, code: str, *, at: datetime) -> int | None:
        """Return the half minute whose code this is, among this one and its neighbours."""
        typed = "".join(code.split()).encode()
        step = int(at.timestamp()) // _SECONDS
        found = None
        for drift in _DRIFT:
            expected = pyotp.TOTP(secret).generate_otp(step + drift).encode()
            if hmac.compare_digest(typed, expected) and found is None:
                found = step + drift
        return found

    def address(self, secret: str, *, login: str, issuer: str) -> str:
        """Return the otpauth address that an app reads."""
        return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)

    def picture(self, address: str) -> str:
        """Return an address as a QR code: an SVG picture without styles, black on white.

        It has no size of its own, so that a page scales the whole of it.
        """
        code = segno.make(address, micro=False, error="m")
        return str(code.svg_inline(border=_QUIET_ZONE, light="#fff", dark="#000", omitsize=True))
