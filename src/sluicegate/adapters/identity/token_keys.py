"""The node's own signing keys, in `keys/tokens.json`: the newest signs, all of them verify."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from sluicegate.adapters.identity import jose
from sluicegate.adapters.identity.key_files import read_or_make, replace
from sluicegate.services.ports.identity import SignedClaims, UnsoundTokenError

KEY_FILE = "tokens.json"
TOKEN_TYPE = "at+jwt"
_ALGORITHM = "Ed25519"
_SIGNS_FOR = timedelta(days=90)
_SPARE = timedelta(minutes=5)


@dataclass(frozen=True)
class _Stored:
    """A key with the instant at which it was made, and that at which it stopped signing."""

    key: OKPKey
    made_at: datetime
    retired_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        retired = None if self.retired_at is None else self.retired_at.isoformat()
        jwk = self.key.as_dict(private=True)
        return {"jwk": jwk, "made_at": self.made_at.isoformat(), "retired_at": retired}


class NodeTokenKeys:
    """Implements `services.ports.identity.TokenKeys` with Ed25519 keys in a node's folder.

    The first key is made on first use. After 90 days the next token is signed
    with a new one; an older one is removed when the last token that it can have
    signed has ended, an hour (the longest setting of `token_minutes`) after it
    stopped signing.
    """

    def __init__(self, folder: Path, *, longest: timedelta = timedelta(hours=1)) -> None:
        self._file = folder / KEY_FILE
        self._longest = longest
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int], tuple[_Stored, ...]] | None = None

    def sign(self, claims: Mapping[str, Any], *, at: datetime) -> str:
        """Return claims as a signed token of type at+jwt."""
        newest = self._keys(at)[0]
        if at - newest.made_at > _SIGNS_FOR:
            self.rotate(at=at)
            newest = self._keys(at)[0]
        return jose.signed(claims, newest.key, algorithm=_ALGORITHM, kind=TOKEN_TYPE)

    def verified(self, token: str, *, at: datetime) -> SignedClaims:
        """Return the claims of a token of this node. Raises UnsoundTokenError."""
        keys = [one for one in self._keys(at) if not self._is_over(one, at)]
        found = jose.verified(token, [_public(one) for one in keys])
        if found.header.get("typ") != TOKEN_TYPE:
            raise UnsoundTokenError(f"its type is not {TOKEN_TYPE}")
        return found

    def rotate(self, *, at: datetime) -> str:
        """Make a new signing key; return its id."""
        self._keys(at)
        with self._alone():
            kept = [
                one if one.retired_at is not None else _Stored(one.key, one.made_at, at)
                for one in _parsed(self._file.read_bytes())
            ]
            fresh = _new(at)
            keys = [fresh, *(one for one in kept if not self._is_over(one, at))]
            replace(self._file, _text(keys))
        return str(fresh.key.kid)

    def public(self) -> tuple[Mapping[str, Any], ...]:
        """Return the public keys, newest first."""
        content = self._file.read_bytes() if self._file.is_file() else b'{"keys": []}'
        return tuple(map(_public, _parsed(content)))

    def _is_over(self, one: _Stored, at: datetime) -> bool:
        return one.retired_at is not None and at - one.retired_at > self._longest + _SPARE

    def _keys(self, at: datetime) -> tuple[_Stored, ...]:
        """Return the keys as the file has them; another process may have changed it."""
        with self._lock:
            if self._read is not None and self._read[0] == self._state():
                return self._read[1]
            content = read_or_make(self._file, lambda: _text([_new(at)]))
            keys = tuple(_parsed(content))
            self._read = (self._state(), keys)
            return keys

    def _state(self) -> tuple[int, int]:
        """Return what changes when the file is replaced."""
        try:
            found = self._file.stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes and threads from changing the keys meanwhile."""
        lock = self._file.parent / f".{KEY_FILE}.lock"
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _new(at: datetime) -> _Stored:
    return _Stored(OKPKey.generate_key("Ed25519", auto_kid=True), at, None)


def _public(one: _Stored) -> Mapping[str, Any]:
    return jose.public_jwk(one.key.as_dict(private=False))


def _text(keys: Sequence[_Stored]) -> bytes:
    return json.dumps({"keys": [one.as_json() for one in keys]}, indent=1).encode()


def _parsed(content: bytes) -> list[_Stored]:
    return [
        _Stored(
            OKPKey.import_key(one["jwk"]),
            datetime.fromisoformat(one["made_at"]),
            None if one["retired_at"] is None else datetime.fromisoformat(one["retired_at"]),
        )
        for one in json.loads(content)["keys"]
    ]
