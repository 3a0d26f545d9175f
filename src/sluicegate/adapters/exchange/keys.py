"""What an offer needs when its answer comes: kept in the node's `keys/`, then forgotten."""

from __future__ import annotations

from pathlib import Path

from sluicegate.adapters.identity.key_files import replace
from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import TenantId

FOLDER = "exchange"


class OfferKeys:
    """Implements `services.ports.exchange.ExchangeKeys`; a file is named by a digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER

    def keep(self, tenant: TenantId, session: str, content: bytes) -> None:
        """Keep them, readable by the node's own account only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace(self._file(tenant, session), content)

    def find(self, tenant: TenantId, session: str) -> bytes | None:
        """Return them, or None when they were never kept or are forgotten."""
        try:
            return self._file(tenant, session).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, tenant: TenantId, session: str) -> None:
        """Remove them for good."""
        self._file(tenant, session).unlink(missing_ok=True)

    def _file(self, tenant: TenantId, session: str) -> Path:
        return self._folder / f"{digest([str(tenant), session]).replace(':', '-')}.offer"
