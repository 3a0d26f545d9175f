"""Small secrets at rest: AES-256-GCM under a key of the node, bound to what they are for."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sluicegate.adapters.identity.key_files import read_or_make
from sluicegate.services.ports.identity import SecretError

KEY_FILE = "identity.key"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_FORM = "1."


class NodeSecretBox:
    """Implements `services.ports.identity.SecretBox`; the key is made on first use."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / KEY_FILE
        self._cipher: AESGCM | None = None

    def seal(self, text: str, context: str) -> str:
        """Encrypt a text for a context; it opens only in the same context."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._aead().encrypt(nonce, text.encode(), context.encode())
        return _FORM + base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, context: str) -> str:
        """Decrypt a text. Raises SecretError when it was changed, or is another context's."""
        try:
            if not sealed.startswith(_FORM):
                raise ValueError("another form")
            content = base64.urlsafe_b64decode(sealed.removeprefix(_FORM).encode("ascii"))
            nonce, body = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
            return self._aead().decrypt(nonce, body, context.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise SecretError(
                f"a sealed secret: does not open with {self._file.name}; "
                "restore the key from a backup, or set the secret anew"
            ) from error

    def _aead(self) -> AESGCM:
        if self._cipher is None:
            key = read_or_make(self._file, lambda: os.urandom(_KEY_BYTES))
            self._cipher = AESGCM(key)
        return self._cipher
