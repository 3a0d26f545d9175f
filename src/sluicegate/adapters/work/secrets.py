"""Secrets at rest: encrypted under a key that stands in the node's folder `keys/`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from sluicegate.services.node import NodeError

KEY_FILE = "webhooks.key"
_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class NodeSecrets:
    """Implements `services.work.webhooks.SecretBox` with the key in a node's folder `keys/`.

    The key is made on first use, readable by its owner only. Without it, secrets
    that were kept cannot be read: subscribe again.
    """

    folder: Path

    def seal(self, secret: bytes) -> str:
        """Return a secret as it may be stored."""
        return self._box().encrypt(secret).decode()

    def open(self, sealed: str) -> bytes:
        """Return a secret that was sealed; raise NodeError when the key is another one."""
        try:
            return self._box().decrypt(sealed.encode())
        except InvalidToken as error:
            raise NodeError(
                f"{self.folder / KEY_FILE}: does not open a webhook's secret; restore the key "
                "from a backup, or remove the webhook and add it again"
            ) from error

    def _box(self) -> Fernet:
        file = self.folder / KEY_FILE
        if not file.exists():
            self.folder.mkdir(mode=0o700, exist_ok=True)
            part = self.folder / f".{KEY_FILE}.{os.getpid()}"
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
            with os.fdopen(handle, "wb") as stream:
                stream.write(Fernet.generate_key())
                stream.flush()
                os.fsync(stream.fileno())
            try:
                file.hardlink_to(part)  # the first of two that make a key at once wins
            except FileExistsError:
                pass
            finally:
                part.unlink()
        return Fernet(file.read_bytes())
